//! Sitting down and standing up: one person to a seat, within reach.
//!
//! It must not know how sitting looks; the pose's root becomes the seat's place.

use crate::systems::kept_places;
use crate::world::seats::Taking;
use crate::world::{Effects, House, Plan, To, Walker};
use venue_model::{ParticipantId, Seat, SeatId, ServerTime};
use venue_protocol::{PlacementCause, SeatFreed, SeatRefusal, SeatRefused, SeatTaken};

/// From how far one can sit down, metres.
pub const SEAT_REACH: f32 = 2.5;

/// For so long after a trip by the map one may choose a seat anywhere in the space, µs:
/// the map takes people to a hall and seats them there.
const MAP_SEATING_MICROS: u64 = 60_000_000;

/// How far from the seat one stands up at most, metres.
const STAND_UP_REACH: f32 = 2.0;

/// Seats a person, or tells why not.
pub fn take(
    house: &mut House,
    plan: &Plan,
    who: ParticipantId,
    seat: SeatId,
    now: ServerTime,
    effects: &mut Effects,
) {
    let allowed = house.people.get_mut(who).is_some_and(|person| person.limits.changes.take(now));
    if !allowed || house.walker(who).is_none() {
        return;
    }
    match try_take(house, plan, who, seat, now) {
        Err(why) => effects.tell(who, SeatRefused { seat, why }.into()),
        Ok(None) => {}
        Ok(Some(left)) => {
            if let Some(seat) = left {
                effects.send(To::All, SeatFreed { seat }.into());
            }
            if let Some(person) = house.people.get_mut(who) {
                person.sent_by_map_at = None;
            }
            if let Some(place) = plan.seat(seat).map(|seat| seat.place) {
                house.change_walker(who, |walker| walker.sit(seat, place, now));
            }
            effects.send(To::All, SeatTaken { seat, participant: who }.into());
            if let Some(walker) = house.walker(who) {
                effects.tell(who, walker.placed(PlacementCause::SatDown).into());
            }
        }
    }
}

/// Some: the seat is the person's now, who left the inner one. None: it was before.
fn try_take(
    house: &mut House,
    plan: &Plan,
    who: ParticipantId,
    seat: SeatId,
    now: ServerTime,
) -> Result<Option<Option<SeatId>>, SeatRefusal> {
    let place = plan.seat(seat).ok_or(SeatRefusal::Unknown)?;
    let person = house.people.get(who).ok_or(SeatRefusal::Elsewhere)?;
    if person.is_watching() {
        // Nobody would see why the seat is taken.
        return Err(SeatRefusal::Reserved);
    }
    if place.space != person.space {
        return Err(SeatRefusal::Elsewhere);
    }
    let by_map = person.sent_by_map_at.is_some_and(|at| now.micros_since(at) <= MAP_SEATING_MICROS);
    let within_reach = house.walker(who).is_some_and(|walker| reaches(&walker, place));
    if !by_map && !within_reach {
        return Err(SeatRefusal::TooFar);
    }
    let kept = kept_places::all(house, plan);
    if kept.iter().any(|kept| kept.shuts_out(who, place.place.position)) {
        return Err(SeatRefusal::Reserved);
    }
    match house.seats.take(seat, who) {
        Taking::Taken { left } => Ok(Some(left)),
        Taking::Already => Ok(None),
        Taking::Occupied(_) => Err(SeatRefusal::Taken),
    }
}

fn reaches(walker: &Walker, seat: &Seat) -> bool {
    walker.pose.root.distance(seat.place.position) <= SEAT_REACH
}

/// Stands a person up beside the seat, if there is one.
pub fn leave(house: &mut House, plan: &Plan, who: ParticipantId, now: ServerTime, effects: &mut Effects) {
    if !free(house, who, effects) {
        return;
    }
    house.change_walker(who, |walker| {
        let seat = walker.pose.root;
        let beside =
            plan.floor().locate(seat, STAND_UP_REACH).filter(|beside| beside.space == walker.floor.space);
        let sat_down_near = walker.floor.position.distance(seat) <= STAND_UP_REACH;
        let floor = if sat_down_near { walker.floor } else { beside.unwrap_or(walker.floor) };
        walker.put(floor, walker.pose.yaw, now);
        effects.tell(who, walker.placed(PlacementCause::StoodUp).into());
    });
}

/// Frees the person's seat without standing the body up; whether there was one.
pub fn free(house: &mut House, who: ParticipantId, effects: &mut Effects) -> bool {
    let freed = house.seats.free(who);
    if let Some(seat) = freed {
        effects.send(To::All, SeatFreed { seat }.into());
    }
    freed.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::systems::{movement, travel};
    use crate::world::testing::{self, FAR_SEAT, HALL, HALL_SEAT, LOUNGE, SEAT};
    use crate::world::walker::Wanted;
    use glam::Vec3;
    use venue_model::{BodyPose, Posture};
    use venue_protocol::ServerMessage;

    const NOW: ServerTime = ServerTime(5_000_000);

    fn try_seat(house: &mut House, plan: &Plan, who: ParticipantId, seat: SeatId) -> Result<(), SeatRefusal> {
        let mut effects = Effects::default();
        take(house, plan, who, seat, NOW, &mut effects);
        let refused = effects.messages.iter().find_map(|(_, message)| match message {
            ServerMessage::SeatRefused(refused) => Some(refused.why),
            _ => None,
        });
        refused.map_or(Ok(()), Err)
    }

    #[test]
    fn two_want_one_seat_and_one_gets_it() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let bo = testing::let_in(&mut house, &plan, 2, Vec3::ZERO);
        assert_eq!(try_seat(&mut house, &plan, ada, SEAT), Ok(()));
        assert_eq!(try_seat(&mut house, &plan, bo, SEAT), Err(SeatRefusal::Taken));
        leave(&mut house, &plan, ada, NOW, &mut Effects::default());
        assert_eq!(try_seat(&mut house, &plan, bo, SEAT), Ok(()));
    }

    #[test]
    fn a_seat_is_taken_from_nearby_or_by_the_map() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        assert_eq!(try_seat(&mut house, &plan, ada, FAR_SEAT), Err(SeatRefusal::TooFar));
        assert_eq!(try_seat(&mut house, &plan, ada, HALL_SEAT), Err(SeatRefusal::Elsewhere));
        assert_eq!(try_seat(&mut house, &plan, ada, SeatId(99)), Err(SeatRefusal::Unknown));
        travel::go(&mut house, &plan, ada, LOUNGE, NOW, &mut Effects::default());
        assert_eq!(try_seat(&mut house, &plan, ada, FAR_SEAT), Ok(()));
    }

    #[test]
    fn going_elsewhere_frees_the_seat() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        assert_eq!(try_seat(&mut house, &plan, ada, SEAT), Ok(()));
        let mut effects = Effects::default();
        travel::go(&mut house, &plan, ada, HALL, NOW, &mut effects);
        assert!(effects.messages.iter().any(|(_, message)| *message == SeatFreed { seat: SEAT }.into()));
        assert_eq!(house.walker(ada).unwrap().pose.posture, Posture::Standing);
    }

    #[test]
    fn a_sitter_moves_head_and_hands_but_not_the_seat() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        assert_eq!(try_seat(&mut house, &plan, ada, SEAT), Ok(()));
        let mut wanted = BodyPose::standing(Vec3::new(0.2, 0.0, 0.0), 1.0);
        wanted.head.position.y = 1.1;
        let wanted = Wanted { pose: wanted, sampled_at: NOW };
        house.change_walker(ada, |walker| assert!(walker.offer(walker.placement, 1, wanted)));
        let mut effects = Effects::default();
        for (_, space) in house.spaces_mut() {
            movement::run(space, &plan, &[], NOW, &mut effects);
        }
        let walker = house.walker(ada).unwrap();
        assert_eq!(walker.pose.root, plan.seat(SEAT).unwrap().place.position);
        assert_eq!(walker.pose.posture, Posture::Seated(SEAT));
        assert_eq!(walker.pose.head.position.y, 1.1);
        assert!(effects.messages.is_empty());
    }

    #[test]
    fn one_stands_up_where_one_can_stand() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        travel::go(&mut house, &plan, ada, LOUNGE, NOW, &mut Effects::default());
        assert_eq!(try_seat(&mut house, &plan, ada, FAR_SEAT), Ok(()));
        let mut effects = Effects::default();
        leave(&mut house, &plan, ada, NOW, &mut effects);
        let walker = house.walker(ada).unwrap();
        assert!(walker.pose.root.distance(plan.seat(FAR_SEAT).unwrap().place.position) <= STAND_UP_REACH);
        assert_eq!(effects.messages.last().map(|(_, message)| message.clone()), {
            Some(walker.placed(PlacementCause::StoodUp).into())
        });
    }
}
