//! The window: winit's events become devices' states and panels' input, frames go to its surface.
//!
//! It must not know the venue; the app draws.

use super::{FrameSize, PresentError, Presenter, Shown};
use crate::app::{App, AppParts, Driver, Flow};
use crate::cli::{
    Arguments, Prepared, enter_by, gpu_preference, instance_flags, prepare, render_settings, starter,
};
use crate::input::devices::Devices;
use crate::input::window;
use crate::net::QuicConnector;
use crate::outside::Starter;
use crate::platform::foreign;
use crate::sentence::Problem;
use crate::settings::Settings;
use crate::sound::Sounds;
use anyhow::{Context as _, Result};
use glam::{UVec2, Vec2};
use std::sync::Arc;
use std::time::{Duration, Instant};
use venue_protocol::LocalTime;
use wgpu_renderer::{Gpu, Layers, Renderer, Target, wgpu};
use winit::application::ApplicationHandler;
use winit::dpi::LogicalSize;
use winit::event::{DeviceEvent, DeviceId, ElementState, KeyEvent, MouseButton, WindowEvent};
use winit::event_loop::{ActiveEventLoop, ControlFlow, EventLoop, EventLoopProxy};
use winit::keyboard::{Key, PhysicalKey};
use winit::platform::modifier_supplement::KeyEventExtModifierSupplement as _;
use winit::platform::run_on_demand::EventLoopExtRunOnDemand as _;
use winit::window::{CursorGrabMode, Window, WindowId};

/// How long the program sleeps between steps while nothing can be shown: the session must stay alive.
const HIDDEN_PAUSE: Duration = Duration::from_millis(30);

/// A window that was asked to draw and is not told to for so long is taken for hidden.
const LONGEST_SILENCE: Duration = Duration::from_millis(100);

/// Size of the window at the start, points.
const FIRST_SIZE: LogicalSize<f64> = LogicalSize::new(1280.0, 800.0);

/// Draws into a window's surface.
pub struct FlatPresenter {
    window: Arc<Window>,
    surface: wgpu::Surface<'static>,
    configuration: wgpu::SurfaceConfiguration,
    is_stale: bool,
    /// Whether the last frame found nothing to draw into.
    is_hidden: bool,
    /// Whether the system said that nobody can see the window.
    is_occluded: bool,
    /// Whether the next frame may wait for a picture to draw into; one for a silent window must not.
    draws: bool,
    acquired: Option<(wgpu::SurfaceTexture, Layers)>,
}

impl FlatPresenter {
    fn new(window: Arc<Window>, surface: wgpu::Surface<'static>, gpu: &Gpu) -> Result<Self, Problem> {
        let size = window.inner_size();
        let capabilities = surface.get_capabilities(gpu.adapter());
        let none = || Problem::NoGraphics { detail: "the adapter can not draw into windows".into() };
        // The renderer encodes colours itself; panels blend on plain formats exactly as they are meant.
        let plain = capabilities.formats.iter().find(|format| {
            matches!(format, wgpu::TextureFormat::Bgra8Unorm | wgpu::TextureFormat::Rgba8Unorm)
        });
        let format = plain.or(capabilities.formats.first()).copied().ok_or_else(none)?;
        let mut configuration = surface
            .get_default_config(gpu.adapter(), size.width.max(1), size.height.max(1))
            .ok_or_else(none)?;
        configuration.format = format;
        configuration.present_mode = wgpu::PresentMode::AutoVsync;
        configuration.desired_maximum_frame_latency = 2;
        Ok(Self {
            window,
            surface,
            configuration,
            is_stale: true,
            is_hidden: false,
            is_occluded: false,
            draws: true,
            acquired: None,
        })
    }

    /// The surface's format.
    pub fn format(&self) -> wgpu::TextureFormat {
        self.configuration.format
    }

    fn resize(&mut self, width: u32, height: u32) {
        self.configuration.width = width;
        self.configuration.height = height;
        self.is_stale = true;
    }

    fn is_minimised(&self) -> bool {
        self.configuration.width == 0 || self.configuration.height == 0
    }

    fn acquire_texture(&mut self, gpu: &Gpu) -> Result<Option<wgpu::SurfaceTexture>, PresentError> {
        if std::mem::take(&mut self.is_stale) {
            self.surface.configure(gpu.device(), &self.configuration);
        }
        match self.surface.get_current_texture() {
            wgpu::CurrentSurfaceTexture::Success(texture) => return Ok(Some(texture)),
            wgpu::CurrentSurfaceTexture::Suboptimal(texture) => {
                self.is_stale = true;
                return Ok(Some(texture));
            }
            wgpu::CurrentSurfaceTexture::Outdated => self.is_stale = true,
            wgpu::CurrentSurfaceTexture::Lost => {
                let surface = gpu.instance().create_surface(Arc::clone(&self.window));
                self.surface = surface.map_err(|error| PresentError::Surface(error.to_string()))?;
                self.is_stale = true;
            }
            wgpu::CurrentSurfaceTexture::Timeout
            | wgpu::CurrentSurfaceTexture::Occluded
            | wgpu::CurrentSurfaceTexture::Validation => {}
        }
        Ok(None)
    }
}

impl Presenter for FlatPresenter {
    fn acquire(&mut self, gpu: &Gpu) -> Result<Option<FrameSize>, PresentError> {
        // A frame that failed was not shown.
        self.acquired = None;
        let is_shown = self.draws && !self.is_occluded && !self.is_minimised();
        let texture = if is_shown { foreign(|| self.acquire_texture(gpu))? } else { None };
        self.is_hidden = texture.is_none();
        let Some(texture) = texture else { return Ok(None) };
        let layers = Layers::of(&texture.texture);
        self.acquired = Some((texture, layers));
        Ok(Some(FrameSize { size: self.view_size(), pixels_per_point: self.window.scale_factor() as f32 }))
    }

    fn view_size(&self) -> UVec2 {
        UVec2::new(self.configuration.width, self.configuration.height)
    }

    fn target(&self) -> Option<Target<'_>> {
        let (_, layers) = self.acquired.as_ref()?;
        Some(Target::new(layers, self.view_size()))
    }

    fn present(&mut self, shown: &mut Shown<'_>) -> Result<(), PresentError> {
        self.window.pre_present_notify();
        if let Some((texture, layers)) = self.acquired.take() {
            drop(layers);
            foreign(|| shown.gpu.queue().present(texture));
        }
        Ok(())
    }

    fn set_up_again(&mut self, lost: &Gpu, settings: &Settings) -> Result<(Gpu, Renderer), PresentError> {
        self.acquired = None;
        // The swapchain hangs on the old device; it goes with the old surface.
        let surface = lost.instance().create_surface(Arc::clone(&self.window));
        self.surface = surface.map_err(|error| PresentError::Surface(error.to_string()))?;
        self.is_stale = true;
        let (instance, features) = (lost.instance().clone(), wgpu::Features::empty());
        let request = Gpu::request(instance, Some(&self.surface), gpu_preference(settings), features);
        let gpu = pollster::block_on(request)?;
        let renderer = Renderer::new(&gpu, render_settings(settings, self.format()))?;
        Ok((gpu, renderer))
    }
}

/// What windows hear. A program can make one in its life.
pub type WindowLoop = EventLoop<egui_winit::accesskit_winit::Event>;

/// Connects to the display.
pub fn window_loop() -> Result<WindowLoop, Problem> {
    WindowLoop::with_user_event().build().map_err(no_display)
}

fn no_display(error: winit::error::EventLoopError) -> Problem {
    // What the library says before the colon is where in its code it noticed.
    let text = error.to_string();
    let words = text.rsplit(": ").next().unwrap_or_default().trim_end_matches('.');
    Problem::NoDisplay { detail: words.to_owned() }
}

/// Opens the window and runs until it is closed.
pub fn run(arguments: &Arguments) -> Result<()> {
    run_on(window_loop()?, arguments)
}

/// The same on a display that is connected already.
pub fn run_on(mut event_loop: WindowLoop, arguments: &Arguments) -> Result<()> {
    let mut host = Host {
        starter: starter(arguments)?,
        arguments: arguments.clone(),
        proxy: event_loop.create_proxy(),
        client: None,
        outcome: Ok(()),
        start: Instant::now(),
    };
    // On demand: a loop that a window beside a headset has ended runs again.
    event_loop.run_app_on_demand(&mut host).map_err(no_display)?;
    host.outcome
}

/// A client in its window.
struct Client {
    app: App<QuicConnector, FlatPresenter>,
    window: Arc<Window>,
    egui: egui_winit::State,
    pointer: Vec2,
    /// Where the pointer was when it was captured; none while it is free.
    captured_at: Option<Vec2>,
    last_frame: Instant,
}

/// What winit calls.
struct Host {
    starter: Option<Starter>,
    arguments: Arguments,
    proxy: EventLoopProxy<egui_winit::accesskit_winit::Event>,
    client: Option<Client>,
    outcome: Result<()>,
    start: Instant,
}

impl Host {
    fn open(&self, event_loop: &ActiveEventLoop) -> Result<Client> {
        // AccessKit wants to see the window before it is shown.
        let attributes =
            Window::default_attributes().with_title("VEV").with_inner_size(FIRST_SIZE).with_visible(false);
        let window = Arc::new(event_loop.create_window(attributes).context("the window can not be opened")?);
        let display = Box::new(event_loop.owned_display_handle());
        let described = wgpu::InstanceDescriptor::new_with_display_handle_from_env(display);
        let flags = instance_flags();
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor { flags, ..described });
        let no_graphics = |detail: String| Problem::NoGraphics { detail };
        let surface =
            instance.create_surface(Arc::clone(&window)).map_err(|error| no_graphics(error.to_string()))?;
        let Prepared { core, settings, language, data, problem } = prepare(&self.arguments)?;
        let features = wgpu::Features::empty();
        let request = Gpu::request(instance, Some(&surface), gpu_preference(&settings), features);
        let gpu = pollster::block_on(request).map_err(|error| no_graphics(error.to_string()))?;
        let presenter = FlatPresenter::new(Arc::clone(&window), surface, &gpu)?;
        let renderer = Renderer::new(&gpu, render_settings(&settings, presenter.format()))?;
        let driver = Driver::Devices(Box::default());
        let sounds = Sounds::on_system();
        let parts = AppParts { core, gpu, renderer, presenter, driver, settings, language, data, sounds };
        let mut app = App::new(parts)?;
        enter_by(&self.arguments, &mut app);
        if let Some(problem) = problem {
            app.notify(problem);
        }
        let mut egui = egui_winit::State::new(
            app.panels().context().clone(),
            egui::ViewportId::ROOT,
            event_loop,
            Some(window.scale_factor() as f32),
            window.theme(),
            None,
        );
        egui.init_accesskit(event_loop, &window, self.proxy.clone());
        window.set_visible(true);
        let pointer = Vec2::ZERO;
        Ok(Client { app, window, egui, pointer, captured_at: None, last_frame: Instant::now() })
    }

    fn fail(&mut self, event_loop: &ActiveEventLoop, error: anyhow::Error) {
        self.outcome = Err(error);
        event_loop.exit();
    }

    /// What was just written is stored first; who insists is let go at once.
    fn close(&mut self, event_loop: &ActiveEventLoop) {
        match &mut self.client {
            Some(client) if !client.app.is_quitting() => client.app.ask_quit(),
            _ => event_loop.exit(),
        }
    }

    fn frame(&mut self, event_loop: &ActiveEventLoop) {
        let now = LocalTime(self.start.elapsed().as_micros() as u64);
        let Some(client) = &mut self.client else { return };
        if self.starter.as_ref().is_some_and(Starter::is_gone) {
            client.app.ask_quit();
        }
        match client.frame(now) {
            Ok(Flow::Continue) => {}
            Ok(Flow::Quit) => event_loop.exit(),
            Err(error) => self.fail(event_loop, error),
        }
    }
}

impl Client {
    fn frame(&mut self, now: LocalTime) -> Result<Flow> {
        self.last_frame = Instant::now();
        self.app.set_panel_input(self.egui.take_egui_input(&self.window));
        let flow = self.app.frame(now)?;
        let platform = std::mem::take(&mut self.app.panel_output().platform);
        self.egui.handle_platform_output(&self.window, platform);
        Ok(flow)
    }

    fn handle(&mut self, event: &WindowEvent) {
        if let WindowEvent::KeyboardInput { event, .. } = event
            && self.takes_key(event)
        {
            return;
        }
        let answer = self.egui.on_window_event(&self.window, event);
        match event {
            WindowEvent::Resized(size) => self.app.presenter.resize(size.width, size.height),
            WindowEvent::Occluded(is_occluded) => self.app.presenter.is_occluded = *is_occluded,
            WindowEvent::Focused(false) => self.with_devices(Devices::release_all),
            WindowEvent::KeyboardInput { event, .. } => self.key(event, answer.consumed),
            WindowEvent::CursorMoved { position, .. } => {
                self.move_pointer(Vec2::new(position.x as f32, position.y as f32));
            }
            WindowEvent::MouseInput { state, button, .. } => self.button(*state, *button),
            _ => {}
        }
        self.capture_pointer();
    }

    fn claims(&mut self, consumed: bool) -> window::Claims {
        let output = self.app.panel_output();
        window::Claims { want_keyboard: output.wants_keyboard, want_pointer: output.wants_pointer, consumed }
    }

    /// Learns what stands on a key that is pressed, and whether it is the one that the settings wait for.
    fn takes_key(&mut self, event: &KeyEvent) -> bool {
        let PhysicalKey::Code(code) = event.physical_key else { return false };
        if event.state != ElementState::Pressed || event.repeat {
            return false;
        }
        match event.key_without_modifiers() {
            Key::Character(written) => self.app.learn_key(code, &written),
            Key::Dead(Some(written)) => self.app.learn_key(code, written.encode_utf8(&mut [0; 4])),
            Key::Named(_) | Key::Unidentified(_) | Key::Dead(None) => {}
        }
        let is_answer = self.app.is_waiting_for_key();
        if is_answer {
            self.app.take_key(code);
        }
        is_answer
    }

    fn key(&mut self, event: &KeyEvent, consumed: bool) {
        let PhysicalKey::Code(code) = event.physical_key else { return };
        let is_pressed = event.state == ElementState::Pressed;
        let key = window::Key { code, is_pressed, is_repeat: event.repeat };
        let claims = self.claims(consumed);
        let App { driver, settings, .. } = &mut self.app;
        if let Driver::Devices(devices) = driver {
            window::key(devices, &settings.keys, key, claims);
        }
    }

    fn button(&mut self, state: ElementState, button: MouseButton) {
        let button = match button {
            MouseButton::Left => window::Button::Left,
            MouseButton::Right => window::Button::Right,
            _ => return,
        };
        let is_pressed = state == ElementState::Pressed;
        let claims = self.claims(false);
        let is_inside = *self.app.core.stage() == crate::core::Stage::Inside;
        self.with_devices(|devices| window::button(devices, button, is_pressed, claims, is_inside));
    }

    fn move_pointer(&mut self, place_px: Vec2) {
        let size = self.window.inner_size();
        let place = window::point_of_picture(place_px, Vec2::new(size.width as f32, size.height as f32));
        // A captured pointer looks around by its raw movement, which no edge of the screen stops.
        let is_captured = self.captured_at.is_some();
        let by_px = if is_captured { Vec2::ZERO } else { place_px - self.pointer };
        let by_points = by_px / self.window.scale_factor() as f32;
        self.pointer = place_px;
        self.with_devices(|devices| devices.move_pointer(by_points, place));
    }

    /// The mouse itself moved; this counts only while the pointer is captured.
    fn move_mouse(&mut self, by: Vec2) {
        if self.captured_at.is_some() {
            self.with_devices(|devices| devices.look_by(by));
        }
    }

    /// Hides and holds the pointer while one looks around, and puts it back where it was afterwards.
    fn capture_pointer(&mut self) {
        let is_looking = matches!(&self.app.driver, Driver::Devices(devices) if devices.is_looking());
        match self.captured_at {
            None if is_looking => {
                // X11 can only confine, Wayland and macOS can only lock; where neither works the pointer looks.
                let grab = self.window.set_cursor_grab(CursorGrabMode::Locked);
                let grab = grab.or_else(|_| self.window.set_cursor_grab(CursorGrabMode::Confined));
                if grab.is_ok() {
                    self.window.set_cursor_visible(false);
                    self.captured_at = Some(self.pointer);
                }
            }
            Some(place) if !is_looking => {
                self.captured_at = None;
                let place = winit::dpi::PhysicalPosition::new(place.x, place.y);
                // A pointer that was locked is still there; not every system lets a program move it.
                self.window.set_cursor_position(place).ok();
                self.window.set_cursor_visible(true);
                if let Err(error) = self.window.set_cursor_grab(CursorGrabMode::None) {
                    tracing::warn!(%error, "the pointer can not be let go");
                }
            }
            _ => {}
        }
    }

    fn with_devices(&mut self, act: impl FnOnce(&mut Devices)) {
        if let Driver::Devices(devices) = &mut self.app.driver {
            act(devices);
        }
    }
}

impl ApplicationHandler<egui_winit::accesskit_winit::Event> for Host {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        if self.client.is_some() {
            return;
        }
        match self.open(event_loop) {
            Ok(client) => self.client = Some(client),
            Err(error) => self.fail(event_loop, error),
        }
    }

    fn user_event(&mut self, _: &ActiveEventLoop, event: egui_winit::accesskit_winit::Event) {
        let Some(client) = &mut self.client else { return };
        use egui_winit::accesskit_winit::WindowEvent as Reader;
        match event.window_event {
            // A screen reader has found the window: the next frame tells it everything.
            Reader::InitialTreeRequested => client.app.be_read(true),
            Reader::ActionRequested(request) => client.egui.on_accesskit_action_request(request),
            Reader::AccessibilityDeactivated => client.app.be_read(false),
        }
    }

    fn window_event(&mut self, event_loop: &ActiveEventLoop, _: WindowId, event: WindowEvent) {
        match event {
            WindowEvent::CloseRequested => self.close(event_loop),
            WindowEvent::RedrawRequested => {
                if let Some(client) = &mut self.client {
                    client.app.presenter.draws = true;
                }
                self.frame(event_loop);
            }
            event => {
                if let Some(client) = &mut self.client {
                    client.handle(&event);
                }
            }
        }
    }

    fn device_event(&mut self, _: &ActiveEventLoop, _: DeviceId, event: DeviceEvent) {
        if let (Some(client), DeviceEvent::MouseMotion { delta: (x, y) }) = (&mut self.client, event) {
            client.move_mouse(Vec2::new(x as f32, y as f32));
        }
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        let Some(client) = &mut self.client else { return };
        // No redraw comes while the window is hidden, and some systems do not say that it is; the session goes on.
        event_loop.set_control_flow(ControlFlow::WaitUntil(Instant::now() + HIDDEN_PAUSE));
        let is_hidden = client.app.presenter.is_hidden || client.window.is_minimized() == Some(true);
        client.window.request_redraw();
        let is_silent = client.last_frame.elapsed() >= LONGEST_SILENCE;
        client.app.presenter.draws = !is_silent;
        if is_silent || is_hidden && client.last_frame.elapsed() >= HIDDEN_PAUSE {
            self.frame(event_loop);
        }
    }

    fn exiting(&mut self, _: &ActiveEventLoop) {
        // The client says goodbye while the window system is still there.
        self.client = None;
    }
}
