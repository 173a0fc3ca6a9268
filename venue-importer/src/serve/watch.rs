//! Whether a file was changed, by looking now and then.
//!
//! Systems' own notices of changes miss files on network folders and tell of half-written ones; editors replace files by
//! renaming. Time and length of the file, twice the same, say that somebody has finished writing it.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// A file that is looked at.
pub(super) struct Watch {
    path: PathBuf,
    /// As it was when it was last told of.
    told: Option<Stamp>,
    /// As it was at the last look.
    seen: Option<Stamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    modified: SystemTime,
    bytes: u64,
}

impl Watch {
    /// Looks for what changes from now on.
    pub(super) fn new(path: &Path) -> Self {
        let now = stamp(path);
        Self { path: path.to_owned(), told: now, seen: now }
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file is another one than when this was last true, and was not written since the last look.
    pub(super) fn has_changed(&mut self) -> bool {
        let now = stamp(&self.path);
        let is_quiet = now == std::mem::replace(&mut self.seen, now);
        // A file that is gone for a moment is being replaced.
        let has_changed = is_quiet && now.is_some() && now != self.told;
        if has_changed {
            self.told = now;
        }
        has_changed
    }
}

fn stamp(path: &Path) -> Option<Stamp> {
    let metadata = std::fs::metadata(path).ok()?;
    Some(Stamp { modified: metadata.modified().ok()?, bytes: metadata.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_once_when_nobody_writes_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("places.toml");
        std::fs::write(&path, "a").unwrap();
        let mut watch = Watch::new(&path);
        assert!(!watch.has_changed());
        std::fs::write(&path, "ab").unwrap();
        assert!(!watch.has_changed(), "it may still be written");
        std::fs::write(&path, "abc").unwrap();
        assert!(!watch.has_changed());
        assert!(watch.has_changed());
        assert!(!watch.has_changed());
        std::fs::remove_file(&path).unwrap();
        assert!(!watch.has_changed() && !watch.has_changed());
        std::fs::write(&path, "abcd").unwrap();
        assert!(!watch.has_changed() && watch.has_changed());
    }
}
