//! Colours arrive as they should: baked ones unchanged, lit ones under one gentle curve, mips in linear light.

use crate::stage::{Stage, ahead, assert_color, at, draw, plain};
use glam::{Mat4, Vec3, Vec4};
use wgpu_renderer::{
    Fade, FrameInput, Lighting, MaterialData, MaterialKind, Mips, Quality, RenderSettings, Sky,
    TextureRegion, wgpu,
};

const FORMATS: [wgpu::TextureFormat; 4] = [
    wgpu::TextureFormat::Rgba8UnormSrgb,
    wgpu::TextureFormat::Rgba8Unorm,
    wgpu::TextureFormat::Bgra8UnormSrgb,
    wgpu::TextureFormat::Bgra8Unorm,
];

/// A wall that fills the picture.
fn wall() -> Mat4 {
    at(0.0, 0.0, -1.0) * Mat4::from_scale(Vec3::splat(4.0))
}

fn black_sky() -> Sky {
    Sky::Gradient { zenith: Vec3::ZERO, horizon: Vec3::ZERO, ground: Vec3::ZERO }
}

#[test]
fn a_baked_texture_reaches_every_kind_of_target_in_its_own_colours() {
    let colors = [[255, 255, 255], [0, 0, 0], [250, 128, 10], [13, 40, 200], [120, 120, 121], [1, 3, 254]];
    for format in FORMATS {
        for quality in [Quality::Low, Quality::Standard] {
            let mut stage = Stage::new(RenderSettings::flat(quality, format), 16, 16);
            let quad = stage.quad();
            for [r, g, b] in colors {
                let texture = stage.texture(2, &[r, g, b, 255].repeat(4), true, Mips::Generate);
                let kind = MaterialKind::Baked;
                let material =
                    stage.material(&MaterialData { kind, texture: Some(texture), ..Default::default() });
                let draws = [draw(quad, material, wall())];
                let frame = FrameInput { views: &ahead(), static_draws: &draws, ..Default::default() };
                assert_color(stage.picture(&frame).middle(), [r, g, b], 1);
            }
        }
    }
}

#[test]
fn a_matt_white_wall_sends_back_the_ambient_light() {
    let mut stage = Stage::new(plain(), 16, 16);
    let quad = stage.quad();
    let material = stage.material(&MaterialData { roughness: 1.0, ..Default::default() });
    let lighting = Lighting {
        ambient_from_above: Vec3::splat(0.5),
        ambient_from_below: Vec3::splat(0.5),
        sun_color: Vec3::ZERO,
        ..Default::default()
    };
    let draws = [draw(quad, material, wall())];
    let frame = FrameInput { views: &ahead(), lighting, static_draws: &draws, ..Default::default() };
    // Half the light is 188 as sRGB; a share of a few percent of it is mirrored.
    assert_color(stage.picture(&frame).middle(), [188, 188, 188], 6);
}

#[test]
fn bright_light_rolls_off_instead_of_clipping_to_flat_colours() {
    let mut stage = Stage::new(plain(), 16, 16);
    let quad = stage.quad();
    let material = stage.material(&MaterialData { base_color: [1.0, 0.4, 0.1, 1.0], ..Default::default() });
    let draws = [draw(quad, material, wall())];
    let mut seen = Vec::new();
    for exposure in [1.0, 2.0, 4.0, 8.0] {
        let lighting = Lighting { exposure, ..Default::default() };
        let frame = FrameInput { views: &ahead(), lighting, static_draws: &draws, ..Default::default() };
        seen.push(stage.picture(&frame).middle());
    }
    assert!(seen.windows(2).all(|pair| pair[0][1] < pair[1][1]), "more light is brighter: {seen:?}");
    assert!(seen[3].iter().all(|channel| *channel < 255), "nothing clips: {seen:?}");
}

#[test]
fn mips_are_averaged_in_linear_light() {
    let mut stage = Stage::new(plain(), 16, 16);
    let quad = stage.quad();
    let checker: Vec<u8> = (0..64 * 64)
        .flat_map(|index| {
            [if (index % 64 + index / 64) % 2 == 0 { 255_u8 } else { 0 }; 3].into_iter().chain([255])
        })
        .collect();
    let texture = stage.texture(64, &checker, true, Mips::Generate);
    let material = stage.material(&MaterialData {
        kind: MaterialKind::Baked,
        texture: Some(texture),
        ..Default::default()
    });
    // Eight texels a pixel.
    let draws = [draw(quad, material, at(0.0, 0.0, -1.7))];
    let frame = FrameInput { views: &ahead(), static_draws: &draws, sky: black_sky(), ..Default::default() };
    assert_color(stage.picture(&frame).middle(), [188, 188, 188], 2);
}

#[test]
fn an_updated_region_is_seen_near_and_far() {
    let mut stage = Stage::new(plain(), 16, 16);
    let quad = stage.quad();
    let texture = stage.texture(32, &[255, 0, 0, 255].repeat(32 * 32), true, Mips::Generate);
    let material = stage.material(&MaterialData {
        kind: MaterialKind::Unlit,
        texture: Some(texture),
        ..Default::default()
    });
    let blue = [0, 0, 255, 255].repeat(32 * 32);
    let region = TextureRegion { x: 0, y: 0, width: 32, height: 32, rgba8: &blue };
    stage.renderer.update_texture_region(&stage.gpu, texture, &region).unwrap();
    for distance in [-0.3, -3.0] {
        let draws = [draw(quad, material, at(0.0, 0.0, distance))];
        let frame = FrameInput { views: &ahead(), static_draws: &draws, ..Default::default() };
        assert_color(stage.picture(&frame).middle(), [0, 0, 255], 1);
    }
    let outside = TextureRegion { x: 1, ..region };
    let error = stage.renderer.update_texture_region(&stage.gpu, texture, &outside).unwrap_err();
    assert!(error.to_string().contains("does not lie in"), "{error}");
}

#[test]
fn vertex_colours_and_tint_multiply() {
    let mut stage = Stage::new(plain(), 16, 16);
    let quad = stage.mesh(&wgpu_renderer::MeshData {
        positions: &[[-4.0, -4.0, 0.0], [4.0, -4.0, 0.0], [0.0, 8.0, 0.0]],
        colors: &[[0.2, 1.0, 0.02, 1.0]; 3],
        indices: &[0, 1, 2],
        ..Default::default()
    });
    let material = stage.paint([1.0; 4]);
    let mut painted = draw(quad, material, at(0.0, 0.0, -1.0));
    painted.tint = Vec4::new(1.0, 0.5, 1.0, 1.0);
    let draws = [painted];
    let frame = FrameInput { views: &ahead(), static_draws: &draws, ..Default::default() };
    // 0.2, 0.5 and 0.02 as sRGB.
    assert_color(stage.picture(&frame).middle(), [124, 188, 39], 2);
}

#[test]
fn a_panorama_shows_its_middle_ahead_and_its_top_above() {
    let mut stage = Stage::new(plain(), 33, 33);
    // Four columns from behind-left to behind-right, two rows.
    let rows = [
        [[10, 0, 0, 255], [20, 0, 0, 255], [30, 0, 0, 255], [40, 0, 0, 255]],
        [[0, 50, 0, 255], [0, 60, 0, 255], [0, 70, 0, 255], [0, 80, 0, 255]],
    ];
    let wide: Vec<u8> = rows
        .iter()
        .flat_map(|row| std::iter::repeat_n(row.iter().flat_map(|texel| texel.repeat(16)), 32).flatten())
        .collect();
    let texture = stage.texture(64, &wide, true, Mips::None);
    let sky = Sky::Equirect { texture, yaw: 0.0, tint: Vec3::ONE };
    let views = ahead();
    let picture = stage.picture(&FrameInput { views: &views, sky, ..Default::default() });
    assert_color(picture.at(8, 4), [20, 0, 0], 1);
    assert_color(picture.at(24, 4), [30, 0, 0], 1);
    assert_color(picture.at(8, 28), [0, 60, 0], 1);
    assert_color(picture.at(24, 28), [0, 70, 0], 1);
    let quarter = Sky::Equirect { texture, yaw: std::f32::consts::FRAC_PI_2, tint: Vec3::ONE };
    let turned = stage.picture(&FrameInput { views: &views, sky: quarter, ..Default::default() });
    assert_color(turned.at(8, 4), [30, 0, 0], 1);
}

#[test]
fn a_fade_covers_the_picture_in_its_colour() {
    for format in FORMATS {
        let mut stage = Stage::new(RenderSettings::flat(Quality::Low, format), 16, 16);
        let fade = Fade { color: Vec3::new(0.2, 0.0, 1.0), amount: 1.0 };
        let picture = stage.picture(&FrameInput { views: &ahead(), fade, ..Default::default() });
        assert_eq!(picture.count(|pixel| pixel == picture.middle()), 256, "the whole picture");
        assert_color(picture.middle(), [124, 0, 255], 1);
    }
}
