//! What the systems want said and whom they show out, brought to the sessions.

use super::{Running, Venue};
use crate::counters::Counters;
use crate::sessions::{Sessions, encode};
use crate::store::Store;
use crate::world::blocks::shown_by;
use crate::world::effects::Tally;
use crate::world::{Ending, House, To};
use bytes::Bytes;
use venue_model::ParticipantId;
use venue_protocol::{Closing, ClosingReason, Removed, ServerMessage};
use venue_transport::ServerTransport;

impl<T: ServerTransport, S: Store> Venue<T, S> {
    /// Effects of the systems → sessions.
    pub(super) fn deliver(&mut self) {
        for Running { house, effects } in self.houses.values_mut() {
            for (to, message) in effects.messages.drain(..) {
                deliver_one(house, &mut self.sessions, to, &message);
            }
            for (who, ending) in effects.endings.drain(..) {
                self.sessions.show_out(who, |session| match ending {
                    Ending::Removed { why } => session.remove(Removed { why }),
                    Ending::EventClosed => {
                        session.shut_down(Closing { reason: ClosingReason::EventOver, back_in_secs: 0 });
                    }
                });
            }
            count(&mut self.counters, &std::mem::take(&mut effects.tally));
        }
    }
}

/// Sends a message to whom it is for; who lost the connection gets texts later.
fn deliver_one(house: &mut House, sessions: &mut Sessions, to: To, message: &ServerMessage) {
    let frame = encode(message.clone());
    let ids = |people: &mut dyn Iterator<Item = &crate::world::Person>| -> Vec<ParticipantId> {
        people.map(|person| person.participant.id).collect()
    };
    let (receivers, but) = match to {
        To::Person(who) => (vec![who], None),
        To::Space(space) => (ids(&mut house.people.in_space(space)), None),
        To::SpaceBut(space, but) => (ids(&mut house.people.in_space(space)), Some(but)),
        To::AllBut(but) => (ids(&mut house.people.iter()), Some(but)),
        To::All => (ids(&mut house.people.iter()), None),
    };
    let shown = shown_by(message);
    for who in receivers.into_iter().filter(|who| Some(*who) != but) {
        // The one place that everything passes: who blocks, or is blocked, is told nothing of the other.
        if shown.is_some_and(|shown| house.is_hidden(who, shown)) {
            continue;
        }
        send_or_keep(house, sessions, who, message, &frame);
    }
}

fn send_or_keep(
    house: &mut House,
    sessions: &mut Sessions,
    who: ParticipantId,
    message: &ServerMessage,
    frame: &Bytes,
) {
    let is_text = matches!(
        message,
        ServerMessage::Text(_)
            | ServerMessage::TextAccepted(_)
            | ServerMessage::ActTold(_)
            | ServerMessage::Announcement(_)
            | ServerMessage::ReportStored(_)
            | ServerMessage::ReportAnswered(_)
    );
    if sessions.send(who, frame) || !is_text {
        return;
    }
    if let Some(person) = house.people.get_mut(who) {
        person.miss(message.clone());
    }
}

fn count(counters: &mut Counters, tally: &Tally) {
    counters.corrections += tally.corrections;
    counters.spaces_entered += tally.spaces_entered;
    counters.texts_stored += tally.texts_stored;
    counters.texts_rejected += tally.texts_rejected;
}
