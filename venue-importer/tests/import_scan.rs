//! Scans from end to end: what goes in as a file comes out as a package that walks, streams and has no cracks.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use glam::{Vec2, Vec3};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use venue_importer::deviation;
use venue_importer::import::{Options, Quiet, page, run};
use venue_importer::scan::Up;
use venue_importer::textures::Codec;
use venue_package::gltf::{
    Document, GlbWriter, Image, Limits, Material, Primitive, Texture, TextureUse, Wrap, decode_image,
};
use venue_package::{DirectorySource, Package, Tileset, validate};

fn options(input: &Path, into: &Path) -> Options {
    Options { near: Codec::ETC1S, ..Options::new(vec![input.to_owned()], into.to_owned()) }
}

/// A room of 16 × 3 × 8 m as a colour mesh, z up, bumpy by some millimetres; so many quads in a metre.
fn room(per_metre: i32, lift: f64) -> Vec<u8> {
    let mut vertices = Vec::new();
    let mut triangles: Vec<[u32; 3]> = Vec::new();
    let mut sheet = |from: [f64; 3], u: [f64; 3], v: [f64; 3]| {
        let length = |axis: [f64; 3]| axis.iter().map(|x| x * x).sum::<f64>().sqrt();
        let (across, along) = ((length(u) as i32) * per_metre, (length(v) as i32) * per_metre);
        let first = vertices.len() as u32;
        for j in 0..=along {
            for i in 0..=across {
                let (s, t) = (f64::from(i) / f64::from(across), f64::from(j) / f64::from(along));
                let edge = i == 0 || j == 0 || i == across || j == along;
                let bump = if edge { 0.0 } else { (f64::from(i * i * 31 + j * 17).sin()) * 0.003 };
                let point: [f64; 3] = std::array::from_fn(|k| from[k] + u[k] * s + v[k] * t + bump);
                vertices.push((
                    [point[0], point[1], point[2] + lift],
                    [(s * 255.0) as u8, (t * 255.0) as u8, 90],
                ));
            }
        }
        let at = |i: i32, j: i32| first + (j * (across + 1) + i) as u32;
        for (i, j) in (0..along).flat_map(|j| (0..across).map(move |i| (i, j))) {
            triangles.push([at(i, j), at(i + 1, j), at(i + 1, j + 1)]);
            triangles.push([at(i, j), at(i + 1, j + 1), at(i, j + 1)]);
        }
    };
    sheet([0.0, 0.0, 0.0], [16.0, 0.0, 0.0], [0.0, 8.0, 0.0]);
    sheet([0.0, 8.0, 3.0], [16.0, 0.0, 0.0], [0.0, -8.0, 0.0]);
    sheet([0.0, 8.0, 0.0], [16.0, 0.0, 0.0], [0.0, 0.0, 3.0]);
    sheet([16.0, 0.0, 0.0], [-16.0, 0.0, 0.0], [0.0, 0.0, 3.0]);
    let mut ply = format!(
        "ply\nformat binary_little_endian 1.0\nelement vertex {}\nproperty double x\nproperty double y\nproperty double z\n\
         property uchar red\nproperty uchar green\nproperty uchar blue\nelement face {}\n\
         property list uchar int vertex_indices\nend_header\n",
        vertices.len(),
        triangles.len()
    )
    .into_bytes();
    for (point, color) in vertices {
        point.iter().for_each(|x| ply.extend(x.to_le_bytes()));
        ply.extend(color);
    }
    for triangle in triangles {
        ply.push(3);
        triangle.iter().for_each(|index| ply.extend((*index as i32).to_le_bytes()));
    }
    ply
}

type Places = BTreeSet<[u32; 3]>;

fn places(package: &Package, tileset: &Tileset) -> Vec<(Places, usize)> {
    let bits = |p: &Vec3| p.to_array().map(|x| (x + 0.0).to_bits());
    tileset
        .tiles
        .iter()
        .map(|tile| {
            let bytes = package.file(tile.content).expect("the package is whole");
            let document = Document::read(&bytes, &Limits::CLIENT).expect("tiles can be read");
            let (mut places, mut triangles) = (Places::new(), 0);
            for node in document.scene_nodes().into_iter().map(|at| &document.nodes[at]) {
                for primitive in node.mesh.iter().flat_map(|&mesh| &document.meshes[mesh].primitives) {
                    let stands = primitive.positions.iter().map(|&p| node.world.transform_point3(p));
                    places.extend(stands.map(|place| bits(&place)));
                    triangles += primitive.indices.len() / 3;
                }
            }
            (places, triangles)
        })
        .collect()
}

#[test]
fn a_room_becomes_levels_without_cracks_and_a_floor_to_walk_on() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("room.ply");
    // 400 m² at 400 quads a square metre.
    let bytes = room(20, 451.25);
    let expected = 2 * 400 * (2 * 128 + 2 * 48);
    std::fs::write(&input, bytes).unwrap();
    let into = folder.path().join("package");
    let report = run(&options(&input, &into), &Quiet).unwrap();

    let source = DirectorySource::new(&into);
    let checked = validate(std::sync::Arc::new(source.clone()));
    assert!(checked.is_usable(), "{checked:?}");
    let package = Package::open(source).unwrap();
    let manifest = package.manifest();
    let bounds = manifest.spaces[0].bounds;
    let size = bounds.max - bounds.min;
    assert!(
        size.abs_diff_eq(Vec3::new(16.1, 3.1, 8.1), 0.05),
        "{size}: z of the file is up, and metres are guessed\n{report}"
    );
    let spawn = manifest.spawn_points[0];
    assert!(spawn.place.position.y.abs() < 0.02, "the floor is at zero: {spawn:?}\n{report}");
    let floor = venue_motion::Walkable::new(package.navigation().unwrap()).unwrap();
    assert!(floor.locate(spawn.place.position, 0.3).is_some());

    let tileset = package.tileset().unwrap();
    let tiles = places(&package, &tileset);
    let has_child = |at: usize| tileset.tiles.iter().any(|tile| tile.parent == Some(at as u32));
    let finest: Vec<usize> = (0..tiles.len()).filter(|&at| !has_child(at)).collect();
    let finest_triangles: usize = finest.iter().map(|&at| tiles[at].1).sum();
    assert_eq!(finest_triangles, expected);
    assert!(tiles[0].1 <= 30_000, "the coarsest tile has {} triangles", tiles[0].1);
    for at in 1..tiles.len() {
        let parent = tileset.tiles[at].parent.unwrap() as usize;
        assert!(tileset.tiles[parent].geometric_error >= tileset.tiles[at].geometric_error);
    }
    no_cracks(&tileset, &tiles);
    keeps_its_errors(&options(&input, &into));
}

/// Each level lies as near to the scan as it tells viewers; the finest is off by the grid's rounding alone.
fn keeps_its_errors(options: &Options) {
    let found = deviation::run(options, &options.inputs).unwrap();
    let half_step = 0.5 / 1_024.0 * 1e3 * 3.0_f64.sqrt();
    let (model, levels) = found.rows.split_last().unwrap();
    assert!(levels.len() > 2 && levels[0].worse().max_mm <= half_step, "{found}");
    for level in &levels[1..] {
        let promised = level.promised_mm.unwrap();
        assert!(promised > 0.0 && level.worse().p99_mm <= promised + half_step, "{found}");
    }
    assert_eq!(model.level, None);
    assert!(model.worse().max_mm < 1e-3, "the scan lies on itself: {found}");
}

/// Places that the finest tiles below two tiles share are in both, whichever levels these are of.
fn no_cracks(tileset: &Tileset, tiles: &[(Places, usize)]) {
    let mut finest: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let is_leaf = |at: usize| tileset.tiles.iter().all(|tile| tile.parent != Some(at as u32));
    for leaf in (0..tiles.len()).filter(|&at| is_leaf(at)) {
        let mut above = Some(leaf);
        while let Some(at) = above {
            finest.entry(at).or_default().push(leaf);
            above = tileset.tiles[at].parent.map(|parent| parent as usize);
        }
    }
    let below = |at: usize| -> Places {
        finest[&at].iter().flat_map(|&leaf| tiles[leaf].0.iter().copied()).collect()
    };
    let mut shared = 0;
    for a in 0..tiles.len() {
        for b in a + 1..tiles.len() {
            if finest[&a].iter().any(|leaf| finest[&b].contains(leaf)) {
                continue;
            }
            for place in below(a).intersection(&below(b)) {
                assert!(tiles[a].0.contains(place), "tile {a} gave up a place that tile {b} has");
                shared += 1;
            }
        }
    }
    assert!(shared > 100, "the tiles meet: {shared}");
}

#[test]
fn spaces_of_one_scan_meet_without_cracks_at_every_level() {
    let folder = tempfile::tempdir().unwrap();
    let (input, places_file) = (folder.path().join("room.ply"), folder.path().join("places.toml"));
    std::fs::write(&input, room(14, 0.0)).unwrap();
    // The border is beside the middle of the quads, so that triangles reach over it.
    let text = "[[space]]\nkey = \"west\"\nboxes = [{ min = [-8.2, -0.3, -4.2], max = [0.52, 3.2, 4.2] }]\n\
                [[space]]\nkey = \"east\"\nboxes = [{ min = [0.52, -0.3, -4.2], max = [8.2, 3.2, 4.2] }]\n\
                [[door]]\nfrom = \"west\"\nto = \"east\"\nat = [0.52, 0, 0]\nyaw = -90\nwidth = 1.6\nheight = 2.2\n";
    std::fs::write(&places_file, text).unwrap();
    let into = folder.path().join("package");
    run(&Options { places: Some(places_file), up: Some(Up::Z), ..options(&input, &into) }, &Quiet).unwrap();
    let package = Package::open(DirectorySource::new(&into)).unwrap();
    let tileset = package.tileset().unwrap();
    let roots: Vec<_> = tileset.tiles.iter().filter(|tile| tile.parent.is_none()).collect();
    assert!(roots.len() == 2 && roots.iter().all(|root| root.geometric_error > 0.0), "{roots:?}");
    no_cracks(&tileset, &places(&package, &tileset));
}

#[test]
fn the_same_scan_makes_the_same_package_and_an_interrupted_import_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("room.ply");
    std::fs::write(&input, room(4, 0.0)).unwrap();
    let manifest = |name: &str| {
        let into = folder.path().join(name);
        run(&options(&input, &into), &Quiet).unwrap();
        std::fs::read(into.join("venue.json")).unwrap()
    };
    assert_eq!(manifest("one"), manifest("two"));

    // A run that is refused at its end has read the scan; the next one need not read it again.
    let into = folder.path().join("three");
    let refused =
        run(&Options { up: Some(Up::Z), metres_per_unit: Some(1e-9), ..options(&input, &into) }, &Quiet);
    assert!(refused.is_err());
    assert!(!into.exists(), "nothing is half written");
    let report = run(&options(&input, &into), &Quiet).unwrap();
    assert!(report.to_string().contains("read by an earlier run"), "{report}");
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    // The scan, three packages, and the ground and the cells of sound beside each.
    assert_eq!(left.len(), 10, "{left:?}");
}

/// A level square of 10 m with so many quads along a side, its picture red to the east and green to the south.
fn pictured_square(quads: u32, pixels: u32) -> Vec<u8> {
    let gradient = image::RgbImage::from_fn(pixels, pixels, |x, y| {
        image::Rgb([(x * 255 / pixels) as u8, (y * 255 / pixels) as u8, 60])
    });
    let mut png = Vec::new();
    gradient
        .write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png)
        .expect("a picture can be packed");
    let mut square = Primitive { material: Some(0), ..Primitive::default() };
    for j in 0..=quads {
        for i in 0..=quads {
            let (u, v) = (i as f32 / quads as f32, j as f32 / quads as f32);
            square.positions.push(Vec3::new(u * 10.0, ((i * 31 + j * 17) % 7) as f32 * 0.002, v * 10.0));
            square.uvs[0].push(Vec2::new(u, v));
        }
    }
    let at = |i: u32, j: u32| j * (quads + 1) + i;
    for (i, j) in (0..quads).flat_map(|j| (0..quads).map(move |i| (i, j))) {
        square.indices.extend([
            at(i, j),
            at(i, j + 1),
            at(i + 1, j + 1),
            at(i, j),
            at(i + 1, j + 1),
            at(i + 1, j),
        ]);
    }
    let mut glb = GlbWriter::default();
    let image = glb.add_image(&Image { media_type: "image/png".into(), bytes: png });
    let texture = glb.add_texture(&Texture { image, wrap: [Wrap::Clamp; 2], nearest: false });
    let used = TextureUse { texture, uv_set: 0, transform: Default::default() };
    glb.add_material(&Material { base_color_texture: Some(used), ..Material::default() });
    glb.add_mesh("square", &[square]);
    glb.add_node(serde_json::json!({"mesh": 0}));
    glb.finish()
}

#[test]
fn every_level_shows_at_each_place_what_the_picture_shows_there() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("square.glb");
    std::fs::write(&input, pictured_square(220, 700)).unwrap();
    let into = folder.path().join("package");
    run(&Options { keep_frame: true, ..options(&input, &into) }, &Quiet).unwrap();
    let package = Package::open(DirectorySource::new(&into)).unwrap();
    let tileset = package.tileset().unwrap();
    assert!(tileset.tiles.len() >= 4, "{}", tileset.tiles.len());
    for tile in &tileset.tiles {
        let document = Document::read(&package.file(tile.content).unwrap(), &Limits::CLIENT).unwrap();
        let image = &document.images[0];
        assert_eq!(image.media_type, "image/ktx2");
        let picture = decode_image(&image.bytes, &image.media_type, &Limits::CLIENT).unwrap();
        let primitive = &document.meshes[0].primitives[0];
        assert!(document.materials[0].unlit, "a photograph holds its light");
        let mut worst = 0;
        let world = document.nodes[0].world;
        for (position, uv) in primitive.positions.iter().zip(&primitive.uvs[0]) {
            let position = world.transform_point3(*position);
            let pixel = |at: f32, size: u32| ((at * size as f32) as u32).min(size - 1);
            let (x, y) = (pixel(uv.x, picture.width), pixel(uv.y, picture.height));
            let found = &picture.rgba8[(y * picture.width + x) as usize * 4..][..3];
            for (value, metres) in [(found[0], position.x), (found[1], position.z)] {
                worst = worst.max(value.abs_diff((metres * 25.5).min(255.0) as u8));
            }
        }
        assert!(worst <= 32, "off by {worst} of 255 at an error of {} m", tile.geometric_error);
    }
}

#[test]
fn the_report_tells_each_step_and_its_page_needs_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("<room> & hall.ply");
    std::fs::write(&input, room(4, 0.0)).unwrap();
    let into = folder.path().join("package");
    let mut report = run(&options(&input, &into), &Quiet).unwrap();
    let names: Vec<_> = report.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["read", "orient", "pictures", "tiles", "navigation", "acoustics", "pack", "check"]);
    assert!(report.steps.iter().all(|step| step.wall > std::time::Duration::ZERO));
    let told = report.json();
    assert_eq!(told["figures"]["finest_items"], told["figures"]["scan_triangles"]);

    let written = page::write(&report, &into, &[]).unwrap();
    assert_eq!(written, folder.path().join("package.report.html"));
    assert!(std::fs::metadata(written).unwrap().len() > 10_000);
    assert!(validate(std::sync::Arc::new(DirectorySource::new(&into))).is_usable());

    // Times differ from run to run, and the picture from library to library.
    for step in &mut report.steps {
        (step.wall, step.cpu) = Default::default();
        step.parts.iter_mut().for_each(|part| part.1 = Default::default());
    }
    let page = page::page(&report, &Package::open(DirectorySource::new(&into)).unwrap(), &[]).unwrap();
    assert!(!page.contains("://") && !page.contains("<room>"), "{page}");
    insta::assert_snapshot!(
        without(&without(&page, "<style>", "</style>"), "base64,", "\"").replace("><", ">\n<")
    );
}

/// The text without what stands between two marks.
fn without(text: &str, from: &str, to: &str) -> String {
    let Some((before, rest)) = text.split_once(from) else { panic!("the page has no {from}") };
    let (_, after) = rest.split_once(to).unwrap();
    format!("{before}{from}…{to}{after}")
}
