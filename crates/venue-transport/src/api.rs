//! The two traits that programs use, and their events. Nothing here knows QUIC.

use crate::{ConnectError, FileError, Fingerprint};
use bytes::Bytes;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;
use venue_model::FileHash;
use venue_protocol::{CloseCode, CloseReason};

/// One connection of a server; never used again for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// One request for a file on one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileRequestId(pub u64);

/// What happened at the server.
#[derive(Clone, Debug, PartialEq)]
pub enum ServerEvent {
    /// A client finished the TLS handshake and opened its control stream.
    Opened {
        /// The new connection.
        connection: ConnectionId,
        /// Where it comes from.
        remote: SocketAddr,
        /// Keying material that both ends know and nobody else.
        exporter: [u8; 32],
    },
    /// The control stream's next bytes, cut anywhere.
    Control {
        /// On this connection.
        connection: ConnectionId,
        /// The bytes.
        bytes: Bytes,
    },
    /// A datagram.
    Datagram {
        /// On this connection.
        connection: ConnectionId,
        /// Its payload.
        bytes: Bytes,
    },
    /// A client wants a file; the program decides and calls [`ServerTransport::answer_file`].
    FileRequested {
        /// On this connection.
        connection: ConnectionId,
        /// To be answered under this number.
        request: FileRequestId,
        /// The file's name.
        hash: FileHash,
    },
    /// The connection is gone; nothing follows for it.
    Closed {
        /// Which.
        connection: ConnectionId,
        /// Why.
        reason: CloseReason,
    },
}

/// The answer to a request for a file.
#[derive(Clone, Debug, PartialEq)]
pub enum FileAnswer {
    /// The file's content; shared, never copied.
    Content(Bytes),
    /// The server has no such file.
    NotFound,
    /// This client may not have files now.
    Refused,
}

/// A message can not be queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The connection is gone or closing.
    #[error("the connection is gone")]
    Gone,
    /// The other end does not read what it was sent; more than [`MAX_CONTROL_BACKLOG_BYTES`] wait.
    #[error("the other end does not read what it was sent")]
    Backlog,
}

/// Most bytes of control messages that wait for one peer to read them.
pub const MAX_CONTROL_BACKLOG_BYTES: usize = 4 * 1024 * 1024;

/// The server's side of the network. Nothing here blocks.
pub trait ServerTransport {
    /// The next event.
    fn poll(&mut self) -> Option<ServerEvent>;

    /// Queues bytes for the control stream: they arrive whole and in order, or the connection ends.
    fn send_control(&mut self, connection: ConnectionId, bytes: Bytes) -> Result<(), SendError>;

    /// Sends a tick's datagrams of at most `MAX_DATAGRAM_BYTES`; each may be lost. Unknown connections are skipped.
    fn send_batch(&mut self, batch: &[(ConnectionId, Bytes)]);

    /// Sends one datagram between ticks.
    fn send_datagram(&mut self, connection: ConnectionId, datagram: Bytes) {
        self.send_batch(&[(connection, datagram)]);
    }

    /// Whether the last batch still waits: the machine is too slow for what is sent, and the next one would only wait behind
    /// it, or be lost. Who leaves that out loses less.
    fn is_behind(&self) -> bool {
        false
    }

    /// Answers [`ServerEvent::FileRequested`].
    fn answer_file(&mut self, connection: ConnectionId, request: FileRequestId, answer: FileAnswer);

    /// The program let the connection's person in. Until then it holds one of the few places for
    /// newcomers; a transport without such places has nothing to do.
    fn admitted(&mut self, _connection: ConnectionId) {}

    /// Closes after everything queued for the control stream was delivered, or soon if it can not be.
    fn close(&mut self, connection: ConnectionId, code: CloseCode, reason: &str);
}

/// Datagrams that do not wait for the program's own thread. The network's thread hands them over as they come, and asks
/// for what is to be sent when it is due. Neither may block, or take long.
pub trait DatagramLane: Send {
    /// Whether datagrams that begin with this byte belong to the lane.
    fn takes(&self, kind: u8) -> bool;

    /// One came.
    fn receive(&mut self, from: ConnectionId, datagram: Bytes, now: Instant);

    /// When it wants to send next; none while nothing waits.
    fn due(&self) -> Option<Instant>;

    /// What is to be sent now. Unknown connections are skipped.
    fn send(&mut self, now: Instant, out: &mut Vec<(ConnectionId, Bytes)>);
}

/// What happened at the client.
#[derive(Clone, Debug, PartialEq)]
pub enum ClientEvent {
    /// The connection is open.
    Opened {
        /// Keying material that both ends know and nobody else.
        exporter: [u8; 32],
        /// The server's key, to be remembered.
        fingerprint: Fingerprint,
    },
    /// The control stream's next bytes, cut anywhere.
    Control(Bytes),
    /// A datagram.
    Datagram(Bytes),
    /// More of a requested file came.
    FileProgress {
        /// Which.
        hash: FileHash,
        /// Bytes so far.
        received: u64,
    },
    /// A requested file is here, its hash checked, or will not come.
    File {
        /// Which.
        hash: FileHash,
        /// Its content.
        result: Result<Bytes, FileError>,
    },
    /// The connection is gone; nothing follows.
    Closed {
        /// Why.
        reason: CloseReason,
    },
    /// There is no connection; nothing follows.
    Failed(ConnectError),
}

/// Where a client's datagrams of some kinds go as they come, on the network's thread. It may not block, or take long.
pub trait DatagramTap: Send + Sync {
    /// Whether datagrams that begin with this byte are for it.
    fn takes(&self, kind: u8) -> bool;

    /// One came.
    fn receive(&self, datagram: &Bytes);
}

/// Sends a client's datagrams from any thread; what comes while there is no connection is lost.
pub trait DatagramSender: Send + Sync {
    /// Sends one of at most `MAX_DATAGRAM_BYTES`.
    fn send(&self, datagram: Bytes);
}

/// The client's side of the network: one connection. Nothing here blocks.
pub trait ClientTransport {
    /// The next event.
    fn poll(&mut self) -> Option<ClientEvent>;

    /// Queues bytes for the control stream; before the connection is open they wait.
    fn send_control(&mut self, bytes: Bytes) -> Result<(), SendError>;

    /// Sends a datagram of at most `MAX_DATAGRAM_BYTES`; it may be lost, and is before the connection is open.
    fn send_datagram(&mut self, bytes: Bytes);

    /// From now on datagrams of some kinds go past the program's thread: those that come to the tap, those that are sent by the
    /// way that is given. None by a transport without such a way: everything stays with the program's thread.
    fn open_lane(&mut self, _tap: Arc<dyn DatagramTap>) -> Option<Arc<dyn DatagramSender>> {
        None
    }

    /// Asks for a file of exactly `expected_bytes`; [`ClientEvent::File`] answers, once.
    fn request_file(&mut self, hash: FileHash, expected_bytes: u64) -> Result<(), SendError>;

    /// Closes after everything queued for the control stream was delivered, or soon if it can not be.
    fn close(&mut self, code: CloseCode, reason: &str);
}
