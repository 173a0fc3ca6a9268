//! What this device wants changed in the talk, until it is. A wish survives that another member's commit came first: it is
//! looked at anew in each epoch, and dropped when it is fulfilled. Knows no bytes.

use crate::error::TalkError;
use crate::group::Package;
use crate::roster::{Member, Roster};
use std::collections::VecDeque;
use venue_model::ParticipantId;
use venue_protocol::LocalTime;

/// How long each member waits for the one before it to take somebody out who is gone, µs.
const TURN_MICROS: u64 = 2_000_000;

/// Most wishes at a time, and most used key packages that are remembered.
const MOST_WISHES: usize = 48;
const MOST_USED: usize = 64;

/// One wish.
#[derive(Clone, Debug)]
pub(crate) enum Wish {
    /// Somebody comes in.
    Add(Package),
    /// A member goes out because this person says so.
    PutOut(Member),
    /// A member goes out because it is gone. All know it; the one on the lowest leaf does it, the next after two seconds.
    Gone { member: Member, since: LocalTime },
    /// New own keys, and the own certificate as it is now.
    Renew,
}

impl Wish {
    /// The member that it takes out.
    fn takes_out(&self) -> Option<&Member> {
        match self {
            Self::PutOut(member) | Self::Gone { member, .. } => Some(member),
            Self::Add(_) | Self::Renew => None,
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Add(one), Self::Add(two)) => one.participant == two.participant,
            (Self::Gone { member: one, .. }, Self::Gone { member: two, .. }) => one == two,
            (Self::PutOut(one), Self::PutOut(two)) => one == two,
            (Self::Renew, Self::Renew) => true,
            _ => false,
        }
    }
}

/// What one commit shall do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub add: Vec<Package>,
    pub remove: Vec<u32>,
    pub is_renewal: bool,
    /// Who finds the talk full.
    pub too_many: Vec<ParticipantId>,
}

impl Plan {
    pub fn is_empty(&self) -> bool {
        self.add.is_empty() && self.remove.is_empty() && !self.is_renewal
    }
}

/// All wishes of this device.
#[derive(Debug, Default)]
pub(crate) struct Wishes {
    list: Vec<Wish>,
    /// Hashes of key packages that were used: each is good for one coming in.
    used: VecDeque<Vec<u8>>,
}

impl Wishes {
    /// Takes a wish; a newer one to let in the same person takes the place of the older.
    pub fn push(&mut self, wish: Wish) -> Result<(), TalkError> {
        let is_full = self.list.len() >= MOST_WISHES;
        match self.list.iter_mut().find(|one| one.is_like(&wish)) {
            // Who is gone is gone since the first time that somebody said so.
            Some(Wish::Gone { .. }) => {}
            Some(like) => *like = wish,
            None if is_full => return Err(TalkError::Busy),
            None => self.list.push(wish),
        }
        Ok(())
    }

    /// Whether this key package has let somebody in before.
    pub fn was_used(&self, package: &Package) -> bool {
        self.used.contains(&package.reference)
    }

    /// Who waits to be let in.
    pub fn invited(&self) -> impl Iterator<Item = ParticipantId> {
        self.list.iter().filter_map(|wish| match wish {
            Wish::Add(package) => Some(package.participant),
            _ => None,
        })
    }

    /// A new epoch: notes the used key packages and drops what is fulfilled.
    pub fn settle(&mut self, roster: &Roster, used: Vec<Vec<u8>>) {
        self.used.extend(used);
        while self.used.len() > MOST_USED {
            self.used.pop_front();
        }
        let used = &self.used;
        self.list.retain(|wish| match wish {
            Wish::Add(package) => !used.contains(&package.reference),
            Wish::PutOut(member) | Wish::Gone { member, .. } => roster.contains(member),
            Wish::Renew => true,
        });
    }

    /// Every own commit renews.
    pub fn settle_own(&mut self) {
        self.list.retain(|wish| !matches!(wish, Wish::Renew));
    }

    /// Drops the wishes to let these in.
    pub fn turn_away(&mut self, people: &[ParticipantId]) {
        self.list.retain(|wish| !matches!(wish, Wish::Add(package) if people.contains(&package.participant)));
    }

    /// Drops what could not be done.
    pub fn give_up(&mut self, plan: &Plan) {
        self.list.retain(|wish| match wish {
            Wish::Add(package) => plan.add.iter().all(|one| one.reference != package.reference),
            Wish::PutOut(_) => plan.remove.is_empty(),
            Wish::Gone { .. } => true,
            Wish::Renew => !plan.is_renewal,
        });
    }

    /// What is to be done now, in one commit. Who already has a device in the talk comes in with the new one instead.
    pub fn plan(&self, roster: &Roster, own_leaf: u32, limit: usize, now: LocalTime) -> Plan {
        let mut plan = Plan::default();
        for wish in &self.list {
            let is_due = self.due(wish, roster, own_leaf).is_none_or(|due| due <= now);
            match wish {
                Wish::Renew => plan.is_renewal = true,
                Wish::PutOut(member) | Wish::Gone { member, .. } if is_due => {
                    let leaf = roster.find(member.participant).map(|(leaf, _)| leaf);
                    plan.remove.extend(leaf.filter(|leaf| *leaf != own_leaf && !plan.remove.contains(leaf)));
                }
                Wish::Gone { .. } | Wish::PutOut(_) | Wish::Add(_) => {}
            }
        }
        for wish in &self.list {
            let Wish::Add(package) = wish else { continue };
            let old = roster.find(package.participant).map(|(leaf, _)| leaf);
            let old = old.filter(|leaf| *leaf != own_leaf && !plan.remove.contains(leaf));
            let many = roster.len() + plan.add.len() + 1 - plan.remove.len() - old.iter().count();
            if many <= limit {
                plan.remove.extend(old);
                plan.add.push(package.clone());
            } else {
                plan.too_many.push(package.participant);
            }
        }
        plan
    }

    /// When the next wish becomes due that is not yet.
    pub fn poll_timeout(&self, roster: &Roster, own_leaf: u32) -> Option<LocalTime> {
        self.list.iter().filter_map(|wish| self.due(wish, roster, own_leaf)).min()
    }

    /// When a wish is due; one without a time always is.
    fn due(&self, wish: &Wish, roster: &Roster, own_leaf: u32) -> Option<LocalTime> {
        let Wish::Gone { since, .. } = wish else { return None };
        let is_gone = |leaf: u32| {
            let member = roster.at(leaf);
            self.list.iter().any(|wish| wish.takes_out().is_some() && wish.takes_out() == member)
        };
        let rank = roster.rank(own_leaf, |leaf| !is_gone(leaf));
        Some(LocalTime(since.0.saturating_add(rank * TURN_MICROS)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use venue_model::DeviceKey;

    fn member(number: u32) -> Member {
        Member { participant: ParticipantId(number), device: DeviceKey([number as u8; 32]), since: 0 }
    }

    fn roster() -> Roster {
        let mut roster = Roster::default();
        (0..4).for_each(|leaf| roster.insert(leaf, member(leaf + 10)));
        roster
    }

    fn gone(number: u32, since: u64) -> Wish {
        Wish::Gone { member: member(number), since: LocalTime(since) }
    }

    #[test]
    fn the_lowest_leaf_takes_out_who_is_gone_and_the_next_waits() {
        let mut wishes = Wishes::default();
        wishes.push(gone(12, 100)).unwrap();
        let remove = |leaf: u32, now: u64| wishes.plan(&roster(), leaf, 16, LocalTime(now)).remove;
        assert_eq!(remove(0, 100), [2]);
        assert!(remove(1, 100).is_empty());
        assert_eq!(remove(1, 100 + TURN_MICROS), [2]);
        // The third member waits for two, not for the one that is gone.
        assert!(remove(3, 100 + TURN_MICROS).is_empty());
        assert_eq!(remove(3, 100 + 2 * TURN_MICROS), [2]);
        assert_eq!(wishes.poll_timeout(&roster(), 3), Some(LocalTime(100 + 2 * TURN_MICROS)));
    }

    #[test]
    fn the_first_being_gone_the_second_acts_at_once() {
        let mut wishes = Wishes::default();
        wishes.push(gone(10, 0)).unwrap();
        assert_eq!(wishes.plan(&roster(), 1, 16, LocalTime(0)).remove, [0]);
    }

    #[test]
    fn a_wish_goes_when_it_is_fulfilled() {
        let mut wishes = Wishes::default();
        wishes.push(gone(12, 0)).unwrap();
        wishes.push(Wish::PutOut(member(13))).unwrap();
        wishes.push(Wish::Renew).unwrap();
        let mut later = roster();
        // The same person with a new leaf is another member.
        later.insert(2, Member { since: 5, ..member(12) });
        wishes.settle(&later, Vec::new());
        wishes.settle_own();
        assert_eq!(wishes.plan(&later, 0, 16, LocalTime(0)).remove, [3]);
        wishes.settle(&Roster::default(), Vec::new());
        assert!(wishes.plan(&later, 0, 16, LocalTime(0)).is_empty());
    }

    #[test]
    fn wishes_have_a_bound_and_are_not_kept_twice() {
        let mut wishes = Wishes::default();
        for number in 0..100 {
            let is_taken = wishes.push(gone(number, 0)).is_ok();
            assert_eq!(is_taken, number < MOST_WISHES as u32);
            assert_eq!(wishes.push(gone(0, 1)), Ok(()));
        }
    }
}
