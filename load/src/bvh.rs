//! Motion capture in Biovision's BVH format (Meredith and Maddock 2001, "Motion capture file formats explained"): where
//! hips, head and hands were, in the recording's own frame and unit.

use anyhow::{Context as _, Result, bail, ensure};
use glam::{Quat, Vec3};
use std::str::SplitWhitespace;
use venue_model::RigidPose;

/// Joints, channels and frames that are read at most.
const MOST: usize = 200_000;

/// Names of head, left and right hand in captures.
const PARTS: [&[&str]; 3] = [&["Head"], &["LeftHand", "lhand"], &["RightHand", "rhand"]];

/// What was recorded of one person.
#[derive(Clone, Debug)]
pub struct Capture {
    /// From one frame to the next.
    pub frame_secs: f32,
    /// How high the head of the skeleton at rest is above its lowest joint, in the file's unit.
    pub head_height: f32,
    /// At least two.
    pub frames: Vec<Parts>,
}

/// Where somebody's parts were at one moment, in the file's unit; y is up, and bodies at rest look along +z.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parts {
    /// The skeleton's first joint.
    pub hips: RigidPose,
    /// Head, left and right hand.
    pub head_and_hands: [RigidPose; 3],
}

#[derive(Debug)]
struct Joint {
    name: String,
    parent: Option<usize>,
    offset: Vec3,
    /// In the order of the frame's numbers.
    channels: Vec<Channel>,
}

#[derive(Clone, Copy, Debug)]
enum Channel {
    Position(usize),
    Rotation(usize),
}

/// Reads a recording; an error says what of it can not be read.
pub fn read(text: &str) -> Result<Capture> {
    let (hierarchy, motion) = text.split_once("MOTION").context("no MOTION")?;
    let joints = joints(hierarchy)?;
    let find = |names: &[&str]| {
        let found = joints.iter().position(|joint| names.contains(&joint.name.as_str()));
        found.with_context(|| format!("no joint {}", names[0]))
    };
    let wanted = [find(PARTS[0])?, find(PARTS[1])?, find(PARTS[2])?];
    let rest = poses(&joints, &[]);
    let lowest = rest.iter().map(|pose| pose.position.y).fold(f32::INFINITY, f32::min);
    let head_height = rest[wanted[0]].position.y - lowest;
    ensure!(head_height.is_finite() && head_height > 0.0, "the skeleton does not stand upright at rest");
    let mut words = motion.split_whitespace();
    let count: usize = after(&mut words, "Frames:")?;
    ensure!(after_word(&mut words)? == "Frame", "no frame time");
    let frame_secs: f32 = after(&mut words, "Time:")?;
    ensure!(frame_secs.is_normal() && frame_secs > 0.0, "frames are {frame_secs} s apart");
    ensure!((2..=MOST).contains(&count), "{count} frames");
    let per_frame: usize = joints.iter().map(|joint| joint.channels.len()).sum();
    let mut frames = Vec::with_capacity(count);
    let mut numbers = Vec::with_capacity(per_frame);
    for _ in 0..count {
        numbers.clear();
        for _ in 0..per_frame {
            numbers.push(after_word(&mut words)?.parse::<f32>()?);
        }
        let poses = poses(&joints, &numbers);
        frames.push(Parts { hips: poses[0], head_and_hands: wanted.map(|joint| poses[joint]) });
    }
    Ok(Capture { frame_secs, head_height, frames })
}

fn after_word<'a>(words: &mut SplitWhitespace<'a>) -> Result<&'a str> {
    words.next().context("the file ends too early")
}

/// The value behind a word that has to come.
fn after<T: std::str::FromStr>(words: &mut SplitWhitespace<'_>, word: &str) -> Result<T> {
    let found = after_word(words)?;
    ensure!(found == word, "`{found}` instead of `{word}`");
    after_word(words)?.parse().ok().with_context(|| format!("no number behind `{word}`"))
}

fn joints(hierarchy: &str) -> Result<Vec<Joint>> {
    let mut words = hierarchy.split_whitespace();
    // The end of a chain is open like a joint, but is none.
    let (mut joints, mut open): (Vec<Joint>, Vec<Option<usize>>) = (Vec::new(), Vec::new());
    while let Some(word) = words.next() {
        match word {
            "HIERARCHY" | "{" => {}
            "ROOT" | "JOINT" => {
                ensure!(joints.len() < MOST, "too many joints");
                let name = after_word(&mut words)?.to_owned();
                let parent = open.last().copied().flatten();
                open.push(Some(joints.len()));
                joints.push(Joint { name, parent, offset: Vec3::ZERO, channels: Vec::new() });
            }
            "End" => {
                ensure!(after_word(&mut words)? == "Site", "an end that is no site");
                open.push(None);
            }
            "}" => drop(open.pop()),
            "OFFSET" => {
                let mut number = || -> Result<f32> { Ok(after_word(&mut words)?.parse()?) };
                let offset = Vec3::new(number()?, number()?, number()?);
                if let Some(at) = open.last().context("an offset of no joint")? {
                    joints[*at].offset = offset;
                }
            }
            "CHANNELS" => {
                let at = open.last().copied().flatten().context("channels of no joint")?;
                let count: usize = after_word(&mut words)?.parse()?;
                ensure!(count <= 6, "{count} channels");
                joints[at].channels =
                    (0..count).map(|_| channel(after_word(&mut words)?)).collect::<Result<_>>()?;
            }
            other => bail!("`{other}` is no word of a hierarchy"),
        }
    }
    ensure!(!joints.is_empty(), "no joints");
    Ok(joints)
}

fn channel(word: &str) -> Result<Channel> {
    let axis = ["X", "Y", "Z"].iter().position(|axis| word.starts_with(axis)).context("no axis")?;
    match &word[1..] {
        "position" => Ok(Channel::Position(axis)),
        "rotation" => Ok(Channel::Rotation(axis)),
        _ => bail!("`{word}` is no channel"),
    }
}

/// Every joint in the recording's frame; at rest without numbers.
fn poses(joints: &[Joint], numbers: &[f32]) -> Vec<RigidPose> {
    let mut poses: Vec<RigidPose> = Vec::with_capacity(joints.len());
    let mut numbers = numbers.iter();
    for joint in joints {
        let (mut position, mut rotation) = (joint.offset, Quat::IDENTITY);
        for (channel, number) in joint.channels.iter().zip(&mut numbers) {
            match channel {
                Channel::Position(axis) => position[*axis] = joint.offset[*axis] + number,
                Channel::Rotation(axis) => {
                    rotation *= Quat::from_axis_angle(Vec3::AXES[*axis], number.to_radians());
                }
            }
        }
        let parent = joint.parent.map_or_else(RigidPose::default, |at| poses[at]);
        poses.push(RigidPose {
            position: parent.position + parent.orientation * position,
            orientation: (parent.orientation * rotation).normalize(),
        });
    }
    poses
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const SMALL: &str = "HIERARCHY\nROOT Hips\n{\n OFFSET 0 0 0\n CHANNELS 6 Xposition Yposition Zposition Zrotation \
        Yrotation Xrotation\n JOINT Head\n {\n  OFFSET 0 10 0\n  CHANNELS 3 Zrotation Yrotation Xrotation\n  End Site\n  \
        {\n   OFFSET 0 1 0\n  }\n }\n JOINT LeftHand\n {\n  OFFSET 5 2 3\n  CHANNELS 3 Zrotation Yrotation Xrotation\n \
        }\n JOINT RightHand\n {\n  OFFSET -5 2 3\n  CHANNELS 3 Zrotation Yrotation Xrotation\n }\n}\nMOTION\nFrames: 2\n\
        Frame Time: .0083333\n1 2 3 0 0 0 0 0 0 0 0 0 0 0 0\n1 2 3 0 90 0 0 30 0 0 0 0 0 0 0\n";

    #[test]
    fn parts_are_where_offsets_and_angles_put_them() {
        let capture = read(SMALL).unwrap();
        assert_eq!((capture.frames.len(), capture.head_height), (2, 10.0));
        let Parts { hips, head_and_hands: [head, left, _] } = capture.frames[1];
        assert!(hips.position.abs_diff_eq(Vec3::new(1.0, 2.0, 3.0), 1e-5), "{hips:?}");
        assert!(head.position.abs_diff_eq(Vec3::new(1.0, 12.0, 3.0), 1e-5), "{head:?}");
        // The hips look to the left of where they looked at rest, and the hand is before them.
        assert!(left.position.abs_diff_eq(Vec3::new(4.0, 4.0, -2.0), 1e-5), "{left:?}");
    }

    #[test]
    fn broken_files_are_refused() {
        for (from, to) in [
            ("Frames: 2", "Frames: 9"),
            ("Frames: 2", "Frames: 1"),
            ("LeftHand", "Paw"),
            ("MOTION", "M"),
            ("CHANNELS 6", "CHANNELS x"),
            ("OFFSET 0 10 0", "OFFSET 0 -1 0"),
            (".0083333", "0"),
        ] {
            assert!(read(&SMALL.replace(from, to)).is_err(), "{from}");
        }
    }
}
