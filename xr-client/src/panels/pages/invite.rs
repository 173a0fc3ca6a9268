//! Links for others into the venue that is hosted on this computer.

use super::frame;
use crate::panels::model::Panel;
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, Icon, Row};
use egui::Ui;

/// Shows a row for each link, which copies it.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let name = view.t("invite");
    frame::side(view, ui, &name, Some(Panel::Menu), |view, ui| {
        let line = view.t("invite-line");
        let quiet = view.theme.quiet;
        widgets::label_colored(view, ui, &line, Look::SMALL, quiet);
        let model = view.model;
        frame::scrolled(view, ui, "invite", 0.0, false, |view, ui| {
            for (place, invite) in model.invites.iter().enumerate() {
                let is_copied = view.memory.copied == Some(place);
                let end = view.t(if is_copied { "invite-copied" } else { "invite-copy" });
                let icon = if is_copied { Icon::Check } else { Icon::Person };
                let row = Row { icon: Some(icon), title: &invite.name, end: &end, ..Row::default() };
                if widgets::row(view, ui, row) {
                    ui.ctx().copy_text(invite.link.clone());
                    view.memory.copied = Some(place);
                }
            }
        });
    });
}
