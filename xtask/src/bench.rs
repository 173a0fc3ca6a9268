//! `cargo xtask bench`: builds with optimisation, measures, prints a table and one JSON line a figure.

mod bevy;
mod codec;
mod codec_peers;
pub(crate) mod figure;
mod first_frame;
mod importer;
mod importer_distances;
mod importer_scan;
mod shaper;
mod start;
mod transport;
mod voice;
mod voice_peer;

use crate::dist;
use crate::install::monado;
use crate::process::{self, cargo, repository, target};
use anyhow::{Context as _, Result};
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
        /// In a headset, on Monado without a display.
        #[arg(long)]
        xr: bool,
        /// Both eyes offscreen, each of this size, e.g. 2064x2208: what they take of a graphics card.
        #[arg(long, value_name = "SIZE", conflicts_with = "xr")]
        eyes: Option<String>,
        /// Beside Bevy, which draws the same room with as many figures; the first time builds it.
        #[arg(long, conflicts_with_all = ["xr", "eyes"])]
        peer: bool,
    },
    /// How long a newcomer waits on a line of 20 Mbit/s and 40 ms, beside CesiumJS with the same tiles.
    FirstFrame(first_frame::Args),
    /// The importer from scan to package: speed, memory and size, beside gltfpack.
    Importer(importer::Args),
    /// Bits and CPU time of a body's update, on recorded motion.
    Codec(codec::Args),
    /// CPU of the server's transport for each datagram, beside raw `sendmmsg` and asynchronous quinn.
    Transport(transport::Args),
    /// Voices: frames that the server forwards, what each costs a listener and how long it waits; beside Mumble's server.
    Voice(voice::Args),
}

/// Measures.
pub fn run(args: &Args) -> Result<()> {
    match &args.what {
        What::Frame { scene, xr: true, .. } => frame_in_headset(scene),
        What::Frame { scene, eyes: Some(size), .. } => eyes(scene, size),
        What::Frame { scene, peer: true, .. } => bevy::compare(&programs()?.join("xr-client"), scene),
        What::Frame { scene, .. } => frame(scene),
        What::FirstFrame(args) => first_frame::run(args),
        What::Importer(args) => importer::run(args),
        What::Codec(args) => codec::measure(args),
        What::Transport(args) => transport::measure(args),
        What::Voice(args) => voice::measure(args),
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

/// The pictures of both eyes are left beside the figures.
fn eyes(scene: &str, size: &str) -> Result<()> {
    let out = target().join("bench-eyes");
    let mut command = Command::new(programs()?.join("xr-client"));
    command.args(["--bench-frame", scene, "--eyes", size, "--out"]).arg(&out).current_dir(repository());
    process::run(&mut command)?;
    println!("the pictures are in {}", out.display());
    Ok(())
}

/// A headset whose head sways by itself, and whose runtime shows nothing: what is measured is the client.
fn frame_in_headset(scene: &str) -> Result<()> {
    monado::install()?;
    let programs = programs()?;
    let sockets = target().join("bench-headset");
    std::fs::create_dir_all(&sockets).with_context(|| sockets.display().to_string())?;
    let mut command = Command::new(programs.join("xr-client"));
    command.args(["--xr", "--bench-frame", scene]).current_dir(repository());
    command.env("XR_RUNTIME_JSON", monado::runtime_file()).env("XRT_COMPOSITOR_NULL", "1");
    command.env("SIMULATED_ENABLE", "1").env("XDG_RUNTIME_DIR", &sockets).env("XDG_CONFIG_HOME", &sockets);
    process::run(&mut command)
}
