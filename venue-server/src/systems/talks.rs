//! Private talks: asking, answering, leaving, and carrying what members send each other.
//!
//! It must not know what is said: everything between members is bytes.

use crate::systems::{kept_places, microphones};
use crate::world::talks::Asked;
use crate::world::{Effects, House, To};
use venue_model::{ParticipantId, ServerTime, TalkId};
use venue_protocol::{
    AnswerTalk, AskToTalk, InTalk, PostToTalk, TalkAnswer, TalkAskEnded, TalkAskOutcome, TalkAsked,
    TalkChanged, TalkPosted, Talkers,
};

/// A request that nobody answers is over after so long, µs.
const PATIENCE_MICROS: u64 = 60_000_000;

/// Somebody asks somebody else to talk.
pub fn ask(
    house: &mut House,
    who: ParticipantId,
    wanted: &AskToTalk,
    now: ServerTime,
    effects: &mut Effects,
) {
    let other = wanted.participant;
    let is_there = other != who
        && house.people.get(other).is_some_and(|person| person.is_connected())
        && !house.is_hidden(who, other);
    let may = house.people.get_mut(who).is_some_and(|person| person.limits.talks.take(now));
    let talk = if is_there && may { house.talks.ask(who, other, now) } else { None };
    let Some(talk) = talk else {
        let outcome = if is_there { TalkAskOutcome::TooMany } else { TalkAskOutcome::Gone };
        let none = TalkId(0);
        return effects.tell(who, TalkAskEnded { talk: none, participant: other, outcome }.into());
    };
    effects.tell(other, TalkAsked { talk, by: who }.into());
    kept_places::tell_change(house, talk, other, effects);
    tell_members(house, talk, effects);
}

/// Somebody answers.
pub fn answer(house: &mut House, who: ParticipantId, given: &AnswerTalk, effects: &mut Effects) {
    let AnswerTalk { talk, answer } = *given;
    let Some(asked) = house.talks.take_request(talk, who) else { return };
    let outcome = match answer {
        TalkAnswer::Accept => return accept(house, talk, asked, effects),
        TalkAnswer::Decline => TalkAskOutcome::Declined,
        TalkAnswer::Later => TalkAskOutcome::Later,
    };
    tell_ended(house, talk, asked, outcome, effects);
}

fn accept(house: &mut House, talk: TalkId, asked: Asked, effects: &mut Effects) {
    let Asked { who, by, .. } = asked;
    let is_there = |house: &House| house.people.get(by).is_some_and(|person| person.is_connected());
    // Whoever asked may have gone into another talk meanwhile.
    let is_elsewhere = house.talks.of(by).is_some_and(|other| other != talk);
    if !is_there(house) || is_elsewhere || house.is_hidden(who, by) {
        return tell_ended(house, talk, asked, TalkAskOutcome::Gone, effects);
    }
    leave_any(house, who, effects);
    let new: Vec<_> = [by, who].into_iter().filter(|member| house.talks.of(*member) != Some(talk)).collect();
    new.iter().for_each(|member| house.talks.enter(talk, *member));
    // They hear of the talk before their microphones close, and so know why.
    tell_members(house, talk, effects);
    for member in new {
        kept_places::tell_change(house, talk, member, effects);
        // Nobody is heard by others than they know: it opens again with a key, and says who hears it.
        microphones::close(house, member, effects);
        effects.send(To::All, InTalk { participant: member, is_in: true }.into());
    }
}

/// Somebody leaves the talk that they are in.
pub fn leave(house: &mut House, who: ParticipantId, talk: TalkId, effects: &mut Effects) {
    if house.talks.of(who) == Some(talk) {
        leave_any(house, who, effects);
    }
}

/// Takes somebody out of whatever talk they are in: microphones close with it.
fn leave_any(house: &mut House, who: ParticipantId, effects: &mut Effects) {
    let Some(talk) = house.talks.of(who) else { return };
    for out in house.talks.leave(talk, who) {
        effects.tell(out, changed(house, talk));
        kept_places::tell_change(house, talk, out, effects);
        microphones::close(house, out, effects);
        effects.send(To::All, InTalk { participant: out, is_in: false }.into());
    }
    tell_members(house, talk, effects);
}

/// Somebody is gone or lost: so are their requests, and their place in a talk.
pub fn part(house: &mut House, who: ParticipantId, effects: &mut Effects) {
    for (talk, asked) in house.talks.requests_of(who) {
        house.talks.take_request(talk, asked.who);
        tell_ended(house, talk, asked, TalkAskOutcome::Gone, effects);
    }
    leave_any(house, who, effects);
}

/// What a member says is carried to one member or to all; the sender's own comes back with the others', in one order.
pub fn post(house: &mut House, who: ParticipantId, said: PostToTalk, now: ServerTime, effects: &mut Effects) {
    let PostToTalk { talk, to, bytes } = said;
    let may = house.people.get_mut(who).is_some_and(|person| person.limits.posts.take(now));
    let Some(round) = house.talks.get(talk).filter(|round| may && round.members.contains(&who)) else {
        return;
    };
    let is_for_you = to.is_some();
    let receivers = round.members.iter().filter(|member| to.is_none_or(|to| to == **member));
    for receiver in receivers.copied().collect::<Vec<_>>() {
        let posted = TalkPosted { talk, from: who, is_for_you, bytes: bytes.clone() };
        effects.tell(receiver, posted.into());
    }
}

/// Requests that nobody answered are over; whose connection is lost is out of the talk.
pub fn run(house: &mut House, now: ServerTime, effects: &mut Effects) {
    for (talk, asked) in house.talks.expired(now, PATIENCE_MICROS) {
        house.talks.take_request(talk, asked.who);
        tell_ended(house, talk, asked, TalkAskOutcome::Expired, effects);
    }
    let lost = house.people.iter().filter(|person| !person.is_connected());
    let lost: Vec<_> = lost.map(|person| person.participant.id).collect();
    lost.into_iter().for_each(|who| part(house, who, effects));
}

fn tell_ended(house: &House, talk: TalkId, asked: Asked, outcome: TalkAskOutcome, effects: &mut Effects) {
    let ended = TalkAskEnded { talk, participant: asked.who, outcome };
    effects.tell(asked.by, ended.clone().into());
    effects.tell(asked.who, ended.into());
    kept_places::tell_change(house, talk, asked.who, effects);
    tell_members(house, talk, effects);
}

fn tell_members(house: &House, talk: TalkId, effects: &mut Effects) {
    let members = house.talks.get(talk).map_or(&[][..], |round| &round.members);
    members.iter().for_each(|member| effects.tell(*member, changed(house, talk)));
}

fn changed(house: &House, talk: TalkId) -> venue_protocol::ServerMessage {
    let round = house.talks.get(talk).cloned().unwrap_or_default();
    let asked = round.asked.iter().map(|asked| asked.who);
    TalkChanged { talk, members: Talkers::of(round.members), asked: Talkers::of(asked) }.into()
}

/// What somebody who comes in has to know: who is in a talk.
pub fn as_they_stand(house: &House, who: ParticipantId) -> Vec<venue_protocol::ServerMessage> {
    let seen = house.talks.talkers().filter(|talker| !house.is_hidden(who, *talker));
    seen.map(|participant| InTalk { participant, is_in: true }.into()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::testing;
    use glam::Vec3;
    use venue_protocol::{Microphone, ServerMessage, TalkBytes};

    struct Stand {
        house: House,
        people: [ParticipantId; 3],
        effects: Effects,
    }

    impl Stand {
        fn new() -> Self {
            let (plan, mut house) = testing::plan_and_house();
            let people = [1, 2, 3].map(|n| testing::let_in(&mut house, &plan, n, Vec3::X * n as f32));
            Self { house, people, effects: Effects::default() }
        }

        fn ask(&mut self, by: usize, who: usize) {
            let wanted = AskToTalk { participant: self.people[who] };
            ask(&mut self.house, self.people[by], &wanted, ServerTime(1), &mut self.effects);
        }

        fn answer(&mut self, who: usize, given: TalkAnswer) {
            let asked = self.told(who).into_iter().rev().find_map(|message| match message {
                ServerMessage::TalkAsked(asked) => Some(asked.talk),
                _ => None,
            });
            let given = AnswerTalk { talk: asked.unwrap(), answer: given };
            answer(&mut self.house, self.people[who], &given, &mut self.effects);
        }

        /// What one was told, alone or with all.
        fn told(&self, who: usize) -> Vec<ServerMessage> {
            let for_one = |to: &To| matches!(to, To::Person(to) if *to == self.people[who]) || *to == To::All;
            let messages = self.effects.messages.iter().filter(|(to, _)| for_one(to));
            messages.map(|(_, message)| message.clone()).collect()
        }

        fn posted_to(&self, who: usize) -> usize {
            self.told(who).iter().filter(|message| matches!(message, ServerMessage::TalkPosted(_))).count()
        }
    }

    #[test]
    fn two_who_agree_talk_and_what_they_say_reaches_nobody_else() {
        let mut stand = Stand::new();
        stand.ask(0, 1);
        assert_eq!(stand.house.talks.of(stand.people[0]), None);
        stand.answer(1, TalkAnswer::Accept);
        let talk = stand.house.talks.of(stand.people[0]).unwrap();
        assert_eq!(stand.house.talks.of(stand.people[1]), Some(talk));
        let said = |to| PostToTalk { talk, to, bytes: TalkBytes::new(vec![7; 9]).unwrap() };
        post(&mut stand.house, stand.people[0], said(None), ServerTime(2), &mut stand.effects);
        post(
            &mut stand.house,
            stand.people[0],
            said(Some(stand.people[1])),
            ServerTime(2),
            &mut stand.effects,
        );
        // Somebody else can not send into it.
        post(&mut stand.house, stand.people[2], said(None), ServerTime(2), &mut stand.effects);
        assert_eq!([0, 1, 2].map(|who| stand.posted_to(who)), [1, 2, 0]);
    }

    #[test]
    fn who_says_no_is_left_alone_and_the_asker_is_told() {
        let mut stand = Stand::new();
        stand.ask(0, 1);
        stand.answer(1, TalkAnswer::Decline);
        let ended = stand.told(0).into_iter().any(|message| {
            matches!(message, ServerMessage::TalkAskEnded(ended) if ended.outcome == TalkAskOutcome::Declined)
        });
        assert!(ended && stand.house.talks.talkers().count() == 0);
        (0..30).for_each(|_| stand.ask(0, 1));
        let asked =
            stand.told(1).iter().filter(|message| matches!(message, ServerMessage::TalkAsked(_))).count();
        assert!(asked < 8, "asked {asked} times");
    }

    #[test]
    fn a_talk_ends_with_its_second_last_member_and_closes_the_microphones() {
        let mut stand = Stand::new();
        stand.ask(0, 1);
        stand.answer(1, TalkAnswer::Accept);
        stand.ask(1, 2);
        stand.answer(2, TalkAnswer::Accept);
        let talk = stand.house.talks.of(stand.people[2]).unwrap();
        microphones::wish(&mut stand.house, stand.people[0], true, ServerTime(1), &mut stand.effects);
        leave(&mut stand.house, stand.people[1], talk, &mut stand.effects);
        assert_eq!(stand.house.talks.talkers().count(), 2);
        crate::systems::absence::lose(&mut stand.house, stand.people[2], ServerTime(5));
        run(&mut stand.house, ServerTime(6), &mut stand.effects);
        assert_eq!(stand.house.talks.talkers().count(), 0, "a lost connection ends it");
        assert_eq!(stand.house.people.get(stand.people[0]).unwrap().microphone, Microphone::Muted);
        let over = stand.told(0).into_iter().rev().find_map(|message| match message {
            ServerMessage::TalkChanged(changed) => Some(changed.members),
            _ => None,
        });
        assert_eq!(over, Some(Talkers::default()));
    }

    #[test]
    fn a_request_that_nobody_answers_is_over_after_a_minute() {
        let mut stand = Stand::new();
        stand.ask(0, 1);
        run(&mut stand.house, ServerTime(PATIENCE_MICROS), &mut stand.effects);
        assert!(!stand.told(1).iter().any(|message| matches!(message, ServerMessage::TalkAskEnded(_))));
        run(&mut stand.house, ServerTime(PATIENCE_MICROS + 2), &mut stand.effects);
        assert!(stand.told(1).iter().any(|message| matches!(message, ServerMessage::TalkAskEnded(_))));
    }
}
