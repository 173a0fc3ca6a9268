//! Who is there: everybody hears of it, and the store keeps it.
//!
//! It must not know why somebody comes or goes.

use crate::store::{PresenceChange, StoreRequest};
use crate::world::{Effects, House, Person, Plan, Purpose, To};
use venue_model::ParticipantId;
use venue_protocol::{PresenceChanged, PresenceJoined, PresenceLeft};

/// Tells that a person came in.
pub fn joined(house: &House, plan: &Plan, who: ParticipantId, effects: &mut Effects) {
    let Some(person) = house.people.get(who) else { return };
    effects.send(To::AllBut(who), PresenceJoined { presence: person.presence() }.into());
    record(house, plan, person, PresenceChange::Joined, effects);
}

/// Tells that a person is in another space now.
pub fn moved(house: &House, plan: &Plan, who: ParticipantId, effects: &mut Effects) {
    changed(house, who, effects);
    let Some(person) = house.people.get(who) else { return };
    record(house, plan, person, PresenceChange::Moved, effects);
}

/// Tells that a person's language or looks are others now.
pub fn changed(house: &House, who: ParticipantId, effects: &mut Effects) {
    let Some(person) = house.people.get(who) else { return };
    effects.send(To::All, PresenceChanged { presence: person.presence() }.into());
}

/// Tells that a person, who is out of the house already, went.
pub fn left(house: &House, plan: &Plan, person: &Person, effects: &mut Effects) {
    effects.send(To::All, PresenceLeft { participant: person.participant.id }.into());
    record(house, plan, person, PresenceChange::Left, effects);
}

fn record(house: &House, plan: &Plan, person: &Person, change: PresenceChange, effects: &mut Effects) {
    let request = StoreRequest::AppendPresence {
        event: house.event.id,
        person: person.account.person,
        space: plan.key_of(person.space).to_owned(),
        change,
    };
    effects.request(request, Purpose::Presence);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::testing;
    use glam::Vec3;
    use venue_protocol::ServerMessage;

    #[test]
    fn the_others_hear_who_came_and_the_store_keeps_it() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let mut effects = Effects::default();
        joined(&house, &plan, ada, &mut effects);
        let [(To::AllBut(but), ServerMessage::PresenceJoined(joined))] = &effects.messages[..] else {
            panic!("{effects:?}")
        };
        assert_eq!((*but, joined.presence.participant.id), (ada, ada));
        let [(StoreRequest::AppendPresence { space, change, .. }, Purpose::Presence)] = &effects.requests[..]
        else {
            panic!("{effects:?}")
        };
        assert_eq!((space.as_str(), *change), ("lounge", PresenceChange::Joined));
    }
}
