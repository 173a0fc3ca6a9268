//! The client in a headset: real processes on Monado, a real OpenXR runtime, whose head and hands are scripted.
//! `cargo xtask test --only install` builds it.

#![allow(clippy::unwrap_used, reason = "a test that can not go on fails")]

mod deeds;
mod refusals;
mod remote;
mod visit;
mod worn;
