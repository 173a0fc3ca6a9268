//! Our widgets: text that is shaped by the text engine, with names and roles for assistive programs.
//!
//! egui gives place, focus and clicks; it never draws a letter. A widget knows no page.

mod bars;
mod buttons;
mod field;
mod icons;
mod label;
pub(crate) mod spoken_text;
mod toggle;

pub(crate) use bars::{progress, rule};
pub(crate) use buttons::{
    ButtonKind, Row, button, choice, colored_choice, first_square, row, row_with_button, square, square_side,
};
pub(crate) use field::{FieldSpec, field, is_writing};
pub(crate) use icons::{Icon, paint as paint_icon};
pub(crate) use label::{heading, label, label_colored};
pub(crate) use toggle::toggle;

use super::view::View;
use egui::{Rect, Response, StrokeKind, Ui};

/// The ring round what has the keyboard.
fn focus_ring(view: &View<'_>, ui: &Ui, response: &Response, rect: Rect, radius: f32) {
    if response.has_focus() {
        let stroke = egui::Stroke::new(view.theme.line + 1.5, view.theme.accent);
        ui.painter().rect_stroke(rect.expand(2.5), radius + 2.5, stroke, StrokeKind::Outside);
    }
}

/// A widget that got the focus by the keyboard is scrolled into view.
fn follow_focus(response: &Response) {
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
}
