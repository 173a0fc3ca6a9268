//! Watching a full event: who waits for a place, who was brought in beyond the limit, who has a place now.
//!
//! An optional type: a program that does not know it sees observers, and people who come in.

use super::Payload;
use crate::codec::{DecodeError, Decoder, Encoder};
use crate::frame::MessageType;
use crate::values::{Wire, wire_enum};
use venue_model::{ParticipantId, ParticipantKind, ServerTime};

/// How somebody who came to a full event takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WatchState {
    /// Watches, has no body, and stands in the line for a place.
    Watching,
    /// Was brought in by somebody who keeps order: has a body beyond the limit, and stands in the line.
    BroughtIn,
    /// Has a place like everybody else.
    Over,
}

impl WatchState {
    /// All, in wire order.
    pub const ALL: [Self; 3] = [Self::Watching, Self::BroughtIn, Self::Over];
}

wire_enum!(WatchState, WatchState::ALL);

plain_message! {
    /// How a participant who came to a full event takes part now. Who came first stands first in the line; of two at
    /// the same time the one with the smaller participant. Whoever was not heard of came to a free place.
    Watch 0x8016 {
        /// Who.
        participant: ParticipantId,
        /// Since when the participant stands in the line.
        since: ServerTime,
        /// What the participant was invited as, and is with a place.
        kind: ParticipantKind,
        /// How the participant takes part.
        state: WatchState,
    }
}
