//! Server: one space's bodies become datagrams. Each body is encoded once a tick; only the choice of
//! bodies differs between viewers.

use crate::components::{Body, Who};
use crate::rings::{LINGER_TICKS, RESTING_PERIOD_TICKS, for_each_ring};
use crate::snapshot::{BodyRecord, Packer, SnapshotHeader, encode_record};
use bytes::Bytes;
use glam::Vec3;
use hecs::World;
use std::collections::BTreeMap;
use std::ops::Range;
use venue_model::{Bounds, ParticipantId, SpaceEpoch, SpaceId, Tick};

/// The point that a space's positions are relative to: its middle in whole metres, so that singles
/// hold every step exactly. Both ends take it from the venue's manifest.
pub fn origin_of(bounds: &Bounds) -> Vec3 {
    bounds.center().round()
}

/// Who looks, and from where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Viewer {
    /// Who; one's own body is not sent.
    pub participant: ParticipantId,
    /// From where, metres in the building frame.
    pub position: Vec3,
    /// Whom the viewer does not see.
    pub hidden: Vec<ParticipantId>,
}

/// One body of this tick.
#[derive(Clone, Debug)]
struct Encoded {
    participant: ParticipantId,
    position: Vec3,
    /// Ticks since the body last moved by a step of the codec; none while it lingers or moves.
    is_resting: bool,
    bytes: Range<usize>,
}

/// What is remembered of a body between ticks.
#[derive(Clone, Debug)]
struct Track {
    pose_bytes: Vec<u8>,
    changed_at: Tick,
    seen_at: Tick,
}

/// Encodes one space for all of its viewers.
#[derive(Debug)]
pub struct SpaceReplicator {
    space: SpaceId,
    epoch: SpaceEpoch,
    origin: Vec3,
    tick: Tick,
    bytes: Vec<u8>,
    encoded: Vec<Encoded>,
    tracks: BTreeMap<ParticipantId, Track>,
    ranked: Vec<usize>,
}

impl SpaceReplicator {
    /// A replicator of one space; `origin` by [`origin_of`].
    pub fn new(space: SpaceId, epoch: SpaceEpoch, origin: Vec3) -> Self {
        Self {
            space,
            epoch,
            origin,
            tick: Tick(0),
            bytes: Vec::new(),
            encoded: Vec::new(),
            tracks: BTreeMap::new(),
            ranked: Vec::new(),
        }
    }

    /// The point that positions are relative to.
    pub fn origin(&self) -> Vec3 {
        self.origin
    }

    /// Encodes every body of the world, once for all viewers of this tick.
    pub fn encode(&mut self, tick: Tick, world: &World) {
        self.tick = tick;
        self.bytes.clear();
        self.encoded.clear();
        for (who, body) in world.query::<(&Who, &Body)>().iter() {
            let start = self.bytes.len();
            let record = BodyRecord { participant: who.0, sampled_at: body.sampled_at, pose: body.pose };
            encode_record(&record, tick, self.origin, &mut self.bytes);
            let bytes = start..self.bytes.len();
            let is_resting = self.track(who.0, tick, bytes.clone());
            self.encoded.push(Encoded { participant: who.0, position: body.pose.root, is_resting, bytes });
        }
        self.tracks.retain(|_, track| track.seen_at == tick);
        // The world's order depends on its history; the wire's does not.
        self.encoded.sort_unstable_by_key(|encoded| encoded.participant);
    }

    fn track(&mut self, participant: ParticipantId, tick: Tick, record: Range<usize>) -> bool {
        // The record begins with the participant and the age; only the pose says whether it moved.
        let head = record.start + varint_bytes(participant.0) + 1;
        let pose_bytes = &self.bytes[head..record.end];
        match self.tracks.get_mut(&participant) {
            Some(track) if track.pose_bytes == pose_bytes => {
                track.seen_at = tick;
                tick.0.wrapping_sub(track.changed_at.0) > LINGER_TICKS
            }
            _ => {
                let track = Track { pose_bytes: pose_bytes.to_vec(), changed_at: tick, seen_at: tick };
                self.tracks.insert(participant, track);
                false
            }
        }
    }

    /// Appends this tick's datagrams for one viewer: nearer bodies more often, resting ones at 3 Hz.
    pub fn datagrams_for(&mut self, viewer: &Viewer, datagrams: &mut Vec<Bytes>) {
        let Self { encoded, ranked, bytes, tick, .. } = self;
        ranked.clear();
        let is_shown = |who: ParticipantId| who != viewer.participant && !viewer.hidden.contains(&who);
        ranked.extend((0..encoded.len()).filter(|at| is_shown(encoded[*at].participant)));
        let mut packer = Packer::new(&SnapshotHeader { space: self.space, epoch: self.epoch, tick: *tick });
        let distance = |at: &usize| encoded[*at].position.distance_squared(viewer.position);
        for_each_ring(ranked, distance, |at, ring_period| {
            let body = &encoded[*at];
            let period = if body.is_resting { RESTING_PERIOD_TICKS } else { ring_period };
            // The participant's number spreads the bodies of a ring over its period.
            if tick.0.wrapping_add(body.participant.0) % period == 0 {
                packer.add(&bytes[body.bytes.clone()], datagrams);
            }
        });
        packer.flush(datagrams);
    }
}

fn varint_bytes(value: u32) -> usize {
    match value {
        0..0x40 => 1,
        0x40..0x4000 => 2,
        0x4000..0x4000_0000 => 4,
        _ => 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::decode_records;
    use venue_model::{BodyPose, ServerTime};

    fn body(x: f32) -> Body {
        Body { pose: BodyPose::standing(Vec3::new(x, 0.0, 0.0), 0.0), sampled_at: ServerTime(0) }
    }

    fn viewer(number: u32) -> Viewer {
        Viewer { participant: ParticipantId(number), ..Viewer::default() }
    }

    fn seen(replicator: &mut SpaceReplicator, viewer: &Viewer) -> Vec<u32> {
        let mut datagrams = Vec::new();
        replicator.datagrams_for(viewer, &mut datagrams);
        let records = |datagram: &Bytes| decode_records(datagram, Vec3::ZERO).unwrap();
        datagrams.iter().flat_map(records).map(|record| record.participant.0).collect()
    }

    #[test]
    fn ones_own_body_is_not_sent() {
        let mut world = World::new();
        for i in 0..3 {
            world.spawn((Who(ParticipantId(i)), body(i as f32)));
        }
        let mut replicator = SpaceReplicator::new(SpaceId(1), SpaceEpoch(1), Vec3::ZERO);
        replicator.encode(Tick(1), &world);
        assert_eq!(seen(&mut replicator, &viewer(1)), [0, 2]);
        assert_eq!(seen(&mut replicator, &viewer(9)), [0, 1, 2]);
        let apart = Viewer { hidden: vec![ParticipantId(2)], ..viewer(9) };
        assert_eq!(seen(&mut replicator, &apart), [0, 1], "who is blocked is not sent at all");
    }

    #[test]
    fn a_resting_body_is_repeated_three_times_a_second_and_a_moving_one_every_tick() {
        let mut world = World::new();
        world.spawn((Who(ParticipantId(1)), body(1.0)));
        let walker = world.spawn((Who(ParticipantId(2)), body(2.0)));
        let mut replicator = SpaceReplicator::new(SpaceId(1), SpaceEpoch(1), Vec3::ZERO);
        let mut counts = [0; 3];
        for tick in 0..130 {
            world.get::<&mut Body>(walker).unwrap().pose.root.x += 0.05;
            replicator.encode(Tick(tick), &world);
            let numbers = seen(&mut replicator, &viewer(9));
            if tick >= 100 {
                numbers.iter().for_each(|number| counts[*number as usize] += 1);
            }
        }
        assert_eq!(counts, [0, 3, 30]);
    }

    #[test]
    fn all_datagrams_together_hold_a_crowd_and_each_fits() {
        let mut world = World::new();
        for i in 0..1000 {
            world.spawn((Who(ParticipantId(i)), body(i as f32 * 0.1)));
        }
        let mut replicator = SpaceReplicator::new(SpaceId(1), SpaceEpoch(1), Vec3::ZERO);
        let mut numbers = Vec::new();
        for tick in 0..10 {
            replicator.encode(Tick(tick), &world);
            let mut datagrams = Vec::new();
            replicator.datagrams_for(&viewer(0), &mut datagrams);
            assert!(datagrams.iter().all(|datagram| datagram.len() <= venue_protocol::MAX_DATAGRAM_BYTES));
            numbers.extend(seen(&mut replicator, &viewer(0)));
        }
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers, (1..1000).collect::<Vec<_>>());
    }

    #[test]
    fn the_origin_is_whole_metres() {
        let bounds = Bounds { min: Vec3::new(-1.0, 0.0, 2.3), max: Vec3::new(4.1, 5.0, 9.0) };
        assert_eq!(origin_of(&bounds), Vec3::new(2.0, 3.0, 6.0));
    }
}
