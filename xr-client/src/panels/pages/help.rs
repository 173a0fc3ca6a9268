//! Keys and advice.

use super::{frame, tour};
use crate::panels::model::Panel;
use crate::panels::theme::GAP;
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, ButtonKind, Row};
use egui::Ui;

/// Shows what the keys do.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let name = view.t("help");
    frame::side(view, ui, &name, Some(Panel::Menu), |view, ui| {
        frame::scrolled(view, ui, "help", 0.0, false, |view, ui| {
            for key in ["help-move", "help-panels", "help-seat"] {
                let text = view.t(key);
                widgets::label(view, ui, &text, Look::BODY);
                ui.add_space(GAP);
            }
            let again = view.t("tour-again");
            if widgets::button(view, ui, &again, ButtonKind::Plain) {
                tour::want(view, true);
                view.memory.open = None;
            }
            ui.add_space(GAP);
            keys(view, ui);
        });
    });
}

/// What each key does, as bound now.
fn keys(view: &mut View<'_>, ui: &mut Ui) {
    let caption = view.t("help-keys");
    widgets::heading(view, ui, &caption, Look::STRONG);
    ui.spacing_mut().item_spacing.y = 0.0;
    for hint in view.model.keys.iter().filter(|hint| !hint.keys.is_empty()) {
        let title = view.t(hint.deed.key());
        let caps = view.words.caps(hint);
        widgets::row(view, ui, Row { title: &title, end: &caps, still: true, ..Row::default() });
        widgets::rule(view, ui);
    }
}
