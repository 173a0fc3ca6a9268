//! Settings for a headset: how far the view narrows in motion, standing or seated, hands; and the on-screen keyboard.

use super::hand_buttons;
use super::settings::{caption, change, choices, steps};
use crate::comfort::{ComfortSettings, Hand, Height, OneStick, Vignette};
use crate::panels::model::{PanelAction, PanelSettings};
use crate::panels::theme::SPACE;
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, ButtonKind};
use egui::Ui;

/// How much one press changes the thresholds: metres a second, and degrees a second.
const SPEED_STEP: f32 = 0.1;
const TURN_STEP: f32 = 5.0;

/// Shows them.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let now = view.model.settings.comfort;
    caption(view, ui, "settings-vignette");
    let offered = Vignette::ALL.map(|vignette| (vignette, view.t(key_of(vignette))));
    if let Some(vignette) = choices(view, ui, now.vignette, &offered) {
        set(view, ComfortSettings { vignette, ..now });
    }
    if now.vignette != Vignette::Off {
        thresholds(view, ui, now);
    }
    caption(view, ui, "settings-height");
    let offered = [
        (Height::Standing, view.t("settings-height-standing")),
        (Height::Seated, view.t("settings-height-seated")),
    ];
    if let Some(height) = choices(view, ui, now.height, &offered) {
        set(view, ComfortSettings { height, ..now });
    }
    if view.model.lacks_keyboard {
        note(view, ui, "settings-height-note");
        let text = view.t("settings-height-measure");
        if widgets::button(view, ui, &text, ButtonKind::Plain) {
            view.actions.push(PanelAction::MeasureHeight);
        }
        ui.add_space(SPACE * 0.5);
    }
    caption(view, ui, "settings-jump-fade");
    let offered = [(true, view.t("settings-jump-fade-dark")), (false, view.t("settings-jump-fade-none"))];
    if let Some(jump_fade) = choices(view, ui, now.jump_fade, &offered) {
        set(view, ComfortSettings { jump_fade, ..now });
    }
    caption(view, ui, "settings-hand");
    let offered = [(Hand::Left, view.t("settings-hand-left")), (Hand::Right, view.t("settings-hand-right"))];
    if let Some(hand) = choices(view, ui, now.hand, &offered) {
        set(view, ComfortSettings { hand, ..now });
    }
    let offered = [(false, view.t("settings-hands-both")), (true, view.t("settings-hands-one"))];
    if let Some(one_handed) = choices(view, ui, now.one_handed, &offered) {
        set(view, ComfortSettings { one_handed, ..now });
    }
    if now.one_handed {
        one_stick(view, ui, now);
    }
    if view.model.lacks_keyboard {
        hand_buttons::show(view, ui);
    }
}

fn one_stick(view: &mut View<'_>, ui: &mut Ui, now: ComfortSettings) {
    caption(view, ui, "settings-stick");
    let offered =
        [(OneStick::Jump, view.t("settings-stick-jump")), (OneStick::Walk, view.t("settings-stick-walk"))];
    if let Some(one_stick) = choices(view, ui, now.one_stick, &offered) {
        set(view, ComfortSettings { one_stick, ..now });
    }
}

fn key_of(vignette: Vignette) -> &'static str {
    match vignette {
        Vignette::Off => "settings-vignette-off",
        Vignette::Weak => "settings-vignette-weak",
        Vignette::Medium => "settings-vignette-medium",
        Vignette::Strong => "settings-vignette-strong",
    }
}

fn thresholds(view: &mut View<'_>, ui: &mut Ui, now: ComfortSettings) {
    let names = ["settings-vignette-earlier", "settings-vignette-later"];
    note(view, ui, "settings-vignette-speed");
    let text = view.words.tenths((now.vignette_from_speed * 10.0).round() as u64);
    let vignette_from_speed = now.vignette_from_speed + SPEED_STEP * f32::from(steps(view, ui, &text, names));
    set(view, ComfortSettings { vignette_from_speed, ..now });
    note(view, ui, "settings-vignette-turn");
    let text = view.words.number(now.vignette_from_turn.round() as usize);
    let vignette_from_turn = now.vignette_from_turn + TURN_STEP * f32::from(steps(view, ui, &text, names));
    set(view, ComfortSettings { vignette_from_turn, ..now });
}

pub(super) fn note(view: &mut View<'_>, ui: &mut Ui, key: &str) {
    let text = view.t(key);
    quiet(view, ui, &text);
}

pub(super) fn quiet(view: &mut View<'_>, ui: &mut Ui, text: &str) {
    let color = view.theme.quiet;
    widgets::label_colored(view, ui, text, Look::SMALL, color);
}

/// Whether fields show a keyboard although there is another one.
pub(super) fn keyboard(view: &mut View<'_>, ui: &mut Ui) {
    caption(view, ui, "settings-keyboard");
    let now = view.model.settings.comfort;
    let offered = [(false, view.t("settings-keyboard-headset")), (true, view.t("settings-keyboard-always"))];
    if let Some(on_screen_keyboard) = choices(view, ui, now.on_screen_keyboard, &offered) {
        set(view, ComfortSettings { on_screen_keyboard, ..now });
    }
    if view.words.language() == venue_model::Language::Zh || now.on_screen_keyboard {
        note(view, ui, "settings-keyboard-note");
        ui.add_space(SPACE * 0.5);
    }
}

fn set(view: &mut View<'_>, comfort: ComfortSettings) {
    let settings = view.model.settings;
    change(view, PanelSettings { comfort: comfort.clamped(), ..settings });
}
