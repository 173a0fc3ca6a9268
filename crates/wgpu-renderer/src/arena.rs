//! The frame's data on its way to the GPU: one growing block of bytes, uploaded by one write. Three buffers take
//! turns, so that a frame does not wait for the one before it.

use crate::gpu_data::{FrameUniform, PanelUniform, SurfelsUniform};
use crate::layouts::Layouts;
use crate::{Gpu, RenderError};
use bytemuck::Pod;

/// Offsets of uniform data are multiples of this: WebGPU's guaranteed alignment.
const UNIFORM_ALIGNMENT: usize = 256;
/// A first size that a small scene does not outgrow.
const FIRST_SIZE: u64 = 64 * 1024;
/// How many frames may be under way.
const FRAMES_IN_FLIGHT: usize = 3;

/// A buffer of the ring with the bind groups that look into it at dynamic offsets.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) buffer: wgpu::Buffer,
    pub(crate) frame: wgpu::BindGroup,
    pub(crate) panel: wgpu::BindGroup,
    pub(crate) surfels: wgpu::BindGroup,
}

impl Page {
    fn new(device: &wgpu::Device, layouts: &Layouts, size: u64) -> Self {
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("frame arena"),
            size,
            usage: wgpu::BufferUsages::UNIFORM
                | wgpu::BufferUsages::VERTEX
                | wgpu::BufferUsages::INDEX
                | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let group = |label, size: usize| {
            device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some(label),
                layout: &layouts.block,
                entries: &[wgpu::BindGroupEntry {
                    binding: 0,
                    resource: wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                        buffer: &buffer,
                        offset: 0,
                        size: wgpu::BufferSize::new(size as u64),
                    }),
                }],
            })
        };
        let frame = group("frame", size_of::<FrameUniform>());
        let panel = group("panel", size_of::<PanelUniform>());
        let surfels = group("surfels", size_of::<SurfelsUniform>());
        Self { buffer, frame, panel, surfels }
    }

    /// A part of the buffer as vertices, instances or indices.
    pub(crate) fn slice(&self, range: &std::ops::Range<u32>) -> wgpu::BufferSlice<'_> {
        self.buffer.slice(u64::from(range.start)..u64::from(range.end))
    }
}

/// The block of bytes and the ring of buffers.
#[derive(Debug)]
pub(crate) struct Arena {
    bytes: Vec<u8>,
    pages: [Page; FRAMES_IN_FLIGHT],
    current: usize,
}

impl Arena {
    pub(crate) fn new(gpu: &Gpu, layouts: &Layouts) -> Result<Self, RenderError> {
        let pages = std::array::from_fn(|_| Page::new(gpu.device(), layouts, FIRST_SIZE));
        gpu.check("making room for frames")?;
        Ok(Self { bytes: Vec::with_capacity(FIRST_SIZE as usize), pages, current: 0 })
    }

    /// Forgets the last frame's data and turns to the next buffer.
    pub(crate) fn begin(&mut self) {
        self.bytes.clear();
        self.current = (self.current + 1) % FRAMES_IN_FLIGHT;
    }

    /// Appends a uniform struct; returns its dynamic offset.
    pub(crate) fn push_uniform<T: Pod>(&mut self, value: &T) -> u32 {
        let aligned = self.bytes.len().next_multiple_of(UNIFORM_ALIGNMENT);
        self.bytes.resize(aligned, 0);
        self.push(std::slice::from_ref(value)).start
    }

    /// Appends vertices, instances or indices; returns where they are. Their size is a multiple of four bytes.
    pub(crate) fn push<T: Pod>(&mut self, values: &[T]) -> std::ops::Range<u32> {
        let start = self.end();
        self.bytes.extend_from_slice(bytemuck::cast_slice(values));
        start..self.end()
    }

    /// Where the next data goes.
    pub(crate) fn end(&self) -> u32 {
        u32::try_from(self.bytes.len()).unwrap_or(u32::MAX)
    }

    /// Sends everything to the GPU. Grows this frame's buffer if it must.
    pub(crate) fn upload(&mut self, gpu: &Gpu, layouts: &Layouts) -> Result<(), RenderError> {
        let needed = self.bytes.len() as u64;
        let page = &mut self.pages[self.current];
        if page.buffer.size() < needed {
            let limit = gpu.device().limits().max_buffer_size;
            if needed > limit {
                let problem =
                    format!("its {needed} bytes of draws exceed the {limit} that one buffer may have");
                return Err(RenderError::InvalidFrame { problem });
            }
            *page = Page::new(gpu.device(), layouts, needed.next_power_of_two().min(limit));
            gpu.check("making room for a frame")?;
        }
        gpu.queue().write_buffer(&page.buffer, 0, &self.bytes);
        Ok(())
    }

    /// The buffer that holds this frame.
    pub(crate) fn page(&self) -> &Page {
        &self.pages[self.current]
    }

    /// How much room is kept on the CPU.
    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }
}
