//! Carries a recording from a microphone to two ears, without a network: `through-a-hall IN.wav OUT.wav METRES MODE`, where MODE is
//! `mono`, `binaural` or `loudspeakers`. What this costs a voice is what the venue costs it.

use spatial_voice::space::native::{Hrtf, Native};
use spatial_voice::space::{OutputMode, Spatial, StereoBlock};
use spatial_voice::{BLOCK, Hall, Mouth, Place, SAMPLE_RATE, Treatment, Voices};
use std::sync::Arc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, input, output, metres, mode] = &arguments[..] else {
        return Err("through-a-hall IN.wav OUT.wav METRES MODE".into());
    };
    let mode = match mode.as_str() {
        "mono" => OutputMode::Mono,
        "loudspeakers" => OutputMode::Loudspeakers,
        _ => OutputMode::Binaural,
    };
    let mut reader = hound::WavReader::open(input)?;
    let samples: Vec<f32> = reader
        .samples::<i16>()
        .map(|sample| sample.map(|sample| f32::from(sample) / 32_768.0))
        .collect::<Result<_, _>>()?;
    let Spatial { backend, mut worker } = Native::spatial(Arc::new(Hrtf::shipped()?));
    let (mut mouth, mut voices) = (Mouth::new(Treatment::NONE)?, Voices::new(backend)?);
    let position = glam::Vec3::new(0.0, 0.0, -metres.parse::<f32>()?);
    let place = Place { speaker: 1, position, gain: 1.0 };
    let hall = Hall { places: [place].into_iter().collect(), mode, gain: 1.0, ..Hall::default() };
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: SAMPLE_RATE,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut writer = hound::WavWriter::create(output, spec)?;
    let mut heard = StereoBlock::default();
    for (number, block) in samples.chunks_exact(BLOCK).enumerate() {
        let now = 1_000_000 + number as u64 * 10_000;
        let mut own = [0.0; BLOCK];
        own.copy_from_slice(block);
        if let Some(utterance) = mouth.speak(&own, true)? {
            voices.put(1, utterance.sequence, &utterance.packet, now);
        }
        if number % 5 == 0 {
            worker.update_occlusion();
            worker.update_reverb();
        }
        voices.render(now, &hall, &mut heard);
        for (left, right) in heard.left.iter().zip(&heard.right) {
            writer.write_sample(*left)?;
            writer.write_sample(*right)?;
        }
    }
    writer.finalize()?;
    for said in voices.said(1_000_000 + samples.len() as u64 * 1_000_000 / u64::from(SAMPLE_RATE)) {
        println!("{said:?}");
    }
    Ok(())
}
