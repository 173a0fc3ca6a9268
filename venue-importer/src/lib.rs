//! The venue modelers' tool: one GLB with named spaces, doors and seats becomes a venue package.
//!
//! One file per step, in the order of [`pack::pack`]: read, spaces, places, exhibits, tiles,
//! navigation, and the manifest. It knows no network, no server and no window.

pub(crate) mod acoustics;
pub mod authored;
pub mod check;
pub mod cli;
pub mod deviation;
mod exhibits;
mod extensions;
mod floor_probe;
pub mod hierarchy;
pub mod import;
pub mod memory;
mod navigation;
mod nearest;
pub mod pack;
mod packing;
mod panoramas;
mod places;
pub mod preview;
pub mod programs;
pub mod progress_bar;
pub mod read;
pub mod report;
pub mod scan;
pub mod serve;
mod spaces;
pub mod spent;
pub mod textures;
mod tiles;
pub mod tiny;
