//! Where a frame goes: a texture view of a window's or headset's swapchain, or an offscreen picture that can be
//! read back.

use crate::{Gpu, RenderError, RenderSettings};
use glam::UVec2;

/// A colour attachment that receives the finished picture.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// A view in the settings' colour format: one layer for one view, a `D2Array` of two layers for two.
    pub color: &'a wgpu::TextureView,
    /// Its width and height in pixels.
    pub size: UVec2,
}

/// A picture of our own, for tests, screenshots and the headless program.
#[derive(Debug)]
pub struct OffscreenTarget {
    texture: wgpu::Texture,
    view: wgpu::TextureView,
}

impl OffscreenTarget {
    /// A picture that fits `settings`.
    ///
    /// # Errors
    /// A size of zero or beyond the device's limit; no memory.
    pub fn new(gpu: &Gpu, settings: &RenderSettings, size: UVec2) -> Result<Self, RenderError> {
        let _ = (gpu, settings, size);
        Err(RenderError::InvalidFrame { problem: "offscreen targets are not built yet".into() })
    }

    /// The picture as a frame's target.
    pub fn target(&self) -> Target<'_> {
        Target { color: &self.view, size: self.size() }
    }

    /// Width and height in pixels.
    pub fn size(&self) -> UVec2 {
        UVec2::new(self.texture.width(), self.texture.height())
    }

    /// The pixels of one view: red, green, blue (sRGB) and alpha, first row first. Waits for the GPU.
    ///
    /// # Errors
    /// The device is lost or out of memory.
    pub async fn read_rgba(&self, gpu: &Gpu, view_index: u32) -> Result<Vec<u8>, RenderError> {
        let _ = view_index;
        gpu.check("reading a picture back")?;
        Ok(Vec::new())
    }
}
