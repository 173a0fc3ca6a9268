//! The sounds themselves: a few soft notes each, computed once at the start, so that no file has to be shipped.
//!
//! Rising notes bring something, falling ones take it away; what is urgent is repeated, not louder. Every note swells
//! in and out, so that nothing clicks. It must not know when a sound is played.

use super::kinds::Sound;
use super::mixer::RATE;
use std::f32::consts::{PI, TAU};

/// A stereo sample, left and right.
pub type Frame = [f32; 2];

/// How long a note swells, seconds: short enough to be one stroke, long enough not to click.
const ATTACK_SECS: f32 = 0.012;

/// The share of a note at its end in which it fades to nothing.
const RELEASE_SHARE: f32 = 0.4;

/// Which overtones a note has, and how strong.
type Partials = &'static [(f32, f32)];

/// Round, for messages.
const ROUND: Partials = &[(1.0, 1.0), (2.0, 0.18), (3.0, 0.05)];
/// Like a wooden bar, for what moderators do.
const WOOD: Partials = &[(1.0, 1.0), (4.0, 0.16)];
/// Nearly pure, for the connection.
const PURE: Partials = &[(1.0, 1.0), (2.0, 0.08)];
/// Like a bell, for announcements.
const BELL: Partials = &[(1.0, 1.0), (2.0, 0.3), (2.76, 0.14), (5.4, 0.05)];

/// One note.
struct Note {
    /// When it begins, seconds.
    at: f32,
    /// Pitch, hertz.
    hertz: f32,
    /// How long it sounds, seconds.
    secs: f32,
    /// How loud beside the sound's other notes.
    weight: f32,
    /// From -1, left, to 1, right.
    pan: f32,
}

/// One sound.
struct Recipe {
    sound: Sound,
    /// Loudest sample, decibels below full scale.
    peak_db: f32,
    partials: Partials,
    notes: &'static [Note],
}

const fn note(at: f32, hertz: f32, secs: f32, weight: f32, pan: f32) -> Note {
    Note { at, hertz, secs, weight, pan }
}

/// What each sound is made of. Pitches are of the tempered scale.
static RECIPES: [Recipe; Sound::ALL.len()] = [
    // G5, C6: somebody knocks.
    Recipe {
        sound: Sound::ToMe,
        peak_db: -12.5,
        partials: ROUND,
        notes: &[note(0.0, 783.99, 0.2, 0.9, -0.3), note(0.11, 1046.5, 0.32, 1.0, 0.3)],
    },
    // E5, once and soft: the room goes on talking.
    Recipe {
        sound: Sound::ToRoom,
        peak_db: -21.0,
        partials: ROUND,
        notes: &[note(0.0, 659.26, 0.22, 1.0, 0.0)],
    },
    // A4, C sharp 5, E5: come along.
    Recipe {
        sound: Sound::Summons,
        peak_db: -17.0,
        partials: WOOD,
        notes: &[
            note(0.0, 440.0, 0.34, 1.0, -0.4),
            note(0.14, 554.37, 0.34, 1.0, 0.0),
            note(0.28, 659.26, 0.5, 1.0, 0.4),
        ],
    },
    // E5, C5, long: a gong before words.
    Recipe {
        sound: Sound::Announcement,
        peak_db: -12.5,
        partials: BELL,
        notes: &[note(0.0, 659.26, 0.6, 0.9, 0.0), note(0.36, 523.25, 0.8, 1.0, 0.0)],
    },
    // D5, D5, A5: your turn.
    Recipe {
        sound: Sound::AskedToUnmute,
        peak_db: -13.0,
        partials: WOOD,
        notes: &[
            note(0.0, 587.33, 0.14, 0.8, 0.0),
            note(0.16, 587.33, 0.14, 0.8, 0.0),
            note(0.32, 880.0, 0.4, 1.0, 0.0),
        ],
    },
    // G4, D4: closed.
    Recipe {
        sound: Sound::Muted,
        peak_db: -13.0,
        partials: WOOD,
        notes: &[note(0.0, 392.0, 0.18, 1.0, 0.0), note(0.13, 293.66, 0.36, 1.0, 0.0)],
    },
    // A5 and its octave, short: a finger is up.
    Recipe {
        sound: Sound::HandRaised,
        peak_db: -18.0,
        partials: PURE,
        notes: &[note(0.0, 880.0, 0.12, 0.7, -0.2), note(0.07, 1760.0, 0.18, 0.8, 0.2)],
    },
    // B5, E5: a hand comes down.
    Recipe {
        sound: Sound::HandLowered,
        peak_db: -15.0,
        partials: PURE,
        notes: &[note(0.0, 987.77, 0.16, 0.9, 0.3), note(0.12, 659.26, 0.34, 1.0, -0.3)],
    },
    // F4, C4, slow: gone.
    Recipe {
        sound: Sound::Lost,
        peak_db: -14.0,
        partials: PURE,
        notes: &[note(0.0, 349.23, 0.36, 1.0, 0.0), note(0.26, 261.63, 0.6, 1.0, 0.0)],
    },
    // C4, F4, A4: here again.
    Recipe {
        sound: Sound::Back,
        peak_db: -14.0,
        partials: PURE,
        notes: &[
            note(0.0, 261.63, 0.24, 0.9, 0.0),
            note(0.16, 349.23, 0.24, 0.9, 0.0),
            note(0.32, 440.0, 0.46, 1.0, 0.0),
        ],
    },
];

/// Every sound, ready to be played.
#[derive(Clone, Debug)]
pub struct Bank([Box<[Frame]>; Sound::ALL.len()]);

impl Bank {
    /// Computes all sounds: a few milliseconds.
    pub fn new() -> Self {
        Self(Sound::ALL.map(|sound| {
            let recipe = RECIPES.iter().find(|recipe| recipe.sound == sound);
            recipe.map(synthesise).unwrap_or_default()
        }))
    }

    /// A sound's samples at [`RATE`].
    pub fn samples(&self, sound: Sound) -> &[Frame] {
        &self.0[sound.index()]
    }
}

impl Default for Bank {
    fn default() -> Self {
        Self::new()
    }
}

fn synthesise(recipe: &Recipe) -> Box<[Frame]> {
    let end = recipe.notes.iter().map(|note| note.at + note.secs).fold(0.0, f32::max);
    let mut frames = vec![[0.0; 2]; frames_of(end) + 1];
    for note in recipe.notes {
        let sides = [(1.0 - note.pan).min(1.0), (1.0 + note.pan).min(1.0)];
        let length = frames_of(note.secs);
        for (step, frame) in frames.iter_mut().skip(frames_of(note.at)).take(length).enumerate() {
            let secs = step as f32 / RATE as f32;
            let sample = note.weight * envelope(secs, note.secs) * tone(recipe.partials, note.hertz, secs);
            frame[0] += sample * sides[0];
            frame[1] += sample * sides[1];
        }
    }
    let loudest = frames.iter().flatten().fold(0.0f32, |loudest, sample| loudest.max(sample.abs()));
    let scale = 10.0f32.powf(recipe.peak_db / 20.0) / loudest.max(f32::MIN_POSITIVE);
    frames.iter_mut().flatten().for_each(|sample| *sample *= scale);
    frames.into()
}

fn frames_of(secs: f32) -> usize {
    (secs * RATE as f32).round() as usize
}

fn tone(partials: Partials, hertz: f32, secs: f32) -> f32 {
    partials.iter().map(|(ratio, strength)| strength * (TAU * hertz * ratio * secs).sin()).sum()
}

/// Swells from nothing, dies away as a struck thing does, and ends at nothing with a flat slope.
fn envelope(secs: f32, length: f32) -> f32 {
    let swell = |share: f32| 0.5 - 0.5 * (PI * share.clamp(0.0, 1.0)).cos();
    let attack = swell(secs / ATTACK_SECS);
    let release = swell((length - secs) / (length * RELEASE_SHARE));
    attack * (-secs * 2.2 / length).exp() * release
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decibels(value: f32) -> f32 {
        20.0 * value.log10()
    }

    fn mono(sound: Sound) -> Vec<f32> {
        let bank = Bank::new();
        bank.samples(sound).iter().map(|[left, right]| (left + right) * 0.5).collect()
    }

    fn peak_db(sound: Sound) -> f32 {
        let bank = Bank::new();
        decibels(bank.samples(sound).iter().flatten().fold(0.0, |peak: f32, sample| peak.max(sample.abs())))
    }

    fn rms_db(sound: Sound) -> f32 {
        let samples = mono(sound);
        decibels((samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32).sqrt())
    }

    /// Strength of one pitch in a piece of a sound (Goertzel's algorithm).
    fn strength(samples: &[f32], hertz: f32) -> f32 {
        let turn = 2.0 * (TAU * hertz / RATE as f32).cos();
        let (mut before, mut last) = (0.0f32, 0.0f32);
        for sample in samples {
            (before, last) = (last, sample + turn * last - before);
        }
        (last * last + before * before - turn * last * before).max(0.0).sqrt()
    }

    /// Semitones from 220 Hz to 1,865 Hz in each sixth of the first 0.9 s: what an ear could tell it by.
    fn fingerprint(sound: Sound) -> Vec<f32> {
        let mut samples = mono(sound);
        samples.resize(frames_of(0.9), 0.0);
        let pieces = samples.chunks(samples.len() / 6).take(6);
        let mut print: Vec<f32> = pieces
            .flat_map(|piece| {
                (0..38).map(move |step| strength(piece, 220.0 * 2.0f32.powf(step as f32 / 12.0)))
            })
            .collect();
        let length = print.iter().map(|value| value * value).sum::<f32>().sqrt();
        print.iter_mut().for_each(|value| *value /= length);
        print
    }

    #[test]
    fn every_sound_is_short_and_calm() {
        for sound in Sound::ALL {
            let secs = mono(sound).len() as f32 / RATE as f32;
            assert!((0.2..=1.2).contains(&secs), "{sound:?}: {secs} s");
            let (peak, rms) = (peak_db(sound), rms_db(sound));
            assert!((-22.0..=-12.0).contains(&peak), "{sound:?}: peak {peak} dB");
            assert!((-36.0..=-19.0).contains(&rms), "{sound:?}: mean {rms} dB");
        }
    }

    #[test]
    fn a_message_to_the_room_is_much_softer_than_one_to_the_person_and_nothing_is_louder() {
        assert!(rms_db(Sound::ToMe) - rms_db(Sound::ToRoom) > 6.0);
        let loudest = Sound::ALL.map(peak_db).into_iter().fold(f32::MIN, f32::max);
        assert!(loudest <= peak_db(Sound::ToMe) + 0.01 && peak_db(Sound::Summons) < loudest - 4.0);
    }

    #[test]
    fn nothing_clicks() {
        let bank = Bank::new();
        for sound in Sound::ALL {
            let frames = bank.samples(sound);
            let peak = frames.iter().flatten().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
            let edge = frames_of(0.001);
            // The first and the last millisecond are below a fiftieth of the peak, and end at nothing.
            for frame in frames[..edge].iter().chain(&frames[frames.len() - edge..]) {
                assert!(frame.iter().all(|sample| sample.abs() < peak * 0.02), "{sound:?}");
            }
            assert_eq!((frames[0], frames[frames.len() - 1]), ([0.0; 2], [0.0; 2]), "{sound:?}");
            // A click is a corner: no pitch of these sounds bends faster than this.
            let bend = frames.windows(3).map(|w| (w[0][0] - 2.0 * w[1][0] + w[2][0]).abs());
            let sharpest = bend.fold(0.0, f32::max) / peak;
            assert!(sharpest < 0.1, "{sound:?}: {sharpest}");
            let mean = frames.iter().map(|frame| frame[0] + frame[1]).sum::<f32>() / frames.len() as f32;
            assert!(mean.abs() < peak * 0.005, "{sound:?} leans to one side: {mean}");
        }
    }

    #[test]
    fn no_two_sounds_are_alike() {
        let prints = Sound::ALL.map(fingerprint);
        for (index, one) in prints.iter().enumerate() {
            for (other_index, other) in prints.iter().enumerate().skip(index + 1) {
                let alike: f32 = one.iter().zip(other).map(|(a, b)| a * b).sum();
                let names = (Sound::ALL[index], Sound::ALL[other_index]);
                assert!(alike < 0.75, "{names:?} are alike by {alike}");
            }
        }
    }

    #[test]
    fn the_pitch_is_the_recipes() {
        let samples = mono(Sound::ToRoom);
        let wanted = strength(&samples, 659.26);
        for off in [622.25, 698.46] {
            assert!(strength(&samples, off) < wanted * 0.7, "{off}");
        }
    }
}
