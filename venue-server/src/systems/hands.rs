//! Raised hands: who asks for the floor, in the order in which they asked.
//!
//! It must not know who gives the floor: lowering is a call.

use crate::systems::{microphones, watching};
use crate::world::{Effects, House, Person, To};
use venue_model::{ParticipantId, ParticipantKind, ServerTime};
use venue_protocol::{Hand, HandLowered, HandRaised, Microphone, ServerMessage, SpaceLocked};

/// Raises or lowers a person's own hand. A hand that is up already keeps its place in the queue.
pub fn set(house: &mut House, who: ParticipantId, hand: Hand, now: ServerTime, effects: &mut Effects) {
    match hand {
        Hand::Lowered => {
            lower(house, who, effects);
        }
        Hand::Raised => raise(house, who, now, effects),
    }
}

/// Who was invited as an observer, and programs, do not take the floor. Who only watches because all places are taken may
/// ask for it: whoever keeps order brings them in.
pub(super) fn may_speak(kind: ParticipantKind) -> bool {
    matches!(kind, ParticipantKind::Delegate | ParticipantKind::Interpreter)
}

fn raise(house: &mut House, who: ParticipantId, now: ServerTime, effects: &mut Effects) {
    let Some(person) = house.people.get_mut(who) else { return };
    if person.hand_since.is_some() || !may_speak(person.kind_with_place()) || !person.limits.hands.take(now) {
        return;
    }
    person.hand_since = Some(now);
    effects.send(To::All, HandRaised { participant: who, at: now }.into());
}

/// Lowers a hand; whether it was up.
pub fn lower(house: &mut House, who: ParticipantId, effects: &mut Effects) -> bool {
    let since = house.people.get_mut(who).and_then(|person| person.hand_since.take());
    if since.is_some() {
        effects.send(To::All, HandLowered { participant: who }.into());
    }
    since.is_some()
}

/// Puts a hand up again that was lowered by mistake, at its old place.
pub fn raise_again(house: &mut House, who: ParticipantId, since: Option<ServerTime>, effects: &mut Effects) {
    let Some((person, at)) = house.people.get_mut(who).zip(since) else { return };
    if person.hand_since.is_none() {
        person.hand_since = Some(at);
        effects.send(To::All, HandRaised { participant: who, at }.into());
    }
}

/// What somebody who comes in has to know of hands, microphones, observers and locks; the welcome does not say it.
pub fn as_they_stand(house: &House, who: ParticipantId) -> Vec<ServerMessage> {
    let seen = house.people.iter().filter(|person| !house.is_hidden(who, person.participant.id));
    let locked = house.order.locked().map(|(space, act)| SpaceLocked { space, act }.into());
    seen.flat_map(of).chain(locked).collect()
}

/// What there is to know of one person's hand and microphone, and of the line for a place.
pub fn of(person: &Person) -> Vec<ServerMessage> {
    let participant = person.participant.id;
    let hand = person.hand_since.map(|at| HandRaised { participant, at }.into());
    let microphone = person.microphone;
    let is_news = microphone != Microphone::default();
    let microphone = is_news.then(|| microphones::message_of(participant, microphone));
    watching::of(person).into_iter().chain(hand).chain(microphone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::systems::{absence, travel};
    use crate::world::testing::{self, HALL};
    use glam::Vec3;

    fn told(effects: &Effects) -> Vec<&ServerMessage> {
        let about_hands = |message: &&ServerMessage| {
            matches!(message, ServerMessage::HandRaised(_) | ServerMessage::HandLowered(_))
        };
        effects.messages.iter().map(|(_, message)| message).filter(about_hands).collect()
    }

    #[test]
    fn a_hand_that_is_up_keeps_its_time() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let mut effects = Effects::default();
        set(&mut house, ada, Hand::Raised, ServerTime(7), &mut effects);
        set(&mut house, ada, Hand::Raised, ServerTime(9), &mut effects);
        let raised = HandRaised { participant: ada, at: ServerTime(7) }.into();
        assert_eq!(told(&effects), [&raised]);
        assert_eq!(as_they_stand(&house, ParticipantId(99)), [raised]);
        set(&mut house, ada, Hand::Lowered, ServerTime(10), &mut effects);
        set(&mut house, ada, Hand::Lowered, ServerTime(11), &mut effects);
        assert_eq!(told(&effects).len(), 2);
        assert_eq!(as_they_stand(&house, ParticipantId(99)), []);
    }

    #[test]
    fn an_observer_s_hand_stays_down() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        house.people.get_mut(ada).unwrap().participant.kind = ParticipantKind::Observer;
        let mut effects = Effects::default();
        set(&mut house, ada, Hand::Raised, ServerTime(7), &mut effects);
        assert!(effects.messages.is_empty());
    }

    #[test]
    fn nobody_is_flooded_with_hands() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let mut effects = Effects::default();
        for n in 0..100 {
            set(&mut house, ada, Hand::Raised, ServerTime(n), &mut effects);
            set(&mut house, ada, Hand::Lowered, ServerTime(n), &mut effects);
        }
        assert_eq!(effects.messages.len(), 8);
        set(&mut house, ada, Hand::Raised, ServerTime(3_000_000), &mut effects);
        assert_eq!(effects.messages.len(), 9, "a moment later it goes up again");
    }

    #[test]
    fn a_hand_comes_down_with_the_space_and_with_the_person_and_not_with_the_connection() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let mut effects = Effects::default();
        set(&mut house, ada, Hand::Raised, ServerTime(1), &mut effects);
        absence::lose(&mut house, ada, ServerTime(2));
        absence::run(&mut house, &plan, ServerTime(3), 1_000, &mut effects);
        assert_eq!(told(&effects).len(), 1, "kept for as long as the seat is");
        travel::go(&mut house, &plan, ada, HALL, ServerTime(4), &mut effects);
        assert_eq!(told(&effects).len(), 2);
        set(&mut house, ada, Hand::Raised, ServerTime(5), &mut effects);
        absence::leave(&mut house, &plan, ada, &mut effects);
        assert_eq!(told(&effects).last(), Some(&&HandLowered { participant: ada }.into()));
    }
}
