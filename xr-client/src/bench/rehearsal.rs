//! A server inside of the process for measuring frames: it speaks the real protocol and the real replication
//! to one client, admits without asking, and lets a crowd walk about one space of a real package.
//!
//! It must not be used to enter a venue: it validates nothing.

use crate::platform::foreign;
use bytes::Bytes;
use glam::Vec3;
use hecs::World;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::f32::consts::TAU;
use std::rc::Rc;
use venue_model::people::PersonName;
use venue_model::{
    BodyPose, Delegation, FileHash, Language, Participant, ParticipantId, ParticipantKind, Place, Role,
    Space, SpaceEpoch, Tick,
};
use venue_motion::{FloorPoint, Walkable};
use venue_package::{Package, PackageError};
use venue_protocol::session::{ClientRequest, ServerSessionConfig, ServerSessionEvent};
use venue_protocol::{
    Appearance, DatagramKind, EntryNote, EventTitle, LocalTime, NoticeVersion, Placement, Presence,
    PresenceJoined, ProgramName, Refused, ServerSession, Ticket, TicketBytes, Welcome,
};
use venue_replication::{Body, Feedback, SpaceReplicator, Viewer, Who};
use venue_transport::{
    ClientEvent, ClientTransport, CloseCode, CloseReason, ConnectError, FileError, Fingerprint, SendError,
};

/// Speed of the crowd, metres a second.
const SPEED: f32 = 1.3;

/// Turn of a walker at a wall, radians: an angle that leads everywhere in time.
const TURN_AT_WALL: f32 = 2.4;

/// More than so many stand closely and evenly around the entrance; fewer have a line that winds away from it.
const CROWDED: u32 = 300;

/// The visitor's id; the crowd has the ids after it.
const VISITOR: ParticipantId = ParticipantId(1);

/// The package can not be rehearsed in.
#[derive(Debug, thiserror::Error)]
pub enum RehearsalError {
    /// The package.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// The floor.
    #[error(transparent)]
    Floor(#[from] venue_package::NavigationError),
    /// The ticket.
    #[error(transparent)]
    Ticket(#[from] venue_protocol::TicketTooLong),
    /// The space.
    #[error("the venue has no space {0:?} that one can stand in")]
    NoSpace(String),
}

struct Walker {
    entity: hecs::Entity,
    floor: FloorPoint,
    yaw: f32,
}

/// What goes wrong on purpose.
#[derive(Debug, Default)]
pub struct Mishaps {
    /// Joins are refused with this.
    pub refusal: Option<Refused>,
    /// Every file but the manifest arrives damaged.
    pub damages_files: bool,
    /// The control stream takes nothing more.
    pub is_congested: bool,
    /// Connections fail with this.
    pub failure: Option<ConnectError>,
    /// The next connections fail like this, one each, before that.
    pub failures: VecDeque<ConnectError>,
    /// Files are asked for, but nothing comes.
    pub withholds_files: bool,
    /// The size of the manifest that the welcome claims.
    pub manifest_bytes: Option<u32>,
}

/// The server's side.
pub struct Rehearsal {
    /// What goes wrong on purpose.
    pub mishaps: Mishaps,
    /// What the visitor asked for.
    pub requests: Vec<ClientRequest>,
    session: ServerSession,
    package: Package,
    walkable: Walkable,
    space: Space,
    world: World,
    walkers: Vec<Walker>,
    /// Whether people stand as closely as the floor needs.
    is_crowded: bool,
    replicator: SpaceReplicator,
    people: Vec<Presence>,
    start: Place,
    tick: Tick,
    now: LocalTime,
    to_client: VecDeque<ClientEvent>,
    datagrams: Vec<Bytes>,
    ticket: TicketBytes,
}

impl Rehearsal {
    /// Opens a package with `crowd` people in the space of this key.
    pub fn open(package: Package, space: &str, crowd: u32) -> Result<Rc<RefCell<Self>>, RehearsalError> {
        let walkable = Walkable::new(package.navigation()?)?;
        let no_space = || RehearsalError::NoSpace(space.to_owned());
        let space = package.manifest().space_by_key(space).ok_or_else(no_space)?.clone();
        let spawn = package.manifest().spawn_points.iter().find(|point| point.space == space.id);
        let start = spawn.ok_or_else(no_space)?.place;
        let origin = venue_replication::space_replicator::origin_of(&space.bounds);
        let now = LocalTime(0);
        let mut rehearsal = Self {
            session: session_at(now),
            mishaps: Mishaps::default(),
            requests: Vec::new(),
            replicator: SpaceReplicator::new(space.id, SpaceEpoch(1), origin),
            package,
            walkable,
            space,
            world: World::new(),
            walkers: Vec::new(),
            is_crowded: false,
            people: Vec::new(),
            start,
            tick: Tick(0),
            now,
            to_client: VecDeque::new(),
            datagrams: Vec::new(),
            ticket: TicketBytes::new(Vec::new())?,
        };
        rehearsal.gather(crowd);
        Ok(Rc::new(RefCell::new(rehearsal)))
    }

    /// The visitor connects, for the first time or again.
    pub fn connect(&mut self) {
        self.session = session_at(self.now);
        self.to_client.clear();
        let fingerprint = Fingerprint([9; 32]);
        self.to_client.push_back(
            match self.mishaps.failures.pop_front().or_else(|| self.mishaps.failure.clone()) {
                Some(error) => ClientEvent::Failed(error),
                None => ClientEvent::Opened { exporter: [0; 32], fingerprint },
            },
        );
    }

    /// Hosts another state of the venue from now on; who walks about goes on.
    pub fn host(&mut self, package: Package) {
        self.package = package;
    }

    /// Hash and size of the manifest that is hosted.
    pub fn manifest(&self) -> (FileHash, u32) {
        (self.package.manifest_hash(), self.package.manifest_bytes().len() as u32)
    }

    /// The server's end of the session, to say anything.
    pub fn session(&mut self) -> &mut ServerSession {
        &mut self.session
    }

    /// The network breaks.
    pub fn cut(&mut self) {
        self.to_client.clear();
        self.to_client.push_back(ClientEvent::Closed { reason: CloseReason::TimedOut });
    }

    fn gather(&mut self, crowd: u32) {
        self.is_crowded = crowd > CROWDED;
        for number in 0..crowd {
            self.enter(number);
        }
    }

    /// One more walker steps in; says who, unless there is no floor where they would stand.
    fn enter(&mut self, number: u32) -> Option<&Presence> {
        // The golden angle spreads the crowd evenly around the entrance.
        let angle = number as f32 * TAU * 0.381_966;
        let metres = if self.is_crowded { 0.6 * (number as f32).sqrt() } else { 0.16 * number as f32 };
        let away = Vec3::new(angle.cos(), 0.0, angle.sin()) * (1.5 + metres);
        let floor = self.walkable.locate_in(self.space.id, self.start.position + away, 30.0)?;
        let id = ParticipantId(VISITOR.0 + 1 + number);
        let pose = BodyPose::standing(floor.position, angle);
        let body = Body { pose, sampled_at: self.tick.time() };
        let entity = self.world.spawn((Who(id), body));
        self.walkers.push(Walker { entity, floor, yaw: angle });
        let participant = person(id, &format!("Walker {number}"));
        let appearance = Appearance { avatar: number as u8, clothing: 0, skin: 0 };
        self.people.push(Presence { participant, appearance, space: self.space.id });
        self.people.last()
    }

    /// Somebody joins while the visitor is inside, and everybody is told as the server does.
    pub fn join(&mut self, number: u32) {
        if let Some(presence) = self.enter(number).cloned() {
            self.session.send(&PresenceJoined { presence }.into());
        }
    }

    /// Lives until `now`: ticks at the server's rate and answers the client.
    pub fn advance(&mut self, now: LocalTime) {
        self.now = now;
        while self.tick.next().time().0 <= now.0 {
            self.tick = self.tick.next();
            self.walk();
            if self.session.is_admitted() {
                self.replicator.encode(self.tick, &self.world);
                let viewer =
                    Viewer { participant: VISITOR, position: self.start.position, ..Viewer::default() };
                self.replicator.datagrams_for(&viewer, &mut self.datagrams);
                self.to_client.extend(self.datagrams.drain(..).map(ClientEvent::Datagram));
            }
        }
        self.flush();
    }

    fn walk(&mut self) {
        let step = SPEED / venue_model::TICK_HZ as f32;
        for walker in &mut self.walkers {
            let ahead = glam::Quat::from_rotation_y(walker.yaw) * Vec3::NEG_Z;
            let reached = self.walkable.walk(walker.floor, walker.floor.position + ahead * step);
            let went = reached.position.distance(walker.floor.position);
            if went < step * 0.7 || reached.space != self.space.id {
                walker.yaw += TURN_AT_WALL;
            }
            if reached.space == self.space.id {
                walker.floor = reached;
            }
            if let Ok(mut body) = self.world.get::<&mut Body>(walker.entity) {
                body.pose.root = walker.floor.position;
                body.pose.yaw = walker.yaw;
                body.sampled_at = self.tick.time();
            }
        }
    }

    /// What the visitor's client says of the snapshots that came.
    fn hear(&mut self, datagram: &[u8]) {
        if DatagramKind::of(datagram) == Some(DatagramKind::Feedback)
            && let Ok(feedback) = Feedback::decode(datagram)
        {
            self.replicator.hear(VISITOR, &feedback);
        }
    }

    fn flush(&mut self) {
        while let Some(event) = self.session.poll_event() {
            match (event, self.mishaps.refusal.clone()) {
                (ServerSessionEvent::JoinRequested(_), Some(refusal)) => self.session.refuse(refusal),
                (ServerSessionEvent::JoinRequested(_), None) => {
                    let welcome = self.welcome();
                    self.session.admit(welcome);
                }
                (ServerSessionEvent::Request(request), _) => self.requests.push(request),
                (ServerSessionEvent::Datagram(bytes), _) => self.hear(&bytes),
                _ => {}
            }
        }
        while let Some(bytes) = self.session.poll_control() {
            self.to_client.push_back(ClientEvent::Control(bytes));
        }
        while let Some(bytes) = self.session.poll_datagram() {
            self.to_client.push_back(ClientEvent::Datagram(bytes));
        }
    }

    fn welcome(&self) -> Welcome {
        Welcome {
            you: person(VISITOR, "Visitor"),
            entry: EntryNote::AsInvited,
            ticket: Ticket { bytes: self.ticket.clone(), valid_secs: 900 },
            event_title: EventTitle::lossy("Rehearsal"),
            notice: NoticeVersion::lossy("none"),
            manifest: self.package.manifest_hash(),
            manifest_bytes: self.mishaps.manifest_bytes.unwrap_or(self.package.manifest_bytes().len() as u32),
            space: self.space.id,
            epoch: SpaceEpoch(1),
            placement: Placement(1),
            place: self.start,
            open_spaces: self.package.manifest().spaces.iter().map(|space| space.id).collect(),
            people: self.people.clone(),
            seats: Vec::new(),
        }
    }

    fn file(&self, hash: FileHash) -> Result<Bytes, FileError> {
        if hash == self.package.manifest_hash() {
            return Ok(Bytes::copy_from_slice(self.package.manifest_bytes()));
        }
        if self.mishaps.damages_files {
            return Err(FileError::Damaged);
        }
        self.package.file(hash).map(Bytes::from).map_err(|_| FileError::NotFound)
    }
}

fn session_at(now: LocalTime) -> ServerSession {
    let program = ProgramName::lossy("rehearsal");
    ServerSession::new(ServerSessionConfig { program, clock_origin: LocalTime(0) }, [0; 32], now)
}

fn person(id: ParticipantId, name: &str) -> Participant {
    Participant {
        id,
        kind: ParticipantKind::Delegate,
        role: Role::Participant,
        name: PersonName::lossy(name),
        delegation: Delegation::lossy("VEV"),
        language: Language::En,
    }
}

/// The client's side.
pub struct RehearsalTransport(Rc<RefCell<Rehearsal>>);

impl RehearsalTransport {
    /// Connects.
    pub fn connect(server: &Rc<RefCell<Rehearsal>>) -> Self {
        server.borrow_mut().connect();
        Self(Rc::clone(server))
    }
}

impl ClientTransport for RehearsalTransport {
    fn poll(&mut self) -> Option<ClientEvent> {
        self.0.borrow_mut().to_client.pop_front()
    }

    fn send_control(&mut self, bytes: Bytes) -> Result<(), SendError> {
        let mut server = self.0.borrow_mut();
        if server.mishaps.is_congested {
            return Err(SendError::Backlog);
        }
        let now = server.now;
        // What the server does with it is not the client's doing.
        foreign(|| server.session.handle_control(now, &bytes));
        Ok(())
    }

    fn send_datagram(&mut self, bytes: Bytes) {
        let mut server = self.0.borrow_mut();
        let now = server.now;
        foreign(|| server.session.handle_datagram(now, bytes));
    }

    fn request_file(&mut self, hash: FileHash, _: u64) -> Result<(), SendError> {
        let mut server = self.0.borrow_mut();
        if server.mishaps.withholds_files {
            return Ok(());
        }
        // What the server reads is not the client's doing.
        let result = foreign(|| {
            let result = server.file(hash);
            // Bytes take memory for being shared when they are first cloned; those of a network are from the start.
            drop(result.clone());
            result
        });
        server.to_client.push_back(ClientEvent::File { hash, result });
        Ok(())
    }

    fn close(&mut self, _: CloseCode, _: &str) {}
}
