//! Voice under keys of an exporter of the test's own, so that a member can misbehave.

use super::*;
use crate::roster::Member;
use proptest::prelude::*;
use venue_model::DeviceKey;

/// The secret of one epoch.
struct Secret(u8);

impl MlsExporter for Secret {
    type BaseKey = Vec<u8>;
    type Error = Infallible;

    fn export_secret(&self, label: &str, context: &[u8], length: usize) -> Result<Vec<u8>, Infallible> {
        assert_eq!((label, context), ("SFrame 1.0 Base Key", &b""[..]));
        Ok(vec![self.0; length])
    }
}

/// Participants 10, 11, 12 on leaves 0, 1, 2.
fn roster() -> Roster {
    let mut roster = Roster::default();
    for leaf in 0..3 {
        let member =
            Member { participant: ParticipantId(leaf + 10), device: DeviceKey([leaf as u8; 32]), since: 0 };
        roster.insert(leaf, member);
    }
    roster
}

fn voice(own_leaf: u32, epoch: u64) -> Voice {
    let mut voice = Voice::default();
    enter(&mut voice, own_leaf, epoch, 0);
    voice
}

fn enter(voice: &mut Voice, own_leaf: u32, epoch: u64, now: u64) {
    voice.enter(epoch, &roster(), own_leaf, &Secret(epoch as u8), LocalTime(now)).unwrap();
}

fn open(voice: &mut Voice, claimed: u32, packet: &[u8], now: u64) -> Result<Heard, VoiceError> {
    voice.open(ParticipantId(claimed), packet, LocalTime(now))
}

#[test]
fn a_packet_is_heard_once() {
    let (mut speaker, mut listener) = (voice(0, 5), voice(1, 5));
    let packet = speaker.seal(1_000, b"opus").unwrap();
    let heard = Heard { from: ParticipantId(10), frame: 1_000, opus: b"opus".to_vec() };
    assert_eq!(open(&mut listener, 10, &packet, 0), Ok(heard));
    assert_eq!(open(&mut listener, 10, &packet, 0), Err(VoiceError::Replayed));
    assert_eq!((listener.stats.heard, listener.stats.replayed), (1, 1));
}

#[test]
fn what_a_packet_costs_is_twenty_bytes_and_its_padding() {
    let mut speaker = voice(1, 5);
    let size =
        |speaker: &mut Voice, frame: u64, bytes: usize| speaker.seal(frame, &vec![7; bytes]).unwrap().len();
    assert_eq!(size(&mut speaker, 1_000, 60), 120 + 20);
    assert_eq!(size(&mut speaker, 1_001, 3), 120 + 20);
    assert_eq!(size(&mut speaker, 1_002, 119), 120 + 20);
    assert_eq!(size(&mut speaker, 70_000, 400), 401 + 21);
}

#[test]
fn frame_numbers_are_used_once() {
    let mut speaker = voice(0, 5);
    speaker.seal(7, b"opus").unwrap();
    assert_eq!(speaker.seal(7, b"opus"), Err(VoiceError::NumberUsed));
    assert_eq!(speaker.seal(6, b"opus"), Err(VoiceError::NumberUsed));
    // Under new keys all numbers are new.
    enter(&mut speaker, 0, 6, 0);
    assert!(speaker.seal(7, b"opus").is_ok());
    assert_eq!(speaker.seal(8, b""), Err(VoiceError::BadSize));
    assert_eq!(speaker.seal(8, &[0; 401]), Err(VoiceError::BadSize));
    assert_eq!(Voice::default().seal(1, b"opus"), Err(VoiceError::NotIn));
}

#[test]
fn a_member_that_speaks_with_another_s_key_is_found_out() {
    // Participant 12 makes itself keys for the place of participant 10: all members can.
    let (mut impostor, mut listener) = (voice(0, 5), voice(1, 5));
    let packet = impostor.seal(1, b"opus").unwrap();
    let spoofed = VoiceError::Spoofed { claimed: ParticipantId(12), keyed: ParticipantId(10) };
    // The server says truly who sent it.
    assert_eq!(open(&mut listener, 12, &packet, 0), Err(spoofed));
    // Or the server lies about whose it is.
    let packet = voice(2, 5).seal(1, b"opus").unwrap();
    assert!(matches!(open(&mut listener, 10, &packet, 0), Err(VoiceError::Spoofed { .. })));
    assert_eq!(listener.stats.spoofed, 2);
    // The own place is nobody's who could be heard.
    let own = voice(1, 5).seal(1, b"opus").unwrap();
    assert_eq!(open(&mut listener, 11, &own, 0), Err(VoiceError::NobodysPlace));
}

#[test]
fn a_place_or_epoch_that_was_changed_on_the_way_does_not_decrypt() {
    let mut listener = voice(1, 5);
    // The key's number is the second byte: the place in its high half, the epoch in its low one.
    let mut from_third = voice(2, 5).seal(1_000, b"opus").unwrap();
    from_third[1] = 0x05;
    assert_eq!(open(&mut listener, 10, &from_third, 0), Err(VoiceError::NotDecrypted));
    from_third[1] = 0x36;
    assert_eq!(open(&mut listener, 10, &from_third, 0), Err(VoiceError::WrongEpoch));
    from_third[1] = 0x35;
    assert_eq!(open(&mut listener, 10, &from_third, 0), Err(VoiceError::NobodysPlace));
    assert_eq!((listener.stats.wrong_epoch, listener.stats.unreadable), (1, 2));
}

#[test]
fn packets_on_their_way_are_heard_for_two_seconds_after_a_change() {
    let (mut speaker, mut listener) = (voice(0, 5), voice(1, 5));
    let first = speaker.seal(1, b"opus").unwrap();
    let second = speaker.seal(2, b"opus").unwrap();
    enter(&mut listener, 1, 6, 1_000);
    assert_eq!(listener.poll_timeout(), Some(LocalTime(1_000 + KEEP_MICROS)));
    assert!(open(&mut listener, 10, &first, 1_000 + KEEP_MICROS - 1).is_ok());
    assert_eq!(open(&mut listener, 10, &second, 1_000 + KEEP_MICROS), Err(VoiceError::WrongEpoch));
    assert_eq!(listener.poll_timeout(), None);
    assert_eq!(listener.epochs.len(), 1);
    // What is of an epoch to come is not heard yet.
    enter(&mut speaker, 0, 7, 0);
    let early = speaker.seal(3, b"opus").unwrap();
    assert_eq!(open(&mut listener, 10, &early, 0), Err(VoiceError::WrongEpoch));
}

#[test]
fn the_keys_of_few_epochs_are_held() {
    let mut voice = voice(0, 0);
    (1..40).for_each(|epoch| enter(&mut voice, 0, epoch, 0));
    assert_eq!(voice.epochs.len(), MOST_EPOCHS);
    voice.end();
    assert_eq!(open(&mut voice, 11, b"", 0), Err(VoiceError::NotIn));
}

proptest! {
    #[test]
    fn any_bytes_are_refused(
        claimed in 9u32..14,
        bytes in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        prop_assert!(open(&mut voice(1, 5), claimed, &bytes, 0).is_err());
    }

    #[test]
    fn a_changed_packet_is_refused(at in 0usize..140, bit in 0u8..8, cut in 0usize..140) {
        let mut listener = voice(1, 5);
        let packet = voice(0, 5).seal(1_000, b"opus").unwrap();
        let mut changed = packet.clone();
        let at = at % packet.len();
        changed[at] ^= 1 << bit;
        prop_assert!(open(&mut listener, 10, &changed, 0).is_err());
        prop_assert!(open(&mut listener, 10, &packet[..cut % packet.len()], 0).is_err());
        prop_assert!(open(&mut listener, 10, &packet, 0).is_ok());
    }
}
