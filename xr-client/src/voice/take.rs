//! Brings what a microphone records to our samples: any number of channels and samples a second.
//!
//! It runs in the audio callback: no lock, no memory.

use crate::sound::{RATE, curve};
use rtrb::{Consumer, Producer, RingBuffer};

/// Samples that wait for the voice's thread: a second.
const WAITING: usize = RATE as usize;

/// Takes samples of a device.
#[derive(Debug)]
pub struct Take {
    samples: Producer<f32>,
    /// Samples of the device for each of ours.
    step: f32,
    /// How far our next sample lies between the second and the third of `near`.
    part: f32,
    near: [f32; 4],
}

impl Take {
    /// One end for the device, the other for whoever listens.
    pub fn new() -> (Self, Consumer<f32>) {
        let (samples, recorded) = RingBuffer::new(WAITING);
        (Self { samples, step: 1.0, part: 0.0, near: [0.0; 4] }, recorded)
    }

    /// The device has so many samples a second.
    pub fn set_rate(&mut self, rate: u32) {
        self.step = rate.max(1) as f32 / RATE as f32;
    }

    /// Takes interleaved samples of so many channels; all are one voice.
    pub fn push<T: Copy>(&mut self, samples: &[T], channels: usize, convert: impl Fn(T) -> f32) {
        let channels = channels.max(1);
        for frame in samples.chunks_exact(channels) {
            let sum: f32 = frame.iter().map(|sample| convert(*sample)).sum();
            self.take(sum / channels as f32);
        }
    }

    fn take(&mut self, sample: f32) {
        if self.step == 1.0 {
            return self.give(sample);
        }
        self.near = [self.near[1], self.near[2], self.near[3], sample];
        // Each of theirs is followed by as many of ours as lie before the next.
        while self.part < 1.0 {
            self.give(curve(self.near, self.part));
            self.part += self.step;
        }
        self.part -= 1.0;
    }

    /// A listener that stands still loses what comes now.
    fn give(&mut self, sample: f32) {
        self.samples.push(sample).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A second of a tone through the device's rate.
    fn recorded(rate: u32, channels: usize) -> Vec<f32> {
        let (mut take, mut listener) = Take::new();
        take.set_rate(rate);
        let tone = |n: u32| (n as f32 / rate as f32 * 440.0 * std::f32::consts::TAU).sin();
        let samples: Vec<f32> = (0..rate).flat_map(|n| std::iter::repeat_n(tone(n), channels)).collect();
        samples.chunks(channels * 333).for_each(|part| take.push(part, channels, |sample| sample));
        std::iter::from_fn(|| listener.pop().ok()).collect()
    }

    #[test]
    fn every_rate_becomes_ours_with_pitch_and_level() {
        for (rate, channels) in [(48_000, 1), (44_100, 2), (16_000, 1), (96_000, 2)] {
            let ours = recorded(rate, channels);
            assert!(ours.len().abs_diff(RATE as usize) < 8, "{rate}: {}", ours.len());
            let waves = ours.windows(2).filter(|pair| pair[0] < 0.0 && pair[1] >= 0.0).count();
            assert!(waves.abs_diff(440) <= 1, "{rate}: {waves}");
            let power = ours.iter().map(|sample| sample * sample).sum::<f32>() / ours.len() as f32;
            assert!((power - 0.5).abs() < 0.02, "{rate}: {power}");
        }
    }

    #[test]
    fn a_listener_that_stands_still_loses_the_newest() {
        let (mut take, mut listener) = Take::new();
        take.push(&vec![0.5f32; 2 * WAITING], 1, |sample| sample);
        assert_eq!(listener.slots(), WAITING);
        assert_eq!(listener.pop(), Ok(0.5));
    }
}
