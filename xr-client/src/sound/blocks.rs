//! Cuts the mixer's blocks to what a device asks for: any number of frames, channels and samples a second.
//!
//! It runs in the audio callback: no lock, no memory. It must not know what sounds.

use super::earcons::Frame;
use super::mixer::{BLOCK, Block, Mixer, RATE};

/// So far from the clock the samples' time jumps, µs; nearer it follows by this part with each callback.
const STANDSTILL_MICROS: f64 = 80_000.0;
const FOLLOWED: f64 = 0.01;

/// A mixer, read frame by frame.
#[derive(Debug)]
pub struct Blocks {
    mixer: Mixer,
    block: Block,
    /// The next frame of the block.
    at: usize,
    /// Frames of ours for each frame of the device.
    step: f32,
    /// How far the device's next frame lies between the second and the third of `near`.
    part: f32,
    /// Four neighbours, for the curve between them.
    near: [Frame; 4],
    /// When the device's next frame is played, µs.
    time: f64,
    /// How long one frame of the device is, µs.
    frame_micros: f64,
}

impl Blocks {
    /// Blocks for a device with so many samples a second.
    pub fn new(mixer: Mixer, rate: u32) -> Self {
        let step = RATE as f32 / rate.max(1) as f32;
        let frame_micros = 1e6 / f64::from(rate.max(1));
        let (block, near) = ([[0.0; 2]; BLOCK], [[0.0; 2]; 4]);
        Self { mixer, block, at: BLOCK, step, part: 0.0, near, time: 0.0, frame_micros }
    }

    /// The time by the line's clock, µs.
    pub fn now(&self) -> u64 {
        self.mixer.now()
    }

    /// Fills interleaved samples of so many channels, the first of which are left and right; the first frame is played at
    /// this time, µs.
    pub fn fill<T>(&mut self, samples: &mut [T], channels: usize, now: u64, convert: impl Fn(f32) -> T) {
        self.follow(now as f64);
        for frame in samples.chunks_mut(channels.max(1)) {
            let [left, right] = self.next();
            self.time += self.frame_micros;
            match frame {
                [both] => *both = convert((left + right) * 0.5),
                frame => {
                    let sides = [left, right].into_iter().chain(std::iter::repeat(0.0));
                    frame.iter_mut().zip(sides).for_each(|(sample, side)| *sample = convert(side));
                }
            }
        }
    }

    /// Callbacks come early and late, what is played does not: the time of samples goes on by their number, and follows
    /// the clock slowly. A device that stood still is followed at once.
    fn follow(&mut self, now: f64) {
        let apart = now - self.time;
        self.time = if apart.abs() > STANDSTILL_MICROS { now } else { self.time + apart * FOLLOWED };
    }

    /// The device's next frame.
    fn next(&mut self) -> Frame {
        if self.step == 1.0 {
            return self.read();
        }
        self.part += self.step;
        while self.part >= 1.0 {
            self.part -= 1.0;
            self.near = [self.near[1], self.near[2], self.near[3], self.read()];
        }
        let [a, b, c, d] = self.near;
        let side = |side: usize| curve([a[side], b[side], c[side], d[side]], self.part);
        [side(0), side(1)]
    }

    /// Our next frame.
    fn read(&mut self) -> Frame {
        if self.at == BLOCK {
            self.mixer.render(&mut self.block, self.time as u64);
            self.at = 0;
        }
        self.at += 1;
        self.block[self.at - 1]
    }
}

/// Catmull and Rom's cubic curve between the two middle points.
pub fn curve([a, b, c, d]: [f32; 4], part: f32) -> f32 {
    let (linear, square, cube) = (c - a, 2.0 * a - 5.0 * b + 4.0 * c - d, 3.0 * (b - c) + d - a);
    b + 0.5 * part * (linear + part * (square + part * cube))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::feed::Feed;
    use crate::sound::kinds::Sound;
    use crate::sound::settings::AudioSettings;
    use std::sync::Arc;

    /// A sound as a device hears it that asks for `frames` at once.
    fn heard(rate: u32, channels: usize, frames: usize) -> Vec<f32> {
        let feed = Arc::new(Feed::new());
        feed.set(&AudioSettings { volume: 100, ..AudioSettings::default() });
        let mut blocks = Blocks::new(Mixer::new(Arc::clone(&feed)), rate);
        assert!(feed.begin(Sound::ToRoom));
        let mut heard = Vec::new();
        let mut part = vec![9.0f32; frames * channels];
        while heard.len() < rate as usize / 2 * channels {
            blocks.fill(&mut part, channels, 0, |sample| sample);
            heard.extend_from_slice(&part);
        }
        heard.truncate(rate as usize / 2 * channels);
        heard
    }

    /// Waves in the loud part, whose zeros are no matter of rounding.
    fn crossings(samples: &[f32], rate: u32) -> usize {
        samples[..rate as usize * 15 / 100].windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count()
    }

    #[test]
    fn the_size_of_the_devices_portions_changes_nothing() {
        let whole = heard(RATE, 2, BLOCK);
        for frames in [1, 7, 441, 1_024] {
            assert_eq!(heard(RATE, 2, frames), whole, "{frames}");
        }
    }

    #[test]
    fn one_ear_more_ears_and_none_in_between() {
        let stereo = heard(RATE, 2, 480);
        let one = heard(RATE, 1, 480);
        let six = heard(RATE, 6, 480);
        let left =
            |samples: &[f32], channels| -> Vec<f32> { samples.iter().step_by(channels).copied().collect() };
        assert_eq!(one, left(&stereo, 2), "the sound lies in the middle");
        assert_eq!(left(&six, 6), left(&stereo, 2));
        assert!(six.chunks(6).all(|frame| frame[2..].iter().all(|sample| *sample == 0.0)));
    }

    #[test]
    fn another_rate_keeps_pitch_length_and_level() {
        let wanted = heard(RATE, 1, 480);
        let energy = |samples: &[f32], rate: u32| samples.iter().map(|s| s * s).sum::<f32>() / rate as f32;
        for rate in [44_100, 96_000, 16_000] {
            let other = heard(rate, 1, 333);
            let waves = (crossings(&other, rate), crossings(&wanted, RATE));
            assert!(waves.0.abs_diff(waves.1) <= 1, "{rate}: {waves:?}");
            let ratio = energy(&other, rate) / energy(&wanted, RATE);
            assert!((0.97..1.03).contains(&ratio), "{rate}: {ratio}");
        }
    }
}
