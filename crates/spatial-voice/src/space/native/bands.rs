//! One voice through two sets of three gains: what reaches the ears directly, and what makes the room sound.
//!
//! Two pairs of one-pole low-passes part the bands at 800 Hz and 8 kHz; their sum is the input, so equal gains change
//! nothing. Gains move along a line over the block.

use crate::space::ear;
use crate::space::scene::{BANDS, Band};
use crate::{BLOCK, SAMPLE_RATE};
use std::f32::consts::TAU;

/// Where the bands part, Hz.
const EDGES: [f32; BANDS - 1] = [800.0, 8_000.0];

/// Share of the way to its input that a one-pole low-pass goes in one sample.
pub(crate) fn one_pole(hertz: f32) -> f32 {
    1.0 - (-TAU * hertz / SAMPLE_RATE as f32).exp()
}

/// The filters of one voice, and the gains at the end of the last block.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bands {
    poles: [[f32; 2]; BANDS - 1],
    direct: Band,
    into_room: Band,
}

impl Bands {
    /// Writes the direct sound, adds to what makes the room sound.
    pub(crate) fn process(
        &mut self,
        samples: &[f32; BLOCK],
        (direct, into_room): (Band, Band),
        dry: &mut [f32; BLOCK],
        room: &mut [f32; BLOCK],
    ) {
        let [low_share, high_share] = EDGES.map(one_pole);
        let [mut low, mut high] = self.poles;
        let step =
            |from: Band, to: Band| -> Band { std::array::from_fn(|b| (to[b] - from[b]) / BLOCK as f32) };
        let (direct_step, room_step) = (step(self.direct, direct), step(self.into_room, into_room));
        let (mut a, mut b) = (self.direct, self.into_room);
        for ((sample, dry), room) in samples.iter().zip(dry).zip(room) {
            let sample = ear::sample(*sample);
            low[0] += low_share * (sample - low[0]);
            low[1] += low_share * (low[0] - low[1]);
            high[0] += high_share * (sample - high[0]);
            high[1] += high_share * (high[0] - high[1]);
            let parts = [low[1], high[1] - low[1], sample - high[1]];
            for band in 0..BANDS {
                a[band] += direct_step[band];
                b[band] += room_step[band];
            }
            *dry = parts[0] * a[0] + parts[1] * a[1] + parts[2] * a[2];
            *room += parts[0] * b[0] + parts[1] * b[1] + parts[2] * b[2];
        }
        self.poles = [low, high].map(|pair| pair.map(ear::flushed));
        (self.direct, self.into_room) = (direct, into_room);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Level of a tone behind the filter, after it has settled.
    fn level(hertz: f32, gains: Band) -> f32 {
        let mut bands = Bands::default();
        let mut sum = 0.0_f32;
        for block in 0..8 {
            let tone: [f32; BLOCK] = std::array::from_fn(|at| {
                ((block * BLOCK + at) as f32 * hertz * TAU / SAMPLE_RATE as f32).sin()
            });
            let (mut dry, mut room) = ([0.0; BLOCK], [0.0; BLOCK]);
            bands.process(&tone, (gains, [0.0; BANDS]), &mut dry, &mut room);
            assert_eq!(room, [0.0; BLOCK]);
            if block > 4 {
                sum += dry.iter().map(|value| value * value).sum::<f32>() / BLOCK as f32 / 3.0;
            }
        }
        10.0 * (sum * 2.0).log10()
    }

    #[test]
    fn equal_gains_change_nothing() {
        for hertz in [100.0, 800.0, 3_000.0, 8_000.0, 15_000.0] {
            assert!((level(hertz, [0.5; BANDS]) + 6.02).abs() < 0.1, "{hertz}");
        }
    }

    #[test]
    fn each_band_obeys_its_gain() {
        let wall = [0.3, 0.03, 0.01];
        assert!((level(150.0, wall) + 10.5).abs() < 1.5, "{}", level(150.0, wall));
        assert!((level(4_000.0, wall) + 30.5).abs() < 4.0, "{}", level(4_000.0, wall));
        assert!(level(15_000.0, wall) < -35.0, "{}", level(15_000.0, wall));
    }
}
