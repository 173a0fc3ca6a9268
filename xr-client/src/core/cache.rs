//! Files of venues by hash: looked up on disk, checked, and kept there, without ever holding up a frame.
//!
//! It must not know what the files are for, nor where missing ones come from.

use super::files::{Readers, write_whole};
use crate::sentence::Problem;
use bytes::Bytes;
use std::collections::BTreeMap;
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CacheEvent {
    /// The file's bytes, which have the right hash.
    Ready {
        /// Which file.
        hash: FileHash,
        /// Its bytes.
        bytes: Bytes,
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
    /// Looks for a file; `Ready` or `Missing` follows.
    fn look_up(&mut self, hash: FileHash);
    /// Checks and keeps a file; `Ready` or `Damaged` follows, and perhaps `NotKept`.
    fn keep(&mut self, hash: FileHash, bytes: Bytes);
    /// The next answer.
    fn poll(&mut self) -> Option<CacheEvent>;
}

/// A cache in memory, which answers at once.
#[derive(Default)]
pub struct MemoryCache {
    files: BTreeMap<FileHash, Bytes>,
    answers: VecDeque<CacheEvent>,
}

impl FileCache for MemoryCache {
    fn look_up(&mut self, hash: FileHash) {
        self.answers.push_back(match self.files.get(&hash) {
            Some(bytes) => CacheEvent::Ready { hash, bytes: bytes.clone() },
            None => CacheEvent::Missing(hash),
        });
    }

    fn keep(&mut self, hash: FileHash, bytes: Bytes) {
        if hash_of(&bytes) != hash {
            self.answers.push_back(CacheEvent::Damaged(hash));
            return;
        }
        self.files.insert(hash, bytes.clone());
        self.answers.push_back(CacheEvent::Ready { hash, bytes });
    }

    fn poll(&mut self) -> Option<CacheEvent> {
        self.answers.pop_front()
    }
}

enum Request {
    LookUp(FileHash),
    Keep(FileHash, Bytes),
}

/// A cache in a folder, with a thread of its own for reading, hashing and writing.
pub struct DiskCache {
    requests: SyncSender<Request>,
    answers: Receiver<CacheEvent>,
    waiting: VecDeque<Request>,
}

impl DiskCache {
    /// Opens the cache in `folder`.
    pub fn open(folder: PathBuf) -> std::io::Result<Self> {
        let (requests, inbox) = sync_channel(QUEUE);
        let (outbox, answers) = sync_channel(QUEUE);
        std::thread::Builder::new()
            .name("vev-cache".into())
            .spawn(move || serve(&folder, &inbox, &outbox))?;
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
    fn look_up(&mut self, hash: FileHash) {
        self.waiting.push_back(Request::LookUp(hash));
        self.submit();
    }

    fn keep(&mut self, hash: FileHash, bytes: Bytes) {
        self.waiting.push_back(Request::Keep(hash, bytes));
        self.submit();
    }

    fn poll(&mut self) -> Option<CacheEvent> {
        self.submit();
        self.answers.try_recv().ok()
    }
}

fn serve(folder: &Path, inbox: &Receiver<Request>, outbox: &SyncSender<CacheEvent>) {
    trim(folder, MAX_CACHE_BYTES);
    let mut told_of_failure = false;
    while let Ok(request) = inbox.recv() {
        let answer = match request {
            Request::LookUp(hash) => look_up(folder, hash),
            Request::Keep(hash, bytes) if hash_of(&bytes) != hash => CacheEvent::Damaged(hash),
            Request::Keep(hash, bytes) => {
                let kept = write_whole(&folder.join(hash.to_string()), &bytes, Readers::Anyone);
                if let (Err(error), false) = (kept, told_of_failure) {
                    told_of_failure = true;
                    if outbox.send(CacheEvent::NotKept(not_kept(folder, &error))).is_err() {
                        return;
                    }
                }
                CacheEvent::Ready { hash, bytes }
            }
        };
        if outbox.send(answer).is_err() {
            return;
        }
    }
}

fn look_up(folder: &Path, hash: FileHash) -> CacheEvent {
    let path = folder.join(hash.to_string());
    match std::fs::read(&path) {
        Ok(bytes) if hash_of(&bytes) == hash => {
            // The time of change is the time of use, by which the oldest files go; it may fail on odd disks.
            if let Ok(file) = std::fs::File::options().append(true).open(&path) {
                file.set_modified(std::time::SystemTime::now()).ok();
            }
            CacheEvent::Ready { hash, bytes: bytes.into() }
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

fn trim(folder: &Path, most_bytes: u64) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
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
            return;
        }
        if std::fs::remove_file(&path).is_ok() {
            total -= bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(cache: &mut DiskCache) -> CacheEvent {
        cache.submit();
        cache.answers.recv().unwrap()
    }

    #[test]
    fn a_kept_file_is_found_by_the_next_program() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = Bytes::from_static(b"a tile");
        let hash = hash_of(&bytes);
        let mut cache = DiskCache::open(folder.path().into()).unwrap();
        cache.look_up(hash);
        assert_eq!(wait(&mut cache), CacheEvent::Missing(hash));
        cache.keep(hash, bytes.clone());
        assert_eq!(wait(&mut cache), CacheEvent::Ready { hash, bytes: bytes.clone() });
        let mut cache = DiskCache::open(folder.path().into()).unwrap();
        cache.look_up(hash);
        assert_eq!(wait(&mut cache), CacheEvent::Ready { hash, bytes });
    }

    #[test]
    fn wrong_bytes_are_never_taken() {
        let folder = tempfile::tempdir().unwrap();
        let hash = hash_of(b"a tile");
        let mut cache = DiskCache::open(folder.path().into()).unwrap();
        cache.keep(hash, Bytes::from_static(b"another"));
        assert_eq!(wait(&mut cache), CacheEvent::Damaged(hash));
        std::fs::write(folder.path().join(hash.to_string()), b"bit rot").unwrap();
        cache.look_up(hash);
        assert_eq!(wait(&mut cache), CacheEvent::Missing(hash));
    }

    #[test]
    fn a_folder_that_can_not_be_written_is_told_once_and_the_file_still_arrives() {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = DiskCache::open(folder.path().join("not-there")).unwrap();
        let bytes = Bytes::from_static(b"a tile");
        let hash = hash_of(&bytes);
        cache.keep(hash, bytes.clone());
        cache.keep(hash, bytes.clone());
        assert!(matches!(wait(&mut cache), CacheEvent::NotKept(Problem::DiskFull { .. })));
        assert_eq!(wait(&mut cache), CacheEvent::Ready { hash, bytes: bytes.clone() });
        assert_eq!(wait(&mut cache), CacheEvent::Ready { hash, bytes });
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
        trim(folder.path(), 25);
        assert!(folder.path().join("0").exists() && folder.path().join("1").exists());
        assert!(!folder.path().join("2").exists() && !folder.path().join("3").exists());
    }
}
