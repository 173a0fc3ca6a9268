//! What can sound, and which sounds belong together in the settings.
//!
//! It must not know how a sound is made, nor what it is played for.

/// A short sound, told apart from the others by ear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sound {
    /// A message for this person alone.
    ToMe,
    /// A message to the room.
    ToRoom,
    /// Somebody asks the person to come; repeated while the countdown runs.
    Summons,
    /// An announcement.
    Announcement,
    /// Asked to open the microphone: the floor is given.
    AskedToUnmute,
    /// The microphone was closed by somebody else.
    Muted,
    /// Somebody raised a hand; only who keeps order hears it.
    HandRaised,
    /// A hand was lowered by somebody else.
    HandLowered,
    /// The connection is gone.
    Lost,
    /// The connection is back.
    Back,
}

/// How close to each other a sound may be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spacing {
    /// Not again for so many µs after it was played.
    Gap(u64),
    /// Only after so many µs without its cause: a busy conversation sounds at its beginning.
    Quiet(u64),
}

impl Sound {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 10] = [
        Self::ToMe,
        Self::ToRoom,
        Self::Summons,
        Self::Announcement,
        Self::AskedToUnmute,
        Self::Muted,
        Self::HandRaised,
        Self::HandLowered,
        Self::Lost,
        Self::Back,
    ];

    /// Its place in [`Sound::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }

    /// Its name in scripts.
    pub fn name(self) -> &'static str {
        match self {
            Self::ToMe => "to-me",
            Self::ToRoom => "to-room",
            Self::Summons => "summons",
            Self::Announcement => "announcement",
            Self::AskedToUnmute => "asked-to-unmute",
            Self::Muted => "muted",
            Self::HandRaised => "hand-raised",
            Self::HandLowered => "hand-lowered",
            Self::Lost => "lost",
            Self::Back => "back",
        }
    }

    /// The sound with this name in scripts.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sound| sound.name() == name)
    }

    /// The group that it is switched with.
    pub fn group(self) -> Group {
        match self {
            Self::ToMe => Group::ToMe,
            Self::ToRoom => Group::ToRoom,
            Self::Summons | Self::Announcement | Self::AskedToUnmute | Self::Muted => Group::Order,
            Self::HandRaised | Self::HandLowered => Group::Hands,
            Self::Lost | Self::Back => Group::Connection,
        }
    }

    /// How close to each other it may be played.
    pub fn spacing(self) -> Spacing {
        match self {
            Self::ToRoom => Spacing::Quiet(4_000_000),
            Self::ToMe | Self::HandRaised | Self::Lost | Self::Back => Spacing::Gap(2_000_000),
            Self::Summons | Self::Announcement | Self::AskedToUnmute | Self::Muted | Self::HandLowered => {
                Spacing::Gap(1_000_000)
            }
        }
    }
}

/// Sounds that are switched together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Messages to the person.
    ToMe,
    /// Messages in the room.
    ToRoom,
    /// Summons, announcements, what moderators do.
    Order,
    /// Hands.
    Hands,
    /// Loss and return of the connection.
    Connection,
}

impl Group {
    /// All, in the order in which the settings list them.
    pub const ALL: [Self; 5] = [Self::ToMe, Self::ToRoom, Self::Order, Self::Hands, Self::Connection];

    /// The sound that stands for it when the person wants to hear one.
    pub fn sample(self) -> Sound {
        match self {
            Self::ToMe => Sound::ToMe,
            Self::ToRoom => Sound::ToRoom,
            Self::Order => Sound::Summons,
            Self::Hands => Sound::HandLowered,
            Self::Connection => Sound::Lost,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sound_has_its_number_and_a_name_that_leads_back() {
        for (index, sound) in Sound::ALL.into_iter().enumerate() {
            assert_eq!((sound.index(), Sound::named(sound.name())), (index, Some(sound)));
        }
        assert_eq!(Sound::named("fanfare"), None);
    }

    #[test]
    fn a_groups_sample_belongs_to_it_and_no_group_is_empty() {
        for group in Group::ALL {
            assert_eq!(group.sample().group(), group);
        }
    }
}
