//! What the panels ask for becomes commands, settings and files.
//!
//! It must not draw.

use super::App;
use crate::core::files::{DataFolder, Readers, write_whole};
use crate::core::{Connector, Stage};
use crate::input::Command;
use crate::outside::{Host, HostNews, Hosting, own_name, server_path};
use crate::panels::model::{Conversation, Notice, PanelAction, PanelSettings};
use crate::panels::{Picture, Turning, WebLink};
use crate::present::Presenter;
use crate::sentence::Problem;
use crate::settings;
use venue_model::text::MessageBody;
use venue_model::{Language, TextScope};

/// Links for others that a venue on this computer begins with.
const GUESTS: usize = 7;

fn scope_of(conversation: Conversation) -> TextScope {
    match conversation {
        Conversation::Room(_) => TextScope::Space,
        Conversation::Person(person) => TextScope::Person(person),
    }
}

impl<C: Connector, P: Presenter> App<C, P> {
    /// Does what a panel asks for.
    pub(crate) fn act(&mut self, action: PanelAction) {
        let command = match action {
            PanelAction::Connect(text) => Command::Connect(text),
            PanelAction::ConnectLast => Command::ConnectLast,
            PanelAction::Retry => match self.core.stage() {
                // The sentence with the unknown key asks; going on is the answer.
                Stage::AsksTrust { .. } => Command::TrustServer,
                _ => Command::Retry,
            },
            PanelAction::Cancel | PanelAction::Leave => {
                self.give_up_hosting();
                self.panels.close();
                Command::Leave
            }
            PanelAction::TakeOver => Command::TakeOver,
            PanelAction::SendText { conversation, body } => {
                Command::SendText { scope: scope_of(conversation), body: MessageBody::lossy(&body) }
            }
            PanelAction::WriteLive { conversation, line } => {
                Command::WriteLive { scope: scope_of(conversation), text: line }
            }
            PanelAction::RetryText(key) => Command::RetryText(key),
            PanelAction::GoToRoom(space) => {
                self.panels.close();
                Command::GoToSpace(space)
            }
            PanelAction::GoTo(to) => Command::GoTo(to),
            PanelAction::SayWhere => return self.say_where(),
            PanelAction::StandUp => Command::StandUp,
            PanelAction::RaiseOrLowerHand => Command::RaiseOrLowerHand,
            PanelAction::Order(action) => Command::Order(action),
            PanelAction::Talk(command) => Command::Talk(command),
            PanelAction::ChangeSettings(settings) => return self.change_settings(&settings),
            PanelAction::Quit => {
                self.ask_quit();
                return;
            }
            PanelAction::ChooseOutput(output) => return self.choose_output(output),
            PanelAction::ChooseInput(input) => return self.choose_input(input),
            PanelAction::MuteOrUnmute => Command::MuteOrUnmute,
            PanelAction::TryMicrophone(is_tried) => Command::TryMicrophone(is_tried),
            PanelAction::SetVolumeOf(who, percent) => return self.set_volume_of(who, percent),
            PanelAction::PlaySample(sound) => return self.sounds.sample(sound),
            PanelAction::ChangeKey(action) => return self.change_key(action),
            PanelAction::TakeKey => return self.take_wanted_key(),
            PanelAction::KeepKeys => return self.stop_changing(),
            PanelAction::ResetKeys(action) => return self.reset_keys(action),
            PanelAction::ChangeButton(deed) => return self.change_button(deed),
            PanelAction::KeepButtons => return self.keep_buttons(),
            PanelAction::MeasureHeight => return self.measure_height(),
            PanelAction::Recenter => {
                super::in_world::bring(self.in_world.as_mut());
                Command::Recenter
            }
            PanelAction::HostHere => return self.host_here(),
            PanelAction::OpenPrivacyNotice => return self.open_notice(),
            PanelAction::ForgetLast => {
                self.forget_last();
                Command::ForgetLast
            }
            PanelAction::OpenLink(link) => return self.open_link(&link),
            PanelAction::TurnMirror(by) => return self.scene.turn_mirror(by),
        };
        self.intent.commands.push(command);
    }

    /// Tells where the person is, on the screen and to whoever reads it aloud.
    pub(super) fn say_where(&mut self) {
        if *self.core.stage() == Stage::Inside {
            self.keeper.notify(Notice::Where(self.core.here()), self.now);
        }
    }

    fn open_notice(&mut self) {
        let place = self.core.goal().map(|goal| goal.place.clone());
        let place = place.or_else(|| self.settings.last_place.as_ref().and_then(settings::LastPlace::place));
        if let Some(Err(problem)) = place.map(|place| crate::outside::open_page(&place)) {
            self.notify(problem);
        }
    }

    fn open_link(&mut self, link: &WebLink) {
        if let Err(problem) = crate::outside::open_in_browser(link.address()) {
            self.notify(problem);
        }
    }

    /// Starts a server of one's own, whose first link is entered as soon as it is open; one that is open already
    /// is entered again.
    fn host_here(&mut self) {
        match self.host.as_ref().map(Host::hosting) {
            None | Some(Hosting::No) => {}
            Some(Hosting::Starting) => return,
            Some(Hosting::Open(links)) => {
                let own = links.first().map(|link| Command::Connect(link.link.clone()));
                return self.intent.commands.extend(own);
            }
        }
        // Without a folder to keep things in, the venue lasts as long as the computer runs.
        let folder = self.data.as_ref().map(DataFolder::host);
        let folder = folder.unwrap_or_else(|| std::env::temp_dir().join("vev-host"));
        let names = self.panels.words().host_names(own_name(), GUESTS);
        match server_path().and_then(|program| Host::start(&program, &folder, &names)) {
            Ok(host) => {
                self.keeper.set_hosting(host.hosting().clone());
                self.host = Some(host);
            }
            Err(problem) => self.notify(problem),
        }
    }

    /// A server that is still being started is not wanted any more; one that is open stays open for its guests.
    fn give_up_hosting(&mut self) {
        if let Some(host) = self.host.take_if(|host| *host.hosting() == Hosting::Starting) {
            host.end();
            self.keeper.set_hosting(Hosting::No);
        }
    }

    /// Enters the venue on this computer when it is open, or tells that it has ended.
    pub(super) fn take_host_news(&mut self) {
        let Some((host, news)) = self.host.as_mut().and_then(|host| host.poll().map(|news| (host, news)))
        else {
            return;
        };
        self.keeper.set_hosting(host.hosting().clone());
        match news {
            HostNews::Open(links) => {
                let own = links.into_iter().next().map(|link| Command::Connect(link.link));
                self.intent.commands.extend(own);
            }
            HostNews::Ended(problem) => {
                self.host = None;
                self.notify(problem);
            }
        }
    }

    fn change_settings(&mut self, chosen: &PanelSettings) {
        self.settings.text_scale = chosen.text_scale;
        self.settings.high_contrast = chosen.high_contrast;
        self.settings.personal_space = chosen.personal_space;
        self.scene.set_keeps_distance(chosen.personal_space);
        self.settings.mouse_speed = chosen.mouse_speed;
        self.set_comfort(chosen.comfort);
        self.settings.audio = chosen.audio;
        self.sounds.set(&self.settings.audio, self.settings.audio_output.as_ref());
        self.core.set_push_to_talk(self.settings.audio.push_to_talk);
        self.core.set_talk_goes_along(self.settings.audio.talk_goes_along);
        self.tell_building();
        self.settings.has_seen_tour = !chosen.wants_tour;
        self.settings.turn = match chosen.turning {
            Turning::Snap30 => settings::Turn::Snap30,
            Turning::Snap45 => settings::Turn::Snap45,
            Turning::Smooth => settings::Turn::Smooth,
        };
        self.settings.picture = match chosen.picture {
            Picture::Low => settings::Picture::Low,
            Picture::Standard => settings::Picture::Standard,
        };
        self.settings.field_of_view_degrees = f32::from(chosen.field_of_view);
        self.settings.resolution = f32::from(chosen.resolution) * 0.01;
        self.settings.detail = f32::from(chosen.detail) * 0.01;
        self.settings.shows_times = chosen.shows_times;
        self.settings.headset = chosen.headset;
        self.presenter.set_headset(&self.settings.headset);
        if let Err(error) = self.apply_picture() {
            // A device that fails is dealt with by the next frame.
            tracing::warn!(%error, "the picture's quality can not be changed");
        }
        if self.core.appearance() != chosen.avatar {
            self.settings.avatar = Some(chosen.avatar.into());
            self.intent.commands.push(Command::SetAppearance(chosen.avatar));
        }
        self.settings.language = Some(chosen.language);
        self.set_language(chosen.language);
        self.save(None);
    }

    /// Removes the last venue and its invitation from this computer.
    fn forget_last(&mut self) {
        self.settings.last_place = None;
        if let Some(data) = &self.data {
            let link = data.last_link();
            match std::fs::remove_file(&link) {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => {
                    let folder = link.display().to_string();
                    self.notify(Problem::DataFolder { folder, detail: error.to_string() });
                    return;
                }
            }
        }
        self.save(None);
    }

    pub(super) fn set_language(&mut self, language: Language) {
        if self.language != language {
            self.language = language;
            self.intent.commands.push(Command::SetLanguage(language));
        }
        self.keeper.set_settings(&self.settings, language);
    }

    pub(super) fn save(&mut self, link: Option<&str>) {
        let Some(data) = &self.data else { return };
        let mut saved = self.settings.save(&data.settings());
        if let Some(link) = link {
            saved = saved.and(write_whole(&data.last_link(), link.as_bytes(), Readers::Owner));
        }
        if let Err(error) = saved {
            let folder = data.settings().display().to_string();
            self.notify(Problem::DataFolder { folder, detail: error.to_string() });
        }
        self.keeper.set_settings(&self.settings, self.language);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::files::DataFolder;

    #[test]
    fn the_last_venue_is_forgotten_with_its_invitation() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataFolder::open(Some(folder.path())).unwrap();
        let mut stand = crate::bench::Stand::build(crate::testing::tiny_package(), "room", 0, folder.path());
        let stand = stand.as_mut().unwrap();
        stand.app.data = Some(data.clone());
        stand.load().unwrap();
        assert!(data.last_link().exists() && stand.app.keeper.model().last_venue.is_some());
        stand.app.act(PanelAction::ForgetLast);
        stand.step().unwrap();
        assert!(!data.last_link().exists() && stand.app.keeper.model().last_venue.is_none());
        let kept = std::fs::read_to_string(data.settings()).unwrap();
        assert!(!kept.contains("last_place"), "{kept}");
        assert_eq!(*stand.app.core.stage(), Stage::Inside, "the visit goes on");
        // Forgotten by the client too, not on disk alone.
        stand.app.act(PanelAction::Leave);
        stand.step().unwrap();
        stand.app.act(PanelAction::ConnectLast);
        stand.step().unwrap();
        stand.step().unwrap();
        assert_eq!(*stand.app.core.stage(), Stage::StartWithProblem(Problem::LinkEmpty));
    }

    #[test]
    fn the_picture_s_quality_changes_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let mut stand = crate::bench::Stand::build(crate::testing::tiny_package(), "room", 0, folder.path());
        let app = &mut stand.as_mut().unwrap().app;
        let mut chosen = app.keeper.model().settings;
        for (picture, scale) in [(Picture::Low, 0.75), (Picture::Standard, 1.0)] {
            chosen.picture = picture;
            app.act(PanelAction::ChangeSettings(chosen));
            assert_eq!(app.renderer.settings().render_scale, scale);
        }
        stand.unwrap().step().unwrap();
    }
}
