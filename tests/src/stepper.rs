//! One server and several clients, the ones that ship, in one thread and in virtual time. A step is a
//! hundredth of a second for the clients; the server ticks when its tick is due.

use crate::virtual_network::{Conditions, VirtualClient, VirtualNetwork, VirtualServer};
use glam::Vec3;
use spatial_voice::Treatment;
use spatial_voice::space::OutputMode;
use std::sync::Arc;
use venue_model::{BodyPose, FileHash, ParticipantId, SpaceId};
use venue_protocol::LocalTime;
use venue_server::store::InvitationCode;
use venue_server::store::memory::{MemoryHandle, MemoryStore};
use venue_server::tick::{Venue, VenueConfig};
use xr_client::core::connect::Target;
use xr_client::core::stage::Stage;
use xr_client::core::{ClientCore, CoreEvent};
use xr_client::input::{Command, Intent};
use xr_client::panels::model::Notice;
use xr_client::sound::{AudioSettings, Listener, Sounds, VirtualDevice};
use xr_client::voice::{Situation, hall_of};

/// A client's step, microseconds.
pub const STEP_MICROS: u64 = 10_000;

type Connect = Box<dyn FnMut(&Target) -> VirtualClient>;

/// One delegate: the client's core and what its person wants now.
pub struct Delegate {
    /// The core.
    pub core: ClientCore<Connect>,
    /// Wanted in each step; commands are taken once.
    pub intent: Intent,
    /// What this delegate was told in short words, oldest first.
    pub notices: Vec<Notice>,
    /// What decides what this delegate hears.
    pub sounds: Sounds,
    /// What this delegate listens with.
    pub speaker: VirtualDevice,
    /// The tiles that came, and those that did not, in this order.
    pub tiles: Vec<Result<FileHash, FileHash>>,
    /// Whether the program stands still, as on a computer whose lid was shut.
    pub is_asleep: bool,
}

impl Delegate {
    /// What the program does between core and devices for voices.
    fn listen(&mut self) {
        let Self { core, sounds, .. } = self;
        sounds.record(core.wants_to_be_recorded(), None, Treatment::NONE);
        let Some(voice) = sounds.voice() else { return };
        core.tell_heard(voice.speaking());
        let head = core.body().pose().head_in_building();
        let situation = Situation { head, mode: OutputMode::Binaural, gain: 1.0, room_gain: 1.0 };
        let place_of = |who| {
            let body = core.bodies_in_view().iter().find(|(id, _)| *id == who);
            (body.map(|(_, pose)| pose.head_in_building().position), 1.0)
        };
        voice.tell_hall(hall_of(&situation, core.heard(), place_of));
    }

    /// Whether this delegate stands in the venue.
    pub fn is_inside(&self) -> bool {
        *self.core.stage() == Stage::Inside
    }

    /// The other's body as this delegate's client shows it now.
    pub fn sees(&self, other: ParticipantId) -> Option<BodyPose> {
        self.core.bodies().iter().find(|(id, _)| *id == other).map(|(_, pose)| *pose)
    }

    /// Asks for one deed in the next step.
    pub fn command(&mut self, command: Command) {
        self.intent.commands.push(command);
    }
}

/// The whole: time, network, server, delegates.
pub struct Stepper {
    /// The network.
    pub network: VirtualNetwork,
    /// The server.
    pub venue: Venue<VirtualServer, MemoryStore>,
    /// The store behind the server.
    pub store: MemoryHandle,
    /// The delegates in the order in which they came.
    pub delegates: Vec<Delegate>,
    now_micros: u64,
    next_tick_micros: u64,
    seed: u64,
    max_bodies: usize,
}

fn open_venue(
    package: venue_package::Package,
    network: &VirtualNetwork,
    store: MemoryStore,
    seed: u64,
    max_bodies: usize,
) -> Venue<VirtualServer, MemoryStore> {
    let config = VenueConfig { ticket_secret: [9; 32], max_bodies, ..VenueConfig::default() };
    Venue::new(config, package, network.server(), store, seed).expect("the venue opens")
}

/// The event that every stepper runs.
pub const EVENT: &str = "assembly";

impl Stepper {
    /// A server with the tiny venue and nobody in it.
    pub fn new(seed: u64, conditions: Conditions) -> Self {
        Self::with_package(seed, conditions, venue_importer::tiny::open_tiny_package())
    }

    /// A server whose events have places for so many, with the tiny venue and nobody in it.
    pub fn for_few(seed: u64, conditions: Conditions, max_bodies: usize) -> Self {
        Self::with_places(seed, conditions, venue_importer::tiny::open_tiny_package(), max_bodies)
    }

    /// A server with this venue and nobody in it.
    pub fn with_package(seed: u64, conditions: Conditions, package: venue_package::Package) -> Self {
        Self::with_places(seed, conditions, package, VenueConfig::default().max_bodies)
    }

    fn with_places(
        seed: u64,
        conditions: Conditions,
        package: venue_package::Package,
        max_bodies: usize,
    ) -> Self {
        let network = VirtualNetwork::new(seed, conditions);
        let store = MemoryStore::new();
        let handle = store.handle();
        handle.add_event(EVENT, "Assembly");
        let venue = open_venue(package, &network, store, seed, max_bodies);
        let delegates = Vec::new();
        Self {
            network,
            venue,
            store: handle,
            delegates,
            now_micros: 0,
            next_tick_micros: 0,
            seed,
            max_bodies,
        }
    }

    /// Kills the server and starts another one with the same venue on what the store has committed.
    pub fn replace_server(&mut self, package: venue_package::Package) {
        self.network.cut_all();
        self.venue = open_venue(package, &self.network, self.store.store(), self.seed, self.max_bodies);
    }

    /// Invites a person and lets their client connect; gives their place in `delegates`.
    pub fn enter(&mut self, name: &str) -> usize {
        let code = self.store.invite(EVENT, name, "CHE");
        self.enter_with(code)
    }

    /// Lets a client connect with a code of the store.
    pub fn enter_with(&mut self, code: InvitationCode) -> usize {
        self.enter_with_text(code.compact())
    }

    /// Lets a client connect with any code.
    pub fn enter_with_text(&mut self, code: &str) -> usize {
        let index = self.delegates.len();
        let network = self.network.clone();
        let seed = self.seed.wrapping_mul(31).wrapping_add(index as u64);
        let config = crate::newcomer(index, seed);
        let connect: Connect = Box::new(move |_| network.connect());
        let mut intent = Intent::default();
        intent.commands.push(Command::Connect(format!("vev://127.0.0.1/e/{EVENT}#{code}")));
        let speaker = VirtualDevice::default();
        let mut sounds = Sounds::on(speaker.clone());
        sounds.set(&AudioSettings::default(), None);
        let mut core = ClientCore::new(config, connect);
        if let Some(voice) = sounds.voice() {
            core.set_line(Arc::clone(voice.line()));
        }
        let (notices, tiles) = (Vec::new(), Vec::new());
        self.delegates.push(Delegate { core, intent, notices, sounds, speaker, tiles, is_asleep: false });
        index
    }

    /// Lets a hundredth of a second pass.
    pub fn step(&mut self) {
        self.now_micros += STEP_MICROS;
        self.network.advance_to(self.now_micros);
        let now = LocalTime(self.now_micros);
        if self.now_micros >= self.next_tick_micros {
            self.venue.step(now);
            self.next_tick_micros += venue_model::TICK_MICROS;
        } else {
            self.venue.pump(now);
        }
        for delegate in self.delegates.iter_mut().filter(|delegate| !delegate.is_asleep) {
            delegate.core.step(now, &delegate.intent);
            delegate.intent.commands.clear();
            let listener =
                if delegate.core.keeps_order() { Listener::KeepsOrder } else { Listener::Delegate };
            while let Some(event) = delegate.core.poll_event() {
                delegate.sounds.hear(&event, listener, now);
                match event {
                    CoreEvent::Notice(notice) => delegate.notices.push(notice),
                    CoreEvent::Tile { file, .. } => delegate.tiles.push(Ok(file)),
                    CoreEvent::TileFailed(file) => delegate.tiles.push(Err(file)),
                    _ => {}
                }
            }
            delegate.listen();
            delegate.sounds.advance(now);
        }
    }

    /// Lets so many seconds pass.
    pub fn run_secs(&mut self, secs: f64) {
        let end = self.now_micros + (secs * 1e6) as u64;
        while self.now_micros < end {
            self.step();
        }
    }

    /// Steps until the condition holds; panics with the seed when it does not within `secs`.
    pub fn run_until(&mut self, what: &str, secs: f64, mut holds: impl FnMut(&Self) -> bool) {
        let end = self.now_micros + (secs * 1e6) as u64;
        while !holds(self) {
            let stages: Vec<&Stage> = self.delegates.iter().map(|delegate| delegate.core.stage()).collect();
            assert!(
                self.now_micros < end,
                "not within {secs} s: {what}; seed {}; stages {stages:?}",
                self.seed
            );
            self.step();
        }
    }

    /// Steps until everybody is in the venue and sees everybody else in the same space.
    pub fn run_until_all_inside(&mut self) {
        self.run_until("everybody is inside", 20.0, |stepper| {
            stepper.delegates.iter().all(|delegate| delegate.is_inside() && delegate.core.is_loaded())
        });
    }

    /// A delegate's id.
    pub fn id(&self, index: usize) -> ParticipantId {
        self.delegates[index].core.own_id().expect("the delegate was admitted")
    }

    /// A delegate's space.
    pub fn space(&self, index: usize) -> Option<SpaceId> {
        self.delegates[index].core.space()
    }

    /// Where a delegate stands, by their own client.
    pub fn root(&self, index: usize) -> Vec3 {
        self.delegates[index].core.body().pose().root
    }

    /// The virtual time, microseconds.
    pub fn now_micros(&self) -> u64 {
        self.now_micros
    }
}
