//! Bodies: where a participant's root, head and hands are.

use crate::SeatId;
use glam::{Quat, Vec3};
use serde::{Deserialize, Serialize};

/// A rigid transform: metres and a unit quaternion, child to parent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RigidPose {
    /// Metres.
    pub position: Vec3,
    /// Unit quaternion.
    pub orientation: Quat,
}

impl Default for RigidPose {
    fn default() -> Self {
        Self { position: Vec3::ZERO, orientation: Quat::IDENTITY }
    }
}

/// Standing, or sitting somewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Posture {
    /// On the feet (or in one's own wheelchair).
    #[default]
    Standing,
    /// On this seat.
    Seated(SeatId),
}

/// A short animation that others see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Gesture {
    /// None.
    #[default]
    None,
    /// Waves.
    Wave,
    /// Nods.
    Nod,
    /// Claps.
    Applaud,
    /// Points ahead.
    Point,
    /// Shrugs.
    Shrug,
    /// Bows.
    Bow,
    /// Puts a thumb up.
    ThumbUp,
}

impl Gesture {
    /// Every gesture, in wire order; 1 to 7 are the keys 1 to 7.
    pub const ALL: [Self; 8] = [
        Self::None,
        Self::Wave,
        Self::Nod,
        Self::Applaud,
        Self::Point,
        Self::Shrug,
        Self::Bow,
        Self::ThumbUp,
    ];
}

/// How far the fingers of a hand are bent, in steps that are fine enough to be seen and small enough to be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fingers([u8; 5]);

impl Fingers {
    /// The step of a finger that is bent into the fist.
    pub const FIST: u8 = 15;

    /// From the thumb to the little finger: 0 straight, 1 in the fist. What lies beyond, or is no number, is moved to an end.
    pub fn of_curls(curls: [f32; 5]) -> Self {
        // A cast of no number is zero.
        Self(curls.map(|curl| (curl.clamp(0.0, 1.0) * f32::from(Self::FIST)).round() as u8))
    }

    /// From steps of 0 to [`Self::FIST`]; none if one is higher.
    pub fn of_steps(steps: [u8; 5]) -> Option<Self> {
        steps.iter().all(|step| *step <= Self::FIST).then_some(Self(steps))
    }

    /// The steps, from the thumb to the little finger.
    pub fn steps(self) -> [u8; 5] {
        self.0
    }

    /// From the thumb to the little finger: 0 straight, 1 in the fist.
    pub fn curls(self) -> [f32; 5] {
        self.0.map(|step| f32::from(step) / f32::from(Self::FIST))
    }
}

/// A participant's body at one moment.
///
/// The root stands on the floor (or on the seat's floor point) in the building frame;
/// head and hands are in the root's frame: origin on the floor below the body, y up,
/// turned by `yaw`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BodyPose {
    /// Floor point below the body, metres in the building frame.
    pub root: Vec3,
    /// Which way the body faces, radians about +y; zero looks along -z, positive turns left.
    pub yaw: f32,
    /// Root from head; its origin is between the eyes.
    pub head: RigidPose,
    /// Root from left and right hand (grip); none when the device tracks no hands.
    pub hands: [Option<RigidPose>; 2],
    /// The fingers of both; none when the device knows nothing of them, or tracks no hand.
    #[serde(default)]
    pub fingers: [Option<Fingers>; 2],
    /// Standing or seated.
    pub posture: Posture,
    /// Gesture now playing.
    pub gesture: Gesture,
}

/// Height of the eyes of a standing flat user above the floor, metres.
pub const STANDING_EYE_HEIGHT: f32 = 1.65;

/// Height of the eyes of a seated flat user above the floor, metres.
pub const SEATED_EYE_HEIGHT: f32 = 1.2;

/// Height of the eyes of a flat user in a wheelchair above the floor, metres.
pub const WHEELCHAIR_EYE_HEIGHT: f32 = 1.30;

/// Height of a usual seat above the floor, metres: the one that [`SEATED_EYE_HEIGHT`] belongs to.
pub const USUAL_SEAT_HEIGHT: f32 = 0.45;

/// Height of the eyes of a flat user above the floor on a seat of this height, metres.
pub fn seated_eye_height(seat_metres: f32) -> f32 {
    SEATED_EYE_HEIGHT + (seat_metres - USUAL_SEAT_HEIGHT).clamp(-0.3, 0.6)
}

impl BodyPose {
    /// A body that stands at `root` and looks along `yaw`.
    pub fn standing(root: Vec3, yaw: f32) -> Self {
        Self {
            root,
            yaw,
            head: RigidPose { position: Vec3::Y * STANDING_EYE_HEIGHT, orientation: Quat::IDENTITY },
            hands: [None; 2],
            fingers: [None; 2],
            posture: Posture::Standing,
            gesture: Gesture::None,
        }
    }

    /// Building from root.
    pub fn building_from_root(&self) -> RigidPose {
        RigidPose { position: self.root, orientation: Quat::from_rotation_y(self.yaw) }
    }

    /// The head in the building frame.
    pub fn head_in_building(&self) -> RigidPose {
        let root = self.building_from_root();
        RigidPose {
            position: root.position + root.orientation * self.head.position,
            orientation: root.orientation * self.head.orientation,
        }
    }

    /// Whether every number is finite and head and hands are within reach of the root.
    pub fn is_plausible(&self) -> bool {
        let near = |pose: &RigidPose| {
            pose.position.is_finite()
                && pose.position.length() <= 3.0
                && pose.orientation.is_finite()
                && (pose.orientation.length() - 1.0).abs() < 0.01
        };
        self.root.is_finite()
            && self.root.abs().max_element() < 1.0e5
            && self.yaw.is_finite()
            && near(&self.head)
            && self.hands.iter().flatten().all(near)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f32::consts::FRAC_PI_2;

    #[test]
    fn a_positive_yaw_turns_left() {
        let mut body = BodyPose::standing(Vec3::ZERO, FRAC_PI_2);
        body.head.position = Vec3::new(0.0, 1.6, -0.1);
        let head = body.head_in_building();
        assert!(head.position.abs_diff_eq(Vec3::new(-0.1, 1.6, 0.0), 1e-6), "{}", head.position);
        let forward = head.orientation * Vec3::NEG_Z;
        assert!(forward.abs_diff_eq(Vec3::NEG_X, 1e-6), "{forward}");
    }

    #[test]
    fn fingers_come_within_a_thirtieth() {
        let curls = [0.0, 0.21, 0.5, 0.77, 1.0];
        let seen = Fingers::of_curls(curls).curls();
        assert!(curls.iter().zip(seen).all(|(sent, seen)| (sent - seen).abs() < 0.034), "{seen:?}");
        assert_eq!(Fingers::of_curls([f32::NAN, -1.0, 9.0, 0.0, 1.0]).steps(), [0, 0, 15, 0, 15]);
        assert_eq!(Fingers::of_steps([0, 0, 16, 0, 0]), None);
    }

    #[test]
    fn broken_numbers_are_not_plausible() {
        let good = BodyPose::standing(Vec3::ONE, 0.0);
        assert!(good.is_plausible());
        assert!(!BodyPose { root: Vec3::NAN, ..good }.is_plausible());
        assert!(!BodyPose { yaw: f32::INFINITY, ..good }.is_plausible());
        let far = RigidPose { position: Vec3::X * 4.0, ..RigidPose::default() };
        assert!(!BodyPose { hands: [Some(far), None], ..good }.is_plausible());
    }
}
