//! The attachments that a frame is drawn into before it reaches its target: samples, depth, and, where the target
//! does not encode sRGB by itself or is larger, a picture to copy from.

use crate::layouts::{Layouts, Samplers, picture_group};
use crate::passes::{Attachment, DEPTH_FORMAT};
use crate::shader::ViewMode;
use crate::{Gpu, RenderError, RenderSettings};
use glam::UVec2;

/// What the world is drawn into with these settings.
pub(crate) fn world_attachment(settings: &RenderSettings) -> Attachment {
    let format = match draws_directly(settings) {
        true => settings.color_format,
        false => wgpu::TextureFormat::Rgba8UnormSrgb,
    };
    Attachment { format, sample_count: settings.sample_count, views: ViewMode::of(settings.view_count) }
}

/// What the last step draws into with these settings.
pub(crate) fn screen_attachment(settings: &RenderSettings) -> Attachment {
    Attachment { format: settings.color_format, sample_count: 1, views: ViewMode::of(settings.view_count) }
}

/// Whether the world goes into the target without a copy.
pub(crate) fn draws_directly(settings: &RenderSettings) -> bool {
    settings.color_format.is_srgb() && settings.render_scale >= 1.0
}

/// A picture between the world and the target.
#[derive(Debug)]
pub(crate) struct ScenePicture {
    attachment: wgpu::TextureView,
    pub(crate) group: wgpu::BindGroup,
}

/// The attachments for one size of target.
#[derive(Debug)]
pub(crate) struct SceneTargets {
    target_size: UVec2,
    samples: Option<wgpu::TextureView>,
    depth: wgpu::TextureView,
    pub(crate) picture: Option<ScenePicture>,
}

impl SceneTargets {
    pub(crate) fn new(
        gpu: &Gpu,
        layouts: &Layouts,
        samplers: &Samplers,
        settings: &RenderSettings,
        target_size: UVec2,
    ) -> Result<Self, RenderError> {
        let world = world_attachment(settings);
        let size = (target_size.as_vec2() * settings.render_scale).round().as_uvec2().max(UVec2::ONE);
        let maker = Maker { gpu, size, layers: settings.view_count };
        // Tiled graphics chips then keep these on the chip; WebGPU allows it for one layer only.
        let transient = match settings.view_count {
            1 => wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::TRANSIENT_ATTACHMENT,
            _ => wgpu::TextureUsages::RENDER_ATTACHMENT,
        };
        let samples = match world.sample_count {
            1 => None,
            count => Some(maker.attachment(&maker.texture("samples", world.format, count, transient)?)),
        };
        let depth = maker.attachment(&maker.texture("depth", DEPTH_FORMAT, world.sample_count, transient)?);
        let picture = match draws_directly(settings) {
            true => None,
            false => Some(maker.picture(layouts, samplers, world.format)?),
        };
        Ok(Self { target_size, samples, depth, picture })
    }

    /// The size of the target that these were made for.
    pub(crate) fn target_size(&self) -> UVec2 {
        self.target_size
    }

    /// Where the world's colours go: into samples that are resolved, or straight into the picture or `target`.
    pub(crate) fn color<'a>(&'a self, target: &'a wgpu::TextureView) -> wgpu::RenderPassColorAttachment<'a> {
        let finished = self.picture.as_ref().map_or(target, |picture| &picture.attachment);
        let (view, resolve_target, store) = match &self.samples {
            Some(samples) => (samples, Some(finished), wgpu::StoreOp::Discard),
            None => (finished, None, wgpu::StoreOp::Store),
        };
        wgpu::RenderPassColorAttachment {
            view,
            depth_slice: None,
            resolve_target,
            ops: wgpu::Operations { load: wgpu::LoadOp::Clear(wgpu::Color::BLACK), store },
        }
    }

    /// The world's depth: 0 is infinitely far.
    pub(crate) fn depth(&self) -> wgpu::RenderPassDepthStencilAttachment<'_> {
        wgpu::RenderPassDepthStencilAttachment {
            view: &self.depth,
            depth_ops: Some(wgpu::Operations {
                load: wgpu::LoadOp::Clear(0.0),
                store: wgpu::StoreOp::Discard,
            }),
            stencil_ops: None,
        }
    }
}

/// Makes textures of one size with a layer for each view.
struct Maker<'a> {
    gpu: &'a Gpu,
    size: UVec2,
    layers: u32,
}

impl Maker<'_> {
    fn texture(
        &self,
        label: &'static str,
        format: wgpu::TextureFormat,
        sample_count: u32,
        usage: wgpu::TextureUsages,
    ) -> Result<wgpu::Texture, RenderError> {
        let texture = self.gpu.device().create_texture(&wgpu::TextureDescriptor {
            label: Some(label),
            size: wgpu::Extent3d {
                width: self.size.x,
                height: self.size.y,
                depth_or_array_layers: self.layers,
            },
            mip_level_count: 1,
            sample_count,
            dimension: wgpu::TextureDimension::D2,
            format,
            usage,
            view_formats: &[],
        });
        self.gpu.check("making room for the picture")?;
        Ok(texture)
    }

    fn attachment(&self, texture: &wgpu::Texture) -> wgpu::TextureView {
        let dimension = match self.layers {
            1 => wgpu::TextureViewDimension::D2,
            _ => wgpu::TextureViewDimension::D2Array,
        };
        texture.create_view(&wgpu::TextureViewDescriptor { dimension: Some(dimension), ..Default::default() })
    }

    fn picture(
        &self,
        layouts: &Layouts,
        samplers: &Samplers,
        format: wgpu::TextureFormat,
    ) -> Result<ScenePicture, RenderError> {
        let usage = wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::TEXTURE_BINDING;
        let texture = self.texture("finished picture", format, 1, usage)?;
        let layers = texture.create_view(&wgpu::TextureViewDescriptor {
            dimension: Some(wgpu::TextureViewDimension::D2Array),
            ..Default::default()
        });
        let group = picture_group(self.gpu.device(), &layouts.scene, &layers, &samplers.picture);
        Ok(ScenePicture { attachment: self.attachment(&texture), group })
    }
}
