//! One state machine for each end of a connection. The owner feeds `handle_*` and drains `poll_*`
//! until they give none; the machines know no socket and no clock.

mod client;
mod probes;
mod rate;
mod request;
mod server;
mod update;

pub use client::{ClientSession, ClientSessionConfig, ClientSessionEvent, SessionEnd};
pub use request::ClientRequest;
pub use server::{JoinRequest, ServerSession, ServerSessionConfig, ServerSessionEnd, ServerSessionEvent};
pub use update::ServerUpdate;

use crate::CloseCode;

/// The connection is to be closed, after everything that `poll_control` gave was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionClose {
    /// With this code.
    pub code: CloseCode,
    /// And this text, for the other end's log.
    pub reason: String,
}

/// Time that a client has to say hello and ask to be admitted, µs.
pub const HANDSHAKE_TIMEOUT_MICROS: u64 = 10_000_000;

/// Silence after which the server gives a client up, µs.
pub const SERVER_IDLE_MICROS: u64 = 20_000_000;

/// Silence after which a client gives the server up, µs.
pub const CLIENT_IDLE_MICROS: u64 = 15_000_000;
