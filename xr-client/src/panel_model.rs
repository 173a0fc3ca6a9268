//! Makes the panels' plain data from what the core knows, only when something changed.
//!
//! It must not know how panels look.

use crate::core::stage::Stage as CoreStage;
use crate::core::{ClientCore, Connector};
use crate::input::keys::Action;
use crate::panels::model::{
    KeyDeed, KeyHint, LastVenue, Notice, PanelModel, PanelSettings, Person, Room, Stage,
};
use crate::panels::{Picture, Turning};
use crate::settings::{self, Settings};
use venue_model::Language;
use venue_protocol::LocalTime;

/// How long a notice is shown, µs.
const NOTICE_MICROS: u64 = 6_000_000;

/// The panels' data and what it was made from.
#[derive(Default)]
pub struct ModelKeeper {
    model: PanelModel,
    revision: Option<u64>,
    retry_secs: Option<u32>,
    notice_until: LocalTime,
    seated: bool,
}

impl ModelKeeper {
    /// The data as it is.
    pub fn model(&self) -> &PanelModel {
        &self.model
    }

    /// Takes over what the person has set.
    pub fn set_settings(&mut self, settings: &Settings, language: Language) {
        self.model.settings = PanelSettings {
            language,
            text_scale: settings.text_scale,
            high_contrast: settings.high_contrast,
            turning: match settings.turn {
                settings::Turn::Snap30 => Turning::Snap30,
                settings::Turn::Snap45 => Turning::Snap45,
                settings::Turn::Smooth => Turning::Smooth,
            },
            mouse_speed: settings.mouse_speed,
            picture: match settings.picture {
                settings::Picture::Low => Picture::Low,
                settings::Picture::Standard => Picture::Standard,
            },
        };
        self.model.last_venue = settings.last_place.as_ref().map(|last| LastVenue {
            title: last.title.clone(),
            host: format!("{}:{}", last.host, last.port),
        });
        self.model.keys = key_hints(settings);
    }

    /// Shows a short word for some seconds.
    pub fn notify(&mut self, notice: Notice, now: LocalTime) {
        self.model.notice = Some(notice);
        self.notice_until = now + NOTICE_MICROS;
    }

    /// The id of the sentence that is shown as a notice.
    pub fn notice_id(&self) -> Option<&str> {
        match &self.model.notice {
            Some(Notice::Problem(problem)) => Some(problem.id()),
            _ => None,
        }
    }

    /// Brings the data up to date; costs nothing when nothing changed.
    pub fn update<C: Connector>(&mut self, core: &ClientCore<C>, now: LocalTime) {
        if self.model.notice.is_some() && now >= self.notice_until {
            self.model.notice = None;
        }
        let retry_secs = match core.stage() {
            CoreStage::Lost { retry_at: Some(at), .. } => {
                Some(at.micros_since(now).div_ceil(1_000_000) as u32)
            }
            _ => None,
        };
        let seated = core.body().is_seated();
        if self.revision == Some(core.revision()) && self.retry_secs == retry_secs && self.seated == seated {
            return;
        }
        self.revision = Some(core.revision());
        self.retry_secs = retry_secs;
        self.seated = seated;
        self.refill(core, retry_secs);
    }

    fn refill<C: Connector>(&mut self, core: &ClientCore<C>, retry_secs: Option<u32>) {
        let model = &mut self.model;
        model.stage = stage_of(core, retry_secs);
        model.event_title = core.event_title().to_owned();
        model.own = core.own_id();
        model.can_host = crate::outside::can_host();
        model.room = core.space();
        model.seated = core.body().is_seated();
        model.people.clear();
        let own = core.you().map(|you| Person { participant: you.clone(), room: core.space() });
        let others = core.people().iter();
        let others = others.map(|entry| Person { participant: entry.participant.clone(), room: entry.space });
        model.people.extend(own.into_iter().chain(others));
        model.rooms.clear();
        if let Some(manifest) = core.manifest() {
            let rooms = manifest.spaces.iter();
            model.rooms.extend(rooms.map(|space| Room {
                id: space.id,
                name: space.name.clone(),
                open: true,
            }));
        }
        model.texts.clear();
        model.texts.extend(core.texts().lines().cloned());
    }
}

fn stage_of<C: Connector>(core: &ClientCore<C>, retry_in_secs: Option<u32>) -> Stage {
    let host = || core.goal().map_or_else(String::new, |goal| goal.place.host.clone());
    match core.stage() {
        CoreStage::Start => Stage::Start,
        CoreStage::StartWithProblem(problem) => Stage::StartWithProblem(problem.clone()),
        CoreStage::Connecting => Stage::Connecting { host: host() },
        CoreStage::AsksTrust { problem, .. } => Stage::Ended(problem.clone()),
        CoreStage::Joining => Stage::Joining { host: host() },
        CoreStage::Loading => {
            let (done, total) = core.loading();
            Stage::Loading { done, total }
        }
        CoreStage::Inside => Stage::Inside,
        CoreStage::Lost { problem, .. } => Stage::Lost { problem: problem.clone(), retry_in_secs },
        CoreStage::Ended(problem) => Stage::Ended(problem.clone()),
    }
}

fn key_hints(settings: &Settings) -> Vec<KeyHint> {
    const DEEDS: [(KeyDeed, Action); 16] = [
        (KeyDeed::Forward, Action::Forward),
        (KeyDeed::Backward, Action::Backward),
        (KeyDeed::Left, Action::Left),
        (KeyDeed::Right, Action::Right),
        (KeyDeed::Run, Action::Run),
        (KeyDeed::TurnLeft, Action::TurnLeft),
        (KeyDeed::TurnRight, Action::TurnRight),
        (KeyDeed::Teleport, Action::Teleport),
        (KeyDeed::Sit, Action::Sit),
        (KeyDeed::Text, Action::Text),
        (KeyDeed::Menu, Action::Menu),
        (KeyDeed::People, Action::People),
        (KeyDeed::Rooms, Action::Rooms),
        (KeyDeed::View, Action::View),
        (KeyDeed::Release, Action::Release),
        (KeyDeed::Help, Action::Help),
    ];
    let cap = |(deed, action): (KeyDeed, Action)| {
        Some(KeyHint { deed, key: settings.keys.cap_of(action)?.to_owned() })
    };
    let gestures = settings.keys.cap_of(Action::Gesture1).zip(settings.keys.cap_of(Action::Gesture7));
    let gestures =
        gestures.map(|(first, last)| KeyHint { deed: KeyDeed::Gesture, key: format!("{first}–{last}") });
    DEEDS.into_iter().filter_map(cap).chain(gestures).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Intent;
    use crate::sentence::Problem;
    use crate::testing::start_page;

    #[test]
    fn a_notice_is_taken_away_after_some_seconds() {
        let core = start_page();
        let mut keeper = ModelKeeper::default();
        keeper.notify(Notice::Problem(Problem::LinkEmpty), LocalTime(1_000_000));
        keeper.update(&core, LocalTime(2_000_000));
        assert_eq!(keeper.notice_id(), Some("problem-link-empty"));
        keeper.update(&core, LocalTime(1_000_000 + NOTICE_MICROS));
        assert_eq!(keeper.notice_id(), None);
    }

    #[test]
    fn the_stage_and_its_sentence_reach_the_panels() {
        let mut core = start_page();
        let mut keeper = ModelKeeper::default();
        keeper.update(&core, LocalTime(1));
        assert_eq!(keeper.model().stage, Stage::Start);
        let commands = vec![crate::input::Command::Connect("nonsense".into())];
        core.step(LocalTime(2), &Intent { commands, ..Intent::default() });
        keeper.update(&core, LocalTime(2));
        assert!(matches!(keeper.model().stage, Stage::StartWithProblem(_)), "{:?}", keeper.model().stage);
    }

    #[test]
    fn keys_are_listed_by_their_caps() {
        let mut keeper = ModelKeeper::default();
        keeper.set_settings(&Settings::default(), Language::Fr);
        let cap =
            |deed| keeper.model().keys.iter().find(|hint| hint.deed == deed).map(|hint| hint.key.as_str());
        assert_eq!((cap(KeyDeed::Menu), cap(KeyDeed::Gesture)), (Some("Tab"), Some("1–7")));
        assert_eq!(keeper.model().settings.language, Language::Fr);
    }
}
