//! A device of two files in real time: the microphone hears one, what is played is written into the other. For proofs by numbers
//! on machines without sound.
//!
//! It must not know what is spoken.

use super::blocks::Blocks;
use super::device::{AudioDevice, Loss, OpenError, Output};
use super::mixer::{BLOCK, Mixer, RATE};
use crate::voice::Take;
use hound::{SampleFormat, WavSpec, WavWriter};
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// A block's length.
const BLOCK_TIME: Duration = Duration::from_millis(1_000 * BLOCK as u64 / RATE as u64);

/// Blocks after which the file is whole for whoever reads it: half a second.
const FLUSHED_BLOCKS: u64 = 50;

/// Blocks that are made up for at once after a standstill.
const MOST_BEHIND: u32 = 20;

/// The file can not be used.
#[derive(Debug, thiserror::Error)]
pub enum WavError {
    /// Not a file of sound that is read here.
    #[error("{path}: {why}; a WAV file of 48 kHz and 16-bit or float samples is needed")]
    File {
        /// Which.
        path: String,
        /// What is wrong.
        why: String,
    },
    /// The system.
    #[error("the system gives no thread for the files of sound: {0}")]
    Thread(#[from] std::io::Error),
}

#[derive(Default)]
struct State {
    spoken: Vec<f32>,
    at: usize,
    is_spoken: Arc<AtomicBool>,
    blocks: Option<Blocks>,
    take: Option<Take>,
    writer: Option<WavWriter<BufWriter<File>>>,
    written: u64,
}

/// A device of two files.
pub struct WavDevice {
    state: Arc<Mutex<State>>,
    is_spoken: Arc<AtomicBool>,
}

impl WavDevice {
    /// Speaks what the one file says, once, from now on, and writes what is heard into the other.
    pub fn new(microphone: Option<&Path>, loudspeakers: Option<&Path>) -> Result<Self, WavError> {
        // A block is there when it was recorded, not when it began.
        let mut spoken = vec![0.0; BLOCK];
        if let Some(microphone) = microphone {
            spoken.extend(read(microphone)?);
        }
        let writer = loudspeakers.map(create).transpose()?;
        let is_spoken = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&is_spoken);
        let state = Arc::new(Mutex::new(State { spoken, writer, is_spoken: told, ..State::default() }));
        let of_thread = Arc::downgrade(&state);
        let since = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_micros() as u64);
        tracing::info!(unix_micros = since, "the microphone's file begins");
        std::thread::Builder::new().name("vev-wav".into()).spawn(move || {
            let mut due = Instant::now();
            while let Some(state) = of_thread.upgrade() {
                lock(&state).play_block();
                drop(state);
                due = (due + BLOCK_TIME).max(Instant::now() - BLOCK_TIME * MOST_BEHIND);
                while Instant::now() < due {
                    std::thread::park_timeout(due.saturating_duration_since(Instant::now()));
                }
            }
        })?;
        Ok(Self { state, is_spoken })
    }

    /// Whether everything was said; for any thread.
    pub fn is_spoken(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.is_spoken)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read(path: &Path) -> Result<Vec<f32>, WavError> {
    let wrong = |why: String| WavError::File { path: path.display().to_string(), why };
    let mut reader = hound::WavReader::open(path).map_err(|error| wrong(error.to_string()))?;
    let WavSpec { channels, sample_rate, sample_format, bits_per_sample } = reader.spec();
    if sample_rate != RATE {
        return Err(wrong(format!("it has {sample_rate} samples a second")));
    }
    let samples: Result<Vec<f32>, hound::Error> = match (sample_format, bits_per_sample) {
        (SampleFormat::Float, 32) => reader.samples::<f32>().collect(),
        (SampleFormat::Int, 16) => {
            reader.samples::<i16>().map(|sample| Ok(f32::from(sample?) / 32_768.0)).collect()
        }
        _ => return Err(wrong(format!("its samples have {bits_per_sample} bits"))),
    };
    let samples = samples.map_err(|error| wrong(error.to_string()))?;
    let channels = usize::from(channels.max(1));
    Ok(samples.chunks_exact(channels).map(|frame| frame.iter().sum::<f32>() / channels as f32).collect())
}

fn create(path: &Path) -> Result<WavWriter<BufWriter<File>>, WavError> {
    let (bits_per_sample, sample_format) = (32, SampleFormat::Float);
    let spec = WavSpec { channels: 2, sample_rate: RATE, bits_per_sample, sample_format };
    let wrong =
        |error: hound::Error| WavError::File { path: path.display().to_string(), why: error.to_string() };
    WavWriter::create(path, spec).map_err(wrong)
}

impl State {
    /// Both directions of 10 ms.
    fn play_block(&mut self) {
        let mut samples = [0.0f32; BLOCK * 2];
        if let Some(blocks) = &mut self.blocks {
            let now = blocks.now();
            blocks.fill(&mut samples, 2, now, |sample| sample);
        }
        if let Err(error) = self.write(&samples) {
            tracing::warn!(%error, "what is heard can not be written any more");
            self.writer = None;
        }
        let mut spoken = [0.0; BLOCK];
        let rest = self.spoken.get(self.at..).unwrap_or_default();
        spoken.iter_mut().zip(rest).for_each(|(sample, said)| *sample = *said);
        self.at = (self.at + BLOCK).min(self.spoken.len());
        self.is_spoken.store(self.at == self.spoken.len(), Ordering::Relaxed);
        if let Some(take) = &mut self.take {
            take.push(&spoken, 1, |sample| sample);
        }
    }

    fn write(&mut self, samples: &[f32]) -> Result<(), hound::Error> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        samples.iter().try_for_each(|sample| writer.write_sample(*sample))?;
        self.written += 1;
        if self.written.is_multiple_of(FLUSHED_BLOCKS) { writer.flush() } else { Ok(()) }
    }
}

impl AudioDevice for WavDevice {
    fn outputs(&mut self) -> Vec<Output> {
        Vec::new()
    }

    fn open(&mut self, output: Option<&Output>, mixer: Mixer, _: Loss) -> Result<(), OpenError> {
        if output.is_some() {
            return Err(OpenError("there are files alone".into()));
        }
        self.state().blocks = Some(Blocks::new(mixer, RATE));
        Ok(())
    }

    fn close(&mut self) {
        let blocks = self.state().blocks.take();
        drop(blocks);
    }

    fn record(&mut self, input: Option<&Output>, take: Take, _: Loss) -> Result<(), OpenError> {
        if input.is_some() {
            return Err(OpenError("there are files alone".into()));
        }
        self.state().take = Some(take);
        Ok(())
    }

    fn stop_recording(&mut self) {
        self.state().take = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_sound_of_ours_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other.wav");
        let spec = WavSpec {
            channels: 1,
            sample_rate: 8_000,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        WavWriter::create(&path, spec).unwrap().finalize().unwrap();
        let error = WavDevice::new(Some(&path), None).err().unwrap().to_string();
        assert!(error.contains("other.wav: it has 8000 samples a second"), "{error}");
        std::fs::write(&path, "nothing").unwrap();
        assert!(WavDevice::new(Some(&path), None).is_err());
    }
}
