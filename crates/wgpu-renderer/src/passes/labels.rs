//! Name tags: pictures from an atlas that face the viewer and keep their angular size. Where they overlap, the
//! nearer one lies over the other; who is labelled is the caller's choice.

use crate::arena::{Arena, Page};
use crate::gpu_data::LabelInstance;
use crate::passes::{Attachment, DepthUse, PipelineSpec, pipeline};
use crate::resources::Resources;
use crate::shader::{ShaderSource, shared};
use crate::{FrameStats, Label, TextureId};
use glam::Vec3;
use std::ops::Range;
use wgpu::VertexStepMode;

pub(crate) const SHADER: ShaderSource = ShaderSource {
    stem: "labels",
    parts: &[shared::FRAME, shared::COLOR],
    body: include_str!("../../../../shaders/labels.wgsl"),
};

/// Neighbours in depth order that share a texture.
#[derive(Clone, Debug)]
struct Run {
    texture: TextureId,
    instances: Range<u32>,
}

/// The labels of a frame, back to front. Keeps its memory between frames.
#[derive(Debug, Default)]
pub(crate) struct LabelList {
    order: Vec<(f32, u32)>,
    runs: Vec<Run>,
    instances: Range<u32>,
}

impl LabelList {
    /// Orders the labels and puts them into the arena.
    pub(crate) fn build(
        &mut self,
        labels: &[Label],
        resources: &Resources,
        head_in_world: Vec3,
        arena: &mut Arena,
        stats: &mut FrameStats,
    ) {
        self.order.clear();
        self.runs.clear();
        let distance = |label: &Label| label.anchor_in_world.distance_squared(head_in_world);
        self.order.extend((0..).zip(labels).map(|(index, label)| (distance(label), index)));
        self.order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let start = arena.end();
        let mut next = 0;
        for (_, index) in &self.order {
            let label = &labels[*index as usize];
            let Some(texture) = resources.textures.get(label.texture.0) else {
                stats.skipped += 1;
                continue;
            };
            arena.push(&[instance_of(label, texture.srgb)]);
            match self.runs.last_mut() {
                Some(run) if run.texture == label.texture => run.instances.end = next + 1,
                _ => self.runs.push(Run { texture: label.texture, instances: next..next + 1 }),
            }
            next += 1;
        }
        self.instances = start..arena.end();
    }

    /// How much room is kept.
    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.order.capacity() + self.runs.capacity()
    }
}

fn instance_of(label: &Label, srgb: bool) -> LabelInstance {
    LabelInstance {
        anchor_in_world: label.anchor_in_world.to_array(),
        depth_bias: label.depth_bias,
        size_radians: label.size_radians.to_array(),
        hidden_opacity: label.hidden_opacity,
        encoded: f32::from(u8::from(!srgb)),
        uv_rect: label.uv_rect,
        tint: label.tint.to_array(),
    }
}

/// The pipelines of the part that is seen and of the part behind something.
#[derive(Debug)]
pub(crate) struct LabelsPass {
    seen: wgpu::RenderPipeline,
    hidden: wgpu::RenderPipeline,
}

impl LabelsPass {
    pub(crate) fn new(device: &wgpu::Device, resources: &Resources, attachment: Attachment) -> Self {
        let module = SHADER.module(device, attachment.views);
        let build = |label, depth, hidden_part: f64| {
            pipeline(
                device,
                &PipelineSpec {
                    label,
                    module: &module,
                    vertex_entry: "vertex",
                    fragment_entry: "fragment",
                    constants: &[("hidden_part", hidden_part)],
                    group_layouts: &[&resources.layouts.block, &resources.layouts.picture],
                    buffers: &[LabelInstance::layout(VertexStepMode::Instance)],
                    topology: wgpu::PrimitiveTopology::TriangleStrip,
                    cull_back: false,
                    depth: Some(depth),
                    blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
                    write_mask: wgpu::ColorWrites::ALL,
                    alpha_to_coverage: false,
                    attachment,
                },
            )
        };
        Self {
            seen: build("labels", DepthUse::THROUGH, 0.0),
            hidden: build("labels behind", DepthUse::BEHIND, 1.0),
        }
    }

    /// Draws the labels. Group 0 is already set.
    pub(crate) fn draw(
        &self,
        pass: &mut wgpu::RenderPass<'_>,
        list: &LabelList,
        resources: &Resources,
        page: &Page,
        stats: &mut FrameStats,
    ) {
        if list.runs.is_empty() {
            return;
        }
        pass.set_vertex_buffer(0, page.slice(&list.instances));
        for pipeline in [&self.hidden, &self.seen] {
            pass.set_pipeline(pipeline);
            for run in &list.runs {
                let Some(texture) = resources.textures.get(run.texture.0) else { continue };
                pass.set_bind_group(1, &texture.picture, &[]);
                pass.draw(0..4, run.instances.clone());
                stats.draw_calls += 1;
            }
        }
    }
}
