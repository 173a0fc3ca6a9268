//! What a headset's optics never show: drawn first of all, nearest of all and without colour, so that nothing behind it
//! is shaded.

use crate::gpu_data::HiddenCorner;
use crate::passes::{Attachment, DepthUse, PipelineSpec, pipeline};
use crate::shader::ShaderSource;
use crate::{Gpu, RenderError};
use glam::Vec2;
use wgpu::VertexStepMode;
use wgpu::util::DeviceExt as _;

pub(crate) const SHADER: ShaderSource =
    ShaderSource { stem: "hidden", parts: &[], body: include_str!("../../../../shaders/hidden.wgsl") };

/// The part of a headset's two views that nobody sees.
#[derive(Debug)]
pub struct HiddenArea {
    corners: wgpu::Buffer,
    count: u32,
}

impl HiddenArea {
    /// Triangles for each view: three corners each, in the picture's coordinates from -1 to 1, y up. None if there are
    /// none.
    ///
    /// # Errors
    /// No memory.
    pub fn new(gpu: &Gpu, triangles: [&[Vec2]; 2]) -> Result<Option<Self>, RenderError> {
        let corner = |view: u32, place: &Vec2| {
            // What is clipped at the picture's edge costs more than what ends there.
            let place = place.clamp(Vec2::NEG_ONE, Vec2::ONE);
            HiddenCorner { place_in_clip: place.to_array(), view }
        };
        let whole = triangles.map(|corners| &corners[..corners.len() / 3 * 3]);
        let corners = (0..).zip(whole).flat_map(|(view, corners)| corners.iter().map(move |at| (view, at)));
        let corners: Vec<HiddenCorner> = corners.map(|(view, place)| corner(view, place)).collect();
        if corners.is_empty() {
            return Ok(None);
        }
        let buffer = gpu.device().create_buffer_init(&wgpu::util::BufferInitDescriptor {
            label: Some("hidden area"),
            contents: bytemuck::cast_slice(&corners),
            usage: wgpu::BufferUsages::VERTEX,
        });
        gpu.check("making room for the hidden area")?;
        Ok(Some(Self { corners: buffer, count: corners.len() as u32 }))
    }
}

/// The pipeline.
#[derive(Debug)]
pub(crate) struct HiddenPass {
    pipeline: wgpu::RenderPipeline,
}

impl HiddenPass {
    pub(crate) fn new(device: &wgpu::Device, attachment: Attachment) -> Self {
        let pipeline = pipeline(
            device,
            &PipelineSpec {
                label: SHADER.stem,
                module: &SHADER.module(device, attachment.views),
                vertex_entry: "vertex",
                fragment_entry: "fragment",
                constants: &[],
                group_layouts: &[],
                buffers: &[HiddenCorner::layout(VertexStepMode::Vertex)],
                topology: wgpu::PrimitiveTopology::TriangleList,
                cull_back: false,
                depth: Some(DepthUse::NEAREST),
                blend: None,
                write_mask: wgpu::ColorWrites::empty(),
                alpha_to_coverage: false,
                attachment,
            },
        );
        Self { pipeline }
    }

    /// Covers what nobody sees.
    pub(crate) fn draw(&self, pass: &mut wgpu::RenderPass<'_>, area: &HiddenArea) {
        pass.set_pipeline(&self.pipeline);
        pass.set_vertex_buffer(0, area.corners.slice(..));
        pass.draw(0..area.count, 0..1);
    }
}
