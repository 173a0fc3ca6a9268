//! Lost connections: a person's place is kept for a short while, then the person is gone.
//!
//! It must not know why a connection was lost.

use crate::systems::{hands, presence, seats, talks};
use crate::world::{Effects, House, Plan};
use venue_model::{ParticipantId, ServerTime};

/// Notes that a person's connection is lost; body, seat and identity stay for now.
pub fn lose(house: &mut House, who: ParticipantId, now: ServerTime) {
    if let Some(person) = house.people.get_mut(who) {
        person.lost_since = Some(now);
    }
}

/// Shows out everybody who was away for longer than `grace_micros`.
pub fn run(house: &mut House, plan: &Plan, now: ServerTime, grace_micros: u64, effects: &mut Effects) {
    let is_over = |since: ServerTime| now.micros_since(since) >= grace_micros;
    let gone: Vec<ParticipantId> = house
        .people
        .iter()
        .filter(|person| person.lost_since.is_some_and(is_over))
        .map(|person| person.participant.id)
        .collect();
    for who in gone {
        leave(house, plan, who, effects);
    }
}

/// Takes a person out of the house and tells everybody.
pub fn leave(house: &mut House, plan: &Plan, who: ParticipantId, effects: &mut Effects) {
    seats::free(house, who, effects);
    hands::lower(house, who, effects);
    talks::part(house, who, effects);
    if let Some(person) = house.remove(who) {
        presence::left(house, plan, &person, effects);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::testing::{self, SEAT};
    use glam::Vec3;

    #[test]
    fn a_seat_is_kept_for_the_grace_period_and_no_longer() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        seats::take(&mut house, &plan, ada, SEAT, ServerTime(0), &mut Effects::default());
        lose(&mut house, ada, ServerTime(1_000));
        let mut effects = Effects::default();
        run(&mut house, &plan, ServerTime(1_999), 1_000, &mut effects);
        assert_eq!(house.seats.seat_of(ada), Some(SEAT));
        assert!(effects.messages.is_empty());
        run(&mut house, &plan, ServerTime(2_000), 1_000, &mut effects);
        assert_eq!(house.seats.taken().count(), 0);
        assert!(house.people.is_empty());
        assert_eq!(house.space(testing::LOUNGE).unwrap().world.len(), 0);
        assert_eq!(effects.messages.len(), 2, "seat freed, person left");
    }
}
