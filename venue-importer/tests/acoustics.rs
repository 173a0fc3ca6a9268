//! The sound of a scan from end to end: measured while it is imported, told, checked, and changed by `place`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use venue_importer::import::{Options, Quiet, page, place, run};
use venue_importer::report::Report;
use venue_importer::scan::Up;
use venue_importer::textures::Codec;
use venue_package::{AcousticMesh, DirectorySource, Package, validate};

/// A grey room of 9 × 3 × 6 m with its ceiling, in quads of 50 cm.
fn room() -> String {
    let (mut vertices, mut quads) = (Vec::new(), Vec::new());
    let mut sheet = |at: [f64; 3], u: [f64; 3], v: [f64; 3]| {
        let steps = |way: [f64; 3]| (way.iter().map(|x| x.abs()).sum::<f64>() * 2.0) as usize;
        let (across, along) = (steps(u), steps(v));
        let first = vertices.len();
        for j in 0..=along {
            for i in 0..=across {
                let (s, t) = (i as f64 / across as f64, j as f64 / along as f64);
                vertices.push([0, 1, 2].map(|k| at[k] + u[k] * s + v[k] * t));
            }
        }
        let corner = |i: usize, j: usize| first + j * (across + 1) + i;
        for (i, j) in (0..along).flat_map(|j| (0..across).map(move |i| (i, j))) {
            quads.push([corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)]);
        }
    };
    sheet([0.0, 0.0, 6.0], [9.0, 0.0, 0.0], [0.0, 0.0, -6.0]);
    sheet([0.0, 3.0, 0.0], [9.0, 0.0, 0.0], [0.0, 0.0, 6.0]);
    sheet([0.0, 0.0, 0.0], [9.0, 0.0, 0.0], [0.0, 3.0, 0.0]);
    sheet([9.0, 0.0, 6.0], [-9.0, 0.0, 0.0], [0.0, 3.0, 0.0]);
    sheet([0.0, 0.0, 6.0], [0.0, 0.0, -6.0], [0.0, 3.0, 0.0]);
    sheet([9.0, 0.0, 0.0], [0.0, 0.0, 6.0], [0.0, 3.0, 0.0]);
    let mut ply = format!(
        "ply\nformat ascii 1.0\nelement vertex {}\nproperty double x\nproperty double y\nproperty double z\n\
         property uchar red\nproperty uchar green\nproperty uchar blue\nelement face {}\n\
         property list uchar int vertex_indices\nend_header\n",
        vertices.len(),
        quads.len()
    );
    vertices.iter().for_each(|[x, y, z]| ply += &format!("{x} {y} {z} 190 190 190\n"));
    quads.iter().for_each(|[a, b, c, d]| ply += &format!("4 {a} {b} {c} {d}\n"));
    ply
}

struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> (Self, Report) {
        let bench = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::write(bench.folder.path().join("room.ply"), room()).unwrap();
        let options = Options {
            up: Some(Up::Y),
            metres_per_unit: Some(1.0),
            keep_frame: true,
            near: Codec::ETC1S,
            island_size: 0.0,
            ..Options::new(vec![bench.folder.path().join("room.ply")], bench.package())
        };
        let report = run(&options, &Quiet).unwrap();
        (bench, report)
    }

    fn package(&self) -> PathBuf {
        self.folder.path().join("room")
    }

    fn place(&self, text: &str) -> anyhow::Result<Report> {
        let path = self.folder.path().join("places.toml");
        std::fs::write(&path, text).unwrap();
        place::run(&self.package(), &path, &Quiet)
    }
}

fn mesh(folder: &Path) -> AcousticMesh {
    let checked = validate(Arc::new(DirectorySource::new(folder)));
    assert!(checked.is_usable() && checked.warnings.is_empty(), "{checked:?}");
    let package = Package::open(DirectorySource::new(folder)).unwrap();
    package.acoustics(package.manifest().spaces[0].id).unwrap().unwrap()
}

fn names(mesh: &AcousticMesh) -> Vec<&str> {
    let used = mesh.triangles.iter().map(|triangle| triangle.material);
    let used: std::collections::BTreeSet<u8> = used.collect();
    used.into_iter().map(|at| mesh.materials[usize::from(at)].name.as_str()).collect()
}

#[test]
fn a_scan_sounds_as_it_is_and_place_gives_it_other_materials() {
    let (bench, report) = Bench::new();
    let before = mesh(&bench.package());
    assert!(before.measured.is_true() && before.open_edges() == 0, "{:?}", before.measured);
    assert!((before.measured.volume - 162.0).abs() < 10.0, "{:?}", before.measured);
    let [room] = report.sound.as_slice() else { panic!("{:?}", report.sound) };
    assert_eq!(room.triangles, before.triangles.len() as u64);
    assert!(room.materials.iter().all(|of| of.why == "by colour" && of.confidence < 0.6), "{room:?}");
    assert!(names(&before).contains(&"plaster") && names(&before).contains(&"ceiling tiles"), "{room:?}");
    assert!(report.to_string().contains("RT60"), "{report}");
    let written = std::fs::read_to_string(page::write(&report, &bench.package(), &[]).unwrap()).unwrap();
    assert!(written.contains("How it sounds") && written.contains("ceiling tiles"));

    // All of concrete it rings; the wall at x = 9 alone of felt, it rings less.
    let concrete = "[[acoustics.surface]]\nnamed = \"*\"\nmaterial = \"concrete\"\n";
    let report = bench.place(concrete).unwrap();
    let rings = mesh(&bench.package());
    assert_eq!(names(&rings), ["concrete"], "{report}");
    assert!(rings.measured.reverberation[1] > 2.0 * before.measured.reverberation[1], "{report}");
    let ratio = |mesh: &AcousticMesh| mesh.measured.full_reverberation[1] / mesh.measured.reverberation[1];
    assert!((ratio(&rings) - ratio(&before)).abs() < 1e-3, "the shape is as true as before");
    let felt = "[[acoustics.material]]\nname = \"felt wall\"\nabsorption = [0.5, 0.9, 0.9]\n\n\
        [[acoustics.surface]]\nmin = [8.7, -0.3, -0.3]\nmax = [9.3, 3.3, 6.3]\nfacing = \"side\"\nmaterial = \"felt wall\"\n";
    bench.place(&format!("{concrete}{felt}")).unwrap();
    let muffled = mesh(&bench.package());
    assert!(names(&muffled).contains(&"felt wall"), "{:?}", names(&muffled));
    assert!(
        muffled.measured.reverberation[1] < 0.6 * rings.measured.reverberation[1],
        "{:?}",
        muffled.measured
    );
    // Nothing said: what was guessed at first.
    bench.place("").unwrap();
    assert_eq!(mesh(&bench.package()).triangles, before.triangles);
}

#[test]
fn wrong_materials_are_told_with_their_line_and_without_the_cells_nothing_is_changed() {
    let (bench, _) = Bench::new();
    let check = |text: &str, parts: &[&str]| {
        let error = format!("{:#}", bench.place(text).unwrap_err());
        assert!(parts.iter().all(|part| error.contains(part)), "{text}: {error}");
    };
    let surface = "\n[[acoustics.surface]]\n";
    check(
        &format!("{surface}named = \"*\"\nmaterial = \"velour\"\n"),
        &["line 2", "no material \"velour\"", "carpet"],
    );
    check(&format!("{surface}material = \"carpet\"\n"), &["line 2", "say which surfaces"]);
    check(
        &format!("{surface}min = [1, 1, 1]\nmax = [0, 2, 2]\nmaterial = \"carpet\"\n"),
        &["line 2", "min and max"],
    );
    check(
        "[[acoustics.material]]\nname = \"felt\"\nabsorption = [0.5, 2, 0.9]\n",
        &["line 1", "must be 0 to 1"],
    );
    check("[[acoustics.material]]\nname = \"felt\"\n", &["line 1", "no absorption of its own"]);
    check("[acoustics]\nloudness = 3\n", &["line 2", "loudness"]);
    let before = mesh(&bench.package());
    std::fs::remove_file(bench.package().with_extension("sound")).unwrap();
    check(
        "[[acoustics.surface]]\nnamed = \"*\"\nmaterial = \"carpet\"\n",
        &["[acoustics] needs the file .sound"],
    );
    bench.place("[venue]\nname = \"Room\"\n").unwrap();
    assert_eq!(mesh(&bench.package()), before, "what is not asked for stays");
}
