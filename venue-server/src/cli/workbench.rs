//! The server under the hands of somebody who builds a venue: it looks whether the package has a new state and goes on
//! with it, shows everybody inside the lines that come on standard input, and ends when whoever started it does.
//!
//! It must not know how packages are made.

use crate::console::venue_files::{Shelf, VenueFiles};
use crate::ops::venue;
use crate::server::Monitor;
use crate::tick::VenueState;
use anyhow::Result;
use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, SystemTime};
use venue_model::FileHash;
use venue_package::limits::MANIFEST_PATH;
use venue_protocol::{ClosingReason, VenueNoteWords};

/// How often the package is looked at.
const PERIOD: Duration = Duration::from_millis(250);

/// Lines that wait; whoever writes more waits.
const MOST_LINES: usize = 16;

/// Watches one package.
pub(super) struct Workbench {
    folder: PathBuf,
    monitor: Monitor,
    files: VenueFiles,
    seen: Option<Stamp>,
    hosted: Option<FileHash>,
}

/// What changes with a package: its manifest is written last and renamed into its place as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    modified: SystemTime,
    bytes: u64,
}

impl Stamp {
    fn of(folder: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(folder.join(MANIFEST_PATH)).ok()?;
        Some(Self { modified: metadata.modified().ok()?, bytes: metadata.len() })
    }
}

impl Workbench {
    /// For the package that is hosted now.
    pub(super) fn new(folder: &Path, monitor: Monitor, files: VenueFiles) -> Self {
        Self { folder: folder.to_owned(), monitor, files, seen: Stamp::of(folder), hosted: None }
    }

    /// Watches from now on.
    pub(super) fn begin(self) -> std::io::Result<()> {
        let (sender, lines) = sync_channel(MOST_LINES);
        let spawn = |name: &str| std::thread::Builder::new().name(name.into());
        spawn("vev-workbench-in").spawn(move || read_lines(std::io::stdin().lock(), &sender))?;
        spawn("vev-workbench").spawn(move || self.run(&lines))?;
        Ok(())
    }

    fn run(mut self, lines: &Receiver<String>) {
        loop {
            match lines.recv_timeout(PERIOD) {
                Ok(line) => self.monitor.note(VenueNoteWords::lossy(&line)),
                Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => {
                    tracing::info!("whoever started the server is gone: stopping");
                    return self.monitor.ask_to_stop(ClosingReason::Restart, 0);
                }
            }
        }
    }

    /// Takes a new state of the package, if there is one. One that is being written, or is no good, is not taken.
    fn look(&mut self) {
        let now = Stamp::of(&self.folder);
        if now.is_none() || now == self.seen {
            return;
        }
        self.seen = now;
        if let Err(error) = self.take() {
            let words = format!("{error:#}");
            tracing::warn!(error = words, "the new state of the venue is not taken");
            eprintln!("The new state of the venue is not taken: {words}");
            self.monitor.note(VenueNoteWords::lossy(&words));
        }
    }

    fn take(&mut self) -> Result<()> {
        let package = venue::open(&self.folder)?;
        let hash = package.manifest_hash();
        if self.hosted == Some(hash) {
            return Ok(());
        }
        let state = VenueState::read(&package)?;
        // The files first: whoever hears of the new state may ask at once.
        self.files.renew(Shelf::new(&package, &self.folder)?);
        self.monitor.renew(state);
        self.hosted = Some(hash);
        println!("The venue has a new state.");
        Ok(())
    }
}

fn read_lines(input: impl BufRead, sender: &SyncSender<String>) {
    for line in input.lines().map_while(Result::ok).filter(|line| !line.trim().is_empty()) {
        if sender.send(line).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_and_the_end_is_noticed() {
        let (sender, lines) = sync_channel(MOST_LINES);
        read_lines(&b"one\n\n  \ntwo"[..], &sender);
        drop(sender);
        assert_eq!(lines.iter().collect::<Vec<_>>(), ["one", "two"]);
    }

    #[test]
    fn a_package_that_is_written_anew_has_another_stamp() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Stamp::of(folder.path()), None);
        std::fs::write(folder.path().join(MANIFEST_PATH), "{}").unwrap();
        let first = Stamp::of(folder.path()).unwrap();
        assert_eq!(Stamp::of(folder.path()), Some(first));
        std::fs::write(folder.path().join(MANIFEST_PATH), "{ }").unwrap();
        assert_ne!(Stamp::of(folder.path()), Some(first));
    }
}
