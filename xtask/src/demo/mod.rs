//! `cargo xtask demo`: the product's main job with embedded defaults, on a machine that has nothing prepared.

pub mod server;
mod summary;
pub mod tour;

use crate::process::{self, Running, cargo, repository, target};
use anyhow::{Context, Result, ensure};
use server::{Addresses, Server};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
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
    /// Lets other machines in too: where the server listens, e.g. 0.0.0.0:4433.
    #[arg(long, value_name = "ADDRESS:PORT", conflicts_with = "headless")]
    listen: Option<SocketAddr>,
    /// The name or address under which the other machine finds this one.
    #[arg(long, value_name = "NAME")]
    public: Option<String>,
}

/// Starts a server with the sample venue and shows it.
pub fn run(args: &Args) -> Result<()> {
    let addresses = Addresses::new(args.listen, args.public.as_deref())?;
    let programs = match &args.programs {
        Some(folder) => folder.canonicalize().context("--programs names no folder")?,
        None => build()?,
    };
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some());
    if (has_display || args.listen.is_some()) && !args.headless {
        return meet(&programs, addresses, has_display);
    }
    if !args.headless {
        println!("There is no display: the tour is rendered to pictures in {}.", args.out.display());
    }
    crate::install::debian(&["mesa-vulkan-drivers", "libvulkan1"])?;
    tour::run(&programs, &args.out)
}

/// Builds the two programs and says where they lie.
pub(crate) fn build() -> Result<PathBuf> {
    println!("building the server and the client");
    process::run(&mut cargo(&["build", "--quiet", "--package", "venue-server", "--package", "xr-client"]))?;
    Ok(target().join("debug"))
}

/// A server of one's own with two links, and a window in it if there is a display; else until Ctrl-C.
fn meet(programs: &Path, addresses: Addresses, has_display: bool) -> Result<()> {
    let folder = scratch("demo")?;
    let server = Server::start_at(programs, &folder.join("server"), &repository(), addresses)?;
    let links = server.invite(&[("Demo Delegate", "VEV", ""), ("Demo Guest", "VEV", "")])?;
    println!("The sample venue is open on UDP and TCP port {}.", server.port);
    println!("A second delegate enters with (each process needs a data folder of its own):");
    println!("  xr-client --link '{}' --data-dir OTHER-FOLDER", links[1]);
    if has_display {
        return window(programs, &folder, &links[0]);
    }
    println!("There is no display here. The first delegate enters elsewhere too:");
    println!("  xr-client --link '{}'", links[0]);
    println!("Ctrl-C ends the server.");
    server.wait()
}

/// A client in a window, until it is closed.
fn window(programs: &Path, folder: &Path, link: &str) -> Result<()> {
    let mut client = Command::new(programs.join("xr-client"));
    client.args(["--link", link]).arg("--data-dir").arg(folder.join("you"));
    let mut client = Running(client.current_dir(repository()).spawn().context("cannot start xr-client")?);
    let status = client.0.wait()?;
    ensure!(status.success(), "the client ended with {status}");
    Ok(())
}

/// An empty folder for one run, below the target directory.
pub(crate) fn scratch(name: &str) -> Result<PathBuf> {
    let folder = target().join(format!("{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Demo {
        #[command(flatten)]
        args: Args,
    }

    #[test]
    fn addresses_are_arguments_and_a_tour_takes_none() {
        let line = ["demo", "--listen", "0.0.0.0:4433", "--public", "venue.example.org"];
        let args = Demo::try_parse_from(line).ok().unwrap().args;
        assert_eq!(args.listen, Some(SocketAddr::from(([0, 0, 0, 0], 4433))));
        assert_eq!(args.public.as_deref(), Some("venue.example.org"));
        let refused = |line: &[&str]| Demo::try_parse_from(line).err().unwrap().to_string();
        assert!(refused(&["demo", "--headless", "--listen", "0.0.0.0:1"]).contains("--headless"));
        assert!(refused(&["demo", "--listen", "venue.example.org"]).contains("ADDRESS:PORT"));
    }
}
