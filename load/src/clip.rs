//! Head and hands of somebody who was recorded, in the body's own frame, to be played from any moment on.

use crate::bvh::{Capture, Parts};
use glam::{EulerRot, Quat, Vec3};
use std::f32::consts::PI;
use venue_model::RigidPose;

/// Height of the hips of somebody who stands, metres. Recordings climb and crouch; bodies here stand on a floor.
const HIP_HEIGHT: f32 = 0.95;

/// Nothing is farther from the root than this, metres: the server takes it for implausible.
const LONGEST_REACH: f32 = 2.6;

/// Head and hands at one moment; origin on the floor below the body, which looks along -z.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Root from head.
    pub head: RigidPose,
    /// Root from left and right hand.
    pub hands: [RigidPose; 2],
}

/// A recording.
#[derive(Clone, Debug)]
pub struct Clip {
    frames: Vec<Frame>,
    micros_per_frame: u64,
}

impl Clip {
    /// Frames that follow each other at this pace; none of fewer than two.
    pub fn new(frames: Vec<Frame>, micros_per_frame: u64) -> Option<Self> {
        (frames.len() >= 2 && micros_per_frame > 0).then_some(Self { frames, micros_per_frame })
    }

    /// What somebody did who was recorded. `metres` is the length of the recording's unit; none of an instant.
    pub fn recorded(capture: &Capture, metres: f32) -> Option<Self> {
        let frames = capture.frames.iter().map(|parts| frame(parts, metres)).collect();
        Self::new(frames, (capture.frame_secs * 1e6) as u64)
    }

    /// Somebody who shifts from foot to foot and talks with both hands, where there is no recording.
    pub fn made_up() -> Self {
        const FRAMES: usize = 600;
        let frame = |number: usize| {
            let turn = number as f32 / FRAMES as f32 * std::f32::consts::TAU;
            let wave = |times: f32, phase: f32| (turn * times + phase).sin();
            let head = RigidPose {
                position: Vec3::new(
                    0.04 * wave(3.0, 0.0),
                    1.65 + 0.01 * wave(7.0, 1.0),
                    0.02 * wave(2.0, 2.0),
                ),
                orientation: Quat::from_rotation_y(0.5 * wave(2.0, 0.5))
                    * Quat::from_rotation_x(0.1 * wave(5.0, 0.0)),
            };
            let hand = |side: f32| RigidPose {
                position: Vec3::new(
                    side * (0.25 + 0.08 * wave(5.0, side)),
                    1.05 + 0.15 * wave(4.0, side * 2.0),
                    -0.3 + 0.1 * wave(6.0, side),
                ),
                orientation: Quat::from_rotation_z(side * 0.4 * wave(4.0, 0.3)) * Quat::from_rotation_x(0.6),
            };
            Frame { head, hands: [hand(-1.0), hand(1.0)] }
        };
        Self { frames: (0..FRAMES).map(frame).collect(), micros_per_frame: 16_667 }
    }

    /// Head and hands at this time since its beginning. At its end it runs backwards, so that nothing ever jumps.
    pub fn at(&self, micros: u64) -> Frame {
        let last = self.frames.len() as u64 - 1;
        let length = last * self.micros_per_frame;
        let within = micros % (2 * length);
        let within = if within > length { 2 * length - within } else { within };
        let number = (within / self.micros_per_frame).min(last - 1) as usize;
        let part = (within - number as u64 * self.micros_per_frame) as f32 / self.micros_per_frame as f32;
        let (from, to) = (&self.frames[number], &self.frames[number + 1]);
        let blend = |from: &RigidPose, to: &RigidPose| RigidPose {
            position: from.position.lerp(to.position, part),
            orientation: from.orientation.slerp(to.orientation, part),
        };
        let hand = |side: usize| blend(&from.hands[side], &to.hands[side]);
        Frame { head: blend(&from.head, &to.head), hands: [hand(0), hand(1)] }
    }

    /// Its length until it runs backwards, µs.
    pub fn length_micros(&self) -> u64 {
        (self.frames.len() as u64 - 1) * self.micros_per_frame
    }
}

/// Head and hands in the frame of the hips, which look along -z here and along +z in the recording.
fn frame(Parts { hips, head_and_hands: [head, left, right] }: &Parts, metres: f32) -> Frame {
    let (yaw, _, _) = hips.orientation.to_euler(EulerRot::YXZ);
    let hips_from_world = Quat::from_rotation_y(-(yaw + PI));
    let seen = |pose: &RigidPose| RigidPose {
        position: (hips_from_world * (pose.position - hips.position) * metres + Vec3::Y * HIP_HEIGHT)
            .clamp_length_max(LONGEST_REACH),
        orientation: (hips_from_world * pose.orientation * Quat::from_rotation_y(PI)).normalize(),
    };
    Frame { head: seen(head), hands: [seen(left), seen(right)] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bvh::{self, tests::SMALL};

    #[test]
    fn a_clip_never_jumps() {
        let clip = Clip::made_up();
        let mut before = clip.at(0);
        for tick in 1..3_000_u64 {
            let now = clip.at(tick * 33_333);
            assert!(now.head.position.distance(before.head.position) < 0.02, "at tick {tick}");
            assert!(now.hands[0].position.distance(before.hands[0].position) < 0.05, "at tick {tick}");
            before = now;
        }
        assert_eq!(clip.at(0), clip.at(2 * clip.length_micros()));
    }

    #[test]
    fn one_frame_is_no_motion() {
        assert!(Clip::new(vec![Clip::made_up().at(0)], 10).is_none());
    }

    #[test]
    fn hands_are_before_the_body_and_left_is_left_however_the_hips_turn() {
        let clip = Clip::recorded(&bvh::read(SMALL).unwrap(), 0.1).unwrap();
        for frame in [clip.at(0), clip.at(8_333)] {
            assert!(frame.head.position.abs_diff_eq(Vec3::new(0.0, 1.95, 0.0), 1e-4), "{frame:?}");
            let [left, right] = frame.hands;
            assert!(left.position.abs_diff_eq(Vec3::new(-0.5, 1.15, -0.3), 1e-4), "{left:?}");
            assert!(right.position.abs_diff_eq(Vec3::new(0.5, 1.15, -0.3), 1e-4), "{right:?}");
        }
        assert!(clip.at(0).head.orientation.angle_between(Quat::IDENTITY) < 1e-3);
        let turned = clip.at(8_333).head.orientation.angle_between(Quat::IDENTITY);
        assert!((turned.to_degrees() - 30.0).abs() < 0.1, "{turned}");
    }
}
