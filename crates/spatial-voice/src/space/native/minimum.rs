//! A filter with given gains and as little delay as can be. Knows nothing of heads.

use super::hrtf::{BINS, FFT};
use realfft::RealFftPlanner;
use realfft::num_complex::Complex32;

/// The spectrum of minimum phase with these gains of amplitude, by folding the cepstrum (Oppenheim and Schafer).
pub(crate) fn minimum_phase(gains: &[f32]) -> Vec<Complex32> {
    let mut planner = RealFftPlanner::<f32>::new();
    let mut logs: Vec<Complex32> =
        gains.iter().map(|gain| Complex32::new(gain.max(1e-9).ln(), 0.0)).collect();
    logs.resize(BINS, Complex32::default());
    let mut cepstrum = vec![0.0; FFT];
    // Lengths are those of the plan: neither transform can fail.
    planner.plan_fft_inverse(FFT).process(&mut logs, &mut cepstrum).ok();
    for (at, value) in cepstrum.iter_mut().enumerate() {
        let fold = match at {
            0 => 1.0,
            at if at < FFT / 2 => 2.0,
            at if at == FFT / 2 => 1.0,
            _ => 0.0,
        };
        *value *= fold / FFT as f32;
    }
    let mut spectrum = vec![Complex32::default(); BINS];
    planner.plan_fft_forward(FFT).process(&mut cepstrum, &mut spectrum).ok();
    spectrum.into_iter().map(|value| Complex32::from_polar(value.re.exp(), value.im)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gains_stay_and_the_response_begins_at_once() {
        let gains: Vec<f32> = (0..BINS).map(|bin| 1.0 + 0.8 * (bin as f32 * 0.03).sin()).collect();
        let mut spectrum = minimum_phase(&gains);
        for (value, gain) in spectrum.iter().zip(&gains) {
            assert!((value.norm() / gain - 1.0).abs() < 0.02, "{value} {gain}");
        }
        (spectrum[0].im, spectrum[BINS - 1].im) = (0.0, 0.0);
        let mut response = vec![0.0; FFT];
        RealFftPlanner::new().plan_fft_inverse(FFT).process(&mut spectrum, &mut response).unwrap();
        let energy = |part: &[f32]| part.iter().map(|value| value * value).sum::<f32>();
        assert!(energy(&response[..64]) > 0.99 * energy(&response));
    }
}
