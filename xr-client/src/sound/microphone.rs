//! Which microphone records, and only while it is asked to: a microphone that is closed is not open at the system either.
//!
//! It must not know what the voice is for.

use super::device::{AudioDevice, Loss, Output};
use super::switch::{Event, Report};
use crate::voice::{Line, Mouthpiece, Running, Take, Voice};
use spatial_voice::Treatment;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

/// How somebody wants to be recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// The chosen microphone; none for the system's default.
    pub input: Option<Output>,
    /// What is done to the voice.
    pub treatment: Treatment,
}

/// Who turns samples into packets.
enum Turning {
    /// Whoever lets time pass.
    Here(Box<Mouthpiece>),
    /// A thread.
    Aside(#[expect(dead_code, reason = "it ends when it is dropped")] Running),
}

/// Keeps a microphone open, or none.
pub struct Microphone {
    line: Arc<Line>,
    wish: Option<Recording>,
    turning: Option<Turning>,
    /// Counts openings, so that the loss of an earlier one is not mistaken.
    opening: u32,
}

impl Microphone {
    /// Closed, on this line.
    pub fn new(line: Arc<Line>) -> Self {
        Self { line, wish: None, turning: None, opening: 0 }
    }

    /// Records from now on like this, or not any more. What the person has to know is reported.
    pub fn record<D: AudioDevice>(
        &mut self,
        device: &mut D,
        wish: Option<Recording>,
        events: &SyncSender<Event>,
    ) -> Option<Report> {
        if self.wish == wish && self.turning.is_some() == wish.is_some() {
            return None;
        }
        self.close(device);
        self.wish.clone_from(&wish);
        let wish = wish?;
        let chosen = wish.input.clone();
        let first = self.open(device, chosen.as_ref(), wish.treatment, events);
        match (first, chosen) {
            (Ok(()), _) => None,
            (Err(_), Some(chosen)) => match self.open(device, None, wish.treatment, events) {
                Ok(()) => Some(Report::MicrophoneReplaced(chosen)),
                Err(why) => Some(Report::NoMicrophone(why)),
            },
            (Err(why), None) => Some(Report::NoMicrophone(why)),
        }
    }

    fn open<D: AudioDevice>(
        &mut self,
        device: &mut D,
        input: Option<&Output>,
        treatment: Treatment,
        events: &SyncSender<Event>,
    ) -> Result<(), String> {
        self.opening = self.opening.wrapping_add(1);
        let (take, samples) = Take::new();
        let mouthpiece =
            Voice::mouthpiece(&self.line, samples, treatment).map_err(|error| error.to_string())?;
        let loss = Loss { events: events.clone(), what: Event::MicrophoneLost(self.opening) };
        device.record(input, take, loss).map_err(|error| error.to_string())?;
        self.turning = Some(match device.is_told_time() {
            true => Turning::Here(Box::new(mouthpiece)),
            false => Turning::Aside(mouthpiece.run().map_err(|error| error.to_string())?),
        });
        Ok(())
    }

    /// A microphone of this opening is gone; whether it was in use.
    pub fn lose<D: AudioDevice>(&mut self, device: &mut D, opening: u32) -> bool {
        let is_in_use = opening == self.opening && self.turning.is_some();
        if is_in_use {
            self.close(device);
        }
        is_in_use
    }

    /// Lets what was recorded be spoken, where no thread does it.
    pub fn turn(&mut self) {
        if let Some(Turning::Here(mouthpiece)) = &mut self.turning {
            mouthpiece.turn();
        }
    }

    fn close<D: AudioDevice>(&mut self, device: &mut D) {
        if self.turning.take().is_some() {
            device.stop_recording();
        }
        self.wish = None;
    }
}
