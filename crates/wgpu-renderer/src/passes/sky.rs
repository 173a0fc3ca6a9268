//! The sky behind everything. Its pixels are drawn after the solid ones, so that covered sky costs nothing.

use crate::layouts::picture_group;
use crate::passes::{Attachment, DepthUse, PipelineSpec, pipeline};
use crate::resources::Resources;
use crate::shader::{ShaderSource, shared};
use crate::{FrameStats, Sky, TextureId};

pub(crate) const SHADER: ShaderSource = ShaderSource {
    stem: "sky",
    parts: &[shared::FRAME, shared::COLOR, shared::PANORAMA],
    body: include_str!("../../../../shaders/sky.wgsl"),
};

/// Whether a panorama is shown; one whose texture was removed is skipped.
pub(crate) fn shows_panorama(sky: &Sky, resources: &Resources, stats: &mut FrameStats) -> bool {
    let Sky::Equirect { texture, .. } = sky else { return false };
    let is_there = resources.textures.get(texture.0).is_some();
    stats.skipped += u32::from(!is_there);
    is_there
}

/// The pipeline, and the panorama that was bound last.
#[derive(Debug)]
pub(crate) struct SkyPass {
    pipeline: wgpu::RenderPipeline,
    no_panorama: wgpu::BindGroup,
    panorama: Option<(TextureId, wgpu::BindGroup)>,
}

impl SkyPass {
    pub(crate) fn new(device: &wgpu::Device, resources: &Resources, attachment: Attachment) -> Self {
        let layouts = &resources.layouts;
        let pipeline = pipeline(
            device,
            &PipelineSpec {
                label: SHADER.stem,
                module: &SHADER.module(device, attachment.views),
                vertex_entry: "vertex",
                fragment_entry: "fragment",
                constants: &[],
                group_layouts: &[&layouts.block, &layouts.picture],
                buffers: &[],
                topology: wgpu::PrimitiveTopology::TriangleStrip,
                cull_back: false,
                depth: Some(DepthUse::THROUGH),
                blend: None,
                write_mask: wgpu::ColorWrites::ALL,
                alpha_to_coverage: false,
                attachment,
            },
        );
        let white = &resources.white.view;
        let no_panorama = picture_group(device, &layouts.picture, white, &resources.samplers.panorama);
        Self { pipeline, no_panorama, panorama: None }
    }

    /// Binds a panorama when it is a new one.
    pub(crate) fn bind(&mut self, device: &wgpu::Device, sky: &Sky, resources: &Resources) {
        let Sky::Equirect { texture: id, .. } = sky else { return };
        let Some(texture) = resources.textures.get(id.0) else { return };
        if self.panorama.as_ref().is_none_or(|(bound, _)| bound != id) {
            let sampler = &resources.samplers.panorama;
            let group = picture_group(device, &resources.layouts.picture, &texture.view, sampler);
            self.panorama = Some((*id, group));
        }
    }

    /// Draws the sky. Group 0 is already set.
    pub(crate) fn draw(&self, pass: &mut wgpu::RenderPass<'_>, shows_panorama: bool, stats: &mut FrameStats) {
        let group = match &self.panorama {
            Some((_, group)) if shows_panorama => group,
            _ => &self.no_panorama,
        };
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(1, group, &[]);
        pass.draw(0..4, 0..1);
        stats.draw_calls += 1;
    }
}
