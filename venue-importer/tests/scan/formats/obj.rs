//! OBJ: as programs write it, with all that they do differently.

use crate::scan::kit::{Scan, import, refused};
use glam::{DVec3, Vec2, Vec4};
use venue_importer::scan::{Alpha, Up};

fn png(red: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(2, 2, image::Rgb([red, 0, 0]));
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

const SQUARE: &str = "v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\n";

#[test]
fn polygons_negative_numbers_and_broken_lines_are_read() {
    let text = format!(
        "# c\n{SQUARE}vt 0 0\nvt 1 0 0\nvt 1 1\nvn 0 0 2\nf -4//1 -3//-1 \\\n 3//1 -1//1\r\nf 1/1 2/2 3/3\n"
    );
    let scan = import(&[("a.obj", text.as_bytes())]).unwrap();
    assert_eq!((scan.info().triangles, scan.info().points), (3, 0));
    assert!((scan.area() - 1.5).abs() < 1e-6);
    let batch = &scan.batches()[0];
    assert_eq!(batch.normals[0].to_array(), [0.0, 0.0, 1.0]);
    // v grows upwards in OBJ.
    assert_eq!(batch.uvs[batch.indices[6] as usize], Vec2::new(0.0, 1.0));
    assert_eq!(batch.uvs[batch.indices[8] as usize], Vec2::new(1.0, 0.0));
}

#[test]
fn faces_may_come_before_their_vertices() {
    let scan = import(&[("a.obj", format!("f 1 2 3\n{SQUARE}").as_bytes())]).unwrap();
    assert_eq!(scan.info().triangles, 1);
}

#[test]
fn colours_are_read_in_both_ranges() {
    for (one, expected) in [("1 0.5 0", [255, 128, 0, 255]), ("255 128 0", [255, 128, 0, 255])] {
        let text = format!("v 0 0 0 {one}\nv 1 0 0 {one}\nv 0 1 0 {one}\nf 1 2 3\n");
        let scan = import(&[("a.obj", text.as_bytes())]).unwrap();
        assert_eq!(scan.batches()[0].colors[1], expected);
    }
}

#[test]
fn vertices_without_faces_are_points() {
    let scan =
        import(&[("a.obj", b"v 2600000.5 1200000.25 450 0 1 0\nv 2600001 1200000 451 1 1 1\n")]).unwrap();
    assert_eq!((scan.info().points, scan.info().triangles), (2, 0));
    assert_eq!(scan.positions()[0], DVec3::new(2_600_000.5, 1_200_000.25, 450.0));
    assert_eq!(scan.batches()[0].colors[0], [0, 255, 0, 255]);
}

#[test]
fn surfaces_come_from_the_library_and_pictures_from_where_they_are() {
    let obj = format!(
        "mtllib my hall.mtl\n{SQUARE}vt 0 0\nvt 1 0\nvt 1 1\nusemtl the floor\nf 1/1 2/2 3/3\n\
                       usemtl glass\nf 1 3 4\nusemtl nobody\nf 1 2 4\nusemtl the floor\nf 2/1 3/2 4/3\n"
    );
    let mtl = "newmtl the floor\nKd 0.1 0.1 0.1\nmap_Kd -clamp on C:\\scans\\hall\\The Floor.PNG\n\
               newmtl glass\nKd 0.25 0.5 1\nd 0.5\nillum 0\nmap_Kd not there.png\n";
    let picture = png(9);
    let files: [(&str, &[u8]); 3] =
        [("a.obj", obj.as_bytes()), ("my hall.mtl", mtl.as_bytes()), ("the floor.png", &picture)];
    let scan = import(&files).unwrap();
    let info = scan.info();
    assert_eq!((info.triangles, info.pictures.len(), info.materials.len()), (4, 1, 3));
    let [floor, glass, nobody] = &info.materials[..] else { panic!() };
    assert_eq!((floor.name.as_str(), floor.picture, floor.base_color), ("the floor", Some(0), Vec4::ONE));
    assert_eq!((glass.alpha, glass.unlit, glass.picture), (Alpha::Blend, true, None));
    assert_eq!(glass.base_color, Vec4::new(0.25, 0.5, 1.0, 0.5));
    assert_eq!((nobody.name.as_str(), nobody.base_color), ("nobody", Vec4::ONE));
    assert_eq!(info.warnings.len(), 2, "{:?}", info.warnings);
    assert!(info.warnings[0].contains("not there.png") && info.warnings[1].contains("\"nobody\""));
    let triangles = |material: u32| -> usize {
        let batches = scan.batches();
        batches
            .iter()
            .filter(|batch| batch.material == Some(material))
            .map(|batch| batch.indices.len() / 3)
            .sum()
    };
    assert_eq!([triangles(0), triangles(1), triangles(2)], [2, 1, 1]);
}

#[test]
fn without_its_library_a_mesh_is_plain_and_that_is_told() {
    let scan = import(&[("a.obj", format!("mtllib a.mtl\n{SQUARE}usemtl x\nf 1 2 3\n").as_bytes())]).unwrap();
    assert!(scan.info().warnings[0].contains("\"a.mtl\" is not there"), "{:?}", scan.info().warnings);
    assert_eq!(scan.info().triangles, 1);
}

/// Two triangles in the first and the second tile of texture space.
fn two_tiles(mtl: &str, pictures: &[&str]) -> Scan {
    let obj = format!(
        "mtllib a.mtl\n{SQUARE}vt 0 0\nvt 1 0\nvt 1 1\nvt 1 0\nvt 2 0\nvt 1.5 1\nusemtl m\n\
                       f 1/1 2/2 3/3\nf 1/4 2/5 3/6\n"
    );
    let bytes: Vec<_> = (0..pictures.len()).map(|at| png(at as u8)).collect();
    let mut files = vec![("a.obj", obj.as_bytes()), ("a.mtl", mtl.as_bytes())];
    files.extend(pictures.iter().zip(&bytes).map(|(name, bytes)| (*name, bytes.as_slice())));
    import(&files).unwrap()
}

#[test]
fn pictures_side_by_side_are_chosen_by_texture_coordinates() {
    for (map, pictures) in [
        ("hall.<UDIM>.png", ["hall.1001.png", "hall.1002.png"]),
        ("hall.1001.png", ["hall.1001.png", "hall.1002.png"]),
        ("hall_u1_v1_diffuse.png", ["hall_u1_v1_diffuse.png", "hall_u2_v1_diffuse.png"]),
    ] {
        let scan = two_tiles(&format!("newmtl m\nmap_Kd {map}\n"), &pictures);
        let names: Vec<_> = scan.info().pictures.iter().map(|picture| picture.name.as_str()).collect();
        assert_eq!(names, pictures);
        for batch in scan.batches() {
            let inside = |uv: &Vec2| uv.min_element() >= 0.0 && uv.max_element() <= 1.0;
            assert!(batch.uvs.iter().all(inside), "{:?}", batch.uvs);
        }
        assert_eq!(scan.batches().len(), 2);
    }
}

#[test]
fn pictures_that_have_materials_of_their_own_stay_with_them() {
    let mtl = "newmtl m\nmap_Kd hall_u2_v1.png\nnewmtl other\nmap_Kd hall_u1_v1.png\n";
    let scan = two_tiles(mtl, &["hall_u1_v1.png", "hall_u2_v1.png"]);
    let info = scan.info();
    assert_eq!((info.pictures.len(), info.pictures[0].name.as_str()), (1, "hall_u2_v1.png"));
}

#[test]
fn what_lies_beside_tells_the_reference_system_and_the_scale() {
    let info = r#"<ModelExport exportBinary="1" exportCoordinateSystemType="1" settingsScalex="100" settingsScaley="100"
        settingsScalez="100"><Header magic="1" version="2"/><Model globalCoordinateSystemName="epsg:2056 - CH1903+ / LV95"/></ModelExport>"#;
    let obj = format!("{SQUARE}f 1 2 3\n");
    let scan = import(&[("a.obj", obj.as_bytes()), ("a.rcInfo", info.as_bytes())]).unwrap();
    assert_eq!(scan.info().crs.as_deref(), Some("epsg:2056 - CH1903+ / LV95"));
    assert_eq!((scan.info().metres_per_unit, scan.info().up), (Some(0.01), None::<Up>));
    let broken = import(&[("a.obj", obj.as_bytes()), ("a.rcInfo", b"<a><b></a>")]).unwrap();
    assert!(broken.info().warnings[0].starts_with("a.rcInfo"), "{:?}", broken.info().warnings);
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (text, sentence) in [
        ("v 0 0\n", "a.obj: line 1: here are 2 numbers; 3 are needed"),
        ("v 0 0 x\n", "a.obj: line 1: \"x\" is no number"),
        ("v 0 0 0\nf 1 2 3\n", "a.obj: line 2: it names vertex 2 of 1"),
        ("v 0 0 0\nf 1 1 0\n", "it names vertex 0 of 1"),
        ("v 0 0 0\nf -2 1 1\n", "it names vertex -2 of 1"),
        ("v 0 0 0\nf 1/1 1/1 1/1\n", "it names texture coordinate 1 of 0"),
        ("v 0 0 0\nf 1 1\n", "a face has fewer than three corners"),
        ("v 0 0 0\nf 1 1 99999999999999999999\n", "is no corner of a face"),
        ("hello\n", "it holds neither triangles nor points"),
        ("mtllib ../../secret.mtl\nv nan 0 0\n", "none of its 1 triangles and points has finite coordinates"),
    ] {
        let said = refused(&[("a.obj", text.as_bytes())]);
        assert!(said.contains(sentence), "{said}");
    }
}
