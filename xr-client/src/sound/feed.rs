//! What the frame tells the audio callback: sounds to begin, volume, mono. A ring of atomic numbers, because a callback
//! that waits for a lock or for memory is heard as a crack.
//!
//! One frame thread writes, one mixer reads. It must not know devices.

use super::earcons::Bank;
use super::kinds::Sound;
use super::settings::AudioSettings;
use crate::voice::Ear;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Sounds that wait for the next block; more are let go.
const WAITING: usize = 16;

/// The way from the frame to the audio callback.
#[derive(Debug)]
pub struct Feed {
    bank: Bank,
    waiting: [AtomicU8; WAITING],
    /// How many were written and how many were read, since the beginning.
    written: AtomicUsize,
    read: AtomicUsize,
    gain_bits: AtomicU32,
    is_mono: AtomicBool,
    /// What others say, between two mixers; nobody locks it while a device plays.
    ear: Mutex<Option<Box<Ear>>>,
}

impl Feed {
    /// An empty one, silent until it is set.
    pub fn new() -> Self {
        Self {
            bank: Bank::new(),
            waiting: std::array::from_fn(|_| AtomicU8::new(0)),
            written: AtomicUsize::new(0),
            read: AtomicUsize::new(0),
            gain_bits: AtomicU32::new(0),
            is_mono: AtomicBool::new(false),
            ear: Mutex::new(None),
        }
    }

    /// Takes what others say for a mixer.
    pub(super) fn take_ear(&self) -> Option<Box<Ear>> {
        self.ear.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Keeps it for the next mixer.
    pub(super) fn give_ear(&self, ear: Box<Ear>) {
        *self.ear.lock().unwrap_or_else(PoisonError::into_inner) = Some(ear);
    }

    /// Takes volume and mono from the settings.
    pub fn set(&self, settings: &AudioSettings) {
        let gain = if settings.sounds { settings.gain() } else { 0.0 };
        self.gain_bits.store(gain.to_bits(), Ordering::Relaxed);
        self.is_mono.store(settings.mono, Ordering::Relaxed);
    }

    /// Lets a sound begin with the next block; says whether there was room. For one thread alone.
    pub fn begin(&self, sound: Sound) -> bool {
        let written = self.written.load(Ordering::Relaxed);
        if written.wrapping_sub(self.read.load(Ordering::Acquire)) >= WAITING {
            return false;
        }
        self.waiting[written % WAITING].store(sound.index() as u8, Ordering::Relaxed);
        self.written.store(written.wrapping_add(1), Ordering::Release);
        true
    }

    /// The next sound to begin. For one mixer alone.
    pub(super) fn next(&self) -> Option<Sound> {
        let read = self.read.load(Ordering::Relaxed);
        if read == self.written.load(Ordering::Acquire) {
            return None;
        }
        let number = self.waiting[read % WAITING].load(Ordering::Relaxed);
        self.read.store(read.wrapping_add(1), Ordering::Release);
        Sound::ALL.get(usize::from(number)).copied()
    }

    pub(super) fn gain(&self) -> f32 {
        f32::from_bits(self.gain_bits.load(Ordering::Relaxed))
    }

    pub(super) fn is_mono(&self) -> bool {
        self.is_mono.load(Ordering::Relaxed)
    }

    pub(super) fn bank(&self) -> &Bank {
        &self.bank
    }
}

impl Default for Feed {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sounds_come_out_in_order_and_what_does_not_fit_is_refused() {
        let feed = Feed::new();
        for round in 0..5 {
            let sounds = Sound::ALL.into_iter().cycle().skip(round).take(WAITING);
            for sound in sounds.clone() {
                assert!(feed.begin(sound));
            }
            assert!(!feed.begin(Sound::ToMe), "the ring is full");
            assert!(sounds.map(Some).eq((0..WAITING).map(|_| feed.next())));
            assert_eq!(feed.next(), None);
        }
    }

    #[test]
    fn two_threads_lose_and_invent_nothing() {
        let feed = Feed::new();
        let total = 20_000;
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for number in 0..total {
                    while !feed.begin(Sound::ALL[number % Sound::ALL.len()]) {
                        std::thread::yield_now();
                    }
                }
            });
            let mut expected = 0;
            while expected < total {
                match feed.next() {
                    Some(sound) => {
                        assert_eq!(sound, Sound::ALL[expected % Sound::ALL.len()]);
                        expected += 1;
                    }
                    None => std::thread::yield_now(),
                }
            }
        });
        assert_eq!(feed.next(), None);
    }
}
