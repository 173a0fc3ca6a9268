//! Makes a texture's smaller levels on the GPU, in linear light: the sampler decodes and the target encodes.

use crate::layouts::{Layouts, Samplers, picture_group};
use crate::passes::{Attachment, PipelineSpec, pipeline};
use crate::shader::{ShaderSource, ViewMode};
use crate::texture::Texture;
use crate::{Gpu, RenderError};

pub(crate) const SHADER: ShaderSource =
    ShaderSource { stem: "mips", parts: &[], body: include_str!("../../../../shaders/mips.wgsl") };

/// The pipelines for both formats of textures.
#[derive(Debug)]
pub(crate) struct MipsPass {
    srgb: wgpu::RenderPipeline,
    plain: wgpu::RenderPipeline,
}

impl MipsPass {
    pub(crate) fn new(device: &wgpu::Device, layouts: &Layouts) -> Self {
        let module = SHADER.module(device, ViewMode::Single);
        let build = |format| {
            pipeline(
                device,
                &PipelineSpec {
                    label: SHADER.stem,
                    module: &module,
                    vertex_entry: "vertex",
                    fragment_entry: "fragment",
                    constants: &[],
                    group_layouts: &[&layouts.picture],
                    buffers: &[],
                    topology: wgpu::PrimitiveTopology::TriangleList,
                    cull_back: false,
                    depth: None,
                    blend: None,
                    write_mask: wgpu::ColorWrites::ALL,
                    alpha_to_coverage: false,
                    attachment: Attachment { format, sample_count: 1, views: ViewMode::Single },
                },
            )
        };
        Self {
            srgb: build(wgpu::TextureFormat::Rgba8UnormSrgb),
            plain: build(wgpu::TextureFormat::Rgba8Unorm),
        }
    }

    /// Fills every level of `texture` below the first.
    pub(crate) fn generate(
        &self,
        gpu: &Gpu,
        layouts: &Layouts,
        samplers: &Samplers,
        texture: &Texture,
    ) -> Result<(), RenderError> {
        let levels = texture.texture.mip_level_count();
        if levels == 1 || !texture.makes_mips {
            return Ok(());
        }
        let device = gpu.device();
        let mut encoder =
            device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("mips") });
        let view_of = |level| {
            texture.texture.create_view(&wgpu::TextureViewDescriptor {
                base_mip_level: level,
                mip_level_count: Some(1),
                ..Default::default()
            })
        };
        for level in 1..levels {
            let larger = picture_group(device, &layouts.picture, &view_of(level - 1), &samplers.picture);
            let smaller = view_of(level);
            let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                label: Some("mips"),
                color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                    view: &smaller,
                    depth_slice: None,
                    resolve_target: None,
                    ops: wgpu::Operations {
                        load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
                        store: wgpu::StoreOp::Store,
                    },
                })],
                ..Default::default()
            });
            pass.set_pipeline(if texture.srgb { &self.srgb } else { &self.plain });
            pass.set_bind_group(0, &larger, &[]);
            pass.draw(0..3, 0..1);
        }
        gpu.queue().submit([encoder.finish()]);
        gpu.check("making a texture's smaller versions")
    }
}
