//! People of a crowd: an instance for each, a draw for each mesh that some of them share.

use crate::arena::{Arena, Page};
use crate::crowd::{CrowdFigure, Poses};
use crate::culling::{Aabb, Frustum};
use crate::gpu_data::{CrowdInstance, MeshVertex, SkinVertex};
use crate::material::{AlphaMode, Material};
use crate::mesh::Mesh;
use crate::passes::geometry::PipelineKey;
use crate::resources::Resources;
use crate::shader::{ShaderSource, shared};
use crate::slots::SlotId;
use crate::{CrowdDraw, FrameInput, FrameStats, PlaceLight};
use glam::Vec3;
use half::f16;
use std::ops::Range;
use wgpu::VertexStepMode;

pub(crate) const SHADER: ShaderSource = ShaderSource {
    stem: "crowd",
    parts: &[
        shared::FRAME,
        shared::COLOR,
        shared::MESH,
        shared::CROWD,
        shared::COVER,
        shared::MATERIAL,
        shared::LIGHTING,
    ],
    body: include_str!("../../../../shaders/crowd.wgsl"),
};

/// What crowds are drawn from, here and in the object-id pass.
pub(crate) const CROWD_BUFFERS: &[wgpu::VertexBufferLayout<'static>] = &[
    MeshVertex::layout(VertexStepMode::Vertex),
    CrowdInstance::layout(VertexStepMode::Instance),
    SkinVertex::layout(VertexStepMode::Vertex),
];

/// One piece of the figures that are seen.
#[derive(Clone, Debug)]
struct Batch {
    key: PipelineKey,
    mesh: SlotId<Mesh>,
    material: SlotId<Material>,
    poses: SlotId<Poses>,
    /// Its figures among those of all crowds.
    figures: Range<u32>,
}

/// The crowds of a frame that are seen. Keeps its memory between frames.
#[derive(Debug, Default)]
pub(crate) struct CrowdList {
    batches: Vec<Batch>,
    /// Where in the arena the figures of all crowds lie, one after the other.
    figures: Range<u32>,
}

impl CrowdList {
    /// Drops who is outside of every view and puts the rest into the arena.
    pub(crate) fn build(
        &mut self,
        frame: &FrameInput<'_>,
        resources: &Resources,
        frusta: &[Frustum],
        arena: &mut Arena,
        stats: &mut FrameStats,
    ) {
        self.batches.clear();
        let (first, mut seen) = (arena.end(), 0);
        let everywhere = PlaceLight::of(&frame.lighting);
        for draw in frame.crowds {
            let Some(poses) = resources.poses.get(draw.poses.0) else {
                stats.skipped += draw.figures.len() as u32;
                continue;
            };
            let start = seen;
            for figure in draw.figures {
                if figure.pose >= poses.count {
                    stats.skipped += 1;
                } else if frusta.iter().any(|frustum| frustum.may_see(&bounds_of(draw, figure))) {
                    stats.drawn += 1;
                    seen += 1;
                    arena.push(&[instance_of(figure, &everywhere)]);
                } else {
                    stats.culled += 1;
                }
            }
            let figures = start..seen;
            if !figures.is_empty() {
                self.add_pieces(draw, resources, &figures, stats);
            }
        }
        self.figures = first..arena.end();
        self.batches.sort_unstable_by_key(|batch| (batch.key, batch.material.index, batch.mesh.index));
    }

    fn add_pieces(
        &mut self,
        draw: &CrowdDraw<'_>,
        resources: &Resources,
        figures: &Range<u32>,
        stats: &mut FrameStats,
    ) {
        for piece in draw.pieces {
            let found = resources.meshes.get(piece.mesh.0).zip(resources.materials.get(piece.material.0));
            let Some((_, material)) = found.filter(|(mesh, _)| mesh.skin.is_some()) else {
                stats.skipped += 1;
                continue;
            };
            let is_masked = matches!(material.alpha, AlphaMode::Mask { .. });
            self.batches.push(Batch {
                key: PipelineKey::crowd(piece.tint, is_masked, material.double_sided),
                mesh: piece.mesh.0,
                material: piece.material.0,
                poses: draw.poses.0,
                figures: figures.clone(),
            });
        }
    }

    /// The pipelines that are needed.
    pub(crate) fn keys(&self) -> impl Iterator<Item = PipelineKey> {
        self.batches.iter().map(|batch| batch.key)
    }

    /// How much room is kept.
    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.batches.capacity()
    }

    /// Draws every batch with the pipelines that `pipeline_of` names. Group 0 is already set.
    pub(crate) fn draw<'p>(
        &self,
        pass: &mut wgpu::RenderPass<'_>,
        resources: &Resources,
        page: &Page,
        pipeline_of: impl Fn(PipelineKey) -> Option<&'p wgpu::RenderPipeline>,
        stats: &mut FrameStats,
    ) {
        if self.batches.is_empty() {
            return;
        }
        pass.set_vertex_buffer(1, page.slice(&self.figures));
        let (mut last_key, mut last_material, mut last_poses) = (None, None, None);
        for batch in &self.batches {
            let (mesh, material) =
                (resources.meshes.get(batch.mesh), resources.materials.get(batch.material));
            let Some((mesh, material)) = mesh.zip(material) else { continue };
            let (Some(skin), Some(poses)) = (&mesh.skin, resources.poses.get(batch.poses)) else { continue };
            if last_key != Some(batch.key) {
                let Some(pipeline) = pipeline_of(batch.key) else { continue };
                pass.set_pipeline(pipeline);
                last_key = Some(batch.key);
            }
            if last_material != Some(batch.material) {
                pass.set_bind_group(1, &material.bind_group, &[]);
                last_material = Some(batch.material);
            }
            if last_poses != Some(batch.poses) {
                pass.set_bind_group(2, &poses.group, &[]);
                last_poses = Some(batch.poses);
            }
            pass.set_vertex_buffer(0, mesh.vertices.slice(..));
            pass.set_vertex_buffer(2, skin.vertices.slice(..));
            pass.set_index_buffer(mesh.indices.slice(..), mesh.index_format);
            pass.draw_indexed(0..mesh.index_count, 0, batch.figures.clone());
            stats.draw_calls += 1;
        }
    }
}

fn bounds_of(draw: &CrowdDraw<'_>, figure: &CrowdFigure) -> Aabb {
    let [half_width, height] = draw.reach.map(|metres| metres * figure.scale);
    let aside = Vec3::new(half_width, 0.0, half_width);
    Aabb { min: figure.position - aside, max: figure.position + aside + Vec3::Y * height }
}

fn instance_of(figure: &CrowdFigure, everywhere: &PlaceLight) -> CrowdInstance {
    let light = figure.light.as_ref().unwrap_or(everywhere);
    let [x, y, z] = light.slopes;
    let direction = light.direction_to_light.try_normalize().unwrap_or(Vec3::Y);
    let [first, second] = figure.colors.map(|color| color.unwrap_or(Vec3::NEG_ONE));
    let parts = [light.ambient, x, y, z, direction, light.light_color, first, second];
    let mut numbers = [0.0; 24];
    numbers.iter_mut().zip(parts.iter().flat_map(|part| part.to_array())).for_each(|(to, from)| *to = from);
    let [light_a, light_b, light_c, light_d, light_e, colors] =
        [0, 4, 8, 12, 16, 20].map(|at| [0, 1, 2, 3].map(|part| f16::from_f32(numbers[at + part]).to_bits()));
    // The shorter way from where the head looks ahead.
    let head = if figure.head.w < 0.0 { -figure.head } else { figure.head };
    CrowdInstance {
        place: figure.position.extend(figure.scale).to_array(),
        pivot_yaw: figure.pivot.extend(figure.yaw).to_array(),
        head: head.to_array().map(|part| (part.clamp(-1.0, 1.0) * 32767.0) as i16),
        id_pose: [figure.object_id, figure.pose + 1],
        light_a,
        light_b,
        light_c,
        light_d,
        light_e,
        colors,
    }
}
