//! Where a delegate's own body is: moving between spaces, and being put somewhere by the server.

use super::Payload;
use crate::codec::{DecodeError, Decoder, Encoder};
use crate::frame::MessageType;
use crate::values::{Wire, wire_enum};
use venue_model::{Place, Posture, SpaceEpoch, SpaceId};

/// Counts how often the server put a body somewhere. A pose update carries the last one that the
/// client has applied; the server ignores updates from before its own last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Placement(pub u16);

impl Placement {
    /// The next one; wraps.
    pub fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }
}

impl Wire for Placement {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.u16(self.0);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        decoder.u16("placement").map(Self)
    }
}

/// Why the server put a body somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlacementCause {
    /// Entered the event.
    Entered,
    /// Walked through a door. The client's body has moved on meanwhile and stays where the client has it;
    /// only the space and the number for pose updates are new.
    Door,
    /// Asked to go there.
    Asked,
    /// Sat down.
    SatDown,
    /// Stood up.
    StoodUp,
    /// The step was faster than a body may move.
    TooFast,
    /// The step led where nobody can stand.
    NotWalkable,
    /// The space is not open to this person.
    NotAllowed,
}

impl PlacementCause {
    /// All, in wire order.
    pub const ALL: [Self; 8] = [
        Self::Entered,
        Self::Door,
        Self::Asked,
        Self::SatDown,
        Self::StoodUp,
        Self::TooFast,
        Self::NotWalkable,
        Self::NotAllowed,
    ];

    /// Whether the server undid what the client did.
    pub fn is_correction(self) -> bool {
        matches!(self, Self::TooFast | Self::NotWalkable | Self::NotAllowed)
    }
}

wire_enum!(PlacementCause, PlacementCause::ALL);

/// Asks to be taken to another space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoToSpace {
    /// Where to.
    pub space: SpaceId,
}

impl Payload for GoToSpace {
    const TYPE: MessageType = MessageType(4);

    fn encode(&self, encoder: &mut Encoder) {
        self.space.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { space: Wire::decode(decoder)? })
    }
}

/// You are in another space now. Snapshots of the old one end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpaceEntered {
    /// The space.
    pub space: SpaceId,
    /// Its present owner; snapshots carry the same.
    pub epoch: SpaceEpoch,
    /// The number to put into pose updates from now on.
    pub placement: Placement,
    /// Where your body is.
    pub place: Place,
    /// Why.
    pub cause: PlacementCause,
}

impl Payload for SpaceEntered {
    const TYPE: MessageType = MessageType(9);

    fn encode(&self, encoder: &mut Encoder) {
        self.space.encode(encoder);
        self.epoch.encode(encoder);
        self.placement.encode(encoder);
        self.place.encode(encoder);
        self.cause.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            space: Wire::decode(decoder)?,
            epoch: Wire::decode(decoder)?,
            placement: Wire::decode(decoder)?,
            place: Wire::decode(decoder)?,
            cause: Wire::decode(decoder)?,
        })
    }
}

/// Your body was put somewhere in the space where it is: a correction, or a seat taken or left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BodyPlaced {
    /// The number to put into pose updates from now on.
    pub placement: Placement,
    /// Where your body is.
    pub place: Place,
    /// Standing or seated.
    pub posture: Posture,
    /// Why.
    pub cause: PlacementCause,
}

impl Payload for BodyPlaced {
    const TYPE: MessageType = MessageType(10);

    fn encode(&self, encoder: &mut Encoder) {
        self.placement.encode(encoder);
        self.place.encode(encoder);
        self.posture.encode(encoder);
        self.cause.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            placement: Wire::decode(decoder)?,
            place: Wire::decode(decoder)?,
            posture: Wire::decode(decoder)?,
            cause: Wire::decode(decoder)?,
        })
    }
}
