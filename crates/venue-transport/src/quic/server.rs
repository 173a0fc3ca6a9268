//! The server's transport: a socket, its threads, and the peers that are open.

use super::admission::{Doorkeeper, ServerLimits, Verdict};
use super::lanes::send_datagram;
use super::peer::{Peer, PeerEvent, serve};
use super::{runtime, tls, tuning};
use crate::queue::{Queue, WakeHandle};
use crate::{
    BindError, CloseCode, ConnectionId, FileAnswer, FileRequestId, SendError, ServerCertificate, ServerEvent,
    ServerTransport,
};
use bytes::Bytes;
use quinn::{Endpoint, VarInt};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

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

/// Threads of the network. Sealing packets is most of the work, and two do it for a thousand peers.
const NETWORK_THREADS: usize = 2;

/// The server's side of QUIC.
#[derive(Debug)]
pub struct QuicServer {
    endpoint: Endpoint,
    local: SocketAddr,
    queue: Arc<Queue<PeerEvent>>,
    peers: BTreeMap<ConnectionId, Arc<Peer>>,
    /// None only while it is being dropped.
    runtime: Option<Runtime>,
}

impl QuicServer {
    /// Opens the socket and starts to take connections.
    pub fn bind(config: QuicServerConfig) -> Result<Self, BindError> {
        let QuicServerConfig { listen, certificate, limits } = config;
        let mut quic = tls::server_config(&certificate).map_err(BindError::Certificate)?;
        quic.transport_config(Arc::new(tuning::server(limits.file_streams)));
        quic.max_incoming(limits.max_handshakes);
        let runtime = runtime("vev-quic-server", NETWORK_THREADS).map_err(BindError::Runtime)?;
        let address_error = |source| BindError::Address { listen, source };
        let endpoint = {
            let _inside = runtime.enter();
            Endpoint::server(quic, listen).map_err(address_error)?
        };
        let local = endpoint.local_addr().map_err(address_error)?;
        let queue = Queue::new();
        runtime.spawn(listen_for_peers(endpoint.clone(), limits, queue.clone()));
        Ok(Self { endpoint, local, queue, peers: BTreeMap::new(), runtime: Some(runtime) })
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
        self.endpoint.set_server_config(None);
        let deadline = Instant::now() + grace;
        while !self.peers.is_empty() && Instant::now() < deadline {
            self.wait(deadline);
            while self.poll().is_some() {}
        }
        self.endpoint.close(VarInt::from_u32(CloseCode::ServerClosing.number()), b"the server stops");
        if let Some(runtime) = &self.runtime {
            // Closing packets leave in the background: without this, clients would wait for a time-out.
            let idle =
                async { tokio::time::timeout(Duration::from_millis(500), self.endpoint.wait_idle()).await };
            if runtime.block_on(idle).is_err() {
                tracing::debug!("some clients did not confirm the end");
            }
        }
    }
}

async fn listen_for_peers(endpoint: Endpoint, limits: ServerLimits, queue: Arc<Queue<PeerEvent>>) {
    let mut door = Doorkeeper::new(limits.clone());
    let limits = Arc::new(limits);
    let mut next_id = 1;
    while let Some(incoming) = endpoint.accept().await {
        let (remote, is_validated) = (incoming.remote_address(), incoming.remote_address_validated());
        match door.admit(remote.ip(), is_validated, Instant::now()) {
            Verdict::Accept(slots) => {
                let id = ConnectionId(next_id);
                next_id += 1;
                tokio::spawn(serve(id, incoming, slots, limits.clone(), queue.clone()));
            }
            Verdict::Validate => {
                if incoming.may_retry() && incoming.retry().is_err() {
                    tracing::debug!(%remote, "a connection could not be asked to prove its address");
                }
            }
            Verdict::Refuse => incoming.refuse(),
        }
    }
}

impl ServerTransport for QuicServer {
    fn poll(&mut self) -> Option<ServerEvent> {
        let event = match self.queue.pop()? {
            PeerEvent::Opened { peer, remote, exporter } => {
                let connection = peer.id;
                self.peers.insert(connection, peer);
                ServerEvent::Opened { connection, remote, exporter }
            }
            PeerEvent::Plain(event) => event,
            PeerEvent::Closed { connection, reason, seat } => {
                self.peers.remove(&connection);
                drop(seat);
                ServerEvent::Closed { connection, reason }
            }
        };
        Some(event)
    }

    fn send_control(&mut self, connection: ConnectionId, bytes: Bytes) -> Result<(), SendError> {
        self.peers.get(&connection).ok_or(SendError::Gone)?.outbox.push(bytes)
    }

    fn send_batch(&mut self, batch: &[(ConnectionId, Bytes)]) {
        for (connection, bytes) in batch {
            if let Some(peer) = self.peers.get(connection) {
                send_datagram(&peer.connection, bytes.clone());
            }
        }
    }

    fn answer_file(&mut self, connection: ConnectionId, request: FileRequestId, answer: FileAnswer) {
        if let Some(peer) = self.peers.get(&connection) {
            peer.answer_file(request, answer);
        }
    }

    fn admitted(&mut self, connection: ConnectionId) {
        if let Some(peer) = self.peers.get(&connection) {
            peer.seat.let_in();
        }
    }

    fn close(&mut self, connection: ConnectionId, code: CloseCode, reason: &str) {
        if let Some(peer) = self.peers.get(&connection) {
            peer.outbox.close(code, reason);
        }
    }
}

impl Drop for QuicServer {
    fn drop(&mut self) {
        self.endpoint.close(VarInt::from_u32(CloseCode::ServerClosing.number()), b"the server stops");
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
