//! Meshes stand where they should, hide each other, mix in the right order, bend on their skeletons.

use crate::snapshot;
use crate::stage::{Stage, ahead, assert_color, at, draw, look, plain};
use glam::{Mat4, UVec2, Vec3, Vec4, camera};
use wgpu_renderer::{
    AlphaMode, FrameInput, Lighting, MaterialData, MaterialKind, MeshData, MeshId, Mips, SkinnedDraw, Sky,
    View,
};

const NIGHT: Sky = Sky::Gradient { zenith: Vec3::ZERO, horizon: Vec3::ZERO, ground: Vec3::ZERO };

#[test]
fn the_nearer_mesh_hides_the_farther_one_in_any_order() {
    let mut stage = Stage::new(plain(), 16, 16);
    let quad = stage.quad();
    let (red, green) = (stage.paint([1.0, 0.0, 0.0, 1.0]), stage.paint([0.0, 1.0, 0.0, 1.0]));
    let near = draw(quad, red, at(0.0, 0.0, -1.0));
    let far = draw(quad, green, at(0.0, 0.0, -1.01));
    for draws in [[near, far], [far, near]] {
        let frame = FrameInput { views: &ahead(), static_draws: &draws, ..Default::default() };
        assert_color(stage.picture(&frame).middle(), [255, 0, 0], 0);
    }
}

/// Two surfaces 2 cm apart at 500 m, the nearer one red; how much of the picture each of them has.
fn two_far_surfaces(clip_from_view: Mat4) -> [usize; 2] {
    let mut stage = Stage::new(plain(), 64, 64);
    let quad = stage.quad();
    let (red, green) = (stage.paint([1.0, 0.0, 0.0, 1.0]), stage.paint([0.0, 1.0, 0.0, 1.0]));
    let large = Mat4::from_rotation_y(0.3) * Mat4::from_scale(Vec3::splat(2000.0));
    let draws =
        [draw(quad, red, at(0.0, 0.0, -500.0) * large), draw(quad, green, at(0.0, 0.0, -500.02) * large)];
    let views = [View { clip_from_view, ..ahead()[0] }];
    let frame = FrameInput { views: &views, static_draws: &draws, ..Default::default() };
    let picture = stage.picture(&frame);
    [picture.count(|pixel| pixel == [255, 0, 0]), picture.count(|pixel| pixel[1] > 0)]
}

#[test]
fn reversed_depth_tells_surfaces_two_centimetres_apart_at_five_hundred_metres() {
    assert_eq!(two_far_surfaces(ahead()[0].clip_from_view), [64 * 64, 0]);
}

#[test]
fn depth_that_is_not_reversed_would_mix_them() {
    // An ordinary projection has its far depths between one half and one, where floats lie 6e-8 apart. So do these,
    // which are turned round about 0.75 only because nearer is greater in the passes.
    let ordinary = camera::rh::proj::directx::perspective(60.0_f32.to_radians(), 1.0, 0.05, 1000.0);
    let turned = Mat4::from_cols(Vec4::X, Vec4::Y, Vec4::NEG_Z, Vec4::new(0.0, 0.0, 1.5, 1.0)) * ordinary;
    let [_, green] = two_far_surfaces(turned);
    assert!(green > 100, "{green} pixels show the farther surface");
}

#[test]
fn what_is_seen_through_mixes_back_to_front_in_any_order() {
    let mut stage = Stage::new(plain(), 16, 16);
    let quad = stage.quad();
    let glass = |base_color| MaterialData {
        kind: MaterialKind::Unlit,
        base_color,
        alpha: AlphaMode::Blend,
        ..Default::default()
    };
    let red = stage.material(&glass([1.0, 0.0, 0.0, 0.5]));
    let green = stage.material(&glass([0.0, 1.0, 0.0, 0.5]));
    let wall = stage.paint([0.0, 0.0, 1.0, 1.0]);
    let near = draw(quad, red, at(0.0, 0.0, -1.0));
    let middle = draw(quad, green, at(0.0, 0.0, -1.2));
    let back = draw(quad, wall, at(0.0, 0.0, -1.4));
    for draws in [[near, middle, back], [back, middle, near], [middle, near, back]] {
        let frame = FrameInput { views: &ahead(), static_draws: &draws, ..Default::default() };
        // Linear 0.5, 0.25, 0.25.
        assert_color(stage.picture(&frame).middle(), [188, 137, 137], 1);
    }
}

#[test]
fn an_opaque_material_ignores_its_texture_s_alpha() {
    let mut stage = Stage::new(plain(), 16, 16);
    let quad = stage.quad();
    let texture = stage.texture(1, &[200, 100, 50, 0], true, Mips::None);
    let material = stage.material(&MaterialData {
        kind: MaterialKind::Baked,
        texture: Some(texture),
        ..Default::default()
    });
    let draws = [draw(quad, material, at(0.0, 0.0, -0.5))];
    let frame = FrameInput { views: &ahead(), static_draws: &draws, ..Default::default() };
    assert_color(stage.picture(&frame).middle(), [200, 100, 50], 1);
}

#[test]
fn a_mask_is_there_or_not() {
    let mut stage = Stage::new(plain(), 16, 16);
    let quad = stage.quad();
    // Left half transparent, right half solid.
    let row = [[255, 255, 255, 0], [255, 255, 255, 0], [255, 255, 255, 255], [255, 255, 255, 255]].concat();
    let texture = stage.texture(4, &row.repeat(4), true, Mips::Generate);
    let alpha = AlphaMode::Mask { cutoff: 0.5 };
    let kind = MaterialKind::Unlit;
    let material =
        stage.material(&MaterialData { kind, texture: Some(texture), alpha, ..Default::default() });
    let draws = [draw(quad, material, at(0.0, 0.0, -0.8))];
    let frame = FrameInput { views: &ahead(), static_draws: &draws, sky: NIGHT, ..Default::default() };
    let picture = stage.picture(&frame);
    assert_color(picture.at(4, 8), [0, 0, 0], 1);
    assert_color(picture.at(12, 8), [255, 255, 255], 0);
    assert!(picture.rgba.chunks_exact(4).all(|pixel| pixel[3] == 255), "the picture itself is solid");
}

#[test]
fn backs_are_seen_only_of_double_sided_materials_and_mirrored_meshes_show_their_front() {
    let mut stage = Stage::new(plain(), 16, 16);
    let quad = stage.quad();
    let unlit = MaterialData { kind: MaterialKind::Unlit, ..Default::default() };
    let single = stage.material(&unlit);
    let double = stage.material(&MaterialData { double_sided: true, ..unlit });
    let turned = at(0.0, 0.0, -0.5) * Mat4::from_rotation_y(std::f32::consts::PI);
    let mirrored = at(0.0, 0.0, -0.5) * Mat4::from_scale(Vec3::new(-1.0, 1.0, 1.0));
    for (material, place, expected) in [(single, turned, 0), (double, turned, 255), (single, mirrored, 255)] {
        let draws = [draw(quad, material, place)];
        let frame = FrameInput { views: &ahead(), static_draws: &draws, sky: NIGHT, ..Default::default() };
        assert_color(stage.picture(&frame).middle(), [expected; 3], 1);
    }
}

#[test]
fn light_falls_on_the_side_that_faces_the_sun_also_when_scaled_and_mirrored() {
    let mut stage = Stage::new(plain(), 32, 32);
    let ball = stage.ball();
    let material = stage.material(&MaterialData { roughness: 1.0, ..Default::default() });
    let lighting = Lighting { direction_to_sun: Vec3::X, ..Default::default() };
    for scale in [Vec3::ONE, Vec3::new(1.0, 0.6, 1.4), Vec3::new(-1.0, 1.0, 1.0)] {
        let draws = [draw(ball, material, at(0.0, 0.0, -1.2) * Mat4::from_scale(scale))];
        let frame = FrameInput { views: &ahead(), lighting, static_draws: &draws, ..Default::default() };
        let picture = stage.picture(&frame);
        assert!(picture.at(22, 16)[0] > picture.at(9, 16)[0] + 20, "{scale}");
    }
}

#[test]
fn what_no_view_sees_is_not_drawn_and_what_looks_alike_is_drawn_at_once() {
    let mut stage = Stage::new(plain(), 16, 16);
    let quad = stage.quad();
    let paint = stage.paint([1.0; 4]);
    let mut draws: Vec<_> =
        (0..50).map(|index| draw(quad, paint, at(0.0, 0.0, -2.0 - index as f32))).collect();
    draws.push(draw(quad, paint, at(0.0, 0.0, 5.0)));
    let stats = stage.draw(&FrameInput { views: &ahead(), static_draws: &draws, ..Default::default() });
    assert_eq!((stats.drawn, stats.culled, stats.skipped), (50, 1, 0));
    assert_eq!(stats.draw_calls, 2, "one for all quads, one for the sky");
}

#[test]
fn draws_of_what_was_removed_are_skipped() {
    let mut stage = Stage::new(plain(), 16, 16);
    let (gone, stays) = (stage.quad(), stage.quad());
    let paint = stage.paint([1.0, 0.0, 0.0, 1.0]);
    stage.renderer.remove_mesh(gone);
    let draws = [draw(gone, paint, at(0.0, 0.0, -1.0)), draw(stays, paint, at(0.0, 0.0, -1.0))];
    let frame = FrameInput { views: &ahead(), static_draws: &draws, ..Default::default() };
    let stats = stage.draw(&frame);
    assert_eq!((stats.drawn, stats.skipped), (1, 1));
    assert_color(stage.picture(&frame).middle(), [255, 0, 0], 0);
}

/// A bar of three metres along +y in four rows of vertices: its lower half hangs on joint 0, its upper on joint 1.
pub(crate) fn bar(stage: &mut Stage) -> MeshId {
    let rings = 13_u32;
    let corners = [[-0.15, 0.15], [0.15, 0.15], [0.15, -0.15], [-0.15, -0.15]];
    let (mut positions, mut weights) = (Vec::new(), Vec::new());
    for ring in 0..rings {
        let height = 3.0 * ring as f32 / (rings - 1) as f32;
        let upper = ((height - 1.0) / 1.0).clamp(0.0, 1.0);
        for [x, z] in corners {
            positions.push([x, height, z]);
            weights.push([1.0 - upper, upper, 0.0, 0.0]);
        }
    }
    let mut indices = Vec::new();
    for ring in 0..rings - 1 {
        for side in 0..4 {
            let (a, b) = (ring * 4 + side, ring * 4 + (side + 1) % 4);
            indices.extend([a, b, b + 4, a, b + 4, a + 4]);
        }
    }
    let joints = vec![[0, 1, 0, 0]; positions.len()];
    stage.mesh(&MeshData {
        positions: &positions,
        joints: &joints,
        weights: &weights,
        indices: &indices,
        ..Default::default()
    })
}

/// The second joint sits at 1.5 m and bends to the right.
pub(crate) fn bent(angle: f32) -> [Mat4; 2] {
    [Mat4::IDENTITY, at(0.0, 1.5, 0.0) * Mat4::from_rotation_z(-angle) * at(0.0, -1.5, 0.0)]
}

#[test]
fn a_skinned_bar_bends_at_its_joint() {
    let mut stage = Stage::new(plain(), 128, 128);
    let bar = bar(&mut stage);
    let material = stage.material(&MaterialData { base_color: [0.8, 0.5, 0.2, 1.0], ..Default::default() });
    let views = [look(Vec3::new(0.0, 1.4, 4.0), Vec3::new(0.0, 1.4, 0.0), 1.0)];
    let straight = bent(0.0);
    let right = bent(std::f32::consts::FRAC_PI_2);
    let bar_at = |joints, x: f32| SkinnedDraw {
        mesh: bar,
        material,
        world_from_model: at(x, 0.0, 0.0),
        joints,
        tint: Vec4::ONE,
        object_id: 0,
        marked_joints: [None; 2],
        light: None,
    };
    let bodies = [bar_at(&straight, -1.2), bar_at(&right, 0.0)];
    let frame = FrameInput { views: &views, skinned_draws: &bodies, ..Default::default() };
    let picture = stage.picture(&frame);
    snapshot::check("skinned-bars", UVec2::splat(128), &picture.rgba);
    let too_few = [SkinnedDraw { joints: &straight[..1], ..bodies[0] }];
    let stats = stage.draw(&FrameInput { skinned_draws: &too_few, ..frame });
    assert_eq!((stats.drawn, stats.skipped), (0, 1), "a skeleton without enough joints is not drawn");
}
