//! What pages stand in: a panel at the side of the venue, or a card on a sky of its own.

use crate::panels::model::Panel;
use crate::panels::theme::{GAP, RADIUS, SPACE};
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, Icon};
use egui::scroll_area::{DragScroll, ScrollSource};
use egui::{Color32, Key, Rect, Shadow, Shape, Stroke, StrokeKind, Ui, UiBuilder, Vec2, pos2, vec2};

/// Width of a panel at the side, points at text scale 1.
const SIDE_WIDTH: f32 = 420.0;
/// Width of a card, points at text scale 1.
const CARD_WIDTH: f32 = 560.0;

/// Width of a slip at the foot of the screen, points.
const SLIP_WIDTH: f32 = 560.0;

/// Below this it is unpleasant to read, points at text scale 1: it would rather lie over a panel.
const LEAST_SLIP_WIDTH: f32 = 230.0;

/// Part of what is shown that a page key scrolls by, so that the eye finds its line again.
const PAGE_SHARE: f32 = 0.85;
/// Farther than any list is long, points.
const FAR: f32 = 1e6;

/// Glass that takes the pointer.
pub(crate) fn solid_glass(view: &mut View<'_>, ui: &Ui, rect: Rect) {
    glass(view, ui, rect);
    view.solid.push(rect);
}

/// Glass that takes the pointer and lets nothing shine through.
pub(crate) fn opaque_glass(view: &mut View<'_>, ui: &Ui, rect: Rect) {
    ui.painter().rect_filled(rect, RADIUS, view.theme.sky[1]);
    solid_glass(view, ui, rect);
}

/// The glass that a panel is made of; clicks go through it to what lies behind.
pub(crate) fn glass(view: &mut View<'_>, ui: &Ui, rect: Rect) {
    let shadow = Shadow { offset: [0, 6], blur: 28, spread: 0, color: Color32::from_black_alpha(110) };
    ui.painter().add(shadow.as_shape(rect, RADIUS));
    let stroke = Stroke::new(view.theme.line, view.theme.edge);
    ui.painter().rect(rect, RADIUS, view.theme.panel, stroke, StrokeKind::Inside);
}

/// Width of a panel at the side.
pub(crate) fn side_width(view: &View<'_>, ui: &Ui) -> f32 {
    let screen = ui.ctx().viewport_rect();
    (SIDE_WIDTH * view.theme.text_scale.max(1.0)).min(screen.width() - 2.0 * SPACE)
}

/// A panel at the side where reading begins, with its name, a way back to the menu and a way out.
pub(crate) fn side(
    view: &mut View<'_>,
    ui: &mut Ui,
    name: &str,
    back: Option<Panel>,
    add: impl FnOnce(&mut View<'_>, &mut Ui),
) {
    let screen = view.room(ui);
    let width = side_width(view, ui);
    let (rect, _) = view.split_start(screen.shrink(SPACE), width);
    solid_glass(view, ui, rect);
    if !view.memory.view_has_keys {
        // What has the keyboard can be told from what only lies there.
        let stroke = Stroke::new(view.theme.line + 0.5, view.theme.accent);
        ui.painter().rect_stroke(rect, RADIUS, stroke, StrokeKind::Inside);
    }
    let builder = UiBuilder::new().id_salt("side").max_rect(rect.shrink(SPACE)).layout(view.column());
    let builder = builder.accessibility_role(egui::accesskit::Role::Dialog).accessibility_label(name);
    ui.scope_builder(builder, |ui| {
        ui.set_clip_rect(rect);
        ui.spacing_mut().item_spacing = Vec2::splat(GAP);
        title(view, ui, name, back);
        ui.add_space(GAP);
        add(view, ui);
    });
}

fn title(view: &mut View<'_>, ui: &mut Ui, name: &str, back: Option<Panel>) {
    ui.horizontal(|ui| {
        if let Some(panel) = back {
            let text = view.t("back");
            if widgets::square(view, ui, Icon::Back, &text) {
                view.memory.open(panel);
            }
        }
        let side = view.theme.row_height().min(52.0);
        let room = (ui.available_width() - side - GAP).max(60.0);
        let (_, place) = ui.allocate_space(vec2(room, side));
        let shaped = view.shape(ui, name, Look::HEADING.one_line(), Some(room));
        let color = view.theme.text;
        view.draw_in(ui, &shaped, place, color);
        let text = view.t("close");
        if widgets::square(view, ui, Icon::Close, &text) {
            view.memory.open = None;
        }
    });
}

/// What scrolls a list. In a headset a list is drawn along by what lies on it: bare hands have neither wheel nor stick.
fn scroll_source(view: &View<'_>) -> ScrollSource {
    let is_worn = view.model.lacks_keyboard;
    let drag = if is_worn { DragScroll::Always } else { DragScroll::default() };
    ScrollSource { drag, ..ScrollSource::default() }
}

/// A list that is scrolled, as high as what is left of the panel above `below` points.
pub(crate) fn scrolled(
    view: &mut View<'_>,
    ui: &mut Ui,
    id: &str,
    below: f32,
    to_end: bool,
    add: impl FnOnce(&mut View<'_>, &mut Ui),
) {
    let height = (ui.available_height() - below).max(60.0);
    let layout = view.column();
    // The bar lies in the margin, which is the same on both sides: lists are mirrored exactly.
    ui.spacing_mut().scroll.floating_allocated_width = 0.0;
    let area = egui::ScrollArea::vertical().id_salt(id).max_height(height).auto_shrink([false, false]);
    let area = area.scroll_source(scroll_source(view));
    area.stick_to_bottom(to_end).show(ui, |ui| {
        let inside = ui.available_rect_before_wrap();
        // Room for the bar and for the ring round what has the focus.
        let inside = inside.shrink2(vec2(8.0, 0.0)).with_max_y(f32::INFINITY);
        scroll_by_keys(ui, height);
        ui.scope_builder(UiBuilder::new().max_rect(inside).layout(layout), |ui| {
            ui.spacing_mut().item_spacing = Vec2::splat(GAP);
            ui.add_space(4.0);
            add(view, ui);
            ui.add_space(4.0);
        });
    });
}

/// What stays in sight below a list that is scrolled, as wide as the list's rows.
pub(crate) fn foot(view: &mut View<'_>, ui: &mut Ui, add: impl FnOnce(&mut View<'_>, &mut Ui)) {
    let inside = ui.available_rect_before_wrap().shrink2(vec2(8.0, 0.0));
    let layout = view.column();
    ui.scope_builder(UiBuilder::new().max_rect(inside).layout(layout), |ui| add(view, ui));
}

/// Page Up and Page Down scroll what is around; so do Home and End unless they move a field's caret.
fn scroll_by_keys(ui: &Ui, shown_height: f32) {
    let is_writing = widgets::is_writing(ui);
    let delta = ui.input(|input| {
        let far = |key| if input.key_pressed(key) && !is_writing { FAR } else { 0.0 };
        let page = |key| input.num_presses(key) as f32 * shown_height * PAGE_SHARE;
        far(Key::Home) - far(Key::End) + page(Key::PageUp) - page(Key::PageDown)
    });
    if delta != 0.0 {
        ui.scroll_with_delta(vec2(0.0, delta));
    }
}

/// A card in the middle of a sky of its own; scrolled when it is higher than the screen.
pub(crate) fn card(view: &mut View<'_>, ui: &mut Ui, add: impl FnOnce(&mut View<'_>, &mut Ui)) {
    let screen = ui.ctx().viewport_rect();
    sky(view, ui, screen);
    view.solid.push(screen);
    let width = (CARD_WIDTH * view.theme.text_scale.max(1.0)).min(screen.width() - 2.0 * SPACE);
    let free = view.room(ui);
    let room = free.height() - 2.0 * SPACE;
    let height = view.memory.card_height.min(room);
    let rect = Rect::from_center_size(free.center(), vec2(width, height.max(80.0)));
    glass(view, ui, rect);
    let layout = view.column();
    let mut used = 0.0;
    ui.scope_builder(UiBuilder::new().id_salt("card").max_rect(rect), |ui| {
        ui.set_clip_rect(rect.shrink(1.0));
        let area = egui::ScrollArea::vertical().id_salt("card").auto_shrink([false, false]);
        let area = area.scroll_source(scroll_source(view));
        area.show(ui, |ui| {
            let inside = Rect::from_min_size(ui.cursor().min, vec2(width, f32::INFINITY));
            let inside = inside.shrink2(vec2(SPACE * 1.6, 0.0));
            scroll_by_keys(ui, rect.height());
            let shown = ui.scope_builder(UiBuilder::new().max_rect(inside).layout(layout), |ui| {
                ui.spacing_mut().item_spacing = Vec2::splat(GAP);
                ui.add_space(SPACE * 1.4);
                add(view, ui);
                ui.add_space(SPACE * 1.2);
            });
            used = shown.response.rect.height();
        });
    });
    keep_height(ui, &mut view.memory.card_height, used);
}

/// A small card at the foot of the screen, over whatever else is there: the venue and its panels stay in sight.
pub(crate) fn slip(view: &mut View<'_>, ui: &mut Ui, add: impl FnOnce(&mut View<'_>, &mut Ui)) {
    let screen = view.room(ui).shrink(SPACE);
    let mut width = (SLIP_WIDTH * view.theme.text_scale.max(1.0)).min(screen.width());
    if view.memory.open.is_some() {
        // Beside the open panel as long as words still fit there.
        let beside = screen.width() - side_width(view, ui) - SPACE;
        width = width.min(beside.max(LEAST_SLIP_WIDTH * view.theme.text_scale.max(1.0)));
    }
    let height = view.memory.slip_height.clamp(60.0, screen.height());
    // The hints and the microphone's sign stay in sight.
    let bottom = screen.bottom() - 2.0 * view.theme.row_height();
    let bottom = bottom.min(view.memory.sign_top - GAP);
    let (end, _) = view.split_end(screen, width);
    let x = if view.memory.open.is_some() { end.center().x } else { screen.center().x };
    let center = pos2(x, (bottom - height * 0.5).max(screen.top() + height * 0.5));
    let rect = Rect::from_center_size(center, vec2(width, height));
    // What lies behind must not shine through the words.
    opaque_glass(view, ui, rect);
    let used = filled(view, ui, "slip", rect, add);
    keep_height(ui, &mut view.memory.slip_height, used);
}

/// Fills a small card from its top; the height that this took.
pub(crate) fn filled(
    view: &mut View<'_>,
    ui: &mut Ui,
    id: &str,
    rect: Rect,
    add: impl FnOnce(&mut View<'_>, &mut Ui),
) -> f32 {
    let inside = rect.shrink2(vec2(SPACE, 0.0)).with_max_y(f32::INFINITY);
    let layout = view.column();
    let shown = ui.scope_builder(UiBuilder::new().id_salt(id).max_rect(inside).layout(layout), |ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(GAP);
        ui.add_space(SPACE);
        add(view, ui);
        ui.add_space(SPACE);
    });
    shown.response.rect.height()
}

/// Remembers a card's height for the next frame, which comes at once when it is another.
pub(crate) fn keep_height(ui: &Ui, kept: &mut f32, used: f32) {
    if (used - *kept).abs() > 0.5 {
        *kept = used;
        ui.ctx().request_repaint();
    }
}

/// A quiet night sky with the meridians of a globe.
fn sky(view: &View<'_>, ui: &Ui, screen: Rect) {
    let [top, bottom] = view.theme.sky;
    let mut mesh = egui::Mesh::default();
    let corners = [screen.left_top(), screen.right_top(), screen.left_bottom(), screen.right_bottom()];
    for (corner, color) in corners.into_iter().zip([top, top, bottom, bottom]) {
        mesh.colored_vertex(corner, color);
    }
    mesh.add_triangle(0, 1, 2);
    mesh.add_triangle(2, 1, 3);
    ui.painter().add(Shape::mesh(mesh));
    if top == bottom {
        return;
    }
    let center = pos2(screen.center().x, screen.bottom() + screen.height() * 0.35);
    let radius = screen.width().max(screen.height()) * 0.62;
    let stroke = Stroke::new(1.0, Color32::from_white_alpha(13));
    for share in [1.0, 0.82, 0.6, 0.34, 0.1] {
        ui.painter().add(Shape::ellipse_stroke(center, vec2(radius * share, radius), stroke));
    }
    for share in [0.35f32, 0.62, 0.83, 0.95] {
        let half = radius * (1.0 - share * share).sqrt();
        let place = pos2(center.x, center.y - radius * share);
        ui.painter().add(Shape::ellipse_stroke(place, vec2(half, half * 0.12), stroke));
    }
}
