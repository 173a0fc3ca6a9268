//! The last step to the target. A target that encodes to sRGB by itself is drawn into directly; another gets a copy.

use crate::passes::{Attachment, PipelineSpec, pipeline};
use crate::resources::Resources;
use crate::shader::{ShaderSource, shared};

pub(crate) const SHADER: ShaderSource = ShaderSource {
    stem: "present",
    parts: &[shared::FRAME, shared::COLOR],
    body: include_str!("../../../../shaders/present.wgsl"),
};

/// The pipelines of the copy and of the fade over it.
#[derive(Debug)]
pub(crate) struct PresentPass {
    copy: wgpu::RenderPipeline,
    fade: wgpu::RenderPipeline,
}

impl PresentPass {
    pub(crate) fn new(device: &wgpu::Device, resources: &Resources, attachment: Attachment) -> Self {
        let module = SHADER.module(device, attachment.views);
        let target_encodes = f64::from(u8::from(attachment.format.is_srgb()));
        let groups = [&resources.layouts.block, &resources.layouts.scene];
        let build = |label, fragment_entry, blend, group_count: usize| {
            pipeline(
                device,
                &PipelineSpec {
                    label,
                    module: &module,
                    vertex_entry: "vertex",
                    fragment_entry,
                    constants: &[("target_encodes", target_encodes)],
                    group_layouts: &groups[..group_count],
                    buffers: &[],
                    topology: wgpu::PrimitiveTopology::TriangleStrip,
                    cull_back: false,
                    depth: None,
                    blend,
                    write_mask: wgpu::ColorWrites::ALL,
                    alpha_to_coverage: false,
                    attachment,
                },
            )
        };
        let over = Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING);
        Self {
            copy: build("present", "fragment_copy", None, 2),
            fade: build("fade", "fragment_fade", over, 1),
        }
    }

    /// Copies the picture. Group 0 is already set.
    pub(crate) fn copy(&self, pass: &mut wgpu::RenderPass<'_>, scene: &wgpu::BindGroup) {
        pass.set_pipeline(&self.copy);
        pass.set_bind_group(1, scene, &[]);
        pass.draw(0..4, 0..1);
    }

    /// Lays the fade over the picture. Group 0 is already set.
    pub(crate) fn fade(&self, pass: &mut wgpu::RenderPass<'_>) {
        pass.set_pipeline(&self.fade);
        pass.draw(0..4, 0..1);
    }
}
