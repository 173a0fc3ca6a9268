//! The thread of the server's network: it owns the socket, QUIC's state machines and nothing else.
//!
//! It waits for packets, for mail of the program and for deadlines, takes all that is there, then drives each
//! connection that any of it concerns once. So a tick's datagrams, acknowledgements and what else a client is
//! to get leave together, and events reach the program under one lock.

mod control;
mod files;
mod mailbox;
mod peer;
mod share;
mod socket;
mod timers;

pub(super) use mailbox::{Command, Lane, Mailbox};
pub(super) use peer::{PeerEvent, PeerHandle};

use super::admission::{Doorkeeper, ServerLimits, Slots, Verdict};
use super::congestion::Pulse;
use super::tuning;
use crate::queue::Queue;
use crate::{CloseCode, CloseReason, ConnectionId, DatagramLane};
use mailbox::{Batch, Mail};
use peer::Peer;
use quinn_proto::{
    ConnectionHandle, DatagramEvent, Endpoint, EndpointConfig, EndpointEvent, Incoming, ServerConfig,
    Transmit,
};
use socket::{Received, Socket};
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;
use timers::Timers;

/// Sends of one connection in a row; then the others have theirs. A file can not keep poses waiting.
const SENDS_AT_ONCE: usize = 2;

/// A packet of fewer bytes has room left: paths carry 1,200.
const NOT_FULL_BYTES: usize = 1_150;

/// A datagram that makes a fault, so that a test sees what becomes of the others.
#[cfg(test)]
pub(super) const FAULTY_DATAGRAM: &[u8] = b"a fault for a test";

/// Answers to packets of no connection, for each time that the socket is read: stateless resets, mostly, each smaller
/// than its packet. After a restart a thousand clients have theirs within some hundredths of a second.
const MOST_ANSWERS: usize = 32;

/// The network of one server.
pub(super) struct Network {
    socket: Socket,
    endpoint: Endpoint,
    config: ServerConfig,
    door: Doorkeeper,
    limits: ServerLimits,
    peers: Peers,
    timers: Timers,
    mailbox: Arc<Mailbox>,
    queue: Arc<Queue<PeerEvent>>,
    /// Datagrams that do not wait for the program.
    lane: Option<Box<dyn DatagramLane>>,
    /// What the lane has to send.
    lane_out: Batch,
    /// What the program will be told.
    events: Vec<PeerEvent>,
    /// Where packets are made.
    buffer: Vec<u8>,
    next_id: u64,
    end: Option<Instant>,
}

/// The open connections, and those that something concerns.
#[derive(Default)]
struct Peers {
    by_handle: Vec<Option<Box<Peer>>>,
    handles: HashMap<ConnectionId, ConnectionHandle>,
    marked: Vec<ConnectionHandle>,
    is_marked: Vec<bool>,
}

impl Peers {
    fn insert(&mut self, handle: ConnectionHandle, peer: Peer) {
        if self.by_handle.len() <= handle.0 {
            self.by_handle.resize_with(handle.0 + 1, || None);
            self.is_marked.resize(handle.0 + 1, false);
        }
        self.handles.insert(peer.id, handle);
        self.by_handle[handle.0] = Some(Box::new(peer));
    }

    fn remove(&mut self, handle: ConnectionHandle) {
        if let Some(peer) = self.by_handle[handle.0].take() {
            self.handles.remove(&peer.id);
        }
    }

    /// The connection, which is driven before the thread waits again.
    fn mark(&mut self, handle: ConnectionHandle) -> Option<&mut Peer> {
        let peer = self.by_handle.get_mut(handle.0)?.as_deref_mut()?;
        if !std::mem::replace(&mut self.is_marked[handle.0], true) {
            self.marked.push(handle);
        }
        Some(peer)
    }

    fn find(&mut self, id: ConnectionId) -> Option<&mut Peer> {
        let handle = *self.handles.get(&id)?;
        self.mark(handle)
    }

    fn take_marked(&mut self) -> Vec<ConnectionHandle> {
        for handle in &self.marked {
            self.is_marked[handle.0] = false;
        }
        std::mem::take(&mut self.marked)
    }
}

impl Network {
    /// Opens the socket.
    pub(super) fn bind(
        listen: SocketAddr,
        config: EndpointConfig,
        server: ServerConfig,
        limits: ServerLimits,
    ) -> io::Result<Self> {
        let packet_bytes = usize::try_from(config.get_max_udp_payload_size()).unwrap_or(usize::MAX);
        let (socket, mailbox) = Socket::bind(listen, packet_bytes.min(64 * 1024))?;
        let endpoint =
            Endpoint::new(Arc::new(config), Some(Arc::new(server.clone())), socket.finds_path_mtu(), None);
        Ok(Self {
            socket,
            endpoint,
            config: server,
            door: Doorkeeper::new(limits.clone()),
            limits,
            peers: Peers::default(),
            timers: Timers::default(),
            mailbox,
            queue: Queue::new(),
            lane: None,
            lane_out: Vec::new(),
            events: Vec::new(),
            buffer: Vec::new(),
            next_id: 1,
            end: None,
        })
    }

    pub(super) fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// How the program talks with the thread.
    pub(super) fn ends(&self) -> (Arc<Mailbox>, Arc<Queue<PeerEvent>>) {
        (self.mailbox.clone(), self.queue.clone())
    }

    /// Lives as long as the server does.
    pub(super) fn run(mut self) {
        while !self.is_over() {
            self.wait();
            let now = Instant::now();
            self.receive(now);
            self.take_mail(now);
            while let Some(handle) = self.timers.pop(now) {
                self.wake(handle, now);
            }
            self.drive(now);
            if self.take_lane(now) {
                self.drive(now);
            }
            self.queue.push_all(&mut self.events);
        }
    }

    fn is_over(&self) -> bool {
        self.end.is_some_and(|end| self.peers.handles.is_empty() || end <= Instant::now())
    }

    fn wait(&mut self) {
        let has_more = !self.peers.marked.is_empty();
        match self.socket.pause() {
            // Deadlines wait, too: QUIC's own clock is no finer.
            Some(until) if !has_more => self.mailbox.wait(until),
            _ => self.socket.wait(self.deadline()),
        }
    }

    fn deadline(&self) -> Option<Instant> {
        if !self.peers.marked.is_empty() && !self.socket.is_blocked() {
            return Some(Instant::now());
        }
        let lane = self.lane.as_ref().and_then(|lane| lane.due());
        [self.timers.next(), self.end, lane].into_iter().flatten().min()
    }

    /// Hands what the lane has to send now to its connections; whether that was anything.
    fn take_lane(&mut self, now: Instant) -> bool {
        let Some(lane) = self.lane.as_mut().filter(|lane| lane.due().is_some_and(|due| due <= now)) else {
            return false;
        };
        let mut out = std::mem::take(&mut self.lane_out);
        lane.send(now, &mut out);
        let is_any = !out.is_empty();
        for (id, bytes) in out.drain(..) {
            if let Some(peer) = self.peers.find(id) {
                peer.send_datagram(bytes);
            }
        }
        self.lane_out = out;
        is_any
    }

    /// Marks a connection whose time has come, unless it was put off since.
    fn wake(&mut self, handle: ConnectionHandle, now: Instant) {
        let Some(peer) = self.peers.by_handle.get_mut(handle.0).and_then(Option::as_deref_mut) else {
            return;
        };
        match peer.deadline() {
            Some(later) if later > now => self.timers.arm(handle, Some(later)),
            _ => drop(self.peers.mark(handle)),
        }
    }

    fn receive(&mut self, now: Instant) {
        let Self { socket, endpoint, peers, buffer, .. } = self;
        let mut knocks = Vec::new();
        let mut answers = Vec::new();
        socket.receive(now, |received| {
            let Received { remote, local_ip, ecn, packet } = received;
            buffer.clear();
            match endpoint.handle(now, remote, local_ip, ecn, packet, buffer) {
                Some(DatagramEvent::ConnectionEvent(handle, event)) => {
                    if let Some(peer) = peers.mark(handle) {
                        peer.receive(event, now);
                    }
                }
                Some(DatagramEvent::NewConnection(incoming)) => knocks.push(incoming),
                Some(DatagramEvent::Response(transmit)) if answers.len() < MOST_ANSWERS => {
                    answers.push((transmit, buffer.clone()));
                }
                Some(DatagramEvent::Response(_)) | None => {}
            }
        });
        for (transmit, contents) in answers {
            self.socket.send(&transmit, &contents);
        }
        for incoming in knocks {
            // Who made the fault is not known yet; the others go on.
            if catch_unwind(AssertUnwindSafe(|| self.answer_the_door(incoming, now))).is_err() {
                tracing::error!("a fault at the door ended a connection before it began");
            }
        }
    }

    fn answer_the_door(&mut self, incoming: Incoming, now: Instant) {
        self.buffer.clear();
        let (remote, is_validated) = (incoming.remote_address(), incoming.remote_address_validated());
        let answer = match self.door.admit(remote.ip(), is_validated, now) {
            Verdict::Accept(slots) => self.accept(incoming, slots, now),
            Verdict::Validate if incoming.may_retry() => self.endpoint.retry(incoming, &mut self.buffer).ok(),
            Verdict::Validate | Verdict::Refuse => Some(self.endpoint.refuse(incoming, &mut self.buffer)),
        };
        if let Some(transmit) = answer {
            self.socket.send(&transmit, &self.buffer);
        }
    }

    /// Lets somebody in; gives the answer for whom that failed.
    fn accept(&mut self, incoming: Incoming, slots: Slots, now: Instant) -> Option<Transmit> {
        let (remote, pulse) = (incoming.remote_address(), Arc::<Pulse>::default());
        let mut config = self.config.clone();
        config.transport_config(Arc::new(tuning::server(self.limits.file_streams, pulse.clone())));
        match self.endpoint.accept(incoming, now, &mut self.buffer, Some(Arc::new(config))) {
            Ok((handle, connection)) => {
                let id = ConnectionId(self.next_id);
                self.next_id += 1;
                let until = now + self.limits.handshake_timeout;
                self.peers.insert(handle, Peer::new(id, connection, pulse, slots, until));
                self.peers.mark(handle);
                None
            }
            Err(error) => {
                tracing::debug!(%remote, cause = %error.cause, "a connection was not opened");
                error.response
            }
        }
    }

    fn take_mail(&mut self, now: Instant) {
        let Mail { commands, single, batches, .. } = self.mailbox.take();
        for command in commands {
            let of = command.connection();
            if catch_unwind(AssertUnwindSafe(|| self.obey(command, now))).is_err() {
                self.bury_whose(of);
            }
        }
        for batch in [Batch::from(single)].into_iter().chain(batches) {
            let mut rest = batch.into_iter();
            let mut of = None;
            while catch_unwind(AssertUnwindSafe(|| self.spread(&mut rest, &mut of))).is_err() {
                self.bury_whose(of);
            }
        }
    }

    fn obey(&mut self, command: Command, now: Instant) {
        match command {
            Command::Outbox(id) => {
                if let Some(peer) = self.peers.find(id) {
                    peer.write_control(now, &mut self.events);
                }
            }
            Command::Resume(id) => {
                if let Some(peer) = self.peers.find(id) {
                    peer.read_control(&mut self.events);
                }
            }
            Command::Answer(id, request, answer) => {
                if let Some(peer) = self.peers.find(id) {
                    peer.answer_file(request, answer);
                }
            }
            #[cfg(test)]
            Command::Fault(id) => assert!(self.peers.find(id).is_none(), "a fault for a test"),
            Command::OpenLane(Lane(lane)) => self.lane = Some(lane),
            Command::StopAccepting => self.endpoint.set_server_config(None),
            Command::End(patience) => {
                self.end = Some(now + patience);
                let everybody: Vec<ConnectionHandle> = self.peers.handles.values().copied().collect();
                for handle in everybody {
                    if let Some(peer) = self.peers.mark(handle) {
                        let code = CloseCode::ServerClosing.number();
                        peer.close(now, code, "the server stops", &mut self.events);
                    }
                }
            }
        }
    }

    /// Hands the rest of a batch to its connections; `of` is always the one at hand.
    fn spread(&mut self, rest: &mut <Batch as IntoIterator>::IntoIter, of: &mut Option<ConnectionId>) {
        for (id, bytes) in rest {
            *of = Some(id);
            if let Some(peer) = self.peers.find(id) {
                peer.send_datagram(bytes);
            }
        }
    }

    /// Drives what is marked. What could not send all that it has is marked again.
    fn drive(&mut self, now: Instant) {
        for handle in self.peers.take_marked() {
            // One connection's fault, even one in the library, is no end of the others; so it is with its mail.
            let driven = catch_unwind(AssertUnwindSafe(|| self.drive_one(handle, now)));
            let Ok(state) = driven else {
                self.bury(handle);
                continue;
            };
            match state {
                Driven::Over => {
                    self.timers.forget(handle);
                    self.peers.remove(handle);
                }
                Driven::HasMore => drop(self.peers.mark(handle)),
                Driven::Done => {}
            }
        }
    }

    fn drive_one(&mut self, handle: ConnectionHandle, now: Instant) -> Driven {
        let Some(peer) = self.peers.by_handle[handle.0].as_deref_mut() else { return Driven::Done };
        peer.drive(now, &self.mailbox, &mut self.lane, &mut self.events);
        while let Some(event) = peer.connection.poll_endpoint_events() {
            if let Some(event) = self.endpoint.handle_event(handle, event) {
                peer.connection.handle_event(event);
            }
        }
        if peer.connection.is_drained() {
            return Driven::Over;
        }
        let has_more = transmit(peer, &mut self.socket, &mut self.buffer, now);
        self.timers.arm(handle, peer.deadline());
        if has_more { Driven::HasMore } else { Driven::Done }
    }

    /// The same by the program's name of it; of a fault that is no connection's nothing is forgotten.
    fn bury_whose(&mut self, id: Option<ConnectionId>) {
        match id.and_then(|id| self.peers.handles.get(&id)) {
            Some(handle) => self.bury(*handle),
            None => {
                tracing::error!(connection = id.map(|id| id.0), "a fault in the program's mail was caught")
            }
        }
    }

    /// Forgets a connection whose state can not be trusted any more.
    fn bury(&mut self, handle: ConnectionHandle) {
        let Some(peer) = self.peers.by_handle[handle.0].as_deref_mut() else { return };
        tracing::error!(connection = peer.id.0, "a fault in a connection ended it");
        peer.end(CloseReason::Lost { detail: "a fault of the server".to_owned() }, &mut self.events);
        self.endpoint.handle_event(handle, EndpointEvent::drained());
        self.timers.forget(handle);
        self.peers.remove(handle);
    }
}

/// What became of a connection that was driven.
enum Driven {
    Done,
    HasMore,
    Over,
}

/// Sends what a connection has; true when it may have more.
fn transmit(peer: &mut Peer, socket: &mut Socket, buffer: &mut Vec<u8>, now: Instant) -> bool {
    for _ in 0..SENDS_AT_ONCE {
        if socket.is_blocked() {
            return true;
        }
        buffer.clear();
        let sent: Option<Transmit> = peer.connection.poll_transmit(now, socket.max_segments(), buffer);
        let Some(transmit) = sent else { return false };
        socket.send(&transmit, buffer);
        // A stream fills its packets. Where there was room and no datagram waits, there is nothing more: not asking saves
        // a part of each packet's costs.
        let all_left = peer.connection.datagrams().send_buffer_space() >= tuning::SERVER_STALE_BYTES;
        if transmit.size < NOT_FULL_BYTES && all_left {
            return false;
        }
    }
    true
}
