//! Measures frames.
use anyhow::{Result, bail};
use glam::UVec2;
use std::path::Path;

/// Runs a scene.
pub fn run(scene: &str, _package: &Path, _size: UVec2) -> Result<()> {
    bail!("there is no scene {scene:?}")
}
