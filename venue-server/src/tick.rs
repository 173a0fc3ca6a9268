//! One step of the server, thirty times a second: [`Venue::step`] read top-down is the
//! server's architecture.
//!
//! It must not know runtimes, sockets, files, SQL or clocks: the transport and the store
//! are traits, the time is an argument, so that a test drives it in virtual time.

mod config;
mod delivery;
mod intents;
mod state;
#[cfg(test)]
mod tests;
mod verdicts;

pub use config::{VenueConfig, VenueError};
pub use state::VenueState;

use crate::counters::{Counters, TickPart};
use crate::sessions::admission::Admission;
use crate::sessions::ticket::TicketOffice;
use crate::sessions::{Sessions, answer_at_once};
use crate::store::{EventId, RequestId, Store, StoreChange, UnixMillis};
use crate::systems::{
    absence, blocks, doors, kept_places, live_texts, microphones, moderation, movement, notices, removal,
    reports, summons, talks, texts, voices, watching,
};
use crate::voices::{Voices, is_voice};
use crate::world::{Effects, House, Person, Plan, Purpose};
use glam::Vec3;
use std::collections::BTreeMap;
use venue_model::{BoundedText, FileHash, ServerTime, SpaceId, TICK_HZ, Tick};
use venue_package::Package;
use venue_protocol::{Closing, ClosingReason, LocalTime, ServerSessionConfig};
use venue_replication::Viewer;
use venue_transport::{CloseCode, ConnectionId, FileAnswer, ServerEvent, ServerTransport};

/// Events that one step takes from the transport at most; the rest waits for the next.
const MAX_EVENTS_PER_STEP: usize = 50_000;

/// A whole venue: everybody who is connected, every event's house, and what stands between.
pub struct Venue<T, S> {
    config: VenueConfig,
    state: VenueState,
    transport: T,
    store: S,
    sessions: Sessions,
    admission: Admission,
    houses: BTreeMap<EventId, Running>,
    waiting: BTreeMap<RequestId, (EventId, Purpose)>,
    tick: Tick,
    closing: Option<Closing>,
    closing_since: Option<LocalTime>,
    /// Forwards voices, here or on the network's thread.
    voices: Voices,
    /// Everybody was shown out because the server stops.
    is_shown_out: bool,
    counters: Counters,
    seed: u64,
}

/// One event's house and what its systems want done.
struct Running {
    house: House,
    effects: Effects,
}

/// Whether a step began when it was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lateness {
    /// It did.
    InTime,
    /// More than a whole step later.
    Late,
}

/// Hears that a part of a step is done; whoever has a clock can measure the parts.
pub trait Laps {
    /// This part is done.
    fn lap(&mut self, part: TickPart);
}

impl Laps for () {
    fn lap(&mut self, _: TickPart) {}
}

/// The time of one step on its clocks.
#[derive(Clone, Copy, Debug)]
struct Moment {
    local: LocalTime,
    server: ServerTime,
    wall: UnixMillis,
}

impl<T: ServerTransport, S: Store> Venue<T, S> {
    /// Opens a venue. Every file of the package is read and checked now, so that a damaged
    /// package is found here and not by a delegate.
    pub fn new(
        config: VenueConfig,
        package: Package,
        transport: T,
        store: S,
        seed: u64,
    ) -> Result<Self, VenueError> {
        if config.ticket_secret == [0; 32] {
            return Err(VenueError::NoTicketSecret);
        }
        let state = VenueState::read(&package)?;
        let session = ServerSessionConfig {
            program: BoundedText::lossy(&config.program),
            clock_origin: config.clock_origin,
        };
        Ok(Self {
            sessions: Sessions::new(session),
            admission: Admission::new(TicketOffice::new(&config.ticket_secret, config.issuer.clone())),
            config,
            state,
            transport,
            store,
            houses: BTreeMap::new(),
            waiting: BTreeMap::new(),
            tick: Tick(0),
            closing: None,
            closing_since: None,
            voices: Voices::default(),
            is_shown_out: false,
            counters: Counters::default(),
            seed,
        })
    }

    /// Between two steps: takes what came in and answers greetings and probes at once, so
    /// that clients measure the network and not the tick.
    pub fn pump(&mut self, now: LocalTime) {
        let moment = self.moment(now);
        self.receive(moment);
        self.send_voices(moment);
    }

    /// Takes one step: what came in, what the world makes of it, what goes out.
    pub fn step(&mut self, now: LocalTime) {
        self.step_with(now, &mut ());
    }

    /// The same, telling when each part is done.
    pub fn step_with(&mut self, now: LocalTime, laps: &mut impl Laps) {
        let moment = self.begin(now);
        self.receive(moment);
        self.sessions.handle_timeouts(now);
        self.hear_sessions(moment);
        laps.lap(TickPart::Receive);
        self.run_systems(moment);
        laps.lap(TickPart::Systems);
        self.replicate(moment);
        laps.lap(TickPart::Replicate);
        self.ask_store();
        self.hear_store(moment);
        self.deliver();
        laps.lap(TickPart::Deliver);
        self.flush();
        self.send_voices(moment);
        laps.lap(TickPart::Flush);
    }

    fn begin(&mut self, now: LocalTime) -> Moment {
        let moment = self.moment(now);
        // Rounded, so that steps which come a little early or late keep their numbers.
        let due = ((moment.server.0 * u64::from(TICK_HZ) + 500_000) / 1_000_000) as u32;
        self.tick = Tick(due.max(self.tick.0 + 1));
        self.counters.ticks += 1;
        moment
    }

    fn moment(&self, now: LocalTime) -> Moment {
        let micros = now.micros_since(self.config.clock_origin);
        let wall = UnixMillis(self.config.wall_at_origin.0 + (micros / 1000) as i64);
        Moment { local: now, server: ServerTime(micros), wall }
    }

    /// Transport → sessions.
    fn receive(&mut self, moment: Moment) {
        for _ in 0..MAX_EVENTS_PER_STEP {
            let Some(event) = self.transport.poll() else { break };
            match event {
                ServerEvent::Opened { connection, remote, exporter } => {
                    self.counters.sessions_opened += 1;
                    if !self.sessions.opened(connection, remote, exporter, moment.local) {
                        self.counters.sessions_turned_away += 1;
                        let why = "too many others are coming in now";
                        self.transport.close(connection, CloseCode::TooManyConnections, why);
                    }
                }
                ServerEvent::Control { connection, bytes } => {
                    if let Some(session) = self.sessions.get_mut(connection) {
                        session.protocol.handle_control(moment.local, &bytes);
                        answer_at_once(connection, session, &mut self.transport, &mut self.counters);
                    }
                }
                // Of a transport without a lane for voices.
                ServerEvent::Datagram { connection, bytes } if is_voice(&bytes) => {
                    self.voices.lock().receive(connection, &bytes, moment.server);
                }
                ServerEvent::Datagram { connection, bytes } => {
                    self.counters.datagrams_in += 1;
                    if let Some(session) = self.sessions.get_mut(connection) {
                        session.protocol.handle_datagram(moment.local, bytes);
                        answer_at_once(connection, session, &mut self.transport, &mut self.counters);
                    }
                }
                ServerEvent::FileRequested { connection, request, hash } => {
                    let answer = self.answer_for_file(connection, hash);
                    self.transport.answer_file(connection, request, answer);
                }
                ServerEvent::Closed { connection, reason } => self.sessions.closed(connection, reason),
            }
        }
    }

    /// Only people who were admitted get files.
    fn answer_for_file(&mut self, connection: ConnectionId, hash: FileHash) -> FileAnswer {
        let is_inside = self.sessions.get(connection).is_some_and(|session| session.inside.is_some());
        let answer = match self.state.file(hash) {
            _ if !is_inside => FileAnswer::Refused,
            Some(bytes) => FileAnswer::Content(bytes.clone()),
            None => FileAnswer::NotFound,
        };
        match answer {
            FileAnswer::Content(_) => self.counters.files_sent += 1,
            _ => self.counters.files_refused += 1,
        }
        answer
    }

    /// Intents have been applied; now time passes in every house.
    fn run_systems(&mut self, moment: Moment) {
        let grace_micros = u64::from(self.config.grace_secs) * 1_000_000;
        for Running { house, effects } in self.houses.values_mut() {
            let kept = kept_places::all(house, &self.state.plan);
            for (_, space) in house.spaces_mut() {
                movement::run(space, &self.state.plan, &kept, moment.server, effects);
            }
            doors::run(house, &self.state.plan, moment.server, effects);
            live_texts::run(house, moment.server, effects);
            summons::run(house, &self.state.plan, moment.server, effects);
            absence::run(house, &self.state.plan, moment.server, grace_micros, effects);
            watching::run(house, &self.state.plan, moment.server, effects);
            microphones::run(house, effects);
            talks::run(house, moment.server, effects);
            kept_places::run(house, &self.state.plan, moment.server, effects);
            notices::run(house, self.tick);
        }
        self.tell_voices(moment);
    }

    /// World → the voices' router.
    fn tell_voices(&mut self, moment: Moment) {
        let (sessions, plan) = (&self.sessions, &self.state.plan);
        let connection_of = |person: &Person| sessions.connection_of(person.participant.id);
        let houses = self.houses.values();
        let all = houses.flat_map(|Running { house, .. }| voices::attendees(house, plan, connection_of));
        let mut router = self.voices.lock();
        router.update(all, self.transport.is_behind(), moment.server);
        let (malformed, counts) = (router.take_malformed(), router.counts());
        drop(router);
        self.counters.voices = counts;
        for (connection, error) in malformed {
            if let Some(session) = self.sessions.get_mut(connection) {
                session.protocol.fail_malformed(error);
            }
        }
    }

    /// The router → the transport, where that has no lane of its own for voices.
    fn send_voices(&mut self, moment: Moment) {
        let mut out = Vec::new();
        self.voices.lock().flush(moment.server, &mut out);
        if !out.is_empty() {
            self.transport.send_batch(&out);
        }
    }

    /// World → datagrams for each viewer. Every space is encoded once. A machine that is behind leaves ticks out: what comes
    /// less often is seen all the same, what is lost is not.
    fn replicate(&mut self, moment: Moment) {
        if self.transport.is_behind() {
            self.counters.ticks_unsent += 1;
            return;
        }
        let mut datagrams = Vec::new();
        for Running { house, .. } in self.houses.values_mut() {
            let viewers = viewers_by_space(house, &self.state.plan, moment.server);
            for (id, space) in house.spaces_mut() {
                let Some(viewers) = viewers.get(&id) else { continue };
                space.replicator.encode(self.tick, &space.world);
                for viewer in viewers {
                    space.replicator.datagrams_for(viewer, &mut datagrams);
                    datagrams.drain(..).for_each(|datagram| {
                        self.sessions.queue_datagram(viewer.participant, datagram);
                    });
                }
            }
        }
    }

    /// Requests of the systems → store.
    fn ask_store(&mut self) {
        for (&event, Running { effects, .. }) in &mut self.houses {
            for (request, purpose) in effects.requests.drain(..) {
                self.waiting.insert(self.store.submit(request), (event, purpose));
            }
        }
    }

    /// Store → what waited for it, and changes that others made.
    fn hear_store(&mut self, moment: Moment) {
        while let Some((request, reply)) = self.store.poll() {
            // The store's own thread has logged why.
            self.counters.store_failures += u64::from(reply.is_err());
            if let Some(verdict) = self.admission.judge(request, &reply, moment.server) {
                // Who comes in now gets everything up to here by the welcome alone.
                self.deliver();
                self.carry_out(verdict, moment);
                continue;
            }
            let Some((event, purpose)) = self.waiting.remove(&request) else { continue };
            let Some(Running { house, effects }) = self.houses.get_mut(&event) else { continue };
            match purpose {
                Purpose::Text(text) => texts::settle(house, text, reply, moment.server, effects),
                Purpose::Missed { who } => texts::settle_missed(house, &self.state.plan, who, reply, effects),
                Purpose::Presence => {}
                Purpose::Act(act) => {
                    moderation::settle(house, &self.state.plan, act, reply, moment.server, effects);
                }
                Purpose::Undo(undo) => moderation::settle_undo(house, undo, &reply, moment.server, effects),
                Purpose::Locks => moderation::settle_locks(house, &self.state.plan, reply, effects),
                Purpose::Block(block) => blocks::settle(house, block, &reply, effects),
                Purpose::Unblock { by, block } => blocks::settle_end(house, by, block, &reply, effects),
                Purpose::Report { by, client_ref } => {
                    reports::settle(house, &self.state.plan, (by, client_ref), reply, effects);
                }
                Purpose::Answer { by } => reports::settle_answer(house, by, reply, effects),
                Purpose::Reports { of } => {
                    reports::settle_lookup(house, &self.state.plan, of, reply, effects)
                }
            }
        }
        while let Some(change) = self.store.poll_change() {
            self.apply_change(&change);
        }
        self.counters.store_waiting = self.store.outstanding() as u64;
    }

    fn apply_change(&mut self, change: &StoreChange) {
        for Running { house, effects } in self.houses.values_mut() {
            removal::apply(house, &self.state.plan, change, effects);
        }
    }

    /// Sessions → transport.
    fn flush(&mut self) {
        self.sessions.flush(&mut self.transport, &mut self.counters);
        let waiting = &self.waiting;
        self.houses.retain(|event, running| {
            !running.house.people.is_empty()
                || !running.effects.requests.is_empty()
                || waiting.values().any(|(of, _)| of == event)
        });
        self.count_people();
    }

    fn count_people(&mut self) {
        let counters = &mut self.counters;
        counters.sessions = self.sessions.len() as u64;
        (counters.people_connected, counters.people_lost, counters.people_watching) = (0, 0, 0);
        for person in self.houses.values().flat_map(|running| running.house.people.iter()) {
            counters.people_connected += u64::from(person.is_connected());
            counters.people_lost += u64::from(!person.is_connected());
            counters.people_watching += u64::from(person.is_watching());
        }
    }

    /// Lets nobody in any more, waits until accepted texts are stored, and tells everybody
    /// that the server stops. Steps go on until [`Venue::is_closed`].
    pub fn close(&mut self, reason: ClosingReason, back_in_secs: u32) {
        self.closing = Some(Closing { reason, back_in_secs });
    }

    /// Sets the wall clock, which tickets expire by; the loop does it now and then, because
    /// the two clocks of a machine run apart.
    pub fn set_wall_clock(&mut self, now: LocalTime, wall: UnixMillis) {
        let micros = now.micros_since(self.config.clock_origin);
        self.config.wall_at_origin = UnixMillis(wall.0 - (micros / 1000) as i64);
    }

    /// Whether everything is stored and everybody was told. A house stays until its last
    /// entries are stored, those of people whose connection was lost before the end included.
    pub fn is_closed(&self) -> bool {
        self.is_shown_out
            && self.sessions.is_empty()
            && self.houses.is_empty()
            && self.store.outstanding() == 0
    }

    /// What was counted until now.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// Notes how long the last step took and whether it began late; only the loop around
    /// the step has a clock.
    pub fn note_tick(&mut self, micros: u64, lateness: Lateness) {
        self.counters.note_tick(micros);
        self.counters.ticks_late += u64::from(lateness == Lateness::Late);
    }

    /// The voices' router, for a lane of the network's own thread.
    pub fn voices(&self) -> Voices {
        self.voices.clone()
    }

    /// The transport, e.g. for its address.
    pub fn transport(&self) -> &T {
        &self.transport
    }

    /// Gives transport and store back, to be shut down.
    pub fn into_parts(self) -> (T, S) {
        (self.transport, self.store)
    }
}

/// Who looks into each space, connected people only: those who are in it, and those who see it through an open door.
fn viewers_by_space(house: &House, plan: &Plan, now: ServerTime) -> BTreeMap<SpaceId, Vec<Viewer>> {
    let mut viewers: BTreeMap<_, Vec<Viewer>> = BTreeMap::new();
    for person in house.people.iter().filter(|person| person.is_connected()) {
        let participant = person.participant.id;
        let walker = house.walker(participant);
        let (position, facing) = match &walker {
            Some(walker) => (walker.pose.root, notices::facing(&walker.pose)),
            None => (person.nowhere().position, Vec3::ZERO),
        };
        let viewer = Viewer {
            participant,
            position,
            facing,
            hidden: house.hidden_from(participant),
            talks_with: person.talks.with(now),
            border: None,
            delegation: notices::delegation(&person.participant.delegation),
        };
        for (space, door) in walker.iter().flat_map(|_| plan.doors_near(person.space, position)) {
            if house.may_enter(participant, space) {
                viewers.entry(space).or_default().push(Viewer { border: Some(door), ..viewer.clone() });
            }
        }
        viewers.entry(person.space).or_default().push(viewer);
    }
    viewers
}
