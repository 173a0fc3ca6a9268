//! The client's voices: what is spoken here goes out, what others say comes in and is heard where they stand. Read it in this
//! order: `line` (what the threads share), `mouthpiece` (samples → packets), `ear` (packets → samples), `hall` (who is where).
//!
//! Samples and packets themselves are `spatial-voice`'s matter. It must not know devices, panels or the renderer.

mod ear;
mod hall;
mod line;
mod mouthpiece;
mod take;

pub use ear::{Ear, Speaking};
pub use hall::{Situation, hall_of};
pub use line::{Clock, Line, Way};
pub use mouthpiece::{Mouthpiece, Running};
pub use take::Take;

use ear::Heard;
use rtrb::RingBuffer;
use spatial_voice::space::native::{Hrtf, Native};
use spatial_voice::space::{Spatial, SpatialWorker};
use spatial_voice::{Hall, Treatment, Voices};
use std::sync::Arc;

/// Packets that wait for the next block.
const PACKETS: usize = 512;

/// Blocks that were played and wait for the microphone's thread.
const PLAYED: usize = 16;

/// The voices as the frame sees them.
pub struct Voice {
    line: Arc<Line>,
    hall: triple_buffer::Input<Hall>,
    heard: triple_buffer::Output<Heard>,
    worker: Box<dyn SpatialWorker>,
}

/// Voices are not to be had.
#[derive(Debug, thiserror::Error)]
pub enum VoiceError {
    /// The codec.
    #[error(transparent)]
    Codec(#[from] spatial_voice::CodecError),
    /// What ears do with sound.
    #[error(transparent)]
    Hrtf(#[from] spatial_voice::space::native::HrtfError),
}

impl Voice {
    /// Voices in the time of this clock: for the frame, and for whoever plays sound.
    pub fn new(clock: Clock) -> Result<(Self, Ear), VoiceError> {
        let Spatial { backend, worker } = Native::spatial(Arc::new(Hrtf::shipped()?));
        let (packets, incoming) = RingBuffer::new(PACKETS);
        let (played, reference) = RingBuffer::new(PLAYED);
        let (hall, of_hall) = triple_buffer::triple_buffer(&Hall::default());
        let (of_heard, heard) = triple_buffer::triple_buffer(&Heard::default());
        let line = Arc::new(Line::new(clock, packets, reference));
        let ear = Ear::new(Arc::clone(&line), incoming, of_hall, of_heard, played, Voices::new(backend)?);
        Ok((Self { line, hall, heard, worker }, ear))
    }

    /// What the threads share.
    pub fn line(&self) -> &Arc<Line> {
        &self.line
    }

    /// Where everybody is from now on.
    pub fn tell_hall(&mut self, hall: Hall) {
        self.hall.write(hall);
    }

    /// Who is heard now.
    pub fn speaking(&mut self) -> &[Speaking] {
        &self.heard.read().all
    }

    /// The half that knows the building.
    pub fn worker(&mut self) -> &mut dyn SpatialWorker {
        &mut *self.worker
    }

    /// What turns a microphone's samples into packets on this line.
    pub fn mouthpiece(
        line: &Arc<Line>,
        samples: rtrb::Consumer<f32>,
        treatment: Treatment,
    ) -> Result<Mouthpiece, VoiceError> {
        Ok(Mouthpiece::new(Arc::clone(line), samples, treatment)?)
    }
}

#[cfg(test)]
mod tests;
