//! What the threads of the voices share: the frame, the network's, the device's and the microphone's. Each side is one that
//! writes and one that reads; the device's side never waits.
//!
//! It must not know samples.

use super::ear::Arrived;
use arrayvec::ArrayVec;
use bytes::Bytes;
use private_talk::SharedTalk;
use rtrb::{Consumer, Producer};
use spatial_voice::{BLOCK, Heard, MAX_PACKET, Path};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use venue_model::ParticipantId;
use venue_protocol::{DatagramKind, HeardFrame, LocalTime, VoiceStatus, VoiceWay, heard_frames};
use venue_transport::{DatagramSender, DatagramTap};

/// Where the line's time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The system's, since then.
    Real(Instant),
    /// Whoever lets time pass says it.
    Told(Arc<AtomicU64>),
}

impl Clock {
    /// Now, µs.
    pub fn micros(&self) -> u64 {
        match self {
            Self::Real(since) => since.elapsed().as_micros() as u64,
            Self::Told(micros) => micros.load(Ordering::Acquire),
        }
    }

    /// Says the time to a clock that is told it.
    pub fn tell(&self, now: LocalTime) {
        if let Self::Told(micros) = self {
            micros.store(now.0, Ordering::Release);
        }
    }
}

/// Where the microphone's sound goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Way {
    /// Nowhere.
    #[default]
    Closed,
    /// To whoever may hear it.
    Around,
    /// Back, so that its owner hears how it sounds.
    Back,
    /// To the others of a private talk, sealed.
    Private,
}

impl Way {
    fn of(number: u8) -> Self {
        [Self::Around, Self::Back, Self::Private]
            .into_iter()
            .find(|way| *way as u8 == number)
            .unwrap_or_default()
    }

    /// As it stands in frames; none while closed.
    pub fn on_the_wire(self) -> Option<VoiceWay> {
        match self {
            Self::Closed => None,
            Self::Around => Some(VoiceWay::Around),
            Self::Back => Some(VoiceWay::Back),
            Self::Private => Some(VoiceWay::Private),
        }
    }
}

/// What the threads share.
pub struct Line {
    clock: Clock,
    packets: Mutex<Producer<Arrived>>,
    reference: Mutex<Option<Consumer<[f32; BLOCK]>>>,
    sender: Mutex<Option<Arc<dyn DatagramSender>>>,
    way: AtomicU8,
    lost: AtomicU8,
    is_narrow: AtomicBool,
    level: AtomicU8,
    is_voice: AtomicBool,
    /// Counts connections: voices of an earlier one are not gone on with.
    connections: AtomicU32,
    sent: AtomicU64,
    talk: Mutex<Option<Keys>>,
    /// Numbers frames of all talks: none is used twice under one key.
    sealed: AtomicU64,
}

/// A talk whose keys the line holds, and the others who hold them.
struct Keys {
    talk: SharedTalk,
    others: Vec<ParticipantId>,
}

impl Line {
    pub(super) fn new(clock: Clock, packets: Producer<Arrived>, reference: Consumer<[f32; BLOCK]>) -> Self {
        Self {
            clock,
            packets: Mutex::new(packets),
            reference: Mutex::new(Some(reference)),
            sender: Mutex::new(None),
            way: AtomicU8::new(0),
            lost: AtomicU8::new(0),
            is_narrow: AtomicBool::new(false),
            level: AtomicU8::new(spatial_voice::LOWEST_LEVEL),
            is_voice: AtomicBool::new(false),
            connections: AtomicU32::new(0),
            sent: AtomicU64::new(0),
            talk: Mutex::new(None),
            sealed: AtomicU64::new(0),
        }
    }

    /// The line's time.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// A connection is there: what is spoken goes this way.
    pub fn connect(&self, sender: Arc<dyn DatagramSender>) {
        *lock(&self.sender) = Some(sender);
        self.connections.fetch_add(1, Ordering::AcqRel);
    }

    /// The connection is gone.
    pub fn disconnect(&self) {
        *lock(&self.sender) = None;
        self.set_way(Way::Closed);
    }

    /// Which connection this is.
    pub(super) fn connection(&self) -> u32 {
        self.connections.load(Ordering::Acquire)
    }

    /// Where the microphone's sound goes from now on.
    pub fn set_way(&self, way: Way) {
        self.way.store(way as u8, Ordering::Release);
    }

    /// Where it goes.
    pub fn way(&self) -> Way {
        Way::of(self.way.load(Ordering::Acquire))
    }

    /// The private talk that the person is in, and the others in it; none outside of one.
    pub fn set_talk(&self, talk: Option<(SharedTalk, Vec<ParticipantId>)>) {
        *lock(&self.talk) = talk.map(|(talk, others)| Keys { talk, others });
    }

    /// A packet as only the others of the talk can read it; none when the talk is over.
    pub(super) fn seal(&self, packet: &[u8]) -> Option<Bytes> {
        let keys = lock(&self.talk);
        let frame = self.sealed.fetch_add(1, Ordering::AcqRel);
        let sealed = lock(&keys.as_ref()?.talk).seal_voice(frame, packet);
        sealed
            .inspect_err(|error| tracing::debug!(%error, "20 ms of the private talk are lost"))
            .ok()
            .map(Bytes::from)
    }

    /// The packet of a frame that came, if the person may hear it. Who is in the same talk speaks sealed or not at all: a
    /// server that puts words into their mouths is not listened to.
    fn unwrapped(&self, frame: &HeardFrame<'_>) -> Option<ArrayVec<u8, MAX_PACKET>> {
        let keys = lock(&self.talk);
        if frame.way != VoiceWay::Private {
            let is_of_talk = keys.as_ref().is_some_and(|keys| keys.others.contains(&frame.speaker));
            return frame.voice.try_into().ok().filter(|_| !is_of_talk);
        }
        let now = LocalTime(self.clock.micros());
        let opened = lock(&keys.as_ref()?.talk).open_voice(frame.speaker, frame.voice, now);
        let heard =
            opened.inspect_err(|error| tracing::debug!(%error, "a frame of the private talk is not heard"));
        heard.ok()?.opus.as_slice().try_into().ok()
    }

    /// What the server said of the way to the listeners.
    pub fn take_status(&self, status: &VoiceStatus) {
        self.lost.store(status.lost, Ordering::Relaxed);
        self.is_narrow.store(status.is_narrow, Ordering::Relaxed);
    }

    pub(super) fn path(&self) -> Path {
        let lost = u32::from(self.lost.load(Ordering::Relaxed));
        Path {
            // Any loss is one: whoever speaks puts repair into the packets then.
            loss_percent: (lost * 100).div_ceil(255).min(100) as u8,
            is_narrow: self.is_narrow.load(Ordering::Relaxed),
        }
    }

    /// What the microphone hears now: loudness, and whether there is a voice.
    pub fn own(&self) -> Heard {
        let (level, is_voice) = (self.level.load(Ordering::Relaxed), self.is_voice.load(Ordering::Relaxed));
        Heard { level, is_voice }
    }

    pub(super) fn set_own(&self, heard: Heard) {
        self.level.store(heard.level, Ordering::Relaxed);
        self.is_voice.store(heard.is_voice, Ordering::Relaxed);
    }

    /// Packets that went out.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    pub(super) fn send(&self, datagram: Bytes) {
        let sender = lock(&self.sender).clone();
        if let Some(sender) = sender {
            sender.send(datagram);
            self.sent.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// What was played, for whoever takes it out of the microphone's sound; one at a time.
    pub(super) fn take_reference(&self) -> Option<Consumer<[f32; BLOCK]>> {
        let mut reference = lock(&self.reference).take();
        if let Some(reference) = &mut reference {
            // What was played before the microphone opened is no echo in it.
            while reference.pop().is_ok() {}
        }
        reference
    }

    pub(super) fn give_reference(&self, reference: Consumer<[f32; BLOCK]>) {
        *lock(&self.reference) = Some(reference);
    }
}

impl DatagramTap for Line {
    fn takes(&self, kind: u8) -> bool {
        kind == DatagramKind::Voices.number()
    }

    fn receive(&self, datagram: &Bytes) {
        let arrived = self.clock.micros();
        let mut packets = lock(&self.packets);
        // What is broken is a lost packet here; the server's other words would end the session.
        for frame in heard_frames(datagram).map_while(Result::ok) {
            let Some(bytes) = self.unwrapped(&frame) else { continue };
            let (speaker, way, sequence) = (frame.speaker, frame.way, frame.sequence);
            if packets.push(Arrived { speaker, way, sequence, arrived, bytes }).is_err() {
                tracing::trace!("nobody plays what others say");
                return;
            }
        }
    }
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").field("way", &self.way()).field("own", &self.own()).finish_non_exhaustive()
    }
}

fn lock<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}
