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

/// How far a head may be seen from where it is along each axis, metres.
const LARGEST_ERROR: f64 = 0.05;

/// Share of a head that something else may hide; more is no proof.
const MOST_HIDDEN: f64 = 0.5;

/// Share of what is not hidden of a head that must be seen as head.
const LEAST_SEEN: f64 = 0.8;

/// A head of fewer pixels is too far away to tell centimetres.
const LEAST_PIXELS: u64 = 60;

/// What was measured on one picture.
pub struct Proof {
    /// The picture's name.
    pub picture: &'static str,
    /// The space's key.
    pub space: String,
    /// Metres from where the other's head must be seen to where it is seen: to the right, up, away.
    pub offset_metres: [f64; 3],
    /// Metres between where the other's own process has its head and where this client takes it to be.
    pub pose_error_metres: f64,
    /// Pixels that show the other.
    pub pixels: u64,
    /// Pixels that show the other's head.
    pub head_pixels: u64,
    /// Pixels that its head covers if it is where its pose says.
    pub head_expected: u64,
    /// Those of them that something else stands before, or that lie beyond the picture's edges.
    pub head_hidden: u64,
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
    let looked_at = client(programs, &folder.join("guest"), &links[0], GUEST, "1,0,0")?;
    let camera = client(programs, &folder.join("camera"), &links[1], CAMERA, "0,0,0")?;
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
    let last = report(&out.join(format!("{}.json", PROVEN[PROVEN.len() - 1])))?;
    let streaming = last["streaming"].to_string();
    let figures = summary::Figures { opened_secs, tour_secs, events, proofs, streaming };
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
    let axis = |axis: usize| other["head_offset_metres"][axis].as_f64();
    let offset = axis(0).zip(axis(1)).zip(axis(2)).map(|((right, up), away)| [right, up, away]);
    let offset_metres = offset.with_context(|| format!("{picture}: the other's head is not seen"))?;
    let count = |field: &str| other[field].as_u64().unwrap_or_default();
    let pose_error_metres = distance(&other["head"], &truth["own"]["head"])
        .with_context(|| format!("{picture}: the two processes do not both say where the head is"))?;
    let space = report["space"].as_str().unwrap_or_default().to_owned();
    Ok(Proof {
        picture,
        space,
        offset_metres,
        pose_error_metres,
        pixels,
        head_pixels: count("head_pixels"),
        head_expected: count("head_expected_pixels"),
        head_hidden: count("head_hidden_pixels"),
    })
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
        let Proof { picture, offset_metres, pose_error_metres, .. } = proof;
        ensure!(
            *pose_error_metres <= LARGEST_ERROR,
            "{picture}: the head is taken to be {pose_error_metres:.3} m from where its own process has it"
        );
        for (metres, axis) in offset_metres.iter().zip(["right", "up", "away"]) {
            ensure!(
                metres.abs() <= LARGEST_ERROR,
                "{picture}: the head is seen {metres:.3} m to the side ({axis}) of where it is"
            );
        }
        judge_visibility(proof)?;
    }
    let mut spaces: Vec<&str> = proofs.iter().map(|proof| proof.space.as_str()).collect();
    spaces.sort_unstable();
    spaces.dedup();
    ensure!(spaces.len() >= 3, "the other was seen in {} rooms only: {spaces:?}", spaces.len());
    Ok(())
}

/// Enough of the head must be seen to say where it is.
fn judge_visibility(proof: &Proof) -> Result<()> {
    let Proof { picture, head_pixels, head_expected, head_hidden, .. } = proof;
    ensure!(*head_pixels >= LEAST_PIXELS, "{picture}: only {head_pixels} pixels show the head");
    ensure!(
        *head_hidden as f64 <= *head_expected as f64 * MOST_HIDDEN,
        "{picture}: {head_hidden} of the head's {head_expected} pixels are hidden"
    );
    let due = head_expected.saturating_sub(*head_hidden);
    ensure!(
        *head_pixels as f64 >= due as f64 * LEAST_SEEN,
        "{picture}: {due} pixels should show the head, {head_pixels} do"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proofs() -> [Proof; 3] {
        ["lounge", "popov-hall", "hall-c"].map(|picture| Proof {
            picture,
            space: picture.to_owned(),
            offset_metres: [0.002, -0.004, 0.01],
            pose_error_metres: 0.001,
            pixels: 5_000,
            head_pixels: 400,
            head_expected: 480,
            head_hidden: 70,
        })
    }

    fn assert_refused(words: &str, spoil: impl Fn(&mut Proof)) {
        let mut proofs = proofs();
        spoil(&mut proofs[1]);
        let error = judge(&proofs).unwrap_err().to_string();
        assert!(error.starts_with("popov-hall") && error.contains(words), "{error}");
    }

    #[test]
    fn heads_where_they_are_pass_and_heads_beside_it_fail_along_every_axis() {
        judge(&proofs()).unwrap();
        for axis in 0..3 {
            assert_refused("0.080 m", |proof| proof.offset_metres[axis] = 0.08);
            assert_refused("-0.080 m", |proof| proof.offset_metres[axis] = -0.08);
        }
        assert_refused("its own process", |proof| proof.pose_error_metres = 0.08);
    }

    #[test]
    fn a_head_that_is_hidden_or_far_away_proves_nothing() {
        assert_refused("are hidden", |proof| proof.head_hidden = 300);
        assert_refused("should show the head", |proof| proof.head_pixels = 200);
        assert_refused("only 20 pixels", |proof| proof.head_pixels = 20);
        let one_room = proofs().map(|proof| Proof { space: "lounge".into(), ..proof });
        assert!(judge(&one_room).unwrap_err().to_string().contains("1 rooms only"));
    }

    #[test]
    fn both_delegates_go_from_the_lounge_to_popov_hall_on_foot() {
        for script in [GUEST, CAMERA] {
            let lines: Vec<&str> = script.lines().collect();
            let arrival = lines.iter().position(|line| *line == "wait space popov-hall").unwrap();
            assert!(lines[arrival - 1].starts_with("walk "), "{}", lines[arrival - 1]);
            assert!(!script.contains("goto popov-hall"));
            assert!(
                !lines[..arrival].iter().any(|line| line.starts_with("goto ")),
                "the lounge is before it"
            );
        }
    }
}
