//! Decides when a sound is played: settings, distances in time, repetition. No burst becomes noise.
//!
//! It must not know samples or devices; time is an argument.

use super::kinds::{Sound, Spacing};
use super::settings::AudioSettings;
use super::table::Cue;
use venue_protocol::LocalTime;

/// Distance between two soundings of what repeats itself, µs.
const REPEAT_MICROS: u64 = 1_400_000;

/// Soundings of what repeats itself: a summons counts down for five seconds.
const REPEATS: u8 = 4;

#[derive(Clone, Copy, Debug)]
struct Repeat {
    sound: Sound,
    next_at: LocalTime,
    left: u8,
}

/// What was played of each sound since the program's start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard([u32; Sound::ALL.len()]);

impl Heard {
    /// How often a sound was played.
    pub fn count(&self, sound: Sound) -> u32 {
        self.0[sound.index()]
    }
}

/// Decides when a sound is played.
#[derive(Clone, Debug, Default)]
pub struct Director {
    settings: AudioSettings,
    /// When each sound was played last or, for those that wait for quiet, when it was last called for.
    last: [Option<LocalTime>; Sound::ALL.len()],
    repeat: Option<Repeat>,
    heard: Heard,
}

impl Director {
    /// Takes what the person has set.
    pub fn set(&mut self, settings: AudioSettings) {
        self.settings = settings;
    }

    /// What was played.
    pub fn heard(&self) -> &Heard {
        &self.heard
    }

    /// Something happened; gives the sound to play now.
    pub fn hear(&mut self, cue: Cue, now: LocalTime) -> Option<Sound> {
        match cue {
            Cue::Once(sound) => {
                if sound == Sound::Lost {
                    // Whoever asked can not be answered any more.
                    self.repeat = None;
                }
                self.ask(sound, now)
            }
            Cue::Begin(sound) => {
                self.repeat = Some(Repeat { sound, next_at: now, left: REPEATS });
                self.advance(now)
            }
            Cue::End(sound) => {
                self.repeat = self.repeat.filter(|repeat| repeat.sound != sound);
                None
            }
        }
    }

    /// Lets time pass; gives the sound whose repetition is due.
    pub fn advance(&mut self, now: LocalTime) -> Option<Sound> {
        let repeat = self.repeat.as_mut().filter(|repeat| repeat.next_at <= now)?;
        let sound = repeat.sound;
        repeat.left = repeat.left.saturating_sub(1);
        repeat.next_at = now + REPEAT_MICROS;
        if repeat.left == 0 {
            self.repeat = None;
        }
        self.ask(sound, now)
    }

    fn ask(&mut self, sound: Sound, now: LocalTime) -> Option<Sound> {
        let last = &mut self.last[sound.index()];
        let since = last.map(|last| now.micros_since(last));
        let is_free = match sound.spacing() {
            Spacing::Gap(gap) => since.is_none_or(|since| since >= gap),
            Spacing::Quiet(quiet) => since.is_none_or(|since| since >= quiet),
        };
        if is_free || matches!(sound.spacing(), Spacing::Quiet(_)) {
            *last = Some(now);
        }
        let is_wanted = self.settings.sounds && self.settings.volume > 0;
        if !is_free || !is_wanted || !self.settings.plays(sound.group()) {
            return None;
        }
        let count = &mut self.heard.0[sound.index()];
        *count = count.saturating_add(1);
        Some(sound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::kinds::Group;

    const SECOND: u64 = 1_000_000;

    /// How often a sound is played that is called for every so many µs, for a while.
    fn played(sound: Sound, every: u64, for_micros: u64) -> usize {
        let mut director = Director::default();
        (0..for_micros / every)
            .filter(|call| director.hear(Cue::Once(sound), LocalTime(call * every)).is_some())
            .count()
    }

    #[test]
    fn a_burst_of_messages_sounds_now_and_then_and_a_busy_room_once() {
        assert_eq!(played(Sound::ToMe, SECOND / 10, 5 * SECOND), 3);
        assert_eq!(played(Sound::ToRoom, SECOND / 10, 60 * SECOND), 1);
        assert_eq!(played(Sound::ToRoom, 5 * SECOND, 20 * SECOND), 4, "with pauses each is heard");
    }

    #[test]
    fn a_summons_is_repeated_softly_until_it_is_answered_or_over() {
        let mut director = Director::default();
        let mut times = Vec::new();
        for step in 0..1_000u64 {
            let now = LocalTime(step * 10_000);
            let begun = (step == 0).then(|| director.hear(Cue::Begin(Sound::Summons), now)).flatten();
            times.extend(begun.or_else(|| director.advance(now)).map(|_| now.0));
        }
        assert_eq!(times, [0, 1_400_000, 2_800_000, 4_200_000]);
        director.hear(Cue::Begin(Sound::Summons), LocalTime(20 * SECOND));
        director.hear(Cue::End(Sound::Summons), LocalTime(21 * SECOND));
        assert_eq!(director.advance(LocalTime(22 * SECOND)), None);
        director.hear(Cue::Begin(Sound::Summons), LocalTime(30 * SECOND));
        director.hear(Cue::Once(Sound::Lost), LocalTime(31 * SECOND));
        assert_eq!(director.advance(LocalTime(32 * SECOND)), None, "a lost connection ends it");
    }

    #[test]
    fn what_is_switched_off_is_silent_and_not_counted() {
        let off = [
            AudioSettings { sounds: false, ..AudioSettings::default() },
            AudioSettings { volume: 0, ..AudioSettings::default() },
            AudioSettings::default().toggled(Group::ToMe),
        ];
        for settings in off {
            let mut director = Director::default();
            director.set(settings);
            assert_eq!(director.hear(Cue::Once(Sound::ToMe), LocalTime(0)), None);
            assert_eq!(director.heard().count(Sound::ToMe), 0);
        }
        let mut director = Director::default();
        director.set(AudioSettings::default().toggled(Group::ToMe));
        assert_eq!(director.hear(Cue::Once(Sound::Lost), LocalTime(0)), Some(Sound::Lost));
    }
}
