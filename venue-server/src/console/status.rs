//! What the console knows of the tick and the store: the counters, and whether they are alive.
//!
//! It must not know pages or the tick's insides.

use crate::counters::Counters;
use crate::store::Condition;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A tick that did not end for so long is stuck.
const STUCK_AFTER: Duration = Duration::from_secs(3);

/// Where counters come from.
type Source = Box<dyn Fn() -> Counters + Send + Sync>;

/// Watches the counters.
pub struct Status {
    source: Source,
    store: Condition,
    seen: Mutex<Seen>,
}

#[derive(Clone, Copy)]
struct Seen {
    ticks: u64,
    changed_at: Instant,
}

/// How the server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// Ticks are taken, and the store works.
    Well,
    /// No tick ended for too long.
    Stuck,
    /// The store does not work; a sentence says what is wrong.
    Store(String),
}

impl Status {
    /// Watches these counters and this store, beginning `now`.
    pub fn new(
        source: impl Fn() -> Counters + Send + Sync + 'static,
        store: Condition,
        now: Instant,
    ) -> Self {
        Self { source: Box::new(source), store, seen: Mutex::new(Seen { ticks: 0, changed_at: now }) }
    }

    /// The counters of the last tick.
    pub fn counters(&self) -> Counters {
        (self.source)()
    }

    /// Looks whether a tick was taken since the last look; asked about once a second.
    pub fn look(&self, now: Instant) -> Health {
        let ticks = self.counters().ticks;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.ticks != ticks {
            *seen = Seen { ticks, changed_at: now };
        }
        match (now.duration_since(seen.changed_at) > STUCK_AFTER, self.store.problem(now)) {
            (true, _) => Health::Stuck,
            (false, Some(problem)) => Health::Store(problem),
            (false, None) => Health::Well,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[test]
    fn a_tick_that_stands_still_is_stuck() {
        let ticks = Arc::new(AtomicU64::new(0));
        let source = Arc::clone(&ticks);
        let start = Instant::now();
        let counters = move || Counters { ticks: source.load(Ordering::Relaxed), ..Counters::default() };
        let store = Condition::new(start);
        let status = Status::new(counters, store.clone(), start);
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(status.look(at(3)), Health::Well);
        assert_eq!(status.look(at(4)), Health::Stuck);
        ticks.store(1, Ordering::Relaxed);
        assert_eq!(status.look(at(5)), Health::Well);
        assert_eq!(status.look(at(9)), Health::Stuck);
        ticks.store(2, Ordering::Relaxed);
        drop(store.alive());
        assert!(matches!(status.look(at(9)), Health::Store(problem) if problem.contains("restart")));
    }
}
