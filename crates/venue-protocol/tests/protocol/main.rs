//! The protocol from outside: every message on the wire, and both sessions against each other.

mod examples;
mod golden;
mod hostile;
mod round_trip;
mod sessions;
