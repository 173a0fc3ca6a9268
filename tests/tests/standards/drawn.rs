//! CesiumJS draws the sample venue out of our server's HTTPS, and what it draws is what our client draws from the
//! same place.

use crate::likeness::{correlation, shows_something};
use crate::{node, printed, programs, repository, sample};
use image::RgbImage;
use image::imageops::crop_imm;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use venue_package::{DirectorySource, Package};
use xtask::demo::server::Server;
use xtask::process::target;

/// Both pictures, pixels.
const SIZE: [u32; 2] = [960, 600];

/// The part that is compared, as left, top, width and height: our program's own surface lies to the left and below.
const BARE: [u32; 4] = [320, 0, 640, 525];

/// The least that the light of both pictures must have in common; they have 0.999 where nothing is wrong.
const LIKENESS: f64 = 0.97;

/// The whole lounge from its window side, with the door to Popov Hall.
const SCRIPT: &str =
    "timeout 150\nwait inside\nwait loaded\nface 15 -4\nwait frames 30\nscreenshot ours\nquit\n";

#[test]
fn cesium_draws_what_our_client_draws() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&programs(), &folder.path().join("server")).unwrap();
    let link = server.invite(&[("Camera", "", "en")]).unwrap().remove(0);
    let ours = our_picture(folder.path(), &link);
    let camera = camera_of(&folder.path().join("ours.json"));
    let key = Package::open(DirectorySource::new(sample())).unwrap().manifest_hash();
    let theirs = pictures().join("cesium.png");
    let wish = json!({
        "url": format!("https://127.0.0.1:{}/venues/{key}/tileset.json", server.port),
        "camera": camera,
        "out": theirs,
    });
    let output = node("draw.mjs", &[&wish.to_string()]);
    assert!(output.status.success(), "{}", printed(&output));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    println!("CesiumJS {told}");
    assert!(told["shown"].as_u64() > Some(0) && told["bytes"].as_u64() > Some(100_000), "{told}");
    let theirs = image::open(&theirs).unwrap().to_rgb8();
    ours.save(pictures().join("ours.png")).unwrap();
    assert!(shows_something(&ours) && shows_something(&theirs), "one of the pictures is empty");
    let [left, top, width, height] = BARE;
    let bare = |picture: &RgbImage| crop_imm(picture, left, top, width, height).to_image();
    let alike = correlation(&bare(&ours), &bare(&theirs));
    println!("likeness {alike:.3}");
    assert!(alike > LIKENESS, "the pictures in {} are alike by {alike:.3} only", pictures().display());
    server.stop().unwrap();
}

/// Where both pictures lie afterwards, to be looked at.
fn pictures() -> PathBuf {
    let folder = target().join("standards");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn our_picture(folder: &Path, link: &str) -> RgbImage {
    let script = folder.join("script.vev");
    std::fs::write(&script, SCRIPT).unwrap();
    let mut client = Command::new(programs().join("xr-client"));
    client.args(["--headless", "--language", "en", "--size", &format!("{}x{}", SIZE[0], SIZE[1])]);
    client.arg("--script").arg(&script).arg("--out").arg(folder).arg("--data-dir").arg(folder.join("data"));
    let output = client.env("VEV_LINK", link).current_dir(repository()).output().unwrap();
    assert!(output.status.success(), "{}", printed(&output));
    image::open(folder.join("ours.png")).unwrap().to_rgb8()
}

/// What our picture was taken with, as the driver wants it.
fn camera_of(proof: &Path) -> Value {
    let mut proof: Value = serde_json::from_slice(&std::fs::read(proof).unwrap()).unwrap();
    let mut camera = proof["camera"].take();
    camera["size"] = proof["size"].take();
    camera
}
