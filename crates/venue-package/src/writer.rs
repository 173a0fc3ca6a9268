//! Makes packages: content-addressed files, the tileset, the manifest, and a folder that is never half written.

use crate::limits;
use crate::manifest::{FileEntry, Manifest, ManifestError, MediaType, content_path};
use crate::source::MemorySource;
use crate::tileset::Tileset;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
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

    /// Every file that was put, for a writer elsewhere.
    pub fn into_files(self) -> Vec<(Vec<u8>, MediaType)> {
        let bytes: BTreeMap<_, _> = self.files.files().map(|(_, bytes)| (hash_of(bytes), bytes)).collect();
        let found =
            |(hash, entry): (&FileHash, &FileEntry)| Some((bytes.get(hash)?.to_vec(), entry.media_type));
        self.entries.iter().filter_map(found).collect()
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

/// A package that is being made on the disk, file by file: memory holds none of them.
///
/// Nothing is seen in the package's own place before [`Self::finish`]; a writer that is dropped leaves nothing behind.
#[derive(Debug)]
pub struct FolderWriter {
    folder: PathBuf,
    new: PathBuf,
    entries: BTreeMap<FileHash, FileEntry>,
}

impl FolderWriter {
    /// Begins a package that will lie in `folder`, in the place of a package that lies there.
    pub fn create(folder: &Path) -> Result<Self, WriteError> {
        recover_directory(folder)?;
        check_occupied(folder)?;
        let new = beside(folder, NEW);
        remove(&new).map_err(io(&new))?;
        std::fs::create_dir_all(new.join("files")).map_err(io(&new))?;
        Ok(Self { folder: folder.to_owned(), new, entries: BTreeMap::new() })
    }

    /// Puts a file; the same bytes twice are kept once.
    pub fn add_file(&mut self, bytes: &[u8], media_type: MediaType) -> Result<FileHash, WriteError> {
        let hash = hash_of(bytes);
        let entry = FileEntry { hash, bytes: bytes.len() as u64, media_type };
        if self.entries.insert(hash, entry).is_none() {
            self.put(&content_path(hash, media_type), bytes)?;
        }
        Ok(hash)
    }

    /// A file that was put before.
    pub fn read_file(&self, hash: FileHash, media_type: MediaType) -> Result<Vec<u8>, WriteError> {
        let path = self.new.join(content_path(hash, media_type));
        std::fs::read(&path).map_err(io(&path))
    }

    /// Takes over the file `from` of another package, which has it under this name and entry.
    ///
    /// Files of packages are never changed, so the disk holds the bytes once where it can share them.
    pub fn adopt(&mut self, from: &Path, name: &str, entry: &FileEntry) -> Result<(), WriteError> {
        if self.entries.insert(entry.hash, entry.clone()).is_none() {
            let to = self.new.join(name);
            let shared = std::fs::hard_link(from, &to);
            shared.or_else(|_| std::fs::copy(from, &to).map(|_| ())).map_err(io(from))?;
        }
        Ok(())
    }

    /// Puts `tileset.json`.
    pub fn add_tileset(&mut self, tileset: &Tileset) -> Result<FileHash, WriteError> {
        let bytes = tileset.to_bytes();
        let hash = hash_of(&bytes);
        let entry = FileEntry { hash, bytes: bytes.len() as u64, media_type: MediaType::Json };
        self.entries.insert(hash, entry);
        self.put(limits::TILESET_PATH, &bytes)?;
        Ok(hash)
    }

    /// Completes the package: fills the manifest's list of files, checks the manifest, and puts all in its place.
    pub fn finish(mut self, mut manifest: Manifest) -> Result<Manifest, WriteError> {
        manifest.files = std::mem::take(&mut self.entries).into_values().collect();
        manifest.check()?;
        self.put(limits::MANIFEST_PATH, &manifest.to_bytes())?;
        for folder in [&self.new.join("files"), &self.new, parent_of(&self.new)] {
            sync_folder(folder).map_err(io(folder))?;
        }
        swap(&self.new, &self.folder)?;
        Ok(manifest)
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let path = self.new.join(name);
        write_file(&path, bytes).map_err(io(&path))
    }
}

impl Drop for FolderWriter {
    fn drop(&mut self) {
        // After `finish` nothing is there; else the next call would take it away.
        remove(&self.new).ok();
    }
}

/// The package could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Something else than a package lies there.
    #[error("{} holds something else than a venue package; name an empty or a new folder", .0.display())]
    Occupied(PathBuf),
    /// The manifest is wrong.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
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
/// renames none, but never a part of one. A crash in that moment is mended by the next call.
pub fn write_directory(package: &MemorySource, folder: &Path) -> Result<(), WriteError> {
    recover_directory(folder)?;
    check_occupied(folder)?;
    let new = beside(folder, NEW);
    write_all(package, &new)?;
    swap(&new, folder)
}

/// Refuses a folder that holds something else than a package.
fn check_occupied(folder: &Path) -> Result<(), WriteError> {
    let is_package = folder.join(limits::MANIFEST_PATH).is_file();
    if folder.exists() && !is_package && !is_empty(folder) {
        return Err(WriteError::Occupied(folder.to_owned()));
    }
    Ok(())
}

/// Puts what is whole in `new` into the place of `folder`.
fn swap(new: &Path, folder: &Path) -> Result<(), WriteError> {
    let old = beside(folder, OLD);
    if folder.exists() {
        std::fs::rename(folder, &old).map_err(io(folder))?;
    }
    if let Err(error) = std::fs::rename(new, folder) {
        // The old package goes back to its place; the error that is told is the first one.
        std::fs::rename(&old, folder).ok();
        return Err(io(folder)(error));
    }
    // The new name must be on the disk before the old package is given up.
    sync_folder(parent_of(folder)).map_err(io(folder))?;
    remove(&old).map_err(io(&old))
}

/// Mends what a crash of [`write_directory`] left beside `folder`: the old package goes back to its
/// place if nothing is there, and half-written ones are removed. What a running process writes is left alone.
pub fn recover_directory(folder: &Path) -> Result<(), WriteError> {
    let left = left_over(folder);
    let mut old: Vec<&PathBuf> = left
        .iter()
        .filter(|(suffix, path)| *suffix == OLD && path.join(limits::MANIFEST_PATH).is_file())
        .map(|(_, path)| path)
        .collect();
    old.sort_by_key(|path| path.metadata().and_then(|data| data.modified()).ok());
    if let Some(newest) = old.last().filter(|_| !folder.exists()) {
        std::fs::rename(newest, folder).map_err(io(folder))?;
        sync_folder(parent_of(folder)).map_err(io(folder))?;
    }
    left.iter().try_for_each(|(_, path)| remove(path).map_err(io(path)))
}

const NEW: &str = "new";
const OLD: &str = "old";

/// Folders that processes which run no more made beside `folder`, with the word in their names.
fn left_over(folder: &Path) -> Vec<(&'static str, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(parent_of(folder)) else { return Vec::new() };
    let name = name_of(folder);
    let is_over = |process: &str| {
        let is_number = !process.is_empty() && process.bytes().all(|digit| digit.is_ascii_digit());
        // In a container every run may have this process's number. Without /proc nobody else counts as running.
        let is_running =
            Path::new("/proc").join(process).exists() && process != std::process::id().to_string();
        is_number && !is_running
    };
    let of = |entry: std::fs::DirEntry| {
        let file_name = entry.file_name();
        let rest = file_name.to_str()?.strip_prefix('.')?.strip_prefix(&name)?.strip_prefix('.')?;
        let (suffix, process) = rest.split_once('-')?;
        let suffix = [NEW, OLD].into_iter().find(|known| *known == suffix)?;
        is_over(process).then(|| (suffix, entry.path()))
    };
    entries.filter_map(Result::ok).filter_map(of).collect()
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> WriteError {
    let path = path.to_owned();
    move |error| WriteError::Io { path, error }
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

fn name_of(folder: &Path) -> String {
    folder.file_name().map_or_else(|| "package".into(), |name| name.to_string_lossy().into_owned())
}

fn parent_of(folder: &Path) -> &Path {
    folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn beside(folder: &Path, suffix: &str) -> PathBuf {
    folder.with_file_name(format!(".{}.{suffix}-{}", name_of(folder), std::process::id()))
}

fn remove(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes every file and flushes it, then the folders that hold their names.
fn write_all(package: &MemorySource, folder: &Path) -> Result<(), WriteError> {
    let mut folders = BTreeSet::from([folder.to_owned(), parent_of(folder).to_owned()]);
    for (name, bytes) in package.files() {
        let path = folder.join(name);
        write_file(&path, bytes).map_err(io(&path))?;
        folders.extend(path.parent().map(Path::to_owned));
    }
    folders.iter().try_for_each(|folder| sync_folder(folder).map_err(io(folder)))
}

fn write_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    std::fs::create_dir_all(parent_of(path))?;
    let mut file = std::fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Flushes the names in a folder. Elsewhere than on Unix a folder cannot be opened, and need not be.
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    if cfg!(unix) { std::fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number of no process: the kernel's largest is 4,194,304.
    const CRASHED: u32 = 999_999_999;

    fn package(manifest: &str) -> MemorySource {
        let mut package = MemorySource::default();
        package.insert(limits::MANIFEST_PATH, manifest.as_bytes().to_vec());
        package.insert("files/a.glb", vec![1, 2, 3]);
        package
    }

    fn manifest_in(folder: &Path) -> Option<String> {
        std::fs::read_to_string(folder.join(limits::MANIFEST_PATH)).ok()
    }

    fn names_in(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_package_written_file_by_file_is_seen_whole_or_not_at_all() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("venue");
        let mut writer = FolderWriter::create(&folder).unwrap();
        let hash = writer.add_file(b"glTF", MediaType::Glb).unwrap();
        assert_eq!(writer.add_file(b"glTF", MediaType::Glb).unwrap(), hash);
        assert!(!folder.exists());
        drop(writer);
        assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0, "what was begun is gone");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("thesis.odt"), "mine").unwrap();
        assert!(matches!(FolderWriter::create(&folder), Err(WriteError::Occupied(_))));
    }

    #[test]
    fn a_package_that_a_crash_moved_aside_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let venue = folder.path().join("venue");
        // The crash came between the two renames.
        write_all(&package("old"), &folder.path().join(format!(".venue.old-{CRASHED}"))).unwrap();
        write_all(&package("new"), &folder.path().join(format!(".venue.new-{CRASHED}"))).unwrap();
        recover_directory(&venue).unwrap();
        assert_eq!(manifest_in(&venue).as_deref(), Some("old"));
        assert_eq!(names_in(folder.path()), ["venue"]);
    }

    #[test]
    fn what_a_crash_left_behind_is_removed_by_the_next_pack() {
        let folder = tempfile::tempdir().unwrap();
        let venue = folder.path().join("venue");
        write_all(&package("now"), &venue).unwrap();
        for left in ["old", "new"] {
            write_all(&package(left), &folder.path().join(format!(".venue.{left}-{CRASHED}"))).unwrap();
        }
        std::fs::create_dir(folder.path().join(".venue.new-notes")).unwrap();
        std::fs::create_dir(folder.path().join(format!(".venue2.old-{CRASHED}"))).unwrap();
        write_directory(&package("next"), &venue).unwrap();
        assert_eq!(manifest_in(&venue).as_deref(), Some("next"));
        let others = [".venue.new-notes".to_owned(), format!(".venue2.old-{CRASHED}"), "venue".to_owned()];
        assert_eq!(names_in(folder.path()), others, "what has another name is not touched");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_a_running_process_writes_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let running = folder.path().join(".venue.new-1");
        write_all(&package("theirs"), &running).unwrap();
        write_directory(&package("ours"), &folder.path().join("venue")).unwrap();
        assert!(running.exists(), "process 1 runs always");
    }

    #[test]
    fn a_folder_below_new_folders_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let venue = folder.path().join("venues/2026/geneva");
        write_directory(&package("deep"), &venue).unwrap();
        assert_eq!(manifest_in(&venue).as_deref(), Some("deep"));
    }
}
