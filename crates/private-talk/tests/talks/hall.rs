//! A server that relays and can not read, and the devices of a talk around it, in virtual time.

use ed25519_dalek::{Signer, SigningKey};
use private_talk::{Admission, Device, Event, Now, Outgoing, Talk, TalkConfig, TalkError};
use std::collections::{BTreeMap, VecDeque};
use venue_model::{DeviceKey, EventKey, ParticipantId, TalkId, WallTime};
use venue_protocol::{DeviceCertificate, DeviceClaims, LocalTime};

/// An hour, ms.
pub const HOUR: u64 = 3_600_000;

/// What the relay carries to one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parcel {
    Message(Vec<u8>),
    Welcome(Vec<u8>),
}

/// The wall clock, once for all tests of a run: openmls compares key packages with the system's clock, which is no
/// argument there.
pub fn wall() -> WallTime {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    WallTime(since.as_millis() as u64)
}

pub fn server_key() -> SigningKey {
    SigningKey::from_bytes(&[77; 32])
}

pub fn config(talk: u32) -> TalkConfig {
    let event = EventKey::new("wtf-26").unwrap();
    let server_key = server_key().verifying_key().to_bytes();
    TalkConfig { talk: TalkId(talk), admission: Admission { server_key, event } }
}

pub fn certificate(participant: u32, secret: [u8; 32], valid_until: WallTime) -> DeviceCertificate {
    let claims = DeviceClaims {
        event: EventKey::new("wtf-26").unwrap(),
        participant: ParticipantId(participant),
        device: DeviceKey(SigningKey::from_bytes(&secret).verifying_key().to_bytes()),
        valid_until,
    };
    let signature = server_key().sign(&claims.signed_bytes()).to_bytes();
    DeviceCertificate { claims, signature }
}

/// The device that a participant came in with.
pub fn device(participant: u32) -> Device {
    let secret = [participant as u8; 32];
    Device::new(&secret, certificate(participant, secret, WallTime(wall().0 + HOUR))).unwrap()
}

/// One device as the server sees it, and its owner's memory.
pub struct Seat {
    pub talk: Talk,
    pub inbox: VecDeque<Parcel>,
    pub events: Vec<Event>,
}

/// The relay and everybody around it.
pub struct Hall {
    pub now: Now,
    pub seats: BTreeMap<u32, Seat>,
    /// Everything that was relayed, as a curious server keeps it.
    pub log: Vec<Vec<u8>>,
}

impl Hall {
    /// A talk that this participant has begun.
    pub fn begun_by(participant: u32) -> Self {
        let now = Now { local: LocalTime(1_000_000), wall: wall() };
        let mut hall = Self { now, seats: BTreeMap::new(), log: Vec::new() };
        let talk = Talk::start(config(1), device(participant), now).unwrap();
        hall.sit(participant, talk);
        hall.collect();
        hall
    }

    /// A talk of so many participants, numbered from 1, settled.
    pub fn of(count: u32) -> Self {
        let mut hall = Self::begun_by(1);
        for participant in 2..=count {
            hall.invite(1, participant).unwrap();
            hall.settle();
        }
        hall
    }

    pub fn sit(&mut self, participant: u32, talk: Talk) {
        self.seats.insert(participant, Seat { talk, inbox: VecDeque::new(), events: Vec::new() });
    }

    pub fn talk(&mut self, participant: u32) -> &mut Talk {
        &mut self.seats.get_mut(&participant).unwrap().talk
    }

    /// Somebody asks, the other says yes. From here on the server relays to the other, too.
    pub fn invite(&mut self, by: u32, participant: u32) -> Result<(), TalkError> {
        self.invite_device(by, participant, device(participant))
    }

    pub fn invite_device(&mut self, by: u32, participant: u32, device: Device) -> Result<(), TalkError> {
        let mut talk = Talk::answer(config(1), device, self.now).unwrap();
        let Some(Outgoing::KeyPackage(package)) = talk.poll_outgoing() else { panic!("no key package") };
        self.collect();
        self.sit(participant, talk);
        let now = self.now;
        let invited = self.talk(by).invite(&package, now);
        if invited.is_err() {
            self.seats.remove(&participant);
        }
        self.collect();
        invited.map(drop)
    }

    /// Takes what devices want sent into the one order, and to all.
    pub fn collect(&mut self) {
        let mut sent = Vec::new();
        for seat in self.seats.values_mut() {
            sent.extend(std::iter::from_fn(|| seat.talk.poll_outgoing()));
        }
        for outgoing in sent {
            match outgoing {
                Outgoing::ToAll(bytes) => {
                    self.seats
                        .values_mut()
                        .for_each(|seat| seat.inbox.push_back(Parcel::Message(bytes.clone())));
                    self.log.push(bytes);
                }
                Outgoing::Welcome { to, bytes } => {
                    if let Some(seat) = self.seats.get_mut(&to.0) {
                        seat.inbox.push_back(Parcel::Welcome(bytes));
                    }
                }
                Outgoing::KeyPackage(_) => panic!("key packages are taken by whoever invites"),
            }
        }
    }

    /// Gives the next parcel to a device. Returns what it said, or nothing if there was none.
    pub fn deliver(&mut self, participant: u32) -> Option<Result<(), TalkError>> {
        let now = self.now;
        let seat = self.seats.get_mut(&participant)?;
        let said = match seat.inbox.pop_front()? {
            Parcel::Message(bytes) => seat.talk.handle_message(&bytes, now),
            Parcel::Welcome(bytes) => seat.talk.join(&bytes, now),
        };
        seat.events.extend(std::iter::from_fn(|| seat.talk.poll_event()));
        self.collect();
        Some(said)
    }

    /// Delivers everything in order until nothing is on its way.
    pub fn settle(&mut self) {
        for _ in 0..10_000 {
            let waiting = self.seats.iter().find(|(_, seat)| !seat.inbox.is_empty());
            let Some((&participant, _)) = waiting else { return };
            self.deliver(participant);
        }
        panic!("the talk does not come to rest");
    }

    /// Lets time pass in steps of half a second, and does what is due.
    pub fn wait(&mut self, micros: u64) {
        for _ in 0..micros.div_ceil(500_000) {
            self.now.local.0 += 500_000;
            self.now.wall.0 += 500;
            let now = self.now;
            for seat in self.seats.values_mut() {
                if seat.talk.poll_timeout().is_some_and(|due| due <= now.local) {
                    seat.talk.handle_timeout(now);
                }
            }
            self.collect();
            self.settle();
        }
    }

    /// What happened to somebody since the last time.
    pub fn events(&mut self, participant: u32) -> Vec<Event> {
        let seat = self.seats.get_mut(&participant).unwrap();
        let mut events = std::mem::take(&mut seat.events);
        events.extend(std::iter::from_fn(|| seat.talk.poll_event()));
        events
    }

    /// The participants that a device knows to be in.
    pub fn members(&mut self, participant: u32) -> Vec<u32> {
        let mut members: Vec<u32> =
            self.talk(participant).members().iter().map(|member| member.participant.0).collect();
        members.sort_unstable();
        members
    }

    /// Asserts that these are in one epoch, know of each other, and hear and read each other.
    pub fn assert_together(&mut self, participants: &[u32], frame: u64) {
        let first = self.talk(participants[0]).epoch();
        assert!(first.is_some());
        for participant in participants {
            assert_eq!(self.talk(*participant).epoch(), first, "epoch of {participant}");
            assert_eq!(self.members(*participant), participants, "members of {participant}");
        }
        for speaker in participants {
            let packet = self.talk(*speaker).seal_voice(frame, b"hello").unwrap();
            for listener in participants.iter().filter(|one| *one != speaker) {
                let now = self.now;
                let heard = self.talk(*listener).open_voice(ParticipantId(*speaker), &packet, now.local);
                let heard = heard.unwrap_or_else(|error| panic!("{listener} hears {speaker}: {error}"));
                assert_eq!((heard.frame, &heard.opus[..]), (frame, &b"hello"[..]));
            }
        }
    }
}

/// Whether a relayed message is a commit: all that the server can tell.
pub fn is_commit(message: &[u8]) -> bool {
    // Version, wire format, the group's number behind its length, epoch, kind (RFC 9420 §6.3.1).
    message.get(29) == Some(&3)
}

/// Texts as tests write them.
pub trait ParseText {
    fn parse_text(&self) -> venue_model::text::MessageBody;
}

impl ParseText for str {
    fn parse_text(&self) -> venue_model::text::MessageBody {
        venue_model::text::MessageBody::new(self).unwrap()
    }
}
