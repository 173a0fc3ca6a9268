//! Sticks and buttons that move somebody with a headset, seen from another delegate: walking, turning, recentering.

use crate::person::{HEAD, KNOWS, Person};
use crate::remote::{Button, Hand};
use glam::{Quat, Vec2, Vec3};
use venue_model::RigidPose;

const METRES: f32 = 0.01;
const DEGREES: f32 = 1.0;

fn degrees(one: Quat, other: Quat) -> f32 {
    one.angle_between(other).to_degrees()
}

/// Turns by the right stick and walks by the left one.
fn check(turn: &str, step_degrees: f32) {
    let folder = tempfile::tempdir().unwrap();
    let settings = format!("{KNOWS}turn = \"{turn}\"\n");
    let mut person = Person::put_on(folder.path(), |setup| setup.with_settings(&settings));
    let mut head = person.see("the body", |_| true).head_in_building();
    // To the right, and twice back to the left.
    for aside in [1.0, -1.0, -1.0] {
        person.remote.stick(Hand::Right, Vec2::X * aside).send();
        let turned = head.orientation * Quat::from_rotation_y(-aside * step_degrees.to_radians());
        let body =
            person.see("a turn", |body| degrees(body.head_in_building().orientation, turned) < DEGREES);
        let after = body.head_in_building();
        assert!(after.position.distance(head.position) < METRES, "about the head: {head:?} {after:?}");
        person.remote.stick(Hand::Right, Vec2::ZERO).send();
        person.see_stick(Vec2::ZERO);
        head = RigidPose { orientation: turned, ..head };
    }
    person.remote.hand(Hand::Left, Vec3::new(-0.3, 1.0, -0.3), Quat::IDENTITY);
    person.remote.stick(Hand::Left, Vec2::Y).send();
    let body = person.see("a walk", |body| body.head_in_building().position.distance(head.position) > 0.7);
    let (after, ahead) = (body.head_in_building(), head.orientation * Vec3::NEG_Z);
    let way = after.position - head.position;
    assert!(way.angle_between(ahead).to_degrees() < DEGREES, "{way} is not {ahead}");
    assert!(degrees(after.orientation, head.orientation) < DEGREES, "walking turns nobody");
    person.remote.stick(Hand::Left, Vec2::ZERO).send();
    person.leave();
}

#[test]
fn sticks_turn_by_30_degrees_and_walk_ahead() {
    check("snap30", 30.0);
}

#[test]
fn sticks_turn_by_45_degrees_and_walk_ahead() {
    check("snap45", 45.0);
}

#[test]
fn a_short_press_brings_the_head_over_the_body_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut person = Person::put_on(folder.path(), |setup| setup.with_settings(KNOWS));
    let before = person.see("the body", |_| true);
    let head = before.head_in_building();
    let aside = HEAD + Vec3::new(0.15, 0.0, 0.05);
    person.remote.head(aside, Quat::from_rotation_y(25f32.to_radians())).send();
    person.see("a step aside", |body| body.head_in_building().position.distance(head.position) > 0.15);
    person.push(Button::StickPress);
    let after = person.see("the head at its place", |body| {
        let now = body.head_in_building();
        now.position.distance(head.position) < METRES && degrees(now.orientation, head.orientation) < DEGREES
    });
    assert!(after.root.distance(before.root) < METRES, "nobody walked: {before:?} {after:?}");
    person.leave();
}
