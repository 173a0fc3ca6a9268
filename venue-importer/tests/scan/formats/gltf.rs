//! glTF: the same triangles as the eager reader gives, exact places, files beside.

use crate::scan::kit::{import, import_path, refused, shared};
use glam::DVec3;
use venue_importer::scan::{Format, Up};
use venue_package::gltf::{Document, Limits};

#[test]
fn the_lazy_reader_gives_what_the_eager_one_gives() {
    let glb = venue_importer::tiny::tiny_venue_glb();
    let document = Document::read(&glb, &Limits::IMPORT).unwrap();
    let scan = import(&[("tiny.glb", &glb)]).unwrap();
    let mut area = 0.0;
    let mut triangles = 0;
    for node in document.scene_nodes() {
        let node = &document.nodes[node];
        let Some(mesh) = node.mesh else { continue };
        for primitive in &document.meshes[mesh].primitives {
            let corner = |at: u32| node.world.transform_point3(primitive.positions[at as usize]).as_dvec3();
            for &[a, b, c] in primitive.indices.as_chunks::<3>().0 {
                area += (corner(b) - corner(a)).cross(corner(c) - corner(a)).length() / 2.0;
                triangles += 1;
            }
        }
    }
    assert!(triangles > 10);
    assert_eq!(scan.info().triangles, triangles);
    assert!((scan.area() - area).abs() < 1e-3 * area, "{} {area}", scan.area());
    assert_eq!((scan.info().metres_per_unit, scan.info().up), (Some(1.0), Some(Up::Y)));
}

#[test]
fn a_scanned_statue_comes_with_its_picture_and_its_credit() {
    let Some(cat) = shared("scans/mesh/cat.glb") else { return };
    let scan = import_path(cat, tempfile::tempdir().unwrap()).unwrap();
    let info = scan.info();
    assert_eq!((info.triangles, info.points, info.pictures.len()), (4_622, 0, 1));
    assert_eq!(info.inputs[0].format, Format::Gltf);
    assert!(info.has_uvs && info.has_normals);
    assert_eq!(info.pictures[0].media_type, "image/webp");
    let picture = std::fs::read(scan.store.picture_path(0).unwrap()).unwrap();
    assert!(picture.starts_with(b"RIFF"));
    assert_eq!(info.credits.len(), 1, "{:?}", info.credits);
    let uvs = scan
        .batches()
        .iter()
        .flat_map(|batch| batch.uvs.clone())
        .fold((9.0_f32, -9.0_f32), |(low, high), uv| (low.min(uv.min_element()), high.max(uv.max_element())));
    assert!(uvs.0 >= -0.01 && uvs.1 <= 1.01, "{uvs:?}");
}

/// One triangle below a node that stands in the Swiss grid, mirrored.
fn in_the_swiss_grid() -> Vec<(&'static str, Vec<u8>)> {
    let json = r#"{"asset":{"version":"2.0"},"scene":0,"scenes":[{"nodes":[0]}],
        "nodes":[{"translation":[2600000.125,1200000.25,450.5],"children":[1]},{"scale":[-1,1,1],"mesh":0}],
        "meshes":[{"primitives":[{"attributes":{"POSITION":0}}]}],
        "accessors":[{"bufferView":0,"componentType":5126,"type":"VEC3","count":3}],
        "bufferViews":[{"buffer":0,"byteLength":36}],"buffers":[{"byteLength":36,"uri":"data%20of/it.bin"}]}"#;
    let corners: [f32; 9] = [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0];
    let bytes = corners.iter().flat_map(|number| number.to_le_bytes()).collect();
    vec![("a.gltf", json.as_bytes().to_vec()), ("data of/it.bin", bytes)]
}

#[test]
fn nodes_place_meshes_exactly_and_mirrors_turn_them() {
    let files = in_the_swiss_grid();
    let files: Vec<_> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let scan = import(&files).unwrap();
    assert_eq!(scan.info().origin, DVec3::new(2_600_000.0, 1_200_000.0, 0.0));
    let batches = scan.batches();
    let corner =
        |at: usize| batches[0].positions[batches[0].indices[at] as usize].as_dvec3() + scan.info().origin;
    let place = DVec3::new(2_600_000.125, 1_200_000.25, 450.5);
    let expected = [place - DVec3::X, place, place + DVec3::Y];
    for (at, expected) in expected.into_iter().enumerate() {
        assert!((corner(at) - expected).length() < 0.001, "{} {expected}", corner(at));
    }
    // Seen from the same side as before the mirror.
    assert!((corner(1) - corner(0)).cross(corner(2) - corner(0)).z > 0.0);
}

#[test]
fn files_outside_of_the_folder_are_refused() {
    let mut files = in_the_swiss_grid();
    let escaped =
        String::from_utf8(files[0].1.clone()).unwrap().replace("data%20of/it.bin", "%2e%2e/secret.bin");
    files[0].1 = escaped.into_bytes();
    let files: Vec<_> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let sentence = refused(&files);
    assert!(sentence.contains("not inside of its own folder"), "{sentence}");
}

#[test]
fn draco_is_refused_with_how_to_export_again() {
    let json = br#"{"asset":{"version":"2.0"},"extensionsRequired":["KHR_draco_mesh_compression"]}"#;
    let sentence = refused(&[("a.gltf", json)]);
    assert!(sentence.contains("without Compression"), "{sentence}");
}
