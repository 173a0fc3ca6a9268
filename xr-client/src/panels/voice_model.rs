//! What the panels know of the user's microphone: plain data, like [`super::model`].

use crate::core::microphone::OwnMicrophone;
use venue_model::ZoneId;
use venue_protocol::Earshot;

/// The user's microphone as it is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MicrophoneModel {
    /// How it is.
    pub state: OwnMicrophone,
    /// Whether the user hears how they sound.
    pub is_tried: bool,
    /// Where the user is heard.
    pub earshot: Earshot,
    /// The zone that this is about.
    pub zone: Option<ZoneId>,
    /// How many may hear the user.
    pub hearers: u16,
    /// How loud the user is, 0 to 12.
    pub level: u8,
}
