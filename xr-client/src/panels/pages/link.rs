//! Where a link of a text leads, before it is opened.

use super::frame;
use crate::panels::model::{Panel, PanelAction};
use crate::panels::theme::GAP;
use crate::panels::view::{Look, View};
use crate::panels::web_links::{WebLink, links_in};
use crate::panels::widgets::{self, ButtonKind};
use crate::panels::words::Value;
use egui::Ui;

/// Lines of an address that are shown; the rest of a longer one is told by its host.
const ADDRESS_LINES: u16 = 8;

/// The buttons for the links of a text, below it.
pub(super) fn buttons(view: &mut View<'_>, ui: &mut Ui, body: &str) {
    for link in links_in(body) {
        let text = view.tv("link-to", &[("host", Value::Text(&link.host()))]);
        if widgets::button(view, ui, &text, ButtonKind::Plain) {
            view.memory.asked_link = Some(link);
            view.memory.is_link_copied = false;
            view.memory.open(Panel::Link);
        }
    }
}

/// Asks before a link is opened.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let Some(link) = view.memory.asked_link.clone() else {
        view.memory.open(Panel::Texts);
        ui.ctx().request_repaint();
        return;
    };
    let name = view.t("link");
    frame::side(view, ui, &name, Some(Panel::Texts), |view, ui| {
        frame::scrolled(view, ui, "link", 0.0, false, |view, ui| {
            let leads = view.t("link-leads");
            widgets::label(view, ui, &leads, Look::BODY);
            widgets::heading(view, ui, &link.host(), Look::HEADING);
            let quiet = view.theme.quiet;
            widgets::label_colored(view, ui, link.address(), Look::SMALL.lines(ADDRESS_LINES), quiet);
            warnings(view, ui, &link);
            ui.add_space(GAP);
            choices(view, ui, &link);
        });
    });
}

fn warnings(view: &mut View<'_>, ui: &mut Ui, link: &WebLink) {
    let letters = link.letters().map(|name| view.tv("link-letters", &[("name", Value::Text(name))]));
    let hides = link.hides().then(|| view.t("link-hides"));
    let warning = view.theme.warning;
    for text in letters.into_iter().chain(hides) {
        ui.add_space(GAP);
        widgets::label_colored(view, ui, &text, Look::BODY, warning);
    }
}

fn choices(view: &mut View<'_>, ui: &mut Ui, link: &WebLink) {
    let copy = if view.memory.is_link_copied { "invite-copied" } else { "link-copy" };
    let (cancel, copy, open) = (view.t("cancel"), view.t(copy), view.t("link-open"));
    ui.horizontal_wrapped(|ui| {
        // The first has the focus: Enter that is pressed once too often opens nothing.
        if widgets::button(view, ui, &cancel, ButtonKind::Plain) {
            view.memory.open(Panel::Texts);
        }
        if widgets::button(view, ui, &copy, ButtonKind::Plain) {
            ui.ctx().copy_text(link.address().to_owned());
            view.memory.is_link_copied = true;
        }
        if widgets::button(view, ui, &open, ButtonKind::Primary) {
            view.actions.push(PanelAction::OpenLink(link.clone()));
            view.memory.open(Panel::Texts);
        }
    });
}
