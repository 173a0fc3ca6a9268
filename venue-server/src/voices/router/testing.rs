//! People and frames for the router's tests.

use super::super::{Attendee, Room};
use super::Router;
use crate::store::EventId;
use bytes::{Bytes, BytesMut};
use glam::Vec3;
use std::collections::BTreeMap;
use venue_model::{ParticipantId, ServerTime, SpaceId};
use venue_protocol::{DatagramKind, Earshot, VoiceFrame, VoiceStatus, VoiceWay, heard_frames};
use venue_transport::ConnectionId;

/// Somebody at `x` metres in a space, with an open microphone.
pub(crate) fn at(who: u32, space: u16, x: f32) -> Attendee {
    Attendee {
        who: ParticipantId(who),
        connection: ConnectionId(u64::from(who)),
        room: Room { event: EventId(1), space: SpaceId(space) },
        position: Vec3::new(x, 0.0, 0.0),
        earshot: Earshot::Room,
        zone: None,
        talk: None,
        is_open: true,
        doors: Vec::new(),
        hidden: Vec::new(),
    }
}

/// What somebody was sent: from whom, by which way, which number.
pub(crate) type Heard = (u32, VoiceWay, u16);

/// A router, its people and its time.
pub(crate) struct Bench {
    pub(crate) router: Router,
    pub(crate) people: BTreeMap<u32, Attendee>,
    pub(crate) now: u64,
    /// What each was sent, by listener.
    pub(crate) heard: BTreeMap<u32, Vec<Heard>>,
    pub(crate) status: BTreeMap<u32, VoiceStatus>,
    pub(crate) datagrams: usize,
}

impl Bench {
    pub(crate) fn new(people: impl IntoIterator<Item = Attendee>) -> Self {
        let people = people.into_iter().map(|one| (one.who.0, one)).collect();
        let mut bench = Self {
            router: Router::default(),
            people,
            now: 1_000_000,
            heard: BTreeMap::new(),
            status: BTreeMap::new(),
            datagrams: 0,
        };
        bench.tick();
        bench
    }

    /// The world tells how it is.
    pub(crate) fn tick(&mut self) {
        let all: Vec<_> = self.people.values().cloned().collect();
        self.router.update(all.into_iter(), false, ServerTime(self.now));
    }

    /// Somebody says a frame.
    pub(crate) fn say(&mut self, who: u32, way: VoiceWay, sequence: u16) {
        let level = if way == VoiceWay::Private { 127 } else { 30 };
        let frame = VoiceFrame { way, sequence, level, voice: Bytes::from_static(b"voice") };
        let datagram = frame.encode(&mut BytesMut::new());
        self.router.receive(ConnectionId(u64::from(who)), &datagram, ServerTime(self.now));
    }

    /// Time passes; what is due leaves.
    pub(crate) fn pass(&mut self, micros: u64) {
        self.now += micros;
        let mut out = Vec::new();
        self.router.flush(ServerTime(self.now), &mut out);
        for (to, datagram) in out {
            let to = to.0 as u32;
            assert!(datagram.len() <= venue_protocol::MAX_DATAGRAM_BYTES);
            if DatagramKind::of(&datagram) == Some(DatagramKind::VoiceStatus) {
                self.status.insert(to, VoiceStatus::decode(&datagram).unwrap());
                continue;
            }
            self.datagrams += 1;
            for frame in heard_frames(&datagram) {
                let frame = frame.unwrap();
                let heard = (frame.speaker.0, frame.way, frame.sequence);
                self.heard.entry(to).or_default().push(heard);
            }
        }
    }

    /// What somebody was sent since the last question.
    pub(crate) fn heard_by(&mut self, who: u32) -> Vec<Heard> {
        self.heard.remove(&who).unwrap_or_default()
    }
}
