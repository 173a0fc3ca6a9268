//! The headset: frames with two views, at the pace of its runtime and where its head and hands are.
//!
//! It must not know the venue; the app draws. `unsafe` is only in `runtime.rs` (the loader), `device.rs`, `session.rs`
//! and `swapchain.rs`, where OpenXR, Vulkan and wgpu hold the same objects.

mod actions;
mod device;
mod hand_joints;
mod life;
mod run;
mod runtime;
mod session;
mod swapchain;
mod views;

pub use life::Ending;
pub use run::{Outcome, Worn, open};
pub use runtime::XrError;

use super::{FrameSize, PresentError, Presenter, Shown, Views};
use crate::input::headset::HeadsetState;
use crate::platform::foreign;
use crate::scene::camera::Camera;
use crate::settings::Settings;
use device::HeadsetDevice;
use glam::UVec2;
use runtime::Runtime;
use session::{News, Session};
use wgpu_renderer::{Gpu, Renderer, Target};

/// Pixels of a point, for name tags.
const PIXELS_PER_POINT: f32 = 1.25;

/// Shows frames in a headset.
pub struct XrPresenter {
    /// Goes before the device does.
    session: Session,
    gpu: Gpu,
    is_recentered: bool,
    shown: u64,
}

impl XrPresenter {
    fn new(runtime: Runtime, device: &HeadsetDevice) -> Result<Self, XrError> {
        let session = Session::open(runtime, device)?;
        let gpu = device.gpu.clone();
        Ok(Self { session, gpu, is_recentered: false, shown: 0 })
    }

    /// Hears what the runtime says.
    fn poll(&mut self) -> Result<News, XrError> {
        let news = self.session.poll()?;
        self.is_recentered |= news.is_recentered;
        Ok(news)
    }

    /// Waits for the next frame and begins it; what the headset says then. Without frames to wait for, the headset is
    /// off.
    fn begin_frame(&mut self) -> Result<HeadsetState, XrError> {
        if !self.session.is_running() {
            return Ok(HeadsetState::default());
        }
        let state = self.session.begin_frame()?;
        Ok(HeadsetState { is_recentered: std::mem::take(&mut self.is_recentered), ..state })
    }

    /// Ends the frame, whatever has come of it.
    fn end_frame(&mut self) -> Result<(), XrError> {
        self.shown += u64::from(self.session.end_frame()?);
        Ok(())
    }

    /// How many frames were shown.
    fn shown(&self) -> u64 {
        self.shown
    }
}

impl Presenter for XrPresenter {
    fn acquire(&mut self, _gpu: &Gpu) -> Result<Option<FrameSize>, PresentError> {
        let is_wanted = foreign(|| self.session.acquire())?;
        let size = FrameSize { size: self.view_size(), pixels_per_point: PIXELS_PER_POINT };
        Ok(is_wanted.then_some(size))
    }

    fn view_size(&self) -> UVec2 {
        self.session.eye_size().into()
    }

    fn views(&self, camera: &Camera, size: UVec2) -> Views {
        match self.session.eyes() {
            Some(eyes) => eyes.views(camera),
            // Nothing is drawn between frames; tiles are chosen all the same.
            None => Views::flat(camera, size),
        }
    }

    fn target(&self) -> Option<Target<'_>> {
        self.session.target()
    }

    fn present(&mut self, _shown: &mut Shown<'_>) -> Result<(), PresentError> {
        Ok(foreign(|| self.session.release())?)
    }

    fn set_up_again(&mut self, _lost: &Gpu, _settings: &Settings) -> Result<(Gpu, Renderer), PresentError> {
        // The session hangs on the device: with it the headset is lost, and the window takes over.
        Err(PresentError::Headset(XrError::Lost("the graphics device was lost".into())))
    }
}

impl Drop for XrPresenter {
    fn drop(&mut self) {
        Session::settle(&self.gpu);
    }
}
