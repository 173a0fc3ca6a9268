//! What pictures take, for whoever wants to know, and how many pixels and how much detail they have.
//!
//! It must not draw.

use super::App;
use crate::core::Connector;
use crate::panels::model::Times;
use crate::platform::{foreign, thread_cpu_micros};
use crate::present::{PresentError, Presenter};
use crate::scene::stream::Detail;
use venue_protocol::LocalTime;
use wgpu_renderer::Timing;

/// Numbers that change more often can not be read, µs.
const INTERVAL_MICROS: u64 = 500_000;

/// What was measured since the last time that it was shown.
#[derive(Debug, Default)]
pub(super) struct Stopwatch {
    since: Option<LocalTime>,
    pictures: u32,
    processor_micros: f64,
    began_at: Option<f64>,
}

impl<C: Connector, P: Presenter> App<C, P> {
    /// Shows what pictures take from now on, or does not any more.
    pub(super) fn toggle_times(&mut self) {
        self.settings.shows_times = !self.settings.shows_times;
        self.keeper.set_settings(&self.settings, self.language);
        self.save(None);
    }

    /// A frame begins.
    pub(super) fn start_stopwatch(&mut self) {
        let is_wanted = self.settings.shows_times;
        if is_wanted != self.stopwatch.since.is_some() {
            self.stopwatch = Stopwatch { since: is_wanted.then_some(self.now), ..Stopwatch::default() };
            self.keeper.set_times(None);
            let timing = if is_wanted { Timing::On } else { Timing::Off };
            if let Err(error) = foreign(|| self.renderer.time_passes(&self.gpu, timing)) {
                tracing::warn!(%error, "the graphics device can not tell its times");
            }
        }
        self.stopwatch.began_at = if is_wanted { thread_cpu_micros() } else { None };
    }

    /// It ends.
    pub(super) fn stop_stopwatch(&mut self) {
        let Some(since) = self.stopwatch.since else { return };
        let took = self.stopwatch.began_at.zip(thread_cpu_micros()).map_or(0.0, |(from, to)| to - from);
        self.stopwatch.pictures += u32::from(self.frame_size.is_some());
        self.stopwatch.processor_micros += took;
        let elapsed = self.now.micros_since(since);
        if elapsed < INTERVAL_MICROS || self.stopwatch.pictures == 0 {
            return;
        }
        let Stopwatch { pictures, processor_micros, .. } = std::mem::take(&mut self.stopwatch);
        self.stopwatch.since = Some(self.now);
        let tenths = |ms: f32| (ms * 10.0).round() as u32;
        let graphics = self.renderer.pass_times();
        let graphics =
            graphics.map(|times| [tenths(times.world_ms + times.depth_ms), tenths(times.screen_ms)]);
        let size = (self.presenter.view_size().as_vec2() * self.renderer.settings().render_scale).round();
        self.keeper.set_times(Some(Times {
            rate: (f64::from(pictures) * 1e6 / elapsed as f64).round() as u16,
            size: [size.x as u16, size.y as u16],
            processor: tenths((processor_micros / f64::from(pictures)) as f32 * 1e-3),
            graphics,
        }));
    }

    /// Draws in the quality, with the pixels and the detail that are set, from the next frame on.
    pub(super) fn apply_picture(&mut self) -> Result<(), PresentError> {
        let quality = crate::cli::quality(&self.settings);
        self.scene.set_detail(Detail::of(&self.gpu, quality).times(self.settings.detail));
        self.renderer.set_quality(&self.gpu, quality)?;
        let usual = self.renderer.settings().of_quality().render_scale;
        let left = self.presenter.set_resolution(self.settings.resolution)?;
        self.renderer.set_render_scale(usual * left);
        Ok(())
    }
}
