//! What a person can set of the headset's pictures.
//!
//! It must not know the runtime.

use serde::{Deserialize, Serialize};

/// How many pictures a second the headset shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Refresh {
    /// As the headset's software prefers, but not below 72.
    #[default]
    Auto,
    /// 72 Hz.
    Hz72,
    /// 90 Hz.
    Hz90,
    /// 120 Hz.
    Hz120,
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
}

impl Default for HeadsetSettings {
    fn default() -> Self {
        Self { refresh: Refresh::default(), mirror: true, eyes: EyeWay::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_does_not_name_has_its_default() {
        let read: HeadsetSettings = toml::from_str("refresh = \"hz90\"\neyes = \"at-once\"\n").unwrap();
        let expected =
            HeadsetSettings { refresh: Refresh::Hz90, eyes: EyeWay::AtOnce, ..HeadsetSettings::default() };
        assert_eq!(read, expected);
        assert!(read.mirror && toml::from_str::<HeadsetSettings>("rate = 90\n").is_err());
    }
}
