//! The only crate with our QUIC sockets: two polled traits, and their implementation by quinn.
//!
//! It moves bytes and files and knows no message, no person and no space. No quinn or rustls type
//! leaves it. The stepper in `tests/` implements the same traits over a virtual network.

#![warn(missing_docs)]

mod api;
pub mod certificate;
mod error;
mod fingerprint;
mod network_quota;
mod outbox;
mod queue;
mod quic;

pub use api::{
    ClientEvent, ClientTransport, ConnectionId, DatagramLane, DatagramSender, DatagramTap, FileAnswer,
    FileRequestId, MAX_CONTROL_BACKLOG_BYTES, SendError, ServerEvent, ServerTransport,
};
pub use certificate::{CertificateError, ServerCertificate};
pub use error::{BindError, ConnectError, FileError};
pub use fingerprint::{Fingerprint, FingerprintError};
pub use network_quota::{NetworkQuota, QuotaPermit};
pub use queue::WakeHandle;
pub use quic::{
    ClientPool, MemberId, QuicClient, QuicClientConfig, QuicServer, QuicServerConfig, ServerLimits, Traffic,
    Trust,
};
pub use venue_protocol::{CloseCode, CloseReason};
