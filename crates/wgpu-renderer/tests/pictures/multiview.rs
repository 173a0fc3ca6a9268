//! Two views drawn at once are the same pictures as each drawn alone.

use crate::flat::Scene;
use crate::stage::{Picture, Stage, open};
use glam::{Mat4, Vec2, Vec3, Vec4, camera};
use wgpu_renderer::{
    Cover, Draw, FrameInput, HiddenArea, Layers, PackedSurfels, Quality, RenderSettings, SurfelData,
    SurfelDraw, Target, Timing, View, ViewWay, reverse_z_perspective_from_angles, wgpu,
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
fn views_drawn_apart_equal_single_views_on_a_device_without_multiview() {
    for (quality, format) in [
        (Quality::Standard, wgpu::TextureFormat::Rgba8UnormSrgb),
        (Quality::Low, wgpu::TextureFormat::Rgba8Unorm),
    ] {
        let settings = RenderSettings { way: ViewWay::Apart, ..RenderSettings::stereo(quality, format) };
        assert!(settings.required_features().is_empty());
        check(settings);
    }
}

/// What lies on the screen is drawn over what nobody sees.
fn world<'a>(frame: &FrameInput<'a>) -> FrameInput<'a> {
    FrameInput { panels: &[], fade: Default::default(), ..*frame }
}

#[test]
fn what_nobody_sees_of_an_eye_is_not_drawn() {
    let settings = RenderSettings::stereo(Quality::Standard, wgpu::TextureFormat::Rgba8UnormSrgb);
    for way in [ViewWay::AtOnce, ViewWay::Apart] {
        let mut stage = Stage::new(RenderSettings { way, ..settings }, 160, 128);
        let content = scene(&mut stage);
        let corner = [Vec2::new(-1.0, 1.0), Vec2::new(-1.0, 0.0), Vec2::new(0.0, 1.0)];
        let other = [Vec2::new(1.0, -1.0), Vec2::new(1.0, 0.0), Vec2::new(0.0, -1.0)];
        content.with_frame(&eyes(), |frame| stage.draw(&world(frame)));
        let whole = [stage.view(0), stage.view(1)];
        let area = HiddenArea::new(&stage.gpu, [&corner, &other]).unwrap().unwrap();
        let target = Target { hidden: Some(&area), ..stage.target.target() };
        content
            .with_frame(&eyes(), |frame| stage.renderer.render(&stage.gpu, &world(frame), &target).unwrap());
        for (index, hidden) in [(10, 10), (150, 118)].into_iter().enumerate() {
            let picture = stage.view(index as u32);
            let shown = [(150, 118), (10, 10), (80, 64)].into_iter().filter(|place| *place != hidden);
            assert_eq!(picture.at(hidden.0, hidden.1), [0, 0, 0], "{way:?} {index}");
            for (x, y) in shown {
                assert_eq!(picture.at(x, y), whole[index].at(x, y), "{way:?} {index}");
            }
        }
    }
    let stage = Stage::new(RenderSettings { way: ViewWay::Apart, ..settings }, 16, 16);
    assert!(HiddenArea::new(&stage.gpu, [&[], &[]]).unwrap().is_none());
}

/// A texture for the depth of both eyes.
fn depth_texture(stage: &Stage) -> wgpu::Texture {
    stage.gpu.device().create_texture(&wgpu::TextureDescriptor {
        label: None,
        size: wgpu::Extent3d { width: 160, height: 128, depth_or_array_layers: 2 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: wgpu::TextureFormat::Depth32Float,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
        view_formats: &[],
    })
}

/// The depth of one eye. Rows of 160 numbers need no filling.
fn depths(stage: &Stage, texture: &wgpu::Texture, layer: u32) -> Vec<f32> {
    let (device, queue) = (stage.gpu.device(), stage.gpu.queue());
    let buffer = device.create_buffer(&wgpu::BufferDescriptor {
        label: None,
        size: 256 * 3 * 128,
        usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
        mapped_at_creation: false,
    });
    let mut encoder = device.create_command_encoder(&Default::default());
    encoder.copy_texture_to_buffer(
        wgpu::TexelCopyTextureInfo {
            texture,
            mip_level: 0,
            origin: wgpu::Origin3d { x: 0, y: 0, z: layer },
            aspect: wgpu::TextureAspect::DepthOnly,
        },
        wgpu::TexelCopyBufferInfo {
            buffer: &buffer,
            layout: wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(256 * 3),
                rows_per_image: None,
            },
        },
        wgpu::Extent3d { width: 160, height: 128, depth_or_array_layers: 1 },
    );
    queue.submit([encoder.finish()]);
    buffer.slice(..).map_async(wgpu::MapMode::Read, |mapped| mapped.unwrap());
    device.poll(wgpu::PollType::wait_indefinitely()).unwrap();
    let bytes = buffer.slice(..).get_mapped_range().unwrap();
    bytes.chunks(256 * 3).flat_map(|row| bytemuck::pod_collect_to_vec::<u8, f32>(&row[..160 * 4])).collect()
}

#[test]
fn depth_reaches_whoever_wants_it_from_one_sample_and_from_four() {
    for (quality, way) in [
        (Quality::Low, ViewWay::AtOnce),
        (Quality::Standard, ViewWay::AtOnce),
        (Quality::Low, ViewWay::Apart),
        (Quality::Standard, ViewWay::Apart),
    ] {
        let format = wgpu::TextureFormat::Rgba8UnormSrgb;
        let settings = RenderSettings { way, ..RenderSettings::stereo(quality, format) };
        let mut stage = Stage::new(settings, 160, 128);
        let texture = depth_texture(&stage);
        let layers = Layers::of(&texture);
        let quad = stage.quad();
        let material = stage.material(&Default::default());
        // A wall 2 m before the eyes, small enough that no eye sees it to its picture's edge.
        let head = eyes()[0].view_from_world.inverse() * Mat4::from_translation(Vec3::new(0.0, 0.0, -2.0));
        let wall = Draw {
            mesh: quad,
            material,
            world_from_model: head,
            tint: Vec4::ONE,
            cover: Cover::WHOLE,
            object_id: 0,
        };
        let frame = FrameInput { views: &eyes(), static_draws: &[wall], ..Default::default() };
        let target = Target { depth: Some(&layers), ..stage.target.target() };
        stage.renderer.render(&stage.gpu, &frame, &target).unwrap();
        for index in 0..2 {
            let seen = depths(&stage, &texture, index);
            let place = eyes()[index as usize].clip_from_world() * head.w_axis;
            let x = ((place.x / place.w * 0.5 + 0.5) * 160.0) as usize;
            let depth = seen[64 * 160 + x];
            assert!((depth - 0.05 / 2.0).abs() < 1e-4, "{quality:?} {way:?} {index}: {depth}");
            assert_eq!(seen[0], 0.0, "nothing is infinitely far");
        }
    }
}

#[test]
fn the_gpu_s_time_is_known_for_each_pass_some_frames_later() {
    for way in [ViewWay::AtOnce, ViewWay::Apart] {
        let settings = RenderSettings::stereo(Quality::Standard, wgpu::TextureFormat::Rgba8UnormSrgb);
        let mut stage = Stage::new(RenderSettings { way, ..settings }, 160, 128);
        let content = scene(&mut stage);
        content.with_frame(&eyes(), |frame| stage.draw(frame));
        assert_eq!(stage.renderer.pass_times(), None, "nobody asked");
        stage.renderer.time_passes(&stage.gpu, Timing::On).unwrap();
        for _ in 0..8 {
            content.with_frame(&eyes(), |frame| stage.draw(frame));
            stage.gpu.device().poll(wgpu::PollType::wait_indefinitely()).unwrap();
        }
        let times = stage.renderer.pass_times().expect("this device can mark times");
        assert!(times.world_ms > 0.0 && times.world_ms < 10_000.0, "{way:?} {times:?}");
        assert!(times.sum_ms() >= times.world_ms);
        stage.renderer.time_passes(&stage.gpu, Timing::Off).unwrap();
        assert_eq!(stage.renderer.pass_times(), None);
    }
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
