//! Bevy draws the same room with as many skinned figures, offscreen and at the same size: what a frame takes of the
//! processor there and in our client, all threads but those that stand in for a graphics card.

use super::figure::Figure;
use crate::process::{cargo, output, repository, run, target};
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

const PEER: &str = "Bevy 0.20.1";

/// The package and the figures that both draw.
const PACKAGE: &str = "assets/venues/geneva/package";
const FIGURES: &str = "assets/avatars/avatars.glb";

/// What one frame took of all threads, ms.
struct Frames {
    p50: f64,
    p99: f64,
}

/// Runs both, one after the other, and prints both figures of a scene `SPACE-COUNT`.
pub fn compare(client: &Path, scene: &str) -> Result<()> {
    let (space, count) = scene.rsplit_once('-').context("a scene is a space and a number: lounge-50")?;
    let theirs = theirs(&build()?, space, count)?;
    let said = output(Command::new(client).args(["--bench-frame", scene]).current_dir(repository()))?;
    let ours = ours(&said, scene)?;
    println!("{scene} in one run: a frame of ours and of {PEER}'s, all threads but a software card's");
    for (what, ours, theirs) in [("p50", ours.p50, theirs.p50), ("p99", ours.p99, theirs.p99)] {
        println!("  {what}  {ours:.3} ms and {theirs:.3} ms: {:.2} of {PEER}'s", ours / theirs);
        let name = format!("frame.{scene}.process_cpu_ms_{what}");
        let peer = Some((PEER, theirs));
        let figure = Figure { name: &name, measured: ours, unit: "ms", goal: Some(theirs), peer };
        println!("{}", figure.line());
    }
    Ok(())
}

/// Bevy names a newer compiler than it needs.
fn build() -> Result<PathBuf> {
    let folder = target().join("peers");
    let mut command = cargo(&["build", "--release", "--quiet", "--locked", "--ignore-rust-version"]);
    command.arg("--manifest-path").arg(repository().join("peers/bevy-peer/Cargo.toml"));
    run(command.env("CARGO_TARGET_DIR", &folder))?;
    Ok(folder.join("release/bevy-peer"))
}

fn theirs(program: &Path, space: &str, count: &str) -> Result<Frames> {
    let picture = target().join("peers/bevy.png");
    let mut command = Command::new(program);
    command.args([PACKAGE, space, count, FIGURES]).arg(&picture).current_dir(repository());
    let said = output(&mut command)?;
    let line = said.lines().rev().find_map(|line| serde_json::from_str::<Value>(line).ok());
    let line = line.with_context(|| format!("{PEER} said no figures: {said}"))?;
    println!("{PEER}: {line}; its picture is {}", picture.display());
    let ms = |key: &str| line[key].as_f64().with_context(|| format!("{PEER} did not say {key}"));
    Ok(Frames { p50: ms("p50_ms")?, p99: ms("p99_ms")? })
}

fn ours(said: &str, scene: &str) -> Result<Frames> {
    let figures: Vec<Value> = said.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let ms = |what: &str| {
        let name = format!("frame.{scene}.process_cpu_ms_{what}");
        let found = figures.iter().find(|figure| figure["figure"] == name.as_str());
        found.and_then(|figure| figure["measured"].as_f64()).with_context(|| format!("no figure {name}"))
    };
    Ok(Frames { p50: ms("p50")?, p99: ms("p99")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_figures_are_found_by_their_names() {
        let said = "a table\n{\"figure\":\"frame.a-1.process_cpu_ms_p50\",\"measured\":1.5}\n\
                    {\"figure\":\"frame.a-1.process_cpu_ms_p99\",\"measured\":2.5}\n";
        let frames = ours(said, "a-1").unwrap();
        assert_eq!((frames.p50, frames.p99), (1.5, 2.5));
        assert!(ours(said, "b-1").is_err());
    }
}
