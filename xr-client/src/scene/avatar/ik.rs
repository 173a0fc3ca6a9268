//! Inverse kinematics of a limb with two bones: the law of cosines, with a pole that says where the joint bends.
//!
//! It must not know skeletons; it works on points.

use glam::{Mat3, Quat, Vec3};

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

/// Where the hand of a bent arm rests best before a shoulder: ahead and a little down. Opposite, behind and above the
/// shoulder, no hand can be; there alone the elbow has no place of its own.
const ARM_REST: Vec3 = Vec3::new(0.0, -0.42, -0.9075);

/// The elbow's place beside that line: down and a little outwards (to +x for a right arm).
const ELBOW_REST: Vec3 = Vec3::new(0.42, -0.8236, 0.3812);

/// An elbow is not bent more than to this angle between the bones, radians: there is flesh between.
const SHARPEST_ELBOW: f32 = 0.62;

/// A bent arm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ArmBend {
    /// Elbow and hand.
    pub bend: Bend,
    /// The axis of the elbow, at right angles to both bones.
    pub hinge: Vec3,
}

/// Bends an arm from the shoulder to a hand. The elbow's place turns with the arm's direction by the shortest way from
/// `ARM_REST`: it hangs below a hand ahead, behind a hand that is down, before one that is up, and never leaps on the way
/// from one to the other, as it does with a fixed pole when the hand passes the pole. `outwards` is 1 for the right arm and
/// -1 for the left; directions are the root's.
pub fn bend_arm(shoulder: Vec3, upper: f32, lower: f32, hand: Vec3, outwards: f32) -> ArmBend {
    let nearest =
        (upper * upper + lower * lower - 2.0 * upper * lower * SHARPEST_ELBOW.cos()).max(0.0).sqrt();
    let off = hand - shoulder;
    // A hand at the shoulder has no direction: it is held out ahead, softly, so that nothing turns over there.
    let lacking = (nearest - off.length()).max(0.0);
    let wanted = off + ARM_REST * lacking;
    let along = wanted.try_normalize().unwrap_or(ARM_REST);
    let distance = off.length().max(nearest);
    let side = elbow_side(along, outwards);
    let bend = bend(shoulder, upper, lower, shoulder + along * distance, side);
    ArmBend { bend, hinge: along.cross(side).normalize_or(Vec3::X) }
}

/// Which way the elbow stands off an arm in this direction.
pub fn elbow_side(along: Vec3, outwards: f32) -> Vec3 {
    let rest = Vec3::new(ELBOW_REST.x * outwards, ELBOW_REST.y, ELBOW_REST.z);
    let side = turn_between(ARM_REST, along) * rest;
    (side - along * side.dot(along)).normalize_or(Vec3::NEG_Y)
}

/// The rotation that has a bone along a direction and its hinge on another, when both are known for a first rotation.
pub fn turned_bone(first: Quat, first_along: Vec3, first_hinge: Vec3, along: Vec3, hinge: Vec3) -> Quat {
    let frame = |along: Vec3, hinge: Vec3| {
        let along = along.normalize_or(Vec3::NEG_Y);
        let hinge = (hinge - along * hinge.dot(along)).normalize_or(along.any_orthonormal_vector());
        Quat::from_mat3(&Mat3::from_cols(along, hinge, along.cross(hinge)))
    };
    (frame(along, hinge) * frame(first_along, first_hinge).inverse() * first).normalize()
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

    const UPPER: f32 = 0.28;
    const LOWER: f32 = 0.25;

    fn arm_to(hand: Vec3) -> ArmBend {
        bend_arm(Vec3::ZERO, UPPER, LOWER, hand, 1.0)
    }

    #[test]
    fn an_elbow_hangs_where_an_elbow_can_be() {
        for (hand, wanted, name) in [
            (Vec3::new(0.0, -0.05, -0.4), Vec3::NEG_Y, "below a hand ahead"),
            (Vec3::new(0.02, -0.48, -0.05), Vec3::Z, "behind a hand that hangs"),
            (Vec3::new(0.0, 0.45, -0.1), Vec3::NEG_Z, "before a raised hand"),
            (Vec3::new(0.42, 0.0, -0.05), Vec3::NEG_Y, "below a hand at the side"),
            (Vec3::new(-0.3, 0.1, -0.25), Vec3::NEG_Y, "below a hand that reaches across"),
        ] {
            let found = arm_to(hand).bend;
            let off = found.middle - found.end * (found.middle.dot(found.end) / found.end.length_squared());
            assert!(off.normalize().dot(wanted) > 0.55, "{name}: {off}");
            assert!((found.end - hand).length() < 1e-3, "{name} is reached");
        }
    }

    #[test]
    fn the_left_arm_mirrors_the_right_one() {
        let right = arm_to(Vec3::new(0.2, -0.1, -0.3)).bend.middle;
        let left = bend_arm(Vec3::ZERO, UPPER, LOWER, Vec3::new(-0.2, -0.1, -0.3), -1.0).bend.middle;
        assert!(left.abs_diff_eq(Vec3::new(-right.x, right.y, right.z), 1e-5), "{left} {right}");
    }

    proptest! {
        #[test]
        fn no_elbow_bends_backwards_and_no_bone_stretches(hand in point()) {
            let ArmBend { bend: found, hinge } = arm_to(hand);
            prop_assert!(found.middle.is_finite() && found.end.is_finite());
            prop_assert!((found.middle.length() - UPPER).abs() < 1e-3);
            prop_assert!(((found.end - found.middle).length() - LOWER).abs() < 1e-3);
            // The forearm turns forwards about the hinge, as it does from the first pose on.
            let bends = found.middle.cross(found.end - found.middle).dot(hinge);
            prop_assert!(bends <= 1e-4, "{bends}");
            prop_assert!(hinge.dot(found.middle).abs() < 1e-3, "the hinge is square to the arm");
            // Hands before the body have their elbows below or beside them, not above.
            if hand.z < -0.1 && hand.y < 0.3 {
                let off = found.middle - found.end * (found.middle.dot(found.end) / found.end.length_squared());
                prop_assert!(off.y <= 0.02, "{off}");
            }
        }

        #[test]
        fn elbows_move_as_smoothly_as_hands(hand in point(), step in point()) {
            // Whatever the hand does in a frame, out of the cone behind and above where none can be.
            let step = step.clamp_length_max(1.0) * 0.004;
            let (from, to) = (arm_to(hand), arm_to(hand + step));
            let is_possible = |hand: Vec3| hand.length() > 0.05 && hand.normalize().dot(ARM_REST) > -0.8;
            if is_possible(hand) && is_possible(hand + step) {
                let moved = from.bend.middle.distance(to.bend.middle);
                prop_assert!(moved < 0.05, "an elbow leaps by {moved} m when the hand moves by {} m", step.length());
                let turned = from.hinge.angle_between(to.hinge);
                prop_assert!(turned < 0.30, "an arm twists by {turned}");
            }
        }
    }
}
