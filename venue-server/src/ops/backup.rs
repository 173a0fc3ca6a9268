//! One file with everything a server keeps: a consistent copy of the database, the keys,
//! the certificate, the configuration.
//!
//! It must not stop a running server. The file is a tar archive; `backup.json`, its first
//! entry, lists the others with their SHA-256. The venue package is not in it.

use crate::ops::{DataDirectory, private_file};
use crate::store::UnixMillis;
use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Name of the first entry.
pub const LIST_FILE: &str = "backup.json";

/// What the list says first.
pub const FORMAT: &str = "vev-backup";

/// Version of the format that this program writes and reads.
pub const VERSION: u32 = 1;

/// The first entry of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupList {
    /// Always [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u32,
    /// The program that wrote it.
    pub program: String,
    /// When it was made.
    pub made_at: UnixMillis,
    /// The other entries, in their order.
    pub files: Vec<BackupEntry>,
}

/// One file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackupEntry {
    /// Path in the data directory, with `/`.
    pub path: String,
    /// Length.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// Writes a backup into a new file. A server may be running.
pub async fn write(directory: &DataDirectory, file: &Path) -> Result<BackupList> {
    if file.exists() {
        bail!("{} exists already; choose another name, a backup is never overwritten", file.display());
    }
    let mut partial = file.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let result = match write_partial(directory, &partial).await {
        Ok(list) => private_file::publish_new(&partial, file)
            .with_context(|| format!("cannot write {}", file.display()))
            .map(|()| list),
        Err(error) => Err(error),
    };
    if partial.exists() {
        std::fs::remove_file(&partial)?;
    }
    result
}

async fn write_partial(directory: &DataDirectory, partial: &Path) -> Result<BackupList> {
    let archive =
        private_file::create(partial).with_context(|| format!("cannot write {}", partial.display()))?;
    let mut copy = partial.as_os_str().to_owned();
    copy.push(".db");
    let copy = Temporary(PathBuf::from(copy));
    // One that a killed backup left would stop every later one.
    copy.remove()?;
    let mut database = directory.open_database().await?;
    database.copy_to(&copy.0).await?;
    let made_at = database.now();
    database.close().await?;

    let mut sources = vec![("venue.db".to_owned(), copy.0.clone())];
    sources.extend(files_of(directory)?);
    let mut files = Vec::with_capacity(sources.len());
    for (path, source) in &sources {
        let (bytes, sha256) = digest_of(source)?;
        files.push(BackupEntry { path: path.clone(), bytes, sha256 });
    }
    let program = concat!("venue-server ", env!("CARGO_PKG_VERSION")).to_owned();
    let list = BackupList { format: FORMAT.into(), version: VERSION, program, made_at, files };
    write_archive(&archive, &list, &sources)
        .with_context(|| format!("cannot write {}", partial.display()))?;
    Ok(list)
}

fn write_archive(archive: &File, list: &BackupList, sources: &[(String, PathBuf)]) -> Result<()> {
    let seconds = list.made_at.0.div_euclid(1_000).unsigned_abs();
    let mut tar = tar::Builder::new(archive);
    let text = serde_json::to_vec_pretty(list)?;
    tar.append_data(&mut header(text.len() as u64, seconds), LIST_FILE, text.as_slice())?;
    for (entry, (path, source)) in list.files.iter().zip(sources) {
        tar.append_data(&mut header(entry.bytes, seconds), path, File::open(source)?.take(entry.bytes))?;
    }
    tar.into_inner()?;
    archive.sync_all()?;
    Ok(())
}

fn header(bytes: u64, seconds: u64) -> tar::Header {
    let mut header = tar::Header::new_ustar();
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_mtime(seconds);
    header.set_entry_type(tar::EntryType::Regular);
    header
}

/// Everything but the database: paths in the directory and where they are.
fn files_of(directory: &DataDirectory) -> Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    for folder in [directory.keys(), directory.certificate()] {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry?.path();
            let inside = path.strip_prefix(directory.root())?.to_str().map(str::to_owned);
            if let Some(inside) = inside.filter(|inside| is_known(inside)) {
                files.push((inside, path));
            }
        }
    }
    let config = directory.config_file();
    if config.is_file() {
        files.push(("venue-server.toml".into(), config));
    }
    files.sort();
    Ok(files)
}

/// Whether a path may stand in a backup. Restoring writes nothing else, whatever an
/// archive says.
pub fn is_known(path: &str) -> bool {
    let is_plain = |name: &str| {
        !name.starts_with('.') && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
    };
    match path.split_once('/') {
        None => matches!(path, "venue.db" | "venue-server.toml"),
        Some(("keys", name)) => is_plain(name) && (name.ends_with(".key") || name.ends_with(".token")),
        Some(("certificate", name)) => is_plain(name) && name.ends_with(".pem"),
        Some(_) => false,
    }
}

/// Length and SHA-256 of a file.
pub fn digest_of(path: &Path) -> Result<(u64, String)> {
    let problem = || format!("cannot read {}", path.display());
    let mut hasher = Sha256::new();
    let mut file = File::open(path).with_context(problem)?;
    let bytes = io::copy(&mut file, &mut hasher).with_context(problem)?;
    Ok((bytes, hex(&hasher.finalize())))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A file that is gone when this is.
struct Temporary(PathBuf);

impl Temporary {
    fn remove(&self) -> io::Result<()> {
        match std::fs::remove_file(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Err(error) = self.remove() {
            tracing::warn!(%error, path = %self.0.display(), "a temporary copy was left behind");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::restore::{self, Existing};
    use crate::store::events::NewEvent;
    use crate::store::people::{NewPerson, PersonRef};
    use crate::store::{
        DatabaseOptions, EventId, PersonId, SqliteStore, Store, StoreReply, StoreRequest, Upgrade,
    };
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use venue_model::EventKey;
    use venue_model::text::MessageBody;

    #[test]
    fn only_files_of_a_server_are_known() {
        for path in ["venue.db", "venue-server.toml", "keys/ticket.key", "certificate/key.pem"] {
            assert!(is_known(path), "{path}");
        }
        for path in [
            "../venue.db",
            "keys/../x.key",
            "/etc/passwd",
            "keys/.key",
            "logs/a.log",
            "keys/a/b.key",
            "",
            "keys",
        ] {
            assert!(!is_known(path), "{path}");
        }
    }

    #[tokio::test]
    async fn a_backup_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path().join("data")).unwrap();
        let file = folder.path().join("b.tar");
        let list = write(&directory, &file).await.unwrap();
        assert_eq!(list.files[0].path, "venue.db");
        let refused = write(&directory, &file).await.unwrap_err().to_string();
        assert!(refused.contains("exists already"), "{refused}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing temporary is left");
        assert!(!private_file::others_can_read(&file).unwrap());
    }

    #[tokio::test]
    async fn what_a_killed_backup_left_is_in_nobodys_way() {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path().join("data")).unwrap();
        let file = folder.path().join("b.tar");
        for left in ["b.tar.partial", "b.tar.partial.db"] {
            std::fs::write(folder.path().join(left), [b'x'; 9_000]).unwrap();
        }
        write(&directory, &file).await.unwrap();
        assert!(!private_file::others_can_read(&file).unwrap());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing temporary is left");
    }

    /// Texts that the running store acknowledged, counted while it goes on writing.
    struct Writing {
        acknowledged: Arc<AtomicUsize>,
        stop: Arc<AtomicBool>,
        thread: std::thread::JoinHandle<()>,
    }

    impl Writing {
        fn start(mut store: SqliteStore, event: EventId, from: PersonId) -> Self {
            let (acknowledged, stop) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
            let (count, ended) = (Arc::clone(&acknowledged), Arc::clone(&stop));
            let thread = std::thread::spawn(move || {
                for client_ref in 0.. {
                    if ended.load(Ordering::Acquire) {
                        break;
                    }
                    let (space, body) = ("lounge".into(), MessageBody::lossy("words"));
                    let text = StoreRequest::AppendText { event, from, space, to: None, client_ref, body };
                    store.submit(text);
                    let reply = std::iter::repeat_with(|| store.poll()).flatten().next();
                    assert!(matches!(reply, Some((_, Ok(StoreReply::TextStored { .. })))), "{reply:?}");
                    count.fetch_add(1, Ordering::AcqRel);
                }
            });
            Self { acknowledged, stop, thread }
        }

        fn count(&self) -> usize {
            self.acknowledged.load(Ordering::Acquire)
        }
    }

    #[tokio::test]
    async fn a_backup_beside_a_writing_store_holds_all_that_was_acknowledged_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path().join("data")).unwrap();
        let pepper = directory.pepper().await.unwrap();
        let mut database = directory.open_database().await.unwrap();
        let key = EventKey::new("wtf").unwrap();
        let event = database.add_event(&NewEvent::test("wtf", "Forum")).await.unwrap();
        let people = [NewPerson::delegate("Ada")];
        let person = database.invite(&key, &people, &pepper, &mut || Ok(1)).await.unwrap()[0].person;
        database.close().await.unwrap();
        let options = DatabaseOptions::new(directory.database_file(), Upgrade::Refused);
        let start = std::thread::spawn(move || SqliteStore::start(options, pepper).unwrap());
        let writing = Writing::start(start.join().unwrap(), event, person);
        while writing.count() < 20 {
            std::thread::yield_now();
        }
        let before = writing.count();
        let file = folder.path().join("b.tar");
        write(&directory, &file).await.unwrap();
        let after = writing.count();
        while writing.count() < after + 5 {
            std::thread::yield_now();
        }
        writing.stop.store(true, Ordering::Release);
        writing.thread.join().unwrap();

        let other = DataDirectory::open(folder.path().join("other")).unwrap();
        restore::restore(&other, &file, Existing::Keep).await.unwrap();
        let mut restored = other.open_database().await.unwrap();
        let texts = restored.export(&key, &PersonRef::Id(person)).await.unwrap().texts_written;
        // One more may have been on the disk and not counted yet.
        assert!((before..=after + 1).contains(&texts.len()), "{before} <= {} <= {after}", texts.len());
        assert!(texts.iter().zip(1..).all(|(text, number)| text.id == number), "there is no hole");
        restored.close().await.unwrap();
    }

    #[tokio::test]
    async fn a_backup_that_can_not_be_written_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path().join("data")).unwrap();
        let refused = write(&directory, &folder.path().join("nowhere/b.tar")).await.unwrap_err();
        assert!(format!("{refused:#}").contains("cannot write"), "{refused:#}");
    }
}
