//! Pictures without a window: drawn offscreen when a screenshot is wanted, written as PNG with a JSON that
//! proves where people are seen.
//!
//! It must not know scripts; whoever drives the client asks for screenshots.

use super::{FrameSize, PresentError, Presenter, Shown, proof};
use crate::cli::{gpu_preference, render_settings};
use crate::scene::avatar::head::Heads;
use crate::settings::Settings;
use glam::UVec2;
use std::path::{Path, PathBuf};
use wgpu_renderer::{Gpu, OffscreenTarget, RenderSettings, Renderer, Target, wgpu};

/// Frames that are laid out before the one that is kept: panels lay themselves out anew, tags reach the atlas,
/// and the darkness after a jump passes.
const WARM_UP_FRAMES: u32 = 4;

/// Which frames are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawing {
    /// Those that lead up to a screenshot.
    Screenshots,
    /// Every one, for measuring.
    Always,
}

/// Draws offscreen.
pub struct HeadlessPresenter {
    folder: PathBuf,
    target: OffscreenTarget,
    drawing: Drawing,
    pixels_per_point: f32,
    wanted: Option<(String, u32)>,
    written: Vec<String>,
    presented: u64,
    format: wgpu::TextureFormat,
    /// Read from the avatars' file when the first picture is proven.
    heads: Option<Heads>,
}

impl HeadlessPresenter {
    /// Pictures of this size into this folder.
    pub fn new(
        gpu: &Gpu,
        settings: &RenderSettings,
        size: UVec2,
        folder: &Path,
        drawing: Drawing,
    ) -> Result<Self, PresentError> {
        let target = OffscreenTarget::new(gpu, settings, size)?;
        let pixels_per_point = 1.0;
        Ok(Self {
            folder: folder.to_owned(),
            target,
            drawing,
            pixels_per_point,
            wanted: None,
            written: Vec::new(),
            presented: 0,
            format: settings.color_format,
            heads: None,
        })
    }

    /// Draws panels and tags at this size: 1.0 on a plain screen.
    pub fn with_pixels_per_point(self, pixels_per_point: f32) -> Self {
        Self { pixels_per_point, ..self }
    }

    /// Wants a picture of one of the next frames.
    pub fn want_screenshot(&mut self, name: String) {
        self.wanted = Some((name, WARM_UP_FRAMES));
    }

    /// Whether a wanted picture is not written yet.
    pub fn is_busy(&self) -> bool {
        self.wanted.is_some()
    }

    /// Names of the pictures that were written.
    pub fn written(&self) -> &[String] {
        &self.written
    }

    /// Where the pictures are written.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// How many frames were shown.
    pub fn presented(&self) -> u64 {
        self.presented
    }

    fn write(&mut self, name: &str, shown: &mut Shown<'_>) -> Result<(), PresentError> {
        let size = self.target.size();
        let rgba = pollster::block_on(self.target.read_rgba(shown.gpu, 0))?;
        let path = self.folder.join(format!("{name}.png"));
        let failed =
            |path: &Path, detail: String| PresentError::Write { file: path.display().to_string(), detail };
        image::save_buffer(&path, &rgba, size.x, size.y, image::ExtendedColorType::Rgba8)
            .map_err(|error| failed(&path, error.to_string()))?;
        let Some(view) = shown.frame.views.first() else { return Ok(()) };
        let ids = pollster::block_on(shown.renderer.render_object_ids(shown.gpu, shown.frame, size))?;
        let heads = match &mut self.heads {
            Some(heads) => &*heads,
            unread => unread.insert(Heads::of_program().map_err(|error| failed(&path, error.to_string()))?),
        };
        let report = proof::report(shown.subjects, &ids, view, heads);
        let path = self.folder.join(format!("{name}.json"));
        let text = serde_json::to_string_pretty(&report).map_err(|error| failed(&path, error.to_string()))?;
        std::fs::write(&path, text).map_err(|error| failed(&path, error.to_string()))
    }
}

impl Presenter for HeadlessPresenter {
    fn acquire(&mut self, _gpu: &Gpu) -> Result<Option<FrameSize>, PresentError> {
        let is_drawn = self.drawing == Drawing::Always || self.wanted.is_some();
        let size = FrameSize { size: self.target.size(), pixels_per_point: self.pixels_per_point };
        Ok(is_drawn.then_some(size))
    }

    fn view_size(&self) -> UVec2 {
        self.target.size()
    }

    fn target(&self) -> Option<Target<'_>> {
        // Of the frames that lead up to a picture only the last needs the GPU, which may be a slow processor.
        let is_drawn = self.drawing == Drawing::Always || matches!(self.wanted, Some((_, 0)));
        is_drawn.then(|| self.target.target())
    }

    fn present(&mut self, shown: &mut Shown<'_>) -> Result<(), PresentError> {
        self.presented += 1;
        match self.wanted.take() {
            Some((name, 0)) if shown.frame.fade.amount == 0.0 => {
                self.write(&name, shown)?;
                self.written.push(name);
            }
            Some((name, frames)) => self.wanted = Some((name, frames.saturating_sub(1))),
            None => {}
        }
        Ok(())
    }

    fn set_up_again(&mut self, lost: &Gpu, settings: &Settings) -> Result<(Gpu, Renderer), PresentError> {
        let features = wgpu::Features::empty();
        let request = Gpu::request(lost.instance().clone(), None, gpu_preference(settings), features);
        let gpu = pollster::block_on(request)?;
        let render = render_settings(settings, self.format);
        self.target = OffscreenTarget::new(&gpu, &render, self.target.size())?;
        let renderer = Renderer::new(&gpu, render)?;
        Ok((gpu, renderer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_frame_that_is_kept_is_drawn() {
        let settings = Settings::default();
        let gpu = crate::cli::offscreen_gpu(&settings).unwrap();
        let render = render_settings(&settings, crate::cli::OFFSCREEN_FORMAT);
        let drawing = Drawing::Screenshots;
        let mut presenter =
            HeadlessPresenter::new(&gpu, &render, UVec2::splat(16), Path::new("."), drawing).unwrap();
        assert_eq!(presenter.acquire(&gpu).unwrap(), None);
        presenter.want_screenshot("a".into());
        assert!(presenter.acquire(&gpu).unwrap().is_some() && presenter.target().is_none());
        presenter.wanted = Some(("a".into(), 0));
        assert!(presenter.target().is_some());
    }
}
