//! One person seen by another over a path that loses datagrams, by the product's own server and client sides.

use bytes::{Bytes, BytesMut};
use glam::Vec3;
use hecs::World;
use load::recording::{Errors, Recording, quantile};
use std::collections::VecDeque;
use venue_model::{ParticipantId, ServerTime, SpaceEpoch, SpaceId, Tick};
use venue_replication::snapshot::HEADER_BYTES;
use venue_replication::{Body, Feedback, Mirror, SpaceReplicator, Viewer, Who};

const PERSON: ParticipantId = ParticipantId(11);
const WATCHER: ParticipantId = ParticipantId(12);

/// One way, ticks.
const DELAY_TICKS: u32 = 1;

/// Seconds after which the path is known.
const KNOWN_SECS: u32 = 3;

/// A generator with a seed (xorshift, Marsaglia 2003).
struct Random(u64);

impl Random {
    fn is_lost(&mut self, percent: u64) -> bool {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % 100 < percent
    }
}

/// Sends the recording and prints what a tick took, and how well what was seen was true.
pub fn measure(recording: &Recording, percent: u64) {
    let (space, epoch) = (SpaceId(1), SpaceEpoch(1));
    let mut replicator = SpaceReplicator::new(space, epoch, Vec3::ZERO);
    let mut mirror = Mirror::new(space, epoch, Vec3::ZERO);
    mirror.admit(PERSON);
    let mut world = World::new();
    let body = Body { pose: recording.pose(ServerTime(0)), sampled_at: ServerTime(0) };
    let entity = world.spawn((Who(PERSON), body));
    let mut random = Random(0x9e37_79b9);
    let mut down: VecDeque<(u32, Bytes)> = VecDeque::new();
    let mut up: VecDeque<(u32, Bytes)> = VecDeque::new();
    let (mut bits, mut ages, mut errors) = (Vec::new(), Vec::new(), Errors::default());
    let mut counted_from = None;
    for tick in recording.ticks() {
        let from = *counted_from.get_or_insert(tick.0 + KNOWN_SECS * venue_model::TICK_HZ);
        while let Some((_, report)) = up.pop_front_if(|(at, _)| *at <= tick.0) {
            replicator.hear(WATCHER, &Feedback::decode(&report).unwrap_or_else(|error| panic!("{error}")));
        }
        let body = Body { pose: recording.pose(tick.time()), sampled_at: tick.time() };
        world.insert_one(entity, body).unwrap_or_else(|error| panic!("{error}"));
        replicator.encode(tick, &world);
        let mut datagrams = Vec::new();
        let viewer = Viewer { participant: WATCHER, ..Viewer::default() };
        replicator.datagrams_for(&viewer, &mut datagrams);
        let sent: usize = datagrams.iter().map(|datagram| (datagram.len() - HEADER_BYTES) * 8).sum();
        for datagram in datagrams {
            if !random.is_lost(percent) {
                down.push_back((tick.0 + DELAY_TICKS, datagram));
            }
        }
        while let Some((_, datagram)) = down.pop_front_if(|(at, _)| *at <= tick.0) {
            mirror.handle_snapshot(&datagram, tick.time()).unwrap_or_else(|error| panic!("{error}"));
        }
        if let Some(report) = mirror.feedback().filter(|_| !random.is_lost(percent)) {
            up.push_back((tick.0 + DELAY_TICKS, report.encode(&mut BytesMut::new())));
        }
        if let Some((at, pose)) = mirror.newest(PERSON).filter(|_| tick.0 >= from) {
            bits.push(sent as f64);
            ages.push(tick.time().micros_since(at) as f64 / 1000.0);
            errors.note(&recording.pose(nearest_tick(at).time()), &pose);
        }
    }
    println!(
        "loss={percent} bits_median={} bits_p95={} bits_mean={:.1} age_ms_median={:.0} age_ms_p99={:.0} worst_mm={:.3} worst_degrees={:.3}",
        quantile(&mut bits, 0.5),
        quantile(&mut bits, 0.95),
        bits.iter().sum::<f64>() / bits.len().max(1) as f64,
        quantile(&mut ages, 0.5),
        quantile(&mut ages, 0.99),
        errors.worst_metres * 1000.0,
        errors.worst_radians.to_degrees(),
    );
}

/// Bodies were sampled at ticks; what is told of when is rounded to two milliseconds.
fn nearest_tick(at: ServerTime) -> Tick {
    Tick(((at.0 * u64::from(venue_model::TICK_HZ) + 500_000) / 1_000_000) as u32)
}
