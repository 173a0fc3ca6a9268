//! The client's voices: what is spoken here goes out, what others say comes in and is heard where they stand. Read it in this
//! order: `line` (what the threads share), `mouthpiece` (samples → packets), `ear` (packets → samples), `hall` (who is where), `building` (what stands between).
//!
//! Samples and packets themselves are `spatial-voice`'s matter. It must not know devices, panels or the renderer.

mod building;
mod ear;
mod hall;
mod line;
mod mouthpiece;
mod take;

pub use building::{Building, BuildingWorker, space_of};
pub use ear::{Ear, Speaking};
pub use hall::{Situation, hall_of};
pub use line::{Clock, Line, Way};
pub use mouthpiece::{Mouthpiece, Running};
pub use take::Take;

use building::Changes;
use ear::{Arrived, Heard};
use rtrb::{Consumer, Producer, RingBuffer};
use spatial_voice::space::Spatial;
use spatial_voice::space::native::{Hrtf, Native};
use spatial_voice::{BLOCK, Hall, Treatment, Voices};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Names Valve's library, where it is not beside the program.
const LIBRARY_VARIABLE: &str = "VEV_PHONON";

/// Packets that wait for the next block.
const PACKETS: usize = 512;

/// Blocks that were played and wait for the microphone's thread.
const PLAYED: usize = 16;

/// The voices as the frame sees them.
pub struct Voice {
    line: Arc<Line>,
    hall: triple_buffer::Input<Hall>,
    heard: triple_buffer::Output<Heard>,
    building: Building,
}

/// What is still to be put together, where it may take long.
pub struct Parts {
    line: Arc<Line>,
    packets: Consumer<Arrived>,
    hall: triple_buffer::Output<Hall>,
    heard: triple_buffer::Input<Heard>,
    played: Producer<[f32; BLOCK]>,
    changes: Changes,
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
    /// Voices in the time of this clock: for the frame, and what becomes the ears.
    pub fn new(clock: Clock) -> (Self, Parts) {
        let (packets, incoming) = RingBuffer::new(PACKETS);
        let (played, reference) = RingBuffer::new(PLAYED);
        let (hall, of_hall) = triple_buffer::triple_buffer(&Hall::default());
        let (of_heard, heard) = triple_buffer::triple_buffer(&Heard::default());
        let line = Arc::new(Line::new(clock, packets, reference));
        let (building, changes) = Building::new();
        let of_line = Arc::clone(&line);
        let parts =
            Parts { line: of_line, packets: incoming, hall: of_hall, heard: of_heard, played, changes };
        (Self { line, hall, heard, building }, parts)
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

    /// The building that voices sound in.
    pub fn building(&self) -> &Building {
        &self.building
    }

    /// What turns a microphone's samples into packets on this line.
    pub fn mouthpiece(
        line: &Arc<Line>,
        samples: Consumer<f32>,
        treatment: Treatment,
    ) -> Result<Mouthpiece, VoiceError> {
        Ok(Mouthpiece::new(Arc::clone(line), samples, treatment)?)
    }
}

/// What ears do with sound, read once: half a second's work.
fn shipped_hrtf() -> Result<Arc<Hrtf>, VoiceError> {
    static READ: Mutex<Option<Arc<Hrtf>>> = Mutex::new(None);
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(hrtf) = &*read {
        return Ok(Arc::clone(hrtf));
    }
    Ok(Arc::clone(read.insert(Arc::new(Hrtf::shipped()?))))
}

impl Parts {
    /// Whose parts these are.
    pub fn line(&self) -> &Arc<Line> {
        &self.line
    }

    /// For whoever plays sound, and for whoever follows it through the building: by Valve's library where there is one, else by
    /// our own. Half a second's work.
    pub fn put_together(self) -> Result<(Ear, BuildingWorker), VoiceError> {
        let Self { line, packets, hall, heard, played, changes } = self;
        let named = std::env::var_os(LIBRARY_VARIABLE).map(PathBuf::from);
        let Spatial { backend, worker } = match spatial_voice::steam::spatial(named.as_deref()) {
            Ok(spatial) => spatial,
            Err(error) => {
                // Who named a library wants to know; most people have none.
                match named {
                    Some(_) => tracing::warn!("{error}; voices are heard by VEV's own means"),
                    None => tracing::debug!("{error}"),
                }
                Native::spatial(shipped_hrtf()?)
            }
        };
        tracing::debug!(backend = backend.name(), "voices are heard");
        let ear = Ear::new(line, packets, hall, heard, played, Voices::new(backend)?);
        Ok((ear, BuildingWorker::new(worker, changes)))
    }
}

#[cfg(test)]
mod tests;
