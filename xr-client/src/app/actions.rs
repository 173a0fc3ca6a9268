//! What the panels ask for becomes commands, settings and files.
//!
//! It must not draw.

use super::{App, Flow};
use crate::core::files::{Readers, write_whole};
use crate::core::{Connector, Stage};
use crate::input::Command;
use crate::outside::Host;
use crate::panels::model::{Conversation, PanelAction, PanelSettings};
use crate::panels::{Picture, Turning};
use crate::present::Presenter;
use crate::sentence::Problem;
use crate::settings;
use venue_model::text::MessageBody;
use venue_model::{Language, TextScope};

impl<C: Connector, P: Presenter> App<C, P> {
    /// Does what a panel asks for.
    pub(super) fn act(&mut self, action: PanelAction) {
        let command = match action {
            PanelAction::Connect(text) => Command::Connect(text),
            PanelAction::ConnectLast => Command::ConnectLast,
            PanelAction::Retry => match self.core.stage() {
                // The sentence with the unknown key asks; going on is the answer.
                Stage::AsksTrust { .. } => Command::TrustServer,
                _ => Command::Retry,
            },
            PanelAction::Cancel | PanelAction::Leave => {
                self.panels.close();
                Command::Leave
            }
            PanelAction::TakeOver => Command::TakeOver,
            PanelAction::SendText { conversation, body } => {
                let scope = match conversation {
                    Conversation::Room => TextScope::Space,
                    Conversation::Person(person) => TextScope::Person(person),
                };
                Command::SendText { scope, body: MessageBody::lossy(&body) }
            }
            PanelAction::RetryText(key) => Command::RetryText(key),
            PanelAction::GoToRoom(space) => {
                self.panels.close();
                Command::GoToSpace(space)
            }
            PanelAction::StandUp => Command::StandUp,
            PanelAction::ChangeSettings(settings) => return self.change_settings(&settings),
            PanelAction::Quit => {
                self.flow = Flow::Quit;
                return;
            }
            PanelAction::HostHere => return self.host_here(),
            PanelAction::OpenPrivacyNotice => return self.open_notice(),
        };
        self.intent.commands.push(command);
    }

    fn open_notice(&mut self) {
        let place = self.core.goal().map(|goal| goal.place.clone());
        let place = place.or_else(|| self.settings.last_place.as_ref().and_then(settings::LastPlace::place));
        if let Some(Err(problem)) = place.map(|place| crate::outside::open_page(&place)) {
            self.notify(problem);
        }
    }

    /// Starts a server of one's own; its link is entered as soon as it is open.
    fn host_here(&mut self) {
        let Some(data) = &self.data else { return };
        match Host::start(&data.host()) {
            Ok(host) => self.host = Some(host),
            Err(problem) => self.notify(problem),
        }
    }

    fn change_settings(&mut self, chosen: &PanelSettings) {
        self.settings.text_scale = chosen.text_scale;
        self.settings.high_contrast = chosen.high_contrast;
        self.settings.mouse_speed = chosen.mouse_speed;
        self.settings.turn = match chosen.turning {
            Turning::Snap30 => settings::Turn::Snap30,
            Turning::Snap45 => settings::Turn::Snap45,
            Turning::Smooth => settings::Turn::Smooth,
        };
        self.settings.picture = match chosen.picture {
            Picture::Low => settings::Picture::Low,
            Picture::Standard => settings::Picture::Standard,
        };
        self.settings.language = Some(chosen.language);
        self.set_language(chosen.language);
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
