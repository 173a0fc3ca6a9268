//! The renderer's pictures on a software device: colours, geometry, ids, two views at once, and faults.

#![allow(clippy::unwrap_used, reason = "this whole crate is a test")]

mod colors;
mod crowds;
mod faults;
mod flat;
mod geometry;
mod ids;
mod labels;
mod mirror;
mod multiview;
mod open_sky;
mod panels;
mod snapshot;
mod stage;
mod streaming;
mod vignette;
