//! Avatars as they were blessed: at rest, walking, sitting, waving, asking for the floor, in the wheelchair; hands and faces
//! from near.

use super::*;
use crate::testing::snapshot;

const SIZE: UVec2 = UVec2::new(160, 160);

/// One figure from the front and from the side.
fn check(name: &str, sitter: Sitter) {
    let aside = Vec3::X * 0.52;
    let two = [sitter.at(-aside, 0.25), sitter.at(aside, FRAC_PI_2)];
    let rgba = Studio::open(SIZE).unwrap().shoot(&two, &camera(0.98, 4.0, 0.56)).unwrap();
    snapshot::check(name, SIZE, &rgba);
}

#[test]
fn a_figure_at_rest() {
    check("avatar-rest", Sitter::standing(0));
}

#[test]
fn a_figure_that_walks() {
    check("avatar-walk", Sitter::walking(1, 1.2));
}

#[test]
fn a_figure_on_a_chair() {
    check("avatar-sit", Sitter::seated(2, 0.45));
}

#[test]
fn a_figure_on_a_bar_stool_has_the_feet_on_its_ring() {
    check("avatar-sit-stool", Sitter::seated(0, 0.76));
}

#[test]
fn a_figure_that_waves() {
    check("avatar-wave", Sitter::making(0, Gesture::Wave));
}

#[test]
fn a_figure_that_asks_for_the_floor() {
    check("avatar-raised-hand", Sitter::asking(3));
}

#[test]
fn a_figure_in_the_wheelchair() {
    let mut sitter = Sitter::standing(9);
    sitter.body.head.position.y = venue_model::body::WHEELCHAIR_EYE_HEIGHT;
    check("avatar-wheelchair", sitter);
}

#[test]
fn hands_that_hang_point_and_show_a_thumb_from_near() {
    for (name, sitter, hand) in
        hands().into_iter().filter(|(name, ..)| ["rest", "point", "thumb-up"].contains(name))
    {
        let rgba = Studio::open(SIZE).unwrap().shoot(&[sitter], &camera_at_hand(hand)).unwrap();
        snapshot::check(&format!("hand-{name}"), SIZE, &rgba);
    }
}

#[test]
fn faces_that_are_silent_and_that_speak_from_near() {
    for (name, look, loudness) in
        [("silent", 0, 0.0), ("speaking", 0, 1.0), ("speaking-beard", 3, 1.0), ("speaking-scarf", 5, 1.0)]
    {
        let sitter = Sitter::speaking(look, loudness);
        let rgba = Studio::open(SIZE).unwrap().shoot(&[sitter], &camera_at_face()).unwrap();
        snapshot::check(&format!("face-{name}"), SIZE, &rgba);
    }
}
