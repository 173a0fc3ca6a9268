//! How a surface looks: the caller's description, and its uniform buffer and textures on the GPU.

use crate::TextureId;
use crate::slots::SlotId;
use glam::Vec3;

/// A material on the GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MaterialId(pub(crate) SlotId<Material>);

/// Which light falls on a surface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum MaterialKind {
    /// Its light is in its texture (photogrammetry, baked venues): shown in exactly its colours.
    Baked,
    /// Lit by the frame's ambient light and sun: avatars and exhibits.
    #[default]
    Lit,
    /// Shows its own colours: screens and signs.
    Unlit,
}

/// What alpha means.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub enum AlphaMode {
    /// Nothing.
    #[default]
    Opaque,
    /// The surface is there where alpha reaches the cutoff.
    Mask {
        /// glTF's default is 0.5.
        cutoff: f32,
    },
    /// The surface is seen through; drawn last, back to front.
    Blend,
}

/// What a texture shows beyond its edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum TextureWrap {
    /// Itself again.
    #[default]
    Repeat,
    /// Its last row or column.
    Clamp,
}

/// A material as its maker describes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MaterialData {
    /// Which light falls on it.
    pub kind: MaterialKind,
    /// Linear colour and alpha; factor on the texture and on the mesh's colours.
    pub base_color: [f32; 4],
    /// Base colour and alpha.
    pub texture: Option<TextureId>,
    /// Beyond the texture's edges.
    pub wrap: TextureWrap,
    /// Light of its own, linear.
    pub emissive: Vec3,
    /// 0 is a mirror, 1 is matt.
    pub roughness: f32,
    /// 0 is plastic, wood, cloth; 1 is metal.
    pub metallic: f32,
    /// For baked materials: 0 shows the texture's colours, 1 shades them fully by the ambient light.
    pub ambient: f32,
    /// What alpha means.
    pub alpha: AlphaMode,
    /// Whether the back is seen as well.
    pub double_sided: bool,
}

impl Default for MaterialData {
    fn default() -> Self {
        Self {
            kind: MaterialKind::Lit,
            base_color: [1.0; 4],
            texture: None,
            wrap: TextureWrap::Repeat,
            emissive: Vec3::ZERO,
            roughness: 0.8,
            metallic: 0.0,
            ambient: 0.0,
            alpha: AlphaMode::Opaque,
            double_sided: false,
        }
    }
}

/// A material on the GPU.
#[derive(Debug)]
pub(crate) struct Material {
    pub(crate) bind_group: wgpu::BindGroup,
    pub(crate) kind: MaterialKind,
    pub(crate) alpha: AlphaMode,
    pub(crate) double_sided: bool,
}
