//! Many voices to two ears by their head responses, all in frequencies: a voice costs one transform forward, and both
//! ears of all voices together four back.
//!
//! Overlap-save: each transform sees the block and what was before it, so nothing comes late. A response that changes
//! is heard together with the one before, faded over the block.

use super::hrtf::{BINS, Ears, FFT, Hrtf, TAPS};
use crate::BLOCK;
use crate::space::{MAX_SOURCES, StereoBlock, ear};
use glam::Vec3;
use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use std::f32::consts::TAU;
use std::sync::Arc;

/// Samples before the block that a transform sees.
const PAST: usize = FFT - BLOCK;

/// Delay that all responses have, samples: room for a fractional delay's ripple before its onset.
pub(super) const SPARE: f32 = 16.0;

/// From this bin, 18 kHz, to the last the responses fade: else that ripple would be long, and wrap around the block.
const FADING: usize = BINS * 3 / 4;

/// Within this distance the direction is lost, metres: the head itself.
const HEAD: f32 = 0.2;

/// Directions that differ by less are the same, squared sine.
const SAME: f32 = 1e-6;

/// Spectra of both ears.
type Spectra = [Vec<Complex32>; 2];

fn spectra() -> Spectra {
    [vec![Complex32::default(); BINS], vec![Complex32::default(); BINS]]
}

/// One voice's past and response.
struct Voice {
    past: [f32; PAST],
    now: Spectra,
    before: Spectra,
    /// Where the response of now belongs to: a direction, shorter within the head.
    place: Option<Vec3>,
}

/// Mixes for headphones.
pub(crate) struct Binaural {
    hrtf: Arc<Hrtf>,
    voices: Vec<Voice>,
    forward: Arc<dyn RealToComplex<f32>>,
    back: Arc<dyn ComplexToReal<f32>>,
    scratch: Vec<Complex32>,
    samples: Vec<f32>,
    spectrum: Vec<Complex32>,
    ears: Ears,
    /// Sums of this block, by the responses of before and of now.
    sums: [Spectra; 2],
    is_empty: bool,
}

impl Binaural {
    pub(crate) fn new(hrtf: Arc<Hrtf>) -> Self {
        let mut planner = RealFftPlanner::new();
        let (forward, back) = (planner.plan_fft_forward(FFT), planner.plan_fft_inverse(FFT));
        let scratch = forward.get_scratch_len().max(back.get_scratch_len());
        let voice = || Voice { past: [0.0; PAST], now: spectra(), before: spectra(), place: None };
        Self {
            hrtf,
            voices: (0..MAX_SOURCES).map(|_| voice()).collect(),
            forward,
            back,
            scratch: vec![Complex32::default(); scratch],
            samples: vec![0.0; FFT],
            spectrum: vec![Complex32::default(); BINS],
            ears: Ears::SILENT,
            sums: [spectra(), spectra()],
            is_empty: true,
        }
    }

    /// Adds a voice's block, heard from this offset in the head's frame.
    pub(crate) fn add(&mut self, slot: usize, offset: Vec3, block: &[f32; BLOCK]) {
        let Some(voice) = self.voices.get_mut(slot) else { return };
        if block.iter().chain(&voice.past).all(|sample| *sample == 0.0) {
            voice.place = None;
            return;
        }
        let turn = turn(voice, &self.hrtf, offset, &mut self.ears);
        if turn != Turn::Same {
            Self::prepare(&*self.forward, &mut self.scratch, &mut self.samples, &self.ears, &mut voice.now);
        }
        self.samples[..PAST].copy_from_slice(&voice.past);
        self.samples[PAST..].copy_from_slice(block);
        voice.past.copy_from_slice(&self.samples[BLOCK..]);
        // Lengths are those of the plan: it can not fail.
        self.forward.process_with_scratch(&mut self.samples, &mut self.spectrum, &mut self.scratch).ok();
        let [before, now] = &mut self.sums;
        for ear in 0..2 {
            let old = if turn == Turn::Other { &voice.before[ear] } else { &voice.now[ear] };
            let lists = self.spectrum.iter().zip(old).zip(&voice.now[ear]);
            let sums = before[ear].iter_mut().zip(&mut now[ear]);
            for (((input, old), new), (before, now)) in lists.zip(sums) {
                *before += input * old;
                *now += input * new;
            }
        }
        self.is_empty = false;
    }

    /// Nothing was said before the next block.
    pub(crate) fn forget(&mut self) {
        for voice in &mut self.voices {
            voice.past.fill(0.0);
            voice.place = None;
        }
    }

    /// The response in frequencies, with its delay.
    fn prepare(
        forward: &dyn RealToComplex<f32>,
        scratch: &mut [Complex32],
        samples: &mut [f32],
        ears: &Ears,
        spectra: &mut Spectra,
    ) {
        for (ear, spectrum) in spectra.iter_mut().enumerate() {
            samples[..TAPS].copy_from_slice(&ears.taps[ear]);
            samples[TAPS..].fill(0.0);
            forward.process_with_scratch(samples, spectrum, scratch).ok();
            let step = Complex32::cis(-TAU * (ears.delays[ear] + SPARE) / FFT as f32);
            let mut turn = Complex32::new(1.0, 0.0);
            for (bin, value) in spectrum.iter_mut().enumerate() {
                let part = bin.saturating_sub(FADING) as f32 / (BINS - 1 - FADING) as f32;
                *value *= turn * (1.0 - part * part * (3.0 - 2.0 * part));
                turn *= step;
            }
        }
    }

    /// Adds what both ears hear of this block to the output.
    pub(crate) fn finish(&mut self, heard: &mut StereoBlock) {
        if std::mem::replace(&mut self.is_empty, true) {
            return;
        }
        for (is_now, sums) in [false, true].into_iter().zip(&mut self.sums) {
            for (sum, channel) in sums.iter_mut().zip([&mut heard.left, &mut heard.right]) {
                // The transform takes real numbers only at both ends.
                (sum[0].im, sum[BINS - 1].im) = (0.0, 0.0);
                self.back.process_with_scratch(sum, &mut self.samples, &mut self.scratch).ok();
                sum.fill(Complex32::default());
                for (at, (value, sample)) in channel.iter_mut().zip(&self.samples[PAST..]).enumerate() {
                    let weight = if is_now { ear::part(at) } else { 1.0 - ear::part(at) };
                    *value += sample * weight / FFT as f32;
                }
            }
        }
    }
}

/// What a voice's response is in this block.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Turn {
    /// As before.
    Same,
    /// The first one: nothing of before is to be faded out.
    First,
    /// Another one.
    Other,
}

/// Takes the response of another direction into `ears` if it is one.
fn turn(voice: &mut Voice, hrtf: &Hrtf, offset: Vec3, ears: &mut Ears) -> Turn {
    let distance = offset.length();
    let outside = (distance / HEAD).min(1.0);
    let place = offset.normalize_or(Vec3::NEG_Z) * outside;
    if voice.place.is_some_and(|last| last.distance_squared(place) < SAME) {
        return Turn::Same;
    }
    hrtf.mix(place, outside, ears);
    std::mem::swap(&mut voice.now, &mut voice.before);
    if voice.place.replace(place).is_none() { Turn::First } else { Turn::Other }
}
