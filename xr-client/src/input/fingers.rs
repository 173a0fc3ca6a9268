//! Fingers: how far they are bent, from the joints that a headset tracks, or from how a controller is held.
//!
//! It must not know the runtime.

use glam::Vec3;

/// Joints of a hand, in the order of `XR_EXT_hand_tracking`: palm, wrist, four of the thumb, five of each finger.
pub const JOINTS: usize = 26;

/// The palm's and the tip of the index finger's place among them.
pub const PALM: usize = 0;
pub const INDEX_TIP: usize = 10;

/// Where each finger begins, from the thumb, and how many joints it has.
const FINGERS: [(usize, usize); 5] = [(2, 4), (6, 5), (11, 5), (16, 5), (21, 5)];

/// All bends of a finger in the fist together, radians: the thumb has one less.
const THUMB_FIST: f32 = 1.6;
const FINGER_FIST: f32 = 3.8;

/// A finger that is bent further touches nothing.
const STRETCHED: f32 = 0.5;

/// How far the fingers are bent: 0 straight, 1 in the fist. None if a joint is no place.
pub fn curls(joints: &[Vec3; JOINTS]) -> Option<[f32; 5]> {
    let bent = FINGERS.map(|(first, count)| {
        let bends: f32 = joints[first..first + count].windows(3).map(|at| bend(at[0], at[1], at[2])).sum();
        let fist = if count == 4 { THUMB_FIST } else { FINGER_FIST };
        (bends / fist).clamp(0.0, 1.0)
    });
    joints.iter().all(|joint| joint.is_finite()).then_some(bent)
}

/// How far a finger is bent at the middle one of three joints, radians.
fn bend(before: Vec3, joint: Vec3, after: Vec3) -> f32 {
    let (one, other) = ((joint - before).normalize_or_zero(), (after - joint).normalize_or_zero());
    one.dot(other).clamp(-1.0, 1.0).acos()
}

/// The tip of an index finger that is stretched out.
pub fn touching_tip(joints: &[Vec3; JOINTS], curls: &[f32; 5]) -> Option<Vec3> {
    Some(joints[INDEX_TIP]).filter(|tip| tip.is_finite() && curls[1] < STRETCHED)
}

/// How a controller is held.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hold {
    /// How far the trigger is pulled, 0 to 1.
    pub pull: f32,
    /// How far the palm squeezes, 0 to 1.
    pub squeeze: f32,
    /// Whether the thumb lies on it.
    pub thumb_rests: bool,
}

impl Hold {
    /// How a hand's fingers lie around a controller that is held so.
    pub fn curls(&self) -> [f32; 5] {
        let within = |value: f32| if value.is_finite() { value.clamp(0.0, 1.0) } else { 0.0 };
        let index = 0.25 + 0.55 * within(self.pull);
        let palm = 0.55 + 0.35 * within(self.squeeze);
        [if self.thumb_rests { 0.6 } else { 0.2 }, index, palm, palm, palm]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::Quat;
    use proptest::prelude::*;

    /// A hand whose fingers are bent by this angle at each joint.
    fn hand(radians: [f32; 5]) -> [Vec3; JOINTS] {
        let mut joints = [Vec3::ZERO; JOINTS];
        for (finger, (first, count)) in FINGERS.into_iter().enumerate() {
            let mut place = Vec3::X * finger as f32 * 0.02;
            for joint in 0..count {
                joints[first + joint] = place;
                let turn = Quat::from_rotation_x(-radians[finger] * joint as f32);
                place += turn * Vec3::NEG_Z * 0.03;
            }
        }
        joints
    }

    #[test]
    fn straight_fingers_are_straight_and_a_fist_is_one() {
        assert!(curls(&hand([0.0; 5])).unwrap().iter().all(|curl| *curl < 0.01));
        assert_eq!(curls(&hand([1.3; 5])), Some([1.0; 5]));
        let pointing = curls(&hand([1.0, 0.05, 1.3, 1.3, 1.3])).unwrap();
        assert!(pointing[1] < 0.1 && pointing[2] == 1.0, "{pointing:?}");
        let mut broken = hand([0.0; 5]);
        broken[20] = Vec3::NAN;
        assert_eq!(curls(&broken), None);
    }

    #[test]
    fn only_a_stretched_finger_touches() {
        let tip = |bend: f32| {
            let joints = hand([0.0, bend, 0.0, 0.0, 0.0]);
            touching_tip(&joints, &curls(&joints).unwrap())
        };
        assert!(tip(0.1).is_some_and(|tip| tip.z < -0.1) && tip(1.2).is_none());
    }

    proptest! {
        #[test]
        fn more_bend_is_more_curl(bend in 0.0f32..1.2, more in 0.0f32..0.3) {
            let (less, more) = (curls(&hand([bend; 5])).unwrap(), curls(&hand([bend + more; 5])).unwrap());
            prop_assert!((0..5).all(|finger| more[finger] >= less[finger] - 1e-4));
        }

        #[test]
        fn a_controller_bends_fingers_within_reason(pull in -1.0f32..2.0, squeeze in -1.0f32..2.0, rests: bool) {
            let curls = Hold { pull, squeeze, thumb_rests: rests }.curls();
            prop_assert!(curls.iter().all(|curl| (0.0..=1.0).contains(curl)));
        }
    }
}
