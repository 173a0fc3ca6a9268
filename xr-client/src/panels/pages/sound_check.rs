//! Whether one hears and is heard: devices, a meter, and one's own voice by way of the server. On the start page, from the menu,
//! and from the microphone's sign.

use super::{audio, frame, microphone};
use crate::panels::model::{Panel, PanelAction, Stage};
use crate::panels::theme::{GAP, SPACE};
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, ButtonKind};
use crate::sound::Sound;
use egui::Ui;

/// Shows the page: a card before entry, a panel inside.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let name = view.t("sound-check");
    if view.model.stage == Stage::Inside {
        return frame::side(view, ui, &name, Some(Panel::Menu), |view, ui| {
            frame::scrolled(view, ui, "sound-check", 0.0, false, check);
        });
    }
    frame::card(view, ui, |view, ui| {
        widgets::heading(view, ui, &name, Look::HEADING);
        check(view, ui);
        let back = view.t("back");
        if widgets::button(view, ui, &back, ButtonKind::Primary) {
            view.memory.open = None;
        }
    });
}

fn check(view: &mut View<'_>, ui: &mut Ui) {
    let (hint, quiet) = (view.t("sound-check-hint"), view.theme.quiet);
    widgets::label_colored(view, ui, &hint, Look::SMALL, quiet);
    ui.add_space(GAP);
    audio::output(view, ui);
    let listen = view.t("sound-check-listen");
    if widgets::button(view, ui, &listen, ButtonKind::Plain) {
        view.actions.push(PanelAction::PlaySample(Sound::ToMe));
    }
    ui.add_space(SPACE - GAP);
    microphone::inputs(view, ui);
    microphone::try_out(view, ui);
}

/// Whoever goes elsewhere does not hear themselves on.
pub(crate) fn end_try(view: &mut View<'_>) {
    let is_shown = matches!(view.memory.open, Some(Panel::SoundCheck | Panel::Settings));
    if view.model.voice.microphone.is_tried && !is_shown {
        view.actions.push(PanelAction::TryMicrophone(false));
    }
}
