//! Voices through a whole client, a server and another client in virtual time: who hears whom, and what closes a
//! microphone.

use tests::stepper::{EVENT, Stepper};
use tests::virtual_network::Conditions;
use venue_model::{BoundedText, ParticipantId, Role, SpaceId};
use venue_protocol::Act;
use xr_client::core::microphone::{OwnMicrophone, Shut};
use xr_client::input::{Command, OrderCommand};
use xr_client::panels::model::Notice;
use xr_client::sound::RATE;

const HALL: SpaceId = SpaceId(2);

/// Somebody speaks into the microphone for so long, whether it is open or not.
pub(crate) fn speak(stepper: &Stepper, who: usize, seconds: f32) {
    let samples = (0..(seconds * RATE as f32) as u32).map(|n| {
        let at = n as f32 / RATE as f32;
        let tone = |hertz: f32| (at * hertz * std::f32::consts::TAU).sin();
        let syllable = (at * 9.0).sin().max(0.0);
        (tone(140.0) + tone(280.0) + 0.5 * tone(700.0) + 0.3 * tone(1_220.0)) * 0.15 * syllable
    });
    stepper.delegates[who].speaker.speak(samples);
}

pub(crate) fn state(stepper: &Stepper, who: usize) -> OwnMicrophone {
    stepper.delegates[who].core.own_microphone()
}

pub(crate) fn open(stepper: &mut Stepper, who: usize) {
    stepper.delegates[who].command(Command::MuteOrUnmute);
    stepper.run_until("the microphone is open", 5.0, |s| state(s, who) == OwnMicrophone::Open);
}

pub(crate) fn hears(stepper: &Stepper, who: usize, speaker: ParticipantId) -> bool {
    stepper.delegates[who].core.loudness(speaker) > 0.0
}

pub(crate) fn is_told(stepper: &Stepper, who: usize, why: Shut) -> bool {
    stepper.delegates[who].notices.contains(&Notice::MicrophoneShut(why))
}

/// Whether one hears the other at any moment of the next seconds, while that one speaks.
pub(crate) fn is_heard(stepper: &mut Stepper, by: usize, who: usize) -> bool {
    let speaker = stepper.id(who);
    speak(stepper, who, 3.0);
    (0..300).any(|_| {
        stepper.step();
        hears(stepper, by, speaker)
    })
}

#[test]
fn a_word_is_heard_in_its_room_and_softly_behind_an_open_door_also_on_a_bad_network() {
    let mut stepper = Stepper::new(5, Conditions::BAD);
    let [a, b, c] = ["Amina", "Bruno", "Chen"].map(|name| stepper.enter(name));
    stepper.run_until_all_inside();
    stepper.delegates[c].command(Command::GoToSpace(HALL));
    stepper.run_until("one is in the hall", 10.0, |s| s.space(c) == Some(HALL));
    assert!(!is_heard(&mut stepper, b, a), "everybody comes in with a closed microphone");
    open(&mut stepper, a);
    stepper.run_until("the others see it", 5.0, |s| {
        s.delegates[b].core.people().microphone(s.id(a)) == venue_protocol::Microphone::Open
    });
    let amina = stepper.id(a);
    speak(&stepper, a, 4.0);
    let mut samples = 0;
    for _ in 0..400 {
        stepper.step();
        samples += usize::from(hears(&stepper, b, amina));
    }
    assert!(samples > 200, "heard in {samples} of 400 moments");
    let [near, behind_the_door] = [b, c].map(|who| stepper.delegates[who].speaker.peak());
    assert!(near > 0.02 && behind_the_door < near * 0.7, "{near} and {behind_the_door}");
    let status = stepper.delegates[a].core.voice_status();
    assert_eq!(status.hearers, 2, "who is behind the open door is counted: {status:?}");
}

#[test]
fn a_microphone_closes_with_the_room_and_with_the_connection_and_says_so() {
    let mut stepper = Stepper::new(6, Conditions::GOOD);
    let [a, b] = ["Amina", "Bruno"].map(|name| stepper.enter(name));
    stepper.run_until_all_inside();
    open(&mut stepper, a);
    assert!(is_heard(&mut stepper, b, a));
    for who in [a, b] {
        stepper.delegates[who].command(Command::GoToSpace(HALL));
    }
    stepper.run_until("both are in the hall", 10.0, |s| [a, b].iter().all(|who| s.space(*who) == Some(HALL)));
    stepper.run_secs(1.0);
    assert_eq!(state(&stepper, a), OwnMicrophone::Closed);
    assert!(is_told(&stepper, a, Shut::Entered));
    assert!(!is_heard(&mut stepper, b, a));
    assert_eq!(stepper.delegates[a].speaker.records(), None, "nor is it open at the system");
    open(&mut stepper, a);
    stepper.network.cut(a as u64 + 1);
    stepper.run_until("it is lost", 10.0, |s| !s.delegates[a].is_inside());
    stepper.run_until("it is back", 30.0, |s| s.delegates[a].is_inside());
    stepper.run_secs(0.5);
    assert_eq!(state(&stepper, a), OwnMicrophone::Closed);
    assert!(is_told(&stepper, a, Shut::Reconnected));
    assert!(!is_heard(&mut stepper, b, a));
}

#[test]
fn a_moderator_closes_a_microphone_and_only_a_moderator_gives_it_back() {
    let mut stepper = Stepper::new(7, Conditions::GOOD);
    let code = stepper.store.invite_as(EVENT, "Mona", "EGY", |invitation| invitation.role = Role::Moderator);
    let m = stepper.enter_with(code);
    let [a, b] = ["Amina", "Bruno"].map(|name| stepper.enter(name));
    stepper.run_until_all_inside();
    open(&mut stepper, a);
    let amina = stepper.id(a);
    let moderate = |stepper: &mut Stepper, act| {
        stepper.delegates[m]
            .command(Command::Order(OrderCommand::Moderate(act, BoundedText::lossy("noise"))));
    };
    moderate(&mut stepper, Act::Mute(amina));
    stepper.run_until("closed", 5.0, |s| state(s, a) == OwnMicrophone::ClosedByModerator);
    assert!(!is_heard(&mut stepper, b, a));
    stepper.delegates[a].command(Command::MuteOrUnmute);
    stepper.run_secs(1.0);
    assert_eq!(state(&stepper, a), OwnMicrophone::ClosedByModerator);
    moderate(&mut stepper, Act::AskToUnmute(amina));
    stepper.run_until("given back", 5.0, |s| state(s, a) == OwnMicrophone::Closed);
    open(&mut stepper, a);
    assert!(is_heard(&mut stepper, b, a));
}

#[test]
fn two_who_are_kept_apart_do_not_hear_each_other() {
    let mut stepper = Stepper::new(8, Conditions::GOOD);
    let [a, b, c] = ["Amina", "Bruno", "Chen"].map(|name| stepper.enter(name));
    stepper.run_until_all_inside();
    open(&mut stepper, a);
    let amina = stepper.id(a);
    stepper.delegates[b].command(Command::Order(OrderCommand::Block(amina)));
    stepper.run_until("the block is there", 5.0, |s| s.delegates[b].sees(amina).is_none());
    stepper.run_secs(1.0);
    assert!(!is_heard(&mut stepper, b, a));
    assert!(is_heard(&mut stepper, c, a));
}

#[test]
fn who_tries_the_microphone_hears_it_by_the_server_and_nobody_else_does() {
    let mut stepper = Stepper::new(9, Conditions::GOOD);
    let [a, b] = ["Amina", "Bruno"].map(|name| stepper.enter(name));
    stepper.run_until_all_inside();
    stepper.delegates[a].command(Command::TryMicrophone(true));
    stepper.run_secs(0.2);
    let before = stepper.delegates[a].speaker.peak();
    assert!(!is_heard(&mut stepper, b, a));
    assert!(stepper.delegates[a].speaker.peak() > before.max(0.02));
    assert_eq!(state(&stepper, a), OwnMicrophone::Closed);
    stepper.delegates[a].command(Command::TryMicrophone(false));
    stepper.run_secs(0.2);
    assert_eq!(stepper.delegates[a].speaker.records(), None);
}

#[test]
fn a_microphone_that_is_pulled_out_closes_and_says_so() {
    let mut stepper = Stepper::new(10, Conditions::GOOD);
    let [a, b] = ["Amina", "Bruno"].map(|name| stepper.enter(name));
    stepper.run_until_all_inside();
    open(&mut stepper, a);
    assert!(is_heard(&mut stepper, b, a));
    // The program brings the device's report to the core.
    stepper.delegates[a].core.shut_microphone(Shut::DeviceGone);
    stepper.run_secs(0.5);
    assert!(is_told(&stepper, a, Shut::DeviceGone));
    assert!(!is_heard(&mut stepper, b, a));
}
