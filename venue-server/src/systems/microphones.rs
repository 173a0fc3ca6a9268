//! Microphones: who opens them, and what closes them. A closed one is closed at the server, whatever its client sends.
//!
//! It must not know voices.

use crate::systems::hands;
use crate::world::{Effects, House, To};
use venue_model::{ParticipantId, ServerTime};
use venue_protocol::{Microphone, MicrophoneChanged, MicrophoneOpened, ServerMessage};

/// A person opens the own microphone or closes it. What is not granted is answered by how it is: a moderator's mute, who only
/// watches, too many changes. Closing is always granted.
pub fn wish(house: &mut House, who: ParticipantId, is_open: bool, now: ServerTime, effects: &mut Effects) {
    if !is_open {
        close(house, who, effects);
        return;
    }
    let Some(person) = house.people.get_mut(who) else { return };
    let is_granted = person.microphone != Microphone::MutedByModerator
        && hands::may_speak(person.participant.kind)
        && person.limits.microphones.take(now);
    if !is_granted {
        return effects.tell(who, message_of(who, person.microphone));
    }
    set(house, who, Microphone::Open, effects);
}

/// Closes an open microphone: its owner goes elsewhere, is lost, watches.
pub fn close(house: &mut House, who: ParticipantId, effects: &mut Effects) {
    if house.people.get(who).is_some_and(|person| person.microphone == Microphone::Open) {
        set(house, who, Microphone::Muted, effects);
    }
}

/// Closes a microphone so that only a moderator gives it back; whether it was not so already.
pub fn mute(house: &mut House, who: ParticipantId, effects: &mut Effects) -> bool {
    set(house, who, Microphone::MutedByModerator, effects)
}

/// Gives a microphone back that a moderator closed: its owner may open it.
pub fn give_back(house: &mut House, who: ParticipantId, effects: &mut Effects) {
    if house.people.get(who).is_some_and(|person| person.microphone == Microphone::MutedByModerator) {
        set(house, who, Microphone::Muted, effects);
    }
}

/// Closes the microphones of those whose connection is lost.
pub fn run(house: &mut House, effects: &mut Effects) {
    let lost = house.people.iter().filter(|person| !person.is_connected());
    let lost: Vec<_> = lost.map(|person| person.participant.id).collect();
    lost.into_iter().for_each(|who| close(house, who, effects));
}

fn set(house: &mut House, who: ParticipantId, microphone: Microphone, effects: &mut Effects) -> bool {
    let Some(person) = house.people.get_mut(who) else { return false };
    let is_news = std::mem::replace(&mut person.microphone, microphone) != microphone;
    if is_news {
        effects.send(To::All, message_of(who, microphone));
    }
    is_news
}

/// How a microphone is told.
pub fn message_of(participant: ParticipantId, microphone: Microphone) -> ServerMessage {
    match microphone {
        Microphone::Open => MicrophoneOpened { participant }.into(),
        Microphone::Muted | Microphone::MutedByModerator => {
            MicrophoneChanged { participant, microphone }.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::systems::{absence, travel};
    use crate::world::testing::{self, HALL};
    use glam::Vec3;
    use venue_model::ParticipantKind;

    fn with_open_microphone() -> (crate::world::Plan, House, ParticipantId) {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let mut effects = Effects::default();
        wish(&mut house, ada, true, ServerTime(1), &mut effects);
        assert_eq!(effects.messages, [(To::All, MicrophoneOpened { participant: ada }.into())]);
        (plan, house, ada)
    }

    fn state(house: &House, who: ParticipantId) -> Microphone {
        house.people.get(who).unwrap().microphone
    }

    #[test]
    fn a_moderator_s_mute_is_told_once_and_only_given_back() {
        let (_, mut house, ada) = with_open_microphone();
        let mut effects = Effects::default();
        assert!(mute(&mut house, ada, &mut effects));
        assert!(!mute(&mut house, ada, &mut effects));
        assert_eq!(effects.messages.len(), 1);
        assert_eq!(hands::as_they_stand(&house, ParticipantId(99)).len(), 1);
        wish(&mut house, ada, true, ServerTime(9), &mut effects);
        let (to, answer) = effects.messages.last().unwrap();
        assert_eq!((to, answer), (&To::Person(ada), &message_of(ada, Microphone::MutedByModerator)));
        close(&mut house, ada, &mut effects);
        assert_eq!(state(&house, ada), Microphone::MutedByModerator);
        give_back(&mut house, ada, &mut effects);
        assert_eq!(state(&house, ada), Microphone::Muted, "given back is not opened");
    }

    #[test]
    fn another_room_and_a_lost_connection_close_it() {
        let (plan, mut house, ada) = with_open_microphone();
        let mut effects = Effects::default();
        travel::go(&mut house, &plan, ada, HALL, ServerTime(2), &mut effects);
        assert_eq!(state(&house, ada), Microphone::Muted);
        wish(&mut house, ada, true, ServerTime(3), &mut effects);
        absence::lose(&mut house, ada, ServerTime(4));
        run(&mut house, &mut effects);
        assert_eq!(state(&house, ada), Microphone::Muted);
    }

    #[test]
    fn who_watches_does_not_speak_and_nobody_floods_others_with_changes() {
        let (_, mut house, ada) = with_open_microphone();
        let mut effects = Effects::default();
        for n in 0..200 {
            wish(&mut house, ada, false, ServerTime(n), &mut effects);
            wish(&mut house, ada, true, ServerTime(n), &mut effects);
        }
        let told_all = effects.messages.iter().filter(|(to, _)| *to == To::All).count();
        assert!(told_all < 30, "{told_all} changes");
        wish(&mut house, ada, false, ServerTime(201), &mut effects);
        assert_eq!(state(&house, ada), Microphone::Muted, "closing is always granted");
        house.people.get_mut(ada).unwrap().participant.kind = ParticipantKind::Observer;
        wish(&mut house, ada, true, ServerTime(9_000_000), &mut effects);
        assert_eq!(state(&house, ada), Microphone::Muted);
    }
}
