//! Frames on their way, in virtual time.

use super::testing::{Bench, at};
use super::*;
use crate::voices::Attendee;
use glam::Vec3;
use proptest::prelude::*;
use std::collections::BTreeSet;
use venue_model::{SpaceId, TalkId};

#[test]
fn a_word_is_heard_by_who_is_in_the_room_and_by_nobody_else() {
    let mut bench = Bench::new([at(1, 1, 0.0), at(2, 1, 3.0), at(3, 2, 3.0)]);
    bench.say(1, VoiceWay::Around, 7);
    bench.pass(FLUSH_MICROS);
    assert_eq!(bench.heard_by(2), [(1, VoiceWay::Around, 7)]);
    assert!(bench.heard_by(1).is_empty() && bench.heard_by(3).is_empty());
}

#[test]
fn a_closed_microphone_says_nothing_from_the_next_tick_on() {
    let mut bench = Bench::new([at(1, 1, 0.0), at(2, 1, 3.0)]);
    bench.people.get_mut(&1).unwrap().is_open = false;
    bench.tick();
    bench.say(1, VoiceWay::Around, 1);
    bench.pass(FLUSH_MICROS);
    assert!(bench.heard_by(2).is_empty());
    assert_eq!(bench.router.counts().frames_refused, 1);
    bench.say(1, VoiceWay::Back, 2);
    bench.pass(FLUSH_MICROS);
    assert_eq!(bench.heard_by(1), [(1, VoiceWay::Back, 2)], "who tries the microphone hears it");
    assert!(bench.heard_by(2).is_empty());
}

#[test]
fn frames_of_one_moment_leave_in_one_datagram() {
    let mut bench = Bench::new((1..=8).map(|who| at(who, 1, who as f32)));
    (1..=7).for_each(|who| bench.say(who, VoiceWay::Around, 1));
    bench.pass(FLUSH_MICROS);
    assert_eq!(bench.heard_by(8).len(), 7);
    assert_eq!(bench.datagrams, 8, "one for each listener");
    bench.say(1, VoiceWay::Around, 2);
    assert_eq!(bench.router.due(), Some(ServerTime((bench.now / FLUSH_MICROS + 1) * FLUSH_MICROS)));
}

#[test]
fn only_the_nearest_are_sent_and_the_stage_always_is() {
    let crowd = (1..=30).map(|who| at(who, 1, who as f32));
    let stage = Attendee { earshot: Earshot::Stage, ..at(31, 1, 500.0) };
    let mut bench = Bench::new(crowd.chain([stage]));
    for sequence in 0..30 {
        (1..=31).rev().for_each(|who| bench.say(who, VoiceWay::Around, sequence));
        bench.tick();
        bench.pass(20_000);
    }
    let last: BTreeSet<u32> =
        bench.heard_by(1).iter().filter(|heard| heard.2 == 29).map(|heard| heard.0).collect();
    assert_eq!(last, BTreeSet::from([2, 3, 4, 5, 6, 7, 8, 31]));
}

#[test]
fn the_first_word_does_not_wait_for_a_tick() {
    let mut bench = Bench::new([at(1, 1, 0.0), at(2, 1, 3.0)]);
    bench.pass(5_000_000);
    bench.say(1, VoiceWay::Around, 300);
    bench.pass(FLUSH_MICROS);
    assert_eq!(bench.heard_by(2).len(), 1);
}

#[test]
fn people_are_told_who_hears_them() {
    let door = vec![(SpaceId(1), Vec3::new(10.0, 0.0, 0.0))];
    let outside = Attendee { doors: door, ..at(4, 2, 14.0) };
    let table = |who| Attendee { earshot: Earshot::Table, zone: Some(ZoneId(3)), ..at(who, 1, 2.0) };
    let mut bench = Bench::new([at(1, 1, 3.0), table(2), table(3), outside]);
    bench.pass(1);
    let told = |bench: &Bench, who| (bench.status[&who].earshot, bench.status[&who].hearers);
    assert_eq!(told(&bench, 1), (Earshot::Room, 3), "two at the table, one behind the door");
    assert_eq!(told(&bench, 2), (Earshot::Table, 1));
    assert_eq!(bench.status[&2].zone, Some(ZoneId(3)));
    bench.people.get_mut(&1).unwrap().talk = Some(TalkId(1));
    bench.people.get_mut(&4).unwrap().talk = Some(TalkId(1));
    bench.now += STATUS_PAUSE_MICROS;
    bench.tick();
    bench.pass(1);
    assert_eq!(told(&bench, 1), (Earshot::Private, 1));
}

#[test]
fn who_left_is_forgotten_and_garbage_is_named() {
    let mut bench = Bench::new([at(1, 1, 0.0), at(2, 1, 3.0)]);
    bench.say(1, VoiceWay::Around, 1);
    bench.people.remove(&2);
    bench.tick();
    bench.pass(FLUSH_MICROS);
    assert!(bench.heard_by(2).is_empty());
    let now = ServerTime(bench.now);
    bench.router.receive(ConnectionId(1), &Bytes::from_static(&[4, 9, 9]), now);
    bench.router.receive(ConnectionId(77), &Bytes::from_static(&[4, 9, 9]), now);
    let named: Vec<_> = bench.router.take_malformed().into_iter().map(|(connection, _)| connection).collect();
    assert_eq!(named, [ConnectionId(1)], "a stranger has no session to end");
}

#[test]
fn a_speaker_hears_of_losses_of_listeners_who_were_sent_the_voice() {
    let mut bench = Bench::new([at(1, 1, 0.0), at(2, 1, 3.0), at(3, 2, 3.0)]);
    bench.say(1, VoiceWay::Around, 1);
    bench.tick();
    let report = |lost| {
        let lost = [(ParticipantId(1), lost)].into_iter().collect();
        VoiceReport { lost }.encode(&mut BytesMut::new())
    };
    bench.router.receive(ConnectionId(3), &report(255), ServerTime(bench.now));
    bench.router.receive(ConnectionId(2), &report(26), ServerTime(bench.now));
    bench.now += STATUS_PAUSE_MICROS;
    bench.tick();
    bench.pass(1);
    assert_eq!(bench.status[&1].lost, 26);
}

/// What happens to people of a few rooms, in any order.
#[derive(Clone, Copy, Debug)]
enum Step {
    Say(u32, bool),
    Talk(u32, u32),
    Leave(u32),
    Move(u32, u16, u8),
    Gone(u32),
    Back(u32, u64),
    Tick,
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 1..9u32;
    prop_oneof![
        6 => (who(), any::<bool>()).prop_map(|(who, private)| Step::Say(who, private)),
        2 => (who(), 1..3u32).prop_map(|(who, talk)| Step::Talk(who, talk)),
        1 => who().prop_map(Step::Leave),
        1 => (who(), 1..3u16, 0..20u8).prop_map(|(who, space, x)| Step::Move(who, space, x)),
        1 => who().prop_map(Step::Gone),
        1 => (who(), 100..200u64).prop_map(|(who, connection)| Step::Back(who, connection)),
        4 => Just(Step::Tick),
        1 => Just(Step::Restart),
    ]
}

proptest! {
    /// Whatever happens, no frame of a private talk reaches anybody who is not in it as the world said last, nor leaves a
    /// talk as if it were spoken in the room.
    #[test]
    fn a_private_word_reaches_its_talk_alone(steps in prop::collection::vec(step(), 1..200)) {
        let mut bench = Bench::new((1..9).map(|who| at(who, 1, who as f32)));
        // As the router was told last.
        let mut told = bench.people.clone();
        let mut sequence = 0;
        for step in steps {
            match step {
                Step::Say(who, private) if bench.people.contains_key(&who) => {
                    sequence += 1;
                    let way = if private { VoiceWay::Private } else { VoiceWay::Around };
                    let connection = bench.people[&who].connection;
                    let level = if private { 127 } else { 30 };
                    let frame = VoiceFrame { way, sequence, level, voice: Bytes::from_static(b"word") };
                    bench.router.receive(connection, &frame.encode(&mut BytesMut::new()), ServerTime(bench.now));
                    let before = bench.heard.clone();
                    bench.heard.clear();
                    let talk = told.get(&who).and_then(|one| one.talk);
                    bench.now += FLUSH_MICROS;
                    let mut out = Vec::new();
                    bench.router.flush(ServerTime(bench.now), &mut out);
                    for (to, datagram) in out {
                        if DatagramKind::of(&datagram) != Some(DatagramKind::Voices) {
                            continue;
                        }
                        let listener = told.values().find(|one| one.connection == to);
                        for heard in venue_protocol::heard_frames(&datagram) {
                            let heard = heard.unwrap();
                            prop_assert_eq!(heard.speaker.0, who, "one word at a time");
                            let listener = listener.expect("only who was named is sent anything");
                            prop_assert_eq!(private, talk.is_some(), "nobody talks both ways");
                            if private {
                                prop_assert_eq!(listener.talk, talk);
                                prop_assert_eq!(heard.way, VoiceWay::Private);
                            }
                        }
                    }
                    bench.heard = before;
                }
                Step::Say(..) => {}
                Step::Talk(who, talk) => {
                    bench.people.entry(who).and_modify(|one| one.talk = Some(TalkId(talk)));
                }
                Step::Leave(who) => {
                    bench.people.entry(who).and_modify(|one| one.talk = None);
                }
                Step::Move(who, space, x) => {
                    bench.people.entry(who).and_modify(|one| {
                        one.room.space = SpaceId(space);
                        one.position.x = f32::from(x);
                    });
                }
                Step::Gone(who) => {
                    bench.people.remove(&who);
                }
                Step::Back(who, connection) => {
                    let connection = ConnectionId(connection * 10 + u64::from(who));
                    bench.people.insert(who, Attendee { connection, ..at(who, 1, 1.0) });
                }
                Step::Tick => {
                    bench.tick();
                    told = bench.people.clone();
                }
                Step::Restart => {
                    bench.router = Router::default();
                    bench.tick();
                    told = bench.people.clone();
                }
            }
            bench.now += 21_000;
        }
    }
}
