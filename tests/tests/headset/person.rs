//! Somebody with a scripted headset in the tiny venue, whom another delegate sees: how they point, press, reach and step.
//!
//! It knows no test; places of hands and buttons are in the play space, metres.

use crate::remote::{Button, Hand, Remote};
use crate::visit::server;
use crate::worn::{Setup, Worn};
use glam::{Quat, Vec2, Vec3};
use std::cell::Cell;
use std::f32::consts::FRAC_PI_2;
use std::path::Path;
use std::time::{Duration, Instant};
use tests::delegates::{Delegate, delegate, run_until};
use venue_model::{BodyPose, RigidPose, SpaceId};
use xr_client::core::Stage;
use xr_client::input::Command;
use xtask::demo::server::Server;

/// Where the head is in the room of who wears the headset, and the hand that does things.
pub const HEAD: Vec3 = Vec3::new(0.0, 1.7, 0.0);
pub const HAND: Vec3 = Vec3::new(0.2, 1.25, -0.3);

/// Settings of somebody who knows the first minute.
pub const KNOWS: &str = "has_seen_tour = true\n";

/// The middle of the panels before the person.
pub const PANELS: Vec3 = Vec3::new(0.0, 1.52, -1.03);

/// The speed of the arc, metres a second, and of what falls.
const SPEED: f32 = 9.0;
const GRAVITY: f32 = 9.81;

/// What was scrolled glides on; it rests when it is found at its place so often.
const LOOKS_AT_REST: usize = 8;

/// A step of a head that walks, metres.
const STEP: f32 = 0.25;

/// How fast it walks, metres a second.
const WALK: f32 = 1.5;

/// Who is seen at the same place for so long has come to rest.
const REST: Duration = Duration::from_millis(300);

/// Somebody with a headset, and whoever sees them.
pub struct Person {
    pub worn: Worn,
    pub remote: Remote,
    pub others: Vec<Delegate>,
    pub started: Instant,
    server: Server,
    /// The head in the building when it came in.
    entered: RigidPose,
    /// Whether the hands hold no controller, but pinch and close.
    is_bare: bool,
}

impl Person {
    /// Enters, and skips the steps of the first minute, which hang before the person.
    pub fn start(folder: &Path) -> Self {
        let mut person = Self::put_on(folder, |setup| setup);
        person.press("Skip");
        person
    }

    /// Enters with such a headset.
    pub fn put_on<'a>(folder: &'a Path, change: impl FnOnce(Setup<'a>) -> Setup<'a>) -> Self {
        let (server, links) = server(folder);
        let mut worn = change(Setup::new(folder)).start(&links[0]);
        worn.wait_for("a headset is there");
        let mut remote = worn.remote();
        // The driver begins with both hands in the air.
        remote.head(HEAD, Quat::IDENTITY).absent(Hand::Left).hand(Hand::Right, HAND, Quat::IDENTITY).send();
        worn.wait_for("stage=\"inside\"");
        worn.wait_for("state=\"focused\"");
        let (others, started) = (vec![delegate(1, &links[1])], Instant::now());
        let entered = RigidPose::default();
        let mut person = Self { worn, remote, others, started, server, entered, is_bare: false };
        let is_worn = |body: &BodyPose| (body.head.position.y - HEAD.y).abs() < 0.002;
        person.entered = person.see("who wears the headset", is_worn).head_in_building();
        person
    }

    /// Enters with such a headset and bare hands, both raised and open.
    pub fn put_on_bare<'a>(folder: &'a Path, change: impl FnOnce(Setup<'a>) -> Setup<'a>) -> Self {
        let mut person = Self::put_on(folder, |setup| change(setup.with("VEV_REMOTE_BARE_HANDS", "1")));
        person.is_bare = true;
        let left = HAND * Vec3::new(-1.0, 1.0, 1.0);
        // Its ray leads to the floor: the pointer is the right one's.
        person.remote.hand(Hand::Left, left, Quat::from_rotation_x(-FRAC_PI_2));
        for hand in [Hand::Left, Hand::Right] {
            person.remote.pinch(hand, 0.0, true).grasp(hand, 0.0).fingers(hand, [0.2, 0.3, 0.3, 0.3, 0.3]);
        }
        person.remote.send();
        person.see("both hands", |body| body.hands.iter().all(Option::is_some));
        person
    }

    /// Waits until the other delegate sees such a body.
    pub fn see(&mut self, what: &str, holds: impl Fn(&BodyPose) -> bool) -> BodyPose {
        let body = |others: &[Delegate]| others[0].core.bodies().first().map(|(_, pose)| *pose);
        run_until(&mut self.others, self.started, what, |others| {
            *others[0].core.stage() == Stage::Inside && body(others).is_some_and(|body| holds(&body))
        });
        body(&self.others).unwrap()
    }

    /// Waits until the other delegate sees the head at rest: what they see comes a little later than it is.
    pub fn see_rest(&mut self) -> BodyPose {
        let last = Cell::new((RigidPose::default(), Instant::now()));
        self.see("a head at rest", |body| {
            let (head, (before, since)) = (body.head_in_building(), last.get());
            let turn = head.orientation.angle_between(before.orientation).to_degrees();
            let is_same = head.position.distance(before.position) < 0.002 && turn < 0.1;
            if !is_same {
                last.set((head, Instant::now()));
            }
            is_same && since.elapsed() >= REST
        })
    }

    /// Waits until the other delegate sees the person's hand up.
    pub fn see_hand_up(&mut self) {
        run_until(&mut self.others, self.started, "the hand is up", |others| {
            let core = &others[0].core;
            core.bodies().first().is_some_and(|(id, _)| core.people().has_raised_hand(*id))
        });
    }

    /// The other delegate goes to a room: nobody is seen from the next one.
    pub fn follow_to(&mut self, space: SpaceId) {
        self.others[0].intent.commands.push(Command::GoToSpace(space));
    }

    /// Lets the head be there, level and ahead, until the other delegate sees it there. Only real steps may have moved it
    /// before.
    pub fn step_to(&mut self, place: Vec3) {
        let RigidPose { position, orientation } = self.entered;
        let head = HEAD + orientation.inverse() * (place - position);
        self.remote.head(head, Quat::IDENTITY).send();
        self.see("a step", |body| body.head_in_building().position.distance(place) < 0.01);
    }

    /// The same in small steps, no faster than people walk: the server does not let them.
    pub fn walk_to(&mut self, place: Vec3) {
        loop {
            let head = self.see("the body", |_| true).head_in_building().position;
            let due = Instant::now() + Duration::from_secs_f32(STEP / WALK);
            if head.distance(place) <= STEP {
                return self.step_to(place);
            }
            self.step_to(head + (place - head).clamp_length_max(STEP));
            self.see("the time of a step", |_| Instant::now() >= due);
        }
    }

    /// Holds the right hand so that it points this way.
    pub fn point(&mut self, direction: Vec3) {
        self.aim_along(direction);
        self.remote.send();
    }

    fn aim_along(&mut self, direction: Vec3) {
        let turn = Quat::from_rotation_arc(Vec3::NEG_Z, direction.normalize());
        self.remote.hand(Hand::Right, HAND, turn);
    }

    /// Pulls the trigger of the right hand, or brings its fingers together.
    pub fn trigger(&mut self, is_pulled: bool) {
        if self.is_bare {
            return self.remote.pinch(Hand::Right, f32::from(u8::from(is_pulled)), true).send();
        }
        self.remote.button(Hand::Right, Button::Trigger, is_pulled).send();
    }

    /// Presses a button of the right hand shortly: until the client has heard it.
    pub fn push(&mut self, button: Button) {
        let name = button.name();
        self.remote.button(Hand::Right, button, true).send();
        self.worn.until(name, "hands ", |told| right(told)?.contains(name).then_some(()));
        self.remote.button(Hand::Right, button, false).send();
        self.worn.until("a release", "hands ", |told| (!right(told)?.contains(name)).then_some(()));
    }

    /// Makes a fist until the client has heard it, and opens it: the left one is the lower button, the right one the menu's.
    pub fn close(&mut self, hand: Hand) {
        let name = ["Lower", "Menu"][hand as usize];
        let has = |told: &str| of(hand, told).is_some_and(|told| told.contains(name));
        self.remote.grasp(hand, 1.0).send();
        self.worn.until(name, "hands ", |told| has(told).then_some(()));
        self.remote.grasp(hand, 0.0).send();
        self.worn.until("an open hand", "hands ", |told| (!has(told)).then_some(()));
    }

    /// Waits until so many more pictures are with the headset, counted by a stick that trembles.
    pub fn pass_pictures(&mut self, count: usize) {
        for picture in 0..count {
            let x = if picture % 2 == 0 { 0.1 } else { 0.0 };
            self.remote.stick(Hand::Right, Vec2::X * x).send();
            self.see_stick(Vec2::X * x);
        }
        self.remote.stick(Hand::Right, Vec2::ZERO).send();
    }

    /// Waits until the client knows that the right stick is there.
    pub fn see_stick(&mut self, stick: Vec2) {
        let wanted = format!("stick {stick:.1}");
        self.worn.until("a stick", "hands ", |told| right(told)?.contains(&wanted).then_some(()));
    }

    /// Opens the menu, in which there is a button of this name.
    pub fn open_menu(&mut self, name: &str) {
        match self.is_bare {
            true => self.close(Hand::Right),
            false => self.push(Button::B),
        }
        self.worn.until("the menu", "panels ", |told| place_of(told, name));
    }

    /// Points at a button until it rests there: what was scrolled glides on for some frames.
    pub fn point_at(&mut self, name: &str) -> Vec3 {
        let mut aside = Vec3::X * 0.006;
        let (mut before, mut looks_at_rest) = (Vec3::ZERO, 0);
        loop {
            let place = self.worn.until(name, "panels ", |told| place_of(told, name));
            looks_at_rest = if before.distance(place) < 0.002 { looks_at_rest + 1 } else { 0 };
            if looks_at_rest == LOOKS_AT_REST {
                return place;
            }
            // Another place than before, so that a ray that is there is one of a later frame.
            (before, aside) = (place, -aside);
            let wanted = place + aside;
            self.point(wanted - HAND);
            let is_there =
                |told: &str| numbers(told.split("at ").nth(1)?).filter(|at| at.distance(wanted) < 0.004);
            self.worn.until("a ray on the button", "points ", is_there);
        }
    }

    /// Points at a button of the panels by its name and pulls the trigger.
    pub fn press(&mut self, name: &str) {
        self.point_at(name);
        self.trigger(true);
        self.worn.until("a press", "points ", |told| told.contains("pressed=true").then_some(()));
        self.trigger(false);
        self.worn.until("a release", "points ", |told| (!told.contains("pressed=true")).then_some(()));
    }

    /// Scrolls with the stick of the hand that points until what has this name is well on the panel.
    pub fn scroll_to(&mut self, name: &str) {
        let at = self.worn.until(name, "panels ", |told| place_of(told, name));
        self.point(PANELS - HAND);
        let is_there =
            |told: &str| numbers(told.split("at ").nth(1)?).filter(|at| at.distance(PANELS) < 0.05);
        self.worn.until("a ray on the panel", "points ", is_there);
        let seen = HEAD.y - 0.35..HEAD.y + 0.1;
        let stick = if at.y < seen.start { Vec2::NEG_Y } else { Vec2::Y };
        self.remote.stick(Hand::Right, stick).send();
        self.worn.until(name, "panels ", |told| place_of(told, name).filter(|at| seen.contains(&at.y)));
        self.remote.stick(Hand::Right, Vec2::ZERO).send();
    }

    /// Scrolls to the end of a panel, where this name is, until it rests there.
    pub fn scroll_to_end(&mut self, name: &str) {
        self.remote.stick(Hand::Right, Vec2::NEG_Y);
        let mut aside = Vec3::X * 0.01;
        let (mut before, mut looks_at_rest) = (Vec3::ZERO, 0);
        while looks_at_rest < 3 * LOOKS_AT_REST {
            // Another place than before, so that a ray that is there is one of a later frame.
            aside = -aside;
            let wanted = PANELS + aside;
            self.point(wanted - HAND);
            let is_there =
                |told: &str| numbers(told.split("at ").nth(1)?).filter(|at| at.distance(wanted) < 0.008);
            self.worn.until("a ray on the panel", "points ", is_there);
            let place = self.worn.until(name, "panels ", |told| place_of(told, name));
            looks_at_rest = if before.distance(place) < 0.002 { looks_at_rest + 1 } else { 0 };
            before = place;
        }
        self.remote.stick(Hand::Right, Vec2::ZERO).send();
    }

    /// Points where a ball would be thrown onto a place of the venue.
    pub fn throw_to(&mut self, place: Vec3) {
        let head = self.see_rest().head_in_building();
        let local = HEAD + head.orientation.inverse() * (place - head.position);
        self.aim_along(thrown(HAND, local));
    }

    /// Aims the arc at a place of the venue with the trigger, until that is told of it.
    pub fn aim(&mut self, place: Vec3, told: &str) {
        self.throw_to(place);
        // Pulled in the moment in which the ray comes there, from wherever it was.
        self.trigger(true);
        self.worn.until(told, "aims ", |line| line.contains(told).then_some(()));
    }

    pub fn leave(self) {
        let (status, log) = self.worn.leave();
        assert!(status.success(), "{status}: {log:#?}");
        let has = |text: &str| log.iter().any(|line| line.contains(text));
        assert!(!has("does not take a controller's buttons"), "every profile is bound: {log:#?}");
        self.server.stop().unwrap();
    }
}

/// What is told of the right hand.
fn right(told: &str) -> Option<&str> {
    told.split_once("right ").map(|(_, right)| right)
}

/// What is told of a hand.
fn of(hand: Hand, told: &str) -> Option<&str> {
    match hand {
        Hand::Left => told.split_once("; right ").map(|(left, _)| left),
        Hand::Right => right(told),
    }
}

/// The tip of the right hand's index finger; none while it is bent.
pub fn tip(told: &str) -> Option<Vec3> {
    numbers(right(told)?.split_once("tip ")?.1)
}

/// Three numbers of a line.
pub fn numbers(text: &str) -> Option<Vec3> {
    let kept: String = text.chars().map(|c| if "-.0123456789".contains(c) { c } else { ' ' }).collect();
    let mut numbers = kept.split_whitespace().filter_map(|number| number.parse().ok());
    Some(Vec3::new(numbers.next()?, numbers.next()?, numbers.next()?))
}

/// The place of what has this name among the told panels; a count may stand behind it.
pub fn place_of(told: &str, name: &str) -> Option<Vec3> {
    let mut told = told.split('[').filter_map(|part| part.split_once('|'));
    let is_it = |found: &str| found == name || found.starts_with(&format!("{name}, "));
    told.find_map(|(found, place)| is_it(found).then(|| numbers(place))?)
}

/// The flatter of the ways to throw from a hand onto a place.
pub fn thrown(hand: Vec3, place: Vec3) -> Vec3 {
    let way = place - hand;
    let far = Vec2::new(way.x, way.z).length();
    let square = SPEED * SPEED;
    let root = (square * square - GRAVITY * (GRAVITY * far * far + 2.0 * way.y * square)).sqrt();
    let rise = (square - root) / (GRAVITY * far);
    Vec3::new(way.x / far, rise, way.z / far)
}
