//! A voice over paths that lose, delay and drift.

use super::*;
use crate::{Path, Sender, Sent};
use proptest::prelude::*;
use std::f32::consts::TAU;

/// A voice of sorts: a vowel that rises and falls, with its overtones, four words in five seconds.
fn voice(at: usize) -> f32 {
    let secs = at as f32 / SAMPLE_RATE as f32;
    let word = (secs * 0.8 * TAU).sin().max(0.0);
    let pitch = 130.0 * secs + 8.0 * (secs * 1.7).sin();
    let tone = |overtone: f32| (pitch * overtone * TAU).sin() / overtone;
    0.25 * word * (tone(1.0) + tone(2.0) + tone(3.0) + tone(5.0))
}

/// Frames of a voice; none where it pauses.
fn packets(count: usize, path: Path) -> Vec<Option<ArrayVec<u8, MAX_PACKET>>> {
    let mut sender = Sender::new().unwrap();
    sender.follow(path).unwrap();
    (0..count)
        .map(|frame| {
            let samples: [f32; FRAME] = std::array::from_fn(|at| voice(frame * FRAME + at));
            match sender.encode(&samples).unwrap() {
                Sent::Voice(packet) | Sent::Pause(packet) => Some(packet),
                Sent::Nothing => None,
            }
        })
        .collect()
}

/// Plays so many blocks; packets come at their times. What was heard, and how many blocks had a voice.
fn play(receiver: &mut Receiver, coming: &mut [(u64, u16, Vec<u8>)], blocks: usize) -> (Vec<f32>, usize) {
    coming.sort_by_key(|(at, ..)| *at);
    let (mut heard, mut voiced, mut from) = (Vec::new(), 0, 0);
    for index in 0..blocks {
        let now = index as u64 * 10_000;
        while let Some((at, number, packet)) = coming.get(from).filter(|(at, ..)| *at <= now) {
            receiver.put(*number, packet, *at);
            from += 1;
        }
        let mut block = [0.0; BLOCK];
        voiced += usize::from(receiver.take(now, &mut block));
        heard.extend(block);
    }
    (heard, voiced)
}

/// The times at which packets come: 30 ms of way, and what `late` says.
fn sent(
    packets: &[Option<ArrayVec<u8, MAX_PACKET>>],
    late: impl Fn(usize) -> Option<u64>,
) -> Vec<(u64, u16, Vec<u8>)> {
    let at = |frame: usize| (frame as u64 + 1) * FRAME_MICROS + 30_000;
    let coming = packets.iter().enumerate().filter_map(|(frame, packet)| {
        Some((at(frame) + late(frame)?, (frame as u16).wrapping_add(65_000), packet.as_ref()?.to_vec()))
    });
    coming.collect()
}

fn random(seed: &mut u32) -> u32 {
    *seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
    *seed >> 8
}

#[test]
fn a_clean_path_loses_nothing_and_waits_little() {
    let mut receiver = Receiver::new().unwrap();
    let packets = packets(500, Path::default());
    play(&mut receiver, &mut sent(&packets, |_| Some(0)), 1_006);
    let stats = receiver.stats();
    let count = packets.iter().flatten().count() as u64;
    assert!(count > 250, "{count} packets");
    assert_eq!((stats.received, stats.late, stats.concealed, stats.repaired), (count, 0, 0, 0), "{stats:?}");
    assert!(stats.wait_micros <= 10_000, "{stats:?}");
}

#[test]
fn two_of_a_hundred_lost_and_twenty_milliseconds_of_jitter_are_hardly_guessed() {
    let mut receiver = Receiver::new().unwrap();
    let packets = packets(3_000, Path { loss_percent: 2, is_narrow: false });
    let mut seed = 7;
    let delays: Vec<Option<u64>> = (0..3_000)
        .map(|_| (random(&mut seed) % 100 >= 2).then(|| u64::from(random(&mut seed) % 20_000)))
        .collect();
    play(&mut receiver, &mut sent(&packets, |frame| delays[frame]), 6_100);
    let stats = receiver.stats();
    assert!(stats.concealed * 100 <= stats.frames, "{stats:?}");
    // Of frames in which next to nothing is heard there is no repair.
    assert!(stats.repaired >= 20, "{stats:?}");
    assert!(stats.wait_micros <= 50_000, "{stats:?}");
}

#[test]
fn repair_is_in_the_packets_before_anybody_reports_a_loss() {
    let mut receiver = Receiver::new().unwrap();
    let packets = packets(600, Path { loss_percent: 0, is_narrow: false });
    let is_lost = |frame: usize| frame % 40 == 20;
    let lost =
        packets.iter().enumerate().filter(|(frame, packet)| packet.is_some() && is_lost(*frame)).count();
    play(&mut receiver, &mut sent(&packets, |frame| (!is_lost(frame)).then_some(0)), 1_220);
    let stats = receiver.stats();
    assert!(stats.repaired as usize * 2 >= lost, "{stats:?} of {lost}");
}

#[test]
fn a_path_of_which_no_loss_is_reported_pays_for_no_repair_after_a_while() {
    let with_repair = |loss_percent: u8| {
        let packets = packets(1_500, Path { loss_percent, is_narrow: false });
        let late: Vec<_> = packets[1_000..].iter().flatten().collect();
        (late.iter().filter(|packet| carries_repair(packet)).count(), late.len())
    };
    assert_eq!(with_repair(0).0, 0);
    let (repairing, all) = with_repair(1);
    assert!(repairing * 2 > all, "{repairing} of {all}");
}

#[test]
fn what_is_lost_for_sure_makes_the_voice_no_longer() {
    let mut receiver = Receiver::new().unwrap();
    let packets = packets(3_000, Path { loss_percent: 10, is_narrow: false });
    let mut seed = 3;
    let is_lost: Vec<bool> = (0..3_000).map(|_| random(&mut seed) % 100 < 10).collect();
    play(&mut receiver, &mut sent(&packets, |frame| (!is_lost[frame]).then_some(0)), 6_100);
    let stats = receiver.stats();
    assert!(stats.repaired > 100 && stats.concealed * 100 <= stats.frames * 4, "{stats:?}");
    assert!(stats.stretched * 200 <= stats.frames * FRAME as u64, "{stats:?}");
}

#[test]
fn a_clock_that_drifts_is_followed() {
    for parts_per_million in [-300i64, 300] {
        let mut receiver = Receiver::new().unwrap();
        let packets = packets(6_000, Path::default());
        let drift =
            |frame: usize| frame as i64 * FRAME_MICROS as i64 * parts_per_million / 1_000_000 + 50_000;
        play(&mut receiver, &mut sent(&packets, |frame| Some(drift(frame) as u64)), 11_990);
        let stats = receiver.stats();
        assert!(stats.concealed <= 6 && stats.late <= 6, "{parts_per_million}: {stats:?}");
        assert!(stats.wait_micros <= 30_000, "{parts_per_million}: {stats:?}");
    }
}

#[test]
fn a_speaker_who_pauses_is_silent_and_comes_back_in_time() {
    let mut receiver = Receiver::new().unwrap();
    let mut sender = Sender::new().unwrap();
    let (mut coming, mut pauses) = (Vec::new(), 0);
    for frame in 0..600usize {
        let speaks = !(200..450).contains(&frame);
        let samples: [f32; FRAME] =
            std::array::from_fn(|at| if speaks { voice(frame * FRAME + at) } else { 0.0 });
        let packet = match sender.encode(&samples).unwrap() {
            Sent::Voice(packet) => packet,
            Sent::Pause(packet) => {
                pauses += 1;
                packet
            }
            Sent::Nothing => continue,
        };
        coming.push(((frame as u64 + 1) * FRAME_MICROS, frame as u16, packet.to_vec()));
    }
    assert!(coming.len() < 450 && pauses >= 1, "{} packets, {pauses} pauses", coming.len());
    let (heard, voiced) = play(&mut receiver, &mut coming, 1_202);
    let stats = receiver.stats();
    assert!(stats.concealed <= 1 && stats.late == 0, "{stats:?}");
    assert!((400..800).contains(&voiced), "{voiced} blocks have a voice");
    let level = |from: usize| heard[from..from + FRAME].iter().map(|s| s * s).sum::<f32>() / FRAME as f32;
    assert!(level(430 * FRAME) < 1e-7, "the pause is silent");
    // Spoken from frame 450 on, there a frame later, and heard after the wait.
    assert!(level(453 * FRAME) > 1e-3, "the second word is heard at once");
}

#[test]
fn who_is_not_heard_any_more_fades_and_begins_anew() {
    let mut receiver = Receiver::new().unwrap();
    let packets = packets(300, Path::default());
    let coming = sent(&packets, |frame| (!(100..200).contains(&frame)).then_some(0));
    let (heard, _) = play(&mut receiver, &mut coming.clone(), 620);
    let level = |from: usize| heard[from..from + FRAME].iter().map(|s| s * s).sum::<f32>() / FRAME as f32;
    assert!(level(180 * FRAME) < 1e-7, "a second later nothing is guessed");
    assert!((205..230).any(|frame| level(frame * FRAME) > 1e-4));
    assert!(receiver.stats().concealed <= u64::from(MOST_GUESSED) + 2, "{:?}", receiver.stats());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn arbitrary_packets_never_panic(
        packets in prop::collection::vec((any::<u16>(), prop::collection::vec(any::<u8>(), 0..500), 0u64..40_000), 1..60),
    ) {
        let mut receiver = Receiver::new().unwrap();
        let mut now = 0;
        for (number, packet, later) in packets {
            now += later;
            receiver.put(number, &packet, now);
            let mut block = [0.0; BLOCK];
            receiver.take(now, &mut block);
            prop_assert!(block.iter().all(|sample| sample.is_finite()));
            prop_assert!(receiver.ready.len() <= READY - FRAME);
        }
    }
}
