//! The passes: one Rust and one WGSL file of the same stem each. A pass object is made once and not changed; what
//! a frame draws stands in per-frame data beside it.

pub(crate) mod baked;
pub(crate) mod crowd;
pub(crate) mod depth;
pub(crate) mod geometry;
pub(crate) mod hidden;
pub(crate) mod labels;
pub(crate) mod lit;
pub(crate) mod mips;
pub(crate) mod mirror;
pub(crate) mod object_ids;
pub(crate) mod panels;
pub(crate) mod present;
pub(crate) mod skinned;
pub(crate) mod sky;
pub(crate) mod surfels;
pub(crate) mod vignette;

use crate::shader::ViewMode;

/// The depth format: enough for reversed depth from the hand to the horizon.
pub(crate) const DEPTH_FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Depth32Float;

/// What a pipeline draws into.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attachment {
    pub(crate) format: wgpu::TextureFormat,
    pub(crate) sample_count: u32,
    pub(crate) views: ViewMode,
}

/// What differs between pipelines; everything else is the same for all of them.
pub(crate) struct PipelineSpec<'a> {
    pub(crate) label: &'static str,
    pub(crate) module: &'a wgpu::ShaderModule,
    pub(crate) vertex_entry: &'static str,
    pub(crate) fragment_entry: &'static str,
    pub(crate) constants: &'a [(&'a str, f64)],
    pub(crate) group_layouts: &'a [&'a wgpu::BindGroupLayout],
    pub(crate) buffers: &'a [wgpu::VertexBufferLayout<'static>],
    pub(crate) topology: wgpu::PrimitiveTopology,
    pub(crate) cull_back: bool,
    pub(crate) depth: Option<DepthUse>,
    pub(crate) blend: Option<wgpu::BlendState>,
    pub(crate) write_mask: wgpu::ColorWrites,
    pub(crate) alpha_to_coverage: bool,
    pub(crate) attachment: Attachment,
}

/// How a pipeline uses depth, which is reversed: nearer is greater.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DepthUse {
    pub(crate) compare: wgpu::CompareFunction,
    pub(crate) write: bool,
}

impl DepthUse {
    /// Solid things: the nearest stays.
    pub(crate) const SOLID: Self = Self { compare: wgpu::CompareFunction::GreaterEqual, write: true };
    /// What is seen through: hidden by solid things, hides nothing.
    pub(crate) const THROUGH: Self = Self { compare: wgpu::CompareFunction::GreaterEqual, write: false };
    /// Nothing comes before it.
    pub(crate) const NEAREST: Self = Self { compare: wgpu::CompareFunction::Always, write: true };
    /// Only what is behind something.
    pub(crate) const BEHIND: Self = Self { compare: wgpu::CompareFunction::Less, write: false };
}

/// Builds a pipeline.
pub(crate) fn pipeline(device: &wgpu::Device, spec: &PipelineSpec<'_>) -> wgpu::RenderPipeline {
    let groups: Vec<_> = spec.group_layouts.iter().map(|layout| Some(*layout)).collect();
    let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: Some(spec.label),
        bind_group_layouts: &groups,
        immediate_size: 0,
    });
    let buffers: Vec<_> = spec.buffers.iter().cloned().map(Some).collect();
    let view = spec.attachment.views.constant();
    let constants: Vec<_> = spec.constants.iter().copied().chain(view).collect();
    let options = || wgpu::PipelineCompilationOptions { constants: &constants, ..Default::default() };
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some(spec.label),
        layout: Some(&layout),
        vertex: wgpu::VertexState {
            module: spec.module,
            entry_point: Some(spec.vertex_entry),
            compilation_options: options(),
            buffers: &buffers,
        },
        primitive: wgpu::PrimitiveState {
            topology: spec.topology,
            cull_mode: spec.cull_back.then_some(wgpu::Face::Back),
            ..Default::default()
        },
        depth_stencil: spec.depth.map(|depth| wgpu::DepthStencilState {
            format: DEPTH_FORMAT,
            depth_write_enabled: Some(depth.write),
            depth_compare: Some(depth.compare),
            stencil: wgpu::StencilState::default(),
            bias: wgpu::DepthBiasState::default(),
        }),
        multisample: wgpu::MultisampleState {
            count: spec.attachment.sample_count,
            mask: !0,
            alpha_to_coverage_enabled: spec.alpha_to_coverage,
        },
        fragment: Some(wgpu::FragmentState {
            module: spec.module,
            entry_point: Some(spec.fragment_entry),
            compilation_options: options(),
            targets: &[Some(wgpu::ColorTargetState {
                format: spec.attachment.format,
                blend: spec.blend,
                write_mask: spec.write_mask,
            })],
        }),
        multiview_mask: spec.attachment.views.mask(),
        cache: None,
    })
}

/// Every pass's shader. A test compares the list with the folder.
#[cfg(test)]
pub(crate) const SHADERS: &[crate::shader::ShaderSource] = &[
    baked::SHADER,
    crowd::SHADER,
    depth::SHADER,
    hidden::SHADER,
    labels::SHADER,
    lit::SHADER,
    mips::SHADER,
    mirror::SHADER,
    object_ids::SHADER,
    panels::SHADER,
    present::SHADER,
    skinned::SHADER,
    sky::SHADER,
    surfels::SHADER,
    vignette::SHADER,
];
