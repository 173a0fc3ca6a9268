//! Points of scans as discs: four corners for each, in their own colours. Where a cloud lies is a uniform struct at a
//! dynamic offset, so that its points can be the instances.

use crate::arena::{Arena, Page};
use crate::culling::Frustum;
use crate::gpu_data::{Surfel, SurfelsUniform, rows};
use crate::passes::{Attachment, DepthUse, PipelineSpec, pipeline};
use crate::resources::Resources;
use crate::shader::{ShaderSource, shared};
use crate::{FrameStats, SurfelDraw, SurfelsId};
use wgpu::VertexStepMode;

pub(crate) const SHADER: ShaderSource = ShaderSource {
    stem: "surfels",
    parts: &[shared::FRAME, shared::COVER],
    body: include_str!("../../../../shaders/surfels.wgsl"),
};

/// The clouds of a frame that are seen. Keeps its memory between frames.
#[derive(Debug, Default)]
pub(crate) struct SurfelList {
    /// Each with the dynamic offset of its uniform struct.
    entries: Vec<(SurfelsId, u32)>,
}

impl SurfelList {
    /// Drops what is outside of every view and puts the rest into the arena.
    pub(crate) fn build(
        &mut self,
        draws: &[SurfelDraw],
        resources: &Resources,
        frusta: &[Frustum],
        arena: &mut Arena,
        stats: &mut FrameStats,
    ) {
        self.entries.clear();
        for draw in draws {
            let Some(cloud) = resources.surfels.get(draw.surfels.0) else {
                stats.skipped += 1;
                continue;
            };
            let bounds = cloud.bounds.transformed(&draw.world_from_model);
            if !frusta.iter().any(|frustum| frustum.may_see(&bounds)) {
                stats.culled += 1;
                continue;
            }
            stats.drawn += 1;
            self.entries.push((draw.surfels, arena.push_uniform(&uniform_of(draw))));
        }
    }

    /// How much room is kept.
    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.entries.capacity()
    }
}

fn uniform_of(draw: &SurfelDraw) -> SurfelsUniform {
    let [world_row_x, world_row_y, world_row_z] = rows(&draw.world_from_model);
    let cover = [draw.cover.from, draw.cover.to];
    SurfelsUniform { world_row_x, world_row_y, world_row_z, tint: draw.tint, cover, _fill: [0.0; 2] }
}

/// The pipeline.
#[derive(Debug)]
pub(crate) struct SurfelsPass {
    pipeline: wgpu::RenderPipeline,
}

impl SurfelsPass {
    pub(crate) fn new(device: &wgpu::Device, resources: &Resources, attachment: Attachment) -> Self {
        let module = SHADER.module(device, attachment.views);
        let pipeline = pipeline(
            device,
            &PipelineSpec {
                label: SHADER.stem,
                module: &module,
                vertex_entry: "vertex",
                fragment_entry: "fragment",
                constants: &[],
                group_layouts: &[&resources.layouts.block, &resources.layouts.block],
                buffers: &[Surfel::layout(VertexStepMode::Instance)],
                topology: wgpu::PrimitiveTopology::TriangleStrip,
                cull_back: false,
                depth: Some(DepthUse::SOLID),
                blend: None,
                write_mask: wgpu::ColorWrites::ALL,
                alpha_to_coverage: false,
                attachment,
            },
        );
        Self { pipeline }
    }

    /// Draws every cloud. Group 0 is already set.
    pub(crate) fn draw(
        &self,
        pass: &mut wgpu::RenderPass<'_>,
        list: &SurfelList,
        resources: &Resources,
        page: &Page,
        stats: &mut FrameStats,
    ) {
        if list.entries.is_empty() {
            return;
        }
        pass.set_pipeline(&self.pipeline);
        for (id, offset) in &list.entries {
            let Some(cloud) = resources.surfels.get(id.0) else { continue };
            pass.set_bind_group(1, &page.surfels, &[*offset]);
            pass.set_vertex_buffer(0, cloud.buffer.slice(..));
            pass.draw(0..4, 0..cloud.count);
            stats.draw_calls += 1;
        }
    }
}
