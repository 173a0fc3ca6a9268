//! The room around the listener: a network of delays that feed each other (Jot and Chaigne 1991).
//!
//! Sixteen lines are mixed by a Hadamard matrix, which keeps all energy; each line loses in each of three bands what
//! its length asks for, so that all decay by 60 dB in the band's time. Both ears hear the lines with other signs.
//! Knows neither the building nor the voices.

use super::bands::one_pole;
use crate::space::propagation::{RoomSound, SHORTEST};
use crate::space::scene::{BANDS, Band};
use crate::space::{StereoBlock, ear};
use crate::{BLOCK, SAMPLE_RATE};
use std::f32::consts::TAU;

const LINES: usize = 16;

/// Samples of the lines, 21 to 62 ms, primes; the shortest is longer than a block.
const DELAYS: [usize; LINES] =
    [1009, 1129, 1249, 1361, 1481, 1601, 1723, 1847, 1973, 2089, 2221, 2347, 2473, 2609, 2741, 2969];

/// Where the bands part, and where their time must be right, Hz.
const EDGES: [f32; BANDS - 1] = [800.0, 8_000.0];
const CENTRES: Band = [250.0, 2_500.0, 13_000.0];

/// The most that a line gives back of what it got.
const MOST: f32 = 0.9995;

/// Blocks without input after which nothing is heard of a reverberation of that many seconds.
const BLOCKS_A_SECOND: f32 = SAMPLE_RATE as f32 / BLOCK as f32;

/// Signs with which the ears hear the lines.
const EARS: [u16; 2] = [0b0110_1001_1100_0101, 0b1010_0011_0110_1100];

/// One delay and its loss.
struct Line {
    buffer: Vec<f32>,
    at: usize,
    poles: [f32; BANDS - 1],
    gains: Band,
    target: Band,
}

/// The reverberation of one space.
pub(crate) struct Reverb {
    lines: [Line; LINES],
    mixed: Box<[[f32; BLOCK]; LINES]>,
    room: RoomSound,
    scale: f32,
    /// Blocks for which it still sounds.
    left: u32,
}

impl Reverb {
    pub(crate) fn new() -> Self {
        let line = |length: usize| Line {
            buffer: vec![0.0; length],
            at: 0,
            poles: [0.0; BANDS - 1],
            gains: [0.0; BANDS],
            target: [0.0; BANDS],
        };
        Self {
            lines: DELAYS.map(line),
            mixed: Box::new([[0.0; BLOCK]; LINES]),
            room: RoomSound::default(),
            scale: 0.0,
            left: 0,
        }
    }

    /// Another room, or the same with its doors otherwise; heard over the next block.
    pub(crate) fn follow(&mut self, room: RoomSound) {
        if room == self.room {
            return;
        }
        self.room = room;
        for (line, length) in self.lines.iter_mut().zip(DELAYS) {
            line.target = match room.times[1] < SHORTEST {
                true => [0.0; BANDS],
                false => solved(room.times.map(|time| decay(length, time))),
            };
        }
    }

    /// Brings the energy of all that is heard of an impulse to one: the level is then that of the room alone. Each
    /// time around leaves a share g² of the energy, the first one too: g² / (1 - g²) in all.
    fn target_scale(&self) -> f32 {
        let mean = DELAYS.iter().sum::<usize>() / LINES;
        if self.room.times[1] < SHORTEST {
            return 0.0;
        }
        let kept = decay(mean, self.room.times[1]).powi(2);
        ((1.0 - kept) / kept.max(1e-3)).sqrt()
    }

    /// Adds the room's answer to what is heard.
    pub(crate) fn process(&mut self, input: &[f32; BLOCK], heard: &mut StereoBlock) {
        if input.iter().any(|sample| *sample != 0.0) {
            let seconds = self.room.times.iter().copied().fold(1.0, f32::max);
            self.left = (seconds * 1.5 * BLOCKS_A_SECOND) as u32;
        } else if self.left == 0 {
            return;
        } else {
            self.left -= 1;
            if self.left == 0 {
                self.lines.iter_mut().for_each(|line| line.buffer.fill(0.0));
                return;
            }
        }
        for (line, mixed) in self.lines.iter_mut().zip(&mut *self.mixed) {
            line.read(mixed);
        }
        hadamard(&mut self.mixed);
        let (from, to) = (self.scale, self.target_scale());
        self.scale = to;
        for (channel, signs) in [&mut heard.left, &mut heard.right].into_iter().zip(EARS) {
            for (number, mixed) in self.mixed.iter().enumerate() {
                let sign = if signs >> number & 1 == 0 { 1.0 } else { -1.0 };
                for (at, (value, sample)) in channel.iter_mut().zip(mixed).enumerate() {
                    *value += sample * sign * (from + (to - from) * ear::part(at));
                }
            }
        }
        let share = 1.0 / (LINES as f32).sqrt();
        for (number, (line, mixed)) in self.lines.iter_mut().zip(&*self.mixed).enumerate() {
            let sign = if number % 2 == 0 { share } else { -share };
            line.write(mixed, input, sign);
        }
    }
}

impl Line {
    /// The oldest block of the line, with its loss.
    fn read(&mut self, out: &mut [f32; BLOCK]) {
        let shares = EDGES.map(one_pole);
        let mut poles = self.poles;
        let steps: Band = std::array::from_fn(|band| (self.target[band] - self.gains[band]) / BLOCK as f32);
        let [mut low, mut middle, mut high] = self.gains;
        let length = self.buffer.len();
        let (first, second) = (&self.buffer[self.at..], &self.buffer[..self.at]);
        debug_assert!(length > BLOCK);
        for (out, sample) in out.iter_mut().zip(first.iter().chain(second)) {
            (low, middle, high) = (low + steps[0], middle + steps[1], high + steps[2]);
            poles[0] += shares[0] * (sample - poles[0]);
            poles[1] += shares[1] * (sample - poles[1]);
            *out = high * sample + (middle - high) * poles[1] + (low - middle) * poles[0];
        }
        self.poles = poles.map(ear::flushed);
        self.gains = self.target;
    }

    /// Puts the next block where the oldest was.
    fn write(&mut self, mixed: &[f32; BLOCK], input: &[f32; BLOCK], share: f32) {
        let length = self.buffer.len();
        for (mixed, input) in mixed.iter().zip(input) {
            self.buffer[self.at] = ear::flushed(mixed + input * share);
            self.at = if self.at + 1 == length { 0 } else { self.at + 1 };
        }
    }
}

/// What a line of this length keeps so that 60 dB are lost in this time.
fn decay(length: usize, seconds: f32) -> f32 {
    10.0_f32.powf(-3.0 * length as f32 / (SAMPLE_RATE as f32 * seconds.max(0.01))).min(MOST)
}

/// Gains of the bands with which a line keeps these shares at the bands' middles: the bands overlap.
fn solved(wanted: Band) -> Band {
    let mut gains = wanted;
    for _ in 0..12 {
        for band in 0..BANDS {
            let found = response(gains, CENTRES[band]);
            gains[band] = (gains[band] * wanted[band] / found.max(1e-3)).clamp(0.0, MOST);
        }
    }
    let most = (1..=48).map(|step| response(gains, step as f32 * 500.0)).fold(gains[0], f32::max);
    if most > MOST { gains.map(|gain| gain * MOST / most) } else { gains }
}

/// What a line keeps at a frequency.
fn response([low, middle, high]: Band, hertz: f32) -> f32 {
    // A one-pole low-pass: a / (1 - (1 - a) z^-1).
    let (sin, cos) = (TAU * hertz / SAMPLE_RATE as f32).sin_cos();
    let pole = |edge: f32| {
        let share = one_pole(edge);
        let (re, im) = (1.0 - (1.0 - share) * cos, (1.0 - share) * sin);
        let square = re * re + im * im;
        (share * re / square, -share * im / square)
    };
    let (a, b) = (pole(EDGES[0]), pole(EDGES[1]));
    let re = high + (middle - high) * b.0 + (low - middle) * a.0;
    let im = (middle - high) * b.1 + (low - middle) * a.1;
    re.hypot(im)
}

/// The lines mixed with each other; all energy is kept.
fn hadamard(lines: &mut [[f32; BLOCK]; LINES]) {
    let mut half = 1;
    while half < LINES {
        for start in (0..LINES).step_by(half * 2) {
            for at in start..start + half {
                let (left, right) = lines.split_at_mut(at + half);
                for (a, b) in left[at].iter_mut().zip(&mut right[0]) {
                    (*a, *b) = (*a + *b, *a - *b);
                }
            }
        }
        half *= 2;
    }
    let share = 1.0 / (LINES as f32).sqrt();
    lines.iter_mut().flatten().for_each(|value| *value *= share);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::testing::noise;

    /// The left ear's answer to an impulse.
    fn answer(times: Band, blocks: usize) -> Vec<f32> {
        let mut reverb = Reverb::new();
        reverb.follow(RoomSound { times, level: 1.0 });
        let mut all = Vec::new();
        // The first block brings the gains to their places.
        for block in 0..=blocks {
            let mut input = [0.0; BLOCK];
            input[0] = if block == 1 { 1.0 } else { 0.0 };
            input[1] = if block == 0 { 1e-12 } else { 0.0 };
            let mut heard = StereoBlock::default();
            reverb.process(&input, &mut heard);
            if block > 0 {
                all.extend(heard.left);
            }
        }
        all
    }

    #[test]
    fn each_band_decays_in_its_time() {
        for times in [[1.2, 0.8, 0.5], [0.4, 0.4, 0.3], [3.0, 2.0, 0.8], [0.5, 1.0, 0.6]] {
            let heard = answer(times, 250);
            for band in 0..BANDS {
                let found = crate::space::testing::reverberation(&heard, CENTRES[band]);
                assert!((found / times[band] - 1.0).abs() < 0.12, "{times:?} {band}: {found}");
            }
        }
    }

    #[test]
    fn the_energy_of_an_answer_is_one_whatever_the_time() {
        for time in [0.3, 1.0, 4.0] {
            let energy: f32 = answer([time; BANDS], 500).iter().map(|value| value * value).sum();
            assert!((0.7..1.4).contains(&energy), "{time}: {energy}");
        }
    }

    #[test]
    fn noise_never_builds_up_and_silence_comes_to_rest() {
        let mut reverb = Reverb::new();
        reverb.follow(RoomSound { times: [12.0, 12.0, 12.0], level: 1.0 });
        let (mut seed, mut most) = (5, 0.0_f32);
        for block in 0..4_000 {
            let input: [f32; BLOCK] =
                std::array::from_fn(|_| if block < 1_000 { noise(&mut seed) } else { 0.0 });
            let mut heard = StereoBlock::default();
            reverb.process(&input, &mut heard);
            most = heard.left.iter().fold(most, |most, value| most.max(value.abs()));
        }
        assert!(most < 10.0, "{most}");
        assert_eq!(reverb.left, 0);
        assert!(reverb.lines.iter().all(|line| line.buffer.iter().all(|value| *value == 0.0)));
    }
}
