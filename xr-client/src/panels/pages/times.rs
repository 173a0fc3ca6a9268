//! What each picture takes, in the corner where reading ends, for whoever wants to know.

use super::frame;
use crate::panels::model::Times;
use crate::panels::theme::SPACE;
use crate::panels::view::{Look, View};
use crate::panels::words::Value;
use egui::{Rect, Ui, pos2, vec2};

/// Shows the times, if they are wanted.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let Some(times) = view.model.times else { return };
    let lines = lines(view, &times).map(|text| view.shape(ui, &text, Look::SMALL.one_line(), None));
    let scale = ui.pixels_per_point();
    let width = lines.iter().map(|line| line.width / scale).fold(0.0, f32::max);
    let height: f32 = lines.iter().map(|line| line.height / scale).sum();
    let screen = ui.ctx().viewport_rect().shrink(SPACE);
    let (column, _) = view.split_end(screen, width + 2.0 * 12.0);
    let rect = Rect::from_min_size(column.min, vec2(column.width(), height + 2.0 * 8.0));
    frame::solid_glass(view, ui, rect);
    let (mut y, color) = (rect.top() + 8.0, view.theme.quiet);
    for line in &lines {
        let place = Rect::from_min_size(pos2(rect.left() + 12.0, y), vec2(width, line.height / scale));
        view.draw_in(ui, line, place, color);
        y += place.height();
    }
}

fn lines(view: &View<'_>, times: &Times) -> [String; 3] {
    let [rate, width, height] =
        [times.rate, times.size[0], times.size[1]].map(|number| view.words.number(usize::from(number)));
    let tenths = |number: u32| view.words.tenths(u64::from(number));
    let values =
        [("rate", Value::Text(&rate)), ("width", Value::Text(&width)), ("height", Value::Text(&height))];
    let frames = view.tv("times-pictures", &values);
    let processor = view.tv("times-processor", &[("ms", Value::Text(&tenths(times.processor)))]);
    let graphics = match times.graphics {
        Some([world, screen]) => {
            let [sum, world, screen] = [world + screen, world, screen].map(tenths);
            let values =
                [("ms", Value::Text(&sum)), ("world", Value::Text(&world)), ("screen", Value::Text(&screen))];
            view.tv("times-graphics", &values)
        }
        None => view.t("times-graphics-unknown"),
    };
    [frames, processor, graphics]
}
