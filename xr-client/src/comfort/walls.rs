//! A head that leans into a wall sees darkness: the view itself is never pushed, because that is felt as being moved.
//!
//! The navigation mesh is drawn back from walls and furniture by a body's radius, and knows no heights: who leans far over a
//! table darkens too. Whoever sits is exempt, because seats stand off the mesh.

use glam::{Vec3, Vec3Swizzles as _};
use venue_motion::{FloorPoint, Walkable};

/// Eyes may be so far off the floor that one can stand on, metres: a body's radius of the mesh (0.24), less the depth of a
/// face.
const CLEAR: f32 = 0.18;

/// So far off it is quite dark, metres: just behind the surface of a wall.
const DARK: f32 = 0.30;

/// How dark it is for eyes at this place while one stands at `floor`, 0 to 1.
pub fn darkness(walkable: &Walkable, floor: FloorPoint, eyes: Vec3) -> f32 {
    if !eyes.is_finite() {
        return 0.0;
    }
    let below = Vec3::new(eyes.x, floor.position.y, eyes.z);
    // Along the floor and not through the wall: behind it is floor again.
    let reached = walkable.walk(floor, below);
    darkness_at(reached.position.xz().distance(eyes.xz()))
}

/// How dark it is so far off the floor, 0 to 1.
pub fn darkness_at(metres: f32) -> f32 {
    let part = ((metres - CLEAR) / (DARK - CLEAR)).clamp(0.0, 1.0);
    part * part * (3.0 - 2.0 * part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::square_room;
    use proptest::prelude::*;

    fn looking_from(eyes: Vec3) -> f32 {
        let room = square_room(3.0);
        let floor = room.locate(Vec3::new(2.5, 0.0, 0.0), 0.5).unwrap();
        darkness(&room, floor, eyes)
    }

    #[test]
    fn it_is_bright_in_the_room_and_dark_inside_of_the_wall() {
        assert_eq!(looking_from(Vec3::new(2.5, 1.65, 0.0)), 0.0);
        assert_eq!(looking_from(Vec3::new(3.17, 1.65, 0.0)), 0.0, "a face may come close to the wall");
        let half = looking_from(Vec3::new(3.24, 1.65, 0.0));
        assert!((0.3..0.7).contains(&half), "{half}");
        assert_eq!(looking_from(Vec3::new(3.5, 1.65, 0.0)), 1.0);
        assert_eq!(looking_from(Vec3::NAN), 0.0);
    }

    #[test]
    fn the_head_s_height_makes_no_difference() {
        assert_eq!(looking_from(Vec3::new(3.5, 0.4, 0.0)), looking_from(Vec3::new(3.5, 2.0, 0.0)));
    }

    proptest! {
        #[test]
        fn it_grows_steadily_with_the_distance(metres in 0.0f32..2.0, more in 0.0f32..0.01) {
            let (near, far) = (darkness_at(metres), darkness_at(metres + more));
            prop_assert!((0.0..=1.0).contains(&near) && far >= near && far - near < 0.14);
        }
    }
}
