//! What the panels know of the user's microphone and of voices: plain data, like [`super::model`].

use crate::core::microphone::OwnMicrophone;
use crate::sound::Output;
use std::collections::BTreeMap;
use venue_model::{Localized, ParticipantId, ZoneId};
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

/// How somebody's voice arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arriving {
    /// Whose.
    pub who: ParticipantId,
    /// Frames that did not come in time, tenths of a percent.
    pub lost_tenths: u16,
    /// Frames that were guessed, of all so far, tenths of a percent.
    pub guessed_tenths: u16,
    /// How long a packet waits so that nearly all are there, ms.
    pub waits_ms: u16,
}

/// The user's microphone, and how others are heard.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VoiceModel {
    /// The microphones that are there, while the settings are open.
    pub inputs: Vec<Output>,
    /// The chosen microphone; none for the system's default.
    pub input: Option<Output>,
    /// The user's microphone.
    pub microphone: MicrophoneModel,
    /// The name of the zone around the user that does something with voices.
    pub zone_name: Option<Localized>,
    /// How others' voices arrive, while the settings are open.
    pub arriving: Vec<Arriving>,
    /// How loud single people are for the user, percent.
    pub volumes: BTreeMap<ParticipantId, u8>,
}
