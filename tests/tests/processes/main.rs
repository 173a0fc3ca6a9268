//! The product as processes over real QUIC on loopback: what only real processes can show.

#![allow(clippy::unwrap_used, reason = "a test that can not go on fails")]

mod accessible;
mod archive;
mod bad_line;
mod changes;
mod crowds;
#[allow(dead_code, reason = "each group of tests uses its part of a desktop")]
mod desktop;
mod floods;
mod full_event;
mod host_here;
mod hostile_clients;
mod independent_quic;
mod killed_server;
mod modelers;
mod private_talk;
mod reader;
mod tour;
mod voices;
mod window;

use tests::{delegates, programs};
