//! Makes the panels' plain data from what the core knows, only when something changed.
//!
//! It must not know how panels look.

use crate::core::stage::Stage as CoreStage;
use crate::core::{ClientCore, Connector};
use crate::input::keys::Action;
use crate::notices::Notices;
use crate::outside::Hosting;
use crate::panels::model::{
    Arriving, ButtonChange, Invite, KeyChange, KeyHint, LastVenue, Map, MicrophoneModel, Notice, PanelModel,
    PanelSettings, Person, Plan, Room, SharedPlan, Stage, Times, Zone,
};
use crate::panels::order_model::{InLine, OrderModel, SummonsView};
use crate::panels::talk_model::{CurrentTalk, TalkLine, TalkModel, TalkPlace};
use crate::panels::{Panel, Picture, Turning};
use crate::settings::{self, Settings};
use crate::sound::Output;
use glam::{Vec3, Vec3Swizzles as _};
use std::collections::BTreeMap;
use std::sync::Arc;
use venue_model::{Language, Participant, ParticipantId, SpaceId};
use venue_model::{Localized, Space};
use venue_motion::Walkable;
use venue_protocol::LocalTime;

/// The panels' data and what it was made from.
#[derive(Default)]
pub struct ModelKeeper {
    model: PanelModel,
    revision: Option<u64>,
    retry_secs: Option<u32>,
    notices: Notices,
    hosting: Hosting,
    seated: bool,
    looked_at: Option<Panel>,
    plan: Option<(Arc<Walkable>, SharedPlan)>,
    summons_secs: Option<u32>,
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
            personal_space: settings.personal_space,
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
            resolution: (settings.resolution * 100.0).round() as u16,
            detail: (settings.detail * 100.0).round() as u16,
            shows_times: settings.shows_times,
            field_of_view: settings.field_of_view_degrees.round() as u16,
            comfort: settings.comfort,
            headset: settings.headset,
            audio: settings.audio,
            avatar: settings.avatar.unwrap_or_default().into(),
            wants_tour: !settings.has_seen_tour,
        };
        self.model.output.clone_from(&settings.audio_output);
        self.model.voice.input.clone_from(&settings.audio_input);
        self.model.last_venue = settings.last_place.as_ref().map(|last| LastVenue {
            title: last.title.clone(),
            host: format!("{}:{}", last.host, last.port),
        });
        self.model.keys = key_hints(settings);
    }

    /// What the last pictures took; none while nobody wants to know.
    pub fn set_times(&mut self, times: Option<Times>) {
        self.model.times = times;
    }

    /// Whether the person has no keyboard, as with a headset.
    pub fn set_lacks_keyboard(&mut self, lacks_keyboard: bool) {
        self.model.lacks_keyboard = lacks_keyboard;
    }

    /// The rates that the headset lets its wearer choose from, Hz; none without a headset.
    pub fn set_refresh_rates(&mut self, rates: Option<&[u16]>) {
        self.model.refresh_rates = rates.map(<[u16]>::to_vec);
    }

    /// Shows the sound outputs that are there.
    pub fn set_outputs(&mut self, outputs: Vec<Output>) {
        self.model.outputs = outputs;
    }

    /// Shows the microphones that are there.
    pub fn set_inputs(&mut self, inputs: Vec<Output>) {
        self.model.voice.inputs = inputs;
    }

    /// Shows the person's microphone.
    pub fn set_microphone(&mut self, microphone: MicrophoneModel) {
        self.model.voice.microphone = microphone;
    }

    /// Shows how others' voices arrive.
    pub fn set_arriving(&mut self, arriving: Vec<Arriving>) {
        self.model.voice.arriving = arriving;
    }

    /// Shows whether the private talk may keep the place where the person is.
    pub fn set_talk_place(&mut self, place: Option<TalkPlace>) {
        self.model.talk.place = place;
    }

    /// Shows the name of the zone around the person.
    pub fn set_zone_name(&mut self, name: Option<Localized>) {
        self.model.voice.zone_name = name;
    }

    /// Shows how loud single people are.
    pub fn set_volumes(&mut self, volumes: &BTreeMap<ParticipantId, u8>) {
        self.model.voice.volumes.clone_from(volumes);
    }

    /// Whether the hands hold no controllers.
    pub fn set_bare_hands(&mut self, has_bare_hands: bool) {
        self.model.has_bare_hands = has_bare_hands;
    }

    /// Shows how far the change of a controller's button has got.
    pub fn set_button_change(&mut self, change: Option<ButtonChange>) {
        self.model.button_change = change;
    }

    /// Shows how far the change of a key has got.
    pub fn set_key_change(&mut self, change: Option<KeyChange>) {
        self.model.key_change = change;
    }

    /// Shows times of day as the person's clocks do.
    pub fn set_zone(&mut self, zone: Zone) {
        self.model.zone = zone;
    }

    /// Shows a short word for some seconds, as soon as something can be seen.
    pub fn notify(&mut self, notice: Notice, now: LocalTime) {
        self.notices.add(notice, now);
    }

    /// The id of the newest problem that was told as a notice.
    pub fn notice_id(&self) -> Option<&str> {
        self.notices.newest_problem()
    }

    /// Lets the notices' time pass; `is_seen` says whether anything was shown since the last call.
    pub fn pass_time(&mut self, now: LocalTime, is_seen: bool) {
        self.notices.advance(now, is_seen);
    }

    /// Shows how far a server on this computer has got, and whom its links are for.
    pub fn set_hosting(&mut self, hosting: Hosting) {
        self.model.hosts = matches!(hosting, Hosting::Open(_));
        self.model.invites = match &hosting {
            Hosting::Open(links) => links
                .iter()
                .skip(1)
                .map(|link| Invite { name: link.name.clone(), link: link.link.clone() })
                .collect(),
            Hosting::No | Hosting::Starting => Vec::new(),
        };
        self.hosting = hosting;
        self.revision = None;
    }

    /// Which panel is open: what moves all the time is only told to the one that shows it.
    pub fn look_at(&mut self, panel: Option<Panel>) {
        self.looked_at = panel;
    }

    fn look_around<C: Connector>(&mut self, core: &ClientCore<C>) {
        match self.looked_at {
            // Who keeps order asks people to seats nearby.
            Some(Panel::Around | Panel::Moderation) => {
                self.model.around = core.around();
                self.model.here = core.here();
            }
            Some(Panel::Map) => self.model.map = self.map(core),
            _ if self.model.map.is_some() || !self.model.around.is_empty() => {
                self.model.map = None;
                self.model.around.clear();
            }
            _ => {}
        }
    }

    fn map<C: Connector>(&mut self, core: &ClientCore<C>) -> Option<Map> {
        let (manifest, walkable) = core.manifest().zip(core.walkable())?;
        let is_known = |(known, _): &(Arc<Walkable>, SharedPlan)| Arc::ptr_eq(known, walkable);
        if !self.plan.as_ref().is_some_and(is_known) {
            let plan = SharedPlan(Arc::new(Plan::new(manifest, walkable.mesh())));
            self.plan = Some((Arc::clone(walkable), plan));
        }
        let (_, plan) = self.plan.as_ref()?;
        // Coarse, so that a head that only breathes does not lay the panel out anew.
        let coarse = |place: Vec3| (place.xz() * 10.0).round() / 10.0;
        let pose = core.body().pose();
        let here = core.space();
        let in_room = |id: &ParticipantId| core.people().get(*id).is_some_and(|entry| entry.space == here);
        let seats = manifest.seats.iter().map(|seat| seat.id);
        Some(Map {
            plan: plan.clone(),
            own: Some((coarse(pose.root), (pose.yaw * 30.0).round() / 30.0)),
            height: pose.root.y,
            people: core
                .bodies()
                .iter()
                .filter(|(id, _)| in_room(id))
                .map(|(id, pose)| (*id, coarse(pose.root)))
                .collect(),
            taken: seats.filter(|seat| core.people().sitter_on(*seat).is_some()).collect(),
        })
    }

    /// Brings the data up to date; costs nothing when nothing changed.
    pub fn update<C: Connector>(&mut self, core: &ClientCore<C>, now: LocalTime) {
        if self.model.room != core.space() {
            self.notices.forget_the_room();
        }
        if self.model.notice.as_ref() != self.notices.first() {
            self.model.notice = self.notices.first().cloned();
        }
        self.look_around(core);
        let retry_secs = match core.stage() {
            CoreStage::Lost { retry_at: Some(at), .. } => {
                Some(at.micros_since(now).div_ceil(1_000_000) as u32)
            }
            _ => None,
        };
        let seated = core.body().is_seated();
        let summons_secs = core.summons_secs();
        self.model.nearby = core.nearby();
        if self.revision == Some(core.revision())
            && self.retry_secs == retry_secs
            && self.seated == seated
            && self.summons_secs == summons_secs
        {
            return;
        }
        self.revision = Some(core.revision());
        self.retry_secs = retry_secs;
        self.seated = seated;
        self.summons_secs = summons_secs;
        self.refill(core, retry_secs);
    }

    fn refill<C: Connector>(&mut self, core: &ClientCore<C>, retry_secs: Option<u32>) {
        let model = &mut self.model;
        model.stage = match (stage_of(core, retry_secs), &self.hosting) {
            (Stage::Start | Stage::StartWithProblem(_), Hosting::Starting) => Stage::Hosting,
            (stage, _) => stage,
        };
        model.visit = core.visit();
        if model.event_title != core.event_title() {
            model.event_title = core.event_title().to_owned();
        }
        model.own = core.own_id();
        model.can_host = crate::outside::can_host();
        model.room = core.space();
        model.seated = core.body().is_seated();
        let own = core.you().map(|you| (you, core.space()));
        let others = core.people().iter().map(|entry| (&entry.participant, entry.space));
        let is_person =
            |kept: &Person, now: &(&Participant, Option<SpaceId>)| (&kept.participant, kept.room) == *now;
        let people = own.into_iter().chain(others);
        if !is_followed(&model.people, people.clone(), is_person) {
            follow(&mut model.people, people, is_person, |(participant, room)| Person {
                participant: participant.clone(),
                room,
            });
        }
        model.hands.clear();
        model.hands.extend(core.people().hands());
        model.order = order_of(core);
        model.talk = TalkModel { place: model.talk.place.take(), ..talk_of(core) };
        let spaces = core.manifest().into_iter().flat_map(|manifest| &manifest.spaces);
        let rooms = spaces.map(|space| (space, core.may_enter(space.id)));
        let is_room = |kept: &Room, (space, open): &(&Space, bool)| {
            (kept.id, &kept.name, kept.open) == (space.id, &space.name, *open)
        };
        follow(&mut model.rooms, rooms, is_room, |(space, open)| Room {
            id: space.id,
            name: space.name.clone(),
            open,
        });
        let shown = core.texts().lines().filter(|line| !core.safety().hides(line.from));
        follow(&mut model.texts, shown, |kept, now| kept == *now, Clone::clone);
        let live = core.live_texts().others().filter(|line| !line.text.is_empty());
        follow(&mut model.live, live, |kept, now| kept == *now, Clone::clone);
    }
}

/// Whether a list is what it would become.
fn is_followed<T, U>(list: &[T], mut now: impl Iterator<Item = U>, is_same: impl Fn(&T, &U) -> bool) -> bool {
    list.iter().all(|kept| now.next().is_some_and(|item| is_same(kept, &item))) && now.next().is_none()
}

/// A list becomes another one. What is in its place already is not copied again: most changes are none of a crowd's names.
fn follow<T, U>(
    list: &mut Vec<T>,
    now: impl Iterator<Item = U>,
    is_same: impl Fn(&T, &U) -> bool,
    made: impl Fn(U) -> T,
) {
    let mut count = 0;
    for item in now {
        match list.get_mut(count) {
            Some(kept) if is_same(kept, &item) => {}
            Some(kept) => *kept = made(item),
            None => list.push(made(item)),
        }
        count += 1;
    }
    list.truncate(count);
}

fn order_of<C: Connector>(core: &ClientCore<C>) -> OrderModel {
    let order = core.order();
    let name =
        |who| core.people().get(who).map_or_else(String::new, |entry| entry.participant.name.to_string());
    let summons = order.summons().zip(core.summons_secs()).map(|(summons, secs)| SummonsView {
        name: name(summons.by),
        room: summons.space,
        reason: summons.reason.to_string(),
        secs,
    });
    OrderModel {
        keeps_order: core.keeps_order(),
        locked: order.locked().collect(),
        muted: core.people().muted().collect(),
        summons,
        acts: order.acts().map(|(id, act)| (id, act.clone())).collect(),
        line: core.people().line().iter().map(in_line).collect(),
        blocked: core.safety().blocked().collect(),
        reports: core.safety().reports().cloned().collect(),
        announcements: Arc::clone(order.announcements()),
        was_near: core.safety().was_near().to_vec(),
    }
}

fn talk_of<C: Connector>(core: &ClientCore<C>) -> TalkModel {
    let (talks, own) = (core.talks(), core.own_id());
    let line = |text: &private_talk::TalkText| TalkLine {
        from: text.from,
        body: text.body.to_string(),
        is_delivered: text.is_delivered,
    };
    let others = || talks.members().into_iter().filter(|who| Some(*who) != own);
    let current = talks.current().map(|id| CurrentTalk {
        id,
        others: others().map(|who| (who, talks.compared(who))).collect(),
        asked: talks.asked().to_vec(),
        has_begun: talks.shared().is_some(),
        code: talks.code().map(|code| code.to_string()),
        lines: talks.texts().map(line).collect(),
    });
    let requests = talks.requests().iter().map(|request| request.by);
    TalkModel {
        requests: requests.filter(|by| !core.safety().hides(*by)).collect(),
        awaited: core.awaited_talkers().to_vec(),
        talkers: core.people().talkers().filter(|who| Some(*who) != own).collect(),
        current,
        place: None,
    }
}

fn in_line(watch: &venue_protocol::Watch) -> InLine {
    let is_brought_in = watch.state == venue_protocol::WatchState::BroughtIn;
    InLine { who: watch.participant, is_brought_in }
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
    let hint = |deed| KeyHint {
        deed,
        keys: settings.keys.caps_of(deed, &settings.keyboard),
        is_changed: settings.keys.is_changed(deed),
    };
    Action::all().map(hint).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Intent;
    use crate::outside::HostLink;
    use crate::sentence::Problem;
    use crate::testing::start_page;

    #[test]
    fn a_list_follows_another_and_copies_only_what_differs() {
        let made = std::cell::Cell::new(0);
        let mut list: Vec<String> = Vec::new();
        let mut become_now = |now: &[&str]| {
            made.set(0);
            follow(
                &mut list,
                now.iter(),
                |kept, now| kept == **now,
                |now| {
                    made.set(made.get() + 1);
                    (*now).to_owned()
                },
            );
            assert_eq!(list, now);
            assert!(is_followed(&list, now.iter(), |kept, now| kept == **now));
            made.get()
        };
        assert_eq!(become_now(&["a", "b", "c"]), 3);
        assert_eq!(become_now(&["a", "b", "c"]), 0);
        assert_eq!(become_now(&["a", "x", "c", "d"]), 2);
        assert_eq!(become_now(&["a"]), 0);
        let is_same = |kept: &&str, now: &&str| kept == now;
        for other in [&["a"][..], &["a", "x"], &["a", "b", "c"]] {
            assert!(!is_followed(&["a", "b"], other.iter().copied(), is_same), "{other:?}");
        }
    }

    #[test]
    fn a_notice_is_taken_away_after_some_seconds() {
        let core = start_page();
        let mut keeper = ModelKeeper::default();
        keeper.notify(Notice::Problem(Problem::LinkEmpty), LocalTime(1_000_000));
        keeper.pass_time(LocalTime(1_000_000), false);
        keeper.update(&core, LocalTime(2_000_000));
        assert_eq!(keeper.notice_id(), Some("problem-link-empty"));
        assert_eq!(keeper.model().notice, Some(Notice::Problem(Problem::LinkEmpty)));
        keeper.pass_time(LocalTime(7_000_000), true);
        keeper.update(&core, LocalTime(7_000_000));
        assert_eq!((keeper.notice_id(), &keeper.model().notice), (None, &None));
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
        let hint = |deed| keeper.model().keys.iter().find(|hint| hint.deed == deed).unwrap().keys.join(" ");
        assert_eq!((hint(Action::Menu), hint(Action::Forward)), ("F10".to_owned(), "W ↑".to_owned()));
        assert_eq!((hint(Action::LookUp), hint(Action::Gesture7)), ("PgUp".to_owned(), "7".to_owned()));
        assert_eq!(keeper.model().settings.language, Language::Fr);
    }

    #[test]
    fn hosting_is_a_stage_of_its_own_until_the_links_are_there() {
        let core = start_page();
        let mut keeper = ModelKeeper::default();
        keeper.set_hosting(Hosting::Starting);
        keeper.update(&core, LocalTime(1));
        assert_eq!(keeper.model().stage, Stage::Hosting);
        let link = |name: &str| HostLink { name: name.into(), link: format!("https://h/e/demo#{name}") };
        keeper.set_hosting(Hosting::Open(vec![link("Ada"), link("Guest 1"), link("Guest 2")]));
        keeper.update(&core, LocalTime(2));
        assert_eq!(keeper.model().stage, Stage::Start);
        let names: Vec<_> = keeper.model().invites.iter().map(|invite| invite.name.as_str()).collect();
        assert_eq!(names, ["Guest 1", "Guest 2"], "one's own link is not for others");
        keeper.set_hosting(Hosting::No);
        assert!(!keeper.model().hosts && keeper.model().invites.is_empty());
    }
}
