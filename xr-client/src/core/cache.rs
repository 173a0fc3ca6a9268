//! Files of venues by hash: looked up on disk, checked, read and kept there, without ever holding up a frame.
//!
//! It must not know what becomes of the files, nor where missing ones come from.

use super::content::{self, Content, FileKind};
use super::files::{Readers, write_whole};
use crate::sentence::Problem;
use crate::sorted_map::SortedMap;
use bytes::Bytes;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use venue_model::FileHash;
use venue_package::hash_of;

/// Requests and answers that may wait; the core never has more files under way.
const QUEUE: usize = 64;

/// Most bytes of venues that stay on disk; the files that were used longest ago go first.
const MAX_CACHE_BYTES: u64 = 2_000_000_000;

/// An answer of a cache.
#[derive(Clone, Debug)]
pub enum CacheEvent {
    /// The file, whose bytes have the right hash.
    Ready {
        /// Which file.
        hash: FileHash,
        /// Its size in bytes.
        bytes: u64,
        /// What it holds.
        content: Content,
    },
    /// The bytes have the right hash, but they can not be read.
    Unreadable {
        /// Which file.
        hash: FileHash,
        /// Why not, for support.
        detail: String,
    },
    /// The cache does not have the file.
    Missing(FileHash),
    /// Bytes that were given as this file are others.
    Damaged(FileHash),
    /// The file is ready, but it could not be kept.
    NotKept(Problem),
}

/// A store of files by hash whose answers are polled.
pub trait FileCache: Send {
    /// Looks for a file and reads it; `Ready`, `Unreadable` or `Missing` follows.
    fn look_up(&mut self, hash: FileHash, kind: FileKind);
    /// Checks, keeps and reads a file; `Ready`, `Unreadable` or `Damaged` follows, and perhaps `NotKept`.
    fn keep(&mut self, hash: FileHash, kind: FileKind, bytes: Bytes);
    /// The next answer.
    fn poll(&mut self) -> Option<CacheEvent>;
}

fn read(hash: FileHash, kind: FileKind, bytes: Bytes) -> CacheEvent {
    let size = bytes.len() as u64;
    match content::read(kind, bytes) {
        Ok(content) => CacheEvent::Ready { hash, bytes: size, content },
        Err(detail) => CacheEvent::Unreadable { hash, detail },
    }
}

/// A cache in memory, which answers at once.
#[derive(Default)]
pub struct MemoryCache {
    files: SortedMap<FileHash, Bytes>,
    answers: VecDeque<CacheEvent>,
}

impl FileCache for MemoryCache {
    fn look_up(&mut self, hash: FileHash, kind: FileKind) {
        self.answers.push_back(match self.files.get(&hash) {
            Some(bytes) => read(hash, kind, bytes.clone()),
            None => CacheEvent::Missing(hash),
        });
    }

    fn keep(&mut self, hash: FileHash, kind: FileKind, bytes: Bytes) {
        if hash_of(&bytes) != hash {
            self.answers.push_back(CacheEvent::Damaged(hash));
            return;
        }
        self.files.insert(hash, bytes.clone());
        self.answers.push_back(read(hash, kind, bytes));
    }

    fn poll(&mut self) -> Option<CacheEvent> {
        self.answers.pop_front()
    }
}

enum Request {
    LookUp(FileHash, FileKind),
    Keep(FileHash, FileKind, Bytes),
}

/// A cache in a folder, with a thread of its own for hashing, writing and reading.
pub struct DiskCache {
    requests: SyncSender<Request>,
    answers: Receiver<CacheEvent>,
    waiting: VecDeque<Request>,
}

impl DiskCache {
    /// Opens the cache in `folder`.
    pub fn open(folder: PathBuf) -> std::io::Result<Self> {
        Self::bounded(folder, MAX_CACHE_BYTES)
    }

    fn bounded(folder: PathBuf, most_bytes: u64) -> std::io::Result<Self> {
        let (requests, inbox) = sync_channel(QUEUE);
        let (outbox, answers) = sync_channel(QUEUE);
        std::thread::Builder::new()
            .name("vev-cache".into())
            .spawn(move || serve(Shelf::open(folder, most_bytes), &inbox, &outbox))?;
        Ok(Self { requests, answers, waiting: VecDeque::new() })
    }

    fn submit(&mut self) {
        while let Some(request) = self.waiting.pop_front() {
            if let Err(error) = self.requests.try_send(request) {
                if let std::sync::mpsc::TrySendError::Full(request) = error {
                    self.waiting.push_front(request);
                }
                return;
            }
        }
    }
}

impl FileCache for DiskCache {
    fn look_up(&mut self, hash: FileHash, kind: FileKind) {
        self.waiting.push_back(Request::LookUp(hash, kind));
        self.submit();
    }

    fn keep(&mut self, hash: FileHash, kind: FileKind, bytes: Bytes) {
        self.waiting.push_back(Request::Keep(hash, kind, bytes));
        self.submit();
    }

    fn poll(&mut self) -> Option<CacheEvent> {
        self.submit();
        self.answers.try_recv().ok()
    }
}

/// The folder, with the bytes in it, so that it stays within its bound while files come.
struct Shelf {
    folder: PathBuf,
    most_bytes: u64,
    bytes: u64,
    has_told_of_failure: bool,
}

impl Shelf {
    fn open(folder: PathBuf, most_bytes: u64) -> Self {
        let bytes = trim(&folder, most_bytes);
        Self { folder, most_bytes, bytes, has_told_of_failure: false }
    }

    /// Writes a file; a failure is told once, because each further one says the same.
    fn put(&mut self, hash: FileHash, bytes: &Bytes) -> Option<CacheEvent> {
        match write_whole(&self.folder.join(hash.to_string()), bytes, Readers::Anyone) {
            Ok(()) => {
                self.bytes += bytes.len() as u64;
                if self.bytes > self.most_bytes {
                    self.bytes = trim(&self.folder, self.most_bytes);
                }
                None
            }
            Err(error) if !self.has_told_of_failure => {
                self.has_told_of_failure = true;
                Some(CacheEvent::NotKept(not_kept(&self.folder, &error)))
            }
            Err(_) => None,
        }
    }
}

fn serve(mut shelf: Shelf, inbox: &Receiver<Request>, outbox: &SyncSender<CacheEvent>) {
    while let Ok(request) = inbox.recv() {
        let answer = match request {
            Request::LookUp(hash, kind) => look_up(&shelf.folder, hash, kind),
            Request::Keep(hash, _, bytes) if hash_of(&bytes) != hash => CacheEvent::Damaged(hash),
            Request::Keep(hash, kind, bytes) => {
                if let Some(failure) = shelf.put(hash, &bytes)
                    && outbox.send(failure).is_err()
                {
                    return;
                }
                read(hash, kind, bytes)
            }
        };
        if outbox.send(answer).is_err() {
            return;
        }
    }
}

fn look_up(folder: &Path, hash: FileHash, kind: FileKind) -> CacheEvent {
    let path = folder.join(hash.to_string());
    match std::fs::read(&path) {
        Ok(bytes) if hash_of(&bytes) == hash => {
            // The time of change is the time of use, by which the oldest files go; it may fail on odd disks.
            if let Ok(file) = std::fs::File::options().append(true).open(&path) {
                file.set_modified(std::time::SystemTime::now()).ok();
            }
            read(hash, kind, bytes.into())
        }
        Ok(_) => {
            tracing::warn!(%hash, "a kept file is damaged and is loaded anew");
            std::fs::remove_file(&path).ok();
            CacheEvent::Missing(hash)
        }
        Err(_) => CacheEvent::Missing(hash),
    }
}

fn not_kept(folder: &Path, error: &std::io::Error) -> Problem {
    Problem::DiskFull { folder: folder.display().to_string(), detail: error.to_string() }
}

/// Removes the files that were used longest ago until `most_bytes` are left; the bytes that are left.
fn trim(folder: &Path, most_bytes: u64) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let mut files: Vec<_> = entries
        .flatten()
        .filter_map(|entry| {
            let metadata = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
            Some((metadata.modified().ok()?, metadata.len(), entry.path()))
        })
        .collect();
    files.sort();
    let mut total: u64 = files.iter().map(|(_, bytes, _)| bytes).sum();
    for (_, bytes, path) in files {
        if total <= most_bytes {
            break;
        }
        if std::fs::remove_file(&path).is_ok() {
            total -= bytes;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(cache: &mut DiskCache) -> CacheEvent {
        cache.submit();
        cache.answers.recv().unwrap()
    }

    fn tile(event: CacheEvent) -> (FileHash, Bytes) {
        match event {
            CacheEvent::Ready { hash, content: Content::Tile(bytes), .. } => (hash, bytes),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_kept_file_is_found_by_the_next_program() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = Bytes::from_static(b"a tile");
        let hash = hash_of(&bytes);
        let mut cache = DiskCache::open(folder.path().into()).unwrap();
        cache.look_up(hash, FileKind::Tile);
        assert!(matches!(wait(&mut cache), CacheEvent::Missing(found) if found == hash));
        cache.keep(hash, FileKind::Tile, bytes.clone());
        assert_eq!(tile(wait(&mut cache)), (hash, bytes.clone()));
        let mut cache = DiskCache::open(folder.path().into()).unwrap();
        cache.look_up(hash, FileKind::Tile);
        assert_eq!(tile(wait(&mut cache)), (hash, bytes));
    }

    #[test]
    fn wrong_bytes_are_never_taken() {
        let folder = tempfile::tempdir().unwrap();
        let hash = hash_of(b"a tile");
        let mut cache = DiskCache::open(folder.path().into()).unwrap();
        cache.keep(hash, FileKind::Tile, Bytes::from_static(b"another"));
        assert!(matches!(wait(&mut cache), CacheEvent::Damaged(found) if found == hash));
        std::fs::write(folder.path().join(hash.to_string()), b"bit rot").unwrap();
        cache.look_up(hash, FileKind::Tile);
        assert!(matches!(wait(&mut cache), CacheEvent::Missing(found) if found == hash));
    }

    #[test]
    fn a_folder_that_can_not_be_written_is_told_once_and_the_file_still_arrives() {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = DiskCache::open(folder.path().join("not-there")).unwrap();
        let bytes = Bytes::from_static(b"a tile");
        let hash = hash_of(&bytes);
        cache.keep(hash, FileKind::Tile, bytes.clone());
        cache.keep(hash, FileKind::Tile, bytes.clone());
        assert!(matches!(wait(&mut cache), CacheEvent::NotKept(Problem::DiskFull { .. })));
        assert_eq!(tile(wait(&mut cache)), (hash, bytes.clone()));
        assert_eq!(tile(wait(&mut cache)), (hash, bytes));
    }

    #[test]
    fn the_oldest_files_go_first() {
        let folder = tempfile::tempdir().unwrap();
        let start = std::time::SystemTime::UNIX_EPOCH;
        for age in 0..4u64 {
            let path = folder.path().join(format!("{age}"));
            std::fs::write(&path, [0; 10]).unwrap();
            let time = start + std::time::Duration::from_secs(1_000 - age);
            std::fs::File::options().append(true).open(&path).unwrap().set_modified(time).unwrap();
        }
        assert_eq!(trim(folder.path(), 25), 20);
        assert!(folder.path().join("0").exists() && folder.path().join("1").exists());
        assert!(!folder.path().join("2").exists() && !folder.path().join("3").exists());
    }

    #[test]
    fn the_folder_stays_within_its_bound_while_files_come() {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = DiskCache::bounded(folder.path().into(), 25).unwrap();
        for number in 0..9u8 {
            let bytes = Bytes::from(vec![number; 10]);
            cache.keep(hash_of(&bytes), FileKind::Tile, bytes.clone());
            assert_eq!(tile(wait(&mut cache)).1, bytes);
        }
        let left = std::fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 2, "20 of 25 bytes");
    }

    #[test]
    fn what_can_not_be_read_is_told_by_the_thread_that_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = DiskCache::open(folder.path().into()).unwrap();
        let bytes = Bytes::from_static(b"{}");
        let hash = hash_of(&bytes);
        cache.keep(hash, FileKind::Manifest, bytes);
        assert!(matches!(wait(&mut cache), CacheEvent::Unreadable { hash: found, .. } if found == hash));
    }
}
