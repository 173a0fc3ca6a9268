//! The words for what somebody is.

use venue_model::{ParticipantKind, Role};

/// The key of the word for what is not a plain delegate.
pub(crate) fn kind_key(kind: ParticipantKind) -> Option<&'static str> {
    match kind {
        ParticipantKind::Delegate => None,
        ParticipantKind::Observer => Some("kind-observer"),
        ParticipantKind::Interpreter => Some("kind-interpreter"),
        ParticipantKind::Kiosk => Some("kind-kiosk"),
        ParticipantKind::Robot => Some("kind-robot"),
        ParticipantKind::Service => Some("kind-service"),
    }
}

/// The key of the word for what is not a plain participant.
pub(crate) fn role_key(role: Role) -> Option<&'static str> {
    match role {
        Role::Participant => None,
        Role::Chair => Some("role-chair"),
        Role::Moderator => Some("role-moderator"),
        Role::Organiser => Some("role-organiser"),
    }
}
