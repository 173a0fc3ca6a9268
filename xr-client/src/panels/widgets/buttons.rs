//! What is pressed: buttons, choices and the rows of lists.

use super::{Icon, focus_ring, follow_focus, paint_icon};
use crate::panels::theme::{GAP, SMALL_RADIUS};
use crate::panels::view::{Look, View};
use egui::accesskit::Role;
use egui::{Align2, Color32, Rect, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

/// What is pressed says it whole, on as many lines as it takes in the largest letters; only somebody's own words are
/// cut after that.
const MAX_LINES: u16 = 4;

/// A flag is lower than an icon by this share of it, above and below, because it is wider than high.
const FLAG_INSET: f32 = 0.06;

/// How much a button asks to be pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ButtonKind {
    /// The one that most people want; one on a page.
    Primary,
    /// Any other.
    Plain,
    /// Leaves or throws away.
    Warning,
}

/// A button as wide as its text.
pub(crate) fn button(view: &mut View<'_>, ui: &mut Ui, text: &str, kind: ButtonKind) -> bool {
    button_response(view, ui, text, kind).clicked()
}

fn button_response(view: &mut View<'_>, ui: &mut Ui, text: &str, kind: ButtonKind) -> Response {
    let look = Look::STRONG.centered().lines(MAX_LINES);
    let shaped = view.shape(ui, text, look, Some(ui.available_width() - 36.0));
    let text_size = vec2(shaped.width, shaped.height) / ui.pixels_per_point();
    let size = vec2(text_size.x + 36.0, (text_size.y + 14.0).max(view.theme.row_height()));
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    take_first_focus(view, &response);
    let theme = view.theme;
    let (fill, color, edge) = match (kind, response.hovered()) {
        (ButtonKind::Primary, false) => (theme.accent, theme.on_accent, theme.accent),
        (ButtonKind::Primary, true) => (theme.accent.gamma_multiply(0.88), theme.on_accent, theme.accent),
        (ButtonKind::Plain, false) => (theme.button, theme.text, theme.edge),
        (ButtonKind::Plain, true) => (theme.button_hover, theme.text, theme.edge),
        (ButtonKind::Warning, false) => (theme.button, theme.warning, theme.warning),
        (ButtonKind::Warning, true) => (theme.button_hover, theme.warning, theme.warning),
    };
    ui.painter().rect(rect, SMALL_RADIUS, fill, Stroke::new(theme.line, edge), StrokeKind::Inside);
    let at = Align2::CENTER_CENTER.align_size_within_rect(text_size, rect).min;
    view.draw(ui, &shaped, at, color);
    focus_ring(view, ui, &response, rect, SMALL_RADIUS);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, text));
    response
}

/// The first thing of a panel that can be pressed has the focus when the panel opens.
fn take_first_focus(view: &mut View<'_>, response: &Response) {
    if view.memory.gives_focus() {
        response.request_focus();
    }
    follow_focus(response);
}

/// A square button with an icon and a name that is only spoken.
pub(crate) fn square(view: &mut View<'_>, ui: &mut Ui, icon: Icon, name: &str) -> bool {
    let side = square_side(view);
    let (rect, response) = ui.allocate_exact_size(vec2(side, side), Sense::click());
    draw_square(view, ui, icon, name, rect, &response)
}

/// A square button that has the focus when it is the first thing to be pressed.
pub(crate) fn first_square(view: &mut View<'_>, ui: &mut Ui, icon: Icon, name: &str) -> bool {
    let side = square_side(view);
    let (rect, response) = ui.allocate_exact_size(vec2(side, side), Sense::click());
    take_first_focus(view, &response);
    draw_square(view, ui, icon, name, rect, &response)
}

/// Width and height of a square button.
pub(crate) fn square_side(view: &View<'_>) -> f32 {
    view.theme.row_height().min(52.0)
}

fn draw_square(
    view: &mut View<'_>,
    ui: &Ui,
    icon: Icon,
    name: &str,
    rect: Rect,
    response: &Response,
) -> bool {
    follow_focus(response);
    let side = rect.width();
    let theme = view.theme;
    let fill = if response.hovered() { theme.button_hover } else { theme.button };
    ui.painter().rect(rect, SMALL_RADIUS, fill, Stroke::new(theme.line, theme.edge), StrokeKind::Inside);
    paint_icon(ui, icon, rect.shrink(side * 0.28), theme.text, view.right_to_left);
    focus_ring(view, ui, response, rect, SMALL_RADIUS);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    response.clicked()
}

/// One of several choices, of which one is chosen.
pub(crate) fn choice(view: &mut View<'_>, ui: &mut Ui, text: &str, chosen: bool) -> bool {
    colored_choice(view, ui, text, None, chosen)
}

/// One of several colours, shown before its name.
pub(crate) fn colored_choice(
    view: &mut View<'_>,
    ui: &mut Ui,
    text: &str,
    color: Option<Color32>,
    chosen: bool,
) -> bool {
    let look = Look::BODY.centered().lines(MAX_LINES);
    let height = view.theme.row_height() - 4.0;
    let (disc, before) = if color.is_some() { (height * 0.5, height * 0.5 + GAP) } else { (0.0, 0.0) };
    let shaped = view.shape(ui, text, look, Some(ui.available_width() - 24.0 - before));
    let text_size = vec2(shaped.width, shaped.height) / ui.pixels_per_point();
    let size = vec2(text_size.x + 22.0 + before, (text_size.y + 10.0).max(height));
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    take_first_focus(view, &response);
    let theme = view.theme;
    let fill = match (chosen, response.hovered()) {
        (true, _) => theme.accent_soft,
        (false, true) => theme.button_hover,
        (false, false) => theme.button,
    };
    let edge = if chosen { theme.accent } else { theme.edge };
    let width = if chosen { theme.line + 0.5 } else { theme.line };
    ui.painter().rect(rect, SMALL_RADIUS, fill, Stroke::new(width, edge), StrokeKind::Inside);
    let inner = rect.shrink2(vec2(11.0, 0.0));
    let (disc_place, text_place) = view.split_start(inner, before);
    if let Some(color) = color {
        let (piece, _) = view.split_start(disc_place, disc);
        ui.painter().circle(piece.center(), disc * 0.5, color, Stroke::new(theme.line, theme.quiet));
    }
    let at = Align2::CENTER_CENTER.align_size_within_rect(text_size, text_place).min;
    view.draw(ui, &shaped, at, theme.text);
    focus_ring(view, ui, &response, rect, SMALL_RADIUS);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, text));
    response.clicked()
}

/// What a row of a list says.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Row<'a> {
    /// Where reading begins.
    pub(crate) icon: Option<Icon>,
    /// The delegation whose flag stands there instead, if it has one.
    pub(crate) flag: &'a str,
    /// First line.
    pub(crate) title: &'a str,
    /// Second line, smaller; may be empty.
    pub(crate) note: &'a str,
    /// Where reading ends; may be empty.
    pub(crate) end: &'a str,
    /// Whether `end` is drawn on the accent, as a count.
    pub(crate) end_is_count: bool,
    /// Chosen or present.
    pub(crate) chosen: bool,
    /// Only read, not pressed.
    pub(crate) still: bool,
}

/// A row of a list with a button at its end; which of the two was pressed.
pub(crate) fn row_with_button(
    view: &mut View<'_>,
    ui: &mut Ui,
    spec: Row<'_>,
    icon: Icon,
    name: &str,
) -> (bool, bool) {
    let side = square_side(view);
    let place = ui.available_rect_before_wrap();
    let (end, rest) = view.split_end(place, side);
    let layout = view.column();
    let rest = if view.right_to_left {
        rest.with_min_x(rest.left() + GAP)
    } else {
        rest.with_max_x(rest.right() - GAP)
    };
    let builder = egui::UiBuilder::new().max_rect(rest).layout(layout);
    let shown = ui.scope_builder(builder, |ui| row(view, ui, spec));
    let height = shown.response.rect.height().max(side);
    let middle = shown.response.rect.center().y;
    let rect = Rect::from_center_size(egui::pos2(end.center().x, middle), vec2(side, side));
    let response = ui.interact(rect, ui.scope_id().with(("end", name)), Sense::click());
    let is_pressed = draw_square(view, ui, icon, name, rect, &response);
    let missing = height - shown.response.rect.height();
    if missing > 0.0 {
        ui.add_space(missing);
    }
    (shown.inner, is_pressed)
}

/// A row of a list; whether it was pressed.
pub(crate) fn row(view: &mut View<'_>, ui: &mut Ui, spec: Row<'_>) -> bool {
    let width = ui.available_width();
    let theme = view.theme;
    let icon_width = if spec.icon.is_some() { theme.row_height() * 0.6 + GAP } else { 0.0 };
    let end =
        (!spec.end.is_empty()).then(|| view.shape(ui, spec.end, Look::SMALL.one_line(), Some(width * 0.5)));
    let end_width = end.as_ref().map_or(0.0, |end| end.width / ui.pixels_per_point() + 3.0 * GAP);
    let text_width = (width - 2.0 * 12.0 - icon_width - end_width).max(40.0);
    let title = view.shape(ui, spec.title, Look::BODY.lines(MAX_LINES), Some(text_width));
    let note = (!spec.note.is_empty())
        .then(|| view.shape(ui, spec.note, Look::SMALL.lines(MAX_LINES), Some(text_width)));
    let scale = ui.pixels_per_point();
    let note_height = note.as_ref().map_or(0.0, |note| note.height / scale);
    let height = (title.height / scale + note_height + 14.0).max(theme.row_height());
    let sense = if spec.still { Sense::hover() } else { Sense::click() };
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), sense);
    if spec.still {
        follow_focus(&response);
    } else {
        take_first_focus(view, &response);
    }
    if !ui.is_rect_visible(rect) {
        report(&response, spec);
        return false;
    }
    ground(view, ui, &response, rect, spec);
    let inner = rect.shrink2(vec2(12.0, 0.0));
    let (icon_place, rest) = view.split_start(inner, icon_width);
    if let Some(icon) = spec.icon {
        let side = theme.row_height() * 0.44;
        let (piece, _) = view.split_start(icon_place, icon_width - GAP);
        let place = Rect::from_center_size(piece.center(), vec2(side, side));
        let color = if spec.chosen { theme.accent } else { theme.quiet };
        if !view.draw_flag(ui, spec.flag, place.shrink2(vec2(0.0, side * FLAG_INSET))) {
            paint_icon(ui, icon, place, color, view.right_to_left);
        }
    }
    let (end_place, texts) = view.split_end(rest, end_width);
    if let Some(end) = &end {
        draw_end(view, ui, end, end_place, spec.end_is_count);
    }
    let top = rect.center().y - (title.height / scale + note_height) * 0.5;
    let line =
        |y: f32, height: f32| Rect::from_min_size(egui::pos2(texts.left(), y), vec2(texts.width(), height));
    view.draw_in(ui, &title, line(top, title.height / scale), theme.text);
    if let Some(note) = &note {
        view.draw_in(ui, note, line(top + title.height / scale, note_height), theme.quiet);
    }
    report(&response, spec);
    response.clicked()
}

fn ground(view: &View<'_>, ui: &Ui, response: &Response, rect: Rect, spec: Row<'_>) {
    let theme = view.theme;
    let fill = match (spec.still, spec.chosen, response.hovered()) {
        (true, _, _) => Color32::TRANSPARENT,
        (false, true, _) => theme.accent_soft,
        (false, false, true) => theme.button_hover,
        (false, false, false) => theme.button,
    };
    ui.painter().rect_filled(rect, SMALL_RADIUS, fill);
    focus_ring(view, ui, response, rect, SMALL_RADIUS);
}

fn draw_end(view: &mut View<'_>, ui: &Ui, text: &crate::panels::text::Shaped, place: Rect, is_count: bool) {
    let size = vec2(text.width, text.height) / ui.pixels_per_point();
    let (piece, _) = view.split_end(place, size.x + 2.0 * GAP);
    let center = piece.center();
    if is_count {
        let pill = Rect::from_center_size(center, vec2((size.x + 14.0).max(size.y), size.y));
        ui.painter().rect_filled(pill, size.y * 0.5, view.theme.accent);
    }
    let color = if is_count { view.theme.on_accent } else { view.theme.quiet };
    view.draw(ui, text, center - size * 0.5, color);
}

fn report(response: &Response, spec: Row<'_>) {
    let mut spoken = vec![spec.title, spec.note, spec.end];
    spoken.retain(|part| !part.is_empty());
    let spoken = spoken.join(", ");
    let role = if spec.still { Role::ListItem } else { Role::Button };
    response.widget_info(|| WidgetInfo::labeled(role, true, &spoken));
}
