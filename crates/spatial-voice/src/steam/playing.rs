//! The half that plays: the library's effects, one pair for each voice, and one reverberation for all.

use super::SteamError;
use super::calls::{Binaural, Direct, Hrtf, Reflection};
use super::layout::{AIR, BY_FREQUENCY, DISTANCE, DirectParams, OCCLUSION, TRANSMISSION, Vector};
use super::library::{Library, Owned};
use crate::BLOCK;
use crate::space::handover::{Gate, Places, Surroundings};
use crate::space::pan::{AllPass, Panner, Width, fade};
use crate::space::propagation::{SHORTEST, by_air, by_distance};
use crate::space::{Listener, MAX_SOURCES, OutputMode, Source, SpatialBackend, StereoBlock, ear};
use glam::Vec3;
use std::sync::Arc;
use triple_buffer::{Input, Output};

/// Within this distance the direction is lost, metres: the head itself.
const HEAD: f32 = 0.2;

/// Energy of the library's answer to an impulse, as a share of what its lines keep of each other in all, and the mean
/// time of its lines, seconds: measured against the native backend with the library built from Valve's source of
/// 4.6.0, in five rooms of 0.4 to 2.1 s.
const ANSWER: f32 = 0.024;
const LINE: f32 = 0.0188;

/// Blocks for which a voice's last samples still ring.
const RINGING: u8 = 4;

/// Delays of the all-passes of the right ear's reverberation, samples, primes.
const SPREAD: [usize; 3] = [113, 337, 523];

/// One slot.
struct Voice {
    direct: Owned<Direct>,
    binaural: Owned<Binaural>,
    gate: Gate,
    panner: Panner,
    offset: Vec3,
    /// Gain into the room at the end of the last block.
    into_room: f32,
    ringing: u8,
}

/// The backend that plays by Valve's library.
pub struct SteamAudio {
    places: Input<Places>,
    heard: Output<Surroundings>,
    own_places: Places,
    hrtf: Owned<Hrtf>,
    voices: Vec<Voice>,
    reverb: Owned<Reflection>,
    spread: [AllPass; 3],
    /// Gain of the reverberation at the end of the last block.
    room_gain: f32,
    mode: OutputMode,
    width: Width,
    dry: Box<[[f32; BLOCK]; MAX_SOURCES]>,
    ears: Box<[[f32; BLOCK]; 2]>,
}

impl SteamAudio {
    pub(super) fn new(
        library: &Arc<Library>,
        places: Input<Places>,
        heard: Output<Surroundings>,
    ) -> Result<Self, SteamError> {
        let hrtf = library.hrtf()?;
        let voice = |_| {
            Ok(Voice {
                direct: library.direct()?,
                binaural: library.binaural(&hrtf)?,
                gate: Gate::default(),
                panner: Panner::default(),
                offset: Vec3::NEG_Z,
                into_room: 0.0,
                ringing: 0,
            })
        };
        let voices = (0..MAX_SOURCES).map(voice).collect::<Result<_, SteamError>>()?;
        let reverb = library.reflection()?;
        Ok(Self {
            places,
            heard,
            own_places: Places::default(),
            hrtf,
            voices,
            reverb,
            spread: SPREAD.map(AllPass::new),
            room_gain: 0.0,
            mode: OutputMode::default(),
            width: Width::default(),
            dry: Box::new([[0.0; BLOCK]; MAX_SOURCES]),
            ears: Box::new([[0.0; BLOCK]; 2]),
        })
    }

    /// Each voice behind distance, air and walls; gives the slots that sound.
    fn part(&mut self, listener: &Listener, sources: &[Source<'_>], room: &mut [f32; BLOCK]) -> u32 {
        let mut sounding = 0_u32;
        for source in sources {
            let Some(offset) = ear::offset(listener, source) else { continue };
            if source.slot >= MAX_SOURCES || sounding >> source.slot & 1 == 1 {
                continue;
            }
            sounding |= 1 << source.slot;
            let (params, into_room) = self.gains(source, offset);
            let voice = &mut self.voices[source.slot];
            (voice.offset, voice.ringing) = (offset, RINGING);
            let mut samples = source.samples.map(ear::sample);
            voice.send(&samples, into_room, room);
            voice.direct.apply(params, &mut samples, &mut self.dry[source.slot]);
        }
        for (slot, voice) in self.voices.iter_mut().enumerate() {
            if sounding >> slot & 1 == 0 && voice.ringing > 0 {
                sounding |= 1 << slot;
                voice.ringing -= 1;
                voice.direct.apply(SILENT, &mut [0.0; BLOCK], &mut self.dry[slot]);
                if voice.ringing == 0 {
                    voice.direct.reset();
                    voice.binaural.reset();
                    (voice.gate, voice.panner, voice.into_room) = (Gate::default(), Panner::default(), 0.0);
                    sounding &= !(1 << slot);
                }
            }
        }
        sounding
    }

    /// What the library's effect does with a voice, and its gain into the room.
    fn gains(&mut self, source: &Source<'_>, offset: Vec3) -> (DirectParams, f32) {
        let surroundings = self.heard.output_buffer();
        let Some(place) = self.own_places.sources[source.slot] else { return (SILENT, 0.0) };
        let gate = &mut self.voices[source.slot].gate;
        let Some(path) = gate.path(place.serial, &surroundings.paths[source.slot]) else {
            return (SILENT, 0.0);
        };
        let (distance, volume) = (offset.length(), ear::gain(source.gain));
        let params = DirectParams {
            distance: by_distance(distance) * volume,
            air: by_air(distance),
            // All of it, as the worker has reckoned it from the library's own occlusion and transmission.
            transmission: path.direct,
            ..SILENT
        };
        (params, surroundings.room.level_at(distance) * volume * path.into_room[1])
    }

    /// All direct sound for one kind of ears.
    fn mix(&mut self, mode: OutputMode, sounding: u32, heard: &mut StereoBlock) {
        for slot in (0..MAX_SOURCES).filter(|slot| sounding >> slot & 1 == 1) {
            let (voice, dry) = (&mut self.voices[slot], &mut self.dry[slot]);
            let offset = voice.offset;
            match mode {
                OutputMode::Binaural => {
                    let Vec3 { x, y, z } = offset.normalize_or(Vec3::NEG_Z);
                    let blend = (offset.length() / HEAD).min(1.0);
                    voice.binaural.apply(&self.hrtf, Vector { x, y, z }, blend, dry, &mut self.ears);
                    for (channel, ear) in [&mut heard.left, &mut heard.right].into_iter().zip(&*self.ears) {
                        channel.iter_mut().zip(ear).for_each(|(sum, sample)| *sum += ear::sample(*sample));
                    }
                }
                OutputMode::Loudspeakers => voice.panner.add(Some(offset), dry, heard),
                OutputMode::Mono => voice.panner.add(None, dry, heard),
            }
        }
    }

    /// The answer of the room; the library gives one channel, the right ear hears it with other phases.
    fn reverberate(&mut self, mut room: [f32; BLOCK], heard: &mut StereoBlock) {
        let times = self.heard.output_buffer().room.times.map(|time| time.max(SHORTEST));
        let mut answer = [0.0; BLOCK];
        let (from, to) = (self.room_gain, loudness(times[1]));
        self.room_gain = to;
        self.reverb.apply(times, &mut room, &mut answer);
        for (at, ((left, right), sample)) in
            heard.left.iter_mut().zip(&mut heard.right).zip(answer).enumerate()
        {
            let sample = ear::sample(sample) * (from + (to - from) * ear::part(at));
            *left += sample;
            *right += self.spread.iter_mut().fold(sample, |sample, pass| pass.next(sample));
        }
    }
}

/// Gain that brings the energy of all that is heard of an impulse to one, as in the native backend.
fn loudness(seconds: f32) -> f32 {
    let kept = 10.0_f32.powf(-6.0 * LINE / seconds);
    ((1.0 - kept) / (ANSWER * kept)).sqrt().min(12.0)
}

/// Nothing passes: neither around nor through.
const SILENT: DirectParams = DirectParams {
    flags: DISTANCE | AIR | OCCLUSION | TRANSMISSION,
    transmission_kind: BY_FREQUENCY,
    distance: 0.0,
    air: [1.0; 3],
    directivity: 1.0,
    occlusion: 0.0,
    transmission: [0.0; 3],
};

impl Voice {
    /// Adds the voice to what the room answers to.
    fn send(&mut self, samples: &[f32; BLOCK], to: f32, room: &mut [f32; BLOCK]) {
        let from = std::mem::replace(&mut self.into_room, to);
        for (at, (sum, sample)) in room.iter_mut().zip(samples).enumerate() {
            *sum += sample * (from + (to - from) * ear::part(at));
        }
    }
}

impl SpatialBackend for SteamAudio {
    fn name(&self) -> &'static str {
        "Steam Audio"
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
        let before = std::mem::replace(&mut self.mode, mode);
        if before != mode {
            let mut fading = StereoBlock::default();
            self.mix(before, sounding, &mut fading);
            self.mix(mode, sounding, heard);
            fade(&fading, heard);
        } else {
            self.mix(mode, sounding, heard);
        }
        self.reverberate(room, heard);
        self.width.apply(mode, heard);
        ear::limit(heard);
    }
}
