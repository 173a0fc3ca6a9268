//! Hands that hold no controller: as `XR_EXT_hand_interaction` tells of them, and with their joints alone. A pinch points,
//! presses and jumps, a fist is the microphone's button or the menu's; what they do without meaning it does nothing.

use crate::person::{HAND, HEAD, KNOWS, PANELS, Person, numbers, place_of, thrown};
use crate::remote::Hand;
use glam::{Quat, Vec3};
use std::time::{Duration, Instant};
use venue_model::BodyPose;

/// How far from where it was aimed a jump may end.
const METRES: f32 = 0.05;

/// Longer than a fist has to be held.
const WHILE: Duration = Duration::from_millis(800);

/// Fingers from the thumb: as Monado forms them, the tips of the first two are 6 cm apart, and touch.
const OPEN: [f32; 5] = [0.2, 0.55, 0.4, 0.4, 0.4];
const PINCHED: [f32; 5] = [0.75, 0.85, 0.4, 0.4, 0.4];

/// From a level right hand to where its index finger begins, as Monado forms it.
const HAND_TO_KNUCKLE: Vec3 = Vec3::new(-0.028, 0.0, -0.094);

/// Where the client takes the right shoulder to be, and how far before it the hand is held.
const SHOULDER: Vec3 = Vec3::new(HEAD.x + 0.17, HEAD.y - 0.22, HEAD.z + 0.06);
const REACH: f32 = 0.5;

fn curls(body: &BodyPose, side: usize) -> Option<[f32; 5]> {
    body.fingers[side].map(|fingers| fingers.curls())
}

#[test]
fn a_pinch_points_presses_and_jumps_and_fists_open_the_menu_and_the_microphone() {
    let folder = tempfile::tempdir().unwrap();
    let mut person = Person::put_on_bare(folder.path(), |setup| setup);
    person.worn.wait_for("hand_interaction_ext");
    person.worn.until("the words", "words ", |told| told.contains("Pinch thumb").then_some(()));
    person.press("Skip");

    let place = Vec3::new(1.0, 0.0, 1.5);
    person.aim(place, "allowed=true");
    person.trigger(false);
    person.see("a jump", |body| body.root.distance(place) < METRES);

    person.open_menu("People");
    person.press("People");
    person.worn.until("the people", "panels ", |told| place_of(told, "Safe place").is_none().then_some(()));

    person.close(Hand::Left);
    let is_told = |told: &str| told.contains("microphone is closed").then_some(());
    person.worn.until("the microphone's notice", "panels ", is_told);

    let body = person.see("both hands", |body| body.hands.iter().all(Option::is_some));
    for side in [0, 1] {
        let curls = curls(&body, side).unwrap();
        assert!(curls[1..].iter().all(|curl| (0.1..0.6).contains(curl)), "{curls:?}");
    }
    person.leave();
}

#[test]
fn what_bare_hands_do_without_meaning_it_does_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut person = Person::put_on_bare(folder.path(), |setup| setup.with_settings(KNOWS));
    let before = person.see_rest();
    let wait = |person: &mut Person| {
        let due = Instant::now() + WHILE;
        person.see("some time", |_| Instant::now() >= due);
    };

    // A pinch that is lost while it aims jumps nowhere, nor does a hand that closes.
    let place = Vec3::new(1.0, 0.0, 1.5);
    person.aim(place, "allowed=true");
    person.remote.pinch(Hand::Right, 0.0, false).send();
    person.worn.until("nothing", "aims ", |told| told.contains("nothing").then_some(()));
    person.remote.pinch(Hand::Right, 0.0, true).send();
    person.aim(place, "allowed=true");
    person.remote.grasp(Hand::Right, 1.0).pinch(Hand::Right, 1.0, true).send();
    person.worn.until("nothing", "aims ", |told| told.contains("nothing").then_some(()));
    person.remote.grasp(Hand::Right, 0.0).pinch(Hand::Right, 0.0, true).send();

    // A loose fist before the eyes, and a hand that hangs down and closes.
    person.remote.grasp(Hand::Left, 0.7).send();
    wait(&mut person);
    person.remote.grasp(Hand::Left, 0.0).hand(Hand::Left, Vec3::new(-0.25, 0.75, 0.0), Quat::IDENTITY).send();
    person.see("a hand that hangs", |body| body.hands[0].is_some_and(|hand| hand.position.y < 0.8));
    person.remote.grasp(Hand::Left, 1.0).send();
    wait(&mut person);
    assert_eq!(person.worn.count("hands ", "left [Lower"), 0);
    let after = person.see_rest();
    assert!(after.root.distance(before.root) < 0.01, "{before:?} {after:?}");
    person.leave();
}

/// Holds the right hand, whose joints alone are known, so that it points this way.
fn point(person: &mut Person, way: Vec3) {
    let hand = SHOULDER + way.normalize() * REACH - HAND_TO_KNUCKLE;
    person.remote.hand(Hand::Right, hand, Quat::IDENTITY).bare(Hand::Right).send();
}

#[test]
fn a_hand_of_which_only_the_joints_are_known_pinches_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut person = Person::put_on(folder.path(), |setup| setup);
    person.remote.fingers(Hand::Right, OPEN).bare(Hand::Right).send();
    person.worn.until("the words", "words ", |told| told.contains("Pinch thumb").then_some(()));
    let skip = person.worn.until("a button", "panels ", |told| place_of(told, "Skip"));
    point(&mut person, skip - SHOULDER);
    let is_there = |told: &str| numbers(told.split("at ").nth(1)?).filter(|at| at.distance(skip) < 0.01);
    person.worn.until("a ray on the button", "points ", is_there);
    person.remote.fingers(Hand::Right, PINCHED).send();
    person.worn.until("a press", "points ", |told| told.contains("pressed=true").then_some(()));
    person.remote.fingers(Hand::Right, OPEN).send();
    person.worn.until("the steps are gone", "panels ", |told| place_of(told, "Skip").is_none().then_some(()));

    let place = Vec3::new(1.0, 0.0, 1.5);
    let head = person.see_rest().head_in_building();
    let local = HEAD + head.orientation.inverse() * (place - head.position);
    let mut way = Vec3::NEG_Z;
    for _ in 0..8 {
        way = thrown(SHOULDER + way.normalize() * REACH, local);
    }
    point(&mut person, way);
    person.remote.fingers(Hand::Right, PINCHED).send();
    let is_there = |told: &str| numbers(told.split("at ").nth(1)?).filter(|at| at.distance(place) < METRES);
    person.worn.until("an aim", "aims allowed=true", is_there);
    let body = person.see("the hand", |body| body.hands[1].is_some());
    // A level palm has its fingers ahead, which are along -y of a grip.
    let fingers = body.hands[1].unwrap().orientation * Vec3::NEG_Y;
    let ahead = body.head.orientation * Vec3::NEG_Z;
    assert!(fingers.distance(ahead) < 0.1, "{fingers} {ahead}");
    person.remote.fingers(Hand::Right, OPEN).send();
    person.see("a jump", |body| body.root.distance(place) < METRES);

    // Closed, it opens the menu.
    point(&mut person, Vec3::new(0.0, -0.1, -1.0));
    person.see("a hand before the eyes", |body| body.hands[1].is_some_and(|hand| hand.position.y > 1.3));
    person.remote.fingers(Hand::Right, [1.0; 5]).send();
    person.worn.until("the menu", "panels ", |told| place_of(told, "Raise hand"));
    person.leave();
}

#[test]
fn a_pinch_draws_a_list_along() {
    let folder = tempfile::tempdir().unwrap();
    let mut person = Person::put_on_bare(folder.path(), |setup| setup.with_settings(KNOWS));
    person.open_menu("Raise hand");
    let before = person.worn.until("a button", "panels ", |told| place_of(told, "Raise hand"));
    person.point(PANELS - HAND);
    let is_there = |told: &str| numbers(told.split("at ").nth(1)?).filter(|at| at.distance(PANELS) < 0.05);
    person.worn.until("a ray on the panel", "points ", is_there);
    person.trigger(true);
    person.worn.until("a pinch", "points ", |told| told.contains("pressed=true").then_some(()));
    person.point(PANELS + Vec3::Y * 0.25 - HAND);
    let is_drawn = |told: &str| place_of(told, "Raise hand").filter(|at| at.y > before.y + 0.1);
    person.worn.until("the list is drawn up", "panels ", is_drawn);
    person.trigger(false);
    person.leave();
}
