//! Plays a frame a little faster or slower without another pitch: one period of the voice is taken out or repeated
//! where it resembles the next (as WSOLA does).

use crate::FRAME;

/// Periods that are looked at, samples: 100 to 400 Hz.
const PERIODS: std::ops::RangeInclusive<usize> = 120..=480;

/// Samples that are compared.
const COMPARED: usize = 480;

/// Only so like a period must be to its neighbour.
const ALIKE: f32 = 0.8;

/// Mean square of a frame that hardly anybody hears: whatever is cut there is not missed.
const QUIET: f32 = 1e-6;

/// The period after which the frame resembles itself, if it does.
fn period(frame: &[f32; FRAME]) -> Option<usize> {
    let energy = |samples: &[f32]| samples.iter().map(|sample| sample * sample).sum::<f32>();
    let first = &frame[..COMPARED];
    let first_energy = energy(first);
    if energy(frame) / FRAME as f32 <= QUIET {
        return Some(*PERIODS.end());
    }
    let likeness = |period: usize| {
        let second = &frame[period..period + COMPARED];
        let product: f32 = first.iter().zip(second).step_by(4).map(|(a, b)| a * b).sum();
        product * 4.0 / (first_energy * energy(second)).sqrt().max(f32::MIN_POSITIVE)
    };
    let (mut best, mut most) = (None, ALIKE);
    for period in PERIODS.step_by(2) {
        let likeness = likeness(period);
        if likeness > most {
            (best, most) = (Some(period), likeness);
        }
    }
    best
}

/// From one signal into another, by weights that sum up to one.
fn faded<'a>(from: &'a [f32], to: &'a [f32]) -> impl Iterator<Item = f32> + 'a {
    let count = from.len() as f32;
    from.iter().zip(to).enumerate().map(move |(at, (from, to))| {
        let part = (at as f32 + 0.5) / count;
        from * (1.0 - part) + to * part
    })
}

/// Puts the frame out, shorter by a period if it has one; by how many samples.
pub fn shorten(frame: &[f32; FRAME], put: impl FnMut(f32)) -> usize {
    let Some(period) = period(frame) else {
        frame.iter().copied().for_each(put);
        return 0;
    };
    let (first, rest) = frame.split_at(period);
    faded(first, rest).chain(rest[period..].iter().copied()).for_each(put);
    period
}

/// Puts the frame out, longer by a period if it has one; by how many samples.
pub fn lengthen(frame: &[f32; FRAME], put: impl FnMut(f32)) -> usize {
    let Some(period) = period(frame) else {
        frame.iter().copied().for_each(put);
        return 0;
    };
    let (first, rest) = frame.split_at(period);
    first.iter().copied().chain(faded(&rest[..period], first)).chain(rest.iter().copied()).for_each(put);
    period
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SAMPLE_RATE;
    use std::f32::consts::TAU;

    fn tone(hertz: f32) -> [f32; FRAME] {
        std::array::from_fn(|at| 0.3 * (at as f32 * hertz * TAU / SAMPLE_RATE as f32).sin())
    }

    /// The largest step from sample to sample.
    fn steepest(samples: &[f32]) -> f32 {
        samples.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max)
    }

    #[test]
    fn a_vowel_becomes_shorter_and_longer_without_a_click() {
        let frame = tone(210.0);
        let (mut short, mut long) = (Vec::new(), Vec::new());
        let taken = shorten(&frame, |sample| short.push(sample));
        let given = lengthen(&frame, |sample| long.push(sample));
        assert!(PERIODS.contains(&taken) && PERIODS.contains(&given));
        assert_eq!((short.len(), long.len()), (FRAME - taken, FRAME + given));
        let plain = steepest(&frame);
        assert!(steepest(&short) < plain * 1.3 && steepest(&long) < plain * 1.3);
    }

    #[test]
    fn silence_loses_the_longest_period_and_noise_none() {
        let mut count = 0;
        assert_eq!(shorten(&[0.0; FRAME], |_| count += 1), *PERIODS.end());
        assert_eq!(count, FRAME - PERIODS.end());
        let mut seed = 1u32;
        let noise: [f32; FRAME] = std::array::from_fn(|_| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / (1 << 23) as f32 - 1.0
        });
        let mut same = Vec::new();
        assert_eq!(shorten(&noise, |sample| same.push(sample)), 0);
        assert_eq!(same, noise);
    }
}
