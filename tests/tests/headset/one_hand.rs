//! One controller alone, the other hand never tracked: everything of a visit can be done with it.

use crate::person::{HAND, HEAD, Person, place_of};
use crate::remote::{Button, Hand};
use glam::{Quat, Vec2, Vec3};
use venue_model::BodyPose;

const SETTINGS: &str = "has_seen_tour = true\n[comfort]\none_handed = true\nhand = \"right\"\n";

#[test]
fn one_hand_alone_turns_jumps_opens_presses_and_mutes() {
    let folder = tempfile::tempdir().unwrap();
    let mut person = Person::put_on(folder.path(), |setup| setup.with_settings(SETTINGS));
    let before = person.see("the body", |_| true);
    assert!(before.hands[0].is_none() && before.hands[1].is_some(), "{before:?}");

    // What hangs on others' wrists hangs at the belt, as soon as no notice is to be read.
    let at_belt = |told: &str| place_of(told, "People").filter(|at| (0.9..1.3).contains(&at.y));
    person.worn.until("the belt", "panels ", at_belt);

    // The stick turns.
    person.remote.stick(Hand::Right, Vec2::X).send();
    let wanted = before.head_in_building().orientation * Quat::from_rotation_y(-30f32.to_radians());
    person.see("a turn", |body| body.head_in_building().orientation.angle_between(wanted).to_degrees() < 1.0);
    person.remote.stick(Hand::Right, Vec2::ZERO).send();

    // Pushed ahead it aims, and let go one is there.
    let place = Vec3::new(1.0, 0.0, 1.5);
    person.throw_to(place);
    person.remote.stick(Hand::Right, Vec2::Y).send();
    person.worn.until("an aim", "aims ", |told| told.contains("allowed=true").then_some(()));
    person.remote.stick(Hand::Right, Vec2::ZERO).send();
    person.see("a jump by the stick", |body| body.root.distance(place) < 0.05);

    // So does the trigger.
    let place = Vec3::new(-1.0, 0.0, 2.0);
    person.aim(place, "allowed=true");
    person.trigger(false);
    person.see("a jump by the trigger", |body| body.root.distance(place) < 0.05);

    person.open_menu("Raise hand");
    person.scroll_to("Raise hand");
    person.press("Raise hand");
    person.see_hand_up();

    person.point(HEAD + Vec3::Y - HAND);
    person.push(Button::A);
    let is_told = |told: &str| told.contains("microphone is closed").then_some(());
    person.worn.until("the microphone's notice", "panels ", is_told);
    person.leave();
}

#[test]
fn one_hand_s_stick_walks_where_that_is_set_and_its_trigger_jumps() {
    let folder = tempfile::tempdir().unwrap();
    let settings = format!("{SETTINGS}one_stick = \"walk\"\n");
    let mut person = Person::put_on(folder.path(), |setup| setup.with_settings(&settings));
    let start = person.see("the body", |_| true);
    let orientation = start.head_in_building().orientation;
    let ahead = orientation * Vec3::NEG_Z;
    let way = |body: &BodyPose| (body.root - start.root).dot(ahead);

    // Every step of it is seen on the way: nobody jumps.
    person.remote.stick(Hand::Right, Vec2::Y).send();
    for metres in [0.2, 0.5, 0.8] {
        let body = person.see("a walk", |body| way(body) > metres);
        assert!(way(&body) < metres + 0.3, "{} m", way(&body));
        assert!(
            body.head_in_building().orientation.angle_between(orientation).to_degrees() < 1.0,
            "{body:?}"
        );
    }
    person.remote.stick(Hand::Right, Vec2::NEG_Y).send();
    person.see("a walk back", |body| way(body) < 0.4);
    person.remote.stick(Hand::Right, Vec2::X).send();
    let turned = orientation * Quat::from_rotation_y(-30f32.to_radians());
    person.see("a turn", |body| body.head_in_building().orientation.angle_between(turned).to_degrees() < 1.0);
    person.remote.stick(Hand::Right, Vec2::ZERO).send();
    assert_eq!(person.worn.count("aims ", "allowed=true"), 0, "the stick aims at nothing");

    let place = Vec3::new(-1.0, 0.0, 2.0);
    person.aim(place, "allowed=true");
    person.trigger(false);
    person.see("a jump by the trigger", |body| body.root.distance(place) < 0.05);
    person.leave();
}
