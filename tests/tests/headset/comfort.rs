//! What keeps people well in a headset, as a real compositor shows it: a narrower view while a stick walks, and darkness in
//! walls, but not over tables.

use crate::desktop::{Desktop, PATIENCE, Part};
use crate::person::{KNOWS, Person};
use crate::remote::Hand;
use glam::{Quat, Vec2, Vec3};
use std::time::Instant;
use venue_model::SpaceId;

/// Size of the compositor's window, and so of the screen.
const SIZE: [usize; 2] = [960, 540];

/// The left eye's picture: its middle, and its edges above and below, which the optics do not hide.
const MIDDLE: Part = Part { left: 160, top: 150, width: 160, height: 140 };
const EDGES: [Part; 2] =
    [Part { left: 80, top: 0, width: 60, height: 24 }, Part { left: 80, top: 516, width: 60, height: 24 }];

/// How bright the middle and the edges are in the mean, 0 to 255.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    middle: f32,
    edges: f32,
}

impl Seen {
    fn on(desktop: &Desktop) -> Self {
        let pixels = desktop.colors(Part { left: 0, top: 0, width: SIZE[0], height: SIZE[1] });
        let mean = |part: &Part| {
            let rows = (part.top..part.top + part.height).map(|row| row * SIZE[0] + part.left);
            let pixels = rows.flat_map(|first| &pixels[first..first + part.width]);
            let sum: u32 = pixels.map(|pixel| pixel.iter().copied().map(u32::from).sum::<u32>()).sum();
            sum as f32 / (3 * part.width * part.height) as f32
        };
        Self { middle: mean(&MIDDLE), edges: EDGES.iter().map(mean).sum::<f32>() / 2.0 }
    }
}

/// Waits until the compositor shows this; a picture is kept of what it shows instead.
fn look(desktop: &Desktop, what: &str, holds: impl Fn(&Seen) -> bool) -> Seen {
    look_meanwhile(desktop, what, holds, || {})
}

/// The same while something is done again and again.
fn look_meanwhile(
    desktop: &Desktop,
    what: &str,
    holds: impl Fn(&Seen) -> bool,
    mut meanwhile: impl FnMut(),
) -> Seen {
    let deadline = Instant::now() + PATIENCE;
    loop {
        meanwhile();
        let seen = Seen::on(desktop);
        if holds(&seen) {
            return seen;
        }
        if Instant::now() >= deadline {
            desktop.save(&crate::pictures().join("not-in-time.png"));
            panic!("not in time: {what}; last seen: {seen:?}");
        }
    }
}

/// Somebody whose headset shows both eyes on this screen.
fn put_on<'a>(folder: &'a std::path::Path, desktop: &'a Desktop, settings: &'a str) -> (Person, Seen) {
    let mut person = Person::put_on(folder, |setup| {
        let setup = setup.composed().beside(desktop.name()).with_settings(settings);
        setup.with("XRT_COMPOSITOR_SCALE_PERCENTAGE", "60")
    });
    // Everything has come, and from picture to picture nothing fades any more.
    let mut before = Seen::default();
    loop {
        person.worn.until("the whole venue", "venue ", |told| told.ends_with("whole=true").then_some(()));
        person.pass_pictures(4);
        let seen = Seen::on(desktop);
        let change = (before.middle - seen.middle).abs() + (before.edges - seen.edges).abs();
        before = seen;
        if change < 0.5 && seen.middle > 60.0 && seen.edges > 60.0 {
            break;
        }
    }
    (person, before)
}

/// A body stops here before the wall of the foyer, metres.
const WALL: f32 = 3.7;

/// How far to either side somebody walks who walks to and fro, metres.
const ASIDE: f32 = 0.8;

/// Pushes the left stick, or lets it go.
fn walk(person: &mut Person, stick: Vec2) {
    person.remote.hand(Hand::Left, Vec3::new(-0.3, 0.8, 0.1), Quat::IDENTITY);
    person.remote.stick(Hand::Left, stick).send();
}

fn settings(vignette: &str) -> String {
    format!("{KNOWS}[headset]\nmirror = false\n[comfort]\nvignette = \"{vignette}\"\n")
}

#[test]
fn who_walks_by_the_stick_sees_less_at_the_edges_and_who_stands_sees_all() {
    let folder = tempfile::tempdir().unwrap();
    let desktop = Desktop::start_with(SIZE);
    let settings = settings("strong");
    let (mut person, before) = put_on(folder.path(), &desktop, &settings);
    println!("{before:?}");
    // To and fro: whoever comes to a wall stands still.
    let from = person.see("the body", |_| true).root.x;
    walk(&mut person, Vec2::X);
    let is_narrow = |seen: &Seen| seen.edges < 0.5 * before.edges;
    let narrow = look_meanwhile(&desktop, "dark edges", is_narrow, || {
        let aside = person.see("the body", |_| true).root.x - from;
        if aside.abs() > ASIDE {
            walk(&mut person, Vec2::X * -aside.signum());
        }
    });
    desktop.save(&crate::pictures().join("vignette.png"));
    assert!((0.7..1.4).contains(&(narrow.middle / before.middle)), "{before:?} {narrow:?}");
    walk(&mut person, Vec2::ZERO);
    look(&desktop, "bright edges", |seen| seen.edges > 0.65 * before.edges);
    // Against the wall on the right.
    walk(&mut person, Vec2::X);
    person.see("the wall", |body| body.root.x > WALL);
    let stopped = look(&desktop, "bright edges at the wall", |seen| seen.edges > 0.65 * before.edges);
    desktop.save(&crate::pictures().join("at-a-wall.png"));
    println!("{stopped:?}");
    person.leave();
}

#[test]
fn without_strength_nothing_narrows() {
    let folder = tempfile::tempdir().unwrap();
    let desktop = Desktop::start_with(SIZE);
    let settings = settings("off");
    let (mut person, before) = put_on(folder.path(), &desktop, &settings);
    let from = person.see("the body", |_| true).root;
    walk(&mut person, Vec2::NEG_Y);
    for metres in [0.3, 0.8, 1.2] {
        person.see("a walk", |body| body.root.distance(from) > metres);
        let seen = Seen::on(&desktop);
        assert!(seen.edges > 0.7 * before.edges, "{before:?} {seen:?}");
    }
    walk(&mut person, Vec2::ZERO);
    person.leave();
}

#[test]
fn a_head_in_a_wall_sees_darkness_and_one_over_a_table_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let desktop = Desktop::start_with(SIZE);
    let settings = settings("medium");
    let (mut person, before) = put_on(folder.path(), &desktop, &settings);
    let is_dark = |seen: &Seen| seen.middle < 0.1 * before.middle;
    let is_bright = |seen: &Seen| seen.middle > 0.4 * before.middle;

    // The controller stays where it was, which is not the body's hand any more.
    // Into the wall between foyer and hall. Each step waits until others see the head exactly there: nothing pushes it.
    let aside = Vec3::new(2.5, 1.7, 1.0);
    person.walk_to(aside);
    look(&desktop, "the wall", is_bright);
    let inside = Vec3::new(2.5, 1.7, 0.0);
    person.walk_to(inside);
    look(&desktop, "darkness in the wall", is_dark);
    desktop.save(&crate::pictures().join("in-a-wall.png"));
    let body = person.see("the body", |_| true);
    assert!(body.root.z > 0.3, "the body stays before the wall: {body:?}");
    assert!(body.head_in_building().position.distance(inside) < 0.01, "{body:?}");
    person.walk_to(aside);
    look(&desktop, "brightness before the wall", is_bright);

    // Through the door to the table of the hall.
    person.walk_to(Vec3::new(0.0, 1.7, 0.6));
    person.follow_to(SpaceId(2));
    person.step_to(Vec3::new(0.0, 1.7, -0.6));
    person.walk_to(Vec3::new(2.9, 1.7, -1.3));
    let over = Vec3::new(2.9, 1.4, -2.3);
    person.walk_to(over);
    let body = person.see("the body", |_| true);
    let off = (body.head_in_building().position - body.root) * Vec3::new(1.0, 0.0, 1.0);
    assert!(off.length() > 0.4, "the body stays before the table: {body:?}");
    person.pass_pictures(4);
    desktop.save(&crate::pictures().join("over-a-table.png"));
    let seen = Seen::on(&desktop);
    assert!(is_bright(&seen), "{before:?} {seen:?}");
    person.leave();
}
