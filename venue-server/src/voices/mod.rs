//! Voices on their way from one client to others: forwarded as they come, never mixed, never decoded.
//!
//! The world says each tick who is where and may hear whom ([`Attendee`]); the [`Router`] forwards by it between ticks, on
//! the network's own thread ([`VoiceLane`]). Nothing here knows sockets, codecs or keys.

mod earshot;
mod hearing;
mod router;
mod speech;

pub use earshot::{Attendee, Room};
pub use router::{Router, RouterCounts};

use bytes::Bytes;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use venue_model::ServerTime;
use venue_protocol::DatagramKind;
use venue_transport::{ConnectionId, DatagramLane};

/// The router as the tick's and the network's thread share it.
#[derive(Clone, Debug, Default)]
pub struct Voices(Arc<Mutex<Router>>);

impl Voices {
    /// The router. It is held for some ten microseconds at a time.
    pub fn lock(&self) -> MutexGuard<'_, Router> {
        // What a fault left half done is a frame of voice.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The network's end, where the server's time began at `origin`.
    pub fn lane(&self, origin: Instant) -> VoiceLane {
        VoiceLane { voices: self.clone(), origin }
    }
}

/// The network's end of the router.
#[derive(Debug)]
pub struct VoiceLane {
    voices: Voices,
    origin: Instant,
}

impl VoiceLane {
    fn time(&self, now: Instant) -> ServerTime {
        ServerTime(now.saturating_duration_since(self.origin).as_micros() as u64)
    }
}

impl DatagramLane for VoiceLane {
    fn takes(&self, kind: u8) -> bool {
        is_voice(&[kind])
    }

    fn receive(&mut self, from: ConnectionId, datagram: Bytes, now: Instant) {
        let now = self.time(now);
        self.voices.lock().receive(from, &datagram, now);
    }

    fn due(&self) -> Option<Instant> {
        let due = self.voices.lock().due()?;
        Some(self.origin + Duration::from_micros(due.0))
    }

    fn send(&mut self, now: Instant, out: &mut Vec<(ConnectionId, Bytes)>) {
        let now = self.time(now);
        self.voices.lock().flush(now, out);
    }
}

/// Whether a datagram of a client belongs here.
pub fn is_voice(datagram: &[u8]) -> bool {
    matches!(DatagramKind::of(datagram), Some(DatagramKind::VoiceFrame | DatagramKind::VoiceReport))
}
