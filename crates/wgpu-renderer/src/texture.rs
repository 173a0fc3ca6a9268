//! Pictures: the caller's pixels, checked, and their textures with mips on the GPU.

use crate::slots::SlotId;

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
}
