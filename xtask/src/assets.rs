//! `cargo xtask assets`: rebuilds the sample venue and the avatars from their scripts, then packs the venue.

use crate::process::{self, cargo, repository};
use anyhow::Result;
use std::process::Command;

/// What to build and how well.
#[derive(clap::Args)]
pub struct Args {
    /// How long the light is computed.
    #[arg(long, default_value = "final", value_parser = ["draft", "final"])]
    quality: String,
    /// Only this part.
    #[arg(long, value_parser = ["venue", "avatar"])]
    only: Option<String>,
}

/// Runs the scripts.
pub fn run(args: &Args) -> Result<()> {
    let mut build = Command::new("python3");
    build.current_dir(repository()).args(["assets/build.py", "--quality", &args.quality]);
    if let Some(only) = &args.only {
        build.args(["--only", only]);
    }
    process::run(&mut build)?;
    if args.only.as_deref() == Some("avatar") {
        return Ok(());
    }
    let venue =
        ["assets/venues/geneva/geneva.glb", "--into", "assets/venues/geneva/package", "--near", "etc1s:100"];
    process::run(
        cargo(&["run", "--release", "--quiet", "--package", "venue-importer", "--", "pack"])
            .args(venue)
            .arg("--force"),
    )
}
