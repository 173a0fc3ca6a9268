//! Makes packages: content-addressed files, the tileset, the manifest, and a folder that is never half written.

use crate::limits;
use crate::manifest::{FileEntry, Manifest, ManifestError, MediaType, content_path};
use crate::source::MemorySource;
use crate::tileset::Tileset;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use venue_model::FileHash;

/// SHA-256 of the bytes.
pub fn hash_of(bytes: &[u8]) -> FileHash {
    FileHash(Sha256::digest(bytes).into())
}

/// A package that is being made.
#[derive(Clone, Debug, Default)]
pub struct PackageWriter {
    files: MemorySource,
    entries: BTreeMap<FileHash, FileEntry>,
}

impl PackageWriter {
    /// Puts a file; the same bytes twice are kept once.
    pub fn add_file(&mut self, bytes: Vec<u8>, media_type: MediaType) -> FileHash {
        let hash = hash_of(&bytes);
        if self.enter(hash, &bytes, media_type) {
            self.files.insert(content_path(hash, media_type), bytes);
        }
        hash
    }

    /// Puts `tileset.json`.
    pub fn add_tileset(&mut self, tileset: &Tileset) -> FileHash {
        let bytes = tileset.to_bytes();
        let hash = hash_of(&bytes);
        self.enter(hash, &bytes, MediaType::Json);
        self.files.insert(limits::TILESET_PATH, bytes);
        hash
    }

    fn enter(&mut self, hash: FileHash, bytes: &[u8], media_type: MediaType) -> bool {
        let entry = FileEntry { hash, bytes: bytes.len() as u64, media_type };
        self.entries.insert(hash, entry).is_none()
    }

    /// Completes the package: fills the manifest's list of files, checks the manifest, adds it.
    pub fn finish(mut self, mut manifest: Manifest) -> Result<MemorySource, ManifestError> {
        manifest.files = self.entries.into_values().collect();
        manifest.check()?;
        self.files.insert(limits::MANIFEST_PATH, manifest.to_bytes());
        Ok(self.files)
    }
}

/// The package could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Something else than a package lies there.
    #[error("{} holds something else than a venue package; name an empty or a new folder", .0.display())]
    Occupied(PathBuf),
    /// The system refused.
    #[error("{}: {error}; is there room on the disk, and may you write there?", path.display())]
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}

/// Writes a package into a folder, in the place of a package that lies there.
///
/// All is written into a new folder beside it, flushed to the disk, and then renamed; whoever
/// looks at `folder` sees the old package or the new one, and for the moment between two
/// renames none, but never a part of one.
pub fn write_directory(package: &MemorySource, folder: &Path) -> Result<(), WriteError> {
    let is_package = folder.join(limits::MANIFEST_PATH).is_file();
    let io = |path: &Path| {
        let path = path.to_owned();
        move |error| WriteError::Io { path, error }
    };
    if folder.exists() && !is_package && !is_empty(folder) {
        return Err(WriteError::Occupied(folder.to_owned()));
    }
    let (new, old) = (beside(folder, "new"), beside(folder, "old"));
    remove(&new).map_err(io(&new))?;
    write_all(package, &new)?;
    if folder.exists() {
        remove(&old).map_err(io(&old))?;
        std::fs::rename(folder, &old).map_err(io(folder))?;
    }
    if let Err(error) = std::fs::rename(&new, folder) {
        // The old package goes back to its place; the error that is told is the first one.
        std::fs::rename(&old, folder).ok();
        return Err(io(folder)(error));
    }
    remove(&old).map_err(io(&old))
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

fn beside(folder: &Path, suffix: &str) -> PathBuf {
    let name =
        folder.file_name().map_or_else(|| "package".into(), |name| name.to_string_lossy().into_owned());
    folder.with_file_name(format!(".{name}.{suffix}-{}", std::process::id()))
}

fn remove(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn write_all(package: &MemorySource, folder: &Path) -> Result<(), WriteError> {
    let write = |path: &Path, bytes: &[u8]| -> std::io::Result<()> {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        let mut file = std::fs::File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    for (name, bytes) in package.files() {
        let path = folder.join(name);
        write(&path, bytes).map_err(|error| WriteError::Io { path, error })?;
    }
    Ok(())
}
