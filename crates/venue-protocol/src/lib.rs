//! The language that client and server speak: messages, codec, clock and session state machines.
//!
//! Everything here is sans-IO: bytes and the time come in through `handle_*`, bytes and events go
//! out through `poll_*`. This crate knows no socket, clock, thread, runtime or cipher.
//! `docs/protocol.md` describes the same in prose.

#![warn(missing_docs)]

pub mod clock;
pub mod close;
pub mod codec;
pub mod datagram;
mod device_certificate;
pub mod frame;
pub mod messages;
pub mod session;
mod time;
mod values;
mod voice;

pub use close::{CloseCode, CloseReason};
pub use codec::{DecodeError, Decoder, Encoder};
pub use datagram::DatagramKind;
pub use device_certificate::{DeviceCertificate, DeviceClaims, MAX_DEVICE_CERTIFICATE_BYTES};
pub use messages::*;
pub use session::{
    ClientRequest, ClientSession, ClientSessionConfig, ClientSessionEvent, JoinRequest, ServerSession,
    ServerSessionConfig, ServerSessionEnd, ServerSessionEvent, ServerUpdate, SessionClose, SessionEnd,
};
pub use time::LocalTime;
pub use voice::{
    Earshot, HeardFrame, MAX_VOICE_BYTES, MAX_VOICES, SILENT_LEVEL, VoiceFrame, VoiceReport, VoiceStatus,
    VoiceWay, heard_frames,
};

/// The newest version of the protocol that this build speaks.
pub const VERSION_MAX: u16 = 1;

/// The oldest version of the protocol that this build speaks.
pub const VERSION_MIN: u16 = 1;

/// The name of the protocol in the TLS handshake (ALPN, RFC 7301).
pub const ALPN: &[u8] = b"vev/1";

/// The label under which both ends derive the 32 bytes that a device signs (RFC 8446 §7.5).
pub const EXPORTER_LABEL: &[u8] = b"EXPORTER-vev-session";

/// Most bytes of payload in one datagram; every path of the field carries them.
pub const MAX_DATAGRAM_BYTES: usize = 1_100;
