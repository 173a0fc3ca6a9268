//! The others' bodies in the space where the person is, as they are shown now: what presence admits and what
//! snapshots move.
//!
//! It must not know sessions or the scene.

use glam::Vec3;
use std::collections::BTreeMap;
use venue_model::{BodyPose, ParticipantId, ServerTime, Space, SpaceEpoch, SpaceId};
use venue_protocol::DecodeError;
use venue_replication::snapshot::decode_header;
use venue_replication::space_replicator::origin_of;
use venue_replication::{Feedback, Mirror};

/// The others' bodies.
#[derive(Debug, Default)]
pub struct Replica {
    mirror: Option<Mirror>,
    space: Option<SpaceId>,
    /// Spaces that are seen through doors.
    around: BTreeMap<SpaceId, Mirror>,
    origin: Option<Vec3>,
    /// Those in the space, then those around.
    bodies: Vec<(ParticipantId, BodyPose)>,
    here: usize,
    shown_at: Option<ServerTime>,
}

impl Replica {
    /// Follows this space from now on; the people in it are admitted anew.
    pub fn enter(&mut self, space: &Space, epoch: SpaceEpoch, people: impl Iterator<Item = ParticipantId>) {
        let origin = origin_of(&space.bounds);
        // Whom one saw through the door goes on where they are.
        let known = self.around.remove(&space.id).filter(|mirror| mirror.epoch() == epoch);
        let mut mirror = known.unwrap_or_else(|| Mirror::new(space.id, epoch, origin));
        people.for_each(|id| mirror.admit(id));
        if let (Some(left), Some(before)) = (self.space.filter(|left| *left != space.id), self.mirror.take())
        {
            self.around.insert(left, before);
        }
        self.mirror = Some(mirror);
        (self.space, self.origin) = (Some(space.id), Some(origin));
        self.bodies.clear();
        self.here = 0;
    }

    /// Whether a space is seen through a door already, as this owner has it.
    pub fn sees(&self, space: SpaceId, epoch: SpaceEpoch) -> bool {
        self.around.get(&space).is_some_and(|mirror| mirror.epoch() == epoch)
    }

    /// Lets a space be seen through a door; its people are admitted.
    pub fn look_into(
        &mut self,
        space: &Space,
        epoch: SpaceEpoch,
        people: impl Iterator<Item = ParticipantId>,
    ) {
        let mut mirror = Mirror::new(space.id, epoch, origin_of(&space.bounds));
        people.for_each(|id| mirror.admit(id));
        self.around.insert(space.id, mirror);
    }

    /// Follows nothing.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The point that positions on the wire are relative to; none while the space is unknown.
    pub fn origin(&self) -> Option<Vec3> {
        self.origin
    }

    /// A person came into a space.
    pub fn admit(&mut self, space: SpaceId, id: ParticipantId) {
        if let Some(mirror) = self.mirror_of(space) {
            mirror.admit(id);
        }
    }

    /// A person left a space.
    pub fn forget(&mut self, space: SpaceId, id: ParticipantId) {
        if let Some(mirror) = self.mirror_of(space) {
            mirror.remove(id);
        }
        let left = self.bodies.iter().position(|(shown, _)| *shown == id);
        if let Some(at) = left {
            self.bodies.remove(at);
            self.here -= usize::from(at < self.here);
        }
    }

    fn mirror_of(&mut self, space: SpaceId) -> Option<&mut Mirror> {
        match self.space {
            Some(own) if own == space => self.mirror.as_mut(),
            _ => self.around.get_mut(&space),
        }
    }

    /// Takes a snapshot that came at this time.
    pub fn handle_snapshot(&mut self, datagram: &[u8], received_at: ServerTime) -> Result<(), DecodeError> {
        let header = decode_header(datagram)?;
        match self.mirror_of(header.space) {
            Some(mirror) => mirror.handle_snapshot(datagram, received_at),
            None => Ok(()),
        }
    }

    /// What the server should know of the snapshots that came since the last time: for each space that is seen.
    pub fn feedback(&mut self) -> impl Iterator<Item = Feedback> {
        self.mirror.iter_mut().chain(self.around.values_mut()).filter_map(Mirror::feedback)
    }

    /// Works out where everybody is shown at this time.
    pub fn update(&mut self, at: ServerTime) {
        self.shown_at = Some(at);
        self.bodies.clear();
        self.bodies.extend(self.mirror.iter_mut().flat_map(|mirror| mirror.displayed(at)));
        self.here = self.bodies.len();
        self.bodies.extend(self.around.values_mut().flat_map(|mirror| mirror.displayed(at)));
    }

    /// Where everybody in the space is shown.
    pub fn bodies(&self) -> &[(ParticipantId, BodyPose)] {
        &self.bodies[..self.here]
    }

    /// The same with those who are seen through doors.
    pub fn bodies_in_view(&self) -> &[(ParticipantId, BodyPose)] {
        &self.bodies
    }

    /// The moment that somebody's body is shown of, which lies before the last update's time.
    pub fn shown_moment(&self, id: ParticipantId) -> Option<ServerTime> {
        Some(self.shown_at? - self.mirror.as_ref()?.display_delay_micros(id)?)
    }
}
