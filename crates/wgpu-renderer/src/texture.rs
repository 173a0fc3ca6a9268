//! Pictures: the caller's pixels, checked, and their textures with mips on the GPU.

use crate::layouts::{Layouts, Samplers, picture_group};
use crate::slots::SlotId;
use crate::{Gpu, RenderError};

/// A texture on the GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TextureId(pub(crate) SlotId<Texture>);

/// Whether a texture has smaller versions of itself for the distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mips {
    /// Made on the GPU, also after every update. For everything that stands in the world.
    #[default]
    Generate,
    /// None. For atlases that are updated often and shown at their own size.
    None,
}

/// A picture as its maker describes it.
#[derive(Clone, Copy, Debug)]
pub struct TextureData<'a> {
    /// Pixels in a row, at least 1.
    pub width: u32,
    /// Rows, at least 1.
    pub height: u32,
    /// Red, green, blue, alpha of each pixel, first row first.
    pub rgba8: &'a [u8],
    /// Whether the colours are sRGB that lit and baked materials shall decode (photographs, baked textures).
    /// Atlases of panels and labels take `false`: they are blended as egui means it.
    pub srgb: bool,
    /// Smaller versions.
    pub mips: Mips,
}

/// A part of a texture that gets new pixels.
#[derive(Clone, Copy, Debug)]
pub struct TextureRegion<'a> {
    /// First column.
    pub x: u32,
    /// First row.
    pub y: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Red, green, blue, alpha of each pixel of the region, first row first.
    pub rgba8: &'a [u8],
}

/// A texture on the GPU.
#[derive(Debug)]
pub(crate) struct Texture {
    pub(crate) texture: wgpu::Texture,
    pub(crate) view: wgpu::TextureView,
    /// For labels and panels.
    pub(crate) picture: wgpu::BindGroup,
    /// Whether the sampler decodes sRGB.
    pub(crate) srgb: bool,
}

impl Texture {
    /// Checks and uploads the largest level; the smaller ones are empty.
    pub(crate) fn upload(
        gpu: &Gpu,
        layouts: &Layouts,
        samplers: &Samplers,
        data: &TextureData<'_>,
    ) -> Result<Self, RenderError> {
        check_size(data.width, data.height, gpu.device().limits().max_texture_dimension_2d)?;
        check_pixels(data.width, data.height, data.rgba8.len())?;
        let (levels, usage) = match data.mips {
            Mips::None => (1, wgpu::TextureUsages::empty()),
            Mips::Generate => {
                (data.width.max(data.height).ilog2() + 1, wgpu::TextureUsages::RENDER_ATTACHMENT)
            }
        };
        let texture = gpu.device().create_texture(&wgpu::TextureDescriptor {
            label: Some("texture"),
            size: wgpu::Extent3d { width: data.width, height: data.height, depth_or_array_layers: 1 },
            mip_level_count: levels,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: match data.srgb {
                true => wgpu::TextureFormat::Rgba8UnormSrgb,
                false => wgpu::TextureFormat::Rgba8Unorm,
            },
            usage: usage | wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
        gpu.check("making room for a texture")?;
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let picture = picture_group(gpu.device(), &layouts.picture, &view, &samplers.picture);
        let made = Self { texture, view, picture, srgb: data.srgb };
        let region = TextureRegion { x: 0, y: 0, width: data.width, height: data.height, rgba8: data.rgba8 };
        made.write(gpu, &region)?;
        Ok(made)
    }

    /// Writes pixels of the largest level.
    pub(crate) fn write(&self, gpu: &Gpu, region: &TextureRegion<'_>) -> Result<(), RenderError> {
        check_pixels(region.width, region.height, region.rgba8.len())?;
        check_region(region, self.texture.width(), self.texture.height())?;
        gpu.queue().write_texture(
            wgpu::TexelCopyTextureInfo {
                texture: &self.texture,
                mip_level: 0,
                origin: wgpu::Origin3d { x: region.x, y: region.y, z: 0 },
                aspect: wgpu::TextureAspect::All,
            },
            region.rgba8,
            wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some(region.width * 4),
                rows_per_image: None,
            },
            wgpu::Extent3d { width: region.width, height: region.height, depth_or_array_layers: 1 },
        );
        gpu.check("uploading a texture")
    }
}

fn check_size(width: u32, height: u32, limit: u32) -> Result<(), RenderError> {
    if width == 0 || height == 0 {
        return Err(RenderError::InvalidTexture { problem: "it has no pixels".into() });
    }
    if width > limit || height > limit {
        let problem = format!("{width} × {height} pixels are more than this device's {limit} × {limit}");
        return Err(RenderError::InvalidTexture { problem });
    }
    Ok(())
}

fn check_pixels(width: u32, height: u32, found: usize) -> Result<(), RenderError> {
    let expected = u64::from(width) * u64::from(height) * 4;
    if found as u64 == expected {
        return Ok(());
    }
    let problem = format!("{width} × {height} pixels take {expected} bytes, but {found} were given");
    Err(RenderError::InvalidTexture { problem })
}

fn check_region(region: &TextureRegion<'_>, width: u32, height: u32) -> Result<(), RenderError> {
    let inside = |start: u32, length: u32, end: u32| {
        length > 0 && start.checked_add(length).is_some_and(|last| last <= end)
    };
    if inside(region.x, region.width, width) && inside(region.y, region.height, height) {
        return Ok(());
    }
    let problem = format!(
        "the region of {} × {} pixels at {}, {} does not lie in its {width} × {height} pixels",
        region.width, region.height, region.x, region.y
    );
    Err(RenderError::InvalidTexture { problem })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(x: u32, y: u32, width: u32, height: u32) -> TextureRegion<'static> {
        TextureRegion { x, y, width, height, rgba8: &[] }
    }

    #[test]
    fn a_region_must_lie_inside() {
        assert_eq!(check_region(&region(3, 0, 1, 4), 4, 4), Ok(()));
        assert!(check_region(&region(3, 0, 2, 4), 4, 4).is_err());
        assert!(check_region(&region(u32::MAX, 0, 2, 4), 4, 4).is_err());
        assert!(check_region(&region(0, 0, 0, 4), 4, 4).is_err());
    }

    #[test]
    fn sizes_and_pixels_are_checked_before_the_driver_sees_them() {
        assert!(check_size(0, 4, 100).unwrap_err().to_string().contains("no pixels"));
        assert!(check_size(4, 101, 100).unwrap_err().to_string().contains("more than this device's 100"));
        assert!(check_pixels(2, 2, 15).unwrap_err().to_string().contains("take 16 bytes, but 15 were given"));
        assert_eq!(check_pixels(2, 2, 16), Ok(()));
    }
}
