//! Really leave?

use super::frame;
use crate::panels::model::{Panel, PanelAction};
use crate::panels::theme::GAP;
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, ButtonKind};
use egui::Ui;

/// Asks before the venue is left.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let name = view.t("leave");
    frame::side(view, ui, &name, Some(Panel::Menu), |view, ui| {
        let text = view.t("leave-sure");
        widgets::label(view, ui, &text, Look::BODY);
        ui.add_space(GAP);
        let (stay, leave, quit) = (view.t("leave-stay"), view.t("leave-yes"), view.t("leave-quit"));
        ui.horizontal_wrapped(|ui| {
            if widgets::button(view, ui, &stay, ButtonKind::Primary) {
                view.memory.open = None;
            }
            if widgets::button(view, ui, &leave, ButtonKind::Warning) {
                view.actions.push(PanelAction::Leave);
                view.memory.open = None;
            }
            if widgets::button(view, ui, &quit, ButtonKind::Warning) {
                view.actions.push(PanelAction::Quit);
            }
        });
    });
}
