//! The person's voice and those of others: what the frame tells the ears, and what the devices are asked for.
//!
//! It must not know samples or packets.

use super::App;
use crate::core::microphone::{OwnMicrophone, Shut};
use crate::core::{Connector, Stage};
use crate::panels::Panel;
use crate::panels::model::{Arriving, MicrophoneModel};
use crate::panels::talk_model::TalkPlace;
use crate::present::Presenter;
use crate::sound::Output;
use crate::voice::{Situation, Speaking, hall_of};
use glam::Vec3;
use spatial_voice::space::OutputMode;
use venue_model::ParticipantId;
use venue_protocol::VoiceWay;

/// How loud the room is for who talks in private: 14 dB softer, so that it is there and drowns nobody.
const ROOM_GAIN_IN_TALK: f32 = 0.2;

/// How often it is shown how voices arrive, µs.
const ARRIVING_MICROS: u64 = 500_000;

/// Steps of the level that is shown.
const LEVEL_STEPS: f32 = 12.0;

impl<C: Connector, P: Presenter> App<C, P> {
    /// Lets the core know the line, before the first connection.
    pub(super) fn open_line(&mut self) {
        if let Some(voice) = self.sounds.voice() {
            let line = std::sync::Arc::clone(voice.line());
            self.core.set_line(line);
        }
        self.core.set_push_to_talk(self.settings.audio.push_to_talk);
        self.core.set_talk_goes_along(self.settings.audio.talk_goes_along);
    }

    /// Who is heard, and from where.
    pub(super) fn voice(&mut self) {
        let audio = &self.settings.audio;
        let input = self.settings.audio_input.as_ref();
        self.sounds.record(self.core.wants_to_be_recorded(), input, audio.treatment());
        let Some(voice) = self.sounds.voice() else { return };
        self.core.tell_heard(voice.speaking());
        let mode = match (audio.mono, audio.loudspeakers) {
            (true, _) => OutputMode::Mono,
            (false, true) => OutputMode::Loudspeakers,
            (false, false) => OutputMode::Binaural,
        };
        let is_inside = *self.core.stage() == Stage::Inside;
        let situation = Situation {
            head: self.core.body().pose().head_in_building(),
            mode,
            gain: if is_inside { audio.voice_gain() } else { 0.0 },
            room_gain: if self.core.is_in_talk() { ROOM_GAIN_IN_TALK } else { 1.0 },
        };
        let bodies = self.core.bodies_in_view();
        let volumes = &self.volumes;
        let place_of = |who: ParticipantId| -> (Option<Vec3>, f32) {
            let body = bodies.iter().find(|(id, _)| *id == who);
            let gain = volumes.get(&who).map_or(1.0, |percent| f32::from(*percent) / 100.0);
            (body.map(|(_, pose)| pose.head_in_building().position), gain)
        };
        self.acoustics.tell_doors(voice.building(), &self.core);
        voice.tell_hall(hall_of(&situation, self.core.heard(), place_of));
        let microphone = self.microphone_model();
        if self.keeper.model().voice.microphone.zone != microphone.zone {
            let zones = self.core.manifest().map_or(&[][..], |manifest| &manifest.zones);
            let zone = zones.iter().find(|zone| Some(zone.id) == microphone.zone);
            self.keeper.set_zone_name(zone.map(|zone| zone.name.clone()));
        }
        self.keeper.set_microphone(microphone);
        self.show_arriving();
        self.show_talk_place();
    }

    /// Shows how voices arrive, to whoever looks.
    fn show_arriving(&mut self) {
        let is_shown = self.panels.open_panel() == Some(Panel::Settings);
        let shown = &self.keeper.model().voice.arriving;
        if !is_shown && shown.is_empty() || is_shown && self.now < self.arriving_at {
            return;
        }
        self.arriving_at = self.now + ARRIVING_MICROS;
        let others = self.core.heard().iter().filter(|heard| is_shown && heard.way != VoiceWay::Back);
        self.keeper.set_arriving(others.map(arriving).collect());
    }

    /// Shows whether the place where the person is may be kept for the talk.
    fn show_talk_place(&mut self) {
        let place = self.core.talk_place();
        let is_shown = |shown: &TalkPlace| Some((shown.zone, shown.state)) == place;
        if self.keeper.model().talk.place.as_ref().map_or(place.is_none(), is_shown) {
            return;
        }
        let zones = self.core.manifest().map_or(&[][..], |manifest| &manifest.zones);
        let shown = place.and_then(|(id, state)| {
            let zone = zones.iter().find(|zone| zone.id == id)?;
            Some(TalkPlace { zone: id, name: zone.name.clone(), state })
        });
        self.keeper.set_talk_place(shown);
    }

    /// Lets voices sound in what is known of the building.
    pub(super) fn tell_building(&mut self) {
        if let Some(voice) = self.sounds.voice() {
            let spaces = if self.settings.audio.room_sound { self.acoustics.spaces() } else { Vec::new() };
            voice.building().set_spaces(spaces);
        }
    }

    fn microphone_model(&self) -> MicrophoneModel {
        let status = self.core.voice_status();
        let is_recorded = self.core.wants_to_be_recorded();
        let level = if is_recorded { self.core.own_level() } else { 0.0 };
        MicrophoneModel {
            state: self.core.own_microphone(),
            is_tried: self.core.tries_microphone(),
            earshot: status.earshot,
            zone: status.zone,
            hearers: status.hearers,
            level: (level * LEVEL_STEPS).round() as u8,
        }
    }

    /// How loud somebody is for this person, percent.
    pub(super) fn set_volume_of(&mut self, who: ParticipantId, percent: u8) {
        self.volumes.insert(who, percent);
        self.keeper.set_volumes(&self.volumes);
    }

    /// Records another microphone from now on: an open one is closed first.
    pub(super) fn choose_input(&mut self, input: Option<Output>) {
        if self.core.own_microphone() != OwnMicrophone::Closed {
            self.core.shut_microphone(Shut::DeviceGone);
        }
        self.settings.audio_input = input;
        self.save(None);
        self.keeper.set_settings(&self.settings, self.language);
    }
}

fn arriving(heard: &Speaking) -> Arriving {
    let tenths = |share: f32| (share * 1_000.0).round().clamp(0.0, 1_000.0) as u16;
    let stats = heard.said.stats;
    Arriving {
        who: heard.who,
        lost_tenths: tenths(heard.said.loss),
        guessed_tenths: tenths(stats.concealed as f32 / stats.frames.max(1) as f32),
        waits_ms: u16::try_from(stats.wait_micros / 1_000).unwrap_or(u16::MAX),
    }
}
