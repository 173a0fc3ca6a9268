//! How the store is: told once to the log when it changes, and to whoever asks.
//!
//! It must not know what was asked of the store.

use crate::store::api::StoreError;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A thread that did not come round for so long hangs; a lock of another program holds it for less.
const HANGS_AFTER: Duration = Duration::from_secs(20);

/// The store's state, shared by its thread and those who watch it.
#[derive(Clone, Debug)]
pub struct Condition {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    reads: Option<StoreError>,
    writes: Option<StoreError>,
    came_round_at: Instant,
    has_ended: bool,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    Read,
    Write,
}

/// While it lives, the store's thread does; also a panic drops it.
pub(crate) struct Alive(Condition);

impl Condition {
    pub(crate) fn new(now: Instant) -> Self {
        let state = State { reads: None, writes: None, came_round_at: now, has_ended: false };
        Self { state: Arc::new(Mutex::new(state)) }
    }

    /// What is wrong with the store, as a sentence for the operator; none when it works.
    pub fn problem(&self, now: Instant) -> Option<String> {
        let state = self.lock();
        if state.has_ended {
            return Some("the store's thread ended; restart the server".into());
        }
        if now.saturating_duration_since(state.came_round_at) > HANGS_AFTER {
            return Some("the store hangs; look at the disk that holds the database".into());
        }
        state.writes.as_ref().or(state.reads.as_ref()).map(ToString::to_string)
    }

    /// Notes what became of a request. A failure is logged when it begins or changes, not each time.
    pub(super) fn note<T>(&self, work: Work, result: &Result<T, StoreError>) {
        // What is gone is no fault of the store.
        let failure = result.as_ref().err().filter(|error| **error != StoreError::Gone);
        let mut state = self.lock();
        let kept = match work {
            Work::Read => &mut state.reads,
            Work::Write => &mut state.writes,
        };
        if is_same(kept.as_ref(), failure) {
            return;
        }
        match failure {
            Some(error) => tracing::warn!(%error, ?work, "the store fails; said once until that changes"),
            None => tracing::info!(?work, "the store works again"),
        }
        *kept = failure.cloned();
    }

    /// Notes that the thread is at work.
    pub(super) fn came_round(&self, now: Instant) {
        self.lock().came_round_at = now;
    }

    /// For the thread to hold as long as it lives.
    pub(crate) fn alive(&self) -> Alive {
        Alive(self.clone())
    }

    /// No state can be half written.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.lock().has_ended = true;
    }
}

/// How many wait is no other failure.
fn is_same(first: Option<&StoreError>, second: Option<&StoreError>) -> bool {
    match (first, second) {
        (Some(StoreError::Overloaded { .. }), Some(StoreError::Overloaded { .. })) => true,
        (first, second) => first == second,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told_until_it_is_well_again() {
        let now = Instant::now();
        let condition = Condition::new(now);
        assert_eq!(condition.problem(now), None);
        let full = StoreError::DiskFull { path: "venue.db".into() };
        condition.note::<()>(Work::Write, &Err(full.clone()));
        condition.note(Work::Read, &Ok(()));
        assert_eq!(condition.problem(now), Some(full.to_string()), "reading says nothing about writing");
        condition.note::<()>(Work::Write, &Err(StoreError::Gone));
        assert_eq!(condition.problem(now), None);
        let later = now + HANGS_AFTER + Duration::from_secs(1);
        assert!(condition.problem(later).unwrap().contains("hangs"));
        condition.came_round(later);
        assert_eq!(condition.problem(later), None);
        drop(condition.alive());
        assert!(condition.problem(later).unwrap().contains("restart the server"));
    }

    #[test]
    fn a_failure_is_logged_when_it_begins_and_when_it_ends() {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let written = Arc::clone(&lines);
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || Lines(Arc::clone(&written)))
            .with_ansi(false)
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            let condition = Condition::new(Instant::now());
            let full = StoreError::DiskFull { path: "venue.db".into() };
            for _ in 0..100 {
                condition.note::<()>(Work::Write, &Err(full.clone()));
            }
            for _ in 0..100 {
                condition.note(Work::Write, &Ok(()));
            }
        });
        let text = String::from_utf8(lines.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.contains("is full") && text.contains("works again"), "{text}");
    }

    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
}
