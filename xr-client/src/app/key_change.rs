//! Changing which key does what, and learning what stands on the keys.
//!
//! It must not draw.

use super::App;
use crate::core::Connector;
use crate::input::keys::{Action, can_be_bound, cap};
use crate::panels::Panel;
use crate::panels::model::{KeyChange, KeyStep};
use crate::present::Presenter;
use winit::keyboard::KeyCode;

/// The change that is going on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Changing {
    action: Action,
    /// The key that was pressed and belongs to another action.
    wanted: Option<KeyCode>,
}

impl<C: Connector, P: Presenter> App<C, P> {
    /// Whether the next key that is pressed is the answer to a question of the settings, and nothing else.
    pub fn is_waiting_for_key(&self) -> bool {
        matches!(self.changing, Some(Changing { wanted: None, .. }))
    }

    /// The key that was waited for.
    pub fn take_key(&mut self, code: KeyCode) {
        let Some(Changing { action, wanted: None }) = self.changing else { return };
        if code == KeyCode::Escape {
            return self.stop_changing();
        }
        if !can_be_bound(code) {
            return self.ask(action, KeyStep::Refused);
        }
        match self.settings.keys.rival_of(action, code) {
            // Without a key the menu could not be opened any more to give it one.
            Some(Action::Menu) if self.settings.keys.keys_of(Action::Menu).len() == 1 => {
                self.ask(action, KeyStep::Refused);
            }
            Some(by) => {
                self.changing = Some(Changing { action, wanted: Some(code) });
                let key = cap(code, &self.settings.keyboard).unwrap_or_default();
                self.ask(action, KeyStep::Taken { key, by });
            }
            None => self.bind(action, code),
        }
    }

    /// What a key writes without Shift, whenever one is pressed.
    pub fn learn_key(&mut self, code: KeyCode, written: &str) {
        if self.settings.keyboard.learn(code, written) {
            self.save(None);
        }
    }

    pub(super) fn change_key(&mut self, action: Action) {
        self.changing = Some(Changing { action, wanted: None });
        self.ask(action, KeyStep::Press);
    }

    pub(super) fn take_wanted_key(&mut self) {
        if let Some(Changing { action, wanted: Some(code) }) = self.changing {
            self.bind(action, code);
        }
    }

    pub(super) fn reset_keys(&mut self, action: Option<Action>) {
        match action {
            Some(action) => self.settings.keys.reset(action),
            None => self.settings.keys = crate::input::keys::KeyTable::default(),
        }
        self.stop_changing();
        self.save(None);
    }

    pub(super) fn stop_changing(&mut self) {
        self.changing = None;
        self.keeper.set_key_change(None);
    }

    /// A question that is not on the screen any more takes no answer.
    pub(super) fn forget_hidden_question(&mut self) {
        if self.changing.is_some() && self.panels.open_panel() != Some(Panel::Settings) {
            self.stop_changing();
        }
    }

    fn ask(&mut self, deed: Action, step: KeyStep) {
        self.keeper.set_key_change(Some(KeyChange { deed, step }));
    }

    fn bind(&mut self, action: Action, code: KeyCode) {
        self.settings.keys.bind(action, code);
        self.stop_changing();
        self.save(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panels::PanelAction;

    #[test]
    fn a_key_is_changed_taken_from_another_action_and_reset() {
        let folder = tempfile::tempdir().unwrap();
        let stand = crate::bench::Stand::build(crate::testing::tiny_package(), "room", 0, folder.path());
        let app = &mut stand.unwrap().app;
        app.panels.open(Panel::Settings);
        let step =
            |app: &super::super::App<_, _>| app.keeper.model().key_change.clone().map(|change| change.step);

        app.act(PanelAction::ChangeKey(Action::Sit));
        assert!(app.is_waiting_for_key() && step(app) == Some(KeyStep::Press));
        app.take_key(KeyCode::F10);
        assert_eq!(step(app), Some(KeyStep::Refused), "the menu keeps its only key");
        app.take_key(KeyCode::KeyP);
        assert_eq!(step(app), Some(KeyStep::Taken { key: "P".into(), by: Action::People }));
        assert!(!app.is_waiting_for_key(), "Enter presses a button now");
        app.act(PanelAction::TakeKey);
        assert_eq!((step(app), app.settings.keys.action_of(KeyCode::KeyP)), (None, Some(Action::Sit)));

        app.act(PanelAction::ChangeKey(Action::Sit));
        app.take_key(KeyCode::Escape);
        assert_eq!(app.settings.keys.keys_of(Action::Sit), [KeyCode::KeyP], "given up");
        app.act(PanelAction::ResetKeys(None));
        assert!(!app.settings.keys.is_any_changed());
    }
}
