//! Bodies on the wire: the server's world becomes datagrams for each viewer, the client's mirror
//! turns them into bodies in server time. Both ends live here, so that they are tested together.
//!
//! This crate knows no socket, clock, thread or runtime.

#![warn(missing_docs)]

mod arithmetic;
mod arrivals;
pub mod beat;
mod bits;
mod bodies;
mod budget;
pub mod components;
pub mod detail;
pub mod feedback;
mod interest;
mod interpolate;
mod jitter;
mod lattice;
pub mod mirror;
mod packer;
pub mod pose_codec;
pub mod pose_update;
mod slots;
pub mod snapshot;
pub mod space_replicator;
mod spread;
pub mod stream;
mod whole;

pub use arrivals::Arrivals;
pub use beat::Beat;
pub use components::{Body, Notice, Who};
pub use detail::Ring;
pub use feedback::Feedback;
pub use interest::Viewer;
pub use mirror::Mirror;
pub use pose_codec::quantised;
pub use pose_update::PoseUpdate;
pub use space_replicator::SpaceReplicator;
