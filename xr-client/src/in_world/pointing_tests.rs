//! The pointer of hands: which hand points, what it clicks, and that no press is left without its release.

use super::*;
use crate::in_world::hang::SIZE;
use crate::in_world::surface::metres_per_point;
use egui::pos2;
use glam::Quat;
use proptest::prelude::*;

const DT: f32 = 1.0 / 90.0;

fn surface() -> Surface {
    let root_from_panel = RigidPose { position: Vec3::new(0.0, 1.4, -1.0), ..RigidPose::default() };
    Surface { root_from_panel, size: SIZE, metres_per_point: metres_per_point(1.05) }
}

/// A hand that points at a point of the panel.
fn at(point: Pos2, press: f32) -> HandInput {
    let position = Vec3::new(0.2, 1.1, -0.3);
    let direction = (surface().place_of(point) - position).normalize();
    let orientation = Quat::from_rotation_arc(Vec3::NEG_Z, direction);
    HandInput { aim: Some(RigidPose { position, orientation }), press, ..HandInput::default() }
}

const NONE: HandInput = HandInput { aim: None, tip: None, press: 0.0, stick: Vec2::ZERO };

#[derive(Default)]
struct Hands {
    pointing: Pointing,
    rules: HandRules,
}

impl Hands {
    fn step(&mut self, left: HandInput, right: HandInput) -> Vec<Event> {
        self.step_over(Some(&surface()), left, right)
    }

    fn step_over(&mut self, surface: Option<&Surface>, left: HandInput, right: HandInput) -> Vec<Event> {
        let mut events = Vec::new();
        self.pointing.step(surface, &[left, right], self.rules, DT, &mut events);
        events
    }
}

const NOTHING: [bool; 0] = [];

fn presses(events: &[Event]) -> Vec<bool> {
    let press = |event: &Event| match event {
        Event::PointerButton { pressed, .. } => Some(*pressed),
        _ => None,
    };
    events.iter().filter_map(press).collect()
}

fn place_of_pointer(events: &[Event]) -> Option<Pos2> {
    let place = |event: &Event| match event {
        Event::PointerMoved(at) | Event::PointerButton { pos: at, .. } => Some(*at),
        _ => None,
    };
    events.iter().filter_map(place).next_back()
}

#[test]
fn a_ray_moves_the_pointer_and_its_trigger_clicks() {
    let mut hands = Hands::default();
    let moved = hands.step(NONE, at(pos2(100.0, 200.0), 0.0));
    assert!(place_of_pointer(&moved).unwrap().distance(pos2(100.0, 200.0)) < 0.5);
    assert_eq!(presses(&moved), NOTHING);
    assert_eq!(presses(&hands.step(NONE, at(pos2(100.0, 200.0), 0.9))), [true]);
    let beam = hands.pointing.beam().unwrap();
    assert!(
        beam.is_pressed
            && beam.from.is_some()
            && beam.to.distance(surface().place_of(pos2(100.0, 200.0))) < 0.01
    );
    // A trigger that trembles between its thresholds is still held.
    assert_eq!(presses(&hands.step(NONE, at(pos2(104.0, 203.0), 0.5))), NOTHING);
    let released = hands.step(NONE, at(pos2(104.0, 203.0), 0.1));
    assert_eq!(presses(&released), [false]);
    assert!(
        place_of_pointer(&released).unwrap().distance(pos2(100.0, 200.0)) < 0.5,
        "the hand's shaking is no drag"
    );
    assert_eq!(hands.step(NONE, NONE), [Event::PointerGone]);
    assert_eq!(hands.pointing.beam(), None);
}

#[test]
fn a_drag_follows_the_ray_and_stays_on_the_panel() {
    let mut hands = Hands::default();
    hands.step(NONE, at(pos2(100.0, 200.0), 0.0));
    hands.step(NONE, at(pos2(100.0, 200.0), 1.0));
    let moved = hands.step(NONE, at(pos2(100.0, 400.0), 1.0));
    assert!(place_of_pointer(&moved).unwrap().distance(pos2(100.0, 400.0)) < 0.5);
    let outside = hands.step(NONE, at(pos2(100.0, 900.0), 1.0));
    assert!(place_of_pointer(&outside).unwrap().distance(pos2(100.0, SIZE.y)) < 0.5);
    assert_eq!(presses(&hands.step(NONE, at(pos2(100.0, 900.0), 0.0))), [false]);
}

#[test]
fn a_trigger_that_was_pulled_elsewhere_presses_nothing() {
    let mut hands = Hands::default();
    hands.step(NONE, at(pos2(-300.0, 200.0), 1.0));
    assert_eq!(presses(&hands.step(NONE, at(pos2(100.0, 200.0), 1.0))), NOTHING);
    // Nor does one that is still held when tracking returns.
    hands.step(NONE, HandInput { press: 1.0, ..NONE });
    assert_eq!(presses(&hands.step(NONE, at(pos2(100.0, 200.0), 1.0))), NOTHING);
}

#[test]
fn the_hand_that_pressed_last_points() {
    let mut hands = Hands::default();
    let (left, right) = (pos2(100.0, 100.0), pos2(300.0, 300.0));
    hands.step(at(left, 0.0), at(right, 0.0));
    assert_eq!(hands.pointing.hand(), Hand::Right);
    let pressed = hands.step(at(left, 1.0), at(right, 0.0));
    assert_eq!(hands.pointing.hand(), Hand::Left);
    assert!(place_of_pointer(&pressed).unwrap().distance(left) < 0.5);
    // While one holds, the other can not take over.
    assert_eq!(presses(&hands.step(at(left, 1.0), at(right, 1.0))), NOTHING);
    assert_eq!(presses(&hands.step(at(left, 0.0), at(right, 1.0))), [false]);
    hands.step(at(left, 0.0), at(right, 0.0));
    assert_eq!(hands.pointing.hand(), Hand::Left);
    // A hand that is put down leaves the panel to the other.
    hands.step(NONE, at(right, 0.0));
    assert!(hands.pointing.takes(Hand::Right) && !hands.pointing.takes(Hand::Left));
}

#[test]
fn with_one_hand_the_other_does_nothing() {
    let rules = HandRules { hand: Hand::Left, one_handed: true };
    let mut hands = Hands { rules, ..Hands::default() };
    assert!(hands.step(NONE, at(pos2(300.0, 300.0), 1.0)).is_empty());
    hands.step(at(pos2(100.0, 100.0), 0.0), at(pos2(300.0, 300.0), 0.0));
    assert_eq!(presses(&hands.step(at(pos2(100.0, 100.0), 1.0), at(pos2(300.0, 300.0), 1.0))), [true]);
    assert_eq!(hands.pointing.hand(), Hand::Left);
}

#[test]
fn a_finger_presses_where_it_touches_and_hides_the_ray() {
    let mut hands = Hands::default();
    let point = pos2(240.0, 320.0);
    let finger = |before: f32| HandInput {
        tip: Some(surface().place_of(point) + surface().normal() * before),
        ..at(pos2(10.0, 10.0), 0.0)
    };
    hands.step(NONE, finger(0.3));
    assert!(hands.pointing.beam().unwrap().from.is_some(), "from afar the ray points");
    let near = hands.step(NONE, finger(0.05));
    assert!(place_of_pointer(&near).unwrap().distance(point) < 0.5);
    assert_eq!(hands.pointing.beam().unwrap().from, None);
    assert_eq!(presses(&hands.step(NONE, finger(-0.004))), [true]);
    assert_eq!(presses(&hands.step(NONE, finger(0.006))), NOTHING, "it trembles");
    assert_eq!(presses(&hands.step(NONE, finger(0.03))), [false]);
}

#[test]
fn a_press_that_can_not_be_finished_clicks_nothing() {
    let point = pos2(100.0, 200.0);
    for loses_panel in [false, true] {
        let mut hands = Hands::default();
        hands.step(NONE, at(point, 0.0));
        hands.step(NONE, at(point, 1.0));
        let surface = surface();
        let events = match loses_panel {
            true => hands.step_over(None, NONE, at(point, 1.0)),
            false => hands.step_over(Some(&surface), NONE, HandInput { press: 1.0, ..NONE }),
        };
        assert_eq!(presses(&events), [false]);
        assert_eq!(events.last(), Some(&Event::PointerGone));
        assert!(place_of_pointer(&events).unwrap().distance(point) > 6.0, "farther than a click's slack");
    }
}

#[test]
fn the_stick_scrolls_what_is_pointed_at() {
    let mut hands = Hands::default();
    let stick = |y: f32| HandInput { stick: Vec2::new(0.0, y), ..at(pos2(100.0, 200.0), 0.0) };
    let wheel = |events: &[Event]| {
        let delta = |event: &Event| match event {
            Event::MouseWheel { delta, .. } => Some(delta.y),
            _ => None,
        };
        events.iter().find_map(delta)
    };
    hands.step(NONE, stick(0.0));
    assert_eq!(wheel(&hands.step(NONE, stick(0.2))), None, "dead zone");
    assert!(wheel(&hands.step(NONE, stick(-1.0))).unwrap() < -5.0, "down shows what is below");
    let away = HandInput { stick: Vec2::Y, ..NONE };
    hands.step(NONE, away);
    assert_eq!(wheel(&hands.step(NONE, away)), None);
}

#[test]
fn a_finger_that_is_pushed_through_the_panel_clicks_once() {
    let mut hands = Hands::default();
    let point = pos2(100.0, 200.0);
    let tip = |before: f32| {
        let tip = surface().place_of(point) + surface().normal() * before;
        HandInput { tip: Some(tip), ..NONE }
    };
    let way = [0.06, -0.02, -0.06, -0.3, -0.06, 0.01, 0.3];
    let events: Vec<Event> = way.iter().flat_map(|before| hands.step(NONE, tip(*before))).collect();
    assert_eq!(presses(&events), [true, false]);
    let let_go = |event: &&Event| matches!(event, Event::PointerButton { pressed: false, .. });
    let Some(Event::PointerButton { pos, .. }) = events.iter().find(let_go) else { panic!("{events:?}") };
    assert!(pos.distance(point) < 0.5, "where it was pressed");
}

/// Any hand: pointing near and far from the panel, touching, broken, lost.
fn any_hand() -> impl Strategy<Value = HandInput> {
    let point = (-200.0f32..700.0, -200.0f32..800.0);
    let tip = prop::option::of((-50.0f32..550.0, -50.0f32..700.0, -0.2f32..0.2));
    (prop::option::weighted(0.8, point), tip, -0.2f32..1.2, -1.5f32..1.5).prop_map(|(aim, tip, press, y)| {
        HandInput {
            aim: aim.and_then(|(x, y)| at(pos2(x, y), 0.0).aim),
            tip: tip.map(|(x, y, before)| surface().place_of(pos2(x, y)) + surface().normal() * before),
            press,
            stick: Vec2::new(0.0, y),
        }
    })
}

proptest! {
    #[test]
    fn every_press_gets_its_release(
        frames in prop::collection::vec((any_hand(), any_hand(), prop::bool::weighted(0.85), 0u8..20), 1..120)
    ) {
        let mut hands = Hands::default();
        let (mut is_down, mut is_there) = (false, false);
        let mut follow = |events: Vec<Event>| -> Result<(), TestCaseError> {
            for event in events {
                match event {
                    Event::PointerMoved(at) => {
                        prop_assert!(at.x.is_finite() && at.y.is_finite());
                        is_there = true;
                    }
                    Event::PointerButton { pressed, pos, .. } => {
                        prop_assert!(pressed != is_down, "presses and releases alternate");
                        prop_assert!(is_there && pos.x.is_finite() && pos.y.is_finite());
                        is_down = pressed;
                    }
                    Event::PointerGone => {
                        prop_assert!(!is_down && is_there, "nothing leaves while it is pressed, and nothing twice");
                        is_there = false;
                    }
                    Event::MouseWheel { delta, .. } => prop_assert!(is_there && delta.y.is_finite()),
                    other => prop_assert!(false, "{:?}", other),
                }
            }
            Ok(())
        };
        for (left, right, is_open, rule) in frames {
            hands.rules = match rule {
                0 => HandRules { hand: Hand::Left, one_handed: true },
                1 => HandRules { hand: Hand::Right, one_handed: true },
                2 => HandRules { hand: Hand::Left, one_handed: false },
                _ => hands.rules,
            };
            let surface = surface();
            follow(hands.step_over(is_open.then_some(&surface), left, right))?;
        }
        follow(hands.step_over(None, NONE, NONE))?;
        prop_assert!(!is_down && !is_there, "with the panel closed nothing is left");
    }

    #[test]
    fn a_press_ends_as_soon_as_its_hand_is_lost(x in 0.0f32..480.0, y in 0.0f32..640.0, held in 0usize..20) {
        let mut hands = Hands::default();
        hands.step(NONE, at(pos2(x, y), 0.0));
        let pressed = hands.step(NONE, at(pos2(x, y), 1.0));
        prop_assert_eq!(presses(&pressed), vec![true]);
        for _ in 0..held {
            prop_assert_eq!(presses(&hands.step(NONE, at(pos2(x, y), 1.0))), Vec::<bool>::new());
        }
        let lost = hands.step(NONE, HandInput { press: 1.0, ..NONE });
        prop_assert_eq!(presses(&lost), vec![false]);
    }
}
