//! The last words on a connection.

use super::Payload;
use crate::codec::{DecodeError, Decoder, Encoder};
use crate::frame::MessageType;
use crate::values::{Wire, wire_enum};
use venue_model::BoundedText;

/// The client says goodbye.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leave;

impl Payload for Leave {
    const TYPE: MessageType = MessageType(10);

    fn encode(&self, _: &mut Encoder) {}

    fn decode(_: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self)
    }
}

/// The same invitation joined from another device; the server closes after this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenOver;

impl Payload for TakenOver {
    const TYPE: MessageType = MessageType(17);

    fn encode(&self, _: &mut Encoder) {}

    fn decode(_: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self)
    }
}

/// You were removed from the event; the server closes after this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// What the organiser says about it, may be empty.
    pub why: BoundedText<200>,
}

impl Payload for Removed {
    const TYPE: MessageType = MessageType(18);

    fn encode(&self, encoder: &mut Encoder) {
        encoder.text(&self.why);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { why: decoder.text("why")? })
    }
}

/// Why the server stops serving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClosingReason {
    /// It is stopped and will be back.
    Restart,
    /// It is stopped.
    Stopped,
    /// The event is over.
    EventOver,
}

impl ClosingReason {
    /// All, in wire order.
    pub const ALL: [Self; 3] = [Self::Restart, Self::Stopped, Self::EventOver];
}

wire_enum!(ClosingReason, ClosingReason::ALL);

/// The server stops; it closes after this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing {
    /// Why.
    pub reason: ClosingReason,
    /// Seconds after which it should be back; zero when it is not known.
    pub back_in_secs: u32,
}

impl Payload for Closing {
    const TYPE: MessageType = MessageType(19);

    fn encode(&self, encoder: &mut Encoder) {
        self.reason.encode(encoder);
        encoder.u32(self.back_in_secs);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { reason: Wire::decode(decoder)?, back_in_secs: decoder.u32("back in")? })
    }
}
