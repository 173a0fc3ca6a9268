//! `cargo xtask demo`: the product's main job with embedded defaults, on a machine that has nothing prepared.

pub mod server;
mod summary;
pub mod tour;

use crate::process::{self, Running, cargo, repository, target};
use anyhow::{Context, Result, bail};
use server::Server;
use std::path::PathBuf;
use std::process::Command;

/// What to show.
#[derive(clap::Args)]
pub struct Args {
    /// Pictures instead of a window, although there is a display.
    #[arg(long)]
    headless: bool,
    /// The folder for the pictures and their summary.
    #[arg(long, default_value = "demo-out")]
    out: PathBuf,
    /// Programs that are already built, e.g. those of an unpacked archive's `bin` folder.
    #[arg(long)]
    programs: Option<PathBuf>,
}

/// Starts a server with the sample venue and shows it.
pub fn run(args: &Args) -> Result<()> {
    let programs = match &args.programs {
        Some(folder) => folder.canonicalize().context("--programs names no folder")?,
        None => build()?,
    };
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    if has_display && !args.headless {
        return window(&programs);
    }
    if !args.headless {
        println!("There is no display: the tour is rendered to pictures in {}.", args.out.display());
    }
    crate::install::debian(&["mesa-vulkan-drivers", "libvulkan1"])?;
    tour::run(&programs, &args.out)
}

/// Builds the two programs and says where they lie.
fn build() -> Result<PathBuf> {
    println!("building the server and the client");
    process::run(&mut cargo(&["build", "--quiet", "--package", "venue-server", "--package", "xr-client"]))?;
    Ok(target().join("debug"))
}

/// A server of one's own and a window in it, until the window is closed.
fn window(programs: &std::path::Path) -> Result<()> {
    let folder = scratch("demo")?;
    let server = Server::start(programs, &folder.join("server"))?;
    let links = server.invite(&[("Demo Delegate", "VEV", ""), ("Demo Guest", "VEV", "")])?;
    println!("The sample venue is open. A second delegate on this machine enters with:");
    println!("  {} --link '{}' --data-dir OTHER-FOLDER", programs.join("xr-client").display(), links[1]);
    let mut client = Command::new(programs.join("xr-client"));
    client.args(["--link", &links[0]]).arg("--data-dir").arg(folder.join("you"));
    let mut client = Running(client.current_dir(repository()).spawn().context("cannot start xr-client")?);
    let status = client.0.wait()?;
    if !status.success() {
        bail!("the client ended with {status}");
    }
    Ok(())
}

/// An empty folder for one run, below the target directory.
pub(crate) fn scratch(name: &str) -> Result<PathBuf> {
    let folder = target().join(format!("{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}
