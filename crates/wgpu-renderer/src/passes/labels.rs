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

/// A label that is drawn: its distance squared, and its place in the caller's list.
#[derive(Clone, Copy, Debug)]
struct Entry {
    distance_squared: f32,
    index: u32,
    texture: TextureId,
}

/// The labels of a frame, back to front. Keeps its memory between frames.
#[derive(Debug, Default)]
pub(crate) struct LabelList {
    entries: Vec<Entry>,
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
        self.entries.clear();
        for (index, label) in (0..).zip(labels) {
            if resources.textures.get(label.texture.0).is_none() {
                stats.skipped += 1;
                continue;
            }
            let distance_squared = label.anchor_in_world.distance_squared(head_in_world);
            self.entries.push(Entry { distance_squared, index, texture: label.texture });
        }
        let farther_first = |a: &Entry, b: &Entry| b.distance_squared.total_cmp(&a.distance_squared);
        self.entries.sort_unstable_by(|a, b| farther_first(a, b).then(a.index.cmp(&b.index)));
        let start = arena.end();
        for entry in &self.entries {
            let srgb = resources.textures.get(entry.texture.0).is_some_and(|texture| texture.srgb);
            arena.push(&[instance_of(&labels[entry.index as usize], srgb)]);
        }
        self.instances = start..arena.end();
    }

    /// How many labels are drawn.
    pub(crate) fn count(&self) -> u32 {
        self.entries.len() as u32
    }

    /// How many labels are farther away than `distance`: they come first.
    pub(crate) fn farther_than(&self, distance: f32) -> u32 {
        self.entries.partition_point(|entry| entry.distance_squared > distance * distance) as u32
    }

    /// How much room is kept.
    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.entries.capacity()
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

    /// Draws a part of the labels, farthest first. Group 0 is already set.
    pub(crate) fn draw(
        &self,
        pass: &mut wgpu::RenderPass<'_>,
        list: &LabelList,
        part: Range<u32>,
        resources: &Resources,
        page: &Page,
        stats: &mut FrameStats,
    ) {
        if part.is_empty() {
            return;
        }
        pass.set_vertex_buffer(0, page.slice(&list.instances));
        for pipeline in [&self.hidden, &self.seen] {
            pass.set_pipeline(pipeline);
            let mut start = part.start;
            // Neighbours that share a texture are drawn at once.
            for run in
                list.entries[part.start as usize..part.end as usize].chunk_by(|a, b| a.texture == b.texture)
            {
                let end = start + run.len() as u32;
                if let Some(texture) = resources.textures.get(run[0].texture.0) {
                    pass.set_bind_group(1, &texture.picture, &[]);
                    pass.draw(0..4, start..end);
                    stats.draw_calls += 1;
                }
                start = end;
            }
        }
    }
}
