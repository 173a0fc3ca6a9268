//! Opening the SQLite file: its settings, its migrations, the copy before an upgrade.
//!
//! It must not know what the rows mean.

use crate::private_file;
use crate::store::api::{StoreError, UnixMillis};
use crate::store::inspect;
use crate::store::sql_error::store_error;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The migrations that this program knows.
pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// How often the write-ahead log is tried to be emptied.
const CHECKPOINT_TRIES: usize = 20;

/// How long one try waits for readers; nobody writes meanwhile.
const CHECKPOINT_WAIT: Duration = Duration::from_millis(100);

/// Time between two tries, in which others write.
const CHECKPOINT_PAUSE: Duration = Duration::from_millis(250);

/// How long a statement waits for another process's lock before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Where the wall-clock time comes from.
pub type Clock = Arc<dyn Fn() -> UnixMillis + Send + Sync>;

/// The machine's wall clock.
pub fn wall_clock() -> Clock {
    Arc::new(|| {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        UnixMillis(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    })
}

/// Whether an older database may be brought up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upgrade {
    /// Yes: the caller holds the data directory's lock, no server is running on it.
    Allowed,
    /// No: a server of the older version may be using it.
    Refused,
}

/// What to open and how.
#[derive(Clone)]
pub struct DatabaseOptions {
    /// The file.
    pub path: PathBuf,
    /// Whether an older one may be upgraded.
    pub upgrade: Upgrade,
    /// The wall clock.
    pub clock: Clock,
    /// How long to wait for another process's lock.
    pub busy_timeout: Duration,
    /// Largest size in pages of 4 KiB, which may change while the store runs; none for no limit.
    pub max_pages: Option<Arc<AtomicU32>>,
}

impl DatabaseOptions {
    /// The usual settings for this file.
    pub fn new(path: impl Into<PathBuf>, upgrade: Upgrade) -> Self {
        Self { path: path.into(), upgrade, clock: wall_clock(), busy_timeout: BUSY_TIMEOUT, max_pages: None }
    }
}

/// The database can not be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A newer program wrote it.
    #[error(
        "{path} was written by a newer venue-server (schema {found}, this one knows up to {known}); \
         install the newer program, or restore a backup that was made before the upgrade"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// An older program wrote it, and it must not be upgraded now.
    #[error(
        "{path} has the older schema {found} and needs {known}; \
         stop the running venue-server, then start the new one: it upgrades the database"
    )]
    UpgradeRefused {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// The copy before the upgrade could not be made; nothing was changed.
    #[error("cannot copy {path} before its upgrade to {copy}: {source}; nothing was changed")]
    Copy {
        /// The file.
        path: PathBuf,
        /// Its copy.
        copy: PathBuf,
        /// Why.
        source: StoreError,
    },
    /// A migration failed; it was rolled back.
    #[error("the upgrade of {path} failed and was rolled back: {why}{kept}")]
    Upgrade {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
        /// A sentence that names the copy, if there is one.
        kept: String,
    },
    /// It can not be looked at without changing it.
    #[error(
        "{path} was not closed in order, and {path}-wal holds changes that are not in it yet; \
         the next start takes them in, look again after it"
    )]
    Unrecovered {
        /// The file.
        path: PathBuf,
    },
    /// The thread or its runtime did not start.
    #[error("the store's thread did not start: {0}")]
    Thread(std::io::Error),
    /// Anything else.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One connection to an up-to-date database.
pub struct Database {
    pub(super) connection: SqliteConnection,
    pub(super) path: PathBuf,
    pub(super) clock: Clock,
    busy_timeout: Duration,
    max_pages: Option<Arc<AtomicU32>>,
}

impl Database {
    /// Opens the file, makes it if it is missing, and brings its schema up to date.
    pub async fn open(options: &DatabaseOptions) -> Result<Self, OpenError> {
        Self::open_with(options, &MIGRATIONS).await
    }

    async fn open_with(options: &DatabaseOptions, migrations: &Migrator) -> Result<Self, OpenError> {
        let mut database = Self::connect(options).await?;
        database.migrate(options.upgrade, migrations).await?;
        Ok(database)
    }

    async fn connect(options: &DatabaseOptions) -> Result<Self, OpenError> {
        // SQLite would make it readable for others; the side files get the rights of this one. What keeps it
        // from being made here keeps SQLite from it too, and SQLite says it in a sentence.
        drop(private_file::create_new(&options.path));
        let mut settings = SqliteConnectOptions::new()
            .filename(&options.path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(options.busy_timeout)
            // Erased text must not linger in free pages.
            .pragma("secure_delete", "ON")
            .thread_name(|number| format!("vev-sqlite-{number}"))
            .disable_statement_logging();
        if let Some(pages) = &options.max_pages {
            settings = settings.pragma("max_page_count", pages.load(Ordering::Relaxed).to_string());
        }
        let connection = settings.connect().await.map_err(|error| store_error(&options.path, &error))?;
        let (path, clock) = (options.path.clone(), Arc::clone(&options.clock));
        let (busy_timeout, max_pages) = (options.busy_timeout, options.max_pages.clone());
        Ok(Self { connection, path, clock, busy_timeout, max_pages })
    }

    async fn migrate(&mut self, upgrade: Upgrade, migrations: &Migrator) -> Result<(), OpenError> {
        let found = self.schema_version().await?;
        let known = newest(migrations);
        let path = self.path.clone();
        if found > known {
            return Err(OpenError::Newer { path, found, known });
        }
        if found == known {
            return Ok(());
        }
        if found > 0 && upgrade == Upgrade::Refused {
            return Err(OpenError::UpgradeRefused { path, found, known });
        }
        let mut kept = String::new();
        if found > 0 {
            let copy = self.copy_before_upgrade(found).await?;
            kept = format!("; the state before it is in {}", copy.display());
        }
        migrations.run(&mut self.connection).await.map_err(|error| match &error {
            MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _)
                if is_full(&path, cause) =>
            {
                OpenError::Store(store_error(&path, cause))
            }
            _ => OpenError::Upgrade { path, why: error.to_string(), kept },
        })
    }

    async fn schema_version(&mut self) -> Result<i64, StoreError> {
        let version = inspect::schema_version(&mut self.connection).await;
        version.map_err(|error| store_error(&self.path, &error))
    }

    async fn copy_before_upgrade(&mut self, version: i64) -> Result<PathBuf, OpenError> {
        let folder = self.path.parent().unwrap_or(Path::new(".")).join(COPIES_FOLDER);
        let copy = folder.join(format!("venue-schema{version}-{}.db", self.now().0));
        let failed = |source| OpenError::Copy { path: self.path.clone(), copy: copy.clone(), source };
        private_file::create_folder(&folder)
            .map_err(|error| failed(StoreError::Failed(error.to_string())))?;
        let result = copy_to(&mut self.connection, &copy).await;
        result.map_err(|error| failed(store_error(&self.path, &error)))?;
        Ok(copy)
    }

    /// Writes a consistent copy into a new file, while others read and write.
    pub async fn copy_to(&mut self, file: &Path) -> Result<(), StoreError> {
        copy_to(&mut self.connection, file).await.map_err(|error| store_error(&self.path, &error))
    }

    /// Every table and column of ours, for the test that compares them with docs/privacy.md.
    pub async fn columns(&mut self) -> Result<Vec<(String, String)>, StoreError> {
        sqlx::query_as(
            "SELECT t.name, c.name FROM pragma_table_list t JOIN pragma_table_info(t.name) c \
             WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE '\\_%' ESCAPE '\\' \
             ORDER BY t.name, c.cid",
        )
        .fetch_all(&mut self.connection)
        .await
        .map_err(|error| store_error(&self.path, &error))
    }

    /// Moves the write-ahead log into the database file, so that erased rows are in neither. Waits some seconds
    /// for programs that read, and lets the server write in between.
    pub async fn checkpoint(&mut self) -> Result<(), StoreError> {
        self.set_busy_timeout(CHECKPOINT_WAIT).await?;
        let mut is_done = Ok(false);
        for _ in 0..CHECKPOINT_TRIES {
            is_done = self.try_checkpoint().await;
            if !matches!(is_done, Ok(false)) {
                break;
            }
            tokio::time::sleep(CHECKPOINT_PAUSE).await;
        }
        self.set_busy_timeout(self.busy_timeout).await?;
        match is_done? {
            true => Ok(()),
            false => Err(StoreError::StillInLog { path: self.path.display().to_string() }),
        }
    }

    /// Readers in the way are told in a row, not by an error: <https://www.sqlite.org/pragma.html#pragma_wal_checkpoint>.
    async fn try_checkpoint(&mut self) -> Result<bool, StoreError> {
        let busy: Result<i64, _> =
            sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut self.connection).await;
        busy.map(|busy| busy == 0).map_err(|error| store_error(&self.path, &error))
    }

    async fn set_busy_timeout(&mut self, timeout: Duration) -> Result<(), StoreError> {
        let pragma = sqlx::AssertSqlSafe(format!("PRAGMA busy_timeout = {}", timeout.as_millis()));
        let set = sqlx::query(pragma).execute(&mut self.connection).await.map(drop);
        set.map_err(|error| store_error(&self.path, &error))
    }

    /// Takes over a limit of the size that was changed meanwhile.
    pub(super) async fn limit_pages(&mut self) {
        let Some(pages) = self.max_pages.as_ref().map(|pages| pages.load(Ordering::Relaxed)) else { return };
        let pragma = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
        if let Err(error) = sqlx::query(pragma).execute(&mut self.connection).await {
            tracing::warn!(%error, "the database's size could not be limited");
        }
    }

    /// The wall-clock time.
    pub fn now(&self) -> UnixMillis {
        (self.clock)()
    }

    /// Closes the connection; the last one to close checkpoints the write-ahead log.
    pub async fn close(self) -> Result<(), StoreError> {
        self.connection.close().await.map_err(|error| store_error(&self.path, &error))
    }
}

/// The newest schema of these.
pub(super) fn newest(migrations: &Migrator) -> i64 {
    migrations.iter().map(|migration| migration.version).max().unwrap_or_default()
}

fn is_full(path: &Path, error: &sqlx::Error) -> bool {
    matches!(store_error(path, error), StoreError::DiskFull { .. })
}

/// Folder beside the database with the copies that upgrades make.
pub const COPIES_FOLDER: &str = "before-upgrade";

async fn copy_to(connection: &mut SqliteConnection, file: &Path) -> Result<(), sqlx::Error> {
    // The statement takes its file name as an expression, so it can be bound.
    let name = file.to_str().ok_or_else(|| sqlx::Error::Protocol("the file name is not UTF-8".into()))?;
    // An empty file that is there already is filled, and keeps its rights: nobody else reads the copy.
    drop(private_file::create_new(file)?);
    let copied = sqlx::query("VACUUM INTO ?").bind(name).execute(connection).await.map(drop);
    if copied.is_err() {
        // Why there is no copy is the news; the stub of one is not.
        drop(std::fs::remove_file(file));
    }
    copied
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::SqlSafeStr;
    use sqlx::migrate::{Migration, MigrationType};
    use std::borrow::Cow;

    /// Ours, and more after them.
    fn migrations(extra: &[&'static str]) -> Migrator {
        let mut all: Vec<Migration> = MIGRATIONS.iter().cloned().collect();
        for (&sql, version) in extra.iter().zip(newest(&MIGRATIONS) + 1..) {
            let kind = MigrationType::Simple;
            all.push(Migration::new(version, Cow::Borrowed("extra"), kind, sql.into_sql_str(), false));
        }
        Migrator::with_migrations(all)
    }

    fn options(folder: &tempfile::TempDir, upgrade: Upgrade) -> DatabaseOptions {
        DatabaseOptions::new(folder.path().join("venue.db"), upgrade)
    }

    async fn copies(folder: &tempfile::TempDir) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(folder.path().join(COPIES_FOLDER)) else { return Vec::new() };
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    #[tokio::test]
    async fn a_new_database_is_durable_and_strict() {
        let folder = tempfile::tempdir().unwrap();
        let mut database = Database::open(&options(&folder, Upgrade::Refused)).await.unwrap();
        let mut pragma = async |sql: &'static str| -> String {
            sqlx::query_scalar(sql).fetch_one(&mut database.connection).await.unwrap()
        };
        assert_eq!(pragma("SELECT journal_mode FROM pragma_journal_mode").await, "wal");
        assert_eq!(pragma("SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous").await, "2");
        assert_eq!(pragma("SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys").await, "1");
        assert_eq!(pragma("SELECT CAST(secure_delete AS TEXT) FROM pragma_secure_delete").await, "1");
        assert!(inspect::integrity_problems(&mut database.connection).await.unwrap().is_empty());
        assert!(copies(&folder).await.is_empty());
    }

    /// The tables of docs/privacy.md: a heading of the third rank and the first cell of each row.
    fn documented_columns() -> Vec<(String, String)> {
        let text = include_str!("../../../docs/privacy.md");
        let (_, text) = text.split_once("## The database").unwrap();
        let (text, _) = text.split_once("\n## ").unwrap();
        let mut table = "";
        let mut columns = Vec::new();
        for line in text.lines() {
            if let Some(heading) = line.strip_prefix("### ") {
                table = heading;
            } else if let Some((column, rest)) = line.strip_prefix("| `").and_then(|l| l.split_once("` |")) {
                assert_eq!(rest.split('|').filter(|cell| !cell.trim().is_empty()).count(), 4, "{line}");
                columns.push((table.to_owned(), column.to_owned()));
            }
        }
        columns.sort();
        columns
    }

    #[tokio::test]
    async fn docs_privacy_lists_every_stored_field_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let mut database = Database::open(&options(&folder, Upgrade::Refused)).await.unwrap();
        let mut columns = database.columns().await.unwrap();
        columns.sort();
        assert!(columns.len() > 40);
        assert_eq!(documented_columns(), columns);
    }

    #[tokio::test]
    async fn an_upgrade_copies_the_database_first() {
        let folder = tempfile::tempdir().unwrap();
        Database::open(&options(&folder, Upgrade::Refused)).await.unwrap().close().await.unwrap();
        let newer = migrations(&["ALTER TABLE events ADD COLUMN colour TEXT"]);
        let refused = Database::open_with(&options(&folder, Upgrade::Refused), &newer).await;
        let sentence = refused.err().unwrap().to_string();
        assert!(sentence.contains("stop the running venue-server"), "{sentence}");
        assert!(copies(&folder).await.is_empty());

        let mut upgraded = Database::open_with(&options(&folder, Upgrade::Allowed), &newer).await.unwrap();
        let ours = newest(&MIGRATIONS);
        assert_eq!(upgraded.schema_version().await.unwrap(), ours + 1);
        let copies = copies(&folder).await;
        assert_eq!(copies.len(), 1);
        let copy = DatabaseOptions::new(&copies[0], Upgrade::Refused);
        assert!(!private_file::others_can_read(&copies[0]).unwrap());
        assert_eq!(Database::open(&copy).await.unwrap().schema_version().await.unwrap(), ours);
    }

    #[tokio::test]
    async fn a_failed_upgrade_changes_nothing_and_names_the_copy() {
        let folder = tempfile::tempdir().unwrap();
        Database::open(&options(&folder, Upgrade::Refused)).await.unwrap().close().await.unwrap();
        let broken = migrations(&["CREATE TABLE extra (id INTEGER); ALTER TABLE nowhere ADD x TEXT"]);
        let failed = Database::open_with(&options(&folder, Upgrade::Allowed), &broken).await;
        let sentence = failed.err().unwrap().to_string();
        assert!(sentence.contains("rolled back") && sentence.contains(COPIES_FOLDER), "{sentence}");
        let mut same = Database::open(&options(&folder, Upgrade::Refused)).await.unwrap();
        assert_eq!(same.schema_version().await.unwrap(), newest(&MIGRATIONS));
        assert!(same.columns().await.unwrap().iter().all(|(table, _)| table != "extra"));
    }

    #[tokio::test]
    async fn a_newer_database_is_refused_with_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let newer = migrations(&["CREATE TABLE later (id INTEGER)", "CREATE TABLE l (id INTEGER)"]);
        Database::open_with(&options(&folder, Upgrade::Allowed), &newer)
            .await
            .unwrap()
            .close()
            .await
            .unwrap();
        let refused = Database::open(&options(&folder, Upgrade::Allowed)).await;
        let sentence = refused.err().unwrap().to_string();
        let ours = newest(&MIGRATIONS);
        let expected = format!("newer venue-server (schema {}, this one knows up to {ours})", ours + 2);
        assert!(sentence.contains(&expected), "{sentence}");
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("venue.db"), [b'x'; 8192]).unwrap();
        let refused = Database::open(&options(&folder, Upgrade::Allowed)).await;
        let sentence = refused.err().unwrap().to_string();
        assert!(sentence.contains("damaged") && sentence.contains("restore"), "{sentence}");
    }
}
