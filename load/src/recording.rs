//! A recording of a person as bodies at moments, and how far a seen body is from a true one.

use crate::bvh::{self, Capture};
use anyhow::{Context as _, Result};
use glam::{Quat, Vec3};
use std::path::Path;
use venue_model::{BodyPose, Gesture, Posture, RigidPose, ServerTime, TICK_HZ, Tick};

/// A capture says nothing of its unit: a head is taken to be so high above the feet, metres.
const HEAD_HEIGHT: f32 = 1.6;

/// Captures begin with the pose in which the skeleton was fitted, for a frame or two; seconds that are left out.
const FITTING_SECS: f32 = 0.1;

/// The first tick of a recording.
const FIRST: u32 = 300;

/// One person's motion.
pub struct Recording {
    /// The file's name.
    pub name: String,
    capture: Capture,
    /// The length of the capture's unit.
    metres: f32,
}

impl Recording {
    /// Reads a BVH file.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let capture = bvh::read(&text).with_context(|| path.display().to_string())?;
        Ok(Self { name, metres: HEAD_HEIGHT / capture.head_height, capture })
    }

    /// How long it is.
    pub fn seconds(&self) -> f32 {
        (self.capture.frames.len() as f32 * self.capture.frame_secs - FITTING_SECS).max(0.0)
    }

    /// Its ticks, one for each that the server would take.
    pub fn ticks(&self) -> impl Iterator<Item = Tick> + use<> {
        let count = (self.seconds() * TICK_HZ as f32) as u32;
        (FIRST..FIRST + count).map(Tick)
    }

    /// The body at a tick of the recording, which begins again after its end.
    pub fn pose_in_loop(&self, tick: Tick) -> BodyPose {
        let count = (self.seconds() * TICK_HZ as f32).max(1.0) as u32;
        self.pose(Tick(FIRST + tick.0 % count).time())
    }

    /// The body at a moment between the first and the last tick: the captured frame that is nearest.
    pub fn pose(&self, at: ServerTime) -> BodyPose {
        let secs = at.micros_since(Tick(FIRST).time()) as f32 * 1e-6 + FITTING_SECS;
        let frame = (secs / self.capture.frame_secs).round() as usize;
        let parts = &self.capture.frames[frame.min(self.capture.frames.len() - 1)].head_and_hands;
        let parts = parts.map(|part| (part.position * self.metres, part.orientation));
        let (head, turned) = parts[0];
        // The root as a headset's: on the floor below the head, turned with it.
        let yaw = 2.0 * turned.y.atan2(turned.w);
        let root = Vec3::new(head.x, 0.0, head.z);
        let back = Quat::from_rotation_y(-yaw);
        let [head, left, right] = parts.map(|(position, orientation)| RigidPose {
            position: back * (position - root),
            orientation: (back * orientation).normalize(),
        });
        BodyPose {
            root,
            yaw,
            head,
            hands: [Some(left), Some(right)],
            fingers: [None; 2],
            posture: Posture::Standing,
            gesture: Gesture::None,
        }
    }
}

/// The largest errors of head and hands, in the building's frame.
#[derive(Default)]
pub struct Errors {
    /// Of positions.
    pub worst_metres: f32,
    /// Of orientations.
    pub worst_radians: f32,
}

impl Errors {
    /// Compares a seen body with the true one; hands that are not sent at all do not count.
    pub fn note(&mut self, sent: &BodyPose, seen: &BodyPose) {
        for (sent, seen) in parts(sent).into_iter().zip(parts(seen)) {
            let (Some(sent), Some(seen)) = (sent, seen) else { continue };
            self.worst_metres = self.worst_metres.max(sent.position.distance(seen.position));
            // From the chord: the arc cosine near 1 is worthless in singles.
            let apart = (sent.orientation - seen.orientation).length();
            let apart = apart.min((sent.orientation + seen.orientation).length());
            self.worst_radians = self.worst_radians.max(4.0 * (apart / 2.0).asin());
        }
    }
}

fn parts(pose: &BodyPose) -> [Option<RigidPose>; 3] {
    let root = pose.building_from_root();
    [Some(pose.head), pose.hands[0], pose.hands[1]].map(|part| {
        part.map(|part| RigidPose {
            position: root.position + root.orientation * part.position,
            orientation: root.orientation * part.orientation,
        })
    })
}

/// The value below which this part of all lies; zero of none.
pub fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() as f64 * part) as usize;
    values.get(at.min(values.len().saturating_sub(1))).copied().unwrap_or(0.0)
}
