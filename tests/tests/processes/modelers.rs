//! The loop of whoever builds a venue, with the real programs: a scan is served, the file of places changes, the venue
//! changes around who stands in it; a mistake changes nothing and is told; the end leaves no process behind.

use super::delegates::{Delegate, delegate, run_until};
use super::programs;
use glam::Vec3;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use xr_client::core::Stage;

const DEADLINE: Duration = Duration::from_secs(120);

/// A floor of 12 × 12 m with walls around it.
fn room() -> String {
    let mut quads: Vec<[[i32; 3]; 4]> = Vec::new();
    for (x, z) in (-6..6).flat_map(|x| (-6..6).map(move |z| (x, z))) {
        quads.push([[x, 0, z], [x, 0, z + 1], [x + 1, 0, z + 1], [x + 1, 0, z]]);
    }
    let mut wall = |a: [i32; 2], b: [i32; 2]| {
        quads.push([[a[0], 0, a[1]], [b[0], 0, b[1]], [b[0], 3, b[1]], [a[0], 3, a[1]]]);
    };
    wall([-6, -6], [6, -6]);
    wall([6, -6], [6, 6]);
    wall([6, 6], [-6, 6]);
    wall([-6, 6], [-6, -6]);
    let mut ply = format!(
        "ply\nformat ascii 1.0\nelement vertex {}\nproperty double x\nproperty double y\nproperty double z\n\
         property uchar red\nproperty uchar green\nproperty uchar blue\nelement face {}\n\
         property list uchar int vertex_indices\nend_header\n",
        quads.len() * 4,
        quads.len()
    );
    for [x, y, z] in quads.iter().flatten() {
        ply += &format!("{x} {y} {z} 120 130 140\n");
    }
    for quad in 0..quads.len() {
        let i = quad * 4;
        ply += &format!("4 {i} {} {} {}\n", i + 1, i + 2, i + 3);
    }
    ply
}

/// `venue-importer serve`, and what it prints.
struct Serving {
    process: Child,
    lines: Receiver<String>,
    links: Vec<String>,
}

impl Serving {
    fn start(folder: &Path, places: &Path) -> Self {
        let scan = folder.join("room.ply");
        std::fs::write(&scan, room()).unwrap();
        let mut command = Command::new(programs().join("venue-importer"));
        command.arg("serve").arg(scan).arg("--into").arg(folder.join("room")).arg("--places").arg(places);
        command.arg("--no-window").stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let (sender, lines) = channel();
        let output = BufReader::new(process.stdout.take().unwrap());
        std::thread::spawn(move || {
            output.lines().map_while(Result::ok).all(|line| sender.send(line).is_ok());
        });
        let mut serving = Self { process, lines, links: Vec::new() };
        while serving.links.len() < 2 {
            let line = serving.lines.recv_timeout(DEADLINE).expect("it serves and prints links");
            serving.links.extend(line.split_whitespace().find(|word| word.contains("#")).map(str::to_owned));
        }
        serving
    }

    /// The processes that it started.
    fn children(&self) -> Vec<u32> {
        // The parent is the second field behind the name, which stands in brackets (proc_pid_stat(5)).
        let parent = |id: u32| {
            let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
            text.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse::<u32>().ok()
        };
        let names = std::fs::read_dir("/proc")
            .unwrap()
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let ids = names.filter_map(|name| name.parse().ok());
        ids.filter(|id| parent(*id) == Some(self.process.id())).collect()
    }

    fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // One that has ended can not be killed.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn has_ended(id: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"));
    status.map_or(true, |status| status.contains("State:\tZ"))
}

fn wait_for_end(ids: &[u32]) {
    let by = Instant::now() + Duration::from_secs(20);
    while !ids.iter().all(|id| has_ended(*id)) {
        assert!(Instant::now() < by, "a process stays: {ids:?}");
        std::thread::yield_now();
    }
}

fn labels(people: &[Delegate]) -> Vec<String> {
    let manifest = people[0].core.manifest();
    manifest
        .map(|manifest| manifest.seats.iter().map(|seat| seat.label.clone()).collect())
        .unwrap_or_default()
}

fn seat(label: &str) -> String {
    format!("[[seat]]\nat = [4, 0, -4]\nlabel = \"{label}\"\n")
}

#[test]
fn the_venue_changes_with_its_file_of_places_around_who_stands_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let places: PathBuf = folder.path().join("places.toml");
    let write = |text: String| std::fs::write(&places, text).unwrap();
    write(format!("[[spawn]]\nat = [0, 0, 0]\nradius = 0.2\n\n{}", seat("A")));
    let mut serving = Serving::start(folder.path(), &places);
    let started = Instant::now();
    let mut people = [delegate(0, &serving.links[0])];
    run_until(&mut people, started, "inside", |people| *people[0].core.stage() == Stage::Inside);
    let visit = people[0].core.visit();
    assert_eq!(labels(&people), ["A"]);
    let root = |people: &[Delegate]| people[0].core.body().pose().root;
    assert!(root(&people).distance(Vec3::ZERO) < 1.0, "{}", root(&people));

    // The floor goes from under the feet.
    let hole =
        "[[walkable.cut]]\ncorners = [[-1.5, 0, -1.5], [-1.5, 0, 1.5], [1.5, 0, 1.5], [1.5, 0, -1.5]]\n";
    let elsewhere = "[[spawn]]\nat = [4, 0, 4]\nradius = 0.2\n\n";
    write(format!("{elsewhere}{hole}\n{}", seat("B")));
    run_until(&mut people, started, "the seat has another name", |people| labels(people) == ["B"]);
    run_until(&mut people, started, "one is put beside the hole", |people| {
        let root = root(people);
        root.x.abs().max(root.z.abs()) >= 1.49
    });
    assert!(root(&people).distance(Vec3::ZERO) < 4.0, "and not where people come in: {}", root(&people));

    // A mistake changes nothing.
    write(format!("{elsewhere}[[seat]]\nat = [4, 0]\n"));
    run_until(&mut people, started, "the mistake is told", |people| {
        people[0]
            .core
            .venue_note()
            .is_some_and(|note| note.contains("places.toml") && note.contains("line 6"))
    });
    assert_eq!(labels(&people), ["B"]);
    let stays = root(&people);
    write(format!("{elsewhere}{}", seat("C")));
    run_until(&mut people, started, "the mended file is taken", |people| labels(people) == ["C"]);
    assert_eq!(people[0].core.venue_note(), None);
    assert!(root(&people).distance(stays) < 0.3, "there is floor below the feet: nobody is moved");
    assert_eq!(
        (people[0].core.stage(), people[0].core.visit()),
        (&Stage::Inside, visit),
        "one visit all along"
    );

    // Another client, as a modeler has it: floor and marks, and one of them as text.
    let script = folder.path().join("script.txt");
    let lines = "timeout 90\nwait inside\nwait seat C\noverlay on\nface 0 -40\nwait frames 3\ncopy\nwait copied [[spawn]]\nquit\n";
    std::fs::write(&script, lines).unwrap();
    let mut client = Command::new(programs().join("xr-client"));
    client.arg("--headless").arg("--script").arg(&script).arg("--link").arg(&serving.links[1]);
    client.arg("--data-dir").arg(folder.path().join("client")).arg("--out").arg(folder.path());
    assert!(client.stdin(Stdio::null()).status().unwrap().success(), "the script comes to its end");

    let children = serving.children();
    assert_eq!(children.len(), 1, "the server");
    serving.signal("-TERM");
    assert!(serving.process.wait().unwrap().success());
    wait_for_end(&children);
}

#[test]
fn a_changed_panorama_is_seen_by_who_stands_in_the_venue() {
    let folder = tempfile::tempdir().unwrap();
    let (places, lake) = (folder.path().join("places.toml"), folder.path().join("lake.png"));
    let paint = |grey: u8| image::GrayImage::from_pixel(64, 32, image::Luma([grey])).save(&lake).unwrap();
    paint(60);
    std::fs::write(&places, "[[space]]\nkey = \"site\"\npanorama = \"lake.png\"\n").unwrap();
    let serving = Serving::start(folder.path(), &places);
    let started = Instant::now();
    let mut people = [delegate(0, &serving.links[0])];
    run_until(&mut people, started, "inside", |people| *people[0].core.stage() == Stage::Inside);
    let picture =
        |people: &[Delegate]| people[0].core.manifest()?.panoramas.first().map(|around| around.picture);
    let (visit, first) = (people[0].core.visit(), picture(&people).expect("there is a panorama"));
    paint(200);
    run_until(&mut people, started, "another panorama", |people| {
        picture(people).is_some_and(|now| now != first)
    });
    // A mistake is told, and mended without a change of the file of places.
    std::fs::write(&lake, "no picture").unwrap();
    run_until(&mut people, started, "the mistake is told", |people| {
        people[0].core.venue_note().is_some_and(|note| note.contains("lake.png"))
    });
    paint(60);
    run_until(&mut people, started, "the first panorama again", |people| picture(people) == Some(first));
    assert_eq!((people[0].core.stage(), people[0].core.visit()), (&Stage::Inside, visit));
}

#[test]
fn whoever_is_killed_leaves_no_server_behind() {
    let folder = tempfile::tempdir().unwrap();
    let places = folder.path().join("places.toml");
    std::fs::write(&places, seat("A")).unwrap();
    let mut serving = Serving::start(folder.path(), &places);
    let children = serving.children();
    assert_eq!(children.len(), 1);
    serving.signal("-KILL");
    assert!(!serving.process.wait().unwrap().success());
    wait_for_end(&children);
}

#[test]
fn a_package_is_pictured_without_server_display_and_network() {
    let folder = tempfile::tempdir().unwrap();
    let package = folder.path().join("tiny");
    venue_package::writer::write_directory(&venue_importer::tiny::tiny_package(), &package).unwrap();
    let mut command = Command::new(programs().join("venue-importer"));
    command.arg("preview").arg(&package).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
    let output = command.output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    for picture in ["space-foyer-entrance", "space-hall-seat", "space-hall-corner", "storey-1"] {
        assert!(told.contains(picture), "{told}");
        let picture = image::open(folder.path().join("tiny.preview").join(format!("{picture}.png"))).unwrap();
        let pixels = picture.to_rgb8();
        let first = *pixels.get_pixel(0, 0);
        let others = pixels.pixels().filter(|pixel| **pixel != first).count();
        assert!(others * 4 > pixels.pixels().len(), "there is something to see: {others} pixels");
    }
    let damaged = folder.path().join("none");
    let refused =
        Command::new(programs().join("venue-importer")).arg("preview").arg(&damaged).output().unwrap();
    let words = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success() && words.contains("none") && words.contains("venue.json"), "{words}");
}
