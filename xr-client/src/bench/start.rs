//! How long the way into a venue takes, from the moment at which another program started this one: to the first
//! picture, and to being inside. Only a starter that puts its time into the environment asks for it.
//!
//! It must not know how the client gets inside.

use crate::app::App;
use crate::core::{Connector, Stage};
use crate::present::headless::HeadlessPresenter;
use anyhow::{Context as _, Result};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use wgpu_renderer::{Gpu, wgpu};

/// Microseconds since 1970 at which the starter started this program.
pub const STARTED_AT: &str = "VEV_STARTED_AT";

/// Watches for the first picture and for the inside, and prints when both have come.
#[derive(Debug)]
pub struct StartWatch {
    started_at: SystemTime,
    first_frame: Option<Duration>,
    is_over: bool,
}

impl StartWatch {
    /// A watch, if the starter asks for it.
    pub fn from_environment() -> Option<Self> {
        Self::new(&std::env::var(STARTED_AT).ok()?)
    }

    fn new(micros: &str) -> Option<Self> {
        let started_at = UNIX_EPOCH + Duration::from_micros(micros.parse().ok()?);
        Some(Self { started_at, first_frame: None, is_over: false })
    }

    /// Looks at a client after each of its frames.
    pub fn look<C: Connector>(&mut self, app: &App<C, HeadlessPresenter>) -> Result<()> {
        let is_inside = *app.core.stage() == Stage::Inside;
        if let Some(line) = self.note(app.presenter.presented() > 0, is_inside, app.gpu())? {
            println!("{line}");
        }
        Ok(())
    }

    /// Notes the time of what is new; gives the answer to the starter once.
    fn note(&mut self, is_shown: bool, is_inside: bool, gpu: &Gpu) -> Result<Option<String>> {
        if self.is_over || !is_shown {
            return Ok(None);
        }
        if self.first_frame.is_none() {
            self.first_frame = Some(self.elapsed(gpu)?);
        }
        let Some(first_frame) = self.first_frame.filter(|_| is_inside) else { return Ok(None) };
        self.is_over = true;
        let (first_frame, inside) = (first_frame.as_micros(), self.elapsed(gpu)?.as_micros());
        Ok(Some(format!("{{\"first_frame_micros\":{first_frame},\"inside_micros\":{inside}}}")))
    }

    /// A frame that was only handed over is not seen yet: the picture must be finished.
    fn elapsed(&self, gpu: &Gpu) -> Result<Duration> {
        gpu.device().poll(wgpu::PollType::wait_indefinitely())?;
        self.started_at.elapsed().context("the starter's clock is ahead of this one")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starter_is_answered_once_both_have_come() {
        let gpu = crate::cli::offscreen_gpu(&Default::default()).unwrap();
        let mut watch = StartWatch::new("1000000").unwrap();
        assert_eq!(watch.note(false, false, &gpu).unwrap(), None);
        assert_eq!(watch.note(true, false, &gpu).unwrap(), None);
        let line = watch.note(true, true, &gpu).unwrap().unwrap();
        let answer: serde_json::Value = serde_json::from_str(&line).unwrap();
        let (first, inside) = (answer["first_frame_micros"].as_u64(), answer["inside_micros"].as_u64());
        assert!(first.is_some() && first <= inside, "{line}");
        assert_eq!(watch.note(true, true, &gpu).unwrap(), None);
        assert!(StartWatch::new("yesterday").is_none());
    }
}
