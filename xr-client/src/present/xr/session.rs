//! One session with the headset: its events, its frames, its end.
//!
//! It must not know the venue. OpenXR's frame calls may use the queue of the graphics device, which nobody else may use
//! meanwhile: they and every submit run on one thread, the frame's.

use super::actions::Actions;
use super::backdrop::BackdropLayer;
use super::device::HeadsetDevice;
use super::life::{self, Demand, Ending, Life};
use super::pictures::Pictures;
use super::recentering::Recentering;
use super::refresh;
use super::runtime::{Runtime, STEREO, XrError};
use super::settings::Refresh;
use super::views::Eyes;
use crate::input::headset::HeadsetState;
use glam::{Mat4, Quat};
use openxr as xr;
use std::time::Duration;
use wgpu_renderer::Gpu;

/// No runtime looks further ahead.
const LONGEST_LEAD: Duration = Duration::from_millis(200);

/// A frame between its begin and its end.
#[derive(Clone, Copy)]
struct OpenFrame {
    time: xr::Time,
    is_shown: bool,
    eyes: Option<Eyes>,
}

/// The session. Its fields go in their order: pictures, spaces, frames, the session itself, the runtime.
pub struct Session {
    pub pictures: Pictures,
    /// A panorama behind them, where the runtime shows one.
    pub backdrop: Option<BackdropLayer>,
    /// How it is turned in the play space in this frame; none if it is not to be seen.
    backdrop_turn: Option<Quat>,
    actions: Actions,
    play: xr::Space,
    stream: xr::FrameStream<xr::Vulkan>,
    waiter: xr::FrameWaiter,
    session: xr::Session<xr::Vulkan>,
    runtime: Runtime,
    gpu: Gpu,
    life: Life,
    recentering: Recentering,
    frame: Option<OpenFrame>,
    /// Whether a picture of this frame is with the runtime.
    is_drawn: bool,
    events: xr::EventDataBuffer,
    lead: Duration,
    /// Width and height of an eye from the next frame on.
    wanted_size: [u32; 2],
}

impl Session {
    /// Opens a session on the runtime's headset.
    pub fn open(runtime: Runtime, device: &HeadsetDevice) -> Result<Self, XrError> {
        let doing = "opening a session with the headset";
        // SAFETY: the handles are those of the device that the runtime made for this system. The device outlives the
        // session: `XrPresenter` keeps it. The queue is used on this thread alone.
        #[allow(unsafe_code)]
        let made = unsafe { runtime.instance.create_session::<xr::Vulkan>(runtime.system, &device.binding) };
        let (session, waiter, stream) = made.map_err(XrError::of(doing))?;
        let (play, kind) = floor_of(&runtime, &session)?;
        let actions = Actions::new(&runtime, &session)?;
        let gpu = device.gpu.clone();
        let pictures = Pictures::new(&runtime, &session, &gpu, runtime.eye_size)?;
        let wanted_size = runtime.eye_size;
        let backdrop = BackdropLayer::new(&runtime, &session, &gpu);
        Ok(Self {
            pictures,
            backdrop,
            backdrop_turn: None,
            actions,
            play,
            stream,
            waiter,
            session,
            runtime,
            gpu,
            life: Life::default(),
            recentering: Recentering::new(kind),
            frame: None,
            is_drawn: false,
            events: xr::EventDataBuffer::new(),
            lead: Duration::ZERO,
            wanted_size,
        })
    }

    /// The rates that a person can choose from, Hz.
    pub fn refresh_rates(&self) -> Vec<u16> {
        refresh::offered(&self.runtime, &self.session)
    }

    /// Asks for this many pictures a second.
    pub fn choose_refresh(&self, wanted: Refresh) {
        refresh::apply(&self.runtime, &self.session, wanted);
    }

    /// Whether there are frames to wait for.
    pub fn is_running(&self) -> bool {
        self.life.is_running()
    }

    /// Hears what the runtime says, and begins and ends the showing of frames as it demands. How the session has ended, if
    /// it has.
    pub fn poll(&mut self) -> Result<Option<Ending>, XrError> {
        loop {
            let event = self.runtime.instance.poll_event(&mut self.events);
            let demand = match event.map_err(XrError::of("asking for news"))? {
                None => return Ok(None),
                Some(xr::Event::SessionStateChanged(change)) => {
                    tracing::info!(state = life::name(change.state()), "the headset's session changed");
                    self.life.handle(change.state())
                }
                Some(xr::Event::InstanceLossPending(_)) => Demand::Leave(Ending::Lost),
                Some(xr::Event::ReferenceSpaceChangePending(change)) => {
                    self.recentering.handle(change.reference_space_type(), change.change_time());
                    Demand::Nothing
                }
                Some(xr::Event::VisibilityMaskChangedKHR(_)) => {
                    self.pictures.mask.forget();
                    Demand::Nothing
                }
                Some(xr::Event::UserPresenceChangedEXT(change)) => {
                    tracing::info!(is_worn = change.is_user_present(), "the headset was put on or taken off");
                    self.life.set_worn(change.is_user_present());
                    Demand::Nothing
                }
                Some(xr::Event::InteractionProfileChanged(_)) => {
                    self.actions.tell_controllers(&self.session);
                    Demand::Nothing
                }
                Some(_) => Demand::Nothing,
            };
            match demand {
                Demand::Nothing => {}
                Demand::Begin => {
                    self.session.begin(STEREO).map_err(XrError::of("beginning to show"))?;
                }
                Demand::End => {
                    self.session.end().map_err(XrError::of("ending to show"))?;
                }
                Demand::Leave(ending) => return Ok(Some(ending)),
            }
        }
    }

    /// Asks the runtime to end the session; [`Session::poll`] tells when it has.
    pub fn ask_end(&mut self) -> Result<(), XrError> {
        self.life.leave();
        self.session.request_exit().map_err(XrError::of("leaving the headset"))
    }

    /// Waits for the next frame, begins it, and says where head and hands will be when it is seen.
    pub fn begin_frame(&mut self) -> Result<HeadsetState, XrError> {
        let state = self.waiter.wait().map_err(XrError::of("waiting for a frame"))?;
        self.stream.begin().map_err(XrError::of("beginning a frame"))?;
        let time = state.predicted_display_time;
        self.is_drawn = false;
        // An error below leaves a frame that is ended without a picture.
        self.frame = Some(OpenFrame { time, is_shown: state.should_render, eyes: None });
        self.actions.sync(&self.session)?;
        let eyes = self.locate_eyes(time)?;
        self.frame = Some(OpenFrame { time, is_shown: state.should_render, eyes });
        self.lead = self.lead_of(time, state.predicted_display_period);
        Ok(HeadsetState {
            attention: self.life.attention(),
            head: eyes.and_then(|eyes| eyes.head()),
            hands: self.actions.hands(&self.session, &self.play, time)?,
            is_recentered: self.recentering.take(time),
        })
    }

    /// How long after this moment the frame is seen.
    pub fn lead(&self) -> Duration {
        self.lead
    }

    /// Without a clock to compare with, frames are taken to be seen one period after the next.
    fn lead_of(&self, shown_at: xr::Time, period: xr::Duration) -> Duration {
        let now = self.runtime.offers.clock.then(|| self.runtime.instance.now().ok()).flatten();
        let nanos =
            now.map_or(2 * period.as_nanos(), |now| shown_at.as_nanos().saturating_sub(now.as_nanos()));
        Duration::from_nanos(nanos.max(0) as u64).min(LONGEST_LEAD)
    }

    fn locate_eyes(&self, time: xr::Time) -> Result<Option<Eyes>, XrError> {
        let located = self.session.locate_views(STEREO, time, &self.play);
        let (flags, eyes) = located.map_err(XrError::of("asking for the eyes"))?;
        Ok(<[xr::View; 2]>::try_from(eyes).ok().map(|eyes| Eyes::new(flags, eyes)))
    }

    /// The eyes of this frame.
    pub fn eyes(&self) -> Option<Eyes> {
        self.frame.and_then(|frame| frame.eyes)
    }

    /// Draws so many times the recommended pixels on a side from the next frame on.
    pub fn set_resolution(&mut self, resolution: f32) {
        self.wanted_size =
            self.runtime.eye_size.map(|side| ((side as f32 * resolution).round() as u32).max(1));
    }

    /// Other pictures, if another size is wanted. Nothing of the old ones is in use between frames once the device rests.
    fn fit_pictures(&mut self) -> Result<(), XrError> {
        if self.pictures.size() != self.wanted_size {
            Self::settle(&self.gpu);
            self.pictures = Pictures::new(&self.runtime, &self.session, &self.gpu, self.wanted_size)?;
            tracing::info!(size = ?self.wanted_size, "the headset's pictures have another size");
        }
        Ok(())
    }

    /// Takes a picture to draw into; whether one is wanted in this frame.
    pub fn acquire(&mut self) -> Result<bool, XrError> {
        self.fit_pictures()?;
        let is_wanted = self.frame.is_some_and(|frame| frame.is_shown && frame.eyes.is_some());
        if let Some(eyes) = self.eyes().filter(|_| is_wanted) {
            let fitted = self.pictures.mask.fit(&self.runtime, &self.session, &self.gpu, &eyes.eyes);
            go_without(fitted, "nothing hides what nobody sees")?;
            self.pictures.acquire()?;
        }
        Ok(is_wanted)
    }

    /// Shows the panorama behind this frame, which sees the world so. `yaw` turns it about the world's +y, radians.
    pub fn turn_backdrop(&mut self, view_from_world: &Mat4, yaw: f32) {
        let turn = self.eyes().map(|eyes| eyes.play_from_world(view_from_world));
        self.backdrop_turn = turn.map(|turn| turn * Quat::from_rotation_y(yaw));
    }

    /// The picture is drawn; the runtime may have it.
    pub fn release(&mut self) -> Result<(), XrError> {
        self.pictures.release()?;
        self.is_drawn = true;
        Ok(())
    }

    /// Ends the frame: shows its picture, or nothing if none was drawn. Whether a picture is shown.
    pub fn end_frame(&mut self) -> Result<bool, XrError> {
        // A picture that was taken and not drawn, because something failed, goes back.
        self.pictures.release()?;
        let Some(frame) = self.frame.take() else { return Ok(false) };
        let turn = self.backdrop_turn.take();
        let Some(eyes) = frame.eyes.filter(|_| self.is_drawn) else {
            let ended = self.stream.end(frame.time, self.runtime.blend, &[]);
            return ended.map(|()| false).map_err(XrError::of("ending a frame"));
        };
        let depths = self.pictures.depth_infos();
        let views = self.pictures.views(&eyes.eyes, depths.as_ref());
        let layer = xr::CompositionLayerProjection::new().space(&self.play).views(&views);
        let panorama = self.backdrop.as_ref().zip(turn);
        let Some(panorama) = panorama.and_then(|(backdrop, turn)| backdrop.layer(&self.play, turn)) else {
            let ended = self.stream.end(frame.time, self.runtime.blend, &[&layer]);
            return ended.map(|()| true).map_err(XrError::of("showing a frame"));
        };
        // Colours of an open sky are premultiplied, as OpenXR takes them.
        let layer = layer.layer_flags(xr::CompositionLayerFlags::BLEND_TEXTURE_SOURCE_ALPHA);
        let ended = self.stream.end(frame.time, self.runtime.blend, &[&panorama, &layer]);
        let Err(refused @ XrError::Failed { .. }) = ended.map_err(XrError::of("showing a panorama")) else {
            return ended.map(|()| true).map_err(XrError::of("showing a frame"));
        };
        let ended = self.stream.end(frame.time, self.runtime.blend, &[&layer]);
        if let Some(backdrop) = &mut self.backdrop {
            backdrop.give_up(&refused);
        }
        ended.map(|()| true).map_err(XrError::of("showing a frame"))
    }

    /// Waits until the device has done what it was told, so that nothing of the pictures is in use when they go.
    pub fn settle(gpu: &Gpu) {
        if let Err(error) = gpu.device().poll(wgpu_renderer::wgpu::PollType::wait_indefinitely()) {
            tracing::debug!(%error, "the headset's device does not answer at the end");
        }
    }
}

/// What can be done without is left out, with a line of the log, unless the headset is gone.
fn go_without(tried: Result<(), XrError>, without: &'static str) -> Result<(), XrError> {
    match tried {
        Err(lost @ XrError::Lost(_)) => Err(lost),
        Err(error) => {
            tracing::info!(%error, "{without}");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

/// The space on the real floor, and its kind: where the person is now, else the middle of the play area.
fn floor_of(
    runtime: &Runtime,
    session: &xr::Session<xr::Vulkan>,
) -> Result<(xr::Space, xr::ReferenceSpaceType), XrError> {
    let doing = "asking for the floor";
    let offered = session.enumerate_reference_spaces().map_err(XrError::of(doing))?;
    let local = runtime.offers.local_floor.then_some(xr::ReferenceSpaceType::LOCAL_FLOOR);
    let mut refused = XrError::failed(doing, "the runtime knows no floor");
    for kind in [local, Some(xr::ReferenceSpaceType::STAGE)].into_iter().flatten() {
        if offered.contains(&kind) {
            match session.create_reference_space(kind, xr::Posef::IDENTITY) {
                Ok(space) => return Ok((space, kind)),
                Err(error) => refused = XrError::of(doing)(error),
            }
        }
    }
    Err(refused)
}
