//! Where somebody appears: near the space's spawn point, not inside another person.
//!
//! It must not know navigation meshes: whether a point can be stood on is an argument.

use glam::{Quat, Vec3};
use std::f32::consts::TAU;

/// Bodies are kept this far apart, centre to centre, when there is room: personal space.
pub const PERSONAL_SPACE: f32 = 0.9;

/// Places that are tried; the roomiest of them is taken when none is free.
const TRIES: u32 = 200;

/// The turn from one try to the next, as sunflower seeds are laid: even cover of a disc
/// (Vogel 1979, "A better way to construct the sunflower head").
const GOLDEN_ANGLE: f32 = 2.399_963_2;

/// A point within about `radius` of `center` that is at least [`PERSONAL_SPACE`] away from
/// everybody in `others`, nearest first; in a crowd the one with the most room. `floor_at`
/// says where a body stands at a point, if it can. `turn` (0 to 1) turns the pattern, so
/// that many newcomers do not line up.
pub fn spread<P: Copy>(
    center: Vec3,
    radius: f32,
    turn: f32,
    others: &[Vec3],
    floor_at: impl Fn(Vec3) -> Option<(Vec3, P)>,
) -> Option<(Vec3, P)> {
    let spacing = PERSONAL_SPACE * 0.55;
    let mut best: Option<(f32, (Vec3, P))> = None;
    for n in 0..TRIES {
        let distance = spacing * (n as f32).sqrt();
        if distance > radius.max(spacing) && best.is_some() {
            break;
        }
        let around = Quat::from_rotation_y(turn * TAU + n as f32 * GOLDEN_ANGLE);
        let Some(found) = floor_at(center + around * Vec3::new(0.0, 0.0, -distance)) else { continue };
        let room = others.iter().map(|other| other.distance(found.0)).fold(f32::INFINITY, f32::min);
        if room >= PERSONAL_SPACE {
            return Some(found);
        }
        if best.is_none_or(|(most, _)| room > most) {
            best = Some((room, found));
        }
    }
    best.map(|(_, found)| found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anywhere(point: Vec3) -> Option<(Vec3, ())> {
        Some((point, ()))
    }

    #[test]
    fn the_first_one_stands_on_the_point() {
        assert_eq!(spread(Vec3::ONE, 3.0, 0.3, &[], anywhere), Some((Vec3::ONE, ())));
    }

    #[test]
    fn twenty_people_keep_their_personal_space() {
        let mut people: Vec<Vec3> = Vec::new();
        for n in 0..20 {
            let (place, ()) = spread(Vec3::ZERO, 4.0, n as f32 * 0.13, &people, anywhere).unwrap();
            assert!(place.length() <= 4.5, "{place}");
            assert!(people.iter().all(|other| other.distance(place) >= PERSONAL_SPACE));
            people.push(place);
        }
    }

    #[test]
    fn a_crowd_still_finds_a_place() {
        let mut people: Vec<Vec3> = Vec::new();
        for n in 0..100 {
            let (place, ()) = spread(Vec3::ZERO, 1.0, n as f32 * 0.13, &people, anywhere).unwrap();
            assert!(place.length() <= 1.5, "{place}");
            people.push(place);
        }
    }

    #[test]
    fn walls_are_avoided() {
        let east_only = |point: Vec3| (point.x > 0.5).then_some((point, ()));
        let (place, ()) = spread(Vec3::ZERO, 2.0, 0.0, &[], east_only).unwrap();
        assert!(place.x > 0.5);
        assert_eq!(spread(Vec3::ZERO, 2.0, 0.0, &[], |_| None::<(Vec3, ())>), None);
    }
}
