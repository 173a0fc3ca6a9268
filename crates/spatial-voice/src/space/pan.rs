//! One voice on two loudspeakers, or the same on both; from one mode of output to another. Knows no head responses.

use crate::BLOCK;
use crate::space::{OutputMode, StereoBlock, ear};
use glam::Vec3;
use std::f32::consts::FRAC_PI_4;

/// Within this distance all comes from the middle, metres.
const HEAD: f32 = 0.2;

/// The gains of one voice at the end of the last block.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Panner {
    gains: Option<[f32; 2]>,
}

impl Panner {
    /// Adds a voice's block, heard from this offset in the head's frame; none: from nowhere, alike on both.
    pub(crate) fn add(&mut self, offset: Option<Vec3>, block: &[f32; BLOCK], heard: &mut StereoBlock) {
        let to = offset.map_or([1.0; 2], panned);
        let from = self.gains.replace(to).unwrap_or(to);
        for (ear, channel) in [&mut heard.left, &mut heard.right].into_iter().enumerate() {
            for (at, (value, sample)) in channel.iter_mut().zip(block).enumerate() {
                *value += sample * (from[ear] + (to[ear] - from[ear]) * ear::part(at));
            }
        }
    }
}

/// Gains of constant power; what is behind is heard from in front.
fn panned(offset: Vec3) -> [f32; 2] {
    let side = (offset.x / offset.length().max(HEAD)).clamp(-1.0, 1.0);
    let angle = (side + 1.0) * FRAC_PI_4;
    [angle.cos() * std::f32::consts::SQRT_2, angle.sin() * std::f32::consts::SQRT_2]
}

/// From how a block would have been heard before to how it is now.
pub(crate) fn fade(before: &StereoBlock, now: &mut StereoBlock) {
    for (now, before) in [(&mut now.left, &before.left), (&mut now.right, &before.right)] {
        for (at, (now, before)) in now.iter_mut().zip(before).enumerate() {
            *now = before + (*now - before) * ear::part(at);
        }
    }
}

/// Leaves all levels as they are and changes phases (Schroeder 1962): two ears that hear the same so hear it around
/// them, not within the head.
#[derive(Clone, Debug)]
pub(crate) struct AllPass {
    line: Vec<f32>,
    at: usize,
}

impl AllPass {
    /// With a delay of so many samples.
    pub(crate) fn new(delay: usize) -> Self {
        Self { line: vec![0.0; delay.max(1)], at: 0 }
    }

    /// The next sample.
    pub(crate) fn next(&mut self, sample: f32) -> f32 {
        const GAIN: f32 = 0.6;
        let old = self.line[self.at];
        let new = ear::flushed(sample + old * GAIN);
        self.line[self.at] = new;
        self.at = (self.at + 1) % self.line.len();
        old - new * GAIN
    }
}

/// How much the channels differ: 0 in mono.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Width(f32);

impl Default for Width {
    fn default() -> Self {
        Self(1.0)
    }
}

impl Width {
    /// Brings the channels together in mono, and apart again.
    pub(crate) fn apply(&mut self, mode: OutputMode, heard: &mut StereoBlock) {
        let to = if mode == OutputMode::Mono { 0.0 } else { 1.0 };
        let from = std::mem::replace(&mut self.0, to);
        if (from, to) == (1.0, 1.0) {
            return;
        }
        for (at, (left, right)) in heard.left.iter_mut().zip(&mut heard.right).enumerate() {
            let width = from + (to - from) * ear::part(at);
            let (middle, side) = ((*left + *right) / 2.0, (*left - *right) / 2.0 * width);
            (*left, *right) = (middle + side, middle - side);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_all_pass_keeps_the_energy_and_changes_the_signal() {
        let mut pass = AllPass::new(31);
        let answer: Vec<f32> = (0..2_000).map(|at| pass.next(if at == 0 { 1.0 } else { 0.0 })).collect();
        let energy: f32 = answer.iter().map(|value| value * value).sum();
        assert!((energy - 1.0).abs() < 1e-4 && answer[0] < 0.0, "{energy}");
    }

    #[test]
    fn power_is_the_same_on_all_sides() {
        for offset in [Vec3::X, Vec3::NEG_X, Vec3::NEG_Z, Vec3::new(3.0, 1.0, -2.0), Vec3::ZERO] {
            let [left, right] = panned(offset);
            assert!((left * left + right * right - 2.0).abs() < 1e-5, "{offset}");
            assert!(offset.x <= 0.0 || right > left);
        }
    }
}
