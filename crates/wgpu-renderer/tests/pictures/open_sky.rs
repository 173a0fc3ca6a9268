//! A picture without a sky, laid over something else by its alpha, is the picture with that as its sky.

use crate::stage::{Picture, Stage, at, draw, look};
use glam::{Mat4, Vec2, Vec3, Vec4};
use wgpu_renderer::{
    AlphaMode, Fade, FrameInput, Label, MaterialData, MaterialKind, Mips, Quality, RenderSettings, Sky,
    Vignette, wgpu,
};

const SIZE: u32 = 64;
const BEHIND: Vec3 = Vec3::new(0.6, 0.1, 0.3);

fn linear(encoded: u8) -> f32 {
    let share = f32::from(encoded) / 255.0;
    if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
}

/// As a compositor lays a picture over a colour: linear, premultiplied.
fn over(pixel: &[u8], behind: Vec3) -> Vec3 {
    let color = Vec3::from([0, 1, 2].map(|channel| linear(pixel[channel])));
    color + behind * (1.0 - f32::from(pixel[3]) / 255.0)
}

/// Something of everything that is drawn: turned edges, holes, glass, a label, darkness.
fn pictures(settings: RenderSettings, changed: impl Fn(&mut FrameInput<'_>)) -> [Picture; 2] {
    let mut stage = Stage::new(settings, SIZE, SIZE);
    let quad = stage.quad();
    let texels: Vec<u8> =
        (0..16_u8).flat_map(|at| [255, 255, 255, if at % 3 == 0 { 0 } else { 255 }]).collect();
    let texture = stage.texture(4, &texels, true, Mips::None);
    let holes = stage.material(&MaterialData {
        kind: MaterialKind::Unlit,
        texture: Some(texture),
        alpha: AlphaMode::Mask { cutoff: 0.5 },
        ..Default::default()
    });
    let glass = stage.material(&MaterialData {
        kind: MaterialKind::Unlit,
        base_color: [0.1, 0.8, 0.2, 0.4],
        alpha: AlphaMode::Blend,
        ..Default::default()
    });
    let wall = stage.paint([0.9, 0.9, 0.2, 1.0]);
    let white = stage.texture(1, &[255; 4], false, Mips::None);
    let turned = Mat4::from_rotation_z(0.5);
    let draws = [
        draw(quad, wall, at(-0.5, 0.3, -2.0) * turned),
        draw(quad, holes, at(0.5, 0.4, -2.0) * turned),
        draw(quad, glass, at(0.0, -0.4, -1.8) * turned),
    ];
    let labels = [Label {
        anchor_in_world: Vec3::new(0.2, -0.1, -1.5),
        size_radians: Vec2::new(0.4, 0.1),
        texture: white,
        uv_rect: [0.0, 0.0, 1.0, 1.0],
        tint: Vec4::new(1.0, 1.0, 1.0, 0.7),
        depth_bias: 0.0,
        hidden_opacity: 0.0,
    }];
    let views = [look(Vec3::ZERO, Vec3::NEG_Z, 1.0)];
    [Sky::Open, Sky::Gradient { zenith: BEHIND, horizon: BEHIND, ground: BEHIND }].map(|sky| {
        let mut frame =
            FrameInput { views: &views, static_draws: &draws, labels: &labels, sky, ..Default::default() };
        changed(&mut frame);
        stage.picture(&frame)
    })
}

fn check(settings: RenderSettings, changed: impl Fn(&mut FrameInput<'_>)) {
    let [open, expected] = pictures(settings, changed);
    let alphas: Vec<u8> = open.rgba.iter().skip(3).step_by(4).copied().collect();
    let (least, most) = (alphas.iter().min().unwrap(), alphas.iter().max().unwrap());
    assert!(*most > 250 && *least < *most, "{least} to {most}");
    for (at, (pixel, wanted)) in open.rgba.chunks_exact(4).zip(expected.rgba.chunks_exact(4)).enumerate() {
        let seen = over(pixel, BEHIND);
        for channel in 0..3 {
            let off = (seen[channel] - linear(wanted[channel])).abs();
            assert!(off < 0.02, "pixel {at}, channel {channel}: {pixel:?} over {BEHIND}, {wanted:?}");
        }
    }
}

#[test]
fn nothing_is_seen_where_nothing_stands() {
    let settings = RenderSettings::flat(Quality::Standard, wgpu::TextureFormat::Rgba8UnormSrgb);
    let [open, _] = pictures(settings, |frame| frame.labels = &[]);
    assert_eq!(open.rgba[..4], [0, 0, 0, 0]);
    let wall = (SIZE / 2 - 8) as usize * SIZE as usize + (SIZE / 2 - 14) as usize;
    assert_eq!(open.rgba[wall * 4 + 3], 255, "what stands there hides all");
}

#[test]
fn edges_holes_glass_and_labels_let_through_what_they_should() {
    // Samples, a picture between world and target, and both straight into the target.
    for quality in [Quality::Standard, Quality::Low] {
        for format in [wgpu::TextureFormat::Rgba8UnormSrgb, wgpu::TextureFormat::Rgba8Unorm] {
            check(RenderSettings::flat(quality, format), |_| {});
        }
    }
}

#[test]
fn what_darkens_the_picture_darkens_what_lies_behind_it() {
    let settings = RenderSettings::flat(Quality::Standard, wgpu::TextureFormat::Rgba8UnormSrgb);
    check(settings, |frame| frame.fade = Fade { color: Vec3::ZERO, amount: 0.6 });
    check(settings, |frame| frame.vignette = Some(Vignette { clear_radians: 0.1 }));
}
