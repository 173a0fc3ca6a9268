//! The start page: language, last venue, a link or code, hosting, privacy.

use super::frame;
use crate::panels::model::{Panel, PanelAction, Problem};
use crate::panels::text::field::FieldInput;
use crate::panels::theme::{GAP, SPACE, TextSize};
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, ButtonKind, FieldSpec, Icon, Row};
use crate::panels::words::Value;
use egui::{Stroke, StrokeKind, Ui, vec2};
use venue_model::Language;

/// Shows the start page, with what went wrong the last time.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui, problem: Option<&Problem>) {
    frame::card(view, ui, |view, ui| {
        let title = Look { size: TextSize::Title, ..Look::HEADING };
        let name = view.t("product-name");
        widgets::heading(view, ui, &name, title);
        let line = view.t("product-line");
        let quiet = view.theme.quiet;
        widgets::label_colored(view, ui, &line, Look::BODY, quiet);
        ui.add_space(GAP);
        languages(view, ui);
        ui.add_space(SPACE - GAP);
        if let Some(problem) = problem {
            let text = view.words.problem(problem);
            alert(view, ui, &text);
        }
        last_venue(view, ui);
        link(view, ui);
        ui.add_space(GAP);
        widgets::rule(view, ui);
        ui.add_space(GAP);
        foot(view, ui);
    });
}

/// A sentence about what went wrong, in a frame of its own.
pub(crate) fn alert(view: &mut View<'_>, ui: &mut Ui, text: &str) {
    let width = ui.available_width();
    let shaped = view.shape(ui, text, Look::BODY, Some(width - 28.0));
    let size = vec2(width, shaped.height / ui.pixels_per_point() + 24.0);
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::hover());
    let theme = view.theme;
    ui.painter().rect(rect, 9.0, theme.well, Stroke::new(theme.line, theme.warning), StrokeKind::Inside);
    view.draw_in(ui, &shaped, rect.shrink2(vec2(14.0, 0.0)), theme.text);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Alert, true, text));
    ui.add_space(GAP);
}

fn languages(view: &mut View<'_>, ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        for language in Language::ALL {
            let chosen = view.model.settings.language == language;
            if widgets::choice(view, ui, language.endonym(), chosen) && !chosen {
                let settings = crate::panels::model::PanelSettings { language, ..view.model.settings };
                view.actions.push(PanelAction::ChangeSettings(settings));
            }
        }
    });
}

fn last_venue(view: &mut View<'_>, ui: &mut Ui) {
    let Some(last) = &view.model.last_venue else { return };
    let caption = view.t("start-last");
    widgets::label(view, ui, &caption, Look::STRONG);
    let title = if last.title.is_empty() { &last.host } else { &last.title };
    let note = if last.title.is_empty() { "" } else { last.host.as_str() };
    let enter = view.t("start-enter");
    let row = Row { icon: Some(Icon::Room), title, note, end: &enter, chosen: true, ..Row::default() };
    if widgets::row(view, ui, row) {
        view.actions.push(PanelAction::ConnectLast);
    }
    ui.add_space(SPACE - GAP);
}

fn link(view: &mut View<'_>, ui: &mut Ui) {
    let caption = view.t("start-link");
    widgets::label(view, ui, &caption, Look::STRONG);
    let hint = view.t("start-link-hint");
    let spec = FieldSpec { id: "link", hint: &hint, max_lines: 4, take_focus: false };
    let mut field = std::mem::take(&mut view.memory.link);
    let answer = widgets::field(view, ui, &mut field, spec);
    let written = field.text();
    view.memory.link = field;
    let enter = view.t("start-enter-venue");
    ui.horizontal(|ui| {
        let pressed = widgets::button(view, ui, &enter, ButtonKind::Primary);
        if pressed || answer.submitted {
            view.actions.push(PanelAction::Connect(written.trim().to_owned()));
        }
        if !written.is_empty() {
            let clear = view.t("start-clear");
            if widgets::button(view, ui, &clear, ButtonKind::Plain) {
                view.memory.link.apply(view.engine, FieldInput::SelectAll);
                view.memory.link.apply(view.engine, FieldInput::Backspace { word: false });
            }
        }
    });
}

fn foot(view: &mut View<'_>, ui: &mut Ui) {
    let quiet = view.theme.quiet;
    let (title, note) = (view.t("avatar"), view.t("start-avatar-note"));
    let row = Row { icon: Some(Icon::Person), title: &title, note: &note, ..Row::default() };
    if widgets::row(view, ui, row) {
        view.memory.open(Panel::Avatar);
    }
    let title = view.t("sound-check");
    if widgets::row(view, ui, Row { icon: Some(Icon::Sound), title: &title, ..Row::default() }) {
        view.memory.open(Panel::SoundCheck);
    }
    if view.model.can_host {
        let (title, note) = match view.model.hosts {
            true => (view.t("start-host-back"), view.t("start-host-back-note")),
            false => (view.t("start-host"), view.t("start-host-note")),
        };
        let row = Row { icon: Some(Icon::More), title: &title, note: &note, ..Row::default() };
        if widgets::row(view, ui, row) {
            view.actions.push(PanelAction::HostHere);
        }
    }
    let privacy = view.t("start-privacy");
    widgets::label_colored(view, ui, &privacy, Look::SMALL, quiet);
    let (read, quit) = (view.t("start-privacy-read"), view.t("start-quit"));
    ui.horizontal_wrapped(|ui| {
        if widgets::button(view, ui, &read, ButtonKind::Plain) {
            view.actions.push(PanelAction::OpenPrivacyNotice);
        }
        if widgets::button(view, ui, &quit, ButtonKind::Plain) {
            view.actions.push(PanelAction::Quit);
        }
    });
    let version = view.tv("start-version", &[("version", Value::Text(env!("CARGO_PKG_VERSION")))]);
    widgets::label_colored(view, ui, &version, Look::SMALL, quiet);
}
