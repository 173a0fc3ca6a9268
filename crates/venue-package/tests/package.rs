//! Packages as a whole: written, read back, damaged, and what is then said.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use glam::Vec3;
use serde_json::json;
use std::sync::Arc;
use venue_model::{Bounds, Localized, Place, Space, SpaceId, SpawnPoint};
use venue_package::acoustics::{Opening, SolidTriangle};
use venue_package::gltf::{GlbWriter, Primitive};
use venue_package::manifest::{self, Environment, MediaType};
use venue_package::writer::{WriteError, write_directory};
use venue_package::*;

/// One room with a square floor.
fn package() -> MemorySource {
    let corners = [[0.0, 0.0], [0.0, 4.0], [4.0, 4.0], [4.0, 0.0]].map(|[x, z]| Vec3::new(x, 0.0, z));
    let mut writer = PackageWriter::default();
    let mut glb = GlbWriter::default();
    let floor =
        Primitive { positions: corners.to_vec(), indices: vec![0, 1, 2, 0, 2, 3], ..Primitive::default() };
    let mesh = glb.add_mesh("floor", &[floor]);
    glb.add_node(json!({"mesh": mesh}));
    let content = writer.add_file(glb.finish(), MediaType::Glb);
    let bounds = Bounds { min: Vec3::ZERO, max: Vec3::new(4.0, 3.0, 4.0) };
    let tile = Tile { bounds, geometric_error: 0.0, content, space: Some(SpaceId(1)), parent: None };
    let mesh = NavigationMesh {
        vertices: corners.to_vec(),
        polygons: vec![NavigationPolygon {
            corners: vec![0, 1, 2, 3],
            neighbours: vec![None; 4],
            space: SpaceId(1),
            heights: 0..0,
        }],
        ..NavigationMesh::default()
    };
    let place = Place { position: Vec3::new(2.0, 0.0, 2.0), yaw: 0.0 };
    let manifest = Manifest {
        format: manifest::FORMAT.into(),
        version: manifest::VERSION,
        id: "one-room".into(),
        name: Localized::english("One room"),
        spaces: vec![Space { id: SpaceId(1), key: "room".into(), name: Localized::english("Room"), bounds }],
        doors: vec![],
        seats: vec![],
        spawn_points: vec![SpawnPoint { space: SpaceId(1), place, radius: 1.0 }],
        zones: vec![],
        screens: vec![],
        exhibits: vec![],
        emitters: vec![],
        environment: Environment::default(),
        tileset: writer.add_tileset(&Tileset { tiles: vec![tile] }),
        navigation: writer.add_file(mesh.to_bytes(), MediaType::Navigation),
        acoustics: vec![],
        panoramas: vec![],
        files: vec![],
        frame: None,
        credits: vec![],
    };
    writer.finish(manifest).unwrap()
}

fn path_ending(package: &MemorySource, ending: &str) -> String {
    package.files().map(|(path, _)| path.to_owned()).find(|path| path.ends_with(ending)).unwrap()
}

#[test]
fn a_package_round_trips_through_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("venue");
    write_directory(&package(), &target).unwrap();
    // A second time it takes the place of the first, and nothing else is left beside it.
    write_directory(&package(), &target).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let opened = Package::open(DirectorySource::new(&target)).unwrap();
    assert_eq!(opened.manifest().id, "one-room");
    assert_eq!(opened.tileset().unwrap().tiles.len(), 1);
    assert_eq!(opened.navigation().unwrap().polygons.len(), 1);
    assert_eq!(hash_of(&opened.file(opened.manifest_hash()).unwrap()), opened.manifest_hash());
    assert_eq!(validate(Arc::new(DirectorySource::new(&target))), ValidationReport::default());
}

#[test]
fn a_folder_with_other_things_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("thesis.txt"), "years of work").unwrap();
    let error = write_directory(&package(), folder.path()).unwrap_err();
    assert!(
        matches!(&error, WriteError::Occupied(_)) && error.to_string().contains("something else"),
        "{error}"
    );
    assert!(folder.path().join("thesis.txt").exists());
}

#[test]
fn damage_is_told_by_file_and_with_advice() {
    let check = |damage: &dyn Fn(&mut MemorySource), expected: &[&str]| {
        let mut damaged = package();
        damage(&mut damaged);
        let report = validate(Arc::new(damaged));
        let text: Vec<_> = report.errors.iter().map(ToString::to_string).collect();
        let text = text.join("\n");
        assert!(!report.is_usable(), "{expected:?}");
        assert!(expected.iter().all(|part| text.contains(part)), "{text}");
    };
    let glb = path_ending(&package(), ".glb");
    let navigation = path_ending(&package(), ".vnav");
    check(&|p| _ = p.remove("venue.json"), &["venue.json", "no such file", "copy the package again"]);
    check(&|p| p.insert("venue.json", b"{".to_vec()), &["venue.json, line 1"]);
    check(&|p| _ = p.remove(&glb), &[&glb, "no such file"]);
    check(&|p| p.insert(&*glb, b"glTF".to_vec()), &[&glb, "changed since it was packed", "4 bytes"]);
    check(&|p| p.insert(&*navigation, vec![0; 9]), &[&navigation, "changed"]);
    check(&|p| p.insert("tileset.json", b"{}".to_vec()), &["tileset.json", "changed"]);
    let longer = |p: &mut MemorySource| {
        let mut bytes = p.remove(&glb).unwrap();
        bytes.push(0);
        p.insert(&*glb, bytes);
    };
    check(&longer, &[&glb, "changed since it was packed"]);
}

#[test]
fn an_unlisted_hash_is_refused() {
    let opened = Package::open(package()).unwrap();
    let stranger = hash_of(b"something else");
    assert_eq!(opened.file(stranger), Err(PackageError::NotListed(stranger)));
}

/// The package with another navigation mesh or tileset in it, its hashes right.
fn repacked(change: impl Fn(&mut Manifest, &mut MemorySource)) -> MemorySource {
    let mut changed = package();
    let mut manifest = Package::open(package()).unwrap().manifest().clone();
    change(&mut manifest, &mut changed);
    changed.insert("venue.json", manifest.to_bytes());
    changed
}

#[test]
fn a_floor_of_a_space_that_does_not_exist_is_found() {
    let navigation = path_ending(&package(), ".vnav");
    let stray = repacked(|manifest, files| {
        let mut mesh = NavigationMesh::from_bytes(&files.remove(&navigation).unwrap()).unwrap();
        let other = NavigationPolygon { space: SpaceId(9), ..mesh.polygons[0].clone() };
        mesh.polygons.push(other);
        let bytes = mesh.to_bytes();
        let entry = manifest.files.iter_mut().find(|file| file.hash == manifest.navigation).unwrap();
        (entry.hash, entry.bytes) = (hash_of(&bytes), bytes.len() as u64);
        manifest.navigation = hash_of(&bytes);
        files.insert(format!("files/{}.vnav", hash_of(&bytes)), bytes);
    });
    let whole = validate(Arc::new(stray.clone()));
    let structure = validate_structure(&Package::open(stray).unwrap());
    for report in [whole, structure] {
        let [error] = report.errors.as_slice() else { panic!("{report:?}") };
        let told = error.to_string();
        assert!(told.contains(".vnav, polygon 1: there is no space with the id 9"), "{told}");
    }
}

#[test]
fn a_bad_tileset_is_told_once_by_its_name() {
    let bad = repacked(|manifest, files| {
        let bytes = b"{\"asset\": 7}".to_vec();
        let entry = manifest.files.iter_mut().find(|file| file.hash == manifest.tileset).unwrap();
        (entry.hash, entry.bytes) = (hash_of(&bytes), bytes.len() as u64);
        manifest.tileset = hash_of(&bytes);
        files.insert("tileset.json", bytes);
    });
    let structure = validate_structure(&Package::open(bad.clone()).unwrap());
    assert_eq!(structure.errors.len(), 1, "{structure:?}");
    assert!(structure.errors[0].to_string().contains("tileset.json"), "{structure:?}");
    assert_eq!(validate(Arc::new(bad)).errors, structure.errors);
    let mut damaged = package();
    damaged.insert("tileset.json", b"{}".to_vec());
    assert_eq!(validate(Arc::new(damaged)).errors.len(), 1, "damage is told once too");
}

#[test]
fn a_space_without_floor_is_found() {
    let mut damaged = package();
    let opened = Package::open(package()).unwrap();
    let mut manifest = opened.manifest().clone();
    let other = Space { id: SpaceId(2), key: "attic".into(), ..manifest.spaces[0].clone() };
    manifest.spaces.push(other);
    manifest.spawn_points.push(SpawnPoint { space: SpaceId(2), ..manifest.spawn_points[0] });
    damaged.insert("venue.json", manifest.to_bytes());
    let report = validate(Arc::new(damaged));
    assert!(
        report.errors[0].to_string().contains("space \"attic\": no floor in it is walkable"),
        "{report:?}"
    );
    assert!(report.warnings[0].to_string().contains("nothing is to be seen"), "{report:?}");
}

/// The package with the acoustic mesh of a space in it.
fn with_sound(mesh: &AcousticMesh) -> MemorySource {
    repacked(|manifest, files| {
        let bytes = mesh.to_bytes();
        let hash = hash_of(&bytes);
        let media_type = MediaType::Acoustics;
        manifest.files.push(manifest::FileEntry { hash, bytes: bytes.len() as u64, media_type });
        manifest.acoustics = vec![manifest::SpaceAcoustics { space: SpaceId(1), mesh: hash }];
        files.insert(format!("files/{hash}.vaco"), bytes);
    })
}

/// A corner of the room, closed.
fn corner() -> AcousticMesh {
    let triangle = |corners: [u32; 3]| SolidTriangle { corners, material: 0 };
    let plaster = AcousticMaterial {
        name: "plaster".into(),
        absorption: [0.1; 3],
        scattering: 0.1,
        transmission: [0.0; 3],
    };
    AcousticMesh {
        materials: vec![plaster],
        vertices: vec![Vec3::ZERO, Vec3::X, Vec3::Y, Vec3::Z],
        triangles: [[0, 1, 2], [0, 2, 3], [0, 3, 1], [1, 3, 2]].map(triangle).to_vec(),
        ..AcousticMesh::default()
    }
}

/// The package with a picture of so many pixels around its space.
fn with_panorama(width: u32, height: u32) -> MemorySource {
    repacked(|manifest, files| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(width, height).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        let bytes = bytes.into_inner();
        let (hash, media_type) = (hash_of(&bytes), MediaType::Png);
        manifest.files.push(manifest::FileEntry { hash, bytes: bytes.len() as u64, media_type });
        manifest.panoramas =
            vec![manifest::SpacePanorama { space: SpaceId(1), picture: hash, heading: 90.0 }];
        files.insert(format!("files/{hash}.png"), bytes);
    })
}

#[test]
fn a_panorama_is_a_whole_sphere() {
    assert!(validate(Arc::new(with_panorama(64, 32))).is_usable());
    let report = validate(Arc::new(with_panorama(64, 48)));
    let [error] = report.errors.as_slice() else { panic!("{report:?}") };
    let told = error.to_string();
    assert!(told.contains(".png: it has 64 × 48 pixels") && told.contains("twice as wide"), "{told}");
}

#[test]
fn sound_is_checked_and_read_by_space() {
    let check = |change: &dyn Fn(&mut AcousticMesh), is_usable: bool, expected: &str| {
        let mut mesh = corner();
        change(&mut mesh);
        let report = validate(Arc::new(with_sound(&mesh)));
        assert_eq!(report.is_usable(), is_usable, "{report:?}");
        let told: Vec<_> = report.errors.iter().chain(&report.warnings).map(ToString::to_string).collect();
        let is_told = told.iter().any(|what| what.contains(".vaco") && what.contains(expected));
        assert!(is_told || (expected.is_empty() && told.is_empty()), "{told:?}");
    };
    check(&|_| {}, true, "");
    check(&|mesh| mesh.vertices[3].z = 99.0, false, "vertex 3: it lies outside of \"room\"");
    check(&|mesh| mesh.triangles[0].material = 9, false, "triangle 0: it names a material");
    check(&|mesh| _ = mesh.triangles.pop(), true, "open at 3 edges");
    check(&|mesh| mesh.measured.full_reverberation = [1.0; 3], true, "reverberation is off by 100 %");
    let opening = Opening { corners: [0, 1, 2], door: Some(venue_model::DoorId(3)) };
    check(&|mesh| mesh.openings.push(opening), false, "opening 0: it is of a door that does not lead out");
    let package = Package::open(with_sound(&corner())).unwrap();
    assert_eq!(package.acoustics(SpaceId(1)), Ok(Some(corner())));
    assert_eq!(package.acoustics(SpaceId(2)), Ok(None));
    assert_eq!(Package::open(self::package()).unwrap().acoustics(SpaceId(1)), Ok(None));
}
