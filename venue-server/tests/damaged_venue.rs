//! A damaged venue package through the real program: it does not serve, and says which file is wrong.

#![allow(clippy::unwrap_used, reason = "the helpers of these tests are outside of test functions")]

use glam::Vec3;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use venue_model::{Bounds, FileHash, Localized, Place, Space, SpaceId, SpawnPoint};
use venue_package::manifest::{Environment, FORMAT, MediaType, VERSION};
use venue_package::writer::{hash_of, write_directory};
use venue_package::{
    Manifest, MemorySource, NavigationMesh, NavigationPolygon, PackageWriter, Tile, Tileset,
};

const ROOM: SpaceId = SpaceId(1);

/// One room, 8 by 8 metres, with a tile and a sound of which the server reads the bytes alone.
fn package() -> MemorySource {
    let corners = [[-4.0, -4.0], [-4.0, 4.0], [4.0, 4.0], [4.0, -4.0]].map(|[x, z]| Vec3::new(x, 0.0, z));
    let bounds = Bounds { min: Vec3::new(-4.0, 0.0, -4.0), max: Vec3::new(4.0, 3.0, 4.0) };
    let mut writer = PackageWriter::default();
    let content = writer.add_file(vec![7; 400], MediaType::Glb);
    let tile = Tile { bounds, geometric_error: 0.0, content, space: Some(ROOM), parent: None };
    let floor = NavigationPolygon {
        corners: vec![0, 1, 2, 3],
        neighbours: vec![None; 4],
        space: ROOM,
        heights: 0..0,
    };
    let mesh =
        NavigationMesh { vertices: corners.to_vec(), polygons: vec![floor], ..NavigationMesh::default() };
    let manifest = Manifest {
        format: FORMAT.into(),
        version: VERSION,
        id: "one-room".into(),
        name: Localized::english("One room"),
        spaces: vec![Space { id: ROOM, key: "room".into(), name: Localized::english("Room"), bounds }],
        doors: Vec::new(),
        seats: Vec::new(),
        spawn_points: vec![SpawnPoint {
            space: ROOM,
            place: Place { position: Vec3::ZERO, yaw: 0.0 },
            radius: 1.0,
        }],
        zones: Vec::new(),
        screens: Vec::new(),
        exhibits: Vec::new(),
        emitters: Vec::new(),
        environment: Environment::default(),
        tileset: writer.add_tileset(&Tileset { tiles: vec![tile] }),
        navigation: writer.add_file(mesh.to_bytes(), MediaType::Navigation),
        acoustics: Vec::new(),
        panoramas: Vec::new(),
        files: Vec::new(),
        frame: None,
        credits: Vec::new(),
    };
    writer.finish(manifest).unwrap()
}

/// A written package that is damaged and then served.
struct Venue {
    folder: tempfile::TempDir,
}

impl Venue {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        write_directory(&package(), &folder.path().join("venue")).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("venue").join(name)
    }

    /// The name in the package of the one file with this ending.
    fn ending(&self, ending: &str) -> String {
        let entries = std::fs::read_dir(self.path("files")).unwrap();
        let mut names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
        names.find(|name| name.ends_with(ending)).map(|name| format!("files/{name}")).unwrap()
    }

    fn manifest(&self) -> Manifest {
        Manifest::parse(&std::fs::read(self.path("venue.json")).unwrap()).unwrap()
    }

    /// Puts other bytes in the place of a file, and its new name and hash into the manifest: wrong, not damaged.
    fn replace(&self, old: FileHash, bytes: &[u8]) -> String {
        let mut manifest = self.manifest();
        let hash = hash_of(bytes);
        for listed in [&mut manifest.tileset, &mut manifest.navigation] {
            *listed = if *listed == old { hash } else { *listed };
        }
        let entry = manifest.files.iter_mut().find(|entry| entry.hash == old).unwrap();
        (entry.hash, entry.bytes) = (hash, bytes.len() as u64);
        let entry = entry.clone();
        let name = manifest.path_of(&entry);
        std::fs::write(self.path(&name), bytes).unwrap();
        std::fs::write(self.path("venue.json"), manifest.to_bytes()).unwrap();
        name
    }

    fn serve(&self) -> Output {
        Command::new(env!("CARGO_BIN_EXE_venue-server"))
            .arg("--data")
            .arg(self.folder.path().join("data"))
            .args(["serve", "--listen", "127.0.0.1:0", "--operator", "127.0.0.1:0", "--venue"])
            .arg(self.path(""))
            .current_dir(self.folder.path())
            .env_remove("VENUE_SERVER_CONFIG")
            .output()
            .unwrap()
    }

    /// It must not serve, and name the file in one sentence.
    fn is_refused(&self, file: &str, why: &str) {
        let output = self.serve();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{file}: {said}");
        assert!(said.contains(file) && said.contains(why), "{file}: {said}");
        assert!(!said.contains("panicked"), "{said}");
        assert!(!self.folder.path().join("data/serving.json").exists(), "it said that it serves");
    }
}

fn flip_a_byte(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn one_flipped_byte_in_any_file_is_told_with_its_name() {
    for ending in ["glb", "vnav"] {
        let venue = Venue::new();
        let name = venue.ending(ending);
        flip_a_byte(&venue.path(&name));
        venue.is_refused(&name, "changed since it was packed");
    }
    let venue = Venue::new();
    flip_a_byte(&venue.path("tileset.json"));
    venue.is_refused("tileset.json", "changed since it was packed");
}

#[test]
fn a_missing_file_is_told_with_its_name() {
    for ending in ["glb", "vnav"] {
        let venue = Venue::new();
        let name = venue.ending(ending);
        std::fs::remove_file(venue.path(&name)).unwrap();
        venue.is_refused(&name, "there is no such file");
    }
    let venue = Venue::new();
    std::fs::remove_file(venue.path("tileset.json")).unwrap();
    venue.is_refused("tileset.json", "there is no such file");
}

#[test]
fn a_tileset_that_can_not_be_read_is_told_before_anybody_comes() {
    let venue = Venue::new();
    venue.replace(venue.manifest().tileset, b"{\"asset\": {\"version\": \"9\"}}");
    venue.is_refused("tileset.json", "venue-importer check");
}

#[test]
fn a_tile_that_no_file_holds_is_told() {
    let venue = Venue::new();
    let bounds = Bounds { min: Vec3::ZERO, max: Vec3::ONE };
    let stray =
        Tile { bounds, geometric_error: 0.0, content: FileHash([9; 32]), space: Some(ROOM), parent: None };
    venue.replace(venue.manifest().tileset, &Tileset { tiles: vec![stray] }.to_bytes());
    venue.is_refused("tileset.json, root.children[0]", "is not in the package");
}

#[test]
fn a_navigation_mesh_that_can_not_be_walked_is_told_with_its_name() {
    let venue = Venue::new();
    let name = venue.replace(venue.manifest().navigation, b"VNAV is what it begins with");
    venue.is_refused(&name, "navigation mesh");

    let venue = Venue::new();
    let navigation = venue.manifest().navigation;
    let old = venue.ending("vnav");
    let mut mesh = NavigationMesh::from_bytes(&std::fs::read(venue.path(&old)).unwrap()).unwrap();
    mesh.polygons[0].space = SpaceId(4);
    let name = venue.replace(navigation, &mesh.to_bytes());
    venue.is_refused(&name, "there is no space with the id 4");
}
