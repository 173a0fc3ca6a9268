//! What every page and widget works with while one frame is laid out.
//!
//! It holds borrowed parts and small helpers; it draws nothing by itself.

use super::flags;
use super::memory::Memory;
use super::model::{PanelAction, PanelModel};
use super::text::atlas::PictureKey;
use super::text::engine::Quad;
use super::text::fonts::FontWeight;
use super::text::{LineAlign, Shaped, TextEngine, TextStyle};
use super::theme::{TextSize, Theme};
use super::words::{Value, Words};
use egui::{Align, Color32, Layout, Pos2, Rect, Ui};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

/// What is left of the screen above the on-screen keyboard at least, points.
const LEAST_ROOM: f32 = 120.0;

/// The parts of one frame.
pub(crate) struct View<'a> {
    /// Shapes and draws.
    pub(crate) engine: &'a mut TextEngine,
    /// Translates.
    pub(crate) words: &'a Words,
    /// Colours and sizes.
    pub(crate) theme: Theme,
    /// What is shown.
    pub(crate) model: &'a PanelModel,
    /// What the panels remember between frames.
    pub(crate) memory: &'a mut Memory,
    /// What the user asks for.
    pub(crate) actions: &'a mut Vec<PanelAction>,
    /// Whether panels and rows run from right to left.
    pub(crate) right_to_left: bool,
    /// Rectangles that take the pointer.
    pub(crate) solid: &'a mut Vec<Rect>,
}

impl View<'_> {
    /// A sentence.
    pub(crate) fn t(&self, key: &str) -> String {
        self.words.get(key)
    }

    /// A sentence with values.
    pub(crate) fn tv(&self, key: &str, values: &[(&str, Value<'_>)]) -> String {
        self.words.with(key, values)
    }

    /// A name that exists in several languages.
    pub(crate) fn localized<'t>(&self, text: &'t venue_model::Localized) -> &'t str {
        text.get(self.words.language())
    }

    /// The screen without what the on-screen keyboard covers.
    pub(crate) fn room(&self, ui: &Ui) -> Rect {
        let screen = ui.ctx().viewport_rect();
        match self.memory.keyboard.rect() {
            Some(keyboard) => screen.with_max_y(keyboard.top().max(screen.top() + LEAST_ROOM)),
            None => screen,
        }
    }

    /// Top down, beginning at the side where reading begins.
    pub(crate) fn column(&self) -> Layout {
        Layout::top_down(if self.right_to_left { Align::Max } else { Align::Min })
    }

    /// The side where reading begins, for lines of different width.
    pub(crate) fn start(&self) -> LineAlign {
        if self.right_to_left { LineAlign::Right } else { LineAlign::Left }
    }

    /// A piece of `rect` of this width at the side where reading begins, and the rest.
    pub(crate) fn split_start(&self, rect: Rect, width: f32) -> (Rect, Rect) {
        if self.right_to_left {
            let (rest, piece) = rect.split_left_right_at_x(rect.right() - width);
            (piece, rest)
        } else {
            rect.split_left_right_at_x(rect.left() + width)
        }
    }

    /// A piece of `rect` of this width at the side where reading ends, and the rest.
    pub(crate) fn split_end(&self, rect: Rect, width: f32) -> (Rect, Rect) {
        if self.right_to_left {
            rect.split_left_right_at_x(rect.left() + width)
        } else {
            let (rest, piece) = rect.split_left_right_at_x(rect.right() - width);
            (piece, rest)
        }
    }

    /// Shapes a text; `wrap` in points.
    pub(crate) fn shape(&mut self, ui: &Ui, text: &str, look: Look, wrap: Option<f32>) -> Arc<Shaped> {
        let scale = ui.pixels_per_point();
        let style = TextStyle {
            size: (self.theme.size(look.size) * scale).round(),
            weight: look.weight,
            align: look.align.unwrap_or(self.start()),
            wrap: wrap.map(|width| (width * scale).floor().max(1.0)),
            max_lines: look.max_lines,
        };
        self.engine.shape(text, style)
    }

    /// Draws a shaped text with its top left corner at `at`.
    pub(crate) fn draw(&mut self, ui: &Ui, shaped: &Shaped, at: Pos2, color: Color32) {
        let scale = ui.pixels_per_point();
        let size = egui::vec2(shaped.width, shaped.height) / scale;
        if !ui.clip_rect().intersects(Rect::from_min_size(at, size).expand(4.0)) {
            return;
        }
        let mut mesh = egui::Mesh::default();
        let origin = [at.x * scale, at.y * scale];
        self.engine.quads(shaped, origin, |quad| super::mesh::push(&mut mesh, quad, scale, color));
        ui.painter().add(egui::Shape::mesh(mesh));
    }

    /// Draws a delegation's flag in the middle of `rect`, as high as `rect`; false for a delegation without one.
    pub(crate) fn draw_flag(&mut self, ui: &Ui, delegation: &str, rect: Rect) -> bool {
        let scale = ui.pixels_per_point();
        let height = (rect.height() * scale).round().max(1.0) as u32;
        let mut hasher = DefaultHasher::new();
        (delegation, height).hash(&mut hasher);
        let key = PictureKey::Flag(hasher.finish());
        let placed = match self.engine.atlas.get(key) {
            Some(placed) => placed,
            None => {
                let Some(flag) = flags::flag(delegation, height) else { return false };
                let (width, height) = flag.dimensions();
                let rgba: Vec<u8> =
                    flag.pixels().flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 255]).collect();
                // Without a place in the atlas the flag stays away for this frame, as a glyph does.
                let Some(placed) = self.engine.atlas.insert(key, [width, height], [0, 0], &rgba) else {
                    return true;
                };
                placed
            }
        };
        let size = egui::vec2(placed.region.width as f32, placed.region.height as f32) / scale;
        let at = (rect.center() - size * 0.5) * scale;
        let quad = Quad { position: [at.x.round(), at.y.round()], placed };
        let mut mesh = egui::Mesh::default();
        super::mesh::push(&mut mesh, quad, scale, Color32::WHITE);
        ui.painter().add(egui::Shape::mesh(mesh));
        true
    }

    /// Draws a shaped text inside `rect`: at the reading start, in the middle of its height.
    pub(crate) fn draw_in(&mut self, ui: &Ui, shaped: &Shaped, rect: Rect, color: Color32) {
        let size = egui::vec2(shaped.width, shaped.height) / ui.pixels_per_point();
        let x = if self.right_to_left { rect.right() - size.x } else { rect.left() };
        self.draw(ui, shaped, egui::pos2(x, rect.center().y - size.y * 0.5), color);
    }
}

/// How a text looks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Look {
    /// Size.
    pub(crate) size: TextSize,
    /// Weight.
    pub(crate) weight: FontWeight,
    /// Lines; none: at the side where reading begins.
    pub(crate) align: Option<LineAlign>,
    /// Cut with an ellipsis after this many lines.
    pub(crate) max_lines: Option<u16>,
}

impl Look {
    /// For reading.
    pub(crate) const BODY: Self =
        Self { size: TextSize::Body, weight: FontWeight::Regular, align: None, max_lines: None };
    /// Beside it.
    pub(crate) const SMALL: Self = Self { size: TextSize::Small, ..Self::BODY };
    /// A panel's name.
    pub(crate) const HEADING: Self = Self { size: TextSize::Heading, weight: FontWeight::Bold, ..Self::BODY };
    /// What may be pressed, and names.
    pub(crate) const STRONG: Self = Self { weight: FontWeight::Bold, ..Self::BODY };

    /// The same in one line, cut with an ellipsis.
    pub(crate) const fn one_line(self) -> Self {
        Self { max_lines: Some(1), ..self }
    }

    /// The same, cut with an ellipsis after so many lines.
    pub(crate) const fn lines(self, most: u16) -> Self {
        Self { max_lines: Some(most), ..self }
    }

    /// The same with its lines in the middle.
    pub(crate) const fn centered(self) -> Self {
        Self { align: Some(LineAlign::Center), ..self }
    }
}
