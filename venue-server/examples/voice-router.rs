//! What the router of voices costs the server: the product's own, with people who stand in one room and some of them who
//! speak without a pause, in virtual time. `voice-router PEOPLE SPEAKING`; `cargo xtask bench voice` runs it.
//! Prints a line of `name=value` words. It must not know sockets: the whole way is measured with a real server.

use anyhow::{Context as _, Result, ensure};
use bytes::{Bytes, BytesMut};
use glam::Vec3;
use mimalloc::MiMalloc;
use std::time::Duration;
use venue_model::{ParticipantId, ServerTime, SpaceId};
use venue_protocol::{Earshot, VoiceFrame, VoiceWay};
use venue_server::store::EventId;
use venue_server::voices::{Attendee, Room, Router};
use venue_transport::ConnectionId;

/// The server's own allocator: each datagram is memory that is taken and given back.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Virtual seconds of a round, and rounds of which the median counts; the first one is for warming up.
const SECONDS: u64 = 20;
const ROUNDS: usize = 9;

/// Opus at 32 kbit/s, and as loud as people speak.
const VOICE_BYTES: usize = 80;
const LEVEL: u8 = 26;

/// Frames and ticks of a second.
const FRAMES: u64 = 50;
const TICKS: u64 = 30;

const SECOND_MICROS: u64 = 1_000_000;

/// Something that happens to the router.
enum Step {
    /// The world is told.
    Tick(Vec<Attendee>),
    /// A datagram came.
    Came(ConnectionId, Bytes),
}

/// CPU time of a round, and what was done in it.
struct Round {
    forwarding: Duration,
    telling: Duration,
    frames: u64,
    datagrams: u64,
}

impl Round {
    /// Frames that a core forwards in a second if it does nothing else.
    fn frames_per_core_s(&self) -> f64 {
        self.frames as f64 / (self.forwarding + self.telling).as_secs_f64()
    }
}

fn main() -> Result<()> {
    let numbers: Vec<u32> = std::env::args().skip(1).map(|word| word.parse()).collect::<Result<_, _>>()?;
    let [people, speaking] = numbers[..] else { anyhow::bail!("usage: voice-router PEOPLE SPEAKING") };
    ensure!(0 < speaking && speaking < people, "somebody speaks and somebody listens");
    let mut router = Router::default();
    let mut rounds = (0..=ROUNDS as u64)
        .map(|number| round(&mut router, people, speaking, number * SECONDS))
        .collect::<Result<Vec<_>>>()?;
    rounds.remove(0);
    rounds.sort_by(|a, b| a.frames_per_core_s().total_cmp(&b.frames_per_core_s()));
    let median = &rounds[ROUNDS / 2];
    let (worst, best) = (&rounds[0], &rounds[ROUNDS - 1]);
    println!(
        "people={people} speaking={speaking} frames_per_s={} per_datagram={:.2} frames_per_core_s={:.0} \
         worst={:.0} best={:.0} forward_ns={:.0} tick_us={:.1}",
        median.frames / SECONDS,
        median.frames as f64 / median.datagrams as f64,
        median.frames_per_core_s(),
        worst.frames_per_core_s(),
        best.frames_per_core_s(),
        median.forwarding.as_nanos() as f64 / median.frames as f64,
        median.telling.as_micros() as f64 / (SECONDS * TICKS) as f64,
    );
    Ok(())
}

/// Some virtual seconds; what they need is made before the clock is looked at.
fn round(router: &mut Router, people: u32, speaking: u32, begin: u64) -> Result<Round> {
    let before = router.counts();
    let (mut forwarding, mut telling) = (Duration::ZERO, Duration::ZERO);
    let mut out = Vec::new();
    for second in begin..begin + SECONDS {
        let steps = steps(people, speaking, second);
        let from = thread_time()?;
        let mut told = Duration::ZERO;
        for (at, step) in steps {
            let now = ServerTime(at);
            // As the network's thread does: whatever is due leaves before more is looked at.
            if let Some(due) = router.due().filter(|due| *due <= now) {
                router.flush(due, &mut out);
                out.clear();
            }
            match step {
                Step::Came(from, datagram) => router.receive(from, &datagram, now),
                Step::Tick(all) => {
                    let from = thread_time()?;
                    router.update(all.into_iter(), false, now);
                    told += thread_time()? - from;
                }
            }
        }
        forwarding += (thread_time()? - from).saturating_sub(told);
        telling += told;
    }
    let after = router.counts();
    ensure!(after.frames_refused == before.frames_refused, "frames were refused");
    let (frames, datagrams) =
        (after.frames_out - before.frames_out, after.datagrams_out - before.datagrams_out);
    let most = SECONDS * FRAMES * u64::from(speaking) * u64::from(people - 1);
    ensure!(frames * 100 > most * 98 && frames <= most, "{frames} of {most} frames were forwarded");
    Ok(Round { forwarding, telling, frames, datagrams })
}

/// What happens in a second, in order. Everybody speaks on a clock of their own.
fn steps(people: u32, speaking: u32, second: u64) -> Vec<(u64, Step)> {
    let begin = (second + 1) * SECOND_MICROS;
    let mut steps = Vec::new();
    for tick in 0..TICKS {
        let at = begin + tick * SECOND_MICROS / TICKS;
        steps.push((at, Step::Tick((0..people).map(|who| attendee(who, speaking, at)).collect())));
    }
    let mut buffer = BytesMut::new();
    for (frame, who) in (0..FRAMES).flat_map(|frame| (0..speaking).map(move |who| (frame, who))) {
        let phase = u64::from(who).wrapping_mul(7_919) % (SECOND_MICROS / FRAMES);
        let number = second * FRAMES + frame;
        let voice = vec![number as u8; VOICE_BYTES];
        let frame_of = VoiceFrame {
            way: VoiceWay::Around,
            sequence: number as u16,
            level: LEVEL,
            voice: Bytes::from(voice),
        };
        let at = begin + frame * SECOND_MICROS / FRAMES + phase;
        steps.push((at, Step::Came(connection(who), frame_of.encode(&mut buffer))));
    }
    steps.sort_by_key(|(at, _)| *at);
    steps
}

fn connection(who: u32) -> ConnectionId {
    ConnectionId(u64::from(who) + 1)
}

/// People two metres from each other, who walk a little; those who speak stand among them.
fn attendee(who: u32, speaking: u32, at: u64) -> Attendee {
    let (row, column) = (who / 15, who % 15);
    let sway = (at as f32 / SECOND_MICROS as f32 + who as f32).sin();
    Attendee {
        who: ParticipantId(who + 1),
        connection: connection(who),
        room: Room { event: EventId(1), space: SpaceId(1) },
        position: Vec3::new(column as f32 * 2.0 + sway, 1.6, row as f32 * 2.0),
        earshot: Earshot::Room,
        zone: None,
        talk: None,
        is_open: who < speaking,
        doors: Vec::new(),
        hidden: Vec::new(),
    }
}

/// CPU time that this thread has used.
fn thread_time() -> Result<Duration> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let nanos = u32::try_from(time.tv_nsec).context("a clock with odd nanoseconds")?;
    Ok(Duration::new(time.tv_sec.unsigned_abs(), nanos))
}
