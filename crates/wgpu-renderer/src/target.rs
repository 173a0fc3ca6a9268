//! Where a frame goes: a texture view of a window's or headset's swapchain, or an offscreen picture that can be
//! read back.

use crate::readback::{self, Source};
use crate::{Gpu, HiddenArea, RenderError, RenderSettings};
use glam::UVec2;

/// What receives the finished picture.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// In the settings' colour format, with a layer for each view.
    pub color: &'a Layers,
    /// Width and height in pixels.
    pub size: UVec2,
    /// What receives the depth of two views, 32-bit floats; none where nobody wants it.
    pub depth: Option<&'a Layers>,
    /// What nobody sees of two views.
    pub hidden: Option<&'a HiddenArea>,
}

impl<'a> Target<'a> {
    /// Only colours.
    pub fn new(color: &'a Layers, size: UVec2) -> Self {
        Self { color, size, depth: None, hidden: None }
    }
}

/// A texture as attachment: all of its layers at once, and each for itself.
#[derive(Debug)]
pub struct Layers {
    all: wgpu::TextureView,
    each: Option<[wgpu::TextureView; 2]>,
}

impl Layers {
    /// Of a texture with one or two layers.
    pub fn of(texture: &wgpu::Texture) -> Self {
        if texture.depth_or_array_layers() < 2 {
            return Self { all: texture.create_view(&wgpu::TextureViewDescriptor::default()), each: None };
        }
        let view = |first, count, dimension| {
            texture.create_view(&wgpu::TextureViewDescriptor {
                dimension: Some(dimension),
                base_array_layer: first,
                array_layer_count: Some(count),
                ..Default::default()
            })
        };
        let each = [0, 1].map(|layer| view(layer, 1, wgpu::TextureViewDimension::D2));
        Self { all: view(0, 2, wgpu::TextureViewDimension::D2Array), each: Some(each) }
    }

    /// One layer, or all of them.
    pub fn view(&self, layer: Option<usize>) -> &wgpu::TextureView {
        layer.zip(self.each.as_ref()).and_then(|(layer, each)| each.get(layer)).unwrap_or(&self.all)
    }
}

/// A picture of our own, for tests, screenshots and the headless program.
#[derive(Debug)]
pub struct OffscreenTarget {
    texture: wgpu::Texture,
    layers: Layers,
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
        let layers = Layers::of(&texture);
        Ok(Self { texture, layers })
    }

    /// The picture as a frame's target.
    pub fn target(&self) -> Target<'_> {
        Target::new(&self.layers, self.size())
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
