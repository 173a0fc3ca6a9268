//! The bodies of a space as they are sent in a tick: each is encoded once for each ring in which somebody has it.

use crate::beat::Beat;
use crate::components::{Body, Notice, Who};
use crate::detail::Ring;
use crate::interest::Noticed;
use crate::pose_codec::{self, PoseBytes};
use crate::slots::Slots;
use crate::snapshot::{Bits, Record, RecordKind};
use crate::stream::{BitString, Stream, age_at};
use arrayvec::ArrayVec;
use glam::Vec3;
use hecs::World;
use venue_model::{ParticipantId, Tick};

/// Bodies that do not move are repeated every this many beats at least: 3 Hz.
const RESTING_PERIOD_BEATS: u32 = 10;

/// A body that stopped is sent at its ring's rate for this many beats more, so that a lost datagram does not make it
/// run on.
const LINGER_BEATS: u32 = 6;

/// All bodies, in the order of their participants; a body's place among them is its slot.
#[derive(Debug)]
pub(crate) struct Bodies {
    origin: Vec3,
    beat: Beat,
    /// Beats since the beginning; of the last one.
    count: u32,
    tracks: Vec<Track>,
    /// What is read for every viewer lies close together: who is noticed where, and each ring's updates of this tick.
    noticed: Vec<Noticed>,
    participants: Vec<ParticipantId>,
    updates: [Vec<Bits>; 4],
    updated: [Slots; 4],
    /// The bits of this tick's records and of the last's.
    bytes: [Vec<u8>; 2],
    seen: Vec<(ParticipantId, Body, Notice)>,
    /// Who moves and has an update or an anchor in this tick.
    moving: [Slots; 4],
    /// Who rests, and is due by the ring; and who is due to be repeated.
    resting: [Slots; 4],
    repeated: [Slots; 4],
    /// Who has just come to rest.
    stopped: Slots,
    /// Who was near and had an update in the beat before.
    again: Slots,
}

/// What is remembered of a body between ticks.
#[derive(Debug)]
struct Track {
    participant: ParticipantId,
    body: Body,
    notice: Notice,
    exact: PoseBytes,
    /// The beat, by its count.
    changed_at: u32,
    is_new: bool,
    is_resting: bool,
    rings: [InRing; 4],
    /// The update of the near ring in the beat before.
    again: Option<Bits>,
    exactly: Option<Bits>,
}

/// A body in one of the rings.
#[derive(Debug, Default)]
struct InRing {
    watchers: u32,
    stream: Option<Stream>,
    update: Option<Bits>,
    anchor: Option<Bits>,
}

impl Bodies {
    pub(crate) fn new(origin: Vec3) -> Self {
        Self {
            origin,
            beat: Beat::default(),
            count: 0,
            tracks: Vec::new(),
            noticed: Vec::new(),
            participants: Vec::new(),
            updates: Default::default(),
            updated: Default::default(),
            bytes: Default::default(),
            seen: Vec::new(),
            moving: Default::default(),
            resting: Default::default(),
            repeated: Default::default(),
            stopped: Slots::default(),
            again: Slots::default(),
        }
    }

    /// Beats since the beginning.
    pub(crate) fn beats(&self) -> u32 {
        self.count
    }

    pub(crate) fn len(&self) -> usize {
        self.tracks.len()
    }

    pub(crate) fn slot_of(&self, participant: ParticipantId) -> Option<usize> {
        self.tracks.binary_search_by_key(&participant, |track| track.participant).ok()
    }

    pub(crate) fn participant(&self, slot: usize) -> ParticipantId {
        self.tracks[slot].participant
    }

    /// All, in the order of their slots.
    pub(crate) fn noticed(&self) -> impl Iterator<Item = Noticed> + '_ {
        self.noticed.iter().copied()
    }

    pub(crate) fn moving(&self, ring: Ring) -> &Slots {
        &self.moving[ring.index()]
    }

    pub(crate) fn resting(&self, ring: Ring) -> &Slots {
        &self.resting[ring.index()]
    }

    pub(crate) fn repeated(&self, ring: Ring) -> &Slots {
        &self.repeated[ring.index()]
    }

    /// Who has an update in this tick: [`Self::update`].
    pub(crate) fn updated(&self, ring: Ring) -> &Slots {
        &self.updated[ring.index()]
    }

    pub(crate) fn stopped(&self) -> &Slots {
        &self.stopped
    }

    pub(crate) fn again(&self) -> &Slots {
        &self.again
    }

    /// The bits of this tick's records, or of the last's.
    pub(crate) fn bytes(&self, is_again: bool) -> &[u8] {
        &self.bytes[usize::from(is_again)]
    }

    /// Another viewer has the body in a ring, or one less.
    pub(crate) fn watch(&mut self, slot: usize, before: Option<Ring>, now: Option<Ring>) {
        let rings = &mut self.tracks[slot].rings;
        if let Some(ring) = before {
            let watchers = &mut rings[ring.index()].watchers;
            *watchers = watchers.saturating_sub(1);
        }
        if let Some(ring) = now {
            rings[ring.index()].watchers += 1;
        }
    }

    /// Takes the bodies of a tick from the world. If other people are there than before, says where each slot went.
    pub(crate) fn take(&mut self, beat: Beat, world: &World) -> Option<Vec<Option<usize>>> {
        self.beat = beat;
        self.count = self.count.wrapping_add(1);
        let mut seen = std::mem::take(&mut self.seen);
        seen.clear();
        let mut query = world.query::<(&Who, &Body, Option<&Notice>)>();
        seen.extend(
            query.iter().map(|(who, body, notice)| (who.0, *body, notice.copied().unwrap_or_default())),
        );
        // The world's order depends on its history; the wire's does not.
        seen.sort_unstable_by_key(|(participant, ..)| *participant);
        let is_same = seen
            .iter()
            .map(|(participant, ..)| *participant)
            .eq(self.tracks.iter().map(|track| track.participant));
        let moved = (!is_same).then(|| self.follow(&seen));
        for (track, (_, body, notice)) in self.tracks.iter_mut().zip(&seen) {
            track.take(self.count, *body, *notice, self.origin);
        }
        self.seen = seen;
        moved
    }

    /// Lets the slots be those of other people.
    fn follow(&mut self, seen: &[(ParticipantId, Body, Notice)]) -> Vec<Option<usize>> {
        let mut moved = vec![None; self.tracks.len()];
        let mut before = std::mem::take(&mut self.tracks).into_iter().enumerate().peekable();
        for (slot, (participant, body, notice)) in seen.iter().enumerate() {
            while before.next_if(|(_, track)| track.participant < *participant).is_some() {}
            match before.next_if(|(_, track)| track.participant == *participant) {
                Some((at, track)) => {
                    moved[at] = Some(slot);
                    self.tracks.push(track);
                }
                None => self.tracks.push(Track::new(*participant, *body, *notice, self.count, self.origin)),
            }
        }
        moved
    }

    /// Encodes what is due in this tick.
    pub(crate) fn encode(&mut self) {
        self.bytes.swap(0, 1);
        self.bytes[0].clear();
        let count = self.tracks.len();
        for ring in Ring::ALL {
            self.moving[ring.index()].clear(count);
            self.resting[ring.index()].clear(count);
            self.repeated[ring.index()].clear(count);
            self.updated[ring.index()].clear(count);
            self.updates[ring.index()].resize(count, Bits::default());
        }
        self.participants.clear();
        self.participants.extend(self.tracks.iter().map(|track| track.participant));
        self.stopped.clear(count);
        self.again.clear(count);
        for slot in 0..count {
            self.encode_body(slot);
        }
        self.noticed.clear();
        self.noticed.extend(
            self.tracks
                .iter()
                .map(|track| Noticed::new(track.participant, track.body.pose.root, track.notice)),
        );
    }

    fn encode_body(&mut self, slot: usize) {
        let (beat, count, origin) = (self.beat, self.count, self.origin);
        let track = &mut self.tracks[slot];
        let number = track.participant.0;
        let before = track.rings[Ring::Near.index()].update.take();
        // When that was must be known, too.
        track.again = before.filter(|_| beat.since < u8::MAX);
        track.exactly = None;
        if track.again.is_some() {
            self.again.insert(slot);
        }
        let rested = count.wrapping_sub(track.changed_at);
        let is_resting = rested > LINGER_BEATS;
        track.is_resting = is_resting;
        if rested == LINGER_BEATS + 1 {
            self.stopped.insert(slot);
        }
        for ring in Ring::ALL {
            let in_ring = &mut track.rings[ring.index()];
            (in_ring.update, in_ring.anchor) = (None, None);
            let is_due = ring.is_due(number, count) || track.is_new;
            if in_ring.watchers == 0 || is_resting {
                in_ring.stream = None;
            }
            if in_ring.watchers == 0 {
                continue;
            }
            if is_resting {
                let period = ring.detail().period_beats.max(RESTING_PERIOD_BEATS);
                if is_due {
                    self.resting[ring.index()].insert(slot);
                }
                if count.wrapping_add(number).is_multiple_of(period) {
                    self.repeated[ring.index()].insert(slot);
                }
            } else if is_due {
                in_ring.advance(ring, beat, &track.body, origin, &mut self.bytes[0]);
                self.moving[ring.index()].insert(slot);
                if let Some(update) = in_ring.update {
                    self.updates[ring.index()][slot] = update;
                    self.updated[ring.index()].insert(slot);
                }
            }
        }
        track.is_new = false;
    }

    /// The update of a body that has one, for a viewer who has its stream's state.
    pub(crate) fn update(&self, slot: usize, ring: Ring) -> Record {
        let (participant, bits) = (self.participants[slot], self.updates[ring.index()][slot]);
        Record { participant, kind: RecordKind::Update, bits }
    }

    /// The record of a body in this tick, for a viewer who has its stream's state or rest, or has not.
    pub(crate) fn record(&mut self, slot: usize, ring: Ring, is_synced: bool) -> Record {
        if is_synced && self.updated[ring.index()].has(slot) {
            return self.update(slot, ring);
        }
        let Self { tracks, bytes: [bytes, _], beat, origin, .. } = self;
        let track = &mut tracks[slot];
        let in_ring = &mut track.rings[ring.index()];
        if in_ring.stream.is_none() && !track.is_resting {
            in_ring.stream =
                Some(Stream::begin(ring, *beat, track.body.sampled_at, &track.body.pose, *origin));
        }
        let (kind, bits) = match &in_ring.stream {
            Some(stream) => {
                let bits = in_ring.anchor.get_or_insert_with(|| append(bytes, &stream.anchor()));
                (RecordKind::Anchor, *bits)
            }
            None if is_synced => (RecordKind::Still, Bits::default()),
            None => (RecordKind::Exact, track.exact_bits(beat.tick, bytes)),
        };
        Record { participant: track.participant, kind, bits }
    }

    /// The record of a body that builds on nothing.
    pub(crate) fn record_exact(&mut self, slot: usize) -> Record {
        let track = &mut self.tracks[slot];
        let bits = track.exact_bits(self.beat.tick, &mut self.bytes[0]);
        Record { participant: track.participant, kind: RecordKind::Exact, bits }
    }

    pub(crate) fn is_resting(&self, slot: usize) -> bool {
        self.tracks[slot].is_resting
    }

    /// The near update of the beat before.
    pub(crate) fn record_again(&self, slot: usize) -> Option<Record> {
        let track = &self.tracks[slot];
        Some(Record { participant: track.participant, kind: RecordKind::Update, bits: track.again? })
    }
}

impl Track {
    fn new(participant: ParticipantId, body: Body, notice: Notice, count: u32, origin: Vec3) -> Self {
        Self {
            participant,
            body,
            notice,
            exact: pose_codec::encode(&body.pose, origin),
            changed_at: count,
            is_new: true,
            is_resting: false,
            rings: Default::default(),
            again: None,
            exactly: None,
        }
    }

    fn take(&mut self, count: u32, body: Body, notice: Notice, origin: Vec3) {
        // Only a step of the fine codec is a motion.
        let exact = pose_codec::encode(&body.pose, origin);
        if exact != self.exact {
            self.exact = exact;
            self.changed_at = count;
        }
        (self.body, self.notice) = (body, notice);
    }

    fn exact_bits(&mut self, tick: Tick, bytes: &mut Vec<u8>) -> Bits {
        let Self { exact, exactly, body, .. } = self;
        *exactly.get_or_insert_with(|| {
            let mut string: ArrayVec<u8, { 1 + pose_codec::MAX_POSE_BYTES }> = ArrayVec::new();
            string.push(age_at(tick, body.sampled_at) as u8);
            string.extend(exact.iter().copied());
            Bits::append(bytes, &string, string.len() as u32 * 8)
        })
    }
}

impl InRing {
    fn advance(&mut self, ring: Ring, beat: Beat, body: &Body, origin: Vec3, bytes: &mut Vec<u8>) {
        let string = match &mut self.stream {
            Some(stream) if stream.is_followed_by(ring, beat) => {
                stream.encode(beat, body.sampled_at, &body.pose, origin)
            }
            _ => None,
        };
        match string.filter(|string| string.len() <= RecordKind::Update.max_bits()) {
            Some(string) => self.update = Some(append(bytes, &string)),
            None => self.stream = Some(Stream::begin(ring, beat, body.sampled_at, &body.pose, origin)),
        }
    }
}

fn append(bytes: &mut Vec<u8>, string: &BitString) -> Bits {
    Bits::append(bytes, string.bytes(), string.len())
}
