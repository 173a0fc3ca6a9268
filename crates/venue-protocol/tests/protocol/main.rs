//! The protocol from outside: every message on the wire, and both sessions against each other.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails as a test does")]

mod examples;
mod golden;
mod hostile;
mod round_trip;
mod sessions;
