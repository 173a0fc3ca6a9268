//! Bodies on the wire: the server's world becomes datagrams for each viewer, the client's mirror
//! turns them into bodies in server time. Both ends live here, so that they are tested together.
//!
//! This crate knows no socket, clock, thread or runtime.

#![warn(missing_docs)]

mod bits;
pub mod components;
mod interpolate;
mod jitter;
pub mod mirror;
pub mod pose_codec;
pub mod pose_update;
mod rings;
pub mod snapshot;
pub mod space_replicator;

pub use components::{Body, Who};
pub use mirror::Mirror;
pub use pose_codec::quantised;
pub use pose_update::PoseUpdate;
pub use space_replicator::{SpaceReplicator, Viewer};
