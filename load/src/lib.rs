//! A crowd of simulated delegates on one thread: real connections, real sessions, bodies that move as people did who
//! were recorded. `cargo xtask load` measures a server with it, and tests of real processes fill a venue.
//!
//! It must not know how a server is started, nor what of the server is measured from outside.

#![warn(missing_docs)]

pub mod bot;
pub mod bvh;
pub mod clip;
pub mod course;
pub mod cpu;
pub mod crowd;
pub mod ground;
pub mod invitation;
pub mod random;
pub mod recording;
pub mod tally;
pub mod watch;

pub use clip::Clip;
pub use crowd::{Crowd, CrowdConfig};
pub use ground::Ground;
pub use invitation::Invitation;
pub use recording::Recording;
pub use tally::{Report, Tally};
