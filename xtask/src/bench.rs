//! `cargo xtask bench`: builds with optimisation, measures, prints a table and one JSON line a figure.

mod figure;
mod start;

use crate::process::{self, cargo, repository, target};
use anyhow::Result;
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
}

/// Measures.
pub fn run(args: &Args) -> Result<()> {
    match &args.what {
        What::Frame { scene } => frame(scene),
    }
}

fn frame(scene: &str) -> Result<()> {
    crate::install::debian(&["mesa-vulkan-drivers", "libvulkan1"])?;
    let build = ["build", "--release", "--quiet", "--package", "venue-server", "--package", "xr-client"];
    process::run(&mut cargo(&build))?;
    let programs = target().join("release");
    // One process after the other: neither measures the other's work.
    let mut in_process = Command::new(programs.join("xr-client"));
    process::run(in_process.args(["--bench-frame", scene]).current_dir(repository()))?;
    start::measure(&programs, scene)
}
