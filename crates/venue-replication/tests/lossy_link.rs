//! A walk seen over a bad network, in virtual time: 5 % loss, 80 ± 30 ms, reordering, both ways.
//! What is shown stays near the truth of its moment, and becomes it exactly after a stop.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails as a test does")]

use bytes::Bytes;
use glam::Vec3;
use hecs::World;
use std::collections::BTreeMap;
use std::f32::consts::TAU;
use venue_model::{BodyPose, ParticipantId, ServerTime, SpaceEpoch, SpaceId, Tick};
use venue_protocol::Placement;
use venue_replication::{Body, Feedback, Mirror, PoseUpdate, SpaceReplicator, Viewer, Who, quantised};

const WALKER: ParticipantId = ParticipantId(11);
const WATCHER: ParticipantId = ParticipantId(12);
const ORIGIN: Vec3 = Vec3::new(10.0, 2.0, -30.0);
const WALK_SPEED: f32 = 1.4;

/// A generator with a seed (splitmix64, Steele et al. 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// One direction of a network; also sends some datagrams twice.
struct Link {
    random: Random,
    on_the_way: BTreeMap<(u64, u64), Bytes>,
    sent: u64,
}

impl Link {
    fn new(seed: u64) -> Self {
        Self { random: Random(seed), on_the_way: BTreeMap::new(), sent: 0 }
    }

    fn send(&mut self, now: u64, datagram: Bytes) {
        let copies = if self.random.below(100) == 0 { 2 } else { 1 };
        for _ in 0..copies {
            let arrival = now + 50_000 + self.random.below(60_001);
            self.sent += 1;
            if self.random.below(100) >= 5 {
                self.on_the_way.insert((arrival, self.sent), datagram.clone());
            }
        }
    }

    fn arrived(&mut self, now: u64) -> Vec<Bytes> {
        let later = self.on_the_way.split_off(&(now + 1, 0));
        std::mem::replace(&mut self.on_the_way, later).into_values().collect()
    }
}

/// Where the walker truly is: round a lounge of 5 m, with a pause, then at rest from `STOP_MICROS` on.
fn truth(at: u64) -> BodyPose {
    let walked = at.min(8_000_000) + at.clamp(11_000_000, STOP_MICROS) - 11_000_000;
    let angle = walked as f32 * 1e-6 * WALK_SPEED / 5.0;
    let root = ORIGIN + Vec3::new(angle.cos() * 5.0, 0.0, angle.sin() * 5.0);
    BodyPose::standing(root, (-angle).rem_euclid(TAU))
}

/// The display delay learns the network for this long before the walk is judged.
const WARM_UP_MICROS: u64 = 2_000_000;

const STOP_MICROS: u64 = 20_000_000;
const END_MICROS: u64 = 23_000_000;
const STEP_MICROS: u64 = 1_000;

struct Simulation {
    up: Link,
    down: Link,
    back: Link,
    world: World,
    replicator: SpaceReplicator,
    mirror: Mirror,
    newest: Option<u32>,
    body: hecs::Entity,
}

impl Simulation {
    fn new(seed: u64) -> Self {
        let (space, epoch) = (SpaceId(1), SpaceEpoch(1));
        let mut world = World::new();
        let body = world.spawn((Who(WALKER), Body { pose: truth(0), sampled_at: ServerTime(0) }));
        let mut mirror = Mirror::new(space, epoch, ORIGIN);
        mirror.admit(WALKER);
        Self {
            up: Link::new(seed),
            down: Link::new(seed.wrapping_add(1)),
            back: Link::new(seed.wrapping_add(2)),
            world,
            replicator: SpaceReplicator::new(space, epoch, ORIGIN),
            mirror,
            newest: None,
            body,
        }
    }

    fn walker_samples(&mut self, now: u64, sequence: u32) {
        let sampled_at = ServerTime(now);
        let update = PoseUpdate { placement: Placement(0), sequence, sampled_at, pose: truth(now) };
        self.up.send(now, update.encode(ORIGIN, &mut bytes::BytesMut::new()));
    }

    fn server_ticks(&mut self, now: u64, tick: u32) {
        for datagram in self.up.arrived(now) {
            let update = PoseUpdate::decode(&datagram, ORIGIN).unwrap();
            if self.newest.is_none_or(|newest| newest < update.sequence) {
                self.newest = Some(update.sequence);
                let body = Body { pose: update.pose, sampled_at: update.sampled_at };
                *self.world.get::<&mut Body>(self.body).unwrap() = body;
            }
        }
        for datagram in self.back.arrived(now) {
            self.replicator.hear(WATCHER, &Feedback::decode(&datagram).unwrap());
        }
        self.replicator.encode(Tick(tick), &self.world);
        let mut datagrams = Vec::new();
        let viewer = Viewer { participant: WATCHER, position: ORIGIN, ..Viewer::default() };
        self.replicator.datagrams_for(&viewer, &mut datagrams);
        datagrams.into_iter().for_each(|datagram| self.down.send(now, datagram));
    }

    /// What the watcher sees now, and how long ago that was.
    fn watcher_looks(&mut self, now: u64) -> Option<(BodyPose, u64)> {
        for datagram in self.down.arrived(now) {
            self.mirror.handle_snapshot(&datagram, ServerTime(now)).unwrap();
        }
        let (_, pose) = self.mirror.displayed(ServerTime(now)).next()?;
        Some((pose, self.mirror.display_delay_micros(WALKER).unwrap()))
    }
}

fn check(seed: u64) -> (f32, u64) {
    let mut simulation = Simulation::new(seed);
    let (mut worst, mut longest_delay, mut last_seen) = (0.0f32, 0, None);
    let (mut sequence, mut tick) = (0, 0);
    for now in (0..END_MICROS).step_by(STEP_MICROS as usize) {
        if now >= u64::from(sequence) * 1_000_000 / 30 + 7_000 {
            simulation.walker_samples(now, sequence);
            sequence += 1;
            if let Some(feedback) = simulation.mirror.feedback() {
                simulation.back.send(now, feedback.encode(&mut bytes::BytesMut::new()));
            }
        }
        if now >= Tick(tick).time().0 {
            simulation.server_ticks(now, tick);
            tick += 1;
        }
        let looks = now % 11_000 == 0;
        if let Some((pose, delay)) = simulation.watcher_looks(now).filter(|_| looks && now > WARM_UP_MICROS) {
            worst = worst.max(pose.root.distance(truth(now - delay).root));
            longest_delay = longest_delay.max(delay);
            last_seen = Some(pose);
        }
    }
    assert_eq!(last_seen, Some(quantised(&truth(STOP_MICROS), ORIGIN)), "seed {seed}: exact after the stop");
    (worst, longest_delay)
}

#[test]
fn a_walk_over_a_bad_network_is_shown_within_ten_centimetres_and_a_stop_exactly() {
    for seed in 0..100 {
        let (worst, delay) = check(seed * 0x1234_5678_9abc);
        assert!(worst <= 0.10, "seed {seed}: {worst} m off");
        assert!(delay <= 450_000, "seed {seed}: shown {delay} µs late");
    }
}
