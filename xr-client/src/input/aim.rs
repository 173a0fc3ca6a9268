//! Where a look meets the floor.
//!
//! It must not know the mouse; it follows rays.

use crate::core::own_body::{TELEPORT_RANGE, teleport_target};
use glam::Vec3;
use venue_motion::{FloorPoint, Walkable};

/// Step along the ray, metres.
const STEP: f32 = 0.25;

/// How far from the ray's point the floor is looked for, metres.
const REACH: f32 = 0.45;

/// The floor point that a ray meets first, and whether one may jump there from `standing`.
pub fn floor_along(
    walkable: &Walkable,
    eye: Vec3,
    direction: Vec3,
    standing: Option<FloorPoint>,
) -> Option<(Vec3, bool)> {
    let steps = (2.0 * TELEPORT_RANGE / STEP) as u32;
    for step in 1..steps {
        let point = eye + direction * (step as f32 * STEP);
        let Some(floor) = walkable.locate(point, REACH) else { continue };
        // The ray has just passed through the floor; a step is shorter than the reach.
        if point.y <= floor.position.y {
            let target = teleport_target(standing, floor.position, walkable);
            return Some((target.map_or(floor.position, |target| target.position), target.is_some()));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::square_room;

    fn look(pitch: f32) -> Option<(Vec3, bool)> {
        let room = square_room(12.0);
        let standing = room.locate(Vec3::ZERO, 0.5);
        let direction = Vec3::new(0.0, pitch.sin(), -pitch.cos());
        floor_along(&room, Vec3::Y * 1.65, direction, standing)
    }

    #[test]
    fn a_look_down_meets_the_floor_ahead() {
        let (place, is_allowed) = look(-0.5).unwrap();
        assert!(is_allowed);
        assert!((place.z + 1.65 / 0.5f32.tan()).abs() < 0.6, "{place}");
    }

    #[test]
    fn a_look_far_away_shows_a_place_that_one_can_not_jump_to() {
        let (_, is_allowed) = look(-0.15).unwrap();
        assert!(!is_allowed);
    }

    #[test]
    fn a_look_up_meets_nothing() {
        assert_eq!(look(0.4), None);
    }
}
