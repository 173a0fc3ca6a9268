//! What one of the crowd sees of the others, as the product's client shows it.
//!
//! Few watch: a whole crowd of clients that decode everything needs more processors than the server.

use crate::tally::{Band, Tally};
use glam::Vec3;
use std::collections::{BTreeMap, BTreeSet};
use venue_model::{BodyPose, ParticipantId, ServerTime, SpaceEpoch, SpaceId};
use venue_protocol::{DecodeError, Presence, ServerUpdate};
use venue_replication::snapshot::{decode_header, participants};
use venue_replication::{Feedback, Mirror};

/// One watcher's view.
#[derive(Debug)]
pub struct Watch {
    mirror: Mirror,
    space: SpaceId,
    epoch: SpaceEpoch,
    origin: Vec3,
    people: BTreeMap<ParticipantId, SpaceId>,
    /// The near, as of the last look.
    near: BTreeSet<ParticipantId>,
    shown: Vec<(ParticipantId, BodyPose)>,
}

/// Where somebody truly is: now, and so many microseconds ago.
pub trait Truth {
    /// The body at that moment; none of somebody who is not of the crowd.
    fn body(&self, who: ParticipantId, micros_ago: u64) -> Option<BodyPose>;
}

impl Watch {
    /// In this space, where these people are in the event.
    pub fn new(space: SpaceId, epoch: SpaceEpoch, origin: Vec3, people: &[Presence]) -> Self {
        let mut watch = Self {
            mirror: Mirror::new(space, epoch, origin),
            space,
            epoch,
            origin,
            people: BTreeMap::new(),
            near: BTreeSet::new(),
            shown: Vec::new(),
        };
        people.iter().for_each(|presence| watch.note(presence));
        watch
    }

    /// The watcher is in another space now.
    pub fn enter(&mut self, space: SpaceId, epoch: SpaceEpoch, origin: Vec3) {
        (self.space, self.epoch, self.origin) = (space, epoch, origin);
        self.mirror.enter_space(space, epoch, origin);
        let here = self.people.iter().filter(|(_, of)| **of == space);
        here.for_each(|(who, _)| self.mirror.admit(*who));
    }

    /// Takes what concerns presence.
    pub fn update(&mut self, update: &ServerUpdate) {
        match update {
            ServerUpdate::PresenceJoined(joined) => self.note(&joined.presence),
            ServerUpdate::PresenceChanged(changed) => self.note(&changed.presence),
            ServerUpdate::PresenceLeft(left) => {
                self.people.remove(&left.participant);
                self.mirror.remove(left.participant);
            }
            _ => {}
        }
    }

    fn note(&mut self, presence: &Presence) {
        let who = presence.participant.id;
        self.people.insert(who, presence.space);
        if presence.space == self.space {
            self.mirror.admit(who);
        } else {
            self.mirror.remove(who);
        }
    }

    /// Takes a snapshot; counts how old its poses are if a tally is given.
    pub fn snapshot(
        &mut self,
        datagram: &[u8],
        received_at: ServerTime,
        tally: Option<&mut Tally>,
    ) -> Result<(), DecodeError> {
        self.mirror.handle_snapshot(datagram, received_at)?;
        if let Some(tally) = tally {
            self.count_ages(datagram, received_at, tally)?;
        }
        Ok(())
    }

    /// What the server should know of what came.
    pub fn feedback(&mut self) -> Option<Feedback> {
        self.mirror.feedback()
    }

    /// How old the newest is that is known of whom a snapshot tells.
    fn count_ages(
        &self,
        datagram: &[u8],
        received_at: ServerTime,
        tally: &mut Tally,
    ) -> Result<(), DecodeError> {
        let header = decode_header(datagram)?;
        if (header.space, header.epoch) != (self.space, self.epoch) {
            return Ok(());
        }
        for participant in participants(datagram)? {
            let Some((sampled_at, _)) = self.mirror.newest(participant) else { continue };
            let age = received_at.micros_since(sampled_at) as f32 * 1e-3;
            tally.age.add(age);
            if self.near.contains(&participant) {
                tally.near_age.add(age);
            }
        }
        Ok(())
    }

    /// Who was shown at the last look, and where.
    pub fn shown(&self) -> &[(ParticipantId, BodyPose)] {
        &self.shown
    }

    /// Compares what is shown now with the truth.
    pub fn look(&mut self, now: ServerTime, own_root: Vec3, truth: &impl Truth, tally: Option<&mut Tally>) {
        self.shown.clear();
        self.shown.extend(self.mirror.displayed(now));
        let there = self.people.values().filter(|space| **space == self.space).count();
        let mut ranked: Vec<(f32, usize, BodyPose)> = Vec::with_capacity(self.shown.len());
        for (number, (who, _)) in self.shown.iter().enumerate() {
            if let Some(body) = truth.body(*who, 0) {
                ranked.push((body.root.distance(own_root), number, body));
            }
        }
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.near.clear();
        let of_rank = |rank: &usize| Band::of_rank(*rank) == Band::Near;
        self.near.extend(
            ranked.iter().enumerate().filter(|(rank, _)| of_rank(rank)).map(|(_, at)| self.shown[at.1].0),
        );
        let Some(tally) = tally else { return };
        if there > 0 {
            tally.visible.add(self.shown.len() as f32 / there as f32);
        }
        for (rank, (_, number, body_now)) in ranked.iter().enumerate() {
            let (who, shown) = &self.shown[*number];
            let delay = self.mirror.display_delay_micros(*who).unwrap_or(0);
            let Some(body_then) = truth.body(*who, delay) else { continue };
            compare(Band::of_rank(rank), delay, shown, [body_now, &body_then], tally);
        }
    }
}

fn compare(band: Band, delay: u64, shown: &BodyPose, [now, then]: [&BodyPose; 2], tally: &mut Tally) {
    let head = |body: &BodyPose| body.head_in_building().position;
    let apart = |a: Vec3, b: Vec3| a.distance(b) * 1e3;
    tally.error[band as usize].add(apart(head(shown), head(then)));
    tally.lag[band as usize].add(apart(head(shown), head(now)));
    if band != Band::Near {
        return;
    }
    tally.near_delay.add(delay as f32 * 1e-3);
    for (seen, true_hand) in shown.hands.iter().zip(&then.hands) {
        if let (Some(seen), Some(true_hand)) = (seen, true_hand) {
            let hand = |body: &BodyPose, hand: Vec3| {
                let root = body.building_from_root();
                root.position + root.orientation * hand
            };
            tally.near_hand_error.add(apart(hand(shown, seen.position), hand(then, true_hand.position)));
        }
    }
}
