//! How the on-screen keyboard looks, and which of its keys is pressed.
//!
//! Keys act when they go down, because a ray or a finger seldom comes up where it went down, and take no focus: that
//! stays in the field. It must not know what is written.

use super::layouts::{self, CODE, Row};
use super::{Page, Press, Shift, Writing};
use crate::panels::pages::frame;
use crate::panels::theme::{GAP, SMALL_RADIUS};
use crate::panels::view::{Look, View};
use crate::panels::widgets::{Icon, paint_icon};
use crate::panels::words::Value;
use egui::accesskit::Role;
use egui::{Rect, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};
use venue_model::Language;

/// Space between keys, points.
const BETWEEN: f32 = 4.0;

/// Keys are not wider than this many times their height.
const WIDEST: f32 = 1.35;

/// The share of the screen's height that it takes at most.
const MOST_HEIGHT: f32 = 0.5;

/// A key that is held writes again after so long, and then so often; seconds.
const HELD: f64 = 0.45;
const AGAIN: f64 = 0.07;

/// What stands on a key.
enum Label {
    Text(String),
    Quiet(String),
    Icon(Icon),
}

/// One key.
struct KeySpec {
    label: Label,
    /// For whoever hears it.
    name: String,
    press: Press,
    /// Width, letters.
    units: f32,
    is_on: bool,
    repeats: bool,
}

impl KeySpec {
    fn letter(text: &str) -> Self {
        // A mark that stands on a letter is shown on a line.
        let stands_alone = !text.starts_with(|c: char| ('\u{64b}'..='\u{652}').contains(&c));
        let label = if stands_alone { text.to_owned() } else { format!("ـ{text}") };
        Self {
            label: Label::Text(label),
            name: text.to_owned(),
            press: Press::Write(text.to_owned()),
            units: 1.0,
            is_on: false,
            repeats: false,
        }
    }

    fn other(label: Label, name: String, press: Press, units: f32) -> Self {
        Self { label, name, press, units, is_on: false, repeats: false }
    }
}

/// Shows the keyboard at the foot of the screen while a field has the focus and the user has no other keyboard.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let is_wanted = view.model.lacks_keyboard || view.model.settings.comfort.on_screen_keyboard;
    let before = view.memory.keyboard.rect;
    view.memory.keyboard.rect = None;
    if let Some(writing) = view.memory.keyboard.follow(is_wanted) {
        let rows = rows(view, writing);
        let has_candidates = !view.memory.keyboard.offered.is_empty();
        let (rect, unit, height) = place(view, ui, &rows, has_candidates);
        view.memory.keyboard.rect = Some(rect);
        let name = view.t("keyboard");
        frame::opaque_glass(view, ui, rect);
        let response = ui.interact(rect, ui.scope_id().with("keyboard"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Group, true, &name));
        let inner = rect.shrink(GAP);
        let mut top = inner.top();
        if has_candidates {
            candidates(view, ui, inner.with_max_y(top + height));
            top += height + BETWEEN;
        }
        for row in &rows {
            let units: f32 = row.iter().map(|key| key.units).sum();
            let mut left = inner.center().x - units * unit * 0.5;
            for key in row {
                let width = key.units * unit;
                let place = Rect::from_min_size(pos2(left, top), vec2(width, height + BETWEEN));
                show_key(view, ui, key, place.shrink(BETWEEN * 0.5));
                left += width;
            }
            top += height + BETWEEN;
        }
    }
    if before != view.memory.keyboard.rect {
        // What lies above has another height now.
        ui.ctx().request_repaint();
    }
}

/// Where it lies, how wide a letter is with the space after it, and how high a key is.
fn place(view: &View<'_>, ui: &Ui, rows: &[Vec<KeySpec>], has_candidates: bool) -> (Rect, f32, f32) {
    let screen = ui.ctx().viewport_rect();
    let count = (rows.len() + usize::from(has_candidates)) as f32;
    let most = screen.height() * MOST_HEIGHT - 2.0 * GAP;
    let height = view.theme.row_height().min(most / count - BETWEEN);
    let widest = rows.iter().map(|row| row.iter().map(|key| key.units).sum::<f32>()).fold(1.0, f32::max);
    let unit = ((screen.width() - 4.0 * GAP) / widest).min(height * WIDEST + BETWEEN);
    let size = vec2(unit * widest + 2.0 * GAP, count * (height + BETWEEN) + 2.0 * GAP);
    let center = pos2(screen.center().x, screen.bottom() - GAP - size.y * 0.5);
    (Rect::from_center_size(center, size), unit, height)
}

fn rows(view: &View<'_>, writing: Writing) -> Vec<Vec<KeySpec>> {
    let keyboard = &view.memory.keyboard;
    let language = keyboard.language(view.words.language());
    match keyboard.page {
        Page::Letters => letters(view, language, writing),
        Page::Signs => signs(view, language, writing),
        Page::Code => code(view),
    }
}

fn letters(view: &View<'_>, language: Language, writing: Writing) -> Vec<Vec<KeySpec>> {
    let layout = layouts::letters(language);
    let is_shifted = view.memory.keyboard.is_shifted();
    let shown = layout.shifted.filter(|_| is_shifted).unwrap_or(layout.rows);
    let is_capital = is_shifted && layout.shifted.is_none();
    let key = |text: &str| match is_capital {
        true => KeySpec::letter(&text.to_uppercase()),
        false => KeySpec::letter(text),
    };
    let mut rows: Vec<Vec<KeySpec>> = shown.iter().map(|row| row.split(' ').map(key).collect()).collect();
    let longest = layouts::longest(layout.rows) as f32;
    if let Some(last) = rows.last_mut() {
        let units = ((longest - last.len() as f32) * 0.5).max(1.0);
        last.insert(0, shift(view, units));
        last.push(backspace(view, units));
    }
    rows.push(foot(view, language, writing, longest));
    rows
}

fn signs(view: &View<'_>, language: Language, writing: Writing) -> Vec<Vec<KeySpec>> {
    let row = |row: Row| row.split(' ').map(KeySpec::letter).collect::<Vec<_>>();
    let mut rows: Vec<_> = layouts::signs(language).map(row).into();
    if let Some(last) = rows.last_mut() {
        last.push(backspace(view, 2.0));
    }
    rows.push(foot(view, language, writing, 12.0));
    rows
}

fn code(view: &View<'_>) -> Vec<Vec<KeySpec>> {
    let mut rows: Vec<Vec<KeySpec>> =
        CODE.iter().map(|row| row.split(' ').map(KeySpec::letter).collect()).collect();
    if let Some(last) = rows.last_mut() {
        last.push(backspace(view, 2.0));
        last.push(page(view, Page::Letters, 2.0));
        last.push(hide(view, 1.0));
        last.push(enter(view, 2.0));
    }
    rows
}

/// The row below the letters.
fn foot(view: &View<'_>, language: Language, writing: Writing, units: f32) -> Vec<KeySpec> {
    let next = match (view.memory.keyboard.page, writing) {
        (Page::Letters, _) => Page::Signs,
        (Page::Signs, Writing::Code) => Page::Code,
        (Page::Signs | Page::Code, _) => Page::Letters,
    };
    let named = [("language", Value::Text(language.endonym()))];
    let globe = view.tv("keyboard-language", &named);
    let space = Label::Quiet(language.endonym().to_owned());
    vec![
        page(view, next, 1.5),
        KeySpec::other(Label::Icon(Icon::Globe), globe, Press::NextLanguage, 1.25),
        KeySpec::other(space, view.t("keyboard-space"), Press::Space, units - 6.5),
        KeySpec::letter(layouts::full_stop(language)),
        hide(view, 1.25),
        enter(view, 1.5),
    ]
}

fn page(view: &View<'_>, page: Page, units: f32) -> KeySpec {
    let (label, name) = match page {
        Page::Signs => ("123", "keyboard-signs"),
        Page::Code => ("A9", "keyboard-code"),
        Page::Letters => match view.memory.keyboard.language(view.words.language()) {
            Language::Ar => ("أبج", "keyboard-letters"),
            Language::Ru => ("абв", "keyboard-letters"),
            _ => ("abc", "keyboard-letters"),
        },
    };
    KeySpec::other(Label::Text(label.to_owned()), view.t(name), Press::Turn(page), units)
}

fn shift(view: &View<'_>, units: f32) -> KeySpec {
    let icon = match view.memory.keyboard.shift {
        Shift::Locked => Icon::ShiftLocked,
        Shift::Off | Shift::Once => Icon::Shift,
    };
    let key = KeySpec::other(Label::Icon(icon), view.t("keyboard-shift"), Press::Shift, units);
    KeySpec { is_on: view.memory.keyboard.is_shifted(), ..key }
}

fn backspace(view: &View<'_>, units: f32) -> KeySpec {
    let name = view.t("keyboard-backspace");
    KeySpec { repeats: true, ..KeySpec::other(Label::Icon(Icon::Backspace), name, Press::Backspace, units) }
}

fn enter(view: &View<'_>, units: f32) -> KeySpec {
    KeySpec::other(Label::Icon(Icon::Enter), view.t("keyboard-enter"), Press::Enter, units)
}

fn hide(view: &View<'_>, units: f32) -> KeySpec {
    KeySpec::other(Label::Icon(Icon::Down), view.t("keyboard-hide"), Press::Hide, units)
}

/// As many candidates as fit, from the left; the rest comes when more letters are composed.
fn candidates(view: &mut View<'_>, ui: &mut Ui, row: Rect) {
    let offered = view.memory.keyboard.offered.clone();
    let mut left = row.left();
    for (number, candidate) in offered.iter().enumerate() {
        let shaped = view.shape(ui, &candidate.text, Look::BODY.one_line(), None);
        let width = (shaped.width / ui.pixels_per_point() + 3.0 * GAP).max(row.height());
        if left + width > row.right() {
            return;
        }
        let key = KeySpec { press: Press::Take(number), ..KeySpec::letter(&candidate.text) };
        show_key(
            view,
            ui,
            &key,
            Rect::from_min_size(pos2(left, row.top()), vec2(width - BETWEEN, row.height())),
        );
        left += width;
    }
}

fn show_key(view: &mut View<'_>, ui: &mut Ui, key: &KeySpec, rect: Rect) {
    let id = ui.scope_id().with(("key", rect.left().to_bits(), rect.top().to_bits()));
    let response = ui.interact(rect, id, Sense::CLICK);
    paint(view, ui, key, rect, &response);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &key.name));
    if is_pressed(view, ui, key, &response) {
        let language = view.words.language();
        view.memory.keyboard.press(key.press.clone(), language);
        ui.ctx().request_repaint();
    }
}

/// Whether a key acts in this frame: it went down, is held long enough, or a screen reader presses it.
fn is_pressed(view: &mut View<'_>, ui: &Ui, key: &KeySpec, response: &Response) -> bool {
    if !response.is_pointer_button_down_on() {
        return response.clicked() && !response.clicked_by(egui::PointerButton::Primary);
    }
    let (is_fresh, time) = ui.input(|input| (input.pointer.primary_pressed(), input.time));
    let again_at = &mut view.memory.keyboard.again_at;
    if is_fresh {
        *again_at = time + HELD;
    } else if key.repeats && time >= *again_at {
        *again_at = time + AGAIN;
    } else {
        if key.repeats {
            ui.ctx().request_repaint();
        }
        return false;
    }
    true
}

fn paint(view: &mut View<'_>, ui: &Ui, key: &KeySpec, rect: Rect, response: &Response) {
    let theme = view.theme;
    let fill = match (response.is_pointer_button_down_on(), key.is_on, response.hovered()) {
        (true, _, _) | (_, true, _) => theme.accent_soft,
        (_, _, true) => theme.button_hover,
        _ => theme.button,
    };
    let edge = if response.hovered() { theme.accent } else { theme.edge };
    ui.painter().rect(rect, SMALL_RADIUS, fill, Stroke::new(theme.line, edge), StrokeKind::Inside);
    let (text, look, color) = match &key.label {
        Label::Icon(icon) => {
            let side = (rect.height().min(rect.width()) * 0.46).max(12.0);
            let right_to_left = view.memory.keyboard.language(view.words.language()).is_right_to_left();
            let place = Rect::from_center_size(rect.center(), vec2(side, side));
            return paint_icon(ui, *icon, place, theme.text, right_to_left);
        }
        Label::Text(text) => (text, Look::BODY, theme.text),
        Label::Quiet(text) => (text, Look::SMALL, theme.quiet),
    };
    let shaped = view.shape(ui, text, look.one_line(), None);
    let size = vec2(shaped.width, shaped.height) / ui.pixels_per_point();
    view.draw(ui, &shaped, rect.center() - size * 0.5, color);
}
