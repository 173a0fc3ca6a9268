//! When which connection wants to be looked at: a heap with about one entry a connection.
//!
//! Most deadlines move away before they come (each packet that arrives puts the next one off), so an
//! entry is left where it is and looked at again when its time comes.

use quinn_proto::ConnectionHandle;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Instant;

/// The deadlines of all connections.
#[derive(Debug, Default)]
pub(super) struct Timers {
    heap: BinaryHeap<Reverse<(Instant, usize)>>,
    /// By connection: the earliest entry that counts.
    armed: Vec<Option<Instant>>,
}

impl Timers {
    /// Looks at the connection at `deadline` or before.
    pub(super) fn arm(&mut self, handle: ConnectionHandle, deadline: Option<Instant>) {
        let Some(deadline) = deadline else { return };
        if self.armed.len() <= handle.0 {
            self.armed.resize(handle.0 + 1, None);
        }
        let armed = &mut self.armed[handle.0];
        if armed.is_none_or(|armed| deadline < armed) {
            *armed = Some(deadline);
            self.heap.push(Reverse((deadline, handle.0)));
        }
    }

    /// The connection is gone; its number may be another's soon.
    pub(super) fn forget(&mut self, handle: ConnectionHandle) {
        if let Some(armed) = self.armed.get_mut(handle.0) {
            *armed = None;
        }
    }

    /// The next moment at which something may be due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.heap.peek().map(|Reverse((at, _))| *at)
    }

    /// One connection whose time has come.
    pub(super) fn pop(&mut self, now: Instant) -> Option<ConnectionHandle> {
        while let Some(Reverse((at, number))) = self.heap.peek().copied()
            && at <= now
        {
            self.heap.pop();
            if self.armed[number] == Some(at) {
                self.armed[number] = None;
                return Some(ConnectionHandle(number));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const A: ConnectionHandle = ConnectionHandle(0);
    const B: ConnectionHandle = ConnectionHandle(5);

    #[test]
    fn connections_come_in_the_order_of_their_deadlines() {
        let (mut timers, start) = (Timers::default(), Instant::now());
        let at = |ms| start + Duration::from_millis(ms);
        timers.arm(A, Some(at(30)));
        timers.arm(B, Some(at(20)));
        timers.arm(A, Some(at(10)));
        assert_eq!(timers.next(), Some(at(10)));
        assert_eq!(timers.pop(at(9)), None);
        assert_eq!([timers.pop(at(25)), timers.pop(at(25)), timers.pop(at(99))], [Some(A), Some(B), None]);
    }

    #[test]
    fn a_deadline_that_moves_away_makes_no_entry() {
        let (mut timers, start) = (Timers::default(), Instant::now());
        for ms in 10..1_000 {
            timers.arm(A, Some(start + Duration::from_millis(ms)));
        }
        assert_eq!(timers.heap.len(), 1);
        timers.forget(A);
        assert_eq!(timers.pop(start + Duration::from_secs(9)), None);
    }
}
