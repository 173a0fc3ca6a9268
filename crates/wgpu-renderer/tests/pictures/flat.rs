//! Flat mode: the smallest device is enough, and one scene with everything in it looks as it was blessed.

use crate::geometry::{bar, bent};
use crate::snapshot;
use crate::stage::{Stage, assert_color, at, draw, look, open, plain};
use glam::{Mat4, UVec2, Vec2, Vec3, Vec4};
use wgpu_renderer::{
    AlphaMode, Draw, FrameInput, Label, Lighting, MaterialData, MaterialKind, Mips, PanelLayer, PanelMesh,
    PanelPlacement, PanelVertex, Quality, RenderSettings, SkinnedDraw, Sky, View, wgpu,
};

#[test]
fn flat_mode_opens_a_device_with_core_limits_and_nothing_optional_but_smaller_textures_and_times() {
    let gpu = open(plain().required_features());
    let smaller = wgpu::Features::TEXTURE_COMPRESSION_BC
        | wgpu::Features::TEXTURE_COMPRESSION_ASTC
        | wgpu::Features::TEXTURE_COMPRESSION_ETC2;
    let times = wgpu::Features::TIMESTAMP_QUERY | wgpu::Features::TIMESTAMP_QUERY_INSIDE_ENCODERS;
    assert_eq!(gpu.device().features() - smaller - times, wgpu::Features::empty());
    let resolution = gpu.adapter().limits();
    assert_eq!(gpu.device().limits(), wgpu::Limits::downlevel_defaults().using_resolution(resolution));
}

fn wood() -> Vec<u8> {
    let texel = |index: u32| {
        let (x, y) = (index % 32, index / 32);
        let dark = (x / 4 + y / 8) % 2 == 0;
        if dark { [120, 82, 50, 255] } else { [176, 132, 84, 255] }
    };
    (0..32 * 32).flat_map(texel).collect()
}

fn tag() -> Vec<u8> {
    let texel = |index: u32| {
        let (x, y) = (index % 16, index / 16);
        let ink = y == 3 && (3..13).contains(&x);
        if ink { [255, 255, 255, 255] } else { [10, 20, 40, 200] }
    };
    (0..16 * 8).flat_map(texel).collect()
}

/// What the scene holds: all that one frame can show.
pub(crate) struct Scene {
    pub(crate) draws: Vec<Draw>,
    joints: [Mat4; 2],
    body: SkinnedDraw<'static>,
    pub(crate) labels: Vec<Label>,
    vertices: [PanelVertex; 4],
    panel_texture: wgpu_renderer::TextureId,
}

impl Scene {
    pub(crate) fn new(stage: &mut Stage) -> Self {
        let (quad, ball, bar) = (stage.quad(), stage.ball(), bar(stage));
        let wood = stage.texture(32, &wood(), true, Mips::Generate);
        let tag = stage.texture(16, &tag(), false, Mips::None);
        let white = stage.texture(1, &[255; 4], false, Mips::None);
        let floor = stage.material(&MaterialData {
            kind: MaterialKind::Baked,
            texture: Some(wood),
            ..Default::default()
        });
        let clay = stage.material(&MaterialData { base_color: [0.6, 0.22, 0.14, 1.0], ..Default::default() });
        let gold = MaterialData {
            base_color: [0.9, 0.65, 0.25, 1.0],
            roughness: 0.3,
            metallic: 1.0,
            ..Default::default()
        };
        let gold = stage.material(&gold);
        let kind = MaterialKind::Unlit;
        let glass = MaterialData {
            kind,
            base_color: [0.3, 0.6, 0.9, 0.35],
            alpha: AlphaMode::Blend,
            ..Default::default()
        };
        let glass = stage.material(&MaterialData { double_sided: true, ..glass });
        let cloth = stage.material(&MaterialData { base_color: [0.12, 0.2, 0.4, 1.0], ..Default::default() });
        let flat = Mat4::from_rotation_x(-std::f32::consts::FRAC_PI_2) * Mat4::from_scale(Vec3::splat(6.0));
        let draws = vec![
            draw(quad, glass, at(1.5, 0.8, 1.2) * Mat4::from_scale(Vec3::new(1.2, 1.6, 1.0))),
            draw(quad, floor, flat),
            draw(ball, clay, at(0.0, 0.5, 0.0)),
            draw(ball, gold, at(1.4, 0.5, 0.2)),
        ];
        let body = SkinnedDraw {
            mesh: bar,
            material: cloth,
            world_from_model: at(-1.4, 0.0, 0.0) * Mat4::from_scale(Vec3::splat(0.6)),
            joints: &[],
            tint: Vec4::ONE,
            object_id: 3,
            marked_joints: [None; 2],
            light: None,
        };
        let label = Label {
            anchor_in_world: Vec3::new(0.0, 1.15, 0.0),
            size_radians: Vec2::new(0.2, 0.1),
            texture: tag,
            uv_rect: [0.0, 0.0, 1.0, 1.0],
            tint: Vec4::ONE,
            depth_bias: 0.2,
            hidden_opacity: 0.2,
        };
        let corner = |x, y, color| PanelVertex { position: [x, y], uv: [0.5, 0.5], color };
        let (top, bottom) = ([30, 60, 110, 255], [10, 24, 50, 255]);
        let vertices = [
            corner(0.0, 0.0, top),
            corner(60.0, 0.0, top),
            corner(60.0, 40.0, bottom),
            corner(0.0, 40.0, bottom),
        ];
        Self { draws, joints: bent(0.8), body, labels: vec![label], vertices, panel_texture: white }
    }

    /// Hands the whole frame to `show`.
    pub(crate) fn with_frame<R>(&self, views: &[View], show: impl FnOnce(&FrameInput<'_>) -> R) -> R {
        let bodies = [SkinnedDraw { joints: &self.joints, ..self.body }];
        let meshes = [PanelMesh {
            vertices: &self.vertices,
            indices: &[0, 1, 2, 0, 2, 3],
            clip_rect: [0.0, 0.0, 60.0, 40.0],
            texture: self.panel_texture,
        }];
        let world_from_panel = at(-0.4, 1.6, -1.5) * Mat4::from_rotation_y(0.4);
        let standing = PanelPlacement::World { world_from_panel, meters_per_unit: 0.02 };
        let panels = [
            PanelLayer { placement: standing, size: Vec2::new(60.0, 40.0), meshes: &meshes },
            PanelLayer { placement: PanelPlacement::Screen, size: Vec2::new(256.0, 160.0), meshes: &meshes },
        ];
        let frame = FrameInput {
            views,
            lighting: Lighting::default(),
            sky: Sky::default(),
            static_draws: &self.draws,
            skinned_draws: &bodies,
            labels: &self.labels,
            panels: &panels,
            ..Default::default()
        };
        show(&frame)
    }
}

fn overview() -> [View; 1] {
    [look(Vec3::new(0.4, 1.9, 4.2), Vec3::new(0.0, 0.7, 0.0), 1.6)]
}

#[test]
fn one_scene_with_everything_in_it() {
    let mut stage = Stage::new(plain(), 256, 160);
    let scene = Scene::new(&mut stage);
    let picture = scene.with_frame(&overview(), |frame| stage.picture(frame));
    snapshot::check("everything", UVec2::new(256, 160), &picture.rgba);
}

#[test]
fn the_low_setting_shows_the_same_scene() {
    let settings = RenderSettings::flat(Quality::Low, wgpu::TextureFormat::Bgra8Unorm);
    let mut stage = Stage::new(RenderSettings { render_scale: 0.5, ..settings }, 256, 160);
    let scene = Scene::new(&mut stage);
    let picture = scene.with_frame(&overview(), |frame| stage.picture(frame));
    snapshot::check("everything-low", UVec2::new(256, 160), &picture.rgba);
}

#[test]
fn the_quality_changes_at_once_and_everything_stays() {
    let mut stage = Stage::new(plain(), 256, 160);
    let scene = Scene::new(&mut stage);
    let standard = scene.with_frame(&overview(), |frame| stage.picture(frame));
    stage.renderer.set_quality(&stage.gpu, Quality::Low).unwrap();
    let settings = *stage.renderer.settings();
    assert_eq!((settings.sample_count, settings.render_scale), (1, 0.75));
    let low = scene.with_frame(&overview(), |frame| stage.picture(frame));
    let mut made_low = Stage::new(RenderSettings::flat(Quality::Low, settings.color_format), 256, 160);
    let same_scene = Scene::new(&mut made_low);
    let expected = same_scene.with_frame(&overview(), |frame| made_low.picture(frame));
    assert!(low.rgba == expected.rgba, "as if it had been made for the quality");
    assert!(low.rgba != standard.rgba);
    stage.renderer.set_quality(&stage.gpu, Quality::Standard).unwrap();
    let again = scene.with_frame(&overview(), |frame| stage.picture(frame));
    assert!(again.rgba == standard.rgba);
}

#[test]
fn a_target_of_another_size_gets_its_own_attachments() {
    let mut stage = Stage::new(plain(), 64, 40);
    let quad = stage.quad();
    let paint = stage.paint([0.0, 1.0, 0.0, 1.0]);
    let draws = [draw(quad, paint, at(0.0, 0.0, -0.2))];
    let views = crate::stage::ahead();
    let frame = FrameInput { views: &views, static_draws: &draws, ..Default::default() };
    assert_color(stage.picture(&frame).middle(), [0, 255, 0], 0);
    let larger = wgpu_renderer::OffscreenTarget::new(&stage.gpu, &plain(), UVec2::new(200, 130)).unwrap();
    stage.target = larger;
    assert_color(stage.picture(&frame).middle(), [0, 255, 0], 0);
}
