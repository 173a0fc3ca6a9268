//! What the server, a member or somebody outside may try, and how it shows.

use crate::hall::{HOUR, Hall, Parcel, ParseText as _, certificate, config, device, is_commit, wall};
use private_talk::{CertificateFault, Compared, Device, End, Event, Outgoing, Talk, TalkError, VoiceError};
use proptest::prelude::*;
use venue_model::{ParticipantId, WallTime};

/// A device that the server made itself, and says is this participant's.
fn ghost_of(participant: u32) -> Device {
    let secret = [participant as u8 + 100; 32];
    Device::new(&secret, certificate(participant, secret, WallTime(wall().0 + HOUR))).unwrap()
}

#[test]
fn a_server_between_two_people_shows_in_the_code() {
    // 1 talks to the server's device and takes it for 2; 2 talks to another and takes it for 1.
    let mut to_one = Hall::begun_by(1);
    to_one.invite_device(1, 2, ghost_of(2)).unwrap();
    to_one.settle();
    to_one.assert_together(&[1, 2], 0);
    let mut to_two = Hall::begun_by(2);
    to_two.invite_device(2, 1, ghost_of(1)).unwrap();
    to_two.settle();
    let (of_one, of_two) = (to_one.talk(1).code().unwrap(), to_two.talk(2).code().unwrap());
    assert_ne!(of_one, of_two);
    // Where nobody is between, all see one code.
    let mut honest = Hall::of(2);
    assert_eq!(honest.talk(1).code(), honest.talk(2).code());
}

#[test]
fn a_device_beside_the_others_changes_the_code_and_is_compared_with_nobody() {
    let mut hall = Hall::of(3);
    let before = hall.talk(1).code().unwrap();
    hall.talk(1).confirm(ParticipantId(2)).unwrap();
    hall.talk(2).confirm(ParticipantId(1)).unwrap();
    hall.collect();
    hall.settle();
    assert_eq!(hall.talk(1).compared(ParticipantId(2)), Compared::ByBoth);
    hall.invite_device(3, 4, ghost_of(4)).unwrap();
    hall.settle();
    let told = hall.events(1);
    assert!(told.contains(&Event::Code(None)), "{told:?}");
    let after = hall.talk(1).code().unwrap();
    assert_ne!(before, after);
    assert_eq!(hall.talk(2).code(), Some(after));
    assert_eq!(hall.talk(1).compared(ParticipantId(2)), Compared::ByBoth);
    assert_eq!(hall.talk(1).compared(ParticipantId(4)), Compared::Not);
}

#[test]
fn a_device_in_another_s_place_must_be_compared_anew() {
    let mut hall = Hall::of(2);
    hall.talk(1).confirm(ParticipantId(2)).unwrap();
    hall.talk(2).confirm(ParticipantId(1)).unwrap();
    hall.collect();
    hall.settle();
    assert_eq!(hall.talk(1).compared(ParticipantId(2)), Compared::ByBoth);
    hall.seats.remove(&2);
    hall.invite_device(1, 2, ghost_of(2)).unwrap();
    hall.settle();
    assert_eq!(hall.talk(1).compared(ParticipantId(2)), Compared::Not);
}

#[test]
fn whoever_has_no_certificate_that_counts_is_not_invited() {
    let mut hall = Hall::of(2);
    let soon = WallTime(hall.now.wall.0 + 1_000);
    let invited =
        |hall: &mut Hall, certificate| hall.invite_device(1, 3, Device::new(&[3; 32], certificate).unwrap());
    let mut changed = certificate(3, [3; 32], WallTime(wall().0 + HOUR));
    changed.signature[5] ^= 1;
    assert_eq!(invited(&mut hall, changed), Err(CertificateFault::NotOurs.into()));
    hall.now.wall = soon;
    let expired = Err(CertificateFault::Expired(ParticipantId(3)).into());
    assert_eq!(invited(&mut hall, certificate(3, [3; 32], soon)), expired);
    let mut own = Talk::answer(config(1), device(1), hall.now).unwrap();
    let Some(Outgoing::KeyPackage(package)) = own.poll_outgoing() else { panic!() };
    let now = hall.now;
    assert_eq!(hall.talk(1).invite(&package, now), Err(TalkError::NotAllowed("to invite oneself")));
    hall.assert_together(&[1, 2], 0);
}

#[test]
fn a_key_package_has_a_life_of_a_quarter_of_an_hour() {
    let mut hall = Hall::begun_by(1);
    let mut talk = Talk::answer(config(1), device(2), hall.now).unwrap();
    let Some(Outgoing::KeyPackage(package)) = talk.poll_outgoing() else { panic!() };
    let (now, mut later) = (hall.now, hall.now);
    later.wall.0 += HOUR / 2;
    assert_eq!(hall.talk(1).invite(&package, later), Err(TalkError::StalePackage));
    assert_eq!(hall.talk(1).invite(&package, now), Ok(ParticipantId(2)));
}

#[test]
fn a_welcome_to_another_talk_is_refused() {
    let mut hall = Hall::begun_by(1);
    let mut elsewhere = Talk::answer(config(2), device(2), hall.now).unwrap();
    let Some(Outgoing::KeyPackage(package)) = elsewhere.poll_outgoing() else { panic!() };
    hall.sit(2, elsewhere);
    let now = hall.now;
    hall.talk(1).invite(&package, now).unwrap();
    hall.collect();
    while hall.deliver(1).is_some() {}
    let said: Vec<_> = std::iter::from_fn(|| hall.deliver(2)).collect();
    assert!(said.iter().all(|said| *said == Err(TalkError::OtherTalk)), "{said:?}");
    assert!(!said.is_empty());
}

#[test]
fn a_server_that_shows_two_orders_makes_two_talks_that_notice() {
    let mut hall = Hall::of(5);
    let now = hall.now;
    hall.talk(1).put_out(ParticipantId(5), now).unwrap();
    hall.talk(2).put_out(ParticipantId(5), now).unwrap();
    hall.collect();
    hall.seats.remove(&5);
    // 3 is shown the second commit first: for it, that one counts.
    hall.seats.get_mut(&3).unwrap().inbox.swap(0, 1);
    hall.settle();
    assert_eq!(hall.talk(3).epoch(), hall.talk(1).epoch());
    for _ in 0..8 {
        hall.talk(1).send_text("do you hear me".parse_text()).unwrap();
    }
    hall.collect();
    hall.settle();
    let told = hall.events(3);
    assert!(!told.iter().any(|event| matches!(event, Event::Text { .. })));
    assert_eq!(told.last(), Some(&Event::Ended(End::OutOfStep)));
    hall.seats.remove(&3);
    assert_eq!(hall.talk(4).epoch(), hall.talk(1).epoch());
    assert!(hall.events(4).iter().any(|event| matches!(event, Event::Text { .. })));
}

#[test]
fn who_keeps_old_keys_reads_and_hears_nothing_later() {
    let mut hall = Hall::of(4);
    let old_epoch = hall.talk(4).epoch().unwrap();
    let now = hall.now;
    hall.talk(1).put_out(ParticipantId(4), now).unwrap();
    hall.collect();
    // 4 keeps everything that comes unread, and with it its keys.
    let four = hall.seats.remove(&4).unwrap();
    hall.settle();
    let begin = hall.log.len();
    hall.talk(1).send_text("behind closed doors".parse_text()).unwrap();
    let packet = hall.talk(2).seal_voice(1, b"opus").unwrap();
    hall.collect();
    let text = hall.log[begin..].iter().find(|message| !is_commit(message)).unwrap().clone();
    let mut talk = four.talk;
    let kept = talk.stats().early;
    talk.handle_message(&text, now).unwrap();
    assert_eq!(talk.stats().early, kept + 1, "kept for an epoch that never begins");
    // It says of the message that it is of the epoch that it has keys for.
    let mut relabelled = text.clone();
    relabelled[21..29].copy_from_slice(&old_epoch.to_be_bytes());
    assert_eq!(talk.handle_message(&relabelled, now), Err(TalkError::NotDecrypted));
    assert_eq!(talk.open_voice(ParticipantId(2), &packet, now.local), Err(VoiceError::WrongEpoch));
    let mut relabelled = packet.clone();
    relabelled[1] = (relabelled[1] & 0xf0) | (old_epoch as u8 & 0x0f);
    let said = talk.open_voice(ParticipantId(2), &relabelled, now.local);
    assert_eq!(said, Err(VoiceError::NotDecrypted));
}

#[test]
fn a_newcomer_reads_and_hears_nothing_earlier() {
    let mut hall = Hall::of(2);
    hall.talk(1).send_text("before you came".parse_text()).unwrap();
    let packet = hall.talk(1).seal_voice(1, b"opus").unwrap();
    hall.collect();
    hall.settle();
    let log = hall.log.clone();
    hall.invite(1, 3).unwrap();
    hall.settle();
    let (now, epoch) = (hall.now, hall.talk(3).epoch().unwrap());
    for message in &log {
        assert!(hall.talk(3).handle_message(message, now).is_err());
        let mut relabelled = message.clone();
        relabelled[21..29].copy_from_slice(&epoch.to_be_bytes());
        assert!(hall.talk(3).handle_message(&relabelled, now).is_err());
    }
    assert_eq!(hall.talk(3).open_voice(ParticipantId(1), &packet, now.local), Err(VoiceError::WrongEpoch));
    assert!(hall.events(3).iter().all(|event| !matches!(event, Event::Text { .. })));
    hall.assert_together(&[1, 2, 3], 2);
}

#[test]
fn the_server_sees_kinds_and_rounded_sizes_only() {
    let mut hall = Hall::of(2);
    let begin = hall.log.len();
    for text in ["no", "yes, and all that was spoken of yesterday as well", "x"] {
        hall.talk(1).send_text(text.parse_text()).unwrap();
    }
    hall.talk(1).confirm(ParticipantId(2)).unwrap();
    hall.talk(2).leave().unwrap();
    hall.collect();
    let sizes: Vec<usize> = hall.log[begin..].iter().map(Vec::len).collect();
    assert_eq!(sizes.len(), 5);
    assert!(sizes.iter().all(|size| *size == sizes[0]), "{sizes:?}");
    assert!(hall.log.iter().all(|message| !message.windows(9).any(|part| part == b"yesterday")));
}

/// Garbage, and real messages with a few bytes changed, into everything that takes bytes.
fn give_everything(hall: &mut Hall, bytes: &[u8]) {
    let now = hall.now;
    let epoch = hall.talk(2).epoch();
    assert!(hall.talk(2).handle_message(bytes, now).is_err() || hall.talk(2).epoch() == epoch);
    assert!(hall.talk(2).open_voice(ParticipantId(1), bytes, now.local).is_err());
    assert!(hall.talk(2).invite(bytes, now).is_err());
    assert!(hall.talk(2).join(bytes, now).is_err());
    assert!(hall.talk(3).join(bytes, now).is_err());
    hall.talk(3).handle_message(bytes, now).ok();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn garbage_changes_nothing(
        garbage in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 20),
        changes in proptest::collection::vec((any::<u16>(), any::<u16>(), 1u8..), 20),
    ) {
        let mut hall = Hall::of(2);
        let waiting = Talk::answer(config(1), device(3), hall.now).unwrap();
        hall.sit(3, waiting);
        let mut log = hall.log.clone();
        // A key package and a welcome of another talk are real, too.
        let mut other = Hall::begun_by(5);
        let mut talk = Talk::answer(config(1), device(6), hall.now).unwrap();
        let Some(Outgoing::KeyPackage(package)) = talk.poll_outgoing() else { panic!() };
        other.sit(6, talk);
        let now = other.now;
        other.talk(5).invite(&package, now).unwrap();
        other.collect();
        while other.deliver(5).is_some() {}
        log.extend(other.seats[&6].inbox.iter().map(|parcel| match parcel {
            Parcel::Welcome(bytes) | Parcel::Message(bytes) => bytes.clone(),
        }));
        log.push(package);
        for bytes in &garbage {
            give_everything(&mut hall, bytes);
        }
        for (message, at, bits) in changes {
            let mut bytes = log[usize::from(message) % log.len()].clone();
            let at = usize::from(at) % bytes.len();
            bytes[at] ^= bits;
            give_everything(&mut hall, &bytes);
            give_everything(&mut hall, &bytes[..at]);
        }
        hall.seats.remove(&3);
        hall.assert_together(&[1, 2], 9);
    }
}
