//! Where a package's files come from: a folder or memory. Knows no package rules.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A set of named byte files.
pub trait FileSource: Send + Sync {
    /// The file's bytes; refused when there are more than `limit`.
    ///
    /// `path` is relative with `/` between its parts.
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, SourceError>;
}

/// A file could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// There is none.
    #[error("there is no such file; copy the package again, whole")]
    Missing,
    /// Larger than allowed.
    #[error("the file has more than the {limit} bytes that are allowed")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The name leads out of the package.
    #[error("the name is not one that a package may use")]
    BadName,
    /// The system refused.
    #[error("the file can not be read: {0}")]
    Unreadable(String),
}

/// Whether each part of the path is a plain name, so that it stays inside of its folder.
pub(crate) fn is_plain_path(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    path.len() <= 200
        && path.split('/').all(|part| !part.is_empty() && !part.starts_with('.') && part.chars().all(plain))
}

/// A package in a folder.
#[derive(Clone, Debug)]
pub struct DirectorySource {
    root: PathBuf,
}

impl DirectorySource {
    /// A source of the files under `root`; the folder is looked at on reading.
    pub fn new(root: impl AsRef<Path>) -> Self {
        Self { root: root.as_ref().to_owned() }
    }
}

impl FileSource for DirectorySource {
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, SourceError> {
        if !is_plain_path(path) {
            return Err(SourceError::BadName);
        }
        let unreadable = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => SourceError::Missing,
            _ => SourceError::Unreadable(error.to_string()),
        };
        let file = std::fs::File::open(self.root.join(path)).map_err(unreadable)?;
        let mut bytes = Vec::new();
        // One byte more than allowed tells "as long as allowed" from "longer".
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > limit { Err(SourceError::TooLarge { limit }) } else { Ok(bytes) }
    }
}

/// A package in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemorySource {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemorySource {
    /// Puts a file, in the place of one of the same name.
    pub fn insert(&mut self, path: impl Into<String>, bytes: Vec<u8>) {
        self.files.insert(path.into(), bytes);
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: &str) -> Option<Vec<u8>> {
        self.files.remove(path)
    }

    /// Every file, by name.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }
}

impl FileSource for MemorySource {
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, SourceError> {
        let bytes = self.files.get(path).ok_or(SourceError::Missing)?;
        if bytes.len() as u64 > limit { Err(SourceError::TooLarge { limit }) } else { Ok(bytes.clone()) }
    }
}

impl<S: FileSource + ?Sized> FileSource for std::sync::Arc<S> {
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, SourceError> {
        (**self).read(path, limit)
    }
}

impl<S: FileSource + ?Sized> FileSource for Box<S> {
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, SourceError> {
        (**self).read(path, limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside_of_the_package() {
        let check = |path: &str, good: bool| assert_eq!(is_plain_path(path), good, "{path:?}");
        check("venue.json", true);
        check("files/00ff.glb", true);
        check("../secret", false);
        check("files/../../secret", false);
        check("/etc/passwd", false);
        check("files//a", false);
        check("", false);
        check("a\\b", false);
        check("c:x", false);
    }

    #[test]
    fn a_directory_gives_what_it_holds_up_to_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.bin"), [7; 10]).unwrap();
        let source = DirectorySource::new(folder.path());
        assert_eq!(source.read("a.bin", 10), Ok(vec![7; 10]));
        assert_eq!(source.read("a.bin", 9), Err(SourceError::TooLarge { limit: 9 }));
        assert_eq!(source.read("b.bin", 9), Err(SourceError::Missing));
        assert_eq!(source.read("../a.bin", 9), Err(SourceError::BadName));
    }
}
