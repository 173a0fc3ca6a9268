//! Inverse kinematics of a limb with two bones: the law of cosines, with a pole that says where the joint bends.
//!
//! It must not know skeletons; it works on points.

use glam::{Quat, Vec3};

/// Where the middle joint goes, and where the end comes to lie when the target is out of reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bend {
    /// Elbow or knee.
    pub middle: Vec3,
    /// Hand or foot.
    pub end: Vec3,
}

/// Bends a limb from `root` with bones of lengths `upper` and `lower` towards `target`; `pole` is a direction
/// that the middle joint prefers. The limb never stretches, and keeps a little bend so that it never flips.
pub fn bend(root: Vec3, upper: f32, lower: f32, target: Vec3, pole: Vec3) -> Bend {
    let reach = (upper + lower) * 0.999;
    let nearest = (upper - lower).abs() + 1e-4;
    let wanted = target - root;
    let distance = wanted.length().clamp(nearest, reach);
    let along = wanted.try_normalize().unwrap_or(Vec3::NEG_Y);
    let end = root + along * distance;
    // Law of cosines: how far along the line from root to end the middle joint stands, and how far off it.
    let foot = (distance * distance + upper * upper - lower * lower) / (2.0 * distance);
    let off = (upper * upper - foot * foot).max(0.0).sqrt();
    let side =
        (pole - along * pole.dot(along)).try_normalize().unwrap_or_else(|| along.any_orthonormal_vector());
    Bend { middle: root + along * foot + side * off, end }
}

/// The shortest turn that takes one direction to another.
pub fn turn_between(from: Vec3, to: Vec3) -> Quat {
    match (from.try_normalize(), to.try_normalize()) {
        (Some(from), Some(to)) => Quat::from_rotation_arc(from, to),
        _ => Quat::IDENTITY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point() -> impl Strategy<Value = Vec3> {
        [-2.0f32..2.0, -2.0f32..2.0, -2.0f32..2.0].prop_map(Vec3::from)
    }

    #[test]
    fn a_target_in_reach_is_reached_with_the_joint_on_the_poles_side() {
        let found = bend(Vec3::ZERO, 0.3, 0.25, Vec3::new(0.0, -0.4, 0.0), Vec3::Z);
        assert!((found.end - Vec3::new(0.0, -0.4, 0.0)).length() < 1e-4);
        assert!(found.middle.z > 0.05, "{found:?}");
    }

    proptest! {
        #[test]
        fn bones_keep_their_lengths(target in point(), pole in point()) {
            let found = bend(Vec3::ZERO, 0.3, 0.26, target, pole);
            prop_assert!((found.middle.length() - 0.3).abs() < 1e-3, "{found:?}");
            prop_assert!(((found.end - found.middle).length() - 0.26).abs() < 1e-3, "{found:?}");
            if target.length() < 0.55 && target.length() > 0.05 {
                prop_assert!((found.end - target).length() < 1e-3, "{found:?}");
            }
        }
    }
}
