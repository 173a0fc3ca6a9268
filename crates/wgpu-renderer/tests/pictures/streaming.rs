//! What arrives in parts: levels that replace each other without gaps, surfels, textures in blocks, meshes by slices.

use crate::snapshot;
use crate::stage::{Stage, ahead, assert_color, at, draw, look, plain};
use glam::{Mat4, UVec2, Vec3, Vec4};
use wgpu_renderer::{
    Cover, Draw, FrameInput, MaterialData, MaterialKind, MeshData, Mips, PackedMesh, PackedSurfels, Quality,
    RenderSettings, Sky, SurfelData, SurfelDraw, SurfelsId, TexelFormat, TextureRows, TextureShape, wgpu,
};

const NIGHT: Sky = Sky::Gradient { zenith: Vec3::ZERO, horizon: Vec3::ZERO, ground: Vec3::ZERO };

/// As much as a frame of a small budget writes at once; a multiple of four.
const SLICE: usize = 1000;

fn surfels(stage: &mut Stage, data: &SurfelData<'_>) -> SurfelsId {
    let packed = PackedSurfels::new(data).unwrap();
    let id = stage.renderer.begin_surfels(&stage.gpu, &packed).unwrap();
    for start in (0..packed.byte_len()).step_by(SLICE) {
        let part = start..(start + SLICE).min(packed.byte_len());
        stage.renderer.write_surfels(&stage.gpu, id, &packed, part).unwrap();
    }
    id
}

fn cloud(surfels: SurfelsId, world_from_model: Mat4) -> SurfelDraw {
    SurfelDraw { surfels, world_from_model, tint: Vec4::ONE, cover: Cover::WHOLE }
}

/// A wall of two metres around the origin in surfels 2 cm apart, red.
fn wall(stage: &mut Stage) -> SurfelsId {
    let place = |index: usize| [(index % 101) as f32 * 0.02 - 1.0, (index / 101) as f32 * 0.02 - 1.0, 0.0];
    let positions: Vec<[f32; 3]> = (0..101 * 101).map(place).collect();
    let normals = vec![[0.0, 0.0, 1.0]; positions.len()];
    let colors = vec![[1.0, 0.0, 0.0, 1.0]; positions.len()];
    // Discs are tried at the middles of pixels, whose samples reach farther.
    let radii = vec![0.024; positions.len()];
    surfels(stage, &SurfelData { positions: &positions, normals: &normals, colors: &colors, radii: &radii })
}

#[test]
fn surfels_close_a_surface_hide_what_is_behind_and_are_hidden_by_what_is_before() {
    let mut stage = Stage::new(plain(), 64, 64);
    let (wall, quad) = (wall(&mut stage), stage.quad());
    let green = stage.paint([0.0, 1.0, 0.0, 1.0]);
    let clouds = [cloud(wall, at(0.0, 0.0, -1.0))];
    let behind = [draw(quad, green, at(0.0, 0.0, -1.2))];
    let frame = FrameInput { views: &ahead(), surfel_draws: &clouds, sky: NIGHT, ..Default::default() };
    let picture = stage.picture(&FrameInput { static_draws: &behind, ..frame });
    assert_eq!(picture.count(|pixel| pixel == [255, 0, 0]), 64 * 64, "no gap shows the quad or the sky");
    let before = [draw(quad, green, at(0.0, 0.0, -0.9))];
    assert_color(stage.picture(&FrameInput { static_draws: &before, ..frame }).middle(), [0, 255, 0], 0);
    let stats = stage.draw(&FrameInput { surfel_draws: &[cloud(wall, at(0.0, 0.0, 5.0))], ..frame });
    assert_eq!((stats.drawn, stats.culled), (0, 1), "what is behind the viewer is not drawn");
    stage.renderer.remove_surfels(wall);
    assert_eq!(stage.draw(&frame).skipped, 1);
}

#[test]
fn a_ball_of_surfels_has_a_round_outline_and_its_own_colours() {
    let mut stage = Stage::new(plain(), 128, 128);
    let count = 4_000;
    let direction = |index: usize| {
        let height = 1.0 - 2.0 * (index as f32 + 0.5) / count as f32;
        let around = index as f32 * 2.399_963;
        let flat = (1.0 - height * height).sqrt();
        Vec3::new(flat * around.cos(), height, flat * around.sin())
    };
    let directions: Vec<Vec3> = (0..count).map(direction).collect();
    let positions: Vec<[f32; 3]> = directions.iter().map(|d| (*d * 0.5).to_array()).collect();
    let normals: Vec<[f32; 3]> = directions.iter().map(|d| d.to_array()).collect();
    let colors: Vec<[f32; 4]> = directions.iter().map(|d| (*d * 0.5 + 0.5).extend(1.0).to_array()).collect();
    let radii = vec![0.022; count];
    let data = SurfelData { positions: &positions, normals: &normals, colors: &colors, radii: &radii };
    let ball = surfels(&mut stage, &data);
    let without_normals = surfels(&mut stage, &SurfelData { normals: &[], ..data });
    let clouds = [cloud(ball, at(-0.55, 0.0, 0.0)), cloud(without_normals, at(0.55, 0.0, 0.0))];
    let views = [look(Vec3::new(0.0, 0.3, 2.0), Vec3::ZERO, 1.0)];
    let frame = FrameInput { views: &views, surfel_draws: &clouds, ..Default::default() };
    let picture = stage.picture(&frame);
    snapshot::check("surfels", UVec2::splat(128), &picture.rgba);
}

#[test]
fn two_levels_share_the_pixels_between_them_without_a_gap() {
    for settings in [plain(), RenderSettings::flat(Quality::Low, wgpu::TextureFormat::Rgba8UnormSrgb)] {
        let mut stage = Stage::new(RenderSettings { render_scale: 1.0, ..settings }, 64, 64);
        let quad = stage.quad();
        let (red, green) = (stage.paint([1.0, 0.0, 0.0, 1.0]), stage.paint([0.0, 1.0, 0.0, 1.0]));
        let place = at(0.0, 0.0, -0.3);
        for share in [0.0, 0.125, 0.5, 0.9, 1.0] {
            let draws = [
                Draw { cover: Cover::appearing(share), ..draw(quad, red, place) },
                Draw { cover: Cover::vanishing(share), ..draw(quad, green, place) },
            ];
            let frame =
                FrameInput { views: &ahead(), static_draws: &draws, sky: NIGHT, ..Default::default() };
            let picture = stage.picture(&frame);
            let reds = picture.count(|pixel| pixel == [255, 0, 0]);
            let greens = picture.count(|pixel| pixel == [0, 255, 0]);
            assert_eq!(reds + greens, 64 * 64, "at {share}");
            assert!((reds as f32 / 4096.0 - share).abs() < 0.02, "{reds} of 4096 at {share}");
        }
    }
}

#[test]
fn surfels_and_triangles_share_the_same_pattern() {
    let mut stage = Stage::new(plain(), 64, 64);
    let (wall, quad) = (wall(&mut stage), stage.quad());
    let green = stage.paint([0.0, 1.0, 0.0, 1.0]);
    let clouds = [SurfelDraw { cover: Cover::appearing(0.4), ..cloud(wall, at(0.0, 0.0, -0.4)) }];
    let draws = [Draw { cover: Cover::vanishing(0.4), ..draw(quad, green, at(0.0, 0.0, -0.4)) }];
    let frame = FrameInput {
        views: &ahead(),
        static_draws: &draws,
        surfel_draws: &clouds,
        sky: NIGHT,
        ..Default::default()
    };
    let picture = stage.picture(&frame);
    let [reds, greens] = [[255, 0, 0], [0, 255, 0]].map(|color| picture.count(|pixel| pixel == color));
    assert_eq!(reds + greens, 64 * 64);
    assert!((1500..1800).contains(&reds), "{reds}");
}

/// A block of BC7's mode 6 in one colour.
fn block(rgba: [u8; 4]) -> [u8; 16] {
    let mut bits = 1_u128 << 6;
    let mut at = 7;
    for channel in rgba {
        for _ in 0..2 {
            bits |= u128::from(channel >> 1) << at;
            at += 7;
        }
    }
    // Both ends' lowest bits; all indices stay 0.
    (bits | 0b11 << at).to_le_bytes()
}

#[test]
fn a_texture_in_blocks_comes_by_rows_with_its_own_smaller_levels() {
    let mut stage = Stage::new(plain(), 16, 16);
    // It reads blocks slowly, so that nobody asks it to; a graphics chip is asked.
    assert_eq!(stage.gpu.texel_format(), TexelFormat::Rgba8);
    let shape =
        TextureShape { width: 8, height: 8, format: TexelFormat::Bc7, srgb: true, mips: Mips::Given(4) };
    let texture = stage.renderer.begin_texture(&stage.gpu, &shape).unwrap();
    let (red, blue, green) = ([255, 1, 1, 255], [1, 1, 255, 255], [1, 255, 1, 255]);
    let write = |level, first, bytes: &[u8]| {
        stage.renderer.write_texture(&stage.gpu, texture, &TextureRows { level, first, bytes })
    };
    write(0, 0, &block(red).repeat(2)).unwrap();
    write(0, 1, &block(blue).repeat(2)).unwrap();
    for level in 1..4 {
        write(level, 0, &block(green)).unwrap();
    }
    assert!(write(4, 0, &block(green)).unwrap_err().to_string().contains("no level 4"));
    assert!(write(0, 1, &block(red).repeat(4)).unwrap_err().to_string().contains("no rows of its level"));
    assert!(write(0, 0, &[0; 17]).is_err());
    stage.renderer.finish_texture(&stage.gpu, texture).unwrap();
    let quad = stage.quad();
    let data = MaterialData { kind: MaterialKind::Baked, texture: Some(texture), ..Default::default() };
    let material = stage.material(&data);
    let mut picture = |z: f32| {
        let draws = [draw(quad, material, at(0.0, 0.0, z))];
        let frame = FrameInput { views: &ahead(), static_draws: &draws, sky: NIGHT, ..Default::default() };
        stage.picture(&frame)
    };
    let near = picture(-0.5);
    assert_color(near.at(8, 3), red.first_chunk().copied().unwrap(), 2);
    assert_color(near.at(8, 12), blue.first_chunk().copied().unwrap(), 2);
    assert_color(picture(-3.5).middle(), green.first_chunk().copied().unwrap(), 2);
}

#[test]
fn a_mesh_that_comes_by_slices_is_the_mesh() {
    let mut stage = Stage::new(plain(), 32, 32);
    let positions: Vec<[f32; 3]> = (0..200)
        .flat_map(|step| {
            let x = step as f32 / 199.0 - 0.5;
            [[x, -0.5, 0.0], [x, 0.5, 0.0]]
        })
        .collect();
    let corner = |step: u32| [2 * step, 2 * step + 2, 2 * step + 3, 2 * step, 2 * step + 3, 2 * step + 1];
    let indices: Vec<u32> = (0..199).flat_map(corner).collect();
    let data = MeshData { positions: &positions, indices: &indices, ..Default::default() };
    let packed = PackedMesh::new(&data).unwrap();
    let mesh = stage.renderer.begin_mesh(&stage.gpu, &packed).unwrap();
    for start in (0..packed.byte_len()).step_by(SLICE) {
        let part = start..(start + SLICE).min(packed.byte_len());
        stage.renderer.write_mesh(&stage.gpu, mesh, &packed, part).unwrap();
    }
    let whole = stage.mesh(&data);
    let paint = stage.paint([1.0, 0.5, 0.0, 1.0]);
    let mut picture = |mesh| {
        let draws = [draw(mesh, paint, at(0.0, 0.0, -1.2))];
        stage.picture(&FrameInput { views: &ahead(), static_draws: &draws, sky: NIGHT, ..Default::default() })
    };
    let (by_slices, at_once) = (picture(mesh), picture(whole));
    assert!(by_slices.rgba == at_once.rgba && at_once.middle() != [0; 3]);
}
