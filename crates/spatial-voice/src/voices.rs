//! Everybody who is heard: a receiver for each speaker, and the space that all sound in.
//!
//! It belongs to whoever plays sound: putting a packet in and rendering a block take no memory and no lock. It must not know who
//! may be heard; speakers are numbers.

use crate::space::{Listener, MAX_SOURCES, OutputMode, Source, SpatialBackend, StereoBlock};
use crate::{BLOCK, CodecError, LOWEST_LEVEL, Receiver, ReceiverStats};
use arrayvec::ArrayVec;
use glam::Vec3;

/// A speaker of whom nothing came for so long gives the place away, µs.
const FORGOTTEN_MICROS: u64 = 2_000_000;

/// A level falls so much in a block, decibels: what is shown does not flicker.
const FALL_DB: f32 = 2.0;

/// One speaker's place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Who.
    pub speaker: u32,
    /// The mouth, building frame, metres.
    pub position: Vec3,
    /// Volume: 1 leaves the voice as it is.
    pub gain: f32,
}

/// Where everybody is, as whoever draws sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hall {
    /// The listener's head.
    pub listener: Listener,
    /// Speakers; who is missing is heard in front.
    pub places: ArrayVec<Place, MAX_SOURCES>,
    /// For which ears.
    pub mode: OutputMode,
    /// Volume of all.
    pub gain: f32,
}

/// What is known of a speaker now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Said {
    /// Who.
    pub speaker: u32,
    /// How loud the voice is, decibels below full scale, 0 to [`LOWEST_LEVEL`].
    pub level: u8,
    /// The part of the frames that did not come in time, 0 to 1.
    pub loss: f32,
    /// How far what is heard lies behind the quickest way, µs.
    pub delay_micros: u64,
    /// What happened so far.
    pub stats: ReceiverStats,
}

struct Slot {
    speaker: Option<u32>,
    receiver: Receiver,
    /// When something came last, µs.
    came: u64,
    /// The level as it is shown, decibels.
    level: f32,
    samples: [f32; BLOCK],
    is_heard: bool,
}

/// Everybody who is heard.
pub struct Voices {
    slots: Vec<Slot>,
    backend: Box<dyn SpatialBackend>,
}

impl Voices {
    /// Nobody yet.
    ///
    /// # Errors
    /// The codec has no memory.
    pub fn new(backend: Box<dyn SpatialBackend>) -> Result<Self, CodecError> {
        let slot = |_| {
            Ok(Slot {
                speaker: None,
                receiver: Receiver::new()?,
                came: 0,
                level: -f32::from(LOWEST_LEVEL),
                samples: [0.0; BLOCK],
                is_heard: false,
            })
        };
        let slots = (0..MAX_SOURCES).map(slot).collect::<Result<_, CodecError>>()?;
        Ok(Self { slots, backend })
    }

    /// Which backend is heard.
    pub fn backend_name(&self) -> &'static str {
        self.backend.name()
    }

    /// Takes a packet that came at this time, µs. Who speaks while as many others do is not heard.
    pub fn put(&mut self, speaker: u32, sequence: u16, opus: &[u8], arrived: u64) {
        let Some(slot) = self.slot_of(speaker, arrived) else { return };
        slot.came = arrived;
        slot.receiver.put(sequence, opus, arrived);
    }

    fn slot_of(&mut self, speaker: u32, now: u64) -> Option<&mut Slot> {
        let known = self.slots.iter().position(|slot| slot.speaker == Some(speaker));
        let is_free = |slot: &Slot| {
            slot.speaker.is_none() || now.saturating_sub(slot.came) > FORGOTTEN_MICROS && !slot.is_heard
        };
        let at = known.or_else(|| {
            let free = self.slots.iter().enumerate().filter(|(_, slot)| is_free(slot));
            free.min_by_key(|(_, slot)| (slot.speaker.is_some(), slot.came)).map(|(at, _)| at)
        })?;
        let slot = &mut self.slots[at];
        if known.is_none() {
            slot.receiver.restart();
            (slot.speaker, slot.level) = (Some(speaker), -f32::from(LOWEST_LEVEL));
        }
        Some(slot)
    }

    /// Forgets everybody: the connection is another.
    pub fn restart(&mut self) {
        for slot in &mut self.slots {
            (slot.speaker, slot.is_heard) = (None, false);
        }
    }

    /// The next 10 ms, as they are to be heard at this time, µs.
    pub fn render(&mut self, now: u64, hall: &Hall, heard: &mut StereoBlock) {
        for slot in &mut self.slots {
            slot.is_heard = slot.speaker.is_some() && slot.receiver.take(now, &mut slot.samples);
            let level = if slot.is_heard { decibels_of(&slot.samples) } else { -f32::from(LOWEST_LEVEL) };
            slot.level = level.max(slot.level - FALL_DB);
        }
        let mut sources = ArrayVec::<Source<'_>, MAX_SOURCES>::new();
        for (number, slot) in self.slots.iter().enumerate() {
            let Some(speaker) = slot.speaker.filter(|_| slot.is_heard) else { continue };
            let place = hall.places.iter().find(|place| place.speaker == speaker);
            let ahead = hall.listener.position + hall.listener.building_from_head * (Vec3::NEG_Z * 1.5);
            let (position, gain) = place.map_or((ahead, 1.0), |place| (place.position, place.gain));
            sources.push(Source { slot: number, position, gain: gain * hall.gain, samples: &slot.samples });
        }
        self.backend.process_block(&hall.listener, &sources, hall.mode, heard);
    }

    /// What is known of everybody of whom something came lately.
    pub fn said(&self, now: u64) -> impl Iterator<Item = Said> + '_ {
        let lately = self.slots.iter().filter(move |slot| now.saturating_sub(slot.came) <= FORGOTTEN_MICROS);
        lately.filter_map(move |slot| {
            Some(Said {
                speaker: slot.speaker?,
                level: (-slot.level).clamp(0.0, f32::from(LOWEST_LEVEL)) as u8,
                loss: slot.receiver.loss(),
                delay_micros: slot.receiver.delay_micros(now).unwrap_or_default(),
                stats: slot.receiver.stats(),
            })
        })
    }
}

fn decibels_of(samples: &[f32; BLOCK]) -> f32 {
    let power = samples.iter().map(|sample| sample * sample).sum::<f32>() / BLOCK as f32;
    10.0 * power.max(1e-13).log10()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::native::{Hrtf, Native};
    use crate::{FRAME, Sender, Sent};
    use std::sync::Arc;

    fn voices() -> Voices {
        let hrtf = Arc::new(Hrtf::shipped().unwrap());
        Voices::new(Native::spatial(hrtf).backend).unwrap()
    }

    /// Packets of a tone.
    fn packets(count: usize) -> Vec<ArrayVec<u8, { crate::MAX_PACKET }>> {
        let mut sender = Sender::new().unwrap();
        let frame = |number: usize| -> [f32; FRAME] {
            std::array::from_fn(|n| ((number * FRAME + n) as f32 * 0.06).sin() * 0.3)
        };
        let packet = |number| match sender.encode(&frame(number)).unwrap() {
            Sent::Voice(packet) | Sent::Pause(packet) => packet,
            Sent::Nothing => ArrayVec::new(),
        };
        (0..count).map(packet).collect()
    }

    /// Everybody says the tone for a second; energy of both ears, and what is known at the end.
    fn listen(voices: &mut Voices, speakers: &[u32], hall: &Hall, begin: u64) -> ([f32; 2], Vec<Said>) {
        let mut heard = StereoBlock::default();
        let mut energy = [0.0; 2];
        for (number, packet) in packets(50).iter().enumerate() {
            let now = begin + number as u64 * 20_000;
            speakers.iter().for_each(|speaker| voices.put(*speaker, number as u16, packet, now));
            for half in 0..2 {
                voices.render(now + half * 10_000, hall, &mut heard);
                for (sum, side) in energy.iter_mut().zip([&heard.left, &heard.right]) {
                    *sum += side.iter().map(|sample| sample * sample).sum::<f32>();
                }
            }
        }
        (energy, voices.said(begin + 1_000_000).collect())
    }

    fn hall(places: &[(u32, Vec3)]) -> Hall {
        let place =
            |(speaker, position): &(u32, Vec3)| Place { speaker: *speaker, position: *position, gain: 1.0 };
        Hall { places: places.iter().map(place).collect(), gain: 1.0, ..Hall::default() }
    }

    #[test]
    fn a_speaker_is_heard_from_where_they_stand() {
        let mut voices = voices();
        let right = hall(&[(7, Vec3::new(2.0, 0.0, 0.0))]);
        let ([left_ear, right_ear], said) = listen(&mut voices, &[7], &right, 1_000_000);
        assert!(right_ear > 2.0 * left_ear && right_ear > 0.1, "{left_ear} {right_ear}");
        assert_eq!((said.len(), said[0].speaker), (1, 7));
        assert!(said[0].level < 30 && said[0].loss < 0.01, "{said:?}");
        assert!(said[0].delay_micros < 60_000, "{said:?}");
    }

    #[test]
    fn whoever_has_no_place_is_heard_in_front_and_volume_counts() {
        let mut voices = voices();
        let (ahead, _) = listen(&mut voices, &[7], &hall(&[]), 1_000_000);
        assert!((0.5..2.0).contains(&(ahead[0] / ahead[1])) && ahead[0] > 0.1, "{ahead:?}");
        let silent = Hall { gain: 0.0, ..hall(&[]) };
        (0..50).for_each(|n| voices.render(2_100_000 + n * 10_000, &silent, &mut StereoBlock::default()));
        let (nothing, said) = listen(&mut voices, &[7], &silent, 9_000_000);
        assert!(nothing[0] < ahead[0] * 1e-3, "{nothing:?}");
        assert_eq!(said.len(), 1, "and is known all the same");
    }

    #[test]
    fn more_than_are_heard_at_once_wait_until_others_are_silent() {
        let mut voices = voices();
        let crowd: Vec<u32> = (0..MAX_SOURCES as u32 + 3).collect();
        let (_, said) = listen(&mut voices, &crowd, &hall(&[]), 1_000_000);
        assert_eq!(said.len(), MAX_SOURCES);
        let (_, said) = listen(&mut voices, &[500, 501], &hall(&[]), 6_000_000);
        let known: Vec<u32> = said.iter().map(|said| said.speaker).collect();
        assert!(known.contains(&500) && known.contains(&501), "{known:?}");
        voices.restart();
        assert_eq!(voices.said(7_000_000).count(), 0);
    }

    #[test]
    fn another_speaker_on_the_same_place_begins_anew() {
        let mut voices = voices();
        listen(&mut voices, &[1], &hall(&[]), 1_000_000);
        voices.restart();
        let (energy, said) = listen(&mut voices, &[2], &hall(&[]), 30_000_000);
        assert!(energy[0] > 0.1, "{energy:?}");
        assert_eq!((said[0].speaker, said[0].stats.concealed), (2, 0));
    }
}
