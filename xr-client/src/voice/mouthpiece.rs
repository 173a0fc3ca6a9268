//! The end of the line that speaks: a microphone's samples become packets and leave.
//!
//! It must not know devices, nor why the microphone is open.

use super::line::Line;
use bytes::{Bytes, BytesMut};
use rtrb::Consumer;
use spatial_voice::{BLOCK, CodecError, Mouth, Treatment};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;
use venue_protocol::{SILENT_LEVEL, VoiceFrame, VoiceWay};

/// How often samples are looked for: half a block.
const PAUSE: Duration = Duration::from_millis(5);

/// Samples that wait at most, a fifth of a second: a voice that stood still is not sent late.
const MOST_WAITING: usize = 20 * BLOCK;

/// Turns samples into packets.
pub struct Mouthpiece {
    line: Arc<Line>,
    samples: Consumer<f32>,
    reference: Option<Consumer<[f32; BLOCK]>>,
    mouth: Mouth,
    buffer: BytesMut,
}

impl Mouthpiece {
    pub(super) fn new(
        line: Arc<Line>,
        samples: Consumer<f32>,
        treatment: Treatment,
    ) -> Result<Self, CodecError> {
        let reference = line.take_reference();
        Ok(Self { line, samples, reference, mouth: Mouth::new(treatment)?, buffer: BytesMut::new() })
    }

    /// Takes what the microphone has recorded since the last turn.
    pub fn turn(&mut self) {
        let stale = self.samples.slots().saturating_sub(MOST_WAITING);
        if let Ok(old) = self.samples.read_chunk(stale) {
            old.commit_all();
        }
        while let Ok(chunk) = self.samples.read_chunk(BLOCK) {
            let mut block = [0.0; BLOCK];
            block.iter_mut().zip(chunk).for_each(|(sample, recorded)| *sample = recorded);
            while let Some(played) = self.reference.as_mut().and_then(|reference| reference.pop().ok()) {
                self.mouth.hear_loudspeakers(&played);
            }
            self.speak(&block);
        }
    }

    fn speak(&mut self, block: &[f32; BLOCK]) {
        let way = self.line.way().on_the_wire();
        let said = self.mouth.follow(self.line.path()).and_then(|()| self.mouth.speak(block, way.is_some()));
        self.line.set_own(self.mouth.heard());
        match (said, way) {
            (Ok(Some(utterance)), Some(way)) => {
                let sequence = utterance.sequence;
                let (voice, level) = match way {
                    // How loud somebody is among friends is nobody's business either.
                    VoiceWay::Private => match self.line.seal(&utterance.packet) {
                        Some(sealed) => (sealed, SILENT_LEVEL),
                        None => return,
                    },
                    _ => (Bytes::copy_from_slice(&utterance.packet), utterance.level),
                };
                let frame = VoiceFrame { way, sequence, level, voice };
                self.line.send(frame.encode(&mut self.buffer));
            }
            (Ok(_), _) => {}
            (Err(error), _) => tracing::warn!(%error, "10 ms of the voice are lost"),
        }
    }

    /// Lets it turn on a thread of its own, as long as what is given lives.
    pub fn run(mut self) -> std::io::Result<Running> {
        let is_over = Arc::new(AtomicBool::new(false));
        let asked = Arc::clone(&is_over);
        let thread = std::thread::Builder::new().name("vev-voice".into()).spawn(move || {
            while !asked.load(Ordering::Acquire) {
                self.turn();
                std::thread::park_timeout(PAUSE);
            }
        })?;
        Ok(Running { is_over, thread: Some(thread) })
    }
}

impl Drop for Mouthpiece {
    fn drop(&mut self) {
        self.line.set_own(spatial_voice::Heard::default());
        if let Some(reference) = self.reference.take() {
            self.line.give_reference(reference);
        }
    }
}

/// A mouthpiece that turns by itself; it ends with this.
#[derive(Debug)]
pub struct Running {
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            if thread.join().is_err() {
                tracing::error!("the voice's thread panicked");
            }
        }
    }
}
