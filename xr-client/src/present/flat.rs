//! The window: winit's events become devices' states and panels' input, frames go to its surface.
//!
//! It must not know the venue; the app draws.

use super::{FrameSize, PresentError, Presenter, Shown};
use crate::app::{App, AppParts, Driver, Flow};
use crate::cli::{Arguments, Prepared, enter_by, prepare, render_settings};
use crate::input::devices::Devices;
use crate::net::QuicConnector;
use crate::sentence::Problem;
use anyhow::{Context as _, Result};
use glam::{UVec2, Vec2};
use std::sync::Arc;
use std::time::{Duration, Instant};
use venue_protocol::LocalTime;
use wgpu_renderer::{Gpu, GpuPreference, Renderer, Target, wgpu};
use winit::application::ApplicationHandler;
use winit::dpi::LogicalSize;
use winit::event::{ElementState, KeyEvent, MouseButton, WindowEvent};
use winit::event_loop::{ActiveEventLoop, ControlFlow, EventLoop, EventLoopProxy};
use winit::keyboard::PhysicalKey;
use winit::window::{Window, WindowId};

/// How long the program sleeps between steps while nothing can be shown: the session must stay alive.
const HIDDEN_PAUSE: Duration = Duration::from_millis(30);

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
    acquired: Option<(wgpu::SurfaceTexture, wgpu::TextureView)>,
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
        Ok(Self { window, surface, configuration, is_stale: true, is_hidden: false, acquired: None })
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
        let texture = if self.is_minimised() { None } else { self.acquire_texture(gpu)? };
        self.is_hidden = texture.is_none();
        let Some(texture) = texture else { return Ok(None) };
        let view = texture.texture.create_view(&wgpu::TextureViewDescriptor::default());
        self.acquired = Some((texture, view));
        let size = UVec2::new(self.configuration.width, self.configuration.height);
        Ok(Some(FrameSize { size, pixels_per_point: self.window.scale_factor() as f32 }))
    }

    fn target(&self) -> Option<Target<'_>> {
        let (_, view) = self.acquired.as_ref()?;
        Some(Target { color: view, size: UVec2::new(self.configuration.width, self.configuration.height) })
    }

    fn present(&mut self, shown: &mut Shown<'_>) -> Result<(), PresentError> {
        self.window.pre_present_notify();
        if let Some((texture, view)) = self.acquired.take() {
            drop(view);
            shown.gpu.queue().present(texture);
        }
        Ok(())
    }
}

/// Opens the window and runs until it is closed.
pub fn run(arguments: &Arguments) -> Result<()> {
    // What the library says before the colon is where in its code it noticed.
    let words = |text: String| text.rsplit(": ").next().unwrap_or_default().trim_end_matches('.').to_owned();
    let no_display =
        |error: winit::error::EventLoopError| Problem::NoDisplay { detail: words(error.to_string()) };
    let event_loop =
        EventLoop::<egui_winit::accesskit_winit::Event>::with_user_event().build().map_err(no_display)?;
    let mut host = Host {
        arguments: arguments.clone(),
        proxy: event_loop.create_proxy(),
        client: None,
        outcome: Ok(()),
        start: Instant::now(),
    };
    event_loop.run_app(&mut host).map_err(no_display)?;
    host.outcome
}

/// A client in its window.
struct Client {
    app: App<QuicConnector, FlatPresenter>,
    window: Arc<Window>,
    egui: egui_winit::State,
    pointer: Vec2,
}

/// What winit calls.
struct Host {
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
        let instance =
            wgpu::Instance::new(wgpu::InstanceDescriptor::new_with_display_handle_from_env(display));
        let no_graphics = |detail: String| Problem::NoGraphics { detail };
        let surface =
            instance.create_surface(Arc::clone(&window)).map_err(|error| no_graphics(error.to_string()))?;
        let features = wgpu::Features::empty();
        let request = Gpu::request(instance, Some(&surface), GpuPreference::HighPerformance, features);
        let gpu = pollster::block_on(request).map_err(|error| no_graphics(error.to_string()))?;
        let Prepared { core, settings, language, data, problem } = prepare(&self.arguments)?;
        let presenter = FlatPresenter::new(Arc::clone(&window), surface, &gpu)?;
        let renderer = Renderer::new(&gpu, render_settings(&settings, presenter.format()))?;
        let driver = Driver::Devices(Box::default());
        let data = Some(data);
        let mut app =
            App::new(AppParts { core, gpu, renderer, presenter, driver, settings, language, data })?;
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
        Ok(Client { app, window, egui, pointer: Vec2::ZERO })
    }

    fn fail(&mut self, event_loop: &ActiveEventLoop, error: anyhow::Error) {
        self.outcome = Err(error);
        event_loop.exit();
    }

    fn frame(&mut self, event_loop: &ActiveEventLoop) {
        let now = LocalTime(self.start.elapsed().as_micros() as u64);
        let Some(client) = &mut self.client else { return };
        match client.frame(now) {
            Ok(Flow::Continue) => {}
            Ok(Flow::Quit) => event_loop.exit(),
            Err(error) => self.fail(event_loop, error),
        }
    }
}

impl Client {
    fn frame(&mut self, now: LocalTime) -> Result<Flow> {
        self.app.set_panel_input(self.egui.take_egui_input(&self.window));
        let flow = self.app.frame(now)?;
        let platform = std::mem::take(&mut self.app.panel_output().platform);
        self.egui.handle_platform_output(&self.window, platform);
        Ok(flow)
    }

    fn handle(&mut self, event: &WindowEvent) {
        let answer = self.egui.on_window_event(&self.window, event);
        match event {
            WindowEvent::Resized(size) => self.app.presenter.resize(size.width, size.height),
            WindowEvent::Focused(false) => self.with_devices(Devices::release_all),
            WindowEvent::KeyboardInput { event, .. } => self.key(event, answer.consumed),
            WindowEvent::CursorMoved { position, .. } => {
                self.move_pointer(Vec2::new(position.x as f32, position.y as f32));
            }
            WindowEvent::MouseInput { state, button, .. } => self.button(*state, *button),
            _ => {}
        }
    }

    fn key(&mut self, event: &KeyEvent, is_consumed: bool) {
        let PhysicalKey::Code(code) = event.physical_key else { return };
        let Some(action) = self.app.settings.keys.action_of(code) else { return };
        let panels_have_keys = self.app.panel_output().wants_keyboard;
        match event.state {
            ElementState::Released => self.with_devices(|devices| devices.release(action)),
            ElementState::Pressed if event.repeat || panels_have_keys => {}
            // egui takes Tab for itself even when no panel is open.
            ElementState::Pressed if is_consumed && code != winit::keyboard::KeyCode::Tab => {}
            ElementState::Pressed => self.with_devices(|devices| devices.press(action)),
        }
    }

    fn button(&mut self, state: ElementState, button: MouseButton) {
        let is_pressed = state == ElementState::Pressed;
        let panels_have_pointer = self.app.panel_output().wants_pointer;
        let is_inside = *self.app.core.stage() == crate::core::Stage::Inside;
        self.with_devices(|devices| match button {
            MouseButton::Right => devices.set_looking(is_pressed && !panels_have_pointer),
            MouseButton::Left if is_pressed && !panels_have_pointer && is_inside => devices.press_jump(),
            MouseButton::Left if !is_pressed => devices.release_jump(),
            _ => {}
        });
    }

    fn move_pointer(&mut self, place_px: Vec2) {
        let size = self.window.inner_size();
        let half = Vec2::new(size.width.max(1) as f32, size.height.max(1) as f32) * 0.5;
        let place = (place_px - half) / half * Vec2::new(1.0, -1.0);
        let by_points = (place_px - self.pointer) / self.window.scale_factor() as f32;
        self.pointer = place_px;
        self.with_devices(|devices| devices.move_pointer(by_points, place));
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
        if let egui_winit::accesskit_winit::WindowEvent::ActionRequested(request) = event.window_event {
            client.egui.on_accesskit_action_request(request);
        }
    }

    fn window_event(&mut self, event_loop: &ActiveEventLoop, _: WindowId, event: WindowEvent) {
        match event {
            WindowEvent::CloseRequested => event_loop.exit(),
            WindowEvent::RedrawRequested => self.frame(event_loop),
            event => {
                if let Some(client) = &mut self.client {
                    client.handle(&event);
                }
            }
        }
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        let Some(client) = &self.client else { return };
        if client.app.presenter.is_hidden || client.window.is_minimized() == Some(true) {
            // No redraw comes while the window is hidden, but the session goes on.
            event_loop.set_control_flow(ControlFlow::WaitUntil(Instant::now() + HIDDEN_PAUSE));
            self.frame(event_loop);
        } else {
            event_loop.set_control_flow(ControlFlow::Wait);
            client.window.request_redraw();
        }
    }

    fn exiting(&mut self, _: &ActiveEventLoop) {
        // The client says goodbye while the window system is still there.
        self.client = None;
    }
}
