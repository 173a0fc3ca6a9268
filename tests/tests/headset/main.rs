//! The client in a headset: real processes on Monado, a real OpenXR runtime, whose head and hands are scripted.
//! `cargo xtask test --only install` builds it.

#![allow(clippy::unwrap_used, reason = "a test that can not go on fails")]

mod bare_hands;
mod comfort;
mod composed;
mod cycles;
mod deeds;
#[path = "../processes/desktop.rs"]
#[allow(dead_code, reason = "each group of tests uses its part of a desktop")]
mod desktop;
mod extras;
mod fingers;
mod lost;
mod one_hand;
mod panorama;
mod person;
mod refusals;
mod remote;
mod settings;
mod steps;
mod visit;
mod worn;

/// Where pictures for people lie after the tests.
fn pictures() -> std::path::PathBuf {
    let folder = xtask::process::target().join("headset-pictures");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
