//! Who has walked through a door belongs to the next space.
//!
//! It must not know how people walk; it looks at the floor under them.

use crate::systems::{hands, microphones, presence};
use crate::world::{Effects, House, Plan, Walker};
use venue_model::{ParticipantId, ServerTime, SpaceId};
use venue_protocol::{Placement, PlacementCause, SpaceEntered};
use venue_replication::Who;

/// How far beyond a threshold a body is before it belongs to the next space, metres: who
/// stands in a doorway does not flicker between two spaces.
const BEYOND_THRESHOLD: f32 = 0.3;

/// Hands over everybody whose floor is well inside another space.
pub fn run(house: &mut House, plan: &Plan, now: ServerTime, effects: &mut Effects) {
    let mut crossings: Vec<(ParticipantId, SpaceId)> = Vec::new();
    for (here, space) in house.spaces_mut() {
        for (who, walker) in space.world.query_mut::<(&Who, &Walker)>() {
            if walker.seat.is_none() && has_crossed(plan, here, walker) {
                crossings.push((who.0, walker.floor.space));
            }
        }
    }
    crossings.sort_unstable();
    for (who, to) in crossings {
        // Updates are written relative to the space, so those for the old one are void.
        house.change_walker(who, |walker| walker.place_anew(now));
        enter(house, plan, who, to, PlacementCause::Door, effects);
    }
}

/// Moves a person to another space, with the entity if there is one, and tells everybody.
pub fn enter(
    house: &mut House,
    plan: &Plan,
    who: ParticipantId,
    to: SpaceId,
    cause: PlacementCause,
    effects: &mut Effects,
) {
    // A raised hand asks the chair of the space that is being left.
    hands::lower(house, who, effects);
    microphones::close(house, who, effects);
    house.carry_over(who, to);
    house.renew_allowed_of(who);
    let epoch = house.epoch(to);
    let Some(person) = house.people.get(who) else { return };
    let (placement, place) = house
        .walker(who)
        .map_or((Placement::default(), person.nowhere()), |walker| (walker.placement, walker.place()));
    effects.tally.spaces_entered += 1;
    effects.tell(who, SpaceEntered { space: to, epoch, placement, place, cause }.into());
    presence::moved(house, plan, who, effects);
}

fn has_crossed(plan: &Plan, here: SpaceId, walker: &Walker) -> bool {
    let there = walker.floor.space;
    // Where two spaces meet without a door there is no threshold to wait for.
    let beyond = |there| plan.beyond_door(here, there, walker.floor.position).unwrap_or(f32::INFINITY);
    there != here && beyond(there) >= BEYOND_THRESHOLD
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::testing::{self, HALL, LOUNGE};
    use glam::Vec3;
    use venue_protocol::ServerMessage;

    fn space_of(house: &House, who: ParticipantId) -> SpaceId {
        house.people.get(who).unwrap().space
    }

    #[test]
    fn the_doorway_belongs_to_the_space_one_comes_from() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::new(4.0, 0.0, 0.0));
        let mut walk_to = |x: f32| {
            testing::put(&mut house, &plan, ada, Vec3::new(x, 0.0, 0.0));
            let mut effects = Effects::default();
            run(&mut house, &plan, ServerTime(0), &mut effects);
            (space_of(&house, ada), effects)
        };
        assert_eq!(walk_to(5.1).0, LOUNGE);
        let (space, effects) = walk_to(5.4);
        assert_eq!(space, HALL);
        let told = effects.messages.iter().find_map(|(_, message)| match message {
            ServerMessage::SpaceEntered(entered) => Some(*entered),
            _ => None,
        });
        assert_eq!(told.map(|entered| (entered.space, entered.cause)), Some((HALL, PlacementCause::Door)));
        assert_eq!(walk_to(4.9).0, HALL);
        assert_eq!(walk_to(4.6).0, LOUNGE);
    }

    #[test]
    fn body_and_identity_go_along() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::new(4.0, 0.0, 0.0));
        testing::put(&mut house, &plan, ada, Vec3::new(6.0, 0.0, 0.0));
        run(&mut house, &plan, ServerTime(0), &mut Effects::default());
        let bodies = |space| {
            let world = &house.space(space).unwrap().world;
            let mut query = world.query::<(&Who, &venue_replication::Body)>();
            query.iter().map(|(who, body)| (who.0, body.pose.root)).collect::<Vec<_>>()
        };
        assert_eq!(bodies(LOUNGE), []);
        assert_eq!(bodies(HALL), [(ada, Vec3::new(6.0, 0.0, 0.0))]);
    }
}
