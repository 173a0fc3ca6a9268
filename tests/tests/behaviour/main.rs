//! Behaviour of server and clients together, in virtual time: one file per behaviour.

#![allow(clippy::unwrap_used, reason = "a test that can not go on fails")]

mod admission;
mod anchors;
mod doors_and_seats;
mod errands;
mod hands;
mod hostile_peers;
mod live_texts;
mod looks;
mod moderation;
mod motion;
mod private_talks;
mod safety;
mod sounds;
mod texts;
mod tiles;
mod voices;
mod watching;
