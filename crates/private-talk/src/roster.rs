//! Who is in the talk, by place in the tree. Knows no MLS and no keys but the public ones.

use std::collections::BTreeMap;
use venue_model::{DeviceKey, ParticipantId};

/// One member: one device of one participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub participant: ParticipantId,
    /// With which device.
    pub device: DeviceKey,
    /// The epoch in which the device came in, or this one did, whichever is later.
    pub since: u64,
}

/// Everybody in the talk, by leaf index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Roster {
    members: BTreeMap<u32, Member>,
}

impl Roster {
    pub fn len(&self) -> usize {
        self.members.len()
    }

    pub fn at(&self, leaf: u32) -> Option<&Member> {
        self.members.get(&leaf)
    }

    pub fn iter(&self) -> impl Iterator<Item = (u32, &Member)> {
        self.members.iter().map(|(leaf, member)| (*leaf, member))
    }

    pub fn find(&self, participant: ParticipantId) -> Option<(u32, &Member)> {
        self.iter().find(|(_, member)| member.participant == participant)
    }

    pub fn contains(&self, member: &Member) -> bool {
        self.members.values().any(|one| one == member)
    }

    pub fn insert(&mut self, leaf: u32, member: Member) {
        self.members.insert(leaf, member);
    }

    /// How many of those who may act stand before this leaf; the first has 0.
    pub fn rank(&self, leaf: u32, may_act: impl Fn(u32) -> bool) -> u64 {
        self.members.range(..leaf).filter(|(one, _)| may_act(**one)).count() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rank_counts_those_before_who_may_act() {
        let mut roster = Roster::default();
        for leaf in [0, 2, 5] {
            let device = DeviceKey([leaf as u8; 32]);
            roster.insert(leaf, Member { participant: ParticipantId(leaf), device, since: 0 });
        }
        assert_eq!(roster.rank(0, |_| true), 0);
        assert_eq!(roster.rank(5, |_| true), 2);
        assert_eq!(roster.rank(5, |leaf| leaf != 0), 1);
        assert_eq!(roster.find(ParticipantId(2)).map(|(leaf, _)| leaf), Some(2));
    }
}
