//! Bytes that wait for a peer to read its control stream, with a limit, and the wish to close behind them.

use crate::{CloseCode, MAX_CONTROL_BACKLOG_BYTES, SendError};
use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// A connection is to be closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Farewell {
    pub(crate) code: CloseCode,
    pub(crate) reason: String,
}

/// What to do next with the control stream.
#[derive(Debug, PartialEq)]
pub(crate) enum Next {
    /// Write these, then call [`Outbox::written`].
    Write(Vec<Bytes>),
    /// Everything is written: close.
    Close(Farewell),
}

/// One control stream's waiting bytes.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    state: Mutex<State>,
    changed: Notify,
    closing: Notify,
}

#[derive(Debug, Default)]
struct State {
    chunks: VecDeque<Bytes>,
    /// Bytes in `chunks` and in the write that is going on.
    waiting_bytes: usize,
    farewell: Option<Farewell>,
    is_gone: bool,
}

/// Chunks that one write takes.
const CHUNKS_AT_ONCE: usize = 64;

impl Outbox {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn push(&self, bytes: Bytes) -> Result<(), SendError> {
        let mut state = self.lock();
        if state.is_gone || state.farewell.is_some() {
            return Err(SendError::Gone);
        }
        if state.waiting_bytes + bytes.len() > MAX_CONTROL_BACKLOG_BYTES {
            return Err(SendError::Backlog);
        }
        state.waiting_bytes += bytes.len();
        state.chunks.push_back(bytes);
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    /// Closes behind what waits. The first wish counts.
    pub(crate) fn close(&self, code: CloseCode, reason: &str) {
        let farewell = Farewell { code, reason: cut(reason).to_owned() };
        self.lock().farewell.get_or_insert(farewell);
        self.changed.notify_one();
        self.closing.notify_one();
    }

    /// The connection is gone: nothing is taken any more.
    pub(crate) fn mark_gone(&self) {
        let mut state = self.lock();
        state.is_gone = true;
        state.chunks.clear();
    }

    pub(crate) async fn next(&self) -> Next {
        loop {
            if let Some(next) = self.try_next() {
                return next;
            }
            self.changed.notified().await;
        }
    }

    /// What to do now; none when there is nothing to write and nobody wants to close.
    pub(crate) fn try_next(&self) -> Option<Next> {
        let mut state = self.lock();
        if state.chunks.is_empty() {
            return state.farewell.clone().map(Next::Close);
        }
        let count = state.chunks.len().min(CHUNKS_AT_ONCE);
        Some(Next::Write(state.chunks.drain(..count).collect()))
    }

    pub(crate) fn written(&self, bytes: usize) {
        self.lock().waiting_bytes -= bytes;
    }

    /// Whether somebody wants to close, although bytes may still wait.
    pub(crate) fn farewell(&self) -> Option<Farewell> {
        self.lock().farewell.clone()
    }

    /// Resolves when somebody wants to close, although bytes may still wait.
    pub(crate) async fn close_wanted(&self) -> Farewell {
        loop {
            if let Some(farewell) = self.farewell() {
                return farewell;
            }
            self.closing.notified().await;
        }
    }
}

/// At most the protocol's limit of bytes, cut between characters.
fn cut(reason: &str) -> &str {
    let limit = venue_protocol::close::MAX_CLOSE_REASON_BYTES;
    &reason[..reason.floor_char_boundary(limit)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block_on<F: Future>(future: F) -> F::Output {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    #[test]
    fn the_close_comes_behind_the_bytes() {
        let outbox = Outbox::new();
        outbox.push(Bytes::from_static(b"last words")).unwrap();
        outbox.close(CloseCode::Removed, "why");
        outbox.close(CloseCode::Normal, "too late");
        assert_eq!(outbox.push(Bytes::from_static(b"more")), Err(SendError::Gone));
        assert_eq!(block_on(outbox.next()), Next::Write(vec![Bytes::from_static(b"last words")]));
        let Next::Close(farewell) = block_on(outbox.next()) else { panic!("nothing to write") };
        assert_eq!((farewell.code, &*farewell.reason), (CloseCode::Removed, "why"));
        assert_eq!(block_on(outbox.close_wanted()), farewell);
    }

    #[test]
    fn a_peer_that_does_not_read_is_found_out() {
        let outbox = Outbox::new();
        let chunk = Bytes::from(vec![0; MAX_CONTROL_BACKLOG_BYTES / 2]);
        outbox.push(chunk.clone()).unwrap();
        outbox.push(chunk.clone()).unwrap();
        assert_eq!(outbox.push(Bytes::from_static(b"x")), Err(SendError::Backlog));
        // Bytes count until they are written, not until the write begins.
        let Next::Write(chunks) = block_on(outbox.next()) else { panic!("something to write") };
        assert_eq!(outbox.push(Bytes::from_static(b"x")), Err(SendError::Backlog));
        outbox.written(chunks.iter().map(Bytes::len).sum());
        assert_eq!(outbox.push(chunk), Ok(()));
        outbox.mark_gone();
        assert_eq!(outbox.push(Bytes::new()), Err(SendError::Gone));
    }

    #[test]
    fn a_long_reason_is_cut_between_characters() {
        assert_eq!(cut(&"é".repeat(150)).len(), 200);
        assert_eq!(cut(&format!("x{}", "é".repeat(150))).len(), 199);
    }
}
