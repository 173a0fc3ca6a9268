//! Texts: stored first, acknowledged and delivered only then.
//!
//! It must not know the store's inside. No text goes into a log.

use crate::store::{FoundText, PersonId, StoreError, StoreReply, StoreRequest};
use crate::world::people::SentText;
use crate::world::{Effects, House, Plan, Purpose, TextUnderWay, To};
use sha2::{Digest, Sha256};
use venue_model::{ParticipantId, ServerTime, TextId, TextScope, WallTime};
use venue_protocol::{FetchTexts, SendText, Text, TextAccepted, TextRejected, TextRejection};

/// Sends a text on its way to the store, or tells the writer why not.
pub fn submit(
    house: &mut House,
    plan: &Plan,
    who: ParticipantId,
    text: SendText,
    now: ServerTime,
    effects: &mut Effects,
) {
    let client_ref = text.client_ref;
    match try_submit(house, plan, who, text, now, effects) {
        Ok(()) => {}
        Err(why) => {
            effects.tally.texts_rejected += 1;
            effects.tell(who, TextRejected { client_ref, why }.into());
        }
    }
}

/// Tells the writer that nothing is stored any more: the server is stopping.
pub fn reject(who: ParticipantId, text: &SendText, effects: &mut Effects) {
    effects.tally.texts_rejected += 1;
    let why = TextRejection::NotStored;
    effects.tell(who, TextRejected { client_ref: text.client_ref, why }.into());
}

fn try_submit(
    house: &mut House,
    plan: &Plan,
    who: ParticipantId,
    text: SendText,
    now: ServerTime,
    effects: &mut Effects,
) -> Result<(), TextRejection> {
    let SendText { client_ref, scope, body } = text;
    if body.as_str().trim().is_empty() {
        return Err(TextRejection::Empty);
    }
    let to = match scope {
        TextScope::Space => None,
        TextScope::Person(reader) if reader == who || house.is_hidden(who, reader) => {
            return Err(TextRejection::NobodyThere);
        }
        TextScope::Person(reader) => {
            Some(house.people.get(reader).ok_or(TextRejection::NobodyThere)?.account.person)
        }
    };
    let person = house.people.get_mut(who).ok_or(TextRejection::NotAllowed)?;
    let digest: [u8; 32] = Sha256::digest(body.as_str()).into();
    if let Some(earlier) = person.sent.find(client_ref, scope, &digest) {
        // Sent again after a lost connection: answered when, and as, the first one was.
        if let Some((text_id, sent_at)) = earlier.stored {
            effects.tell(who, TextAccepted { client_ref, text_id, sent_at }.into());
        }
        return Ok(());
    }
    if !person.limits.texts.take(now) {
        return Err(TextRejection::TooFast);
    }
    person.sent.note(SentText { client_ref, scope, digest, stored: None });
    let request = StoreRequest::AppendText {
        event: house.event.id,
        from: person.account.person,
        space: plan.key_of(person.space).to_owned(),
        to,
        client_ref,
        body: body.clone(),
    };
    let under_way = TextUnderWay { from: who, client_ref, scope, space: person.space, body };
    effects.request(request, Purpose::Text(under_way));
    Ok(())
}

/// Acknowledges and delivers a text that is stored, or tells the writer that it is not.
pub fn settle(
    house: &mut House,
    text: TextUnderWay,
    reply: Result<StoreReply, StoreError>,
    now: ServerTime,
    effects: &mut Effects,
) {
    let TextUnderWay { from, client_ref, scope, space, body } = text;
    let Ok(StoreReply::TextStored { text: text_id, sent_at }) = reply else {
        note(house, from, client_ref, None);
        effects.tally.texts_rejected += 1;
        effects.tell(from, TextRejected { client_ref, why: TextRejection::NotStored }.into());
        return;
    };
    // Between the sending and the commit the reader may have gone for good. The text is on the disk,
    // but nobody will read it, so its writer is not told that it arrived: to say that it can not be
    // delivered is the one answer on which the writer can act. A reader whose connection is lost is
    // in the house still, and gets it on the return.
    if let TextScope::Person(reader) = scope
        && house.people.get(reader).is_none()
    {
        note(house, from, client_ref, None);
        effects.tally.texts_rejected += 1;
        return effects.tell(from, TextRejected { client_ref, why: TextRejection::NobodyThere }.into());
    }
    if let TextScope::Person(reader) = scope {
        house.note_talk(from, reader, now);
    }
    let sent_at = sent_at.wall_time();
    note(house, from, client_ref, Some((text_id, sent_at)));
    effects.tally.texts_stored += 1;
    effects.tell(from, TextAccepted { client_ref, text_id, sent_at }.into());
    let to = match scope {
        TextScope::Space => To::SpaceBut(space, from),
        TextScope::Person(reader) => To::Person(reader),
    };
    effects.send(to, Text { text_id, from, scope, space, body, sent_at }.into());
}

/// Looks up what somebody missed while the server was gone. Who asks too often is not answered: nothing is lost, the
/// next return asks again.
pub fn fetch(
    house: &mut House,
    who: ParticipantId,
    wanted: FetchTexts,
    now: ServerTime,
    effects: &mut Effects,
) {
    let event = house.event.id;
    let Some(person) = house.people.get_mut(who) else { return };
    if person.limits.changes.take(now) {
        let request = StoreRequest::FindTexts { event, person: person.account.person, after: wanted.after };
        effects.request(request, Purpose::Missed { who });
    }
}

/// Delivers what was found. What is about rooms that the venue has no more, or from somebody whom the reader does not
/// meet, stays in the store.
pub fn settle_missed(
    house: &House,
    plan: &Plan,
    who: ParticipantId,
    reply: Result<StoreReply, StoreError>,
    effects: &mut Effects,
) {
    let Ok(StoreReply::Texts(found)) = reply else { return };
    for FoundText { text, from, space, to, body, sent_at } in found {
        let Some(space) = plan.spaces().find(|known| known.key == space).map(|known| known.id) else {
            continue;
        };
        let Some(from) = from.participant().filter(|_| !is_unwanted(house, who, from)) else { continue };
        let scope = if to.is_some() { TextScope::Person(who) } else { TextScope::Space };
        let sent_at = sent_at.wall_time();
        effects.tell(who, Text { text_id: text, from, scope, space, body, sent_at }.into());
    }
}

/// Whether the two do not meet; the writer need not be here.
fn is_unwanted(house: &House, reader: ParticipantId, writer: PersonId) -> bool {
    match (house.people.of_account(writer), house.people.get(reader)) {
        (Some(writer), _) => house.is_hidden(reader, writer),
        (None, Some(reader)) => house.blocks.is_between(reader.account.person, writer),
        (None, None) => true,
    }
}

fn note(house: &mut House, who: ParticipantId, client_ref: u32, stored: Option<(TextId, WallTime)>) {
    if let Some(person) = house.people.get_mut(who) {
        person.sent.settle(client_ref, stored);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::UnixMillis;
    use crate::world::testing;
    use glam::Vec3;
    use venue_model::text::MessageBody;
    use venue_protocol::ServerMessage;

    fn at(secs: u64) -> ServerTime {
        ServerTime(secs * 1_000_000)
    }

    fn say(client_ref: u32, scope: TextScope, body: &str) -> SendText {
        SendText { client_ref, scope, body: MessageBody::lossy(body) }
    }

    fn submitted(house: &mut House, plan: &Plan, who: ParticipantId, text: SendText, secs: u64) -> Effects {
        let mut effects = Effects::default();
        submit(house, plan, who, text, at(secs), &mut effects);
        effects
    }

    fn under_way(effects: Effects) -> TextUnderWay {
        match effects.requests.into_iter().next() {
            Some((_, Purpose::Text(text))) => text,
            other => panic!("{other:?}"),
        }
    }

    fn rejection(effects: &Effects) -> Option<TextRejection> {
        effects.messages.iter().find_map(|(_, message)| match message {
            ServerMessage::TextRejected(rejected) => Some(rejected.why),
            _ => None,
        })
    }

    fn stored(number: u64) -> Result<StoreReply, StoreError> {
        Ok(StoreReply::TextStored { text: TextId(number), sent_at: UnixMillis(7_000) })
    }

    #[test]
    fn nothing_is_acknowledged_before_the_commit() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let effects = submitted(&mut house, &plan, ada, say(1, TextScope::Space, "hello"), 5);
        assert!(effects.messages.is_empty());
        let mut effects_after = Effects::default();
        settle(&mut house, under_way(effects), stored(9), ServerTime(0), &mut effects_after);
        let sent_at = WallTime(7_000);
        let accepted = TextAccepted { client_ref: 1, text_id: TextId(9), sent_at };
        assert_eq!(effects_after.messages[0], (To::Person(ada), accepted.into()));
        assert_eq!(effects_after.messages[1].0, To::SpaceBut(testing::LOUNGE, ada));
    }

    #[test]
    fn a_text_that_can_not_be_stored_is_rejected() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let effects = submitted(&mut house, &plan, ada, say(1, TextScope::Space, "hello"), 5);
        let mut after = Effects::default();
        let full = StoreError::DiskFull { path: "venue.db".into() };
        settle(&mut house, under_way(effects), Err(full), ServerTime(0), &mut after);
        assert_eq!(rejection(&after), Some(TextRejection::NotStored));
        assert_eq!(after.messages.len(), 1);
        let again = submitted(&mut house, &plan, ada, say(1, TextScope::Space, "hello"), 6);
        assert_eq!(again.requests.len(), 1, "it may be sent again");
    }

    #[test]
    fn the_same_text_sent_again_is_stored_once() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let first = submitted(&mut house, &plan, ada, say(1, TextScope::Space, "hello"), 5);
        let again = submitted(&mut house, &plan, ada, say(1, TextScope::Space, "hello"), 5);
        assert!(again.requests.is_empty() && again.messages.is_empty());
        settle(&mut house, under_way(first), stored(3), ServerTime(0), &mut Effects::default());
        let again = submitted(&mut house, &plan, ada, say(1, TextScope::Space, "hello"), 6);
        assert!(
            matches!(&again.messages[..], [(_, ServerMessage::TextAccepted(a))] if a.text_id == TextId(3))
        );
        let other = submitted(&mut house, &plan, ada, say(1, TextScope::Space, "bye"), 6);
        assert_eq!(other.requests.len(), 1);
    }

    #[test]
    fn a_text_to_a_person_goes_to_that_person_alone() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let bo = testing::let_in(&mut house, &plan, 2, Vec3::ZERO);
        let effects = submitted(&mut house, &plan, ada, say(1, TextScope::Person(bo), "psst"), 5);
        let StoreRequest::AppendText { to, .. } = &effects.requests[0].0 else { panic!("{effects:?}") };
        assert_eq!(*to, Some(house.people.get(bo).unwrap().account.person));
        let mut after = Effects::default();
        settle(&mut house, under_way(effects), stored(1), ServerTime(0), &mut after);
        assert_eq!(
            after.messages.iter().map(|(to, _)| *to).collect::<Vec<_>>(),
            [To::Person(ada), To::Person(bo)]
        );
    }

    #[test]
    fn a_reader_who_left_before_the_commit_is_told_to_the_writer() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let bo = testing::let_in(&mut house, &plan, 2, Vec3::ZERO);
        let effects = submitted(&mut house, &plan, ada, say(1, TextScope::Person(bo), "psst"), 5);
        house.remove(bo);
        let mut after = Effects::default();
        settle(&mut house, under_way(effects), stored(1), ServerTime(0), &mut after);
        assert_eq!(rejection(&after), Some(TextRejection::NobodyThere));
        assert_eq!(after.messages.len(), 1, "no acknowledgement");
    }

    #[test]
    fn what_is_not_taken_is_said() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let mut check = |scope, body: &str, why| {
            assert_eq!(rejection(&submitted(&mut house, &plan, ada, say(1, scope, body), 5)), Some(why));
        };
        check(TextScope::Space, " \n", TextRejection::Empty);
        check(TextScope::Person(ParticipantId(99)), "hello", TextRejection::NobodyThere);
        check(TextScope::Person(ada), "hello", TextRejection::NobodyThere);
    }

    #[test]
    fn a_flood_is_slowed_down() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let taken = |house: &mut House, secs| {
            let text = |n| say(n, TextScope::Space, "hello");
            let first = secs as u32 * 1_000;
            (first..first + 50)
                .filter(|&n| submitted(house, &plan, ada, text(n), secs).requests.len() == 1)
                .count()
        };
        assert_eq!(taken(&mut house, 5), 10);
        assert_eq!(taken(&mut house, 8), 3);
    }
}
