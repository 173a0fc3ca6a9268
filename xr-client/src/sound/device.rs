//! What plays and records: a device behind a trait, so that tests and scripts have one without hardware.
//!
//! It must not know what sounds, nor when.

use super::mixer::Mixer;
use super::switch::Event;
use crate::voice::Take;
use serde::{Deserialize, Serialize};
use std::sync::mpsc::SyncSender;
use venue_protocol::LocalTime;

/// An output, or a microphone, that a person can choose.
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

    /// The microphones that are there now, without the system's default.
    fn inputs(&mut self) -> Vec<Output> {
        Vec::new()
    }

    /// Records a microphone, or the system's default, until it is stopped or lost.
    fn record(&mut self, input: Option<&Output>, take: Take, loss: Loss) -> Result<(), OpenError>;

    /// Records nothing any more. What took the samples is gone when this returns.
    fn stop_recording(&mut self);

    /// Whether it has no clock of its own, so that nothing runs beside whoever lets time pass.
    fn is_told_time(&self) -> bool {
        false
    }

    /// Lets time pass for a device that has no clock of its own.
    fn pass_time(&mut self, _now: LocalTime) {}
}

/// How a device says, from any thread, that what was opened is gone.
#[derive(Clone, Debug)]
pub struct Loss {
    pub(super) events: SyncSender<Event>,
    pub(super) what: Event,
}

impl Loss {
    /// It is gone.
    pub fn tell(&self) {
        if self.events.try_send(self.what.clone()).is_err() {
            // Whoever listens is gone, or so many losses wait that one more says nothing new.
            tracing::debug!("the loss of a sound device is not told again");
        }
    }
}
