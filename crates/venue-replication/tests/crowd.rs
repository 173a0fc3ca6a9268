//! A crowd over narrow paths, in virtual time: everybody is seen whatever the budget, who is near often, and who was
//! left out comes next.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails as a test does")]

use bytes::{Bytes, BytesMut};
use glam::Vec3;
use hecs::World;
use std::collections::{BTreeMap, VecDeque};
use venue_model::{BodyPose, ParticipantId, ServerTime, SpaceEpoch, SpaceId, TICK_HZ, Tick};
use venue_replication::{Body, Feedback, Mirror, Ring, SpaceReplicator, Viewer, Who};

const SPACE: SpaceId = SpaceId(3);
const EPOCH: SpaceEpoch = SpaceEpoch(1);
const WATCHER: ParticipantId = ParticipantId(50_000);

/// Bytes of a datagram on the wire beside its content.
const OVERHEAD: usize = 58;

/// A path with so many bits a second and a queue of a quarter of a second; what does not fit is lost.
struct Path {
    bits_per_tick: f32,
    waiting: VecDeque<Bytes>,
    credit: f32,
    carried_bits: usize,
}

impl Path {
    fn new(bits_per_second: f32) -> Self {
        Self {
            bits_per_tick: bits_per_second / TICK_HZ as f32,
            waiting: VecDeque::new(),
            credit: 0.0,
            carried_bits: 0,
        }
    }

    fn size(datagram: &Bytes) -> usize {
        (datagram.len() + OVERHEAD) * 8
    }

    fn send(&mut self, datagrams: Vec<Bytes>) {
        for datagram in datagrams {
            let queued: usize = self.waiting.iter().map(Self::size).sum();
            if queued as f32 <= self.bits_per_tick * TICK_HZ as f32 / 4.0 {
                self.waiting.push_back(datagram);
            }
        }
    }

    fn arrived(&mut self) -> Vec<Bytes> {
        self.credit = (self.credit + self.bits_per_tick).min(self.bits_per_tick * 2.0);
        let mut arrived = Vec::new();
        while self.credit > 0.0 {
            let Some(datagram) = self.waiting.pop_front() else { break };
            self.credit -= Self::size(&datagram) as f32;
            self.carried_bits += Self::size(&datagram);
            arrived.push(datagram);
        }
        arrived
    }
}

/// A hall: people in rows a metre apart, of whom every third walks on the spot and nods, as somebody in a headset does.
struct Hall {
    world: World,
    bodies: Vec<hecs::Entity>,
    replicator: SpaceReplicator,
    mirror: Mirror,
    path: Path,
    tick: u32,
}

impl Hall {
    fn new(people: u32, bits_per_second: f32) -> Self {
        let mut world = World::new();
        let mut mirror = Mirror::new(SPACE, EPOCH, Vec3::ZERO);
        let bodies = (0..people)
            .map(|number| {
                mirror.admit(ParticipantId(number));
                let body = Body { pose: pose(number, 0), sampled_at: ServerTime(0) };
                world.spawn((Who(ParticipantId(number)), body))
            })
            .collect();
        let replicator = SpaceReplicator::new(SPACE, EPOCH, Vec3::ZERO);
        Self { world, bodies, replicator, mirror, path: Path::new(bits_per_second), tick: 100 }
    }

    /// One tick: how old the newest known of everybody is, milliseconds.
    fn step(&mut self) {
        self.tick += 1;
        let tick = Tick(self.tick);
        for (number, entity) in self.bodies.iter().enumerate() {
            let body = Body { pose: pose(number as u32, self.tick), sampled_at: tick.time() };
            *self.world.get::<&mut Body>(*entity).unwrap() = body;
        }
        self.replicator.encode(tick, &self.world);
        let viewer = Viewer { participant: WATCHER, facing: Vec3::Z, ..Viewer::default() };
        let mut datagrams = Vec::new();
        self.replicator.datagrams_for(&viewer, &mut datagrams);
        self.path.send(datagrams);
        for datagram in self.path.arrived() {
            self.mirror.handle_snapshot(&datagram, tick.time()).unwrap();
        }
        if let Some(report) = self.mirror.feedback() {
            let report = report.encode(&mut BytesMut::new());
            self.replicator.hear(WATCHER, &Feedback::decode(&report).unwrap());
        }
    }

    fn run(&mut self, seconds: u32) {
        (0..seconds * TICK_HZ).for_each(|_| self.step());
    }

    fn age_millis(&self, number: u32) -> u64 {
        let now = Tick(self.tick).time();
        self.mirror.newest(ParticipantId(number)).map_or(u64::MAX, |(at, _)| now.micros_since(at) / 1000)
    }
}

fn pose(number: u32, tick: u32) -> BodyPose {
    let place = Vec3::new((number % 32) as f32 - 16.0, 0.0, (number / 32) as f32 + 1.0);
    let mut pose = BodyPose::standing(place, 0.0);
    if number.is_multiple_of(3) {
        let phase = tick as f32 * 0.15 + number as f32;
        pose.root.x += phase.sin() * 0.2;
        pose.head.position.y += (phase * 2.0).sin() * 0.03;
        pose.head.orientation = glam::Quat::from_rotation_x((phase * 0.7).sin() * 0.2);
    }
    pose
}

/// Ages over two seconds, of those whose places in the hall are `numbers`.
fn oldest(hall: &mut Hall, numbers: impl Iterator<Item = u32> + Clone) -> BTreeMap<u32, u64> {
    let mut oldest = BTreeMap::new();
    for _ in 0..2 * TICK_HZ {
        hall.step();
        for number in numbers.clone() {
            let age = hall.age_millis(number);
            let known = oldest.entry(number).or_insert(0);
            *known = age.max(*known);
        }
    }
    oldest
}

#[test]
fn a_thousand_people_take_no_more_than_the_budget_and_the_near_are_fresh() {
    let mut hall = Hall::new(1000, 2_000_000.0);
    hall.run(20);
    hall.path.carried_bits = 0;
    let ages = oldest(&mut hall, 0..1000);
    let kbit = hall.path.carried_bits / 2 / 1000;
    assert!(kbit <= 330, "{kbit} kbit/s");
    let near = (0..1000).filter(|number| hall.mirror.ring_of(ParticipantId(*number)) == Some(Ring::Near));
    let near: Vec<_> = near.collect();
    assert!(near.len() >= 6, "every third of the nearest moves: {}", near.len());
    assert!(near.iter().all(|number| ages[number] <= 67), "{near:?}");
    assert!(ages.values().all(|age| *age <= 1_600), "{:?}", ages.values().max());
}

#[test]
fn on_64_kbit_the_near_stay_fresh_and_nobody_is_forgotten() {
    let mut hall = Hall::new(200, 64_000.0);
    hall.run(30);
    hall.path.carried_bits = 0;
    let ages = oldest(&mut hall, 0..200);
    let kbit = hall.path.carried_bits / 2 / 1000;
    assert!((20..=64).contains(&kbit), "{kbit} kbit/s: the path is used, and not more");
    let walkers: Vec<_> = [15, 18, 48].into_iter().map(|number| ages[&number]).collect();
    assert!(walkers.iter().all(|age| *age <= 700), "the nearest who move: {walkers:?}");
    assert!(ages.values().all(|age| *age <= 4_000), "{:?}", ages.values().max());
}

#[test]
fn who_speaks_in_the_last_row_is_seen_as_well_as_who_stands_near() {
    let mut hall = Hall::new(1000, 2_000_000.0);
    let speaker = 990;
    hall.run(10);
    assert_ne!(hall.mirror.ring_of(ParticipantId(speaker)), Some(Ring::Near));
    let notice = venue_replication::Notice { is_speaking: true, leads: true, ..Default::default() };
    hall.world.insert_one(hall.bodies[speaker as usize], notice).unwrap();
    hall.run(2);
    assert_eq!(hall.mirror.ring_of(ParticipantId(speaker)), Some(Ring::Near));
}
