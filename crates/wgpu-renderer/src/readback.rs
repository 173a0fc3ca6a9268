//! Bytes of a texture on their way back from the GPU. Asynchronous, because a browser must not wait; natively the
//! wait happens inside.

use crate::{Gpu, RenderError};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

/// A part of a texture to read: one layer of one aspect.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) texture: &'a wgpu::Texture,
    pub(crate) layer: u32,
}

/// Reads four bytes for each pixel, first row first.
pub(crate) async fn read(gpu: &Gpu, source: Source<'_>) -> Result<Vec<u8>, RenderError> {
    let (width, height) = (source.texture.width(), source.texture.height());
    let row = width as usize * 4;
    let padded_row = row.next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT as usize);
    let buffer = gpu.device().create_buffer(&wgpu::BufferDescriptor {
        label: Some("readback"),
        size: padded_row as u64 * u64::from(height),
        usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
        mapped_at_creation: false,
    });
    gpu.check("making room to read a picture back")?;
    let mut encoder = gpu.device().create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    encoder.copy_texture_to_buffer(
        wgpu::TexelCopyTextureInfo {
            texture: source.texture,
            mip_level: 0,
            origin: wgpu::Origin3d { x: 0, y: 0, z: source.layer },
            aspect: wgpu::TextureAspect::All,
        },
        wgpu::TexelCopyBufferInfo {
            buffer: &buffer,
            layout: wgpu::TexelCopyBufferLayout {
                offset: 0,
                bytes_per_row: u32::try_from(padded_row).ok(),
                rows_per_image: None,
            },
        },
        wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
    );
    gpu.queue().submit([encoder.finish()]);
    gpu.check("reading a picture back")?;
    let mapped = map(gpu, &buffer).await?;
    Ok(mapped.chunks_exact(padded_row).flat_map(|padded| &padded[..row]).copied().collect())
}

async fn map(gpu: &Gpu, buffer: &wgpu::Buffer) -> Result<wgpu::BufferView, RenderError> {
    let refused = |description: String| RenderError::Refused { doing: "reading a picture back", description };
    let answer = Answer::default();
    let teller = answer.clone();
    buffer.map_async(wgpu::MapMode::Read, .., move |result| teller.tell(result));
    // In a browser this returns at once and the answer comes by itself.
    gpu.device().poll(wgpu::PollType::wait_indefinitely()).map_err(|error| refused(error.to_string()))?;
    let result = answer.await;
    gpu.check("reading a picture back")?;
    result.map_err(|error| refused(error.to_string()))?;
    buffer.get_mapped_range(..).map_err(|error| refused(error.to_string()))
}

type MapResult = Result<(), wgpu::BufferAsyncError>;

/// A future that another callback completes.
#[derive(Clone, Default)]
struct Answer(Arc<Mutex<(Option<MapResult>, Option<Waker>)>>);

impl Answer {
    fn tell(&self, result: MapResult) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 = Some(result);
        if let Some(waker) = state.1.take() {
            waker.wake();
        }
    }
}

impl Future for Answer {
    type Output = MapResult;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<MapResult> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match state.0.take() {
            Some(result) => Poll::Ready(result),
            None => {
                state.1 = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}
