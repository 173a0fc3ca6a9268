//! Seats: taking one, leaving it, and who sits where. A seat holds one person.

use super::Payload;
use crate::codec::{DecodeError, Decoder, Encoder};
use crate::frame::MessageType;
use crate::values::{Wire, wire_enum};
use venue_model::{ParticipantId, SeatId};

/// Asks for a seat in the present space. [`super::BodyPlaced`] or [`SeatRefused`] answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakeSeat {
    /// Which.
    pub seat: SeatId,
}

impl Payload for TakeSeat {
    const TYPE: MessageType = MessageType(5);

    fn encode(&self, encoder: &mut Encoder) {
        self.seat.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { seat: Wire::decode(decoder)? })
    }
}

/// Stands up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaveSeat;

impl Payload for LeaveSeat {
    const TYPE: MessageType = MessageType(6);

    fn encode(&self, _: &mut Encoder) {}

    fn decode(_: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self)
    }
}

/// A seat is taken now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatTaken {
    /// Which.
    pub seat: SeatId,
    /// Who sits there.
    pub participant: ParticipantId,
}

impl Wire for SeatTaken {
    fn encode(&self, encoder: &mut Encoder) {
        self.seat.encode(encoder);
        self.participant.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { seat: Wire::decode(decoder)?, participant: Wire::decode(decoder)? })
    }
}

impl Payload for SeatTaken {
    const TYPE: MessageType = MessageType(11);

    fn encode(&self, encoder: &mut Encoder) {
        Wire::encode(self, encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Wire::decode(decoder)
    }
}

/// A seat is free now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatFreed {
    /// Which.
    pub seat: SeatId,
}

impl Payload for SeatFreed {
    const TYPE: MessageType = MessageType(12);

    fn encode(&self, encoder: &mut Encoder) {
        self.seat.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { seat: Wire::decode(decoder)? })
    }
}

/// Why a seat is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SeatRefusal {
    /// Somebody sits there.
    Taken,
    /// It is in another space.
    Elsewhere,
    /// The venue has no such seat.
    Unknown,
    /// It is kept for somebody else.
    Reserved,
    /// It is out of reach: walk to it, or be sent to its space and choose it there.
    TooFar,
}

impl SeatRefusal {
    /// All, in wire order.
    pub const ALL: [Self; 5] = [Self::Taken, Self::Elsewhere, Self::Unknown, Self::Reserved, Self::TooFar];
}

wire_enum!(SeatRefusal, SeatRefusal::ALL);

/// You do not get the seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatRefused {
    /// Which.
    pub seat: SeatId,
    /// Why not.
    pub why: SeatRefusal,
}

impl Payload for SeatRefused {
    const TYPE: MessageType = MessageType(13);

    fn encode(&self, encoder: &mut Encoder) {
        self.seat.encode(encoder);
        self.why.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { seat: Wire::decode(decoder)?, why: Wire::decode(decoder)? })
    }
}
