//! The skeletons of a frame: a row of a texture for each, so that bodies that share a mesh are one draw.
//!
//! A texture, because weak devices have no storage buffers in the vertex stage, and a uniform block holds one skeleton
//! alone. It must not know meshes or places.

use crate::frame::PlaceLight;
use crate::gpu_data::rows;
use crate::layouts::Layouts;
use crate::mesh::MAX_JOINTS;
use crate::{Gpu, RenderError};
use glam::{Mat4, Vec4};

/// Texels of a row: the light, then three for each joint.
const LIGHT_TEXELS: usize = 6;
const ROW_TEXELS: usize = LIGHT_TEXELS + 3 * MAX_JOINTS;

/// Rows from the start: as many as a full lounge has.
const FIRST_ROWS: u32 = 64;

/// The table of a frame. Keeps its memory between frames.
#[derive(Debug)]
pub(crate) struct Skeletons {
    texels: Vec<Vec4>,
    /// The largest part of a row that is used.
    used: usize,
    texture: wgpu::Texture,
    group: wgpu::BindGroup,
}

impl Skeletons {
    pub(crate) fn new(gpu: &Gpu, layouts: &Layouts) -> Self {
        let (texture, group) = table(gpu, layouts, FIRST_ROWS);
        Self { texels: Vec::with_capacity(ROW_TEXELS * FIRST_ROWS as usize), used: 0, texture, group }
    }

    /// Forgets the last frame's skeletons.
    pub(crate) fn begin(&mut self) {
        self.texels.clear();
        self.used = 0;
    }

    /// Appends a skeleton and the light on it; returns its row. There are [`MAX_JOINTS`] joints at most.
    pub(crate) fn push(&mut self, joints: &[Mat4], light: &PlaceLight) -> u16 {
        let start = self.texels.len();
        self.texels.extend(light.rows().iter().flatten());
        self.texels.extend(joints.iter().flat_map(rows));
        self.used = self.used.max(self.texels.len() - start);
        self.texels.resize(start + ROW_TEXELS, Vec4::ZERO);
        // No table is so large; what had no row would fail in the upload.
        u16::try_from(start / ROW_TEXELS).unwrap_or(u16::MAX)
    }

    fn count(&self) -> u32 {
        (self.texels.len() / ROW_TEXELS) as u32
    }

    /// Sends the skeletons to the GPU. Makes a larger table if it must.
    pub(crate) fn upload(&mut self, gpu: &Gpu, layouts: &Layouts) -> Result<(), RenderError> {
        let count = self.count();
        if count == 0 {
            return Ok(());
        }
        if count > self.texture.height() {
            let most = gpu.device().limits().max_texture_dimension_2d;
            if count > most {
                let problem = format!("its {count} skeletons exceed the {most} that one table may have");
                return Err(RenderError::InvalidFrame { problem });
            }
            (self.texture, self.group) = table(gpu, layouts, count.next_power_of_two().min(most));
            gpu.check("making room for skeletons")?;
        }
        gpu.queue().write_texture(
            self.texture.as_image_copy(),
            bytemuck::cast_slice(&self.texels),
            wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: Some((ROW_TEXELS * size_of::<Vec4>()) as u32),
                rows_per_image: None,
            },
            wgpu::Extent3d { width: self.used as u32, height: count, depth_or_array_layers: 1 },
        );
        Ok(())
    }

    /// The table to draw with.
    pub(crate) fn group(&self) -> &wgpu::BindGroup {
        &self.group
    }

    /// How much room is kept on the CPU.
    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.texels.capacity()
    }
}

fn table(gpu: &Gpu, layouts: &Layouts, row_count: u32) -> (wgpu::Texture, wgpu::BindGroup) {
    let texture = gpu.device().create_texture(&wgpu::TextureDescriptor {
        label: Some("skeletons"),
        size: wgpu::Extent3d { width: ROW_TEXELS as u32, height: row_count, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: wgpu::TextureFormat::Rgba32Float,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    });
    let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
    let group = gpu.device().create_bind_group(&wgpu::BindGroupDescriptor {
        label: Some("skeletons"),
        layout: &layouts.poses,
        entries: &[wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::TextureView(&view) }],
    });
    (texture, group)
}
