//! The client's transport: one connection, on a thread of its own.

use super::connect::{Opened, connect};
use super::fetch::{FileRequest, fetch_files};
use super::lanes::{Allowances, read_control, read_datagrams, send_datagram, write_control};
use super::tls::Trust;
use super::{close_reason, runtime};
use crate::outbox::Outbox;
use crate::queue::{Queue, WakeHandle};
use crate::{
    ClientEvent, ClientTransport, CloseCode, CloseReason, ConnectError, DatagramSender, DatagramTap,
    SendError,
};
use bytes::Bytes;
use quinn::Connection;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use venue_model::FileHash;

/// Where to connect, and whom to believe.
#[derive(Clone, Debug)]
pub struct QuicClientConfig {
    /// A name or an address, as it stands in the link.
    pub host: String,
    /// The UDP port.
    pub port: u16,
    /// Whom to believe.
    pub trust: Trust,
    /// Time for name, handshake and control stream; [`QuicClientConfig::TIMEOUT`] for people.
    pub timeout: Duration,
}

impl QuicClientConfig {
    /// How long a person waits before they are told that the network may be the reason.
    pub const TIMEOUT: Duration = Duration::from_secs(5);
}

/// Files that can be asked for ahead.
const MAX_REQUESTS: usize = 4_096;

/// After closing, the program hears of it when the closing packet is surely on its way.
const LAST_PACKET_TIMEOUT: Duration = Duration::from_millis(300);

/// How long a client that is dropped waits for its last words to arrive: a slow path's round trip.
const LAST_WORDS_TIMEOUT: Duration = Duration::from_millis(500);

/// The client's side of QUIC.
#[derive(Debug)]
pub struct QuicClient {
    queue: Arc<Queue<ClientEvent>>,
    outbox: Arc<Outbox>,
    connection: Arc<OnceLock<Connection>>,
    tap: Tap,
    requests: mpsc::Sender<FileRequest>,
    /// None when the system gave no threads, and while it is being dropped.
    runtime: Option<Running>,
    /// Whether the last event was given to the program.
    is_over: bool,
}

/// The thread's runtime and the connection's life on it.
#[derive(Debug)]
struct Running {
    runtime: Runtime,
    life: JoinHandle<()>,
}

impl QuicClient {
    /// Starts to connect; `ClientEvent::Opened` or `ClientEvent::Failed` says how it went.
    pub fn connect(config: QuicClientConfig) -> Self {
        let (requests, receiver) = mpsc::channel(MAX_REQUESTS);
        let (queue, outbox, connection) = (Queue::new(), Outbox::new(), Arc::new(OnceLock::new()));
        let tap = Tap::default();
        let runtime = match runtime("vev-quic-client", 1) {
            Ok(runtime) => {
                let shared = (queue.clone(), outbox.clone(), connection.clone(), tap.clone());
                let life = runtime.spawn(live(config, shared, receiver));
                Some(Running { runtime, life })
            }
            Err(error) => {
                queue.push(ClientEvent::Failed(ConnectError::Local(error.to_string())), None);
                None
            }
        };
        Self { queue, outbox, connection, tap, requests, runtime, is_over: false }
    }

    /// Blocks until there is an event, the wake handle is used, or the deadline passes.
    pub fn wait(&self, deadline: Instant) {
        self.queue.wait(deadline);
    }

    /// Says goodbye and waits until the server has every queued message, at most `grace`.
    pub fn shutdown(mut self, grace: Duration) {
        self.say_goodbye(grace);
    }

    /// Closes unless that was done, and waits for the end, which others are told by.
    fn say_goodbye(&mut self, grace: Duration) {
        let Some(Running { runtime, life }) = self.runtime.take() else { return };
        self.outbox.close(CloseCode::Normal, "the program ends");
        let deadline = Instant::now() + grace;
        while !self.is_over && !life.is_finished() && Instant::now() < deadline {
            if self.poll().is_none() {
                self.queue.wait(deadline);
            }
        }
        runtime.shutdown_background();
    }

    /// Ends [`Self::wait`] from another thread.
    pub fn wake_handle(&self) -> WakeHandle {
        WakeHandle::new(&self.queue)
    }
}

type Shared = (Arc<Queue<ClientEvent>>, Arc<Outbox>, Arc<OnceLock<Connection>>, Tap);

/// Where some datagrams go, once somebody opened a lane for them.
#[derive(Clone, Default)]
pub(super) struct Tap(Arc<OnceLock<Arc<dyn DatagramTap>>>);

impl Tap {
    /// Whether the datagram went there.
    pub(super) fn take(&self, datagram: &Bytes) -> bool {
        let kind = datagram.first().copied().unwrap_or_default();
        let tap = self.0.get().filter(|tap| tap.takes(kind));
        tap.inspect(|tap| tap.receive(datagram)).is_some()
    }
}

impl std::fmt::Debug for Tap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Tap").field(&self.0.get().is_some()).finish()
    }
}

/// Sends past the program's thread.
struct Sender(Arc<OnceLock<Connection>>);

impl DatagramSender for Sender {
    fn send(&self, datagram: Bytes) {
        if let Some(connection) = self.0.get() {
            send_datagram(connection, datagram);
        }
    }
}

/// From the first packet to the last event.
async fn live(config: QuicClientConfig, shared: Shared, mut requests: mpsc::Receiver<FileRequest>) {
    let (queue, outbox, shared_connection, tap) = shared;
    let opened = tokio::select! {
        opened = connect(&config) => opened,
        // Who closes before the connection is open does not wait for it.
        _ = outbox.close_wanted() => {
            return queue.push(ClientEvent::Closed { reason: CloseReason::Local }, None);
        }
    };
    let Opened { endpoint, connection, exporter, fingerprint, send, mut receive } = match opened {
        Ok(opened) => opened,
        Err(error) => {
            outbox.mark_gone();
            return queue.push(ClientEvent::Failed(error), None);
        }
    };
    let connection = shared_connection.get_or_init(|| connection);
    queue.push(ClientEvent::Opened { exporter, fingerprint }, None);
    let allowances = Allowances::of_client();
    tokio::join!(
        write_control(connection, send, &outbox),
        read_control(&mut receive, &allowances, &queue, ClientEvent::Control),
        read_datagrams(connection, &allowances, &tap, &queue, ClientEvent::Datagram),
        fetch_files(connection, &mut requests, &queue),
    );
    let reason = close_reason(connection.closed().await);
    if reason == CloseReason::Local
        && tokio::time::timeout(LAST_PACKET_TIMEOUT, endpoint.wait_idle()).await.is_err()
    {
        tracing::debug!("the server did not confirm the end");
    }
    queue.push(ClientEvent::Closed { reason }, None);
}

impl ClientTransport for QuicClient {
    fn poll(&mut self) -> Option<ClientEvent> {
        let event = self.queue.pop();
        self.is_over |= matches!(event, Some(ClientEvent::Closed { .. } | ClientEvent::Failed(_)));
        event
    }

    fn send_control(&mut self, bytes: Bytes) -> Result<(), SendError> {
        self.outbox.push(bytes)
    }

    fn send_datagram(&mut self, bytes: Bytes) {
        if let Some(connection) = self.connection.get() {
            send_datagram(connection, bytes);
        }
    }

    fn open_lane(&mut self, tap: Arc<dyn DatagramTap>) -> Option<Arc<dyn DatagramSender>> {
        // The first lane stays: a program has one.
        self.tap.0.set(tap).ok()?;
        Some(Arc::new(Sender(self.connection.clone())))
    }

    fn request_file(&mut self, hash: FileHash, expected_bytes: u64) -> Result<(), SendError> {
        self.requests.try_send(FileRequest { hash, expected_bytes }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => SendError::Backlog,
            mpsc::error::TrySendError::Closed(_) => SendError::Gone,
        })
    }

    fn close(&mut self, code: CloseCode, reason: &str) {
        self.outbox.close(code, reason);
    }
}

impl Drop for QuicClient {
    fn drop(&mut self) {
        // Without these last words a seat would stay taken and a body stand about until the server's patience ends.
        self.say_goodbye(LAST_WORDS_TIMEOUT);
    }
}
