//! Bars and rules.

use crate::panels::view::View;
use egui::accesskit::Role;
use egui::{Rect, Sense, Ui, WidgetInfo, vec2};

/// How much of something is done, 0 to 1; without a number it only says that work goes on.
pub(crate) fn progress(view: &mut View<'_>, ui: &mut Ui, done: Option<f32>, name: &str) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 8.0), Sense::hover());
    ui.painter().rect_filled(rect, 4.0, view.theme.button_hover);
    let share = done.unwrap_or(0.0).clamp(0.0, 1.0);
    let (filled, _) = view.split_start(rect, rect.width() * share);
    if share > 0.0 {
        ui.painter().rect_filled(Rect::from_min_max(filled.min, filled.max), 4.0, view.theme.accent);
    }
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ProgressIndicator, true, name);
        info.value = done.map(f64::from);
        info
    });
}

/// A line between groups.
pub(crate) fn rule(view: &View<'_>, ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, view.theme.edge);
}
