//! Pinches and fists that are meant, and those that are not.

use super::*;
use crate::input::headset::Attention;
use std::f32::consts::{FRAC_PI_2, PI};

/// Seconds between two moments.
const DT: f32 = 0.02;

const EYES: Vec3 = Vec3::new(0.0, 1.6, 0.0);

/// Before the eyes, a little lower.
const RAISED: Vec3 = Vec3::new(0.2, 1.3, -0.4);

/// What a hand does for so many moments.
type Part = (usize, Gestures);

fn said(pinch: f32, grasp: f32) -> Gestures {
    Gestures { pinch, grasp, can_pinch: true, can_grasp: true, knuckle: None }
}

/// The right hand at a place, after each moment.
fn run(grip: RigidPose, parts: &[Part]) -> Vec<HandState> {
    let mut hands = BareHands::default();
    let moments = parts.iter().flat_map(|(count, said)| std::iter::repeat_n(*said, *count));
    let mut step = |said| {
        let head = RigidPose { position: EYES, ..RigidPose::default() };
        let mut state =
            HeadsetState { attention: Attention::Full, head: Some(head), ..HeadsetState::default() };
        let aim = Some(RigidPose::default());
        state.hands[1] = HandState { grip: Some(grip), aim, bare: Some(said), ..HandState::default() };
        if said.knuckle.is_some() {
            state.hands[1].aim = None;
        }
        hands.step(&mut state, None, DT);
        state.hands[1]
    };
    moments.map(&mut step).collect()
}

fn at(position: Vec3) -> RigidPose {
    RigidPose { position, ..RigidPose::default() }
}

/// How often a pinch began and was let go, and how often one was given up.
fn pinches(parts: &[Part]) -> (usize, usize) {
    let hands = run(at(RAISED), parts);
    let began = hands.windows(2).filter(|pair| !pair[0].select && pair[1].select).count();
    (began, hands.iter().filter(|hand| hand.aim.is_none()).count())
}

fn fists(place: Vec3, parts: &[Part]) -> usize {
    let is_down = |hand: &HandState| hand.is_pressed(FISTS[1]);
    let hands = run(at(place), parts);
    hands.windows(2).filter(|pair| !is_down(&pair[0]) && is_down(&pair[1])).count()
}

const OPENED: Part =
    (5, Gestures { pinch: 0.1, can_pinch: true, grasp: 0.0, can_grasp: true, knuckle: None });

#[test]
fn a_pinch_that_trembles_is_one_and_a_second_needs_open_fingers() {
    let tremble = [(1, said(0.85, 0.0)), (1, said(0.6, 0.0)), (1, said(0.79, 0.0)), (1, said(0.9, 0.0))];
    let parts: Vec<Part> = [OPENED].into_iter().chain(tremble).chain([OPENED]).collect();
    assert_eq!(pinches(&parts), (1, 0));
    assert_eq!(pinches(&[OPENED, (3, said(0.7, 0.0)), OPENED]), (0, 0), "nearly is not");
    assert_eq!(pinches(&[(9, said(1.0, 0.0))]), (0, 0), "it was closed when it was seen first");
    assert_eq!(pinches(&[OPENED, (3, said(1.0, 0.0)), OPENED, (3, said(1.0, 0.0))]), (2, 0));
}

#[test]
fn what_is_not_to_be_believed_presses_nothing_and_a_moment_of_doubt_lets_nothing_go() {
    let doubted = |pinch| Gestures { can_pinch: false, ..said(pinch, 0.0) };
    assert_eq!(pinches(&[OPENED, (9, doubted(1.0)), (9, said(1.0, 0.0))]), (0, 0), "it begins in sight");
    let pinched = (5, said(1.0, 0.0));
    assert_eq!(pinches(&[OPENED, pinched, (5, doubted(0.0)), pinched, OPENED]), (1, 0));
    assert_eq!(pinches(&[OPENED, pinched, (20, doubted(0.0)), OPENED]), (1, 1), "then it is given up");
}

#[test]
fn a_hand_that_closes_gives_up_its_pinch_and_becomes_a_fist_when_it_is_held() {
    let closing = [(3, said(0.9, 0.6)), (30, said(1.0, 1.0)), (5, said(0.7, 0.7)), OPENED];
    let parts: Vec<Part> = [OPENED].into_iter().chain(closing).collect();
    assert_eq!(pinches(&parts), (1, 1));
    assert_eq!(fists(RAISED, &parts), 1);
}

#[test]
fn a_fist_counts_before_the_eyes_out_of_an_open_hand_and_held() {
    let fist = (30, said(0.0, 0.95));
    assert_eq!(fists(RAISED, &[OPENED, fist, OPENED, fist]), 2);
    assert_eq!(fists(RAISED, &[OPENED, (10, said(0.0, 1.0)), OPENED]), 0, "too short");
    assert_eq!(fists(RAISED, &[fist, fist]), 0, "it came up closed");
    assert_eq!(fists(RAISED, &[OPENED, fist, (5, said(0.0, 0.7)), fist]), 1, "it trembles");
    assert_eq!(fists(RAISED, &[OPENED, (60, said(0.0, 0.7))]), 0, "a loose fist");
    assert_eq!(fists(Vec3::new(0.25, 0.8, 0.0), &[OPENED, fist, OPENED, fist]), 0, "a hand hangs down");
    assert_eq!(fists(Vec3::new(0.15, 1.05, -0.3), &[OPENED, fist, OPENED]), 0, "it lies in the lap");
    let doubted = Gestures { can_grasp: false, ..said(0.0, 1.0) };
    assert_eq!(fists(RAISED, &[OPENED, (40, doubted)]), 0);
}

#[test]
fn a_hand_known_by_its_joints_points_away_from_the_shoulder_and_not_with_its_palm_to_the_eyes() {
    let joints = |pinch| Gestures { knuckle: Some(RAISED), ..said(pinch, 0.0) };
    let parts = [(5, joints(0.0)), (5, joints(1.0))];
    let hand = *run(at(RAISED), &parts).last().unwrap();
    let aim = hand.aim.unwrap();
    let way = aim.orientation * Vec3::NEG_Z;
    assert!(hand.select && aim.position == RAISED);
    assert!(way.z < -0.9 && way.y < -0.1 && way.x.abs() < 0.1, "ahead and a little down: {way}");
    // The palm of a right hand looks along -x of its grip.
    let to_eyes = Quat::from_rotation_arc(Vec3::NEG_X, (EYES - RAISED).normalize());
    let facing = RigidPose { position: RAISED, orientation: to_eyes };
    assert!(!run(facing, &parts).last().unwrap().select);
    let by_runtime = run(facing, &[OPENED, (5, said(1.0, 0.0))]);
    assert!(by_runtime.last().unwrap().select, "a runtime that says more knows what its system means");
}

#[test]
fn a_shoulder_follows_the_turn_of_the_head_and_not_its_nod() {
    let head = |orientation| RigidPose { position: EYES, orientation };
    let right = |orientation| shoulder(1, &head(orientation)) - EYES;
    assert!(right(Quat::IDENTITY).distance(SHOULDER) < 1e-6);
    assert!(right(Quat::from_rotation_x(-1.0)).distance(SHOULDER) < 1e-5);
    let turned = right(Quat::from_rotation_y(FRAC_PI_2));
    assert!(turned.distance(Vec3::new(0.06, -0.22, -0.17)) < 1e-5, "{turned}");
    let behind = shoulder(0, &head(Quat::from_rotation_y(PI))) - EYES;
    assert!(behind.distance(Vec3::new(0.17, -0.22, -0.06)) < 1e-5, "{behind}");
}
