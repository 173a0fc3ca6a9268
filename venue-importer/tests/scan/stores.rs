//! A store is whole or not there, and the same scan gives the same bytes.

use super::kit::{import, refused, shared};
use std::fs;
use std::path::Path;
use venue_importer::scan::{ReadOptions, Step, Store, read};

const POINTS: &[u8] =
    b"ply\nformat ascii 1.0\nelement vertex 2\nproperty float x\nproperty float y\nproperty float z\n\
end_header\n0 0 1\n1 2 3\n";

fn bytes_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(bytes_below(&path));
        } else {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            found.push((name, fs::read(path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn the_same_scan_gives_the_same_bytes_also_when_vertices_do_not_fit_into_memory() {
    let Some(cat) = shared("scans/mesh/cat.glb") else { return };
    let folder = tempfile::tempdir().unwrap();
    let store = |name: &str, vertex_memory: u64| {
        let into = folder.path().join(name);
        read(
            std::slice::from_ref(&cat),
            &into,
            &ReadOptions { vertex_memory, ..ReadOptions::default() },
            &mut |_| {},
        )
        .unwrap();
        bytes_below(&into)
    };
    let first = store("a", 512 << 20);
    assert_eq!(first.len(), 3, "info, batches and one picture");
    assert_eq!(first, store("b", 512 << 20));
    assert_eq!(first, store("c", 0));
}

#[test]
fn a_store_is_replaced_when_the_new_one_is_whole_and_stays_when_it_fails() {
    let folder = tempfile::tempdir().unwrap();
    let (scan, into) = (folder.path().join("a.ply"), folder.path().join("store"));
    fs::write(&scan, POINTS).unwrap();
    let import = || read(std::slice::from_ref(&scan), &into, &ReadOptions::default(), &mut |_| {});
    assert_eq!(import().unwrap().points, 2);
    fs::write(&scan, &POINTS[..POINTS.len() - 4]).unwrap();
    assert!(import().unwrap_err().to_string().contains("vertex 2 of 2"));
    assert_eq!(Store::open(&into).unwrap().info().points, 2);
    let one = String::from_utf8(POINTS.to_vec()).unwrap().replace("vertex 2", "vertex 1");
    fs::write(&scan, one).unwrap();
    assert_eq!(import().unwrap().points, 1);
    let mut left: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["a.ply", "store"], "nothing half-written stays");
}

#[test]
fn a_folder_that_is_no_store_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (scan, into) = (folder.path().join("a.ply"), folder.path().join("photos"));
    fs::write(&scan, POINTS).unwrap();
    fs::create_dir(&into).unwrap();
    fs::write(into.join("holiday.jpg"), "x").unwrap();
    let error = read(&[scan], &into, &ReadOptions::default(), &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("no store of a scan"), "{error}");
    assert!(into.join("holiday.jpg").exists());
}

#[test]
fn what_is_left_of_an_interrupted_run_is_cleared_away() {
    let folder = tempfile::tempdir().unwrap();
    let (scan, into) = (folder.path().join("a.ply"), folder.path().join("store"));
    fs::write(&scan, POINTS).unwrap();
    read(std::slice::from_ref(&scan), &into, &ReadOptions::default(), &mut |_| {}).unwrap();
    // As it is between the two renames, with another half-written one.
    fs::rename(&into, folder.path().join("store.old")).unwrap();
    fs::create_dir(folder.path().join("store.part")).unwrap();
    fs::write(folder.path().join("store.part/batches.bin"), "half").unwrap();
    fs::write(&scan, "ply\n").unwrap();
    assert!(read(&[scan], &into, &ReadOptions::default(), &mut |_| {}).is_err());
    assert_eq!(Store::open(&into).unwrap().info().points, 2, "the whole one is back");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn progress_goes_up_to_the_whole_file() {
    let folder = tempfile::tempdir().unwrap();
    let scan = folder.path().join("a.ply");
    fs::write(&scan, POINTS).unwrap();
    let mut seen = Vec::new();
    read(&[scan], &folder.path().join("s"), &ReadOptions::default(), &mut |now| {
        seen.push((now.step, now.done, now.total));
    })
    .unwrap();
    let total = POINTS.len() as u64;
    assert_eq!(seen.first(), Some(&(Step::Hashing, total, total)));
    assert_eq!(seen.last(), Some(&(Step::Reading, total, total)));
}

#[test]
fn formats_that_are_not_read_are_refused_with_what_to_do() {
    for (name, bytes, advice) in [
        ("hall.fbx", &b"Kaydara FBX Binary  \0"[..], "Export the scan as GLB or OBJ"),
        ("tile.b3dm", b"b3dm", "Import the mesh or the points"),
        ("tileset.json", b"{}", "Import the mesh or the points"),
        ("hall.spz", b"x", "Export a mesh"),
        ("hall.dae", b"<x", "export GLB"),
        ("hall.rcp", b"x", "export E57 or LAZ"),
        ("hall.docx", b"x", "its format is not known"),
        ("hall.glb", b"", "it is empty"),
    ] {
        let sentence = refused(&[(name, bytes)]);
        assert!(sentence.contains(advice) && sentence.starts_with(name), "{sentence}");
    }
}

#[test]
fn a_changed_store_is_refused_when_it_is_read() {
    let scan = import(&[("a.ply", POINTS)]).unwrap();
    let path = scan.folder.path().join("store/batches.bin");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
    let outcomes: Vec<_> = scan.store.batches().take(5).collect();
    assert!(matches!(&outcomes[..], [Err(error)] if error.to_string().contains("import the scan again")));
}
#[test]
fn in_a_folder_with_a_mesh_the_points_are_left_out() {
    let obj = b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n";
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("scan");
    fs::create_dir(&inner).unwrap();
    fs::write(inner.join("mesh.obj"), obj).unwrap();
    fs::write(inner.join("cloud.xyz"), "1 2 3\n").unwrap();
    fs::write(inner.join("notes.pdf"), "x").unwrap();
    let into = folder.path().join("store");
    let info = read(&[inner], &into, &ReadOptions::default(), &mut |_| {}).unwrap();
    assert_eq!((info.triangles, info.points), (1, 0));
    assert_eq!(info.warnings, ["cloud.xyz: left out, because there is a mesh beside these points"]);
}
