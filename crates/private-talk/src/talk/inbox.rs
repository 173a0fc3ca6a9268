//! Messages that came before their epoch, kept until it begins. Within bounds of number, bytes and time.

use crate::error::TalkError;
use std::collections::VecDeque;
use venue_protocol::LocalTime;

const MOST_MESSAGES: usize = 64;
const MOST_BYTES: usize = 512 * 1_024;

/// How long the commit that is missing may take, µs.
const WAIT_MICROS: u64 = 10_000_000;

/// What came too early.
#[derive(Default)]
pub(super) struct Inbox {
    kept: VecDeque<(u64, Vec<u8>)>,
    bytes: usize,
    /// Since when something is missing.
    waiting_since: Option<LocalTime>,
}

/// What a kept message waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// The welcome, which may take as long as it does.
    Welcome,
    /// A commit; messages come in order, so it must come soon.
    Commit,
}

impl Inbox {
    /// Keeps a message of an epoch that has not begun.
    pub fn keep(
        &mut self,
        epoch: u64,
        bytes: &[u8],
        missing: Missing,
        now: LocalTime,
    ) -> Result<(), TalkError> {
        if self.kept.iter().any(|(_, kept)| kept == bytes) {
            return Err(TalkError::Repeated);
        }
        if missing == Missing::Welcome {
            // Who waits to come in hears what is said before; the oldest is what it can not read anyway.
            while self.is_full(bytes.len()) && !self.kept.is_empty() {
                self.drop_first();
            }
        }
        if self.is_full(bytes.len()) {
            return Err(TalkError::TooEarly);
        }
        if missing == Missing::Commit {
            self.waiting_since.get_or_insert(now);
        }
        self.bytes += bytes.len();
        self.kept.push_back((epoch, bytes.to_vec()));
        Ok(())
    }

    fn is_full(&self, more: usize) -> bool {
        self.kept.len() >= MOST_MESSAGES || self.bytes + more > MOST_BYTES
    }

    fn drop_first(&mut self) {
        if let Some((_, bytes)) = self.kept.pop_front() {
            self.bytes -= bytes.len();
        }
    }

    /// The first kept message that can be read in this epoch, or is over by now.
    pub fn take(&mut self, epoch: u64) -> Option<Vec<u8>> {
        let at = self.kept.iter().position(|(of, _)| *of <= epoch)?;
        let (_, bytes) = self.kept.remove(at)?;
        self.bytes -= bytes.len();
        if self.kept.is_empty() {
            self.waiting_since = None;
        }
        Some(bytes)
    }

    /// A new epoch began: what is still kept waits from now on.
    pub fn settle(&mut self, now: LocalTime) {
        self.waiting_since = (!self.kept.is_empty()).then_some(now);
    }

    /// When it is clear that the missing commit does not come.
    pub fn poll_timeout(&self) -> Option<LocalTime> {
        self.waiting_since.map(|since| LocalTime(since.0 + WAIT_MICROS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_out_when_their_epoch_begins() {
        let mut inbox = Inbox::default();
        for (epoch, byte) in [(3, 1), (2, 2), (3, 3), (2, 4)] {
            inbox.keep(epoch, &[byte], Missing::Commit, LocalTime(7)).unwrap();
        }
        assert_eq!(inbox.keep(2, &[4], Missing::Commit, LocalTime(7)), Err(TalkError::Repeated));
        assert_eq!(inbox.take(1), None);
        let taken: Vec<u8> = std::iter::from_fn(|| inbox.take(2)).flatten().collect();
        assert_eq!(taken, [2, 4]);
        assert_eq!(inbox.poll_timeout(), Some(LocalTime(7 + WAIT_MICROS)));
        inbox.settle(LocalTime(9));
        assert_eq!(inbox.poll_timeout(), Some(LocalTime(9 + WAIT_MICROS)));
        let taken: Vec<u8> = std::iter::from_fn(|| inbox.take(3)).flatten().collect();
        assert_eq!(taken, [1, 3]);
        assert_eq!(inbox.poll_timeout(), None, "what is kept no more waits for nothing");
    }

    #[test]
    fn there_is_a_bound() {
        let mut inbox = Inbox::default();
        let keep = |inbox: &mut Inbox, number: u16, missing| {
            inbox.keep(2, &number.to_be_bytes(), missing, LocalTime(0)).is_ok()
        };
        let kept = (0..1_000).filter(|number| keep(&mut inbox, *number, Missing::Commit)).count();
        assert_eq!(kept, MOST_MESSAGES);
        assert_eq!(
            inbox.keep(2, &vec![1; MOST_BYTES], Missing::Commit, LocalTime(0)),
            Err(TalkError::TooEarly)
        );
        // Before the welcome the newest are kept.
        assert!(keep(&mut inbox, 2_000, Missing::Welcome));
        assert_eq!(inbox.take(2), Some(vec![0, 1]));
    }
}
