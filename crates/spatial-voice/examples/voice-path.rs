//! Sends a recording (WAV, 48 kHz, mono, 16 bits) over a bad path and writes what is heard:
//! `voice-path IN.wav OUT.wav LOSS_PERCENT JITTER_MS SEED`. The output begins where the input does.

use spatial_voice::{BLOCK, FRAME, FRAME_MICROS, Path, Receiver, Sender, Sent};
use std::error::Error;

/// Time on the way before jitter, µs.
const WAY_MICROS: u64 = 30_000;

fn random(seed: &mut u32) -> u32 {
    *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    *seed >> 8
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, loss, jitter, seed] = &arguments[..] else {
        return Err("usage: voice-path IN.wav OUT.wav LOSS_PERCENT JITTER_MS SEED".into());
    };
    let (loss, jitter, mut seed): (u32, u32, u32) = (loss.parse()?, jitter.parse()?, seed.parse()?);
    let mut reader = hound::WavReader::open(from)?;
    let samples: Vec<f32> = reader
        .samples::<i16>()
        .map(|sample| sample.map(|s| f32::from(s) / 32_768.0))
        .collect::<Result<_, _>>()?;
    let (mut sender, mut receiver) = (Sender::new()?, Receiver::new()?);
    sender.follow(Path { loss_percent: loss as u8, is_narrow: false })?;
    let mut coming = Vec::new();
    for (number, chunk) in samples.chunks(FRAME).enumerate() {
        let mut frame = [0.0; FRAME];
        frame[..chunk.len()].copy_from_slice(chunk);
        let packet = match sender.encode(&frame)? {
            Sent::Voice(packet) | Sent::Pause(packet) => packet,
            Sent::Nothing => continue,
        };
        let late = if jitter == 0 { 0 } else { u64::from(random(&mut seed) % (jitter * 1_000)) };
        if random(&mut seed) % 100 >= loss {
            coming.push(((number as u64 + 1) * FRAME_MICROS + WAY_MICROS + late, number as u16, packet));
        }
    }
    coming.sort_by_key(|(at, ..)| *at);
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 48_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(to, spec)?;
    let (mut coming, mut delays) = (coming.into_iter().peekable(), Vec::new());
    for index in 0..samples.len() / BLOCK + 20 {
        let now = index as u64 * 10_000;
        while let Some((at, number, packet)) = coming.next_if(|(at, ..)| *at <= now) {
            receiver.put(number, &packet, at);
        }
        let mut block = [0.0; BLOCK];
        if receiver.take(now, &mut block) {
            delays.extend(receiver.delay_micros(now));
        }
        for sample in block {
            writer.write_sample((sample.clamp(-1.0, 1.0) * 32_767.0) as i16)?;
        }
    }
    writer.finalize()?;
    delays.sort_unstable();
    let p95 = delays.get(delays.len() * 95 / 100).copied().unwrap_or_default();
    println!("{:?}, delay p95 {p95} µs", receiver.stats());
    Ok(())
}
