//! Name tags keep their size, face the viewer, and fade behind things.

use crate::stage::{Stage, ahead, at, draw, look, plain};
use glam::{Vec2, Vec3, Vec4};
use wgpu_renderer::{FrameInput, Label, Mips, Sky, TextureId};

const NIGHT: Sky = Sky::Gradient { zenith: Vec3::ZERO, horizon: Vec3::ZERO, ground: Vec3::ZERO };

fn label(texture: TextureId, anchor_in_world: Vec3) -> Label {
    Label {
        anchor_in_world,
        size_radians: Vec2::new(0.3, 0.1),
        texture,
        uv_rect: [0.0, 0.0, 1.0, 1.0],
        tint: Vec4::ONE,
        depth_bias: 0.0,
        hidden_opacity: 0.0,
    }
}

#[test]
fn a_label_keeps_its_angular_size_at_every_distance() {
    let mut stage = Stage::new(plain(), 128, 128);
    let white = stage.texture(1, &[255; 4], false, Mips::None);
    let expected = {
        let pixels = |radians: f32| radians / ahead()[0].radians_per_pixel(128);
        pixels(0.3) * pixels(0.1)
    };
    for distance in [1.0, 4.0, 60.0] {
        let labels = [label(white, Vec3::new(0.0, 0.0, -distance))];
        let frame = FrameInput { views: &ahead(), labels: &labels, sky: NIGHT, ..Default::default() };
        let seen = stage.picture(&frame).count(|pixel| pixel[0] > 128) as f32;
        assert!((seen / expected - 1.0).abs() < 0.12, "{seen} pixels at {distance} m, {expected} expected");
    }
}

#[test]
fn a_label_faces_a_viewer_who_looks_from_the_side() {
    let mut stage = Stage::new(plain(), 128, 128);
    let white = stage.texture(1, &[255; 4], false, Mips::None);
    let labels = [label(white, Vec3::ZERO)];
    let mut counts = Vec::new();
    for eye in [Vec3::Z, Vec3::X, Vec3::new(-0.7, 0.3, -0.7)] {
        let views = [look(eye * 3.0, Vec3::ZERO, 1.0)];
        let frame = FrameInput { views: &views, labels: &labels, sky: NIGHT, ..Default::default() };
        counts.push(stage.picture(&frame).count(|pixel| pixel[0] > 128));
    }
    let (smallest, largest) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
    assert!(*smallest > 0 && largest - smallest <= largest / 8, "{counts:?}");
}

#[test]
fn a_label_behind_a_wall_fades_by_its_hidden_opacity_and_its_bias_brings_it_forward() {
    let mut stage = Stage::new(plain(), 64, 64);
    let white = stage.texture(1, &[255; 4], false, Mips::None);
    let quad = stage.quad();
    let paint = stage.paint([0.0, 0.0, 0.0, 1.0]);
    let wall = [draw(quad, paint, at(0.0, 0.0, -1.0))];
    let behind = label(white, Vec3::new(0.0, 0.0, -1.2));
    let mut seen = |label: Label| {
        let labels = [label];
        let frame = FrameInput {
            views: &ahead(),
            static_draws: &wall,
            labels: &labels,
            sky: NIGHT,
            ..Default::default()
        };
        stage.picture(&frame).at(32, 31)[0]
    };
    assert_eq!(seen(behind), 0);
    assert!((180..196).contains(&seen(Label { hidden_opacity: 0.5, ..behind })));
    assert_eq!(seen(Label { depth_bias: 0.3, ..behind }), 255);
}

#[test]
fn the_nearer_label_lies_over_the_farther_one() {
    let mut stage = Stage::new(plain(), 64, 64);
    let white = stage.texture(1, &[255; 4], false, Mips::None);
    let near = Label { tint: Vec4::new(1.0, 0.0, 0.0, 1.0), ..label(white, Vec3::new(0.0, 0.0, -2.0)) };
    let far = Label { tint: Vec4::new(0.0, 1.0, 0.0, 1.0), ..label(white, Vec3::new(0.0, 0.0, -3.0)) };
    for labels in [[near, far], [far, near]] {
        let frame = FrameInput { views: &ahead(), labels: &labels, ..Default::default() };
        assert_eq!(stage.picture(&frame).at(32, 31), [255, 0, 0]);
    }
}

#[test]
fn a_soft_white_edge_stays_white_before_a_bright_sky() {
    let mut stage = Stage::new(plain(), 64, 64);
    let soft = stage.texture(1, &[128; 4], false, Mips::None);
    let white = Sky::Gradient { zenith: Vec3::ONE, horizon: Vec3::ONE, ground: Vec3::ONE };
    let labels = [label(soft, Vec3::new(0.0, -0.05, -2.0))];
    let frame = FrameInput { views: &ahead(), labels: &labels, sky: white, ..Default::default() };
    assert!(stage.picture(&frame).middle().iter().all(|channel| *channel > 252));
}
