//! What hands do in a headset, seen from another delegate: jumps by the arc, through a door and onto a seat; panels, pressed
//! by ray and trigger; bent fingers.

use crate::remote::{Button, Hand, Remote};
use crate::visit::server;
use crate::worn::Worn;
use glam::{Quat, Vec2, Vec3};
use std::f32::consts::FRAC_PI_2;
use std::time::Instant;
use tests::delegates::{Delegate, delegate, run_until};
use venue_model::{BodyPose, Posture, RigidPose, SpaceId};
use xr_client::core::Stage;
use xr_client::input::Command;
use xtask::demo::server::Server;

/// Where the head is in the room of who wears the headset, and the hand that does things.
const HEAD: Vec3 = Vec3::new(0.0, 1.7, 0.0);
const HAND: Vec3 = Vec3::new(0.2, 1.25, -0.3);

/// The speed of the arc, metres a second, and of what falls.
const SPEED: f32 = 9.0;
const GRAVITY: f32 = 9.81;

/// Somebody with a headset in the tiny venue, and whoever sees them.
struct Visit {
    worn: Worn,
    remote: Remote,
    others: Vec<Delegate>,
    started: Instant,
    server: Server,
    /// Where the right hand's ray was on the panels last.
    pressed_at: Option<Vec3>,
}

impl Visit {
    fn start(folder: &std::path::Path) -> Self {
        let (server, links) = server(folder);
        let mut worn = Worn::start(&folder.join("amina"), &links[0]);
        worn.wait_for("a headset is there");
        let mut remote = worn.remote();
        remote.head(HEAD, Quat::IDENTITY).hand(Hand::Right, HAND, Quat::IDENTITY).send();
        worn.wait_for("stage=\"inside\"");
        worn.wait_for("state=\"focused\"");
        let (others, started) = (vec![delegate(1, &links[1])], Instant::now());
        let mut visit = Self { worn, remote, others, started, server, pressed_at: None };
        visit.see("who wears the headset", |body| (body.head.position.y - HEAD.y).abs() < 0.01);
        // The steps of the first minute hang before the person.
        visit.press("Skip");
        visit
    }

    /// Waits until the other delegate sees such a body.
    fn see(&mut self, what: &str, holds: impl Fn(&BodyPose) -> bool) -> BodyPose {
        let body = |others: &[Delegate]| others[0].core.bodies().first().map(|(_, pose)| *pose);
        run_until(&mut self.others, self.started, what, |others| {
            *others[0].core.stage() == Stage::Inside && body(others).is_some_and(|body| holds(&body))
        });
        body(&self.others).unwrap()
    }

    /// The other delegate goes to a room: nobody is seen from the next one.
    fn follow_to(&mut self, space: SpaceId) {
        self.others[0].intent.commands.push(Command::GoToSpace(space));
    }

    /// Holds the right hand so that it points this way.
    fn point(&mut self, direction: Vec3) {
        let turn = Quat::from_rotation_arc(Vec3::NEG_Z, direction.normalize());
        self.remote.hand(Hand::Right, HAND, turn).send();
    }

    fn trigger(&mut self, is_pulled: bool) {
        self.remote.button(Hand::Right, Button::Trigger, is_pulled).send();
    }

    /// Points at a button until it rests there: what was scrolled glides on for some frames.
    fn point_at(&mut self, name: &str) -> Vec3 {
        let mut aside = Vec3::X * 0.006;
        let mut before = None;
        loop {
            let place = self.worn.until(name, "panels ", |told| place_of(told, name));
            if before.is_some_and(|before: Vec3| before.distance(place) < 0.002) {
                return place;
            }
            // Another place than before, so that a ray that is there is one of a later frame.
            (before, aside) = (Some(place), -aside);
            let wanted = place + aside;
            self.point(wanted - HAND);
            let is_there =
                |told: &str| numbers(told.split("at ").nth(1)?).filter(|at| at.distance(wanted) < 0.004);
            self.worn.until("a ray on the button", "points ", is_there);
        }
    }

    /// Points at a button of the panels by its name and pulls the trigger.
    fn press(&mut self, name: &str) {
        let place = self.point_at(name);
        self.trigger(true);
        self.worn.until("a press", "points ", |told| told.contains("pressed=true").then_some(()));
        self.trigger(false);
        self.worn.until("a release", "points ", |told| (!told.contains("pressed=true")).then_some(()));
        self.pressed_at = Some(place);
    }

    /// Scrolls with the stick of the hand that points until what has this name is well on the panel.
    fn scroll_to(&mut self, name: &str) {
        let at = self.worn.until(name, "panels ", |told| place_of(told, name));
        let middle = HEAD - Vec3::new(0.0, 0.18, 1.03);
        self.point(middle - HAND);
        let is_there =
            |told: &str| numbers(told.split("at ").nth(1)?).filter(|at| at.distance(middle) < 0.05);
        self.worn.until("a ray on the panel", "points ", is_there);
        let seen = HEAD.y - 0.35..HEAD.y + 0.1;
        let stick = if at.y < seen.start { Vec2::NEG_Y } else { Vec2::Y };
        self.remote.stick(Hand::Right, stick).send();
        self.worn.until(name, "panels ", |told| place_of(told, name).filter(|at| seen.contains(&at.y)));
        self.remote.stick(Hand::Right, Vec2::ZERO).send();
    }

    /// Aims the arc at a place of the venue with the trigger, until that is told of it.
    fn aim(&mut self, place: Vec3, told: &str) {
        let body = self.see("the body", |_| true);
        let head = body.head_in_building();
        let local = HEAD + head.orientation.inverse() * (place - head.position);
        self.point(thrown(HAND, local));
        if let Some(pressed_at) = self.pressed_at.take() {
            // A trigger belongs to the panel that its ray was on.
            let at = |told: &str| numbers(told.split("at ").nth(1)?);
            let is_off = |told: &str| at(told).is_none_or(|at| at.distance(pressed_at) > 0.05).then_some(());
            self.worn.until("a ray off the panel", "points ", is_off);
        }
        self.trigger(true);
        self.worn.until(told, "aims ", |line| line.contains(told).then_some(()));
    }

    fn leave(self) {
        let (status, log) = self.worn.leave();
        assert!(status.success(), "{status}: {log:#?}");
        let has = |text: &str| log.iter().any(|line| line.contains(text));
        assert!(!has("does not take a controller's buttons"), "every profile is bound: {log:#?}");
        self.server.stop().unwrap();
    }
}

/// Three numbers of a line.
fn numbers(text: &str) -> Option<Vec3> {
    let kept: String = text.chars().map(|c| if "-.0123456789".contains(c) { c } else { ' ' }).collect();
    let mut numbers = kept.split_whitespace().filter_map(|number| number.parse().ok());
    Some(Vec3::new(numbers.next()?, numbers.next()?, numbers.next()?))
}

/// The place of what has this name among the told panels; a count may stand behind it.
fn place_of(told: &str, name: &str) -> Option<Vec3> {
    let mut told = told.split('[').filter_map(|part| part.split_once('|'));
    let is_it = |found: &str| found == name || found.starts_with(&format!("{name}, "));
    told.find_map(|(found, place)| is_it(found).then(|| numbers(place))?)
}

/// The flatter of the ways to throw from a hand onto a place.
fn thrown(hand: Vec3, place: Vec3) -> Vec3 {
    let way = place - hand;
    let far = Vec2::new(way.x, way.z).length();
    let square = SPEED * SPEED;
    let root = (square * square - GRAVITY * (GRAVITY * far * far + 2.0 * way.y * square)).sqrt();
    let rise = (square - root) / (GRAVITY * far);
    Vec3::new(way.x / far, rise, way.z / far)
}

#[test]
fn the_arc_leads_over_the_floor_through_a_door_and_onto_a_seat() {
    let folder = tempfile::tempdir().unwrap();
    let mut visit = Visit::start(folder.path());
    let before = visit.see("the body", |_| true);

    // Out of the house leads no way.
    visit.aim(Vec3::new(-7.0, 0.0, 3.0), "allowed=false");
    visit.trigger(false);
    visit.worn.until("nothing", "aims ", |told| told.contains("nothing").then_some(()));

    let place = Vec3::new(1.0, 0.0, 1.5);
    visit.aim(place, "allowed=true");
    visit.trigger(false);
    let after = visit.see("a jump", |body| body.root.distance(place) < 0.15);
    assert!((after.yaw - before.yaw).abs() < 0.01, "it turns nobody: {before:?} {after:?}");

    // The stick says where one looks afterwards: to the left.
    let place = Vec3::new(0.0, 0.0, 1.0);
    visit.aim(place, "allowed=true");
    visit.remote.stick(Hand::Right, Vec2::NEG_X).send();
    let ahead = |body: &BodyPose| body.head_in_building().orientation * Vec3::NEG_Z;
    let wanted = Quat::from_rotation_y(FRAC_PI_2) * ahead(&after);
    let degrees = (-wanted.x).atan2(-wanted.z).to_degrees();
    visit.worn.until("a facing", "aims ", |told| {
        let told: f32 = told.split_once("facing=")?.1.split(' ').next()?.parse().ok()?;
        let turns = (told - degrees) / 360.0;
        ((turns - turns.round()).abs() < 0.005).then_some(())
    });
    visit.trigger(false);
    visit.see("a jump with a turn", |body| {
        body.root.distance(place) < 0.15 && ahead(body).distance(wanted) < 0.02
    });
    visit.remote.stick(Hand::Right, Vec2::ZERO).send();

    let place = Vec3::new(0.0, 0.0, -1.4);
    visit.aim(place, "allowed=true");
    visit.trigger(false);
    visit.follow_to(SpaceId(2));
    visit.see("a jump through the door", |body| body.root.distance(place) < 0.15);

    // Seat B2 of the hall.
    visit.aim(Vec3::new(-1.5, 0.45, -2.0), "seat=Some");
    visit.trigger(false);
    visit.see("a seat", |body| matches!(body.posture, Posture::Seated(_)));

    // The button that recenters, held, leads to the safe place: the entrance, in the foyer.
    visit.remote.button(Hand::Right, Button::StickPress, true).send();
    visit.follow_to(SpaceId(1));
    visit.see("the safe place", |body| body.posture == Posture::Standing && body.root.z > 0.5);
    visit.leave();
}

#[test]
fn ray_and_trigger_raise_a_hand_and_write() {
    let folder = tempfile::tempdir().unwrap();
    let mut visit = Visit::start(folder.path());
    // The upper button opens the menu.
    visit.remote.button(Hand::Right, Button::B, true).send();
    visit.worn.until("the menu", "panels ", |told| place_of(told, "Raise hand"));
    visit.remote.button(Hand::Right, Button::B, false).send();
    visit.scroll_to("Raise hand");
    visit.press("Raise hand");
    run_until(&mut visit.others, visit.started, "the hand is up", |others| {
        let core = &others[0].core;
        core.bodies().first().is_some_and(|(id, _)| core.people().has_raised_hand(*id))
    });
    visit.remote.button(Hand::Right, Button::B, true).send();
    visit.worn.until("the menu", "panels ", |told| place_of(told, "Lower hand"));
    visit.remote.button(Hand::Right, Button::B, false).send();
    visit.scroll_to("Messages");
    visit.press("Messages");
    visit.press("Capital letters and other signs");
    visit.press("H");
    visit.press("i");
    visit.press("Enter");
    run_until(&mut visit.others, visit.started, "the text arrives", |others| {
        others[0].core.texts().lines().any(|line| line.body == "Hi")
    });
    visit.leave();
}

#[test]
fn bent_fingers_reach_others() {
    let folder = tempfile::tempdir().unwrap();
    let mut visit = Visit::start(folder.path());
    let curls = |body: &BodyPose| body.fingers[1].map(|fingers| fingers.curls());
    visit.remote.fingers(Hand::Right, [0.0; 5]).send();
    visit.see("an open hand", |body| {
        curls(body).is_some_and(|curls| curls[1..].iter().all(|curl| *curl < 0.35))
    });
    visit.remote.fingers(Hand::Right, [1.0, 0.0, 1.0, 1.0, 1.0]).send();
    visit.see("a hand that points", |body| {
        curls(body).is_some_and(|curls| curls[1] < 0.35 && curls[2..].iter().all(|curl| *curl > 0.65))
    });
    let held = RigidPose { position: HAND, ..RigidPose::default() };
    let body = visit.see("the hand", |body| body.hands[1].is_some());
    assert!(body.hands[1].unwrap().position.distance(held.position) < 0.02, "{body:?}");
    visit.leave();
}
