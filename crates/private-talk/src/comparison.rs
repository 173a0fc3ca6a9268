//! The code that people compare, and who has compared it with whom. Knows no MLS, no network and draws no numbers.
//!
//! The code stands for the talk, the epoch in which the set of devices last changed, a secret of that epoch, and each device
//! with its participant. A server that slips in a device of its own — between two people, or beside them — makes talks whose sets
//! differ, and so do the codes. It could try keys until the codes are equal by chance: two talks of which it can vary both need
//! only 2^27 tries for 53 bits. Therefore each device also puts in a number, in two steps: first all send a digest of
//! theirs, and only who has the digests of all sends the number. Whoever tries is bound before it can know the code: one
//! chance in 10^16, each time that people begin anew.

use crate::content::Content;
use crate::roster::{Member, Roster};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use venue_model::ParticipantId;

/// What people read to each other: four groups of four digits, 53 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code(pub [u16; 4]);

impl Code {
    fn from_digest(digest: [u8; 32]) -> Self {
        let number = digest.iter().take(16).fold(0u128, |number, byte| number << 8 | u128::from(*byte));
        let group = |index: u32| (number / 10_000u128.pow(index) % 10_000) as u16;
        Self([group(0), group(1), group(2), group(3)])
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [a, b, c, d] = self.0;
        write!(f, "{a:04} {b:04} {c:04} {d:04}")
    }
}

/// How far this person and another have come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compared {
    /// Neither has compared.
    #[default]
    Not,
    /// This person says that the codes are the same.
    ByMe,
    /// The other says so.
    ByThem,
    /// Both say so.
    ByBoth,
}

/// One device's step of the exchange.
#[derive(Clone, Copy, Default)]
struct Share {
    digest: Option<[u8; 32]>,
    nonce: Option<[u8; 32]>,
}

/// The exchange over one set of devices.
struct Round {
    epoch: u64,
    /// Everything that the code stands for but the numbers.
    context: [u8; 32],
    own: Member,
    own_nonce: [u8; 32],
    shares: BTreeMap<[u8; 32], Share>,
    code: Option<Code>,
}

/// What comparing has come to.
#[derive(Default)]
pub(crate) struct Comparison {
    round: Option<Round>,
    pairs: BTreeMap<u32, (Member, Compared)>,
}

impl Comparison {
    /// Begins anew, because the set of devices has changed. `secret` is the epoch's, `nonce` was drawn for this round.
    /// Returns what to send. Who has compared stays so, as long as both devices stay.
    pub fn begin(
        &mut self,
        group_id: &[u8],
        epoch: u64,
        roster: &Roster,
        own: Member,
        secret: &[u8],
        nonce: [u8; 32],
    ) -> Vec<Content> {
        self.pairs.retain(|_, (member, _)| roster.contains(member));
        for (_, member) in roster.iter().filter(|(_, member)| **member != own) {
            self.pairs.entry(member.participant.0).or_insert((*member, Compared::Not));
        }
        let shares = roster.iter().map(|(_, member)| (member.device.0, Share::default())).collect();
        let context = context(group_id, epoch, roster, secret);
        self.round = Some(Round { epoch, context, own, own_nonce: nonce, shares, code: None });
        self.announce()
    }

    /// What this device has to say in this round, for the first time or once more.
    pub fn announce(&mut self) -> Vec<Content> {
        let Some(round) = &mut self.round else { return Vec::new() };
        if round.shares.len() < 2 || round.code.is_some() {
            return Vec::new();
        }
        let digest = bound(&round.context, &round.own.device.0, &round.own_nonce);
        round.shares.entry(round.own.device.0).or_default().digest = Some(digest);
        let mut said = vec![Content::Commitment { round: round.epoch, digest }];
        said.extend(round.reveal_again());
        said
    }

    /// Takes a digest. Returns the own number, if that was the last that was missing.
    pub fn handle_commitment(&mut self, from: &Member, epoch: u64, digest: [u8; 32]) -> Option<Content> {
        let round = self.round.as_mut().filter(|round| round.epoch == epoch)?;
        let share = round.shares.get_mut(&from.device.0)?;
        if share.digest.is_some() {
            // The first counts: nobody may think better of it.
            return None;
        }
        share.digest = Some(digest);
        let revealed = round.reveal_again();
        round.finish();
        revealed
    }

    /// Takes a number.
    pub fn handle_reveal(&mut self, from: &Member, epoch: u64, nonce: [u8; 32]) {
        let Some(round) = self.round.as_mut().filter(|round| round.epoch == epoch) else { return };
        if let Some(share) = round.shares.get_mut(&from.device.0) {
            share.nonce.get_or_insert(nonce);
            round.finish();
        }
    }

    /// The code, when all have taken part.
    pub fn code(&self) -> Option<Code> {
        self.round.as_ref()?.code
    }

    /// This person has compared with `with`. Returns what to send.
    pub fn confirm(&mut self, with: ParticipantId) -> Option<Content> {
        let round = self.round.as_ref().filter(|round| round.code.is_some())?;
        let (_, state) = self.pairs.get_mut(&with.0)?;
        *state = match state {
            Compared::Not | Compared::ByMe => Compared::ByMe,
            Compared::ByThem | Compared::ByBoth => Compared::ByBoth,
        };
        Some(Content::Compared { round: round.epoch, with })
    }

    /// Another says that it has compared with somebody in a round. Returns whether it concerns this person.
    pub fn handle_compared(&mut self, from: &Member, epoch: u64, with: ParticipantId) -> bool {
        let Some(round) = &self.round else { return false };
        let is_of_both = epoch <= round.epoch && epoch >= round.own.since.max(from.since);
        let Some((member, state)) = self.pairs.get_mut(&from.participant.0) else { return false };
        if member != from || with != round.own.participant || !is_of_both {
            return false;
        }
        *state = match state {
            Compared::Not | Compared::ByThem => Compared::ByThem,
            Compared::ByMe | Compared::ByBoth => Compared::ByBoth,
        };
        true
    }

    /// How far this person and another have come.
    pub fn compared(&self, with: ParticipantId) -> Compared {
        self.pairs.get(&with.0).map(|(_, state)| *state).unwrap_or_default()
    }
}

impl Round {
    /// The own number, once all are bound.
    fn reveal_again(&mut self) -> Option<Content> {
        if self.shares.values().any(|share| share.digest.is_none()) {
            return None;
        }
        self.shares.entry(self.own.device.0).or_default().nonce = Some(self.own_nonce);
        Some(Content::Reveal { round: self.epoch, nonce: self.own_nonce })
    }

    /// Makes the code when everything is there. A number that does not fit its digest makes none: whoever sent it is
    /// waited for.
    fn finish(&mut self) {
        let mut hash = Sha256::new_with_prefix(b"vev talk code");
        hash.update(self.context);
        for (device, share) in &mut self.shares {
            let (Some(digest), Some(nonce)) = (share.digest, share.nonce) else { return };
            if bound(&self.context, device, &nonce) != digest {
                share.nonce = None;
                return;
            }
            hash.update(nonce);
        }
        self.code = Some(Code::from_digest(hash.finalize().into()));
    }
}

fn context(group_id: &[u8], epoch: u64, roster: &Roster, secret: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(b"vev talk devices");
    for part in [group_id, secret] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.update(epoch.to_be_bytes());
    let devices: BTreeMap<[u8; 32], u32> =
        roster.iter().map(|(_, member)| (member.device.0, member.participant.0)).collect();
    for (device, participant) in devices {
        hash.update(participant.to_be_bytes());
        hash.update(device);
    }
    hash.finalize().into()
}

/// The digest that binds a device to its number. The device is in it, so that nobody can bind itself to another's.
fn bound(context: &[u8; 32], device: &[u8; 32], nonce: &[u8; 32]) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(b"vev talk number");
    hash.update(context);
    hash.update(device);
    hash.update(nonce);
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use venue_model::DeviceKey;

    fn member(number: u32) -> Member {
        Member { participant: ParticipantId(number), device: DeviceKey([number as u8; 32]), since: 1 }
    }

    fn roster(numbers: &[u32]) -> Roster {
        let mut roster = Roster::default();
        for (leaf, number) in numbers.iter().enumerate() {
            roster.insert(leaf as u32, member(*number));
        }
        roster
    }

    /// Everybody of `numbers` begins a round; all that is said reaches all. Returns their codes.
    fn codes(talks: &mut [Comparison], numbers: &[u32], epoch: u64) -> Vec<Option<Code>> {
        let all = roster(numbers);
        let mut said = Vec::new();
        for (talk, number) in talks.iter_mut().zip(numbers) {
            let begun =
                talk.begin(b"talk", epoch, &all, member(*number), b"secret", [*number as u8 + 100; 32]);
            said.extend(begun.into_iter().map(|content| (*number, content)));
        }
        while let Some((from, content)) = said.pop() {
            for (talk, number) in talks.iter_mut().zip(numbers).filter(|(_, number)| **number != from) {
                match content {
                    Content::Commitment { round, digest } => {
                        let answer = talk.handle_commitment(&member(from), round, digest);
                        said.extend(answer.map(|content| (*number, content)));
                    }
                    Content::Reveal { round, nonce } => talk.handle_reveal(&member(from), round, nonce),
                    _ => panic!("nothing else is said"),
                }
            }
        }
        talks.iter().map(Comparison::code).collect()
    }

    fn talks(count: usize) -> Vec<Comparison> {
        (0..count).map(|_| Comparison::default()).collect()
    }

    #[test]
    fn all_devices_of_a_talk_come_to_one_code() {
        let found = codes(&mut talks(5), &[1, 2, 3, 4, 5], 1);
        assert!(found[0].is_some());
        assert!(found.iter().all(|code| *code == found[0]), "{found:?}");
    }

    #[test]
    fn a_device_alone_has_nothing_to_compare() {
        assert_eq!(codes(&mut talks(1), &[1], 0), [None]);
    }

    #[test]
    fn another_set_epoch_or_secret_makes_another_code() {
        let usual = context(b"talk", 1, &roster(&[1, 2]), b"s");
        for other in [
            context(b"tale", 1, &roster(&[1, 2]), b"s"),
            context(b"talk", 2, &roster(&[1, 2]), b"s"),
            context(b"talk", 1, &roster(&[1, 3]), b"s"),
            context(b"talk", 1, &roster(&[1, 2, 3]), b"s"),
            context(b"talk", 1, &roster(&[1, 2]), b"t"),
        ] {
            assert_ne!(usual, other);
        }
        // The order of places does not matter.
        assert_eq!(usual, context(b"talk", 1, &roster(&[2, 1]), b"s"));
    }

    #[test]
    fn nobody_shows_a_number_before_all_are_bound() {
        let mut mine = Comparison::default();
        let said = mine.begin(b"talk", 1, &roster(&[1, 2, 3]), member(1), b"s", [9; 32]);
        assert!(matches!(said[..], [Content::Commitment { .. }]), "{said:?}");
        assert_eq!(mine.handle_commitment(&member(2), 1, [2; 32]), None);
        // Said twice, or by somebody who is not in it: nothing new.
        assert_eq!(mine.handle_commitment(&member(2), 1, [3; 32]), None);
        assert_eq!(mine.handle_commitment(&member(7), 1, [3; 32]), None);
        assert_eq!(mine.handle_commitment(&member(3), 2, [3; 32]), None);
        let shown = mine.handle_commitment(&member(3), 1, [3; 32]);
        assert_eq!(shown, Some(Content::Reveal { round: 1, nonce: [9; 32] }));
    }

    #[test]
    fn who_shows_another_number_than_the_bound_one_makes_no_code() {
        let mut mine = Comparison::default();
        mine.begin(b"talk", 1, &roster(&[1, 2]), member(1), b"s", [9; 32]);
        let theirs = bound(&context(b"talk", 1, &roster(&[1, 2]), b"s"), &[2; 32], &[4; 32]);
        mine.handle_commitment(&member(2), 1, theirs);
        mine.handle_reveal(&member(2), 1, [5; 32]);
        assert_eq!(mine.code(), None);
        mine.handle_reveal(&member(2), 1, [4; 32]);
        assert!(mine.code().is_some());
    }

    #[test]
    fn a_number_of_another_device_can_not_be_borrowed() {
        let context = context(b"talk", 1, &roster(&[1, 2]), b"s");
        assert_ne!(bound(&context, &[1; 32], &[9; 32]), bound(&context, &[2; 32], &[9; 32]));
    }

    #[test]
    fn both_must_say_that_they_compared() {
        let mut two = talks(2);
        codes(&mut two, &[1, 2], 1);
        let said = two[0].confirm(ParticipantId(2));
        assert_eq!(said, Some(Content::Compared { round: 1, with: ParticipantId(2) }));
        assert_eq!(two[0].compared(ParticipantId(2)), Compared::ByMe);
        assert!(two[1].handle_compared(&member(1), 1, ParticipantId(2)));
        assert_eq!(two[1].compared(ParticipantId(1)), Compared::ByThem);
        two[1].confirm(ParticipantId(1));
        assert!(two[0].handle_compared(&member(2), 1, ParticipantId(1)));
        assert_eq!(
            [two[0].compared(ParticipantId(2)), two[1].compared(ParticipantId(1))],
            [Compared::ByBoth, Compared::ByBoth]
        );
    }

    #[test]
    fn a_newcomer_was_compared_with_nobody_and_others_stay_compared() {
        let mut three = talks(3);
        codes(&mut three[..2], &[1, 2], 1);
        three[0].confirm(ParticipantId(2));
        let before = three[0].code();
        codes(&mut three, &[1, 2, 3], 2);
        assert_ne!(three[0].code(), before);
        assert_eq!(three[0].compared(ParticipantId(2)), Compared::ByMe);
        assert_eq!(three[0].compared(ParticipantId(3)), Compared::Not);
        // What was said before the newcomer came is still good between the two.
        assert!(three[1].handle_compared(&member(1), 1, ParticipantId(2)));
        // Who comes back, even with the same device, begins anew.
        codes(&mut three[..1], &[1], 3);
        assert_eq!(three[0].compared(ParticipantId(2)), Compared::Not);
    }

    #[test]
    fn what_concerns_others_or_another_time_changes_nothing() {
        let mut two = talks(2);
        codes(&mut two, &[1, 2], 1);
        assert!(!two[0].handle_compared(&member(2), 1, ParticipantId(3)));
        assert!(!two[0].handle_compared(&member(2), 2, ParticipantId(1)));
        assert!(!two[0].handle_compared(&member(2), 0, ParticipantId(1)));
        assert!(!two[0].handle_compared(&Member { since: 0, ..member(2) }, 1, ParticipantId(1)));
        assert_eq!(two[0].confirm(ParticipantId(9)), None);
    }

    #[test]
    fn codes_are_written_with_all_their_zeros() {
        assert_eq!(Code([7, 42, 0, 9999]).to_string(), "0007 0042 0000 9999");
        let mut digest = [0; 32];
        digest[15] = 5;
        assert_eq!(Code::from_digest(digest), Code([5, 0, 0, 0]));
    }
}
