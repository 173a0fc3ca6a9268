//! Fingers: how far they are bent and what they do, from the joints that a headset tracks, or from how a controller is held.
//!
//! It must not know the runtime.

use super::bare_hands::Gestures;
use glam::{Mat3, Quat, Vec3};
use venue_model::RigidPose;

/// Joints of a hand, in the order of `XR_EXT_hand_tracking`: palm, wrist, four of the thumb, five of each finger.
pub const JOINTS: usize = 26;

/// The palm's and the tip of the index finger's place among them.
pub const PALM: usize = 0;
pub const INDEX_TIP: usize = 10;

/// Other joints: the wrist, the thumb's tip, where index and middle finger begin.
const WRIST: usize = 1;
const THUMB_TIP: usize = 5;
const INDEX_KNUCKLE: usize = 7;
const MIDDLE_KNUCKLE: usize = 12;

/// Where each finger begins, from the thumb, and how many joints it has.
const FINGERS: [(usize, usize); 5] = [(2, 4), (6, 5), (11, 5), (16, 5), (21, 5)];

/// All bends of a finger in the fist together, radians: the thumb has one less.
const THUMB_FIST: f32 = 1.6;
const FINGER_FIST: f32 = 3.8;

/// A finger that is bent further touches nothing.
const STRETCHED: f32 = 0.5;

/// From the wrist to where the middle finger begins, in a hand of the usual size, metres. Distances are of such a hand.
const HAND_METRES: f32 = 0.095;

/// Tips of thumb and index finger touch at the first distance and mean nothing at the second, metres.
const TIPS_TOUCH: f32 = 0.015;
const TIPS_APART: f32 = 0.05;

/// An index finger that is bent further is part of a fist and pinches nothing.
const PINCHES: f32 = 0.85;

/// Fingers are no fist while one is bent less than the first, and one when all are bent more than the second.
const FIST_BEGINS: f32 = 0.4;
const FIST_IS_CLOSED: f32 = 0.85;

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

/// What a hand does of which only the joints are known.
pub fn gestures(joints: &[Vec3; JOINTS], curls: &[f32; 5]) -> Gestures {
    let size = joints[WRIST].distance(joints[MIDDLE_KNUCKLE]) / HAND_METRES;
    let tips = joints[THUMB_TIP].distance(joints[INDEX_TIP]) / size.clamp(0.6, 1.4);
    let pinch = (TIPS_APART - tips) / (TIPS_APART - TIPS_TOUCH);
    let least_bent = curls[1..].iter().copied().fold(1.0, f32::min);
    let grasp = (least_bent - FIST_BEGINS) / (FIST_IS_CLOSED - FIST_BEGINS);
    // A finger that is stretched out of a fist touches; a ray from the knuckle would lead elsewhere.
    let points_out = curls[1] < STRETCHED && curls[2..].iter().all(|curl| *curl > STRETCHED);
    let touches_only = points_out && pinch < 0.5;
    Gestures {
        pinch: pinch.clamp(0.0, 1.0),
        can_pinch: curls[1] < PINCHES,
        grasp: grasp.clamp(0.0, 1.0),
        can_grasp: true,
        knuckle: (!touches_only).then_some(joints[INDEX_KNUCKLE]),
    }
}

/// The pose of a grip in a hand whose palm has this pose: of a palm y goes out of the back and -z along the fingers, of a
/// grip the thumb lies along -z and x goes into the right palm and out of the left one.
pub fn grip_of_palm(side: usize, palm: &RigidPose) -> RigidPose {
    let palm_from_grip = match side {
        0 => Mat3::from_cols(Vec3::NEG_Y, Vec3::Z, Vec3::NEG_X),
        _ => Mat3::from_cols(Vec3::Y, Vec3::Z, Vec3::X),
    };
    let orientation = (palm.orientation * Quat::from_mat3(&palm_from_grip)).normalize();
    RigidPose { orientation, ..*palm }
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

    /// A hand of which only these are where they are: wrist, middle knuckle and the two tips.
    fn tips(apart: f32, size: f32) -> [Vec3; JOINTS] {
        let mut joints = [Vec3::ZERO; JOINTS];
        joints[MIDDLE_KNUCKLE] = Vec3::NEG_Z * HAND_METRES * size;
        joints[INDEX_TIP] = Vec3::X * apart;
        joints
    }

    #[test]
    fn tips_that_touch_pinch_in_a_small_hand_too_but_not_in_a_fist() {
        let bent = [0.4; 5];
        let pinch = |apart, size| gestures(&tips(apart, size), &bent).pinch;
        assert!(pinch(0.012, 1.0) == 1.0 && pinch(0.06, 1.0) == 0.0);
        assert!(pinch(0.02, 0.7) < pinch(0.02, 1.0), "2 cm are more for a child");
        let fist = gestures(&tips(0.01, 1.0), &[0.9; 5]);
        assert!(!fist.can_pinch && fist.grasp == 1.0);
        assert!(gestures(&tips(0.01, 1.0), &bent).can_pinch);
        assert_eq!(
            gestures(&tips(0.0, 1.0), &[1.0, 0.4, 1.0, 1.0, 1.0]).grasp,
            0.0,
            "a pinch with bent fingers"
        );
    }

    #[test]
    fn a_finger_stretched_out_of_a_fist_touches_and_throws_no_ray() {
        let knuckle = |curls| gestures(&tips(0.08, 1.0), &curls).knuckle;
        assert!(knuckle([1.0, 0.1, 0.9, 0.9, 0.9]).is_none());
        assert!(knuckle([0.2; 5]).is_some());
    }

    #[test]
    fn the_grip_of_a_palm_has_thumb_and_palm_where_openxr_has_them() {
        // Palms down, fingers ahead.
        let [left, right] = [0, 1].map(|side| grip_of_palm(side, &RigidPose::default()).orientation);
        for grip in [left, right] {
            assert!((grip * Vec3::NEG_Y).distance(Vec3::NEG_Z) < 1e-6, "fingers along -y");
        }
        assert!((right * Vec3::NEG_Z).distance(Vec3::NEG_X) < 1e-6, "the right thumb to the left");
        assert!((left * Vec3::NEG_Z).distance(Vec3::X) < 1e-6);
        assert!((right * Vec3::X).distance(Vec3::Y) < 1e-6, "into the palm");
        assert!((left * Vec3::X).distance(Vec3::NEG_Y) < 1e-6, "out of the palm");
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
