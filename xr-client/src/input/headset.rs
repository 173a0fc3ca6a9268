//! A headset's head, hands and buttons: what is tracked and pressed becomes an intent.
//!
//! It must not know the runtime that tracks (the presenter translates it) nor the network.

use super::intent::TrackedPoses;
use super::{Command, Intent, ShellCommand};
use crate::comfort::turn::StickTurn;
use crate::settings::Turn;
use glam::Vec2;
use venue_model::RigidPose;

/// Sticks that are let go rest within this.
const DEAD_ZONE: f32 = 0.15;

/// One hand, in the play space's frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HandState {
    /// Where the palm holds the controller.
    pub grip: Option<RigidPose>,
    /// Where it points: along -z.
    pub aim: Option<RigidPose>,
    /// The button that chooses what is pointed at.
    pub select: bool,
    /// The button that opens the menu.
    pub menu: bool,
    /// x to the right, y ahead; each -1 to 1.
    pub stick: Vec2,
}

/// How much of the person's attention the venue has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Attention {
    /// The venue is not seen: the headset is off, or another program has it.
    #[default]
    None,
    /// It is seen, but something of the system lies over it.
    Seen,
    /// It is seen and hears every button.
    Full,
}

/// What a headset says at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HeadsetState {
    /// How much the venue has of the person's attention.
    pub attention: Attention,
    /// The head in the play space's frame; none while it is not tracked.
    pub head: Option<RigidPose>,
    /// Left and right.
    pub hands: [HandState; 2],
    /// The person let the system choose another middle of the play space.
    pub is_recentered: bool,
}

/// The state of a headset, and what its buttons were a frame ago.
#[derive(Clone, Debug, Default)]
pub struct Headset {
    state: HeadsetState,
    last_head: Option<RigidPose>,
    was_menu: bool,
    stick_turn: StickTurn,
    at_panels: [bool; 2],
}

impl Headset {
    /// What the headset says now.
    pub fn set(&mut self, state: HeadsetState) {
        self.state = HeadsetState { is_recentered: state.is_recentered || self.state.is_recentered, ..state };
        self.last_head = state.head.or(self.last_head);
    }

    /// What it said last.
    pub fn state(&self) -> &HeadsetState {
        &self.state
    }

    /// Which hands are busy with the panels, left and right: their sticks scroll there.
    pub fn set_at_panels(&mut self, at_panels: [bool; 2]) {
        self.at_panels = at_panels;
    }

    /// Fills this frame's intent.
    pub fn fill(&mut self, intent: &mut Intent, shell: &mut Vec<ShellCommand>, turn: Turn, dt: f32) {
        intent.is_away = self.state.attention != Attention::Full;
        if self.state.attention == Attention::None {
            (self.was_menu, self.stick_turn) = (false, StickTurn::default());
            return;
        }
        let hands = self.state.hands.map(|hand| hand.grip);
        // For the moment that the tracking is lost the head is where it was.
        intent.tracked = self.last_head.map(|head| TrackedPoses { head, hands, curls: [None; 2] });
        if std::mem::take(&mut self.state.is_recentered) {
            intent.commands.push(Command::Recenter);
        }
        let [left, right] = self.state.hands;
        let free = |side: usize, hand: &HandState| if self.at_panels[side] { Vec2::ZERO } else { hand.stick };
        intent.walk = beyond_dead_zone(free(0, &left));
        let aside = free(1, &right).x;
        intent.turn += self.stick_turn.step(aside, turn, dt);
        let is_menu = left.menu || right.menu;
        if is_menu && !std::mem::replace(&mut self.was_menu, is_menu) {
            shell.push(ShellCommand::ClosePanel);
        }
        self.was_menu = is_menu;
    }
}

/// A stick's way without the part in which it rests, at most 1 long.
fn beyond_dead_zone(stick: Vec2) -> Vec2 {
    let length = stick.length().min(1.0);
    let beyond = (length - DEAD_ZONE).max(0.0) / (1.0 - DEAD_ZONE);
    stick.normalize_or_zero() * beyond
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::Vec3;

    fn worn() -> HeadsetState {
        let head = RigidPose { position: Vec3::Y * 1.6, ..RigidPose::default() };
        HeadsetState { attention: Attention::Full, head: Some(head), ..HeadsetState::default() }
    }

    fn frame(headset: &mut Headset, state: HeadsetState) -> (Intent, Vec<ShellCommand>) {
        let (mut intent, mut shell) = (Intent::default(), Vec::new());
        headset.set(state);
        headset.fill(&mut intent, &mut shell, Turn::Snap30, 0.1);
        (intent, shell)
    }

    fn with_stick(aside: f32) -> HeadsetState {
        let mut state = worn();
        state.hands[1].stick = Vec2::new(aside, 0.0);
        state
    }

    #[test]
    fn a_stick_that_is_held_aside_turns_once() {
        let mut headset = Headset::default();
        let turns = [0.9, 1.0, 0.6, 0.9, 0.1, 0.9, -0.9]
            .map(|aside| frame(&mut headset, with_stick(aside)).0.turn.to_degrees().round());
        assert_eq!(turns, [-30.0, 0.0, 0.0, 0.0, 0.0, -30.0, 0.0]);
    }

    #[test]
    fn a_stick_that_rests_walks_nowhere_and_a_pushed_one_at_full_speed() {
        let mut state = worn();
        state.hands[0].stick = Vec2::new(0.1, 0.05);
        assert_eq!(frame(&mut Headset::default(), state).0.walk, Vec2::ZERO);
        state.hands[0].stick = Vec2::new(0.0, 1.0);
        assert!(frame(&mut Headset::default(), state).0.walk.abs_diff_eq(Vec2::Y, 1e-6));
    }

    #[test]
    fn the_stick_of_a_hand_at_the_panels_does_nothing_else() {
        let mut headset = Headset::default();
        headset.set_at_panels([true, true]);
        let mut state = with_stick(1.0);
        state.hands[0].stick = Vec2::Y;
        let (intent, _) = frame(&mut headset, state);
        assert_eq!((intent.walk, intent.turn), (Vec2::ZERO, 0.0));
    }

    #[test]
    fn the_menu_opens_once_for_each_press() {
        let mut headset = Headset::default();
        let mut pressed = worn();
        pressed.hands[1].menu = true;
        let opened = [pressed, pressed, worn(), pressed].map(|state| frame(&mut headset, state).1.len());
        assert_eq!(opened, [1, 0, 0, 1]);
    }

    #[test]
    fn who_took_the_headset_off_wants_nothing_and_is_away() {
        let mut headset = Headset::default();
        let mut state = with_stick(1.0);
        state.attention = Attention::Seen;
        let (intent, _) = frame(&mut headset, state);
        assert!(intent.is_away && intent.tracked.is_some(), "the head looks around below the system's menu");
        state.attention = Attention::None;
        let (intent, shell) = frame(&mut headset, state);
        assert!(intent.is_away && intent.tracked.is_none() && intent.turn == 0.0 && shell.is_empty());
    }

    #[test]
    fn a_lost_head_stays_where_it_was_and_a_recentered_one_is_told_once() {
        let mut headset = Headset::default();
        frame(&mut headset, worn());
        let lost = HeadsetState { head: None, is_recentered: true, ..worn() };
        let (intent, _) = frame(&mut headset, lost);
        assert_eq!(intent.tracked.unwrap().head.position, Vec3::Y * 1.6);
        assert_eq!(intent.commands, [Command::Recenter]);
        assert!(frame(&mut headset, worn()).0.commands.is_empty());
    }
}
