//! Admission: everything that a client needs to stand in the venue.

use super::{Payload, Placement, Presence, SeatTaken, Ticket};
use crate::codec::{DecodeError, Decoder, Encoder};
use crate::frame::MessageType;
use crate::values::{Wire, wire_enum};
use venue_model::{BoundedText, FileHash, Participant, Place, SpaceEpoch, SpaceId};

/// Most people in one [`Welcome`]; the session sends further ones as [`super::PresenceJoined`].
pub const MAX_WELCOME_PEOPLE: usize = 1_024;

/// Most spaces that a [`Welcome`] names; a venue has no more.
pub const MAX_WELCOME_SPACES: usize = 1_024;

/// Most taken seats in one [`Welcome`]; the session sends further ones as [`SeatTaken`].
pub const MAX_WELCOME_SEATS: usize = 4_096;

/// Title of an event as shown, at most 200 characters.
pub type EventTitle = BoundedText<200>;

/// Which privacy notice the event shows, e.g. `2026-11`; at most 32 characters.
pub type NoticeVersion = BoundedText<32>;

/// What a delegate should be told about the way they came in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum EntryNote {
    /// As the invitation says.
    #[default]
    AsInvited,
    /// The event is full, so this delegate is an observer.
    ObserverBecauseFull,
    /// Another device of the same invitation had to leave.
    TookOver,
}

impl EntryNote {
    /// All, in wire order.
    pub const ALL: [Self; 3] = [Self::AsInvited, Self::ObserverBecauseFull, Self::TookOver];
}

wire_enum!(EntryNote, EntryNote::ALL);

/// Admitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Welcome {
    /// Who the server takes you for; its id is yours.
    pub you: Participant,
    /// What to tell about the way in.
    pub entry: EntryNote,
    /// For coming back.
    pub ticket: Ticket,
    /// The event's title.
    pub event_title: EventTitle,
    /// The privacy notice that holds.
    pub notice: NoticeVersion,
    /// The venue's manifest, to be asked for as a file.
    pub manifest: FileHash,
    /// Its size.
    pub manifest_bytes: u32,
    /// The space that you stand in.
    pub space: SpaceId,
    /// Its present owner.
    pub epoch: SpaceEpoch,
    /// The number to put into pose updates.
    pub placement: Placement,
    /// Where your body is.
    pub place: Place,
    /// The spaces that your invitation opens.
    pub open_spaces: Vec<SpaceId>,
    /// Everybody else in the event.
    pub people: Vec<Presence>,
    /// Seats that are taken.
    pub seats: Vec<SeatTaken>,
}

impl Payload for Welcome {
    const TYPE: MessageType = MessageType(3);

    fn encode(&self, encoder: &mut Encoder) {
        self.you.encode(encoder);
        self.entry.encode(encoder);
        self.ticket.encode(encoder);
        encoder.text(&self.event_title);
        encoder.text(&self.notice);
        self.manifest.encode(encoder);
        encoder.u32(self.manifest_bytes);
        self.space.encode(encoder);
        self.epoch.encode(encoder);
        self.placement.encode(encoder);
        self.place.encode(encoder);
        encoder.list(MAX_WELCOME_SPACES, &self.open_spaces, |e, space| space.encode(e));
        encoder.list(MAX_WELCOME_PEOPLE, &self.people, |e, presence| presence.encode(e));
        encoder.list(MAX_WELCOME_SEATS, &self.seats, |e, seat| Wire::encode(seat, e));
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            you: Wire::decode(decoder)?,
            entry: Wire::decode(decoder)?,
            ticket: Payload::decode(decoder)?,
            event_title: decoder.text("event title")?,
            notice: decoder.text("notice")?,
            manifest: Wire::decode(decoder)?,
            manifest_bytes: decoder.u32("manifest size")?,
            space: Wire::decode(decoder)?,
            epoch: Wire::decode(decoder)?,
            placement: Wire::decode(decoder)?,
            place: Wire::decode(decoder)?,
            open_spaces: decoder.list("open spaces", MAX_WELCOME_SPACES, Wire::decode)?,
            people: decoder.list("people", MAX_WELCOME_PEOPLE, Wire::decode)?,
            seats: decoder.list("seats", MAX_WELCOME_SEATS, Wire::decode)?,
        })
    }
}
