//! The loop of a headset: wait, begin, track, the app's frame, end; from the first look for a runtime to the goodbye.
//!
//! It must not know the venue; the app does.

use super::XrPresenter;
use super::device::HeadsetDevice;
use super::life::Ending;
use super::runtime::{Runtime, XrError};
use crate::app::{App, AppError, AppParts, Driver, Flow};
use crate::cli::{Arguments, Prepared, enter_by, prepare, quality, starter};
use crate::core::files::DataFolder;
use crate::core::{ClientCore, Connector};
use crate::input::headset::{Headset, HeadsetState};
use crate::net::QuicConnector;
use crate::outside::Starter;
use crate::present::PresentError;
use crate::present::flat::WindowLoop;
use crate::settings::Settings;
use crate::sound::Sounds;
use anyhow::Result;
use std::time::{Duration, Instant};
use venue_model::Language;
use venue_protocol::LocalTime;
use wgpu_renderer::{RenderSettings, Renderer};

/// Pause between two steps while the headset shows nothing: the session with the venue must stay alive.
const IDLE_PAUSE: Duration = Duration::from_millis(15);

/// How many shown frames a line of the log is about.
const FRAMES_OF_A_LINE: u64 = 300;

/// A headset that answers, before the venue is in it.
pub struct Worn {
    presenter: XrPresenter,
    device: HeadsetDevice,
}

/// How the person's time in the headset ended.
pub struct Outcome {
    /// Why.
    pub ending: Ending,
    /// The link of the venue that they were in, to go on elsewhere.
    pub link: Option<String>,
    /// The connection to the display, if there was one: a program can have only one.
    pub windows: Option<WindowLoop>,
}

/// Looks for a runtime and its headset, and opens both.
pub fn open() -> Result<Worn, XrError> {
    let runtime = Runtime::find()?;
    let device = HeadsetDevice::open(&runtime)?;
    let presenter = XrPresenter::new(runtime, &device)?;
    Ok(Worn { presenter, device })
}

impl Worn {
    /// Shows the venue until the person leaves or the headset is lost.
    pub fn run(self, arguments: &Arguments) -> Result<Outcome> {
        let app = self.furnish(arguments)?;
        let mut visit =
            Visit { app, starter: starter(arguments)?, start: Instant::now(), has_entered: false, told: 0 };
        let ending = visit.run(arguments)?;
        let link = visit.app.core.goal().map(crate::link::Link::to_text);
        let windows = visit.app.presenter.close_mirror();
        Ok(Outcome { ending, link, windows })
    }

    fn furnish(self, arguments: &Arguments) -> Result<App<QuicConnector, XrPresenter>> {
        let Prepared { core, settings, language, data, problem } = prepare(arguments)?;
        let mut app = self.hold(core, settings, language, data, Sounds::on_system())?;
        if let Some(problem) = problem {
            app.notify(problem);
        }
        Ok(app)
    }

    /// The client with this core, in the headset.
    pub(crate) fn hold<C: Connector>(
        self,
        core: ClientCore<C>,
        settings: Settings,
        language: Language,
        data: Option<DataFolder>,
        sounds: Sounds,
    ) -> Result<App<C, XrPresenter>> {
        let Self { presenter, device } = self;
        let quality = quality(&settings);
        let way = device.way(settings.headset.eyes, quality);
        tracing::info!(?way, "the eyes are drawn");
        let format = presenter.session.pictures.format().wgpu;
        let gpu = device.gpu;
        let renderer =
            Renderer::new(&gpu, RenderSettings { way, ..RenderSettings::stereo(quality, format) })?;
        let driver = Driver::Headset(Box::default());
        let parts = AppParts { core, gpu, renderer, presenter, driver, settings, language, data, sounds };
        Ok(App::new(parts)?)
    }
}

/// A venue in a headset.
struct Visit {
    app: App<QuicConnector, XrPresenter>,
    starter: Option<Starter>,
    start: Instant,
    /// Whether the link of the command line was followed.
    has_entered: bool,
    /// Frames that the log has told of.
    told: u64,
}

impl Visit {
    fn run(&mut self, arguments: &Arguments) -> Result<Ending> {
        // The runtime ends the session only some frames after it was asked to.
        let mut is_leaving = false;
        loop {
            let is_closed = self.app.presenter.is_mirror_closed();
            if is_closed || self.starter.as_ref().is_some_and(Starter::is_gone) {
                self.app.ask_quit();
            }
            let step = self.step();
            match step.or_else(lost_or_failed)? {
                Step::Over(_) if is_leaving => return Ok(Ending::Left),
                Step::Over(ending) => return Ok(ending),
                Step::Frame(Flow::Quit) if !self.app.presenter.is_running() => {
                    return Ok(Ending::Left);
                }
                Step::Frame(Flow::Quit) if !is_leaving => {
                    is_leaving = true;
                    if let Err(error) = self.app.presenter.ask_end() {
                        tracing::debug!(%error, "the headset does not hear that the person leaves");
                        return Ok(Ending::Left);
                    }
                }
                Step::Frame(_) => {}
            }
            self.enter(arguments);
            self.tell_frames();
        }
    }

    /// Follows the link of the command line once something is seen: nobody arrives with the headset on the table, and
    /// the first frame, for which much is made, may take longer than a server waits for a greeting.
    fn enter(&mut self, arguments: &Arguments) {
        if !self.has_entered && self.app.presenter.shown() > 0 {
            self.has_entered = true;
            enter_by(arguments, &mut self.app);
        }
    }

    /// One frame, if there is one to show; else a pause.
    fn step(&mut self) -> Result<Step, AppError> {
        if let Some(ending) = self.app.presenter.poll().map_err(PresentError::from)? {
            return Ok(Step::Over(ending));
        }
        if !self.app.presenter.is_running() {
            std::thread::park_timeout(IDLE_PAUSE);
        }
        let state = self.app.presenter.begin_frame().map_err(PresentError::from)?;
        set(&mut self.app.driver, state);
        self.app.core.set_display_lead(self.app.presenter.lead());
        let flow = self.app.frame(LocalTime(self.start.elapsed().as_micros() as u64));
        // A frame that was begun is ended, whatever the app's frame came to.
        let ended = self.app.presenter.end_frame();
        let flow = flow?;
        ended.map_err(PresentError::from)?;
        Ok(Step::Frame(flow))
    }

    fn tell_frames(&mut self) {
        let frames = self.app.presenter.shown();
        if frames >= self.told + FRAMES_OF_A_LINE {
            self.told = frames;
            tracing::debug!(frames, "the headset shows the venue");
        }
    }
}

/// What a step came to.
enum Step {
    Frame(Flow),
    Over(Ending),
}

/// A headset that is lost ends its time, not the program.
fn lost_or_failed(error: AppError) -> Result<Step, AppError> {
    match error {
        AppError::Present(PresentError::Headset(XrError::Lost(detail))) => {
            tracing::debug!(detail, "the headset is lost");
            Ok(Step::Over(Ending::Lost))
        }
        error => Err(error),
    }
}

fn set(driver: &mut Driver, state: HeadsetState) {
    if let Driver::Headset(headset) = driver {
        let headset: &mut Headset = headset;
        headset.set(state);
    }
}
