//! The venue has a new state while people are in it: everybody stays where they are as far as it still exists, else is
//! put onto the floor nearby, else where people come in.
//!
//! It must not know why the venue changed, nor packages.

use crate::systems::presence;
use crate::world::{Effects, House, Plan, To, Walker};
use glam::Vec3;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use venue_model::{FileHash, ParticipantId, Posture, SeatId, ServerTime, SpaceId};
use venue_motion::FloorPoint;
use venue_protocol::{PlacementCause, SeatFreed, SeatTaken, VenueRenewed};

/// A floor that is not farther than this from where it was is the same floor, metres: it was measured anew.
const SAME_FLOOR: f32 = 0.3;

/// How far somebody is moved aside when the floor below them is gone, metres; farther, they come in again.
const NEARBY: f32 = 4.0;

/// A seat that is not farther than this from where it was is the same seat, metres.
const SAME_SEAT: f32 = 0.05;

/// Somebody who was taken out of the old state.
struct Moving {
    who: ParticipantId,
    from: SpaceId,
    body: Option<(Walker, bool)>,
}

/// Moves a house from one state of the venue to the next.
pub fn run(
    house: &mut House,
    (before, after): (&Plan, &Plan),
    (manifest, manifest_bytes): (FileHash, u32),
    now: ServerTime,
    effects: &mut Effects,
) {
    let everybody: Vec<ParticipantId> = house.people.iter().map(|person| person.participant.id).collect();
    let moving: Vec<Moving> = everybody.into_iter().filter_map(|who| take_out(house, who)).collect();
    let next = SpaceIds::between(before, after);
    house.rebuild(after, &next.kept);
    for Moving { who, from, body } in moving {
        let to = next.kept.get(&from).copied().unwrap_or_else(|| after.entrance());
        let cause = settle(house, after, who, to, body, now, effects);
        let Some(person) = house.people.get_mut(who) else { continue };
        person.account.spaces = Arc::new(next.opened(&person.account.spaces));
        let open_spaces = person.account.spaces.iter().copied().collect();
        let space = person.space;
        let nowhere = person.nowhere();
        house.renew_allowed_of(who);
        let standing = (Default::default(), nowhere, Posture::Standing);
        let (placement, place, posture) = house
            .walker(who)
            .map_or(standing, |walker| (walker.placement, walker.place(), walker.pose.posture));
        let epoch = house.epoch(space);
        let renewed = VenueRenewed {
            manifest,
            manifest_bytes,
            open_spaces,
            space,
            epoch,
            placement,
            place,
            posture,
            cause,
        };
        effects.tell(who, renewed.into());
        if space != from {
            presence::moved(house, after, who, effects);
        }
    }
}

/// Which spaces there are still, and by which number.
struct SpaceIds {
    /// From the old number to the new one of the space with the same key.
    kept: BTreeMap<SpaceId, SpaceId>,
    /// Spaces that were not there before.
    new: BTreeSet<SpaceId>,
    /// How many there were.
    count_before: usize,
}

impl SpaceIds {
    fn between(before: &Plan, after: &Plan) -> Self {
        let old: BTreeMap<&str, SpaceId> =
            before.spaces().map(|space| (space.key.as_str(), space.id)).collect();
        let mut ids = Self { kept: BTreeMap::new(), new: BTreeSet::new(), count_before: old.len() };
        for space in after.spaces() {
            match old.get(space.key.as_str()) {
                Some(&was) => ids.kept.extend([(was, space.id)]),
                None => ids.new.extend([space.id]),
            }
        }
        ids
    }

    /// Who might go everywhere still may; who might not goes to the same spaces as before.
    fn opened(&self, before: &BTreeSet<SpaceId>) -> BTreeSet<SpaceId> {
        let kept = before.iter().filter_map(|space| self.kept.get(space)).copied();
        let new = self.new.iter().copied().filter(|_| before.len() == self.count_before);
        kept.chain(new).collect()
    }
}

fn take_out(house: &mut House, who: ParticipantId) -> Option<Moving> {
    let from = house.people.get(who)?.space;
    Some(Moving { who, from, body: house.take_body(who) })
}

/// Puts somebody into the new state; whether the body stays where it was.
fn settle(
    house: &mut House,
    plan: &Plan,
    who: ParticipantId,
    to: SpaceId,
    body: Option<(Walker, bool)>,
    now: ServerTime,
    effects: &mut Effects,
) -> PlacementCause {
    let Some((mut walker, is_visible)) = body else {
        if let Some(person) = house.people.get_mut(who) {
            person.space = to;
        }
        return PlacementCause::Door;
    };
    let sat_on = house.seats.free(who);
    let seat = sat_on.and_then(|seat| seat_there(plan, to, seat, walker.pose.root));
    if seat.is_none() || seat != sat_on {
        effects.messages.extend(sat_on.map(|seat| (To::All, SeatFreed { seat }.into())));
    }
    let (floor, to) = floor_for(house, plan, who, to, walker.floor.position);
    let is_same_floor = floor.position.distance(walker.floor.position) <= SAME_FLOOR;
    let cause = match (seat.and_then(|seat| plan.seat(seat)), sat_on) {
        (Some(seat), sat_on) => {
            walker.floor = floor;
            walker.sit(seat.id, seat.place, now);
            house.seats.take(seat.id, who);
            if sat_on == Some(seat.id) {
                PlacementCause::Door
            } else {
                effects.send(To::All, SeatTaken { seat: seat.id, participant: who }.into());
                PlacementCause::Asked
            }
        }
        (None, None) if is_same_floor => {
            walker.floor = floor;
            walker.pose.root = floor.position;
            walker.place_anew(now);
            PlacementCause::Door
        }
        (None, _) => {
            walker.put(floor, walker.pose.yaw, now);
            PlacementCause::Asked
        }
    };
    house.add_walker(who, to, walker, is_visible);
    cause
}

/// The same seat in the new state; it may have another number.
fn seat_there(plan: &Plan, space: SpaceId, was: SeatId, at: Vec3) -> Option<SeatId> {
    let is_it =
        |seat: &&venue_model::Seat| seat.space == space && seat.place.position.distance(at) <= SAME_SEAT;
    plan.seat(was).filter(is_it).or_else(|| plan.seats().find(is_it)).map(|seat| seat.id)
}

/// The floor where somebody stood, else one nearby, else where people come in: into the same space, else the entrance.
fn floor_for(house: &House, plan: &Plan, who: ParticipantId, to: SpaceId, at: Vec3) -> (FloorPoint, SpaceId) {
    let nearby = plan.floor().locate_in(to, at, NEARBY);
    let arrival = |space| house.arrival_place(plan, space, who).map(|(floor, _)| floor);
    if let Some(floor) = nearby.or_else(|| arrival(to)) {
        return (floor, to);
    }
    let entrance = plan.entrance();
    // A plan without a floor at its spawn points is refused when it is made.
    let somewhere = || FloorPoint { polygon: 0, position: at, space: entrance };
    (arrival(entrance).unwrap_or_else(somewhere), entrance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::systems::seats;
    use crate::world::testing::{self, HALL, LOUNGE, SEAT};
    use venue_motion::Walkable;
    use venue_package::NavigationMesh;
    use venue_protocol::ServerMessage;

    const NOW: ServerTime = ServerTime(5_000_000);
    const STATE: (FileHash, u32) = (FileHash([7; 32]), 100);

    fn renew(house: &mut House, before: &Plan, after: &Plan) -> Vec<(ParticipantId, VenueRenewed)> {
        let mut effects = Effects::default();
        run(house, (before, after), STATE, NOW, &mut effects);
        let told = effects.messages.into_iter().filter_map(|(to, message)| match (to, message) {
            (To::Person(who), ServerMessage::VenueRenewed(renewed)) => Some((who, renewed)),
            _ => None,
        });
        told.collect()
    }

    /// The venue whose lounge ends at this x instead of -6.
    fn plan_from(x: f32) -> Plan {
        let mut mesh: NavigationMesh = testing::floor().mesh().clone();
        mesh.vertices.iter_mut().filter(|corner| corner.x == -6.0).for_each(|corner| corner.x = x);
        Plan::new(&testing::manifest(), Walkable::new(mesh).unwrap()).unwrap()
    }

    #[test]
    fn who_stands_on_floor_that_is_still_there_stays_and_hears_of_the_new_state() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::new(-4.0, 0.0, 1.0));
        let epoch = house.epoch(LOUNGE);
        let told = renew(&mut house, &plan, &plan_from(-5.0));
        let [(who, renewed)] = &told[..] else { panic!("{told:?}") };
        assert_eq!(
            (*who, renewed.manifest, renewed.space, renewed.cause),
            (ada, STATE.0, LOUNGE, PlacementCause::Door)
        );
        assert_eq!(renewed.place.position, Vec3::new(-4.0, 0.0, 1.0));
        assert_eq!(renewed.open_spaces, [LOUNGE, HALL]);
        assert_eq!(renewed.epoch.0, epoch.0 + 1, "snapshots of before are void");
        let walker = house.walker(ada).unwrap();
        assert_eq!((walker.placement, walker.pose.root), (renewed.placement, renewed.place.position));
    }

    #[test]
    fn who_stood_on_floor_that_is_gone_is_put_onto_what_is_near() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::new(-4.0, 0.0, 1.0));
        let told = renew(&mut house, &plan, &plan_from(-2.0));
        assert_eq!(told[0].1.cause, PlacementCause::Asked);
        assert_eq!(house.walker(ada).unwrap().pose.root, Vec3::new(-2.0, 0.0, 1.0));
        // Much farther away one comes in again.
        let bo = testing::let_in(&mut house, &plan, 2, Vec3::new(-5.5, 0.0, 0.0));
        renew(&mut house, &plan, &plan_from(-0.5));
        let root = house.walker(bo).unwrap().pose.root;
        assert!(root.distance(Vec3::ZERO) < 3.5, "{root}");
    }

    #[test]
    fn a_seat_that_is_still_there_is_kept_and_one_that_is_gone_is_left() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        seats::take(&mut house, &plan, ada, SEAT, NOW, &mut Effects::default());
        let told = renew(&mut house, &plan, &plan_from(-5.0));
        assert_eq!((told[0].1.posture, told[0].1.cause), (Posture::Seated(SEAT), PlacementCause::Door));
        let mut without = testing::manifest();
        without.seats.clear();
        let without = Plan::new(&without, testing::floor()).unwrap();
        let told = renew(&mut house, &plan, &without);
        assert_eq!((told[0].1.posture, told[0].1.cause), (Posture::Standing, PlacementCause::Asked));
        assert_eq!(house.seats.seat_of(ada), None);
    }

    #[test]
    fn spaces_are_known_by_their_keys_and_who_was_in_one_that_is_gone_comes_in_again() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::new(10.0, 0.0, 0.0));
        testing::put(&mut house, &plan, ada, Vec3::new(10.0, 0.0, 0.0));
        crate::systems::doors::run(&mut house, &plan, NOW, &mut Effects::default());
        assert_eq!(house.people.get(ada).unwrap().space, HALL);
        let mut other = testing::manifest();
        other.spaces[1].key = "plenary".into();
        let other = Plan::new(&other, testing::floor()).unwrap();
        let told = renew(&mut house, &plan, &other);
        assert_eq!((told[0].1.space, house.people.get(ada).unwrap().space), (LOUNGE, LOUNGE));
        assert_eq!(told[0].1.open_spaces, [LOUNGE, HALL], "who might go everywhere may go to the new space");
    }
}
