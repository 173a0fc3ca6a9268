//! Applies `[retention]`: to the database, to log files, to copies that upgrades made.
//!
//! It must not know the tick; it has a connection of its own.

use crate::ops::{DataDirectory, logs, times};
use crate::store::retention::{KeepDays, Swept};
use crate::store::{Database, UnixMillis};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// Section `[retention]` of the configuration: days.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RetentionSection {
    /// Texts, after the event's end.
    pub text_days: u32,
    /// Presence, after the event's end.
    pub presence_days: u32,
    /// People and invitations, after the event's end.
    pub people_days: u32,
    /// Moderation entries and reports, after the entry.
    pub moderation_days: u32,
    /// Log files.
    pub log_days: u32,
    /// Copies made before upgrades and restores.
    pub copy_days: u32,
}

impl Default for RetentionSection {
    fn default() -> Self {
        Self {
            text_days: 30,
            presence_days: 30,
            people_days: 30,
            moderation_days: 365,
            log_days: 14,
            copy_days: 30,
        }
    }
}

/// How often a running server sweeps.
pub const SWEEP_EVERY: Duration = Duration::from_secs(60 * 60);

const DAY_MILLIS: i64 = 86_400_000;

/// What one sweep deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows of the database.
    pub rows: Swept,
    /// Log files.
    pub logs: usize,
    /// Copies.
    pub copies: usize,
}

/// Sweeps once.
pub async fn sweep(
    directory: &DataDirectory,
    database: &mut Database,
    keep: &RetentionSection,
) -> Result<Report> {
    let days = KeepDays {
        texts: keep.text_days,
        presence: keep.presence_days,
        people: keep.people_days,
        moderation: keep.moderation_days,
    };
    let rows = database.sweep(days).await?;
    let now = database.now();
    let log_limit = UnixMillis(now.0.saturating_sub(i64::from(keep.log_days) * DAY_MILLIS));
    let logs = match directory.logs().is_dir() {
        true => logs::sweep(&directory.logs(), &times::day(log_limit)).context("cannot delete old logs")?,
        false => 0,
    };
    let copies =
        sweep_copies(&directory.copies(), now, keep.copy_days).context("cannot delete old copies")?;
    Ok(Report { rows, logs, copies })
}

/// Sweeps now and every hour, for as long as it is polled.
pub async fn run(directory: DataDirectory, mut database: Database, keep: RetentionSection) {
    let mut due = tokio::time::interval(SWEEP_EVERY);
    loop {
        due.tick().await;
        match sweep(&directory, &mut database, &keep).await {
            Ok(report) if report == Report::default() => {}
            Ok(report) => tracing::info!(?report, "deleted what was kept long enough"),
            Err(error) => tracing::warn!("retention: {error:#}; trying again in an hour"),
        }
    }
}

fn sweep_copies(folder: &Path, now: UnixMillis, days: u32) -> std::io::Result<usize> {
    if !folder.is_dir() {
        return Ok(0);
    }
    let mut deleted = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let modified = entry.metadata()?.modified()?;
        let modified = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let modified = UnixMillis(i64::try_from(modified.as_millis()).unwrap_or(i64::MAX));
        if times::days_between(modified, now) >= i64::from(days) {
            std::fs::remove_file(entry.path())?;
            deleted += 1;
        }
    }
    Ok(deleted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::testing::TestDatabase;

    #[tokio::test]
    async fn logs_and_copies_go_after_their_days() {
        let mut test = TestDatabase::new().await;
        let directory = DataDirectory::open(test.folder.path()).unwrap();
        let wall = (crate::store::database::wall_clock())().0;
        std::fs::create_dir_all(directory.logs()).unwrap();
        std::fs::create_dir_all(directory.copies()).unwrap();
        let log = directory.logs().join(format!("venue-server-{}.log", times::day(UnixMillis(wall))));
        let copy = directory.copies().join("venue-schema1-0.db");
        std::fs::write(&log, "").unwrap();
        std::fs::write(&copy, "").unwrap();
        let keep = RetentionSection::default();

        test.set_now(wall + 14 * DAY_MILLIS);
        let report = sweep(&directory, &mut test.database, &keep).await.unwrap();
        assert_eq!(report, Report::default());
        test.set_now(wall + 15 * DAY_MILLIS);
        assert_eq!(sweep(&directory, &mut test.database, &keep).await.unwrap().logs, 1);
        test.set_now(wall + 31 * DAY_MILLIS);
        assert_eq!(sweep(&directory, &mut test.database, &keep).await.unwrap().copies, 1);
        assert!(!log.exists() && !copy.exists());
    }
}
