//! SQLite's error codes as sentences that say what to do.
//!
//! It must not know what was asked.

use crate::store::api::StoreError;
use std::path::Path;

// Primary result codes, <https://www.sqlite.org/rescode.html>.
const BUSY: u32 = 5;
const LOCKED: u32 = 6;
const READ_ONLY: u32 = 8;
const IO: u32 = 10;
const CORRUPT: u32 = 11;
const FULL: u32 = 13;
const CANNOT_OPEN: u32 = 14;
const NOT_A_DATABASE: u32 = 26;
/// Extended code of a broken foreign key.
const FOREIGN_KEY: u32 = 787;
/// Extended code of a write-ahead log's index that the disk has no room for.
const NO_ROOM_FOR_INDEX: u32 = 4874;

/// Translates an error that happened on this file.
pub(super) fn store_error(path: &Path, error: &sqlx::Error) -> StoreError {
    let path = path.display().to_string();
    let Some(code) = code_of(error) else { return StoreError::Failed(format!("{path}: {error}")) };
    if code == FOREIGN_KEY {
        return StoreError::Gone;
    }
    let failed = |advice: &str| StoreError::Failed(format!("{path} {advice} ({error})"));
    match code & 0xff {
        _ if code == NO_ROOM_FOR_INDEX => StoreError::DiskFull { path },
        FULL => StoreError::DiskFull { path },
        BUSY | LOCKED => StoreError::Locked { path },
        READ_ONLY => failed("cannot be written; check who owns the file and its folder"),
        IO => failed("cannot be read or written; check the disk"),
        CORRUPT | NOT_A_DATABASE => failed("is damaged or no database; restore the latest backup"),
        CANNOT_OPEN => failed("cannot be opened; check that its folder exists and who owns it"),
        _ => StoreError::Failed(format!("{path}: {error}")),
    }
}

/// Whether something would have had to be written to a file that was opened for reading.
pub(super) fn is_read_only(error: &sqlx::Error) -> bool {
    code_of(error).is_some_and(|code| code & 0xff == READ_ONLY)
}

/// Whether only the statement failed and the transaction goes on.
pub(super) fn spoils_only_its_statement(error: &sqlx::Error) -> bool {
    const CONSTRAINT: u32 = 19;
    code_of(error).is_some_and(|code| code & 0xff == CONSTRAINT)
}

fn code_of(error: &sqlx::Error) -> Option<u32> {
    let sqlx::Error::Database(error) = error else { return None };
    error.code()?.parse().ok()
}
