//! The client's end of one connection: hello, join, updates, the clock, ticket renewal, goodbye.
//!
//! It signs nothing: the owner gives the device's proof when [`ClientSessionEvent::ProofWanted`] asks.

use super::probes::Probes;
use super::update::ServerUpdate;
use super::{CLIENT_IDLE_MICROS, ClientRequest, HANDSHAKE_TIMEOUT_MICROS, SessionClose};
use crate::clock::{ClockSample, ServerClock};
use crate::datagram::ProbeReply;
use crate::frame::{FrameReader, MAX_SERVER_PAYLOAD};
use crate::{
    Appearance, ClientMessage, CloseCode, CloseReason, Closing, Credential, DatagramKind, Features, Hello,
    HelloAccepted, HelloRefused, Join, Leave, LocalTime, ProgramName, Refused, Removed, RenewTicket,
    ServerMessage, Ticket, VERSION_MAX, VERSION_MIN, Welcome, join_proof_message,
};
use bytes::{Bytes, BytesMut};
use std::collections::VecDeque;
use venue_model::{DeviceKey, Language, ServerTime};

/// Who the client is and what it wants.
#[derive(Clone, Debug)]
pub struct ClientSessionConfig {
    /// The client's program.
    pub program: ProgramName,
    /// The device's public key.
    pub device_key: DeviceKey,
    /// The language that the delegate reads.
    pub language: Language,
    /// What entitles to enter.
    pub credential: Credential,
    /// How the delegate wants to look.
    pub appearance: Appearance,
}

/// Why a session ended, as the client sees it.
#[derive(Clone, Debug, PartialEq)]
pub enum SessionEnd {
    /// The delegate left.
    Left,
    /// No common version.
    WrongVersion(HelloRefused),
    /// Not admitted.
    Refused(Refused),
    /// Another device of the same invitation took over.
    TakenOver,
    /// Removed from the event.
    Removed(Removed),
    /// The server stops.
    ServerClosing(Closing),
    /// The server sent what is not in the protocol.
    ProtocolError(String),
    /// The server fell silent.
    Idle,
    /// The connection closed.
    Connection(CloseReason),
}

/// What the owner has to act upon.
#[derive(Clone, Debug, PartialEq)]
pub enum ClientSessionEvent {
    /// Sign `message` with the device key and call [`ClientSession::join`].
    ProofWanted {
        /// What to sign with Ed25519.
        message: Vec<u8>,
    },
    /// Admitted.
    Welcomed(Box<Welcome>),
    /// A fresh ticket to come back with.
    TicketRenewed(Ticket),
    /// Something changed.
    Update(ServerUpdate),
    /// A datagram that is not the session's own business.
    Datagram(Bytes),
    /// It is over; nothing follows.
    Ended(SessionEnd),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    AwaitsOpening,
    AwaitsHello { asked: LocalTime },
    AwaitsProof,
    AwaitsWelcome,
    Inside,
    Over,
}

/// The client's end of one connection.
#[derive(Debug)]
pub struct ClientSession {
    config: ClientSessionConfig,
    state: State,
    exporter: [u8; 32],
    opened: LocalTime,
    heard: LocalTime,
    frames: FrameReader,
    clock: ServerClock,
    probes: Probes,
    renewal: Option<Renewal>,
    control_out: VecDeque<Bytes>,
    datagrams_out: VecDeque<Bytes>,
    probe_buffer: BytesMut,
    events: VecDeque<ClientSessionEvent>,
    close: Option<SessionClose>,
}

#[derive(Clone, Copy, Debug)]
struct Renewal {
    at: LocalTime,
    retry_micros: u64,
}

impl ClientSession {
    /// A session over a connection that is not open yet; `seed` spreads the probes of many clients.
    pub fn new(config: ClientSessionConfig, seed: u64) -> Self {
        Self {
            config,
            state: State::AwaitsOpening,
            exporter: [0; 32],
            opened: LocalTime(0),
            heard: LocalTime(0),
            frames: FrameReader::new(MAX_SERVER_PAYLOAD),
            clock: ServerClock::new(),
            probes: Probes::new(seed),
            renewal: None,
            control_out: VecDeque::new(),
            datagrams_out: VecDeque::new(),
            probe_buffer: BytesMut::new(),
            events: VecDeque::new(),
            close: None,
        }
    }

    /// The server's time; none before the hello was answered. Never runs backwards.
    pub fn server_time(&self, now: LocalTime) -> Option<ServerTime> {
        self.clock.server_time(now)
    }

    /// Time there and back of the best probe, µs.
    pub fn round_trip_micros(&self) -> Option<u64> {
        self.clock.round_trip_micros()
    }

    /// Whether the delegate was admitted and the session is not over.
    pub fn is_inside(&self) -> bool {
        self.state == State::Inside
    }

    /// Whether the session is over. Its last messages and the close may still have to be polled.
    pub fn is_over(&self) -> bool {
        self.state == State::Over
    }

    /// The connection is open; `exporter` is its TLS exporter's value.
    pub fn handle_opened(&mut self, now: LocalTime, exporter: [u8; 32]) {
        if self.state != State::AwaitsOpening {
            return;
        }
        self.exporter = exporter;
        self.opened = now;
        self.heard = now;
        self.state = State::AwaitsHello { asked: now };
        self.push(Hello {
            version_min: VERSION_MIN,
            version_max: VERSION_MAX,
            features: Features::OWN,
            program: self.config.program.clone(),
            device_key: self.config.device_key,
            language: self.config.language,
        });
    }

    /// Takes the control stream's next bytes, however they are cut.
    pub fn handle_control(&mut self, now: LocalTime, bytes: &[u8]) {
        if matches!(self.state, State::AwaitsOpening | State::Over) {
            return;
        }
        self.heard = now;
        self.frames.push(bytes);
        while !self.is_over() {
            let decoded = match self.frames.next_frame() {
                Ok(Some(frame)) => ServerMessage::decode(&frame),
                Ok(None) => return,
                Err(error) => Err(error),
            };
            match decoded {
                Ok(Some(message)) => self.handle_message(now, message),
                Ok(None) => {}
                Err(error) => self.fail(&error.to_string()),
            }
        }
    }

    fn handle_message(&mut self, now: LocalTime, message: ServerMessage) {
        match message {
            ServerMessage::HelloAccepted(hello) => self.handle_hello(now, &hello),
            ServerMessage::HelloRefused(refusal) => self.over(SessionEnd::WrongVersion(refusal)),
            ServerMessage::Refused(refusal) => self.over(SessionEnd::Refused(refusal)),
            ServerMessage::Welcome(welcome) => self.handle_welcome(now, welcome),
            ServerMessage::TakenOver(_) => self.over(SessionEnd::TakenOver),
            ServerMessage::Removed(removed) => self.over(SessionEnd::Removed(removed)),
            ServerMessage::Closing(closing) => self.over(SessionEnd::ServerClosing(closing)),
            _ if self.state != State::Inside => self.fail("an update came before Welcome"),
            ServerMessage::Ticket(ticket) => {
                self.plan_renewal(now, &ticket);
                self.events.push_back(ClientSessionEvent::TicketRenewed(ticket));
            }
            message => match ServerUpdate::of(message) {
                Some(update) => self.events.push_back(ClientSessionEvent::Update(update)),
                None => self.fail("a message that is not an update"),
            },
        }
    }

    fn handle_hello(&mut self, now: LocalTime, hello: &HelloAccepted) {
        let State::AwaitsHello { asked } = self.state else {
            return self.fail("HelloAccepted came twice");
        };
        if !(VERSION_MIN..=VERSION_MAX).contains(&hello.version) {
            return self.fail("the server chose a version that was not offered");
        }
        let server_time = hello.server_time;
        self.clock.add(ClockSample { asked, received: server_time, answered: server_time, returned: now });
        self.probes.start(now);
        self.state = State::AwaitsProof;
        let message = join_proof_message(&self.exporter, &self.config.credential);
        self.events.push_back(ClientSessionEvent::ProofWanted { message });
    }

    /// Asks to be admitted with the device's signature over [`ClientSessionEvent::ProofWanted`]'s message.
    pub fn join(&mut self, proof: [u8; 64]) {
        if self.state == State::AwaitsProof {
            self.state = State::AwaitsWelcome;
            let Self { config: ClientSessionConfig { credential, appearance, .. }, .. } = self;
            let join = Join { credential: credential.clone(), proof, appearance: *appearance };
            self.push(join);
        }
    }

    fn handle_welcome(&mut self, now: LocalTime, welcome: Welcome) {
        if self.state != State::AwaitsWelcome {
            return self.fail("Welcome came at the wrong time");
        }
        self.state = State::Inside;
        self.plan_renewal(now, &welcome.ticket);
        self.events.push_back(ClientSessionEvent::Welcomed(Box::new(welcome)));
    }

    fn plan_renewal(&mut self, now: LocalTime, ticket: &Ticket) {
        let life = u64::from(ticket.valid_secs).max(8) * 1_000_000;
        self.renewal = Some(Renewal { at: now + life / 2, retry_micros: life / 8 });
    }

    /// Takes a datagram. Answers to probes set the clock; unknown kinds are ignored.
    pub fn handle_datagram(&mut self, now: LocalTime, datagram: Bytes) {
        if matches!(self.state, State::AwaitsOpening | State::Over) {
            return;
        }
        self.heard = now;
        match DatagramKind::of(&datagram) {
            Some(DatagramKind::ProbeReply) => match ProbeReply::decode(&datagram) {
                Ok(reply) => self.take_reply(now, reply),
                Err(error) => self.fail(&error.to_string()),
            },
            Some(_) if self.state == State::Inside => {
                self.events.push_back(ClientSessionEvent::Datagram(datagram));
            }
            _ => {}
        }
    }

    fn take_reply(&mut self, now: LocalTime, reply: ProbeReply) {
        if let Some(asked) = self.probes.answered(reply.id) {
            let ProbeReply { received, sent: answered, .. } = reply;
            self.clock.add(ClockSample { asked, received, answered, returned: now });
        }
    }

    /// The connection is gone.
    pub fn handle_closed(&mut self, reason: CloseReason) {
        if !self.is_over() {
            self.state = State::Over;
            self.events.push_back(ClientSessionEvent::Ended(SessionEnd::Connection(reason)));
        }
        self.control_out.clear();
        self.datagrams_out.clear();
        self.close = None;
    }

    /// Sends what is due: probes and the ticket's renewal; or gives the server up.
    pub fn handle_timeout(&mut self, now: LocalTime) {
        if matches!(self.state, State::AwaitsOpening | State::Over) {
            return;
        }
        if self.silence_deadline() <= now {
            return self.over_with(SessionEnd::Idle, CloseCode::Idle, "nothing was heard for too long");
        }
        if let Some(probe) = self.probes.due(now) {
            self.datagrams_out.clear();
            self.datagrams_out.push_back(probe.encode_into(&mut self.probe_buffer));
        }
        if let Some(Renewal { at, retry_micros }) = self.renewal
            && at <= now
        {
            self.renewal = Some(Renewal { at: now + retry_micros, retry_micros });
            self.push(RenewTicket);
        }
    }

    /// The server has a deadline for the handshake; the client allows it two seconds more.
    fn silence_deadline(&self) -> LocalTime {
        match self.state {
            State::AwaitsHello { .. } => self.opened + HANDSHAKE_TIMEOUT_MICROS + 2_000_000,
            _ => self.heard + CLIENT_IDLE_MICROS,
        }
    }

    /// When [`Self::handle_timeout`] is to be called next.
    pub fn poll_timeout(&self) -> Option<LocalTime> {
        if matches!(self.state, State::AwaitsOpening | State::Over) {
            return None;
        }
        let renewal = self.renewal.map(|renewal| renewal.at);
        [Some(self.silence_deadline()), self.probes.next_at(), renewal].into_iter().flatten().min()
    }

    /// Bytes for the control stream.
    pub fn poll_control(&mut self) -> Option<Bytes> {
        self.control_out.pop_front()
    }

    /// A datagram to send.
    pub fn poll_datagram(&mut self) -> Option<Bytes> {
        self.datagrams_out.pop_front()
    }

    /// Something to act upon.
    pub fn poll_event(&mut self) -> Option<ClientSessionEvent> {
        self.events.pop_front()
    }

    /// Whether the connection is to be closed; given once, after the last control bytes were polled.
    pub fn poll_close(&mut self) -> Option<SessionClose> {
        if self.control_out.is_empty() { self.close.take() } else { None }
    }

    /// Asks the server for something; nothing happens unless the delegate is inside.
    pub fn request(&mut self, request: ClientRequest) {
        if self.is_inside() {
            self.push(request);
        }
    }

    /// Says goodbye and closes.
    pub fn leave(&mut self) {
        if self.is_over() {
            return;
        }
        if matches!(self.state, State::Inside | State::AwaitsWelcome) {
            self.push(Leave);
        }
        self.over_with(SessionEnd::Left, CloseCode::Normal, "goodbye");
    }

    /// The owner found a datagram malformed: ends the session as a malformed message does.
    pub fn fail_malformed(&mut self, error: crate::DecodeError) {
        self.fail(&error.to_string());
    }

    fn push(&mut self, message: impl Into<ClientMessage>) {
        self.control_out.push_back(message.into().encode());
    }

    fn fail(&mut self, why: &str) {
        self.over_with(SessionEnd::ProtocolError(why.to_owned()), CloseCode::ProtocolError, why);
    }

    fn over(&mut self, end: SessionEnd) {
        self.over_with(end, CloseCode::Normal, "understood");
    }

    fn over_with(&mut self, end: SessionEnd, code: CloseCode, reason: &str) {
        if self.is_over() {
            return;
        }
        self.state = State::Over;
        self.datagrams_out.clear();
        self.close = Some(SessionClose { code, reason: reason.to_owned() });
        self.events.push_back(ClientSessionEvent::Ended(end));
    }
}
