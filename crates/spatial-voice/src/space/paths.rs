//! What stands between the listener and a voice: a bundle of rays, each losing what every surface takes.
//!
//! A wall has two surfaces, so each counts by the square root of its material's transmission. Rays lie around the
//! heads: who is half behind a column is half covered. Sound that comes around an obstacle within a room, and what
//! bends around it, is not traced: who shares the listener's air is never covered more than [`BENT`] says, and who is
//! in the next room is heard through the middle of an open door as much.

use super::DoorNumber;
use super::geometry::{Doorway, Geometry, Kind};
use super::handover::{Path, Place};
use super::propagation::{amplitude, product};
use super::scene::{BANDS, Band, DOOR};
use glam::Vec3;
use std::collections::BTreeSet;

/// Rays around the one from head to mouth, and how far from it, metres.
const AROUND: usize = 8;
const RADIUS: f32 = 0.3;

/// Gain of amplitude of what comes around an obstacle or a corner: -8, -16 and -22 dB.
const BENT: Band = [0.4, 0.16, 0.08];

/// Directions in which a point's space is asked for; no one of them lies in a wall of a rectangular building.
const ASKED: [Vec3; 3] =
    [Vec3::new(0.577, 0.707, 0.409), Vec3::new(-0.812, 0.301, -0.5), Vec3::new(0.233, -0.885, -0.403)];

/// The doors that are closed.
pub(crate) type Closed = BTreeSet<DoorNumber>;

/// The space in whose air a point lies: two of three rays must end on the inner side of its surface.
pub(crate) fn space_of(geometry: &Geometry, point: Vec3) -> Option<usize> {
    let ends = ASKED.map(|direction| geometry.first(point, direction).filter(|met| met.is_front));
    let spaces = ends.map(|met| met.map(|met| met.face.space));
    let [a, b, c] = spaces;
    if a.is_some() && (a == b || a == c) { a } else { b.filter(|_| b == c) }
}

/// How sound comes from a source to a head; `room` is the listener's space.
pub(crate) fn path(
    geometry: &Geometry,
    closed: &Closed,
    head: Vec3,
    room: Option<usize>,
    place: &Place,
) -> Path {
    let rays = bundle(geometry, closed, head, place.position);
    let passed = mean(rays.iter().map(|&(from, to)| through(geometry, closed, from, to)));
    path_with(geometry, closed, head, room, place, passed)
}

/// The same where it is known already what comes straight.
pub(crate) fn path_with(
    geometry: &Geometry,
    closed: &Closed,
    head: Vec3,
    room: Option<usize>,
    place: &Place,
    passed: Band,
) -> Path {
    let space = space_of(geometry, place.position);
    let around = match (room, space) {
        (Some(room), Some(space)) if room == space => BENT,
        (Some(room), Some(space)) => {
            let doors = geometry.doorways.iter().filter(|doorway| doorway.leads(room, space));
            let open = doors.filter(|doorway| !closed.contains(&doorway.door));
            open.map(|doorway| by_door(geometry, closed, head, place.position, doorway))
                .fold([0.0; BANDS], most)
        }
        _ => [0.0; BANDS],
    };
    let direct = most(passed, around);
    let into_room = if room.is_some() && space == room { [1.0; BANDS] } else { direct };
    Path { serial: place.serial, direct, into_room }
}

/// What comes to a head through the middle of a doorway.
fn by_door(geometry: &Geometry, closed: &Closed, head: Vec3, source: Vec3, doorway: &Doorway) -> Band {
    let ways = [(head, doorway.middle), (doorway.middle, source)];
    ways.into_iter().fold(BENT, |left, (from, to)| product(left, through(geometry, closed, from, to)))
}

fn most(a: Band, b: Band) -> Band {
    std::array::from_fn(|band| a[band].max(b[band]))
}

/// Ends of rays around the way from head to source; no end lies behind a wall that is near.
fn bundle(geometry: &Geometry, closed: &Closed, head: Vec3, source: Vec3) -> [(Vec3, Vec3); AROUND + 1] {
    let axis = (source - head).normalize_or(Vec3::X);
    let (u, v) = axis.any_orthonormal_pair();
    std::array::from_fn(|at| {
        if at == AROUND {
            return (head, source);
        }
        let turn = at as f32 * std::f32::consts::TAU / AROUND as f32;
        let aside = (u * turn.cos() + v * turn.sin()) * RADIUS;
        let end = |middle: Vec3| {
            let is_free = through(geometry, closed, middle, middle + aside) == [1.0; BANDS];
            if is_free { middle + aside } else { middle }
        };
        (end(head), end(source))
    })
}

/// Gain of amplitude through all surfaces on a straight way.
fn through(geometry: &Geometry, closed: &Closed, from: Vec3, to: Vec3) -> Band {
    let mut left = [1.0_f32; BANDS];
    for met in geometry.between(from, to) {
        let transmission = match met.face.kind {
            Kind::Surface(material) => material.transmission,
            Kind::Opening(Some(door)) if closed.contains(&door) => DOOR.transmission,
            Kind::Opening(_) => continue,
        };
        // One of two surfaces: the square root of the energy, and of that the amplitude.
        let gain = amplitude(amplitude(transmission));
        left.iter_mut().zip(gain).for_each(|(left, gain)| *left *= gain);
    }
    left
}

/// Amplitude of the mean energy.
fn mean(gains: impl Iterator<Item = Band>) -> Band {
    let (mut sum, mut count) = ([0.0; BANDS], 0.0);
    for gain in gains {
        count += 1.0;
        sum.iter_mut().zip(gain).for_each(|(sum, gain)| *sum += gain * gain);
    }
    amplitude(sum.map(|sum| sum / f32::max(count, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::super::scene::{AcousticScene, Material, Triangle};
    use super::super::testing::{self, BRICK};
    use super::*;

    const HEAD: Vec3 = Vec3::new(2.0, 1.6, 2.1);

    fn found(scene: &AcousticScene, closed: &[DoorNumber], source: Vec3) -> Path {
        let geometry = Geometry::new(scene);
        let room = space_of(&geometry, HEAD);
        let closed = closed.iter().copied().collect();
        path(&geometry, &closed, HEAD, room, &Place { serial: 1, position: source })
    }

    #[test]
    fn a_place_knows_its_space() {
        let geometry = Geometry::new(&testing::two_rooms(Some(1)));
        let space = |x: f32| space_of(&geometry, Vec3::new(x, 1.0, 1.0));
        assert_eq!((space(2.0), space(8.0), space(-3.0), space(5.1)), (Some(0), Some(1), None, None));
    }

    #[test]
    fn a_wall_takes_what_its_material_says() {
        let path = found(&testing::two_rooms(None), &[], Vec3::new(8.0, 1.6, 2.3));
        let expected = amplitude(BRICK.transmission);
        for (found, expected) in path.direct.into_iter().zip(expected) {
            assert!((found / expected - 1.0).abs() < 0.01, "{path:?}");
        }
        assert_eq!(path.into_room, path.direct);
        assert_eq!(found(&testing::two_rooms(None), &[], Vec3::new(4.0, 1.0, 1.0)).direct, [1.0; BANDS]);
    }

    #[test]
    fn an_open_door_takes_nothing_and_a_closed_one_muffles() {
        let scene = testing::two_rooms(Some(7));
        let behind = Vec3::new(8.0, 1.6, 2.3);
        assert_eq!(found(&scene, &[], behind).direct, [1.0; BANDS]);
        assert_eq!(found(&scene, &[8], behind).direct, [1.0; BANDS], "another door");
        let [low, middle, high] = found(&scene, &[7], behind).direct;
        assert!(low > middle && middle > high && middle < 0.05, "{low} {middle} {high}");
    }

    #[test]
    fn an_open_door_is_heard_around_the_corner_and_a_closed_one_is_not() {
        let scene = testing::two_rooms_with_doorway(9);
        // The way straight goes through the wall, far from the doorway.
        let aside = Vec3::new(7.0, 1.6, 1.0);
        let (open, closed) = (found(&scene, &[], aside), found(&scene, &[9], aside));
        assert_eq!((open.direct, open.into_room), (BENT, BENT));
        let wall = amplitude(BRICK.transmission);
        assert!((closed.direct[1] / wall[1] - 1.0).abs() < 0.01, "{closed:?}");
        let through = found(&scene, &[], Vec3::new(6.0, 1.3, 3.85));
        assert!(through.direct[1] > 0.9, "in line with the doorway: {through:?}");
    }

    #[test]
    fn who_is_half_behind_a_wall_is_half_covered() {
        let mut scene = testing::two_rooms(None);
        let space = &mut scene.spaces[0];
        let first = space.vertices.len() as u32;
        // A screen at x = 3 that ends at z = 2.1, where the way to the source goes.
        space
            .vertices
            .extend([(0.0, 0.0), (3.0, 0.0), (3.0, 2.1), (0.0, 2.1)].map(|(y, z)| Vec3::new(3.0, y, z)));
        space.materials.push(Material { transmission: [1e-4; BANDS], ..BRICK });
        for corners in [[0, 1, 2], [0, 2, 3], [0, 2, 1], [0, 3, 2]] {
            space.triangles.push(Triangle { corners: corners.map(|at| first + at), material: 1 });
        }
        let direct = |z: f32| found(&scene, &[], Vec3::new(4.0, 1.6, z)).direct[1];
        let (covered, half, free) = (direct(0.5), direct(2.1), direct(3.5));
        assert_eq!((covered, free), (BENT[1], 1.0), "who shares the room is heard around the screen");
        assert!((0.5..0.9).contains(&half), "{half}");
    }
}
