//! What is marked is seen in no level: a red sign on a wall of photographs, and red points.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use glam::{Vec2, Vec3};
use std::io::Cursor;
use std::path::Path;
use venue_importer::import::{Options, Quiet, run};
use venue_importer::scan::Up;
use venue_importer::textures::Codec;
use venue_package::gltf::{
    Document, GlbWriter, Image, Limits, Material, Primitive, Texture, TextureUse, UvTransform, decode_image,
};
use venue_package::{DirectorySource, Package};

/// Pixels of the picture along a side: enough for several tiles and a coarser level above them.
const SIDE: u32 = 2_304;

/// A floor of 8 × 8 m that shows a picture: grey and green noise, in its middle a red sign of 0.8 m.
fn scan(folder: &Path) -> std::path::PathBuf {
    let picture = image::RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let share = |at: u32| at as f32 / SIDE as f32;
        let is_sign = [share(x), share(y)].iter().all(|at| (0.45..0.55).contains(at));
        let noise = (x.wrapping_mul(7_919) ^ y.wrapping_mul(104_729)) % 24;
        image::Rgb(if is_sign { [230, 20, 30] } else { [100, 110 + noise as u8, 100] })
    });
    let mut png = Vec::new();
    picture.write_to(&mut Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    let mut glb = GlbWriter::default();
    let image = glb.add_image(&Image { media_type: "image/png".into(), bytes: png });
    let texture = glb.add_texture(&Texture { image, ..Texture::default() });
    let used = TextureUse { texture, uv_set: 0, transform: UvTransform::default() };
    let material = glb.add_material(&Material { base_color_texture: Some(used), ..Material::default() });
    let mut primitive = Primitive { material: Some(material), ..Primitive::default() };
    for (i, j) in (0..40).flat_map(|j| (0..40).map(move |i| (i, j))) {
        let first = primitive.positions.len() as u32;
        for (u, v) in [(i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j)] {
            let at = Vec2::new(u as f32, v as f32) / 40.0;
            primitive.positions.push(Vec3::new(at.x * 8.0 - 4.0, 0.0, at.y * 8.0 - 4.0));
            primitive.normals.push(Vec3::Y);
            primitive.uvs[0].push(at);
        }
        primitive.indices.extend([0, 1, 2, 0, 2, 3].map(|index| first + index));
    }
    let mesh = glb.add_mesh("floor", &[primitive]);
    glb.add_node(serde_json::json!({"mesh": mesh}));
    let path = folder.join("floor.glb");
    std::fs::write(&path, glb.finish()).unwrap();
    path
}

fn options(scan: &Path, into: &Path, places: Option<&Path>) -> Options {
    Options {
        places: places.map(Path::to_owned),
        up: Some(Up::Y),
        metres_per_unit: Some(1.0),
        keep_frame: true,
        near: Codec::ETC1S,
        island_size: 0.0,
        ..Options::new(vec![scan.to_owned()], into.to_owned())
    }
}

/// Tiles, levels, and reddish pixels or vertices in all of them.
fn red(package: &Path) -> (usize, usize, usize) {
    let package = Package::open(DirectorySource::new(package)).unwrap();
    let tiles = package.tileset().unwrap().tiles;
    let is_red = |r: f32, g: f32, b: f32| r > g + 0.1 && r > b + 0.1;
    let mut count = 0;
    for tile in &tiles {
        let document = Document::read(&package.file(tile.content).unwrap(), &Limits::CLIENT).unwrap();
        for image in &document.images {
            let picture = decode_image(&image.bytes, &image.media_type, &Limits::CLIENT).unwrap();
            let pixels =
                picture.rgba8.as_chunks::<4>().0.iter().map(|pixel| pixel.map(|x| f32::from(x) / 255.0));
            count += pixels.filter(|[r, g, b, _]| is_red(*r, *g, *b)).count();
        }
        let primitives = document.meshes.iter().flat_map(|mesh| &mesh.primitives);
        count += primitives.flat_map(|p| &p.colors).filter(|color| is_red(color.x, color.y, color.z)).count();
    }
    let levels = 1 + usize::from(tiles.iter().any(|tile| tile.parent.is_some()));
    (tiles.len(), levels, count)
}

#[test]
fn a_red_sign_is_seen_in_no_level() {
    let folder = tempfile::tempdir().unwrap();
    let scan = scan(folder.path());
    let places = folder.path().join("places.toml");
    let text = "[[redact]]\nwhat = \"sign\"\nmin = [-0.4, -0.1, -0.4]\nmax = [0.4, 0.1, 0.4]\n";
    std::fs::write(&places, text).unwrap();
    let check = |name: &str, places: Option<&Path>| {
        let into = folder.path().join(name);
        let report = run(&options(&scan, &into, places), &Quiet).unwrap();
        (red(&into), report.to_string())
    };
    let ((tiles, levels, red), _) = check("plain", None);
    assert!(tiles > 2 && levels == 2 && red > 50_000, "{tiles} tiles, {red} red pixels");
    let ((tiles, levels, red), report) = check("redacted", Some(&places));
    assert!(tiles > 2 && levels == 2);
    assert_eq!(red, 0, "{report}");
    // 0.8 m of 8 m are a tenth of the picture each way.
    let painted = report.lines().find(|line| line.contains("painted over") && line.contains("sign")).unwrap();
    let texels: u32 = painted.split("sign: ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!((53_000..56_000).contains(&texels), "{painted}");
}

#[test]
fn red_points_take_the_colour_of_what_is_around() {
    let folder = tempfile::tempdir().unwrap();
    let mut points: Vec<String> = Vec::new();
    for (x, z) in (0..200).flat_map(|x| (0..200).map(move |z| (x, z))) {
        let is_sign = (90..110).contains(&x) && (90..110).contains(&z);
        let color = if is_sign { "230 20 30" } else { "100 120 100" };
        points.push(format!("{} 0 {} {color}\n", f64::from(x) * 0.02, f64::from(z) * 0.02));
    }
    let ply = format!(
        "ply\nformat ascii 1.0\nelement vertex {}\nproperty float x\nproperty float y\nproperty float z\n\
         property uchar red\nproperty uchar green\nproperty uchar blue\nend_header\n{}",
        points.len(),
        points.concat()
    );
    let scan = folder.path().join("points.ply");
    std::fs::write(&scan, ply).unwrap();
    let places = folder.path().join("places.toml");
    // The same square as a marked surface.
    let text = "[[redact]]\ncorners = [[1.79, 0, 1.79], [1.79, 0, 2.19], [2.19, 0, 2.19], [2.19, 0, 1.79]]\n";
    std::fs::write(&places, text).unwrap();
    let check = |name: &str, places: Option<&Path>| {
        let into = folder.path().join(name);
        let report = run(&options(&scan, &into, places), &Quiet).unwrap();
        (red(&into).2, report.to_string())
    };
    assert!(check("plain", None).0 > 100);
    let (red, report) = check("redacted", Some(&places));
    assert_eq!(red, 0);
    assert!(report.contains("marked area: 0 texels in 0 pictures, 400 colours"), "{report}");
}
