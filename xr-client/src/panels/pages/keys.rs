//! Which key does what, and how that is changed: press a row, then the key.
//!
//! The keys themselves never come here: whoever has the window hands them to the client while one is waited for.

use crate::panels::model::{KeyHint, KeyStep, PanelAction};
use crate::panels::theme::{GAP, SPACE};
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, ButtonKind, Row};
use crate::panels::words::Value;
use egui::Ui;
use egui::accesskit::Role;

/// Shows every deed with its keys.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let caption = view.t("help-keys");
    widgets::heading(view, ui, &caption, Look::STRONG);
    let note = view.t("settings-keys-note");
    let quiet = view.theme.quiet;
    widgets::label_colored(view, ui, &note, Look::SMALL, quiet);
    ui.spacing_mut().item_spacing.y = GAP * 0.5;
    for hint in &view.model.keys {
        entry(view, ui, hint);
    }
    if view.model.keys.iter().any(|hint| hint.is_changed) {
        ui.add_space(SPACE - GAP);
        let text = view.t("settings-keys-reset-all");
        if widgets::button(view, ui, &text, ButtonKind::Plain) {
            view.actions.push(PanelAction::ResetKeys(None));
        }
    }
    ui.add_space(GAP);
}

fn entry(view: &mut View<'_>, ui: &mut Ui, hint: &KeyHint) {
    let step = view.model.key_change.as_ref().filter(|change| change.deed == hint.deed);
    let step = step.map(|change| &change.step);
    let title = view.t(hint.deed.key());
    let end = match step {
        Some(KeyStep::Press | KeyStep::Refused) => view.t("settings-keys-press"),
        Some(KeyStep::Taken { key, .. }) => view.words.cap(key),
        None if hint.keys.is_empty() => view.t("settings-keys-none"),
        None => view.words.caps(hint),
    };
    let row = Row { title: &title, end: &end, chosen: step.is_some(), ..Row::default() };
    if widgets::row(view, ui, row) {
        view.actions.push(PanelAction::ChangeKey(hint.deed));
    }
    if let Some(step) = step {
        answer(view, ui, hint, step);
    }
}

/// What can be said while a key is changed.
fn answer(view: &mut View<'_>, ui: &mut Ui, hint: &KeyHint, step: &KeyStep) {
    let told = match step {
        KeyStep::Press => None,
        KeyStep::Refused => Some(view.t("settings-keys-refused")),
        KeyStep::Taken { key, by } => {
            let (key, deed) = (view.words.cap(key), view.t(by.key()));
            let values = [("key", Value::Text(&key)), ("deed", Value::Text(&deed))];
            Some(view.tv("settings-keys-taken", &values))
        }
    };
    if let Some(told) = told {
        let warning = view.theme.warning;
        let response = widgets::label_colored(view, ui, &told, Look::BODY, warning);
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_role(Role::Alert));
    }
    ui.horizontal_wrapped(|ui| {
        if matches!(step, KeyStep::Taken { .. }) {
            let text = view.t("settings-keys-take");
            if widgets::button(view, ui, &text, ButtonKind::Plain) {
                view.actions.push(PanelAction::TakeKey);
            }
        }
        if hint.is_changed {
            let text = view.t("settings-keys-reset");
            if widgets::button(view, ui, &text, ButtonKind::Plain) {
                view.actions.push(PanelAction::ResetKeys(Some(hint.deed)));
            }
        }
        let text = view.t("cancel");
        if widgets::button(view, ui, &text, ButtonKind::Plain) {
            view.actions.push(PanelAction::KeepKeys);
        }
    });
    ui.add_space(GAP);
}
