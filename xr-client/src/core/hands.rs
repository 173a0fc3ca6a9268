//! Raised hands: asking for the floor, and hearing who else does.
//!
//! It must not know who gives the floor. A hand is up when the server says so, not when the key is pressed.

use super::client::{ClientCore, CoreEvent};
use super::connect::Connector;
use crate::panels::model::Notice;
use venue_model::ParticipantKind;
use venue_protocol::session::ClientRequest;
use venue_protocol::{Hand, HandRaised, SetHand};

impl<C: Connector> ClientCore<C> {
    /// Whether the person's own hand is up.
    pub fn has_raised_hand(&self) -> bool {
        self.own_id().is_some_and(|own| self.people.has_raised_hand(own))
    }

    /// Raises the own hand, or lowers it; who was invited to watch is told that this is not open to them.
    pub(super) fn raise_or_lower_hand(&mut self) {
        let Some(kind) = self.kind_with_place() else { return };
        let hand = if self.has_raised_hand() { Hand::Lowered } else { Hand::Raised };
        let may_speak = matches!(kind, ParticipantKind::Delegate | ParticipantKind::Interpreter);
        if hand == Hand::Raised && !may_speak {
            return self.emit(CoreEvent::Notice(Notice::HandNotOpen));
        }
        self.ask(ClientRequest::SetHand(SetHand { hand }));
    }

    /// A hand went up: those of the same room are told, so that none goes unnoticed.
    pub(super) fn take_hand(&mut self, message: HandRaised) {
        let is_news = !self.people.has_raised_hand(message.participant);
        self.people.raise_hand(message.participant, message.at);
        let here = self.people.get(message.participant).filter(|entry| entry.space == self.space());
        if let Some(name) = here.filter(|_| is_news).map(|entry| entry.participant.name.to_string()) {
            self.emit(CoreEvent::Notice(Notice::HandRaised { name }));
        }
    }
}
