//! From packets to samples, in time: a buffer that is as long as the path is uneven, repair of what is lost from the
//! packet behind it, and concealment of the rest.
//!
//! Frames have numbers on the speaker's clock. Which of them should be heard now follows from the quickest packets of the
//! last seconds and from how late the others come ([`Arrival`]). Who is ahead of or behind that plays a little slower or
//! faster; in a pause the difference is jumped over. So a speaker's clock may drift, and a path may change, unheard.

use crate::arrival::Arrival;
use crate::stretch::{lengthen, shorten};
use crate::{BLOCK, COUNT_BITS, CodecError, FRAME, FRAME_MICROS, MAX_PACKET, SAMPLE_RATE, SILENT_BYTES};
use arrayvec::ArrayVec;
use opus::{Channels, Decoder};

/// Frames that are kept, more than a second: what comes further ahead begins anew.
const SLOTS: i64 = 64;

/// Samples that may wait: a block, and a frame that was made longer.
const READY: usize = BLOCK + 2 * FRAME;

/// Frames without any news after which the voice is silent instead of guessed.
const MOST_GUESSED: u32 = 5;

/// Loss above which a frame that is not there when it is due is taken for lost. To wait for it would put 20 ms more into the voice,
/// which have to be cut out again: that is heard more than what is guessed.
const LIKELY_LOST: f32 = 0.01;

/// How far behind what is due a voice may be, samples, 15 ms, and how far ahead, 3 ms: there the packet that would repair a
/// lost one is not there yet.
const BEHIND: i64 = 720;
const AHEAD: i64 = 144;

/// What a listener may want to see.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ReceiverStats {
    /// Packets that were taken.
    pub received: u64,
    /// Packets that came after their time, or twice.
    pub late: u64,
    /// Frames of speech that were played, repaired and guessed ones too.
    pub frames: u64,
    /// Frames that the packet behind them repaired.
    pub repaired: u64,
    /// Frames that were guessed.
    pub concealed: u64,
    /// Samples that were left out or repeated so that the voice keeps its time.
    pub stretched: u64,
    /// How long a packet waits now so that nearly all are there, µs.
    pub wait_micros: u64,
}

/// One packet that waits.
#[derive(Clone, Debug, Default)]
struct Slot {
    number: Option<i64>,
    bytes: ArrayVec<u8, MAX_PACKET>,
}

/// Whether the speaker speaks.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Speech {
    /// Nothing is heard: before the first packet, in a pause, after an interruption.
    Silent,
    /// Frames follow each other; so many were guessed in a row.
    Flowing { guessed: u32 },
}

/// One speaker's voice as it is heard.
pub struct Receiver {
    decoder: Decoder,
    slots: Vec<Slot>,
    arrival: Arrival,
    speech: Speech,
    /// The next frame to be decoded.
    next: i64,
    newest: Option<i64>,
    ready: ArrayVec<f32, READY>,
    stats: ReceiverStats,
}

impl Receiver {
    /// A receiver that has heard nothing.
    ///
    /// # Errors
    /// The codec has no memory.
    pub fn new() -> Result<Self, CodecError> {
        Ok(Self {
            decoder: Decoder::new(SAMPLE_RATE, Channels::Mono)?,
            slots: vec![Slot::default(); SLOTS as usize],
            arrival: Arrival::new(),
            speech: Speech::Silent,
            next: 0,
            newest: None,
            ready: ArrayVec::new(),
            stats: ReceiverStats::default(),
        })
    }

    /// Forgets everything, for another speaker. Takes no memory.
    pub fn restart(&mut self) {
        // What fails here fails again with the first packet, where it is a lost one.
        self.decoder.reset_state().ok();
        self.slots.iter_mut().for_each(|slot| slot.number = None);
        (self.arrival, self.speech) = (Arrival::new(), Speech::Silent);
        (self.next, self.newest, self.stats) = (0, None, ReceiverStats::default());
        self.ready.clear();
    }

    /// What has happened so far.
    pub fn stats(&self) -> ReceiverStats {
        ReceiverStats { wait_micros: self.arrival.wait(), ..self.stats }
    }

    /// The part of the frames that does not come in time, for the speaker's encoder.
    pub fn loss(&self) -> f32 {
        self.arrival.loss()
    }

    /// Takes a packet: its number, of which the low 16 bits are on the wire, and when it came, µs. Too long ones are nobody's.
    pub fn put(&mut self, low: u16, opus: &[u8], arrived: u64) {
        if opus.is_empty() || opus.len() > MAX_PACKET {
            return;
        }
        let number = self.unwrapped(low);
        if self.newest.is_none_or(|newest| (number - newest).abs() >= SLOTS) {
            self.begin_anew(number);
        }
        self.arrival.note(number, arrived);
        let slot = &mut self.slots[(number.rem_euclid(SLOTS)) as usize];
        let is_late = self.speech != Speech::Silent && number < self.next;
        if is_late || slot.number == Some(number) {
            self.stats.late += 1;
            return;
        }
        self.stats.received += 1;
        slot.number = Some(number);
        slot.bytes.clear();
        slot.bytes.extend(opus.iter().copied());
        self.newest = self.newest.max(Some(number));
    }

    /// The number nearest to the newest one that ends in these bits.
    fn unwrapped(&self, low: u16) -> i64 {
        let Some(newest) = self.newest else { return i64::from(low) };
        newest + i64::from(low.wrapping_sub(newest as u16) as i16)
    }

    /// The speaker comes from somewhere else: another device, or after a long silence.
    fn begin_anew(&mut self, number: i64) {
        self.slots.iter_mut().for_each(|slot| slot.number = None);
        (self.arrival, self.speech) = (Arrival::new(), Speech::Silent);
        (self.next, self.newest) = (number, Some(number));
    }

    /// The next 10 ms, as they are to be heard at this time, µs; whether there is a voice in them.
    pub fn take(&mut self, now: u64, block: &mut [f32; BLOCK]) -> bool {
        while self.ready.len() < BLOCK && self.play_frame(now) {}
        let count = self.ready.len().min(BLOCK);
        block[..count].copy_from_slice(&self.ready[..count]);
        block[count..].fill(0.0);
        self.ready.drain(..count);
        count > 0
    }

    /// Decodes or guesses one more frame; false while there is silence.
    fn play_frame(&mut self, now: u64) -> bool {
        // Most of those who are known say nothing most of the time: that is to cost nothing.
        if self.speech == Speech::Silent && self.newest.is_none_or(|newest| newest < self.next) {
            return false;
        }
        let Some(due) = self.due_samples(now) else { return false };
        if self.speech == Speech::Silent && !self.begin_to_speak(due) {
            return false;
        }
        let Speech::Flowing { guessed } = self.speech else { return false };
        let mut frame = [0.0; FRAME];
        if self.holds(self.next) {
            return self.play_packet(&mut frame, due);
        }
        let is_followed = self.newest.is_some_and(|newest| newest > self.next);
        if !is_followed && guessed >= MOST_GUESSED {
            self.speech = Speech::Silent;
            return false;
        }
        let is_repaired = self.holds(self.next + 1) && self.repair(&mut frame);
        if is_repaired {
            self.stats.repaired += 1;
        } else {
            // What the decoder makes of nothing: the voice goes on as it was, and fades.
            self.decoder.decode_float(&[], &mut frame, false).ok();
            self.stats.concealed += 1;
        }
        self.stats.frames += 1;
        self.ready.extend(frame);
        let is_likely_lost = guessed == 0 && self.arrival.loss() > LIKELY_LOST;
        if is_followed || is_likely_lost {
            self.arrival.note_loss(true);
            self.next += 1;
        }
        // What may only be late is played after this, and the voice has waited.
        self.speech = Speech::Flowing { guessed: if is_followed { 0 } else { guessed + 1 } };
        true
    }

    /// The moment of the speech that should be heard now, samples.
    fn due_samples(&self, now: u64) -> Option<i64> {
        Some(self.arrival.due(now)? * i64::from(SAMPLE_RATE) / 1_000_000)
    }

    fn holds(&self, number: i64) -> bool {
        self.slots[number.rem_euclid(SLOTS) as usize].number == Some(number)
    }

    /// After silence the first frame begins when it is due; older ones are past.
    fn begin_to_speak(&mut self, due: i64) -> bool {
        let first =
            self.slots.iter().filter_map(|slot| slot.number).filter(|number| *number >= self.next).min();
        let Some(first) = first.filter(|first| first * FRAME as i64 <= due) else { return false };
        self.next = first;
        self.speech = Speech::Flowing { guessed: 0 };
        true
    }

    fn play_packet(&mut self, frame: &mut [f32; FRAME], due: i64) -> bool {
        let slot = &mut self.slots[self.next.rem_euclid(SLOTS) as usize];
        slot.number = None;
        let is_pause = slot.bytes.len() <= SILENT_BYTES;
        if self.decoder.decode_float(&slot.bytes, frame, false).ok() != Some(FRAME) {
            // Whatever it was, it is no frame of ours; it is as if it had been lost.
            frame.fill(0.0);
            self.stats.concealed += 1;
        }
        // How far the voice is behind what is due.
        let behind = due - (self.next * FRAME as i64 - self.ready.len() as i64);
        self.next += 1;
        self.stats.frames += 1;
        self.arrival.note_loss(false);
        self.speech = if is_pause { Speech::Silent } else { Speech::Flowing { guessed: 0 } };
        let ready = &mut self.ready;
        let changed = if behind >= BEHIND {
            shorten(frame, |sample| ready.push(sample))
        } else if behind <= -AHEAD {
            lengthen(frame, |sample| ready.push(sample))
        } else {
            ready.extend(*frame);
            0
        };
        self.stats.stretched += changed as u64;
        true
    }

    /// Takes what the packet behind the lost one says of it, if it says anything.
    fn repair(&mut self, frame: &mut [f32; FRAME]) -> bool {
        let slot = &self.slots[(self.next + 1).rem_euclid(SLOTS) as usize];
        carries_repair(&slot.bytes) && self.decoder.decode_float(&slot.bytes, frame, true).ok() == Some(FRAME)
    }

    /// How far what is heard lies behind when it was spoken, if both clocks were one, µs.
    pub fn delay_micros(&self, now: u64) -> Option<u64> {
        let due = self.arrival.due(now)?;
        let heard =
            self.next * FRAME_MICROS as i64 - self.ready.len() as i64 * 1_000_000 / i64::from(SAMPLE_RATE);
        Some(self.arrival.wait().saturating_add_signed(due - heard))
    }
}

/// Whether a packet of one frame of 20 ms repairs the one before: the flag behind that of the voice, which only the lower band has
/// (RFC 6716 §3.1 and §4.2.3). Without it the decoder guesses and calls it repaired.
fn carries_repair(packet: &[u8]) -> bool {
    const HIGH_BAND_ALONE: u8 = 0x80;
    const REPAIR: u8 = 0x40;
    matches!(packet, [kind, flags, ..] if kind & (HIGH_BAND_ALONE | COUNT_BITS) == 0 && flags & REPAIR != 0)
}

#[cfg(test)]
mod tests;
