//! One connection's file streams: each a question of 33 bytes and its answer. QUIC allows only so many at once.

use super::super::{FILE_CONTENT, FILE_NOT_FOUND, FILE_REFUSED, FILE_STREAM};
use crate::{FileAnswer, FileRequestId};
use bytes::Bytes;
use quinn_proto::{Connection, ReadError, StreamId, VarInt, WriteError};
use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};
use venue_model::FileHash;

/// Time that a client has to ask, and the program to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

const QUESTION_BYTES: usize = 33;

/// All of a connection's.
#[derive(Debug, Default)]
pub(super) struct Files {
    streams: BTreeMap<StreamId, State>,
    next_request: u64,
}

#[derive(Debug)]
enum State {
    Asking {
        question: Vec<u8>,
        until: Instant,
    },
    Waiting {
        request: FileRequestId,
        until: Instant,
    },
    Answering(VecDeque<Bytes>),
    /// Written; the client does not have everything yet.
    Finishing,
}

/// What reading a stream came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Nothing new for the program.
    Nothing,
    /// The program has to answer this.
    File(FileRequestId, FileHash),
    /// The stream is of no kind that there is.
    Nonsense,
}

impl Files {
    /// A stream that the client opened.
    pub(super) fn begin(&mut self, stream: StreamId, now: Instant) {
        let question = Vec::with_capacity(QUESTION_BYTES);
        self.streams.insert(stream, State::Asking { question, until: now + ANSWER_TIMEOUT });
    }

    /// When an unanswered stream is given up.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let deadlines = self.streams.values().filter_map(|state| match state {
            State::Asking { until, .. } | State::Waiting { until, .. } => Some(*until),
            State::Answering(_) | State::Finishing => None,
        });
        deadlines.min()
    }

    /// Reads the question of a stream that may be readable.
    pub(super) fn read(&mut self, connection: &mut Connection, stream: StreamId, now: Instant) -> Asked {
        let Some(State::Asking { question, .. }) = self.streams.get_mut(&stream) else {
            return Asked::Nothing;
        };
        match read_into(connection, stream, question) {
            Ok(()) if question.len() == QUESTION_BYTES => {}
            Err(ReadError::Blocked) => return Asked::Nothing,
            // It went away before it asked.
            Ok(()) | Err(ReadError::Reset(_)) => {
                self.drop_stream(connection, stream);
                return Asked::Nothing;
            }
        }
        let &[FILE_STREAM, ref hash @ ..] = &question[..] else { return Asked::Nonsense };
        let Ok(hash) = <[u8; 32]>::try_from(hash) else { return Asked::Nonsense };
        // Whatever else it says is not listened to. A stream whose end was read already can not be stopped.
        if connection.recv_stream(stream).stop(VarInt::from_u32(0)).is_err() {
            tracing::trace!("a question ended with its last byte");
        }
        let request = FileRequestId(self.next_request);
        self.next_request += 1;
        self.streams.insert(stream, State::Waiting { request, until: now + ANSWER_TIMEOUT });
        Asked::File(request, FileHash(hash))
    }

    /// The program's answer, if anybody still waits for it.
    pub(super) fn answer(&mut self, connection: &mut Connection, request: FileRequestId, answer: FileAnswer) {
        let asked = |state: &State| matches!(state, State::Waiting { request: of, .. } if *of == request);
        let Some(stream) = self.streams.iter().find(|(_, state)| asked(state)).map(|(stream, _)| *stream)
        else {
            return tracing::debug!("a file was answered that nobody waits for any more");
        };
        let chunks = match answer {
            FileAnswer::Content(content) => {
                let mut head = vec![FILE_CONTENT];
                head.extend_from_slice(&(content.len() as u64).to_be_bytes());
                // Control goes first when both wait.
                if connection.send_stream(stream).set_priority(-1).is_err() {
                    return self.drop_stream(connection, stream);
                }
                VecDeque::from([Bytes::from(head), content])
            }
            FileAnswer::NotFound => VecDeque::from([Bytes::from_static(&[FILE_NOT_FOUND])]),
            FileAnswer::Refused => VecDeque::from([Bytes::from_static(&[FILE_REFUSED])]),
        };
        self.streams.insert(stream, State::Answering(chunks));
        self.write(connection, stream);
    }

    /// Writes what a stream takes.
    pub(super) fn write(&mut self, connection: &mut Connection, stream: StreamId) {
        let Some(State::Answering(chunks)) = self.streams.get_mut(&stream) else { return };
        match write_from(connection, stream, chunks) {
            Ok(_) if chunks.is_empty() => {}
            Ok(_) | Err(WriteError::Blocked) => return,
            Err(WriteError::Stopped(_) | WriteError::ClosedStream) => {
                return self.drop_stream(connection, stream);
            }
        }
        match connection.send_stream(stream).finish() {
            Ok(()) => drop(self.streams.insert(stream, State::Finishing)),
            Err(_) => self.drop_stream(connection, stream),
        }
    }

    /// The client has everything, or wants no more. Only now another of its streams may begin.
    pub(super) fn end(&mut self, connection: &mut Connection, stream: StreamId) {
        if !matches!(self.streams.get(&stream), None | Some(State::Finishing)) {
            self.drop_stream(connection, stream);
        }
        self.streams.remove(&stream);
    }

    /// Gives up streams whose time is over: who asks too slowly, and what the program leaves unanswered.
    pub(super) fn expire(&mut self, connection: &mut Connection, now: Instant) {
        let overdue = |(stream, state): (&StreamId, &State)| match state {
            State::Asking { until, .. } if *until <= now => Some((*stream, None)),
            State::Waiting { until, request } if *until <= now => Some((*stream, Some(*request))),
            _ => None,
        };
        let overdue: Vec<_> = self.streams.iter().filter_map(overdue).collect();
        for (stream, request) in overdue {
            match request {
                Some(request) => self.answer(connection, request, FileAnswer::Refused),
                None => self.drop_stream(connection, stream),
            }
        }
    }

    /// Breaks a stream off in both directions. Either may be over already, which is as well.
    fn drop_stream(&mut self, connection: &mut Connection, stream: StreamId) {
        self.streams.remove(&stream);
        let none = VarInt::from_u32(0);
        let is_over = connection.send_stream(stream).reset(none).is_err();
        let was_read = connection.recv_stream(stream).stop(none).is_err();
        tracing::trace!(%stream, is_over, was_read, "a file's stream was broken off");
    }
}

/// Reads up to the question's length; an error when there is not enough yet, `Ok` at the stream's end.
fn read_into(connection: &mut Connection, stream: StreamId, question: &mut Vec<u8>) -> Result<(), ReadError> {
    let mut receive = connection.recv_stream(stream);
    let Ok(mut chunks) = receive.read(true) else { return Ok(()) };
    while question.len() < QUESTION_BYTES {
        match chunks.next(QUESTION_BYTES - question.len())? {
            Some(chunk) => question.extend_from_slice(&chunk.bytes),
            None => break,
        }
    }
    Ok(())
}

/// Gives a stream what it takes of `chunks`; gives the number of bytes.
pub(super) fn write_from(
    connection: &mut Connection,
    stream: StreamId,
    chunks: &mut VecDeque<Bytes>,
) -> Result<usize, WriteError> {
    let mut bytes = 0;
    while !chunks.is_empty() {
        match connection.send_stream(stream).write_chunks(chunks.make_contiguous()) {
            Ok(written) => {
                bytes += written.bytes;
                chunks.drain(..written.chunks);
            }
            // What was written before counts.
            Err(WriteError::Blocked) if bytes > 0 => break,
            Err(error) => return Err(error),
        }
    }
    Ok(bytes)
}
