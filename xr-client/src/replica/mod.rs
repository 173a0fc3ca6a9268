//! The others' bodies in the space where the person is, as they are shown now: what presence admits and what
//! snapshots move.
//!
//! It must not know sessions or the scene.

use glam::Vec3;
use venue_model::{BodyPose, ParticipantId, ServerTime, Space, SpaceEpoch};
use venue_protocol::DecodeError;
use venue_replication::space_replicator::origin_of;
use venue_replication::{Feedback, Mirror};

/// The others' bodies.
#[derive(Debug, Default)]
pub struct Replica {
    mirror: Option<Mirror>,
    origin: Option<Vec3>,
    bodies: Vec<(ParticipantId, BodyPose)>,
    shown_at: Option<ServerTime>,
}

impl Replica {
    /// Follows this space from now on; the people in it are admitted anew.
    pub fn enter(&mut self, space: &Space, epoch: SpaceEpoch, people: impl Iterator<Item = ParticipantId>) {
        let origin = origin_of(&space.bounds);
        let mut mirror = Mirror::new(space.id, epoch, origin);
        people.for_each(|id| mirror.admit(id));
        self.mirror = Some(mirror);
        self.origin = Some(origin);
        self.bodies.clear();
    }

    /// Follows nothing.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The point that positions on the wire are relative to; none while the space is unknown.
    pub fn origin(&self) -> Option<Vec3> {
        self.origin
    }

    /// A person came into the space.
    pub fn admit(&mut self, id: ParticipantId) {
        if let Some(mirror) = &mut self.mirror {
            mirror.admit(id);
        }
    }

    /// A person left the space.
    pub fn forget(&mut self, id: ParticipantId) {
        if let Some(mirror) = &mut self.mirror {
            mirror.remove(id);
        }
        self.bodies.retain(|(shown, _)| *shown != id);
    }

    /// Takes a snapshot that came at this time.
    pub fn handle_snapshot(&mut self, datagram: &[u8], received_at: ServerTime) -> Result<(), DecodeError> {
        match &mut self.mirror {
            Some(mirror) => mirror.handle_snapshot(datagram, received_at),
            None => Ok(()),
        }
    }

    /// What the server should know of the snapshots that came since the last time.
    pub fn feedback(&mut self) -> Option<Feedback> {
        self.mirror.as_mut()?.feedback()
    }

    /// Works out where everybody is shown at this time.
    pub fn update(&mut self, at: ServerTime) {
        self.shown_at = Some(at);
        if let Some(mirror) = &mut self.mirror {
            self.bodies.clear();
            self.bodies.extend(mirror.displayed(at));
        }
    }

    /// Where everybody is shown.
    pub fn bodies(&self) -> &[(ParticipantId, BodyPose)] {
        &self.bodies
    }

    /// The moment that somebody's body is shown of, which lies before the last update's time.
    pub fn shown_moment(&self, id: ParticipantId) -> Option<ServerTime> {
        Some(self.shown_at? - self.mirror.as_ref()?.display_delay_micros(id)?)
    }
}
