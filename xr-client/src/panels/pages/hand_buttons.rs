//! What the buttons of controllers do, and how that is changed: press a row, then the button.
//!
//! Presses never come here: whoever has the headset hands them to the client while one is waited for.

use super::settings::change;
use crate::input::hand_buttons::{HandButtons, HandDeed};
use crate::panels::model::{PanelAction, PanelSettings};
use crate::panels::theme::GAP;
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, ButtonKind, Row};
use egui::Ui;
use egui::accesskit::Role;

/// Shows every deed with its buttons.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let caption = view.t("settings-buttons");
    widgets::heading(view, ui, &caption, Look::STRONG);
    let (note, quiet) = (view.t("settings-buttons-note"), view.theme.quiet);
    widgets::label_colored(view, ui, &note, Look::SMALL, quiet);
    for deed in HandDeed::ALL {
        entry(view, ui, deed);
    }
    if view.model.settings.comfort.buttons != HandButtons::default() {
        let text = view.t("settings-buttons-reset");
        if widgets::button(view, ui, &text, ButtonKind::Plain) {
            let mut settings: PanelSettings = view.model.settings;
            settings.comfort.buttons = HandButtons::default();
            change(view, settings);
        }
    }
    ui.add_space(GAP);
}

/// The buttons of a deed, as people call them.
pub(super) fn names(view: &View<'_>, deed: HandDeed) -> String {
    let buttons = view.model.settings.comfort.buttons;
    let names: Vec<String> = buttons.buttons_of(deed).map(|button| view.t(button.key())).collect();
    if names.is_empty() { view.t("settings-buttons-none") } else { names.join(" · ") }
}

fn entry(view: &mut View<'_>, ui: &mut Ui, deed: HandDeed) {
    let changing = view.model.button_change.filter(|change| change.deed == deed);
    let title = view.t(deed.key());
    let note = if changing.is_some() { view.t("settings-buttons-press") } else { names(view, deed) };
    let row = Row { title: &title, note: &note, chosen: changing.is_some(), ..Row::default() };
    if widgets::row(view, ui, row) {
        view.actions.push(PanelAction::ChangeButton(deed));
    }
    let Some(changing) = changing else { return };
    if changing.is_refused {
        let (told, warning) = (view.t("settings-buttons-refused"), view.theme.warning);
        let response = widgets::label_colored(view, ui, &told, Look::BODY, warning);
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_role(Role::Alert));
    }
    let text = view.t("cancel");
    if widgets::button(view, ui, &text, ButtonKind::Plain) {
        view.actions.push(PanelAction::KeepButtons);
    }
}
