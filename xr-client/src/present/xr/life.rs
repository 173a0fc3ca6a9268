//! A session's life: which state follows from which event, and what has to be done about it.
//!
//! Pure; it must not know graphics.

use crate::input::headset::Attention;
use openxr::SessionState as State;

/// What a change of state demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// Nothing.
    Nothing,
    /// Begin to show frames.
    Begin,
    /// Show no more frames.
    End,
    /// Leave the headset.
    Leave(Ending),
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The person left here.
    Left,
    /// The runtime ended it: by the headset's own menu, or for another program.
    Stopped,
    /// The runtime took the headset away.
    Lost,
}

/// Where a session is in its life.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    state: State,
    is_running: bool,
    is_leaving: bool,
    /// Whether the headset is on a head; runtimes that can not tell never say that it is not.
    is_worn: bool,
}

impl Default for Life {
    fn default() -> Self {
        Self { state: State::IDLE, is_running: false, is_leaving: false, is_worn: true }
    }
}

impl Life {
    /// The runtime says that the session is in another state.
    pub fn handle(&mut self, state: State) -> Demand {
        self.state = state;
        match state {
            State::READY => {
                self.is_running = true;
                Demand::Begin
            }
            State::STOPPING => {
                self.is_running = false;
                Demand::End
            }
            State::EXITING if !self.is_leaving => Demand::Leave(Ending::Stopped),
            State::LOSS_PENDING if !self.is_leaving => Demand::Leave(Ending::Lost),
            State::EXITING | State::LOSS_PENDING => Demand::Leave(Ending::Left),
            _ => Demand::Nothing,
        }
    }

    /// The person leaves: whatever ends the session from here on is their wish.
    pub fn leave(&mut self) {
        self.is_leaving = true;
    }

    /// The headset feels a head, or none any more: it may go on showing pictures to nobody.
    pub fn set_worn(&mut self, is_worn: bool) {
        self.is_worn = is_worn;
    }

    /// Whether frames are to be waited for and ended.
    pub fn is_running(&self) -> bool {
        self.is_running
    }

    /// How much the venue has of the person's attention.
    pub fn attention(&self) -> Attention {
        match self.state {
            _ if !self.is_worn => Attention::None,
            State::FOCUSED => Attention::Full,
            State::VISIBLE => Attention::Seen,
            _ => Attention::None,
        }
    }
}

/// A state's name in the log.
pub fn name(state: State) -> &'static str {
    match state {
        State::IDLE => "idle",
        State::READY => "ready",
        State::SYNCHRONIZED => "synchronized",
        State::VISIBLE => "visible",
        State::FOCUSED => "focused",
        State::STOPPING => "stopping",
        State::LOSS_PENDING => "loss pending",
        State::EXITING => "exiting",
        _ => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live(states: &[State]) -> (Life, Vec<Demand>) {
        let mut life = Life::default();
        let demands = states.iter().map(|state| life.handle(*state)).collect();
        (life, demands)
    }

    #[test]
    fn a_headset_is_put_on_taken_off_and_put_on_again() {
        let on = [State::IDLE, State::READY, State::SYNCHRONIZED, State::VISIBLE, State::FOCUSED];
        let (life, demands) = live(&on);
        assert_eq!(demands[1], Demand::Begin);
        assert!(life.is_running() && life.attention() == Attention::Full);
        let (life, demands) = live(&[&on[..], &[State::VISIBLE, State::SYNCHRONIZED]].concat());
        assert!(life.is_running() && life.attention() == Attention::None);
        assert!(demands[5..].iter().all(|demand| *demand == Demand::Nothing));
        let (life, demands) = live(&[&on[..], &[State::STOPPING, State::IDLE], &on[1..]].concat());
        assert_eq!((demands[5], demands[7]), (Demand::End, Demand::Begin));
        assert!(life.is_running());
    }

    #[test]
    fn a_headset_that_lies_on_the_table_has_nobody_s_attention_though_it_is_focused() {
        let (mut life, _) = live(&[State::READY, State::FOCUSED]);
        life.set_worn(false);
        assert!(life.attention() == Attention::None && life.is_running());
        life.set_worn(true);
        assert_eq!(life.attention(), Attention::Full);
    }

    #[test]
    fn a_menu_of_the_system_leaves_the_venue_seen() {
        let (life, _) = live(&[State::READY, State::FOCUSED, State::VISIBLE]);
        assert_eq!(life.attention(), Attention::Seen);
    }

    #[test]
    fn leaving_being_stopped_and_losing_end_differently() {
        let (life, demands) =
            live(&[State::READY, State::FOCUSED, State::STOPPING, State::IDLE, State::EXITING]);
        assert_eq!(demands[4], Demand::Leave(Ending::Stopped));
        assert!(!life.is_running());
        for end in [State::EXITING, State::LOSS_PENDING] {
            let (mut life, _) = live(&[State::READY, State::FOCUSED]);
            life.leave();
            assert_eq!(life.handle(end), Demand::Leave(Ending::Left));
        }
        assert_eq!(live(&[State::READY, State::LOSS_PENDING]).1[1], Demand::Leave(Ending::Lost));
    }
}
