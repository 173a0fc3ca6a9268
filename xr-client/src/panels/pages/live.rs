//! Real-time text: the switch beside the field, lines that grow while somebody writes them, and the same lines as
//! captions over the venue while no panel is open.

use super::frame;
use super::texts::writer_name;
use crate::panels::model::{Conversation, LiveWords, Panel, PanelAction};
use crate::panels::theme::{GAP, RADIUS};
use crate::panels::view::{Look, View};
use crate::panels::widgets;
use crate::panels::words::Value;
use egui::accesskit::Role;
use egui::{Rect, Sense, Ui, WidgetInfo, pos2, vec2};

/// Captions that fit over the venue; the rest is in the panel.
const MOST_CAPTIONS: usize = 3;

/// A caption shows the end of a long line, so many characters of it.
const CAPTION_CHARS: usize = 160;

/// Lets the user choose whether others read along.
pub(crate) fn switch(view: &mut View<'_>, ui: &mut Ui) {
    let text = view.t("texts-live");
    if widgets::choice(view, ui, &text, view.memory.is_live) {
        view.memory.is_live = !view.memory.is_live;
    }
    if view.memory.is_live {
        let (note, quiet) = (view.t("texts-live-note"), view.theme.quiet);
        widgets::label_colored(view, ui, &note, Look::SMALL, quiet);
    }
}

/// Tells what is to be shown of one's own line, whenever that changes: nothing unless the field is on the screen and
/// the user wishes it.
pub(crate) fn tend(view: &mut View<'_>) {
    let is_shown = view.memory.is_live && view.memory.open == Some(Panel::Texts);
    let thread = view.memory.thread(view.model).filter(|_| is_shown);
    let wanted = thread.map(|thread| (thread, view.memory.draft.text().to_owned()));
    let wanted = wanted.filter(|(_, line)| !line.is_empty());
    if wanted == view.memory.live_line {
        return;
    }
    let ended = view.memory.live_line.take().map(|(thread, _)| (thread, String::new()));
    if let Some((conversation, line)) = wanted.clone().or(ended) {
        view.actions.push(PanelAction::WriteLive { conversation, line });
    }
    view.memory.live_line = wanted;
}

/// The lines that are being written in a thread.
pub(crate) fn bubbles(view: &mut View<'_>, ui: &mut Ui, thread: Conversation) {
    let model = view.model;
    for line in model.live.iter().filter(|line| line.conversation == thread) {
        bubble(view, ui, line);
    }
}

fn bubble(view: &mut View<'_>, ui: &mut Ui, line: &LiveWords) {
    let name = writer_name(view, line.from);
    let head = view.tv("texts-live-head", &[("name", Value::Text(&name))]);
    let (scale, max) = (ui.pixels_per_point(), ui.available_width() * 0.86 - 24.0);
    let head_shaped = view.shape(ui, &head, Look::SMALL.one_line(), Some(max));
    let align = super::texts::body_align(&line.text);
    let body = view.shape(ui, &line.text, Look { align, ..Look::BODY }, Some(max));
    let size =
        vec2(body.width.max(head_shaped.width), body.height + head_shaped.height) / scale + vec2(24.0, 16.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let stroke = egui::Stroke::new(view.theme.line, view.theme.accent);
    ui.painter().rect(rect, RADIUS, view.theme.panel, stroke, egui::StrokeKind::Inside);
    let inner = rect.shrink2(vec2(12.0, 8.0));
    let head_place = inner.with_max_y(inner.top() + head_shaped.height / scale);
    let (accent, text) = (view.theme.accent, view.theme.text);
    view.draw_in(ui, &head_shaped, head_place, accent);
    view.draw_in(ui, &body, Rect::from_min_max(head_place.left_bottom(), inner.max), text);
    let spoken = format!("{head}. {}", line.text);
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, &spoken));
}

/// What is being written to the user now, over the venue, above `bottom`.
pub(crate) fn captions(view: &mut View<'_>, ui: &mut Ui, screen: Rect, bottom: f32) {
    let model = view.model;
    let here = model.room.map(Conversation::Room);
    let concerns = |line: &&LiveWords| {
        Some(line.conversation) == here || matches!(line.conversation, Conversation::Person(_))
    };
    let mut bottom = bottom;
    for line in model.live.iter().filter(concerns).rev().take(MOST_CAPTIONS) {
        let name = writer_name(view, line.from);
        let text =
            view.tv("caption", &[("name", Value::Text(&name)), ("words", Value::Text(end_of(&line.text)))]);
        let shaped = view.shape(ui, &text, Look::BODY, Some((screen.width() * 0.6).min(720.0)));
        let size = vec2(shaped.width, shaped.height) / ui.pixels_per_point();
        let center = pos2(screen.center().x, bottom - size.y * 0.5 - GAP);
        let rect = Rect::from_center_size(center, size + vec2(28.0, 14.0));
        frame::glass(view, ui, rect);
        let color = view.theme.text;
        view.draw_in(ui, &shaped, Rect::from_center_size(center, size), color);
        let response = ui.interact(rect, ui.scope_id().with(("caption", line.from.0)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &text));
        bottom = rect.top();
    }
}

fn end_of(line: &str) -> &str {
    let skipped = line.chars().count().saturating_sub(CAPTION_CHARS);
    line.char_indices().nth(skipped).map_or(line, |(at, _)| &line[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caption_shows_the_end_of_a_long_line() {
        assert_eq!(end_of("short"), "short");
        let long = format!("{}你好", "x".repeat(300));
        assert!(end_of(&long).ends_with("你好"));
        assert_eq!(end_of(&long).chars().count(), CAPTION_CHARS);
    }
}
