//! The venue changes while people are in it, as it does while somebody builds it.

use super::welcome::MAX_WELCOME_SPACES;
use super::{Payload, Placement, PlacementCause};
use crate::codec::{DecodeError, Decoder, Encoder};
use crate::frame::MessageType;
use crate::values::Wire;
use venue_model::{BoundedText, FileHash, Place, Posture, SpaceEpoch, SpaceId};

/// The venue has a new state. Everything that was said of spaces, seats and the floor before belongs to the old one.
#[derive(Clone, Debug, PartialEq)]
pub struct VenueRenewed {
    /// The manifest of the new state, to be asked for as a file.
    pub manifest: FileHash,
    /// Its size.
    pub manifest_bytes: u32,
    /// The spaces of the new state that your invitation opens.
    pub open_spaces: Vec<SpaceId>,
    /// The space that you are in.
    pub space: SpaceId,
    /// Its present owner; snapshots carry the same.
    pub epoch: SpaceEpoch,
    /// The number to put into pose updates from now on.
    pub placement: Placement,
    /// Where your body is.
    pub place: Place,
    /// Standing or seated.
    pub posture: Posture,
    /// `Door`: your body stays where you have it. `Asked`: what it stood or sat on is gone, and it was put elsewhere.
    pub cause: PlacementCause,
}

impl Payload for VenueRenewed {
    const TYPE: MessageType = MessageType(20);

    fn encode(&self, encoder: &mut Encoder) {
        self.manifest.encode(encoder);
        encoder.u32(self.manifest_bytes);
        encoder.list(MAX_WELCOME_SPACES, &self.open_spaces, |e, space| space.encode(e));
        self.space.encode(encoder);
        self.epoch.encode(encoder);
        self.placement.encode(encoder);
        self.place.encode(encoder);
        self.posture.encode(encoder);
        self.cause.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            manifest: Wire::decode(decoder)?,
            manifest_bytes: decoder.u32("manifest size")?,
            open_spaces: decoder.list("open spaces", MAX_WELCOME_SPACES, Wire::decode)?,
            space: Wire::decode(decoder)?,
            epoch: Wire::decode(decoder)?,
            placement: Wire::decode(decoder)?,
            place: Wire::decode(decoder)?,
            posture: Wire::decode(decoder)?,
            cause: Wire::decode(decoder)?,
        })
    }
}

/// What a builder's tools say, in their own words.
pub type VenueNoteWords = BoundedText<500>;

plain_message! {
    /// Something that whoever builds the venue should know: why its new state was not taken.
    VenueNote 0x8015 {
        /// What.
        words: VenueNoteWords,
    }
}
