//! The private word: a talk of a few people that the server carries and can not read. Bytes in, bytes out; the time is
//! an argument, randomness comes from the crypto provider. No sockets, no devices, no threads.
//!
//! A talk is one MLS group (RFC 9420). Its members are devices, each with a certificate in which the server states whom
//! it let in with that device. Voice is SFrame (RFC 9605) under keys of the group, text is the group's application
//! messages. Who takes part compares a code by which a device that the server slipped in is found out.
//!
//! # How a program drives it
//! 1. Who begins calls [`Talk::start`]; who is asked and says yes calls [`Talk::answer`], and [`Talk::poll_outgoing`] has
//!    a key package for whoever asked.
//! 2. The one who asked gives it to [`Talk::invite`]. From then on the server relays to the invited device, too.
//! 3. Everything from [`Talk::poll_outgoing`] goes out: [`Outgoing::ToAll`] to all devices of the talk, the sender's own
//!    included, in one order for all; [`Outgoing::Welcome`] to one participant, who gives it to [`Talk::join`].
//! 4. Everything that comes goes into [`Talk::handle_message`], voice into [`Talk::open_voice`].
//! 5. At [`Talk::poll_timeout`] comes [`Talk::handle_timeout`]; [`Talk::poll_event`] says what a person must know.
//!
//! [`Talks`] does all this for a device by the server's messages: who asks, who is in, what goes to whom.
//!
//! What this protects and what it does not is written in `docs/threat-model.md`. The server must not use this crate, and
//! the transport must not either: the import table of tidy forbids it, so that no key can come to where ciphertext is relayed.

#![warn(missing_docs)]

mod comparison;
mod content;
mod error;
mod events;
mod group;
mod identity;
mod parcel;
mod roster;
mod talk;
mod talks;
mod voice;
mod wishes;

pub use comparison::{Code, Compared};
pub use error::{CertificateFault, TalkError, VoiceError};
pub use events::{End, Event, Outgoing, TalkStats};
pub use identity::{Admission, Device};
pub use roster::Member;
pub use talk::{Now, Talk, TalkConfig};
pub use talks::{SharedTalk, TalkNews, TalkRequest, TalkText, Talks};
pub use voice::{Heard, MAX_VOICE_BYTES, VoiceStats};

/// Most devices in one talk.
pub const MAX_MEMBERS: usize = 16;
