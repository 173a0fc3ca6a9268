//! Where voices are heard from: the listener's pose and the speakers' places in, two channels out.
//!
//! Two backends share the trait [`SpatialBackend`]: [`native`], which is always there, and [`steam`](crate::steam),
//! which needs Valve's library. Each comes in two halves. The *backend* belongs to whoever plays sound:
//! [`SpatialBackend::process_block`] allocates nothing, takes no lock, and hears a turn of the head in the very next
//! block. The *worker* belongs to a slower thread: it knows the building, follows rays through it and reckons how a
//! room reverberates. The halves hand plain values to each other without waiting.
//!
//! The building frame is in metres, right-handed, y up; a head looks along its own -z, its right ear lies towards +x.
//! This knows no device, no network, no clock and no venue package: whoever calls gives plain data.
//!
//! ```no_run
//! use spatial_voice::space::native::{Hrtf, Native};
//! use spatial_voice::space::{AcousticScene, Listener, OutputMode, Spatial, StereoBlock};
//! use std::{path::Path, sync::Arc};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Half a second: not on the thread that draws.
//! let hrtf = Arc::new(Hrtf::shipped()?);
//! let Spatial { mut backend, mut worker } = match spatial_voice::steam::spatial(Some(Path::new("libphonon.so"))) {
//!     Ok(spatial) => spatial,
//!     // The error is a sentence for the log and the settings page.
//!     Err(_) => Native::spatial(hrtf),
//! };
//! // On a worker's thread: once for a building, then 20 times and twice a second.
//! worker.set_scene(&AcousticScene::default())?;
//! worker.update_occlusion();
//! worker.update_reverb();
//! // Where sound is made, every 10 ms.
//! let mut heard = StereoBlock::default();
//! backend.process_block(&Listener::default(), &[], OutputMode::Binaural, &mut heard);
//! # Ok(())
//! # }
//! ```

pub mod native;
pub mod scene;

pub(crate) mod ear;
pub(crate) mod geometry;
pub(crate) mod handover;
pub(crate) mod pan;
pub(crate) mod paths;
pub(crate) mod propagation;
pub(crate) mod rooms;
#[cfg(test)]
mod testing;

pub use scene::{AcousticScene, AcousticSpace, Band, Material, Opening, SceneError, Triangle};

use crate::BLOCK;
use glam::{Quat, Vec3};

/// Voices that are heard at once.
pub const MAX_SOURCES: usize = 32;

/// Where somebody listens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Listener {
    /// Between the ears, building frame, metres.
    pub position: Vec3,
    /// Turns directions of the head into directions of the building.
    pub building_from_head: Quat,
}

impl Default for Listener {
    fn default() -> Self {
        Self { position: Vec3::ZERO, building_from_head: Quat::IDENTITY }
    }
}

/// One voice for one block. The listener's own voice is never given: nobody hears themself.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Below [`MAX_SOURCES`]. Whoever speaks keeps the slot; another speaker on it is taken for a new one when the
    /// slot was empty for a block or the place is another.
    pub slot: usize,
    /// The mouth, building frame, metres.
    pub position: Vec3,
    /// Volume that the listener chose; 1 leaves the voice as it is, 4 is the most.
    pub gain: f32,
    /// Mono, from -1 to 1.
    pub samples: &'a [f32; BLOCK],
}

/// For which ears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OutputMode {
    /// Headphones: each ear gets what would reach it.
    #[default]
    Binaural,
    /// Two loudspeakers in front.
    Loudspeakers,
    /// Both channels are the same: for who hears with one ear.
    Mono,
}

/// What is heard in one block.
#[derive(Clone, Debug, PartialEq)]
pub struct StereoBlock {
    /// For the left ear, from -1 to 1.
    pub left: [f32; BLOCK],
    /// For the right ear, from -1 to 1.
    pub right: [f32; BLOCK],
}

impl Default for StereoBlock {
    fn default() -> Self {
        Self { left: [0.0; BLOCK], right: [0.0; BLOCK] }
    }
}

/// A door, as the acoustic mesh numbers it.
pub type DoorNumber = u16;

/// What a door does with sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoorState {
    /// Its opening is air.
    Open,
    /// Its opening is a door leaf.
    Closed,
}

/// The half that plays.
pub trait SpatialBackend: Send {
    /// For the log and the settings page.
    fn name(&self) -> &'static str;

    /// The next 10 ms. Allocates nothing and takes no lock. Sources beyond [`MAX_SOURCES`], on a slot that is taken,
    /// or at no finite place are left out; a broken pose of the listener is replaced by the last good one.
    fn process_block(
        &mut self,
        listener: &Listener,
        sources: &[Source<'_>],
        mode: OutputMode,
        heard: &mut StereoBlock,
    );
}

/// The half that knows the building. It may take as long as it needs; nothing of it is called while sound is made.
pub trait SpatialWorker: Send {
    /// Another building, or none: an empty scene. All doors are open.
    ///
    /// # Errors
    /// The scene is too large, or the library refuses it; what was heard before goes on.
    fn set_scene(&mut self, scene: &AcousticScene) -> Result<(), SceneError>;

    /// A door was opened or closed. Heard after the next updates.
    fn set_door(&mut self, door: DoorNumber, state: DoorState);

    /// Looks what stands between the listener and each voice: about 20 times a second.
    fn update_occlusion(&mut self);

    /// Looks how the room around the listener reverberates: 2 to 5 times a second.
    fn update_reverb(&mut self);
}

/// Both halves of a backend.
pub struct Spatial {
    /// For the thread that plays.
    pub backend: Box<dyn SpatialBackend>,
    /// For a slower thread.
    pub worker: Box<dyn SpatialWorker>,
}
