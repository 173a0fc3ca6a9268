//! Two views drawn at once are the same pictures as each drawn alone.

use crate::flat::Scene;
use crate::stage::{Picture, Stage, open};
use glam::{Mat4, Vec3, Vec4, camera};
use wgpu_renderer::{
    Cover, FrameInput, PackedSurfels, Quality, RenderSettings, SurfelData, SurfelDraw, View,
    reverse_z_perspective_from_angles, wgpu,
};

/// Two eyes, 6.4 cm apart, each with the asymmetric view of a headset.
fn eyes() -> [View; 2] {
    let head = camera::rh::view::look_at_mat4(Vec3::new(0.4, 1.9, 4.2), Vec3::new(0.0, 0.7, 0.0), Vec3::Y);
    [-1.0, 1.0].map(|side: f32| {
        let (outer, inner) = (0.9, 0.75);
        let (left, right) = if side < 0.0 { (-outer, inner) } else { (-inner, outer) };
        View {
            view_from_world: Mat4::from_translation(Vec3::new(-0.032 * side, 0.0, 0.0)) * head,
            clip_from_view: reverse_z_perspective_from_angles(left, right, -0.7, 0.7, 0.05),
        }
    })
}

fn assert_same(one: &Picture, other: &Picture) {
    let off = one.rgba.iter().zip(&other.rgba).filter(|(a, b)| a.abs_diff(**b) > 1).count();
    assert_eq!(off, 0, "channels that differ");
}

/// All that a frame can show, within the picture: Mesa 22.3 draws what is clipped at its edges into the first view
/// only. Labels face the middle between the eyes, which a single view does not know: see the test below.
fn scene(stage: &mut Stage) -> Scene {
    let mut scene = Scene::new(stage);
    scene.draws[1].world_from_model *= Mat4::from_scale(Vec3::splat(0.4));
    scene.labels.clear();
    scene
}

/// Large surfels that look towards the viewers: which way they turn at grazing angles depends on the head between
/// the eyes, which a single view does not know.
fn pole(stage: &mut Stage) -> SurfelDraw {
    let positions = [0.2, 0.5, 0.8, 1.1].map(|height| [-0.6, height, 0.9]);
    let (normals, colors) = ([[0.1, 0.4, 0.9]; 4], [[0.1, 0.6, 0.2, 1.0]; 4]);
    let data = SurfelData { positions: &positions, normals: &normals, colors: &colors, radii: &[0.14; 4] };
    let packed = PackedSurfels::new(&data).unwrap();
    let surfels = stage.renderer.begin_surfels(&stage.gpu, &packed).unwrap();
    stage.renderer.write_surfels(&stage.gpu, surfels, &packed, 0..packed.byte_len()).unwrap();
    let cover = Cover::appearing(0.7);
    SurfelDraw { surfels, world_from_model: Mat4::IDENTITY, tint: Vec4::ONE, cover }
}

fn check(settings: RenderSettings) {
    let mut both = Stage::new(settings, 160, 128);
    let content = scene(&mut both);
    let points = [pole(&mut both)];
    content.with_frame(&eyes(), |frame| both.draw(&FrameInput { surfel_draws: &points, ..*frame }));
    let mut single = Stage::new(RenderSettings { view_count: 1, ..settings }, 160, 128);
    let alone = scene(&mut single);
    let points = [pole(&mut single)];
    for (index, eye) in eyes().into_iter().enumerate() {
        let expected =
            alone.with_frame(&[eye], |frame| single.picture(&FrameInput { surfel_draws: &points, ..*frame }));
        assert_same(&both.view(index as u32), &expected);
    }
    assert!(both.view(0).rgba != both.view(1).rgba, "the eyes see different pictures");
}

#[test]
fn both_views_equal_single_views_in_an_encoding_target() {
    check(RenderSettings::stereo(Quality::Standard, wgpu::TextureFormat::Rgba8UnormSrgb));
}

#[test]
fn both_views_equal_single_views_through_the_copy() {
    check(RenderSettings::stereo(Quality::Low, wgpu::TextureFormat::Rgba8Unorm));
}

#[test]
fn labels_stand_at_the_same_depth_in_both_eyes() {
    let settings = RenderSettings::stereo(Quality::Standard, wgpu::TextureFormat::Rgba8UnormSrgb);
    let mut stage = Stage::new(settings, 160, 128);
    let mut content = Scene::new(&mut stage);
    content.draws.clear();
    content.labels[0].tint = Vec4::new(20.0, 0.0, 0.0, 1.0);
    content.with_frame(&eyes(), |frame| stage.draw(frame));
    let anchor = content.labels[0].anchor_in_world;
    for (index, eye) in eyes().into_iter().enumerate() {
        let picture = stage.view(index as u32);
        let is_red = |[red, green, _]: [u8; 3]| red > 250 && green < 140;
        let reds = (0..160 * 128).filter(|place| is_red(picture.at(place % 160, place / 160)));
        let columns: Vec<u32> = reds.map(|place| place % 160).collect();
        let middle = columns.iter().sum::<u32>() as f32 / columns.len() as f32 + 0.5;
        let expected = (eye.clip_from_world().project_point3(anchor).x * 0.5 + 0.5) * 160.0;
        assert!((middle - expected).abs() < 0.6, "view {index}: {middle}, expected {expected}");
    }
}

#[test]
fn a_device_without_multiview_says_what_it_lacks() {
    let gpu = open(wgpu::Features::empty());
    let settings = RenderSettings::stereo(Quality::Standard, wgpu::TextureFormat::Rgba8UnormSrgb);
    let error = wgpu_renderer::Renderer::new(&gpu, settings).unwrap_err().to_string();
    assert!(error.contains("cannot draw two views at once") && error.contains("MULTIVIEW"), "{error}");
}
