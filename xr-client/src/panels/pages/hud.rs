//! What lies over the venue while no panel is open: where one is, who is there, which keys help.

use super::{frame, hands, live};
use crate::panels::model::{Action, Nearby, Panel};
use crate::panels::text::Shaped;
use crate::panels::theme::{GAP, SPACE};
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, Icon};
use crate::panels::words::Value;
use egui::accesskit::Role;
use egui::{Align, Color32, Layout, Rect, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use std::sync::Arc;
use venue_model::SpaceId;

/// Shows the room at the top and the keys at the bottom.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let screen = ui.ctx().viewport_rect().shrink(SPACE);
    if view.memory.open.is_none() {
        let (title, count) = place_and_people(view);
        let title = view.shape(ui, &title, Look::STRONG.one_line(), Some(screen.width() * 0.5));
        let count_shaped = view.shape(ui, &count, Look::SMALL.lines(3), Some(screen.width() * 0.5));
        let (text, quiet) = (view.theme.text, view.theme.quiet);
        stack(view, ui, screen, &[(title, text), (count_shaped, quiet)], &count);
        hints(view, ui, screen);
    }
}

fn place_and_people(view: &View<'_>) -> (String, String) {
    let model = view.model;
    let room = model.rooms.iter().find(|room| Some(room.id) == model.room);
    let title = room.map_or(model.event_title.as_str(), |room| view.localized(&room.name)).to_owned();
    let here = model.people.iter().filter(|person| person.room.is_some() && person.room == model.room);
    let others = here.filter(|person| Some(person.participant.id) != model.own).count();
    let mut count = view.tv("hud-others", &[("count", Value::Count(others))]);
    let unread = view.memory.unread_in_all(model);
    if unread > 0 {
        count = format!("{count} · {}", view.tv("hud-unread", &[("count", Value::Count(unread))]));
    }
    let hands = hands::here(view).len();
    if hands > 0 {
        count = format!("{count} · {}", view.tv("hud-hands", &[("count", Value::Count(hands))]));
    }
    (title, count)
}

/// Lines and the buttons of the panels on a small piece of glass in the corner where reading begins.
fn stack(view: &mut View<'_>, ui: &mut Ui, screen: Rect, lines: &[(Arc<Shaped>, Color32)], spoken: &str) {
    let scale = ui.pixels_per_point();
    let side = widgets::square_side(view);
    let is_talking = view.model.talk.current.is_some();
    let bar = (BUTTONS.len() + usize::from(is_talking)) as f32 * (side + GAP) - GAP;
    let width = lines.iter().map(|(line, _)| line.width / scale).fold(bar, f32::max);
    let height: f32 = lines.iter().map(|(line, _)| line.height / scale).sum();
    let (column, _) = view.split_start(screen, width + 2.0 * 16.0);
    let rect = Rect::from_min_size(column.min, vec2(column.width(), height + side + GAP + 2.0 * 12.0));
    frame::solid_glass(view, ui, rect);
    let mut y = rect.top() + 10.0;
    for (line, color) in lines {
        let place = Rect::from_min_size(pos2(rect.left() + 16.0, y), vec2(width, line.height / scale));
        view.draw_in(ui, line, place, *color);
        y += place.height();
    }
    let place = Rect::from_min_size(pos2(rect.left() + 16.0, y + GAP), vec2(width, side));
    let response = ui.interact(place, ui.scope_id().with("where"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, spoken));
    buttons(view, ui, place);
}

/// What the buttons open.
const BUTTONS: [(Panel, Icon, &str); 5] = [
    (Panel::Menu, Icon::Menu, "menu"),
    (Panel::People, Icon::People, "people"),
    (Panel::Texts, Icon::Text, "texts"),
    (Panel::Map, Icon::Map, "map"),
    (Panel::Around, Icon::Around, "around"),
];

/// The same while the user talks in private.
const TALK: (Panel, Icon, &str) = (Panel::Talk, Icon::Talk, "talk-open");

fn buttons(view: &mut View<'_>, ui: &mut Ui, place: Rect) {
    let direction = if view.right_to_left {
        Layout::right_to_left(Align::Min)
    } else {
        Layout::left_to_right(Align::Min)
    };
    ui.scope_builder(UiBuilder::new().id_salt("hud").max_rect(place).layout(direction), |ui| {
        ui.spacing_mut().item_spacing = vec2(GAP, 0.0);
        let is_talking = view.model.talk.current.is_some();
        for (panel, icon, key) in BUTTONS.into_iter().chain(is_talking.then_some(TALK)) {
            let name = view.t(key);
            if widgets::first_square(view, ui, icon, &name) {
                view.memory.open(panel);
            }
        }
    });
}

fn hints(view: &mut View<'_>, ui: &mut Ui, screen: Rect) {
    if view.model.lacks_keyboard {
        return live::captions(view, ui, screen, screen.bottom());
    }
    let mut parts = Vec::new();
    if view.model.seated {
        parts.extend(hint(view, Action::Sit, "hud-stand"));
    }
    match view.model.nearby {
        Some(Nearby::Door { to }) => parts.extend(door(view, to)),
        Some(Nearby::Seat) => parts.extend(hint(view, Action::Sit, "hud-sit")),
        None => {}
    }
    for (deed, key) in [(Action::Menu, "hud-menu"), (Action::Text, "hud-text"), (Action::Help, "hud-help")] {
        parts.extend(hint(view, deed, key));
    }
    if parts.is_empty() {
        return;
    }
    let text = parts.join("    ");
    let shaped = view.shape(ui, &text, Look::SMALL.one_line(), Some(screen.width()));
    let size = vec2(shaped.width, shaped.height) / ui.pixels_per_point();
    let center = pos2(screen.center().x, screen.bottom() - size.y * 0.5 - GAP);
    let rect = Rect::from_center_size(center, size + vec2(28.0, 14.0));
    ui.painter().rect_filled(rect, rect.height() * 0.5, view.theme.panel);
    let color = view.theme.quiet;
    view.draw_in(ui, &shaped, Rect::from_center_size(center, size), color);
    live::captions(view, ui, screen, rect.top());
}

/// Where the door ahead leads, or that it stays shut.
fn door(view: &View<'_>, to: SpaceId) -> Option<String> {
    let room = view.model.rooms.iter().find(|room| room.id == to)?;
    let key = if room.open { "hud-door" } else { "hud-door-shut" };
    Some(view.tv(key, &[("room", Value::Text(view.localized(&room.name)))]))
}

fn hint(view: &View<'_>, deed: Action, key: &str) -> Option<String> {
    let hint = view.model.keys.iter().find(|hint| hint.deed == deed)?;
    Some(view.tv(key, &[("key", Value::Text(&view.words.first_cap(hint)?))]))
}
