//! Darkness around the middle of the view. Without any it is not drawn at all.

use crate::passes::{Attachment, DepthUse, PipelineSpec, pipeline};
use crate::resources::Resources;
use crate::shader::{ShaderSource, shared};
use crate::{FrameStats, Vignette};

pub(crate) const SHADER: ShaderSource = ShaderSource {
    stem: "vignette",
    parts: &[shared::FRAME],
    body: include_str!("../../../../shaders/vignette.wgsl"),
};

/// Corners of the ring: two for each of the shader's steps along four edges, and the first two once more.
const CORNERS: u32 = 2 * 4 * 16 + 2;

/// The whole sphere: nothing is dark.
pub(crate) const OPEN: f32 = std::f32::consts::PI;

/// What stays clear, radians from straight ahead; none when nothing is dark.
pub(crate) fn clear_radians(vignette: Option<Vignette>) -> Option<f32> {
    vignette.map(|vignette| vignette.clear_radians).filter(|radians| (0.0..OPEN).contains(radians))
}

/// The pipeline.
#[derive(Debug)]
pub(crate) struct VignettePass(wgpu::RenderPipeline);

impl VignettePass {
    pub(crate) fn new(device: &wgpu::Device, resources: &Resources, attachment: Attachment) -> Self {
        let spec = PipelineSpec {
            label: SHADER.stem,
            module: &SHADER.module(device, attachment.views),
            vertex_entry: "vertex",
            fragment_entry: "fragment",
            constants: &[],
            group_layouts: &[&resources.layouts.block],
            buffers: &[],
            topology: wgpu::PrimitiveTopology::TriangleStrip,
            cull_back: false,
            depth: Some(DepthUse { compare: wgpu::CompareFunction::Always, write: false }),
            blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
            write_mask: wgpu::ColorWrites::ALL,
            alpha_to_coverage: false,
            attachment,
        };
        Self(pipeline(device, &spec))
    }

    /// Draws it. Group 0 is already set.
    pub(crate) fn draw(&self, pass: &mut wgpu::RenderPass<'_>, stats: &mut FrameStats) {
        pass.set_pipeline(&self.0);
        pass.draw(0..CORNERS, 0..1);
        stats.draw_calls += 1;
    }
}
