//! The one folder that holds everything a server keeps, and the lock on it.
//!
//! It must not know what is done with the files.

use crate::ops::{private_file, restore, secrets, secrets::Secrets};
use crate::store::{Database, DatabaseOptions, OpenError, Pepper, Upgrade, database};
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
    /// Makes the folder if it is missing, closes it to others, and ends a restore that was interrupted.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self> {
        let directory = Self::look_at(root);
        private_file::create_folder(&directory.root).with_context(|| {
            let root = directory.root.display();
            format!("cannot make the data directory {root}; choose another by --data")
        })?;
        directory.close_to_others();
        restore::finish_interrupted(&directory)?;
        Ok(directory)
    }

    /// The folder as it is, to be read only; it may be missing.
    pub fn look_at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Whoever does not own the folder can not close it; then it stays as the owner left it, and `doctor` says so.
    fn close_to_others(&self) {
        let database = self.database_file();
        let side_files = ["venue.db-wal", "venue.db-shm"].map(|name| self.root.join(name));
        for path in [&self.root, &database].into_iter().chain(&side_files).filter(|path| path.exists()) {
            if let Err(error) = private_file::close_to_others(path) {
                tracing::warn!(%error, path = %path.display(), "other users can read it");
            }
        }
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

    /// The secrets, made if they are missing and nothing depends on those that were lost.
    pub async fn secrets(&self) -> Result<Secrets> {
        Secrets::load_or_make(&self.keys(), self.invitations_without_pepper().await?)
    }

    /// The pepper alone, made like the secrets.
    pub async fn pepper(&self) -> Result<Pepper> {
        secrets::pepper(&self.keys(), self.invitations_without_pepper().await?)
    }

    /// How many invitations were orphaned by the loss of their pepper; none while it is there.
    pub async fn invitations_without_pepper(&self) -> Result<i64> {
        if self.keys().join(secrets::PEPPER_FILE).exists() || !self.database_file().exists() {
            return Ok(0);
        }
        match Database::inspect(&self.database_file()).await {
            Ok(inspection) => Ok(inspection.invitations),
            // What can not be counted counts.
            Err(OpenError::Unrecovered { .. }) => Ok(1),
            Err(error) => Err(error.into()),
        }
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
    use crate::store::events::NewEvent;
    use crate::store::people::NewPerson;
    use venue_model::EventKey;

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

    #[cfg(unix)]
    #[tokio::test]
    async fn everything_is_the_owners_alone_also_what_was_open_before() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("data");
        std::fs::create_dir(&root).unwrap();
        let open = |path: &Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        open(&root, 0o755);
        let directory = DataDirectory::open(&root).unwrap();
        let is_private = |path: &Path| !private_file::others_can_read(path).unwrap();
        assert!(is_private(&root));
        let database = directory.open_database().await.unwrap();
        for name in ["venue.db", "venue.db-wal", "venue.db-shm"] {
            assert!(is_private(&root.join(name)), "{name}");
        }
        open(&directory.database_file(), 0o644);
        DataDirectory::open(&root).unwrap();
        assert!(is_private(&directory.database_file()));
        database.close().await.unwrap();
    }

    #[tokio::test]
    async fn a_lost_pepper_is_told_when_invitations_depend_on_it() {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path()).unwrap();
        let pepper = directory.pepper().await.unwrap();
        let mut database = directory.open_database().await.unwrap();
        database.add_event(&NewEvent::test("wtf", "Forum")).await.unwrap();
        let (key, people) = (EventKey::new("wtf").unwrap(), [NewPerson::delegate("Ada")]);
        database.invite(&key, &people, &pepper, &mut || Ok(1)).await.unwrap();
        std::fs::remove_dir_all(directory.keys()).unwrap();
        for refused in [directory.pepper().await.err(), directory.secrets().await.err()] {
            let refused = refused.unwrap().to_string();
            assert!(refused.contains("1 invitations") && refused.contains("backup"), "{refused}");
        }
        assert!(!directory.keys().exists());
        // The way on without a backup.
        assert_eq!(database.revoke_everybody().await.unwrap(), 1);
        database.close().await.unwrap();
        directory.secrets().await.unwrap();
    }

    #[test]
    fn a_folder_that_can_not_be_made_is_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), "").unwrap();
        let refused = DataDirectory::open(folder.path().join("file/data")).unwrap_err().to_string();
        assert!(refused.contains("cannot make the data directory"), "{refused}");
    }
}
