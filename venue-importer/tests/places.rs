//! Places on a scan, from end to end: the shipped sample on a scan of two rooms, put anew, and refused when wrong.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use glam::Vec3;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use venue_importer::import::{Options, Quiet, place, run};
use venue_importer::report::Report;
use venue_importer::scan::Up;
use venue_importer::textures::Codec;
use venue_importer::tiny::tiny_venue_glb;
use venue_model::{SpaceId, place::ZoneKind};
use venue_motion::Walkable;
use venue_package::{DirectorySource, Package, validate};

const SAMPLE: &str = include_str!("../places.sample.toml");

/// Two rooms of 8 × 8 m and a wall with a doorway between them, as the sample speaks of them. The floor has a hole, and
/// a sheet of noise hangs above it.
fn two_rooms() -> Vec<u8> {
    let mut quads: Vec<[[f64; 3]; 4]> = Vec::new();
    let is_hole = |x: i32, z: i32| x == -2 && z == 3;
    for (x, z) in (-8..8).flat_map(|x| (-4..4).map(move |z| (x, z))).filter(|&(x, z)| !is_hole(x, z)) {
        let [x, z] = [x, z].map(f64::from);
        quads.push([[x, 0.0, z], [x, 0.0, z + 1.0], [x + 1.0, 0.0, z + 1.0], [x + 1.0, 0.0, z]]);
    }
    quads.push([[-2.0, 1.0, 3.0], [-2.0, 1.0, 4.0], [-1.0, 1.0, 4.0], [-1.0, 1.0, 3.0]]);
    let mut wall = |a: [f64; 2], b: [f64; 2], bottom: f64| {
        quads.push([[a[0], bottom, a[1]], [b[0], bottom, b[1]], [b[0], 3.0, b[1]], [a[0], 3.0, a[1]]]);
    };
    for x in [-8.0, 0.0] {
        wall([x, -4.0], [x + 8.0, -4.0], 0.0);
        wall([x + 8.0, 4.0], [x, 4.0], 0.0);
    }
    wall([0.0, -4.0], [0.0, -0.8], 0.0);
    wall([0.0, 0.8], [0.0, 4.0], 0.0);
    wall([0.0, -0.8], [0.0, 0.8], 2.2);
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
    (0..quads.len()).map(|quad| quad * 4).for_each(|i| {
        ply += &format!("4 {} {} {} {}\n", i, i + 1, i + 2, i + 3);
    });
    ply.into_bytes()
}

/// A JPEG with what a camera writes beside the pixels.
fn photograph(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(width, height).write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    let mut bytes = bytes.into_inner();
    let exif = b"\xff\xe1\x00\x10Exif\0\0MM\0*\0\0\0\x08";
    bytes.splice(2..2, exif.iter().copied());
    bytes
}

struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("rooms.ply"), two_rooms()).unwrap();
        Self { folder }
    }

    fn package(&self) -> PathBuf {
        self.folder.path().join("rooms")
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn import(&self, scan: &str, places: PathBuf) -> anyhow::Result<Report> {
        let options = Options {
            places: Some(places),
            up: Some(Up::Y),
            metres_per_unit: Some(1.0),
            keep_frame: true,
            near: Codec::ETC1S,
            island_size: 0.0,
            ..Options::new(vec![self.folder.path().join(scan)], self.package())
        };
        run(&options, &Quiet)
    }

    fn place(&self, text: &str) -> anyhow::Result<Report> {
        place::run(&self.package(), &self.file("again.toml", text), &Quiet)
    }
}

fn open(folder: &Path) -> (Package, Walkable) {
    let checked = validate(Arc::new(DirectorySource::new(folder)));
    assert!(checked.is_usable(), "{checked:?}");
    let package = Package::open(DirectorySource::new(folder)).unwrap();
    let walkable = Walkable::new(package.navigation().unwrap()).unwrap();
    (package, walkable)
}

fn stands(walkable: &Walkable, x: f32, z: f32) -> bool {
    walkable.locate(Vec3::new(x, 0.0, z), 0.1).is_some()
}

#[test]
fn the_sample_becomes_a_venue_of_two_rooms() {
    let bench = Bench::new();
    // The exhibit and the panorama are commented out, because their files are the modeler's.
    let lines = SAMPLE.lines().map(|line| match line.strip_prefix('#') {
        Some(rest) if !rest.starts_with(' ') => format!("{rest}\n"),
        _ => format!("{line}\n"),
    });
    std::fs::create_dir(bench.folder.path().join("things")).unwrap();
    bench.file("things/vase.glb", tiny_venue_glb());
    bench.file("lake.jpg", photograph(64, 32));
    let text: String = lines.collect();
    let text = text.replace("scale = 1", "scale = 0.05");
    let report = bench.import("rooms.ply", bench.file("places.toml", text)).unwrap();
    let (package, walkable) = open(&bench.package());
    let manifest = package.manifest();
    assert_eq!((manifest.id.as_str(), manifest.name.0.len()), ("town-hall", 6));
    let keys: Vec<_> = manifest.spaces.iter().map(|space| space.key.as_str()).collect();
    assert_eq!(keys, ["foyer", "hall"]);
    let counts = [manifest.doors.len(), manifest.seats.len(), manifest.spawn_points.len()];
    assert_eq!(counts, [1, 5, 2], "{report}");
    let labels: Vec<_> = manifest.seats.iter().map(|seat| seat.label.as_str()).collect();
    assert_eq!(labels, ["Chair", "A 1", "A 2", "A 3", "A 4"]);
    assert!(manifest.seats.iter().all(|seat| seat.space == SpaceId(2)));
    assert!(manifest.seats[2].place.position.abs_diff_eq(Vec3::new(3.0, 0.0, -2.5), 1e-5));
    let purposes: Vec<_> = manifest.zones.iter().map(|zone| zone.purpose).collect();
    assert_eq!(purposes, [ZoneKind::Talk, ZoneKind::Booth { language: venue_model::Language::Fr }]);
    let picture_looks = manifest.screens[0].orientation * Vec3::Z;
    assert!(picture_looks.abs_diff_eq(Vec3::NEG_Z, 1e-5), "{picture_looks}");
    assert_eq!(manifest.frame.unwrap().heading, 12.5);
    let [around] = manifest.panoramas.as_slice() else { panic!("{:?}", manifest.panoramas) };
    assert_eq!((around.space, around.heading), (SpaceId(2), 90.0));
    let exhibit = &manifest.exhibits[0];
    assert_eq!((manifest.exhibits.len(), exhibit.space), (1, SpaceId(1)));
    assert!(exhibit.bounds.contains(Vec3::new(-7.0, 0.05, -3.0)), "{:?}", exhibit.bounds);

    // One walks from where one appears in the foyer through the door to the seats of the hall.
    let from = walkable.locate(Vec3::new(-6.0, 0.0, 0.0), 0.3).unwrap();
    let to = walkable.locate(Vec3::new(5.0, 0.0, 2.0), 0.3).unwrap();
    assert_eq!((from.space, to.space), (SpaceId(1), SpaceId(2)));
    assert!(walkable.path_length(from, to).is_some());
    assert!(stands(&walkable, -1.5, 3.4), "floor was added where the scan has a hole below noise");
    assert!(!stands(&walkable, 5.5, -0.5), "floor was cut");
    assert!(stands(&walkable, 4.5, -0.5));

    // Every tile is of one space, and both have some.
    let tileset = package.tileset().unwrap();
    let of = |space: u16| tileset.tiles.iter().filter(|tile| tile.space == Some(SpaceId(space))).count();
    assert!(of(1) > 0 && of(2) > 0);
    let foyer = tileset.tiles.iter().find(|tile| tile.space == Some(SpaceId(1))).unwrap().bounds;
    assert!(foyer.max.x < 0.1, "{foyer:?}");
}

#[test]
fn places_are_put_anew_without_the_scan() {
    let bench = Bench::new();
    bench.import("rooms.ply", bench.file("places.toml", SAMPLE)).unwrap();
    std::fs::remove_file(bench.folder.path().join("rooms.ply")).unwrap();
    let before = open(&bench.package()).0;
    let (kept, _) = SAMPLE.split_once("[[walkable.cut]]").unwrap();
    let changed =
        kept.replace("count = 4", "count = 7").replace("at = [0, 0, 0]\nyaw", "at = [0, 0, 0.1]\nyaw");
    bench.place(&changed).unwrap();
    let (after, walkable) = open(&bench.package());
    assert_eq!(before.manifest().tileset, after.manifest().tileset);
    assert_eq!(after.manifest().seats.len(), 8);
    assert_eq!(after.manifest().doors[0].place.position.z, 0.1);
    assert!(stands(&walkable, 5.5, -0.5), "nothing is cut any more");
    assert_eq!(after.manifest().spaces, before.manifest().spaces);

    let refused = |text: &str, part: &str| {
        let error = format!("{:#}", bench.place(text).unwrap_err());
        assert!(error.contains(part), "{error}");
    };
    refused(&changed.replace("max = [8, 3.2, 4]", "max = [8, 3.3, 4]"), "import the scan again");
    refused(&changed.replace("at = [-6, 0, 0]", "at = [-60, 0, 0]"), "again.toml, line 58");
    // Without the ground, what needs none still works.
    std::fs::remove_file(bench.folder.path().join("rooms.ground")).unwrap();
    refused(&changed, ".ground");
    let (plain, _) = changed.split_once("[[walkable.add]]").unwrap();
    bench.place(&plain.replace("label = \"A\"", "label = \"B\"")).unwrap();
    let (last, walkable) = open(&bench.package());
    assert_eq!(last.manifest().seats[1].label, "B 1");
    assert!(stands(&walkable, 5.5, -0.5));
}

#[test]
fn mistakes_are_all_told_with_their_lines_before_the_scan_is_read() {
    let bench = Bench::new();
    let text = "[[seat]]\nat = [0, 0, 0]\ncount = 3\n\n[[spawn]]\nat = [0, 0, 0]\nspace = \"attic\"\n\n\
                [[walkable.add]]\ncorners = [[0, 0, 0], [1, 0, 1], [1, 0, 0], [0, 0, 1]]\n";
    let options = bench.file("wrong.toml", text);
    let error = format!("{:#}", bench.import("no-such-scan.ply", options).unwrap_err());
    for part in
        ["wrong.toml, line 1: a seat has", "line 5: there is no space \"attic\"", "line 9: corners must"]
    {
        assert!(error.contains(part), "{error}");
    }
    assert!(!bench.package().exists());
}

#[test]
fn a_model_with_named_places_says_what_stands_on_a_scan() {
    let bench = Bench::new();
    bench.file("scan.glb", tiny_venue_glb());
    let report = bench.import("scan.glb", bench.file("places.glb", tiny_venue_glb())).unwrap();
    let (package, walkable) = open(&bench.package());
    let manifest = package.manifest();
    assert_eq!((manifest.id.as_str(), manifest.spaces.len()), ("tiny", 2));
    let counts =
        [manifest.doors.len(), manifest.seats.len(), manifest.spawn_points.len(), manifest.zones.len()];
    assert_eq!(counts, [1, 6, 2, 1], "{report}");
    let [from, to] = [3.0, -2.0].map(|z| walkable.locate(Vec3::new(-2.0, 0.0, z), 0.5).unwrap());
    assert!(walkable.path_length(from, to).is_some());
}

#[test]
fn a_panorama_is_put_around_a_space_anew_and_taken_away() {
    let bench = Bench::new();
    bench.file("lake.jpg", photograph(64, 32));
    bench.file("square.jpg", photograph(64, 64));
    let said = |name: &str, words: &str| bench.file(name, format!("[[space]]\nkey = \"site\"\n{words}"));
    let lake = "panorama = \"lake.jpg\"\npanorama_heading = 350\n";
    let report = bench.import("rooms.ply", said("first.toml", lake)).unwrap();
    assert!(report.to_string().contains("without its EXIF"), "{report}");
    let (package, _) = open(&bench.package());
    let around = *package.manifest().panorama(SpaceId(1)).unwrap();
    assert_eq!(around.heading, 350.0);
    let picture = package.file(around.picture).unwrap();
    assert!(!picture.windows(4).any(|bytes| bytes == b"Exif"), "what a camera tells is left out");

    let check = |words: &str, part: &str| {
        let told = place::run(&bench.package(), &said("wrong.toml", words), &Quiet).unwrap_err();
        assert!(format!("{told:#}").contains(part), "{words}: {told:#}");
    };
    check("panorama = \"square.jpg\"\n", "\"site\": it has 64 × 64 pixels; a panorama is twice as wide");
    check("panorama = \"sea.jpg\"\n", "there is no file");
    check("panorama = \"/lake.jpg\"\n", "must be relative");
    check("panorama = \"lake.jpg\"\npanorama_heading = 400\n", "the space \"site\": panorama_heading");
    check("panorama_heading = 4\n", "which is not named");
    assert_eq!(open(&bench.package()).0.manifest().panoramas, [around], "it stays as it was");

    place::run(&bench.package(), &said("without.toml", ""), &Quiet).unwrap();
    let (package, _) = open(&bench.package());
    assert!(package.manifest().panoramas.is_empty());
    assert!(package.manifest().file(around.picture).is_none(), "its file goes, too");
}
