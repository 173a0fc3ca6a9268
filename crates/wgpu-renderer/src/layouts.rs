//! Bind group layouts and samplers that passes and resources share.

use crate::{Gpu, Quality};
use wgpu::{BindGroupLayout, BindingType, Sampler, ShaderStages};

/// The shapes of bind groups. Group 0 is the frame, group 1 a material or picture, group 2 skeletons, poses or a panel.
#[derive(Debug)]
pub(crate) struct Layouts {
    /// One uniform struct at a dynamic offset of the frame's arena.
    pub(crate) block: BindGroupLayout,
    /// A material's numbers, texture and sampler.
    pub(crate) material: BindGroupLayout,
    /// A texture and its sampler.
    pub(crate) picture: BindGroupLayout,
    /// The finished picture with a layer for each view, and its sampler.
    pub(crate) scene: BindGroupLayout,
    /// A table of poses or of skeletons.
    pub(crate) poses: BindGroupLayout,
}

impl Layouts {
    pub(crate) fn new(device: &wgpu::Device) -> Self {
        let uniform = |has_dynamic_offset| BindingType::Buffer {
            ty: wgpu::BufferBindingType::Uniform,
            has_dynamic_offset,
            min_binding_size: None,
        };
        let texture = |view_dimension, filterable| BindingType::Texture {
            sample_type: wgpu::TextureSampleType::Float { filterable },
            view_dimension,
            multisampled: false,
        };
        let flat = texture(wgpu::TextureViewDimension::D2, true);
        let layers = texture(wgpu::TextureViewDimension::D2Array, true);
        let table = texture(wgpu::TextureViewDimension::D2, false);
        let sampler = BindingType::Sampler(wgpu::SamplerBindingType::Filtering);
        Self {
            block: layout(device, "block", &[uniform(true)]),
            material: layout(device, "material", &[uniform(false), flat, sampler]),
            picture: layout(device, "picture", &[flat, sampler]),
            scene: layout(device, "scene", &[layers, sampler]),
            poses: layout(device, "poses", &[table]),
        }
    }
}

fn layout(device: &wgpu::Device, label: &str, types: &[BindingType]) -> BindGroupLayout {
    let entry = |(binding, ty): (u32, &BindingType)| wgpu::BindGroupLayoutEntry {
        binding,
        visibility: ShaderStages::VERTEX_FRAGMENT,
        ty: *ty,
        count: None,
    };
    let entries: Vec<_> = (0..).zip(types).map(entry).collect();
    device
        .create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some(label), entries: &entries })
}

/// How textures are read.
#[derive(Debug)]
pub(crate) struct Samplers {
    /// For materials whose texture repeats.
    pub(crate) repeat: Sampler,
    /// For materials whose texture ends at its edges.
    pub(crate) clamp: Sampler,
    /// For panoramas: closed around, ended above and below.
    pub(crate) panorama: Sampler,
    /// For panels, labels and copies.
    pub(crate) picture: Sampler,
}

impl Samplers {
    pub(crate) fn new(gpu: &Gpu, quality: Quality) -> Self {
        let device = gpu.device();
        // Devices without anisotropic filtering take this for 1. Mesa's software Vulkan walks over every texel of
        // the footprint, however long it is: one pixel at the edge of a wall can cost minutes.
        let anisotropy = match quality {
            Quality::Standard if !gpu.is_software() => 8,
            _ => 1,
        };
        let sampler = |label, around, anisotropy_clamp| {
            device.create_sampler(&wgpu::SamplerDescriptor {
                label: Some(label),
                address_mode_u: around,
                address_mode_v: match label {
                    "panorama" => wgpu::AddressMode::ClampToEdge,
                    _ => around,
                },
                mag_filter: wgpu::FilterMode::Linear,
                min_filter: wgpu::FilterMode::Linear,
                mipmap_filter: wgpu::MipmapFilterMode::Linear,
                anisotropy_clamp,
                ..Default::default()
            })
        };
        Self {
            repeat: sampler("repeat", wgpu::AddressMode::Repeat, anisotropy),
            clamp: sampler("clamp", wgpu::AddressMode::ClampToEdge, anisotropy),
            panorama: sampler("panorama", wgpu::AddressMode::Repeat, 1),
            picture: sampler("picture", wgpu::AddressMode::ClampToEdge, 1),
        }
    }
}

/// A bind group of a texture and a sampler.
pub(crate) fn picture_group(
    device: &wgpu::Device,
    layout: &BindGroupLayout,
    view: &wgpu::TextureView,
    sampler: &Sampler,
) -> wgpu::BindGroup {
    device.create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("picture"),
        layout,
        entries: &[
            wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::TextureView(view) },
            wgpu::BindGroupEntry { binding: 1, resource: wgpu::BindingResource::Sampler(sampler) },
        ],
    })
}
