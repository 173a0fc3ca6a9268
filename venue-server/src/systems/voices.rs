//! Tells the voices' router how the world is: who is where, who may speak, what lies around.
//!
//! It must not know packets; who may hear whom is `crate::voices`' rule.

use crate::voices::{Attendee, Room};
use crate::world::{House, Person, Plan};
use glam::Vec3;
use venue_model::place::ZoneKind;
use venue_model::{SpaceId, ZoneId};
use venue_protocol::{Earshot, Microphone};
use venue_transport::ConnectionId;

/// Everybody in a house who has a connection, as the router sees them.
pub fn attendees<'a>(
    house: &'a House,
    plan: &'a Plan,
    connection_of: impl Fn(&Person) -> Option<ConnectionId> + 'a,
) -> impl Iterator<Item = Attendee> + 'a {
    let present = house.people.iter().filter(|person| person.is_connected());
    present.filter_map(move |person| Some(attendee(house, plan, person, connection_of(person)?)))
}

fn attendee(house: &House, plan: &Plan, person: &Person, connection: ConnectionId) -> Attendee {
    let who = person.participant.id;
    let walker = house.walker(who);
    let position = match &walker {
        Some(walker) => walker.pose.head_in_building().position,
        None => person.nowhere().position,
    };
    let (earshot, zone) = earshot_at(plan, person.space, position);
    let doors = plan.doors_near(person.space, position);
    Attendee {
        who,
        connection,
        room: Room { event: house.event.id, space: person.space },
        position,
        earshot,
        zone,
        talk: house.talks.of(who),
        is_open: person.microphone == Microphone::Open,
        doors: doors.filter(|(space, _)| house.may_enter(who, *space)).collect(),
        hidden: house.hidden_from(who),
    }
}

/// What the zone around a place does with voices; of several the smallest.
fn earshot_at(plan: &Plan, space: SpaceId, position: Vec3) -> (Earshot, Option<ZoneId>) {
    let zones = plan.zones_at(space, position).filter_map(|zone| {
        let earshot = match zone.purpose {
            ZoneKind::Talk => Earshot::Table,
            ZoneKind::Quiet => Earshot::Quiet,
            ZoneKind::Stage => Earshot::Stage,
            ZoneKind::Booth { .. } => Earshot::Booth,
            ZoneKind::Exhibit => return None,
        };
        let size = zone.bounds.max - zone.bounds.min;
        Some((size.element_product(), earshot, zone.id))
    });
    let smallest = zones.min_by(|one, other| one.0.total_cmp(&other.0));
    smallest.map_or((Earshot::Room, None), |(_, earshot, zone)| (earshot, Some(zone)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::systems::microphones;
    use crate::world::testing::{self, LOUNGE};
    use crate::world::{Effects, Plan};
    use venue_model::{Bounds, Localized, ServerTime, Zone};

    fn zone(id: u16, purpose: ZoneKind, half: f32) -> Zone {
        let bounds = Bounds { min: Vec3::new(-half, 0.0, -half), max: Vec3::new(half, 3.0, half) };
        Zone { id: ZoneId(id), space: LOUNGE, name: Localized::english("Corner"), purpose, bounds }
    }

    #[test]
    fn the_smallest_zone_around_a_head_counts() {
        let mut manifest = testing::manifest();
        manifest.zones = vec![
            zone(1, ZoneKind::Quiet, 3.0),
            zone(2, ZoneKind::Talk, 1.0),
            zone(3, ZoneKind::Exhibit, 0.5),
        ];
        let plan = Plan::new(&manifest, testing::floor()).unwrap();
        let at = |x| earshot_at(&plan, LOUNGE, Vec3::new(x, 1.6, 0.0));
        assert_eq!(at(0.2), (Earshot::Table, Some(ZoneId(2))));
        assert_eq!(at(2.0), (Earshot::Quiet, Some(ZoneId(1))));
        assert_eq!(at(4.0), (Earshot::Room, None));
        assert_eq!(earshot_at(&plan, testing::HALL, Vec3::ZERO), (Earshot::Room, None));
    }

    #[test]
    fn whoever_is_connected_attends_with_head_doors_and_microphone() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::new(2.0, 0.0, 0.0));
        let bo = testing::let_in(&mut house, &plan, 2, Vec3::ZERO);
        microphones::wish(&mut house, ada, true, ServerTime(1), &mut Effects::default());
        crate::systems::absence::lose(&mut house, bo, ServerTime(1));
        let all: Vec<_> = attendees(&house, &plan, |_| Some(ConnectionId(5))).collect();
        assert_eq!(all.len(), 1, "who is lost hears nothing");
        assert!(all[0].is_open && all[0].position.y > 1.0, "{all:?}");
        assert_eq!(all[0].doors.len(), 1);
        assert_eq!(attendees(&house, &plan, |_| None).count(), 0);
    }
}
