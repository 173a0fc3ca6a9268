//! The transport over real QUIC on this machine: the lanes, the refusals, paths that change, and peers that misbehave.

#![allow(clippy::unwrap_used, reason = "a helper of a test fails as a test does")]

mod anybody;
mod harness;
mod hostile;
mod lanes;
mod paths;
mod pool;
mod refusals;
mod relay;
