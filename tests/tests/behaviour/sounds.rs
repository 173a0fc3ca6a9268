//! What is heard of what happens: the right sound, once, by the right person, and never noise.

use tests::stepper::{EVENT, Stepper};
use tests::virtual_network::Conditions;
use venue_model::{BoundedText, Role, SpaceId, TextScope};
use venue_protocol::Act;
use xr_client::core::{CoreEvent, Happening};
use xr_client::input::{Command, OrderCommand};
use xr_client::panels::model::Delivery;
use xr_client::sound::{AudioSettings, Sound};

const HALL: SpaceId = SpaceId(2);

fn say(stepper: &mut Stepper, who: usize, scope: TextScope, body: &str) {
    stepper.delegates[who].command(Command::SendText { scope, body: BoundedText::lossy(body) });
}

fn received(stepper: &Stepper, who: usize) -> usize {
    let lines = stepper.delegates[who].core.texts().lines();
    lines.filter(|line| line.delivery == Delivery::Received).count()
}

/// How many sounds came out of somebody's device, and how many of this kind were meant.
fn heard(stepper: &Stepper, who: usize, sound: Sound) -> (u32, u32) {
    let delegate = &stepper.delegates[who];
    (delegate.speaker.bursts(), delegate.sounds.heard().count(sound))
}

fn enter_as(stepper: &mut Stepper, name: &str, role: Role) -> usize {
    let code = stepper.store.invite_as(EVENT, name, "CHE", |invitation| invitation.role = role);
    stepper.enter_with(code)
}

fn moderate(stepper: &mut Stepper, who: usize, act: Act) {
    stepper.delegates[who].command(Command::Order(OrderCommand::Moderate(act, BoundedText::lossy("order"))));
}

#[test]
fn a_message_is_heard_once_by_its_reader_and_by_nobody_else() {
    let mut stepper = Stepper::new(1, Conditions::BAD);
    let (a, b, c) = (stepper.enter("Amina"), stepper.enter("Bruno"), stepper.enter("Chen"));
    stepper.run_until_all_inside();
    let bruno = stepper.id(b);
    say(&mut stepper, a, TextScope::Person(bruno), "a word in private");
    stepper.run_until("read", 10.0, |s| received(s, b) == 1);
    stepper.run_secs(2.0);
    assert_eq!(heard(&stepper, b, Sound::ToMe), (1, 1));
    assert_eq!((heard(&stepper, a, Sound::ToMe), heard(&stepper, c, Sound::ToMe)), ((0, 0), (0, 0)));
    let peak = stepper.delegates[b].speaker.peak();
    assert!((0.05..0.25).contains(&peak), "audible and calm: {peak}");
}

#[test]
fn a_message_to_the_room_is_heard_softer_and_only_in_it() {
    let mut stepper = Stepper::new(2, Conditions::BAD);
    let (a, b, c) = (stepper.enter("Amina"), stepper.enter("Bruno"), stepper.enter("Chen"));
    stepper.run_until_all_inside();
    stepper.delegates[c].command(Command::GoToSpace(HALL));
    stepper.run_until("in the hall", 5.0, |s| s.space(c) == Some(HALL));
    say(&mut stepper, a, TextScope::Space, "coffee?");
    stepper.run_until("read", 10.0, |s| received(s, b) == 1);
    stepper.run_secs(2.0);
    assert_eq!(heard(&stepper, b, Sound::ToRoom), (1, 1));
    assert_eq!((heard(&stepper, a, Sound::ToRoom), heard(&stepper, c, Sound::ToRoom)), ((0, 0), (0, 0)));
    assert!(stepper.delegates[b].speaker.peak() < 0.05);
}

#[test]
fn who_switched_sounds_off_hears_nothing() {
    let mut stepper = Stepper::new(3, Conditions::GOOD);
    let (a, b) = (stepper.enter("Amina"), stepper.enter("Bruno"));
    let off = AudioSettings { sounds: false, voice_volume: 0, ..AudioSettings::default() };
    stepper.delegates[b].sounds.set(&off, None);
    stepper.run_until_all_inside();
    let bruno = stepper.id(b);
    say(&mut stepper, a, TextScope::Person(bruno), "psst");
    say(&mut stepper, a, TextScope::Space, "hello");
    stepper.run_until("read", 10.0, |s| received(s, b) == 2);
    stepper.run_secs(2.0);
    assert_eq!((heard(&stepper, b, Sound::ToMe), heard(&stepper, b, Sound::ToRoom)), ((0, 0), (0, 0)));
    assert_eq!(stepper.delegates[b].speaker.plays_on(), None, "no device is held open");
}

#[test]
fn fifty_messages_at_once_are_no_noise() {
    let mut stepper = Stepper::new(4, Conditions::GOOD);
    let reader = stepper.enter("Amina");
    let writers: Vec<usize> = (0..10).map(|number| stepper.enter(&format!("Writer {number}"))).collect();
    stepper.run_until_all_inside();
    let amina = stepper.id(reader);
    let began = stepper.now_micros();
    for round in 0..5 {
        for writer in &writers {
            let scope = if round % 2 == 0 { TextScope::Person(amina) } else { TextScope::Space };
            say(&mut stepper, *writer, scope, &format!("{writer} says {round}"));
        }
        stepper.run_secs(0.2);
    }
    stepper.run_until("all read", 20.0, |s| received(s, reader) == 50);
    stepper.run_secs(2.0);
    let secs = (stepper.now_micros() - began) as f64 * 1e-6;
    let (bursts, to_me) = heard(&stepper, reader, Sound::ToMe);
    let (_, to_room) = heard(&stepper, reader, Sound::ToRoom);
    assert!(bursts >= 1 && f64::from(to_me) <= 1.0 + secs / 2.0, "{bursts} bursts, {to_me} in {secs} s");
    assert_eq!(to_room, 1, "a busy room is heard at its beginning");
    assert!(stepper.delegates[reader].speaker.peak() < 0.3, "they do not add up");
}

#[test]
fn a_newcomer_hears_nothing_of_what_was_said_before() {
    let mut stepper = Stepper::new(5, Conditions::GOOD);
    let a = stepper.enter("Amina");
    stepper.run_until_all_inside();
    say(&mut stepper, a, TextScope::Space, "before you came");
    stepper.run_until("stored", 5.0, |s| s.delegates[a].core.texts().is_settled());
    let b = stepper.enter("Bruno");
    stepper.run_until_all_inside();
    stepper.run_secs(2.0);
    assert_eq!((heard(&stepper, b, Sound::ToRoom), heard(&stepper, b, Sound::Back)), ((0, 0), (0, 0)));
}

#[test]
fn a_summons_is_repeated_softly_until_it_is_refused() {
    let mut stepper = Stepper::new(6, Conditions::BAD);
    let m = enter_as(&mut stepper, "Mona", Role::Moderator);
    let a = stepper.enter("Amina");
    stepper.run_until_all_inside();
    let summon = |participant| Act::Summon { participant, space: HALL, seat: None };
    let amina = stepper.id(a);
    moderate(&mut stepper, m, summon(amina));
    stepper.run_until("asked", 5.0, |s| s.delegates[a].core.order().summons().is_some());
    stepper.run_secs(2.0);
    stepper.delegates[a].command(Command::Order(OrderCommand::RefuseSummons));
    stepper.run_secs(6.0);
    assert_eq!(heard(&stepper, a, Sound::Summons), (2, 2), "at its beginning and once more");
    assert_eq!(heard(&stepper, m, Sound::Summons).1, 0);
    moderate(&mut stepper, m, summon(amina));
    stepper.run_until("there", 12.0, |s| s.space(a) == Some(HALL));
    stepper.run_secs(3.0);
    assert_eq!(heard(&stepper, a, Sound::Summons), (6, 6), "four times in five seconds, then no more");
}

#[test]
fn what_moderators_do_is_heard_by_whom_it_concerns() {
    let mut stepper = Stepper::new(7, Conditions::BAD);
    let m = enter_as(&mut stepper, "Mona", Role::Moderator);
    let (a, b) = (stepper.enter("Amina"), stepper.enter("Bruno"));
    stepper.run_until_all_inside();
    let amina = stepper.id(a);
    stepper.delegates[a].command(Command::RaiseOrLowerHand);
    stepper.run_until("up", 5.0, |s| s.delegates[m].core.people().has_raised_hand(amina));
    let words = BoundedText::lossy("We begin.");
    let acts = [
        (Act::Mute(amina), Sound::Muted),
        (Act::AskToUnmute(amina), Sound::AskedToUnmute),
        (Act::LowerHand(amina), Sound::HandLowered),
        (Act::Announce { space: None, words }, Sound::Announcement),
    ];
    for (act, sound) in acts {
        moderate(&mut stepper, m, act);
        stepper.run_until(sound.name(), 5.0, |s| heard(s, a, sound).1 == 1);
        stepper.run_secs(1.5);
    }
    assert_eq!(stepper.delegates[a].speaker.bursts(), 4);
    let others = [Sound::Muted, Sound::AskedToUnmute, Sound::HandLowered, Sound::HandRaised];
    assert!(others.iter().all(|sound| heard(&stepper, b, *sound).1 == 0));
    assert_eq!(heard(&stepper, b, Sound::Announcement).1, 1, "all hear what is announced");
    assert_eq!(heard(&stepper, m, Sound::HandRaised).1, 1, "a hand is heard by who gives the floor");
}

#[test]
fn a_lost_connection_and_its_return_are_heard() {
    let mut stepper = Stepper::new(8, Conditions::GOOD);
    let (a, b) = (stepper.enter("Amina"), stepper.enter("Bruno"));
    stepper.run_until_all_inside();
    stepper.network.cut(a as u64 + 1);
    stepper.run_until("lost", 10.0, |s| heard(s, a, Sound::Lost).1 == 1);
    stepper.run_until("back", 30.0, |s| s.delegates[a].is_inside());
    stepper.run_secs(2.0);
    assert_eq!((heard(&stepper, a, Sound::Lost).1, heard(&stepper, a, Sound::Back).1), (1, 1));
    assert_eq!(stepper.delegates[b].speaker.bursts(), 0);
    stepper.delegates[a].command(Command::Leave);
    stepper.run_secs(3.0);
    assert_eq!(heard(&stepper, a, Sound::Lost).1, 1, "who leaves has lost nothing");
    assert!(!matches!(stepper.delegates[a].core.poll_event(), Some(CoreEvent::Happened(Happening::Lost))));
}
