//! Text that is only read.

use crate::panels::view::{Look, View};
use egui::accesskit::Role;
use egui::{Color32, Response, Sense, Ui, WidgetInfo};

/// A text in the theme's main colour, as wide as there is room.
pub(crate) fn label(view: &mut View<'_>, ui: &mut Ui, text: &str, look: Look) -> Response {
    let color = view.theme.text;
    label_colored(view, ui, text, look, color)
}

/// A text in a colour.
pub(crate) fn label_colored(
    view: &mut View<'_>,
    ui: &mut Ui,
    text: &str,
    look: Look,
    color: Color32,
) -> Response {
    let shaped = view.shape(ui, text, look, Some(ui.available_width()));
    let size = egui::vec2(shaped.width, shaped.height) / ui.pixels_per_point();
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    view.draw(ui, &shaped, rect.min, color);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    response
}

/// The name of a page or panel.
pub(crate) fn heading(view: &mut View<'_>, ui: &mut Ui, text: &str, look: Look) -> Response {
    let response = label(view, ui, text, look);
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_role(Role::Heading));
    response
}
