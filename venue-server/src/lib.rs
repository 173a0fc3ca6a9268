//! The server of a virtual event venue: admits people, moves them, keeps what they write.
//!
//! It must not know rendering, windows or headsets.

pub mod store;
