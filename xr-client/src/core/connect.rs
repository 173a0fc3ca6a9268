//! How the core gets a transport, and how it says which server it expects there.
//!
//! It must not know QUIC: the program hands in a connector for the real network, tests one for a virtual one.

use crate::link::Place;
use venue_transport::ClientTransport;

/// Which key the server must show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// The one that the link names.
    Pinned([u8; 32]),
    /// The one that it showed at the last visit, or a certificate of a public authority.
    Known([u8; 32]),
    /// A certificate of a public authority; else the person is asked.
    PublicOrAsk,
}

/// Whom to connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Where.
    pub place: Place,
    /// With which key.
    pub trust: Trust,
}

/// Makes transports. Every try to connect takes a new one.
pub trait Connector {
    /// What it makes.
    type Transport: ClientTransport;
    /// Begins to connect and returns at once; success or failure comes as the transport's first event.
    fn connect(&mut self, target: &Target) -> Self::Transport;
}

impl<T: ClientTransport, F: FnMut(&Target) -> T> Connector for F {
    type Transport = T;
    fn connect(&mut self, target: &Target) -> T {
        self(target)
    }
}
