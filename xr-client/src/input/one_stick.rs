//! One stick that walks and turns: ahead and back it walks, aside it turns.
//!
//! It must not know whose hand it is.

use crate::comfort::turn::{PUSHED, RELEASED};
use crate::settings::Turn;
use glam::Vec2;

/// A stick that walks is so far aside at most: it begins no step of a turn, and ends none that is held.
const ASIDE: f32 = 0.5 * (PUSHED + RELEASED);

/// What a stick's way says of a walk, and what of a turn: y of the first is ahead, the second is to the right.
///
/// In steps the body turns only while the stick is more aside than ahead, because whoever walks straight on pushes it a
/// little aslant. Smoothly it does both at once, as one walks a bend.
pub fn parts(stick: Vec2, turn: Turn) -> (Vec2, f32) {
    let ahead = Vec2::new(0.0, stick.y);
    match turn {
        Turn::Smooth => (ahead, stick.x),
        Turn::Snap30 | Turn::Snap45 if stick.y.abs() > stick.x.abs() => (ahead, stick.x.clamp(-ASIDE, ASIDE)),
        Turn::Snap30 | Turn::Snap45 => (Vec2::ZERO, stick.x),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comfort::turn::StickTurn;

    #[test]
    fn a_stick_that_trembles_between_ahead_and_aside_turns_once() {
        let mut turn = StickTurn::default();
        let ways = [(0.71, 0.7), (0.7, 0.71), (0.72, 0.69), (0.7, 0.72), (0.73, 0.68)];
        let steps = ways.map(|(x, y)| {
            let (_, aside) = parts(Vec2::new(x, y), Turn::Snap30);
            turn.step(aside, Turn::Snap30, 0.01).to_degrees().round()
        });
        assert_eq!(steps, [-30.0, 0.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn aslant_it_walks_in_steps_and_walks_a_bend_smoothly() {
        let aslant = Vec2::new(0.6, 0.8);
        let (walk, aside) = parts(aslant, Turn::Snap45);
        assert_eq!(walk, Vec2::new(0.0, 0.8));
        assert_eq!(StickTurn::default().step(aside, Turn::Snap45, 0.01), 0.0);
        assert_eq!(parts(aslant, Turn::Smooth), (Vec2::new(0.0, 0.8), 0.6));
    }
}
