//! How much of the venue may lie on the GPU: what was not needed for the longest time goes first, and where that is
//! not enough everything becomes a little coarser.
//!
//! It must not know the GPU itself: it counts.

use super::forest::{Forest, State};
use super::select::Selection;

/// How much coarser everything may become at most.
const MOST_STRAIN: f32 = 64.0;

/// By how much strain grows in a frame in which something found no room, and shrinks in one in which there is plenty.
const STRAIN_GROWS: f32 = 1.03;
const STRAIN_SHRINKS: f32 = 0.995;

/// Below this share of the budget in use, there is plenty.
const PLENTY: f32 = 0.8;

/// Seconds for which a tile without room is not asked for.
pub(super) const NO_ROOM_SECS: f64 = 2.0;

/// What a tile takes that nobody has seen yet, bytes.
const TYPICAL_BYTES: u64 = 1 << 20;

/// The bytes on the GPU, and what they may be.
#[derive(Debug)]
pub(super) struct Budget {
    most: u64,
    /// Of everything that is there or on its way.
    resident: u64,
    /// Contents that are there or on their way.
    held: Vec<u32>,
    /// Everything may be so much coarser.
    strain: f32,
    /// Whether something found no room since the last frame.
    is_short: bool,
}

impl Budget {
    pub(super) fn new(most: u64) -> Self {
        Self { most, resident: 0, held: Vec::new(), strain: 1.0, is_short: false }
    }

    pub(super) fn set_most(&mut self, most: u64) {
        self.most = most;
    }

    pub(super) fn resident(&self) -> u64 {
        self.resident
    }

    pub(super) fn strain(&self) -> f32 {
        self.strain
    }

    /// Forgets everything: another venue.
    pub(super) fn clear(&mut self) {
        (self.resident, self.strain, self.is_short) = (0, 1.0, false);
        self.held.clear();
    }

    /// Takes a content in that was decoded, if there is room for it; `evict` frees one. Near rooms at their coarsest
    /// are always taken: without them there is nothing to see.
    pub(super) fn admit(
        &mut self,
        forest: &mut Forest,
        slot: u32,
        bytes: u64,
        frame: u64,
        mut evict: impl FnMut(u32),
    ) -> bool {
        forest.slots[slot as usize].bytes = Some(bytes);
        while self.resident + bytes > self.most {
            match self.oldest(forest, frame) {
                Some(old) => {
                    self.release(forest, old);
                    evict(old);
                }
                None if forest.is_essential(slot) => break,
                None => {
                    self.is_short = true;
                    return false;
                }
            }
        }
        self.resident += bytes;
        self.held.push(slot);
        true
    }

    /// A content is gone from the GPU, or never came there.
    pub(super) fn release(&mut self, forest: &mut Forest, slot: u32) {
        if let Some(at) = self.held.iter().position(|held| *held == slot) {
            self.held.swap_remove(at);
            self.resident -= forest.slots[slot as usize].bytes.unwrap_or(0);
        }
        forest.slots[slot as usize].state = State::Absent;
    }

    /// What was not needed for the longest time and is not needed now, nor by anything below it.
    fn oldest(&self, forest: &Forest, frame: u64) -> Option<u32> {
        let may_go = |slot: &&u32| {
            let content = &forest.slots[**slot as usize];
            content.state == State::Ready && content.used < frame && forest.is_lowest(**slot)
        };
        let oldest = self.held.iter().filter(may_go).min_by_key(|slot| forest.slots[**slot as usize].used);
        oldest.copied()
    }

    /// Leaves of the wanted contents those for which there will be room, and makes everything coarser or finer.
    pub(super) fn trim(&mut self, forest: &Forest, selection: &mut Selection) {
        let frame = selection.frame();
        let needed = |slot: &&u32| forest.slots[**slot as usize].used >= frame;
        let bytes_of = |slot: &u32| forest.slots[*slot as usize].bytes.unwrap_or(0);
        let in_use: u64 = self.held.iter().filter(needed).map(bytes_of).sum();
        let mut expected = in_use;
        let known = self.held.len() as u64;
        let typical = self.resident.checked_div(known).unwrap_or(TYPICAL_BYTES);
        let most = self.most;
        let before = selection.wanted.len();
        selection.wanted.retain(|want| {
            let slot = &forest.slots[want.slot as usize];
            expected += slot.bytes.unwrap_or(typical);
            forest.is_essential(want.slot) || expected <= most
        });
        self.is_short |= selection.wanted.len() < before;
        self.strain = match self.is_short {
            true => (self.strain * STRAIN_GROWS).min(MOST_STRAIN),
            false if (in_use as f32) < most as f32 * PLENTY => (self.strain * STRAIN_SHRINKS).max(1.0),
            false => self.strain,
        };
        self.is_short = false;
    }
}
