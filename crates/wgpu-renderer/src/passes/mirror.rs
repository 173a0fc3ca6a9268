//! What a headset's left eye sees, for a window: its picture covers the window, and what stands out is cut. Where the
//! headset shows a panorama behind the picture, the window does, too.

use crate::frame_data::direction_from_clip;
use crate::gpu::Gpu;
use crate::gpu_data::MirrorUniform;
use crate::shader::{ShaderSource, ViewMode, shared};
use crate::{Layers, View};
use glam::{Mat4, UVec2};
use std::f32::consts::TAU;

pub(crate) const SHADER: ShaderSource = ShaderSource {
    stem: "mirror",
    parts: &[shared::COLOR, shared::PANORAMA],
    body: include_str!("../../../../shaders/mirror.wgsl"),
};

/// Copies a headset's picture into a window's.
#[derive(Debug)]
pub struct MirrorPainter {
    pipeline: wgpu::RenderPipeline,
    layout: wgpu::BindGroupLayout,
    uniform: wgpu::Buffer,
    picture_sampler: wgpu::Sampler,
    panorama_sampler: wgpu::Sampler,
}

/// What a headset shows.
#[derive(Clone, Copy, Debug)]
pub struct MirrorPicture<'a> {
    /// The first of the layers is seen. They are an attachment before and after.
    pub layers: &'a Layers,
    /// Pixels.
    pub size: UVec2,
    /// What the headset shows behind it.
    pub backdrop: Option<MirrorBackdrop<'a>>,
}

/// A panorama behind a picture whose sky is open.
#[derive(Clone, Copy, Debug)]
pub struct MirrorBackdrop<'a> {
    /// The equirectangular picture; its first level is shown.
    pub panorama: &'a wgpu::TextureView,
    /// How it is turned about +y, radians.
    pub yaw: f32,
    /// The eye that sees the picture.
    pub eye: View,
}

impl MirrorPainter {
    /// For windows of this format.
    pub fn new(gpu: &Gpu, format: wgpu::TextureFormat) -> Self {
        let device = gpu.device();
        let layout = layout(device);
        let pipeline = pipeline(device, &layout, format);
        let uniform = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some(SHADER.stem),
            size: size_of::<MirrorUniform>() as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let sampler = |address_mode_u| {
            device.create_sampler(&wgpu::SamplerDescriptor {
                label: Some(SHADER.stem),
                address_mode_u,
                mag_filter: wgpu::FilterMode::Linear,
                min_filter: wgpu::FilterMode::Linear,
                ..Default::default()
            })
        };
        let picture_sampler = sampler(wgpu::AddressMode::ClampToEdge);
        let panorama_sampler = sampler(wgpu::AddressMode::Repeat);
        Self { pipeline, layout, uniform, picture_sampler, panorama_sampler }
    }

    /// Covers `window` with a picture.
    pub fn paint(
        &self,
        gpu: &Gpu,
        picture: &MirrorPicture<'_>,
        window: &wgpu::TextureView,
        window_size: UVec2,
    ) {
        let left = picture.layers.view(Some(0));
        gpu.queue().write_buffer(&self.uniform, 0, bytemuck::bytes_of(&uniform_of(picture.backdrop)));
        let group = self.group(gpu.device(), left, picture.backdrop.map(|backdrop| backdrop.panorama));
        let mut encoder =
            gpu.device().create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some(SHADER.stem) });
        let mut pass = begin(&mut encoder, window, wgpu::LoadOp::Clear(wgpu::Color::BLACK));
        let [corner, size] = covering(picture.size, window_size);
        pass.set_viewport(corner[0], corner[1], size[0], size[1], 0.0, 1.0);
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, &group, &[]);
        pass.draw(0..4, 0..1);
        drop(pass);
        // Whoever owns the picture wants it back as an attachment, which an empty pass makes of it.
        drop(begin(&mut encoder, left, wgpu::LoadOp::Load));
        gpu.queue().submit([encoder.finish()]);
    }

    /// Without a panorama the picture stands in its place: nothing of it is taken.
    fn group(
        &self,
        device: &wgpu::Device,
        picture: &wgpu::TextureView,
        panorama: Option<&wgpu::TextureView>,
    ) -> wgpu::BindGroup {
        let view = wgpu::BindingResource::TextureView;
        let sampler = wgpu::BindingResource::Sampler;
        let entries = [
            (0, self.uniform.as_entire_binding()),
            (1, view(picture)),
            (2, sampler(&self.picture_sampler)),
            (3, view(panorama.unwrap_or(picture))),
            (4, sampler(&self.panorama_sampler)),
        ];
        let entries = entries.map(|(binding, resource)| wgpu::BindGroupEntry { binding, resource });
        device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(SHADER.stem),
            layout: &self.layout,
            entries: &entries,
        })
    }
}

fn uniform_of(backdrop: Option<MirrorBackdrop<'_>>) -> MirrorUniform {
    let (direction_from_clip, yaw) =
        backdrop.map_or((Mat4::IDENTITY, 0.0), |it| (direction_from_clip(&it.eye), it.yaw));
    let has_panorama = if backdrop.is_some() { 1.0 } else { 0.0 };
    MirrorUniform { direction_from_clip, turn: yaw / TAU, has_panorama, _fill: [0.0; 2] }
}

fn begin<'a>(
    encoder: &'a mut wgpu::CommandEncoder,
    view: &wgpu::TextureView,
    load: wgpu::LoadOp<wgpu::Color>,
) -> wgpu::RenderPass<'a> {
    encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: Some(SHADER.stem),
        color_attachments: &[Some(wgpu::RenderPassColorAttachment {
            view,
            depth_slice: None,
            resolve_target: None,
            ops: wgpu::Operations { load, store: wgpu::StoreOp::Store },
        })],
        ..Default::default()
    })
}

/// What is cut of the picture's edges, which no optics show: its middle is so much larger.
const ZOOM: f32 = 1.3;

/// Where the picture lies so that its middle covers the window and both middles meet: corner and size in the window's
/// pixels.
fn covering(picture: UVec2, window: UVec2) -> [[f32; 2]; 2] {
    let (picture, window) = (picture.max(UVec2::ONE).as_vec2(), window.as_vec2());
    let size = picture * (window / picture).max_element() * ZOOM;
    [((window - size) * 0.5).to_array(), size.to_array()]
}

fn layout(device: &wgpu::Device) -> wgpu::BindGroupLayout {
    let uniform = wgpu::BindingType::Buffer {
        ty: wgpu::BufferBindingType::Uniform,
        has_dynamic_offset: false,
        min_binding_size: None,
    };
    let texture = wgpu::BindingType::Texture {
        sample_type: wgpu::TextureSampleType::Float { filterable: true },
        view_dimension: wgpu::TextureViewDimension::D2,
        multisampled: false,
    };
    let sampler = wgpu::BindingType::Sampler(wgpu::SamplerBindingType::Filtering);
    let entry = |(binding, ty)| wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::VERTEX_FRAGMENT,
        ty,
        count: None,
    };
    let entries = [(0, uniform), (1, texture), (2, sampler), (3, texture), (4, sampler)].map(entry);
    device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
        label: Some(SHADER.stem),
        entries: &entries,
    })
}

fn pipeline(
    device: &wgpu::Device,
    layout: &wgpu::BindGroupLayout,
    format: wgpu::TextureFormat,
) -> wgpu::RenderPipeline {
    let module = SHADER.module(device, ViewMode::Single);
    let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
        label: Some(SHADER.stem),
        bind_group_layouts: &[Some(layout)],
        immediate_size: 0,
    });
    let constants = [("target_encodes", f64::from(u8::from(format.is_srgb())))];
    let options = || wgpu::PipelineCompilationOptions { constants: &constants, ..Default::default() };
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label: Some(SHADER.stem),
        layout: Some(&layout),
        vertex: wgpu::VertexState {
            module: &module,
            entry_point: Some("vertex"),
            compilation_options: options(),
            buffers: &[],
        },
        primitive: wgpu::PrimitiveState {
            topology: wgpu::PrimitiveTopology::TriangleStrip,
            ..Default::default()
        },
        depth_stencil: None,
        multisample: wgpu::MultisampleState::default(),
        fragment: Some(wgpu::FragmentState {
            module: &module,
            entry_point: Some("fragment"),
            compilation_options: options(),
            targets: &[Some(format.into())],
        }),
        multiview_mask: None,
        cache: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_s_middle_covers_the_window_and_both_middles_meet() {
        let check = |picture: [u32; 2], window: [u32; 2], corner: [f32; 2], size: [f32; 2]| {
            let found = covering(picture.into(), window.into());
            let near =
                |found: [f32; 2], of: [f32; 2]| (found[0] - of[0]).abs() + (found[1] - of[1]).abs() < 1e-3;
            assert!(near(found[0], corner) && near(found[1], size), "{found:?}");
        };
        check([100, 100], [200, 100], [-30.0, -80.0], [260.0, 260.0]);
        check([100, 100], [100, 300], [-145.0, -45.0], [390.0, 390.0]);
        check([160, 90], [320, 180], [-48.0, -27.0], [416.0, 234.0]);
    }
}
