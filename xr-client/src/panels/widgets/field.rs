//! A field that is written in: egui's events to a [`TextField`], and its picture.

use super::focus_ring;
use super::spoken_text::SpokenText;
use crate::panels::keyboard::Writing;
use crate::panels::text::field::FieldInput;
use crate::panels::text::{TextField, engine::Quad};
use crate::panels::theme::{SMALL_RADIUS, TextSize};
use crate::panels::view::{Look, View};
use cosmic_text::Motion;
use egui::output::IMEOutput;
use egui::{
    CursorIcon, Event, EventFilter, Id, ImeEvent, Key, Modifiers, Rect, Response, Sense, Stroke, StrokeKind,
    Ui, WidgetInfo, vec2,
};

/// Space between a field's edge and its text.
const PADDING: f32 = 12.0;

/// What a field is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldSpec<'a> {
    /// One of [`FIELDS`].
    pub(crate) id: &'a str,
    /// Spoken name, and what stands in the empty field.
    pub(crate) hint: &'a str,
    /// Lines shown at most; more are scrolled.
    pub(crate) max_lines: u16,
    /// Takes the focus now.
    pub(crate) take_focus: bool,
}

/// The fields of the program, and what they take.
const FIELDS: [(&str, Writing); 7] = [
    ("link", Writing::Code),
    ("draft", Writing::Words),
    ("reason", Writing::Words),
    ("announcement", Writing::Words),
    ("people-search", Writing::Words),
    ("report", Writing::Words),
    ("answer", Writing::Words),
];

fn writing_of(id: &str) -> Writing {
    FIELDS.iter().find(|(known, _)| *known == id).map_or(Writing::Words, |(_, writing)| *writing)
}

/// Whether a field has the keyboard, which then moves its caret.
pub(crate) fn is_writing(ui: &Ui) -> bool {
    let focused = ui.memory(egui::Memory::focused);
    FIELDS.iter().any(|(id, _)| focused == Some(Id::unique(id)))
}

/// What happened in a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FieldAnswer {
    /// Enter was pressed.
    pub(crate) submitted: bool,
    /// The text changed.
    pub(crate) changed: bool,
}

/// Shows a field and lets it be edited.
pub(crate) fn field(
    view: &mut View<'_>,
    ui: &mut Ui,
    text: &mut TextField,
    spec: FieldSpec<'_>,
) -> FieldAnswer {
    let scale = ui.pixels_per_point();
    let width = ui.available_width();
    let size = (view.theme.size(TextSize::Body) * scale).round();
    let inner_width = ((width - 2.0 * PADDING) * scale).floor().max(1.0);
    text.lay_out(view.engine, size, inner_width, view.right_to_left);
    let shown_height = text.height().min(text.line_height() * f32::from(spec.max_lines)) / scale;
    let height = (shown_height + 2.0 * 8.0).max(view.theme.row_height());
    let (_, rect) = ui.allocate_space(vec2(width, height));
    let response = ui.interact(rect, Id::unique(spec.id), Sense::click_and_drag());
    let clicked_at = ui.input(|input| input.pointer.interact_pos().filter(|_| input.pointer.any_click()));
    if spec.take_focus || view.memory.keyboard.keeps_focus(response.id, clicked_at) {
        response.request_focus();
    }
    let before = text.text();
    let mut answer = FieldAnswer::default();
    let inner = Rect::from_center_size(rect.center(), vec2(width - 2.0 * PADDING, shown_height));
    let scroll = scroll_offset(text, shown_height * scale);
    if response.has_focus() {
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        answer.submitted = keyboard(view, ui, text);
        view.memory.keyboard.serve(response.id, writing_of(spec.id));
    } else {
        // What an input method only shows does not outlast the focus.
        text.end_composing(view.engine);
    }
    pointer(view, ui, &response, text, inner, scroll);
    text.lay_out(view.engine, size, inner_width, view.right_to_left);
    paint(view, ui, &response, text, rect, inner, spec.hint);
    let after = text.text();
    answer.changed = before != after;
    response.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, &before, &after, spec.hint);
        info.label = Some(spec.hint.to_owned());
        info
    });
    let selection = response.has_focus().then(|| text.selection_chars());
    view.memory.spoken.push(SpokenText { field: response.id, text: after, selection });
    answer
}

/// Pixels of the text above the shown part, so that the caret is seen.
fn scroll_offset(text: &TextField, shown: f32) -> f32 {
    let caret = text.caret();
    (caret.top + caret.height - shown).max(0.0).min((text.height() - shown).max(0.0))
}

/// Gives the keyboard's events to the field; whether Enter was pressed.
fn keyboard(view: &mut View<'_>, ui: &Ui, text: &mut TextField) -> bool {
    let mut submitted = false;
    for event in ui.input(|input| input.events.clone()) {
        match event {
            Event::Text(written) | Event::Paste(written) => {
                text.apply(view.engine, FieldInput::Insert(&written));
            }
            Event::Copy => copy(ui, text),
            Event::Cut => {
                copy(ui, text);
                if text.selected().is_some() {
                    text.apply(view.engine, FieldInput::Backspace { word: false });
                }
            }
            Event::Ime(ImeEvent::Preedit { text: shown, .. }) => {
                text.apply(view.engine, FieldInput::Preedit(&shown));
            }
            Event::Ime(ImeEvent::Commit(written)) => {
                text.apply(view.engine, FieldInput::Preedit(""));
                text.apply(view.engine, FieldInput::Insert(&written));
            }
            Event::Key { key: Key::Enter, pressed: true, modifiers, .. } => {
                if modifiers.shift {
                    text.apply(view.engine, FieldInput::Insert("\n"));
                } else {
                    submitted = true;
                }
            }
            Event::Key { key, pressed: true, modifiers, .. } => {
                if let Some(input) = key_input(key, modifiers) {
                    text.apply(view.engine, input);
                }
            }
            _ => {}
        }
    }
    submitted
}

fn copy(ui: &Ui, text: &TextField) {
    if let Some(selected) = text.selected() {
        ui.ctx().copy_text(selected);
    }
}

fn key_input(key: Key, modifiers: Modifiers) -> Option<FieldInput<'static>> {
    let (select, word) = (modifiers.shift, modifiers.ctrl || modifiers.alt);
    let motion = |motion| Some(FieldInput::Move { motion, select });
    match key {
        Key::Backspace => Some(FieldInput::Backspace { word }),
        Key::Delete => Some(FieldInput::Delete { word }),
        Key::ArrowLeft => motion(if word { Motion::LeftWord } else { Motion::Left }),
        Key::ArrowRight => motion(if word { Motion::RightWord } else { Motion::Right }),
        Key::ArrowUp => motion(Motion::Up),
        Key::ArrowDown => motion(Motion::Down),
        Key::Home => motion(if modifiers.command { Motion::BufferStart } else { Motion::Home }),
        Key::End => motion(if modifiers.command { Motion::BufferEnd } else { Motion::End }),
        Key::A if modifiers.command => Some(FieldInput::SelectAll),
        Key::Z if modifiers.command && modifiers.shift => Some(FieldInput::Redo),
        Key::Z if modifiers.command => Some(FieldInput::Undo),
        Key::Y if modifiers.command => Some(FieldInput::Redo),
        _ => None,
    }
}

fn pointer(
    view: &mut View<'_>,
    ui: &Ui,
    response: &Response,
    text: &mut TextField,
    inner: Rect,
    scroll: f32,
) {
    if response.hovered() {
        ui.ctx().set_cursor_icon(CursorIcon::Text);
    }
    let Some(at) = response.interact_pointer_pos() else { return };
    let scale = ui.pixels_per_point();
    let (x, y) = ((at.x - inner.left()) * scale, (at.y - inner.top()) * scale + scroll);
    let pressed = ui.input(|input| input.pointer.any_pressed());
    let select = ui.input(|input| input.modifiers.shift);
    if response.triple_clicked() {
        text.apply(view.engine, FieldInput::Press { x, y, clicks: 3, select });
    } else if response.double_clicked() {
        text.apply(view.engine, FieldInput::Press { x, y, clicks: 2, select });
    } else if pressed && response.is_pointer_button_down_on() {
        response.request_focus();
        text.apply(view.engine, FieldInput::Press { x, y, clicks: 1, select });
    } else if response.dragged() {
        text.apply(view.engine, FieldInput::Drag { x, y });
    }
}

fn paint(
    view: &mut View<'_>,
    ui: &Ui,
    response: &Response,
    text: &TextField,
    rect: Rect,
    inner: Rect,
    hint: &str,
) {
    let theme = view.theme;
    ui.painter().rect(
        rect,
        SMALL_RADIUS,
        theme.well,
        Stroke::new(theme.line, theme.edge),
        StrokeKind::Inside,
    );
    focus_ring(view, ui, response, rect, SMALL_RADIUS);
    if text.is_empty() {
        let shaped = view.shape(ui, hint, Look::BODY.one_line(), Some(inner.width()));
        view.draw_in(ui, &shaped, inner, theme.quiet);
    }
    let scale = ui.pixels_per_point();
    let scroll = scroll_offset(text, inner.height() * scale);
    let to_screen = |x: f32, y: f32| inner.min + vec2(x, y - scroll) / scale;
    let painter = ui.painter().with_clip_rect(inner.expand2(vec2(4.0, 2.0)).intersect(ui.clip_rect()));
    for [x, y, width, height] in text.selection_boxes() {
        let place = Rect::from_min_size(to_screen(x, y), vec2(width, height) / scale);
        painter.rect_filled(place, 2.0, theme.accent_soft);
    }
    let mut mesh = egui::Mesh::default();
    let origin = [inner.left() * scale, inner.top() * scale - scroll];
    let add = |quad: Quad| crate::panels::mesh::push(&mut mesh, quad, scale, theme.text);
    text.quads(view.engine, origin, add);
    painter.add(egui::Shape::mesh(mesh));
    for [x, y, width, height] in text.preedit_boxes() {
        let line = [to_screen(x, y + height - scale), to_screen(x + width, y + height - scale)];
        painter.line_segment(line, Stroke::new(1.5, theme.accent));
    }
    if response.has_focus() {
        let caret = text.caret();
        let top = to_screen(caret.x, caret.top);
        let place = Rect::from_min_size(top, vec2(0.0, caret.height / scale));
        // It does not blink: a steady caret is found faster and disturbs nobody.
        painter.line_segment([place.min, place.max], Stroke::new(theme.line + 0.75, theme.accent));
        let ime = IMEOutput {
            purpose: egui::IMEPurpose::Normal,
            rect,
            cursor_rect: place,
            should_interrupt_composition: false,
        };
        ui.output_mut(|output| output.ime = Some(ime));
    }
}
