//! Talks of several devices around a relay that can not read.
#![allow(clippy::unwrap_used, reason = "a helper of a test fails as a test does")]

mod attacks;
mod changes;
mod chaos;
mod guests;
mod hall;
mod words;
