//! What the files' door counts, as numbers that the metrics read.
//!
//! It must not know who reads them; it holds no address and no name.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counters since the server's start.
#[derive(Debug, Default)]
pub struct FileCounts {
    /// Answers with a file or a part of it that were begun.
    pub answers: AtomicU64,
    /// Bytes of files that were handed to connections.
    pub bytes: AtomicU64,
    /// Answers without content, because the asker had it.
    pub not_modified: AtomicU64,
    /// Requests that came when too many were answered.
    pub busy: AtomicU64,
    /// Requests for what is not there, or by an address that names no state of the venue.
    pub missing: AtomicU64,
    /// Files that could not be read, or have changed on the disk.
    pub failures: AtomicU64,
}

impl FileCounts {
    /// One more.
    pub(super) fn note(counter: &AtomicU64) {
        Self::add(counter, 1);
    }

    pub(super) fn add(counter: &AtomicU64, count: u64) {
        counter.fetch_add(count, Ordering::Relaxed);
    }
}
