//! The plan of the venue with its rooms, doors, seats and people, and beside it the same as a list for the keyboard.
//!
//! The plan is never mirrored: left on it is left in the venue, whatever the language.

use super::frame;
use crate::panels::model::{Destination, Panel, PanelAction, Plan};
use crate::panels::theme::{GAP, SPACE};
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, Icon, Row};
use crate::panels::words::Value;
use egui::accesskit::Role;
use egui::{Color32, Pos2, Rect, Sense, Shape, Stroke, Ui, WidgetInfo, vec2};
use glam::Vec2;
use venue_model::{SeatId, SpaceId};

/// The plan has a place of its own from this width on, points; else it stands above the list.
const OWN_PLACE_WIDTH: f32 = 360.0;

/// How near a click must be to a seat to mean it, points.
const SEAT_POINTS: f32 = 9.0;

/// Shows the plan and the list.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let name = view.t("map");
    let screen = view.room(ui).shrink(SPACE);
    let (_, rest) = view.split_start(screen, frame::side_width(view, ui) + GAP);
    let has_own_place = rest.width() >= OWN_PLACE_WIDTH;
    frame::side(view, ui, &name, Some(Panel::Menu), |view, ui| {
        if !has_own_place {
            let height = (ui.available_height() * 0.45).max(120.0);
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
            plan(view, ui, rect);
        }
        list(view, ui);
    });
    if has_own_place {
        frame::solid_glass(view, ui, rest);
        plan(view, ui, rest.shrink(SPACE));
    }
}

fn list(view: &mut View<'_>, ui: &mut Ui) {
    let line = view.t("map-line");
    let quiet = view.theme.quiet;
    widgets::label_colored(view, ui, &line, Look::SMALL, quiet);
    let model = view.model;
    frame::scrolled(view, ui, "map", 0.0, false, |view, ui| {
        for room in &model.rooms {
            super::rooms::entry(view, ui, room);
        }
        let free = free_seats(view);
        let caption = view.tv("map-seats", &[("count", Value::Count(free.len()))]);
        widgets::heading(view, ui, &caption, Look::STRONG);
        for (id, label) in free {
            let title = match label.as_str() {
                "" => view.t("around-seat"),
                label => view.tv("around-seat-named", &[("label", Value::Text(label))]),
            };
            let end = view.t("map-sit");
            let row = Row { icon: Some(Icon::Seat), title: &title, end: &end, ..Row::default() };
            if widgets::row(view, ui, row) {
                go(view, Destination::Seat(id));
            }
        }
    });
}

fn go(view: &mut View<'_>, to: Destination) {
    view.actions.push(PanelAction::GoTo(to));
    view.memory.open = None;
}

/// The free seats of the room that one stands in, in the order of their labels: 2 before 10.
fn free_seats(view: &View<'_>) -> Vec<(SeatId, String)> {
    let Some(map) = &view.model.map else { return Vec::new() };
    let here = view.model.room;
    let seats = map.plan.0.seats.iter().filter(|seat| Some(seat.space) == here);
    let free = seats.filter(|seat| !map.taken.contains(&seat.id));
    let mut free: Vec<_> = free.map(|seat| (seat.id, seat.label.clone())).collect();
    free.sort_by(|(one, a), (other, b)| by_label(a, b).then(one.cmp(other)));
    free
}

/// Compares labels as people do: numbers within them by their value.
fn by_label(a: &str, b: &str) -> std::cmp::Ordering {
    let runs = |label: &str| -> Vec<(u64, String)> {
        let mut runs = vec![(0_u64, String::new())];
        let mut in_digits = false;
        for letter in label.chars() {
            let is_digit = letter.is_ascii_digit();
            if is_digit && !in_digits {
                runs.push((0, String::new()));
            }
            if let Some((number, text)) = runs.last_mut() {
                match letter.to_digit(10).filter(|_| is_digit) {
                    Some(digit) => *number = number.saturating_mul(10).saturating_add(u64::from(digit)),
                    None => text.extend(letter.to_lowercase()),
                }
            }
            in_digits = is_digit;
        }
        runs
    };
    runs(a).cmp(&runs(b)).then_with(|| a.cmp(b))
}

/// Where the venue's metres lie on the screen.
struct Sheet {
    rect: Rect,
    least: Vec2,
    scale: f32,
}

impl Sheet {
    fn new(plan: &Plan, rect: Rect) -> Self {
        let [least, greatest] = plan.bounds;
        let size = (greatest - least).max(Vec2::splat(1.0));
        let scale = (rect.width() / size.x).min(rect.height() / size.y);
        let size = vec2(size.x, size.y) * scale;
        Self { rect: Rect::from_center_size(rect.center(), size), least, scale }
    }

    fn at(&self, point: Vec2) -> Pos2 {
        let offset = (point - self.least) * self.scale;
        self.rect.min + vec2(offset.x, offset.y)
    }

    fn point(&self, at: Pos2) -> Vec2 {
        let offset = (at - self.rect.min) / self.scale;
        self.least + Vec2::new(offset.x, offset.y)
    }
}

fn plan(view: &mut View<'_>, ui: &mut Ui, rect: Rect) {
    let Some(map) = &view.model.map else { return };
    let plan = &map.plan.0;
    let sheet = Sheet::new(plan, rect.shrink(6.0));
    let response = ui.interact(rect, ui.scope_id().with("plan"), Sense::click());
    floors(view, ui, plan, &sheet);
    let theme = view.theme;
    for door in &plan.doors {
        let ends = door.ends.map(|end| sheet.at(end));
        ui.painter().line_segment(ends, Stroke::new(3.5, theme.accent));
    }
    let radius = (0.24 * sheet.scale).clamp(1.2, 6.0);
    for seat in &plan.seats {
        let is_taken = map.taken.contains(&seat.id);
        let color = if is_taken { theme.warning } else { theme.quiet.gamma_multiply(0.8) };
        ui.painter().circle_filled(sheet.at(seat.at), radius, color);
    }
    names(view, ui, plan, &sheet);
    people(view, ui, &sheet);
    own(view, ui, &sheet);
    let spoken = view.t("map-spoken");
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
    if let Some(at) = response.interact_pointer_pos().filter(|_| response.clicked()) {
        click(view, &sheet, at);
    }
}

fn floors(view: &View<'_>, ui: &Ui, plan: &Plan, sheet: &Sheet) {
    let theme = view.theme;
    let mut mesh = egui::Mesh::default();
    for room in &plan.rooms {
        let color = if Some(room.id) == view.model.room { theme.accent_soft } else { theme.button_hover };
        for piece in &room.floor {
            let first = mesh.vertices.len() as u32;
            piece.iter().for_each(|corner| mesh.colored_vertex(sheet.at(*corner), color));
            (2..piece.len() as u32).for_each(|i| mesh.add_triangle(first, first + i - 1, first + i));
        }
    }
    ui.painter().add(Shape::mesh(mesh));
    let stroke = Stroke::new(theme.line.max(1.2), theme.quiet);
    for [a, b] in plan.rooms.iter().flat_map(|room| &room.walls) {
        ui.painter().line_segment([sheet.at(*a), sheet.at(*b)], stroke);
    }
}

fn names(view: &mut View<'_>, ui: &Ui, plan: &Plan, sheet: &Sheet) {
    let model = view.model;
    for room in &model.rooms {
        let Some(place) = plan.rooms.iter().find(|known| known.id == room.id) else { continue };
        let name = room.name.get(view.words.language());
        let shaped = view.shape(ui, name, Look::STRONG.one_line(), Some(sheet.rect.width() * 0.4));
        let size = vec2(shaped.width, shaped.height) / ui.pixels_per_point();
        let label = Rect::from_center_size(sheet.at(place.middle), size).expand2(vec2(8.0, 2.0));
        ui.painter().rect_filled(label, 6.0, view.theme.panel);
        let color = view.theme.text;
        view.draw(ui, &shaped, label.center() - size * 0.5, color);
    }
}

fn people(view: &mut View<'_>, ui: &Ui, sheet: &Sheet) {
    let Some(map) = &view.model.map else { return };
    for (id, at) in &map.people {
        let person = view.model.people.iter().find(|person| person.participant.id == *id);
        let initials = initials(person.map_or("", |person| person.participant.name.as_str()));
        let shaped = view.shape(ui, &initials, Look::SMALL.one_line(), None);
        let size = vec2(shaped.width, shaped.height) / ui.pixels_per_point();
        let center = sheet.at(*at);
        let radius = size.x.max(size.y) * 0.5 + 2.0;
        let (fill, color) = (view.theme.text, view.theme.on_accent);
        ui.painter().circle(center, radius, fill, Stroke::new(1.0, view.theme.panel));
        view.draw(ui, &shaped, center - size * 0.5, color);
    }
}

/// Oneself: an arrow head that points where one looks.
fn own(view: &View<'_>, ui: &Ui, sheet: &Sheet) {
    let Some((at, yaw)) = view.model.map.as_ref().and_then(|map| map.own) else { return };
    let center = sheet.at(at);
    let turned = |x: f32, y: f32| {
        // Yaw turns left about the axis up; on the sheet y grows downwards.
        let (sin, cos) = yaw.sin_cos();
        center + vec2(x * cos + y * sin, y * cos - x * sin)
    };
    let points = vec![turned(0.0, -14.0), turned(9.0, 10.0), turned(0.0, 5.0), turned(-9.0, 10.0)];
    let left = vec![points[0], points[2], points[3]];
    let right = vec![points[0], points[1], points[2]];
    for half in [left, right] {
        ui.painter().add(Shape::convex_polygon(half, view.theme.accent, Stroke::NONE));
    }
    ui.painter().add(Shape::closed_line(points, Stroke::new(1.5, Color32::BLACK)));
}

/// A seat that is clicked is sat on, another room is entered, and a place of this room is gone to.
fn click(view: &mut View<'_>, sheet: &Sheet, at: Pos2) {
    let Some(map) = &view.model.map else { return };
    let plan = &map.plan.0;
    let near = |seat: Vec2| sheet.at(seat).distance(at);
    let seat = plan.seats.iter().min_by(|a, b| near(a.at).total_cmp(&near(b.at)));
    if let Some(seat) = seat.filter(|seat| near(seat.at) <= SEAT_POINTS && !map.taken.contains(&seat.id)) {
        return go(view, Destination::Seat(seat.id));
    }
    let point = sheet.point(at);
    let Some(room) = plan.room_at(point) else { return };
    if Some(room) != view.model.room {
        let is_open = view.model.rooms.iter().any(|known| known.id == room && known.open);
        return if is_open {
            go(view, Destination::Room(room))
        };
    }
    go_to_floor(view, room, point);
}

fn go_to_floor(view: &mut View<'_>, room: SpaceId, point: Vec2) {
    let height = view.model.map.as_ref().map_or(0.0, |map| map.height);
    go(view, Destination::Point(room, glam::Vec3::new(point.x, height, point.y)));
}

/// The first letters of the first two words; of a name without spaces in a script without capitals, its first one.
fn initials(name: &str) -> String {
    let letters = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    letters.take(2).flat_map(char::to_uppercase).take(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;

    #[test]
    fn initials_are_short_in_every_script() {
        for (name, expected) in [
            ("Anna Müller", "AM"),
            ("王小明", "王"),
            ("محمد الأمين", "ما"),
            ("  -", ""),
            ("jean-luc p. q", "JP"),
        ] {
            assert_eq!(initials(name), expected);
        }
    }

    #[test]
    fn seats_are_listed_as_people_count() {
        let mut labels = ["B10", "A2", "b9", "", "A10", "Z", "A1b", "A1a", "99999999999999999999999", "7"];
        labels.sort_by(|a, b| by_label(a, b));
        let expected = ["", "7", "99999999999999999999999", "A1a", "A1b", "A2", "A10", "b9", "B10", "Z"];
        assert_eq!(labels, expected);
    }

    #[test]
    fn a_point_of_the_sheet_is_the_point_of_the_venue() {
        let plan = Plan { bounds: [Vec2::new(-10.0, -5.0), Vec2::new(10.0, 5.0)], ..Plan::default() };
        let sheet = Sheet::new(&plan, Rect::from_min_size(pos2(100.0, 50.0), vec2(400.0, 400.0)));
        for point in [Vec2::ZERO, Vec2::new(-10.0, 5.0), Vec2::new(3.5, -2.0)] {
            assert!(sheet.point(sheet.at(point)).distance(point) < 1e-3);
        }
        assert!(sheet.at(Vec2::X).x > sheet.at(Vec2::ZERO).x, "right is right");
    }
}
