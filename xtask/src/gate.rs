//! The gate: one list of phases, the same by hand and in CI, each with its time.

use crate::process::{self, cargo, repository};
use crate::{counts, install, portability, tidy};
use anyhow::{Context, Result};
use std::process::Command;
use std::time::Instant;

/// What to run.
#[derive(clap::Args)]
pub struct Args {
    /// Only the phase of this name, e.g. `tidy` or `tests`.
    #[arg(long)]
    only: Option<String>,
}

type Phase = (&'static str, fn() -> Result<()>);

/// In the order in which a fault is cheapest to find.
const PHASES: [Phase; 14] = [
    ("install", install::everything),
    ("format", format),
    ("tidy", tidy::run),
    ("typos", typos),
    ("licences", licences),
    ("locks", locks),
    ("tests", tests),
    ("standards", standards),
    ("counts", counts::check),
    ("doctests", doctests),
    ("clippy", clippy),
    ("rustdoc", rustdoc),
    ("browser", portability::browser),
    ("windows", portability::windows),
];

/// Programs with locks of their own.
const OUTSIDE: [&str; 4] = ["fuzz/engine", "peers/bevy-peer", "peers/mumble-peer", "peers/replication-peer"];

/// Runs the phases and prints each one's time; the first that fails ends the run.
pub fn run(args: &Args) -> Result<()> {
    let only = args.only.as_deref();
    let mut times = Vec::new();
    for (name, phase) in PHASES {
        if only.is_some_and(|only| only != name) {
            continue;
        }
        println!("── {name}");
        let started = Instant::now();
        phase().with_context(|| {
            format!("phase `{name}` failed (again alone: cargo xtask test --only {name})")
        })?;
        times.push((name, started.elapsed()));
    }
    anyhow::ensure!(!times.is_empty(), "there is no phase of that name");
    println!("── times");
    for (name, time) in &times {
        println!("{name:>10} {:>7.1} s", time.as_secs_f64());
    }
    let total: f64 = times.iter().map(|(_, time)| time.as_secs_f64()).sum();
    println!("{:>10} {total:>7.1} s", "total");
    println!("{} passed, 0 failed", times.len());
    Ok(())
}

fn format() -> Result<()> {
    process::run(&mut cargo(&["fmt", "--all", "--check"]))
}

fn clippy() -> Result<()> {
    process::run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))
}

fn tests() -> Result<()> {
    // The tests of real processes start the programs as they are shipped.
    process::run(&mut cargo(&["build", "--workspace", "--bins", "--quiet"]))?;
    let mut command = cargo(&["nextest", "run", "--workspace", "--no-fail-fast", "--cargo-quiet"]);
    process::run(process::with_tools(&mut command)?)
}

/// Other people's programs read what we write, and draw what we draw.
fn standards() -> Result<()> {
    install::debian(&["chromium", "libvulkan1", "mesa-vulkan-drivers"])?;
    install::readers()?;
    process::run(&mut cargo(&["build", "--workspace", "--bins", "--quiet"]))?;
    let mut command =
        cargo(&["nextest", "run", "--workspace", "--test", "standards", "--ignore-default-filter"]);
    command.args(["--test-threads", "1", "--no-fail-fast", "--cargo-quiet"]);
    process::run(process::with_tools(&mut command)?)?;
    println!("the pictures to compare are in {}", process::target().join("standards").display());
    Ok(())
}

fn doctests() -> Result<()> {
    process::run(&mut cargo(&["test", "--workspace", "--doc", "--quiet"]))
}

fn rustdoc() -> Result<()> {
    let mut command = cargo(&["doc", "--workspace", "--no-deps", "--quiet"]);
    process::run(command.env("RUSTDOCFLAGS", "-D warnings"))
}

fn licences() -> Result<()> {
    let mut command = Command::new(install::cargo_deny_program());
    let options = ["--log-level", "error", "check", "licenses", "bans", "sources"];
    process::run(command.args(options).current_dir(repository()))
}

/// What lies outside the workspace is built by command alone: nobody else notices that its lock is not of now.
fn locks() -> Result<()> {
    for folder in OUTSIDE {
        let manifest = repository().join(folder).join("Cargo.toml");
        let mut command = cargo(&["update", "--workspace", "--locked", "--quiet", "--manifest-path"]);
        process::run(command.arg(&manifest)).with_context(|| {
            format!(
                "{folder}/Cargo.lock is stale: cargo update --workspace --manifest-path {folder}/Cargo.toml"
            )
        })?;
    }
    Ok(())
}

fn typos() -> Result<()> {
    process::run(Command::new(install::typos_program()).current_dir(repository()))
}
