//! Panels lie on the screen or stand in the world, are clipped, and blend as egui means it.

use crate::stage::{Stage, ahead, assert_color, at, draw, plain};
use glam::{Vec2, Vec3, Vec4};
use wgpu_renderer::{
    FrameInput, Label, Mips, PanelLayer, PanelMesh, PanelPlacement, PanelVertex, Quality, RenderSettings,
    Sky, TextureId, wgpu,
};

const INDICES: [u32; 6] = [0, 1, 2, 0, 2, 3];
const NIGHT: Sky = Sky::Gradient { zenith: Vec3::ZERO, horizon: Vec3::ZERO, ground: Vec3::ZERO };
const EVERYTHING: [f32; 4] = [0.0, 0.0, 1000.0, 1000.0];

fn rectangle(min: [f32; 2], max: [f32; 2], color: [u8; 4]) -> [PanelVertex; 4] {
    let corner = |x, y, u, v| PanelVertex { position: [x, y], uv: [u, v], color };
    [
        corner(min[0], min[1], 0.0, 0.0),
        corner(max[0], min[1], 1.0, 0.0),
        corner(max[0], max[1], 1.0, 1.0),
        corner(min[0], max[1], 0.0, 1.0),
    ]
}

fn mesh(vertices: &[PanelVertex], clip_rect: [f32; 4], texture: TextureId) -> PanelMesh<'_> {
    PanelMesh { vertices, indices: &INDICES, clip_rect, texture }
}

#[test]
fn a_screen_panel_lies_where_its_pixels_say_and_ends_at_its_clip_rectangle() {
    for format in [wgpu::TextureFormat::Rgba8UnormSrgb, wgpu::TextureFormat::Bgra8Unorm] {
        let mut stage = Stage::new(RenderSettings::flat(Quality::Standard, format), 64, 32);
        let white = stage.texture(1, &[255; 4], false, Mips::None);
        let red = rectangle([8.0, 4.0], [24.0, 20.0], [255, 0, 0, 255]);
        let meshes = [mesh(&red, [0.0, 0.0, 16.0, 100.0], white)];
        let panels =
            [PanelLayer { placement: PanelPlacement::Screen, size: Vec2::new(64.0, 32.0), meshes: &meshes }];
        let views = [crate::stage::look(Vec3::ZERO, Vec3::NEG_Z, 2.0)];
        let frame = FrameInput { views: &views, panels: &panels, sky: NIGHT, ..Default::default() };
        let picture = stage.picture(&frame);
        let is_red = |x, y| picture.at(x, y) == [255, 0, 0];
        assert!(is_red(8, 4) && is_red(15, 19), "inside");
        assert!(!is_red(7, 4) && !is_red(8, 3) && !is_red(16, 10) && !is_red(10, 20), "outside");
        assert_eq!(picture.count(|pixel| pixel == [255, 0, 0]), 8 * 16);
    }
}

#[test]
fn half_transparent_white_on_black_is_the_srgb_middle_on_every_target() {
    for format in [wgpu::TextureFormat::Rgba8UnormSrgb, wgpu::TextureFormat::Rgba8Unorm] {
        let mut stage = Stage::new(RenderSettings::flat(Quality::Low, format), 16, 16);
        let white = stage.texture(1, &[255; 4], false, Mips::None);
        let half = rectangle([0.0, 0.0], [16.0, 16.0], [128, 128, 128, 128]);
        let meshes = [mesh(&half, EVERYTHING, white)];
        let panels =
            [PanelLayer { placement: PanelPlacement::Screen, size: Vec2::splat(16.0), meshes: &meshes }];
        let frame = FrameInput { views: &ahead(), panels: &panels, sky: NIGHT, ..Default::default() };
        assert_color(stage.picture(&frame).middle(), [128, 128, 128], 2);
    }
}

#[test]
fn photographs_and_atlases_show_their_own_colours() {
    let mut stage = Stage::new(plain(), 16, 16);
    for srgb in [true, false] {
        let texture = stage.texture(1, &[200, 90, 30, 255], srgb, Mips::None);
        let full = rectangle([0.0, 0.0], [16.0, 16.0], [255; 4]);
        let meshes = [mesh(&full, EVERYTHING, texture)];
        let panels =
            [PanelLayer { placement: PanelPlacement::Screen, size: Vec2::splat(16.0), meshes: &meshes }];
        let frame = FrameInput { views: &ahead(), panels: &panels, ..Default::default() };
        assert_color(stage.picture(&frame).middle(), [200, 90, 30], 1);
    }
}

#[test]
fn a_panel_in_the_world_is_hidden_by_what_stands_before_it() {
    let mut stage = Stage::new(plain(), 64, 64);
    let white = stage.texture(1, &[255; 4], false, Mips::None);
    let quad = stage.quad();
    let paint = stage.paint([0.0, 1.0, 0.0, 1.0]);
    let full = rectangle([0.0, 0.0], [200.0, 100.0], [255, 0, 0, 255]);
    let meshes = [mesh(&full, EVERYTHING, white)];
    // Two metres wide, one high, two metres ahead; a quad of one metre stands before its left half.
    let placement = PanelPlacement::World { world_from_panel: at(0.0, 0.0, -2.0), meters_per_unit: 0.01 };
    let panels = [PanelLayer { placement, size: Vec2::new(200.0, 100.0), meshes: &meshes }];
    let draws = [draw(quad, paint, at(-0.5, 0.0, -1.9))];
    let frame = FrameInput {
        views: &ahead(),
        static_draws: &draws,
        panels: &panels,
        sky: NIGHT,
        ..Default::default()
    };
    let picture = stage.picture(&frame);
    assert_eq!(picture.at(20, 32), [0, 255, 0], "hidden");
    assert_eq!(picture.at(44, 32), [255, 0, 0], "seen");
    assert_eq!(picture.at(44, 50), [0, 0, 0], "beyond its lower edge");
}

#[test]
fn panels_and_labels_lie_over_each_other_as_their_distances_say() {
    let mut stage = Stage::new(plain(), 64, 64);
    let white = stage.texture(1, &[255; 4], false, Mips::None);
    let full = rectangle([0.0, 0.0], [100.0, 100.0], [255, 0, 0, 255]);
    let meshes = [mesh(&full, EVERYTHING, white)];
    let panel = |distance: f32| PanelLayer {
        placement: PanelPlacement::World { world_from_panel: at(0.0, 0.0, -distance), meters_per_unit: 0.01 },
        size: Vec2::splat(100.0),
        meshes: &meshes,
    };
    let label = Label {
        anchor_in_world: Vec3::new(0.0, -0.1, -2.0),
        size_radians: Vec2::splat(0.1),
        texture: white,
        uv_rect: [0.0, 0.0, 1.0, 1.0],
        tint: Vec4::new(0.0, 0.0, 1.0, 1.0),
        depth_bias: 0.0,
        hidden_opacity: 0.0,
    };
    for (panels, expected) in [
        (&[panel(1.0)][..], [255, 0, 0]),
        (&[panel(3.0)][..], [0, 0, 255]),
        (&[panel(1.0), panel(3.0)][..], [255, 0, 0]),
        (&[panel(2.5), panel(3.0)][..], [0, 0, 255]),
    ] {
        let frame = FrameInput { views: &ahead(), labels: &[label], panels, ..Default::default() };
        assert_eq!(stage.picture(&frame).middle(), expected);
    }
}
