//! Changing which button of a controller does what, and measuring how high the eyes are.
//!
//! It must not draw.

use super::{App, Driver};
use crate::comfort::height::HeightOffset;
use crate::comfort::{ComfortSettings, Height};
use crate::core::Connector;
use crate::input::hand_buttons::{HandButton, HandDeed};
use crate::panels::Panel;
use crate::panels::model::{ButtonChange, Notice};
use crate::present::Presenter;

impl<C: Connector, P: Presenter> App<C, P> {
    pub(super) fn change_button(&mut self, deed: HandDeed) {
        self.set_button_change(Some(ButtonChange { deed, is_refused: false }));
    }

    pub(super) fn keep_buttons(&mut self) {
        self.set_button_change(None);
    }

    /// Whether the next button that is pressed answers a question of the settings. One that is not on the screen any more
    /// takes no answer.
    pub(super) fn is_waiting_for_button(&mut self) -> bool {
        if self.button_change.is_some() && self.panels.open_panel() != Some(Panel::Settings) {
            self.set_button_change(None);
        }
        self.button_change.is_some()
    }

    /// The button that was waited for.
    pub(super) fn take_button(&mut self, button: HandButton) {
        let Some(ButtonChange { deed, .. }) = self.button_change else { return };
        if !self.settings.comfort.buttons.bind(deed, button) {
            return self.set_button_change(Some(ButtonChange { deed, is_refused: true }));
        }
        self.set_button_change(None);
        self.save(None);
    }

    fn set_button_change(&mut self, change: Option<ButtonChange>) {
        self.button_change = change;
        self.keeper.set_button_change(change);
    }

    /// Measures the height of the eyes of who wears the headset now, and tells whether that went well.
    pub(super) fn measure_height(&mut self) {
        let measured =
            self.eyes_now().and_then(|eyes| HeightOffset::measured(self.settings.comfort.height, eyes));
        let notice = if measured.is_some() { Notice::HeightMeasured } else { Notice::HeightNotMeasured };
        if let Some(offset) = measured {
            self.settings.comfort.height_offset = Some(offset.metres());
            self.save(None);
        }
        self.keeper.notify(notice, self.now);
    }

    /// Takes over what was chosen for comfort. Who sits from now on is measured at once, as far as the headset is worn.
    pub(super) fn set_comfort(&mut self, chosen: ComfortSettings) {
        let is_other = self.settings.comfort.height != chosen.height;
        self.settings.comfort = chosen;
        if is_other {
            self.settings.comfort.height_offset = None;
            self.measure_if_needed();
        }
    }

    /// Who sits has eyes as high as those who stand, also without having measured them.
    pub(super) fn measure_if_needed(&mut self) {
        let comfort = &mut self.settings.comfort;
        if comfort.height != Height::Seated || comfort.height_offset.is_some() {
            return;
        }
        let height = comfort.height;
        let measured = self.eyes_now().and_then(|eyes| HeightOffset::measured(height, eyes));
        if let Some(offset) = measured {
            self.settings.comfort.height_offset = Some(offset.metres());
            self.save(None);
        }
    }

    /// How high the eyes are over the real floor; none without a headset that is worn.
    fn eyes_now(&self) -> Option<f32> {
        let Driver::Headset(headset) = &self.driver else { return None };
        headset.state().head.map(|head| head.position.y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::headset::{Attention, HandState, HeadsetState};
    use crate::panels::PanelAction;

    #[test]
    fn a_button_that_is_pressed_for_a_deed_does_it_from_then_on() {
        let folder = tempfile::tempdir().unwrap();
        let stand = crate::bench::Stand::build(crate::testing::tiny_package(), "room", 0, folder.path());
        let mut stand = stand.unwrap();
        stand.load().unwrap();
        stand.app.driver = Driver::Headset(Box::default());
        let press = |stand: &mut crate::bench::Stand, button: Option<HandButton>| {
            let Driver::Headset(headset) = &mut stand.app.driver else { panic!("a headset drives") };
            let mut hand = HandState::default();
            button.into_iter().for_each(|button| hand.buttons[button as usize] = true);
            let hands = [hand, HandState::default()];
            headset.set(HeadsetState { attention: Attention::Full, hands, ..HeadsetState::default() });
            stand.step().unwrap();
        };
        press(&mut stand, None);
        stand.app.panels.open(Panel::Settings);
        stand.app.act(PanelAction::ChangeButton(HandDeed::Hand));
        press(&mut stand, Some(HandButton::Squeeze));
        assert_eq!(stand.app.settings.comfort.buttons.deed_of(HandButton::Squeeze), HandDeed::Hand);
        assert!(stand.app.button_change.is_none() && !stand.app.core.has_raised_hand(), "it only answered");
        // A question that is not on the screen any more takes no answer.
        press(&mut stand, None);
        stand.app.act(PanelAction::ChangeButton(HandDeed::Text));
        stand.app.panels.close();
        press(&mut stand, Some(HandButton::StickPress));
        assert_eq!(stand.app.settings.comfort.buttons.deed_of(HandButton::StickPress), HandDeed::Recenter);
    }
}
