//! Events on their way from the network's threads to the program's: bounded by permits, and a program
//! that waits is woken. Knows no QUIC.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::OwnedSemaphorePermit;

/// What an event holds of its connection's allowance until the program takes it.
pub(crate) type Allowance = Option<OwnedSemaphorePermit>;

/// A queue that is as long as the permits inside of it allow.
#[derive(Debug)]
pub(crate) struct Queue<E> {
    state: Mutex<State<E>>,
    changed: Condvar,
}

#[derive(Debug)]
struct State<E> {
    events: VecDeque<(E, Allowance)>,
    is_woken: bool,
}

impl<E> Queue<E> {
    pub(crate) fn new() -> Arc<Self> {
        let state = State { events: VecDeque::new(), is_woken: false };
        Arc::new(Self { state: Mutex::new(state), changed: Condvar::new() })
    }

    fn lock(&self) -> MutexGuard<'_, State<E>> {
        // No code panics while it holds the lock, and a queue has no half-done state.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn push(&self, event: E, allowance: Allowance) {
        self.lock().events.push_back((event, allowance));
        self.changed.notify_one();
    }

    /// Takes all of `events`, in their order; what they hold of an allowance is inside of them.
    pub(crate) fn push_all(&self, events: &mut Vec<E>) {
        if events.is_empty() {
            return;
        }
        self.lock().events.extend(events.drain(..).map(|event| (event, None)));
        self.changed.notify_one();
    }

    pub(crate) fn pop(&self) -> Option<E> {
        self.lock().events.pop_front().map(|(event, _)| event)
    }

    /// Blocks until there is an event, [`Self::wake`] was called, or the deadline passed.
    pub(crate) fn wait(&self, deadline: Instant) {
        let mut state = self.lock();
        while state.events.is_empty() && !state.is_woken {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.is_woken = false;
    }

    /// Makes the present or the next [`Self::wait`] return at once.
    pub(crate) fn wake(&self) {
        self.lock().is_woken = true;
        self.changed.notify_one();
    }
}

/// Something that can be woken, whatever its events.
trait Wake: Send + Sync {
    fn wake(&self);
}

impl<E: Send> Wake for Queue<E> {
    fn wake(&self) {
        Queue::wake(self);
    }
}

/// Wakes the thread that waits for network events, from any other thread.
#[derive(Clone)]
pub struct WakeHandle(Arc<dyn Wake>);

impl WakeHandle {
    pub(crate) fn new<E: Send + 'static>(queue: &Arc<Queue<E>>) -> Self {
        Self(queue.clone())
    }

    /// Makes the present or the next wait return at once.
    pub fn wake(&self) {
        self.0.wake();
    }
}

impl std::fmt::Debug for WakeHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WakeHandle")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn far() -> Instant {
        Instant::now() + Duration::from_secs(3600)
    }

    #[test]
    fn waiting_ends_at_an_event_a_wake_or_the_deadline() {
        let queue = Queue::new();
        queue.wait(Instant::now());
        queue.push(7, None);
        queue.wait(far());
        assert_eq!((queue.pop(), queue.pop()), (Some(7), None));
        WakeHandle::new(&queue).wake();
        queue.wait(far());
    }

    #[test]
    fn another_thread_wakes_the_waiting_one() {
        let queue: Arc<Queue<u8>> = Queue::new();
        let handle = WakeHandle::new(&queue);
        std::thread::scope(|scope| {
            scope.spawn(move || handle.wake());
            queue.wait(far());
        });
    }

    #[test]
    fn an_event_gives_its_allowance_back_when_it_is_taken() {
        let queue = Queue::new();
        let permits = Arc::new(tokio::sync::Semaphore::new(1));
        queue.push(1, permits.clone().try_acquire_owned().ok());
        assert_eq!(permits.available_permits(), 0);
        queue.pop();
        assert_eq!(permits.available_permits(), 1);
    }
}
