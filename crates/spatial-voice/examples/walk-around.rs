//! Lets a recording walk around a listener in a box of a room and writes what both ears hear (WAV, 48 kHz), then
//! measures what 32 voices at once cost: `walk-around [IN.wav] OUT.wav`. Without a recording a made-up voice speaks.
//! With `VEV_PHONON` set all is heard by Steam Audio, from that file or folder.
//! The last line is for `docs/performance.md`.

#[path = "shared/recording.rs"]
mod recording;

use glam::{Quat, Vec3};
use recording::recording;
use spatial_voice::space::native::{Hrtf, Native};
use spatial_voice::space::{
    AcousticScene, AcousticSpace, Listener, MAX_SOURCES, Material, OutputMode, Source, Spatial, StereoBlock,
    Triangle,
};
use spatial_voice::{BLOCK, SAMPLE_RATE};
use std::error::Error;
use std::sync::Arc;

/// Seconds for which somebody walks once around.
const ROUND_SECONDS: f32 = 12.0;

/// A lounge of 14 by 3.2 by 10 metres with carpet, plaster and glass.
fn lounge() -> AcousticScene {
    let size = Vec3::new(14.0, 3.2, 10.0);
    let corner = |at: usize| Vec3::new((at & 1) as f32, (at >> 1 & 1) as f32, (at >> 2 & 1) as f32) * size;
    let sides: [([u32; 4], u8); 6] = [
        ([0, 2, 6, 4], 1),
        ([1, 5, 7, 3], 1),
        ([0, 4, 5, 1], 0),
        ([2, 3, 7, 6], 1),
        ([0, 1, 3, 2], 2),
        ([4, 6, 7, 5], 1),
    ];
    let halves = |([a, b, c, d], material): ([u32; 4], u8)| {
        [[a, b, c], [a, c, d]].map(|corners| Triangle { corners, material })
    };
    let material = |absorption| Material { absorption, scattering: 0.3, transmission: [0.01, 0.001, 0.0001] };
    let space = AcousticSpace {
        materials: vec![material([0.1, 0.4, 0.6]), material([0.15, 0.1, 0.1]), material([0.2, 0.05, 0.04])],
        vertices: (0..8).map(corner).collect(),
        triangles: sides.into_iter().flat_map(halves).collect(),
        ..AcousticSpace::default()
    };
    AcousticScene { spaces: vec![space] }
}

/// Syllables of a buzz with three formants' worth of harmonics.
fn made_up(seconds: usize) -> Vec<f32> {
    let sample = |at: usize| {
        let time = at as f32 / SAMPLE_RATE as f32;
        let pitch = 120.0 + 15.0 * (time * 2.0).sin();
        let syllable = (time * 4.0 * std::f32::consts::PI).sin().max(0.0);
        let buzz: f32 = (1..40)
            .map(|harmonic| {
                let hertz = pitch * harmonic as f32;
                let loudness: f32 = [500.0, 1_500.0, 2_500.0]
                    .iter()
                    .map(|middle: &f32| 1.0 / (1.0 + ((hertz - middle) / 200.0).powi(2)))
                    .sum();
                loudness * (time * hertz * std::f32::consts::TAU).sin()
            })
            .sum();
        buzz * syllable * 0.15
    };
    (0..seconds * SAMPLE_RATE as usize).map(sample).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (samples, to) = match &arguments[..] {
        [to] => (made_up(15), to),
        [from, to] => (recording(from)?, to),
        _ => return Err("usage: walk-around [IN.wav] OUT.wav".into()),
    };
    let hrtf = Arc::new(Hrtf::shipped()?);
    let made = || -> Result<Spatial, Box<dyn Error>> {
        Ok(match std::env::var_os("VEV_PHONON") {
            Some(path) => spatial_voice::steam::spatial(Some(path.as_ref()))?,
            None => Native::spatial(hrtf.clone()),
        })
    };
    walk(made()?, &samples, to)?;
    for mode in [OutputMode::Loudspeakers, OutputMode::Mono, OutputMode::Binaural] {
        measure(made()?, mode, 2_000)?;
    }
    Ok(())
}

/// Renders the walk.
fn walk(
    Spatial { mut backend, mut worker }: Spatial,
    samples: &[f32],
    to: &str,
) -> Result<(), Box<dyn Error>> {
    worker.set_scene(&lounge())?;
    let listener = Listener { position: Vec3::new(7.0, 1.6, 5.0), ..Listener::default() };
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: SAMPLE_RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(to, spec)?;
    println!("each second: azimuth, level of the left and of the right ear in dB");
    let (mut energy, mut heard) = ([0.0_f32; 2], StereoBlock::default());
    for (block, chunk) in samples.chunks_exact(BLOCK).enumerate() {
        let seconds = block as f32 * 0.01;
        let turn = seconds / ROUND_SECONDS * std::f32::consts::TAU;
        let position = listener.position + Vec3::new(turn.sin(), 0.0, -turn.cos()) * 2.0;
        let samples: &[f32; BLOCK] = chunk.try_into()?;
        let source = Source { slot: 0, position, gain: 1.0, samples };
        backend.process_block(&listener, &[source], OutputMode::Binaural, &mut heard);
        if block % 5 == 0 {
            worker.update_occlusion();
        }
        if block % 25 == 0 {
            worker.update_reverb();
        }
        for (left, right) in heard.left.iter().zip(&heard.right) {
            energy = [energy[0] + left * left, energy[1] + right * right];
            for value in [left, right] {
                writer.write_sample((value * 32_767.0) as i16)?;
            }
        }
        if block % 100 == 99 {
            let [left, right] = energy.map(|sum| 10.0 * (sum / SAMPLE_RATE as f32).max(1e-12).log10());
            println!("{:5.0}°  {left:6.1}  {right:6.1}", turn.to_degrees());
            energy = [0.0; 2];
        }
    }
    writer.finalize()?;
    Ok(())
}

/// CPU time of this thread, µs.
fn cpu_micros() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}

/// 32 people speak at once and walk; the head turns in every block.
fn measure(
    Spatial { mut backend, mut worker }: Spatial,
    mode: OutputMode,
    blocks: usize,
) -> Result<(), Box<dyn Error>> {
    worker.set_scene(&lounge())?;
    let voice = made_up(3);
    let (mut heard, mut costs, mut slow) = (StereoBlock::default(), Vec::new(), [0.0; 2]);
    for block in 0..blocks {
        let turn = block as f32 * 0.02;
        let listener =
            Listener { position: Vec3::new(7.0, 1.6, 5.0), building_from_head: Quat::from_rotation_y(turn) };
        let sources: Vec<Source<'_>> = (0..MAX_SOURCES)
            .map(|slot| {
                let at = (slot * 3_001 + block * BLOCK) % (voice.len() - BLOCK);
                let aside = Vec3::new((slot as f32).sin() * 5.0, 0.0, (slot as f32 + turn * 0.1).cos() * 4.0);
                let samples = voice[at..at + BLOCK].first_chunk().ok_or("too short")?;
                Ok(Source { slot, position: listener.position + aside, gain: 0.3, samples })
            })
            .collect::<Result<_, Box<dyn Error>>>()?;
        let before = cpu_micros();
        backend.process_block(&listener, &sources, mode, &mut heard);
        costs.push(cpu_micros() - before);
        if block % 5 == 0 {
            let before = cpu_micros();
            worker.update_occlusion();
            slow[0] += cpu_micros() - before;
        }
        if block % 25 == 0 {
            let before = cpu_micros();
            worker.update_reverb();
            slow[1] += cpu_micros() - before;
        }
    }
    costs.sort_by(f64::total_cmp);
    let mean = costs.iter().sum::<f64>() / blocks as f64;
    let p99 = costs[blocks * 99 / 100];
    let worker = slow.map(|micros| micros / (blocks as f64 * 10_000.0) * 100.0);
    println!(
        "{} {mode:?}: {MAX_SOURCES} voices, a block of 10 ms takes {mean:.0} µs in the mean, {p99:.0} µs p99, that is \
         {:.1} % of a core; the worker takes {:.2} % for rays and {:.3} % for the room",
        backend.name(),
        mean / 100.0,
        worker[0],
        worker[1]
    );
    if mode == OutputMode::Binaural && backend.name() == "built in" {
        println!(
            "{{\"figure\":\"voice.spatial_32_core_percent\",\"measured\":{:.2},\"unit\":\"% of a core\",\
             \"goal\":10,\"better\":\"lower\"}}",
            mean / 100.0
        );
    }
    Ok(())
}
