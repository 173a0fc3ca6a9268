//! What hands do in a headset, seen from another delegate: jumps by the arc, through a door and onto a seat; panels, pressed
//! by ray and trigger; bent fingers.

use crate::person::{HAND, Person};
use crate::remote::{Button, Hand};
use glam::{Quat, Vec2, Vec3};
use std::f32::consts::FRAC_PI_2;
use tests::delegates::run_until;
use venue_model::{BodyPose, Posture, RigidPose, SpaceId};

/// How far from where it was aimed a jump may end.
const METRES: f32 = 0.05;

#[test]
fn the_arc_leads_over_the_floor_through_a_door_and_onto_a_seat() {
    let folder = tempfile::tempdir().unwrap();
    let mut person = Person::start(folder.path());
    let before = person.see("the body", |_| true);

    // Out of the house leads no way.
    person.aim(Vec3::new(-7.0, 0.0, 3.0), "allowed=false");
    person.trigger(false);
    person.worn.until("nothing", "aims ", |told| told.contains("nothing").then_some(()));

    let place = Vec3::new(1.0, 0.0, 1.5);
    person.aim(place, "allowed=true");
    person.trigger(false);
    let after = person.see("a jump", |body| body.root.distance(place) < METRES);
    assert!((after.yaw - before.yaw).abs() < 0.01, "it turns nobody: {before:?} {after:?}");

    // The stick says where one looks afterwards: to the left.
    let place = Vec3::new(0.0, 0.0, 1.0);
    person.aim(place, "allowed=true");
    person.remote.stick(Hand::Right, Vec2::NEG_X).send();
    let ahead = |body: &BodyPose| body.head_in_building().orientation * Vec3::NEG_Z;
    let wanted = Quat::from_rotation_y(FRAC_PI_2) * ahead(&after);
    let degrees = (-wanted.x).atan2(-wanted.z).to_degrees();
    person.worn.until("a facing", "aims ", |told| {
        let told: f32 = told.split_once("facing=")?.1.split(' ').next()?.parse().ok()?;
        let turns = (told - degrees) / 360.0;
        ((turns - turns.round()).abs() < 0.005).then_some(())
    });
    person.trigger(false);
    person.see("a jump with a turn", |body| {
        body.root.distance(place) < METRES && ahead(body).distance(wanted) < 0.02
    });
    person.remote.stick(Hand::Right, Vec2::ZERO).send();

    let place = Vec3::new(0.0, 0.0, -1.4);
    person.aim(place, "allowed=true");
    person.trigger(false);
    person.follow_to(SpaceId(2));
    person.see("a jump through the door", |body| body.root.distance(place) < METRES);

    // Seat B2 of the hall.
    person.aim(Vec3::new(-1.5, 0.45, -2.0), "seat=Some");
    person.trigger(false);
    person.see("a seat", |body| matches!(body.posture, Posture::Seated(_)));

    // The button that recenters, held, leads to the safe place: the entrance, in the foyer.
    person.remote.button(Hand::Right, Button::StickPress, true).send();
    person.follow_to(SpaceId(1));
    person.see("the safe place", |body| body.posture == Posture::Standing && body.root.z > 0.5);
    person.leave();
}

#[test]
fn ray_and_trigger_raise_a_hand_and_write() {
    let folder = tempfile::tempdir().unwrap();
    let mut person = Person::start(folder.path());
    // The upper button opens the menu.
    person.open_menu("Raise hand");
    person.scroll_to("Raise hand");
    // A ray that leaves the panel in the moment in which its trigger is pulled aims.
    person.point_at("Raise hand");
    let place = Vec3::new(0.5, 0.0, 2.0);
    person.aim(place, "allowed=true");
    person.trigger(false);
    person.see("a jump from the panel", |body| body.root.distance(place) < METRES);
    person.press("Raise hand");
    person.see_hand_up();
    person.open_menu("Lower hand");
    person.scroll_to("Messages");
    person.press("Messages");
    person.press("Capital letters and other signs");
    person.press("H");
    person.press("i");
    person.press("Enter");
    run_until(&mut person.others, person.started, "the text arrives", |others| {
        others[0].core.texts().lines().any(|line| line.body == "Hi")
    });
    person.leave();
}

#[test]
fn bent_fingers_reach_others() {
    let folder = tempfile::tempdir().unwrap();
    let mut person = Person::start(folder.path());
    let curls = |body: &BodyPose| body.fingers[1].map(|fingers| fingers.curls());
    person.remote.fingers(Hand::Right, [0.0; 5]).send();
    person.see("an open hand", |body| {
        curls(body).is_some_and(|curls| curls[1..].iter().all(|curl| *curl < 0.35))
    });
    person.remote.fingers(Hand::Right, [1.0, 0.0, 1.0, 1.0, 1.0]).send();
    person.see("a hand that points", |body| {
        curls(body).is_some_and(|curls| curls[1] < 0.35 && curls[2..].iter().all(|curl| *curl > 0.65))
    });
    let held = RigidPose { position: HAND, ..RigidPose::default() };
    let body = person.see("the hand", |body| body.hands[1].is_some());
    assert!(body.hands[1].unwrap().position.distance(held.position) < 0.02, "{body:?}");
    person.leave();
}
