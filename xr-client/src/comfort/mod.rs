//! What keeps people well while their view moves: how a stick turns, how the view narrows in motion, darkness inside of
//! walls, and how high the eyes are. Pure functions and small states; numbers come in and go out.
//!
//! It must not know devices, the renderer or a clock.

pub mod height;
mod settings;
pub mod turn;
pub mod vignette;
pub mod walls;

pub use settings::{ComfortSettings, Hand, Height, OneStick, Vignette};
