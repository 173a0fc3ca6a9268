//! Applies `[retention]`: to the database, to log files, to copies that upgrades made.
//!
//! It must not know the tick; each sweep has a connection of its own.

use crate::ops::times::DAY_MILLIS;
use crate::ops::{DataDirectory, logs, times};
use crate::store::retention::{KeepDays, Swept};
use crate::store::{Database, UnixMillis};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::path::Path;
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};
use tokio::sync::oneshot;
use tokio::task::LocalSet;

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

/// How soon it sweeps again after it failed.
const RETRY_AFTER: Duration = Duration::from_secs(5 * 60);

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

/// Opens the database, sweeps once, and closes it.
pub async fn sweep_once(directory: &DataDirectory, keep: &RetentionSection) -> Result<Report> {
    let mut database = directory.open_database().await?;
    let report = sweep(directory, &mut database, keep).await;
    database.close().await?;
    report
}

/// Sweeps while a server runs, on a thread of its own. Dropping it ends it.
#[derive(Debug)]
pub struct Sweeper {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sweeper {
    /// Sweeps at once, and every hour from then on.
    pub fn start(directory: DataDirectory, keep: RetentionSection) -> Result<Self> {
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let sweeps = move || {
            let (directory, keep) = (directory.clone(), keep.clone());
            async move { sweep_once(&directory, &keep).await }
        };
        let work = move || {
            runtime.block_on(LocalSet::new().run_until(async {
                tokio::select! {
                    // A dropped sender means the same as a message.
                    _ = stopped => {}
                    () = keep_sweeping(sweeps) => {}
                }
            }));
        };
        let thread = std::thread::Builder::new().name("vev-sweeper".into()).spawn(work)?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Sweeper {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the sweeper's thread panicked");
        }
    }
}

/// Each sweep is a task of its own: one that fails or panics is told, and the next one comes soon. Runs inside a
/// [`LocalSet`].
async fn keep_sweeping<S, F>(mut sweep: S)
where
    S: FnMut() -> F,
    F: Future<Output = Result<Report>> + 'static,
{
    loop {
        let pause = match tokio::task::spawn_local(sweep()).await {
            Ok(Ok(report)) => {
                if report != Report::default() {
                    tracing::info!(?report, "deleted what was kept long enough");
                }
                SWEEP_EVERY
            }
            Ok(Err(error)) => {
                tracing::warn!("retention: {error:#}; trying again in some minutes");
                RETRY_AFTER
            }
            Err(fault) => {
                tracing::error!(%fault, "retention failed by a fault of the program; trying again in some minutes");
                RETRY_AFTER
            }
        };
        tokio::time::sleep(pause).await;
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
    use crate::store::events::NewEvent;
    use crate::store::testing::TestDatabase;
    use std::sync::{Arc, Mutex};
    use tokio::time::Instant;

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

    #[tokio::test(start_paused = true)]
    async fn it_sweeps_at_once_every_hour_and_sooner_after_a_failure() {
        let began = Instant::now();
        let times = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&times);
        let sweeps = move || {
            let mut times = seen.lock().unwrap();
            times.push(began.elapsed().as_secs() / 60);
            let number = times.len();
            async move {
                assert_ne!(number, 3, "a fault of the program");
                if number == 2 { Err(anyhow::anyhow!("the disk is full")) } else { Ok(Report::default()) }
            }
        };
        let for_hours = tokio::time::timeout(Duration::from_secs(60 * 60 * 3), keep_sweeping(sweeps));
        let run = LocalSet::new().run_until(for_hours).await;
        assert!(run.is_err(), "it never ends by itself");
        assert_eq!(*times.lock().unwrap(), [0, 60, 65, 70, 130]);
    }

    #[tokio::test]
    async fn a_server_that_starts_sweeps() {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path()).unwrap();
        std::fs::create_dir_all(directory.logs()).unwrap();
        let old = directory.logs().join("venue-server-2020-01-01.log");
        std::fs::write(&old, "").unwrap();
        let mut database = directory.open_database().await.unwrap();
        database.add_event(&NewEvent::test("wtf", "Forum")).await.unwrap();
        database.close().await.unwrap();
        let sweeper = Sweeper::start(directory, RetentionSection::default()).unwrap();
        while old.exists() {
            std::thread::yield_now();
        }
        drop(sweeper);
    }
}
