//! An opened package: its manifest, and its files by hash, each proven to be what its name says.

use crate::acoustics::{AcousticMesh, AcousticsError};
use crate::limits;
use crate::manifest::{FileEntry, Manifest, ManifestError};
use crate::navigation::{NavigationError, NavigationMesh};
use crate::source::{FileSource, SourceError};
use crate::tileset::{Tileset, TilesetError};
use crate::writer::hash_of;
use std::collections::BTreeMap;
use std::sync::Arc;
use venue_model::{FileHash, SpaceId};

/// A venue package whose manifest has been read and checked; cheap to clone.
#[derive(Clone)]
pub struct Package {
    source: Arc<dyn FileSource>,
    manifest: Arc<Manifest>,
    manifest_bytes: Arc<[u8]>,
    manifest_hash: FileHash,
    entries: Arc<BTreeMap<FileHash, FileEntry>>,
}

impl std::fmt::Debug for Package {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Package").field("id", &self.manifest.id).field("hash", &self.manifest_hash).finish()
    }
}

/// A package can not be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PackageError {
    /// A file could not be read.
    #[error("venue package, file {path}: {error}")]
    File {
        /// Its name in the package.
        path: String,
        /// Why not.
        error: SourceError,
    },
    /// The bytes are not those that the manifest speaks of.
    #[error(
        "venue package, file {path}: its contents have changed since it was packed \
         ({found} bytes, {expected} expected, or another checksum); copy the package again, whole, or pack it again"
    )]
    Changed {
        /// Its name in the package.
        path: String,
        /// Bytes that it should have.
        expected: u64,
        /// Bytes that it has.
        found: u64,
    },
    /// The manifest does not list this hash.
    #[error("venue package: no file has the hash {0}")]
    NotListed(FileHash),
    /// The manifest is wrong.
    #[error("venue package: {0}")]
    Manifest(#[from] ManifestError),
    /// The tileset is wrong.
    #[error("venue package: {0}")]
    Tileset(#[from] TilesetError),
    /// The navigation mesh is wrong.
    #[error("venue package, file {path}: {error}")]
    Navigation {
        /// Its name in the package.
        path: String,
        /// What is wrong.
        error: NavigationError,
    },
    /// An acoustic mesh is wrong.
    #[error("venue package, file {path}: {error}")]
    Acoustics {
        /// Its name in the package.
        path: String,
        /// What is wrong.
        error: AcousticsError,
    },
}

impl Package {
    /// Opens a package: reads and checks `venue.json`. Other files are checked when they are read.
    pub fn open(source: impl FileSource + 'static) -> Result<Self, PackageError> {
        let path = limits::MANIFEST_PATH;
        let bytes = source
            .read(path, limits::MANIFEST_BYTES)
            .map_err(|error| PackageError::File { path: path.to_owned(), error })?;
        let manifest = Manifest::parse(&bytes)?;
        let entries = manifest.files.iter().map(|file| (file.hash, file.clone())).collect();
        Ok(Self {
            source: Arc::new(source),
            manifest: Arc::new(manifest),
            manifest_hash: hash_of(&bytes),
            manifest_bytes: bytes.into(),
            entries: Arc::new(entries),
        })
    }

    /// What stands where.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// SHA-256 of `venue.json`: names this very venue on the wire.
    pub fn manifest_hash(&self) -> FileHash {
        self.manifest_hash
    }

    /// The bytes of `venue.json`.
    pub fn manifest_bytes(&self) -> &[u8] {
        &self.manifest_bytes
    }

    /// The bytes of a listed file, or of the manifest by its own hash; length and hash are verified.
    pub fn file(&self, hash: FileHash) -> Result<Vec<u8>, PackageError> {
        if hash == self.manifest_hash {
            return Ok(self.manifest_bytes.to_vec());
        }
        let entry = self.entries.get(&hash).ok_or(PackageError::NotListed(hash))?;
        let path = self.manifest.path_of(entry);
        let changed = |path, found| PackageError::Changed { path, expected: entry.bytes, found };
        match self.source.read(&path, entry.bytes) {
            Ok(bytes) if bytes.len() as u64 == entry.bytes && hash_of(&bytes) == hash => Ok(bytes),
            Ok(bytes) => Err(changed(path, bytes.len() as u64)),
            Err(SourceError::TooLarge { limit }) => Err(changed(path, limit + 1)),
            Err(error) => Err(PackageError::File { path, error }),
        }
    }

    /// The tiles.
    pub fn tileset(&self) -> Result<Tileset, PackageError> {
        Ok(Tileset::parse(&self.file(self.manifest.tileset)?)?)
    }

    /// The navigation mesh.
    pub fn navigation(&self) -> Result<NavigationMesh, PackageError> {
        let hash = self.manifest.navigation;
        NavigationMesh::from_bytes(&self.file(hash)?)
            .map_err(|error| PackageError::Navigation { path: self.path_of(hash), error })
    }

    /// How a space sounds; none, when nothing is known of that.
    pub fn acoustics(&self, space: SpaceId) -> Result<Option<AcousticMesh>, PackageError> {
        let Some(entry) = self.manifest.acoustics.iter().find(|entry| entry.space == space) else {
            return Ok(None);
        };
        AcousticMesh::from_bytes(&self.file(entry.mesh)?)
            .map(Some)
            .map_err(|error| PackageError::Acoustics { path: self.path_of(entry.mesh), error })
    }

    /// The name of a listed file in the package; empty for a file that is not listed.
    pub(crate) fn path_of(&self, hash: FileHash) -> String {
        self.entries.get(&hash).map_or_else(String::new, |entry| self.manifest.path_of(entry))
    }
}
