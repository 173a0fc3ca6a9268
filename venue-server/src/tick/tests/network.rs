//! A network in memory without delay, and clients on it with the product's own session.

use super::*;
use bytes::Bytes;
use ed25519_dalek::{Signer, SigningKey};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use venue_model::{DeviceKey, EventKey, SpaceId};
use venue_protocol::{
    Appearance, ClientSession, ClientSessionConfig, ClientSessionEvent, Credential, DatagramKind, Placement,
    Presence, Welcome,
};
use venue_replication::snapshot::{decode_header, participants};
use venue_replication::space_replicator::origin_of;
use venue_replication::{Mirror, PoseUpdate};
use venue_transport::{FileRequestId, SendError};

/// The network; clones share it.
#[derive(Clone, Default)]
pub(super) struct Network(Arc<Mutex<Wires>>);

#[derive(Default)]
struct Wires {
    to_server: VecDeque<ServerEvent>,
    to_clients: BTreeMap<ConnectionId, VecDeque<ToClient>>,
    answers: Vec<FileAnswer>,
    next: u64,
    is_behind: bool,
}

enum ToClient {
    Control(Bytes),
    Datagram(Bytes),
    Closed(CloseReason),
}

impl Network {
    fn wires(&self) -> std::sync::MutexGuard<'_, Wires> {
        self.0.lock().unwrap()
    }

    fn send(&self, event: ServerEvent) {
        self.wires().to_server.push_back(event);
    }

    fn give(&self, connection: ConnectionId, what: ToClient) {
        self.wires().to_clients.entry(connection).or_default().push_back(what);
    }

    /// The network's thread does or does not keep up from now on.
    pub(super) fn fall_behind(&self, is_behind: bool) {
        self.wires().is_behind = is_behind;
    }

    /// Somebody connects and never says anything.
    pub(super) fn open_silently(&self, connection: u64) {
        let remote = ([127, 0, 0, 1], 5_000).into();
        let connection = ConnectionId(connection);
        self.send(ServerEvent::Opened { connection, remote, exporter: EXPORTER });
    }
}

impl ServerTransport for Network {
    fn poll(&mut self) -> Option<ServerEvent> {
        self.wires().to_server.pop_front()
    }

    fn send_control(&mut self, connection: ConnectionId, bytes: Bytes) -> Result<(), SendError> {
        self.give(connection, ToClient::Control(bytes));
        Ok(())
    }

    fn send_batch(&mut self, batch: &[(ConnectionId, Bytes)]) {
        for (connection, bytes) in batch {
            assert!(bytes.len() <= venue_protocol::MAX_DATAGRAM_BYTES);
            self.give(*connection, ToClient::Datagram(bytes.clone()));
        }
    }

    fn is_behind(&self) -> bool {
        self.wires().is_behind
    }

    fn answer_file(&mut self, _: ConnectionId, _: FileRequestId, answer: FileAnswer) {
        self.wires().answers.push(answer);
    }

    fn close(&mut self, connection: ConnectionId, code: CloseCode, reason: &str) {
        self.give(connection, ToClient::Closed(CloseReason::Remote { code, reason: reason.into() }));
        self.send(ServerEvent::Closed { connection, reason: CloseReason::Local });
    }
}

/// A client: the product's session, and what it was told.
pub(super) struct Client {
    network: Network,
    connection: ConnectionId,
    key: SigningKey,
    pub(super) session: ClientSession,
    pub(super) welcome: Option<Welcome>,
    pub(super) end: Option<SessionEnd>,
    pub(super) updates: Vec<ServerUpdate>,
    pub(super) people: BTreeMap<ParticipantId, Presence>,
    pub(super) seen: BTreeMap<ParticipantId, Vec3>,
    /// Who is seen through doors.
    pub(super) seen_beyond: BTreeMap<ParticipantId, Vec3>,
    mirrors: BTreeMap<SpaceId, Mirror>,
    pub(super) body: BodyPose,
    pub(super) space: Option<(SpaceId, PlacementCause)>,
    ticket: Option<venue_protocol::Ticket>,
    here: SpaceId,
    placement: Placement,
    sequence: u32,
    is_opened: bool,
    is_cut: bool,
}

const EXPORTER: [u8; 32] = [5; 32];

impl Client {
    pub(super) fn by_code(event: &str, code: InvitationCode) -> Credential {
        Credential::Invitation {
            event: EventKey::new(event).unwrap(),
            code: venue_protocol::InvitationCode(BoundedText::lossy(&code.to_string())),
        }
    }

    pub(super) fn new(network: &Network, device: u8, credential: Credential) -> Self {
        let mut wires = network.wires();
        let connection = ConnectionId(wires.next);
        wires.next += 1;
        let remote = ([127, 0, 0, 1], 5_000).into();
        wires.to_server.push_back(ServerEvent::Opened { connection, remote, exporter: EXPORTER });
        drop(wires);
        let key = SigningKey::from_bytes(&[device; 32]);
        let config = ClientSessionConfig {
            program: BoundedText::lossy("test"),
            device_key: DeviceKey(key.verifying_key().to_bytes()),
            language: Language::En,
            credential,
            appearance: Appearance::default(),
        };
        Self {
            network: network.clone(),
            connection,
            key,
            session: ClientSession::new(config, 1),
            welcome: None,
            end: None,
            updates: Vec::new(),
            people: BTreeMap::new(),
            seen: BTreeMap::new(),
            seen_beyond: BTreeMap::new(),
            mirrors: BTreeMap::new(),
            body: BodyPose::standing(Vec3::ZERO, 0.0),
            space: None,
            ticket: None,
            here: LOUNGE,
            placement: Placement::default(),
            sequence: 0,
            is_opened: false,
            is_cut: false,
        }
    }

    /// The last ticket, to come back with.
    pub(super) fn ticket(&self) -> Credential {
        Credential::Ticket(self.ticket.as_ref().unwrap().bytes.clone())
    }

    pub(super) fn corrections(&self) -> usize {
        let is_correction = |update: &&ServerUpdate| matches!(update, ServerUpdate::BodyPlaced(placed) if placed.cause.is_correction());
        self.updates.iter().filter(is_correction).count()
    }

    pub(super) fn send_raw(&self, bytes: Bytes) {
        self.network.send(ServerEvent::Control { connection: self.connection, bytes });
    }

    pub(super) fn send_datagram(&self, bytes: Bytes) {
        self.network.send(ServerEvent::Datagram { connection: self.connection, bytes });
    }

    /// The connection breaks without a word.
    pub(super) fn cut(&mut self, reason: CloseReason) {
        self.is_cut = true;
        self.network.send(ServerEvent::Closed { connection: self.connection, reason });
    }

    /// Asks for a file and gives the server's answer.
    pub(super) fn fetch(&self, hash: FileHash, venue: &mut Venue<Network, MemoryStore>) -> FileAnswer {
        let request = FileRequestId(1);
        self.network.send(ServerEvent::FileRequested { connection: self.connection, request, hash });
        venue.pump(LocalTime(0));
        self.network.wires().answers.pop().unwrap()
    }

    pub(super) fn step(&mut self, now: LocalTime) {
        if self.is_cut {
            return;
        }
        if !self.is_opened {
            self.is_opened = true;
            self.session.handle_opened(now, EXPORTER);
        }
        let incoming = self.network.wires().to_clients.remove(&self.connection).unwrap_or_default();
        for what in incoming {
            match what {
                ToClient::Control(bytes) => self.session.handle_control(now, &bytes),
                ToClient::Datagram(bytes) => self.session.handle_datagram(now, bytes),
                ToClient::Closed(reason) => self.session.handle_closed(reason),
            }
        }
        self.session.handle_timeout(now);
        while let Some(event) = self.session.poll_event() {
            self.hear(event);
        }
        self.send_pose(now);
        while let Some(bytes) = self.session.poll_control() {
            self.send_raw(bytes);
        }
        while let Some(bytes) = self.session.poll_datagram() {
            self.send_datagram(bytes);
        }
        if let Some(close) = self.session.poll_close() {
            let (code, reason) = (close.code, close.reason);
            let reason = CloseReason::Remote { code, reason };
            self.network.send(ServerEvent::Closed { connection: self.connection, reason });
        }
    }

    fn hear(&mut self, event: ClientSessionEvent) {
        match event {
            ClientSessionEvent::ProofWanted { message } => {
                self.session.join(self.key.sign(&message).to_bytes());
            }
            ClientSessionEvent::Welcomed(welcome) => {
                self.people =
                    welcome.people.iter().map(|person| (person.participant.id, person.clone())).collect();
                self.body = BodyPose::standing(welcome.place.position, welcome.place.yaw);
                (self.here, self.placement) = (welcome.space, welcome.placement);
                self.ticket = Some(welcome.ticket.clone());
                self.welcome = Some(*welcome);
            }
            ClientSessionEvent::TicketRenewed(ticket) => self.ticket = Some(ticket),
            ClientSessionEvent::Update(update) => self.apply(update),
            ClientSessionEvent::Datagram(bytes) => {
                if DatagramKind::of(&bytes) == Some(DatagramKind::Snapshot) {
                    self.look(&bytes);
                }
            }
            ClientSessionEvent::Ended(end) => self.end = Some(end),
        }
    }

    /// Shows everybody of whom a snapshot tells, whether presence knows them or not: a test wants to see those, too.
    fn look(&mut self, datagram: &[u8]) {
        let header = decode_header(datagram).unwrap();
        let manifest = testing::manifest();
        let origin = origin_of(&manifest.space(header.space).unwrap().bounds);
        let blank = || Mirror::new(header.space, header.epoch, origin);
        let mirror = self.mirrors.entry(header.space).or_insert_with(blank);
        let participants = participants(datagram).unwrap();
        participants.iter().for_each(|participant| mirror.admit(*participant));
        mirror.handle_snapshot(datagram, header.beat.tick.time()).unwrap();
        let seen = if header.space == self.here { &mut self.seen } else { &mut self.seen_beyond };
        for participant in participants {
            if let Some((_, pose)) = mirror.newest(participant) {
                seen.insert(participant, pose.root);
            }
        }
    }

    fn apply(&mut self, update: ServerUpdate) {
        match &update {
            ServerUpdate::PresenceJoined(joined) => {
                self.people.insert(joined.presence.participant.id, joined.presence.clone());
            }
            ServerUpdate::PresenceChanged(changed) => {
                let id = changed.presence.participant.id;
                if self.welcome.as_ref().is_some_and(|welcome| welcome.you.id != id) {
                    self.people.insert(id, changed.presence.clone());
                }
            }
            ServerUpdate::PresenceLeft(left) => {
                self.people.remove(&left.participant);
                self.seen.remove(&left.participant);
            }
            ServerUpdate::BodyPlaced(placed) => {
                self.placement = placed.placement;
                self.body.root = placed.place.position;
            }
            ServerUpdate::SpaceEntered(entered) => {
                (self.here, self.placement) = (entered.space, entered.placement);
                self.space = Some((entered.space, entered.cause));
                self.seen.clear();
                if entered.cause != PlacementCause::Door {
                    self.body.root = entered.place.position;
                }
            }
            _ => {}
        }
        self.updates.push(update);
    }

    fn send_pose(&mut self, now: LocalTime) {
        let Some(sampled_at) = self.session.server_time(now).filter(|_| self.session.is_inside()) else {
            return;
        };
        self.sequence += 1;
        let Self { placement, sequence, body: pose, .. } = *self;
        self.send_datagram(
            PoseUpdate { placement, sequence, sampled_at, pose }
                .encode(self.origin(), &mut bytes::BytesMut::new()),
        );
    }

    fn origin(&self) -> Vec3 {
        let manifest = testing::manifest();
        origin_of(&manifest.space(self.here).unwrap().bounds)
    }
}
