//! Real-time text: lines are shown to others while they are written, and are never stored.
//!
//! The server keeps each line, so that somebody who comes in between, or a writer who was too fast, costs the readers
//! nothing: the next change carries the whole line.

use crate::world::{Effects, House, LiveLine, Person, To};
use venue_model::{ParticipantId, ServerTime, SpaceId, TextScope};
use venue_protocol::{LiveEdit, LiveText, MessageBody, WriteLive};

/// Changes somebody's line and shows it to those who may read it.
pub fn write(
    house: &mut House,
    who: ParticipantId,
    message: &WriteLive,
    now: ServerTime,
    effects: &mut Effects,
) {
    let Some(person) = house.people.get(who) else { return };
    let (scope, space) = (message.scope, person.space);
    if person.live.as_ref().is_some_and(|line| line.scope != scope || line.space != space) {
        end(house, who, effects);
    }
    let readers = readers(house, who, scope, space);
    let Some(person) = house.people.get_mut(who) else { return };
    let may_show = person.limits.live.take(now);
    let line = person.live.get_or_insert_with(|| LiveLine {
        scope,
        space,
        text: String::new(),
        readers: Vec::new(),
        is_behind: false,
    });
    message.edit.apply(&mut line.text);
    // The end is always told: a line that is gone must not stay on anybody's screen.
    if !may_show && !line.text.is_empty() {
        line.is_behind = true;
        return;
    }
    let is_whole = line.is_behind || line.readers != readers;
    let edit = if is_whole { LiveEdit::whole(&line.text) } else { message.edit.clone() };
    line.is_behind = false;
    line.readers.clone_from(&readers);
    if line.text.is_empty() {
        person.live = None;
    }
    show(&readers, &LiveText { from: who, scope, space, edit }, effects);
}

/// Somebody's screen is empty again after a lost connection: the lines that it showed are told once more, whole.
pub fn forget_reader(house: &mut House, reader: ParticipantId) {
    for person in house.people.iter_mut() {
        if let Some(line) = &mut person.live {
            let known = line.readers.len();
            line.readers.retain(|known| *known != reader);
            line.is_behind |= line.readers.len() != known;
        }
    }
}

/// Ends the lines of those who went to another space or lost the connection, and shows what was held back.
pub fn run(house: &mut House, now: ServerTime, effects: &mut Effects) {
    let is_over = |person: &Person| {
        person.live.as_ref().is_some_and(|line| line.space != person.space || !person.is_connected())
    };
    let writers: Vec<_> = house
        .people
        .iter()
        .filter(|person| person.live.is_some())
        .map(|p| (p.participant.id, is_over(p)))
        .collect();
    for (who, is_over) in writers {
        if is_over {
            end(house, who, effects);
        } else {
            catch_up(house, who, now, effects);
        }
    }
}

fn catch_up(house: &mut House, who: ParticipantId, now: ServerTime, effects: &mut Effects) {
    let Some(person) = house.people.get_mut(who) else { return };
    let Some(line) = &person.live else { return };
    let scope = line.scope;
    if line.is_behind && person.limits.live.has(now) {
        let nothing = LiveEdit { erase: 0, insert: MessageBody::default() };
        write(house, who, &WriteLive { scope, edit: nothing }, now, effects);
    }
}

fn end(house: &mut House, who: ParticipantId, effects: &mut Effects) {
    let line = house.people.get_mut(who).and_then(|person| person.live.take());
    if let Some(LiveLine { scope, space, readers, .. }) = line {
        show(&readers, &LiveText { from: who, scope, space, edit: LiveEdit::whole("") }, effects);
    }
}

fn show(readers: &[ParticipantId], message: &LiveText, effects: &mut Effects) {
    readers.iter().for_each(|reader| effects.send(To::Person(*reader), message.clone().into()));
}

fn readers(house: &House, who: ParticipantId, scope: TextScope, space: SpaceId) -> Vec<ParticipantId> {
    let people: Vec<_> = match scope {
        TextScope::Space => house.people.in_space(space).map(|person| person.participant.id).collect(),
        TextScope::Person(reader) => house.people.get(reader).map(|_| reader).into_iter().collect(),
    };
    people.into_iter().filter(|reader| *reader != who).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::testing;
    use glam::Vec3;
    use venue_protocol::ServerMessage;

    fn typed(
        house: &mut House,
        who: ParticipantId,
        scope: TextScope,
        before: &str,
        after: &str,
        at: u64,
    ) -> Effects {
        let mut effects = Effects::default();
        let edit = LiveEdit::between(before, after).unwrap();
        write(house, who, &WriteLive { scope, edit }, ServerTime(at), &mut effects);
        effects
    }

    /// What a reader's screen shows after these messages.
    fn read(effects: &Effects, reader: ParticipantId, line: &mut String) -> usize {
        let to_reader = effects.messages.iter().filter(|(to, _)| *to == To::Person(reader));
        let edits = to_reader.filter_map(|(_, message)| match message {
            ServerMessage::LiveText(live) => Some(&live.edit),
            _ => None,
        });
        edits.map(|edit| edit.apply(line)).count()
    }

    #[test]
    fn readers_see_the_line_grow_and_go() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let bo = testing::let_in(&mut house, &plan, 2, Vec3::ZERO);
        let mut line = String::new();
        for (before, after) in
            [("", "Go"), ("Go", "Good d"), ("Good d", "Good morning"), ("Good morning", "")]
        {
            let effects = typed(&mut house, ada, TextScope::Space, before, after, 0);
            assert_eq!(read(&effects, bo, &mut line), 1);
            assert_eq!(line, after);
        }
        assert!(house.people.get(ada).unwrap().live.is_none());
    }

    #[test]
    fn who_comes_in_between_gets_the_whole_line_with_the_next_change() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        typed(&mut house, ada, TextScope::Space, "", "Good", 0);
        let bo = testing::let_in(&mut house, &plan, 2, Vec3::ZERO);
        let mut line = String::new();
        read(&typed(&mut house, ada, TextScope::Space, "Good", "Good day", 0), bo, &mut line);
        assert_eq!(line, "Good day");
    }

    #[test]
    fn a_line_to_a_person_is_for_that_person() {
        let (plan, mut house) = testing::plan_and_house();
        let people: Vec<_> = (1..=3).map(|n| testing::let_in(&mut house, &plan, n, Vec3::ZERO)).collect();
        let effects = typed(&mut house, people[0], TextScope::Person(people[1]), "", "psst", 0);
        assert_eq!(read(&effects, people[1], &mut String::new()), 1);
        assert_eq!(read(&effects, people[2], &mut String::new()), 0);
        let other = typed(&mut house, people[0], TextScope::Space, "", "hello", 0);
        let mut line = "psst".to_owned();
        read(&other, people[1], &mut line);
        assert_eq!(line, "hello", "another line ends the first");
    }

    #[test]
    fn a_fast_writer_costs_readers_little_and_loses_nothing() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let bo = testing::let_in(&mut house, &plan, 2, Vec3::ZERO);
        let (mut line, mut before, mut messages) = (String::new(), String::new(), 0);
        for _ in 0..200 {
            let after = format!("{before}x");
            messages += read(&typed(&mut house, ada, TextScope::Space, &before, &after, 0), bo, &mut line);
            before = after;
        }
        assert!(messages <= 12, "{messages}");
        let mut effects = Effects::default();
        run(&mut house, ServerTime(1_000_000), &mut effects);
        read(&effects, bo, &mut line);
        assert_eq!(line, before);
    }

    #[test]
    fn a_reader_who_was_lost_gets_the_whole_line_on_the_return() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let bo = testing::let_in(&mut house, &plan, 2, Vec3::ZERO);
        typed(&mut house, ada, TextScope::Space, "", "Good", 0);
        forget_reader(&mut house, bo);
        let (mut line, mut effects) = (String::new(), Effects::default());
        run(&mut house, ServerTime(1), &mut effects);
        read(&effects, bo, &mut line);
        assert_eq!(line, "Good");
    }

    #[test]
    fn a_line_ends_when_its_writer_is_lost() {
        let (plan, mut house) = testing::plan_and_house();
        let ada = testing::let_in(&mut house, &plan, 1, Vec3::ZERO);
        let bo = testing::let_in(&mut house, &plan, 2, Vec3::ZERO);
        typed(&mut house, ada, TextScope::Space, "", "half a sen", 0);
        house.people.get_mut(ada).unwrap().lost_since = Some(ServerTime(1));
        let mut effects = Effects::default();
        run(&mut house, ServerTime(2), &mut effects);
        let mut line = "half a sen".to_owned();
        assert_eq!((read(&effects, bo, &mut line), line.as_str()), (1, ""));
    }
}
