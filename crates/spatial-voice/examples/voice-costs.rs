//! What voices cost who hears them, and how long they wait: `voice-costs RECORDING.wav …` (48 kHz, mono, 16 bits), which
//! `cargo xtask bench voice` runs. CPU time of one thread for each heard speaker and for the own microphone; then, in virtual
//! time, delay and guessed frames over paths that lose and delay. Prints lines of `name=value` words.

#[path = "shared/recording.rs"]
mod recording;

use recording::recording;
use spatial_voice::space::native::{Hrtf, Native};
use spatial_voice::space::{OutputMode, StereoBlock};
use spatial_voice::{
    BLOCK, FRAME, FRAME_MICROS, Hall, MAX_PACKET, Mouth, Path, Place, Receiver, SAMPLE_RATE, Sender, Sent,
    Treatment, Voices,
};
use std::error::Error;
use std::f32::consts::TAU;
use std::sync::Arc;

type Failure = Box<dyn Error>;
type Packet = arrayvec::ArrayVec<u8, MAX_PACKET>;

/// People who speak at once, without a pause.
const CROWDS: [u32; 4] = [0, 1, 8, 24];

/// Blocks that are rendered to measure a crowd: half a minute.
const BLOCKS: u64 = 3_000;

/// Paths: loss in percent, and jitter in milliseconds, which is spread evenly from nothing to that.
const PATHS: [(u32, u32); 4] = [(0, 0), (0, 20), (2, 20), (10, 20)];

/// Samples that are spoken, of recordings that are repeated as long: a minute.
const SPOKEN: usize = 60 * SAMPLE_RATE as usize;

/// Seeds of each path, and the time on the way before jitter, µs.
const SEEDS: u32 = 10;
const WAY_MICROS: u64 = 30_000;

/// Blocks take so long, µs.
const BLOCK_MICROS: u64 = 10_000;

fn main() -> Result<(), Failure> {
    let recordings: Vec<String> = std::env::args().skip(1).collect();
    if recordings.is_empty() {
        return Err("usage: voice-costs RECORDING.wav …".into());
    }
    let mut samples = Vec::new();
    for path in &recordings {
        samples.extend(recording(path).map_err(|error| format!("{path}: {error}"))?);
    }
    if samples.is_empty() {
        return Err("the recordings are empty".into());
    }
    let samples: Vec<f32> = samples.iter().copied().cycle().take(SPOKEN).collect();
    let packets = packets(&samples, Path::default())?;
    println!(
        "speech seconds={:.1} bytes_per_frame={:.0}",
        samples.len() as f64 / f64::from(SAMPLE_RATE),
        packets.iter().map(|packet| packet.len()).sum::<usize>() as f64 / packets.len() as f64
    );
    let loud: Vec<&Packet> = packets.iter().filter(|packet| packet.len() > 2).collect();
    for mode in [OutputMode::Binaural, OutputMode::Loudspeakers] {
        for speakers in CROWDS {
            listen(&loud, speakers, mode)?;
        }
    }
    receive(&loud)?;
    for treatment in [Treatment::default(), Treatment::NONE] {
        speak(&samples, treatment)?;
    }
    PATHS.into_iter().try_for_each(|(loss, jitter)| travel(&samples, loss, jitter))
}

/// Every frame of the speech that is sent over this path.
fn packets(samples: &[f32], path: Path) -> Result<Vec<Packet>, Failure> {
    Ok(numbered(samples, path)?.into_iter().map(|(_, packet)| packet).collect())
}

fn numbered(samples: &[f32], path: Path) -> Result<Vec<(u64, Packet)>, Failure> {
    let mut sender = Sender::new()?;
    sender.follow(path)?;
    let mut packets = Vec::new();
    let frames = samples.as_chunks::<FRAME>().0;
    // At the end the microphone closes, as it does when somebody has spoken.
    for (number, frame) in (0..).zip(frames.iter().map(Some).chain([None; 3])) {
        let sent = match frame {
            Some(frame) => sender.encode(frame)?,
            None => sender.rest()?,
        };
        match sent {
            Sent::Voice(packet) | Sent::Pause(packet) => packets.push((number, packet)),
            Sent::Nothing => {}
        }
    }
    Ok(packets)
}

/// CPU time of this thread, µs.
fn cpu_micros() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}

/// Part of a core that so much CPU time for so many blocks is, percent.
fn percent(micros: f64, blocks: u64) -> f64 {
    100.0 * micros / (blocks * BLOCK_MICROS) as f64
}

/// So many people around a listener speak at once; the head turns. All that a client's thread of sound does for them.
fn listen(packets: &[&Packet], speakers: u32, mode: OutputMode) -> Result<(), Failure> {
    let mut voices = Voices::new(Native::spatial(Arc::new(Hrtf::shipped()?)).backend)?;
    let place = |speaker: u32| {
        let angle = speaker as f32 * TAU / 24.0;
        let position = glam::Vec3::new(angle.sin() * 3.0, 0.0, angle.cos() * 4.0);
        Place { speaker, position, gain: 0.3 }
    };
    let mut hall = Hall { places: (0..speakers).map(place).collect(), mode, gain: 1.0, ..Hall::default() };
    let (mut heard, mut energy) = (StereoBlock::default(), 0.0);
    let mut costs = Vec::new();
    for block in 0..BLOCKS {
        let now = 1_000_000 + block * BLOCK_MICROS;
        hall.listener.building_from_head = glam::Quat::from_rotation_y(block as f32 * 0.01);
        let before = cpu_micros();
        if block % 2 == 0 {
            let number = block / 2;
            for speaker in 0..speakers {
                let packet = packets[(number as usize + speaker as usize * 37) % packets.len()];
                voices.put(speaker, number as u16, packet, now);
            }
        }
        voices.render(now, &hall, &mut heard);
        costs.push(cpu_micros() - before);
        energy += heard.left.iter().map(|sample| sample * sample).sum::<f32>();
    }
    if (energy > 0.0) != (speakers > 0) {
        return Err(format!("{speakers} speakers are heard with an energy of {energy}").into());
    }
    let whole = percent(costs.iter().sum(), BLOCKS);
    costs.sort_by(f64::total_cmp);
    let p99 = costs[costs.len() * 99 / 100];
    println!("listening mode={mode:?} speakers={speakers} core_percent={whole:.4} block_us_p99={p99:.0}");
    Ok(())
}

/// The receiver alone: buffer, decoder, and the voice kept in time.
fn receive(packets: &[&Packet]) -> Result<(), Failure> {
    let mut receiver = Receiver::new()?;
    let mut samples = [0.0; BLOCK];
    let before = cpu_micros();
    for block in 0..BLOCKS {
        let now = 1_000_000 + block * BLOCK_MICROS;
        if block % 2 == 0 {
            let number = (block / 2) as usize;
            receiver.put(number as u16, packets[number % packets.len()], now);
        }
        receiver.take(now, &mut samples);
    }
    println!("receiving core_percent={:.4}", percent(cpu_micros() - before, BLOCKS));
    Ok(())
}

/// The own microphone, while one speaks and others are heard.
fn speak(samples: &[f32], treatment: Treatment) -> Result<(), Failure> {
    let mut mouth = Mouth::new(treatment)?;
    let name = if treatment == Treatment::NONE { "none" } else { "all" };
    let (blocks, _) = samples.as_chunks::<BLOCK>();
    let (mut micros, mut sent) = (0.0, 0);
    for (number, block) in blocks.iter().enumerate() {
        let played = &blocks[(number + 777) % blocks.len()];
        let before = cpu_micros();
        mouth.hear_loudspeakers(played);
        sent += usize::from(mouth.speak(block, true)?.is_some());
        micros += cpu_micros() - before;
    }
    println!(
        "speaking treatment={name} core_percent={:.4} sent={sent} of={}",
        percent(micros, blocks.len() as u64),
        blocks.len() / 2
    );
    Ok(())
}

fn random(seed: &mut u32) -> u32 {
    *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    *seed >> 8
}

/// The speech over a path that loses and delays, with some seeds; what became of its frames, and how long it waited for
/// them beyond the quickest packet.
fn travel(samples: &[f32], loss: u32, jitter: u32) -> Result<(), Failure> {
    let packets = numbered(samples, Path { loss_percent: loss as u8, is_narrow: false })?;
    let (mut frames, mut concealed, mut repaired, mut late) = (0, 0, 0, 0);
    let (mut delays, mut worst) = (Vec::new(), 0.0_f64);
    for seed in 1..=SEEDS {
        // Packets come at any moment of a block.
        let way = WAY_MICROS + u64::from(seed) * 1_237 % BLOCK_MICROS;
        let mut seed = seed * 7_919;
        let mut coming: Vec<(u64, u16, &Packet)> = Vec::new();
        for (number, packet) in &packets {
            let delay = u64::from(random(&mut seed) % (jitter * 1_000).max(1));
            if random(&mut seed) % 10_000 >= loss * 100 {
                coming.push(((number + 1) * FRAME_MICROS + way + delay, *number as u16, packet));
            }
        }
        coming.sort_by_key(|(at, ..)| *at);
        let (mut receiver, mut coming) = (Receiver::new()?, coming.into_iter().peekable());
        for block in 0..(samples.len() / BLOCK + 20) as u64 {
            let now = block * BLOCK_MICROS;
            while let Some((at, number, packet)) = coming.next_if(|(at, ..)| *at <= now) {
                receiver.put(number, packet, at);
            }
            if receiver.take(now, &mut [0.0; BLOCK]) {
                delays.extend(receiver.delay_micros(now));
            }
        }
        let stats = receiver.stats();
        frames += stats.frames;
        concealed += stats.concealed;
        repaired += stats.repaired;
        late += stats.late;
        worst = worst.max(100.0 * stats.concealed as f64 / stats.frames.max(1) as f64);
    }
    delays.sort_unstable();
    let delay_ms =
        |part: usize| delays.get(delays.len() * part / 100).copied().unwrap_or_default() as f64 / 1e3;
    println!(
        "path loss={loss} jitter_ms={jitter} frames={frames} concealed_percent={:.3} concealed_percent_worst={worst:.3} \
         repaired={repaired} late={late} delay_ms_p50={:.1} delay_ms_p95={:.1}",
        100.0 * concealed as f64 / frames.max(1) as f64,
        delay_ms(50),
        delay_ms(95),
    );
    Ok(())
}
