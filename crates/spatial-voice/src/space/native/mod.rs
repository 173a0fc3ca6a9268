//! The backend that is always there: measured head responses, rays through the acoustic mesh, one reverberation.
//!
//! [`Native::process_block`](SpatialBackend::process_block) reads top-down what happens to a voice. Places go to the
//! [`NativeWorker`], what stands between comes back; the direction to each voice is reckoned here, in every block, so
//! that a turn of the head waits for nobody.

mod bands;
mod binaural;
mod hrtf;
mod minimum;
mod reverb;
#[cfg(test)]
mod tests;
mod worker;

pub use hrtf::{Hrtf, HrtfError};
pub use worker::NativeWorker;

use super::handover::{Gate, Places, Surroundings};
use super::pan::{Panner, Width, fade};
use super::propagation::{by_air, by_distance, product};
use super::scene::{BANDS, Band};
use super::{Listener, MAX_SOURCES, OutputMode, Source, Spatial, SpatialBackend, StereoBlock, ear};
use crate::BLOCK;
use bands::Bands;
use binaural::Binaural;
use glam::Vec3;
use reverb::Reverb;
use std::sync::Arc;
use triple_buffer::{Input, Output, triple_buffer};

/// No gain at all, to the ears and into the room.
const SILENT: (Band, Band) = ([0.0; BANDS], [0.0; BANDS]);

/// Blocks for which a voice's last samples still ring in its head responses.
const RINGING: u8 = 3;

/// One slot.
#[derive(Clone, Default)]
struct Voice {
    bands: Bands,
    panner: Panner,
    /// In the head's frame, of the last block.
    offset: Vec3,
    gate: Gate,
    /// Blocks until it has said its last.
    ringing: u8,
}

/// The backend that needs nothing but this program.
pub struct Native {
    places: Input<Places>,
    heard: Output<Surroundings>,
    own_places: Places,
    voices: Vec<Voice>,
    /// Each voice behind its bands.
    dry: Box<[[f32; BLOCK]; MAX_SOURCES]>,
    binaural: Binaural,
    reverb: Reverb,
    mode: OutputMode,
    width: Width,
}

impl Native {
    /// Both halves. Nothing is known of the building yet.
    pub fn new(hrtf: Arc<Hrtf>) -> (Self, NativeWorker) {
        let (places, read_places) = triple_buffer(&Places::default());
        let (write_heard, heard) = triple_buffer(&Surroundings::default());
        let native = Self {
            places,
            heard,
            own_places: Places::default(),
            voices: vec![Voice::default(); MAX_SOURCES],
            dry: Box::new([[0.0; BLOCK]; MAX_SOURCES]),
            binaural: Binaural::new(hrtf),
            reverb: Reverb::new(),
            mode: OutputMode::default(),
            width: Width::default(),
        };
        (native, NativeWorker::new(read_places, write_heard))
    }

    /// Both halves as those of any backend.
    pub fn spatial(hrtf: Arc<Hrtf>) -> Spatial {
        let (native, worker) = Self::new(hrtf);
        Spatial { backend: Box::new(native), worker: Box::new(worker) }
    }

    /// Each voice through its bands; gives the slots that sound.
    fn part(&mut self, listener: &Listener, sources: &[Source<'_>], room: &mut [f32; BLOCK]) -> u32 {
        let mut sounding = 0_u32;
        for source in sources {
            let Some(offset) = ear::offset(listener, source) else { continue };
            if source.slot >= MAX_SOURCES || sounding >> source.slot & 1 == 1 {
                continue;
            }
            sounding |= 1 << source.slot;
            let gains = self.gains(source, offset);
            let voice = &mut self.voices[source.slot];
            (voice.offset, voice.ringing) = (offset, RINGING);
            voice.bands.process(source.samples, gains, &mut self.dry[source.slot], room);
        }
        for (slot, voice) in self.voices.iter_mut().enumerate() {
            if sounding >> slot & 1 == 0 && voice.ringing > 0 {
                voice.ringing -= 1;
                sounding |= 1 << slot;
                voice.bands.process(&[0.0; BLOCK], SILENT, &mut self.dry[slot], room);
                if voice.ringing == 0 {
                    *voice = Voice { offset: voice.offset, ..Voice::default() };
                }
            }
        }
        sounding
    }

    /// A voice's gains on its way to the ears, and into the room.
    fn gains(&mut self, source: &Source<'_>, offset: Vec3) -> (Band, Band) {
        let surroundings = self.heard.output_buffer();
        let (path, voice) = (&surroundings.paths[source.slot], &mut self.voices[source.slot]);
        let Some(place) = self.own_places.sources[source.slot] else { return SILENT };
        let Some(path) = voice.gate.path(place.serial, path) else { return SILENT };
        let (distance, volume) = (offset.length(), ear::gain(source.gain));
        let near = by_air(distance).map(|air| air * by_distance(distance) * volume);
        let wet = surroundings.room.level_at(distance) * volume;
        (product(path.direct, near), path.into_room.map(|gain| gain * wet))
    }

    /// All direct sound for one kind of ears.
    fn mix(&mut self, mode: OutputMode, sounding: u32, heard: &mut StereoBlock) {
        for slot in (0..MAX_SOURCES).filter(|slot| sounding >> slot & 1 == 1) {
            let (voice, dry) = (&mut self.voices[slot], &self.dry[slot]);
            match mode {
                OutputMode::Binaural => self.binaural.add(slot, voice.offset, dry),
                OutputMode::Loudspeakers => voice.panner.add(Some(voice.offset), dry, heard),
                OutputMode::Mono => voice.panner.add(None, dry, heard),
            }
        }
        if mode == OutputMode::Binaural {
            self.binaural.finish(heard);
        }
    }

    /// When the ears change, the block fades from how it was heard to how it is.
    fn mix_faded(&mut self, mode: OutputMode, sounding: u32, heard: &mut StereoBlock) {
        let before = std::mem::replace(&mut self.mode, mode);
        if before == mode {
            return self.mix(mode, sounding, heard);
        }
        let mut fading = StereoBlock::default();
        self.mix(before, sounding, &mut fading);
        if before == OutputMode::Binaural {
            self.binaural.forget();
        }
        self.mix(mode, sounding, heard);
        fade(&fading, heard);
    }
}

impl SpatialBackend for Native {
    fn name(&self) -> &'static str {
        "built in"
    }

    fn process_block(
        &mut self,
        listener: &Listener,
        sources: &[Source<'_>],
        mode: OutputMode,
        heard: &mut StereoBlock,
    ) {
        *heard = StereoBlock::default();
        let listener = self.own_places.publish(listener, sources, &mut self.places);
        self.heard.update();
        let mut room = [0.0; BLOCK];
        let sounding = self.part(&listener, sources, &mut room);
        self.mix_faded(mode, sounding, heard);
        self.reverb.follow(self.heard.output_buffer().room);
        self.reverb.process(&room, heard);
        self.width.apply(mode, heard);
        ear::limit(heard);
    }
}
