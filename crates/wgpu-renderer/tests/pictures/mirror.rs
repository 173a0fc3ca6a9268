//! The mirror of a headset shows its picture over what the headset has behind it, as the picture itself would show that.

use crate::stage::{Stage, look, plain};
use glam::{Mat4, UVec2, Vec3};
use wgpu_renderer::{
    FrameInput, Layers, Mips, MirrorBackdrop, MirrorPainter, MirrorPicture, OffscreenTarget, Sky, View, wgpu,
};

const SIZE: u32 = 64;
const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8UnormSrgb;

/// How much larger than the window the picture is.
const ZOOM: f32 = 1.3;

/// Red by the way around and green by the height, without a seam.
fn panorama() -> Vec<u8> {
    let texel = |x: u32, y: u32| [(2 * x.min(127 - x)) as u8, (4 * y) as u8, 40, 255];
    (0..64).flat_map(|y| (0..128).flat_map(move |x| texel(x, y))).collect()
}

fn texture(stage: &Stage, size: [u32; 2], rgba8: &[u8]) -> wgpu::Texture {
    let size = wgpu::Extent3d { width: size[0], height: size[1], depth_or_array_layers: 1 };
    let texture = stage.gpu.device().create_texture(&wgpu::TextureDescriptor {
        label: None,
        size,
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: FORMAT,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT
            | wgpu::TextureUsages::TEXTURE_BINDING
            | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    });
    let layout =
        wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(size.width * 4), rows_per_image: None };
    stage.gpu.queue().write_texture(texture.as_image_copy(), rgba8, layout, size);
    texture
}

/// What the window shows of a picture of one colour.
fn mirrored(stage: &Stage, pixel: [u8; 4], eye: Option<View>, yaw: f32) -> Vec<u8> {
    let picture = Layers::of(&texture(stage, [SIZE; 2], &pixel.repeat((SIZE * SIZE) as usize)));
    let panorama = texture(stage, [128, 64], &panorama()).create_view(&Default::default());
    let window = OffscreenTarget::new(&stage.gpu, &plain(), UVec2::splat(SIZE)).unwrap();
    let backdrop = eye.map(|eye| MirrorBackdrop { panorama: &panorama, yaw, eye });
    let picture = MirrorPicture { layers: &picture, size: UVec2::splat(SIZE), backdrop };
    let painter = MirrorPainter::new(&stage.gpu, FORMAT);
    painter.paint(&stage.gpu, &picture, window.target().color.view(None), UVec2::splat(SIZE));
    pollster::block_on(window.read_rgba(&stage.gpu, 0)).unwrap()
}

#[test]
fn a_panorama_behind_an_open_sky_is_where_the_picture_itself_would_show_it() {
    let mut stage = Stage::new(plain(), SIZE, SIZE);
    let texture = stage.texture(128, &panorama(), true, Mips::None);
    for (yaw, ahead) in [(0.0, Vec3::NEG_Z), (2.9, Vec3::NEG_Z), (0.7, Vec3::new(0.5, 0.8, 0.6))] {
        let eye = look(Vec3::ONE, Vec3::ONE + ahead, 1.0);
        // The window shows the picture's middle.
        let middle = Mat4::from_scale(Vec3::new(ZOOM, ZOOM, 1.0)) * eye.clip_from_view;
        let views = [View { clip_from_view: middle, ..eye }];
        let sky = Sky::Equirect { texture, yaw, tint: Vec3::ONE };
        let expected = stage.picture(&FrameInput { views: &views, sky, ..Default::default() });
        let seen = mirrored(&stage, [0; 4], Some(eye), yaw);
        for (at, (seen, expected)) in seen.iter().zip(&expected.rgba).enumerate() {
            assert!(seen.abs_diff(*expected) <= 3, "yaw {yaw}, byte {at}: {seen}, not {expected}");
        }
    }
}

#[test]
fn what_hides_the_panorama_in_the_headset_hides_it_in_the_window() {
    let stage = Stage::new(plain(), SIZE, SIZE);
    let eye = look(Vec3::ZERO, Vec3::NEG_Z, 1.0);
    let middle =
        |pixel, eye| mirrored(&stage, pixel, eye, 0.0)[(SIZE / 2 * (SIZE + 1)) as usize * 4..][..3].to_vec();
    assert_eq!(middle([90, 20, 200, 255], Some(eye)), [90, 20, 200]);
    let (clear, half) = (middle([0; 4], Some(eye)), middle([0, 0, 0, 128], Some(eye)));
    assert!(clear[0] > 100 && half[0] > 60 && half[0] < clear[0] - 20, "{clear:?} {half:?}");
    assert_eq!(
        middle([90, 20, 200, 0], None),
        [90, 20, 200],
        "without a panorama there is the picture alone"
    );
}
