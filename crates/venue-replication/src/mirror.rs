//! Client: the bodies of the space where the delegate is, as the last snapshots say, smooth in time.
//!
//! Who exists is decided by the reliable presence messages alone ([`Mirror::admit`],
//! [`Mirror::remove`]); datagrams only move those, in whatever order and number they come.

use crate::arrivals::Arrivals;
use crate::beat::Beat;
use crate::detail::Ring;
use crate::feedback::{Feedback, MAX_LACKS};
use crate::interpolate::{Pause, Sample, between, beyond};
use crate::jitter::DisplayDelay;
use crate::pose_codec;
use crate::snapshot::{RecordKind, SeenRecord, decode_header, decode_records_into};
use crate::stream::{Stream, sampled_at};
use arrayvec::ArrayVec;
use glam::Vec3;
use std::collections::{BTreeMap, VecDeque};
use venue_model::{BodyPose, ParticipantId, ServerTime, SpaceEpoch, SpaceId};
use venue_protocol::codec::DecodeError;

/// Samples that are kept for each body: a second and more of the nearest ring.
const MAX_SAMPLES: usize = 40;

/// People in one space; further ones are not shown.
pub const MAX_BODIES: usize = 8_192;

/// A body that nothing was heard of for this long is hidden, µs.
pub const SILENCE_MICROS: u64 = 5_000_000;

/// Bodies of one datagram, before the list of them asks for memory.
const EXPECTED_RECORDS: usize = 256;

/// A sample further ahead of the clock than this is not believed, µs.
const MAX_AHEAD_MICROS: u64 = 1_000_000;

/// Whose state was asked for is asked for again after this, µs.
const ASK_AGAIN_MICROS: u64 = 200_000;

/// The bodies of one space.
#[derive(Debug)]
pub struct Mirror {
    space: SpaceId,
    epoch: SpaceEpoch,
    origin: Vec3,
    bodies: BTreeMap<ParticipantId, MirroredBody>,
    /// The records of the datagram at hand; kept, so that a snapshot allocates nothing.
    records: Vec<SeenRecord>,
    arrivals: Arrivals,
    lacks: ArrayVec<ParticipantId, MAX_LACKS>,
}

#[derive(Debug)]
struct MirroredBody {
    samples: VecDeque<Sample>,
    delay: DisplayDelay,
    heard_at: ServerTime,
    known: Known,
    /// Updates that came before those which they build on.
    early: ArrayVec<Early, MAX_EARLY>,
    asked_at: ServerTime,
}

/// An update that can't be read yet.
#[derive(Clone, Debug)]
struct Early {
    ring: Ring,
    beat: Beat,
    bits: u32,
    bytes: ArrayVec<u8, MAX_EARLY_BYTES>,
}

/// Most updates of one body that are kept for those before.
const MAX_EARLY: usize = 4;

/// Bytes of the longest update.
const MAX_EARLY_BYTES: usize = 32;

/// A near update that builds on one this many beats away, or farther, waits for something that is lost.
const LOST_BEATS: u32 = 4;

/// What the next record can build on.
#[derive(Clone, Copy, Debug)]
enum Known {
    Nothing,
    /// The state of the ring that the body is in.
    Moving(Stream),
    /// It is exactly here, and its samples are so old at their beats.
    Exactly {
        beat: Beat,
        age: i32,
        pose: BodyPose,
    },
}

/// Whether a record could be read.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Reading {
    /// It says where the body is, as of a moment.
    News(Sample),
    /// The body is still there; when exactly that was seen is not told.
    Still(Sample),
    /// It says nothing new.
    Old,
    /// What it builds on is late; it waits.
    Early,
    /// What it builds on is missing.
    Lacking,
}

impl Mirror {
    /// An empty mirror of a space; `origin` by [`crate::space_replicator::origin_of`].
    pub fn new(space: SpaceId, epoch: SpaceEpoch, origin: Vec3) -> Self {
        Self {
            space,
            epoch,
            origin,
            bodies: BTreeMap::new(),
            records: Vec::with_capacity(EXPECTED_RECORDS),
            arrivals: Arrivals::default(),
            lacks: ArrayVec::new(),
        }
    }

    /// Forgets everybody and mirrors another space from now on.
    pub fn enter_space(&mut self, space: SpaceId, epoch: SpaceEpoch, origin: Vec3) {
        *self = Self::new(space, epoch, origin);
    }

    /// The owner whose snapshots are taken.
    pub fn epoch(&self) -> SpaceEpoch {
        self.epoch
    }

    /// The presence messages say that this person is in the space.
    pub fn admit(&mut self, participant: ParticipantId) {
        if self.bodies.len() < MAX_BODIES {
            self.bodies.entry(participant).or_insert_with(MirroredBody::new);
        }
    }

    /// The presence messages say that this person is not in the space any more.
    pub fn remove(&mut self, participant: ParticipantId) {
        self.bodies.remove(&participant);
    }

    /// Takes a snapshot datagram that came at `received_at` in the client's estimate of server time.
    /// Snapshots of another space or owner are ignored.
    pub fn handle_snapshot(&mut self, datagram: &[u8], received_at: ServerTime) -> Result<(), DecodeError> {
        let header = decode_header(datagram)?;
        if (header.space, header.epoch) != (self.space, self.epoch) {
            return Ok(());
        }
        let Self { records, bodies, arrivals, lacks, origin, .. } = self;
        decode_records_into(datagram, records)?;
        arrivals.note(&header, received_at);
        for record in records {
            let Some(body) = bodies.get_mut(&record.participant) else { continue };
            match body.read(record, header.beat, datagram, *origin) {
                Reading::News(sample) => {
                    body.take(sample, received_at);
                    body.catch_up(*origin, received_at);
                }
                Reading::Still(sample) => {
                    body.keep_sample(sample, received_at);
                }
                Reading::Old => body.heard_at = body.heard_at.max(received_at),
                Reading::Early => {}
                Reading::Lacking if body.may_ask(received_at) && !lacks.is_full() => {
                    body.asked_at = received_at;
                    lacks.push(record.participant);
                }
                Reading::Lacking => {}
            }
        }
        Ok(())
    }

    /// What the server should know of what has arrived since the last time; none if that is nothing.
    pub fn feedback(&mut self) -> Option<Feedback> {
        let feedback = self.arrivals.report(self.space)?;
        Some(Feedback { lacks: std::mem::take(&mut self.lacks), ..feedback })
    }

    /// The newest that is known of a body, and since when it was so.
    pub fn newest(&self, participant: ParticipantId) -> Option<(ServerTime, BodyPose)> {
        self.bodies.get(&participant)?.samples.back().map(|sample| (sample.at, sample.pose))
    }

    /// The ring in which a body's last record came; none before the first.
    pub fn ring_of(&self, participant: ParticipantId) -> Option<Ring> {
        match self.bodies.get(&participant)?.known {
            Known::Moving(stream) => Some(stream.ring()),
            _ => None,
        }
    }

    /// Every body at this moment of server time, each shown a little in the past.
    pub fn displayed(&mut self, at: ServerTime) -> impl Iterator<Item = (ParticipantId, BodyPose)> {
        self.bodies
            .iter_mut()
            .filter_map(move |(participant, body)| Some((*participant, body.displayed(at)?)))
    }

    /// How far in the past a body was last shown, µs.
    pub fn display_delay_micros(&self, participant: ParticipantId) -> Option<u64> {
        self.bodies.get(&participant).map(|body| body.delay.last_micros())
    }
}

impl MirroredBody {
    fn new() -> Self {
        Self {
            // Full from the start: nothing is allocated while others move.
            samples: VecDeque::with_capacity(MAX_SAMPLES + 1),
            delay: DisplayDelay::new(),
            heard_at: ServerTime(0),
            known: Known::Nothing,
            early: ArrayVec::new(),
            asked_at: ServerTime(0),
        }
    }

    fn may_ask(&self, at: ServerTime) -> bool {
        self.asked_at == ServerTime(0) || at.micros_since(self.asked_at) >= ASK_AGAIN_MICROS
    }

    fn read(&mut self, record: &SeenRecord, beat: Beat, datagram: &[u8], origin: Vec3) -> Reading {
        let ring = record.section.ring;
        let beat = if record.section.is_again { beat.previous() } else { beat };
        let before = match &self.known {
            Known::Nothing => None,
            Known::Moving(stream) => Some(stream.beat()),
            Known::Exactly { beat, .. } => Some(*beat),
        };
        if before.is_some_and(|before| !beat.is_after(before)) {
            return Reading::Old;
        }
        let SeenRecord { start, end, .. } = *record;
        match (record.kind, &mut self.known) {
            (RecordKind::Update, Known::Moving(stream)) if stream.is_followed_by(ring, beat) => {
                stream.decode(beat, datagram, start, end);
                Reading::News(Sample { at: stream.sampled_at(), pose: stream.pose(origin) })
            }
            (RecordKind::Anchor, _) => {
                let stream = Stream::from_anchor(ring, beat, datagram, start, end);
                self.known = Known::Moving(stream);
                Reading::News(Sample { at: stream.sampled_at(), pose: stream.pose(origin) })
            }
            (RecordKind::Exact, _) => match read_exact(datagram, start, end, origin) {
                Some((age, pose)) => {
                    self.known = Known::Exactly { beat, age, pose };
                    Reading::News(Sample { at: sampled_at(beat.tick, age), pose })
                }
                None => Reading::Lacking,
            },
            (RecordKind::Still, Known::Exactly { beat: known, age, pose }) => {
                *known = beat;
                Reading::Still(Sample { at: sampled_at(beat.tick, *age), pose: *pose })
            }
            (RecordKind::Update, _) => self.keep(ring, beat, datagram, start, end),
            (RecordKind::Still, _) => Reading::Lacking,
        }
    }

    /// Keeps an update for the one that it builds on; says so if that one is lost.
    fn keep(&mut self, ring: Ring, beat: Beat, datagram: &[u8], start: u32, end: u32) -> Reading {
        if self.early.iter().all(|early| early.beat.tick != beat.tick) {
            if self.early.is_full() {
                self.early.remove(0);
            }
            let bytes = cut_out(datagram, start, end);
            self.early.extend(bytes.map(|bytes| Early { ring, beat, bits: end - start, bytes }));
        }
        let gap = match &self.known {
            Known::Moving(stream) if stream.ring() == ring => stream.beat().beats_until(beat),
            _ => None,
        };
        let is_lost = gap.is_none_or(|gap| gap >= LOST_BEATS.max(ring.detail().period_beats + 1));
        if is_lost { Reading::Lacking } else { Reading::Early }
    }

    /// Reads the updates that waited for what has come now.
    fn catch_up(&mut self, origin: Vec3, received_at: ServerTime) {
        while let Known::Moving(stream) = &mut self.known {
            let at = |early: &Early| stream.is_followed_by(early.ring, early.beat);
            let Some(at) = self.early.iter().position(at) else { break };
            let early = self.early.remove(at);
            stream.decode(early.beat, &early.bytes, 0, early.bits);
            let sample = Sample { at: stream.sampled_at(), pose: stream.pose(origin) };
            self.take(sample, received_at);
        }
        let now = match &self.known {
            Known::Nothing => return,
            Known::Moving(stream) => stream.beat(),
            Known::Exactly { beat, .. } => *beat,
        };
        self.early.retain(|early| early.beat.is_after(now));
    }

    fn take(&mut self, sample: Sample, received_at: ServerTime) {
        if self.keep_sample(sample, received_at) {
            self.delay.arrived(sample.at, received_at);
        }
    }

    /// Keeps a sample; whether it is believed.
    fn keep_sample(&mut self, sample: Sample, received_at: ServerTime) -> bool {
        if sample.at > received_at + MAX_AHEAD_MICROS {
            return false;
        }
        if received_at.micros_since(self.heard_at) > SILENCE_MICROS {
            // Nothing connects a body that was hidden with where it is now.
            self.samples.clear();
            self.delay = DisplayDelay::new();
        }
        self.heard_at = self.heard_at.max(received_at);
        let place = self.place_after(|known| known.at < sample.at);
        match self.samples.get_mut(place) {
            // The age that saturates gives an older sample's time to a newer one: the later word counts.
            Some(known) if known.at == sample.at => *known = sample,
            _ => self.samples.insert(place, sample),
        }
        if self.samples.len() > MAX_SAMPLES {
            self.samples.pop_front();
        }
        true
    }

    /// How many of the samples come before: what is asked for is near the newest, where a search from there ends at once.
    fn place_after(&self, comes_before: impl Fn(&Sample) -> bool) -> usize {
        self.samples.len() - self.samples.iter().rev().take_while(|sample| !comes_before(sample)).count()
    }

    fn displayed(&mut self, at: ServerTime) -> Option<BodyPose> {
        if self.samples.is_empty() || at.micros_since(self.heard_at) > SILENCE_MICROS {
            return None;
        }
        let shown_at = at - self.delay.at(at);
        let next = self.place_after(|sample| sample.at <= shown_at);
        let sample = |at: usize| self.samples.get(at);
        let before = |at: usize| at.checked_sub(1).and_then(sample);
        match (before(next), sample(next)) {
            (None, Some(first)) => Some(first.pose),
            (Some(from), Some(to)) => {
                let earlier = next.checked_sub(2).and_then(sample);
                let pause = if earlier.is_none_or(|earlier| earlier.pose == from.pose) {
                    Pause::before(from, to, sample(next + 1), self.delay.gap_micros())
                } else {
                    Pause::None
                };
                Some(between(from, to, shown_at, pause))
            }
            (Some(last), None) => {
                let earlier = next.checked_sub(2).and_then(sample);
                Some(earlier.map_or(last.pose, |earlier| beyond(earlier, last, shown_at)))
            }
            (None, None) => None,
        }
    }
}

/// Bits of a datagram as bytes of their own; none if they are more than there is room for.
fn cut_out<const MAX: usize>(datagram: &[u8], start: u32, end: u32) -> Option<ArrayVec<u8, MAX>> {
    let mut bytes = ArrayVec::new();
    for at in (start..end).step_by(8) {
        let (byte, shift) = (at as usize / 8, at % 8);
        let high = datagram.get(byte)? << shift;
        let low = u16::from(datagram.get(byte + 1).copied().unwrap_or(0)) << shift >> 8;
        bytes.try_push(high | low as u8).ok()?;
    }
    Some(bytes)
}

/// A body exactly: the age of its sample, and the fine pose; none if the bits are no pose.
fn read_exact(datagram: &[u8], start: u32, end: u32, origin: Vec3) -> Option<(i32, BodyPose)> {
    let bytes = cut_out::<{ 1 + pose_codec::MAX_POSE_BYTES }>(datagram, start, end)?;
    let (age, pose) = bytes.split_first()?;
    let (pose, _) = pose_codec::decode(pose, origin)?;
    Some((i32::from(*age), pose))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose_codec::{quantised, tests::body};
    use crate::{Body, SpaceReplicator, Viewer, Who};
    use bytes::Bytes;
    use hecs::World;
    use proptest::prelude::*;
    use venue_model::Tick;

    const SPACE: SpaceId = SpaceId(4);
    const EPOCH: SpaceEpoch = SpaceEpoch(2);

    fn ticks(world: &World, viewer: &Viewer, count: u32) -> Vec<(Tick, Vec<Bytes>)> {
        let mut replicator = SpaceReplicator::new(SPACE, EPOCH, Vec3::ZERO);
        let encode = |tick| {
            let mut datagrams = Vec::new();
            replicator.encode(Tick(tick), world);
            replicator.datagrams_for(viewer, &mut datagrams);
            (Tick(tick), datagrams)
        };
        (100..100 + count).map(encode).collect()
    }

    fn standing(x: f32, at: Tick) -> Body {
        Body { pose: BodyPose::standing(Vec3::X * x, 0.0), sampled_at: at.time() }
    }

    fn one_body_world(x: f32) -> World {
        let mut world = World::new();
        world.spawn((Who(ParticipantId(1)), standing(x, Tick(99))));
        world
    }

    fn viewer() -> Viewer {
        Viewer { participant: ParticipantId(0), ..Viewer::default() }
    }

    #[test]
    fn only_people_who_are_present_are_shown() {
        let mut mirror = Mirror::new(SPACE, EPOCH, Vec3::ZERO);
        let [(tick, datagrams)] = &ticks(&one_body_world(1.0), &viewer(), 1)[..] else { panic!("one tick") };
        let now = tick.time();
        mirror.handle_snapshot(&datagrams[0], now).unwrap();
        assert_eq!(mirror.displayed(now).count(), 0);
        mirror.admit(ParticipantId(1));
        mirror.handle_snapshot(&datagrams[0], now).unwrap();
        assert_eq!(mirror.displayed(now).count(), 1);
        mirror.remove(ParticipantId(1));
        mirror.handle_snapshot(&datagrams[0], now).unwrap();
        assert_eq!(mirror.displayed(now).count(), 0, "a late datagram brings nobody back");
    }

    #[test]
    fn a_silent_body_is_hidden_and_comes_back() {
        let mut mirror = Mirror::new(SPACE, EPOCH, Vec3::ZERO);
        mirror.admit(ParticipantId(1));
        let [(tick, datagrams)] = &ticks(&one_body_world(1.0), &viewer(), 1)[..] else { panic!("one tick") };
        mirror.handle_snapshot(&datagrams[0], tick.time()).unwrap();
        let later = tick.time() + SILENCE_MICROS + 1;
        assert_eq!(mirror.displayed(later).count(), 0);
        mirror.handle_snapshot(&datagrams[0], later).unwrap();
        assert_eq!(mirror.displayed(later).count(), 1);
    }

    #[test]
    fn another_space_or_owner_is_ignored() {
        let [(tick, datagrams)] = &ticks(&one_body_world(1.0), &viewer(), 1)[..] else { panic!("one tick") };
        for (space, epoch) in [(SpaceId(5), EPOCH), (SPACE, SpaceEpoch(3))] {
            let mut mirror = Mirror::new(space, epoch, Vec3::ZERO);
            mirror.admit(ParticipantId(1));
            mirror.handle_snapshot(&datagrams[0], tick.time()).unwrap();
            assert_eq!(mirror.displayed(tick.time()).count(), 0);
        }
    }

    #[test]
    fn samples_are_bounded_and_their_memory_never_grows() {
        let mut mirror = Mirror::new(SPACE, EPOCH, Vec3::ZERO);
        mirror.admit(ParticipantId(1));
        let room = mirror.bodies[&ParticipantId(1)].samples.capacity();
        for tick in 0..500 {
            let mut replicator = SpaceReplicator::new(SPACE, EPOCH, Vec3::ZERO);
            let mut world = World::new();
            world.spawn((Who(ParticipantId(1)), standing(tick as f32 * 0.01, Tick(tick))));
            replicator.encode(Tick(tick), &world);
            let mut datagrams = Vec::new();
            replicator.datagrams_for(&viewer(), &mut datagrams);
            mirror.handle_snapshot(&datagrams[0], Tick(tick).time()).unwrap();
        }
        assert_eq!(mirror.bodies[&ParticipantId(1)].samples.len(), MAX_SAMPLES);
        assert_eq!(mirror.bodies[&ParticipantId(1)].samples.capacity(), room);
    }

    proptest! {
        #[test]
        fn the_mirror_of_a_snapshot_is_what_is_visible(
            poses in prop::collection::btree_map(1u32..10_000, body(), 0..90), viewer_at in 1u32..10_000,
        ) {
            let mut world = World::new();
            let mut mirror = Mirror::new(SPACE, EPOCH, Vec3::ZERO);
            for (number, pose) in &poses {
                let sampled_at = Tick(99).time();
                world.spawn((Who(ParticipantId(*number)), Body { pose: *pose, sampled_at }));
                mirror.admit(ParticipantId(*number));
            }
            let viewer = Viewer { participant: ParticipantId(viewer_at), ..Viewer::default() };
            let mut now = ServerTime(0);
            for (tick, datagrams) in ticks(&world, &viewer, 90) {
                now = tick.time();
                for datagram in datagrams {
                    mirror.handle_snapshot(&datagram, now).unwrap();
                }
            }
            let shown: BTreeMap<_, _> = mirror.displayed(now + 1_000_000).collect();
            let visible: BTreeMap<_, _> = poses
                .iter()
                .filter(|(number, _)| **number != viewer_at)
                .map(|(number, pose)| (ParticipantId(*number), quantised(pose, Vec3::ZERO)))
                .collect();
            prop_assert_eq!(shown, visible);
        }

        #[test]
        fn arbitrary_datagrams_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut mirror = Mirror::new(SpaceId(0), SpaceEpoch(0), Vec3::ZERO);
            mirror.admit(ParticipantId(0));
            let is_read = mirror.handle_snapshot(&bytes, ServerTime(0)).is_ok();
            prop_assert!(!is_read || bytes.len() >= crate::snapshot::HEADER_BYTES);
            prop_assert!(mirror.displayed(ServerTime(1)).count() <= 1);
        }
    }
}
