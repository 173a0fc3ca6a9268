//! Texts to the room and to single people: threads, lines with what became of them, a field.

use super::people::full_name;
use super::{frame, link, live};
use crate::panels::memory::threads;
use crate::panels::model::{Conversation, Delivery, Panel, PanelAction, TextLine};
use crate::panels::text::field::FieldInput;
use crate::panels::theme::{GAP, RADIUS};
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, ButtonKind, FieldSpec};
use crate::panels::words::Value;
use egui::accesskit::Role;
use egui::{Align, Color32, Layout, Rect, Sense, Ui, WidgetInfo, vec2};

/// Shows the thread that was chosen last.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let Some(thread) = view.memory.thread(view.model) else { return };
    view.memory.mark_seen(view.model);
    // What one came for is to write, though the threads stand above.
    view.memory.field_wants_focus = view.memory.gives_focus();
    let name = view.t("texts");
    frame::side(view, ui, &name, Some(Panel::Menu), |view, ui| {
        thread_choice(view, ui, thread);
        if shows_announcements(view) {
            frame::scrolled(view, ui, "announcements", 0.0, true, announcements);
            return;
        }
        if !is_open(view, thread) {
            frame::scrolled(view, ui, "texts", 2.5 * view.theme.row_height(), true, |view, ui| {
                lines(view, ui, thread)
            });
            let (text, quiet) = (view.t("texts-elsewhere"), view.theme.quiet);
            widgets::label_colored(view, ui, &text, Look::SMALL, quiet);
            return;
        }
        let scale = ui.pixels_per_point();
        let writing = (view.memory.draft.height() / scale).min(4.0 * view.memory.draft.line_height() / scale);
        let below = writing + view.theme.row_height() + 5.0 * GAP;
        frame::scrolled(view, ui, "texts", below, true, |view, ui| lines(view, ui, thread));
        write(view, ui, thread);
    });
}

/// Whether one can write to a thread now: what is said to a room is heard by those who are in it.
fn is_open(view: &View<'_>, thread: Conversation) -> bool {
    match thread {
        Conversation::Room(room) => view.model.room == Some(room),
        Conversation::Person(_) => true,
    }
}

fn thread_choice(view: &mut View<'_>, ui: &mut Ui, shown: Conversation) {
    let mut offered = threads(view.model);
    if !offered.contains(&shown) {
        offered.insert(1.min(offered.len()), shown);
    }
    ui.horizontal_wrapped(|ui| {
        for thread in offered {
            let mut text = thread_name(view, thread);
            let unread = view.memory.unread(view.model, thread);
            if unread > 0 {
                let count = Value::Count(unread);
                text = view.tv("texts-unread", &[("name", Value::Text(&text)), ("count", count)]);
            }
            let is_shown = shown == thread && !shows_announcements(view);
            if widgets::choice(view, ui, &text, is_shown) {
                view.memory.choose(thread, view.model);
            }
        }
        let count = view.model.order.announcements.len();
        if count > 0 {
            let text = view.tv("announcements", &[("count", Value::Count(count))]);
            if widgets::choice(view, ui, &text, shows_announcements(view)) {
                view.memory.shows_announcements = true;
            }
        }
    });
}

fn shows_announcements(view: &View<'_>) -> bool {
    view.memory.shows_announcements && !view.model.order.announcements.is_empty()
}

/// What was announced, to be read again.
fn announcements(view: &mut View<'_>, ui: &mut Ui) {
    let announcements = std::sync::Arc::clone(&view.model.order.announcements);
    for announced in announcements.iter() {
        let accent = view.theme.accent;
        widgets::label_colored(view, ui, &announced.name, Look::SMALL, accent);
        let look = Look { align: body_align(&announced.words), ..Look::BODY };
        widgets::label(view, ui, &announced.words, look);
        link::buttons(view, ui, &announced.words);
        widgets::rule(view, ui);
    }
}

fn thread_name(view: &View<'_>, thread: Conversation) -> String {
    match thread {
        Conversation::Room(id) => {
            let room = view.model.rooms.iter().find(|room| room.id == id);
            room.map_or_else(|| view.t("texts-room"), |room| view.localized(&room.name).to_owned())
        }
        Conversation::Person(id) => {
            let person = view.model.people.iter().find(|person| person.participant.id == id);
            let left = || view.t("texts-somebody");
            person.map_or_else(left, |person| full_name(view, &person.participant))
        }
    }
}

fn lines(view: &mut View<'_>, ui: &mut Ui, thread: Conversation) {
    let model = view.model;
    let mut empty = true;
    let mut last_day = None;
    for line in model.texts.iter().filter(|line| line.conversation == thread) {
        empty = false;
        let moment = line.sent_at.and_then(|time| model.zone.moment(time));
        if let Some(day) = moment.map(|moment| moment.date()).filter(|day| last_day != Some(*day)) {
            last_day = Some(day);
            let text = view.words.day(day);
            let quiet = view.theme.quiet;
            ui.vertical_centered(|ui| widgets::label_colored(view, ui, &text, Look::SMALL, quiet));
        }
        bubble(view, ui, line);
    }
    live::bubbles(view, ui, thread);
    if empty {
        let text = match thread {
            Conversation::Room(_) => view.t("texts-none-room"),
            Conversation::Person(_) => view.t("texts-none-person"),
        };
        let quiet = view.theme.quiet;
        widgets::label_colored(view, ui, &text, Look::BODY, quiet);
    }
}

/// One text: one's own at the side where reading ends, others' where it begins.
fn bubble(view: &mut View<'_>, ui: &mut Ui, line: &TextLine) {
    let is_own = line.delivery != Delivery::Received;
    let head = head(view, line, is_own);
    balloon(view, ui, Balloon { head: &head, body: &line.body, is_own });
    ui.with_layout(side_of(view, is_own), |ui| {
        if let Delivery::Failed(why) = line.delivery {
            let text = view.t(why.key());
            let warning = view.theme.warning;
            widgets::label_colored(view, ui, &text, Look::SMALL, warning);
            let retry = view.t("retry");
            if widgets::button(view, ui, &retry, ButtonKind::Warning) {
                view.actions.push(PanelAction::RetryText(line.key));
            }
        }
    });
}

/// Words with what is to be said of them.
pub(super) struct Balloon<'a> {
    /// Who wrote them, or what became of them.
    pub(super) head: &'a str,
    /// The words.
    pub(super) body: &'a str,
    /// Whether the user wrote them.
    pub(super) is_own: bool,
}

fn side_of(view: &View<'_>, is_own: bool) -> Layout {
    let at_end = is_own != view.right_to_left;
    Layout::top_down(if at_end { Align::Max } else { Align::Min })
}

/// Draws words in a bubble, with the links in them below.
pub(super) fn balloon(view: &mut View<'_>, ui: &mut Ui, words: Balloon<'_>) {
    let Balloon { head, body, is_own } = words;
    let max = ui.available_width() * 0.86;
    let scale = ui.pixels_per_point();
    // A text is set by its own direction, whatever the panel's is.
    let look = Look { align: body_align(body), ..Look::BODY };
    let body_shaped = view.shape(ui, body, look, Some(max - 24.0));
    let head_shaped = view.shape(ui, head, Look::SMALL.one_line(), Some(max - 24.0));
    let width = body_shaped.width.max(head_shaped.width) / scale + 24.0;
    let height = (body_shaped.height + head_shaped.height) / scale + 16.0;
    ui.with_layout(side_of(view, is_own), |ui| {
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        let fill = if is_own { view.theme.accent_soft } else { view.theme.button };
        ui.painter().rect_filled(rect, RADIUS, fill);
        let inner = rect.shrink2(vec2(12.0, 8.0));
        let quiet = view.theme.quiet;
        let head_place = inner.with_max_y(inner.top() + head_shaped.height / scale);
        view.draw_in(ui, &head_shaped, head_place, if is_own { quiet } else { view.theme.accent });
        let body_place = Rect::from_min_max(head_place.left_bottom(), inner.max);
        let text = view.theme.text;
        view.draw_in(ui, &body_shaped, body_place, text);
        let spoken = format!("{head}. {body}");
        response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, &spoken));
        link::buttons(view, ui, body);
    });
}

pub(super) fn body_align(body: &str) -> Option<crate::panels::text::LineAlign> {
    use crate::panels::text::LineAlign;
    let arabic =
        |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}');
    let first = body.chars().find(|c| c.is_alphabetic())?;
    Some(if arabic(first) { LineAlign::Right } else { LineAlign::Left })
}

/// The name of who wrote something, who may have left.
pub(super) fn writer_name(view: &View<'_>, from: venue_model::ParticipantId) -> String {
    let person = view.model.people.iter().find(|person| person.participant.id == from);
    person.map_or_else(|| view.t("texts-somebody"), |person| full_name(view, &person.participant))
}

fn head(view: &View<'_>, line: &TextLine, own: bool) -> String {
    let mut parts = Vec::new();
    if !own {
        parts.push(writer_name(view, line.from));
    }
    if let Some(moment) = line.sent_at.and_then(|time| view.model.zone.moment(time)) {
        parts.push(view.words.time(moment.time()));
    }
    match line.delivery {
        Delivery::Received => {}
        Delivery::Sending => parts.push(view.t("text-sending")),
        Delivery::Stored => parts.push(view.t("text-stored")),
        Delivery::Failed(_) => parts.push(view.t("text-failed")),
    }
    parts.join(" · ")
}

fn write(view: &mut View<'_>, ui: &mut Ui, thread: Conversation) {
    let hint = match thread {
        Conversation::Room(_) => view.t("texts-write-room"),
        Conversation::Person(_) => {
            let name = thread_name(view, thread);
            view.tv("texts-write-person", &[("name", Value::Text(&name))])
        }
    };
    let take_focus = std::mem::take(&mut view.memory.field_wants_focus);
    let spec = FieldSpec { id: "draft", hint: &hint, max_lines: 4, take_focus };
    let mut field = std::mem::take(&mut view.memory.draft);
    let answer = widgets::field(view, ui, &mut field, spec);
    view.memory.draft = field;
    let send = view.t("texts-send");
    ui.horizontal(|ui| {
        let pressed = widgets::button(view, ui, &send, ButtonKind::Primary);
        if pressed || answer.submitted {
            submit(view, thread);
        }
        let left = view.memory.draft.chars_left();
        if left < 200 {
            let text = view.tv("texts-left", &[("count", Value::Count(left))]);
            let color: Color32 = view.theme.quiet;
            widgets::label_colored(view, ui, &text, Look::SMALL, color);
        }
        live::switch(view, ui);
    });
}

fn submit(view: &mut View<'_>, conversation: Conversation) {
    let body = view.memory.draft.text().trim().to_owned();
    if body.is_empty() {
        return;
    }
    view.memory.draft.apply(view.engine, FieldInput::SelectAll);
    view.memory.draft.apply(view.engine, FieldInput::Backspace { word: false });
    view.actions.push(PanelAction::SendText { conversation, body });
}
