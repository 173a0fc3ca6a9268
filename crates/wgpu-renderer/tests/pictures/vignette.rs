//! Darkness around the middle of the view: where each eye looks ahead, and only while it is wanted.

use crate::stage::{Stage, ahead};
use glam::{Mat4, Vec3};
use wgpu_renderer::{
    FrameInput, Quality, RenderSettings, Sky, View, Vignette, reverse_z_perspective_from_angles, wgpu,
};

const SIZE: u32 = 64;
const WHITE: Sky = Sky::Gradient { zenith: Vec3::ONE, horizon: Vec3::ONE, ground: Vec3::ONE };
const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8UnormSrgb;

/// An eye that sees more to the left than to the right, and looks somewhere.
fn outward() -> View {
    let head =
        glam::camera::rh::view::look_to_mat4(Vec3::ONE, Vec3::new(0.4, 0.2, -1.0).normalize(), Vec3::Y);
    View {
        view_from_world: head,
        clip_from_view: reverse_z_perspective_from_angles(-1.0, 0.5, -0.8, 0.8, 0.05),
    }
}

fn narrowed(clear_radians: f32) -> Option<Vignette> {
    Some(Vignette { clear_radians })
}

#[test]
fn what_stays_clear_is_around_straight_ahead_and_not_around_the_picture_s_middle() {
    let mut stage = Stage::new(RenderSettings::flat(Quality::Standard, FORMAT), SIZE, SIZE);
    let views = [outward()];
    let frame = FrameInput { views: &views, sky: WHITE, vignette: narrowed(0.25), ..Default::default() };
    let picture = stage.picture(&frame);
    for (x, y) in (0..SIZE).flat_map(|y| (0..SIZE).map(move |x| (x, y))) {
        let clip = Vec3::new((x as f32 + 0.5) / 32.0 - 1.0, 1.0 - (y as f32 + 0.5) / 32.0, 0.5);
        let seen = views[0].clip_from_view.inverse().project_point3(clip).normalize();
        let (angle, light) = (seen.angle_between(Vec3::NEG_Z), picture.at(x, y)[0]);
        assert!(angle > 0.24 || light == 255, "{x} {y} is clear: {light}");
        // Blending into an encoding target rounds.
        assert!(angle < 0.53 || light <= 1, "{x} {y} is dark: {light}");
    }
}

#[test]
fn without_any_nothing_is_drawn_for_it() {
    let mut stage = Stage::new(RenderSettings::flat(Quality::Low, FORMAT), SIZE, SIZE);
    let mut calls = |vignette| {
        stage.draw(&FrameInput { views: &ahead(), sky: WHITE, vignette, ..Default::default() }).draw_calls
    };
    let none = calls(None);
    assert_eq!(calls(narrowed(0.5)), none + 1);
    for all in [std::f32::consts::PI, 9.0, -1.0, f32::NAN] {
        assert_eq!(calls(narrowed(all)), none, "{all}");
    }
}

#[test]
fn each_of_two_eyes_has_its_own_middle() {
    let views = [
        outward(),
        View {
            view_from_world: Mat4::from_translation(Vec3::NEG_X * 0.064) * outward().view_from_world,
            clip_from_view: reverse_z_perspective_from_angles(-0.5, 1.0, -0.8, 0.8, 0.05),
        },
    ];
    for quality in [Quality::Low, Quality::Standard] {
        let settings = RenderSettings::stereo(quality, FORMAT);
        let mut both = Stage::new(settings, SIZE, SIZE);
        let frame = FrameInput { views: &views, sky: WHITE, vignette: narrowed(0.3), ..Default::default() };
        both.draw(&frame);
        let mut alone = Stage::new(RenderSettings { view_count: 1, ..settings }, SIZE, SIZE);
        for (index, view) in views.iter().enumerate() {
            let expected = alone.picture(&FrameInput { views: &[*view], ..frame });
            let seen = both.view(index as u32);
            let off = seen.rgba.iter().zip(&expected.rgba).filter(|(a, b)| a.abs_diff(**b) > 1).count();
            assert_eq!(off, 0, "eye {index}");
        }
    }
}
