//! The private talk that the user is in: who hears and reads, the code to compare, what is written, the way out. And the slip
//! by which somebody asks for one.

use super::people::full_name;
use super::texts::{Balloon, balloon};
use super::{frame, texts};
use crate::core::talking::TalkCommand;
use crate::input::OrderCommand;
use crate::panels::model::{Panel, PanelAction};
use crate::panels::talk_model::{CurrentTalk, PlaceState, TalkLine};
use crate::panels::text::field::FieldInput;
use crate::panels::theme::{GAP, SPACE};
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, ButtonKind, FieldSpec, Icon, Row};
use crate::panels::words::Value;
use egui::Ui;
use private_talk::Compared;
use venue_model::ParticipantId;
use venue_model::text::MessageBody;
use venue_protocol::TalkAnswer;

/// Shows the talk. When it is over the page says so and keeps the keyboard: what is being written then goes nowhere else.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let name = view.t("talk");
    frame::side(view, ui, &name, Some(Panel::Menu), |view, ui| {
        let Some(talk) = &view.model.talk.current else {
            let over = view.t("talk-over");
            widgets::label(view, ui, &over, Look::BODY);
            return;
        };
        // Who hears is in sight wherever one has scrolled to.
        let names = names(view).unwrap_or_default();
        let private = view.tv("hearers-private", &[("names", Value::Text(&names))]);
        widgets::label(view, ui, &private, Look::STRONG);
        let scale = ui.pixels_per_point();
        let draft = &view.memory.talk_draft;
        let writing = (draft.height() / scale).min(4.0 * draft.line_height() / scale);
        let field = if talk.has_begun { writing + view.theme.row_height() + 4.0 * GAP } else { 0.0 };
        let below = field + view.theme.row_height() + 2.0 * GAP;
        frame::scrolled(view, ui, "talk", below, true, |view, ui| {
            let (hint, quiet) = (view.t("talk-hint"), view.theme.quiet);
            widgets::label_colored(view, ui, &hint, Look::SMALL, quiet);
            members(view, ui, talk);
            if talk.has_begun {
                code(view, ui, talk);
                widgets::rule(view, ui);
                lines(view, ui, talk);
            }
        });
        if talk.has_begun {
            write(view, ui);
        }
        frame::foot(view, ui, leave);
    });
}

fn leave(view: &mut View<'_>, ui: &mut Ui) {
    let title = view.t("talk-leave");
    if widgets::row(view, ui, Row { icon: Some(Icon::Leave), title: &title, ..Row::default() }) {
        ask_for(view, TalkCommand::Leave);
        view.memory.open = None;
    }
}

fn ask_for(view: &mut View<'_>, command: TalkCommand) {
    view.actions.push(PanelAction::Talk(command));
}

/// Who is in, who is asked, and a way to ask another.
fn members(view: &mut View<'_>, ui: &mut Ui, talk: &CurrentTalk) {
    let title = view.t("talk-members");
    widgets::heading(view, ui, &title, Look::STRONG);
    for (who, compared) in &talk.others {
        let note = view.t(match compared {
            Compared::Not => "talk-not-compared",
            Compared::ByMe => "talk-compared-by-me",
            Compared::ByThem => "talk-compared-by-them",
            Compared::ByBoth => "talk-compared",
        });
        if person(view, ui, *who, &note) {
            view.memory.open_person(*who);
        }
    }
    if !talk.has_begun {
        let (text, quiet) = (view.t("talk-coming-in"), view.theme.quiet);
        widgets::label_colored(view, ui, &text, Look::SMALL, quiet);
    }
    for who in &talk.asked {
        let note = view.t("talk-asked");
        if person(view, ui, *who, &note) {
            view.memory.open_person(*who);
        }
    }
    place(view, ui);
    let title = view.t("talk-invite");
    if widgets::row(view, ui, Row { icon: Some(Icon::More), title: &title, ..Row::default() }) {
        view.memory.open(Panel::People);
    }
}

/// The table or booth where one is can be kept for the talk, or given back.
fn place(view: &mut View<'_>, ui: &mut Ui) {
    let Some(place) = &view.model.talk.place else { return };
    let (key, is_kept) = match place.state {
        PlaceState::Free => ("talk-keep", true),
        PlaceState::Ours => ("talk-give-back", false),
        PlaceState::Others => return,
    };
    let title = view.tv(key, &[("place", Value::Text(view.localized(&place.name)))]);
    if widgets::row(view, ui, Row { icon: Some(Icon::Shield), title: &title, ..Row::default() }) {
        ask_for(view, TalkCommand::Keep { zone: place.zone, is_kept });
    }
}

fn person(view: &mut View<'_>, ui: &mut Ui, who: ParticipantId, note: &str) -> bool {
    let person = view.model.people.iter().find(|person| person.participant.id == who);
    let title = texts::writer_name(view, who);
    let flag = person.map_or("", |person| person.participant.delegation.as_str());
    widgets::row(view, ui, Row { flag, icon: Some(Icon::Person), title: &title, note, ..Row::default() })
}

/// The code, and a button for each of those with whom it has not been compared.
fn code(view: &mut View<'_>, ui: &mut Ui, talk: &CurrentTalk) {
    ui.add_space(SPACE - GAP);
    let title = view.t("talk-code");
    widgets::heading(view, ui, &title, Look::STRONG);
    let quiet = view.theme.quiet;
    let Some(code) = &talk.code else {
        let waits = view.t("talk-code-waits");
        widgets::label_colored(view, ui, &waits, Look::SMALL, quiet);
        return;
    };
    // Digits stand in their order whichever way the language runs.
    widgets::label(view, ui, &format!("\u{2066}{code}\u{2069}"), Look::HEADING);
    let hint = view.t("talk-code-hint");
    widgets::label_colored(view, ui, &hint, Look::SMALL, quiet);
    for (who, compared) in &talk.others {
        if !matches!(compared, Compared::Not | Compared::ByThem) {
            continue;
        }
        let name = texts::writer_name(view, *who);
        let same = view.tv("talk-same", &[("name", Value::Text(&name))]);
        if widgets::button(view, ui, &same, ButtonKind::Plain) {
            ask_for(view, TalkCommand::Confirm(*who));
        }
    }
}

fn lines(view: &mut View<'_>, ui: &mut Ui, talk: &CurrentTalk) {
    if talk.lines.is_empty() {
        let (text, quiet) = (view.t("talk-none-written"), view.theme.quiet);
        widgets::label_colored(view, ui, &text, Look::BODY, quiet);
    }
    for line in &talk.lines {
        let is_own = view.model.own == Some(line.from);
        let head = head(view, line, is_own);
        balloon(view, ui, Balloon { head: &head, body: &line.body, is_own });
    }
}

fn head(view: &View<'_>, line: &TalkLine, is_own: bool) -> String {
    match (is_own, line.is_delivered) {
        (false, _) => texts::writer_name(view, line.from),
        (true, true) => view.t("talk-sent"),
        (true, false) => view.t("talk-on-its-way"),
    }
}

fn write(view: &mut View<'_>, ui: &mut Ui) {
    let hint = view.t("talk-write");
    let take_focus = view.memory.gives_focus();
    let spec = FieldSpec { id: "talk-draft", hint: &hint, max_lines: 4, take_focus };
    let mut field = std::mem::take(&mut view.memory.talk_draft);
    let answer = widgets::field(view, ui, &mut field, spec);
    view.memory.talk_draft = field;
    let send = view.t("texts-send");
    let is_pressed = widgets::button(view, ui, &send, ButtonKind::Primary);
    let body = view.memory.talk_draft.text().trim().to_owned();
    if (is_pressed || answer.submitted) && !body.is_empty() {
        view.memory.talk_draft.apply(view.engine, FieldInput::SelectAll);
        view.memory.talk_draft.apply(view.engine, FieldInput::Backspace { word: false });
        ask_for(view, TalkCommand::Say(MessageBody::lossy(&body)));
    }
}

/// Somebody asks for a private talk: quietly, over whatever else is open, with every answer one press away.
pub(crate) fn request(view: &mut View<'_>, ui: &mut Ui) {
    let model = view.model;
    // A countdown runs; this does not.
    let Some(by) = model.talk.requests.first().copied().filter(|_| model.order.summons.is_none()) else {
        return;
    };
    let name = texts::writer_name(view, by);
    let sentence = view.tv("talk-request", &[("name", Value::Text(&name))]);
    let answers = [
        ("talk-accept", ButtonKind::Primary, TalkAnswer::Accept),
        ("talk-later", ButtonKind::Plain, TalkAnswer::Later),
        ("talk-decline", ButtonKind::Plain, TalkAnswer::Decline),
    ];
    frame::slip(view, ui, |view, ui| {
        widgets::label(view, ui, &sentence, Look::BODY);
        ui.horizontal_wrapped(|ui| {
            for (key, kind, answer) in answers {
                let text = view.t(key);
                if widgets::button(view, ui, &text, kind) {
                    ask_for(view, TalkCommand::Answer { by, answer });
                    if answer == TalkAnswer::Accept {
                        view.memory.open(Panel::Talk);
                    }
                }
            }
            let block = view.t("talk-block");
            if widgets::button(view, ui, &block, ButtonKind::Warning) {
                ask_for(view, TalkCommand::Answer { by, answer: TalkAnswer::Decline });
                view.actions.push(PanelAction::Order(OrderCommand::Block(by)));
            }
        });
    });
}

/// What one person's page offers: to talk with them in private, or how far that has got.
pub(crate) fn offer(view: &mut View<'_>, ui: &mut Ui, who: ParticipantId) {
    let talk = &view.model.talk;
    let is_within = talk.current.as_ref().is_some_and(|talk| talk.others.iter().any(|(id, _)| *id == who));
    if is_within {
        let title = view.t("talk-open");
        if widgets::row(view, ui, Row { icon: Some(Icon::Talk), title: &title, ..Row::default() }) {
            view.memory.open(Panel::Talk);
        }
        return;
    }
    if talk.awaited.contains(&who) {
        let (text, quiet) = (view.t("talk-awaited"), view.theme.quiet);
        widgets::label_colored(view, ui, &text, Look::SMALL, quiet);
        return;
    }
    let title = view.t(if talk.current.is_some() { "talk-ask-in" } else { "talk-ask" });
    if widgets::row(view, ui, Row { icon: Some(Icon::Talk), title: &title, ..Row::default() }) {
        ask_for(view, TalkCommand::Ask(who));
    }
}

/// Who is in the user's talk, as a list of names; none outside of one.
pub(crate) fn names(view: &View<'_>) -> Option<String> {
    let talk = view.model.talk.current.as_ref()?;
    let person = |who: &ParticipantId| view.model.people.iter().find(|p| p.participant.id == *who);
    let name = |(who, _): &(ParticipantId, Compared)| {
        person(who).map_or_else(|| view.t("texts-somebody"), |person| full_name(view, &person.participant))
    };
    Some(view.words.list(&talk.others.iter().map(name).collect::<Vec<_>>()))
}
