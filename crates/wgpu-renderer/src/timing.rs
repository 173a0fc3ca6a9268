//! How long the GPU takes for each pass. Times are marked between passes, not inside them: a pass that draws two views at
//! once would mark two times for one.
//!
//! It must not keep a frame waiting: a frame's times are known some frames later, or never.

use crate::{Gpu, RenderError};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// What a device must have to mark times.
pub(crate) const FEATURES: wgpu::Features =
    wgpu::Features::TIMESTAMP_QUERY.union(wgpu::Features::TIMESTAMP_QUERY_INSIDE_ENCODERS);

/// Whether times are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// They are not.
    Off,
    /// They are, if the device can.
    On,
}

/// Passes of a view, or of all views at once: world, depth, screen.
const PASSES: usize = 3;

/// Marks of a frame with two views drawn apart: one at the start, and one after each pass.
const MOST_MARKS: usize = 1 + 2 * PASSES;

/// Frames whose times may be under way.
const FRAMES: usize = 4;

/// How long the GPU took for the passes of one frame, milliseconds, all views together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PassTimes {
    /// Everything that stands in the world.
    pub world_ms: f32,
    /// The depth for whoever shows the picture.
    pub depth_ms: f32,
    /// The last step, the fade and the screen's panels.
    pub screen_ms: f32,
}

impl PassTimes {
    /// All of it.
    pub fn sum_ms(&self) -> f32 {
        self.world_ms + self.depth_ms + self.screen_ms
    }

    /// From the marks of a frame, in ticks of so many nanoseconds.
    fn of(marks: &[u64], nanos_per_tick: f32) -> Self {
        let ms = |from: u64, to: u64| to.saturating_sub(from) as f32 * nanos_per_tick * 1e-6;
        let mut sums = [0.0; PASSES];
        for (pass, pair) in marks.windows(2).enumerate() {
            sums[pass % PASSES] += ms(pair[0], pair[1]);
        }
        let [world_ms, depth_ms, screen_ms] = sums;
        Self { world_ms, depth_ms, screen_ms }
    }
}

const FREE: u8 = 0;
const UNDER_WAY: u8 = 1;
const READABLE: u8 = 2;
const FAILED: u8 = 3;

/// Where a frame's marks go.
#[derive(Debug)]
struct Frame {
    queries: wgpu::QuerySet,
    resolved: wgpu::Buffer,
    readable: wgpu::Buffer,
    state: Arc<AtomicU8>,
    marks: usize,
}

/// Marks times and reads them.
#[derive(Debug)]
pub(crate) struct Timer {
    nanos_per_tick: f32,
    frames: [Frame; FRAMES],
    current: Option<usize>,
    pub(crate) last: Option<PassTimes>,
}

impl Timer {
    /// None on a device that can not mark times.
    pub(crate) fn new(gpu: &Gpu) -> Result<Option<Self>, RenderError> {
        if !gpu.device().features().contains(FEATURES) {
            return Ok(None);
        }
        let frames = std::array::from_fn(|_| Frame::new(gpu.device()));
        gpu.check("making room for times")?;
        let nanos_per_tick = gpu.queue().get_timestamp_period();
        Ok(Some(Self { nanos_per_tick, frames, current: None, last: None }))
    }

    /// Reads what has come, and begins another frame if there is room for it.
    pub(crate) fn begin(&mut self, encoder: &mut wgpu::CommandEncoder) {
        for frame in &mut self.frames {
            if let Some(marks) = frame.take() {
                self.last = Some(PassTimes::of(&marks, self.nanos_per_tick));
            }
        }
        let is_free = |frame: &Frame| frame.state.load(Ordering::Acquire) == FREE;
        self.current = self.frames.iter().position(is_free);
        self.mark(encoder);
    }

    /// Marks the time of what was recorded until now.
    pub(crate) fn mark(&mut self, encoder: &mut wgpu::CommandEncoder) {
        let Some(frame) = self.current.map(|current| &mut self.frames[current]) else { return };
        if frame.marks < MOST_MARKS {
            encoder.write_timestamp(&frame.queries, frame.marks as u32);
            frame.marks += 1;
        }
    }

    /// The frame is recorded.
    pub(crate) fn end(&mut self, encoder: &mut wgpu::CommandEncoder) {
        let Some(frame) = self.current.map(|current| &self.frames[current]) else { return };
        encoder.resolve_query_set(&frame.queries, 0..frame.marks as u32, &frame.resolved, 0);
        encoder.copy_buffer_to_buffer(&frame.resolved, 0, &frame.readable, 0, frame.resolved.size());
    }

    /// The frame was submitted.
    pub(crate) fn submitted(&mut self) {
        let Some(frame) = self.current.take().map(|current| &self.frames[current]) else { return };
        frame.state.store(UNDER_WAY, Ordering::Release);
        let state = Arc::clone(&frame.state);
        frame.readable.slice(..).map_async(wgpu::MapMode::Read, move |mapped| {
            state.store(if mapped.is_ok() { READABLE } else { FAILED }, Ordering::Release);
        });
    }
}

impl Frame {
    fn new(device: &wgpu::Device) -> Self {
        let buffer = |usage| {
            device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("times"),
                size: (MOST_MARKS * size_of::<u64>()) as u64,
                usage,
                mapped_at_creation: false,
            })
        };
        let queries = device.create_query_set(&wgpu::QuerySetDescriptor {
            label: Some("times"),
            ty: wgpu::QueryType::Timestamp,
            count: MOST_MARKS as u32,
        });
        let resolved = buffer(wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC);
        let readable = buffer(wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST);
        Self { queries, resolved, readable, state: Arc::new(AtomicU8::new(FREE)), marks: 0 }
    }

    /// The frame's marks, once they are there; room for the next frame.
    fn take(&mut self) -> Option<Vec<u64>> {
        let state = self.state.load(Ordering::Acquire);
        if state != READABLE && state != FAILED {
            return None;
        }
        let marks = std::mem::take(&mut self.marks);
        let read = || {
            let range = self.readable.slice(..).get_mapped_range().ok()?;
            let numbers: Vec<u64> = bytemuck::pod_collect_to_vec(&range);
            Some(numbers[..marks].to_vec())
        };
        let numbers = if state == READABLE { read() } else { None };
        self.readable.unmap();
        self.state.store(FREE, Ordering::Release);
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_of_both_views_are_added() {
        let ms = 1_000_000;
        let marks = [0, 3 * ms, 3 * ms, 4 * ms, 6 * ms, 7 * ms, 9 * ms];
        let times = PassTimes::of(&marks, 1.0);
        assert_eq!(times, PassTimes { world_ms: 5.0, depth_ms: 1.0, screen_ms: 3.0 });
        assert_eq!(times.sum_ms(), 9.0);
        assert_eq!(PassTimes::of(&marks[..4], 2.0).sum_ms(), 8.0);
        assert_eq!(PassTimes::of(&[5, 3], 1.0).sum_ms(), 0.0, "clocks that jump back take no time");
    }
}
