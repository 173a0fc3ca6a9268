//! Motion captures in Biovision's format: a skeleton and its joints' angles, frame after frame.

use glam::{Mat3, Quat, Vec3};

/// Joints whose motion is what a headset tracks, by the names that captures use.
const PARTS: [&[&str]; 3] = [&["Head"], &["LeftHand", "lhand"], &["RightHand", "rhand"]];

/// A recording: where head, left and right hand are at each frame, metres.
pub struct Motion {
    /// Seconds from one frame to the next.
    pub frame_secs: f32,
    /// The frames.
    pub frames: Vec<[(Vec3, Quat); 3]>,
}

struct Joint {
    name: String,
    parent: Option<usize>,
    offset: Vec3,
    channels: Vec<String>,
}

/// Reads a capture, scaled so that the head of the skeleton at rest is so high above its lowest joint, metres.
pub fn read(text: &str, head_height: f32) -> Result<Motion, String> {
    let mut lines = text.lines().map(str::trim);
    let joints = read_joints(&mut lines)?;
    let parts = PARTS.map(|names| joints.iter().position(|joint| names.contains(&joint.name.as_str())));
    let [Some(head), Some(left), Some(right)] = parts else {
        return Err("there is no joint Head, LeftHand or RightHand".to_owned());
    };
    let rest = place(&joints, &[]);
    let lowest = rest.iter().map(|(at, _)| at.y).fold(f32::INFINITY, f32::min);
    let metres = head_height / (rest[head].0.y - lowest);
    if !(metres.is_finite() && metres > 0.0) {
        return Err("its skeleton does not stand upright at rest".to_owned());
    }
    let mut number = |label: &str| -> Result<f32, String> {
        let line = lines.next().unwrap_or_default();
        let value = line.strip_prefix(label).and_then(|value| value.trim().parse().ok());
        value.ok_or_else(|| format!("expected `{label}` and a number, found `{line}`"))
    };
    let count = number("Frames:")? as usize;
    let frame_secs = number("Frame Time:")?;
    let channels: usize = joints.iter().map(|joint| joint.channels.len()).sum();
    let mut frames = Vec::with_capacity(count);
    for (at, line) in lines.filter(|line| !line.is_empty()).enumerate() {
        let values: Vec<f32> = line.split_whitespace().filter_map(|value| value.parse().ok()).collect();
        if values.len() != channels {
            return Err(format!("frame {at} has {} numbers instead of {channels}", values.len()));
        }
        let placed = place(&joints, &values);
        frames.push(
            [head, left, right]
                .map(|part| (placed[part].0 * metres, Quat::from_mat3(&placed[part].1).normalize())),
        );
    }
    if frames.len() < count.max(2) || !frame_secs.is_normal() || frame_secs < 0.0 {
        return Err(format!("there are {} frames of {count}, {frame_secs} s apart", frames.len()));
    }
    Ok(Motion { frame_secs, frames })
}

fn read_joints<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Result<Vec<Joint>, String> {
    let mut joints: Vec<Joint> = Vec::new();
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut next = None;
    for line in lines {
        let mut words = line.split_whitespace();
        match words.next().unwrap_or_default() {
            "MOTION" => return Ok(joints),
            "ROOT" | "JOINT" => {
                let parent = open.last().copied().flatten();
                let name = words.next().unwrap_or_default().to_owned();
                next = Some(joints.len());
                joints.push(Joint { name, parent, offset: Vec3::ZERO, channels: Vec::new() });
            }
            "End" => next = None,
            "{" => open.push(next),
            "}" => {
                open.pop();
            }
            "OFFSET" => {
                let numbers: Vec<f32> = words.filter_map(|word| word.parse().ok()).collect();
                if let (Some(Some(joint)), [x, y, z]) = (open.last(), &numbers[..]) {
                    joints[*joint].offset = Vec3::new(*x, *y, *z);
                }
            }
            "CHANNELS" => {
                if let Some(Some(joint)) = open.last() {
                    joints[*joint].channels = words.skip(1).map(str::to_owned).collect();
                }
            }
            _ => {}
        }
    }
    Err("there is no MOTION".to_owned())
}

fn place(joints: &[Joint], values: &[f32]) -> Vec<(Vec3, Mat3)> {
    let mut placed: Vec<(Vec3, Mat3)> = Vec::with_capacity(joints.len());
    let mut values = values.iter();
    for joint in joints {
        let (mut moved, mut turned) = (Vec3::ZERO, Mat3::IDENTITY);
        for (channel, value) in joint.channels.iter().zip(values.by_ref()) {
            let angle = value.to_radians();
            match channel.as_str() {
                "Xposition" => moved.x = *value,
                "Yposition" => moved.y = *value,
                "Zposition" => moved.z = *value,
                "Xrotation" => turned *= Mat3::from_rotation_x(angle),
                "Yrotation" => turned *= Mat3::from_rotation_y(angle),
                "Zrotation" => turned *= Mat3::from_rotation_z(angle),
                _ => {}
            }
        }
        let at = joint.offset + moved;
        placed.push(match joint.parent {
            None => (at, turned),
            Some(parent) => (placed[parent].0 + placed[parent].1 * at, placed[parent].1 * turned),
        });
    }
    placed
}
