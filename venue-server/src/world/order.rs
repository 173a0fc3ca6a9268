//! What keeps order in one house: acts that can be taken back, summonses under way, locked spaces.
//!
//! It must not know who may do what, or the store.

use std::collections::{BTreeMap, VecDeque};
use venue_model::{ParticipantId, SeatId, ServerTime, SpaceId};
use venue_protocol::{Act, ActId, ActReason};

/// Acts that can still be taken back; older ones stay in the record only.
const MAX_DONE: usize = 512;

/// An act between its author and the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActUnderWay {
    /// Who does it.
    pub by: ParticipantId,
    /// The author's own number.
    pub client_ref: u32,
    /// What.
    pub act: Act,
    /// Why.
    pub reason: ActReason,
}

/// An act that is being taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UndoUnderWay {
    /// By whom.
    pub by: ParticipantId,
    /// Which.
    pub act: ActId,
}

/// An act that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoneAct {
    /// Its number in the record.
    pub id: ActId,
    /// Who did it.
    pub by: ParticipantId,
    /// What.
    pub act: Act,
    /// Those for whom it changed something.
    pub concerned: Vec<ParticipantId>,
    /// Since when the hand that it lowered was up.
    pub hand_since: Option<ServerTime>,
}

/// A summons whose countdown runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingSummons {
    /// Its number in the record.
    pub act: ActId,
    /// Who summons.
    pub by: ParticipantId,
    /// Whom.
    pub who: ParticipantId,
    /// Where to.
    pub space: SpaceId,
    /// To which seat.
    pub seat: Option<SeatId>,
    /// When the person is taken there.
    pub at: ServerTime,
}

/// What keeps order in one house.
#[derive(Debug, Default)]
pub struct Order {
    /// Summonses under way; one for each person at most.
    pub pending: Vec<PendingSummons>,
    done: VecDeque<DoneAct>,
    locked: BTreeMap<SpaceId, ActId>,
}

impl Order {
    /// Remembers an act, so that it can be taken back.
    pub fn note(&mut self, act: DoneAct) {
        if self.done.len() == MAX_DONE {
            self.done.pop_front();
        }
        self.done.push_back(act);
    }

    /// An act that can still be taken back.
    pub fn done(&self, id: ActId) -> Option<&DoneAct> {
        self.done.iter().find(|act| act.id == id)
    }

    /// Forgets an act that is taken back.
    pub fn take(&mut self, id: ActId) -> Option<DoneAct> {
        let at = self.done.iter().position(|act| act.id == id)?;
        self.done.remove(at)
    }

    /// The summons of this act, while its countdown runs.
    pub fn summons(&self, act: ActId) -> Option<&PendingSummons> {
        self.pending.iter().find(|summons| summons.act == act)
    }

    /// The act that summons this person now.
    pub fn summons_of(&self, who: ParticipantId) -> Option<ActId> {
        self.pending.iter().find(|summons| summons.who == who).map(|summons| summons.act)
    }

    /// Locks a space by an act.
    pub fn lock(&mut self, space: SpaceId, act: ActId) {
        self.locked.insert(space, act);
    }

    /// Opens a space again.
    pub fn unlock(&mut self, space: SpaceId) {
        self.locked.remove(&space);
    }

    /// Spaces have other numbers: locks go along, and end with a space that is gone. Summonses to what is gone end too.
    pub fn renumber(&mut self, kept: &BTreeMap<SpaceId, SpaceId>) {
        let locked = std::mem::take(&mut self.locked).into_iter();
        self.locked = locked.filter_map(|(space, act)| kept.get(&space).map(|space| (*space, act))).collect();
        self.pending.retain_mut(|summons| match kept.get(&summons.space) {
            // A seat may be another one now.
            Some(space) => {
                (summons.space, summons.seat) = (*space, None);
                true
            }
            None => false,
        });
    }

    /// Whether a space is locked.
    pub fn is_locked(&self, space: SpaceId) -> bool {
        self.locked.contains_key(&space)
    }

    /// The locked spaces, each with the act that locked it.
    pub fn locked(&self) -> impl Iterator<Item = (SpaceId, ActId)> {
        self.locked.iter().map(|(space, act)| (*space, *act))
    }
}
