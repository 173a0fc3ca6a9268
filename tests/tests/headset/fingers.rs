//! Fingers in a headset: a stretched index finger presses what it touches, with and without a controller in the hand.

use crate::person::{HAND, HEAD, Person, tip};
use crate::remote::Hand;
use glam::{Quat, Vec3};
use tests::delegates::run_until;
use venue_model::BodyPose;

/// Bent fingers, from the thumb.
const POINTING: [f32; 5] = [1.0, 0.0, 1.0, 1.0, 1.0];
const FIST: [f32; 5] = [1.0; 5];

/// Out of the panels, which hang a little below the eyes and face them.
const OUT: Vec3 = Vec3::new(0.0, 0.172, 0.985);

/// Ways of a finger before a panel, metres.
const DOWN: f32 = -0.03;
const PRESS: [f32; 3] = [0.05, DOWN, 0.2];
const THROUGH: [f32; 5] = [0.05, DOWN, -0.3, -0.05, 0.2];

/// From a level right hand to the tip of its stretched index finger, as Monado forms it.
const HAND_TO_TIP: Vec3 = Vec3::new(-0.043, 0.0, -0.169);

/// Stretches the index finger of the right hand, which lies level away from the panels.
fn stretch(person: &mut Person) {
    person.remote.hand(Hand::Right, HAND, Quat::IDENTITY).fingers(Hand::Right, POINTING).send();
    see_tip(person, HAND + HAND_TO_TIP);
}

/// Somebody with a stretched finger before the menu, and where its button is that raises a hand.
fn before_the_menu(folder: &std::path::Path) -> (Person, Vec3) {
    let mut person = Person::start(folder);
    person.open_menu("Raise hand");
    person.scroll_to("Raise hand");
    let place = person.point_at("Raise hand");
    stretch(&mut person);
    (person, place)
}

fn see_tip(person: &mut Person, place: Vec3) {
    let is_there = |told: &str| tip(told).filter(|tip| tip.distance(place) < 0.003);
    person.worn.until("the tip there", "hands ", is_there);
}

/// Leads the tip so far before a place of the panels, one after the other, metres.
fn lead(person: &mut Person, place: Vec3, way: &[f32], pose: impl Fn(&mut Person, Vec3)) {
    for before in way {
        let wanted = place + OUT * *before;
        pose(person, wanted - HAND_TO_TIP);
        see_tip(person, wanted);
        if *before == DOWN {
            person.worn.until("a press", "points ", |told| told.contains("pressed=true").then_some(()));
        }
    }
}

/// The right hand with a controller.
fn held(person: &mut Person, place: Vec3) {
    person.remote.hand(Hand::Right, place, Quat::IDENTITY).send();
}

/// The right hand without.
fn bare(person: &mut Person, place: Vec3) {
    person.remote.hand(Hand::Right, place, Quat::IDENTITY).bare(Hand::Right).send();
}

/// Whether the other delegate sees the right hand there, which may be its palm.
fn is_at(body: &BodyPose, place: Vec3) -> bool {
    body.hands[1].is_some_and(|hand| hand.position.distance(place) < 0.12)
}

#[test]
fn a_stretched_finger_presses_what_it_touches_once_and_a_fist_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (mut person, place) = before_the_menu(folder.path());
    let before = person.worn.count("points ", "pressed=true");

    person.remote.fingers(Hand::Right, FIST).send();
    person.worn.until("a fist", "hands ", |told| tip(told).is_none().then_some(()));
    for metres in THROUGH {
        let hand = place + OUT * metres - HAND_TO_TIP;
        held(&mut person, hand);
        person.see("the fist there", |body| is_at(body, hand));
    }
    assert_eq!(person.worn.count("points ", "pressed=true"), before, "a fist presses nothing");

    stretch(&mut person);
    lead(&mut person, place, &PRESS, held);
    person.see_hand_up();
    assert_eq!(person.worn.count("points ", "pressed=true"), before + 1);

    // Keys that the finger goes through are written once each.
    person.remote.fingers(Hand::Right, FIST).send();
    person.open_menu("Lower hand");
    person.scroll_to("Messages");
    person.press("Messages");
    for key in ["h", "i"] {
        let place = person.point_at(key);
        stretch(&mut person);
        lead(&mut person, place, &THROUGH, held);
    }
    person.remote.fingers(Hand::Right, FIST).send();
    person.press("Enter");
    run_until(&mut person.others, person.started, "the text arrives", |others| {
        others[0].core.texts().lines().next().is_some()
    });
    let written: Vec<_> = person.others[0].core.texts().lines().map(|line| line.body.to_string()).collect();
    assert_eq!(written, ["hi"]);
    person.leave();
}

#[test]
fn a_hand_without_a_controller_is_seen_with_its_fingers_and_presses_what_it_touches() {
    let folder = tempfile::tempdir().unwrap();
    let (mut person, place) = before_the_menu(folder.path());
    bare(&mut person, HAND);
    // Without a controller nothing points from afar.
    person.worn.until("no ray", "points ", |told| told.contains("nothing").then_some(()));
    let curls = |body: &BodyPose| body.fingers[1].map(|fingers| fingers.curls());
    person.see("a hand that points", |body| {
        is_at(body, HAND)
            && curls(body).is_some_and(|curls| curls[1] < 0.35 && curls[2..].iter().all(|curl| *curl > 0.65))
    });
    lead(&mut person, place, &PRESS, bare);
    person.see_hand_up();
    person.remote.fingers(Hand::Right, FIST).send();
    person.see("a fist", |body| curls(body).is_some_and(|curls| curls[1..].iter().all(|curl| *curl > 0.65)));
    // The left hand was never there.
    assert!(person.see("the body", |_| true).hands[0].is_none());
    assert!(person.see("the head", |_| true).head.position.distance(HEAD) < 0.02);
    person.leave();
}
