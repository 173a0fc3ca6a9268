//! Aiming a jump with a hand: a trigger that is held off the panels, or the turning stick pushed ahead; let go, one jumps.
//! Meanwhile the stick of that hand says which way one faces afterwards.
//!
//! It must not know where the arc leads.

use super::headset::HandState;
use crate::comfort::Hand;
use glam::Vec2;

/// A stick that is pushed ahead beyond the first begins to aim, and ends below the second.
const PUSHED: f32 = 0.75;
const LET_GO: f32 = 0.4;

/// A stick says a facing beyond this.
const FACES: f32 = 0.6;

/// So far aside of straight ahead the facing stays as it is, radians.
const AHEAD: f32 = 0.44;

/// What hands may aim, and where panels have them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AimRules {
    /// The hand whose stick may aim; others walk.
    pub stick: Option<Hand>,
    /// The only hand that does anything, if there is one.
    pub only: Option<Hand>,
    /// Whose triggers belong to the panels, left and right.
    pub at_panels: [bool; 2],
    /// Whose trigger or finger presses something there.
    pub pressing: [bool; 2],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Trigger,
    Stick,
}

/// An aim that is held.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeldAim {
    /// Whose.
    pub hand: Hand,
    /// How far one turns by the jump, radians, positive to the left.
    pub turn: f32,
}

/// The aim of a person's hands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HandAim {
    held: Option<(HeldAim, By)>,
    was_select: [bool; 2],
    /// Whose trigger went down at the panels in the last frame: where the ray was then is known only now.
    is_open: [bool; 2],
    let_go: bool,
    /// Whose stick said a facing and was not let go since: it must not turn the body now.
    rests: [bool; 2],
}

impl Default for HandAim {
    fn default() -> Self {
        Self { held: None, was_select: [false; 2], is_open: [false; 2], let_go: false, rests: [true; 2] }
    }
}

impl HandAim {
    /// What is aimed now, also in the frame in which it is let go.
    pub fn held(&self) -> Option<HeldAim> {
        self.held.map(|(held, _)| held)
    }

    /// Whether the aim was let go; asks once.
    pub fn take_jump(&mut self) -> bool {
        let let_go = std::mem::take(&mut self.let_go);
        if let_go {
            self.held = None;
        }
        let_go
    }

    /// Whether this hand's stick is busy with the aim.
    pub fn has_stick(&self, hand: Hand) -> bool {
        !self.rests[hand.index()] || self.held.is_some_and(|(held, _)| held.hand == hand)
    }

    /// Forgets everything: nobody sees the venue.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Follows the hands.
    pub fn step(&mut self, hands: &[HandState; 2], rules: AimRules) {
        let select = hands.map(|hand| hand.select);
        let went_down = [0, 1].map(|side| select[side] && !self.was_select[side]);
        self.was_select = select;
        let is_late = [0, 1].map(|side| self.is_open[side] && select[side] && !rules.pressing[side]);
        self.is_open = [0, 1].map(|side| went_down[side] && rules.at_panels[side]);
        let pulled = [0, 1].map(|side| went_down[side] || is_late[side]);
        for hand in Hand::BOTH {
            let is_let_go = hands[hand.index()].stick.length() < LET_GO;
            let aims = self.held.is_some_and(|(held, _)| held.hand == hand);
            self.rests[hand.index()] = is_let_go || (self.rests[hand.index()] && !aims);
        }
        if self.let_go {
            // Nobody asked for the jump that was let go.
            (self.held, self.let_go) = (None, false);
        }
        match self.held {
            Some((held, by)) => self.go_on(held, by, hands, rules),
            None => self.held = begin(hands, pulled, rules),
        }
    }

    fn go_on(&mut self, held: HeldAim, by: By, hands: &[HandState; 2], rules: AimRules) {
        let side = held.hand.index();
        let HandState { aim, select, stick, .. } = hands[side];
        // A trigger that presses a panel after all aims at nothing, and a hand that nobody sees neither.
        if aim.is_none() || (by == By::Trigger && rules.pressing[side]) {
            self.held = None;
            return;
        }
        let turn = match by {
            // Let go, a stick tells its last facing no more.
            By::Stick if stick.length() < FACES => held.turn,
            By::Stick | By::Trigger => turn_of(stick),
        };
        self.held = Some((HeldAim { turn, ..held }, by));
        self.let_go = match by {
            By::Trigger => !select,
            By::Stick => stick.length() < LET_GO,
        };
    }
}

fn begin(hands: &[HandState; 2], pulled: [bool; 2], rules: AimRules) -> Option<(HeldAim, By)> {
    let may = |hand: &Hand| rules.only.is_none_or(|only| only == *hand) && hands[hand.index()].aim.is_some();
    let is_free = |hand: &Hand| !rules.at_panels[hand.index()];
    let by_trigger = Hand::BOTH.into_iter().filter(may).filter(is_free).find(|hand| pulled[hand.index()]);
    let by_stick = rules.stick.filter(may).filter(is_free).filter(|hand| {
        let stick = hands[hand.index()].stick;
        stick.y > PUSHED && stick.x.abs() < stick.y
    });
    let aim = |hand: Hand| HeldAim { hand, turn: 0.0 };
    by_trigger.map(|hand| (aim(hand), By::Trigger)).or(by_stick.map(|hand| (aim(hand), By::Stick)))
}

/// How far a stick turns whoever jumps; one that rests or points ahead does not.
fn turn_of(stick: Vec2) -> f32 {
    let angle = (-stick.x).atan2(stick.y);
    if stick.length() < FACES || angle.abs() < AHEAD { 0.0 } else { angle }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f32::consts::FRAC_PI_2;
    use venue_model::RigidPose;

    fn hands(right: HandState) -> [HandState; 2] {
        [HandState::default(), HandState { aim: Some(RigidPose::default()), ..right }]
    }

    fn pulled(select: bool, x: f32, y: f32) -> [HandState; 2] {
        hands(HandState { select, stick: Vec2::new(x, y), ..HandState::default() })
    }

    /// The turns of the jumps that these moments lead to.
    fn jumps(moments: &[[HandState; 2]], rules: AimRules) -> Vec<f32> {
        let mut aim = HandAim::default();
        let mut jump = |hands| {
            aim.step(hands, rules);
            let turn = aim.held().map(|held| held.turn);
            aim.take_jump().then_some(turn).flatten()
        };
        moments.iter().filter_map(&mut jump).collect()
    }

    #[test]
    fn a_trigger_that_is_let_go_jumps_once_and_its_stick_turns() {
        let rules = AimRules { stick: Some(Hand::Right), ..AimRules::default() };
        let straight = [pulled(true, 0.0, 0.0), pulled(true, 0.0, 0.0), pulled(false, 0.0, 0.0)];
        assert_eq!(jumps(&straight, rules), [0.0]);
        let turned = [pulled(true, 0.0, 0.0), pulled(true, -1.0, 0.0), pulled(false, -1.0, 0.0)];
        let turns = jumps(&turned, rules);
        assert!(turns.len() == 1 && (turns[0] - FRAC_PI_2).abs() < 1e-6, "{turns:?}");
    }

    #[test]
    fn the_turning_stick_pushed_ahead_aims_too_and_keeps_its_last_facing() {
        let rules = AimRules { stick: Some(Hand::Right), ..AimRules::default() };
        let ways = [(0.0, 1.0), (0.7, 0.7), (1.0, 0.0), (0.5, 0.0), (0.1, 0.0), (0.0, 0.0)];
        let turns = jumps(&ways.map(|(x, y)| pulled(false, x, y)), rules);
        assert!(turns.len() == 1 && (turns[0] + FRAC_PI_2).abs() < 1e-6, "{turns:?}");
        let aside = [(0.9, 0.1), (0.0, 0.0)].map(|(x, y)| pulled(false, x, y));
        assert_eq!(jumps(&aside, rules), [0.0; 0], "a stick that is pushed aside turns the body");
        let walks = AimRules { stick: Some(Hand::Left), ..rules };
        assert_eq!(jumps(&[pulled(false, 0.0, 1.0), pulled(false, 0.0, 0.0)], walks), [0.0; 0]);
    }

    #[test]
    fn a_trigger_at_the_panels_aims_at_nothing() {
        let moments = [pulled(true, 0.0, 0.0), pulled(false, 0.0, 0.0)];
        let at_panels = AimRules { at_panels: [false, true], ..AimRules::default() };
        assert_eq!(jumps(&moments, at_panels), [0.0; 0]);
        let mut aim = HandAim::default();
        aim.step(&moments[0], AimRules::default());
        assert!(aim.held().is_some());
        aim.step(&moments[0], AimRules { pressing: [false, true], ..AimRules::default() });
        assert_eq!(aim.held(), None, "it was the panel that was meant");
        aim.step(&moments[0], AimRules::default());
        assert_eq!(aim.held(), None, "only a new press aims");
    }

    #[test]
    fn a_trigger_that_is_pulled_as_its_ray_leaves_the_panel_aims() {
        // What the panels have of the hands is that of the frame before.
        let at_panels = AimRules { at_panels: [false, true], ..AimRules::default() };
        let steps = |rules: [AimRules; 3], select: [bool; 3]| {
            let mut aim = HandAim::default();
            (0..3).for_each(|at| aim.step(&pulled(select[at], 0.0, 0.0), rules[at]));
            aim.held().is_some()
        };
        let off = AimRules::default();
        assert!(steps([at_panels, at_panels, off], [false, true, true]));
        let pressing = AimRules { pressing: [false, true], ..at_panels };
        assert!(!steps([at_panels, at_panels, pressing], [false, true, true]), "it presses");
        assert!(!steps([at_panels, at_panels, at_panels], [false, true, true]), "it is there still");
        assert!(!steps([at_panels, at_panels, off], [false, true, false]), "let go at once");
        assert!(!steps([at_panels, pressing, off], [true, true, true]), "pressed, the ray may leave");
    }

    #[test]
    fn a_stick_that_said_a_facing_turns_nobody_before_it_was_let_go() {
        let rules = AimRules { stick: Some(Hand::Right), ..AimRules::default() };
        let mut aim = HandAim::default();
        let ways = [(true, 0.0), (true, 1.0), (false, 1.0), (false, 1.0), (false, 0.1), (false, 1.0)];
        let busy = ways.map(|(select, x)| {
            aim.step(&pulled(select, x, 0.0), rules);
            aim.take_jump();
            aim.has_stick(Hand::Right)
        });
        assert_eq!(busy, [true, true, true, true, false, false]);
    }

    #[test]
    fn with_one_hand_the_other_aims_at_nothing_and_a_lost_hand_gives_up() {
        let only = AimRules { only: Some(Hand::Left), ..AimRules::default() };
        assert_eq!(jumps(&[pulled(true, 0.0, 0.0), pulled(false, 0.0, 0.0)], only), [0.0; 0]);
        let mut lost = pulled(true, 0.0, 0.0);
        lost[1].aim = None;
        let moments = [pulled(true, 0.0, 0.0), lost, pulled(false, 0.0, 0.0)];
        assert_eq!(jumps(&moments, AimRules::default()), [0.0; 0]);
    }
}
