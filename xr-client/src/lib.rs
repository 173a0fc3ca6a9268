//! The delegate's program as a library: `main.rs` parses the command line and calls it.

pub mod anchors;
pub mod app;
pub mod bench;
pub mod cli;
pub mod comfort;
pub mod core;
pub mod in_world;
pub mod input;
pub mod link;
pub mod net;
mod notices;
pub mod outside;
pub mod panel_model;
pub mod panels;
mod plan;
pub mod platform;
pub mod present;
pub mod preview;
mod register;
pub mod replica;
pub mod scene;
pub mod sentence;
pub mod settings;
mod sorted_map;
pub mod sound;
#[cfg(test)]
mod testing;
pub mod voice;

/// As in the program, so that tests can count.
#[cfg(test)]
#[global_allocator]
static ALLOCATOR: platform::CountingAllocator = platform::CountingAllocator;
