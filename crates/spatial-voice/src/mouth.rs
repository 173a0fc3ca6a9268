//! From a microphone's samples to packets: echo, noise and loudness are seen to, silence is not sent.
//!
//! It must not know devices: whoever has one gives blocks of ours, and those that were played meanwhile.

use crate::{BLOCK, CodecError, FRAME, Path, SAMPLE_RATE, Sender, Sent};
use arrayvec::ArrayVec;
use earshot::Detector;
use sonora::config::{AdaptiveDigital, EchoCanceller, GainController2, HighPassFilter, NoiseSuppression};
use sonora::{AudioProcessing, Config, StreamConfig};

/// Samples that the detector takes at once, at a third of our rate.
const DETECTED: usize = 256;

/// A score above which there is a voice.
const VOICE_SCORE: f32 = 0.5;

/// So long after the last voice the microphone is still listened to, blocks: a second.
const HANGOVER_BLOCKS: u32 = 100;

/// Who is so much louder than it is otherwise, decibels, is heard before the detector has made up its mind.
const SUDDEN_DB: f32 = 9.0;

/// How the quiet level follows, part of a block: up slowly, down quickly.
const QUIET_UP: f32 = 0.002;
const QUIET_DOWN: f32 = 0.05;

/// Gain before anything was heard, decibels: the first word is not shouted.
const FIRST_GAIN_DB: f32 = 3.0;

/// The lowest level, decibels below full scale (RFC 6464).
pub const LOWEST_LEVEL: u8 = 127;

/// What is done to a voice on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Treatment {
    /// What the loudspeakers play is taken out.
    pub echo: bool,
    /// Steady noise is made softer.
    pub noise: bool,
    /// Loudness is brought to one level.
    pub gain: bool,
}

impl Default for Treatment {
    fn default() -> Self {
        Self { echo: true, noise: true, gain: true }
    }
}

impl Treatment {
    /// Nothing: for musicians and interpreters with an equipment of their own.
    pub const NONE: Self = Self { echo: false, noise: false, gain: false };

    fn config(self) -> Config {
        let adaptive = AdaptiveDigital { initial_gain_db: FIRST_GAIN_DB, ..AdaptiveDigital::default() };
        let gain = GainController2 { adaptive_digital: Some(adaptive), ..Default::default() };
        Config {
            high_pass_filter: (self.echo || self.noise).then(HighPassFilter::default),
            echo_canceller: self.echo.then(EchoCanceller::default),
            noise_suppression: self.noise.then(NoiseSuppression::default),
            gain_controller2: self.gain.then_some(gain),
            ..Config::default()
        }
    }
}

/// A packet with what stands beside it on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utterance {
    /// Counts frames of 20 ms, the silent ones too.
    pub sequence: u16,
    /// Decibels below full scale, 0 to [`LOWEST_LEVEL`].
    pub level: u8,
    /// The packet.
    pub packet: ArrayVec<u8, { crate::MAX_PACKET }>,
}

/// What is heard of the person now, whether it is sent or not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// Decibels below full scale of the last block, 0 to [`LOWEST_LEVEL`].
    pub level: u8,
    /// Whether there was a voice within the last second.
    pub is_voice: bool,
}

impl Default for Heard {
    fn default() -> Self {
        Self { level: LOWEST_LEVEL, is_voice: false }
    }
}

/// One person's microphone.
pub struct Mouth {
    treatment: Treatment,
    processing: Option<AudioProcessing>,
    detector: Box<Detector>,
    /// What waits for the detector.
    third: ArrayVec<f32, DETECTED>,
    since_voice: u32,
    /// The level when nobody speaks, decibels.
    quiet: f32,
    heard: Heard,
    sender: Sender,
    frame: ArrayVec<f32, FRAME>,
    sequence: u16,
    /// Whether anything of the frame is to be heard.
    is_any: bool,
}

impl Mouth {
    /// A microphone that was not heard yet.
    ///
    /// # Errors
    /// The codec does not start.
    pub fn new(treatment: Treatment) -> Result<Self, CodecError> {
        let mut mouth = Self {
            treatment,
            processing: None,
            detector: Detector::default_boxed(),
            third: ArrayVec::new(),
            since_voice: u32::MAX,
            quiet: -f32::from(LOWEST_LEVEL),
            heard: Heard::default(),
            sender: Sender::new()?,
            frame: ArrayVec::new(),
            sequence: 0,
            is_any: false,
        };
        mouth.treat(treatment);
        Ok(mouth)
    }

    /// Does other things to the voice from now on.
    pub fn treat(&mut self, treatment: Treatment) {
        self.treatment = treatment;
        let build = || {
            AudioProcessing::builder()
                .config(treatment.config())
                .capture_config(StreamConfig::new(SAMPLE_RATE, 1))
                .render_config(StreamConfig::new(SAMPLE_RATE, 1))
                .build()
        };
        self.processing = (treatment != Treatment::NONE).then(build);
    }

    /// What the way to the listeners is like.
    ///
    /// # Errors
    /// The codec refuses.
    pub fn follow(&mut self, path: Path) -> Result<(), CodecError> {
        self.sender.follow(path)
    }

    /// What is heard of the person.
    pub fn heard(&self) -> Heard {
        self.heard
    }

    /// A block that the loudspeakers play, mono. Each is given before the block of the microphone that was recorded while it sounded.
    pub fn hear_loudspeakers(&mut self, block: &[f32; BLOCK]) {
        if let Some(processing) = self.processing.as_mut().filter(|_| self.treatment.echo) {
            let mut same = *block;
            // A block of another size is the only error.
            processing.process_render_f32(&[block], &mut [&mut same]).ok();
        }
    }

    /// The next block of the microphone; a packet with each second one, while it is open and somebody speaks.
    ///
    /// # Errors
    /// The codec refuses the samples.
    pub fn speak(&mut self, block: &[f32; BLOCK], is_open: bool) -> Result<Option<Utterance>, CodecError> {
        let mut treated = block.map(|sample| if sample.is_finite() { sample.clamp(-1.0, 1.0) } else { 0.0 });
        if let Some(processing) = &mut self.processing {
            let source = treated;
            processing.process_capture_f32(&[&source], &mut [&mut treated]).ok();
        }
        self.listen(&treated);
        let is_sent = is_open && self.heard.is_voice;
        // Whoever closes it is silent at once.
        self.frame.extend(treated.map(|sample| if is_sent { sample } else { 0.0 }));
        self.is_any |= is_sent;
        if !self.frame.is_full() {
            return Ok(None);
        }
        let Ok(frame) = std::mem::take(&mut self.frame).into_inner() else { return Ok(None) };
        self.sequence = self.sequence.wrapping_add(1);
        let sent = if std::mem::take(&mut self.is_any) {
            self.sender.encode(&frame)?
        } else {
            self.sender.rest()?
        };
        let level = level_of(&frame);
        Ok(match sent {
            Sent::Voice(packet) | Sent::Pause(packet) => {
                Some(Utterance { sequence: self.sequence, level, packet })
            }
            Sent::Nothing => None,
        })
    }

    /// Notes level and voice.
    fn listen(&mut self, block: &[f32; BLOCK]) {
        let decibels = decibels_of(block);
        let step = if decibels > self.quiet { QUIET_UP } else { QUIET_DOWN };
        let is_sudden = decibels > self.quiet + SUDDEN_DB && decibels > -60.0;
        self.quiet += (decibels - self.quiet) * step;
        let mut is_voice = is_sudden && self.since_voice != u32::MAX;
        for three in block.chunks_exact(3) {
            self.third.push((three[0] + three[1] + three[2]) / 3.0);
            if self.third.is_full() {
                is_voice |= self.detector.predict_f32(&self.third) > VOICE_SCORE;
                self.third.clear();
            }
        }
        self.since_voice = if is_voice { 0 } else { self.since_voice.saturating_add(1) };
        self.heard = Heard { level: level_of(block), is_voice: self.since_voice < HANGOVER_BLOCKS };
    }
}

fn decibels_of(samples: &[f32]) -> f32 {
    let power = samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len().max(1) as f32;
    10.0 * power.max(1e-13).log10()
}

fn level_of(samples: &[f32]) -> u8 {
    (-decibels_of(samples)).clamp(0.0, f32::from(LOWEST_LEVEL)) as u8
}

#[cfg(test)]
mod tests;
