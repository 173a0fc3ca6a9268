//! A switch with its name beside it.

use super::{Icon, focus_ring, follow_focus, paint_icon};
use crate::panels::theme::{GAP, SMALL_RADIUS};
use crate::panels::view::{Look, View};
use egui::accesskit::Role;
use egui::{Align2, Rect, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2};

/// Lines that a name may take in the largest letters.
const MAX_LINES: u16 = 4;

/// Something that is on or off, so wide; whether it was pressed.
pub(crate) fn toggle(view: &mut View<'_>, ui: &mut Ui, text: &str, is_on: bool, width: f32) -> bool {
    let height = view.theme.row_height() - 4.0;
    let side = height * 0.56;
    let before = side + GAP;
    let shaped = view.shape(ui, text, Look::BODY.lines(MAX_LINES), Some(width - before - 22.0));
    let text_size = vec2(shaped.width, shaped.height) / ui.pixels_per_point();
    let size = vec2(width, (text_size.y + 10.0).max(height));
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    follow_focus(&response);
    let theme = view.theme;
    let fill = if response.hovered() { theme.button_hover } else { theme.button };
    ui.painter().rect(rect, SMALL_RADIUS, fill, Stroke::new(theme.line, theme.edge), StrokeKind::Inside);
    let (box_place, text_place) = view.split_start(rect.shrink2(vec2(11.0, 0.0)), before);
    let (box_place, _) = view.split_start(box_place, side);
    let square = Rect::from_center_size(box_place.center(), vec2(side, side));
    let (inside, edge) = if is_on { (theme.accent, theme.accent) } else { (theme.button, theme.quiet) };
    let stroke = Stroke::new(theme.line + 0.5, edge);
    ui.painter().rect(square, SMALL_RADIUS * 0.6, inside, stroke, StrokeKind::Inside);
    if is_on {
        // A mark that is read from left to right in every script.
        paint_icon(ui, Icon::Check, square.shrink(side * 0.2), theme.on_accent, false);
    }
    let align = if view.right_to_left { Align2::RIGHT_CENTER } else { Align2::LEFT_CENTER };
    let at = align.align_size_within_rect(text_size, text_place).min;
    view.draw(ui, &shaped, at, theme.text);
    focus_ring(view, ui, &response, rect, SMALL_RADIUS);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, is_on, text));
    response.clicked()
}
