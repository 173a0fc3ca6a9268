//! What a renderer is set up for. Only the quality changes in its life: other targets mean another renderer.

use crate::shader::ViewMode;
use crate::{Gpu, RenderError};

/// How much the picture may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Quality {
    /// For weak integrated graphics: smaller pictures in windows, no multisampling, no anisotropic filtering.
    Low,
    /// Four samples a pixel, anisotropic filtering where the device is a graphics chip that has it.
    #[default]
    Standard,
}

impl Quality {
    /// Samples a pixel.
    fn sample_count(self) -> u32 {
        match self {
            Self::Low => 1,
            Self::Standard => 4,
        }
    }

    /// Size of the drawn picture of a window relative to the window. A little more than half of the pixels is where
    /// weak chips gain most for the sharpness that they give away.
    fn render_scale(self) -> f32 {
        match self {
            Self::Low => 0.75,
            Self::Standard => 1.0,
        }
    }
}

/// How the two views of a headset are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ViewWay {
    /// Every draw reaches both.
    #[default]
    AtOnce,
    /// One after the other, for drivers that draw two views at once wrongly; needs no optional feature.
    Apart,
}

/// What a [`crate::Renderer`] is made for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RenderSettings {
    /// How much the picture may cost.
    pub quality: Quality,
    /// The format of the targets. An sRGB format is drawn into directly (headset swapchains); a plain 8-bit
    /// format gets the encoded picture through one more copy, and panels blend on it exactly as egui means it.
    pub color_format: wgpu::TextureFormat,
    /// 1 for a window; 2 for a headset, which needs the MULTIVIEW feature and targets with two layers.
    pub view_count: u32,
    /// How several views are drawn.
    pub way: ViewWay,
    /// 1 or 4 samples a pixel.
    pub sample_count: u32,
    /// Size of the drawn picture relative to its target, 0.25 to 1: panels keep the target's full size.
    pub render_scale: f32,
}

impl RenderSettings {
    /// Settings for a window or an offscreen picture.
    pub fn flat(quality: Quality, color_format: wgpu::TextureFormat) -> Self {
        Self {
            quality,
            color_format,
            view_count: 1,
            way: ViewWay::AtOnce,
            sample_count: quality.sample_count(),
            render_scale: quality.render_scale(),
        }
    }

    /// Settings for a headset: two views in the two layers of one target, whose size its runtime chooses.
    pub fn stereo(quality: Quality, color_format: wgpu::TextureFormat) -> Self {
        Self { view_count: 2, render_scale: 1.0, ..Self::flat(quality, color_format) }
    }

    /// The same targets in another quality.
    pub fn with_quality(self, quality: Quality) -> Self {
        match self.view_count {
            1 => Self::flat(quality, self.color_format),
            _ => Self { way: self.way, ..Self::stereo(quality, self.color_format) },
        }
    }

    /// The modes of the passes that a frame consists of, one after the other.
    pub(crate) fn modes(&self) -> &'static [ViewMode] {
        match (self.view_count, self.way) {
            (1, _) => &[ViewMode::Single],
            (_, ViewWay::AtOnce) => &[ViewMode::Multi],
            (_, ViewWay::Apart) => &[ViewMode::Apart(0), ViewMode::Apart(1)],
        }
    }

    /// How many layers a pass draws into.
    pub(crate) fn layers_at_once(&self) -> u32 {
        if self.way == ViewWay::Apart { 1 } else { self.view_count }
    }

    /// These settings as their quality has them, whatever was changed since.
    pub fn of_quality(&self) -> Self {
        self.with_quality(self.quality)
    }

    /// An error unless the device can draw what these settings ask for.
    pub(crate) fn check(&self, gpu: &Gpu) -> Result<(), RenderError> {
        let unsupported = |what: String, advice| Err(RenderError::Unsupported { what, advice });
        if !matches!(self.view_count, 1 | 2) {
            return unsupported(format!("draw {} views at once", self.view_count), "Choose 1 or 2 views.");
        }
        if !matches!(self.sample_count, 1 | 4) {
            return unsupported(
                format!("take {} samples a pixel", self.sample_count),
                "Choose 1 or 4 samples.",
            );
        }
        if !(0.25..=1.0).contains(&self.render_scale) {
            return unsupported(
                format!("draw at the scale {}", self.render_scale),
                "Choose a scale from 0.25 to 1.",
            );
        }
        let missing = self.required_features() - gpu.device().features();
        if missing.is_empty() {
            return Ok(());
        }
        unsupported(format!("draw two views at once: it lacks {missing:?}"), "Use the flat window instead.")
    }

    /// The optional features that these settings need; none for one view.
    pub fn required_features(&self) -> wgpu::Features {
        if self.view_count == 1 || self.way == ViewWay::Apart {
            return wgpu::Features::empty();
        }
        match self.sample_count {
            1 => wgpu::Features::MULTIVIEW,
            _ => wgpu::Features::MULTIVIEW | wgpu::Features::MULTISAMPLE_ARRAY,
        }
    }
}
