//! Many clients on one thread, for loads and tests: each a socket and a connection of its own, with the
//! trust and the tuning of the product's client.
//!
//! The owner turns it: [`ClientPool::turn`] reads what came, lets time pass and sends what waits. It fetches no files.

mod member;

use super::address::any_of;
use super::tls::{Seen, Trust, client_config};
use super::tuning;
use crate::ClientEvent;
use bytes::Bytes;
use member::{Buffers, Member};
use mio::{Events, Interest, Poll, Token};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use venue_protocol::CloseCode;

/// How exactly deadlines are kept.
const STEP: Duration = Duration::from_millis(1);

/// Sockets that the system names at once.
const EVENTS_AT_ONCE: usize = 1_024;

/// One client of a pool; never used again for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberId(pub usize);

/// What went over a socket, UDP payload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Bytes that came.
    pub bytes_in: u64,
    /// Bytes that left.
    pub bytes_out: u64,
    /// Packets that came.
    pub packets_in: u64,
    /// Packets that left.
    pub packets_out: u64,
}

/// Clients of one server.
pub struct ClientPool {
    server: SocketAddr,
    trust: Trust,
    seen: Arc<Seen>,
    config: quinn_proto::ClientConfig,
    poll: Poll,
    ready: Events,
    /// None when it is over and its last event was taken.
    members: Vec<Option<Box<Member>>>,
    living: Vec<usize>,
    events: Vec<(MemberId, ClientEvent)>,
    buffers: Buffers,
    turned_at: Option<Instant>,
}

/// Gives the same token to every connection.
struct OneToken(Option<Bytes>);

impl quinn_proto::TokenStore for OneToken {
    fn insert(&self, _: &str, _: Bytes) {}

    fn take(&self, _: &str) -> Option<Bytes> {
        self.0.clone()
    }
}

impl ClientPool {
    /// No client yet.
    pub fn new(server: SocketAddr, trust: Trust) -> io::Result<Self> {
        let seen = Arc::new(Seen::default());
        let mut config = client_config(trust, &seen).map_err(io::Error::other)?;
        config.transport_config(Arc::new(tuning::client()));
        Ok(Self {
            server,
            trust,
            seen,
            config,
            poll: Poll::new()?,
            ready: Events::with_capacity(EVENTS_AT_ONCE),
            members: Vec::new(),
            living: Vec::new(),
            events: Vec::new(),
            buffers: Buffers::new(),
            turned_at: None,
        })
    }

    /// A further client, which begins to connect.
    pub fn connect(&mut self, now: Instant) -> io::Result<MemberId> {
        self.connect_from(any_of(self.server), now)
    }

    /// The same from this address of the machine; port 0 takes any.
    pub fn connect_from(&mut self, from: SocketAddr, now: Instant) -> io::Result<MemberId> {
        let number = self.members.len();
        let mut member = Member::new(from, self.server, self.config.clone(), now)?;
        self.poll.registry().register(member.socket(), Token(number), Interest::READABLE)?;
        member.mark();
        self.members.push(Some(Box::new(member)));
        self.living.push(number);
        Ok(MemberId(number))
    }

    /// The first packet of a connection that nobody goes on with, for floods; with a token that no server gave, if
    /// one is wanted.
    pub fn knock(&self, token: Option<Bytes>, now: Instant) -> io::Result<Vec<u8>> {
        let mut config = self.config.clone();
        config.token_store(Arc::new(OneToken(token)));
        let mut member = Member::new(any_of(self.server), self.server, config, now)?;
        Ok(member.first_packet(now))
    }

    /// Gives the client another socket, as another network does: from now on it speaks from another port, and from
    /// another address if one is named.
    pub fn rebind(&mut self, id: MemberId, from: Option<IpAddr>) -> io::Result<()> {
        let Some(member) = self.members.get_mut(id.0).and_then(Option::as_deref_mut) else { return Ok(()) };
        self.poll.registry().deregister(member.socket())?;
        member.rebind(from.map_or(any_of(self.server), |from| SocketAddr::new(from, 0)))?;
        self.poll.registry().register(member.socket(), Token(id.0), Interest::READABLE)
    }

    /// Queues bytes for the control stream.
    pub fn send_control(&mut self, id: MemberId, bytes: Bytes) {
        if let Some(member) = self.members.get_mut(id.0).and_then(Option::as_deref_mut) {
            member.send_control(bytes);
        }
    }

    /// Sends a datagram with the next turn.
    pub fn send_datagram(&mut self, id: MemberId, bytes: Bytes) {
        if let Some(member) = self.members.get_mut(id.0).and_then(Option::as_deref_mut) {
            member.send_datagram(bytes);
        }
    }

    /// Closes at once; what the server has not read of the control stream is lost.
    pub fn close(&mut self, id: MemberId, code: CloseCode, reason: &str, now: Instant) {
        if let Some(member) = self.members.get_mut(id.0).and_then(Option::as_deref_mut) {
            member.close(code, reason, now);
        }
    }

    /// What went over the client's socket; nothing of one that is over.
    pub fn traffic(&self, id: MemberId) -> Traffic {
        self.members.get(id.0).and_then(Option::as_ref).map_or(Traffic::default(), |member| member.traffic())
    }

    /// Sends what waits, then blocks until packets come or `until`, at most a millisecond, so that deadlines are
    /// kept, and gives what happened.
    pub fn turn(&mut self, until: Instant) -> impl Iterator<Item = (MemberId, ClientEvent)> {
        let now = Instant::now();
        self.drive(now);
        let until = until.min(now + STEP);
        match self.poll.poll(&mut self.ready, Some(until.saturating_duration_since(now))) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => tracing::error!(%error, "waiting for the network failed"),
        }
        let now = Instant::now();
        for event in &self.ready {
            if let Some(member) = self.members.get_mut(event.token().0).and_then(Option::as_deref_mut) {
                member.receive(now, &mut self.buffers);
            }
        }
        self.drive(now);
        self.events.drain(..)
    }

    /// Drives every client that has something to do.
    fn drive(&mut self, now: Instant) {
        let looks_at_clock = self.turned_at.is_none_or(|at| at + STEP <= now);
        self.turned_at = if looks_at_clock { Some(now) } else { self.turned_at };
        let Self { members, living, events, buffers, trust, seen, server, .. } = self;
        living.retain(|number| {
            let Some(member) = members[*number].as_deref_mut() else { return false };
            if member.is_marked() || (looks_at_clock && member.is_due(now)) {
                let id = MemberId(*number);
                member.drive(now, buffers, &mut |event| events.push((id, event)));
                if let Some(error) = member.take_failure() {
                    let failed = super::connect::explain(error, server.port(), *trust, seen);
                    events.push((id, ClientEvent::Failed(failed)));
                }
            }
            let is_over = member.is_over();
            if is_over {
                members[*number] = None;
            }
            !is_over
        });
    }
}
