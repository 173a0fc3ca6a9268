//! Which object is seen at which pixel: ids and depths of solid and masked meshes, not multisampled.

use crate::arena::Page;
use crate::draw_list::DrawList;
use crate::layouts::Layouts;
use crate::passes::baked::STILL_BUFFERS;
use crate::passes::crowd::{CROWD_BUFFERS, CrowdList};
use crate::passes::geometry::draw_batches;
use crate::passes::skinned::SKINNED_BUFFERS;
use crate::passes::{Attachment, DEPTH_FORMAT, DepthUse, PipelineSpec, pipeline};
use crate::resources::Resources;
use crate::shader::{ShaderSource, ViewMode, shared};
use crate::{FrameStats, Gpu, RenderError};
use glam::UVec2;

pub(crate) const SHADER: ShaderSource = ShaderSource {
    stem: "object_ids",
    parts: &[shared::FRAME, shared::MESH, shared::SKIN, shared::CROWD, shared::COVER, shared::MATERIAL],
    body: include_str!("../../../../shaders/object_ids.wgsl"),
};

const ID_FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::R32Uint;

/// The picture that ids and depths are drawn into.
#[derive(Debug)]
struct Picture {
    size: UVec2,
    ids: wgpu::Texture,
    depths: wgpu::Texture,
}

impl Picture {
    fn new(device: &wgpu::Device, size: UVec2) -> Self {
        let texture = |label, format| {
            device.create_texture(&wgpu::TextureDescriptor {
                label: Some(label),
                size: wgpu::Extent3d { width: size.x, height: size.y, depth_or_array_layers: 1 },
                mip_level_count: 1,
                sample_count: 1,
                dimension: wgpu::TextureDimension::D2,
                format,
                usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
                view_formats: &[],
            })
        };
        Self { size, ids: texture("object ids", ID_FORMAT), depths: texture("object depths", DEPTH_FORMAT) }
    }
}

/// The pipelines, and the picture of the size that was asked for last.
#[derive(Debug)]
pub(crate) struct ObjectIdsPass {
    still: wgpu::RenderPipeline,
    skinned: wgpu::RenderPipeline,
    crowd: wgpu::RenderPipeline,
    picture: Picture,
}

impl ObjectIdsPass {
    pub(crate) fn new(device: &wgpu::Device, layouts: &Layouts, size: UVec2) -> Self {
        let module = SHADER.module(device, ViewMode::Single);
        let build = |label, vertex_entry, buffers, third: Option<&wgpu::BindGroupLayout>| {
            let groups: Vec<_> = [&layouts.block, &layouts.material].into_iter().chain(third).collect();
            pipeline(
                device,
                &PipelineSpec {
                    label,
                    module: &module,
                    vertex_entry,
                    fragment_entry: "fragment",
                    constants: &[],
                    group_layouts: &groups,
                    buffers,
                    topology: wgpu::PrimitiveTopology::TriangleList,
                    cull_back: false,
                    depth: Some(DepthUse::SOLID),
                    blend: None,
                    write_mask: wgpu::ColorWrites::ALL,
                    alpha_to_coverage: false,
                    attachment: Attachment { format: ID_FORMAT, sample_count: 1, views: ViewMode::Single },
                },
            )
        };
        Self {
            still: build("object ids", "vertex_still", STILL_BUFFERS, None),
            skinned: build(
                "object ids of skeletons",
                "vertex_skinned",
                SKINNED_BUFFERS,
                Some(&layouts.poses),
            ),
            crowd: build("object ids of crowds", "vertex_crowd", CROWD_BUFFERS, Some(&layouts.poses)),
            picture: Picture::new(device, size),
        }
    }

    /// Makes the picture fit a size.
    pub(crate) fn resize(&mut self, gpu: &Gpu, size: UVec2) -> Result<(), RenderError> {
        if self.picture.size != size {
            self.picture = Picture::new(gpu.device(), size);
        }
        gpu.check("making room for object ids")
    }

    /// The ids and the depths that were drawn.
    pub(crate) fn textures(&self) -> (&wgpu::Texture, &wgpu::Texture) {
        (&self.picture.ids, &self.picture.depths)
    }

    /// Draws the solid and masked meshes. What is seen through has no id and hides none.
    pub(crate) fn draw(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        (draws, crowds): (&DrawList, &CrowdList),
        resources: &Resources,
        (page, skeletons): (&Page, &wgpu::BindGroup),
        frame_offset: u32,
    ) {
        let ids = self.picture.ids.create_view(&wgpu::TextureViewDescriptor::default());
        let depths = self.picture.depths.create_view(&wgpu::TextureViewDescriptor::default());
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("object ids"),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: &ids,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT),
                    store: wgpu::StoreOp::Store,
                },
            })],
            depth_stencil_attachment: Some(wgpu::RenderPassDepthStencilAttachment {
                view: &depths,
                depth_ops: Some(wgpu::Operations {
                    load: wgpu::LoadOp::Clear(0.0),
                    store: wgpu::StoreOp::Store,
                }),
                stencil_ops: None,
            }),
            ..Default::default()
        });
        pass.set_bind_group(0, &page.frame, &[frame_offset]);
        let pipeline_of = |key: crate::passes::geometry::PipelineKey| {
            Some(if key.is_skinned() { &self.skinned } else { &self.still })
        };
        let mut stats = FrameStats::default();
        draw_batches(
            &mut pass,
            draws.opaque(),
            draws.instances(),
            resources,
            (page, skeletons),
            pipeline_of,
            &mut stats,
        );
        crowds.draw(&mut pass, resources, page, |_| Some(&self.crowd), &mut stats);
    }
}
