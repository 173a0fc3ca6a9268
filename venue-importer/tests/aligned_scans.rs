//! Two scans in frames of their own become one venue: the second is aligned by pairs of points.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use glam::{DQuat, DVec3, Vec3};
use std::path::Path;
use venue_importer::import::{Options, Quiet, align, run};
use venue_importer::scan::Onto;
use venue_importer::textures::Codec;
use venue_package::gltf::{Document, Limits};
use venue_package::{DirectorySource, Package};

/// A floor of 4 × 4 m in the building frame as a PLY file of another frame.
fn floor(corner: [f64; 2], other_from_building: impl Fn(DVec3) -> DVec3) -> String {
    let mut ply = String::from(
        "ply\nformat ascii 1.0\nelement vertex 25\nproperty double x\nproperty double y\nproperty double z\n\
         element face 16\nproperty list uchar int vertex_indices\nend_header\n",
    );
    for (i, j) in (0..5).flat_map(|j| (0..5).map(move |i| (i, j))) {
        let point = DVec3::new(corner[0] + f64::from(i), 0.0, corner[1] + f64::from(j));
        let [x, y, z] = other_from_building(point).to_array();
        ply += &format!("{x:.9} {y:.9} {z:.9}\n");
    }
    for (i, j) in (0..4).flat_map(|j| (0..4).map(move |i| (i, j))) {
        let at = j * 5 + i;
        ply += &format!("4 {} {} {} {}\n", at, at + 5, at + 6, at + 1);
    }
    ply
}

fn options(folder: &Path, alignments: &[&str]) -> Options {
    Options {
        alignments: alignments.iter().map(|name| folder.join(name)).collect(),
        near: Codec::ETC1S,
        island_size: 0.0,
        ..Options::new(["hall.ply", "annex.ply"].map(|name| folder.join(name)).to_vec(), folder.join("venue"))
    }
}

#[test]
fn an_aligned_scan_lies_beside_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    // The annex was surveyed in centimetres, z up, turned, far from zero.
    let turn = DQuat::from_rotation_x(1.5) * DQuat::from_rotation_y(0.6);
    let annex = |point: DVec3| turn * point * 100.0 + DVec3::new(2_600_000.0, 1_200_000.0, 40_000.0);
    std::fs::write(at("hall.ply"), floor([0.0, 0.0], |point| point)).unwrap();
    std::fs::write(at("annex.ply"), floor([4.0, 0.0], annex)).unwrap();
    let truth = [[4.0, 0.0, 0.0], [8.0, 0.0, 0.0], [8.0, 0.0, 4.0], [4.0, 0.0, 4.0], [6.0, 2.0, 2.0]];
    let lines: String = truth
        .iter()
        .enumerate()
        .map(|(i, point)| {
            let [x, y, z] = annex(DVec3::from_array(*point)).to_array();
            format!("P{i}, {x:.6}, {y:.6}, {z:.6}, {}, {}, {}\n", point[0], point[1], point[2])
        })
        .collect();
    std::fs::write(at("points.csv"), format!("name, sx, sy, sz, x, y, z\n{lines}")).unwrap();
    let report =
        align::run(&at("annex.ply"), &at("points.csv"), Onto::Building, false, &at("annex.toml")).unwrap();
    assert!(report.to_string().contains("0.010000"), "{report}");

    run(&options(folder.path(), &["annex.toml"]), &Quiet).unwrap();
    let package = Package::open(DirectorySource::new(at("venue"))).unwrap();
    let (mut low, mut high) = (Vec3::MAX, Vec3::MIN);
    for tile in package.tileset().unwrap().tiles {
        let document = Document::read(&package.file(tile.content).unwrap(), &Limits::CLIENT).unwrap();
        let world = document.nodes[0].world;
        for point in document.meshes.iter().flat_map(|mesh| &mesh.primitives).flat_map(|p| &p.positions) {
            let point = world.transform_point3(*point);
            (low, high) = (low.min(point), high.max(point));
        }
    }
    assert!(
        low.abs_diff_eq(Vec3::ZERO, 2e-3) && high.abs_diff_eq(Vec3::new(8.0, 0.0, 4.0), 2e-3),
        "{low} {high}"
    );
    let floor = venue_motion::Walkable::new(package.navigation().unwrap()).unwrap();
    let [from, to] = [2.0, 6.0].map(|x| floor.locate(Vec3::new(x, 0.0, 2.0), 0.3).unwrap());
    assert!(floor.path_length(from, to).is_some(), "one walks from the hall into the annex");
}

#[test]
fn an_alignment_of_no_scan_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["hall.ply", "annex.ply"] {
        std::fs::write(folder.path().join(name), floor([0.0, 0.0], |point| point)).unwrap();
    }
    let text = "scan = \"other.ply\"\nonto = \"plan\"\nscale = 1.0\nrotation = [0.0, 0.0, 0.0, 1.0]\ntranslation = [0, 0, 0]\n";
    let check = |text: String, part: &str| {
        std::fs::write(folder.path().join("a.toml"), text).unwrap();
        let error = format!("{:#}", run(&options(folder.path(), &["a.toml"]), &Quiet).unwrap_err());
        assert!(error.contains(part), "{error}");
    };
    check(text.to_owned(), "other.ply: an alignment speaks of it");
    check(text.replace("scale = 1.0", "scale = 0.0"), "align again");
    check(text.replace("scale", "size"), "a.toml");
}
