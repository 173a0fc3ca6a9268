//! The one folder that holds everything a server keeps, and the lock on it.
//!
//! It must not know what is done with the files.

use crate::ops::{private_file, restore, secrets::Secrets};
use crate::store::{Database, DatabaseOptions, OpenError, Upgrade, database};
use anyhow::{Context, Result, bail};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

/// The folder. Everything in it is named here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataDirectory {
    root: PathBuf,
}

/// While it lives, this process is the only server on the folder.
#[derive(Debug)]
pub struct ServerLock {
    /// The lock is the system's and ends with the open file, also after a crash.
    _file: File,
}

/// How often the lock is tried: a command that only asks whether a server runs holds it
/// for some microseconds.
const LOCK_TRIES: u32 = 1_000;

impl DataDirectory {
    /// Makes the folder if it is missing, and ends a restore that was interrupted.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self> {
        let root = root.into();
        private_file::create_folder(&root).with_context(|| {
            format!("cannot make the data directory {}; choose another by --data", root.display())
        })?;
        let directory = Self { root };
        restore::finish_interrupted(&directory)?;
        Ok(directory)
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The configuration file that is read unless another is named.
    pub fn config_file(&self) -> PathBuf {
        self.root.join("venue-server.toml")
    }

    /// The database.
    pub fn database_file(&self) -> PathBuf {
        self.root.join("venue.db")
    }

    /// Ticket key, pepper and operator token.
    pub fn keys(&self) -> PathBuf {
        self.root.join("keys")
    }

    /// The certificate that the server made for itself.
    pub fn certificate(&self) -> PathBuf {
        self.root.join("certificate")
    }

    /// Log files, one a day.
    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// Copies that upgrades and restores made of what was there before.
    pub fn copies(&self) -> PathBuf {
        self.root.join(database::COPIES_FOLDER)
    }

    /// Where a running server says under which addresses it answers.
    pub fn serving_file(&self) -> PathBuf {
        self.root.join("serving.json")
    }

    /// The secrets, made if they are missing.
    pub fn secrets(&self) -> Result<Secrets> {
        Secrets::load_or_make(&self.keys())
    }

    /// Becomes the only server on this folder, or says that there is one already.
    pub fn lock(&self) -> Result<ServerLock> {
        let path = self.root.join("server.lock");
        let problem = || format!("cannot open {}", path.display());
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let file = file.with_context(problem)?;
        for tries_left in (0..LOCK_TRIES).rev() {
            match file.try_lock() {
                Ok(()) => return Ok(ServerLock { _file: file }),
                Err(TryLockError::WouldBlock) if tries_left > 0 => std::thread::yield_now(),
                Err(TryLockError::WouldBlock) => break,
                Err(TryLockError::Error(error)) => return Err(error).with_context(problem),
            }
        }
        bail!(
            "a venue-server is running on {} already; stop it first, or choose another folder by --data",
            self.root.display()
        )
    }

    /// Whether a server runs on this folder now.
    pub fn is_served(&self) -> bool {
        let file = File::open(self.root.join("server.lock"));
        file.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }

    /// The database for a command beside a server that may be running: it is upgraded
    /// only if no server runs.
    pub async fn open_database(&self) -> Result<Database> {
        let options = |upgrade| DatabaseOptions::new(self.database_file(), upgrade);
        match Database::open(&options(Upgrade::Refused)).await {
            Ok(database) => Ok(database),
            Err(refused @ OpenError::UpgradeRefused { .. }) => {
                // With the lock in hand nobody else uses the older schema.
                let Ok(_lock) = self.lock() else { return Err(refused.into()) };
                Ok(Database::open(&options(Upgrade::Allowed)).await?)
            }
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_server_runs_on_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path().join("data")).unwrap();
        assert!(!directory.is_served());
        let lock = directory.lock().unwrap();
        assert!(directory.is_served());
        let refused = directory.lock().unwrap_err().to_string();
        assert!(refused.contains("is running on") && refused.contains("--data"), "{refused}");
        drop(lock);
        directory.lock().unwrap();
    }

    #[test]
    fn a_folder_that_can_not_be_made_is_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), "").unwrap();
        let refused = DataDirectory::open(folder.path().join("file/data")).unwrap_err().to_string();
        assert!(refused.contains("cannot make the data directory"), "{refused}");
    }
}
