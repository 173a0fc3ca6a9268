//! Looking a database file through without changing it or anything beside it.
//!
//! It must not know what is done about what it finds.

use crate::store::api::UnixMillis;
use crate::store::database::{Database, MIGRATIONS, OpenError, newest};
use crate::store::sql_error::{is_read_only, store_error};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::path::{Path, PathBuf};

/// What a look through a file found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// Its schema; zero for an empty file.
    pub schema: i64,
    /// The newest schema that this program knows.
    pub known: i64,
    /// What is damaged; empty when all is well.
    pub problems: Vec<String>,
    /// When its newest row was written.
    pub newest_row: Option<UnixMillis>,
    /// Invitations in it that nobody revoked.
    pub invitations: i64,
}

/// How a file is opened to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// Nobody has it open and its log is empty: SQLite locks nothing and makes nothing.
    Alone,
    /// Its log has something: the log's index is only read too.
    WithLog,
    /// Somebody writes to it: this reader registers in the log's index, as that one's readers do.
    Beside,
}

impl Database {
    /// Looks a file through, e.g. one of a backup. Nothing is written, not even a side file.
    pub async fn inspect(path: &Path) -> Result<Inspection, OpenError> {
        let problem = |error: sqlx::Error| OpenError::Store(store_error(path, &error));
        let how = quietest(path)?;
        match look(path, how).await {
            Err(error) if how == Look::WithLog && is_read_only(&error) => {
                look(path, Look::Beside).await.map_err(problem)
            }
            looked => looked.map_err(problem),
        }
    }
}

/// The way that leaves no trace, by what lies beside the file.
fn quietest(path: &Path) -> Result<Look, OpenError> {
    let log_bytes = std::fs::metadata(beside(path, "-wal")).map(|log| log.len());
    let has_index = beside(path, "-shm").exists();
    match log_bytes {
        Ok(_) if has_index => Ok(Look::WithLog),
        Ok(1..) => Err(OpenError::Unrecovered { path: path.to_path_buf() }),
        Ok(0) | Err(_) => Ok(Look::Alone),
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

async fn look(path: &Path, how: Look) -> Result<Inspection, sqlx::Error> {
    let settings = SqliteConnectOptions::new().read_only(true).disable_statement_logging();
    let settings = match how {
        Look::Alone => settings.filename(path).immutable(true),
        Look::WithLog => settings.filename(index_read_only(path)),
        Look::Beside => settings.filename(path),
    };
    let mut connection = settings.connect().await?;
    let inspection = inspect(&mut connection).await;
    connection.close().await?;
    inspection
}

/// The file's name as a URI, <https://www.sqlite.org/uri.html>. `readonly_shm` is named in SQLite's
/// `os_unix.c` and `os_win.c`: the log's index is neither made nor written.
fn index_read_only(path: &Path) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.');
    let encoded: String = path
        .as_os_str()
        .as_encoded_bytes()
        .iter()
        .map(|&byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    format!("file:{encoded}?readonly_shm=1")
}

async fn inspect(connection: &mut SqliteConnection) -> Result<Inspection, sqlx::Error> {
    let schema = schema_version(connection).await?;
    let known = newest(&MIGRATIONS);
    let problems = integrity_problems(connection).await?;
    let (mut newest_row, mut invitations) = (None, 0);
    if (1..=known).contains(&schema) {
        newest_row = newest_row_of(connection).await?;
        invitations = sqlx::query_scalar("SELECT count(*) FROM invitations WHERE revoked_at IS NULL")
            .fetch_one(connection)
            .await?;
    }
    Ok(Inspection { schema, known, problems, newest_row, invitations })
}

/// The newest migration that was applied; zero for a new file.
pub(super) async fn schema_version(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    let known: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'")
        .fetch_one(&mut *connection)
        .await?;
    if known == 0 {
        return Ok(0);
    }
    sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM _sqlx_migrations WHERE success")
        .fetch_one(connection)
        .await
}

/// What `PRAGMA integrity_check` and the foreign keys complain of; empty when all is well.
pub(super) async fn integrity_problems(
    connection: &mut SqliteConnection,
) -> Result<Vec<String>, sqlx::Error> {
    let mut problems: Vec<String> =
        sqlx::query_scalar("PRAGMA integrity_check(5)").fetch_all(&mut *connection).await?;
    problems.retain(|line| line != "ok");
    let orphans = sqlx::query("PRAGMA foreign_key_check").fetch_all(connection).await?;
    if !orphans.is_empty() {
        problems.push(format!("{} rows point to rows that are not there", orphans.len()));
    }
    Ok(problems)
}

async fn newest_row_of(connection: &mut SqliteConnection) -> Result<Option<UnixMillis>, sqlx::Error> {
    let newest: Option<i64> = sqlx::query_scalar(
        "SELECT max(at) FROM (SELECT max(sent_at) AS at FROM texts UNION ALL SELECT max(at) FROM presence \
         UNION ALL SELECT max(created_at) FROM events)",
    )
    .fetch_one(connection)
    .await?;
    Ok(newest.map(UnixMillis))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::events::NewEvent;
    use crate::store::people::NewPerson;
    use crate::store::testing::{PEPPER, TestDatabase};
    use std::collections::BTreeMap;
    use venue_model::EventKey;

    /// Every file of a folder with its bytes.
    fn content(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
    }

    async fn with_invitation() -> TestDatabase {
        let mut test = TestDatabase::new().await;
        test.database.add_event(&NewEvent::test("wtf", "Forum")).await.unwrap();
        let (key, people) = (EventKey::new("wtf").unwrap(), [NewPerson::delegate("Ada")]);
        test.database.invite(&key, &people, &PEPPER, &mut || Ok(1)).await.unwrap();
        test
    }

    async fn check(folder: &Path) {
        let before = content(folder);
        let inspection = Database::inspect(&folder.join("venue.db")).await.unwrap();
        assert_eq!((inspection.schema, inspection.invitations), (inspection.known, 1));
        assert_eq!(inspection.newest_row, Some(UnixMillis(1_000_000)));
        assert!(inspection.problems.is_empty(), "{:?}", inspection.problems);
        assert!(content(folder) == before, "something in the folder was changed");
    }

    #[tokio::test]
    async fn a_look_changes_nothing_whether_the_server_was_stopped_or_killed() {
        let test = with_invitation().await;
        let killed = tempfile::tempdir().unwrap();
        for (path, bytes) in content(test.folder.path()) {
            std::fs::write(killed.path().join(path.file_name().unwrap()), bytes).unwrap();
        }
        assert!(killed.path().join("venue.db-wal").exists());
        check(killed.path()).await;

        let unrecovered = Database::inspect(&killed.path().join("venue.db")).await;
        assert!(unrecovered.is_ok());
        std::fs::remove_file(killed.path().join("venue.db-shm")).unwrap();
        let unrecovered = Database::inspect(&killed.path().join("venue.db")).await.unwrap_err().to_string();
        assert!(unrecovered.contains("the next start takes them in"), "{unrecovered}");

        test.database.close().await.unwrap();
        assert!(!test.folder.path().join("venue.db-wal").exists());
        check(test.folder.path()).await;
    }

    #[tokio::test]
    async fn a_look_beside_a_writer_sees_what_it_wrote() {
        let test = with_invitation().await;
        let inspection = Database::inspect(&test.folder.path().join("venue.db")).await.unwrap();
        assert_eq!(inspection.invitations, 1);
    }

    #[tokio::test]
    async fn a_file_that_is_missing_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let refused = Database::inspect(&folder.path().join("venue.db")).await.unwrap_err().to_string();
        assert!(refused.contains("cannot be opened"), "{refused}");
        assert_eq!(content(folder.path()), BTreeMap::new());
    }

    #[test]
    fn odd_names_are_encoded() {
        let name = index_read_only(Path::new("/srv/a b?c/venue.db"));
        assert_eq!(name, "file:/srv/a%20b%3Fc/venue.db?readonly_shm=1");
    }
}
