//! Private talks through whole clients and a server in virtual time: who comes in, who hears and reads, what ends one.

use crate::voices::{hears, is_heard, is_told, open, state};
use glam::Vec3;
use private_talk::{Compared, End};
use std::time::{SystemTime, UNIX_EPOCH};
use tests::stepper::Stepper;
use tests::virtual_network::Conditions;
use venue_model::text::MessageBody;
use venue_model::{ParticipantId, SpaceId};
use venue_protocol::{DatagramKind, LocalTime, TalkAnswer, TalkAskOutcome, VoiceFrame};
use venue_server::store::UnixMillis;
use xr_client::core::microphone::{OwnMicrophone, Shut};
use xr_client::core::talking::TalkCommand;
use xr_client::input::{Command, OrderCommand};
use xr_client::panels::model::Notice;
use xr_client::panels::talk_model::{PlaceState, TalkNotice};

const HALL: SpaceId = SpaceId(2);

/// So many people in one room. Certificates are checked by the server's clock, key packages by the machine's: they agree.
fn room_of<const N: usize>(seed: u64, conditions: Conditions) -> Stepper {
    let mut stepper = Stepper::new(seed, conditions);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64;
    stepper.venue.set_wall_clock(LocalTime(0), UnixMillis(now));
    ["Amina", "Bruno", "Chen", "Dilnoza"][..N].iter().for_each(|name| {
        stepper.enter(name);
    });
    stepper.run_until_all_inside();
    stepper
}

fn talk(stepper: &mut Stepper, who: usize, command: TalkCommand) {
    stepper.delegates[who].command(Command::Talk(command));
}

fn answer(stepper: &mut Stepper, who: usize, by: usize, answer: TalkAnswer) {
    let by = stepper.id(by);
    stepper.run_until("the request is there", 5.0, |s| {
        s.delegates[who].core.talks().requests().iter().any(|request| request.by == by)
    });
    talk(stepper, who, TalkCommand::Answer { by, answer });
}

fn members(stepper: &Stepper, who: usize) -> Vec<ParticipantId> {
    let mut members = stepper.delegates[who].core.talks().members();
    members.sort();
    members
}

/// One asks, the other says yes, and all of these have the keys.
fn bring_together(stepper: &mut Stepper, by: usize, who: usize, all: &[usize]) {
    let asked = stepper.id(who);
    talk(stepper, by, TalkCommand::Ask(asked));
    answer(stepper, who, by, TalkAnswer::Accept);
    let ids: Vec<_> = all.iter().map(|who| stepper.id(*who)).collect();
    stepper.run_until("all have the keys and a code", 10.0, |s| {
        all.iter().all(|who| members(s, *who) == ids && s.delegates[*who].core.talks().code().is_some())
    });
}

fn texts(stepper: &Stepper, who: usize) -> Vec<String> {
    stepper.delegates[who].core.talks().texts().map(|text| text.body.to_string()).collect()
}

fn has_notice(stepper: &Stepper, who: usize, notice: &TalkNotice) -> bool {
    stepper.delegates[who].notices.contains(&Notice::Talk(notice.clone()))
}

fn say(stepper: &mut Stepper, who: usize, words: &str) {
    talk(stepper, who, TalkCommand::Say(MessageBody::new(words).unwrap()));
}

#[test]
fn two_step_aside_and_nobody_else_hears_or_reads_them_also_on_a_bad_network() {
    let mut stepper = room_of::<3>(41, Conditions::BAD);
    let [a, b, c] = [0, 1, 2];
    open(&mut stepper, a);
    bring_together(&mut stepper, a, b, &[a, b]);
    assert_eq!(state(&stepper, a), OwnMicrophone::Closed, "nobody is heard by others than they know");
    assert!(is_told(&stepper, a, Shut::TalkBegan));
    open(&mut stepper, a);
    assert!(is_heard(&mut stepper, b, a), "they hear each other");
    assert!(!is_heard(&mut stepper, c, a), "who is not in does not");
    say(&mut stepper, a, "meet us halfway");
    stepper.run_until("it is read", 5.0, |s| texts(s, b) == ["meet us halfway"]);
    stepper.run_until("and known to be", 5.0, |s| {
        s.delegates[a].core.talks().texts().all(|text| text.is_delivered)
    });
    assert!(texts(&stepper, c).is_empty());
    let [amina, bruno] = [a, b].map(|who| stepper.id(who));
    assert!(stepper.delegates[c].core.people().is_in_talk(amina), "others see that they talk");
    let code = |who: usize| stepper.delegates[who].core.talks().code();
    assert_eq!(code(a), code(b));
    talk(&mut stepper, a, TalkCommand::Confirm(bruno));
    talk(&mut stepper, b, TalkCommand::Confirm(amina));
    stepper.run_until("compared", 5.0, |s| {
        let by = |who: usize, with| s.delegates[who].core.talks().compared(with);
        (by(a, bruno), by(b, amina)) == (Compared::ByBoth, Compared::ByBoth)
    });
    talk(&mut stepper, a, TalkCommand::Leave);
    stepper.run_until("over", 5.0, |s| [a, b].iter().all(|who| !s.delegates[*who].core.is_in_talk()));
    stepper.run_secs(1.0);
    assert_eq!(state(&stepper, a), OwnMicrophone::Closed);
    assert!(is_told(&stepper, a, Shut::TalkEnded));
    assert!(has_notice(&stepper, b, &TalkNotice::Ended(End::Left)));
    assert!(!stepper.delegates[c].core.people().is_in_talk(amina));
    assert!(!is_heard(&mut stepper, c, a), "and what was private does not go on in the room");
    open(&mut stepper, a);
    assert!(is_heard(&mut stepper, c, a), "until it is opened there");
}

#[test]
fn a_third_comes_in_reads_what_follows_and_hears_nothing_after_leaving() {
    let mut stepper = room_of::<4>(42, Conditions::GOOD);
    let [a, b, c, d] = [0, 1, 2, 3];
    bring_together(&mut stepper, a, b, &[a, b]);
    say(&mut stepper, a, "before");
    stepper.run_until("it is read", 5.0, |s| texts(s, b) == ["before"]);
    let before = stepper.delegates[a].core.talks().code();
    bring_together(&mut stepper, b, c, &[a, b, c]);
    assert_ne!(stepper.delegates[a].core.talks().code(), before, "another set of devices has another code");
    say(&mut stepper, c, "after");
    stepper.run_until("all read it", 5.0, |s| texts(s, a) == ["before", "after"] && texts(s, c) == ["after"]);
    open(&mut stepper, c);
    assert!(is_heard(&mut stepper, a, c) && !is_heard(&mut stepper, d, c));
    let chen = stepper.id(c);
    talk(&mut stepper, c, TalkCommand::Leave);
    let pair = [a, b].map(|who| stepper.id(who));
    stepper.run_until("the others go on", 5.0, |s| members(s, a) == pair && members(s, b) == pair);
    assert!(has_notice(&stepper, a, &TalkNotice::Left { name: "Chen".into() }));
    open(&mut stepper, a);
    assert!(is_heard(&mut stepper, b, a) && !is_heard(&mut stepper, c, a));
    assert!(!hears(&stepper, a, chen));
}

#[test]
fn who_says_no_or_later_or_nothing_is_left_alone() {
    let mut stepper = room_of::<2>(43, Conditions::GOOD);
    let [a, b] = [0, 1];
    let asked = stepper.id(b);
    let ended = |outcome| TalkNotice::None { name: "Bruno".into(), outcome };
    for (given, outcome) in
        [(TalkAnswer::Decline, TalkAskOutcome::Declined), (TalkAnswer::Later, TalkAskOutcome::Later)]
    {
        talk(&mut stepper, a, TalkCommand::Ask(asked));
        answer(&mut stepper, b, a, given);
        stepper.run_until("the asker is told", 5.0, |s| has_notice(s, a, &ended(outcome)));
        assert!(!stepper.delegates[a].core.is_in_talk() && !stepper.delegates[b].core.is_in_talk());
    }
    talk(&mut stepper, a, TalkCommand::Ask(asked));
    stepper.run_until("nobody answers", 70.0, |s| has_notice(s, a, &ended(TalkAskOutcome::Expired)));
    assert!(stepper.delegates[b].core.talks().requests().is_empty());
    assert!(stepper.delegates[a].core.awaited_talkers().is_empty());
    // Who is blocked reaches nobody, and is not told why.
    let amina = stepper.id(a);
    talk(&mut stepper, a, TalkCommand::Ask(asked));
    answer(&mut stepper, b, a, TalkAnswer::Decline);
    stepper.delegates[b].command(Command::Order(OrderCommand::Block(amina)));
    stepper.run_until("the block is there", 5.0, |s| s.delegates[b].sees(amina).is_none());
    talk(&mut stepper, a, TalkCommand::Ask(asked));
    stepper.run_until("gone", 5.0, |s| has_notice(s, a, &ended(TalkAskOutcome::Gone)));
    assert!(stepper.delegates[b].core.talks().requests().is_empty());
}

#[test]
fn a_lost_connection_ends_the_talk_for_both_and_says_so() {
    let mut stepper = room_of::<2>(44, Conditions::GOOD);
    let [a, b] = [0, 1];
    bring_together(&mut stepper, a, b, &[a, b]);
    open(&mut stepper, b);
    stepper.network.cut(a as u64 + 1);
    stepper.run_until("it is lost", 10.0, |s| !s.delegates[a].is_inside());
    assert!(!stepper.delegates[a].core.is_in_talk());
    stepper.run_until("the other is told", 20.0, |s| !s.delegates[b].core.is_in_talk());
    assert!(is_told(&stepper, b, Shut::TalkEnded));
    assert_eq!(state(&stepper, b), OwnMicrophone::Closed);
    stepper.run_until("it is back", 30.0, |s| s.delegates[a].is_inside());
    stepper.run_secs(0.5);
    bring_together(&mut stepper, b, a, &[a, b]);
}

#[test]
fn who_walks_off_leaves_the_talk_or_takes_it_along() {
    let mut stepper = room_of::<3>(45, Conditions::GOOD);
    let [a, b, c] = [0, 1, 2];
    bring_together(&mut stepper, a, b, &[a, b]);
    // They stand together.
    stepper.run_secs(1.0);
    stepper.delegates[a].command(Command::GoToSpace(HALL));
    stepper.run_until("one is in the hall", 10.0, |s| s.space(a) == Some(HALL));
    stepper.run_secs(1.0);
    assert!(stepper.delegates[a].core.is_in_talk(), "a step aside ends nothing");
    stepper.run_until("it is over", 10.0, |s| [a, b].iter().all(|who| !s.delegates[*who].core.is_in_talk()));
    for who in [b, c] {
        stepper.delegates[who].core.set_talk_goes_along(true);
    }
    bring_together(&mut stepper, b, c, &[b, c]);
    stepper.run_secs(1.0);
    stepper.delegates[c].command(Command::GoToSpace(HALL));
    stepper.run_until("the other is in the hall", 10.0, |s| s.space(c) == Some(HALL));
    stepper.run_secs(8.0);
    open(&mut stepper, c);
    assert!(is_heard(&mut stepper, b, c), "they talk on over the distance");
}

/// Whether any of these many bytes in a row of `secret` stands in `all`.
fn leaks(all: &[u8], secret: &[u8], run: usize) -> bool {
    let found: std::collections::HashSet<&[u8]> = secret.windows(run).collect();
    all.windows(run).any(|window| found.contains(window))
}

#[test]
fn the_server_is_given_and_gives_neither_sound_nor_words_nor_keys() {
    let mut stepper = room_of::<3>(46, Conditions::BAD);
    let [a, b, c] = [0, 1, 2];
    stepper.network.tap();
    bring_together(&mut stepper, a, b, &[a, b]);
    bring_together(&mut stepper, a, c, &[a, b, c]);
    open(&mut stepper, a);
    let words = "the northern proposal, after the break";
    say(&mut stepper, a, words);
    let amina = stepper.id(a);
    let reader = stepper.delegates[c].core.talks().shared().unwrap();
    let (mut all, mut packets) = (Vec::new(), Vec::new());
    crate::voices::speak(&stepper, a, 6.0);
    for _ in 0..700 {
        stepper.step();
        let now = LocalTime(stepper.now_micros());
        for bytes in stepper.network.tap() {
            // Somebody in the talk can read what the server has; the server can not.
            if let Ok(frame) = VoiceFrame::decode(&bytes)
                && bytes[0] == DatagramKind::VoiceFrame.number()
                && let Ok(heard) = reader.lock().unwrap().open_voice(amina, &frame.voice, now)
            {
                packets.push(heard.opus);
            }
            all.extend_from_slice(&bytes);
        }
    }
    assert!(texts(&stepper, b) == [words] && texts(&stepper, c) == [words]);
    assert!(packets.len() > 150, "{} packets were read from what the server has", packets.len());
    for packet in packets.iter().filter(|packet| packet.len() >= 24) {
        assert!(!leaks(&all, packet, 12), "a packet of the voice stands in what the server has");
    }
    assert!(!leaks(&all, words.as_bytes(), 8));
    for secret in [1, 2, 3].map(|number| [number; 32]) {
        assert!(!leaks(&all, &secret, 32), "a device's secret stands in what the server has");
    }
    // The search finds what is there: what is said to the room the server reads.
    let body = MessageBody::new("for everybody's ears").unwrap();
    stepper.delegates[a].command(Command::SendText { scope: venue_model::TextScope::Space, body });
    stepper.run_secs(1.0);
    let all: Vec<u8> = stepper.network.tap().concat();
    assert!(leaks(&all, b"for everybody's ears", 8));
}

#[test]
fn a_table_is_kept_for_a_talk_and_others_stop_at_its_edge() {
    let mut stepper = room_of::<3>(47, Conditions::BAD);
    let [a, b, c] = [0, 1, 2];
    bring_together(&mut stepper, a, b, &[a, b]);
    // The corner of the tiny venue's foyer.
    let corner = |x: f32, z: f32| Vec3::new(x, 0.0, z);
    for (who, to) in [(a, corner(2.2, 4.2)), (b, corner(2.8, 4.8))] {
        stepper.delegates[who].command(Command::Teleport(to));
    }
    stepper.run_secs(1.5);
    let (zone, state) = stepper.delegates[a].core.talk_place().expect("they stand at the table");
    assert_eq!(state, PlaceState::Free);
    talk(&mut stepper, a, TalkCommand::Keep { zone, is_kept: true });
    stepper.run_until("it is theirs", 5.0, |s| {
        s.delegates[b].core.talk_place() == Some((zone, PlaceState::Ours))
    });
    let kept = |s: &Stepper, who: usize| {
        let kept = s.delegates[who].core.kept_places();
        kept.map(|(zone, is_ours)| (zone.id, is_ours)).collect::<Vec<_>>()
    };
    assert_eq!(kept(&stepper, c), [(zone, false)], "others are shown it");
    stepper.delegates[c].command(Command::Teleport(corner(2.5, 4.0)));
    stepper.run_secs(1.5);
    let is_at_table = |s: &Stepper| s.root(c).distance(corner(2.5, 4.0)) < 0.1;
    assert!(!is_at_table(&stepper) && has_notice(&stepper, c, &TalkNotice::KeptOut));
    let newcomer = stepper.enter("Dilnoza");
    stepper.run_until_all_inside();
    stepper.run_until("who comes in later knows it too", 5.0, |s| kept(s, newcomer) == [(zone, false)]);
    stepper.delegates[newcomer].command(Command::Teleport(corner(2.5, 4.0)));
    stepper.run_until("and stops there", 3.0, |s| has_notice(s, newcomer, &TalkNotice::KeptOut));
    let chen = stepper.id(c);
    talk(&mut stepper, b, TalkCommand::Ask(chen));
    stepper.run_until("who is asked may go there", 5.0, |s| kept(s, c) == [(zone, true)]);
    stepper.delegates[c].command(Command::Teleport(corner(2.5, 4.0)));
    stepper.run_secs(1.5);
    assert!(is_at_table(&stepper));
    assert!(
        stepper.delegates[a].sees(chen).unwrap().root.distance(corner(2.5, 4.0)) < 0.2,
        "the server agrees"
    );
    talk(&mut stepper, a, TalkCommand::Leave);
    stepper.run_until("it is free when the talk is over", 5.0, |s| kept(s, newcomer).is_empty());
}
