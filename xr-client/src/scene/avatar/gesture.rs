//! Where the hands are during a gesture, for bodies whose hands are not tracked.
//!
//! Poses are in the root's frame of a standing body, metres.

use super::fingers::HandShape;
use glam::{Mat3, Quat, Vec3};
use std::f32::consts::TAU;
use venue_model::{Gesture, RigidPose};

/// Where fingers point and where the palm looks in the pose of the avatars' file, for the right hand.
const REST_FINGERS: Vec3 = Vec3::new(0.642_788, -0.766_044, 0.0);
const REST_PALM: Vec3 = Vec3::new(-0.766_044, -0.642_788, 0.0);

/// Left and right hand, this long into the gesture; none where the clips move the hand. Orientations are turns from
/// the pose of the avatars' file.
pub fn hands_of(gesture: Gesture, secs: f32) -> [Option<RigidPose>; 2] {
    let swing = |hertz: f32| (secs * hertz * TAU).sin();
    match gesture {
        Gesture::None | Gesture::Nod | Gesture::Bow => [None; 2],
        Gesture::Wave => {
            let lean = 0.45 * swing(1.6);
            let place = Vec3::new(0.36 + 0.07 * swing(1.6), 1.66, -0.20);
            [None, Some(right(place, Vec3::new(lean, 1.0, -0.15), Vec3::NEG_Z))]
        }
        Gesture::Applaud => {
            let apart = 0.035 + 0.055 * (0.5 + 0.5 * swing(2.4));
            let hand = right(Vec3::new(apart, 1.16, -0.33), Vec3::new(-0.10, 0.62, -0.78), Vec3::NEG_X);
            [Some(mirrored(hand)), Some(hand)]
        }
        Gesture::Point => [None, Some(right(Vec3::new(0.16, 1.40, -0.50), Vec3::NEG_Z, Vec3::NEG_Y))],
        Gesture::Shrug => {
            let lift = 0.03 * (secs * 3.0).min(1.0);
            let hand = right(Vec3::new(0.40, 1.13 + lift, -0.22), Vec3::new(0.75, 0.12, -0.65), Vec3::Y);
            [Some(mirrored(hand)), Some(hand)]
        }
        Gesture::ThumbUp => {
            [None, Some(right(Vec3::new(0.20, 1.27, -0.40), Vec3::new(-0.45, 0.0, -0.9), Vec3::NEG_X))]
        }
    }
}

/// The shapes of the left and the right hand; none where the gesture leaves a hand alone.
pub fn shapes_of(gesture: Gesture) -> [Option<HandShape>; 2] {
    match gesture {
        Gesture::None | Gesture::Nod | Gesture::Bow => [None; 2],
        Gesture::Wave => [None, Some(HandShape::Open)],
        Gesture::Applaud => [Some(HandShape::Flat); 2],
        Gesture::Point => [None, Some(HandShape::Pointing)],
        Gesture::Shrug => [Some(HandShape::Open); 2],
        Gesture::ThumbUp => [None, Some(HandShape::ThumbUp)],
    }
}

/// The right hand of somebody who asks for the floor.
pub fn raised_hand() -> RigidPose {
    right(Vec3::new(0.235, 1.88, -0.10), Vec3::new(0.05, 1.0, -0.05), Vec3::NEG_Z)
}

/// How far the trunk bends forward, radians.
pub fn bow_of(gesture: Gesture, secs: f32) -> f32 {
    match gesture {
        Gesture::Bow => 0.62 * ease(secs * 1.6),
        _ => 0.0,
    }
}

/// A right hand whose fingers and palm look in these directions.
fn right(position: Vec3, fingers: Vec3, palm: Vec3) -> RigidPose {
    let frame = |fingers: Vec3, palm: Vec3| {
        let along = fingers.normalize();
        let across = (palm - along * palm.dot(along)).normalize();
        Mat3::from_cols(along, across, along.cross(across))
    };
    let turn = frame(fingers, palm) * frame(REST_FINGERS, REST_PALM).transpose();
    RigidPose { position, orientation: Quat::from_mat3(&turn) }
}

/// The left hand that mirrors a right one.
fn mirrored(hand: RigidPose) -> RigidPose {
    let [x, y, z, w] = hand.orientation.to_array();
    RigidPose {
        position: hand.position * Vec3::new(-1.0, 1.0, 1.0),
        orientation: Quat::from_xyzw(x, -y, -z, w),
    }
}

fn ease(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// The turn of the head on top of where the person looks.
pub fn nod_of(gesture: Gesture, secs: f32) -> Quat {
    match gesture {
        Gesture::Nod => Quat::from_rotation_x(-0.22 * (1.0 - (secs * 1.4 * TAU).cos())),
        Gesture::Bow => Quat::from_rotation_x(-0.25 * ease(secs * 1.6)),
        _ => Quat::IDENTITY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hands_stay_within_an_arms_reach_of_the_shoulders() {
        let check = |name: String, hands: [Option<RigidPose>; 2]| {
            for (side, hand) in hands.iter().enumerate().filter_map(|(s, h)| Some((s, (*h)?))) {
                let shoulder = Vec3::new(if side == 0 { -0.156 } else { 0.156 }, 1.40, 0.01);
                assert!(hand.position.distance(shoulder) < 0.54, "{name} {side}");
                assert!((hand.orientation.length() - 1.0).abs() < 1e-3, "{name} {side}");
            }
        };
        for gesture in Gesture::ALL {
            for step in 0..50 {
                check(format!("{gesture:?}"), hands_of(gesture, step as f32 * 0.1));
            }
        }
        check("raised".into(), [None, Some(raised_hand())]);
    }

    #[test]
    fn palms_look_where_the_gesture_shows_them() {
        let palm = |hand: RigidPose| hand.orientation * REST_PALM;
        let mirror_palm = |hand: RigidPose| hand.orientation * (REST_PALM * Vec3::new(-1.0, 1.0, 1.0));
        assert!(palm(raised_hand()).z < -0.95, "to the front");
        let [left, right] = hands_of(Gesture::Applaud, 0.3).map(Option::unwrap);
        assert!(palm(right).x < -0.9 && mirror_palm(left).x > 0.9, "to each other");
        let [left, right] = hands_of(Gesture::Shrug, 1.0).map(Option::unwrap);
        assert!(palm(right).y > 0.9 && mirror_palm(left).y > 0.9, "upwards");
    }
}
