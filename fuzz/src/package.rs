//! Targets over the files of a venue package.

use glam::Vec3;
use std::sync::{Arc, LazyLock};
use venue_motion::Walkable;
use venue_package::gltf::{Document, Limits, PixelFormat, decode_image, picture_size, transcode_ktx2};
use venue_package::manifest::MediaType;
use venue_package::writer::hash_of;
use venue_package::{AcousticMesh, Manifest, MemorySource, NavigationMesh, Package, Tileset};

/// A manifest that is accepted is written and read again unchanged.
pub(crate) fn manifest(data: &[u8]) {
    let Ok(manifest) = Manifest::parse(data) else { return };
    let again = Manifest::parse(&manifest.to_bytes()).expect("what was written must be readable");
    assert_eq!(again.to_bytes(), manifest.to_bytes());
}

/// A tileset that is accepted is written and read again unchanged.
pub(crate) fn tileset(data: &[u8]) {
    let Ok(tileset) = Tileset::parse(data) else { return };
    let again = Tileset::parse(&tileset.to_bytes()).expect("what was written must be readable");
    assert_eq!(again.to_bytes(), tileset.to_bytes());
}

/// A navigation mesh that is accepted is written and read again unchanged.
pub(crate) fn navigation(data: &[u8]) {
    let Ok(mesh) = NavigationMesh::from_bytes(data) else { return };
    let again = NavigationMesh::from_bytes(&mesh.to_bytes()).expect("what was written must be readable");
    assert_eq!(again.to_bytes(), mesh.to_bytes());
}

/// An acoustic mesh that is accepted is written and read again unchanged.
pub(crate) fn acoustics(data: &[u8]) {
    let Ok(mesh) = AcousticMesh::from_bytes(data) else { return };
    assert!(mesh.open_edges() <= 3 * (mesh.triangles.len() + mesh.openings.len()));
    let again = AcousticMesh::from_bytes(&mesh.to_bytes()).expect("what was written must be readable");
    assert_eq!(again.to_bytes(), mesh.to_bytes());
}

/// Any mesh that is accepted can be asked for floors, walks and ways between two points, which come first.
pub(crate) fn walkable(data: &[u8]) {
    let Some((points, mesh)) = data.split_first_chunk::<24>() else { return };
    let Ok(walkable) = NavigationMesh::from_bytes(mesh).and_then(Walkable::new) else { return };
    let number = |at: usize| f32::from_le_bytes([points[at], points[at + 1], points[at + 2], points[at + 3]]);
    let point = |at: usize| Vec3::new(number(at), number(at + 4), number(at + 8));
    let (Some(from), Some(to)) = (walkable.locate(point(0), 20_000.0), walkable.locate(point(12), 20_000.0))
    else {
        return;
    };
    let polygons = walkable.mesh().polygons.len();
    let walked = walkable.walk(from, to.position);
    for floor in [from, to, walked] {
        assert!((floor.polygon as usize) < polygons && floor.position.is_finite(), "{floor:?}");
    }
    let Some(path) = walkable.path(from, to) else { return };
    assert!(path.len() <= polygons + 2 && path.iter().all(|corner| corner.is_finite()), "{path:?}");
    assert_eq!((path.first(), path.last()), (Some(&from.position), Some(&to.position)));
}

/// The tiny venue, whose files one after the other are replaced.
static TINY: LazyLock<(MemorySource, Manifest)> = LazyLock::new(|| {
    let files = venue_importer::tiny::tiny_package();
    let package = Package::open(files.clone()).expect("the tiny venue opens");
    (files, package.manifest().clone())
});

/// A package one of whose files is the input: the first byte says which. Whatever is wrong is told, and a package
/// that is called usable has a tileset and a floor.
pub(crate) fn package(data: &[u8]) {
    let Some((kind, bytes)) = data.split_first() else { return };
    let (mut files, mut manifest) = TINY.clone();
    let media_type = match kind % 5 {
        0 => return validate(with(files, "venue.json", bytes)),
        1 => MediaType::Json,
        2 => MediaType::Navigation,
        4 => MediaType::Acoustics,
        _ => MediaType::Glb,
    };
    let Some(at) = manifest.files.iter().position(|entry| entry.media_type == media_type) else { return };
    let (old, hash) = (manifest.files[at].hash, hash_of(bytes));
    (manifest.files[at].hash, manifest.files[at].bytes) = (hash, bytes.len() as u64);
    let meshes = manifest.acoustics.iter_mut().map(|acoustics| &mut acoustics.mesh);
    for named in [&mut manifest.tileset, &mut manifest.navigation].into_iter().chain(meshes) {
        *named = if *named == old { hash } else { *named };
    }
    files = with(files, &manifest.path_of(&manifest.files[at]), bytes);
    validate(with(files, "venue.json", &manifest.to_bytes()));
}

fn with(mut files: MemorySource, name: &str, bytes: &[u8]) -> MemorySource {
    files.insert(name, bytes.to_vec());
    files
}

fn validate(files: MemorySource) {
    let report = venue_package::validate(Arc::new(files.clone()));
    for finding in report.errors.iter().chain(&report.warnings) {
        assert!(!finding.place.is_empty() && !finding.what.is_empty(), "{finding:?}");
    }
    if report.is_usable() {
        let package = Package::open(files).expect("a usable package opens");
        package.tileset().expect("a usable package has a tileset");
        package.navigation().expect("a usable package has a floor");
        for space in &package.manifest().spaces {
            package.acoustics(space.id).expect("what a usable package says of sound can be read");
        }
    }
}

/// Any file is read or refused, within a client's limits.
pub(crate) fn gltf(data: &[u8]) {
    read_gltf(data, &Limits { decoded_bytes: MEMORY, ..Limits::CLIENT });
}

/// Any file is read or refused, within the importer's limits.
pub(crate) fn gltf_import(data: &[u8]) {
    read_gltf(data, &Limits { decoded_bytes: MEMORY, ..Limits::IMPORT });
}

/// What a file may unpack to here: the real limits are beyond what a fuzzer may take.
const MEMORY: u64 = 64 << 20;

fn read_gltf(data: &[u8], limits: &Limits) {
    let Ok(document) = Document::read(data, limits) else { return };
    assert!(document.scene_nodes().iter().all(|node| *node < document.nodes.len()));
}

/// Any picture is unpacked or refused, within limits; also as a panorama, which is made as small as it has to be.
pub(crate) fn picture(data: &[u8]) {
    let limits = Limits { picture_pixels: 1 << 20, ..Limits::default() };
    drop(decode_image(data, "image/png", &limits));
    drop(transcode_ktx2(data, PixelFormat::Bc7, &limits));
    // The real limits are beyond what a fuzzer may take.
    if picture_size(data, &limits).is_ok()
        && let Ok(panorama) = xr_client::scene::panorama::decode(data, 64)
    {
        assert!(
            panorama.width <= 64 && panorama.rgba8.len() == (panorama.width * panorama.height * 4) as usize
        );
    }
}
