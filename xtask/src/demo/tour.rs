//! The tour without a window: one server, two clients, pictures, and the proof that they show people where they are.

use super::server::Server;
use super::{scratch, summary};
use crate::process::{Running, output};
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Every picture of the tour.
pub const PICTURES: [&str; 6] = ["lounge", "two-delegates", "popov-hall", "hall-c", "hall-a", "panel-ar"];

/// Pictures on which the other delegate must be seen.
const PROVEN: [&str; 5] = ["lounge", "two-delegates", "popov-hall", "hall-c", "hall-a"];

const GUEST: &str = include_str!("../../tour/guest.vev");
const CAMERA: &str = include_str!("../../tour/camera.vev");

/// How far a head may be seen from where it is, metres.
const LARGEST_ERROR: f64 = 0.05;

/// What was measured on one picture.
pub struct Proof {
    /// The picture's name.
    pub picture: &'static str,
    /// The space's key.
    pub space: String,
    /// Metres, across the line of sight, from where the other's head is taken to be to the pixels that show it.
    pub error_metres: f64,
    /// Metres between where the other's own process has its head and where this client takes it to be.
    pub pose_error_metres: f64,
    /// Pixels that show the other.
    pub pixels: u64,
}

/// Walks the tour and writes pictures and summary into `out`.
pub fn run(programs: &Path, out: &Path) -> Result<()> {
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let folder = scratch("tour")?;
    let started = Instant::now();
    let server = Server::start(programs, &folder.join("server"))?;
    let opened_secs = started.elapsed().as_secs_f64();
    let links = server.invite(&[("Amina Diallo", "SEN", "fr"), ("Bruno Keller", "CHE", "en")])?;
    println!("the server is open on port {}; two delegates enter", server.port);
    let looked_at = client(programs, &folder.join("guest"), &links[0], GUEST, "3,2")?;
    let camera = client(programs, &folder.join("camera"), &links[1], CAMERA, "1,4")?;
    finish("the delegate who looks", camera)?;
    finish("the delegate who is looked at", looked_at)?;
    let tour_secs = started.elapsed().as_secs_f64();
    let events = output(server.command().args(["event", "list"]))?;
    server.stop()?;
    for picture in PICTURES {
        for extension in ["png", "json"] {
            let name = format!("{picture}.{extension}");
            std::fs::copy(folder.join("camera").join(&name), out.join(&name))
                .with_context(|| format!("the picture {name} was not made"))?;
        }
    }
    let guest = folder.join("guest");
    let proofs = PROVEN.into_iter().map(|picture| prove(out, &guest, picture)).collect::<Result<Vec<_>>>()?;
    let figures = summary::Figures { opened_secs, tour_secs, events, proofs };
    summary::write(out, &figures)?;
    std::fs::remove_dir_all(&folder).ok();
    judge(&figures.proofs)?;
    println!("{} pictures and summary.md are in {}", PICTURES.len(), out.display());
    Ok(())
}

/// Starts a client that plays a script; its pictures and data go into `folder`.
pub fn client(programs: &Path, folder: &Path, link: &str, script: &str, looks: &str) -> Result<Running> {
    std::fs::create_dir_all(folder)?;
    let file = folder.join("script.vev");
    std::fs::write(&file, script)?;
    let log = std::fs::File::create(folder.join("client.log"))?;
    let mut command = Command::new(programs.join("xr-client"));
    command.args(["--headless", "--appearance", looks, "--language", "en", "--script"]).arg(&file);
    command.arg("--out").arg(folder).arg("--data-dir").arg(folder.join("data"));
    // The link is a secret: other users of the machine see command lines, but not environments.
    command.env("VEV_LINK", link).current_dir(programs.parent().unwrap_or(programs));
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    command.spawn().map(Running).context("cannot start xr-client")
}

fn finish(who: &str, mut client: Running) -> Result<()> {
    let status = client.0.wait()?;
    ensure!(status.success(), "{who} ended with {status}; client.log in the folder of the run says why");
    Ok(())
}

fn prove(out: &Path, guest: &Path, picture: &'static str) -> Result<Proof> {
    let report = report(&out.join(format!("{picture}.json")))?;
    let truth = self::report(&guest.join(format!("{picture}.json")))?;
    let others = report["others"].as_array().context("a report lists the others")?;
    let [other] = others.as_slice() else { bail!("{picture}: {} others are seen, not one", others.len()) };
    let pixels = other["pixels"].as_u64().unwrap_or_default();
    ensure!(pixels > 0, "{picture}: no pixel shows the other delegate");
    let error = other["head_lateral_metres"].as_f64();
    let error_metres =
        error.with_context(|| format!("{picture}: nothing is seen where the other's head is"))?;
    let pose_error_metres = distance(&other["head"], &truth["own"]["head"])
        .with_context(|| format!("{picture}: the two processes do not both say where the head is"))?;
    let space = report["space"].as_str().unwrap_or_default().to_owned();
    Ok(Proof { picture, space, error_metres, pose_error_metres, pixels })
}

fn report(path: &Path) -> Result<Value> {
    let bytes = std::fs::read(path).with_context(|| format!("{} was not written", path.display()))?;
    Ok(serde_json::from_slice(&bytes)?)
}

/// Metres between two points that are written as three numbers.
fn distance(a: &Value, b: &Value) -> Option<f64> {
    let square = |axis: usize| Some((a[axis].as_f64()? - b[axis].as_f64()?).powi(2));
    Some((square(0)? + square(1)? + square(2)?).sqrt())
}

/// The tour counts only if the other stands where its head is, in three rooms at least.
fn judge(proofs: &[Proof]) -> Result<()> {
    for proof in proofs {
        let Proof { picture, error_metres, pose_error_metres, .. } = proof;
        ensure!(
            *pose_error_metres <= LARGEST_ERROR,
            "{picture}: the head is taken to be {pose_error_metres:.3} m from where its own process has it"
        );
        ensure!(
            *error_metres <= LARGEST_ERROR,
            "{picture}: the head is seen {error_metres:.3} m from where it is"
        );
    }
    let mut spaces: Vec<&str> = proofs.iter().map(|proof| proof.space.as_str()).collect();
    spaces.sort_unstable();
    spaces.dedup();
    ensure!(spaces.len() >= 3, "the other was seen in {} rooms only: {spaces:?}", spaces.len());
    Ok(())
}
