//! Who takes part. A participant is not an avatar: a body is optional.

use crate::{Language, ParticipantId, text::BoundedText};
use serde::{Deserialize, Serialize};

/// A displayed name, 1 to 80 characters.
pub type PersonName = BoundedText<80>;

/// The delegation that a participant speaks for, e.g. `CHE` or `ITU-R`; 0 to 24 characters.
pub type Delegation = BoundedText<24>;

/// What sort of participant this is; it decides whether there is a body and what it may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ParticipantKind {
    /// A person with a body who may speak.
    #[default]
    Delegate,
    /// A person who watches; has a body, may not take the floor.
    Observer,
    /// A person in a booth.
    Interpreter,
    /// A screen with a camera in the real venue.
    Kiosk,
    /// A robot in the real venue.
    Robot,
    /// A program without a body.
    Service,
}

impl ParticipantKind {
    /// Every kind, in wire order.
    pub const ALL: [Self; 6] =
        [Self::Delegate, Self::Observer, Self::Interpreter, Self::Kiosk, Self::Robot, Self::Service];

    /// Whether this kind stands in the venue with a body that others see.
    pub fn has_body(self) -> bool {
        self != Self::Service
    }
}

/// What a participant may do in the event beyond taking part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Takes part.
    #[default]
    Participant,
    /// Leads a meeting.
    Chair,
    /// Keeps order.
    Moderator,
    /// Runs the event.
    Organiser,
}

impl Role {
    /// Every role, in wire order.
    pub const ALL: [Self; 4] = [Self::Participant, Self::Chair, Self::Moderator, Self::Organiser];
}

/// What others may know of a participant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Who.
    pub id: ParticipantId,
    /// Kind of participant.
    pub kind: ParticipantKind,
    /// Role in the event.
    pub role: Role,
    /// Name as shown.
    pub name: PersonName,
    /// Delegation as shown, may be empty.
    pub delegation: Delegation,
    /// The language that this person reads and listens to the floor in.
    pub language: Language,
}
