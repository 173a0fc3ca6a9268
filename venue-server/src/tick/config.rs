//! What a venue is opened with, and why it can not be.
//!
//! It must not know configuration files.

use crate::store::UnixMillis;
use crate::world::PlanError;
use venue_package::{Finding, NavigationError, PackageError};
use venue_protocol::LocalTime;

/// What one venue needs to know beyond its package.
#[derive(Clone, Debug)]
pub struct VenueConfig {
    /// The server's program and version, as clients are told.
    pub program: String,
    /// Names this server in its tickets, e.g. its host name.
    pub issuer: String,
    /// The Ed25519 secret that tickets are signed with; kept over restarts.
    pub ticket_secret: [u8; 32],
    /// The privacy notice that holds, at most 32 characters.
    pub notice: String,
    /// The local time at which the server's time is zero.
    pub clock_origin: LocalTime,
    /// The wall clock at that time.
    pub wall_at_origin: UnixMillis,
    /// People at once, with a body or watching; who comes later is told that the server is full.
    pub max_sessions: usize,
    /// People with a body in one event; who comes later watches.
    pub max_bodies: usize,
    /// For so long a lost person's place is kept, seconds.
    pub grace_secs: u32,
}

impl Default for VenueConfig {
    /// A venue for 1,000 people and 2,000 more who watch. The ticket
    /// secret must be set; without it no venue opens.
    fn default() -> Self {
        Self {
            program: concat!("venue-server ", env!("CARGO_PKG_VERSION")).into(),
            issuer: "venue".into(),
            ticket_secret: [0; 32],
            notice: "1".into(),
            clock_origin: LocalTime(0),
            wall_at_origin: UnixMillis(0),
            max_sessions: 3_000,
            max_bodies: 1_000,
            grace_secs: 30,
        }
    }
}

/// The venue can not be opened.
#[derive(Debug, thiserror::Error)]
pub enum VenueError {
    /// Tickets would be signed with a key that everybody knows.
    #[error("the secret that tickets are signed with is not set")]
    NoTicketSecret,
    /// A file of the package is missing or damaged.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// Manifest, tileset and navigation mesh do not fit together; this is the first thing wrong.
    #[error("{0}; `venue-importer check` says all that is wrong with the package")]
    Structure(Finding),
    /// The navigation mesh can not be used.
    #[error("venue package: {0}")]
    Navigation(#[from] NavigationError),
    /// People can not be placed in it.
    #[error("venue package: {0}")]
    Plan(#[from] PlanError),
}
