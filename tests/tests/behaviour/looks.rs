//! How people show themselves to each other: looks, language, gestures, also on a bad network.

use tests::stepper::Stepper;
use tests::virtual_network::Conditions;
use venue_model::{Gesture, Language};
use venue_protocol::Appearance;
use xr_client::input::Command;

fn stand(seed: u64) -> (Stepper, [usize; 2]) {
    let mut stepper = Stepper::new(seed, Conditions::BAD);
    let people = ["Amina", "Bruno"].map(|name| stepper.enter(name));
    stepper.run_until_all_inside();
    let id = stepper.id(people[0]);
    stepper.run_until("they see each other", 10.0, |s| s.delegates[people[1]].sees(id).is_some());
    (stepper, people)
}

#[test]
fn a_changed_look_and_language_are_seen_by_all_and_by_those_who_come_later() {
    let (mut stepper, [a, b]) = stand(51);
    let id = stepper.id(a);
    let look = Appearance { avatar: 5, clothing: 3, skin: 2 };
    stepper.delegates[a].command(Command::SetAppearance(look));
    stepper.delegates[a].command(Command::SetLanguage(Language::Ar));
    let shows = |s: &Stepper, by: usize| {
        s.delegates[by].core.people().get(id).is_some_and(|entry| {
            entry.appearance == look && entry.participant.language == Language::Ar && entry.space.is_some()
        })
    };
    stepper.run_until("seen", 10.0, |s| shows(s, b));
    let late = stepper.enter("Chen");
    stepper.run_until("seen later too", 10.0, |s| s.delegates[late].is_inside() && shows(s, late));
}

#[test]
fn each_gesture_is_seen_and_ends() {
    let (mut stepper, [a, b]) = stand(52);
    let id = stepper.id(a);
    for gesture in Gesture::ALL.into_iter().filter(|gesture| *gesture != Gesture::None) {
        stepper.delegates[a].command(Command::Gesture(gesture));
        let makes = |s: &Stepper, wanted| s.delegates[b].sees(id).is_some_and(|pose| pose.gesture == wanted);
        stepper.run_until("seen", 4.0, |s| makes(s, gesture));
        stepper.run_until("over", 8.0, |s| makes(s, Gesture::None));
        // More than a few a minute would be a nuisance; nobody hurries here.
        stepper.run_secs(5.0);
    }
}

#[test]
fn who_gestures_without_end_rests_for_the_others() {
    let (mut stepper, [a, b]) = stand(53);
    let id = stepper.id(a);
    let mut seen = 0;
    for _ in 0..60 {
        for gesture in [Gesture::Wave, Gesture::None] {
            stepper.delegates[a].command(Command::Gesture(gesture));
            stepper.run_secs(0.15);
            let is_seen = stepper.delegates[b].sees(id).is_some_and(|pose| pose.gesture == Gesture::Wave);
            seen += u32::from(is_seen);
        }
    }
    assert!((1..45).contains(&seen), "seen {seen} times");
}
