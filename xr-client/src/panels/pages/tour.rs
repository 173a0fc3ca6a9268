//! The first minute: four short steps over the venue after the first entry. They never take the keyboard.

use super::{announce, frame, hand_buttons};
use crate::input::hand_buttons::HandDeed;
use crate::panels::model::{Action, PanelAction, PanelSettings};
use crate::panels::theme::SPACE;
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, ButtonKind};
use crate::panels::words::Value;
use egui::accesskit::Live;
use egui::{Rect, Ui, pos2};

/// Width, points at text scale 1.
const WIDTH: f32 = 380.0;

/// How many steps there are.
pub(crate) const STEPS: usize = 4;

/// Shows the step, as long as nothing else is open and nobody is summoned.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let model = view.model;
    if !model.settings.wants_tour || view.memory.open.is_some() || model.order.summons.is_some() {
        return;
    }
    let screen = ui.ctx().viewport_rect().shrink(SPACE);
    let width = (WIDTH * view.theme.text_scale.max(1.0)).min(screen.width());
    let height = view.memory.tour_height.clamp(60.0, screen.height());
    let (column, _) = view.split_end(screen, width);
    // Over the line with the keys.
    let bottom = screen.bottom() - 1.5 * view.theme.row_height();
    let top = (bottom - height).max(screen.top());
    let rect = Rect::from_min_max(pos2(column.left(), top), pos2(column.right(), top + height));
    frame::solid_glass(view, ui, rect);
    let used = frame::filled(view, ui, "tour", rect, step);
    frame::keep_height(ui, &mut view.memory.tour_height, used);
}

fn step(view: &mut View<'_>, ui: &mut Ui) {
    let now = view.memory.tour_step.min(STEPS - 1);
    let numbers = [("step", Value::Count(now + 1)), ("steps", Value::Count(STEPS))];
    let (title, quiet) = (view.tv("tour-step", &numbers), view.theme.quiet);
    widgets::label_colored(view, ui, &title, Look::SMALL, quiet);
    let text = sentence(view, now);
    let response = widgets::label(view, ui, &text, Look::BODY);
    announce::aloud(&response, Live::Polite);
    let is_last = now + 1 == STEPS;
    let (next, skip) = (view.t(if is_last { "tour-done" } else { "tour-next" }), view.t("tour-skip"));
    let (mut goes_on, mut ends) = (false, false);
    ui.horizontal_wrapped(|ui| {
        goes_on = widgets::button(view, ui, &next, ButtonKind::Primary);
        ends = !is_last && widgets::button(view, ui, &skip, ButtonKind::Plain);
    });
    if ends || (goes_on && is_last) {
        want(view, false);
    } else if goes_on {
        view.memory.tour_step = now + 1;
        ui.ctx().request_repaint();
    }
}

/// Begins the steps anew, or ends them.
pub(super) fn want(view: &mut View<'_>, wants_tour: bool) {
    view.memory.tour_step = 0;
    let settings = PanelSettings { wants_tour, ..view.model.settings };
    view.actions.push(PanelAction::ChangeSettings(settings));
}

fn sentence(view: &View<'_>, step: usize) -> String {
    if view.model.lacks_keyboard {
        return sentence_of_headset(view, step);
    }
    let cap = |deed| {
        let hint = view.model.keys.iter().find(|hint| hint.deed == deed);
        // A deed may have lost its key; the settings give it one again.
        hint.and_then(|hint| view.words.first_cap(hint)).unwrap_or_else(|| "–".to_owned())
    };
    let with = |key: &str, deed| view.tv(key, &[("key", Value::Text(&cap(deed)))]);
    match step {
        0 => {
            let keys = [Action::Forward, Action::Left, Action::Backward, Action::Right].map(cap).join(" ");
            view.tv("tour-walk", &[("keys", Value::Text(&keys))])
        }
        1 => with("tour-sit", Action::Sit),
        2 => with("tour-write", Action::Text),
        _ => {
            let (menu, help) = (cap(Action::Menu), cap(Action::Help));
            view.tv("tour-menu", &[("key", Value::Text(&menu)), ("help", Value::Text(&help))])
        }
    }
}

/// The steps of who wears a headset, with the words for what the hands hold.
fn sentence_of_headset(view: &View<'_>, step: usize) -> String {
    let with_button = |key: &str, deed| {
        let button = hand_buttons::names(view, deed);
        view.tv(key, &[("button", Value::Text(&button))])
    };
    let has_one_hand = view.model.settings.comfort.one_handed;
    match (step, view.model.has_bare_hands) {
        (0, false) if has_one_hand => view.t("tour-one-hand-move"),
        (1, false) if has_one_hand => view.t("tour-one-hand-turn"),
        (0, false) => view.t("tour-headset-move"),
        (1, false) => view.t("tour-headset-turn"),
        (2, false) => with_button("tour-headset-mute", HandDeed::Mute),
        (_, false) => with_button("tour-headset-menu", HandDeed::Menu),
        (0, true) => view.t("tour-hands-move"),
        (1, true) => view.t("tour-hands-turn"),
        (2, true) => view.t("tour-hands-mute"),
        (_, true) => view.t("tour-hands-menu"),
    }
}
