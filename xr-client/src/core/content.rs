//! What a venue's files hold, read from their bytes. Reading takes longer than a frame may, so caches do it where
//! they read and check the files.
//!
//! It must not know where bytes come from.

use bytes::Bytes;
use std::sync::Arc;
use venue_motion::Walkable;
use venue_package::{Manifest, NavigationMesh, Tileset};

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// The description of the venue.
    Manifest,
    /// The list of tiles.
    Tileset,
    /// Where one may stand and walk.
    Floor,
    /// A part of the picture, which the scene reads.
    Tile,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub enum Content {
    /// The description of the venue.
    Manifest(Arc<Manifest>),
    /// The list of tiles.
    Tileset(Arc<Tileset>),
    /// Where one may stand and walk.
    Floor(Arc<Walkable>),
    /// A glTF binary.
    Tile(Bytes),
}

/// Reads a file; the error says in English what is wrong with it, for support.
pub fn read(kind: FileKind, bytes: Bytes) -> Result<Content, String> {
    let content = match kind {
        FileKind::Manifest => Content::Manifest(Arc::new(Manifest::parse(&bytes).map_err(words)?)),
        FileKind::Tileset => Content::Tileset(Arc::new(Tileset::parse(&bytes).map_err(words)?)),
        FileKind::Floor => {
            let mesh = NavigationMesh::from_bytes(&bytes).map_err(words)?;
            Content::Floor(Arc::new(Walkable::new(mesh).map_err(words)?))
        }
        FileKind::Tile => Content::Tile(bytes),
    };
    Ok(content)
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::tiny_package;

    #[test]
    fn every_kind_of_file_is_read_and_nonsense_is_named() {
        let package = tiny_package();
        let manifest = package.manifest().clone();
        let file = |hash| Bytes::from(package.file(hash).unwrap());
        let whole = Bytes::copy_from_slice(package.manifest_bytes());
        assert!(matches!(read(FileKind::Manifest, whole), Ok(Content::Manifest(read)) if *read == manifest));
        assert!(matches!(read(FileKind::Tileset, file(manifest.tileset)), Ok(Content::Tileset(_))));
        assert!(matches!(read(FileKind::Floor, file(manifest.navigation)), Ok(Content::Floor(_))));
        for kind in [FileKind::Manifest, FileKind::Tileset, FileKind::Floor] {
            assert!(!read(kind, Bytes::from_static(b"nonsense")).unwrap_err().is_empty(), "{kind:?}");
        }
    }
}
