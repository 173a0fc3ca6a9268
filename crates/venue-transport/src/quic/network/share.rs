//! What one connection has in the program's queue, counted by both threads: a program that does not poll
//! stops a peer's control stream by flow control, and loses its datagrams.

use super::mailbox::{Command, Mailbox};
use crate::ConnectionId;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// Most bytes of one control event.
pub(super) const CONTROL_CHUNK_BYTES: usize = 4 * 1024;

/// Control events that wait for the program: 16 KiB of each client at most.
const MAX_CONTROL: u32 = 4;

/// Datagrams that wait for the program.
const MAX_DATAGRAMS: u32 = 64;

/// One connection's counts.
#[derive(Debug)]
pub(super) struct Share {
    connection: ConnectionId,
    control: AtomicU32,
    datagrams: AtomicU32,
    /// Whether the control stream waits for the program.
    is_starved: AtomicBool,
    mailbox: Arc<Mailbox>,
}

#[derive(Clone, Copy, Debug)]
enum Lane {
    Control,
    Datagrams,
}

/// The right to one event in the queue; dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Permit {
    share: Arc<Share>,
    lane: Lane,
}

impl Share {
    pub(super) fn new(connection: ConnectionId, mailbox: Arc<Mailbox>) -> Arc<Self> {
        let [control, datagrams] = [const { AtomicU32::new(0) }; 2];
        Arc::new(Self { connection, control, datagrams, is_starved: AtomicBool::new(false), mailbox })
    }

    /// For one control event. When there is none, [`Command::Resume`] comes as soon as there is.
    pub(super) fn take_control(self: &Arc<Self>) -> Option<Permit> {
        self.take(Lane::Control).or_else(|| {
            self.is_starved.store(true, Ordering::SeqCst);
            // The program may have taken the last event just before.
            self.take(Lane::Control)
        })
    }

    /// For one datagram.
    pub(super) fn take_datagram(self: &Arc<Self>) -> Option<Permit> {
        self.take(Lane::Datagrams)
    }

    fn take(self: &Arc<Self>, lane: Lane) -> Option<Permit> {
        let (held, most) = self.count(lane);
        // Only the network's thread takes, so that nobody else counts up in between.
        if held.load(Ordering::SeqCst) >= most {
            return None;
        }
        held.fetch_add(1, Ordering::SeqCst);
        Some(Permit { share: self.clone(), lane })
    }

    fn count(&self, lane: Lane) -> (&AtomicU32, u32) {
        match lane {
            Lane::Control => (&self.control, MAX_CONTROL),
            Lane::Datagrams => (&self.datagrams, MAX_DATAGRAMS),
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let share = &self.share;
        share.count(self.lane).0.fetch_sub(1, Ordering::SeqCst);
        if matches!(self.lane, Lane::Control) && share.is_starved.swap(false, Ordering::SeqCst) {
            share.mailbox.send(Command::Resume(share.connection));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quic::network::mailbox::testing;

    #[test]
    fn a_starved_control_stream_is_resumed_once_when_the_program_takes_an_event() {
        let mailbox = testing::mailbox();
        let share = Share::new(ConnectionId(7), mailbox.clone());
        let mut held: Vec<Permit> = (0..MAX_CONTROL).filter_map(|_| share.take_control()).collect();
        assert_eq!(held.len(), MAX_CONTROL as usize);
        held.pop();
        assert!(testing::taken(&mailbox).is_empty(), "nobody waits");
        held.extend(share.take_control());
        assert!(share.take_control().is_none());
        held.clear();
        assert!(matches!(testing::taken(&mailbox)[..], [Command::Resume(ConnectionId(7))]));
    }

    #[test]
    fn datagrams_are_counted_apart() {
        let share = Share::new(ConnectionId(7), testing::mailbox());
        let held: Vec<_> = (0..1_000).map_while(|_| share.take_datagram()).collect();
        assert_eq!(held.len(), MAX_DATAGRAMS as usize);
        assert!(share.take_control().is_some());
        drop(held);
        assert!(share.take_datagram().is_some());
    }
}
