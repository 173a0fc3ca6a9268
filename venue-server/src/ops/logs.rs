//! Logs: one file a day in the data directory, or the standard error output.
//!
//! It must not know what is logged; that no text, code or ticket is, is the rule of those
//! who log.

use crate::ops::{private_file, times};
use crate::store::database::Clock;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::writer::MakeWriterExt;

/// Section `[log]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogSection {
    /// Where to.
    pub destination: Destination,
    /// A level or a filter of `tracing`.
    pub level: String,
}

/// Where logs go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Destination {
    /// One file a day in the data directory; on a terminal also to the standard error output.
    #[default]
    Files,
    /// The standard error output alone.
    Stderr,
}

impl Default for LogSection {
    fn default() -> Self {
        Self { destination: Destination::default(), level: "info".into() }
    }
}

/// Beginning and end of a log file's name; the day stands between.
const PREFIX: &str = "venue-server-";
const SUFFIX: &str = ".log";

/// Begins logging for the rest of the process's life.
pub fn start(section: &LogSection, folder: &Path, clock: Clock) -> Result<()> {
    let filter = EnvFilter::try_new(&section.level)
        .with_context(|| format!("[log] level = \"{}\" is no level and no filter", section.level))?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false);
    let started = match section.destination {
        Destination::Stderr => subscriber.with_writer(io::stderr).try_init(),
        Destination::Files => {
            private_file::create_folder(folder)
                .with_context(|| format!("cannot make the log folder {}", folder.display()))?;
            let files = DailyFiles::new(folder, clock);
            match io::stderr().is_terminal() {
                true => subscriber.with_writer(files.and(io::stderr)).try_init(),
                false => subscriber.with_writer(files).try_init(),
            }
        }
    };
    // A second start in one process (a test) keeps the first.
    if let Err(error) = started {
        tracing::debug!(%error, "logging was started before");
    }
    Ok(())
}

/// Writes each line into the file of its day.
struct DailyFiles {
    folder: PathBuf,
    clock: Clock,
    open: Mutex<Option<(String, File)>>,
}

impl DailyFiles {
    fn new(folder: &Path, clock: Clock) -> Self {
        Self { folder: folder.to_path_buf(), clock, open: Mutex::new(None) }
    }

    fn write_line(&self, line: &[u8]) -> io::Result<()> {
        let day = times::day((self.clock)());
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.as_ref().is_none_or(|(open_day, _)| *open_day != day) {
            let mut options = OpenOptions::new();
            options.append(true).create(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let file = options.open(self.folder.join(format!("{PREFIX}{day}{SUFFIX}")))?;
            *open = Some((day, file));
        }
        open.as_mut().map_or(Ok(()), |(_, file)| file.write_all(line))
    }
}

impl<'a> MakeWriter<'a> for DailyFiles {
    type Writer = DayWriter<'a>;

    fn make_writer(&'a self) -> DayWriter<'a> {
        DayWriter(self)
    }
}

struct DayWriter<'a>(&'a DailyFiles);

impl Write for DayWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_line(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Deletes the log files of days before `oldest` (written `2026-12-01`); says how many.
pub fn sweep(folder: &Path, oldest: &str) -> io::Result<usize> {
    let mut deleted = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let day = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX));
        // Days written this way sort as text.
        if day.is_some_and(|day| day.len() == oldest.len() && day < oldest) {
            std::fs::remove_file(entry.path())?;
            deleted += 1;
        }
    }
    Ok(deleted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::UnixMillis;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    #[test]
    fn every_day_has_its_file_and_old_ones_go() {
        let folder = tempfile::tempdir().unwrap();
        let now = Arc::new(AtomicI64::new(0));
        let clock = Arc::clone(&now);
        let files =
            DailyFiles::new(folder.path(), Arc::new(move || UnixMillis(clock.load(Ordering::Relaxed))));
        for day in 0..3 {
            now.store(day * 86_400_000, Ordering::Relaxed);
            files.make_writer().write_all(format!("day {day}\n").as_bytes()).unwrap();
        }
        std::fs::write(folder.path().join("notes.txt"), "mine").unwrap();
        assert_eq!(sweep(folder.path(), "1970-01-03").unwrap(), 2);
        let last = folder.path().join("venue-server-1970-01-03.log");
        assert_eq!(std::fs::read_to_string(last).unwrap(), "day 2\n");
        assert!(folder.path().join("notes.txt").exists());
    }

    #[test]
    fn a_wrong_level_is_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let section = LogSection { level: "venue_server=loud".into(), ..LogSection::default() };
        let refused = start(&section, folder.path(), crate::store::database::wall_clock()).unwrap_err();
        assert!(refused.to_string().contains("is no level and no filter"), "{refused}");
    }
}
