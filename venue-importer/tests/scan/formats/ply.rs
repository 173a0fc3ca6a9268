//! PLY: text and both byte orders, meshes and points.

use crate::scan::kit::{import, import_path, refused, shared};
use glam::{DVec3, Vec2};

/// Two triangles with colours, in all three encodings.
fn square(encoding: &str) -> Vec<u8> {
    let mut bytes = format!(
        "ply\nformat {encoding} 1.0\ncomment made by a test\nelement vertex 4\nproperty double x\nproperty float y\n\
         property float z\nproperty uchar red\nproperty uchar green\nproperty uchar blue\nelement face 1\n\
         property list uchar int vertex_indices\nelement after 2\nend_header\n"
    )
    .into_bytes();
    let big = encoding.contains("big");
    let corners: [(f64, f64); 4] = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
    for (x, y) in corners {
        let (x, y) = (2_600_000.25 + x, y as f32);
        if encoding == "ascii" {
            bytes.extend(format!("{x} {y} 450\n10 20 30\n").bytes());
            continue;
        }
        bytes.extend(if big { x.to_be_bytes() } else { x.to_le_bytes() });
        for number in [y, 450.0] {
            bytes.extend(if big { number.to_be_bytes() } else { number.to_le_bytes() });
        }
        bytes.extend([10, 20, 30]);
    }
    if encoding == "ascii" {
        bytes.extend(b"4 0 1 2 3\n");
    } else {
        bytes.push(4);
        for corner in 0..4_i32 {
            bytes.extend(if big { corner.to_be_bytes() } else { corner.to_le_bytes() });
        }
    }
    bytes
}

#[test]
fn all_three_encodings_give_the_same_mesh() {
    for encoding in ["ascii", "binary_little_endian", "binary_big_endian"] {
        let scan = import(&[("a.ply", &square(encoding))]).unwrap();
        let info = scan.info();
        assert_eq!((info.triangles, info.points, info.vertices), (2, 0, 4), "{encoding}");
        assert_eq!(info.origin, DVec3::new(2_600_000.0, 0.0, 0.0));
        assert_eq!(info.bounds, [DVec3::new(2_600_000.25, 0.0, 450.0), DVec3::new(2_600_001.25, 1.0, 450.0)]);
        let batches = scan.batches();
        assert_eq!(batches[0].colors, [[10, 20, 30, 255]; 4]);
        assert!((scan.area() - 1.0).abs() < 1e-6);
    }
}

#[test]
fn corners_have_their_own_texture_coordinates_and_pictures() {
    let ply = b"ply\nformat ascii 1.0\ncomment TextureFile one.png\ncomment TextureFile not there.png\n\
element vertex 3\nproperty float x\nproperty float y\nproperty float z\nelement face 2\n\
property list uchar int vertex_indices\nproperty list uchar float texcoord\nproperty int texnumber\nend_header\n\
0 0 0\n1 0 0\n0 1 0\n3 0 1 2 6 0 0 1 0 0 1 0\n3 0 1 2 6 0.5 0.5 1 0 0 1 1\n";
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(4, 2).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let scan = import(&[("a.ply", ply), ("one.png", &png.into_inner())]).unwrap();
    let info = scan.info();
    assert_eq!((info.pictures.len(), info.pictures[0].width, info.pictures[0].height), (1, 4, 2));
    assert_eq!([info.materials[0].picture, info.materials[1].picture], [Some(0), None]);
    assert!(info.warnings[0].contains("\"not there.png\" is not there"), "{:?}", info.warnings);
    let batches = scan.batches();
    assert_eq!((batches[0].material, batches[1].material), (Some(0), Some(1)));
    assert_eq!(batches[0].uvs, [Vec2::new(0.0, 1.0), Vec2::new(1.0, 1.0), Vec2::new(0.0, 0.0)]);
    assert_eq!(batches[1].uvs[0], Vec2::new(0.5, 0.5));
}

#[test]
fn points_of_others_are_read_with_colours_of_any_width() {
    let Some(folder) = shared("scans/py3dtiles") else { return };
    for (name, points, has_colors, has_intensity) in [
        ("simple.ply", 22_300, true, false),
        ("simple_with_16_bits_colors.ply", 0, true, false),
        ("simple_with_8_bits_colors.ply", 0, true, false),
        ("simple_with_classification_and_intensity_f4.ply", 0, true, true),
        ("simple_with_intensity.ply", 0, true, true),
        ("simple_without_colors.ply", 0, false, false),
    ] {
        let scan = import_path(folder.join(name), tempfile::tempdir().unwrap()).unwrap();
        let info = scan.info();
        let facts = (info.has_colors, info.has_intensity, info.triangles);
        assert_eq!(facts, (has_colors, has_intensity, 0), "{name}");
        assert!(info.points >= 1 && (points == 0 || info.points == points), "{name}: {}", info.points);
    }
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let head =
        "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n";
    let mesh = format!(
        "{head}element face 1\nproperty list uchar int vertex_indices\nend_header\n0 0 0\n1 0 0\n0 1 0\n"
    );
    let splat = format!("{head}property float f_dc_0\nproperty float scale_0\nend_header\n");
    for (text, sentence) in [
        (format!("{mesh}3 0 1 7\n"), "a.ply: face 1 of 1: it names vertex 7 of 3"),
        (format!("{mesh}3 0 1\n"), "a.ply: face 1 of 1: the file ends here"),
        (format!("{mesh}99999999 0 1\n"), "a list of 99999999 items"),
        (format!("{head}end_header\n0 0 zero\n"), "a.ply: vertex 1 of 3: \"zero\" is no number"),
        (
            format!("{head}end_header\nnan 0 0\ninf 0 0\n0 -inf 0\n"),
            "none of its 3 triangles and points has finite",
        ),
        ("ply\nformat ascii 1.0\nelement vertex x\n".into(), "a.ply: line 3: an element has no count"),
        ("ply\nformat ascii 1.0\n".into(), "the header does not end"),
        ("ply\nformat ascii 1.0\nend_header\n".into(), "it has no element \"vertex\""),
        (splat, "Gaussian splats are not read"),
    ] {
        let said = refused(&[("a.ply", text.as_bytes())]);
        assert!(said.contains(sentence), "{said}");
    }
}

#[test]
fn points_that_are_nowhere_are_left_out_and_told() {
    let text = "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\nend_header\n\
                1 2 3\nnan 0 0\n4 5 6\n";
    let scan = import(&[("a.ply", text.as_bytes())]).unwrap();
    assert_eq!(scan.positions(), [DVec3::new(1.0, 2.0, 3.0), DVec3::new(4.0, 5.0, 6.0)]);
    assert_eq!(scan.info().warnings, ["1 triangles or points without finite coordinates were left out"]);
}
