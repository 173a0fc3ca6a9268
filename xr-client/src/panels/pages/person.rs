//! One person: who they are, where, and everything that one can do with, or against, them.

use super::frame;
use super::people::{full_name, notes_of};
use super::settings::{caption, steps};
use crate::core::safety::quotable;
use crate::input::OrderCommand;
use crate::panels::memory::Reporting;
use crate::panels::model::{Conversation, Destination, Panel, PanelAction, Person, TextLine};
use crate::panels::theme::{GAP, SPACE};
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, ButtonKind, FieldSpec, Icon, Row};
use crate::panels::words::Value;
use egui::Ui;
use venue_model::{BoundedText, ParticipantId};

/// How far one press changes a person's volume, what it is at first, and what it is at most, percent.
const VOLUME_STEP: i16 = 25;
const AS_SPOKEN: u8 = 100;
const LOUDEST: u8 = 200;

/// Shows the person whose page was opened.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let model = view.model;
    let wanted = view.memory.person;
    let person = model.people.iter().find(|person| Some(person.participant.id) == wanted);
    let person = person.filter(|person| person.room.is_some());
    let title = person.map_or_else(|| view.t("people"), |person| full_name(view, &person.participant));
    frame::side(view, ui, &title, Some(Panel::People), |view, ui| {
        let Some(person) = person else {
            let gone = view.t("person-gone");
            widgets::label(view, ui, &gone, Look::BODY);
            return;
        };
        let (notes, quiet) = (notes_of(view, person), view.theme.quiet);
        widgets::label_colored(view, ui, &notes, Look::SMALL, quiet);
        ui.add_space(GAP);
        frame::scrolled(view, ui, "person", 0.0, false, |view, ui| {
            company(view, ui, person);
            ui.add_space(SPACE - GAP);
            volume(view, ui, person.participant.id);
            safety(view, ui, person.participant.id);
        });
    });
}

/// What one does with somebody.
fn company(view: &mut View<'_>, ui: &mut Ui, person: &Person) {
    let id = person.participant.id;
    super::talk::offer(view, ui, id);
    if action(view, ui, Icon::Text, "person-write") {
        view.memory.write_to(Conversation::Person(id));
    }
    let model = view.model;
    let room = model.rooms.iter().find(|room| Some(room.id) == person.room);
    let is_open = room.is_some_and(|room| room.open || Some(room.id) == model.room);
    if is_open && action(view, ui, Icon::Place, "people-go") {
        view.actions.push(PanelAction::GoTo(Destination::Person(id)));
        view.memory.open = None;
    }
    if !is_open {
        let (closed, quiet) = (view.t("person-closed"), view.theme.quiet);
        widgets::label_colored(view, ui, &closed, Look::SMALL, quiet);
    }
    let here = model.rooms.iter().find(|room| Some(room.id) == model.room);
    if let Some(here) = here.filter(|here| person.room != Some(here.id))
        && action(view, ui, Icon::Person, "person-invite")
    {
        let room = view.localized(&here.name).to_owned();
        let body = view.tv("person-invite-text", &[("room", Value::Text(&room))]);
        view.actions.push(PanelAction::SendText { conversation: Conversation::Person(id), body });
        view.memory.write_to(Conversation::Person(id));
    }
    let may_moderate = model.order.keeps_order;
    if may_moderate && action(view, ui, Icon::Hand, "moderation") {
        view.memory.moderated = Some(id);
        view.memory.open(Panel::Moderation);
    }
}

fn action(view: &mut View<'_>, ui: &mut Ui, icon: Icon, key: &str) -> bool {
    let title = view.t(key);
    widgets::row(view, ui, Row { icon: Some(icon), title: &title, ..Row::default() })
}

/// How loud this person is for the user: nobody else hears a difference.
fn volume(view: &mut View<'_>, ui: &mut Ui, who: ParticipantId) {
    caption(view, ui, "person-volume");
    let percent = view.model.voice.volumes.get(&who).copied().unwrap_or(AS_SPOKEN);
    let text = view.tv("percent", &[("value", Value::Count(usize::from(percent)))]);
    let steps = steps(view, ui, &text, ["person-volume-less", "person-volume-more"]);
    let wanted = i16::from(percent) + VOLUME_STEP * i16::from(steps);
    let wanted = wanted.clamp(0, i16::from(LOUDEST)) as u8;
    if wanted != percent {
        view.actions.push(PanelAction::SetVolumeOf(who, wanted));
    }
}

/// What one does against somebody.
fn safety(view: &mut View<'_>, ui: &mut Ui, who: ParticipantId) {
    let title = view.t("safety");
    widgets::heading(view, ui, &title, Look::STRONG);
    let (explain, quiet) = (view.t("block-explain"), view.theme.quiet);
    let block = view.t("block");
    if widgets::button(view, ui, &block, ButtonKind::Warning) {
        view.actions.push(PanelAction::Order(OrderCommand::Block(who)));
        view.memory.open(Panel::People);
    }
    widgets::label_colored(view, ui, &explain, Look::SMALL, quiet);
    ui.add_space(SPACE - GAP);
    match view.memory.report.take() {
        Some(reporting) => write_report(view, ui, who, reporting),
        None => {
            let report = view.t("report");
            if widgets::button(view, ui, &report, ButtonKind::Warning) {
                view.memory.report = Some(Reporting::new());
            }
            let explain = view.t("report-explain");
            widgets::label_colored(view, ui, &explain, Look::SMALL, quiet);
        }
    }
}

fn write_report(view: &mut View<'_>, ui: &mut Ui, who: ParticipantId, mut reporting: Reporting) {
    let hint = view.t("report-words");
    let spec = FieldSpec { id: "report", hint: &hint, max_lines: 4, take_focus: false };
    widgets::field(view, ui, &mut reporting.words, spec);
    quotes(view, ui, who, &mut reporting);
    let words = reporting.words.text().trim().to_owned();
    let (mut is_sent, mut is_dropped) = (false, false);
    ui.horizontal_wrapped(|ui| {
        let (send, cancel) = (view.t("report-send"), view.t("cancel"));
        is_sent = widgets::button(view, ui, &send, ButtonKind::Primary) && !words.is_empty();
        is_dropped = widgets::button(view, ui, &cancel, ButtonKind::Plain);
    });
    if is_sent {
        let (words, with_texts) = (BoundedText::lossy(&words), reporting.with_texts);
        view.actions.push(PanelAction::Order(OrderCommand::Report { about: who, words, with_texts }));
    }
    if !is_sent && !is_dropped {
        view.memory.report = Some(reporting);
    }
}

/// The texts that would go with the report: only if the user says so, after reading them here.
fn quotes(view: &mut View<'_>, ui: &mut Ui, who: ParticipantId, reporting: &mut Reporting) {
    let model = view.model;
    let lines: Vec<&TextLine> = quotable(model.texts.iter(), who);
    if lines.is_empty() {
        return;
    }
    let offered = [(false, view.t("report-without-texts")), (true, view.t("report-with-texts"))];
    ui.horizontal_wrapped(|ui| {
        for (value, text) in &offered {
            if widgets::choice(view, ui, text, reporting.with_texts == *value) {
                reporting.with_texts = *value;
            }
        }
    });
    if reporting.with_texts {
        for line in lines {
            let name = super::texts::writer_name(view, line.from);
            quote(view, ui, &name, &line.body);
        }
    }
}

/// One quoted text.
pub(super) fn quote(view: &mut View<'_>, ui: &mut Ui, name: &str, words: &str) {
    let text = view.tv("report-quote", &[("name", Value::Text(name)), ("words", Value::Text(words))]);
    let quiet = view.theme.quiet;
    widgets::label_colored(view, ui, &text, Look::SMALL, quiet);
}
