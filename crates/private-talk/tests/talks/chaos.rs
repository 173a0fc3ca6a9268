//! Any order of coming, going, changing and talking at once, over a relay that keeps commits in order and loses, doubles
//! and delays everything else: who is in at the end is together.

use crate::hall::{Hall, Parcel, is_commit};
use private_talk::{Code, Event};
use proptest::prelude::*;
use venue_model::ParticipantId;
use venue_model::text::MessageBody;

const PEOPLE: u32 = 8;

#[derive(Clone, Debug)]
enum Step {
    Invite(u32, u32),
    Leave(u32),
    /// The device is gone without a word; the server says so to the others.
    Vanish(u32),
    PutOut(u32, u32),
    Renew(u32),
    Text(u32),
    Deliver(u32, u8),
    /// The next parcel to somebody is lost, if it is no commit and no welcome.
    Lose(u32),
    Double(u32),
    /// The next parcel comes behind the one after it, if one of them is no commit.
    Delay(u32),
    Wait,
}

fn person() -> impl Strategy<Value = u32> {
    1..=PEOPLE
}

fn steps(is_lossy: bool) -> impl Strategy<Value = Vec<Step>> {
    let usual = prop_oneof![
        8 => (person(), person()).prop_map(|(by, whom)| Step::Invite(by, whom)),
        1 => person().prop_map(Step::Leave),
        1 => person().prop_map(Step::Vanish),
        1 => (person(), person()).prop_map(|(by, whom)| Step::PutOut(by, whom)),
        3 => person().prop_map(Step::Renew),
        3 => person().prop_map(Step::Text),
        24 => (person(), 1u8..12).prop_map(|(who, count)| Step::Deliver(who, count)),
        2 => Just(Step::Wait),
    ];
    let lossy = prop_oneof![
        person().prop_map(Step::Lose),
        person().prop_map(Step::Double),
        person().prop_map(Step::Delay),
    ];
    let weight = u32::from(is_lossy);
    let step = prop_oneof![4 => usual.boxed(), weight => lossy.boxed()];
    proptest::collection::vec(step, 10..120)
}

fn is_in(hall: &Hall, participant: u32) -> bool {
    hall.seats.get(&participant).is_some_and(|seat| seat.talk.epoch().is_some())
}

/// Somebody who is in, picked by a number.
fn one_inside(hall: &Hall, number: u32) -> Option<u32> {
    let inside: Vec<u32> = hall.seats.keys().copied().filter(|one| is_in(hall, *one)).collect();
    inside.get(number as usize % inside.len().max(1)).copied()
}

fn is_loose(parcel: &Parcel) -> bool {
    matches!(parcel, Parcel::Message(bytes) if !is_commit(bytes))
}

fn take(hall: &mut Hall, step: &Step) {
    let now = hall.now;
    match *step {
        Step::Invite(by, whom) => {
            if let Some(by) = one_inside(hall, by)
                && !hall.seats.contains_key(&whom)
            {
                hall.invite(by, whom).unwrap();
            }
        }
        Step::Leave(who) if is_in(hall, who) => {
            hall.talk(who).leave().unwrap();
            hall.collect();
            hall.seats.remove(&who);
        }
        // Somebody must stay, or there is no talk.
        Step::Vanish(who) if hall.seats.keys().filter(|one| is_in(hall, **one)).count() > 1 => {
            hall.seats.remove(&who);
        }
        Step::PutOut(by, whom) if is_in(hall, by) => {
            hall.talk(by).put_out(ParticipantId(whom), now).ok();
        }
        Step::Renew(who) if is_in(hall, who) => hall.talk(who).renew(None, now).unwrap(),
        Step::Text(who) if is_in(hall, who) => {
            hall.talk(who).send_text(MessageBody::new("word").unwrap()).ok();
        }
        Step::Deliver(who, count) => {
            for _ in 0..count {
                hall.deliver(who);
            }
        }
        Step::Lose(who) => {
            let Some(seat) = hall.seats.get_mut(&who) else { return };
            if seat.inbox.front().is_some_and(is_loose) {
                seat.inbox.pop_front();
            }
        }
        Step::Double(who) => {
            let Some(seat) = hall.seats.get_mut(&who) else { return };
            let doubled = seat.inbox.iter().find(|parcel| matches!(parcel, Parcel::Message(_))).cloned();
            seat.inbox.extend(doubled);
        }
        Step::Delay(who) => {
            let Some(seat) = hall.seats.get_mut(&who) else { return };
            if seat.inbox.len() > 1 && (is_loose(&seat.inbox[0]) || is_loose(&seat.inbox[1])) {
                seat.inbox.swap(0, 1);
            }
        }
        Step::Wait => hall.wait(1_000_000),
        _ => {}
    }
    hall.collect();
}

/// The server tells everybody who is in of those who have no connection.
fn tell_who_is_gone(hall: &mut Hall) {
    let (now, seated) = (hall.now, hall.seats.keys().copied().collect::<Vec<u32>>());
    for participant in &seated {
        for member in hall.members(*participant) {
            if !seated.contains(&member) {
                hall.talk(*participant).gone(ParticipantId(member), now).ok();
            }
        }
    }
    hall.collect();
}

/// Everything arrives; who was left outside gives up; who is gone is taken out.
fn come_to_rest(hall: &mut Hall) -> Vec<u32> {
    hall.settle();
    for _ in 0..4 {
        let outside: Vec<u32> = hall.seats.keys().copied().filter(|one| !is_in(hall, *one)).collect();
        outside.iter().for_each(|one| drop(hall.seats.remove(one)));
        tell_who_is_gone(hall);
        hall.settle();
        hall.wait(20_000_000);
    }
    hall.seats.keys().copied().collect()
}

fn run(steps: &[Step]) -> (Hall, Vec<u32>) {
    let mut hall = Hall::of(3);
    for step in steps {
        take(&mut hall, step);
    }
    let present = come_to_rest(&mut hall);
    (hall, present)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn who_is_in_at_the_end_is_together(steps in steps(true)) {
        let (mut hall, present) = run(&steps);
        if present.is_empty() {
            return Ok(());
        }
        hall.assert_together(&present, 1_000);
        let codes: Vec<Code> = present.iter().filter_map(|one| hall.talk(*one).code()).collect();
        prop_assert!(codes.iter().all(|code| *code == codes[0]), "{:?}", codes);
        for one in &present {
            prop_assert_eq!(hall.talk(*one).stats().unreadable, 0);
            let told = hall.events(*one);
            prop_assert!(!told.iter().any(|event| matches!(event, Event::Failed(_))), "{:?}", told);
        }
    }

    #[test]
    fn where_nothing_is_lost_all_come_to_one_code(steps in steps(false)) {
        let (mut hall, present) = run(&steps);
        if present.is_empty() {
            return Ok(());
        }
        hall.assert_together(&present, 1_000);
        let code = hall.talk(present[0]).code();
        prop_assert_eq!(code.is_some(), present.len() > 1);
        for one in &present {
            prop_assert_eq!(hall.talk(*one).code(), code);
        }
    }
}
