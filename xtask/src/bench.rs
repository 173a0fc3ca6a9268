//! `cargo xtask bench`: builds with optimisation, measures, prints a table and one JSON line a figure.

mod figure;
mod first_frame;
mod importer;
mod importer_distances;
mod importer_scan;
mod shaper;
mod start;

use crate::dist;
use crate::process::{self, cargo, repository, target};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// What to measure.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// The client's frame: thread CPU time, allocations, time to the first frame and to inside.
    Frame {
        /// The scene to draw.
        #[arg(long, default_value = "lounge-50")]
        scene: String,
    },
    /// How long a newcomer waits on a line of 20 Mbit/s and 40 ms, beside CesiumJS with the same tiles.
    FirstFrame(first_frame::Args),
    /// The importer from scan to package: speed, memory and size, beside gltfpack.
    Importer(importer::Args),
}

/// Measures.
pub fn run(args: &Args) -> Result<()> {
    match &args.what {
        What::Frame { scene } => frame(scene),
        What::FirstFrame(args) => first_frame::run(args),
        What::Importer(args) => importer::run(args),
    }
}

/// All programs, built with optimisation: together, because one alone would want the libraries built anew for itself.
fn programs() -> Result<PathBuf> {
    crate::install::debian(&["mesa-vulkan-drivers", "libvulkan1"])?;
    let packages = dist::PROGRAMS.iter().flat_map(|name| ["--package", name]);
    process::run(cargo(&["build", "--release", "--quiet"]).args(packages))?;
    Ok(target().join("release"))
}

fn frame(scene: &str) -> Result<()> {
    let programs = programs()?;
    // One process after the other: neither measures the other's work.
    let mut in_process = Command::new(programs.join("xr-client"));
    process::run(in_process.args(["--bench-frame", scene]).current_dir(repository()))?;
    start::measure(&programs, scene)
}
