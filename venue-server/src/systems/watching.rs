//! A full event: whoever comes then watches, in a line for the next free place. Who keeps order can bring somebody in
//! before the turn, beyond the limit, and send them back.
//!
//! It must not know who may do that, or the store: bringing in is a call.

use crate::systems::{hands, microphones, presence, seats};
use crate::world::spawn::PERSONAL_SPACE;
use crate::world::{Effects, House, Person, Plan, To};
use venue_model::{ParticipantId, ParticipantKind, ServerTime};
use venue_protocol::{PlacementCause, ServerMessage, Watch, WatchState};

/// How many are beyond the limit at once at most: as many as a chair can listen to one after the other.
pub const MAX_BROUGHT_IN: usize = 16;

/// Whether a newcomer watches: all places are taken, or others wait for one already.
pub fn is_full(house: &House) -> bool {
    free_places(house) == 0 || next_in_line(house).is_some()
}

/// Free places go to those who wait, who came first first. Who was brought in waits as well, and keeps the body then.
pub fn run(house: &mut House, plan: &Plan, now: ServerTime, effects: &mut Effects) {
    for _ in 0..free_places(house) {
        let Some(who) = next_in_line(house) else { return };
        take_part(house, plan, who, WatchState::Over, now, effects);
    }
}

/// Whether somebody can be brought in: the person watches, and not too many are beyond the limit.
pub fn can_bring_in(house: &House, who: ParticipantId) -> bool {
    let is_waiting =
        house.people.get(who).is_some_and(|person| person.is_watching() && person.is_connected());
    is_waiting && house.people.iter().filter(|person| person.was_brought_in()).count() < MAX_BROUGHT_IN
}

/// Gives somebody who watches a body beyond the limit; whether that was possible.
pub fn bring_in(
    house: &mut House,
    plan: &Plan,
    who: ParticipantId,
    now: ServerTime,
    effects: &mut Effects,
) -> bool {
    let can = can_bring_in(house, who);
    if can {
        take_part(house, plan, who, WatchState::BroughtIn, now, effects);
    }
    can
}

/// Lets somebody who was brought in watch again, at the old place in the line; whether there was anything to do.
pub fn send_back(
    house: &mut House,
    plan: &Plan,
    who: ParticipantId,
    now: ServerTime,
    effects: &mut Effects,
) -> bool {
    if !house.people.get(who).is_some_and(Person::was_brought_in) {
        return false;
    }
    hands::lower(house, who, effects);
    microphones::close(house, who, effects);
    seats::leave(house, plan, who, now, effects);
    house.set_visible(who, false);
    set(house, who, WatchState::Watching, effects);
    true
}

/// What there is to know of how somebody takes part; none for who came to a free place.
pub fn of(person: &Person) -> Option<ServerMessage> {
    let watch = person.watch?;
    let state = if watch.is_brought_in { WatchState::BroughtIn } else { WatchState::Watching };
    let (participant, since, kind) = (person.participant.id, watch.since, watch.kind);
    Some(Watch { participant, since, kind, state }.into())
}

fn free_places(house: &House) -> usize {
    let taken = house.people.iter().filter(|person| person.watch.is_none()).count();
    house.max_bodies.saturating_sub(taken)
}

/// Who came first of those who wait; who has no connection now is passed over, and keeps the place in the line.
fn next_in_line(house: &House) -> Option<ParticipantId> {
    let waits = house.people.iter().filter(|person| person.is_connected());
    let waits = waits.filter_map(|person| Some((person.watch?.since, person.participant.id)));
    waits.min().map(|(_, id)| id)
}

fn take_part(
    house: &mut House,
    plan: &Plan,
    who: ParticipantId,
    state: WatchState,
    now: ServerTime,
    effects: &mut Effects,
) {
    let is_unseen = house.people.get(who).is_some_and(Person::is_watching);
    if is_unseen && house.people.get(who).is_some_and(|person| person.kind_with_place().has_body()) {
        make_room(house, plan, who, now, effects);
        house.set_visible(who, true);
    }
    set(house, who, state, effects);
}

/// Who stands where somebody else does, unseen, steps aside to where people arrive.
fn make_room(house: &mut House, plan: &Plan, who: ParticipantId, now: ServerTime, effects: &mut Effects) {
    let Some(space) = house.people.get(who).map(|person| person.space) else { return };
    let Some(root) = house.walker(who).map(|walker| walker.pose.root) else { return };
    if house.bodies_near(space, root, PERSONAL_SPACE) == 0 {
        return;
    }
    let Some((floor, yaw)) = house.arrival_place(plan, space, who) else { return };
    house.change_walker(who, |walker| {
        walker.put(floor, yaw, now);
        effects.tell(who, walker.placed(PlacementCause::Asked).into());
    });
}

fn set(house: &mut House, who: ParticipantId, state: WatchState, effects: &mut Effects) {
    let Some(person) = house.people.get_mut(who) else { return };
    let Some(watch) = person.watch else { return };
    person.participant.kind = match state {
        WatchState::Watching => ParticipantKind::Observer,
        WatchState::BroughtIn | WatchState::Over => watch.kind,
    };
    person.watch = match state {
        WatchState::Over => None,
        _ => Some(crate::world::people::Watch { is_brought_in: state == WatchState::BroughtIn, ..watch }),
    };
    let (since, kind) = (watch.since, watch.kind);
    effects.send(To::All, Watch { participant: who, since, kind, state }.into());
    presence::changed(house, who, effects);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::systems::absence;
    use crate::world::people;
    use crate::world::testing::{self, LOUNGE, SEAT};
    use glam::Vec3;
    use venue_protocol::{Hand, SeatRefusal};
    use venue_replication::Body;

    const NOW: ServerTime = ServerTime(5_000_000);

    /// A house with places for as many as are in it already, and others who watch since the second of their number.
    fn full_house(inside: u32, watching: std::ops::Range<u32>) -> (Plan, House) {
        let (plan, mut house) = testing::plan_and_house();
        for n in 1..=inside {
            testing::let_in(&mut house, &plan, n, Vec3::new(n as f32 - 3.0, 0.0, 0.0));
        }
        house.max_bodies = inside as usize;
        for n in watching {
            let who = testing::let_in(
                &mut house,
                &plan,
                n,
                Vec3::new((n % 10) as f32 * 0.9 - 4.0, 0.0, 2.0 - (n / 10) as f32 * 0.9),
            );
            house.set_visible(who, false);
            let person = house.people.get_mut(who).unwrap();
            person.participant.kind = ParticipantKind::Observer;
            let (since, kind) = (ServerTime(u64::from(n) * 1_000_000), ParticipantKind::Delegate);
            person.watch = Some(people::Watch { since, kind, is_brought_in: false });
        }
        (plan, house)
    }

    fn bodies(house: &House) -> usize {
        house.space(LOUNGE).unwrap().world.query::<&Body>().iter().count()
    }

    fn states(effects: &Effects) -> Vec<(u32, WatchState)> {
        let watch = |(_, message): &(To, ServerMessage)| match message {
            ServerMessage::Watch(watch) => Some((watch.participant.0, watch.state)),
            _ => None,
        };
        effects.messages.iter().filter_map(watch).collect()
    }

    #[test]
    fn a_place_that_becomes_free_goes_to_who_came_first_and_is_connected() {
        let (plan, mut house) = full_house(2, 11..14);
        assert!(is_full(&house));
        let mut effects = Effects::default();
        run(&mut house, &plan, NOW, &mut effects);
        assert!(states(&effects).is_empty(), "no place is free");
        absence::lose(&mut house, ParticipantId(11), NOW);
        absence::leave(&mut house, &plan, ParticipantId(1), &mut effects);
        assert!(is_full(&house), "others wait already");
        run(&mut house, &plan, NOW, &mut effects);
        assert_eq!(states(&effects), [(12, WatchState::Over)]);
        let person = house.people.get(ParticipantId(12)).unwrap();
        assert_eq!((person.participant.kind, person.watch), (ParticipantKind::Delegate, None));
        assert_eq!(bodies(&house), 2);
        house.people.get_mut(ParticipantId(11)).unwrap().lost_since = None;
        absence::leave(&mut house, &plan, ParticipantId(2), &mut effects);
        run(&mut house, &plan, NOW, &mut effects);
        assert_eq!(states(&effects).last(), Some(&(11, WatchState::Over)), "the place in the line was kept");
    }

    #[test]
    fn who_is_brought_in_has_a_body_and_goes_back_to_the_same_place_in_the_line() {
        let (plan, mut house) = full_house(1, 11..13);
        let (first, second) = (ParticipantId(11), ParticipantId(12));
        let mut effects = Effects::default();
        assert!(!bring_in(&mut house, &plan, ParticipantId(1), NOW, &mut effects), "has a place");
        assert!(bring_in(&mut house, &plan, second, NOW, &mut effects));
        assert!(!bring_in(&mut house, &plan, second, NOW, &mut effects), "is in already");
        run(&mut house, &plan, NOW, &mut effects);
        assert_eq!(
            (bodies(&house), house.people.get(second).unwrap().participant.kind),
            (2, ParticipantKind::Delegate)
        );
        hands::set(&mut house, second, Hand::Raised, NOW, &mut effects);
        assert!(!send_back(&mut house, &plan, first, NOW, &mut effects), "was not brought in");
        assert!(send_back(&mut house, &plan, second, NOW, &mut effects));
        let person = house.people.get(second).unwrap();
        assert_eq!((person.participant.kind, person.hand_since), (ParticipantKind::Observer, None));
        assert_eq!(person.watch.unwrap().since, ServerTime(12_000_000));
        assert_eq!(bodies(&house), 1);
        let expected = [(12, WatchState::BroughtIn), (12, WatchState::Watching)];
        assert_eq!(states(&effects), expected);
    }

    #[test]
    fn whose_turn_it_is_keeps_the_body_and_needs_nobody_to_stay() {
        let (plan, mut house) = full_house(1, 11..13);
        let first = ParticipantId(11);
        let mut effects = Effects::default();
        bring_in(&mut house, &plan, first, NOW, &mut effects);
        absence::leave(&mut house, &plan, ParticipantId(1), &mut effects);
        run(&mut house, &plan, NOW, &mut effects);
        assert_eq!(states(&effects), [(11, WatchState::BroughtIn), (11, WatchState::Over)]);
        assert!(!send_back(&mut house, &plan, first, NOW, &mut effects), "it is the person's own place now");
    }

    #[test]
    fn no_more_than_a_few_are_beyond_the_limit() {
        let (plan, mut house) = full_house(0, 1..20);
        house.max_bodies = 0;
        let brought_in =
            (1..20).filter(|n| bring_in(&mut house, &plan, ParticipantId(*n), NOW, &mut Effects::default()));
        assert_eq!(brought_in.count(), MAX_BROUGHT_IN);
    }

    #[test]
    fn who_stands_in_somebody_steps_aside_to_come_in() {
        let (plan, mut house) = full_house(1, 11..12);
        let (inside, first) = (ParticipantId(1), ParticipantId(11));
        let there = house.walker(inside).unwrap().pose.root;
        testing::put(&mut house, &plan, first, there);
        let mut effects = Effects::default();
        bring_in(&mut house, &plan, first, NOW, &mut effects);
        assert!(house.walker(first).unwrap().pose.root.distance(there) >= PERSONAL_SPACE);
        assert!(effects.messages.iter().any(|(to, message)| {
            *to == To::Person(first) && matches!(message, ServerMessage::BodyPlaced(_))
        }));
    }

    #[test]
    fn who_watches_raises_a_hand_and_takes_no_seat() {
        let (plan, mut house) = full_house(1, 11..12);
        let first = ParticipantId(11);
        let mut effects = Effects::default();
        hands::set(&mut house, first, Hand::Raised, NOW, &mut effects);
        assert!(house.people.get(first).unwrap().hand_since.is_some());
        seats::take(&mut house, &plan, first, SEAT, NOW, &mut effects);
        let refused = |(_, message): &(To, ServerMessage)| match message {
            ServerMessage::SeatRefused(refused) => Some(refused.why),
            _ => None,
        };
        assert_eq!(effects.messages.iter().find_map(refused), Some(SeatRefusal::Reserved));
        house.people.get_mut(first).unwrap().watch.as_mut().unwrap().kind = ParticipantKind::Observer;
        hands::set(&mut house, first, Hand::Lowered, NOW, &mut effects);
        hands::set(&mut house, first, Hand::Raised, NOW, &mut effects);
        assert!(
            house.people.get(first).unwrap().hand_since.is_none(),
            "who was invited to watch does not ask"
        );
    }
}
