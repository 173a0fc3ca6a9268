//! Motion capture in Biovision's BVH format (Meredith and Maddock 2001, "Motion capture file formats explained"): what
//! head and hands did, in the frame of the hips.

use crate::clip::{Clip, Frame};
use anyhow::{Context as _, Result, bail, ensure};
use glam::{EulerRot, Quat, Vec3};
use std::f32::consts::PI;
use std::str::SplitWhitespace;
use venue_model::RigidPose;

/// Height of the hips of somebody who stands, metres. Recordings climb and crouch; bodies here stand on a floor.
const HIP_HEIGHT: f32 = 0.95;

/// Nothing is farther from the root than this, metres: the server takes it for implausible.
const LONGEST_REACH: f32 = 2.6;

/// Joints, channels and frames that are read at most.
const MOST: usize = 200_000;

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

/// Reads a recording. `metres` is the length of its unit: 0.0564 in the files of Carnegie Mellon's laboratory.
pub fn parse(text: &str, metres: f32) -> Result<Clip> {
    let (hierarchy, motion) = text.split_once("MOTION").context("no MOTION")?;
    let joints = joints(hierarchy)?;
    let find =
        |name: &str| joints.iter().position(|joint| joint.name == name).with_context(|| format!("no {name}"));
    let wanted = [find("Head")?, find("LeftHand")?, find("RightHand")?];
    let mut words = motion.split_whitespace();
    let count: usize = after(&mut words, "Frames:")?;
    ensure!(after_word(&mut words)? == "Frame", "no frame time");
    let seconds: f32 = after(&mut words, "Time:")?;
    ensure!(count <= MOST, "{count} frames");
    let per_frame: usize = joints.iter().map(|joint| joint.channels.len()).sum();
    let mut frames = Vec::with_capacity(count);
    let mut numbers = Vec::with_capacity(per_frame);
    for _ in 0..count {
        numbers.clear();
        for _ in 0..per_frame {
            numbers.push(after_word(&mut words)?.parse::<f32>()?);
        }
        let poses = poses(&joints, &numbers, metres);
        frames.push(frame(&poses[0], wanted.map(|joint| poses[joint])));
    }
    Clip::new(frames, (seconds * 1e6) as u64).context("fewer than two frames")
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
    let (mut joints, mut open): (Vec<Joint>, Vec<usize>) = (Vec::new(), Vec::new());
    while let Some(word) = words.next() {
        match word {
            "HIERARCHY" | "{" => {}
            "ROOT" | "JOINT" | "End" => {
                ensure!(joints.len() < MOST, "too many joints");
                let name = after_word(&mut words)?.to_owned();
                let parent = open.last().copied();
                open.push(joints.len());
                joints.push(Joint { name, parent, offset: Vec3::ZERO, channels: Vec::new() });
            }
            "}" => drop(open.pop()),
            "OFFSET" | "CHANNELS" => {
                let joint = open
                    .last()
                    .and_then(|at| joints.get_mut(*at))
                    .context("a joint's line outside of one")?;
                if word == "OFFSET" {
                    let mut number = || -> Result<f32> { Ok(after_word(&mut words)?.parse()?) };
                    joint.offset = Vec3::new(number()?, number()?, number()?);
                } else {
                    let count: usize = after_word(&mut words)?.parse()?;
                    ensure!(count <= 6, "{count} channels");
                    joint.channels =
                        (0..count).map(|_| channel(after_word(&mut words)?)).collect::<Result<_>>()?;
                }
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

/// Every joint in the recording's frame, metres.
fn poses(joints: &[Joint], numbers: &[f32], metres: f32) -> Vec<RigidPose> {
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
            position: parent.position + parent.orientation * (position * metres),
            orientation: (parent.orientation * rotation).normalize(),
        });
    }
    poses
}

/// Head and hands in the frame of the hips, which look along -z here and along +z in the recording.
fn frame(hips: &RigidPose, [head, left, right]: [RigidPose; 3]) -> Frame {
    let (yaw, _, _) = hips.orientation.to_euler(EulerRot::YXZ);
    let hips_from_world = Quat::from_rotation_y(-(yaw + PI));
    let seen = |pose: RigidPose| RigidPose {
        position: (hips_from_world * (pose.position - hips.position) + Vec3::Y * HIP_HEIGHT)
            .clamp_length_max(LONGEST_REACH),
        orientation: (hips_from_world * pose.orientation * Quat::from_rotation_y(PI)).normalize(),
    };
    Frame { head: seen(head), hands: [seen(left), seen(right)] }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "HIERARCHY\nROOT Hips\n{\n OFFSET 0 0 0\n CHANNELS 6 Xposition Yposition Zposition Zrotation \
        Yrotation Xrotation\n JOINT Head\n {\n  OFFSET 0 10 0\n  CHANNELS 3 Zrotation Yrotation Xrotation\n  End Site\n  \
        {\n   OFFSET 0 1 0\n  }\n }\n JOINT LeftHand\n {\n  OFFSET 5 2 3\n  CHANNELS 3 Zrotation Yrotation Xrotation\n \
        }\n JOINT RightHand\n {\n  OFFSET -5 2 3\n  CHANNELS 3 Zrotation Yrotation Xrotation\n }\n}\nMOTION\nFrames: 2\n\
        Frame Time: .0083333\n1 2 3 0 0 0 0 0 0 0 0 0 0 0 0\n1 2 3 0 90 0 0 30 0 0 0 0 0 0 0\n";

    #[test]
    fn hands_are_before_the_body_and_left_is_left_however_the_hips_turn() {
        let clip = parse(SMALL, 0.1).unwrap();
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

    #[test]
    fn broken_files_are_refused() {
        for (from, to) in
            [("Frames: 2", "Frames: 9"), ("LeftHand", "Paw"), ("MOTION", "M"), ("CHANNELS 6", "CHANNELS x")]
        {
            assert!(parse(&SMALL.replace(from, to), 0.1).is_err(), "{from}");
        }
    }
}
