//! What is told to whoever has the screen read aloud: the newest text that came in, wherever one is on the page.
//!
//! Notices announce themselves. Nothing here is seen.

use super::people;
use crate::panels::model::{Delivery, TextLine};
use crate::panels::view::View;
use crate::panels::words::Value;
use egui::accesskit::{Live, Role};
use egui::{Rect, Response, Sense, Ui, WidgetInfo, vec2};

/// Lays out the invisible line whose changes are read aloud.
pub(crate) fn show(view: &View<'_>, ui: &Ui) {
    let newest = view.model.texts.iter().rev().find(|line| line.delivery == Delivery::Received);
    let told = newest.map_or_else(String::new, |line| sentence(view, line));
    let place = Rect::from_min_size(ui.ctx().viewport_rect().min, vec2(1.0, 1.0));
    let response = ui.interact(place, ui.scope_id().with("announced"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Log, true, &told));
    aloud(&response, Live::Polite);
}

/// Has a change of this line read aloud.
pub(crate) fn aloud(response: &Response, live: Live) {
    response.ctx.accesskit_node_builder(response.id, |node| node.set_live(live));
}

/// "Anna Müller (CHE): Good morning!"
fn sentence(view: &View<'_>, line: &TextLine) -> String {
    let from = view.model.people.iter().find(|person| person.participant.id == line.from);
    let name = from.map_or_else(String::new, |person| people::full_name(view, &person.participant));
    view.tv("announce-text", &[("name", Value::Text(&name)), ("text", Value::Text(&line.body))])
}
