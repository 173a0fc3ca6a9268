//! What is pressed for the system's own menu and held as the venue is heard again: it presses nothing here before it was
//! let go.
//!
//! It must not know what buttons do.

use super::hand_buttons::HandButton;
use super::headset::{Attention, HandState, HeadsetState};

/// What is held from before, left and right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeldOver([Held; 2]);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Held {
    select: bool,
    buttons: [bool; HandButton::ALL.len()],
}

impl HeldOver {
    /// Takes out of a state what is held from before. While the venue is not heard nobody says what is pressed: it may be
    /// everything.
    pub fn take_out(&mut self, state: &mut HeadsetState) {
        if state.attention != Attention::Full {
            self.0 = [Held { select: true, buttons: [true; HandButton::ALL.len()] }; 2];
            return;
        }
        for (held, hand) in self.0.iter_mut().zip(&mut state.hands) {
            held.take_out(hand);
        }
    }
}

impl Held {
    fn take_out(&mut self, hand: &mut HandState) {
        let held = self.buttons.iter_mut().chain([&mut self.select]);
        for (held, is_down) in held.zip(hand.buttons.iter_mut().chain([&mut hand.select])) {
            *held &= *is_down;
            *is_down &= !*held;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the right trigger and menu button count in each of these moments, in which both are held or not.
    fn counts(moments: &[(Attention, bool)]) -> Vec<bool> {
        let mut held = HeldOver::default();
        let count = |(attention, is_down): &(Attention, bool)| {
            let mut state = HeadsetState { attention: *attention, ..HeadsetState::default() };
            state.hands[1].select = *is_down;
            state.hands[1].buttons[HandButton::Menu as usize] = *is_down;
            held.take_out(&mut state);
            assert_eq!(state.hands[1].select, state.hands[1].is_pressed(HandButton::Menu));
            state.hands[1].select
        };
        moments.iter().map(count).collect()
    }

    #[test]
    fn what_closed_the_system_s_menu_counts_only_when_it_is_pressed_again() {
        use Attention::{Full, None, Seen};
        let moments = [(Full, true), (Seen, false), (Full, true), (Full, true), (Full, false), (Full, true)];
        assert_eq!(counts(&moments), [true, false, false, false, false, true]);
        assert_eq!(counts(&[(None, false), (Full, true), (Full, true)]), [false; 3]);
        assert_eq!(counts(&[(None, false), (Full, false), (Full, true)]), [false, false, true]);
    }
}
