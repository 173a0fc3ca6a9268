//! A field that is edited: caret, selection, input method, clipboard, undo.
//!
//! It holds text and where the caret stands; drawing and egui's events are the widget's.

use super::engine::{self, Quad, TextEngine, attributes, metrics, showable};
use super::fonts::FontWeight;
use cosmic_text::{Action, Buffer, Cursor, Edit, Editor, Motion, Selection, Shaping, Wrap};

/// Steps that can be undone.
const MAX_UNDO: usize = 100;

/// What may be written into a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldKind {
    /// Characters at most.
    pub max_chars: usize,
    /// Whether line ends are kept; else they become spaces.
    pub keeps_lines: bool,
}

/// One edit or movement.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldInput<'a> {
    /// Typed or pasted.
    Insert(&'a str),
    /// Takes the character or word before the caret, or the selection.
    Backspace {
        /// A whole word.
        word: bool,
    },
    /// Takes the character or word after the caret, or the selection.
    Delete {
        /// A whole word.
        word: bool,
    },
    /// Moves the caret.
    Move {
        /// Where to.
        motion: Motion,
        /// Extends the selection.
        select: bool,
    },
    /// Selects all.
    SelectAll,
    /// Takes the last change back.
    Undo,
    /// Makes it again.
    Redo,
    /// What an input method is about to write; empty ends it.
    Preedit(&'a str),
    /// A press at a point of the field in pixels; `clicks` 1 to 3.
    Press {
        /// Pixels.
        x: f32,
        /// Pixels.
        y: f32,
        /// Character, word, line.
        clicks: u8,
        /// Extends the selection.
        select: bool,
    },
    /// The pointer moves while pressed.
    Drag {
        /// Pixels.
        x: f32,
        /// Pixels.
        y: f32,
    },
}

#[derive(Clone, Debug, PartialEq)]
struct Snapshot {
    text: String,
    cursor: Cursor,
}

/// The caret: pixels from the field's top left.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Caret {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub top: f32,
    /// Height.
    pub height: f32,
}

/// A text that is being written.
pub struct TextField {
    kind: FieldKind,
    editor: Editor<'static>,
    undo: Vec<Snapshot>,
    redo: Vec<Snapshot>,
    /// Whether the next typed character belongs to the last step.
    joins: bool,
    /// Start and end of what an input method shows.
    preedit: Option<(Cursor, Cursor)>,
    size: f32,
    width: f32,
    right_to_left: bool,
}

impl Default for TextField {
    /// Takes nothing: it holds the place of a field that is being shown.
    fn default() -> Self {
        Self::new(FieldKind { max_chars: 0, keeps_lines: false })
    }
}

impl TextField {
    /// An empty field.
    pub fn new(kind: FieldKind) -> Self {
        let mut buffer = Buffer::new_empty(metrics(16.0));
        buffer.set_wrap(Wrap::WordOrGlyph);
        buffer.set_text("", &attributes(FontWeight::Regular), Shaping::Advanced, None);
        Self {
            kind,
            editor: Editor::new(buffer),
            undo: Vec::new(),
            redo: Vec::new(),
            joins: false,
            preedit: None,
            size: 16.0,
            width: 100.0,
            right_to_left: false,
        }
    }

    /// What is written, without what an input method only shows.
    pub fn text(&self) -> String {
        let whole = self.editor.with_buffer(|buffer| {
            let lines: Vec<&str> = buffer.lines.iter().map(cosmic_text::BufferLine::text).collect();
            lines.join("\n")
        });
        match self.preedit {
            None => whole,
            Some((start, end)) => {
                let (start, end) = (self.offset(start), self.offset(end));
                format!("{}{}", &whole[..start], &whole[end..])
            }
        }
    }

    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.editor.with_buffer(|buffer| buffer.lines.iter().all(|line| line.text().is_empty()))
    }

    /// Replaces everything; can be undone.
    pub fn set_text(&mut self, engine: &mut TextEngine, text: &str) {
        self.apply(engine, FieldInput::SelectAll);
        self.apply(engine, FieldInput::Insert(text));
        if text.is_empty() {
            self.apply(engine, FieldInput::Backspace { word: false });
        }
    }

    /// Characters that still fit.
    pub fn chars_left(&self) -> usize {
        self.kind.max_chars.saturating_sub(self.text().chars().count())
    }

    /// Where a cursor stands in the whole text, bytes.
    fn offset(&self, cursor: Cursor) -> usize {
        self.editor.with_buffer(|buffer| {
            let before = buffer.lines.iter().take(cursor.line);
            before.map(|line| line.text().len() + 1).sum::<usize>() + cursor.index
        })
    }

    /// The selected text.
    pub fn selected(&self) -> Option<String> {
        self.editor.copy_selection().filter(|text| !text.is_empty())
    }

    /// The selection in characters, caret last.
    pub fn selection_chars(&self) -> (usize, usize) {
        let text = self.text();
        let chars = |cursor| text.get(..self.offset(cursor)).map_or(0, |part| part.chars().count());
        let caret = chars(self.editor.cursor());
        self.editor.selection_bounds().map_or((caret, caret), |(start, end)| (chars(start), chars(end)))
    }

    /// Takes one edit or movement; whether the text changed.
    pub fn apply(&mut self, engine: &mut TextEngine, input: FieldInput<'_>) -> bool {
        let before = self.text();
        if !matches!(input, FieldInput::Preedit(_)) {
            self.drop_preedit();
        }
        match input {
            FieldInput::Insert(text) => self.insert(text),
            FieldInput::Backspace { word } => {
                self.take(engine, Action::Backspace, Motion::PreviousWord, word)
            }
            FieldInput::Delete { word } => self.take(engine, Action::Delete, Motion::NextWord, word),
            FieldInput::Move { motion, select } => self.walk(engine, motion, select),
            FieldInput::SelectAll => {
                self.editor.set_selection(Selection::Normal(Cursor::new(0, 0)));
                self.editor.action(engine.fonts(), Action::Motion(Motion::BufferEnd));
            }
            FieldInput::Undo => self.step(StepTo::Back),
            FieldInput::Redo => self.step(StepTo::Forth),
            FieldInput::Preedit(text) => self.show_preedit(text),
            FieldInput::Press { x, y, clicks, select } => self.press(x, y, clicks, select),
            FieldInput::Drag { x, y } => self.drag_to(x, y),
        }
        self.shape(engine);
        self.text() != before
    }

    fn insert(&mut self, text: &str) {
        let selected = self.selected().map_or(0, |text| text.chars().count());
        let room = self.chars_left() + selected;
        let text = text.replace("\r\n", "\n");
        let clean: String = showable(&text).chars().take(room).collect();
        let clean = if self.kind.keeps_lines { clean } else { clean.replace('\n', " ") };
        if clean.is_empty() {
            return;
        }
        let typed = clean.chars().count() == 1 && !clean.contains(char::is_whitespace);
        self.remember(typed && self.joins);
        self.joins = typed;
        self.editor.insert_string(&clean, None);
    }

    fn take(&mut self, engine: &mut TextEngine, action: Action, motion: Motion, word: bool) {
        self.remember(false);
        if word && self.selected().is_none() {
            self.editor.set_selection(Selection::Normal(self.editor.cursor()));
            self.editor.action(engine.fonts(), Action::Motion(motion));
        }
        if self.selected().is_none() {
            self.editor.set_selection(Selection::None);
        }
        self.editor.action(engine.fonts(), action);
    }

    fn walk(&mut self, engine: &mut TextEngine, motion: Motion, select: bool) {
        self.joins = false;
        if select && self.editor.selection() == Selection::None {
            self.editor.set_selection(Selection::Normal(self.editor.cursor()));
        }
        if !select {
            let bounds = self.editor.selection_bounds().filter(|(start, end)| start != end);
            self.editor.set_selection(Selection::None);
            if let (Some((start, end)), Motion::Left | Motion::Right) = (bounds, motion) {
                let forward = (motion == Motion::Right) != self.line_is_rtl(start.line);
                self.editor.set_cursor(if forward { end } else { start });
                return;
            }
        }
        match motion {
            Motion::Up => self.walk_lines(-1.0),
            Motion::Down => self.walk_lines(1.0),
            _ => self.editor.action(engine.fonts(), Action::Motion(motion)),
        }
    }

    fn line_is_rtl(&self, line: usize) -> bool {
        self.editor.with_buffer(|buffer| buffer.is_rtl(line).unwrap_or(false))
    }

    /// One line up or down at the same x; beyond the first and last line to the text's ends.
    fn walk_lines(&mut self, direction: f32) {
        let caret = self.caret();
        let y = caret.top + caret.height * (0.5 + direction);
        let cursor = if y < 0.0 {
            Some(Cursor::new(0, 0))
        } else if y > self.height() {
            self.editor.with_buffer(|buffer| {
                let last = buffer.lines.len().saturating_sub(1);
                buffer.lines.get(last).map(|line| Cursor::new(last, line.text().len()))
            })
        } else {
            self.editor.with_buffer(|buffer| engine::hit(buffer, caret.x, y))
        };
        if let Some(cursor) = cursor {
            self.editor.set_cursor(cursor);
        }
    }

    fn press(&mut self, x: f32, y: f32, clicks: u8, select: bool) {
        self.joins = false;
        let Some(cursor) = self.editor.with_buffer(|buffer| engine::hit(buffer, x, y)) else { return };
        let from = self.editor.cursor();
        self.editor.set_cursor(cursor);
        match (clicks, select) {
            (0 | 1, false) => self.editor.set_selection(Selection::None),
            (0 | 1, true) if self.editor.selection() == Selection::None => {
                self.editor.set_selection(Selection::Normal(from));
            }
            (0 | 1, true) => {}
            (2, _) => self.editor.set_selection(Selection::Word(cursor)),
            _ => self.editor.set_selection(Selection::Line(cursor)),
        }
    }

    fn drag_to(&mut self, x: f32, y: f32) {
        if self.editor.selection() == Selection::None {
            self.editor.set_selection(Selection::Normal(self.editor.cursor()));
        }
        if let Some(cursor) = self.editor.with_buffer(|buffer| engine::hit(buffer, x, y)) {
            self.editor.set_cursor(cursor);
        }
    }

    fn show_preedit(&mut self, text: &str) {
        if self.preedit.is_none() && self.selected().is_some() {
            self.remember(false);
            self.editor.delete_selection();
        }
        self.drop_preedit();
        let clean = showable(text).replace('\n', " ");
        if !clean.is_empty() {
            let start = self.editor.cursor();
            self.editor.set_selection(Selection::None);
            self.editor.insert_string(&clean, None);
            self.preedit = Some((start, self.editor.cursor()));
        }
    }

    /// What an input method shows, and did not write yet, goes.
    pub fn end_composing(&mut self, engine: &mut TextEngine) {
        if self.preedit.is_some() {
            self.drop_preedit();
            self.shape(engine);
        }
    }

    fn drop_preedit(&mut self) {
        if let Some((start, end)) = self.preedit.take() {
            self.editor.set_selection(Selection::None);
            self.editor.delete_range(start, end);
            self.editor.set_cursor(start);
        }
    }

    fn snapshot(&self) -> Snapshot {
        Snapshot { text: self.text(), cursor: self.editor.cursor() }
    }

    /// Keeps the present state for undo, unless the change joins the last one.
    fn remember(&mut self, joins: bool) {
        self.joins = false;
        self.redo.clear();
        if joins {
            return;
        }
        if self.undo.len() == MAX_UNDO {
            self.undo.remove(0);
        }
        self.undo.push(self.snapshot());
    }

    fn step(&mut self, to: StepTo) {
        self.joins = false;
        let now = self.snapshot();
        let (from, into) = match to {
            StepTo::Back => (&mut self.undo, &mut self.redo),
            StepTo::Forth => (&mut self.redo, &mut self.undo),
        };
        let Some(mut snapshot) = from.pop() else { return };
        // A press of backspace in an empty field leaves a step that changes nothing.
        while snapshot.text == now.text {
            let Some(earlier) = from.pop() else { return };
            snapshot = earlier;
        }
        into.push(now);
        let plain = attributes(FontWeight::Regular);
        self.editor
            .with_buffer_mut(|buffer| buffer.set_text(&snapshot.text, &plain, Shaping::Advanced, None));
        self.editor.set_selection(Selection::None);
        self.editor.set_cursor(snapshot.cursor);
    }

    /// Lays the text out for this font size, width and direction of the panel.
    pub fn lay_out(&mut self, engine: &mut TextEngine, size: f32, width: f32, right_to_left: bool) {
        if (size, width, right_to_left) != (self.size, self.width, self.right_to_left) {
            (self.size, self.width, self.right_to_left) = (size, width, right_to_left);
        }
        self.shape(engine);
    }

    fn shape(&mut self, engine: &mut TextEngine) {
        let (size, width, panel_rtl) = (self.size, self.width, self.right_to_left);
        self.editor.with_buffer_mut(|buffer| {
            buffer.set_metrics_and_size(metrics(size), Some(width), None);
            for line in &mut buffer.lines {
                // Digits and signs alone go with the panel; letters decide for themselves.
                let neutral = panel_rtl && !line.text().contains(char::is_alphabetic);
                line.set_align(neutral.then_some(cosmic_text::Align::Right));
            }
            buffer.shape_until_scroll(engine.fonts(), false);
        });
    }

    /// Height of all lines, pixels.
    pub fn height(&self) -> f32 {
        self.editor.with_buffer(|buffer| {
            let bottom = buffer.layout_runs().last().map(|run| run.line_top + run.line_height);
            bottom.unwrap_or(buffer.metrics().line_height)
        })
    }

    /// Height of one line, pixels.
    pub fn line_height(&self) -> f32 {
        metrics(self.size).line_height
    }

    /// Where the caret stands.
    pub fn caret(&self) -> Caret {
        let empty_x = if self.right_to_left { self.width } else { 0.0 };
        let cursor = self.editor.cursor();
        let (x, top, height) = self.editor.with_buffer(|buffer| engine::caret(buffer, cursor, empty_x));
        Caret { x, top, height }
    }

    /// Rectangles behind the selected text: left, top, width, height in pixels.
    pub fn selection_boxes(&self) -> Vec<[f32; 4]> {
        self.editor.selection_bounds().map_or_else(Vec::new, |(start, end)| self.boxes(start, end))
    }

    /// Rectangles behind what an input method shows.
    pub fn preedit_boxes(&self) -> Vec<[f32; 4]> {
        self.preedit.map_or_else(Vec::new, |(start, end)| self.boxes(start, end))
    }

    fn boxes(&self, start: Cursor, end: Cursor) -> Vec<[f32; 4]> {
        self.editor.with_buffer(|buffer| {
            let runs = buffer.layout_runs().filter(|run| (start.line..=end.line).contains(&run.line_i));
            let boxes = runs.flat_map(|run| {
                let spans: Vec<_> = run.highlight(start, end).collect();
                spans.into_iter().map(move |(x, width)| [x, run.line_top, width, run.line_height])
            });
            boxes.collect()
        })
    }

    /// The text as quads, with the field's top left at `origin` pixels.
    pub fn quads(&self, engine: &mut TextEngine, origin: [f32; 2], each: impl FnMut(Quad)) {
        self.editor.with_buffer(|buffer| engine.buffer_quads(buffer, origin, each));
    }
}

#[derive(Clone, Copy)]
enum StepTo {
    Back,
    Forth,
}

#[cfg(test)]
#[path = "field_tests.rs"]
mod tests;
