//! Where a frame goes: a texture view of a window's or headset's swapchain, or an offscreen picture that can be
//! read back.

use crate::readback::{self, Source};
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
    /// A format of other than four bytes a pixel; a size of zero or beyond the device's limit; no memory.
    pub fn new(gpu: &Gpu, settings: &RenderSettings, size: UVec2) -> Result<Self, RenderError> {
        check_size(gpu, size)?;
        if order_of(settings.color_format).is_none() {
            let problem = format!("pictures of the format {:?} cannot be read back", settings.color_format);
            return Err(RenderError::InvalidFrame { problem });
        }
        let texture = gpu.device().create_texture(&wgpu::TextureDescriptor {
            label: Some("offscreen target"),
            size: wgpu::Extent3d {
                width: size.x,
                height: size.y,
                depth_or_array_layers: settings.view_count,
            },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: settings.color_format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
            view_formats: &[],
        });
        gpu.check("making room for an offscreen picture")?;
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        Ok(Self { texture, view })
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
    /// There is no such view; the device is lost or out of memory.
    pub async fn read_rgba(&self, gpu: &Gpu, view_index: u32) -> Result<Vec<u8>, RenderError> {
        if view_index >= self.texture.depth_or_array_layers() {
            let problem = format!("it has no view {view_index} to read back");
            return Err(RenderError::InvalidFrame { problem });
        }
        let mut pixels = readback::read(gpu, Source { texture: &self.texture, layer: view_index }).await?;
        if order_of(self.texture.format()) == Some(ByteOrder::BlueFirst) {
            pixels.chunks_exact_mut(4).for_each(|pixel| pixel.swap(0, 2));
        }
        Ok(pixels)
    }
}

/// An error unless the device can make a picture of this size.
pub(crate) fn check_size(gpu: &Gpu, size: UVec2) -> Result<(), RenderError> {
    let limit = gpu.device().limits().max_texture_dimension_2d;
    if size.min_element() > 0 && size.max_element() <= limit {
        return Ok(());
    }
    let problem =
        format!("a picture of {} × {} pixels is empty or larger than {limit} × {limit}", size.x, size.y);
    Err(RenderError::InvalidFrame { problem })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ByteOrder {
    RedFirst,
    BlueFirst,
}

fn order_of(format: wgpu::TextureFormat) -> Option<ByteOrder> {
    match format {
        wgpu::TextureFormat::Rgba8Unorm | wgpu::TextureFormat::Rgba8UnormSrgb => Some(ByteOrder::RedFirst),
        wgpu::TextureFormat::Bgra8Unorm | wgpu::TextureFormat::Bgra8UnormSrgb => Some(ByteOrder::BlueFirst),
        _ => None,
    }
}
