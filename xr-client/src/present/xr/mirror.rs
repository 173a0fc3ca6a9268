//! A window that shows what the left eye sees, for whoever stands beside the person; where there is a display.
//!
//! It must not keep the headset waiting, nor know the venue.

use crate::present::flat::{WindowLoop, window_loop};
use std::sync::Arc;
use std::time::Duration;
use wgpu_renderer::{Gpu, MirrorPainter, MirrorPicture, wgpu};
use winit::application::ApplicationHandler;
use winit::dpi::LogicalSize;
use winit::event::WindowEvent;
use winit::event_loop::ActiveEventLoop;
use winit::platform::pump_events::{EventLoopExtPumpEvents as _, PumpStatus};
use winit::window::{Window, WindowId};

/// Size of the window at the start, points.
const FIRST_SIZE: LogicalSize<f64> = LogicalSize::new(960.0, 720.0);

/// Of so many frames of the headset the window shows one.
const ONE_OF: u64 = 2;

/// The window and its events.
pub struct Mirror {
    /// Goes before the loop does.
    host: Host,
    events: WindowLoop,
    frames: u64,
}

/// What winit calls.
struct Host {
    gpu: Gpu,
    pane: Option<Pane>,
    /// Whether the person wants the window; not any more after it could not be opened.
    is_wanted: bool,
    is_closed: bool,
    /// Whether the loop is to be left, so that the window after the headset can have it.
    is_over: bool,
}

/// The window with what draws into it.
struct Pane {
    surface: wgpu::Surface<'static>,
    configuration: wgpu::SurfaceConfiguration,
    painter: MirrorPainter,
    is_stale: bool,
    window: Arc<Window>,
}

impl Mirror {
    /// Opens the window; none without a display.
    pub fn open(gpu: &Gpu) -> Option<Self> {
        let events = match window_loop() {
            Ok(events) => events,
            Err(error) => {
                tracing::debug!(%error, "no window shows what the headset shows");
                return None;
            }
        };
        let host = Host { gpu: gpu.clone(), pane: None, is_wanted: true, is_closed: false, is_over: false };
        let mut mirror = Self { host, events, frames: 0 };
        mirror.hear();
        Some(mirror)
    }

    /// Shows the window from the next look at it on, or hides it.
    pub fn set_wanted(&mut self, is_wanted: bool) {
        if self.host.is_wanted != is_wanted {
            self.host.is_wanted = is_wanted;
            self.host.pane = None;
        }
    }

    /// Hears the window; whether it was closed.
    pub fn hear(&mut self) -> bool {
        // Without a wait: the headset's frames have their own pace.
        self.events.pump_app_events(Some(Duration::ZERO), &mut self.host);
        self.host.is_closed
    }

    /// Shows the left eye's picture, which is handed back as it was.
    pub fn show(&mut self, picture: &MirrorPicture<'_>) {
        self.frames += 1;
        let Host { gpu, pane: Some(pane), .. } = &mut self.host else { return };
        if self.frames.is_multiple_of(ONE_OF) {
            pane.show(gpu, picture);
        }
    }

    /// Closes the window. Its loop is the only one that a program can have, and goes to the next window.
    pub fn close(mut self) -> WindowLoop {
        self.host.pane = None;
        self.host.is_over = true;
        while let PumpStatus::Continue = self.events.pump_app_events(Some(Duration::ZERO), &mut self.host) {}
        self.events
    }
}

impl Host {
    fn open(&mut self, events: &ActiveEventLoop) {
        if self.pane.is_some() || self.is_over || !self.is_wanted {
            return;
        }
        match Pane::open(&self.gpu, events) {
            Ok(pane) => {
                tracing::info!("a window shows what the headset shows");
                self.pane = Some(pane);
            }
            Err(error) => {
                tracing::info!("no window shows what the headset shows: {error:#}");
                self.is_wanted = false;
            }
        }
    }
}

impl Pane {
    fn open(gpu: &Gpu, events: &ActiveEventLoop) -> anyhow::Result<Self> {
        let attributes = Window::default_attributes().with_title("VEV: headset").with_inner_size(FIRST_SIZE);
        let window = Arc::new(events.create_window(attributes)?);
        let surface = gpu.instance().create_surface(Arc::clone(&window))?;
        let size = window.inner_size();
        let default = surface.get_default_config(gpu.adapter(), size.width.max(1), size.height.max(1));
        let mut configuration =
            default.ok_or_else(|| anyhow::anyhow!("the headset's card can not draw into windows"))?;
        // A window that waits for its screen would keep the headset waiting.
        configuration.present_mode = wgpu::PresentMode::AutoNoVsync;
        let painter = MirrorPainter::new(gpu, configuration.format);
        Ok(Self { surface, configuration, painter, is_stale: true, window })
    }

    fn show(&mut self, gpu: &Gpu, picture: &MirrorPicture<'_>) {
        if self.configuration.width == 0 || self.configuration.height == 0 {
            return;
        }
        if std::mem::take(&mut self.is_stale) {
            self.surface.configure(gpu.device(), &self.configuration);
        }
        let frame = match self.surface.get_current_texture() {
            wgpu::CurrentSurfaceTexture::Success(frame) => frame,
            wgpu::CurrentSurfaceTexture::Suboptimal(frame) => {
                self.is_stale = true;
                frame
            }
            wgpu::CurrentSurfaceTexture::Outdated | wgpu::CurrentSurfaceTexture::Lost => {
                self.is_stale = true;
                return;
            }
            _ => return,
        };
        let view = frame.texture.create_view(&wgpu::TextureViewDescriptor::default());
        let window = [self.configuration.width, self.configuration.height];
        self.painter.paint(gpu, picture, &view, window.into());
        self.window.pre_present_notify();
        gpu.queue().present(frame);
    }
}

impl ApplicationHandler<egui_winit::accesskit_winit::Event> for Host {
    fn resumed(&mut self, events: &ActiveEventLoop) {
        self.open(events);
    }

    fn window_event(&mut self, _: &ActiveEventLoop, _: WindowId, event: WindowEvent) {
        match event {
            WindowEvent::CloseRequested => self.is_closed = true,
            WindowEvent::Resized(size) => {
                if let Some(pane) = &mut self.pane {
                    (pane.configuration.width, pane.configuration.height) = (size.width, size.height);
                    pane.is_stale = true;
                }
            }
            _ => {}
        }
    }

    fn about_to_wait(&mut self, events: &ActiveEventLoop) {
        if self.is_over {
            events.exit();
        } else {
            self.open(events);
        }
    }
}
