//! What plays and, one day, records: a device behind a trait, so that tests and scripts have one without hardware.
//!
//! It must not know what sounds, nor when.

use super::mixer::Mixer;
use super::switch::Event;
use serde::{Deserialize, Serialize};
use std::sync::mpsc::SyncSender;
use venue_protocol::LocalTime;

/// An output that a person can choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// The system's name for it, the same after a restart.
    pub id: String,
    /// The name that people know.
    pub name: String,
}

/// An output could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct OpenError(pub String);

/// Opens outputs. Its calls may take long; they never run in a frame.
pub trait AudioDevice {
    /// The outputs that are there now, without the system's default.
    fn outputs(&mut self) -> Vec<Output>;

    /// Plays what the mixer makes on an output, or on the system's default, until it is closed or lost.
    fn open(&mut self, output: Option<&Output>, mixer: Mixer, loss: Loss) -> Result<(), OpenError>;

    /// Plays nothing any more. The mixer is gone when this returns.
    fn close(&mut self);

    /// Lets time pass for a device that has no clock of its own.
    fn pass_time(&mut self, _now: LocalTime) {}
}

/// How a device says, from any thread, that an opened output is gone.
#[derive(Clone, Debug)]
pub struct Loss {
    pub(super) events: SyncSender<Event>,
    pub(super) opening: u32,
}

impl Loss {
    /// The output is gone.
    pub fn tell(&self) {
        if self.events.try_send(Event::Lost(self.opening)).is_err() {
            // Whoever listens is gone, or so many losses wait that one more says nothing new.
            tracing::debug!("the loss of a sound output is not told again");
        }
    }
}
