//! How a stick turns the body: in steps, one for each push, or smoothly outside of a dead zone.

use crate::settings::Turn;

/// A push begins a step beyond this, and the next one only after the stick was back within [`RELEASED`].
pub const PUSHED: f32 = 0.7;

/// The stick counts as let go below this.
pub const RELEASED: f32 = 0.4;

/// A smooth turn ignores so much of the stick's way.
pub const DEAD_ZONE: f32 = 0.2;

/// Fastest smooth turn, radians a second.
pub const FASTEST: f32 = 1.9;

/// A stick that turns the body.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StickTurn {
    is_pushed: bool,
}

impl StickTurn {
    /// The turn of this frame, radians, positive to the left; `x` is the stick's way, -1 left to 1 right.
    pub fn step(&mut self, x: f32, turn: Turn, dt: f32) -> f32 {
        let x = if x.is_finite() { x.clamp(-1.0, 1.0) } else { 0.0 };
        let was_pushed = self.is_pushed;
        self.is_pushed = x.abs() > if was_pushed { RELEASED } else { PUSHED };
        let step = match turn {
            Turn::Snap30 => 30f32.to_radians(),
            Turn::Snap45 => 45f32.to_radians(),
            Turn::Smooth => return -beyond_dead_zone(x) * FASTEST * dt.max(0.0),
        };
        if self.is_pushed && !was_pushed { -x.signum() * step } else { 0.0 }
    }
}

/// The stick's way without the dead zone, growing softly from its edge: -1 to 1.
fn beyond_dead_zone(x: f32) -> f32 {
    let part = ((x.abs() - DEAD_ZONE) / (1.0 - DEAD_ZONE)).max(0.0);
    x.signum() * part * part
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DT: f32 = 1.0 / 90.0;

    #[test]
    fn a_push_is_one_step_however_long_and_shaky_it_is() {
        for (turn, degrees) in [(Turn::Snap30, 30.0f32), (Turn::Snap45, 45.0)] {
            let mut stick = StickTurn::default();
            let held = [0.3, 0.69, 0.75, 0.9, 0.65, 0.72, 0.45, 0.71, 1.0];
            let turned: f32 = held.iter().map(|x| stick.step(*x, turn, DT)).sum();
            assert!((turned + degrees.to_radians()).abs() < 1e-6, "to the right is negative: {turned}");
            assert_eq!(stick.step(0.1, turn, DT), 0.0);
            assert!(
                (stick.step(-0.8, turn, DT) - degrees.to_radians()).abs() < 1e-6,
                "and again, to the left"
            );
        }
    }

    #[test]
    fn a_stick_that_jumps_from_side_to_side_makes_no_second_step_without_being_let_go() {
        let mut stick = StickTurn::default();
        assert!(stick.step(1.0, Turn::Snap30, DT) < 0.0);
        assert_eq!(stick.step(-1.0, Turn::Snap30, DT), 0.0);
    }

    #[test]
    fn a_smooth_turn_begins_softly_outside_of_the_dead_zone() {
        let mut stick = StickTurn::default();
        assert_eq!(stick.step(DEAD_ZONE, Turn::Smooth, DT), 0.0);
        let little = stick.step(-DEAD_ZONE - 0.05, Turn::Smooth, DT);
        assert!(little > 0.0 && little < 0.01 * FASTEST * DT);
        assert!((stick.step(1.0, Turn::Smooth, DT) + FASTEST * DT).abs() < 1e-6);
        assert_eq!(stick.step(f32::NAN, Turn::Smooth, DT), 0.0);
    }

    proptest! {
        #[test]
        fn steps_never_outnumber_pushes(ways in prop::collection::vec(-1.5f32..1.5, 1..200)) {
            let mut stick = StickTurn::default();
            let mut pushes = 0;
            let mut is_free = true;
            let mut steps = 0;
            for x in ways {
                if is_free && x.abs() > PUSHED {
                    (pushes, is_free) = (pushes + 1, false);
                } else if x.abs() <= RELEASED {
                    is_free = true;
                }
                steps += u32::from(stick.step(x, Turn::Snap30, DT) != 0.0);
            }
            prop_assert_eq!(steps, pushes);
        }
    }
}
