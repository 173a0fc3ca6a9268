//! What a person has set: language, picture, movement, keys. A versioned TOML file without secrets.
//!
//! A broken file never blocks the start: it is set aside, the defaults are used, and the person is told.

use crate::comfort::ComfortSettings;
use crate::input::keys::KeyTable;
use crate::input::layout::Legends;
use crate::link::{Place, fingerprint_text, parse_fingerprint};
use crate::present::xr::settings::HeadsetSettings;
use crate::sentence::Problem;
use crate::sound::{AudioSettings, MAX_VOLUME, Output};
use serde::{Deserialize, Serialize};
use std::path::Path;
use venue_model::{EventKey, Language};
use venue_protocol::Appearance;

/// Version of the file that this program writes.
const VERSION: u32 = 1;

/// How much the picture may cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Picture {
    /// For weak integrated graphics: no multisampling, smaller pictures.
    Low,
    /// For everything else.
    #[default]
    Standard,
}

/// How a key or a click on the turn keys turns the body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Turn {
    /// By 30° a step.
    #[default]
    Snap30,
    /// By 45° a step.
    Snap45,
    /// Steadily while the key is held.
    Smooth,
}

/// How a person looks: places in the program's lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Avatar {
    /// Which look.
    pub look: u8,
    /// Skin tone; 0 is the look's own.
    #[serde(default)]
    pub skin: u8,
    /// Colour of clothes; 0 is the look's own.
    #[serde(default)]
    pub clothing: u8,
}

impl From<Avatar> for Appearance {
    fn from(Avatar { look, skin, clothing }: Avatar) -> Self {
        Self { avatar: look, clothing, skin }
    }
}

impl From<Appearance> for Avatar {
    fn from(Appearance { avatar, clothing, skin }: Appearance) -> Self {
        Self { look: avatar, skin, clothing }
    }
}

/// The place that was visited last, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LastPlace {
    /// Server.
    pub host: String,
    /// UDP port.
    pub port: u16,
    /// Event.
    pub event: EventKey,
    /// Fingerprint as in links.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// Title of the event, for the start page.
    #[serde(default)]
    pub title: String,
}

/// Everything that a person can set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Version of the file.
    pub version: u32,
    /// Language of the panels; none until the person chose one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// Picture quality.
    #[serde(default)]
    pub picture: Picture,
    /// Pixels of the picture relative to the usual number on a side, 0.5 to 1.
    #[serde(default = "one")]
    pub resolution: f32,
    /// How finely the venue is shown relative to the usual, 0.5 to 2.
    #[serde(default = "one")]
    pub detail: f32,
    /// Whether it is shown what each picture takes.
    #[serde(default)]
    pub shows_times: bool,
    /// Turning.
    #[serde(default)]
    pub turn: Turn,
    /// Size of text and panels, 0.75 to 2.5.
    #[serde(default = "one")]
    pub text_scale: f32,
    /// Opaque panels, white on black.
    #[serde(default)]
    pub high_contrast: bool,
    /// Whether others fade who come very close.
    #[serde(default = "yes")]
    pub personal_space: bool,
    /// Radians of turn for each point that the mouse moves, times 1,000; 0.5 to 20.
    #[serde(default = "default_mouse_speed")]
    pub mouse_speed: f32,
    /// Vertical field of view, degrees, 40 to 100.
    #[serde(default = "default_field_of_view")]
    pub field_of_view_degrees: f32,
    /// What stands on the keys, as far as it was learnt.
    #[serde(default)]
    pub keyboard: Legends,
    /// Whether the steps of the first minute were gone through or skipped.
    #[serde(default)]
    pub has_seen_tour: bool,
    /// Comfort with a headset, and hands.
    #[serde(default)]
    pub comfort: ComfortSettings,
    /// Pictures of the headset.
    #[serde(default)]
    pub headset: HeadsetSettings,
    /// Which sounds are played, and how loud.
    #[serde(default)]
    pub audio: AudioSettings,
    /// Where sound is played; none for the system's default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio_output: Option<Output>,
    /// The chosen microphone; none for the system's default.
    pub audio_input: Option<Output>,
    /// How the person looks; none until they chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<Avatar>,
    /// Where the person was last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_place: Option<LastPlace>,
    /// Keys by action.
    #[serde(default)]
    pub keys: KeyTable,
    /// Draws as [`Picture::Low`] until the program ends, whatever is set; never stored.
    #[serde(skip)]
    pub is_low_for_now: bool,
}

fn one() -> f32 {
    1.0
}

fn yes() -> bool {
    true
}

fn default_mouse_speed() -> f32 {
    3.0
}

fn default_field_of_view() -> f32 {
    65.0
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: VERSION,
            language: None,
            picture: Picture::default(),
            resolution: one(),
            detail: one(),
            shows_times: false,
            turn: Turn::default(),
            text_scale: one(),
            high_contrast: false,
            personal_space: true,
            mouse_speed: default_mouse_speed(),
            field_of_view_degrees: default_field_of_view(),
            has_seen_tour: false,
            comfort: ComfortSettings::default(),
            headset: HeadsetSettings::default(),
            audio: AudioSettings::default(),
            audio_output: None,
            audio_input: None,
            avatar: None,
            last_place: None,
            keys: KeyTable::default(),
            keyboard: Legends::default(),
            is_low_for_now: false,
        }
    }
}

impl LastPlace {
    /// Keeps where a link led.
    pub fn new(place: &Place, title: &str) -> Self {
        Self {
            host: place.host.clone(),
            port: place.port,
            event: place.event.clone(),
            fingerprint: place.fingerprint.as_ref().map(fingerprint_text),
            title: title.to_owned(),
        }
    }

    /// The place for a code that is typed alone; none when the fingerprint was edited into nonsense.
    pub fn place(&self) -> Option<Place> {
        let fingerprint = match &self.fingerprint {
            None => None,
            Some(text) => Some(parse_fingerprint(text)?),
        };
        Some(Place { host: self.host.clone(), port: self.port, event: self.event.clone(), fingerprint })
    }
}

impl Settings {
    /// What the picture may cost in this run.
    pub fn picture_now(&self) -> Picture {
        if self.is_low_for_now { Picture::Low } else { self.picture }
    }

    /// Reads settings from TOML; the error says what is wrong and in which line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let settings: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        if settings.version > VERSION {
            return Err(format!("version {} is newer than this program", settings.version));
        }
        Ok(settings.clamped())
    }

    /// Reads the file, or gives the defaults with the reason why the file is not used.
    pub fn load(path: &Path) -> (Self, Option<Problem>) {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return (Self::default(), None),
            Err(error) => return (Self::default(), Some(unreadable(path, &error.to_string()))),
        };
        match Self::parse(&text) {
            Ok(settings) => (settings, None),
            Err(detail) => {
                let aside = path.with_extension("toml.broken");
                if let Err(error) = std::fs::rename(path, &aside) {
                    tracing::warn!(%error, "the broken settings file stays in its place");
                }
                (Self::default(), Some(unreadable(&aside, detail.lines().next().unwrap_or(""))))
            }
        }
    }

    /// Writes the file, whole or not at all.
    pub fn save(&self, path: &Path) -> std::io::Result<()> {
        let text = toml::to_string_pretty(self).map_err(std::io::Error::other)?;
        crate::core::files::write_whole(path, text.as_bytes(), crate::core::files::Readers::Anyone)
    }

    fn clamped(mut self) -> Self {
        self.version = VERSION;
        self.comfort = self.comfort.clamped();
        self.audio.volume = self.audio.volume.min(MAX_VOLUME);
        self.text_scale = clamp(self.text_scale, 0.75, 2.5, one());
        self.resolution = clamp(self.resolution, 0.5, 1.0, one());
        self.detail = clamp(self.detail, 0.5, 2.0, one());
        self.mouse_speed = clamp(self.mouse_speed, 0.5, 20.0, default_mouse_speed());
        self.field_of_view_degrees = clamp(self.field_of_view_degrees, 40.0, 100.0, default_field_of_view());
        self
    }
}

fn clamp(value: f32, low: f32, high: f32, default: f32) -> f32 {
    if value.is_finite() { value.clamp(low, high) } else { default }
}

fn unreadable(path: &Path, detail: &str) -> Problem {
    Problem::SettingsUnreadable { file: path.display().to_string(), detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_their_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        let place = Place {
            host: "vev.example".into(),
            port: 4433,
            event: EventKey::new("plenary").unwrap(),
            fingerprint: Some([7; 32]),
        };
        let settings = Settings {
            language: Some(Language::Ar),
            picture: Picture::Low,
            audio: AudioSettings { volume: 30, hands: false, mono: true, ..AudioSettings::default() },
            audio_output: Some(Output { id: "alsa:usb".into(), name: "Headset".into() }),
            audio_input: Some(Output { id: "alsa:usb-mic".into(), name: "Headset".into() }),
            last_place: Some(LastPlace::new(&place, "Plenary")),
            ..Settings::default()
        };
        settings.save(&path).unwrap();
        let (read, problem) = Settings::load(&path);
        assert_eq!((&read, problem), (&settings, None));
        assert_eq!(read.last_place.and_then(|last| last.place()), Some(place));
    }

    #[test]
    fn a_missing_file_means_the_defaults() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Settings::load(&folder.path().join("none.toml")), (Settings::default(), None));
    }

    #[test]
    fn a_broken_file_is_set_aside_and_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        std::fs::write(&path, "version = 1\nlanguage = \"xx\"\n").unwrap();
        let (settings, problem) = Settings::load(&path);
        assert_eq!(settings, Settings::default());
        assert_eq!(problem.unwrap().id(), "problem-settings-unreadable");
        assert!(folder.path().join("settings.toml.broken").exists());
        assert!(!path.exists());
    }

    #[test]
    fn odd_values_are_brought_into_range_and_newer_files_refused() {
        let odd = "version = 1\ntext_scale = 99.0\nmouse_speed = nan\n[audio]\nvolume = 250\n";
        let settings = Settings::parse(odd).unwrap();
        assert_eq!((settings.text_scale, settings.mouse_speed, settings.audio.volume), (2.5, 3.0, 100));
        assert!(settings.audio.sounds, "what a file does not name has its default");
        assert!(Settings::parse("version = 2\n").unwrap_err().contains("newer"));
        assert!(Settings::parse("version = 1\ncolour = 3\n").is_err());
    }

    #[test]
    fn a_picture_for_this_run_alone_is_not_stored() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        let settings = Settings { is_low_for_now: true, ..Settings::default() };
        assert_eq!(settings.picture_now(), Picture::Low);
        settings.save(&path).unwrap();
        assert_eq!(Settings::load(&path).0.picture_now(), Picture::Standard);
    }
}
