//! A body's pose in bits, absolute: position within half a millimetre, directions within 0.1°.
//!
//! Positions are relative to the space's origin in steps of 1/1024 m, which a single holds exactly.
//! Orientations are sent as their three smallest components (Glenn Fiedler, "Snapshot Compression",
//! 2015): the largest follows from the unit length.

use crate::bits::{BitReader, BitWriter};
use glam::{Quat, Vec3};
use std::f32::consts::{FRAC_1_SQRT_2, TAU};
use venue_model::{BodyPose, Fingers, Gesture, Posture, RigidPose, SeatId};

/// Steps to a metre.
const STEPS_PER_METRE: f32 = 1024.0;

/// Bits for the root's x and z: ± 512 m from the space's origin.
const ROOT_HORIZONTAL_BITS: u32 = 20;

/// Bits for the root's y: ± 64 m from the space's origin.
const ROOT_VERTICAL_BITS: u32 = 17;

/// Bits for an axis of head and hands: ± 4 m from the root.
const LIMB_BITS: u32 = 13;

/// Bits for the yaw: steps of 0.088°.
const YAW_BITS: u32 = 12;

/// Bits for how far a finger is bent.
const FINGER_BITS: u32 = 4;

/// Bits for a component of an orientation.
const COMPONENT_BITS: u32 = 12;

/// Most bytes of an encoded pose, with both hands and a seat.
pub const MAX_POSE_BYTES: usize = 46;

/// The bytes of one pose.
pub type PoseBytes = arrayvec::ArrayVec<u8, MAX_POSE_BYTES>;

type PoseWriter = BitWriter<MAX_POSE_BYTES>;

/// Writes the pose; what lies beyond the ranges is moved to their edge.
pub fn encode(pose: &BodyPose, origin: Vec3) -> PoseBytes {
    let mut bits = PoseWriter::default();
    let root = pose.root - origin;
    put_steps(&mut bits, root.x, ROOT_HORIZONTAL_BITS);
    put_steps(&mut bits, root.y, ROOT_VERTICAL_BITS);
    put_steps(&mut bits, root.z, ROOT_HORIZONTAL_BITS);
    let turns = pose.yaw.rem_euclid(TAU) / TAU;
    // Rounding up to a whole turn wraps to zero by the mask.
    bits.put((turns * (1 << YAW_BITS) as f32).round() as u32, YAW_BITS);
    put_rigid(&mut bits, &pose.head);
    for (hand, fingers) in pose.hands.iter().zip(&pose.fingers) {
        bits.put(u32::from(hand.is_some()), 1);
        if let Some(hand) = hand {
            put_rigid(&mut bits, hand);
            put_fingers(&mut bits, *fingers);
        }
    }
    match pose.posture {
        Posture::Standing => bits.put(0, 1),
        Posture::Seated(SeatId(seat)) => {
            bits.put(1, 1);
            bits.put(u32::from(seat), 16);
        }
    }
    let gesture = Gesture::ALL.iter().position(|gesture| *gesture == pose.gesture).unwrap_or(0);
    bits.put(gesture as u32, 3);
    bits.finish()
}

/// Reads a pose, and says how many bytes it took; none when the bytes are no pose.
pub fn decode(bytes: &[u8], origin: Vec3) -> Option<(BodyPose, usize)> {
    let mut bits = BitReader::new(&bytes[..bytes.len().min(MAX_POSE_BYTES)]);
    let x = take_steps(&mut bits, ROOT_HORIZONTAL_BITS)?;
    let y = take_steps(&mut bits, ROOT_VERTICAL_BITS)?;
    let z = take_steps(&mut bits, ROOT_HORIZONTAL_BITS)?;
    let turns = bits.take(YAW_BITS)? as f32 / (1 << YAW_BITS) as f32;
    let head = take_rigid(&mut bits)?;
    let (mut hands, mut fingers) = ([None; 2], [None; 2]);
    for (hand, fingers) in hands.iter_mut().zip(&mut fingers) {
        if bits.take(1)? == 1 {
            *hand = Some(take_rigid(&mut bits)?);
            *fingers = take_fingers(&mut bits)?;
        }
    }
    let posture = match bits.take(1)? {
        0 => Posture::Standing,
        _ => Posture::Seated(SeatId(bits.take(16)? as u16)),
    };
    let gesture = *Gesture::ALL.get(bits.take(3)? as usize)?;
    let used = bits.finish()?;
    // The yaw comes out between -π and π, as the client's own arithmetic keeps it.
    let yaw = (turns - turns.round()) * TAU;
    let root = Vec3::new(x, y, z) + origin;
    Some((BodyPose { root, yaw, head, hands, fingers, posture, gesture }, used))
}

/// The pose as the other end sees it: what everything converges to.
pub fn quantised(pose: &BodyPose, origin: Vec3) -> BodyPose {
    decode(&encode(pose, origin), origin).map_or(*pose, |(pose, _)| pose)
}

fn put_steps(bits: &mut PoseWriter, metres: f32, count: u32) {
    let half = 1i64 << (count - 1);
    let steps = ((metres * STEPS_PER_METRE).round() as i64).clamp(-half, half - 1);
    bits.put((steps + half) as u32, count);
}

fn take_steps(bits: &mut BitReader<'_>, count: u32) -> Option<f32> {
    let half = 1i64 << (count - 1);
    Some((i64::from(bits.take(count)?) - half) as f32 / STEPS_PER_METRE)
}

fn put_rigid(bits: &mut PoseWriter, pose: &RigidPose) {
    pose.position.to_array().into_iter().for_each(|axis| put_steps(bits, axis, LIMB_BITS));
    put_orientation(bits, pose.orientation);
}

fn take_rigid(bits: &mut BitReader<'_>) -> Option<RigidPose> {
    let [x, y, z] =
        [take_steps(bits, LIMB_BITS)?, take_steps(bits, LIMB_BITS)?, take_steps(bits, LIMB_BITS)?];
    Some(RigidPose { position: Vec3::new(x, y, z), orientation: take_orientation(bits)? })
}

fn put_fingers(bits: &mut PoseWriter, fingers: Option<Fingers>) {
    bits.put(u32::from(fingers.is_some()), 1);
    for step in fingers.into_iter().flat_map(Fingers::steps) {
        bits.put(u32::from(step), FINGER_BITS);
    }
}

/// The fingers of a hand, if they are told; none when the bits end.
fn take_fingers(bits: &mut BitReader<'_>) -> Option<Option<Fingers>> {
    if bits.take(1)? == 0 {
        return Some(None);
    }
    let mut steps = [0; 5];
    for step in &mut steps {
        *step = bits.take(FINGER_BITS)? as u8;
    }
    Some(Fingers::of_steps(steps))
}

/// The largest step of a component; the middle one is zero, so that the identity is exact.
const COMPONENT_HALF: i32 = (1 << (COMPONENT_BITS - 1)) - 1;

fn put_orientation(bits: &mut PoseWriter, orientation: Quat) {
    let parts = orientation.to_array();
    let largest = (0..4).max_by(|a, b| parts[*a].abs().total_cmp(&parts[*b].abs())).unwrap_or(3);
    // q and -q turn alike: the largest is sent as if positive.
    let sign = parts[largest].signum();
    bits.put(largest as u32, 2);
    for part in (0..4).filter(|part| *part != largest) {
        let step = (parts[part] * sign / FRAC_1_SQRT_2 * COMPONENT_HALF as f32).round() as i32;
        bits.put((step.clamp(-COMPONENT_HALF, COMPONENT_HALF) + COMPONENT_HALF) as u32, COMPONENT_BITS);
    }
}

fn take_orientation(bits: &mut BitReader<'_>) -> Option<Quat> {
    let largest = bits.take(2)? as usize;
    let mut parts = [0.0; 4];
    let mut rest = 1.0;
    for part in (0..4).filter(|part| *part != largest) {
        let step = bits.take(COMPONENT_BITS)? as i32 - COMPONENT_HALF;
        if step > COMPONENT_HALF {
            return None;
        }
        parts[part] = step as f32 / COMPONENT_HALF as f32 * FRAC_1_SQRT_2;
        rest -= parts[part] * parts[part];
    }
    // No unit quaternion has a largest component below a half; bytes that say so are not ours.
    if rest < 0.2 {
        return None;
    }
    parts[largest] = rest.sqrt();
    Some(Quat::from_array(parts).normalize())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    fn axis(limit: f32) -> impl Strategy<Value = f32> {
        -limit..limit
    }

    /// Any orientation.
    pub(crate) fn orientation() -> impl Strategy<Value = Quat> {
        prop::array::uniform4(axis(1.0)).prop_map(|turn| {
            let turn = Quat::from_array(turn);
            if turn.length() < 0.1 { Quat::IDENTITY } else { turn.normalize() }
        })
    }

    prop_compose! {
        fn rigid()(
            position in prop::array::uniform3(axis(1.7)),
            orientation in orientation(),
        ) -> RigidPose {
            RigidPose { position: Vec3::from_array(position), orientation }
        }
    }

    prop_compose! {
        /// Any plausible body within 100 m of the building's origin.
        pub(crate) fn body()(
            root in prop::array::uniform3(axis(60.0)),
            yaw in axis(10.0),
            head in rigid(),
            hands in [prop::option::of(rigid()), prop::option::of(rigid())],
            steps in [prop::option::of(prop::array::uniform5(0u8..16)), prop::option::of(prop::array::uniform5(0u8..16))],
            seat in prop::option::of(any::<u16>()),
            gesture in 0usize..8,
        ) -> BodyPose {
            let posture = seat.map_or(Posture::Standing, |seat| Posture::Seated(SeatId(seat)));
            // A hand that is not there has no fingers.
            let fingers = [0, 1].map(|side| hands[side].and(steps[side]).and_then(Fingers::of_steps));
            let (root, gesture) = (Vec3::from_array(root), Gesture::ALL[gesture]);
            BodyPose { root, yaw, head, hands, fingers, posture, gesture }
        }
    }

    fn check_rigid(sent: &RigidPose, seen: &RigidPose) {
        assert!(sent.position.abs_diff_eq(seen.position, 0.001), "{sent:?} {seen:?}");
        // The angle from the chord: acos near 1 is worthless in singles.
        let side = sent.orientation.dot(seen.orientation).signum();
        let chord = (seen.orientation * side - sent.orientation).length();
        let degrees = (chord * 2.0).to_degrees();
        assert!(degrees <= 0.1, "{degrees}° {sent:?} {seen:?}");
    }

    #[test]
    fn a_standing_body_takes_19_bytes_and_the_largest_fits() {
        let mut body = BodyPose::standing(Vec3::new(1.0, 2.0, 3.0), 0.5);
        assert_eq!(encode(&body, Vec3::ZERO).len(), 19);
        body.hands = [Some(RigidPose::default()); 2];
        body.fingers = [Some(Fingers::default()); 2];
        body.posture = Posture::Seated(SeatId(9));
        assert_eq!(encode(&body, Vec3::ZERO).len(), MAX_POSE_BYTES);
    }

    #[test]
    fn what_lies_outside_moves_to_the_edge() {
        let body = BodyPose::standing(Vec3::new(1e9, -1e9, f32::NAN), 0.0);
        let seen = quantised(&body, Vec3::ZERO);
        assert_eq!(seen.root, Vec3::new(512.0 - 1.0 / 1024.0, -64.0, 0.0));
    }

    proptest! {
        #[test]
        fn poses_come_within_a_millimetre_and_a_tenth_of_a_degree(
            pose in body(), origin in prop::array::uniform3(axis(40.0)),
        ) {
            let origin = Vec3::from_array(origin) * Vec3::new(1.0, 0.05, 1.0);
            let pose = BodyPose { root: pose.root * Vec3::new(1.0, 0.5, 1.0), ..pose };
            let bytes = encode(&pose, origin);
            let (seen, used) = decode(&bytes, origin).unwrap();
            prop_assert_eq!(used, bytes.len());
            prop_assert!(bytes.len() <= MAX_POSE_BYTES);
            prop_assert!(seen.root.abs_diff_eq(pose.root, 0.001));
            let turn = (seen.yaw - pose.yaw) / TAU;
            prop_assert!(((turn - turn.round()) * 360.0).abs() <= 0.1);
            check_rigid(&pose.head, &seen.head);
            for (sent, seen) in pose.hands.iter().zip(&seen.hands) {
                prop_assert_eq!(sent.is_some(), seen.is_some());
                sent.iter().zip(seen).for_each(|(sent, seen)| check_rigid(sent, seen));
            }
            prop_assert_eq!((seen.posture, seen.gesture, seen.fingers), (pose.posture, pose.gesture, pose.fingers));
        }

        #[test]
        fn quantising_twice_changes_nothing(pose in body()) {
            let once = quantised(&pose, Vec3::ZERO);
            let twice = quantised(&once, Vec3::ZERO);
            prop_assert_eq!(once.root, twice.root);
            prop_assert!((once.yaw - twice.yaw).abs() < 1e-6);
            prop_assert_eq!(once.head.position, twice.head.position);
        }

        #[test]
        fn arbitrary_bytes_are_a_plausible_pose_or_none(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Some((pose, used)) = decode(&bytes, Vec3::ZERO) {
                prop_assert!(used <= bytes.len());
                prop_assert!(pose.root.is_finite() && pose.head.orientation.is_normalized());
            }
        }
    }
}
