//! Coming and going: who is in, in which order, and who takes whom out.

use crate::hall::{Hall, config, device, is_commit};
use private_talk::{End, Event, MAX_MEMBERS, Now, Talk, TalkError};
use venue_model::ParticipantId;
use venue_protocol::LocalTime;

#[test]
fn a_talk_may_live_on_another_thread() {
    fn check<T: Send>() {}
    check::<Talk>();
}

#[test]
fn a_talk_of_one_device_works() {
    let mut hall = Hall::begun_by(1);
    hall.settle();
    hall.assert_together(&[1], 0);
    assert_eq!(hall.talk(1).code(), None);
    hall.wait(20_000_000);
    hall.assert_together(&[1], 1);
}

#[test]
fn who_is_invited_comes_in_and_all_hear_each_other() {
    let mut hall = Hall::of(3);
    hall.assert_together(&[1, 2, 3], 0);
    let told = hall.events(2);
    assert!(told.contains(&Event::Joined { participant: ParticipantId(3), by: Some(ParticipantId(1)) }));
    assert!(told.contains(&Event::Joined { participant: ParticipantId(1), by: None }));
}

#[test]
fn sixteen_are_let_in_and_no_seventeenth() {
    let mut hall = Hall::of(MAX_MEMBERS as u32);
    let all: Vec<u32> = (1..=MAX_MEMBERS as u32).collect();
    hall.assert_together(&all, 0);
    assert_eq!(hall.invite(3, 17), Err(TalkError::Full));
    hall.talk(9).leave().unwrap();
    hall.collect();
    hall.settle();
    assert_eq!(hall.invite(3, 17), Ok(()));
    hall.settle();
    let all: Vec<u32> = all.into_iter().filter(|one| *one != 9).chain([17]).collect();
    hall.assert_together(&all, 1);
}

#[test]
fn who_leaves_is_taken_out_and_keeps_no_keys() {
    let mut hall = Hall::of(3);
    let before = hall.talk(1).epoch();
    hall.talk(1).leave().unwrap();
    hall.collect();
    hall.settle();
    assert_eq!(hall.events(1).last(), Some(&Event::Ended(End::Left)));
    assert!(hall.talk(1).members().is_empty());
    hall.assert_together(&[2, 3], 0);
    assert!(hall.talk(2).epoch() > before);
    assert_eq!(hall.talk(1).leave(), Err(TalkError::NotIn));
    // One commit was enough.
    assert_eq!(hall.log.iter().rev().take_while(|message| is_commit(message)).count(), 0);
}

#[test]
fn the_next_takes_out_who_is_gone_when_the_first_does_not() {
    let mut hall = Hall::of(4);
    let now = hall.now;
    // The server says that 4 is gone; 1, whose turn it is, is silent.
    for participant in [2, 3] {
        hall.talk(participant).gone(ParticipantId(4), now).unwrap();
    }
    hall.collect();
    assert!(hall.seats.values().all(|seat| seat.inbox.is_empty()));
    hall.wait(2_500_000);
    hall.seats.remove(&4);
    hall.assert_together(&[1, 2, 3], 0);
}

#[test]
fn two_who_change_something_at_once_both_get_their_wish() {
    let mut hall = Hall::of(4);
    hall.invite(2, 5).unwrap();
    hall.invite(3, 6).unwrap();
    let now = hall.now;
    hall.talk(4).renew(None, now).unwrap();
    hall.collect();
    hall.settle();
    hall.assert_together(&[1, 2, 3, 4, 5, 6], 0);
}

#[test]
fn two_who_invite_the_same_device_let_it_in_once() {
    let mut hall = Hall::of(3);
    let mut talk = Talk::answer(config(1), device(4), hall.now).unwrap();
    let Some(private_talk::Outgoing::KeyPackage(package)) = talk.poll_outgoing() else { panic!() };
    hall.sit(4, talk);
    let now = hall.now;
    hall.talk(1).invite(&package, now).unwrap();
    hall.talk(2).invite(&package, now).unwrap();
    hall.collect();
    hall.settle();
    hall.assert_together(&[1, 2, 3, 4], 0);
    assert_eq!(hall.talk(3).invite(&package, now), Err(TalkError::StalePackage));
}

#[test]
fn who_was_lost_comes_in_anew_in_the_old_ones_place() {
    let mut hall = Hall::of(3);
    hall.seats.remove(&2);
    hall.invite(3, 2).unwrap();
    hall.settle();
    hall.assert_together(&[1, 2, 3], 0);
    let told = hall.events(1);
    let by = ParticipantId(3);
    assert!(told.contains(&Event::Left { participant: ParticipantId(2), by }), "{told:?}");
    assert!(told.contains(&Event::Joined { participant: ParticipantId(2), by: Some(by) }), "{told:?}");
}

#[test]
fn who_is_put_out_is_told_and_hears_nothing_more() {
    let mut hall = Hall::of(3);
    let now = hall.now;
    hall.talk(2).put_out(ParticipantId(3), now).unwrap();
    hall.collect();
    hall.settle();
    assert_eq!(hall.events(3).last(), Some(&Event::Ended(End::PutOut { by: ParticipantId(2) })));
    hall.assert_together(&[1, 2], 0);
}

#[test]
fn a_message_that_never_comes_ends_the_talk_for_whom_it_misses() {
    let mut hall = Hall::of(3);
    let now = hall.now;
    hall.talk(1).renew(None, now).unwrap();
    hall.collect();
    hall.seats.get_mut(&3).unwrap().inbox.clear();
    hall.settle();
    hall.talk(1).renew(None, now).unwrap();
    hall.collect();
    hall.settle();
    assert_eq!(hall.talk(3).epoch(), Some(hall.talk(1).epoch().unwrap() - 2));
    hall.wait(10_000_000);
    assert_eq!(hall.events(3).last(), Some(&Event::Ended(End::OutOfStep)));
    // Asking again helps.
    hall.seats.remove(&3);
    hall.invite(1, 3).unwrap();
    hall.settle();
    hall.assert_together(&[1, 2, 3], 0);
}

#[test]
fn commits_that_come_twice_late_or_early_change_nothing() {
    let mut hall = Hall::of(3);
    let now = hall.now;
    let begin = hall.log.len();
    for _ in 0..2 {
        hall.talk(1).renew(None, now).unwrap();
        hall.collect();
        // 3 gets nothing for now.
        for participant in [1, 2] {
            while hall.deliver(participant).is_some() {}
        }
    }
    let commits: Vec<Vec<u8>> =
        hall.log[begin..].iter().filter(|message| is_commit(message)).cloned().collect();
    assert_eq!(commits.len(), 2);
    hall.seats.get_mut(&3).unwrap().inbox.clear();
    let three = hall.talk(3);
    let (before, stats) = (three.epoch().unwrap(), three.stats());
    assert_eq!(three.handle_message(&commits[1], now), Ok(()));
    assert_eq!(three.epoch(), Some(before));
    assert_eq!(three.handle_message(&commits[1], now), Err(TalkError::Repeated));
    assert_eq!(three.handle_message(&commits[0], now), Ok(()));
    assert_eq!(three.epoch(), Some(before + 2));
    let late = three.handle_message(&commits[0], now);
    assert_eq!(late, Err(TalkError::Late { epoch: before, current: before + 2 }));
    let after = three.stats();
    assert_eq!(
        (after.early - stats.early, after.late - stats.late, after.repeated - stats.repeated),
        (1, 1, 1)
    );
    hall.assert_together(&[1, 2, 3], 0);
}

#[test]
fn an_own_commit_that_does_not_come_back_is_sent_once_more() {
    let mut hall = Hall::of(2);
    let now = hall.now;
    hall.talk(1).renew(None, now).unwrap();
    let Some(private_talk::Outgoing::ToAll(lost)) = hall.talk(1).poll_outgoing() else { panic!() };
    let due = hall.talk(1).poll_timeout().unwrap();
    assert!(due <= LocalTime(now.local.0 + 5_000_000));
    let later = Now { local: LocalTime(now.local.0 + 5_000_000), ..now };
    hall.talk(1).handle_timeout(later);
    assert_eq!(hall.talk(1).poll_outgoing(), Some(private_talk::Outgoing::ToAll(lost)));
}
