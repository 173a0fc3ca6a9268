//! Targets over the files of a venue package.

use venue_package::gltf::{Document, Limits, decode_image};
use venue_package::{Manifest, NavigationMesh, Tileset};

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

/// Any file is read or refused, within limits.
pub(crate) fn gltf(data: &[u8]) {
    let Ok(document) = Document::read(data, &Limits::default()) else { return };
    assert!(document.scene_nodes().iter().all(|node| *node < document.nodes.len()));
}

/// Any picture is unpacked or refused, within limits.
pub(crate) fn picture(data: &[u8]) {
    let limits = Limits { picture_pixels: 1 << 20, ..Limits::default() };
    drop(decode_image(data, "image/png", &limits));
}
