//! Voices heard by Valve's Steam Audio, if its library is there; who has none, or another one, is told in a sentence
//! and hears by [`native`](crate::space::native).
//!
//! The library is loaded at run time and never shipped. `library` and `calls` hold all `unsafe` of this crate; the
//! two halves, `playing` and `worker`, are safe code. Which effects hear which numbers is the same as in the
//! native backend: distance and air by our formulas, so that both are equally loud; occlusion, transmission and
//! reverberation times by the library's rays.

mod calls;
mod layout;
mod library;
mod playing;
mod worker;

pub use playing::SteamAudio;
pub use worker::SteamWorker;

use crate::space::Spatial;
use crate::space::handover::{Places, Surroundings};
use std::path::{Path, PathBuf};
use triple_buffer::triple_buffer;

/// Steam Audio can not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SteamError {
    /// No such file.
    #[error(
        "Steam Audio is not at {path}: put {file} of Valve's release 4.6 or later there, or name it by VEV_PHONON",
        path = path.display(),
        file = library::FILE
    )]
    NotFound {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Not a library of this system.
    #[error(
        "{path} can not be loaded ({reason}): take the file for this system from Valve's release",
        path = path.display()
    )]
    Unloadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// Another library, or too old a version.
    #[error(
        "{path} has no function {symbol}: it is not Steam Audio 4.6 or later; put Valve's release there",
        path = path.display()
    )]
    MissingSymbol {
        /// The file.
        path: PathBuf,
        /// The first function that is missing.
        symbol: &'static str,
    },
    /// The library answers for other versions only.
    #[error(
        "{path} refuses version 4.6.0 of its interface ({code}): put a release from 4.6 to 4.x of Steam Audio there",
        path = path.display()
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// What the library answered.
        code: i32,
    },
    /// The library makes no such thing.
    #[error("Steam Audio refuses to make {what} ({code}): put Valve's unchanged release there")]
    Refused {
        /// What.
        what: &'static str,
        /// What the library answered.
        code: i32,
    },
}

/// Both halves of the backend. The library is the file or in the folder that is given, e.g. by the configuration or
/// `VEV_PHONON`; without one it is looked for in the program's folder.
///
/// # Errors
/// The library is not there or not the right one; the sentence says what to do.
pub fn spatial(configured: Option<&Path>) -> Result<Spatial, SteamError> {
    let library = library::Library::load(configured)?;
    let (places, read_places) = triple_buffer(&Places::default());
    let (write_heard, heard) = triple_buffer(&Surroundings::default());
    let backend = SteamAudio::new(&library, places, heard)?;
    let worker = SteamWorker::new(&library, read_places, write_heard)?;
    Ok(Spatial { backend: Box::new(backend), worker: Box::new(worker) })
}
