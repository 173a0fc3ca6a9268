//! What the program wants of the network's thread: bounded, one lock for a whole batch, one wake for many.

use crate::{ConnectionId, DatagramLane, FileAnswer, FileRequestId};
use bytes::Bytes;
use mio::Waker;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The program's lane on its way to the thread.
pub(crate) struct Lane(pub(crate) Box<dyn DatagramLane>);

impl std::fmt::Debug for Lane {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Lane")
    }
}

/// A tick's datagrams.
pub(super) type Batch = Vec<(ConnectionId, Bytes)>;

/// Something to be done for one connection or for all. Each connection has at most one of the first two
/// on their way, and one answer for each open request: that is the bound.
#[derive(Debug)]
pub(crate) enum Command {
    /// Bytes or the wish to close wait in the connection's outbox.
    Outbox(ConnectionId),
    /// The program took control bytes: more may be read.
    Resume(ConnectionId),
    /// The answer to a request for a file.
    Answer(ConnectionId, FileRequestId, FileAnswer),
    /// Some datagrams do not wait for the program from now on.
    OpenLane(Lane),
    /// Takes no more connections.
    StopAccepting,
    /// Closes what is open, and ends the thread when every client confirmed it, or after this time.
    End(Duration),
    /// Makes a fault while the connection's mail is handled.
    #[cfg(test)]
    Fault(ConnectionId),
}

impl Command {
    /// Whose it is; none of what concerns all.
    pub(super) fn connection(&self) -> Option<ConnectionId> {
        match self {
            Self::Outbox(id) | Self::Resume(id) | Self::Answer(id, ..) => Some(*id),
            #[cfg(test)]
            Self::Fault(id) => Some(*id),
            Self::OpenLane(_) | Self::StopAccepting | Self::End(_) => None,
        }
    }
}

/// Batches that wait. A thread that is behind so many ticks sends the newest: poses are worth nothing later.
const MAX_BATCHES: usize = 4;

/// Datagrams between ticks that wait; the oldest go first. An answer for each of so many clients.
const MAX_SINGLE: usize = 4_096;

/// Everything that waits.
#[derive(Debug, Default)]
pub(super) struct Mail {
    pub(super) commands: Vec<Command>,
    /// Datagrams between ticks.
    pub(super) single: VecDeque<(ConnectionId, Bytes)>,
    pub(super) batches: VecDeque<Batch>,
    /// Whether the thread was woken for it.
    is_announced: bool,
    /// Whether the thread waits for mail alone, and not for packets.
    is_awaited: bool,
}

/// The way from the program's threads to the network's.
#[derive(Debug)]
pub(crate) struct Mailbox {
    mail: Mutex<Mail>,
    /// Wakes a thread that waits for mail alone.
    came: Condvar,
    /// Wakes a thread that waits for packets.
    waker: Waker,
}

impl Mailbox {
    pub(super) fn new(waker: Waker) -> Self {
        Self { mail: Mutex::default(), came: Condvar::new(), waker }
    }

    /// One command.
    pub(crate) fn send(&self, command: Command) {
        self.put(|mail| mail.commands.push(command));
    }

    /// A tick's datagrams.
    pub(crate) fn send_batch(&self, batch: Batch) {
        self.put(|mail| {
            if mail.batches.len() >= MAX_BATCHES {
                mail.batches.pop_front();
            }
            mail.batches.push_back(batch);
        });
    }

    /// A datagram between ticks. These have room of their own: a thousand answers must not cost anybody a tick.
    pub(crate) fn send_datagram(&self, connection: ConnectionId, datagram: Bytes) {
        self.put(|mail| {
            if mail.single.len() >= MAX_SINGLE {
                mail.single.pop_front();
            }
            mail.single.push_back((connection, datagram));
        });
    }

    /// Whether the last batch was not even taken yet.
    pub(crate) fn is_behind(&self) -> bool {
        !self.lock().batches.is_empty()
    }

    /// Everything that waits.
    pub(super) fn take(&self) -> Mail {
        std::mem::take(&mut *self.lock())
    }

    /// Blocks until there is mail or the deadline passes, whatever packets come.
    pub(super) fn wait(&self, deadline: Instant) {
        let mut mail = self.lock();
        mail.is_awaited = true;
        while mail.commands.is_empty() && mail.single.is_empty() && mail.batches.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            mail = self.came.wait_timeout(mail, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        mail.is_awaited = false;
    }

    fn put(&self, what: impl FnOnce(&mut Mail)) {
        let mut mail = self.lock();
        what(&mut mail);
        let is_announced = std::mem::replace(&mut mail.is_announced, true);
        let is_awaited = mail.is_awaited;
        drop(mail);
        if is_awaited {
            self.came.notify_one();
        } else if !is_announced && let Err(error) = self.waker.wake() {
            tracing::error!(%error, "the network's thread can not be woken");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Mail> {
        // No code panics while it holds the lock.
        self.mail.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
pub(super) mod testing {
    //! A mailbox without a thread behind it.

    use super::{Command, Mailbox};
    use mio::{Poll, Token, Waker};
    use std::sync::Arc;

    pub(crate) fn mailbox() -> Arc<Mailbox> {
        let poll = Poll::new().unwrap();
        Arc::new(Mailbox::new(Waker::new(poll.registry(), Token(0)).unwrap()))
    }

    pub(crate) fn taken(mailbox: &Mailbox) -> Vec<Command> {
        mailbox.take().commands
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_batches_wait() {
        let mailbox = testing::mailbox();
        for number in 0..20 {
            mailbox.send_batch(vec![(ConnectionId(number), Bytes::new())]);
        }
        let waiting: Vec<u64> = mailbox.take().batches.iter().map(|batch| batch[0].0.0).collect();
        assert_eq!(waiting, [16, 17, 18, 19]);
        assert!(mailbox.take().batches.is_empty());
    }

    #[test]
    fn answers_between_ticks_push_no_tick_out_and_are_bounded_too() {
        let mailbox = testing::mailbox();
        assert!(!mailbox.is_behind());
        mailbox.send_batch(vec![(ConnectionId(1), Bytes::new())]);
        assert!(mailbox.is_behind());
        (0..MAX_SINGLE as u64 + 10).for_each(|of| mailbox.send_datagram(ConnectionId(of), Bytes::new()));
        let mail = mailbox.take();
        assert_eq!((mail.batches.len(), mail.single.len()), (1, MAX_SINGLE));
        assert_eq!(mail.single[0].0, ConnectionId(10), "the oldest are lost");
        assert!(!mailbox.is_behind());
    }

    #[test]
    fn mail_ends_the_wait_for_it() {
        let mailbox = testing::mailbox();
        std::thread::scope(|scope| {
            scope.spawn(|| mailbox.send(Command::StopAccepting));
            mailbox.wait(Instant::now() + Duration::from_secs(3_600));
        });
        assert_eq!(testing::taken(&mailbox).len(), 1);
        mailbox.wait(Instant::now());
    }
}
