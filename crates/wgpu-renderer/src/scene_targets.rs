//! The attachments that a frame is drawn into before it reaches its target: samples, depth, and, where the target
//! does not encode sRGB by itself or is larger, a picture to copy from.

use crate::layouts::{Layouts, Samplers, picture_group};
use crate::passes::depth::DepthPass;
use crate::passes::{Attachment, DEPTH_FORMAT};
use crate::shader::ViewMode;
use crate::{Gpu, RenderError, RenderSettings};
use glam::UVec2;

/// What the world is drawn into with these settings in one of their modes.
pub(crate) fn world_attachment(settings: &RenderSettings, views: ViewMode) -> Attachment {
    let format = match draws_directly(settings) {
        true => settings.color_format,
        false => wgpu::TextureFormat::Rgba8UnormSrgb,
    };
    Attachment { format, sample_count: settings.sample_count, views }
}

/// What the last step draws into with these settings.
pub(crate) fn screen_attachment(settings: &RenderSettings, views: ViewMode) -> Attachment {
    Attachment { format: settings.color_format, sample_count: 1, views }
}

/// Whether the world goes into the target without a copy. The driver for which views are drawn apart (Mesa's software
/// Vulkan) resolves samples into the first layer, whichever is meant.
pub(crate) fn draws_directly(settings: &RenderSettings) -> bool {
    let resolves_into_layer = settings.modes().len() > 1 && settings.sample_count > 1;
    settings.color_format.is_srgb() && settings.render_scale >= 1.0 && !resolves_into_layer
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
    /// Each layer of depth samples as [`DepthPass`] reads it; none where depth is not kept or has one sample.
    pub(crate) depth_samples: Vec<wgpu::BindGroup>,
    keeps_depth: bool,
    pub(crate) picture: Option<ScenePicture>,
}

impl SceneTargets {
    pub(crate) fn new(
        gpu: &Gpu,
        layouts: &Layouts,
        samplers: &Samplers,
        wish: &Wish<'_>,
    ) -> Result<Self, RenderError> {
        let Wish { settings, target_size, .. } = *wish;
        let world = world_attachment(settings, settings.modes()[0]);
        let size = (target_size.as_vec2() * settings.render_scale).round().as_uvec2().max(UVec2::ONE);
        let maker = Maker { gpu, size, layers: settings.layers_at_once() };
        // Tiled graphics chips then keep these on the chip; WebGPU allows it for one layer only.
        let transient = match maker.layers {
            1 => wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::TRANSIENT_ATTACHMENT,
            _ => wgpu::TextureUsages::RENDER_ATTACHMENT,
        };
        let samples = match world.sample_count {
            1 => None,
            count => Some(maker.attachment(&maker.texture("samples", world.format, count, transient)?)),
        };
        let keeper = wish.depth_pass.filter(|_| world.sample_count > 1);
        let depth_usage = match keeper {
            Some(_) => wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::TEXTURE_BINDING,
            None => transient,
        };
        let depth = maker.texture("depth", DEPTH_FORMAT, world.sample_count, depth_usage)?;
        let depth_samples = keeper.map_or_else(Vec::new, |pass| maker.depth_samples(pass, &depth));
        let picture = match draws_directly(settings) {
            true => None,
            false => Some(maker.picture(layouts, samplers, world.format)?),
        };
        let (depth, keeps_depth) = (maker.attachment(&depth), wish.depth_pass.is_some());
        Ok(Self { target_size, samples, depth, depth_samples, keeps_depth, picture })
    }

    /// Whether they were made for such a target.
    pub(crate) fn fit(&self, target_size: UVec2, keeps_depth: bool) -> bool {
        (self.target_size, self.keeps_depth) == (target_size, keeps_depth)
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

    /// The world's depth: 0 is infinitely far. A single sample goes straight to `target`, where somebody wants it.
    pub(crate) fn depth<'a>(
        &'a self,
        target: Option<&'a wgpu::TextureView>,
    ) -> wgpu::RenderPassDepthStencilAttachment<'a> {
        let direct = target.filter(|_| self.samples.is_none());
        let is_kept = direct.is_some() || !self.depth_samples.is_empty();
        let store = if is_kept { wgpu::StoreOp::Store } else { wgpu::StoreOp::Discard };
        wgpu::RenderPassDepthStencilAttachment {
            view: direct.unwrap_or(&self.depth),
            depth_ops: Some(wgpu::Operations { load: wgpu::LoadOp::Clear(0.0), store }),
            stencil_ops: None,
        }
    }
}

/// What attachments are wanted for.
pub(crate) struct Wish<'a> {
    pub(crate) settings: &'a RenderSettings,
    pub(crate) target_size: UVec2,
    /// Reads samples of depth; none where nobody wants it.
    pub(crate) depth_pass: Option<&'a DepthPass>,
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

    /// The layers of a texture of depth samples, each for itself.
    fn depth_samples(&self, pass: &DepthPass, depth: &wgpu::Texture) -> Vec<wgpu::BindGroup> {
        let layer = |base_array_layer| {
            let view = depth.create_view(&wgpu::TextureViewDescriptor {
                dimension: Some(wgpu::TextureViewDimension::D2),
                base_array_layer,
                array_layer_count: Some(1),
                ..Default::default()
            });
            pass.group(self.gpu.device(), &view)
        };
        (0..self.layers).map(layer).collect()
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
