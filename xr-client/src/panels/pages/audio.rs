//! The settings of sound: which sounds, how loud, in one ear as in both, and where.

use super::microphone;
use super::settings::{caption, change, steps};
use crate::panels::model::{PanelAction, PanelSettings};
use crate::panels::theme::{GAP, SPACE};
use crate::panels::view::View;
use crate::panels::widgets::{self, Icon};
use crate::panels::words::Value;
use crate::sound::{AudioSettings, Group, MAX_VOLUME};
use egui::Ui;

/// How far one press changes the volume, percent.
const VOLUME_STEP: i16 = 10;

pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let audio = view.model.settings.audio;
    if switch(view, ui, "settings-sounds", audio.sounds) {
        set(view, AudioSettings { sounds: !audio.sounds, ..audio });
    }
    ui.add_space(SPACE - GAP);
    if audio.sounds {
        volume(view, ui);
        kinds(view, ui);
    }
    output(view, ui);
    if switch(view, ui, "settings-mono", audio.mono) {
        set(view, AudioSettings { mono: !audio.mono, ..audio });
    }
    ui.add_space(SPACE - GAP);
    microphone::settings(view, ui);
}

/// Asks for these settings of sound.
pub(super) fn set(view: &mut View<'_>, audio: AudioSettings) {
    change(view, PanelSettings { audio, ..view.model.settings });
}

/// A setting that is on or off; whether it was pressed.
pub(super) fn switch(view: &mut View<'_>, ui: &mut Ui, key: &str, is_on: bool) -> bool {
    let text = view.t(key);
    let width = ui.available_width();
    widgets::toggle(view, ui, &text, is_on, width)
}

fn volume(view: &mut View<'_>, ui: &mut Ui) {
    caption(view, ui, "settings-volume");
    let audio = view.model.settings.audio;
    let volume = stepped(view, ui, audio.volume, ["settings-volume-less", "settings-volume-more"]);
    set(view, AudioSettings { volume, ..audio });
}

/// A volume in percent with its two steps; what it is after them.
pub(super) fn stepped(view: &mut View<'_>, ui: &mut Ui, volume: u8, less_and_more: [&str; 2]) -> u8 {
    let text = view.tv("percent", &[("value", Value::Count(usize::from(volume)))]);
    let steps = steps(view, ui, &text, less_and_more);
    (i16::from(volume) + VOLUME_STEP * i16::from(steps)).clamp(0, i16::from(MAX_VOLUME)) as u8
}

/// Each kind of sound can be switched, and heard.
fn kinds(view: &mut View<'_>, ui: &mut Ui) {
    caption(view, ui, "settings-sound-kinds");
    for group in Group::ALL {
        let audio = view.model.settings.audio;
        let name = view.t(key(group));
        let listen = view.tv("settings-sound-sample", &[("sound", Value::Text(&name))]);
        ui.horizontal(|ui| {
            let width = ui.available_width() - widgets::square_side(view) - ui.spacing().item_spacing.x;
            if widgets::toggle(view, ui, &name, audio.plays(group), width) {
                set(view, audio.toggled(group));
            }
            if widgets::square(view, ui, Icon::Sound, &listen) {
                view.actions.push(PanelAction::PlaySample(group.sample()));
            }
        });
    }
    ui.add_space(SPACE - GAP);
}

/// The name of sounds that are switched together.
pub(crate) fn key(group: Group) -> &'static str {
    match group {
        Group::ToMe => "settings-sound-to-me",
        Group::ToRoom => "settings-sound-to-room",
        Group::Order => "settings-sound-order",
        Group::Hands => "settings-sound-hands",
        Group::Connection => "settings-sound-connection",
    }
}

/// The outputs that are there, and the chosen one even if it is not.
pub(super) fn output(view: &mut View<'_>, ui: &mut Ui) {
    caption(view, ui, "settings-output");
    let model = view.model;
    let chosen = model.output.as_ref();
    let missing = chosen.filter(|chosen| !model.outputs.iter().any(|output| output.id == chosen.id));
    let gone =
        missing.map(|output| view.tv("settings-output-gone", &[("output", Value::Text(&output.name))]));
    let default = view.t("settings-output-default");
    ui.horizontal_wrapped(|ui| {
        if widgets::choice(view, ui, &default, chosen.is_none()) && chosen.is_some() {
            view.actions.push(PanelAction::ChooseOutput(None));
        }
        for output in &model.outputs {
            let is_chosen = chosen.is_some_and(|chosen| chosen.id == output.id);
            if widgets::choice(view, ui, &output.name, is_chosen) && !is_chosen {
                view.actions.push(PanelAction::ChooseOutput(Some(output.clone())));
            }
        }
        if let Some(name) = &gone {
            widgets::choice(view, ui, name, true);
        }
    });
    ui.add_space(SPACE - GAP);
}
