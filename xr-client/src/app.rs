//! The client's frame: a list of calls in causal order. Reading [`App::frame`] top-down is reading the client:
//! input → intent → core (net, replica) → scene → panels → renderer → presenter.
//!
//! It must not know which presenter it draws for, nor which network it is on.

mod acoustics;
mod actions;
mod aiming;
mod button_change;
mod comfort;
mod goodbye;
mod in_world;
mod key_change;
mod overlay;
mod recovery;
mod sounding;
mod streaming;
mod times;
mod told;
mod voicing;

use crate::comfort::vignette::VignetteState;
use crate::core::files::DataFolder;
use crate::core::venue::MAX_CHOSEN;
use crate::core::{ClientCore, Connector, CoreEvent};
use crate::input::devices::{DeviceSettings, Devices, other};
use crate::input::headset::Headset;
use crate::input::player::{Player, ScriptFailure, Surroundings};
use crate::input::{Command, Intent, ShellCommand};
use crate::outside::Host;
use crate::panel_model::ModelKeeper;
use crate::panels::model::{ButtonChange, Notice, Zone};
use crate::panels::{Panel, PanelInput, PanelOutput, Panels, TagDrawing};
use crate::platform::foreign;
use crate::present::panel_painter::PanelPainter;
use crate::present::proof::{StreamReport, Subject, Subjects};
use crate::present::{FrameSize, PresentError, Presenter, Shown};
use crate::scene::camera::Camera;
use crate::scene::marker::Aim;
use crate::scene::mirror::PanelSide;
use crate::scene::stream::StreamStats;
use crate::scene::{Recycled, Scene, SceneError, TagView};
use crate::sentence::Problem;
use crate::settings::{LastPlace, Settings};
use crate::sound::Sounds;
use acoustics::Acoustics;
use glam::Vec3;
use goodbye::Goodbye;
use in_world::InWorld;
use key_change::Changing;
use overlay::Copied;
use recovery::Recovery;
use std::collections::BTreeMap;
use times::Stopwatch;
use told::Told;
use venue_model::{FileHash, Language, ParticipantId};
use venue_protocol::LocalTime;
use wgpu_renderer::{Fade, FrameInput, Gpu, RenderSettings, Renderer, Vignette};

/// Longest time that one frame moves things for, seconds: after a standstill nothing leaps.
const LONGEST_FRAME_SECS: f32 = 0.25;

/// Where wishes come from.
pub enum Driver {
    /// A person at keyboard and mouse.
    Devices(Box<Devices>),
    /// A person with a headset.
    Headset(Box<Headset>),
    /// A script.
    Script(Box<Player>),
    /// Nobody, for measuring.
    Nobody,
}

/// Whether the program goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// It does.
    Continue,
    /// It ends.
    Quit,
}

/// A frame failed.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Showing it.
    #[error(transparent)]
    Present(#[from] PresentError),
    /// The renderer.
    #[error(transparent)]
    Render(#[from] wgpu_renderer::RenderError),
    /// The scene.
    #[error(transparent)]
    Scene(#[from] SceneError),
    /// The script.
    #[error(transparent)]
    Script(#[from] ScriptFailure),
    /// The graphics device is gone for good.
    #[error("{0}")]
    Graphics(#[source] Problem),
}

/// What an app is made from.
pub struct AppParts<C: Connector, P: Presenter> {
    /// The client without a picture.
    pub core: ClientCore<C>,
    /// The device.
    pub gpu: Gpu,
    /// Draws.
    pub renderer: Renderer,
    /// Shows.
    pub presenter: P,
    /// Wishes.
    pub driver: Driver,
    /// What the person has set.
    pub settings: Settings,
    /// The language to begin with.
    pub language: Language,
    /// Where settings and the last link are kept; none for measuring.
    pub data: Option<DataFolder>,
    /// What is heard.
    pub sounds: Sounds,
}

/// The client with a picture.
pub struct App<C: Connector, P: Presenter> {
    /// The client without a picture.
    pub core: ClientCore<C>,
    /// Shows.
    pub presenter: P,
    /// Wishes.
    pub driver: Driver,
    /// What the person has set.
    pub settings: Settings,
    gpu: Gpu,
    renderer: Renderer,
    scene: Scene,
    panels: Panels,
    painter: PanelPainter,
    keeper: ModelKeeper,
    data: Option<DataFolder>,
    sounds: Sounds,
    /// How loud single people are for this person, percent; who is missing is as they are.
    volumes: BTreeMap<ParticipantId, u8>,
    /// When it is shown again how voices arrive.
    arriving_at: LocalTime,
    acoustics: Acoustics,
    /// Files that are asked for.
    chosen: Vec<FileHash>,
    language: Language,
    intent: Intent,
    shell: Vec<ShellCommand>,
    raw: Option<egui::RawInput>,
    output: PanelOutput,
    aim: Option<Aim>,
    camera: Camera,
    frame_size: Option<FrameSize>,
    recycled: Recycled,
    recovery: Recovery,
    now: LocalTime,
    goodbye: Goodbye,
    screenshot: Option<String>,
    is_drawing: bool,
    host: Option<Host>,
    changing: Option<Changing>,
    /// The panels in the room of who wears a headset; none before a window.
    in_world: Option<InWorld>,
    button_change: Option<ButtonChange>,
    /// Where somebody who sits wants to be, and until when that waits for standing up.
    jump_later: Option<(Vec3, LocalTime)>,
    narrowing: VignetteState,
    told: Told,
    /// Darkness around the view of who is moved in a headset.
    pub(crate) vignette: Option<Vignette>,
    /// What was copied last, and whether the system's clipboard has it.
    copied: Option<Copied>,
    stopwatch: Stopwatch,
}

impl<C: Connector, P: Presenter> App<C, P> {
    /// Puts a client together.
    pub fn new(parts: AppParts<C, P>) -> Result<Self, AppError> {
        let AppParts { mut core, gpu, mut renderer, presenter, driver, settings, language, data, mut sounds } =
            parts;
        sounds.set(&settings.audio, settings.audio_output.as_ref());
        let mut keeper = ModelKeeper::default();
        keeper.set_settings(&settings, language);
        keeper.set_zone(Zone(jiff::tz::TimeZone::system()));
        let mut scene = Scene::new(&gpu, &mut renderer)?;
        let pipelines = renderer.pipelines_to_make(&gpu);
        let aside = std::thread::Builder::new().name("vev-pipelines".into());
        if let Err(error) = aside.spawn(move || pipelines.run()) {
            tracing::debug!(%error, "frames make their own pipelines");
        }
        scene.set_keeps_distance(settings.personal_space);
        if matches!(driver, Driver::Headset(_)) {
            scene.be_solid();
        }
        core.let_scene_choose();
        let mut app = Self {
            scene,
            panels: Panels::new(),
            painter: PanelPainter::default(),
            keeper,
            core,
            presenter,
            driver,
            settings,
            gpu,
            renderer,
            data,
            sounds,
            volumes: BTreeMap::new(),
            arriving_at: LocalTime(0),
            acoustics: Acoustics::default(),
            chosen: Vec::with_capacity(MAX_CHOSEN),
            language,
            intent: Intent::default(),
            shell: Vec::new(),
            raw: None,
            output: PanelOutput::default(),
            aim: None,
            camera: Camera::default(),
            frame_size: None,
            recycled: Recycled::default(),
            recovery: Recovery::default(),
            now: LocalTime(0),
            goodbye: Goodbye::default(),
            screenshot: None,
            is_drawing: false,
            host: None,
            changing: None,
            in_world: None,
            button_change: None,
            jump_later: None,
            narrowing: VignetteState::default(),
            told: Told::default(),
            vignette: None,
            copied: None,
            stopwatch: Stopwatch::default(),
        };
        app.open_line();
        app.apply_picture()?;
        app.presenter.set_headset(&app.settings.headset);
        app.keeper.set_refresh_rates(app.presenter.refresh_rates());
        Ok(app)
    }

    /// One frame at this time.
    pub fn frame(&mut self, now: LocalTime) -> Result<Flow, AppError> {
        let dt = (now.micros_since(self.now) as f32 * 1e-6).min(LONGEST_FRAME_SECS);
        self.now = now;
        self.start_stopwatch();
        self.take_wishes(dt)?;
        self.core.step(now, &self.intent);
        // A deed is done once; what panels push from here on belongs to the next frame.
        self.intent.commands.clear();
        self.take_news();
        self.voice();
        self.show(dt).or_else(|failed| self.recover(failed))?;
        self.stop_stopwatch();
        Ok(self.goodbye.flow(self.now, &self.core, &self.intent.commands))
    }

    fn show(&mut self, dt: f32) -> Result<(), AppError> {
        self.frame_size = self.presenter.acquire(&self.gpu)?;
        self.track();
        self.point_at_panels(dt);
        self.tell_pointer();
        self.tell_hands();
        self.tell_venue();
        self.narrow_view(dt);
        self.update_scene(dt);
        self.choose_tiles();
        if let Some(size) = self.frame_size {
            self.lay_out_panels(size)?;
            self.draw(size)?;
            self.recovery.handle_shown();
        }
        Ok(())
    }

    /// Ends the program as soon as every text that was sent is stored, or its time for that is over.
    pub fn ask_quit(&mut self) {
        self.goodbye.ask(self.now);
    }

    /// Whether the program is about to end.
    pub fn is_quitting(&self) -> bool {
        self.goodbye.is_asked()
    }

    /// The panels, for the window's integration.
    pub fn panels(&self) -> &Panels {
        &self.panels
    }

    /// A screen reader listens from now on, or not any more.
    pub fn be_read(&mut self, is_read: bool) {
        self.panels.be_read(is_read);
    }

    /// The panels' input of the next frame.
    pub fn set_panel_input(&mut self, raw: egui::RawInput) {
        // A frame without a picture asks no panels; what it brought must not be lost.
        match &mut self.raw {
            Some(waiting) => waiting.append(raw),
            None => self.raw = Some(raw),
        }
    }

    /// What the panels answered in the last frame.
    pub fn panel_output(&mut self) -> &mut PanelOutput {
        &mut self.output
    }

    /// A picture that is wanted; the loop hands it to a presenter that can take it.
    pub fn take_screenshot(&mut self) -> Option<String> {
        self.screenshot.take()
    }

    /// Whether a picture is being taken, as the loop knows from its presenter.
    pub fn set_drawing(&mut self, is_drawing: bool) {
        self.is_drawing = is_drawing;
        // A picture that is kept has everybody's tag.
        self.panels.set_tag_drawing(if is_drawing { TagDrawing::AtOnce } else { TagDrawing::Aside });
    }

    /// The device.
    pub fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// How it draws.
    pub fn render_settings(&self) -> &RenderSettings {
        self.renderer.settings()
    }

    /// Whether every tile that will come is drawn, and every tag.
    pub fn is_loaded(&self) -> bool {
        self.core.is_loaded() && self.scene.is_loaded() && !self.panels.awaits_tags()
    }

    /// What streaming does now.
    pub fn stream_stats(&self) -> StreamStats {
        self.scene.stream_stats()
    }

    /// Tells the person something.
    pub fn notify(&mut self, problem: Problem) {
        self.keeper.notify(Notice::Problem(problem), self.now);
    }

    /// A wish from outside of devices and scripts: the link on the command line.
    pub fn wish(&mut self, command: Command) {
        self.intent.commands.push(command);
    }

    fn take_wishes(&mut self, dt: f32) -> Result<(), AppError> {
        // Wishes of panels and of the command line were pushed since the last frame.
        let mut commands = std::mem::take(&mut self.intent.commands);
        self.intent.clear();
        self.intent.commands.append(&mut commands);
        let panels_have_keys = self.output.wants_keyboard;
        match &mut self.driver {
            Driver::Devices(devices) => {
                devices.set_overlay(self.scene.overlay.is_wanted());
                let settings = DeviceSettings {
                    turn: self.settings.turn,
                    mouse_speed: self.settings.mouse_speed,
                    push_to_talk: self.settings.audio.push_to_talk,
                };
                devices.fill(&mut self.intent, &mut self.shell, &settings, dt, panels_have_keys);
            }
            Driver::Headset(_) => self.take_hands(dt),
            Driver::Script(player) => {
                let seen = Surroundings {
                    now: self.now,
                    stage: self.core.stage(),
                    manifest: self.core.manifest().map(AsRef::as_ref),
                    walkable: self.core.walkable().map(AsRef::as_ref),
                    space: self.core.space(),
                    body: self.core.body().pose(),
                    floor: self.core.body().floor(),
                    bodies: self.core.bodies(),
                    people: self.core.people(),
                    texts: self.core.texts(),
                    is_loaded: self.core.is_loaded() && self.scene.is_loaded() && !self.panels.awaits_tags(),
                    is_drawing: self.is_drawing,
                    nearest_seat: self.core.nearest_free_seat(f32::INFINITY),
                    notice_id: self.keeper.notice_id(),
                    note: self.core.venue_note(),
                    copied: self.copied.as_ref().map(Copied::text),
                    heard: self.sounds.heard(),
                    own_microphone: self.core.own_microphone(),
                    is_spoken: self.sounds.is_spoken(),
                    speaking: self.core.heard(),
                    talks: self.core.talks(),
                };
                player.step(&seen, &mut self.intent, &mut self.shell)?;
            }
            Driver::Nobody => {}
        }
        self.aim();
        self.tell_aim();
        self.obey_shell();
        Ok(())
    }

    fn obey_shell(&mut self) {
        let mut shell = std::mem::take(&mut self.shell);
        for command in shell.drain(..) {
            match command {
                ShellCommand::OpenPanel(panel) => self.panels.open(panel),
                ShellCommand::TogglePanel(_) if *self.core.stage() != crate::core::Stage::Inside => {}
                ShellCommand::TogglePanel(panel) => self.panels.toggle(panel),
                ShellCommand::ClosePanel if self.panels.open_panel().is_none() => {
                    self.panels.open(Panel::Menu)
                }
                ShellCommand::ClosePanel => self.panels.close(),
                ShellCommand::SayWhere => self.say_where(),
                ShellCommand::SetPerspective(perspective) => self.scene.set_perspective(perspective),
                ShellCommand::TogglePerspective => {
                    self.scene.set_perspective(other(self.scene.perspective()))
                }
                ShellCommand::ShowOverlay(is_shown) => self.show_overlay(is_shown),
                ShellCommand::ToggleOverlay => self.show_overlay(!self.scene.overlay.is_wanted()),
                ShellCommand::CopyAnchor => self.copy_anchor(),
                ShellCommand::ToggleTimes => self.toggle_times(),
                ShellCommand::SetLanguage(language) => self.set_language(language),
                ShellCommand::Screenshot(name) => self.screenshot = Some(name),
                ShellCommand::Quit => self.ask_quit(),
            }
        }
        self.shell = shell;
    }

    fn take_news(&mut self) {
        while let Some(event) = self.core.poll_event() {
            self.sound(&event);
            match event {
                CoreEvent::VenueOpened(manifest) => {
                    self.acoustics.open(&manifest);
                    self.scene.open(&manifest, &mut self.renderer);
                }
                CoreEvent::Tiles(tileset) => self.scene.open_tiles(&tileset),
                CoreEvent::Tile { file, bytes } if self.acoustics.take(file, &bytes) => self.tell_building(),
                CoreEvent::Tile { file, bytes } => self.scene.load(file, bytes),
                CoreEvent::TileFailed(file) if self.acoustics.give_up(file) => {}
                CoreEvent::TileFailed(file) => self.scene.handle_failed(file),
                CoreEvent::Notice(notice) => self.keeper.notify(notice, self.now),
                CoreEvent::Jumped if self.settings.comfort.jump_fade => self.scene.jump(),
                CoreEvent::Jumped => {}
                CoreEvent::Happened(_) => {}
                CoreEvent::Admitted { link, title } => {
                    self.settings.last_place = Some(LastPlace::new(&link.place, &title));
                    self.save(Some(&link.to_text()));
                }
            }
        }
        self.take_host_news();
        self.take_sound_news();
        // A script sees notices without a picture.
        let is_seen = self.frame_size.is_some() || matches!(self.driver, Driver::Script(_));
        self.keeper.pass_time(self.now, is_seen);
        self.keeper.look_at(self.panels.open_panel());
        self.keeper.update(&self.core, self.now);
        self.panels.follow_visit(self.keeper.model().visit);
    }

    fn update_scene(&mut self, dt: f32) {
        let fov = self.settings.field_of_view_degrees.to_radians();
        let aim = self.aim.as_ref();
        let side = if self.language == Language::Ar { PanelSide::Right } else { PanelSide::Left };
        let is_mirror = self.panels.open_panel() == Some(Panel::Avatar);
        self.scene.set_mirror(is_mirror.then_some(side));
        let broken = self.scene.update(&self.gpu, &mut self.renderer, &self.core, aim, dt);
        let backdrop = self.presenter.backdrop();
        let around = self.scene.panorama.advance(&self.gpu, &mut self.renderer, backdrop);
        // What a lost device did not take is not broken; it comes again.
        let is_lost = (!broken.is_empty() || around.is_some()) && self.gpu.is_lost();
        for (hash, detail) in broken.into_iter().chain(around).filter(|_| !is_lost) {
            self.tell_broken(hash, detail);
        }
        self.camera = self.scene.camera(&self.core, fov);
    }

    /// Chooses what is seen of the venue from here, and asks for what is missing; also while nothing is drawn, so that
    /// the venue is there when the window comes back.
    fn lay_out_panels(&mut self, size: FrameSize) -> Result<(), AppError> {
        let views = self.presenter.views(&self.camera, size.size);
        let view = views.as_slice()[0];
        self.scene.choose_figures(&self.gpu, &self.renderer, views.as_slice(), size.size.y);
        let view = TagView {
            eye: self.camera.eye.position,
            radians_per_pixel: view.radians_per_pixel(size.size.y),
            pixels_per_point: size.pixels_per_point,
        };
        self.scene.tag(&mut self.panels, self.painter.atlas(), &self.core, &view);
        let raw = foreign(|| self.raw.take().unwrap_or_default());
        let (screen_px, pixels_per_point) = self.panel_screen(size);
        let input = PanelInput { screen_px, pixels_per_point, raw };
        self.output = self.panels.frame(input, self.keeper.model());
        self.tell_panels();
        self.fill_clipboard();
        self.painter.apply(&self.output.atlas, &self.gpu, &mut self.renderer)?;
        self.panels.recycle(&mut self.output.atlas);
        for action in std::mem::take(&mut self.output.actions) {
            self.act(action);
        }
        self.forget_hidden_question();
        Ok(())
    }

    fn draw(&mut self, size: FrameSize) -> Result<(), AppError> {
        let views = self.presenter.views(&self.camera, size.size);
        let scene = self.scene.frame(std::mem::take(&mut self.recycled));
        let meshes = self.painter.meshes(self.panels.meshes());
        let panels = self.panel_layer(&meshes, size);
        let is_inside = self.core.manifest().is_some() || self.scene.is_mirror_open();
        let darkness = scene.darkness.max(self.wall_darkness());
        let frame = FrameInput {
            views: views.as_slice(),
            lighting: scene.lighting,
            sky: scene.sky,
            static_draws: scene.draws,
            surfel_draws: scene.surfels,
            skinned_draws: &scene.skinned,
            crowds: &scene.crowds,
            labels: scene.labels,
            panels: if meshes.is_empty() { &[] } else { panels.as_slice() },
            fade: Fade { color: Vec3::ZERO, amount: if is_inside { darkness } else { 0.0 } },
            vignette: self.vignette.filter(|_| is_inside),
        };
        if let Some(target) = self.presenter.target() {
            // Recording is wgpu's; what is collected, culled, sorted and laid out before it is ours.
            let prepared = self.renderer.prepare(&frame)?;
            foreign(|| prepared.submit(&self.gpu, &target))?;
        }
        let mut subjects = if self.is_drawing { subjects_of(&self.core) } else { Subjects::default() };
        subjects.streaming = streaming_of(&self.scene.stream_stats(), &self.core);
        if self.is_drawing {
            subjects.copied = self.copied.as_ref().map(|copied| copied.text().to_owned());
        }
        let backdrop_yaw = scene.backdrop_yaw;
        let (gpu, renderer) = (&self.gpu, &mut self.renderer);
        let mut shown = Shown { gpu, renderer, frame: &frame, backdrop_yaw, subjects: &subjects };
        self.presenter.present(&mut shown)?;
        self.recycled = scene.recycle();
        self.painter.recycle(meshes);
        Ok(())
    }
}

fn streaming_of<C: Connector>(stats: &StreamStats, core: &ClientCore<C>) -> StreamReport {
    let (fetched_bytes, asked) = core.tile_traffic();
    StreamReport {
        tiles: stats.tiles,
        shown: stats.shown,
        gpu_bytes: stats.gpu_bytes,
        fetched_bytes,
        queue: asked as u32 + stats.coming,
        evicted: stats.evicted,
        strain: stats.strain,
    }
}

fn subjects_of<C: Connector>(core: &ClientCore<C>) -> Subjects {
    let subject = |id, name: &str, pose: &venue_model::BodyPose, appearance| Subject {
        id,
        name: name.to_owned(),
        head: pose.head_in_building(),
        root: pose.root,
        appearance,
    };
    let others = core.bodies().iter().map(|(id, pose)| {
        let entry = core.people().get(*id);
        let name = entry.map_or("", |entry| entry.participant.name.as_str());
        subject(*id, name, pose, entry.map_or_else(Default::default, |entry| entry.appearance))
    });
    let space = core.space().and_then(|id| core.manifest()?.space(id).map(|space| space.key.clone()));
    Subjects {
        own: core.you().map(|you| subject(you.id, you.name.as_str(), core.body().pose(), core.appearance())),
        others: others.collect(),
        space: space.unwrap_or_default(),
        server_time_micros: core.server_time().map_or(0, |time| time.0),
        streaming: StreamReport::default(),
        copied: None,
    }
}
