//! Voices as samples and packets, and where they are heard from, with the time as an argument: no devices, no network, no clock of its own.
//!
//! Samples are mono at [`SAMPLE_RATE`], from -1 to 1. Whoever plays asks for blocks of [`BLOCK`] samples; packets hold
//! frames of [`FRAME`].

#![warn(missing_docs)]

mod arrival;
mod mouth;
mod receiver;
mod sender;
pub mod space;
pub mod steam;
mod stretch;
mod voices;

pub use mouth::{Heard, LOWEST_LEVEL, Mouth, Treatment, Utterance};
pub use receiver::{Receiver, ReceiverStats};
pub use sender::{Path, Sender, Sent};
pub use voices::{Hall, Place, Said, Voices};

/// Samples a second.
pub const SAMPLE_RATE: u32 = 48_000;

/// Samples of one block of sound, 10 ms.
pub const BLOCK: usize = 480;

/// Samples of one packet, 20 ms.
pub const FRAME: usize = 960;

/// Time of one packet, µs.
pub const FRAME_MICROS: u64 = 20_000;

/// Bytes of the longest packet that is taken.
pub const MAX_PACKET: usize = 400;

/// A packet as short as this holds no voice: the encoder says that silence begins or goes on.
const SILENT_BYTES: usize = 2;

/// The bits of a packet's first byte that say how many frames are in it (RFC 6716 §3.1).
const COUNT_BITS: u8 = 3;

/// The codec refused to start.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the voice codec does not start: {reason}")]
pub struct CodecError {
    reason: String,
}

impl From<opus::Error> for CodecError {
    fn from(error: opus::Error) -> Self {
        Self { reason: error.to_string() }
    }
}
