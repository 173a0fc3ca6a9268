//! What can go wrong, in sentences that a person can act upon. Each is translated by its variant.

use crate::Fingerprint;
use std::net::SocketAddr;

/// The server can not listen.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// The address is not ours, is taken, or needs rights.
    #[error(
        "can not listen on UDP {listen}: {source}. Is another server running, or is the address not this machine's?"
    )]
    Address {
        /// Where.
        listen: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The certificate or its key can not be used.
    #[error("the certificate can not be used: {0}. Is the key the certificate's?")]
    Certificate(String),
    /// The system gives no threads.
    #[error("can not start the network's threads: {0}")]
    Runtime(std::io::Error),
}

/// There is no connection to a server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// Nothing came back.
    #[error(
        "The server did not answer. Your network may block UDP port {port}: ask its administrator to allow UDP \
         to port {port} (QUIC), or try another network, e.g. a mobile phone's."
    )]
    NoAnswer {
        /// The port that was tried.
        port: u16,
    },
    /// The host's name is unknown.
    #[error("There is no server called {host}. Check the link, and that this machine is on the Internet.")]
    NameNotFound {
        /// The name.
        host: String,
    },
    /// The server has another key than the link or the last visit says.
    #[error(
        "This is not the server that your link or your last visit names: its key has the fingerprint {found}, \
         expected was {expected}. Do not go on; ask whoever invited you for a new link."
    )]
    FingerprintMismatch {
        /// What the link says.
        expected: Fingerprint,
        /// What the server has.
        found: Fingerprint,
    },
    /// No authority vouches for the server, and nobody pinned it.
    #[error(
        "Nobody vouches for this server. Compare its fingerprint {found} with the one that whoever invited you gives."
    )]
    UnknownServer {
        /// What the server has; pin it when the person agrees.
        found: Fingerprint,
    },
    /// The server answered and takes no further connection now.
    #[error("The server takes no more connections now. Try again in a minute.")]
    Busy,
    /// Something answers there that is not a VEV server, or one of another generation.
    #[error("Port {port} of this machine is not a VEV server that this program can talk to ({detail}).")]
    NotAVenue {
        /// The port that was tried.
        port: u16,
        /// What the handshake says.
        detail: String,
    },
    /// This machine can not open a socket or a thread.
    #[error("This machine can not open a network connection: {0}.")]
    Local(String),
}

/// A file does not come.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The server has no such file.
    #[error("the server does not have the file")]
    NotFound,
    /// The server does not give files now.
    #[error("the server does not give the file")]
    Refused,
    /// The content is not what its name says, or has another size.
    #[error("the file came damaged")]
    Damaged,
    /// The connection ended before the file did.
    #[error("the connection broke before the file was here")]
    Broken,
}
