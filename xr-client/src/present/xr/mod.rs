//! The headset: frames with two views, at the pace of its runtime and where its head and hands are.
//!
//! It must not know the venue; the app draws. `unsafe` is only in `runtime.rs` (the loader), `pictures.rs` (what a frame's
//! layer points to), `device.rs`, `session.rs` and `swapchain.rs`, where OpenXR, Vulkan and wgpu hold the same objects.

mod actions;
mod backdrop;
mod backdrop_copy;
mod device;
mod hand_joints;
mod life;
mod mask;
mod mirror;
mod pictures;
mod recentering;
mod refresh;
mod run;
mod runtime;
mod session;
pub mod settings;
mod swapchain;
mod views;

pub use life::Ending;
pub use run::{Outcome, Worn, open};
pub use runtime::XrError;

use super::flat::WindowLoop;
use super::{FrameSize, PresentError, Presenter, Shown, Views};
use crate::input::headset::HeadsetState;
use crate::platform::foreign;
use crate::scene::camera::Camera;
use crate::scene::panorama::Backdrop;
use crate::settings::Settings;
use backdrop::BackdropLayer;
use device::HeadsetDevice;
use glam::UVec2;
use mirror::Mirror;
use runtime::Runtime;
use session::Session;
use settings::{HeadsetSettings, PanoramaWay, Refresh};
use std::time::Duration;
use wgpu_renderer::{Gpu, MirrorBackdrop, MirrorPicture, Renderer, Target};

/// Pixels of a point, for name tags.
const PIXELS_PER_POINT: f32 = 1.25;

/// Shows frames in a headset.
pub struct XrPresenter {
    /// Goes before the device does.
    session: Session,
    /// A window beside it.
    mirror: Option<Mirror>,
    gpu: Gpu,
    rates: Vec<u16>,
    /// The refresh rate that was asked for last.
    refresh: Option<Refresh>,
    panorama: PanoramaWay,
    shown: u64,
}

impl XrPresenter {
    fn new(runtime: Runtime, device: &HeadsetDevice) -> Result<Self, XrError> {
        let session = Session::open(runtime, device)?;
        let (gpu, rates) = (device.gpu.clone(), session.refresh_rates());
        let panorama = PanoramaWay::default();
        Ok(Self { session, mirror: None, gpu, rates, refresh: None, panorama, shown: 0 })
    }

    /// Hears what the runtime says; how the session has ended, if it has.
    pub(crate) fn poll(&mut self) -> Result<Option<Ending>, XrError> {
        self.session.poll()
    }

    /// Waits for the next frame and begins it; what the headset says then. Without frames to wait for, the headset is
    /// off.
    pub(crate) fn begin_frame(&mut self) -> Result<HeadsetState, XrError> {
        if !self.session.is_running() {
            return Ok(HeadsetState::default());
        }
        foreign(|| self.session.begin_frame())
    }

    /// Whether there are frames to wait for.
    pub(crate) fn is_running(&self) -> bool {
        self.session.is_running()
    }

    /// How long after its begin the frame is seen.
    pub(crate) fn lead(&self) -> Duration {
        self.session.lead()
    }

    /// Asks the runtime to end the session; a poll tells when it has.
    pub(crate) fn ask_end(&mut self) -> Result<(), XrError> {
        self.session.ask_end()
    }

    /// Ends the frame, whatever has come of it.
    pub(crate) fn end_frame(&mut self) -> Result<(), XrError> {
        self.shown += u64::from(foreign(|| self.session.end_frame())?);
        Ok(())
    }

    /// Shows what the left eye sees in a window, if there is a display, or does not any more.
    fn set_mirror(&mut self, is_wanted: bool) {
        match &mut self.mirror {
            Some(mirror) => mirror.set_wanted(is_wanted),
            None if is_wanted => self.mirror = Mirror::open(&self.gpu),
            None => {}
        }
    }

    /// Whether the person closed that window.
    fn is_mirror_closed(&mut self) -> bool {
        self.mirror.as_mut().is_some_and(|mirror| foreign(|| mirror.hear()))
    }

    /// Closes that window; what it heard with goes to the next one.
    fn close_mirror(&mut self) -> Option<WindowLoop> {
        self.mirror.take().map(Mirror::close)
    }

    /// How many frames were shown.
    pub(crate) fn shown(&self) -> u64 {
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
        self.session.pictures.size().into()
    }

    fn views(&self, camera: &Camera, size: UVec2) -> Views {
        match self.session.eyes() {
            Some(eyes) => eyes.views(camera),
            // Nothing is drawn between frames; tiles are chosen all the same.
            None => Views::flat(camera, size),
        }
    }

    fn set_resolution(&mut self, resolution: f32) -> Result<f32, PresentError> {
        self.session.set_resolution(resolution);
        Ok(1.0)
    }

    fn set_headset(&mut self, wanted: &HeadsetSettings) {
        if self.refresh.replace(wanted.refresh) != Some(wanted.refresh) {
            self.session.choose_refresh(wanted.refresh);
        }
        self.panorama = wanted.panorama;
        if let Some(backdrop) = self.session.backdrop.as_mut().filter(|_| self.panorama != PanoramaWay::Auto)
        {
            backdrop.clear();
        }
        foreign(|| self.set_mirror(wanted.mirror));
    }

    fn refresh_rates(&self) -> Option<&[u16]> {
        Some(&self.rates)
    }

    fn backdrop(&mut self) -> Option<&mut dyn Backdrop> {
        let backdrop = self.session.backdrop.as_mut().filter(|_| self.panorama == PanoramaWay::Auto);
        backdrop.map(|backdrop| backdrop as &mut dyn Backdrop)
    }

    fn target(&self) -> Option<Target<'_>> {
        self.session.pictures.target()
    }

    fn present(&mut self, shown: &mut Shown<'_>) -> Result<(), PresentError> {
        let behind = shown.backdrop_yaw.zip(shown.frame.views.first().copied());
        if let Some((yaw, eye)) = behind {
            self.session.turn_backdrop(&eye.view_from_world, yaw);
        }
        let Self { session, mirror, .. } = self;
        if let Some((mirror, target)) = mirror.as_mut().zip(session.pictures.target()) {
            let panorama = session.backdrop.as_ref().and_then(BackdropLayer::copy);
            let backdrop =
                behind.zip(panorama).map(|((yaw, eye), panorama)| MirrorBackdrop { panorama, yaw, eye });
            let picture = MirrorPicture { layers: target.color, size: target.size, backdrop };
            foreign(|| mirror.show(&picture));
        }
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
