//! From a frame's views, light and sky to the numbers that every shader reads.

use crate::arena::Arena;
use crate::gpu_data::{FrameUniform, ViewUniform};
use crate::passes::vignette;
use crate::{FrameInput, Sky, View};
use glam::{DMat4, Mat4, Vec3};

/// What the shaders' `sky_kind` says.
const GRADIENT: f32 = 0.0;
const PANORAMA: f32 = 1.0;
const OPEN: f32 = 2.0;

/// Where a frame's numbers lie, and what drawing needs to know of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FrameBlock {
    /// Dynamic offset of the frame's uniform struct.
    pub(crate) offset: u32,
    pub(crate) shows_panorama: bool,
    /// Whether a vignette is drawn.
    pub(crate) narrows: bool,
    /// The middle between the eyes.
    pub(crate) head_in_world: Vec3,
}

/// Puts the frame's numbers into the arena. There is at least one view.
pub(crate) fn push(frame: &FrameInput<'_>, shows_panorama: bool, arena: &mut Arena) -> FrameBlock {
    let last = frame.views.len() - 1;
    let head_in_world = (frame.views[0].position_in_world() + frame.views[last].position_in_world()) * 0.5;
    let uniform = uniform_of(frame, shows_panorama, head_in_world);
    let narrows = vignette::clear_radians(frame.vignette).is_some();
    FrameBlock { offset: arena.push_uniform(&uniform), shows_panorama, narrows, head_in_world }
}

fn uniform_of(frame: &FrameInput<'_>, shows_panorama: bool, head_in_world: Vec3) -> FrameUniform {
    let last = frame.views.len() - 1;
    let light = &frame.lighting;
    let clear_radians = vignette::clear_radians(frame.vignette);
    let (sky_zenith, sky_horizon, sky_ground, sky_yaw) = match frame.sky {
        Sky::Gradient { zenith, horizon, ground } => (zenith, horizon, ground, 0.0),
        Sky::Equirect { tint, yaw, .. } => (tint, Vec3::ZERO, Vec3::ZERO, yaw),
        Sky::Open => (Vec3::ZERO, Vec3::ZERO, Vec3::ZERO, 0.0),
    };
    let sky_kind = match frame.sky {
        Sky::Open => OPEN,
        _ if shows_panorama => PANORAMA,
        _ => GRADIENT,
    };
    FrameUniform {
        views: [0, last].map(|index| view_of(&frame.views[index])),
        ambient_from_above: light.ambient_from_above,
        exposure: light.exposure,
        ambient_from_below: light.ambient_from_below,
        sky_kind,
        direction_to_sun: light.direction_to_sun.normalize_or(Vec3::Y),
        sky_yaw,
        sun_color: light.sun_color,
        fade_amount: frame.fade.amount.clamp(0.0, 1.0),
        fade_color: frame.fade.color,
        vignette_radians: clear_radians.unwrap_or(vignette::OPEN),
        sky_zenith,
        sky_horizon,
        sky_ground,
        head_in_world,
        _fill_zenith: 0.0,
        _fill_horizon: 0.0,
        _fill_ground: 0.0,
        _fill_head: 0.0,
    }
}

fn view_of(view: &View) -> ViewUniform {
    ViewUniform {
        clip_from_world: view.clip_from_world(),
        direction_from_clip: direction_from_clip(view),
        eye_in_world: view.position_in_world(),
        _fill: 0.0,
    }
}

/// From a point of the picture to the direction in the world in which it is seen.
pub(crate) fn direction_from_clip(view: &View) -> Mat4 {
    // Without the eye's position: the small differences between far points would lose their precision.
    let mut rotation = view.view_from_world;
    rotation.w_axis = glam::Vec4::W;
    (view.clip_from_view * rotation).inverse()
}

/// From a point of the picture with its depth back to the world, in double precision.
pub(crate) fn world_from_clip(view: &View) -> DMat4 {
    let double = |matrix: &Mat4| matrix.as_dmat4();
    (double(&view.clip_from_view) * double(&view.view_from_world)).inverse()
}
