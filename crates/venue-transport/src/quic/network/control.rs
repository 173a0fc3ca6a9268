//! The server's half of one control stream: what waits in the outbox, and the close behind it.

use super::files::write_from;
use crate::outbox::{Farewell, Next, Outbox};
use bytes::Bytes;
use quinn_proto::{Connection, StreamId, WriteError};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Time that a peer has to take our last words.
const FAREWELL_TIMEOUT: Duration = Duration::from_secs(2);

/// One control stream.
#[derive(Debug)]
pub(super) struct Control {
    pub(super) stream: StreamId,
    /// Taken from the outbox and not yet by QUIC.
    writing: VecDeque<Bytes>,
    is_finished: bool,
    /// When the connection is closed although last words may not have arrived.
    give_up_at: Option<Instant>,
}

/// What is to become of the connection.
#[derive(Debug)]
pub(super) enum Wish {
    GoOn,
    Close(Farewell),
}

impl Control {
    pub(super) fn new(stream: StreamId) -> Self {
        Self { stream, writing: VecDeque::new(), is_finished: false, give_up_at: None }
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.give_up_at
    }

    /// Writes what the stream takes; behind the last bytes of a connection that is to be closed it ends the stream.
    pub(super) fn write(&mut self, connection: &mut Connection, outbox: &Outbox, now: Instant) -> Wish {
        if self.give_up_at.is_none() && outbox.farewell().is_some() {
            self.give_up_at = Some(now + FAREWELL_TIMEOUT);
        }
        while !self.is_finished {
            if self.writing.is_empty() {
                match outbox.try_next() {
                    Some(Next::Write(chunks)) => self.writing = chunks.into(),
                    Some(Next::Close(farewell)) => {
                        // Closing a connection throws unread bytes away, so the peer has to acknowledge them first.
                        self.is_finished = true;
                        let finished = connection.send_stream(self.stream).finish();
                        return finished.map_or(Wish::Close(farewell), |()| Wish::GoOn);
                    }
                    None => break,
                }
            }
            match write_from(connection, self.stream, &mut self.writing) {
                Ok(bytes) => outbox.written(bytes),
                Err(WriteError::Blocked) => break,
                Err(WriteError::Stopped(_) | WriteError::ClosedStream) => return self.end(outbox),
            }
            if !self.writing.is_empty() {
                break;
            }
        }
        Wish::GoOn
    }

    /// The peer has everything, or reads no more: then nothing that waits can be delivered.
    pub(super) fn end(&mut self, outbox: &Outbox) -> Wish {
        self.is_finished = true;
        let farewell = outbox.farewell();
        outbox.mark_gone();
        farewell.map_or(Wish::GoOn, Wish::Close)
    }

    /// Closes when the time for last words is over.
    pub(super) fn expire(&mut self, outbox: &Outbox, now: Instant) -> Wish {
        if self.give_up_at.is_none_or(|at| at > now) {
            return Wish::GoOn;
        }
        self.give_up_at = None;
        outbox.farewell().map_or(Wish::GoOn, Wish::Close)
    }
}
