//! What goes in and comes out is sane: broken samples become silence, and no sum is louder than full scale.

use super::{Listener, Source, StereoBlock};
use crate::BLOCK;
use glam::Vec3;

/// The loudest sample that is taken.
const LOUDEST: f32 = 4.0;

/// Up to this amplitude the output is the sum itself; above it is pressed together.
const KNEE: f32 = 0.8;

/// Farther than this nobody is heard, metres.
const FARTHEST: f32 = 10_000.0;

/// Smaller numbers are silence; left alone they become denormal ones, which are slow.
const FAINT: f32 = 1e-15;

/// A sample that can be reckoned with.
pub(crate) fn sample(value: f32) -> f32 {
    if value.is_finite() { value.clamp(-LOUDEST, LOUDEST) } else { 0.0 }
}

/// Zero if it is next to nothing.
pub(crate) fn flushed(value: f32) -> f32 {
    if value.abs() < FAINT { 0.0 } else { value }
}

/// The volume of a source.
pub(crate) fn gain(value: f32) -> f32 {
    if value.is_finite() { value.clamp(0.0, 4.0) } else { 0.0 }
}

/// From the listener's head to a source, in the head's frame; none where either is nowhere.
pub(crate) fn offset(listener: &Listener, source: &Source<'_>) -> Option<Vec3> {
    let offset = source.position - listener.position;
    let is_heard = offset.is_finite() && offset.abs().max_element() < FARTHEST;
    is_heard.then(|| listener.building_from_head.inverse() * offset)
}

/// The pose, or the last good one in its broken parts.
pub(crate) fn pose(listener: &Listener, last: &Listener) -> Listener {
    let square = listener.building_from_head.length_squared();
    let is_turn = square.is_finite() && square > 1e-6;
    let is_place = listener.position.is_finite() && listener.position.abs().max_element() < 1e6;
    Listener {
        position: if is_place { listener.position } else { last.position },
        building_from_head: match is_turn {
            true => listener.building_from_head.normalize(),
            false => last.building_from_head,
        },
    }
}

/// Presses what is too loud below full scale: a memoryless curve with a knee, as smooth as the sum.
pub(crate) fn limit(heard: &mut StereoBlock) {
    for channel in [&mut heard.left, &mut heard.right] {
        channel.iter_mut().for_each(|value| *value = pressed(*value));
    }
}

fn pressed(value: f32) -> f32 {
    let size = value.abs();
    if size <= KNEE {
        return value;
    }
    if !size.is_finite() {
        return 0.0;
    }
    let over = (size - KNEE) / (1.0 - KNEE);
    value.signum() * (KNEE + (1.0 - KNEE) * over / (1.0 + over))
}

/// How far the block has gone at each sample: 0 before the first, 1 at the last.
pub(crate) fn part(at: usize) -> f32 {
    (at + 1) as f32 / BLOCK as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::Quat;

    #[test]
    fn broken_poses_are_replaced_by_the_last_good_one() {
        let good = Listener { position: Vec3::ONE, building_from_head: Quat::from_rotation_y(1.0) };
        let zero = Quat::from_xyzw(0.0, 0.0, 0.0, 0.0);
        let none = Quat::from_xyzw(f32::NAN, 0.0, 0.0, 1.0);
        for turn in [zero, none] {
            let broken = Listener { position: Vec3::NAN, building_from_head: turn };
            assert_eq!(pose(&broken, &good), good);
        }
        let long = Listener { building_from_head: Quat::from_xyzw(0.0, 0.0, 0.0, 9.0), ..good };
        assert!(pose(&long, &good).building_from_head.is_normalized());
    }

    #[test]
    fn nothing_is_louder_than_full_scale() {
        for value in [0.0, 0.5, 0.8, 0.9, 3.0, 1e30, f32::INFINITY, f32::NAN] {
            assert!(pressed(value).abs() <= 1.0 && pressed(-value).abs() <= 1.0);
        }
        assert!(pressed(0.81) > 0.8 && pressed(2.0) > pressed(1.0));
        assert_eq!(pressed(-0.5), -0.5);
    }
}
