//! One session with the headset: its events, its frames, its end.
//!
//! It must not know the venue. OpenXR's frame calls may use the queue of the graphics device, which nobody else may use
//! meanwhile: they and every submit run on one thread, the frame's.

use super::actions::Actions;
use super::device::HeadsetDevice;
use super::life::{self, Demand, Ending, Life};
use super::runtime::{Runtime, STEREO, XrError};
use super::swapchain::{PictureFormat, Swapchain, format_of};
use super::views::Eyes;
use crate::input::headset::HeadsetState;
use openxr as xr;
use wgpu_renderer::{Gpu, Target};

/// What happened since the last look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// The session is over.
    pub ending: Option<Ending>,
    /// The person let the system choose another middle of the play space.
    pub is_recentered: bool,
}

/// A frame between its begin and its end.
#[derive(Clone, Copy)]
struct OpenFrame {
    time: xr::Time,
    is_shown: bool,
    eyes: Option<Eyes>,
}

/// The session. Its fields go in their order: pictures, spaces, frames, the session itself, the runtime.
pub struct Session {
    pictures: Swapchain,
    actions: Actions,
    play: xr::Space,
    stream: xr::FrameStream<xr::Vulkan>,
    waiter: xr::FrameWaiter,
    session: xr::Session<xr::Vulkan>,
    runtime: Runtime,
    format: PictureFormat,
    life: Life,
    frame: Option<OpenFrame>,
    /// Whether a picture of this frame is with the runtime.
    is_drawn: bool,
    events: xr::EventDataBuffer,
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
        let floor = floor_of(&runtime, &session)?;
        let play = session.create_reference_space(floor, xr::Posef::IDENTITY).map_err(XrError::of(doing))?;
        let actions = Actions::new(&runtime, &session)?;
        let format = format_of(&session)?;
        let pictures = Swapchain::new(&session, &device.gpu, format, runtime.eye_size)?;
        Ok(Self {
            pictures,
            actions,
            play,
            stream,
            waiter,
            session,
            runtime,
            format,
            life: Life::default(),
            frame: None,
            is_drawn: false,
            events: xr::EventDataBuffer::new(),
        })
    }

    /// The format of its pictures.
    pub fn format(&self) -> PictureFormat {
        self.format
    }

    /// Width and height of an eye.
    pub fn eye_size(&self) -> [u32; 2] {
        self.pictures.size()
    }

    /// Whether there are frames to wait for.
    pub fn is_running(&self) -> bool {
        self.life.is_running()
    }

    /// Hears what the runtime says, and begins and ends the showing of frames as it demands.
    pub fn poll(&mut self) -> Result<News, XrError> {
        let mut news = News::default();
        loop {
            let event = self.runtime.instance.poll_event(&mut self.events);
            let demand = match event.map_err(XrError::of("asking for news"))? {
                None => return Ok(news),
                Some(xr::Event::SessionStateChanged(change)) => {
                    tracing::info!(state = life::name(change.state()), "the headset's session changed");
                    self.life.handle(change.state())
                }
                Some(xr::Event::InstanceLossPending(_)) => Demand::Leave(Ending::Lost),
                Some(xr::Event::ReferenceSpaceChangePending(_)) => {
                    news.is_recentered = true;
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
                Demand::Leave(ending) => {
                    news.ending = Some(ending);
                    return Ok(news);
                }
            }
        }
    }

    /// Asks the runtime to end the session; [`Session::poll`] tells when it has.
    pub fn ask_end(&self) -> Result<(), XrError> {
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
        Ok(HeadsetState {
            attention: self.life.attention(),
            head: eyes.and_then(|eyes| eyes.head()),
            hands: self.actions.hands(&self.session, &self.play, time)?,
            is_recentered: false,
        })
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

    /// Takes a picture to draw into; whether one is wanted in this frame.
    pub fn acquire(&mut self) -> Result<bool, XrError> {
        let is_wanted = self.frame.is_some_and(|frame| frame.is_shown && frame.eyes.is_some());
        if is_wanted {
            self.pictures.acquire()?;
        }
        Ok(is_wanted)
    }

    /// What is drawn onto.
    pub fn target(&self) -> Option<Target<'_>> {
        self.pictures.target()
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
        let Some(eyes) = frame.eyes.filter(|_| self.is_drawn) else {
            let ended = self.stream.end(frame.time, self.runtime.blend, &[]);
            return ended.map(|()| false).map_err(XrError::of("ending a frame"));
        };
        let views = [0, 1].map(|eye| {
            let view = &eyes.eyes[eye];
            xr::CompositionLayerProjectionView::new()
                .pose(view.pose)
                .fov(view.fov)
                .sub_image(self.pictures.eye(eye as u32))
        });
        let layer = xr::CompositionLayerProjection::new().space(&self.play).views(&views);
        let ended = self.stream.end(frame.time, self.runtime.blend, &[&layer]);
        ended.map(|()| true).map_err(XrError::of("showing a frame"))
    }

    /// Waits until the device has done what it was told, so that nothing of the pictures is in use when they go.
    pub fn settle(gpu: &Gpu) {
        if let Err(error) = gpu.device().poll(wgpu_renderer::wgpu::PollType::wait_indefinitely()) {
            tracing::debug!(%error, "the headset's device does not answer at the end");
        }
    }
}

/// The space on the real floor: where the person is now, else the middle of the play area.
fn floor_of(runtime: &Runtime, session: &xr::Session<xr::Vulkan>) -> Result<xr::ReferenceSpaceType, XrError> {
    let doing = "asking for the floor";
    let offered = session.enumerate_reference_spaces().map_err(XrError::of(doing))?;
    let local = runtime.has_local_floor.then_some(xr::ReferenceSpaceType::LOCAL_FLOOR);
    let wanted = [local, Some(xr::ReferenceSpaceType::STAGE)];
    let found = wanted.into_iter().flatten().find(|kind| offered.contains(kind));
    found.ok_or_else(|| XrError::failed(doing, "the runtime knows no floor"))
}
