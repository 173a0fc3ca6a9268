//! How a surface looks: the caller's description, and its uniform buffer and textures on the GPU.

use crate::gpu_data::MaterialUniform;
use crate::layouts::{Layouts, Samplers};
use crate::slots::SlotId;
use crate::{Gpu, RenderError, TextureId};
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
    numbers: wgpu::Buffer,
    texture: wgpu::TextureView,
    wrap: TextureWrap,
    pub(crate) kind: MaterialKind,
    pub(crate) alpha: AlphaMode,
    pub(crate) double_sided: bool,
}

impl Material {
    /// Makes a material that shows `texture`, which is white if the data names none.
    pub(crate) fn make(
        gpu: &Gpu,
        layouts: &Layouts,
        samplers: &Samplers,
        data: &MaterialData,
        texture: &wgpu::TextureView,
    ) -> Result<Self, RenderError> {
        let numbers = gpu.device().create_buffer(&wgpu::BufferDescriptor {
            label: Some("material"),
            size: size_of::<MaterialUniform>() as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        gpu.check("making a material")?;
        gpu.queue().write_buffer(&numbers, 0, bytemuck::bytes_of(&uniform_of(data)));
        let bind_group = bind(gpu, layouts, samplers, &numbers, texture, data.wrap);
        gpu.check("making a material")?;
        Ok(Self {
            bind_group,
            numbers,
            texture: texture.clone(),
            wrap: data.wrap,
            kind: data.kind,
            alpha: data.alpha,
            double_sided: data.double_sided,
        })
    }

    /// Reads its texture through other samplers.
    pub(crate) fn bind(&mut self, gpu: &Gpu, layouts: &Layouts, samplers: &Samplers) {
        self.bind_group = bind(gpu, layouts, samplers, &self.numbers, &self.texture, self.wrap);
    }
}

fn bind(
    gpu: &Gpu,
    layouts: &Layouts,
    samplers: &Samplers,
    numbers: &wgpu::Buffer,
    texture: &wgpu::TextureView,
    wrap: TextureWrap,
) -> wgpu::BindGroup {
    let sampler = match wrap {
        TextureWrap::Repeat => &samplers.repeat,
        TextureWrap::Clamp => &samplers.clamp,
    };
    gpu.device().create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("material"),
        layout: &layouts.material,
        entries: &[
            wgpu::BindGroupEntry { binding: 0, resource: numbers.as_entire_binding() },
            wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::TextureView(texture) },
            wgpu::BindGroupEntry { binding: 2, resource: wgpu::BindingResource::Sampler(sampler) },
        ],
    })
}

fn uniform_of(data: &MaterialData) -> MaterialUniform {
    MaterialUniform {
        base_color: data.base_color,
        emissive: data.emissive,
        alpha_cutoff: match data.alpha {
            AlphaMode::Mask { cutoff } => cutoff,
            AlphaMode::Opaque | AlphaMode::Blend => 0.0,
        },
        roughness: data.roughness,
        metallic: data.metallic,
        ambient: match data.kind {
            MaterialKind::Baked => data.ambient,
            MaterialKind::Lit | MaterialKind::Unlit => 0.0,
        },
        lit: f32::from(u8::from(data.kind == MaterialKind::Lit)),
    }
}
