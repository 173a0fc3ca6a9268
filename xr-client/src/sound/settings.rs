//! What a person sets about sound.
//!
//! It must not know how the settings are shown or stored.

use super::kinds::Group;
use serde::{Deserialize, Serialize};
use spatial_voice::Treatment;

/// Loudest volume, percent.
pub const MAX_VOLUME: u8 = 100;

/// Which sounds are played, and how loud.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AudioSettings {
    /// Whether anything sounds.
    pub sounds: bool,
    /// 0 to 100 percent.
    pub volume: u8,
    /// Messages to the person.
    pub messages_to_me: bool,
    /// Messages in the room.
    pub messages_in_room: bool,
    /// Summons, announcements, what moderators do.
    pub order: bool,
    /// Hands.
    pub hands: bool,
    /// Loss and return of the connection.
    pub connection: bool,
    /// The same in both ears (EN 301 549, for who hears with one).
    pub mono: bool,
    /// How loud voices are, 0 to 100 percent.
    pub voice_volume: u8,
    /// Whether the person listens by loudspeakers instead of headphones.
    pub loudspeakers: bool,
    /// Whether rooms ring and walls muffle; without, voices are clearer.
    pub room_sound: bool,
    /// Whether the microphone's echo is taken out.
    pub echo: bool,
    /// Whether steady noise is taken out of the microphone's sound.
    pub noise: bool,
    /// Whether the microphone's loudness is brought to one level.
    pub gain_control: bool,
    /// Whether the microphone is heard only while its key is held.
    pub push_to_talk: bool,
    /// Whether a private talk goes along when the person walks off, instead of ending.
    pub talk_goes_along: bool,
}

impl Default for AudioSettings {
    fn default() -> Self {
        Self {
            sounds: true,
            volume: 70,
            messages_to_me: true,
            messages_in_room: true,
            order: true,
            hands: true,
            connection: true,
            mono: false,
            voice_volume: 100,
            loudspeakers: false,
            room_sound: true,
            echo: true,
            noise: true,
            gain_control: true,
            push_to_talk: false,
            talk_goes_along: false,
        }
    }
}

impl AudioSettings {
    /// Whether a group is switched on.
    pub fn plays(&self, group: Group) -> bool {
        match group {
            Group::ToMe => self.messages_to_me,
            Group::ToRoom => self.messages_in_room,
            Group::Order => self.order,
            Group::Hands => self.hands,
            Group::Connection => self.connection,
        }
    }

    /// With one group switched over.
    pub fn toggled(mut self, group: Group) -> Self {
        let switch = match group {
            Group::ToMe => &mut self.messages_to_me,
            Group::ToRoom => &mut self.messages_in_room,
            Group::Order => &mut self.order,
            Group::Hands => &mut self.hands,
            Group::Connection => &mut self.connection,
        };
        *switch = !*switch;
        self
    }

    /// What is done to the person's voice.
    pub fn treatment(&self) -> Treatment {
        Treatment { echo: self.echo, noise: self.noise, gain: self.gain_control }
    }

    /// The factor for voices, by the same scale.
    pub fn voice_gain(&self) -> f32 {
        Self { volume: self.voice_volume, ..*self }.gain()
    }

    /// The factor for samples. Loudness is heard by ratios, so the scale is squared: half way is a quarter.
    pub fn gain(&self) -> f32 {
        let share = f32::from(self.volume.min(MAX_VOLUME)) / f32::from(MAX_VOLUME);
        share * share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_switched_alone() {
        let settings = AudioSettings::default();
        for group in Group::ALL {
            let off = settings.toggled(group);
            assert!(
                !off.plays(group) && Group::ALL.into_iter().filter(|other| off.plays(*other)).count() == 4
            );
            assert_eq!(off.toggled(group), settings);
        }
    }

    #[test]
    fn the_volume_goes_from_silence_to_all() {
        let gain = |volume| AudioSettings { volume, ..AudioSettings::default() }.gain();
        assert_eq!((gain(0), gain(50), gain(100), gain(255)), (0.0, 0.25, 1.0, 1.0));
    }
}
