//! The server of a virtual event venue: admits people, moves them, keeps what they write.
//!
//! It must not know rendering, windows or headsets.

pub mod cli;
pub mod config;
pub mod console;
pub mod counters;
pub mod names;
pub mod ops;
pub mod private_file;
pub mod rate;
pub mod server;
pub mod sessions;
pub mod stopwatch;
pub mod store;
pub mod systems;
pub mod tick;
pub mod voices;
pub mod world;
