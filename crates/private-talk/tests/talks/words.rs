//! What people say and compare.

use crate::hall::{HOUR, Hall, certificate, wall};
use private_talk::{Compared, Event, TalkError};
use venue_model::text::{MAX_MESSAGE_CHARS, MessageBody};
use venue_model::{ParticipantId, WallTime};

fn body(text: &str) -> MessageBody {
    MessageBody::new(text).unwrap()
}

/// Says the text and lets it arrive.
fn say(hall: &mut Hall, from: u32, text: &str) -> u64 {
    let reference = hall.talk(from).send_text(body(text)).unwrap();
    hall.collect();
    hall.settle();
    reference
}

#[test]
fn a_text_comes_to_all_and_its_writer_hears_that_it_did() {
    let mut hall = Hall::of(3);
    let reference = say(&mut hall, 2, "здравствуйте");
    let text = Event::Text { from: ParticipantId(2), body: body("здравствуйте") };
    assert_eq!(hall.events(1).last(), Some(&text));
    assert_eq!(hall.events(3).last(), Some(&text));
    assert_eq!(hall.events(2).last(), Some(&Event::Delivered { reference }));
}

#[test]
fn the_longest_text_goes_through_and_an_empty_one_does_not() {
    let mut hall = Hall::of(2);
    let longest = "語".repeat(MAX_MESSAGE_CHARS);
    say(&mut hall, 1, &longest);
    assert_eq!(hall.events(2).last(), Some(&Event::Text { from: ParticipantId(1), body: body(&longest) }));
    assert_eq!(hall.talk(1).send_text(body("")), Err(TalkError::BadText));
}

#[test]
fn texts_on_their_way_during_a_change_are_read() {
    let mut hall = Hall::of(3);
    let now = hall.now;
    // The changes stand before the text in the talk's order; it was written before them.
    hall.talk(1).renew(None, now).unwrap();
    hall.collect();
    let reference = hall.talk(3).send_text(body("meanwhile")).unwrap();
    hall.collect();
    hall.settle();
    assert!(hall.events(2).contains(&Event::Text { from: ParticipantId(3), body: body("meanwhile") }));
    assert!(hall.events(3).contains(&Event::Delivered { reference }));
}

#[test]
fn a_text_that_too_many_changes_overtook_is_sent_anew() {
    let mut hall = Hall::of(3);
    let now = hall.now;
    let reference = hall.talk(3).send_text(body("at last")).unwrap();
    let late = hall.talk(3).poll_outgoing().unwrap();
    for _ in 0..3 {
        hall.talk(1).renew(None, now).unwrap();
        hall.collect();
        hall.settle();
    }
    let private_talk::Outgoing::ToAll(late) = late else { panic!() };
    for participant in [1, 2] {
        assert!(hall.talk(participant).handle_message(&late, now).is_err());
    }
    hall.talk(3).handle_message(&late, now).unwrap();
    hall.collect();
    hall.settle();
    assert!(hall.events(2).contains(&Event::Text { from: ParticipantId(3), body: body("at last") }));
    assert!(hall.events(3).contains(&Event::Delivered { reference }));
}

#[test]
fn texts_from_before_somebody_came_are_late_for_the_newcomer_and_no_fault() {
    let mut hall = Hall::of(2);
    hall.invite(1, 3).unwrap();
    // Written before the commit came to 2, and behind it in the order.
    for _ in 0..12 {
        hall.talk(2).send_text(body("word")).unwrap();
    }
    hall.collect();
    hall.settle();
    assert_eq!(hall.talk(3).stats().unreadable, 0);
    hall.assert_together(&[1, 2, 3], 0);
}

#[test]
fn what_reads_texts_of_the_epoch_before_is_erased_after_ten_seconds() {
    let mut hall = Hall::of(3);
    hall.talk(3).send_text(body("slow")).unwrap();
    hall.talk(3).send_text(body("slower")).unwrap();
    let texts: Vec<_> = std::iter::from_fn(|| hall.talk(3).poll_outgoing()).collect();
    let [private_talk::Outgoing::ToAll(slow), private_talk::Outgoing::ToAll(slower)] = &texts[..] else {
        panic!("two texts")
    };
    let now = hall.now;
    hall.talk(1).renew(None, now).unwrap();
    hall.collect();
    hall.settle();
    hall.wait(9_000_000);
    let now = hall.now;
    assert_eq!(hall.talk(2).handle_message(slow, now), Ok(()));
    hall.wait(1_000_000);
    let now = hall.now;
    let epoch = hall.talk(2).epoch().unwrap();
    let late = Err(TalkError::Late { epoch: epoch - 1, current: epoch });
    assert_eq!(hall.talk(2).handle_message(slower, now), late);
    // When it comes back to its writer, it goes out anew.
    hall.talk(3).handle_message(slower, now).unwrap();
    hall.collect();
    hall.settle();
    assert!(hall.events(2).contains(&Event::Text { from: ParticipantId(3), body: body("slower") }));
    // 2 has read the first; its writer can not know, and says it again. It is shown once.
    hall.talk(3).handle_message(slow, now).unwrap();
    hall.collect();
    hall.settle();
    let slow = Event::Text { from: ParticipantId(3), body: body("slow") };
    assert!(!hall.events(2).contains(&slow));
    assert!(hall.events(1).contains(&slow));
}

#[test]
fn two_who_compared_know_it_of_each_other() {
    let mut hall = Hall::of(3);
    let (one, two) = (ParticipantId(1), ParticipantId(2));
    let code = hall.talk(1).code();
    assert!(code.is_some());
    assert!([2, 3].into_iter().all(|participant| hall.talk(participant).code() == code));
    hall.talk(1).confirm(two).unwrap();
    hall.collect();
    hall.settle();
    assert_eq!(hall.events(2).last(), Some(&Event::Compared { with: one, state: Compared::ByThem }));
    hall.talk(2).confirm(one).unwrap();
    hall.collect();
    hall.settle();
    assert_eq!(hall.events(1).last(), Some(&Event::Compared { with: two, state: Compared::ByBoth }));
    assert_eq!(hall.talk(2).compared(one), Compared::ByBoth);
    assert_eq!(hall.talk(3).compared(one), Compared::Not);
    assert_eq!(hall.talk(1).confirm(ParticipantId(9)), Err(TalkError::NotHere(ParticipantId(9))));
}

#[test]
fn new_keys_of_the_same_devices_leave_the_code_as_it_is() {
    let mut hall = Hall::of(3);
    let (code, epoch, now) = (hall.talk(1).code(), hall.talk(1).epoch(), hall.now);
    let longer = certificate(2, [2; 32], WallTime(wall().0 + 2 * HOUR));
    hall.talk(2).renew(Some(longer), now).unwrap();
    hall.collect();
    hall.settle();
    assert!(hall.talk(1).epoch() > epoch);
    assert_eq!(hall.talk(1).code(), code);
    assert_eq!(hall.talk(2).code(), code);
    hall.assert_together(&[1, 2, 3], 0);
}

#[test]
fn nothing_can_be_compared_before_all_have_taken_part() {
    let mut hall = Hall::begun_by(1);
    hall.invite(1, 2).unwrap();
    while hall.deliver(1).is_some() {}
    assert_eq!(hall.talk(1).code(), None);
    assert_eq!(hall.talk(1).confirm(ParticipantId(2)), Err(TalkError::NoCode));
    hall.settle();
    assert!(hall.talk(1).code().is_some());
}
