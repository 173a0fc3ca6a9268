//! Brings a backup back: all of it or nothing, also when the power fails in between.
//!
//! The archive is unpacked and checked in a folder of its own inside the data directory.
//! A marker then says that it is complete, and the files are moved to their places; an
//! interrupted move is ended by whoever opens the data directory next. It must not run
//! beside a server.

use crate::ops::backup::{self, BackupList, FORMAT, LIST_FILE, VERSION};
use crate::ops::{DataDirectory, ServerLock, private_file, times};
use crate::store::Database;
use crate::store::database::wall_clock;
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Folder in the data directory that holds the unpacked backup.
const STAGING: &str = ".restore";

/// File in it that says that everything is there and checked.
const MARKER: &str = "COMPLETE";

/// Longest list that is read.
const MAX_LIST_BYTES: u64 = 1 << 20;

/// What to do with what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Refuse.
    Keep,
    /// Replace it, after a backup of it was made.
    Replace,
}

/// What a restore did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What was in the backup.
    pub list: BackupList,
    /// Where the state before is kept, if there was one.
    pub before: Option<PathBuf>,
}

/// Restores a backup into the data directory. The caller has stopped the server.
pub async fn restore(directory: &DataDirectory, archive: &Path, existing: Existing) -> Result<Restored> {
    let lock = directory.lock()?;
    let is_used = directory.database_file().exists() || directory.keys().exists();
    if is_used && existing == Existing::Keep {
        bail!(
            "{} holds a server's data already; restore into an empty folder (--data), or replace it by \
             --force (a backup of it is made first)",
            directory.root().display()
        );
    }
    let staging = directory.root().join(STAGING);
    clear(&staging)?;
    let unpacked = unpack(archive, &staging).await;
    let list = match unpacked {
        Ok(list) => list,
        Err(error) => {
            clear(&staging)?;
            return Err(error.context(format!("{} was not restored; nothing was changed", archive.display())));
        }
    };
    let before = if directory.database_file().exists() { Some(keep_before(directory).await?) } else { None };
    private_file::write(&staging.join(MARKER), &serde_json::to_vec(&list)?)?;
    finish(directory, &lock)?;
    Ok(Restored { list, before })
}

/// Whether a restore was cut short after its marker was written.
pub fn is_interrupted(directory: &DataDirectory) -> bool {
    directory.root().join(STAGING).join(MARKER).exists()
}

/// Ends a restore whose marker was written. Nobody else may use the folder meanwhile: a server, or a restore
/// that is still at work, makes this an error.
pub fn finish_interrupted(directory: &DataDirectory) -> Result<()> {
    if !is_interrupted(directory) {
        return Ok(());
    }
    let lock = directory.lock().with_context(|| {
        format!("a restore into {} was not ended yet; wait for it, or end it now", directory.root().display())
    })?;
    finish(directory, &lock)
}

/// Moves everything to its place; the lock proves that nobody else does.
fn finish(directory: &DataDirectory, _lock: &ServerLock) -> Result<()> {
    let staging = directory.root().join(STAGING);
    let Ok(marker) = std::fs::read(staging.join(MARKER)) else {
        // Whoever had the lock before has ended it.
        return Ok(());
    };
    let list: BackupList = serde_json::from_slice(&marker).context("the restore's marker is damaged")?;
    for entry in list.files.iter().filter(|entry| backup::is_known(&entry.path)) {
        let from = staging.join(&entry.path);
        if !from.exists() {
            continue;
        }
        let to = directory.root().join(&entry.path);
        if entry.path == "venue.db" {
            // The log of the old database must never be applied to the new one.
            for side in ["venue.db-wal", "venue.db-shm"] {
                remove_if_there(&directory.root().join(side))?;
            }
        }
        let folder = to.parent().unwrap_or(directory.root());
        private_file::create_folder(folder)?;
        std::fs::rename(&from, &to).with_context(|| format!("cannot write {}", to.display()))?;
        private_file::sync_folder_of(&to)?;
    }
    remove_if_there(&staging.join(MARKER))?;
    clear(&staging)
}

async fn keep_before(directory: &DataDirectory) -> Result<PathBuf> {
    private_file::create_folder(&directory.copies())?;
    let name = format!("before-restore-{}.tar", times::for_file_name(wall_clock()()));
    let file = directory.copies().join(name);
    backup::write(directory, &file).await.context("the present state could not be kept")?;
    Ok(file)
}

/// Unpacks and checks everything; an error leaves the data untouched.
async fn unpack(archive: &Path, staging: &Path) -> Result<BackupList> {
    let file = File::open(archive).context("cannot read it")?;
    let list = read_archive(file, |path, bytes| {
        let to = staging.join(path);
        private_file::create_folder(to.parent().unwrap_or(staging)).map_err(io::Error::other)?;
        let mut file = private_file::create(&to)?;
        io::copy(bytes, &mut file)?;
        file.sync_all()
    })?;
    if !list.files.iter().any(|entry| entry.path == "venue.db") {
        bail!("it holds no database");
    }
    let inspection = Database::inspect(&staging.join("venue.db")).await?;
    if inspection.schema > inspection.known {
        bail!(
            "it was made by a newer venue-server (schema {}, this one knows up to {})",
            inspection.schema,
            inspection.known
        );
    }
    if let Some(problem) = inspection.problems.first() {
        bail!("its database is damaged: {problem}");
    }
    Ok(list)
}

/// Reads a backup's archive and proves it against the list that it begins with. `keep` takes each file's path
/// and bytes in the list's order; what it kept counts only when the whole archive was read without an error.
pub fn read_archive(
    archive: impl Read,
    mut keep: impl FnMut(&str, &mut dyn Read) -> io::Result<()>,
) -> Result<BackupList> {
    let mut tar = tar::Archive::new(archive);
    let mut entries = tar.entries().context("it is no backup (not a tar archive)")?;
    let Some(first) = entries.next() else { bail!("it is empty") };
    let list = read_list(first.context("it is no backup (not a tar archive)")?)?;
    for expected in &list.files {
        if !backup::is_known(&expected.path) {
            bail!("it holds {}, which is no file of a server", expected.path);
        }
        let truncated = || format!("it is cut off before {}", expected.path);
        let entry = entries.next().with_context(truncated)?.with_context(truncated)?;
        let path = entry.path().ok().and_then(|path| path.to_str().map(str::to_owned));
        if path.as_deref() != Some(expected.path.as_str()) || entry.size() != expected.bytes {
            bail!("its list and its content differ at {}", expected.path);
        }
        let mut bytes = Hashed { from: entry, hasher: Sha256::new(), bytes: 0 };
        keep(&expected.path, &mut bytes).with_context(truncated)?;
        if bytes.bytes < expected.bytes {
            bail!("it is cut off in {}", expected.path);
        }
        if backup::hex(&bytes.hasher.finalize()) != expected.sha256 {
            bail!("{} in it is damaged (its SHA-256 differs from the list)", expected.path);
        }
    }
    Ok(list)
}

fn read_list(entry: tar::Entry<'_, impl Read>) -> Result<BackupList> {
    if entry.path().ok().as_deref() != Some(Path::new(LIST_FILE)) {
        bail!("it is no backup of a venue-server (it does not begin with {LIST_FILE})");
    }
    let mut text = Vec::new();
    entry.take(MAX_LIST_BYTES).read_to_end(&mut text)?;
    let list: BackupList = serde_json::from_slice(&text).context("its list is damaged")?;
    if list.format != FORMAT || list.version != VERSION {
        bail!("it is a {} of version {}; this program reads version {VERSION}", list.format, list.version);
    }
    Ok(list)
}

/// Passes bytes on and keeps their count and SHA-256.
struct Hashed<R> {
    from: R,
    hasher: Sha256,
    bytes: u64,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.from.read(buffer)?;
        self.hasher.update(&buffer[..count]);
        self.bytes += count as u64;
        Ok(count)
    }
}

fn remove_if_there(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

fn clear(staging: &Path) -> Result<()> {
    match std::fs::remove_dir_all(staging) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", staging.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::Secrets;
    use crate::store::events::NewEvent;

    struct Fixture {
        folder: tempfile::TempDir,
        directory: DataDirectory,
        archive: PathBuf,
    }

    impl Fixture {
        /// A data directory with one event, and a backup of it.
        async fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let directory = DataDirectory::open(folder.path().join("data")).unwrap();
            directory.secrets().await.unwrap();
            std::fs::write(directory.config_file(), "[limits]\nbodies = 7\n").unwrap();
            add_event(&directory, "first").await;
            let archive = folder.path().join("backup.tar");
            backup::write(&directory, &archive).await.unwrap();
            Self { folder, directory, archive }
        }

        fn other(&self) -> DataDirectory {
            DataDirectory::open(self.folder.path().join("other")).unwrap()
        }
    }

    async fn add_event(directory: &DataDirectory, key: &str) {
        let mut database = directory.open_database().await.unwrap();
        database.add_event(&NewEvent::test(key, key)).await.unwrap();
        database.close().await.unwrap();
    }

    async fn events(directory: &DataDirectory) -> Vec<String> {
        let mut database = directory.open_database().await.unwrap();
        let events = database.events().await.unwrap();
        database.close().await.unwrap();
        events.into_iter().map(|event| event.record.key.to_string()).collect()
    }

    #[tokio::test]
    async fn a_backup_comes_back_in_an_empty_folder() {
        let fixture = Fixture::new().await;
        let other = fixture.other();
        let restored = restore(&other, &fixture.archive, Existing::Keep).await.unwrap();
        assert_eq!(restored.before, None);
        assert_eq!(events(&other).await, ["first"]);
        let secret = |directory: &DataDirectory| Secrets::load(&directory.keys()).unwrap().operator_token;
        assert_eq!(secret(&other), secret(&fixture.directory));
        assert!(std::fs::read_to_string(other.config_file()).unwrap().contains("bodies = 7"));
        assert!(!other.root().join(STAGING).exists());
    }

    #[tokio::test]
    async fn data_is_replaced_only_by_force_and_kept_then() {
        let fixture = Fixture::new().await;
        add_event(&fixture.directory, "second").await;
        let refused = restore(&fixture.directory, &fixture.archive, Existing::Keep).await.unwrap_err();
        assert!(refused.to_string().contains("--force"), "{refused}");
        assert_eq!(events(&fixture.directory).await, ["first", "second"]);
        let restored = restore(&fixture.directory, &fixture.archive, Existing::Replace).await.unwrap();
        assert_eq!(events(&fixture.directory).await, ["first"]);
        let other = fixture.other();
        restore(&other, &restored.before.unwrap(), Existing::Keep).await.unwrap();
        assert_eq!(events(&other).await, ["first", "second"]);
    }

    #[tokio::test]
    async fn a_damaged_backup_changes_nothing() {
        let fixture = Fixture::new().await;
        let good = std::fs::read(&fixture.archive).unwrap();
        let check = async |bytes: &[u8], part: &str| {
            let archive = fixture.folder.path().join("damaged.tar");
            std::fs::write(&archive, bytes).unwrap();
            let refused = restore(&fixture.directory, &archive, Existing::Replace).await.unwrap_err();
            let refused = format!("{refused:#}");
            assert!(refused.contains("nothing was changed") && refused.contains(part), "{refused}");
            assert_eq!(events(&fixture.directory).await, ["first"]);
        };
        let database = good.windows(15).position(|window| window == b"SQLite format 3").unwrap();
        let mut flipped = good.clone();
        flipped[database + 5_000] ^= 1;
        check(&flipped, "is damaged").await;
        check(&good[..database + 5_000], "cut off").await;
        check(b"hello", "no backup").await;
        check(&[], "empty").await;
    }

    #[tokio::test]
    async fn an_interrupted_restore_is_ended_at_the_next_start() {
        let fixture = Fixture::new().await;
        let other = fixture.other();
        add_event(&other, "old").await;
        let staging = other.root().join(STAGING);
        let list = unpack(&fixture.archive, &staging).await.unwrap();
        // Without the marker the old state stands.
        assert_eq!(events(&fixture.other()).await, ["old"]);
        private_file::write(&staging.join(MARKER), &serde_json::to_vec(&list).unwrap()).unwrap();
        // The power failed after the first file.
        std::fs::create_dir_all(other.keys()).unwrap();
        std::fs::rename(staging.join("keys/pepper.key"), other.keys().join("pepper.key")).unwrap();
        assert_eq!(events(&fixture.other()).await, ["first"]);
        assert!(!staging.exists());
    }

    #[tokio::test]
    async fn an_interrupted_restore_is_not_ended_beside_a_server() {
        let fixture = Fixture::new().await;
        let other = fixture.other();
        add_event(&other, "old").await;
        let staging = other.root().join(STAGING);
        let list = unpack(&fixture.archive, &staging).await.unwrap();
        private_file::write(&staging.join(MARKER), &serde_json::to_vec(&list).unwrap()).unwrap();
        let lock = other.lock().unwrap();
        let refused = format!("{:#}", DataDirectory::open(other.root()).unwrap_err());
        assert!(refused.contains("was not ended yet") && refused.contains("is running on"), "{refused}");
        assert_eq!(events(&other).await, ["old"], "nothing was moved under the server");
        drop(lock);
        assert_eq!(events(&fixture.other()).await, ["first"]);
    }

    #[tokio::test]
    async fn looking_at_a_backups_database_leaves_nothing_beside_it() {
        let fixture = Fixture::new().await;
        let staging = fixture.folder.path().join("staging");
        unpack(&fixture.archive, &staging).await.unwrap();
        let names: Vec<_> = std::fs::read_dir(&staging)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with("venue.db"))
            .collect();
        assert_eq!(names, ["venue.db"]);
        let list: BackupList = read_archive(File::open(&fixture.archive).unwrap(), |_, bytes| {
            io::copy(bytes, &mut io::sink()).map(drop)
        })
        .unwrap();
        let database = list.files.iter().find(|entry| entry.path == "venue.db").unwrap();
        assert_eq!(backup::digest_of(&staging.join("venue.db")).unwrap().1, database.sha256);
    }

    #[tokio::test]
    async fn a_running_servers_folder_is_not_restored_into() {
        let fixture = Fixture::new().await;
        let _lock = fixture.directory.lock().unwrap();
        let refused = restore(&fixture.directory, &fixture.archive, Existing::Replace).await.unwrap_err();
        assert!(refused.to_string().contains("is running on"), "{refused}");
    }
}
