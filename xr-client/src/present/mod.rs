//! Between frame and screen: a presenter says from where and onto what a frame is drawn, and shows it.
//!
//! A window and an offscreen picture are presenters; a headset is one with two views. It must not know the venue.

pub mod flat;
pub mod headless;
pub mod panel_painter;
pub mod proof;
mod silhouette;
pub mod xr;

use crate::scene::camera::{Camera, NEAR};
use crate::scene::panorama::Backdrop;
use crate::settings::Settings;
use glam::{Mat4, UVec2};
use wgpu_renderer::{FrameInput, Gpu, RenderError, Renderer, Target, View, reverse_z_perspective};
use xr::settings::HeadsetSettings;

/// How large the picture of this frame is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameSize {
    /// Pixels.
    pub size: UVec2,
    /// Pixels of a point, for panels.
    pub pixels_per_point: f32,
}

/// The eyes of one frame: one for a flat picture, two for a headset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Views {
    views: [View; 2],
    count: usize,
}

/// A frame that was drawn, for presenters that look at it once more.
pub struct Shown<'a> {
    /// The device.
    pub gpu: &'a Gpu,
    /// Draws object ids on demand.
    pub renderer: &'a mut Renderer,
    /// What was drawn.
    pub frame: &'a FrameInput<'a>,
    /// The turn about +y, radians, of the panorama that belongs behind it.
    pub backdrop_yaw: Option<f32>,
    /// Whose heads should be seen where.
    pub subjects: &'a proof::Subjects,
}

/// A frame can not be shown.
#[derive(Debug, thiserror::Error)]
pub enum PresentError {
    /// The renderer.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// A picture can not be written.
    #[error("{file} can not be written: {detail}")]
    Write {
        /// Which.
        file: String,
        /// Why.
        detail: String,
    },
    /// The surface is gone for good.
    #[error("the window's surface is gone: {0}")]
    Surface(String),
    /// The headset.
    #[error(transparent)]
    Headset(#[from] xr::XrError),
}

/// Where frames go.
pub trait Presenter {
    /// Begins a frame; none while nothing can be or needs to be shown.
    fn acquire(&mut self, gpu: &Gpu) -> Result<Option<FrameSize>, PresentError>;

    /// Pixels of a view, also while nothing is shown: what is near is fetched before it is seen.
    fn view_size(&self) -> UVec2;

    /// The eyes for a camera. A headset takes the camera as the middle between its own two.
    fn views(&self, camera: &Camera, size: UVec2) -> Views {
        Views::flat(camera, size)
    }

    /// Shows pictures with so many times the usual pixels on a side from the next frame on. What the renderer has to
    /// scale instead: all of it, unless the presenter has pictures of its own size.
    fn set_resolution(&mut self, resolution: f32) -> Result<f32, PresentError> {
        Ok(resolution)
    }

    /// What a person has set of the headset takes effect, as far as it can while it is worn.
    fn set_headset(&mut self, _wanted: &HeadsetSettings) {}

    /// The rates at which the headset can show pictures, Hz, if a person can choose; none without a headset.
    fn refresh_rates(&self) -> Option<&[u16]> {
        None
    }

    /// Where a panorama is shown behind the frames, if it can be.
    fn backdrop(&mut self) -> Option<&mut dyn Backdrop> {
        None
    }

    /// What the frame is drawn onto; none outside of a frame.
    fn target(&self) -> Option<Target<'_>>;

    /// Shows the frame.
    fn present(&mut self, shown: &mut Shown<'_>) -> Result<(), PresentError>;

    /// Another device and renderer for the same screen, after the device was lost. What the old ones hold is gone.
    fn set_up_again(&mut self, lost: &Gpu, settings: &Settings) -> Result<(Gpu, Renderer), PresentError>;
}

impl Views {
    /// One view of a flat picture.
    pub fn flat(camera: &Camera, size: UVec2) -> Self {
        Self::flat_from(camera, size, NEAR)
    }

    /// The same without what is nearer to the eye than this, metres.
    pub fn flat_from(camera: &Camera, size: UVec2, near: f32) -> Self {
        let aspect = size.x.max(1) as f32 / size.y.max(1) as f32;
        let view = View {
            view_from_world: camera.view_from_world(),
            clip_from_view: reverse_z_perspective(camera.vertical_fov, aspect, near),
        };
        Self { views: [view; 2], count: 1 }
    }

    /// The two views of a headset.
    pub fn stereo(views: [View; 2]) -> Self {
        Self { views, count: 2 }
    }

    /// As the renderer takes them.
    pub fn as_slice(&self) -> &[View] {
        &self.views[..self.count]
    }
}

impl Default for Views {
    fn default() -> Self {
        let view = View { view_from_world: Mat4::IDENTITY, clip_from_view: Mat4::IDENTITY };
        Self { views: [view; 2], count: 1 }
    }
}
