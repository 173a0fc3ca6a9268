//! Where the hands are during a gesture, for bodies whose hands are not tracked.
//!
//! Poses are in the root's frame of a standing body, metres.

use glam::{Quat, Vec3};
use std::f32::consts::TAU;
use venue_model::{Gesture, RigidPose};

/// Left and right hand, this long into the gesture; none where the clips move the hand.
pub fn hands_of(gesture: Gesture, secs: f32) -> [Option<RigidPose>; 2] {
    let swing = |hertz: f32| (secs * hertz * TAU).sin();
    let hand = |x: f32, y: f32, z: f32| {
        Some(RigidPose { position: Vec3::new(x, y, z), orientation: Quat::IDENTITY })
    };
    match gesture {
        Gesture::None | Gesture::Nod | Gesture::Bow => [None; 2],
        Gesture::Wave => [None, hand(0.34 + 0.10 * swing(1.6), 1.72, -0.22)],
        Gesture::Applaud => {
            let apart = 0.06 + 0.06 * swing(2.5);
            [hand(-apart, 1.22, -0.32), hand(apart, 1.22, -0.32)]
        }
        Gesture::Point => [None, hand(0.18, 1.40, -0.58)],
        Gesture::Shrug => [hand(-0.42, 1.14, -0.22), hand(0.42, 1.14, -0.22)],
        Gesture::ThumbUp => [None, hand(0.22, 1.30, -0.38)],
    }
}

/// The turn of the head on top of where the person looks.
pub fn nod_of(gesture: Gesture, secs: f32) -> Quat {
    match gesture {
        Gesture::Nod => Quat::from_rotation_x(-0.22 * (1.0 - (secs * 1.4 * TAU).cos())),
        Gesture::Bow => Quat::from_rotation_x(-0.6 * (secs * 1.2).min(1.0)),
        _ => Quat::IDENTITY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hands_stay_within_an_arms_reach_of_the_shoulders() {
        for gesture in Gesture::ALL {
            for step in 0..50 {
                let hands = hands_of(gesture, step as f32 * 0.1);
                for (side, hand) in hands.iter().enumerate().filter_map(|(s, h)| Some((s, (*h)?))) {
                    let shoulder = Vec3::new(if side == 0 { -0.18 } else { 0.18 }, 1.42, 0.0);
                    assert!(hand.position.distance(shoulder) < 0.65, "{gesture:?} {side}");
                }
            }
        }
    }
}
