//! Two-dimensional panels: in the world among the other things, or on the finished picture.

use crate::arena::{Arena, Page};
use crate::gpu_data::{PANEL_VERTEX, PanelInstance, PanelUniform};
use crate::passes::{Attachment, DepthUse, PipelineSpec, pipeline};
use crate::resources::Resources;
use crate::shader::{ShaderSource, shared};
use crate::{FrameStats, PanelLayer, PanelMesh, PanelPlacement, TextureId, View};
use glam::{Mat4, Vec2, Vec3};
use std::ops::Range;
use wgpu::VertexStepMode;

pub(crate) const SHADER: ShaderSource = ShaderSource {
    stem: "panels",
    parts: &[shared::FRAME, shared::COLOR],
    body: include_str!("../../../../shaders/panels.wgsl"),
};

/// One mesh of a panel in the arena.
#[derive(Clone, Debug)]
struct PanelDraw {
    texture: TextureId,
    panel: u32,
    vertices: Range<u32>,
    indices: Range<u32>,
    instance: Range<u32>,
}

/// A panel that stands in the world.
#[derive(Clone, Debug)]
pub(crate) struct StandingPanel {
    /// From the viewer's head to the panel's centre.
    pub(crate) distance: f32,
    draws: Range<usize>,
}

/// The panels of a frame. Keeps its memory between frames.
#[derive(Debug, Default)]
pub(crate) struct PanelList {
    draws: Vec<PanelDraw>,
    standing: Vec<StandingPanel>,
    on_screen: Vec<Range<usize>>,
}

impl PanelList {
    /// Puts the panels into the arena.
    pub(crate) fn build(
        &mut self,
        layers: &[PanelLayer<'_>],
        views: &[View],
        resources: &Resources,
        arena: &mut Arena,
        stats: &mut FrameStats,
    ) {
        self.draws.clear();
        self.standing.clear();
        self.on_screen.clear();
        let last = views.len() - 1;
        let head = (views[0].position_in_world() + views[last].position_in_world()) * 0.5;
        for layer in layers {
            let clip_from_panel = [0, last].map(|index| clip_from_panel(layer, &views[index]));
            let panel = arena.push_uniform(&PanelUniform { clip_from_panel });
            let first = self.draws.len();
            for mesh in layer.meshes {
                let Some(texture) = resources.textures.get(mesh.texture.0) else {
                    stats.skipped += 1;
                    continue;
                };
                self.add(mesh, texture.srgb, panel, arena);
            }
            let draws = first..self.draws.len();
            match layer.placement {
                PanelPlacement::Screen => self.on_screen.push(draws),
                PanelPlacement::World { world_from_panel, .. } => {
                    let distance = world_from_panel.w_axis.truncate().distance(head);
                    self.standing.push(StandingPanel { distance, draws });
                }
            }
        }
        self.standing.sort_unstable_by(|a, b| b.distance.total_cmp(&a.distance));
    }

    fn add(&mut self, mesh: &PanelMesh<'_>, srgb: bool, panel: u32, arena: &mut Arena) {
        if mesh.vertices.is_empty() || mesh.indices.is_empty() {
            return;
        }
        let instance = PanelInstance { clip_rect: mesh.clip_rect, encoded: f32::from(u8::from(!srgb)) };
        self.draws.push(PanelDraw {
            texture: mesh.texture,
            panel,
            vertices: arena.push(mesh.vertices),
            indices: arena.push(mesh.indices),
            instance: arena.push(&[instance]),
        });
    }

    /// The panels that stand in the world, farthest first.
    pub(crate) fn standing(&self) -> &[StandingPanel] {
        &self.standing
    }

    /// Whether anything lies on the finished picture.
    pub(crate) fn has_screen_panels(&self) -> bool {
        self.on_screen.iter().any(|draws| !draws.is_empty())
    }

    /// How much room is kept.
    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.draws.capacity() + self.standing.capacity() + self.on_screen.capacity()
    }
}

/// From panel units, y down from the top left corner, to the picture.
fn clip_from_panel(layer: &PanelLayer<'_>, view: &View) -> Mat4 {
    let size = layer.size.max(Vec2::splat(f32::MIN_POSITIVE));
    match layer.placement {
        PanelPlacement::Screen => {
            Mat4::from_translation(Vec3::new(-1.0, 1.0, 0.0))
                * Mat4::from_scale(Vec3::new(2.0 / size.x, -2.0 / size.y, 1.0))
        }
        PanelPlacement::World { world_from_panel, meters_per_unit } => {
            let center = Mat4::from_translation(Vec3::new(-0.5 * size.x, -0.5 * size.y, 0.0));
            let scale = Mat4::from_scale(Vec3::new(meters_per_unit, -meters_per_unit, meters_per_unit));
            view.clip_from_world() * world_from_panel * scale * center
        }
    }
}

/// The pipelines for panels in the world and on the screen.
#[derive(Debug)]
pub(crate) struct PanelsPass {
    in_world: wgpu::RenderPipeline,
    on_screen: wgpu::RenderPipeline,
}

impl PanelsPass {
    /// `world` is what the world is drawn into, `screen` the target.
    pub(crate) fn new(
        device: &wgpu::Device,
        resources: &Resources,
        world: Attachment,
        screen: Attachment,
    ) -> Self {
        let module = SHADER.module(device, world.views);
        let build = |label, depth, attachment: Attachment| {
            let target_encodes = f64::from(u8::from(attachment.format.is_srgb()));
            pipeline(
                device,
                &PipelineSpec {
                    label,
                    module: &module,
                    vertex_entry: "vertex",
                    fragment_entry: "fragment",
                    constants: &[("target_encodes", target_encodes)],
                    group_layouts: &[
                        &resources.layouts.block,
                        &resources.layouts.picture,
                        &resources.layouts.block,
                    ],
                    buffers: &[PANEL_VERTEX, PanelInstance::layout(VertexStepMode::Instance)],
                    topology: wgpu::PrimitiveTopology::TriangleList,
                    cull_back: false,
                    depth,
                    blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
                    write_mask: wgpu::ColorWrites::ALL,
                    alpha_to_coverage: false,
                    attachment,
                },
            )
        };
        Self {
            in_world: build("panels in the world", Some(DepthUse::THROUGH), world),
            on_screen: build("panels on the screen", None, screen),
        }
    }

    /// Draws a panel that stands in the world. Group 0 is already set.
    pub(crate) fn draw_in_world(
        &self,
        pass: &mut wgpu::RenderPass<'_>,
        list: &PanelList,
        panel: &StandingPanel,
        resources: &Resources,
        page: &Page,
        stats: &mut FrameStats,
    ) {
        draw(pass, &self.in_world, &list.draws[panel.draws.clone()], resources, page, stats);
    }

    /// Draws the panels that lie on the finished picture. Group 0 is already set.
    pub(crate) fn draw_on_screen(
        &self,
        pass: &mut wgpu::RenderPass<'_>,
        list: &PanelList,
        resources: &Resources,
        page: &Page,
        stats: &mut FrameStats,
    ) {
        for draws in &list.on_screen {
            draw(pass, &self.on_screen, &list.draws[draws.clone()], resources, page, stats);
        }
    }
}

fn draw(
    pass: &mut wgpu::RenderPass<'_>,
    pipeline: &wgpu::RenderPipeline,
    draws: &[PanelDraw],
    resources: &Resources,
    page: &Page,
    stats: &mut FrameStats,
) {
    pass.set_pipeline(pipeline);
    for draw in draws {
        let Some(texture) = resources.textures.get(draw.texture.0) else { continue };
        pass.set_bind_group(1, &texture.picture, &[]);
        pass.set_bind_group(2, &page.panel, &[draw.panel]);
        pass.set_vertex_buffer(0, page.slice(&draw.vertices));
        pass.set_vertex_buffer(1, page.slice(&draw.instance));
        pass.set_index_buffer(page.slice(&draw.indices), wgpu::IndexFormat::Uint32);
        pass.draw_indexed(0..(draw.indices.end - draw.indices.start) / 4, 0, 0..1);
        stats.draw_calls += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reverse_z_perspective;

    const VIEW: View = View { view_from_world: Mat4::IDENTITY, clip_from_view: Mat4::IDENTITY };

    #[test]
    fn a_screen_panel_fills_the_picture_from_its_top_left_corner() {
        let layer =
            PanelLayer { placement: PanelPlacement::Screen, size: Vec2::new(200.0, 100.0), meshes: &[] };
        let matrix = clip_from_panel(&layer, &VIEW);
        assert_eq!(matrix.project_point3(Vec3::ZERO), Vec3::new(-1.0, 1.0, 0.0));
        assert_eq!(matrix.project_point3(Vec3::new(200.0, 100.0, 0.0)), Vec3::new(1.0, -1.0, 0.0));
    }

    #[test]
    fn a_world_panel_stands_upright_around_its_centre() {
        let placement = PanelPlacement::World {
            world_from_panel: Mat4::from_translation(Vec3::new(0.0, 0.0, -2.0)),
            meters_per_unit: 0.01,
        };
        let layer = PanelLayer { placement, size: Vec2::new(200.0, 100.0), meshes: &[] };
        let view = View { clip_from_view: reverse_z_perspective(1.0, 1.0, 0.1), ..VIEW };
        let corner = clip_from_panel(&layer, &view).project_point3(Vec3::ZERO);
        let expected = view.clip_from_view.project_point3(Vec3::new(-1.0, 0.5, -2.0));
        assert!(corner.abs_diff_eq(expected, 1e-5));
    }
}
