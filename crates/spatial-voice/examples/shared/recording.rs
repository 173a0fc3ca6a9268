//! Speech from a file, for the examples. It must not know what becomes of it.

use spatial_voice::SAMPLE_RATE;
use std::error::Error;

/// The samples of a recording that is mono, 48 kHz and 16 bits.
pub fn recording(path: &str) -> Result<Vec<f32>, Box<dyn Error>> {
    let mut reader = hound::WavReader::open(path)?;
    let spec = reader.spec();
    if (spec.channels, spec.sample_rate, spec.bits_per_sample) != (1, SAMPLE_RATE, 16) {
        return Err("the recording must be mono, 48 kHz, 16 bits".into());
    }
    let samples = reader.samples::<i16>().map(|sample| sample.map(|value| f32::from(value) / 32_768.0));
    Ok(samples.collect::<Result<_, _>>()?)
}
