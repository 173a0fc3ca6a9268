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
    /// Brought by the picture: so many levels, the largest included.
    Given(u32),
}

/// How pixels are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum TexelFormat {
    /// Red, green, blue, alpha of each pixel.
    #[default]
    Rgba8,
    /// 4 × 4 pixels in 16 bytes: desktops.
    Bc7,
    /// 4 × 4 pixels in 16 bytes: telephones and headsets.
    Astc4x4,
    /// 4 × 4 pixels in 16 bytes: older telephones.
    Etc2Rgba8,
}

impl TexelFormat {
    /// Pixels on a side of a block, and its bytes.
    fn block(self) -> (u32, u32) {
        if self == Self::Rgba8 { (1, 4) } else { (4, 16) }
    }

    fn wgpu(self, srgb: bool) -> wgpu::TextureFormat {
        use wgpu::{AstcBlock, AstcChannel, TextureFormat as F};
        match (self, srgb) {
            (Self::Rgba8, true) => F::Rgba8UnormSrgb,
            (Self::Rgba8, false) => F::Rgba8Unorm,
            (Self::Bc7, true) => F::Bc7RgbaUnormSrgb,
            (Self::Bc7, false) => F::Bc7RgbaUnorm,
            (Self::Astc4x4, true) => F::Astc { block: AstcBlock::B4x4, channel: AstcChannel::UnormSrgb },
            (Self::Astc4x4, false) => F::Astc { block: AstcBlock::B4x4, channel: AstcChannel::Unorm },
            (Self::Etc2Rgba8, true) => F::Etc2Rgba8UnormSrgb,
            (Self::Etc2Rgba8, false) => F::Etc2Rgba8Unorm,
        }
    }
}

/// A texture without its pixels, which follow by [`crate::Renderer::write_texture`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextureShape {
    /// Pixels in a row, at least 1; a multiple of 4 where pixels are stored in blocks.
    pub width: u32,
    /// Rows, at least 1; a multiple of 4 where pixels are stored in blocks.
    pub height: u32,
    /// How pixels are stored. What is not [`TexelFormat::Rgba8`] cannot have its levels made here.
    pub format: TexelFormat,
    /// As [`TextureData::srgb`].
    pub srgb: bool,
    /// Smaller versions.
    pub mips: Mips,
}

/// Whole rows of one level of a texture.
#[derive(Clone, Copy, Debug)]
pub struct TextureRows<'a> {
    /// 0 is the largest.
    pub level: u32,
    /// The first row, counted in pixels, or in blocks where pixels are stored so.
    pub first: u32,
    /// One row after the other.
    pub bytes: &'a [u8],
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
    /// Whether its smaller levels are made here.
    pub(crate) makes_mips: bool,
    format: TexelFormat,
}

impl Texture {
    /// Checks a shape and makes room for it; every level is empty.
    pub(crate) fn make_room(
        gpu: &Gpu,
        layouts: &Layouts,
        samplers: &Samplers,
        shape: &TextureShape,
    ) -> Result<Self, RenderError> {
        check_shape(shape, gpu.device().limits().max_texture_dimension_2d)?;
        let format = shape.format.wgpu(shape.srgb);
        if !gpu.device().features().contains(format.required_features()) {
            let problem = "this device does not read its format".into();
            return Err(RenderError::InvalidTexture { problem });
        }
        let (levels, usage) = match shape.mips {
            // It may become larger.
            Mips::None => (1, wgpu::TextureUsages::COPY_SRC),
            Mips::Given(levels) => (levels, wgpu::TextureUsages::empty()),
            Mips::Generate => (most_levels(shape), wgpu::TextureUsages::RENDER_ATTACHMENT),
        };
        let texture = gpu.device().create_texture(&wgpu::TextureDescriptor {
            label: Some("texture"),
            size: wgpu::Extent3d { width: shape.width, height: shape.height, depth_or_array_layers: 1 },
            mip_level_count: levels,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format,
            usage: usage | wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
            view_formats: &[],
        });
        gpu.check("making room for a texture")?;
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let picture = picture_group(gpu.device(), &layouts.picture, &view, &samplers.picture);
        let makes_mips = shape.mips == Mips::Generate;
        Ok(Self { texture, view, picture, srgb: shape.srgb, makes_mips, format: shape.format })
    }

    /// A larger one with its pixels in the same places; the GPU copies them. The rest is transparent.
    pub(crate) fn widened(
        &self,
        gpu: &Gpu,
        layouts: &Layouts,
        samplers: &Samplers,
        size: [u32; 2],
    ) -> Result<Self, RenderError> {
        let (old, [width, height]) = (&self.texture, size);
        if old.mip_level_count() > 1 || width < old.width() || height < old.height() {
            let problem = format!(
                "{} × {} pixels in {} levels do not become {width} × {height} in one",
                old.width(),
                old.height(),
                old.mip_level_count()
            );
            return Err(RenderError::InvalidTexture { problem });
        }
        let shape = TextureShape { width, height, format: self.format, srgb: self.srgb, mips: Mips::None };
        let wide = Self::make_room(gpu, layouts, samplers, &shape)?;
        let mut encoder =
            gpu.device().create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("widening") });
        encoder.copy_texture_to_texture(old.as_image_copy(), wide.texture.as_image_copy(), old.size());
        gpu.queue().submit([encoder.finish()]);
        gpu.check("widening a texture")?;
        Ok(wide)
    }

    /// Writes whole rows of a level.
    pub(crate) fn write_rows(&self, gpu: &Gpu, rows: &TextureRows<'_>) -> Result<(), RenderError> {
        let (side, block_bytes) = self.format.block();
        let bad = |problem: String| RenderError::InvalidTexture { problem };
        if rows.level >= self.texture.mip_level_count() {
            return Err(bad(format!("it has no level {}", rows.level)));
        }
        let across = (self.texture.width() >> rows.level).max(1).div_ceil(side);
        let down = (self.texture.height() >> rows.level).max(1).div_ceil(side);
        let row_bytes = across * block_bytes;
        let count = (rows.bytes.len() / row_bytes as usize) as u32;
        let is_whole = count > 0 && rows.bytes.len() == count as usize * row_bytes as usize;
        if !is_whole || rows.first.checked_add(count).is_none_or(|end| end > down) {
            let found = rows.bytes.len();
            return Err(bad(format!(
                "{found} bytes from row {} on are no rows of its level {}",
                rows.first, rows.level
            )));
        }
        gpu.queue().write_texture(
            wgpu::TexelCopyTextureInfo {
                texture: &self.texture,
                mip_level: rows.level,
                origin: wgpu::Origin3d { x: 0, y: rows.first * side, z: 0 },
                aspect: wgpu::TextureAspect::All,
            },
            rows.bytes,
            wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(row_bytes), rows_per_image: None },
            // Blocks reach beyond the smallest levels' pixels.
            wgpu::Extent3d { width: across * side, height: count * side, depth_or_array_layers: 1 },
        );
        gpu.check("uploading a texture")
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

fn most_levels(shape: &TextureShape) -> u32 {
    shape.width.max(shape.height).ilog2() + 1
}

fn check_shape(shape: &TextureShape, limit: u32) -> Result<(), RenderError> {
    check_size(shape.width, shape.height, limit)?;
    let bad = |problem: String| Err(RenderError::InvalidTexture { problem });
    let (side, _) = shape.format.block();
    if !shape.width.is_multiple_of(side) || !shape.height.is_multiple_of(side) {
        return bad(format!("{} × {} pixels are not whole blocks", shape.width, shape.height));
    }
    match shape.mips {
        Mips::Given(levels) if levels == 0 || levels > most_levels(shape) => {
            bad(format!("{} × {} pixels have no {levels} levels", shape.width, shape.height))
        }
        Mips::Generate if shape.format != TexelFormat::Rgba8 => {
            bad("smaller versions of blocks cannot be made on the GPU".into())
        }
        _ => Ok(()),
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
    fn shapes_that_no_device_has_say_why() {
        let good =
            TextureShape { width: 8, height: 4, format: TexelFormat::Bc7, srgb: true, mips: Mips::Given(4) };
        assert_eq!(check_shape(&good, 100), Ok(()));
        let check = |shape: TextureShape, expected: &str| {
            let error = check_shape(&shape, 100).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(TextureShape { width: 6, ..good }, "not whole blocks");
        check(TextureShape { mips: Mips::Given(5), ..good }, "no 5 levels");
        check(TextureShape { mips: Mips::Given(0), ..good }, "no 0 levels");
        check(TextureShape { mips: Mips::Generate, ..good }, "cannot be made");
        check(TextureShape { height: 104, ..good }, "more than this device");
    }

    #[test]
    fn sizes_and_pixels_are_checked_before_the_driver_sees_them() {
        assert!(check_size(0, 4, 100).unwrap_err().to_string().contains("no pixels"));
        assert!(check_size(4, 101, 100).unwrap_err().to_string().contains("more than this device's 100"));
        assert!(check_pixels(2, 2, 15).unwrap_err().to_string().contains("take 16 bytes, but 15 were given"));
        assert_eq!(check_pixels(2, 2, 16), Ok(()));
    }
}
