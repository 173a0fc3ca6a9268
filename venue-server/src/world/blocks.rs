//! Who does not want to meet whom in one house, and what of others' doings is kept from whom.
//!
//! It must not know the store or how a block begins.

use crate::store::{PersonId, StoredBlock};
use std::collections::{BTreeMap, BTreeSet};
use venue_model::ParticipantId;
use venue_protocol::ServerMessage;

/// The blocks of everybody who is, or was, in the house.
#[derive(Debug, Default)]
pub struct Blocks {
    by_id: BTreeMap<u64, StoredBlock>,
    /// Each block twice, once from each end, so that those of one person stand together.
    apart: BTreeSet<(PersonId, PersonId, u64)>,
}

impl Blocks {
    /// Takes a block over.
    pub fn insert(&mut self, block: StoredBlock) {
        let StoredBlock { id, blocker, blocked, .. } = block;
        self.apart.extend([(blocker, blocked, id), (blocked, blocker, id)]);
        self.by_id.insert(id, block);
    }

    /// Forgets a block.
    pub fn remove(&mut self, id: u64) -> Option<StoredBlock> {
        let block = self.by_id.remove(&id)?;
        self.apart.retain(|(_, _, held)| *held != id);
        Some(block)
    }

    /// Forgets every block by or against somebody, e.g. who was erased.
    pub fn forget(&mut self, person: PersonId) {
        self.by_id.retain(|_, block| block.blocker != person && block.blocked != person);
        self.apart.retain(|(one, other, _)| *one != person && *other != person);
    }

    /// One block.
    pub fn get(&self, id: u64) -> Option<&StoredBlock> {
        self.by_id.get(&id)
    }

    /// A person's own blocks, oldest first.
    pub fn of(&self, blocker: PersonId) -> impl Iterator<Item = &StoredBlock> {
        self.by_id.values().filter(move |block| block.blocker == blocker)
    }

    /// Those whom a person blocks, or who block the person; one who does both comes twice.
    pub fn apart_from(&self, person: PersonId) -> impl Iterator<Item = PersonId> {
        let all = (person, PersonId(i64::MIN), 0)..=(person, PersonId(i64::MAX), u64::MAX);
        self.apart.range(all).map(|(_, other, _)| *other)
    }

    /// Whether either of two does not want to meet the other.
    pub fn is_between(&self, one: PersonId, other: PersonId) -> bool {
        self.apart.range((one, other, 0)..=(one, other, u64::MAX)).next().is_some()
    }

    /// Whether nobody blocks anybody.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }
}

/// Whose presence, words or doings a message shows; none when it may be told to everybody. That somebody left is
/// told to everybody: it shows nothing to those who did not see the person, and it is how two who block each other
/// vanish. A taken seat stays taken for all.
pub fn shown_by(message: &ServerMessage) -> Option<ParticipantId> {
    Some(match message {
        ServerMessage::PresenceJoined(message) => message.presence.participant.id,
        ServerMessage::PresenceChanged(message) => message.presence.participant.id,
        ServerMessage::Text(message) => message.from,
        ServerMessage::LiveText(message) => message.from,
        ServerMessage::HandRaised(message) => message.participant,
        ServerMessage::HandLowered(message) => message.participant,
        ServerMessage::MicrophoneChanged(message) => message.participant,
        ServerMessage::MicrophoneOpened(message) => message.participant,
        ServerMessage::Watch(message) => message.participant,
        ServerMessage::InTalk(message) => message.participant,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(id: u64, blocker: i64, blocked: i64) -> StoredBlock {
        let (blocker, blocked) = (PersonId(blocker), PersonId(blocked));
        StoredBlock { id, blocker, blocked, name: Default::default(), delegation: Default::default() }
    }

    #[test]
    fn two_who_block_each_other_stay_apart_until_both_end_it() {
        let mut blocks = Blocks::default();
        blocks.insert(block(1, 1, 2));
        blocks.insert(block(2, 2, 1));
        blocks.remove(1);
        assert!(blocks.is_between(PersonId(1), PersonId(2)));
        blocks.remove(2);
        assert!(!blocks.is_between(PersonId(1), PersonId(2)) && blocks.is_empty());
    }

    #[test]
    fn who_is_erased_blocks_nobody() {
        let mut blocks = Blocks::default();
        [block(1, 1, 2), block(2, 3, 1), block(3, 2, 3)].into_iter().for_each(|one| blocks.insert(one));
        blocks.forget(PersonId(1));
        assert!(!blocks.is_between(PersonId(1), PersonId(3)) && blocks.is_between(PersonId(2), PersonId(3)));
        assert_eq!(blocks.of(PersonId(2)).count(), 1);
        assert_eq!(blocks.apart_from(PersonId(3)).collect::<Vec<_>>(), [PersonId(2)]);
    }
}
