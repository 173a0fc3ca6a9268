//! What the client does when the graphics device fails: one refused command costs a frame, a lost device is replaced
//! and everything on it made anew. The venue goes on meanwhile.
//!
//! It must not know why a device fails.

use super::times::Stopwatch;
use super::{App, AppError};
use crate::core::Connector;
use crate::present::panel_painter::PanelPainter;
use crate::present::{PresentError, Presenter};
use crate::scene::avatar::AvatarError;
use crate::scene::{Scene, SceneError};
use crate::sentence::Problem;
use venue_protocol::LocalTime;
use wgpu_renderer::RenderError;

/// Frames in a row that may be refused.
const MOST_REFUSALS: u32 = 5;

/// A device that is lost sooner than this after the last loss will be lost again, µs.
const SHORTEST_LIFE_MICROS: u64 = 60_000_000;

/// What failed lately.
#[derive(Debug, Default)]
pub(super) struct Recovery {
    refusals: u32,
    replaced_at: Option<LocalTime>,
}

impl Recovery {
    /// A frame was shown.
    pub(super) fn handle_shown(&mut self) {
        self.refusals = 0;
    }

    /// Whether the device may be replaced at this time.
    fn may_replace(&self, now: LocalTime) -> bool {
        self.replaced_at.is_none_or(|before| now.micros_since(before) >= SHORTEST_LIFE_MICROS)
    }
}

impl<C: Connector, P: Presenter> App<C, P> {
    /// Goes on after a frame that could not be shown, where that makes sense.
    pub(super) fn recover(&mut self, failed: AppError) -> Result<(), AppError> {
        let Some(fault) = fault_of(&failed) else { return Err(failed) };
        let detail = fault.to_string();
        match fault {
            RenderError::Refused { .. } if self.recovery.refusals < MOST_REFUSALS => {
                if self.recovery.refusals == 0 {
                    tracing::warn!(error = %detail, "a frame is left out");
                }
                self.recovery.refusals += 1;
                Ok(())
            }
            RenderError::DeviceLost { .. } | RenderError::OutOfMemory { .. }
                if self.recovery.may_replace(self.now) =>
            {
                tracing::warn!(error = %detail, "the graphics device is set up again");
                self.recovery.replaced_at = Some(self.now);
                self.set_up_again().map_err(|error| match error {
                    // The window takes over.
                    AppError::Present(PresentError::Headset(_)) => error,
                    _ => lost(error.to_string()),
                })
            }
            RenderError::Refused { .. }
            | RenderError::DeviceLost { .. }
            | RenderError::OutOfMemory { .. } => Err(lost(detail)),
            _ => Err(failed),
        }
    }

    /// Another device, and on it everything that the last one held. Tiles come again from the cache.
    fn set_up_again(&mut self) -> Result<(), AppError> {
        let (gpu, mut renderer) = self.presenter.set_up_again(&self.gpu, &self.settings)?;
        let mut scene = Scene::new(&gpu, &mut renderer)?;
        scene.set_perspective(self.scene.perspective());
        scene.set_keeps_distance(self.settings.personal_space);
        scene.overlay.set_wanted(self.scene.overlay.is_wanted());
        if let Some(manifest) = self.core.manifest() {
            scene.open(manifest, &mut renderer);
        }
        if let Some(tileset) = self.core.tileset() {
            scene.open_tiles(tileset);
        }
        self.core.show_again();
        self.panels.show_again();
        self.painter = PanelPainter::default();
        (self.gpu, self.renderer, self.scene) = (gpu, renderer, scene);
        self.stopwatch = Stopwatch::default();
        Ok(self.apply_picture()?)
    }
}

fn lost(detail: String) -> AppError {
    AppError::Graphics(Problem::GraphicsLost { detail })
}

/// What of the renderer is behind an error.
fn fault_of(error: &AppError) -> Option<&RenderError> {
    match error {
        AppError::Render(fault)
        | AppError::Present(PresentError::Render(fault))
        | AppError::Scene(SceneError::Render(fault) | SceneError::Avatar(AvatarError::Render(fault))) => {
            Some(fault)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::Stand;
    use crate::testing::tiny_package;

    /// Draws until the venue is whole, and gives the picture of it.
    fn picture(stand: &mut Stand, name: &str) -> Vec<u8> {
        stand.load().unwrap();
        stand.app.presenter.want_screenshot(name.to_owned());
        for _ in 0..30 {
            stand.step().unwrap();
        }
        let folder = stand.app.presenter.folder().to_owned();
        image::open(folder.join(format!("{name}.png"))).unwrap().to_rgba8().into_raw()
    }

    fn refused() -> AppError {
        AppError::Render(RenderError::Refused { doing: "testing", description: "a test".into() })
    }

    #[test]
    fn a_lost_device_is_replaced_and_the_venue_is_drawn_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut stand = Stand::build(tiny_package(), "room", 3, folder.path()).unwrap();
        let before = picture(&mut stand, "before");
        let lost = stand.app.gpu().clone();
        lost.device().destroy();
        for _ in 0..8 {
            stand.step().unwrap();
        }
        assert!(lost.is_lost() && !stand.app.gpu().is_lost(), "there is another device");
        let after = picture(&mut stand, "after");
        // The crowd walks on; the floor, the sky and the panels' hint are the same.
        let same = before.chunks_exact(4).zip(after.chunks_exact(4)).filter(|(a, b)| a == b).count();
        assert!(same * 4 > before.len() / 4 * 2, "{same} pixels are the same");
        let colors: std::collections::BTreeSet<&[u8]> = after.chunks_exact(4).collect();
        assert!(colors.len() > 20, "{} colours are no venue", colors.len());
    }

    #[test]
    fn a_device_that_is_lost_again_at_once_ends_with_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let mut stand = Stand::build(tiny_package(), "room", 0, folder.path()).unwrap();
        stand.step().unwrap();
        let lost = || AppError::Render(RenderError::DeviceLost { reason: "a test".into() });
        stand.app.recover(lost()).unwrap();
        let Err(AppError::Graphics(problem)) = stand.app.recover(lost()) else { panic!("it goes on") };
        assert_eq!(problem.id(), "problem-graphics-lost");
    }

    #[test]
    fn five_refused_frames_in_a_row_are_left_out_and_a_sixth_ends_the_program() {
        let folder = tempfile::tempdir().unwrap();
        let mut stand = Stand::build(tiny_package(), "room", 0, folder.path()).unwrap();
        for _ in 0..MOST_REFUSALS {
            stand.app.recover(refused()).unwrap();
        }
        stand.step().unwrap();
        for _ in 0..MOST_REFUSALS {
            stand.app.recover(refused()).unwrap();
        }
        assert!(matches!(stand.app.recover(refused()), Err(AppError::Graphics(_))));
        let input = RenderError::InvalidFrame { problem: "a test".into() };
        assert!(matches!(stand.app.recover(AppError::Render(input)), Err(AppError::Render(_))));
    }
}
