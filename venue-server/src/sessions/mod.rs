//! The connections: one protocol session each, and who is at its other end.
//!
//! It must not know worlds, systems or sockets; the tick brings bytes in and carries
//! bytes out.

pub mod admission;
pub mod codes;
pub mod joins;
pub mod ticket;

use crate::counters::Counters;
use crate::store::{EventId, UnixMillis};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use venue_model::ParticipantId;
use venue_protocol::{
    CloseReason, LocalTime, ServerMessage, ServerSession, ServerSessionConfig, ServerSessionEvent, Welcome,
};
use venue_transport::{CloseCode, ConnectionId, SendError, ServerTransport};

/// Connections at once of people who were not let in yet. The transport's own limit, by
/// network too, is narrower.
pub const MAX_NEWCOMERS: usize = 1_000;

/// One connection.
#[derive(Debug)]
pub struct Session {
    /// The protocol's state machine.
    pub protocol: ServerSession,
    /// Where it comes from.
    pub remote: SocketAddr,
    /// Who is at the other end, once admitted.
    pub inside: Option<Inside>,
}

/// An admitted person's connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inside {
    /// In which event.
    pub event: EventId,
    /// Who.
    pub who: ParticipantId,
    /// Until when the ticket is good.
    pub ticket_until: UnixMillis,
    /// Whether the store is asked for a renewal now.
    pub renewing: bool,
}

/// Every connection, by its id and by who is inside.
#[derive(Debug)]
pub struct Sessions {
    config: ServerSessionConfig,
    by_connection: BTreeMap<ConnectionId, Session>,
    by_participant: BTreeMap<ParticipantId, ConnectionId>,
    datagrams: Vec<(ConnectionId, Bytes)>,
}

impl Sessions {
    /// No connection yet.
    pub fn new(config: ServerSessionConfig) -> Self {
        Self {
            config,
            by_connection: BTreeMap::new(),
            by_participant: BTreeMap::new(),
            datagrams: Vec::new(),
        }
    }

    /// How many connections there are.
    pub fn len(&self) -> usize {
        self.by_connection.len()
    }

    /// Whether there is no connection.
    pub fn is_empty(&self) -> bool {
        self.by_connection.is_empty()
    }

    /// A connection opened; false when too many have not come in yet.
    pub fn opened(
        &mut self,
        connection: ConnectionId,
        remote: SocketAddr,
        exporter: [u8; 32],
        now: LocalTime,
    ) -> bool {
        let newcomers = self.by_connection.len().saturating_sub(self.by_participant.len());
        if newcomers >= MAX_NEWCOMERS {
            return false;
        }
        let protocol = ServerSession::new(self.config.clone(), exporter, now);
        self.by_connection.insert(connection, Session { protocol, remote, inside: None });
        true
    }

    /// One connection.
    pub fn get(&self, connection: ConnectionId) -> Option<&Session> {
        self.by_connection.get(&connection)
    }

    /// One connection, to change.
    pub fn get_mut(&mut self, connection: ConnectionId) -> Option<&mut Session> {
        self.by_connection.get_mut(&connection)
    }

    /// Every connection.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (ConnectionId, &mut Session)> {
        self.by_connection.iter_mut().map(|(&connection, session)| (connection, session))
    }

    /// The connection of a person.
    pub fn connection_of(&self, who: ParticipantId) -> Option<ConnectionId> {
        self.by_participant.get(&who).copied()
    }

    /// The session of a person.
    pub fn session_of(&mut self, who: ParticipantId) -> Option<&mut Session> {
        self.by_connection.get_mut(self.by_participant.get(&who)?)
    }

    /// The transport lost a connection.
    pub fn closed(&mut self, connection: ConnectionId, reason: CloseReason) {
        if let Some(session) = self.by_connection.get_mut(&connection) {
            session.protocol.handle_closed(reason);
        }
    }

    /// Deadlines of every session.
    pub fn handle_timeouts(&mut self, now: LocalTime) {
        self.by_connection.values_mut().for_each(|session| session.protocol.handle_timeout(now));
    }

    /// The next thing that a session's client wants, over all sessions; sessions that are
    /// over are forgotten when they have nothing left to say.
    pub fn drain_events(&mut self, events: &mut Vec<(ConnectionId, ServerSessionEvent)>) {
        for (&connection, session) in &mut self.by_connection {
            while let Some(event) = session.protocol.poll_event() {
                events.push((connection, event));
            }
        }
    }

    /// Lets the client of a connection in as a person. A former connection of the same
    /// person hears that another device took over; whether there was one that lived.
    pub fn admit(&mut self, connection: ConnectionId, inside: Inside, welcome: Welcome) -> bool {
        let former = self.by_participant.insert(inside.who, connection);
        let former = former.filter(|former| *former != connection);
        let former = former.and_then(|former| self.by_connection.get_mut(&former));
        let took_over = former.is_some_and(|former| {
            former.inside = None;
            let lived = former.protocol.is_admitted();
            former.protocol.take_over();
            lived
        });
        if let Some(session) = self.by_connection.get_mut(&connection) {
            session.inside = Some(inside);
            session.protocol.admit(welcome);
        }
        took_over
    }

    /// Sends an encoded message to a person; false when there is no connection.
    pub fn send(&mut self, who: ParticipantId, message: &Bytes) -> bool {
        let session = self.session_of(who).filter(|session| session.protocol.is_admitted());
        session.is_some_and(|session| {
            session.protocol.send_encoded(message.clone());
            true
        })
    }

    /// Ends a person's session with last words.
    pub fn show_out(&mut self, who: ParticipantId, last_words: impl FnOnce(&mut ServerSession)) {
        let Some(connection) = self.by_participant.remove(&who) else { return };
        if let Some(session) = self.by_connection.get_mut(&connection) {
            session.inside = None;
            last_words(&mut session.protocol);
        }
    }

    /// A session ended: nobody is at its other end any more. Who was.
    pub fn vacate(&mut self, connection: ConnectionId) -> Option<Inside> {
        let inside = self.by_connection.get_mut(&connection)?.inside.take()?;
        self.by_participant.remove(&inside.who);
        Some(inside)
    }

    /// Queues a datagram for a person.
    pub fn queue_datagram(&mut self, who: ParticipantId, datagram: Bytes) {
        if let Some(&connection) = self.by_participant.get(&who) {
            self.datagrams.push((connection, datagram));
        }
    }

    /// Carries everything that waits out to the transport, closes what is over, forgets it.
    pub fn flush(&mut self, transport: &mut impl ServerTransport, counters: &mut Counters) {
        let datagrams = &mut self.datagrams;
        self.by_connection.retain(|&connection, session| {
            while let Some(datagram) = session.protocol.poll_datagram() {
                datagrams.push((connection, datagram));
            }
            flush_control(connection, session, transport, counters);
            if let Some(close) = session.protocol.poll_close() {
                transport.close(connection, close.code, &close.reason);
            }
            // One that still belongs to somebody is kept until its end was acted upon.
            !(session.protocol.is_over() && session.inside.is_none())
        });
        counters.datagrams_out += self.datagrams.len() as u64;
        counters.datagram_bytes_out +=
            self.datagrams.iter().map(|(_, bytes)| bytes.len() as u64).sum::<u64>();
        transport.send_batch(&self.datagrams);
        self.datagrams.clear();
    }
}

/// Carries what one connection has to say out now, before the next flush: greetings and
/// the answers to probes, whose time counts.
pub fn answer_at_once(
    connection: ConnectionId,
    session: &mut Session,
    transport: &mut impl ServerTransport,
    counters: &mut Counters,
) {
    while let Some(datagram) = session.protocol.poll_datagram() {
        counters.datagrams_out += 1;
        counters.datagram_bytes_out += datagram.len() as u64;
        transport.send_datagram(connection, datagram);
    }
    flush_control(connection, session, transport, counters);
}

fn flush_control(
    connection: ConnectionId,
    session: &mut Session,
    transport: &mut impl ServerTransport,
    counters: &mut Counters,
) {
    while let Some(bytes) = session.protocol.poll_control() {
        match transport.send_control(connection, bytes) {
            Ok(()) => counters.messages_out += 1,
            // The transport's own event follows.
            Err(SendError::Gone) => {}
            Err(SendError::Backlog) => {
                return session
                    .protocol
                    .abort(CloseCode::TooSlow, "the client does not read what it is sent");
            }
        }
    }
}

/// A message for many, encoded once.
pub fn encode(message: impl Into<ServerMessage>) -> Bytes {
    message.into().encode()
}
