//! Who is in the event, and where. The authority for who exists; datagrams only move them.

use super::{Appearance, Payload};
use crate::codec::{DecodeError, Decoder, Encoder};
use crate::frame::MessageType;
use crate::values::Wire;
use venue_model::{Participant, ParticipantId, SpaceId};

/// One person in the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presence {
    /// Who.
    pub participant: Participant,
    /// How they look.
    pub appearance: Appearance,
    /// Which space they are in.
    pub space: SpaceId,
}

impl Wire for Presence {
    fn encode(&self, encoder: &mut Encoder) {
        self.participant.encode(encoder);
        self.appearance.encode(encoder);
        self.space.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            participant: Wire::decode(decoder)?,
            appearance: Wire::decode(decoder)?,
            space: Wire::decode(decoder)?,
        })
    }
}

macro_rules! presence_message {
    ($(#[$doc:meta])* $name:ident $number:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            /// Who, and everything about them as it is now.
            pub presence: Presence,
        }

        impl Payload for $name {
            const TYPE: MessageType = MessageType($number);

            fn encode(&self, encoder: &mut Encoder) {
                self.presence.encode(encoder);
            }

            fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
                Ok(Self { presence: Wire::decode(decoder)? })
            }
        }
    };
}

presence_message!(
    /// Somebody entered the event.
    PresenceJoined 6
);
presence_message!(
    /// Somebody moved to another space or changed name, looks or language.
    PresenceChanged 7
);

/// Somebody left the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PresenceLeft {
    /// Who.
    pub participant: ParticipantId,
}

impl Payload for PresenceLeft {
    const TYPE: MessageType = MessageType(8);

    fn encode(&self, encoder: &mut Encoder) {
        self.participant.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { participant: Wire::decode(decoder)? })
    }
}
