//! What a head does with sound from each direction, read from a SOFA file and laid on an even grid.
//!
//! Measured responses are parted into a delay and what is behind it: neighbours are mixed without their onsets
//! cancelling each other. The mean over all directions is taken out (diffuse-field equalisation; the microphones' and
//! loudspeakers' own sound goes with it), so a voice keeps its timbre. Knows no listener and no voices.

use super::binaural::SPARE;
use super::minimum::minimum_phase;
use crate::SAMPLE_RATE;
use glam::Vec3;
use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use sofar::reader::{OpenOptions, Sofar};
use std::f32::consts::TAU;
use std::sync::Arc;

/// Samples of a response without its delay, 8 ms.
pub(crate) const TAPS: usize = 384;

/// Points of the transforms here and in the mixer.
pub(crate) const FFT: usize = 1024;
pub(crate) const BINS: usize = FFT / 2 + 1;

/// The grid: steps of azimuth, and of elevation from -40° to 90°.
const AZIMUTHS: usize = 72;
const ELEVATIONS: usize = 14;
const LOWEST: f32 = -40.0;
const STEPS: (f32, f32) = (5.0, 10.0);

/// Longest delay of a response, samples, 2.5 ms: more than any head has.
const LONGEST: f32 = 120.0;

/// With its delays a response must not be longer than what a transform sees beside the block.
const _: () = assert!(TAPS + (LONGEST + SPARE) as usize <= FFT - crate::BLOCK);

/// Samples before the onset that stay in the response.
const BEFORE: f32 = 12.0;

/// An onset is where a response first reaches this share of its peak.
const ONSET: f32 = 0.12;

/// MIT KEMAR, normal pinna (Gardner and Martin 1994); see `assets/LICENSES.md`.
const SHIPPED: &[u8] = include_bytes!("../../../../../assets/hrtf/mit_kemar_normal_pinna.sofa");

/// The set of responses can not be used.
#[derive(Debug, thiserror::Error)]
pub enum HrtfError {
    /// The reader refuses it.
    #[error("the set of head responses can not be read ({0}); install the program again")]
    Read(#[from] sofar::reader::Error),
    /// Not of two ears, or longer than can be used.
    #[error(
        "the set of head responses is none of two ears with up to {FFT} samples; install the program again"
    )]
    Shape,
}

/// A response of both ears.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ears {
    /// Left, right.
    pub taps: [[f32; TAPS]; 2],
    /// Samples.
    pub delays: [f32; 2],
}

impl Ears {
    pub(crate) const SILENT: Self = Self { taps: [[0.0; TAPS]; 2], delays: [0.0; 2] };

    fn add(&mut self, other: &Self, weight: f32) {
        for ear in 0..2 {
            self.delays[ear] += other.delays[ear] * weight;
            self.taps[ear].iter_mut().zip(&other.taps[ear]).for_each(|(sum, tap)| *sum += tap * weight);
        }
    }
}

/// Head responses on a grid.
pub struct Hrtf {
    grid: Vec<Ears>,
    /// What a sound within the head is heard with: the same in both ears.
    inside: Ears,
}

/// A measured response and the direction it belongs to, in the head's frame.
struct Measured {
    direction: Vec3,
    ears: Ears,
}

impl Hrtf {
    /// The set that comes with the program. Takes a moment: 710 responses are resampled and equalised.
    ///
    /// # Errors
    /// The file in the program is broken.
    pub fn shipped() -> Result<Self, HrtfError> {
        let sofa = OpenOptions::new().sample_rate(SAMPLE_RATE as f32).open_data(SHIPPED)?;
        let measured = Analysis::new().measured(&sofa)?;
        let grid = (0..ELEVATIONS * AZIMUTHS).map(|at| nearby(&measured, direction_of(at))).collect();
        let mut hrtf = Self { grid, inside: Ears::SILENT };
        hrtf.inside = hrtf.in_both_ears();
        Ok(hrtf)
    }

    /// What comes from in front, the mean of both ears in each.
    fn in_both_ears(&self) -> Ears {
        let mut front = Ears::SILENT;
        self.mix(Vec3::NEG_Z, 1.0, &mut front);
        let [left, right] = front.taps;
        let mean: [f32; TAPS] = std::array::from_fn(|at| (left[at] + right[at]) / 2.0);
        Ears { taps: [mean; 2], delays: [(front.delays[0] + front.delays[1]) / 2.0; 2] }
    }

    /// The response from a direction of the head's frame; `outside` is 0 within the head and 1 well outside of it.
    pub(crate) fn mix(&self, direction: Vec3, outside: f32, into: &mut Ears) {
        *into = Ears::SILENT;
        let direction = direction.normalize_or(Vec3::NEG_Z);
        let elevation = direction.y.clamp(-1.0, 1.0).asin().to_degrees();
        let azimuth = direction.x.atan2(-direction.z).to_degrees().rem_euclid(360.0);
        let row = ((elevation - LOWEST) / STEPS.1).clamp(0.0, (ELEVATIONS - 1) as f32);
        let column = azimuth / STEPS.0;
        let (row_part, column_part) = (row.fract(), column.fract());
        for (row, row_weight) in [(row as usize, 1.0 - row_part), (row as usize + 1, row_part)] {
            for (column, weight) in [(column as usize, 1.0 - column_part), (column as usize + 1, column_part)]
            {
                let at = row.min(ELEVATIONS - 1) * AZIMUTHS + column % AZIMUTHS;
                let weight = weight * row_weight * outside;
                if let Some(ears) = self.grid.get(at).filter(|_| weight > 0.0) {
                    into.add(ears, weight);
                }
            }
        }
        if outside < 1.0 {
            into.add(&self.inside, 1.0 - outside);
        }
    }
}

/// Direction of a point of the grid; azimuth grows to the right.
fn direction_of(at: usize) -> Vec3 {
    let azimuth = ((at % AZIMUTHS) as f32 * STEPS.0).to_radians();
    let elevation = ((at / AZIMUTHS) as f32 * STEPS.1 + LOWEST).to_radians();
    Vec3::new(azimuth.sin() * elevation.cos(), elevation.sin(), -azimuth.cos() * elevation.cos())
}

/// The mean of the three measured responses nearest to a direction, the nearest most.
fn nearby(measured: &[Measured], direction: Vec3) -> Ears {
    let mut nearest = [(f32::MAX, 0_usize); 3];
    for (at, one) in measured.iter().enumerate() {
        let distance = one.direction.angle_between(direction);
        if distance < nearest[2].0 {
            nearest[2] = (distance, at);
            nearest.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
    }
    let weights = nearest.map(|(distance, _)| 1.0 / (distance * distance).max(1e-6));
    let sum: f32 = weights.iter().sum();
    let mut ears = Ears::SILENT;
    for ((_, at), weight) in nearest.into_iter().zip(weights) {
        ears.add(&measured[at].ears, weight / sum);
    }
    ears
}

/// A response in frequencies, its delay taken out.
struct Aligned {
    spectrum: Vec<Complex32>,
    delay: f32,
}

/// Transforms for reading a set.
struct Analysis {
    forward: Arc<dyn RealToComplex<f32>>,
    back: Arc<dyn ComplexToReal<f32>>,
}

impl Analysis {
    fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        Self { forward: planner.plan_fft_forward(FFT), back: planner.plan_fft_inverse(FFT) }
    }

    fn measured(&self, sofa: &Sofar) -> Result<Vec<Measured>, HrtfError> {
        let (hrtf, length) = (sofa.hrtf(), sofa.filter_len());
        let count = sofa.num_measurements() as usize;
        let (responses, places) = (&hrtf.data_ir.values, &hrtf.source_position.values);
        let is_whole = responses.len() >= count * 2 * length && places.len() >= count * 3;
        if hrtf.r() != 2 || count < 3 || length > FFT || length == 0 || !is_whole {
            return Err(HrtfError::Shape);
        }
        let ears: Vec<[Aligned; 2]> = responses
            .chunks_exact(2 * length)
            .map(|both| [self.aligned(&both[..length]), self.aligned(&both[length..])])
            .collect();
        // SOFA looks along x with y to the left and z up.
        let directions =
            places.chunks_exact(3).map(|at| Vec3::new(-at[1], at[2], -at[0]).normalize_or(Vec3::Y));
        let equaliser = self.equaliser(&ears);
        let measured = ears.iter().zip(directions).map(|(ears, direction)| {
            let taps = [0, 1].map(|ear| self.taps(&ears[ear], &equaliser));
            Measured { direction, ears: Ears { taps, delays: [ears[0].delay, ears[1].delay] } }
        });
        Ok(measured.collect())
    }

    fn aligned(&self, response: &[f32]) -> Aligned {
        let onset = onset(response);
        let mut padded = vec![0.0; FFT];
        padded[..response.len()].copy_from_slice(response);
        let mut spectrum = vec![Complex32::default(); BINS];
        // Lengths are those of the plan: it can not fail.
        self.forward.process(&mut padded, &mut spectrum).ok();
        let delay = (onset - BEFORE).clamp(0.0, LONGEST);
        spectrum.iter_mut().enumerate().for_each(|(bin, value)| {
            *value *= Complex32::cis(TAU * bin as f32 * delay / FFT as f32);
        });
        Aligned { spectrum, delay }
    }

    /// The inverse of the mean power over directions and ears, as a filter without delay.
    fn equaliser(&self, ears: &[[Aligned; 2]]) -> Vec<Complex32> {
        let mut power = vec![0.0_f32; BINS];
        for one in ears.iter().flatten() {
            power.iter_mut().zip(&one.spectrum).for_each(|(sum, value)| *sum += value.norm_sqr());
        }
        let mean: Vec<f32> = power.iter().map(|sum| sum / (2 * ears.len()) as f32).collect();
        let smooth = |bin: usize| {
            let (from, to) = ((bin as f32 * 0.89) as usize, ((bin as f32 * 1.12) as usize + 1).min(BINS - 1));
            mean[from..=to].iter().sum::<f32>() / (to - from + 1) as f32
        };
        // What the loudspeaker hardly gave is not brought back: 18 dB at most against the voice's range.
        let hertz = SAMPLE_RATE as usize / FFT;
        let usual = (300 / hertz..8_000 / hertz).map(smooth).sum::<f32>() / (7_700 / hertz) as f32;
        let gains: Vec<f32> = (0..BINS)
            .map(|bin| (usual / smooth(bin).max(1e-12)).clamp(1.0 / 64.0, 64.0).sqrt() / usual.sqrt())
            .collect();
        minimum_phase(&gains)
    }

    fn taps(&self, aligned: &Aligned, equaliser: &[Complex32]) -> [f32; TAPS] {
        let mut spectrum: Vec<Complex32> =
            aligned.spectrum.iter().zip(equaliser).map(|(a, b)| a * b).collect();
        // The transform takes real numbers only at both ends.
        (spectrum[0].im, spectrum[BINS - 1].im) = (0.0, 0.0);
        let mut response = vec![0.0; FFT];
        self.back.process(&mut spectrum, &mut response).ok();
        let fade = |part: f32| 0.5 - 0.5 * (part.min(1.0) * TAU / 2.0).cos();
        std::array::from_fn(|at| {
            let window = fade(at as f32 / BEFORE * 1.5) * fade((TAPS - at) as f32 / (TAPS / 8) as f32);
            response[at] / FFT as f32 * window
        })
    }
}

/// Where a response begins, samples with their fraction.
fn onset(response: &[f32]) -> f32 {
    let peak = response.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
    let level = (peak * ONSET).max(1e-9);
    let Some(at) = response.iter().position(|value| value.abs() >= level) else { return 0.0 };
    let before = if at == 0 { 0.0 } else { response[at - 1].abs() };
    let step = (response[at].abs() - before).max(1e-9);
    at as f32 - (response[at].abs() - level) / step
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ears(azimuth: f32) -> Ears {
        let hrtf = Hrtf::shipped().unwrap();
        let mut ears = Ears::SILENT;
        hrtf.mix(Vec3::new(azimuth.to_radians().sin(), 0.0, -azimuth.to_radians().cos()), 1.0, &mut ears);
        ears
    }

    #[test]
    fn the_shipped_set_has_a_left_and_a_right() {
        let [left, right] = ears(90.0).delays;
        // 8 to 9 cm of head radius: 0.6 to 0.75 ms.
        assert!((27.0..38.0).contains(&(left - right)), "{left} {right}");
        let energy = |taps: &[f32; TAPS]| taps.iter().map(|tap| tap * tap).sum::<f32>();
        let side = ears(-90.0);
        assert!(energy(&side.taps[0]) > 4.0 * energy(&side.taps[1]));
        let front = ears(0.0);
        assert!((front.delays[0] - front.delays[1]).abs() < 1.5, "{:?}", front.delays);
        assert!((0.2..3.0).contains(&energy(&front.taps[0])), "{}", energy(&front.taps[0]));
    }

    #[test]
    fn within_the_head_both_ears_hear_the_same() {
        let hrtf = Hrtf::shipped().unwrap();
        let mut ears = Ears::SILENT;
        hrtf.mix(Vec3::X, 0.0, &mut ears);
        assert_eq!(ears.taps[0], ears.taps[1]);
        assert_eq!(ears.delays[0], ears.delays[1]);
        hrtf.mix(Vec3::ZERO, 0.5, &mut ears);
        assert!(ears.taps.iter().flatten().all(|tap| tap.is_finite()));
    }
}
