//! What goes wrong comes back as a sentence, never as a panic.

use crate::stage::{Stage, ahead, open, plain};
use glam::UVec2;
use wgpu_renderer::{
    FrameInput, MaterialData, MeshData, Mips, OffscreenTarget, RenderError, RenderSettings, Renderer,
    TextureData,
};

#[test]
fn a_lost_device_is_an_error_of_every_call() {
    let mut stage = Stage::new(plain(), 16, 16);
    let views = ahead();
    let frame = FrameInput { views: &views, ..Default::default() };
    stage.draw(&frame);
    stage.gpu.device().destroy();
    stage.gpu.device().poll(wgpu_renderer::wgpu::PollType::wait_indefinitely()).unwrap();
    let result = stage.renderer.render(&stage.gpu, &frame, &stage.target.target());
    assert!(matches!(result, Err(RenderError::DeviceLost { .. })), "{result:?}");
    assert!(stage.gpu.is_lost());
    let read = pollster::block_on(stage.target.read_rgba(&stage.gpu, 0));
    assert!(matches!(read, Err(RenderError::DeviceLost { .. })));
    let ids = pollster::block_on(stage.renderer.render_object_ids(&stage.gpu, &frame, UVec2::splat(4)));
    assert!(matches!(ids, Err(RenderError::DeviceLost { .. })));
    let made = stage.renderer.add_material(&stage.gpu, &MaterialData::default());
    assert!(matches!(made, Err(RenderError::DeviceLost { .. })));
    let anew = Renderer::new(&stage.gpu, plain());
    assert!(anew.unwrap_err().to_string().contains("device was lost"));
}

#[test]
fn what_the_driver_refuses_is_an_error_once_and_the_next_frame_is_drawn() {
    let mut stage = Stage::new(plain(), 16, 16);
    // A second renderer's format does not fit this target: the driver refuses the frame.
    let other =
        RenderSettings::flat(wgpu_renderer::Quality::Low, wgpu_renderer::wgpu::TextureFormat::Bgra8UnormSrgb);
    let mut misfit = Renderer::new(&stage.gpu, other).unwrap();
    let views = ahead();
    let frame = FrameInput { views: &views, ..Default::default() };
    let error = misfit.render(&stage.gpu, &frame, &stage.target.target()).unwrap_err();
    assert!(matches!(error, RenderError::Refused { .. }), "{error}");
    stage.draw(&frame);
}

#[test]
fn input_that_does_not_fit_says_why() {
    let mut stage = Stage::new(plain(), 16, 16);
    let gpu = stage.gpu.clone();
    let too_many = [ahead()[0], ahead()[0]];
    let frame = FrameInput { views: &too_many, ..Default::default() };
    let error = stage.renderer.render(&gpu, &frame, &stage.target.target()).unwrap_err().to_string();
    assert!(error.contains("2 views") && error.contains("set up for 1"), "{error}");
    let huge = UVec2::new(1, gpu.device().limits().max_texture_dimension_2d + 1);
    assert!(OffscreenTarget::new(&gpu, &plain(), huge).is_err());
    assert!(OffscreenTarget::new(&gpu, &plain(), UVec2::ZERO).is_err());
    let data = TextureData { width: 3, height: 1, rgba8: &[0; 4], srgb: true, mips: Mips::Generate };
    assert!(matches!(stage.renderer.add_texture(&gpu, &data), Err(RenderError::InvalidTexture { .. })));
    let empty = MeshData::default();
    assert!(matches!(stage.renderer.add_mesh(&gpu, &empty), Err(RenderError::InvalidMesh { .. })));
    let data = TextureData { width: 1, height: 1, rgba8: &[0; 4], srgb: true, mips: Mips::None };
    let texture = stage.renderer.add_texture(&gpu, &data).unwrap();
    stage.renderer.remove_texture(texture);
    let material = MaterialData { texture: Some(texture), ..Default::default() };
    let error = stage.renderer.add_material(&gpu, &material).unwrap_err();
    assert_eq!(error, RenderError::Missing { kind: "texture" });
}

#[test]
fn settings_that_nobody_can_draw_are_refused() {
    let gpu = open(plain().required_features());
    for settings in [
        RenderSettings { view_count: 3, ..plain() },
        RenderSettings { sample_count: 3, ..plain() },
        RenderSettings { render_scale: 0.0, ..plain() },
    ] {
        assert!(
            matches!(Renderer::new(&gpu, settings), Err(RenderError::Unsupported { .. })),
            "{settings:?}"
        );
    }
}
