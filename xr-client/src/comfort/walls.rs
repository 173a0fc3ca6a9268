//! A head that leans into a wall sees darkness: the view itself is never pushed, because that is felt as being moved.
//!
//! Two things must agree. The head is where one can not stand: the navigation mesh is drawn back from walls and furniture
//! by a body's radius. And a surface lies between the head and the place over the feet, at the head's height: over a table
//! there is none. Where no surfaces are known, as in a cloud of points, the mesh alone counts, and so it does farther out than
//! one can lean. Seats stand off the mesh: for whoever sits the surface alone counts, between the place over the seat and the
//! head.

use glam::{Vec3, Vec3Swizzles as _};
use venue_motion::{FloorPoint, Walkable};

/// The mesh ends so far before a surface, metres: a body's radius.
const RADIUS: f32 = 0.24;

/// Nobody leans farther beyond the mesh, metres: whoever is there has walked out of the venue.
const LEAN: f32 = 1.3;

/// It is dark from so far before a surface on, and quite dark so far behind it, metres: the depth of a face.
const FACE: f32 = 0.06;

/// How dark it is for eyes at this place while one stands at `floor`, 0 to 1. `depth` tells how far the way
/// from one place to another goes on behind the first surface, metres.
pub fn darkness(
    walkable: &Walkable,
    floor: FloorPoint,
    eyes: Vec3,
    depth: impl FnOnce(Vec3, Vec3) -> Option<f32>,
) -> f32 {
    if !eyes.is_finite() {
        return 0.0;
    }
    let below = Vec3::new(eyes.x, floor.position.y, eyes.z);
    // Along the floor and not through the wall: behind it is floor again.
    let reached = walkable.walk(floor, below);
    let off_metres = reached.position.xz().distance(eyes.xz());
    let off_floor = darkness_at(off_metres - RADIUS);
    if off_floor == 0.0 {
        return 0.0;
    }
    let over_feet = Vec3::new(floor.position.x, eyes.y, floor.position.z);
    let behind = depth(over_feet, eyes).map_or(1.0, darkness_at);
    off_floor.min(behind).max(darkness_at(off_metres - LEAN))
}

/// How dark it is for eyes at this place while one sits on a seat; `depth` as in [`darkness`].
pub fn darkness_on_seat(seat: Vec3, eyes: Vec3, depth: impl FnOnce(Vec3, Vec3) -> Option<f32>) -> f32 {
    if !eyes.is_finite() {
        return 0.0;
    }
    depth(Vec3::new(seat.x, eyes.y, seat.z), eyes).map_or(0.0, darkness_at)
}

/// How dark it is so far behind a surface, 0 to 1.
pub fn darkness_at(metres: f32) -> f32 {
    let part = ((metres + FACE) / (2.0 * FACE)).clamp(0.0, 1.0);
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
        darkness(&room, floor, eyes, |_, _| None)
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
    fn without_a_surface_between_feet_and_eyes_it_is_bright() {
        let room = square_room(3.0);
        let floor = room.locate(Vec3::new(2.5, 0.0, 0.0), 0.5).unwrap();
        let eyes = Vec3::new(3.6, 1.3, 0.0);
        let with = |depth: f32| {
            darkness(&room, floor, eyes, |from, to| {
                assert_eq!((from, to), (Vec3::new(2.5, 1.3, 0.0), eyes));
                Some(depth)
            })
        };
        assert_eq!(with(f32::NEG_INFINITY), 0.0);
        assert_eq!(with(-0.1), 0.0, "near the wall behind a table");
        assert_eq!(with(0.1), 1.0, "in it");
        let out = Vec3::new(4.5, 1.3, 0.0);
        assert_eq!(darkness(&room, floor, out, |_, _| Some(f32::NEG_INFINITY)), 1.0, "out of the venue");
    }

    #[test]
    fn where_one_can_stand_no_surface_darkens() {
        let room = square_room(3.0);
        let floor = room.locate(Vec3::ZERO, 0.5).unwrap();
        assert_eq!(darkness(&room, floor, Vec3::new(0.4, 1.6, 0.0), |_, _| Some(1.0)), 0.0, "a lamp");
    }

    #[test]
    fn for_who_sits_the_surface_between_seat_and_eyes_alone_counts() {
        let eyes = Vec3::new(9.4, 1.2, 2.0);
        let with = |depth: Option<f32>| {
            darkness_on_seat(Vec3::new(9.0, 0.5, 2.0), eyes, |from, to| {
                assert_eq!((from, to), (Vec3::new(9.0, 1.2, 2.0), eyes));
                depth
            })
        };
        assert_eq!([None, Some(f32::NEG_INFINITY), Some(-0.1), Some(0.1)].map(with), [0.0, 0.0, 0.0, 1.0]);
        assert_eq!(darkness_on_seat(Vec3::ZERO, Vec3::NAN, |_, _| Some(1.0)), 0.0);
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
