//! The client's folder on disk: where its files lie, and writing that never leaves half a file.
//!
//! It must not know what the files mean.

use crate::sentence::Problem;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Who may read a file that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Whoever the folder's permissions let in.
    Anyone,
    /// The owner alone: keys and invitation links.
    Owner,
}

/// The folder that the client keeps its files in.
#[derive(Clone, Debug)]
pub struct DataFolder {
    root: PathBuf,
}

impl DataFolder {
    /// Opens the folder and makes it if needed; `named` is what the command line says.
    pub fn open(named: Option<&Path>) -> Result<Self, Problem> {
        let default = || directories::ProjectDirs::from("", "", "vev").map(|dirs| dirs.data_dir().to_owned());
        let root = named.map(Path::to_owned).or_else(default).unwrap_or_else(|| PathBuf::from("vev-data"));
        let refused = |error: std::io::Error| Problem::DataFolder {
            folder: root.display().to_string(),
            detail: error.to_string(),
        };
        std::fs::create_dir_all(root.join("files")).map_err(refused)?;
        Ok(Self { root })
    }

    /// The settings.
    pub fn settings(&self) -> PathBuf {
        self.root.join("settings.toml")
    }

    /// The device's secret key.
    pub fn device_key(&self) -> PathBuf {
        self.root.join("device.key")
    }

    /// Servers and their keys.
    pub fn known_hosts(&self) -> PathBuf {
        self.root.join("known-hosts.toml")
    }

    /// The link of the last visit, which holds its code.
    pub fn last_link(&self) -> PathBuf {
        self.root.join("last-link")
    }

    /// The folder of a server that is started here.
    pub fn host(&self) -> PathBuf {
        self.root.join("host")
    }

    /// Files of venues by hash.
    pub fn files(&self) -> PathBuf {
        self.root.join("files")
    }
}

/// Writes a file beside its place and renames it, so that a reader sees the old or the new one, whole.
pub fn write_whole(path: &Path, bytes: &[u8], readers: Readers) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = folder.join(format!(".{name}.{}.part", std::process::id()));
    let written = write_new(&beside, bytes, readers).and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        // What is left of a failed write is of no use; that it can't be removed changes nothing.
        std::fs::remove_file(&beside).ok();
    }
    written
}

fn write_new(path: &Path, bytes: &[u8], readers: Readers) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    if readers == Readers::Owner {
        crate::platform::restrict_to_owner(&mut options);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_stays_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        write_whole(&path, b"one", Readers::Anyone).unwrap();
        write_whole(&path, b"two", Readers::Anyone).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        write_whole(&path, b"secret", Readers::Owner).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_folder_that_can_not_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, b"").unwrap();
        let problem = DataFolder::open(Some(&file.join("below"))).unwrap_err();
        assert_eq!(problem.id(), "problem-data-folder");
    }
}
