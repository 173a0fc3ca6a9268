//! A small crowd that moves by a fixed rule, for `cargo xtask test --only counts`: a simulated processor counts the
//! instructions of the two functions below, which hold all of encoding and all of choosing. No clock, no chance.

use glam::{Quat, Vec3};
use hecs::World;
use venue_model::{
    BodyPose, Gesture, ParticipantId, Posture, RigidPose, ServerTime, SpaceEpoch, SpaceId, Tick,
};
use venue_replication::{Body, Feedback, SpaceReplicator, Viewer, Who};

/// Bodies in the space.
const BODIES: u32 = 100;

/// Those of them who look.
const VIEWERS: u32 = 20;

/// Steps; in the first ones all is new, as after an arrival.
const TICKS: u32 = 60;

fn main() {
    let mut world = World::new();
    let mut replicator = SpaceReplicator::new(SpaceId(1), SpaceEpoch(1), Vec3::ZERO);
    let bodies: Vec<_> =
        (0..BODIES).map(|number| world.spawn((Who(ParticipantId(number)), body(number, Tick(0))))).collect();
    let (mut datagrams, mut received, mut bytes) = (Vec::new(), vec![0u16; VIEWERS as usize], 0);
    for tick in (1..=TICKS).map(Tick) {
        for (number, entity) in (0..).zip(&bodies) {
            world.insert_one(*entity, body(number, tick)).unwrap_or_else(|error| panic!("{error}"));
        }
        counted_encoding(&mut replicator, tick, &world);
        for (number, received) in (0..).zip(&mut received) {
            let participant = ParticipantId(number);
            let viewer =
                Viewer { participant, position: place(number), facing: Vec3::Z, ..Viewer::default() };
            counted_choosing(&mut replicator, &viewer, &mut datagrams);
            *received = received.wrapping_add(datagrams.len() as u16);
            bytes += datagrams.drain(..).map(|datagram| datagram.len()).sum::<usize>();
            let newest = received.wrapping_sub(1);
            let (space, lacks) = (SpaceId(1), Default::default());
            replicator
                .hear(participant, &Feedback { space, newest, received: newest, delay_steps: 0, lacks });
        }
    }
    println!("bodies={} choices={} bytes={bytes}", BODIES * TICKS, VIEWERS * TICKS);
}

/// What counts for encoding.
#[inline(never)]
fn counted_encoding(replicator: &mut SpaceReplicator, tick: Tick, world: &World) {
    replicator.encode(tick, world);
}

/// What counts for choosing.
#[inline(never)]
fn counted_choosing(replicator: &mut SpaceReplicator, viewer: &Viewer, datagrams: &mut Vec<bytes::Bytes>) {
    replicator.datagrams_for(viewer, datagrams);
}

fn place(number: u32) -> Vec3 {
    Vec3::new((number % 10) as f32 * 1.5, 0.0, (number / 10) as f32 * 1.5)
}

/// Everybody sways, looks around and moves both hands; every third sits still.
fn body(number: u32, tick: Tick) -> Body {
    let at = if number.is_multiple_of(3) { 0.0 } else { tick.0 as f32 / 30.0 } + number as f32;
    let wave = |pace: f32, reach: f32| (at * pace).sin() * reach;
    let hand = |side: f32| {
        let position = Vec3::new(side * 0.3 + wave(2.1, 0.1), 1.1 + wave(3.3, 0.2), -0.3 + wave(1.7, 0.1));
        Some(RigidPose { position, orientation: Quat::from_rotation_z(side * wave(2.7, 0.6)) })
    };
    let head = RigidPose {
        position: Vec3::new(wave(0.7, 0.05), 1.6 + wave(1.3, 0.02), 0.0),
        orientation: Quat::from_rotation_y(wave(0.9, 0.5)) * Quat::from_rotation_x(wave(1.9, 0.2)),
    };
    let pose = BodyPose {
        root: place(number) + Vec3::new(wave(0.3, 0.4), 0.0, wave(0.4, 0.4)),
        yaw: wave(0.2, 0.5),
        head,
        hands: [hand(-1.0), hand(1.0)],
        fingers: [None; 2],
        posture: Posture::Standing,
        gesture: Gesture::None,
    };
    Body { pose, sampled_at: ServerTime(tick.time().0) }
}
