//! Raised hands and microphones: what a participant asks of the chair, and what the chair allows.
//!
//! All of these are optional types: a program that knows no hands skips them.

use super::Payload;
use crate::codec::{DecodeError, Decoder, Encoder};
use crate::frame::MessageType;
use crate::values::{Wire, wire_enum};
use venue_model::{ParticipantId, ServerTime};

/// Whether one's hand is up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Hand {
    /// Down.
    #[default]
    Lowered,
    /// Up: asks for the floor.
    Raised,
}

impl Hand {
    /// Both, in wire order.
    pub const ALL: [Self; 2] = [Self::Lowered, Self::Raised];
}

wire_enum!(Hand, Hand::ALL);

/// Raises or lowers one's own hand. [`HandRaised`] or [`HandLowered`] tells everybody, oneself too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetHand {
    /// As it is wanted.
    pub hand: Hand,
}

impl Payload for SetHand {
    const TYPE: MessageType = MessageType(0x8001);

    fn encode(&self, encoder: &mut Encoder) {
        self.hand.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { hand: Wire::decode(decoder)? })
    }
}

/// A hand is up. Those who raised theirs earlier come first in the queue; of two at the same time
/// the one with the smaller participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandRaised {
    /// Whose.
    pub participant: ParticipantId,
    /// Since when.
    pub at: ServerTime,
}

impl Payload for HandRaised {
    const TYPE: MessageType = MessageType(0x8001);

    fn encode(&self, encoder: &mut Encoder) {
        self.participant.encode(encoder);
        self.at.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { participant: Wire::decode(decoder)?, at: Wire::decode(decoder)? })
    }
}

/// A hand is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandLowered {
    /// Whose.
    pub participant: ParticipantId,
}

impl Payload for HandLowered {
    const TYPE: MessageType = MessageType(0x8002);

    fn encode(&self, encoder: &mut Encoder) {
        self.participant.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { participant: Wire::decode(decoder)? })
    }
}

/// A participant's microphone. A moderator's mute holds until a moderator gives the microphone back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Microphone {
    /// Closed by the participant's own choice, as everybody comes in.
    #[default]
    Muted,
    /// Closed by a moderator: only a moderator gives it back.
    MutedByModerator,
    /// Open: whoever may hear it does. [`MicrophoneOpened`] tells of it.
    Open,
}

impl Microphone {
    /// All that [`MicrophoneChanged`] tells of, in wire order.
    pub const CLOSED: [Self; 2] = [Self::Muted, Self::MutedByModerator];
}

wire_enum!(Microphone, Microphone::CLOSED);

/// A participant's microphone is closed now. Whoever was not heard of has the default. That it is open is a message
/// of its own, which programs without voice skip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MicrophoneChanged {
    /// Whose.
    pub participant: ParticipantId,
    /// As it is now, one of [`Microphone::CLOSED`].
    pub microphone: Microphone,
}

impl Payload for MicrophoneChanged {
    const TYPE: MessageType = MessageType(0x8003);

    fn encode(&self, encoder: &mut Encoder) {
        self.participant.encode(encoder);
        self.microphone.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { participant: Wire::decode(decoder)?, microphone: Wire::decode(decoder)? })
    }
}

plain_message! {
    /// Opens or closes one's own microphone: while it is closed the server forwards nothing of it. Everybody hears of the
    /// outcome, oneself too; a wish that is not granted is answered by how it is.
    SetMicrophone 0x800a {
        /// Whether it is to be open.
        is_open: bool,
    }
}

plain_message! {
    /// A participant's microphone is open now.
    MicrophoneOpened 0x8017 {
        /// Whose.
        participant: ParticipantId,
    }
}
