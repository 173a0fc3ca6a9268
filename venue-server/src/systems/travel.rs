//! The map takes people to a space: they arrive at its spawn point, beside each other.
//!
//! It must not know how the map is drawn or how people walk.

use crate::systems::{doors, seats};
use crate::world::{Effects, House, Plan};
use venue_model::{ParticipantId, Posture, ServerTime, SpaceId};
use venue_protocol::{BodyPlaced, Placement, PlacementCause};

/// Takes a person to a space, or tells why not: the answer always says where the body is.
pub fn go(
    house: &mut House,
    plan: &Plan,
    who: ParticipantId,
    to: SpaceId,
    now: ServerTime,
    effects: &mut Effects,
) {
    let Some(person) = house.people.get_mut(who) else { return };
    if !person.limits.changes.take(now) {
        return stay(house, who, PlacementCause::TooFast, effects);
    }
    let has_body = person.entity.is_some();
    if !house.may_enter(who, to) {
        return stay(house, who, PlacementCause::NotAllowed, effects);
    }
    // A service has no body: it needs no place, and its arrival is told all the same.
    if has_body {
        let Some((floor, yaw)) = house.arrival_place(plan, to, who) else {
            return stay(house, who, PlacementCause::NotWalkable, effects);
        };
        seats::free(house, who, effects);
        house.change_walker(who, |walker| walker.put(floor, yaw, now));
    }
    let Some(person) = house.people.get_mut(who) else { return };
    person.sent_by_map_at = Some(now);
    if person.space == to {
        return stay(house, who, PlacementCause::Asked, effects);
    }
    doors::enter(house, plan, who, to, PlacementCause::Asked, effects);
}

/// Tells a person where the body is now.
fn stay(house: &House, who: ParticipantId, cause: PlacementCause, effects: &mut Effects) {
    let Some(person) = house.people.get(who) else { return };
    let nowhere = || BodyPlaced {
        placement: Placement::default(),
        place: person.nowhere(),
        posture: Posture::Standing,
        cause,
    };
    effects.tell(who, house.walker(who).map_or_else(nowhere, |walker| walker.placed(cause)).into());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::spawn::PERSONAL_SPACE;
    use crate::world::testing::{self, HALL, LOUNGE};
    use glam::Vec3;
    use std::collections::BTreeSet;
    use std::sync::Arc;
    use venue_protocol::ServerMessage;

    const NOW: ServerTime = ServerTime(5_000_000);

    #[test]
    fn travellers_arrive_beside_each_other() {
        let (plan, mut house) = testing::plan_and_house();
        let people: Vec<_> =
            (1..=8).map(|n| testing::let_in(&mut house, &plan, n, Vec3::new(-4.0, 0.0, 0.0))).collect();
        for &who in &people {
            go(&mut house, &plan, who, HALL, NOW, &mut Effects::default());
            assert_eq!(house.people.get(who).unwrap().space, HALL);
        }
        let roots: Vec<_> = people.iter().map(|&who| house.walker(who).unwrap().pose.root).collect();
        for (n, root) in roots.iter().enumerate() {
            assert!(roots[..n].iter().all(|other| other.distance(*root) >= PERSONAL_SPACE), "{roots:?}");
        }
    }

    #[test]
    fn a_space_outside_of_the_invitation_stays_closed() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        house.people.get_mut(ada).unwrap().account.spaces = Arc::new(BTreeSet::from([LOUNGE]));
        let mut effects = Effects::default();
        go(&mut house, &plan, ada, HALL, NOW, &mut effects);
        assert_eq!(house.people.get(ada).unwrap().space, LOUNGE);
        let [(_, ServerMessage::BodyPlaced(placed))] = &effects.messages[..] else { panic!("{effects:?}") };
        assert_eq!(placed.cause, PlacementCause::NotAllowed);
    }

    #[test]
    fn a_service_without_a_body_is_told_that_it_moved() {
        let (plan, mut house) = testing::plan_and_house();
        let robot = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        testing::take_body(&mut house, robot);
        let mut effects = Effects::default();
        go(&mut house, &plan, robot, HALL, NOW, &mut effects);
        assert_eq!(house.people.get(robot).unwrap().space, HALL);
        let told = effects.messages.iter().map(|(_, message)| message);
        let told: Vec<_> =
            told.filter(|m| matches!(m, ServerMessage::SpaceEntered(e) if e.space == HALL)).collect();
        assert_eq!(told.len(), 1);
        assert_eq!(effects.requests.len(), 1, "the presence record");
        go(&mut house, &plan, robot, HALL, NOW, &mut effects);
        assert!(matches!(effects.messages.last(), Some((_, ServerMessage::BodyPlaced(_)))));
    }

    #[test]
    fn a_trip_that_fails_gives_no_far_seat() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let nowhere = SpaceId(99);
        house.people.get_mut(ada).unwrap().account.spaces = Arc::new(BTreeSet::from([LOUNGE, nowhere]));
        let mut effects = Effects::default();
        go(&mut house, &plan, ada, nowhere, NOW, &mut effects);
        assert!(matches!(&effects.messages[..], [(_, ServerMessage::BodyPlaced(_))]), "{effects:?}");
        let person = house.people.get(ada).unwrap();
        assert_eq!((person.space, person.sent_by_map_at), (LOUNGE, None));
    }
}
