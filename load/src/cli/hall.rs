//! A hall full of people who all see each other: what a tick of the server's replication costs.

use glam::Vec3;
use hecs::World;
use load::cpu;
use load::recording::{Recording, quantile};
use venue_model::{ParticipantId, ServerTime, SpaceEpoch, SpaceId, Tick};
use venue_replication::{Body, Feedback, SpaceReplicator, Viewer, Who};

/// Ticks until everybody has been ranked and paths are known.
const WARM_UP: u32 = 300;

/// Ticks that count.
const COUNTED: u32 = 90;

/// People move each from another moment of the recording, in rows a metre and a half apart; every third sits still.
pub fn measure(recording: &Recording, people: u32) {
    let mut world = World::new();
    let mut replicator = SpaceReplicator::new(SpaceId(1), SpaceEpoch(1), Vec3::ZERO);
    let bodies: Vec<_> = (0..people)
        .map(|number| world.spawn((Who(ParticipantId(number)), body(recording, number, Tick(0)))))
        .collect();
    let (mut encoding, mut choosing, mut bits) = (Vec::new(), Vec::new(), 0);
    let mut received = vec![0u16; people as usize];
    let mut datagrams = Vec::new();
    for tick in (1..=WARM_UP + COUNTED).map(Tick) {
        for (number, entity) in (0..).zip(&bodies) {
            world
                .insert_one(*entity, body(recording, number, tick))
                .unwrap_or_else(|error| panic!("{error}"));
        }
        let encoding_nanos = cpu::nanos_of(|| replicator.encode(tick, &world));
        let encoded = cpu::thread_time();
        for number in 0..people {
            let position = place(number);
            let viewer =
                Viewer { participant: ParticipantId(number), position, facing: Vec3::Z, ..Viewer::default() };
            replicator.datagrams_for(&viewer, &mut datagrams);
            received[number as usize] = received[number as usize].wrapping_add(datagrams.len() as u16);
            if tick.0 > WARM_UP {
                bits += datagrams.iter().map(|datagram| datagram.len() * 8).sum::<usize>();
            }
            datagrams.clear();
            let newest = received[number as usize].wrapping_sub(1);
            let feedback = Feedback {
                space: SpaceId(1),
                newest,
                received: newest,
                delay_steps: 0,
                lacks: Default::default(),
            };
            replicator.hear(ParticipantId(number), &feedback);
        }
        if tick.0 > WARM_UP {
            encoding.push(encoding_nanos / 1e6);
            choosing.push((cpu::thread_time() - encoded).as_secs_f64() * 1e3);
        }
    }
    let kbit = bits as f64 / f64::from(people) / f64::from(COUNTED) * 30.0 / 1000.0;
    println!(
        "hall={people} encode_ms={:.2} choose_ms={:.2} choose_ms_p99={:.2} kbit_per_viewer={kbit:.0}",
        quantile(&mut encoding, 0.5),
        quantile(&mut choosing, 0.5),
        quantile(&mut choosing, 0.99),
    );
}

fn place(number: u32) -> Vec3 {
    Vec3::new((number % 40) as f32 * 1.5, 0.0, (number / 40) as f32 * 1.5)
}

fn body(recording: &Recording, number: u32, tick: Tick) -> Body {
    let moment = if number.is_multiple_of(3) { Tick(number) } else { Tick(tick.0 + number) };
    let mut pose = recording.pose_in_loop(moment);
    pose.root += place(number);
    Body { pose, sampled_at: ServerTime(tick.time().0) }
}
