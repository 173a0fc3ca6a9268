//! Server: one space's bodies become datagrams. Each body is encoded once a tick and ring; only the choice of bodies
//! differs between viewers.

use crate::beat::Beat;
use crate::bodies::Bodies;
use crate::budget::{Budget, Repair};
use crate::detail::Ring;
use crate::feedback::Feedback;
use crate::interest::{RECORD_OVERHEAD_BITS, Rings, Viewer};
use crate::packer::Packer;
use crate::slots::{Slots, bits_of};
use crate::snapshot::{Record, RecordKind, Section, SnapshotHeader};
use bytes::Bytes;
use glam::Vec3;
use hecs::World;
use std::collections::BTreeMap;
use venue_model::{Bounds, ParticipantId, SpaceEpoch, SpaceId, Tick};

/// Who matters to whom is asked anew after so many beats.
const RANK_BEATS: u32 = 15;

/// A viewer who does not look for so many beats is forgotten.
const FORGOTTEN_BEATS: u16 = 3;

/// So many bits of a tick are for others than the near, whatever was spent.
const LEAST_ROOM_BITS: f32 = 1_200.0;

/// The point that a space's positions are relative to: its middle in whole metres, so that singles
/// hold every step exactly. Both ends take it from the venue's manifest.
pub fn origin_of(bounds: &Bounds) -> Vec3 {
    bounds.center().round()
}

/// Encodes one space for all of its viewers.
#[derive(Debug)]
pub struct SpaceReplicator {
    space: SpaceId,
    epoch: SpaceEpoch,
    origin: Vec3,
    beat: Beat,
    bodies: Bodies,
    watchers: BTreeMap<ParticipantId, Watcher>,
    packer: Packer,
    scratch: Scratch,
}

/// What is known of a viewer between ticks.
#[derive(Debug)]
struct Watcher {
    rings: Rings,
    /// Whose state the viewer has, if everything arrived.
    synced: Slots,
    /// Who was due and had no room.
    owed: Slots,
    budget: Budget,
    repair: Repair,
    sequence: u16,
    looked_at: Beat,
    is_new: bool,
}

/// Lists that are used again from viewer to viewer.
#[derive(Debug, Default)]
struct Scratch {
    due: Slots,
    records: Vec<Record>,
}

impl SpaceReplicator {
    /// A replicator of one space; `origin` by [`origin_of`].
    pub fn new(space: SpaceId, epoch: SpaceEpoch, origin: Vec3) -> Self {
        Self {
            space,
            epoch,
            origin,
            beat: Beat::default(),
            bodies: Bodies::new(origin),
            watchers: BTreeMap::new(),
            packer: Packer::new(),
            scratch: Scratch::default(),
        }
    }

    /// The point that positions are relative to.
    pub fn origin(&self) -> Vec3 {
        self.origin
    }

    /// Encodes every body of the world, once for all viewers of this tick. Ticks may be left out.
    pub fn encode(&mut self, tick: Tick, world: &World) {
        self.beat = self.beat.next(tick);
        let (beat, bodies) = (self.beat, &mut self.bodies);
        if let Some(moved) = bodies.take(beat, world) {
            let count = bodies.len();
            let mut is_new = vec![true; count];
            moved.iter().flatten().for_each(|slot| is_new[*slot] = false);
            for (viewer, watcher) in &mut self.watchers {
                watcher.renumber(&moved, count);
                for slot in (0..count).filter(|slot| is_new[*slot]) {
                    if bodies.participant(slot) != *viewer {
                        watcher.rings.put(slot, Some(Ring::Far));
                        bodies.watch(slot, None, Some(Ring::Far));
                    }
                }
            }
        }
        let is_gone =
            |watcher: &Watcher| beat.number.wrapping_sub(watcher.looked_at.number) > FORGOTTEN_BEATS;
        self.watchers.retain(|_, watcher| {
            if is_gone(watcher) {
                watcher.leave(bodies);
            }
            !is_gone(watcher)
        });
        bodies.encode();
        self.watchers.values_mut().for_each(|watcher| watcher.forget_stopped(bodies.stopped()));
    }

    /// A viewer's client says what arrived.
    pub fn hear(&mut self, viewer: ParticipantId, feedback: &Feedback) {
        let Some(watcher) = self.watchers.get_mut(&viewer).filter(|_| feedback.space == self.space) else {
            return;
        };
        watcher.budget.hear(feedback, self.beat.tick);
        for slot in feedback.lacks.iter().filter_map(|lack| self.bodies.slot_of(*lack)) {
            watcher.synced.remove(slot);
        }
    }

    /// Appends this tick's datagrams for one viewer.
    pub fn datagrams_for(&mut self, viewer: &Viewer, datagrams: &mut Vec<Bytes>) {
        let Self { bodies, beat, packer, scratch, watchers, .. } = self;
        let watcher = watchers.entry(viewer.participant).or_insert_with(|| Watcher::new(bodies.len(), *beat));
        watcher.look(viewer, bodies, *beat);
        let sequence = watcher.sequence;
        packer.begin(SnapshotHeader { space: self.space, epoch: self.epoch, beat: *beat, sequence });
        watcher.budget.refill(beat.tick, viewer.border.is_some());
        watcher.repair = watcher.budget.repair(watcher.rings.members(Ring::Near).count());
        if watcher.repair == Repair::Twice {
            watcher.write_again(bodies, packer, scratch);
        }
        for ring in Ring::ALL {
            watcher.write(ring, bodies, packer, scratch);
        }
        let bits = packer.bits();
        watcher.sequence = packer.finish(datagrams);
        watcher.budget.spend(bits, sequence, watcher.sequence);
    }
}

impl Watcher {
    fn new(count: usize, beat: Beat) -> Self {
        let mut watcher = Self {
            rings: Rings::default(),
            synced: Slots::default(),
            owed: Slots::default(),
            budget: Budget::new(beat.tick, count),
            repair: Repair::Asked,
            sequence: 0,
            looked_at: beat,
            is_new: true,
        };
        watcher.rings.clear(count);
        watcher.synced.clear(count);
        watcher.owed.clear(count);
        watcher
    }

    fn renumber(&mut self, moved: &[Option<usize>], count: usize) {
        self.rings.renumber(moved, count);
        self.synced.renumber(moved, count);
        self.owed.renumber(moved, count);
    }

    fn leave(&mut self, bodies: &mut Bodies) {
        for ring in Ring::ALL {
            self.rings.members(ring).iter().for_each(|slot| bodies.watch(slot, Some(ring), None));
        }
    }

    /// Who comes to rest is told so once more.
    fn forget_stopped(&mut self, stopped: &Slots) {
        self.synced.remove_all(stopped);
    }

    /// Notes that the viewer looks, and asks anew who matters, now and then.
    fn look(&mut self, viewer: &Viewer, bodies: &mut Bodies, beat: Beat) {
        self.looked_at = beat;
        for hidden in &viewer.hidden {
            let Some(slot) = bodies.slot_of(*hidden) else { continue };
            if let Some(ring) = self.rings.of(slot) {
                self.rings.put(slot, None);
                bodies.watch(slot, Some(ring), None);
            }
        }
        let is_due = bodies.beats().wrapping_add(viewer.participant.0).is_multiple_of(RANK_BEATS);
        if !is_due && !self.is_new {
            return;
        }
        self.is_new = false;
        let fit = self.budget.fit(beat.tick, bodies.len(), self.owed.count());
        let Self { rings, synced, .. } = self;
        let mut changes = Vec::new();
        rings.rank(viewer, bodies.noticed(), fit, |slot, before, now| changes.push((slot, before, now)));
        for (slot, before, now) in changes {
            bodies.watch(slot, before, now);
            synced.remove(slot);
        }
    }

    /// Sends the near updates of the beat before once more.
    fn write_again(&mut self, bodies: &Bodies, packer: &mut Packer, scratch: &mut Scratch) {
        let near = self.rings.members(Ring::Near);
        let both = |at| near.word(at) & self.synced.word(at) & bodies.again().word(at);
        scratch.due.fill(near.words(), both);
        scratch.records.clear();
        scratch.records.extend(scratch.due.iter().filter_map(|slot| bodies.record_again(slot)));
        self.budget.want(scratch.records.iter().map(taken).sum());
        let section = Section { ring: Ring::Near, is_again: true };
        packer.section(section, &scratch.records, bodies.bytes(true));
    }

    fn write(&mut self, ring: Ring, bodies: &mut Bodies, packer: &mut Packer, scratch: &mut Scratch) {
        let members = self.rings.members(ring);
        let (moving, resting, repeated) = (bodies.moving(ring), bodies.resting(ring), bodies.repeated(ring));
        // Who comes near is seen at once.
        let is_near = if ring == Ring::Near { u64::MAX } else { 0 };
        scratch.due.fill(members.words(), |at| {
            let unknown = (resting.word(at) | is_near) & !self.synced.word(at);
            members.word(at) & (moving.word(at) | repeated.word(at) | unknown)
        });
        let is_exact = ring == Ring::Near && self.repair == Repair::Exact;
        let Scratch { due, records } = scratch;
        records.clear();
        if is_exact {
            records.extend(due.iter().map(|slot| match bodies.is_resting(slot) {
                true => bodies.record(slot, ring, self.synced.has(slot)),
                false => bodies.record_exact(slot),
            }));
        } else {
            // Nearly all are updates.
            for at in 0..due.words() {
                let (all, plain) = (due.word(at), self.synced.word(at) & bodies.updated(ring).word(at));
                if all & !plain == 0 {
                    records.extend(bits_of(at, all).map(|slot| bodies.update(slot, ring)));
                } else {
                    let of = |slot| bodies.record(slot, ring, self.synced.has(slot));
                    records.extend(bits_of(at, all).map(of));
                }
            }
        }
        self.budget.want(match is_exact {
            true => records.iter().map(taken).sum(),
            false => records.iter().map(|record| usually_taken(record, ring)).sum(),
        });
        self.make_room(ring, packer, scratch);
        if is_exact {
            // Nothing can build on what was sent of those who move.
            let moves = |slot: &usize| !bodies.is_resting(*slot);
            scratch.due.iter().filter(moves).for_each(|slot| self.synced.remove(slot));
        }
        packer.section(Section { ring, is_again: false }, &scratch.records, bodies.bytes(false));
    }

    /// Keeps the records that there is room for. Whoever is left out has to be told the state itself later, which takes
    /// ten times as much: so those come first who can be told by an update, then those who had no room before.
    fn make_room(&mut self, ring: Ring, packer: &Packer, scratch: &mut Scratch) {
        let all: f32 = scratch.records.iter().map(taken).sum();
        // Somebody always has room, or who costs much would never be seen.
        let room = self.budget.room(packer.bits()).max(LEAST_ROOM_BITS / Ring::ALL.len() as f32);
        let is_scarce = ring != Ring::Near && all > room;
        if !is_scarce {
            self.synced.insert_all(&scratch.due);
            self.owed.remove_all(&scratch.due);
            return;
        }
        let mut sent = Slots::default();
        sent.clear(self.synced.words() * 64);
        let mut left = room;
        let turn_of = |slot, record: &Record| match record.kind {
            RecordKind::Update | RecordKind::Still => Turn::Update,
            RecordKind::Anchor | RecordKind::Exact if self.owed.has(slot) => Turn::Owed,
            RecordKind::Anchor | RecordKind::Exact => Turn::New,
        };
        for turn in [Turn::Update, Turn::Owed, Turn::New] {
            for (slot, record) in scratch.due.iter().zip(&scratch.records) {
                if turn_of(slot, record) == turn && left >= taken(record) {
                    left -= taken(record);
                    sent.insert(slot);
                }
            }
        }
        let mut slot = scratch.due.iter();
        scratch.records.retain(|_| slot.next().is_some_and(|slot| sent.has(slot)));
        drop(slot);
        scratch.due.remove_all(&sent);
        self.synced.insert_all(&sent);
        self.owed.remove_all(&sent);
        self.synced.remove_all(&scratch.due);
        self.owed.insert_all(&scratch.due);
        scratch.due = sent;
    }
}

/// When a record gets what room there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Update,
    Owed,
    New,
}

/// Bits of a record with all that belongs to it.
fn taken(record: &Record) -> f32 {
    record.bits.count as f32 + RECORD_OVERHEAD_BITS
}

/// The same of a record for whom the viewer has everything: what is told once does not count.
fn usually_taken(record: &Record, ring: Ring) -> f32 {
    match record.kind {
        RecordKind::Update | RecordKind::Still => taken(record),
        RecordKind::Anchor | RecordKind::Exact => ring.detail().update_bits + RECORD_OVERHEAD_BITS,
    }
}
