//! From samples to packets: Opus with in-band repair, silent where nobody speaks.

use crate::{COUNT_BITS, CodecError, FRAME, MAX_PACKET, SAMPLE_RATE, SILENT_BYTES};
use arrayvec::ArrayVec;
use opus::{Application, Bitrate, Channels, Encoder};

/// Bits a second on a good path, and on a narrow one.
const BITRATES: (i32, i32) = (32_000, 16_000);

/// How hard the encoder tries, of 10: more is not heard.
const COMPLEXITY: i32 = 8;

/// The loss that is expected at least while any is, %: with less than this the encoder puts no repair into packets of our bitrate
/// at all.
const LEAST_LOSS: u8 = 10;

/// Frames of voice after which a path of which no loss was reported needs no repair, ten seconds: the first packet that is lost is
/// lost before anybody has reported it.
const TRUSTED_AFTER: u32 = 500;

/// Loss above which the encoder would spend more on repair than on voice, %.
const MOST_LOSS: u8 = 30;

/// Packets that tell of a pause: one may be lost.
const PAUSES: u32 = 2;

/// What the listeners' reports say of the way to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Path {
    /// Packets of a hundred that are lost.
    pub loss_percent: u8,
    /// Whether there is no room for the better sound.
    pub is_narrow: bool,
}

impl Default for Path {
    fn default() -> Self {
        Self { loss_percent: LEAST_LOSS, is_narrow: false }
    }
}

/// What became of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// A packet for the network.
    Voice(ArrayVec<u8, MAX_PACKET>),
    /// One of the first packets of silence: listeners know that nothing is lost when no more come.
    Pause(ArrayVec<u8, MAX_PACKET>),
    /// Nobody speaks; nothing is sent.
    Nothing,
}

/// Encodes one microphone.
pub struct Sender {
    encoder: Encoder,
    path: Path,
    /// Frames of voice since the last report of a loss.
    whole: u32,
    /// Silent frames since the last voice.
    silent: u32,
    /// The last packet's first byte: mode, bandwidth, length.
    kind: u8,
}

impl Sender {
    /// An encoder that knows nothing of the path.
    ///
    /// # Errors
    /// The codec has no memory.
    pub fn new() -> Result<Self, CodecError> {
        let mut encoder = Encoder::new(SAMPLE_RATE, Channels::Mono, Application::Voip)?;
        encoder.set_complexity(COMPLEXITY)?;
        encoder.set_inband_fec(true)?;
        encoder.set_dtx(true)?;
        let mut sender = Self { encoder, path: Path::default(), whole: 0, silent: u32::MAX, kind: 0 };
        sender.apply()?;
        Ok(sender)
    }

    /// Adapts to the path.
    ///
    /// # Errors
    /// The codec refuses.
    pub fn follow(&mut self, path: Path) -> Result<(), CodecError> {
        if path != self.path {
            self.path = path;
            self.apply()?;
        }
        if path.loss_percent > 0 {
            self.whole = 0;
        }
        Ok(())
    }

    fn apply(&mut self) -> Result<(), CodecError> {
        let bitrate = if self.path.is_narrow { BITRATES.1 } else { BITRATES.0 };
        self.encoder.set_bitrate(Bitrate::Bits(bitrate))?;
        let is_trusted = self.path.loss_percent == 0 && self.whole >= TRUSTED_AFTER;
        let loss = if is_trusted { 0 } else { self.path.loss_percent.clamp(LEAST_LOSS, MOST_LOSS) };
        self.encoder.set_packet_loss_perc(i32::from(loss))?;
        Ok(())
    }

    /// Encodes the next 20 ms.
    ///
    /// # Errors
    /// The codec refuses the samples.
    pub fn encode(&mut self, frame: &[f32; FRAME]) -> Result<Sent, CodecError> {
        let packet = self.packet_of(frame)?;
        self.silent = if packet.len() <= SILENT_BYTES { self.silent.saturating_add(1) } else { 0 };
        if self.silent == 0 {
            self.whole = self.whole.saturating_add(1);
            if self.whole == TRUSTED_AFTER {
                self.apply()?;
            }
        }
        Ok(match self.silent {
            0 => Sent::Voice(packet),
            1..=PAUSES => Sent::Pause(packet),
            _ => Sent::Nothing,
        })
    }

    /// The next 20 ms of a microphone that is closed, or hears nobody: the voice fades, listeners hear of the pause, and then
    /// there is nothing.
    ///
    /// # Errors
    /// The codec refuses.
    pub fn rest(&mut self) -> Result<Sent, CodecError> {
        self.silent = self.silent.saturating_add(1);
        if self.silent == 1 {
            return Ok(Sent::Voice(self.packet_of(&[0.0; FRAME])?));
        }
        // A packet's first byte alone is a frame of nothing (RFC 6716 §3.1, code 0).
        let pause = || [self.kind & !COUNT_BITS].into_iter().collect();
        Ok(if self.silent <= 1 + PAUSES { Sent::Pause(pause()) } else { Sent::Nothing })
    }

    fn packet_of(&mut self, frame: &[f32; FRAME]) -> Result<ArrayVec<u8, MAX_PACKET>, CodecError> {
        let mut bytes = [0; MAX_PACKET];
        let count = self.encoder.encode_float(frame, &mut bytes)?;
        self.kind = bytes[0];
        Ok(bytes[..count].iter().copied().collect())
    }
}
