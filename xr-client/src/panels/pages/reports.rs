//! Reports that wait for an answer, on the page of those who keep order.

use super::person::quote;
use crate::input::OrderCommand;
use crate::panels::memory::report_field;
use crate::panels::model::PanelAction;
use crate::panels::order_model::ReportView;
use crate::panels::theme::{GAP, SPACE};
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, ButtonKind, FieldSpec, Icon, Row};
use crate::panels::words::Value;
use egui::Ui;
use venue_model::BoundedText;

/// Shows the open reports; nothing when there are none.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let model = view.model;
    if model.order.reports.is_empty() {
        return;
    }
    let title = view.t("reports");
    widgets::heading(view, ui, &title, Look::STRONG);
    for report in &model.order.reports {
        let title = title_of(view, report);
        let row = Row { icon: Some(Icon::Text), title: &title, note: &report.words, ..Row::default() };
        let is_open = view.memory.answering.as_ref().is_some_and(|(open, _)| *open == report.report);
        if widgets::row(view, ui, row) {
            view.memory.answering = (!is_open).then(|| (report.report, report_field()));
        }
        if view.memory.answering.as_ref().is_some_and(|(open, _)| *open == report.report) {
            whole(view, ui, report);
        }
    }
    ui.add_space(SPACE - GAP);
}

fn title_of(view: &View<'_>, report: &ReportView) -> String {
    let by = named(view, &report.by, &report.by_delegation);
    let about = named(view, &report.about, &report.about_delegation);
    view.tv("report-title", &[("by", Value::Text(&by)), ("about", Value::Text(&about))])
}

fn named(view: &View<'_>, name: &str, delegation: &str) -> String {
    match (name.is_empty(), delegation.is_empty()) {
        (true, _) => view.t("texts-somebody"),
        (_, true) => name.to_owned(),
        _ => view.tv("person", &[("name", Value::Text(name)), ("delegation", Value::Text(delegation))]),
    }
}

/// Everything that the report says, and a field for the answer.
fn whole(view: &mut View<'_>, ui: &mut Ui, report: &ReportView) {
    let room = view.model.rooms.iter().find(|room| Some(room.id) == report.room);
    let place = room.map_or("", |room| view.localized(&room.name)).to_owned();
    let moment = view.model.zone.moment(report.at);
    let moment = moment.map(|at| [view.words.day(at.date()), view.words.time(at.time())]);
    let head: Vec<String> =
        moment.into_iter().flatten().chain((!place.is_empty()).then_some(place)).collect();
    let quiet = view.theme.quiet;
    widgets::label_colored(view, ui, &head.join(" · "), Look::SMALL, quiet);
    widgets::label(view, ui, &report.words, Look::BODY);
    for line in &report.quotes {
        let name = if line.by_reporter { &report.by } else { &report.about };
        quote(view, ui, name, &line.body);
    }
    if let Some(person) = report.participant {
        let act = view.t("report-act");
        if widgets::button(view, ui, &act, ButtonKind::Plain) {
            view.memory.moderated = Some(person);
        }
    }
    let Some((id, mut field)) = view.memory.answering.take() else { return };
    let hint = view.tv("report-answer-hint", &[("by", Value::Text(&report.by))]);
    let spec = FieldSpec { id: "answer", hint: &hint, max_lines: 3, take_focus: false };
    widgets::field(view, ui, &mut field, spec);
    let answer = view.t("report-answer");
    let words = field.text().trim().to_owned();
    if widgets::button(view, ui, &answer, ButtonKind::Primary) && !words.is_empty() {
        view.actions.push(PanelAction::Order(OrderCommand::Answer(id, BoundedText::lossy(&words))));
        return;
    }
    view.memory.answering = Some((id, field));
}
