//! `cargo xtask bench`: builds with optimisation, measures, prints a table and one JSON line a figure.

use crate::process::{self, cargo};
use anyhow::Result;

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
    let run = ["run", "--release", "--quiet", "--package", "xr-client", "--", "--bench-frame", scene];
    process::run(&mut cargo(&run))
}
