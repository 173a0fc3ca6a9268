//! The server's end of one connection: hello, join, requests, probes, idle time, goodbye.
//!
//! It decides nothing about people: it asks the owner by events and is told by `admit`, `refuse`,
//! `send` and `end`.

use super::rate::Bucket;
use super::request::ClientRequest;
use super::{HANDSHAKE_TIMEOUT_MICROS, SERVER_IDLE_MICROS, SessionClose};
use crate::datagram::{Probe, ProbeReply};
use crate::frame::{FrameReader, MAX_CLIENT_PAYLOAD};
use crate::{
    Appearance, ClientMessage, CloseCode, CloseReason, Closing, Credential, DatagramKind, DecodeError,
    Features, Hello, HelloAccepted, HelloRefused, Join, LocalTime, MAX_WELCOME_PEOPLE, MAX_WELCOME_SEATS,
    PresenceJoined, ProgramName, Refused, Removed, ServerMessage, TakenOver, VERSION_MAX, VERSION_MIN,
    Welcome, join_proof_message,
};
use bytes::Bytes;
use std::collections::VecDeque;
use venue_model::{DeviceKey, Language, ServerTime};

/// What every session of a server shares.
#[derive(Clone, Debug)]
pub struct ServerSessionConfig {
    /// The server's program.
    pub program: ProgramName,
    /// The local time at which the server's time is zero.
    pub clock_origin: LocalTime,
}

/// A client asks to be admitted. The owner checks the proof and answers with
/// [`ServerSession::admit`] or [`ServerSession::refuse`].
#[derive(Clone, Debug, PartialEq)]
pub struct JoinRequest {
    /// What entitles.
    pub credential: Credential,
    /// The Ed25519 signature of `signed` by `device_key`.
    pub proof: [u8; 64],
    /// The bytes that must have been signed.
    pub signed: Vec<u8>,
    /// The device's public key.
    pub device_key: DeviceKey,
    /// The language that the delegate reads.
    pub language: Language,
    /// How the delegate wants to look.
    pub appearance: Appearance,
    /// The client's program.
    pub program: ProgramName,
    /// The version that both speak.
    pub version: u16,
    /// What both can do.
    pub features: Features,
}

/// Why a session ended, as the server sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerSessionEnd {
    /// The client said goodbye.
    Left,
    /// The owner ended it with this code.
    Ended(CloseCode),
    /// No common version.
    WrongVersion {
        /// Oldest version that the client speaks.
        version_min: u16,
        /// Newest version that the client speaks.
        version_max: u16,
    },
    /// The client sent bytes that are not in the protocol.
    Malformed(DecodeError),
    /// The client sent a message at the wrong time.
    OutOfOrder(&'static str),
    /// The client sent more messages than it may.
    TooFast,
    /// The client did not ask to be admitted in time.
    HandshakeTimeout,
    /// Nothing was heard for too long.
    Idle,
    /// The connection closed.
    Connection(CloseReason),
}

/// What the owner has to act upon.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerSessionEvent {
    /// Somebody wants to be admitted.
    JoinRequested(Box<JoinRequest>),
    /// An admitted client asks for something.
    Request(ClientRequest),
    /// An admitted client sent a datagram that is not the session's own business.
    Datagram(Bytes),
    /// It is over; nothing follows.
    Ended(ServerSessionEnd),
}

#[derive(Debug)]
enum State {
    AwaitsHello { deadline: LocalTime },
    AwaitsJoin { deadline: LocalTime, hello: Hello, version: u16 },
    AwaitsDecision,
    Admitted,
    Over,
}

/// The server's end of one connection.
#[derive(Debug)]
pub struct ServerSession {
    config: ServerSessionConfig,
    exporter: [u8; 32],
    state: State,
    frames: FrameReader,
    heard: LocalTime,
    messages: Bucket,
    datagrams: Bucket,
    control_out: VecDeque<Bytes>,
    datagrams_out: VecDeque<Bytes>,
    events: VecDeque<ServerSessionEvent>,
    close: Option<SessionClose>,
}

/// Control messages a client may send: a second's average and a burst.
const MESSAGES_PER_SECOND: u64 = 30;
const MESSAGES_BURST: u64 = 120;

/// Datagrams a client may send; more are dropped.
const DATAGRAMS_PER_SECOND: u64 = 150;
const DATAGRAMS_BURST: u64 = 300;

/// Probe replies that wait to be sent; an owner that does not drain them loses the oldest.
const MAX_WAITING_REPLIES: usize = 8;

impl ServerSession {
    /// A session over a connection that opened now; `exporter` is its TLS exporter's value.
    pub fn new(config: ServerSessionConfig, exporter: [u8; 32], now: LocalTime) -> Self {
        Self {
            config,
            exporter,
            state: State::AwaitsHello { deadline: now + HANDSHAKE_TIMEOUT_MICROS },
            frames: FrameReader::new(MAX_CLIENT_PAYLOAD),
            heard: now,
            messages: Bucket::new(MESSAGES_PER_SECOND, MESSAGES_BURST, now),
            datagrams: Bucket::new(DATAGRAMS_PER_SECOND, DATAGRAMS_BURST, now),
            control_out: VecDeque::new(),
            datagrams_out: VecDeque::new(),
            events: VecDeque::new(),
            close: None,
        }
    }

    /// Whether the client was admitted and the session is not over.
    pub fn is_admitted(&self) -> bool {
        matches!(self.state, State::Admitted)
    }

    /// Whether the session is over. Its last messages and the close may still have to be polled.
    pub fn is_over(&self) -> bool {
        matches!(self.state, State::Over)
    }

    /// The server's time at a local time.
    pub fn server_time(&self, now: LocalTime) -> ServerTime {
        ServerTime(now.micros_since(self.config.clock_origin))
    }

    /// Takes the control stream's next bytes, however they are cut.
    pub fn handle_control(&mut self, now: LocalTime, bytes: &[u8]) {
        if self.is_over() {
            return;
        }
        self.heard = now;
        self.frames.push(bytes);
        while !self.is_over() {
            let frame = match self.frames.next_frame() {
                Ok(Some(frame)) => frame,
                Ok(None) => return,
                Err(error) => return self.fail(ServerSessionEnd::Malformed(error)),
            };
            if !self.messages.take(now) {
                return self.fail(ServerSessionEnd::TooFast);
            }
            match ClientMessage::decode(&frame) {
                Ok(Some(message)) => self.handle_message(now, message),
                Ok(None) => {}
                Err(error) => self.fail(ServerSessionEnd::Malformed(error)),
            }
        }
    }

    fn handle_message(&mut self, now: LocalTime, message: ClientMessage) {
        match std::mem::replace(&mut self.state, State::Over) {
            State::AwaitsHello { deadline } => match message {
                ClientMessage::Hello(hello) => self.answer_hello(now, deadline, hello),
                _ => self.fail(ServerSessionEnd::OutOfOrder("the first message must be Hello")),
            },
            State::AwaitsJoin { hello, version, .. } => match message {
                ClientMessage::Join(join) => self.ask_for_admission(hello, version, join),
                _ => self.fail(ServerSessionEnd::OutOfOrder("after Hello comes Join")),
            },
            State::AwaitsDecision => match message {
                ClientMessage::Leave(_) => self.end(ServerSessionEnd::Left, CloseCode::Normal, "goodbye"),
                _ => self.fail(ServerSessionEnd::OutOfOrder("after Join the client waits for the answer")),
            },
            State::Admitted => {
                self.state = State::Admitted;
                self.handle_request(message);
            }
            State::Over => {}
        }
    }

    fn answer_hello(&mut self, now: LocalTime, deadline: LocalTime, hello: Hello) {
        let program = self.config.program.clone();
        let Some(version) = hello.common_version() else {
            let refusal = HelloRefused { version_min: VERSION_MIN, version_max: VERSION_MAX, program };
            self.push(&refusal.into());
            let Hello { version_min, version_max, .. } = hello;
            let end = ServerSessionEnd::WrongVersion { version_min, version_max };
            return self.end(end, CloseCode::Refused, "no common version");
        };
        let features = Features::OWN.common(hello.features);
        let server_time = self.server_time(now);
        self.push(&HelloAccepted { version, features, server_time, program }.into());
        self.state = State::AwaitsJoin { deadline, hello, version };
    }

    fn ask_for_admission(&mut self, hello: Hello, version: u16, join: Join) {
        self.state = State::AwaitsDecision;
        let request = JoinRequest {
            signed: join_proof_message(&self.exporter, &join.credential),
            credential: join.credential,
            proof: join.proof,
            device_key: hello.device_key,
            language: hello.language,
            appearance: join.appearance,
            program: hello.program,
            version,
            features: Features::OWN.common(hello.features),
        };
        self.events.push_back(ServerSessionEvent::JoinRequested(Box::new(request)));
    }

    fn handle_request(&mut self, message: ClientMessage) {
        if matches!(message, ClientMessage::Leave(_)) {
            return self.end(ServerSessionEnd::Left, CloseCode::Normal, "goodbye");
        }
        match ClientRequest::of(message) {
            Some(request) => self.events.push_back(ServerSessionEvent::Request(request)),
            None => self.fail(ServerSessionEnd::OutOfOrder("Hello and Join come once")),
        }
    }

    /// Takes a datagram. Probes are answered here; what comes too often is dropped.
    pub fn handle_datagram(&mut self, now: LocalTime, datagram: Bytes) {
        if self.is_over() || !self.datagrams.take(now) {
            return;
        }
        self.heard = now;
        match DatagramKind::of(&datagram) {
            Some(DatagramKind::Probe) => match Probe::decode(&datagram) {
                Ok(probe) => self.answer_probe(now, probe),
                Err(error) => self.fail(ServerSessionEnd::Malformed(error)),
            },
            Some(_) if self.is_admitted() => self.events.push_back(ServerSessionEvent::Datagram(datagram)),
            _ => {}
        }
    }

    fn answer_probe(&mut self, now: LocalTime, probe: Probe) {
        let time = self.server_time(now);
        if self.datagrams_out.len() == MAX_WAITING_REPLIES {
            self.datagrams_out.pop_front();
        }
        self.datagrams_out.push_back(ProbeReply { id: probe.id, received: time, sent: time }.encode());
    }

    /// The connection is gone.
    pub fn handle_closed(&mut self, reason: CloseReason) {
        if !self.is_over() {
            self.state = State::Over;
            self.events.push_back(ServerSessionEvent::Ended(ServerSessionEnd::Connection(reason)));
        }
        self.control_out.clear();
        self.datagrams_out.clear();
        self.close = None;
    }

    /// Looks whether a deadline passed.
    pub fn handle_timeout(&mut self, now: LocalTime) {
        let handshake = match self.state {
            State::AwaitsHello { deadline } | State::AwaitsJoin { deadline, .. } => Some(deadline),
            _ => None,
        };
        if self.is_over() {
            return;
        }
        if handshake.is_some_and(|deadline| deadline <= now) {
            let end = ServerSessionEnd::HandshakeTimeout;
            self.end(end, CloseCode::HandshakeTimeout, "no Join came in time");
        } else if self.heard + SERVER_IDLE_MICROS <= now {
            self.end(ServerSessionEnd::Idle, CloseCode::Idle, "nothing was heard for too long");
        }
    }

    /// When [`Self::handle_timeout`] is to be called next.
    pub fn poll_timeout(&self) -> Option<LocalTime> {
        let idle = self.heard + SERVER_IDLE_MICROS;
        match self.state {
            State::AwaitsHello { deadline } | State::AwaitsJoin { deadline, .. } => Some(deadline.min(idle)),
            State::AwaitsDecision | State::Admitted => Some(idle),
            State::Over => None,
        }
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
    pub fn poll_event(&mut self) -> Option<ServerSessionEvent> {
        self.events.pop_front()
    }

    /// Whether the connection is to be closed; given once, after the last control bytes were polled.
    pub fn poll_close(&mut self) -> Option<SessionClose> {
        if self.control_out.is_empty() { self.close.take() } else { None }
    }

    /// Lets the client in. People and seats beyond the message's limits follow as single messages.
    pub fn admit(&mut self, mut welcome: Welcome) {
        if !matches!(self.state, State::AwaitsDecision) {
            return;
        }
        self.state = State::Admitted;
        let more_people = welcome.people.split_off(welcome.people.len().min(MAX_WELCOME_PEOPLE));
        let more_seats = welcome.seats.split_off(welcome.seats.len().min(MAX_WELCOME_SEATS));
        self.push(&welcome.into());
        more_people.into_iter().for_each(|presence| self.push(&PresenceJoined { presence }.into()));
        more_seats.into_iter().for_each(|seat| self.push(&seat.into()));
    }

    /// Does not let the client in, and closes.
    pub fn refuse(&mut self, refusal: Refused) {
        if !self.is_over() {
            self.push(&refusal.into());
            self.end(ServerSessionEnd::Ended(CloseCode::Refused), CloseCode::Refused, "not admitted");
        }
    }

    /// Sends a message to an admitted client; nothing happens when there is none.
    pub fn send(&mut self, message: &ServerMessage) {
        self.send_encoded(message.encode());
    }

    /// Sends what [`ServerMessage::encode`] gave: for messages that go to many, encoded once.
    pub fn send_encoded(&mut self, frame: Bytes) {
        if self.is_admitted() {
            self.control_out.push_back(frame);
        }
    }

    /// Tells the client that another device took over, and closes.
    pub fn take_over(&mut self) {
        self.last_words(&TakenOver.into(), CloseCode::TakenOver, "another device took over");
    }

    /// Tells the client that it was removed, and closes.
    pub fn remove(&mut self, removed: Removed) {
        self.last_words(&removed.into(), CloseCode::Removed, "removed from the event");
    }

    /// Tells the client that the server stops, and closes.
    pub fn shut_down(&mut self, closing: Closing) {
        self.last_words(&closing.into(), CloseCode::ServerClosing, "the server stops");
    }

    /// The owner found a datagram malformed: ends the session as a malformed message does.
    pub fn fail_malformed(&mut self, error: DecodeError) {
        self.fail(ServerSessionEnd::Malformed(error));
    }

    /// Ends the session without a message, e.g. because of an internal fault or a slow reader.
    pub fn abort(&mut self, code: CloseCode, reason: &str) {
        self.end(ServerSessionEnd::Ended(code), code, reason);
    }

    fn last_words(&mut self, message: &ServerMessage, code: CloseCode, reason: &str) {
        if !self.is_over() {
            self.push(message);
            self.end(ServerSessionEnd::Ended(code), code, reason);
        }
    }

    fn push(&mut self, message: &ServerMessage) {
        self.control_out.push_back(message.encode());
    }

    fn fail(&mut self, end: ServerSessionEnd) {
        let (code, reason) = match &end {
            ServerSessionEnd::TooFast => (CloseCode::TooFast, "too many messages".to_owned()),
            ServerSessionEnd::Malformed(error) => (CloseCode::ProtocolError, error.to_string()),
            ServerSessionEnd::OutOfOrder(why) => (CloseCode::ProtocolError, (*why).to_owned()),
            _ => (CloseCode::Internal, String::new()),
        };
        self.end(end, code, &reason);
    }

    fn end(&mut self, end: ServerSessionEnd, code: CloseCode, reason: &str) {
        if self.close.is_some()
            || self.events.back().is_some_and(|event| matches!(event, ServerSessionEvent::Ended(_)))
        {
            return;
        }
        self.state = State::Over;
        self.datagrams_out.clear();
        self.close = Some(SessionClose { code, reason: reason.to_owned() });
        self.events.push_back(ServerSessionEvent::Ended(end));
    }
}
