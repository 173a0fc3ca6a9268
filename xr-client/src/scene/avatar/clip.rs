//! Clips of a skeleton: resampled once to even steps, so that a frame costs two look-ups and a blend.
//!
//! It must not know bodies; it moves nodes.

use glam::{Quat, Vec3, Vec4};
use venue_package::gltf::{Animation, Channel, Document, Interpolation, Property};

/// Steps in a second.
const RATE: f32 = 30.0;

/// Longest clip, seconds.
const MAX_SECS: f32 = 60.0;

/// A node's place in its parent. Bones neither stretch nor shrink.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Local {
    /// Metres.
    pub translation: Vec3,
    /// Unit quaternion.
    pub rotation: Quat,
}

/// A clip that repeats.
#[derive(Clone, Debug)]
pub struct Clip {
    steps: usize,
    nodes: usize,
    /// Step by step, every node.
    locals: Vec<Local>,
}

impl Clip {
    /// Takes the clip of this name, whatever its case; none if the file lacks it.
    pub fn named(document: &Document, name: &str, rest: &[Local]) -> Option<Self> {
        let animation = document.animations.iter().find(|animation| {
            animation.name.eq_ignore_ascii_case(name)
                || animation.name.to_ascii_lowercase().ends_with(&name.to_ascii_lowercase())
        })?;
        Some(Self::resampled(animation, rest))
    }

    /// A clip that holds one pose.
    pub fn still(rest: &[Local]) -> Self {
        Self { steps: 1, nodes: rest.len(), locals: rest.to_vec() }
    }

    fn resampled(animation: &Animation, rest: &[Local]) -> Self {
        let secs = animation.duration().clamp(0.0, MAX_SECS);
        let steps = ((secs * RATE).round() as usize).max(1);
        let mut locals = Vec::with_capacity(steps * rest.len());
        for step in 0..steps {
            let start = locals.len();
            locals.extend_from_slice(rest);
            for channel in &animation.channels {
                if let Some(local) = locals.get_mut(start + channel.node) {
                    set(local, channel, step as f32 / RATE);
                }
            }
        }
        Self { steps, nodes: rest.len(), locals }
    }

    /// Seconds until it repeats.
    pub fn secs(&self) -> f32 {
        self.steps as f32 / RATE
    }

    /// Where a node is at this time of the clip.
    pub fn local(&self, node: usize, secs: f32) -> Local {
        let at = (secs * RATE).rem_euclid(self.steps as f32);
        let step = (at as usize).min(self.steps - 1);
        let next = (step + 1) % self.steps;
        let part = at - step as f32;
        mixed(&self.locals[step * self.nodes + node], &self.locals[next * self.nodes + node], part)
    }
}

/// A place between two.
pub fn mixed(from: &Local, to: &Local, part: f32) -> Local {
    Local {
        translation: from.translation.lerp(to.translation, part),
        rotation: nlerp(from.rotation, to.rotation, part),
    }
}

/// The shorter arc, normalised: for the small angles of a clip's steps as good as a slerp, and cheaper.
pub fn nlerp(from: Quat, to: Quat, part: f32) -> Quat {
    let to = if from.dot(to) < 0.0 { -to } else { to };
    (from * (1.0 - part) + to * part).normalize()
}

fn set(local: &mut Local, channel: &Channel, secs: f32) {
    let Some(value) = value_at(channel, secs) else { return };
    match channel.property {
        Property::Translation => local.translation = value.truncate(),
        Property::Rotation => {
            let rotation = Quat::from_vec4(value);
            local.rotation =
                if rotation.length_squared() > 1e-6 { rotation.normalize() } else { Quat::IDENTITY };
        }
        Property::Scale => {}
    }
}

fn value_at(channel: &Channel, secs: f32) -> Option<Vec4> {
    let stride = if channel.interpolation == Interpolation::Cubic { 3 } else { 1 };
    // Of a cubic key the middle of the three is the value; between keys at 30 a second a line is close enough.
    let value = |key: usize| channel.values.get(key * stride + stride / 2).copied();
    let next = channel.times.partition_point(|time| *time <= secs);
    let Some(before) = next.checked_sub(1) else { return value(0) };
    let (Some(from), Some(to)) = (value(before), channel.times.get(next).and_then(|_| value(next))) else {
        return value(before);
    };
    if channel.interpolation == Interpolation::Step {
        return Some(from);
    }
    let span = channel.times[next] - channel.times[before];
    let part = if span > 0.0 { (secs - channel.times[before]) / span } else { 0.0 };
    let to = if channel.property == Property::Rotation && from.dot(to) < 0.0 { -to } else { to };
    Some(from.lerp(to, part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest() -> Vec<Local> {
        vec![Local { translation: Vec3::ZERO, rotation: Quat::IDENTITY }]
    }

    fn moving(times: Vec<f32>, xs: &[f32]) -> Clip {
        let channel = Channel {
            node: 0,
            property: Property::Translation,
            interpolation: Interpolation::Linear,
            times,
            values: xs.iter().map(|x| Vec4::new(*x, 0.0, 0.0, 0.0)).collect(),
        };
        let animation = Animation { name: "Walk".into(), channels: vec![channel] };
        let document = Document { animations: vec![animation], ..Document::default() };
        Clip::named(&document, "walk", &rest()).unwrap()
    }

    #[test]
    fn a_clip_is_followed_and_repeats() {
        let clip = moving(vec![0.0, 1.0, 2.0], &[0.0, 1.0, 0.0]);
        assert!((clip.secs() - 2.0).abs() < 1e-3);
        let x = |secs| clip.local(0, secs).translation.x;
        assert!((x(0.5) - 0.5).abs() < 0.01);
        assert!((x(1.5) - 0.5).abs() < 0.01);
        assert!((x(2.5) - x(0.5)).abs() < 1e-3);
        assert!((x(-1.5) - x(0.5)).abs() < 1e-3);
    }

    #[test]
    fn rotations_take_the_shorter_arc() {
        let turned = Quat::from_rotation_y(0.4);
        let middle = nlerp(Quat::IDENTITY, -turned, 0.5);
        assert!(middle.angle_between(Quat::from_rotation_y(0.2)) < 1e-3);
    }
}
