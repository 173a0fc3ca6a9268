//! Client: the bodies of the space where the delegate is, as the last snapshots say, smooth in time.
//!
//! Who exists is decided by the reliable presence messages alone ([`Mirror::admit`],
//! [`Mirror::remove`]); datagrams only move those, in whatever order and number they come.

use crate::interpolate::{Pause, Sample, between, beyond};
use crate::jitter::DisplayDelay;
use crate::snapshot::{BodyRecord, decode_header, decode_records_into};
use glam::Vec3;
use std::collections::{BTreeMap, VecDeque};
use venue_model::{BodyPose, ParticipantId, ServerTime, SpaceEpoch, SpaceId};
use venue_protocol::codec::DecodeError;

/// Samples that are kept for each body: a second and more of the nearest ring.
const MAX_SAMPLES: usize = 40;

/// People in one space; further ones are not shown.
pub const MAX_BODIES: usize = 8_192;

/// A body that nothing was heard of for this long is hidden, µs.
pub const SILENCE_MICROS: u64 = 3_000_000;

/// A sample further ahead of the clock than this is not believed, µs.
const MAX_AHEAD_MICROS: u64 = 1_000_000;

/// The bodies of one space.
#[derive(Debug)]
pub struct Mirror {
    space: SpaceId,
    epoch: SpaceEpoch,
    origin: Vec3,
    bodies: BTreeMap<ParticipantId, MirroredBody>,
    /// The records of the datagram at hand; kept, so that a snapshot allocates nothing.
    records: Vec<BodyRecord>,
}

#[derive(Debug)]
struct MirroredBody {
    samples: VecDeque<Sample>,
    delay: DisplayDelay,
    heard_at: ServerTime,
}

impl Mirror {
    /// An empty mirror of a space; `origin` by [`crate::space_replicator::origin_of`].
    pub fn new(space: SpaceId, epoch: SpaceEpoch, origin: Vec3) -> Self {
        Self { space, epoch, origin, bodies: BTreeMap::new(), records: Vec::new() }
    }

    /// Forgets everybody and mirrors another space from now on.
    pub fn enter_space(&mut self, space: SpaceId, epoch: SpaceEpoch, origin: Vec3) {
        *self = Self::new(space, epoch, origin);
    }

    /// The presence messages say that this person is in the space.
    pub fn admit(&mut self, participant: ParticipantId) {
        if self.bodies.len() < MAX_BODIES {
            self.bodies.entry(participant).or_insert_with(|| MirroredBody {
                // Full from the start: nothing is allocated while others move.
                samples: VecDeque::with_capacity(MAX_SAMPLES + 1),
                delay: DisplayDelay::new(),
                heard_at: ServerTime(0),
            });
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
        decode_records_into(datagram, self.origin, &mut self.records)?;
        for record in &self.records {
            if let Some(body) = self.bodies.get_mut(&record.participant) {
                body.take(record, received_at);
            }
        }
        Ok(())
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
    fn take(&mut self, record: &BodyRecord, received_at: ServerTime) {
        let sample = Sample { at: record.sampled_at, pose: record.pose };
        if sample.at > received_at + MAX_AHEAD_MICROS {
            return;
        }
        if received_at.micros_since(self.heard_at) > SILENCE_MICROS {
            // Nothing connects a body that was hidden with where it is now.
            self.samples.clear();
            self.delay = DisplayDelay::new();
        }
        self.heard_at = self.heard_at.max(received_at);
        self.delay.arrived(sample.at, received_at);
        let place = self.place_after(|known| known.at < sample.at);
        match self.samples.get_mut(place) {
            // The age that saturates gives an older sample's time to a newer one: the later word counts.
            Some(known) if known.at == sample.at => *known = sample,
            _ => self.samples.insert(place, sample),
        }
        if self.samples.len() > MAX_SAMPLES {
            self.samples.pop_front();
        }
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
            for (tick, datagrams) in ticks(&world, &viewer, 10) {
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
