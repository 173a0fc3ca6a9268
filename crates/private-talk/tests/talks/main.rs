//! Talks of several devices around a relay that can not read.
#![allow(clippy::unwrap_used)]

mod changes;
mod hall;
