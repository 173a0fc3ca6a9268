//! The server's transport: the program's side of the network's thread, and the peers that are open.

use super::admission::ServerLimits;
use super::network::{Command, Mailbox, Network, PeerEvent, PeerHandle};
use super::tls;
use crate::queue::{Queue, WakeHandle};
use crate::{
    BindError, CloseCode, ConnectionId, FileAnswer, FileRequestId, SendError, ServerCertificate, ServerEvent,
    ServerTransport,
};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How a server listens.
#[derive(Clone, Debug)]
pub struct QuicServerConfig {
    /// The UDP address; port 0 takes any free one.
    pub listen: SocketAddr,
    /// What it proves itself by.
    pub certificate: ServerCertificate,
    /// What it takes.
    pub limits: ServerLimits,
}

/// How long a server that stops waits for its clients to confirm the end.
const END_TIMEOUT: Duration = Duration::from_millis(500);

/// The server's side of QUIC.
#[derive(Debug)]
pub struct QuicServer {
    local: SocketAddr,
    queue: Arc<Queue<PeerEvent>>,
    mailbox: Arc<Mailbox>,
    peers: BTreeMap<ConnectionId, Arc<PeerHandle>>,
    /// None only while it is being dropped.
    thread: Option<JoinHandle<()>>,
}

impl QuicServer {
    /// Opens the socket and starts to take connections.
    pub fn bind(config: QuicServerConfig) -> Result<Self, BindError> {
        let QuicServerConfig { listen, certificate, limits } = config;
        let mut quic = tls::server_config(&certificate).map_err(BindError::Certificate)?;
        quic.max_incoming(limits.max_handshakes);
        let address_error = |source| BindError::Address { listen, source };
        let network =
            Network::bind(listen, tls::endpoint_config(&certificate), quic, limits).map_err(address_error)?;
        let local = network.local_addr().map_err(address_error)?;
        let (mailbox, queue) = network.ends();
        let thread = std::thread::Builder::new().name("vev-quic-server".to_owned());
        let thread = Some(thread.spawn(move || network.run()).map_err(BindError::Runtime)?);
        Ok(Self { local, queue, mailbox, peers: BTreeMap::new(), thread })
    }

    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// Connections that are open.
    pub fn connection_count(&self) -> usize {
        self.peers.len()
    }

    /// Blocks until there is an event, the wake handle is used, or the deadline passes.
    pub fn wait(&self, deadline: Instant) {
        self.queue.wait(deadline);
    }

    /// Ends [`Self::wait`] from another thread.
    pub fn wake_handle(&self) -> WakeHandle {
        WakeHandle::new(&self.queue)
    }

    /// Takes no more connections and waits until those that are being closed have their last words,
    /// at most `grace`. Close every connection before.
    pub fn shutdown(mut self, grace: Duration) {
        self.mailbox.send(Command::StopAccepting);
        let deadline = Instant::now() + grace;
        while !self.peers.is_empty() && Instant::now() < deadline {
            self.wait(deadline);
            while self.poll().is_some() {}
        }
        // Closing packets leave in the background: without this, clients would wait for a time-out.
        self.end(END_TIMEOUT);
    }

    fn end(&mut self, patience: Duration) {
        let Some(thread) = self.thread.take() else { return };
        self.mailbox.send(Command::End(patience));
        if thread.join().is_err() {
            tracing::error!("the network's thread panicked");
        }
    }

    /// Tells the network's thread, once until it looks, that the outbox has something.
    fn announce(&self, handle: &PeerHandle) {
        if !handle.is_announced.swap(true, Ordering::SeqCst) {
            self.mailbox.send(Command::Outbox(handle.id));
        }
    }
}

impl ServerTransport for QuicServer {
    fn poll(&mut self) -> Option<ServerEvent> {
        let event = match self.queue.pop()? {
            PeerEvent::Opened { handle, remote, exporter } => {
                let connection = handle.id;
                self.peers.insert(connection, handle);
                ServerEvent::Opened { connection, remote, exporter }
            }
            PeerEvent::Plain { event, permit } => {
                drop(permit);
                event
            }
            PeerEvent::Closed { connection, reason, seat } => {
                self.peers.remove(&connection);
                drop(seat);
                ServerEvent::Closed { connection, reason }
            }
        };
        Some(event)
    }

    fn send_control(&mut self, connection: ConnectionId, bytes: Bytes) -> Result<(), SendError> {
        let handle = self.peers.get(&connection).ok_or(SendError::Gone)?;
        handle.outbox.push(bytes)?;
        self.announce(handle);
        Ok(())
    }

    fn send_batch(&mut self, batch: &[(ConnectionId, Bytes)]) {
        if !batch.is_empty() {
            self.mailbox.send_batch(batch.to_vec());
        }
    }

    fn answer_file(&mut self, connection: ConnectionId, request: FileRequestId, answer: FileAnswer) {
        self.mailbox.send(Command::Answer(connection, request, answer));
    }

    fn admitted(&mut self, connection: ConnectionId) {
        if let Some(handle) = self.peers.get(&connection) {
            handle.seat.let_in();
        }
    }

    fn close(&mut self, connection: ConnectionId, code: CloseCode, reason: &str) {
        if let Some(handle) = self.peers.get(&connection) {
            handle.outbox.close(code, reason);
            self.announce(handle);
        }
    }
}

impl Drop for QuicServer {
    fn drop(&mut self) {
        self.end(Duration::ZERO);
    }
}
