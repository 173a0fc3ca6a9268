//! A device without hardware, for tests and scripts: it plays when it is told the time, and remembers what was heard.
//!
//! It must not know the system's devices.

use super::blocks::Blocks;
use super::device::{AudioDevice, Loss, OpenError, Output};
use super::earcons::Frame;
use super::mixer::{BLOCK, Mixer, RATE};
use crate::voice::Take;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use venue_protocol::LocalTime;

/// A block's length, µs.
const BLOCK_MICROS: u64 = BLOCK as u64 * 1_000_000 / RATE as u64;

/// Frames that are remembered: ten seconds.
const REMEMBERED: usize = 10 * RATE as usize;

/// Blocks that are made up for at once after a standstill.
const MOST_BLOCKS: u64 = 100;

/// A block whose loudest sample is below this is silent.
const SILENCE: f32 = 1e-4;

/// Blocks of silence that part two sounds.
const PAUSE_BLOCKS: u32 = 5;

struct Playing {
    blocks: Blocks,
    output: Option<Output>,
    loss: Loss,
}

#[derive(Default)]
struct State {
    outputs: Vec<Output>,
    has_no_default: bool,
    playing: Option<Playing>,
    tries: u32,
    /// Up to when blocks were played.
    played_to: LocalTime,
    recent: VecDeque<Frame>,
    bursts: u32,
    silent_blocks: u32,
    peak: f32,
    inputs: Vec<Output>,
    has_no_microphone: bool,
    recording: Option<(Option<Output>, Take, Loss)>,
    spoken: VecDeque<f32>,
}

/// A device without hardware; its copies are the same device.
#[derive(Clone, Default)]
pub struct VirtualDevice(Arc<Mutex<State>>);

impl VirtualDevice {
    /// One on which nothing can be opened.
    pub fn without_default() -> Self {
        let device = Self::default();
        device.state().has_no_default = true;
        device
    }

    /// One with these outputs beside the default.
    pub fn with_outputs(outputs: Vec<Output>) -> Self {
        let device = Self::default();
        device.state().outputs = outputs;
        device
    }

    /// Adds an output.
    pub fn plug(&self, output: Output) {
        self.state().outputs.push(output);
    }

    /// Takes an output away.
    pub fn unplug(&self, output: &Output) {
        let mut state = self.state();
        state.outputs.retain(|known| known != output);
        state.lose(|playing| playing.as_ref() == Some(output));
    }

    /// Takes the default away, or brings it back.
    pub fn set_default(&self, is_there: bool) {
        let mut state = self.state();
        state.has_no_default = !is_there;
        if !is_there {
            state.lose(Option::is_none);
        }
    }

    /// Plugs a microphone in.
    pub fn plug_microphone(&self, input: Output) {
        self.state().inputs.push(input);
    }

    /// Takes a microphone away: one of them, or the default.
    pub fn unplug_microphone(&self, input: Option<&Output>) {
        let mut state = self.state();
        match input {
            Some(input) => state.inputs.retain(|known| known != input),
            None => state.has_no_microphone = true,
        }
        if let Some((recorded, _, loss)) = &state.recording
            && recorded.as_ref() == input
        {
            loss.tell();
        }
    }

    /// What is recorded: none while nothing is, an inner none for the default.
    pub fn records(&self) -> Option<Option<Output>> {
        self.state().recording.as_ref().map(|(input, ..)| input.clone())
    }

    /// Speaks into the microphone, behind what was not yet spoken.
    pub fn speak(&self, samples: impl IntoIterator<Item = f32>) {
        self.state().spoken.extend(samples);
    }

    /// What is played on: none while nothing is open, an inner none for the default.
    pub fn plays_on(&self) -> Option<Option<Output>> {
        self.state().playing.as_ref().map(|playing| playing.output.clone())
    }

    /// How often somebody tried to open an output.
    pub fn tries(&self) -> u32 {
        self.state().tries
    }

    /// How many sounds were heard that were parted by silence.
    pub fn bursts(&self) -> u32 {
        self.state().bursts
    }

    /// The loudest sample so far.
    pub fn peak(&self) -> f32 {
        self.state().peak
    }

    /// What was heard in the last ten seconds, without the silence before the first sound and after the last.
    pub fn heard(&self) -> Vec<Frame> {
        let state = self.state();
        let is_loud = |frame: &Frame| frame.iter().any(|sample| *sample != 0.0);
        let first = state.recent.iter().position(is_loud).unwrap_or(state.recent.len());
        let end = state.recent.iter().rposition(is_loud).map_or(first, |last| last + 1);
        state.recent.range(first..end).copied().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn lose(&mut self, is_meant: impl Fn(&Option<Output>) -> bool) {
        if let Some(playing) = self.playing.as_ref().filter(|playing| is_meant(&playing.output)) {
            playing.loss.tell();
        }
    }

    /// Speaks the next block into the microphone.
    fn speak_block(&mut self) {
        let mut spoken = [0.0; BLOCK];
        let rest = self.spoken.len().min(BLOCK);
        spoken.iter_mut().zip(self.spoken.drain(..rest)).for_each(|(sample, said)| *sample = said);
        if let Some((_, take, _)) = &mut self.recording {
            take.push(&spoken, 1, |sample| sample);
        }
    }

    fn play_block(&mut self, now: u64) {
        let Some(playing) = &mut self.playing else { return };
        let mut samples = [0.0f32; BLOCK * 2];
        playing.blocks.fill(&mut samples, 2, now, |sample| sample);
        let loudest = samples.iter().fold(0.0f32, |loudest, sample| loudest.max(sample.abs()));
        self.peak = self.peak.max(loudest);
        if loudest < SILENCE {
            self.silent_blocks = self.silent_blocks.saturating_add(1);
        } else {
            if self.silent_blocks >= PAUSE_BLOCKS {
                self.bursts += 1;
            }
            self.silent_blocks = 0;
        }
        let too_many = (self.recent.len() + BLOCK).saturating_sub(REMEMBERED);
        self.recent.drain(..too_many);
        self.recent.extend(samples.chunks_exact(2).map(|frame| [frame[0], frame[1]]));
    }
}

impl AudioDevice for VirtualDevice {
    fn outputs(&mut self) -> Vec<Output> {
        self.state().outputs.clone()
    }

    fn open(&mut self, output: Option<&Output>, mixer: Mixer, loss: Loss) -> Result<(), OpenError> {
        let mut state = self.state();
        state.tries += 1;
        let is_there = match output {
            Some(output) => state.outputs.contains(output),
            None => !state.has_no_default,
        };
        if !is_there {
            return Err(OpenError("there is no such output".into()));
        }
        let blocks = Blocks::new(mixer, RATE);
        state.playing = Some(Playing { blocks, output: output.cloned(), loss });
        // Nothing was heard before the first sound.
        state.silent_blocks = PAUSE_BLOCKS;
        Ok(())
    }

    fn close(&mut self) {
        let playing = self.state().playing.take();
        drop(playing);
    }

    fn inputs(&mut self) -> Vec<Output> {
        self.state().inputs.clone()
    }

    fn record(&mut self, input: Option<&Output>, take: Take, loss: Loss) -> Result<(), OpenError> {
        let mut state = self.state();
        let is_there = match input {
            Some(input) => state.inputs.contains(input),
            None => !state.has_no_microphone,
        };
        if !is_there {
            return Err(OpenError("there is no such microphone".into()));
        }
        state.recording = Some((input.cloned(), take, loss));
        Ok(())
    }

    fn stop_recording(&mut self) {
        self.state().recording = None;
    }

    fn is_told_time(&self) -> bool {
        true
    }

    fn pass_time(&mut self, now: LocalTime) {
        let mut state = self.state();
        let due = (now.micros_since(state.played_to) / BLOCK_MICROS).min(MOST_BLOCKS);
        for block in (0..due).rev() {
            state.play_block(now.0.saturating_sub(block * BLOCK_MICROS));
            state.speak_block();
        }
        let left = now.micros_since(state.played_to) % BLOCK_MICROS;
        state.played_to = LocalTime(now.0 - left);
    }
}
