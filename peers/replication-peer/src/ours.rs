//! Our own: the product's replicator as the server's tick drives it.

use crate::crowd::{COUNTED, Crowd, Outcome, WARM_UP};
use glam::Vec3;
use hecs::World;
use load::cpu;
use load::recording::Errors;
use venue_model::{ParticipantId, ServerTime, SpaceEpoch, SpaceId, Tick};
use venue_replication::{Body, Feedback, Mirror, SpaceReplicator, Viewer, Who};

/// Measures it. Beyond forty people its rings send most bodies less often than thirty times a second.
pub fn measure(crowd: &Crowd) -> Outcome {
    let mut world = World::new();
    let mut replicator = SpaceReplicator::new(SpaceId(1), SpaceEpoch(1), Vec3::ZERO);
    let body =
        |number, tick: Tick| Body { pose: crowd.pose(number, tick), sampled_at: ServerTime(tick.time().0) };
    let bodies: Vec<_> = (0..crowd.people)
        .map(|number| world.spawn((Who(ParticipantId(number)), body(number, Tick(0)))))
        .collect();
    let mut outcome = Outcome { pairs: u64::from(crowd.people * (crowd.people - 1)), ..Outcome::default() };
    let mut errors = Errors::default();
    let mut mirror = Mirror::new(SpaceId(1), SpaceEpoch(1), Vec3::ZERO);
    (1..crowd.people).for_each(|number| mirror.admit(ParticipantId(number)));
    let mut received = vec![0u16; crowd.people as usize];
    let (mut datagrams, mut seen) = (Vec::new(), Vec::new());
    for tick in (1..=WARM_UP + COUNTED).map(Tick) {
        for (number, entity) in (0..).zip(&bodies) {
            world.insert_one(*entity, body(number, tick)).unwrap_or_else(|error| panic!("{error}"));
        }
        let before = cpu::thread_time();
        replicator.encode(tick, &world);
        for number in 0..crowd.people {
            let participant = ParticipantId(number);
            let position = crowd.place(number);
            let viewer = Viewer { participant, position, facing: Vec3::Z, ..Viewer::default() };
            replicator.datagrams_for(&viewer, &mut datagrams);
            received[number as usize] = received[number as usize].wrapping_add(datagrams.len() as u16);
            if tick.0 > WARM_UP {
                outcome.bits += datagrams.iter().map(|datagram| datagram.len() as u64 * 8).sum::<u64>();
                outcome.datagrams += datagrams.len() as u64;
            }
            if number == 0 {
                seen.extend(datagrams.drain(..));
            }
            datagrams.clear();
            let newest = received[number as usize].wrapping_sub(1);
            let space = SpaceId(1);
            let feedback =
                Feedback { space, newest, received: newest, delay_steps: 0, lacks: Default::default() };
            replicator.hear(participant, &feedback);
        }
        if tick.0 > WARM_UP {
            outcome.nanos.push((cpu::thread_time() - before).as_nanos() as f64);
        }
        for datagram in seen.drain(..) {
            mirror.handle_snapshot(&datagram, tick.time()).unwrap_or_else(|error| panic!("{error}"));
        }
        for number in (1..crowd.people).filter(|_| tick.0 > WARM_UP) {
            let known = mirror.newest(ParticipantId(number));
            let (_, pose) = known.unwrap_or_else(|| panic!("the client knows everybody but {number}"));
            errors.note(&crowd.pose(number, tick), &pose);
        }
    }
    outcome.errors = errors;
    outcome
}
