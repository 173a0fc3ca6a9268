//! A file on its way: read part by part, never faster than all answers together may be.
//!
//! It must not know requests or names.

use super::counts::FileCounts;
use anyhow::Result;
use axum::body::HttpBody;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use std::fs::File;
use std::future::Future;
use std::io::{self, Read, Seek, SeekFrom};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Instant, Sleep, sleep_until};
use venue_transport::QuotaPermit;

/// Bytes that are read and sent at once; answers take turns by so much.
const PART_BYTES: u64 = 64 << 10;

/// What was not used lately may be made up for, so far.
const BURST: Duration = Duration::from_millis(50);

/// Where the rest of a file comes from.
#[derive(Debug)]
pub enum Content {
    /// It is in memory.
    Memory(Bytes),
    /// It stands at the place where the next part begins.
    File(File),
}

impl Content {
    /// A file from `start` on.
    pub fn file(mut file: File, start: u64) -> Result<Self> {
        file.seek(SeekFrom::Start(start))?;
        Ok(Self::File(file))
    }
}

/// How fast all answers together may be.
#[derive(Debug)]
pub struct Pace {
    bytes_per_second: f64,
    /// When what was promised until now will have left.
    free_at: Mutex<Instant>,
}

impl Pace {
    /// At most so many megabits in a second.
    pub fn new(mbit_per_second: u32) -> Self {
        let bytes_per_second = f64::from(mbit_per_second) * 1e6 / 8.0;
        Self { bytes_per_second, free_at: Mutex::new(Instant::now()) }
    }

    /// When so many bytes may be sent; the next who asks comes after them.
    fn reserve(&self, bytes: u64, now: Instant) -> Instant {
        let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
        let start = (*free_at).max(now.checked_sub(BURST).unwrap_or(now));
        *free_at = start + Duration::from_secs_f64(bytes as f64 / self.bytes_per_second);
        start
    }
}

/// The body of an answer.
#[derive(Debug)]
pub struct FileBody {
    left: u64,
    step: Step,
    pace: Arc<Pace>,
    counts: Arc<FileCounts>,
    _permit: QuotaPermit,
}

#[derive(Debug)]
enum Step {
    Ready(Content),
    /// It is this answer's turn at that time.
    Waiting(Content, Pin<Box<Sleep>>),
    Reading(JoinHandle<io::Result<(Content, Bytes)>>),
    Ended,
}

impl FileBody {
    /// `length` bytes of the content.
    pub fn new(
        content: Content,
        length: u64,
        pace: Arc<Pace>,
        counts: Arc<FileCounts>,
        permit: QuotaPermit,
    ) -> Self {
        Self { left: length, step: Step::Ready(content), pace, counts, _permit: permit }
    }

    fn part(&self) -> u64 {
        self.left.min(PART_BYTES)
    }

    fn handed_over(&mut self, bytes: Bytes, rest: Content) -> Frame<Bytes> {
        self.left -= bytes.len() as u64;
        FileCounts::add(&self.counts.bytes, bytes.len() as u64);
        self.step = Step::Ready(rest);
        Frame::data(bytes)
    }
}

/// Reads the next part; a file that ends before is an error, which breaks the answer off.
fn read(mut file: File, bytes: usize) -> io::Result<(Content, Bytes)> {
    let mut part = vec![0; bytes];
    file.read_exact(&mut part)?;
    Ok((Content::File(file), Bytes::from(part)))
}

impl HttpBody for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = self.get_mut();
        if this.left == 0 {
            return Poll::Ready(None);
        }
        let part = this.part();
        loop {
            match std::mem::replace(&mut this.step, Step::Ended) {
                Step::Ready(content) => {
                    let turn = this.pace.reserve(part, Instant::now());
                    this.step = Step::Waiting(content, Box::pin(sleep_until(turn)));
                }
                Step::Waiting(content, mut turn) => {
                    if turn.as_mut().poll(context).is_pending() {
                        this.step = Step::Waiting(content, turn);
                        return Poll::Pending;
                    }
                    match content {
                        Content::Memory(mut bytes) => {
                            let next = bytes.split_to(part as usize);
                            return Poll::Ready(Some(Ok(this.handed_over(next, Content::Memory(bytes)))));
                        }
                        Content::File(file) => {
                            let reading = tokio::task::spawn_blocking(move || read(file, part as usize));
                            this.step = Step::Reading(reading);
                        }
                    }
                }
                Step::Reading(mut reading) => {
                    let Poll::Ready(read) = Pin::new(&mut reading).poll(context) else {
                        this.step = Step::Reading(reading);
                        return Poll::Pending;
                    };
                    return Poll::Ready(Some(match read.map_err(io::Error::other).flatten() {
                        Ok((rest, bytes)) => Ok(this.handed_over(bytes, rest)),
                        Err(error) => {
                            FileCounts::note(&this.counts.failures);
                            tracing::warn!(%error, "a file of the venue cannot be read to its end");
                            Err(error)
                        }
                    }));
                }
                // After an error there is nothing more.
                Step::Ended => return Poll::Ready(None),
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn all_answers_together_keep_the_pace_and_rest_is_made_up_for_a_little() {
        let pace = Pace::new(8);
        let start = Instant::now();
        let at = |bytes: u64, now: u64| {
            pace.reserve(bytes, start + Duration::from_millis(now))
                .saturating_duration_since(start)
                .as_millis()
        };
        assert_eq!(at(100_000, 0), 0);
        assert_eq!(at(100_000, 0), 100);
        assert_eq!(at(1, 0), 200);
        assert_eq!(at(100_000, 10_000), 9_950, "at once, with what the burst allows");
        assert_eq!(at(1, 10_000), 10_050);
    }
}
