//! What the user can choose, as the panels know it: plain data, like [`super::model`].

use crate::comfort::ComfortSettings;
use crate::present::xr::settings::HeadsetSettings;
use crate::sound::AudioSettings;
use venue_model::Language;
use venue_protocol::Appearance;

/// How a turn key turns the body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Turning {
    /// By 30° a step.
    #[default]
    Snap30,
    /// By 45° a step.
    Snap45,
    /// Steadily while the key is held.
    Smooth,
}

/// How much the picture may cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Picture {
    /// For weak integrated graphics.
    Low,
    /// For everything else.
    #[default]
    Standard,
}

/// What the pictures of the last moment took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// Pictures a second.
    pub rate: u16,
    /// Width and height.
    pub size: [u16; 2],
    /// The thread's processor, tenths of a millisecond.
    pub processor: u32,
    /// The graphics device for the world and for the screen, tenths of a millisecond; none where it can not tell.
    pub graphics: Option<[u32; 2]>,
}

/// What the user has chosen. The client stores it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PanelSettings {
    /// Language of every text that the client shows.
    pub language: Language,
    /// Text size as a factor: 0.75 to 2.5.
    pub text_scale: f32,
    /// Opaque panels, white on black, thicker outlines.
    pub high_contrast: bool,
    /// Whether others fade who come very close.
    pub personal_space: bool,
    /// How turn keys turn.
    pub turning: Turning,
    /// Speed of mouse look: 0.5 to 20.
    pub mouse_speed: f32,
    /// Picture quality.
    pub picture: Picture,
    /// Pixels on a side of the picture, percent of the usual: 50 to 100.
    pub resolution: u16,
    /// How finely the venue is shown, percent of the usual: 50 to 200.
    pub detail: u16,
    /// Whether it is shown what each picture takes.
    pub shows_times: bool,
    /// Vertical field of view, degrees: 40 to 100.
    pub field_of_view: u16,
    /// Comfort with a headset, and hands.
    pub comfort: ComfortSettings,
    /// Pictures of the headset.
    pub headset: HeadsetSettings,
    /// Which sounds are played, and how loud.
    pub audio: AudioSettings,
    /// How the user looks.
    pub avatar: Appearance,
    /// Whether the steps of the first minute are shown.
    pub wants_tour: bool,
}

impl Default for PanelSettings {
    fn default() -> Self {
        Self {
            language: Language::En,
            text_scale: 1.0,
            high_contrast: false,
            personal_space: true,
            turning: Turning::Snap30,
            mouse_speed: 3.0,
            picture: Picture::Standard,
            resolution: 100,
            detail: 100,
            shows_times: false,
            field_of_view: 65,
            comfort: ComfortSettings::default(),
            headset: HeadsetSettings::default(),
            audio: AudioSettings::default(),
            avatar: Appearance::default(),
            wants_tour: false,
        }
    }
}
