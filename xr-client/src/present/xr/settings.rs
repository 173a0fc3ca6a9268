//! What a person can set of the headset's pictures.
//!
//! It must not know the runtime.

use serde::{Deserialize, Serialize};

/// Rates that a file may name, Hz.
const HERTZ: std::ops::RangeInclusive<u16> = 30..=500;

/// How many pictures a second the headset shows. A file says `auto` or, as an example, `hz90`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Refresh {
    /// As the headset's software prefers, but not below 72.
    #[default]
    Auto,
    /// The highest that is offered up to this, Hz.
    UpTo(u16),
}

impl Refresh {
    /// The wish as far as these rates can meet it.
    pub fn among(self, offered: &[u16]) -> Self {
        let Self::UpTo(most) = self else { return self };
        let met = offered.iter().filter(|rate| **rate <= most).max().or(offered.iter().min());
        met.map_or(self, |rate| Self::UpTo(*rate))
    }
}

impl TryFrom<String> for Refresh {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let hertz = || text.strip_prefix("hz")?.parse().ok().filter(|hertz| HERTZ.contains(hertz));
        match hertz() {
            _ if text == "auto" => Ok(Self::Auto),
            Some(hertz) => Ok(Self::UpTo(hertz)),
            None => Err(format!("{text:?} is no refresh rate; write \"auto\" or, for 90 Hz, \"hz90\"")),
        }
    }
}

impl From<Refresh> for String {
    fn from(refresh: Refresh) -> Self {
        match refresh {
            Refresh::Auto => "auto".to_owned(),
            Refresh::UpTo(hertz) => format!("hz{hertz}"),
        }
    }
}

/// How the two eyes are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EyeWay {
    /// Both at once, unless the driver is known to do it wrongly or can not.
    #[default]
    Auto,
    /// Both at once, if the driver can.
    AtOnce,
    /// One after the other.
    Apart,
}

/// Who shows the panorama around a room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PanoramaWay {
    /// The headset's software, behind the pictures, if it can.
    #[default]
    Auto,
    /// The pictures themselves; for software that does it wrongly.
    InPicture,
}

/// The section `[headset]` of the settings.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HeadsetSettings {
    /// How many pictures a second.
    pub refresh: Refresh,
    /// Whether a window shows what the left eye sees.
    pub mirror: bool,
    /// How the eyes are drawn; for drivers that this program does not know.
    pub eyes: EyeWay,
    /// Who shows the panorama around a room.
    pub panorama: PanoramaWay,
}

impl Default for HeadsetSettings {
    fn default() -> Self {
        Self {
            refresh: Refresh::default(),
            mirror: true,
            eyes: EyeWay::default(),
            panorama: PanoramaWay::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_does_not_name_has_its_default() {
        let read: HeadsetSettings = toml::from_str("refresh = \"hz90\"\neyes = \"at-once\"\n").unwrap();
        let expected = HeadsetSettings {
            refresh: Refresh::UpTo(90),
            eyes: EyeWay::AtOnce,
            ..HeadsetSettings::default()
        };
        assert_eq!(read, expected);
        assert!(read.mirror && toml::from_str::<HeadsetSettings>("rate = 90\n").is_err());
    }

    #[test]
    fn a_rate_survives_its_file_and_nonsense_is_refused() {
        for refresh in [Refresh::Auto, Refresh::UpTo(72), Refresh::UpTo(144)] {
            let settings = HeadsetSettings { refresh, ..HeadsetSettings::default() };
            let again: HeadsetSettings = toml::from_str(&toml::to_string(&settings).unwrap()).unwrap();
            assert_eq!(again, settings);
        }
        for odd in ["hz", "hz0", "hz9000", "90", "fast"] {
            let read = toml::from_str::<HeadsetSettings>(&format!("refresh = \"{odd}\"\n"));
            assert!(read.unwrap_err().to_string().contains("hz90"), "{odd}");
        }
    }

    #[test]
    fn a_wish_is_met_by_what_is_offered() {
        assert_eq!(Refresh::UpTo(90).among(&[72, 80, 120]), Refresh::UpTo(80));
        assert_eq!(Refresh::UpTo(72).among(&[120, 90]), Refresh::UpTo(90));
        assert_eq!(Refresh::UpTo(72).among(&[]), Refresh::UpTo(72));
        assert_eq!(Refresh::Auto.among(&[60]), Refresh::Auto);
    }
}
