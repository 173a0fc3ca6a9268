//! Settings: language and reading, comfort, graphics, audio, privacy, controls, keys.

use super::{audio, frame, headset, headset_pictures, keys};
use crate::panels::model::{Panel, PanelAction, PanelSettings, Picture, Turning};
use crate::panels::theme::{GAP, SPACE};
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, ButtonKind, Icon};
use crate::panels::words::Value;
use egui::accesskit::Role;
use egui::{Sense, Ui, WidgetInfo, vec2};
use venue_model::Language;

/// Sizes of text that are offered, percent.
const TEXT_PERCENT: [u16; 5] = [100, 125, 150, 175, 200];
/// Vertical fields of view that are offered, degrees.
const FIELD_OF_VIEW: [u16; 4] = [50, 65, 80, 95];
/// Resolutions and levels of detail that are offered, percent.
const RESOLUTION: [u16; 3] = [50, 75, 100];
const DETAIL: [u16; 3] = [50, 100, 200];
/// Speeds of mouse look.
const MOUSE_SPEED: std::ops::RangeInclusive<f32> = 0.5..=20.0;

/// Shows the settings; each takes effect at once but for the picture, whose note says so.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let name = view.t("settings");
    frame::side(view, ui, &name, Some(Panel::Menu), |view, ui| {
        frame::scrolled(view, ui, "settings", 0.0, false, |view, ui| {
            group(view, ui, "settings-reading");
            language(view, ui);
            text_size(view, ui);
            contrast(view, ui);
            group(view, ui, "settings-comfort");
            space(view, ui);
            turning(view, ui);
            group(view, ui, "settings-graphics");
            picture(view, ui);
            field_of_view(view, ui);
            group(view, ui, "settings-audio");
            audio::show(view, ui);
            group(view, ui, "settings-headset");
            headset::show(view, ui);
            headset_pictures::show(view, ui);
            sharpness(view, ui);
            times(view, ui);
            group(view, ui, "settings-privacy");
            privacy(view, ui);
            group(view, ui, "settings-controls");
            headset::keyboard(view, ui);
            mouse(view, ui);
            keys::show(view, ui);
        });
    });
}

pub(super) fn change(view: &mut View<'_>, settings: PanelSettings) {
    if settings != view.model.settings {
        view.actions.push(PanelAction::ChangeSettings(settings));
    }
}

/// The name of settings that belong together, below a line.
fn group(view: &mut View<'_>, ui: &mut Ui, key: &str) {
    widgets::rule(view, ui);
    let text = view.t(key);
    widgets::heading(view, ui, &text, Look::HEADING);
}

pub(super) fn caption(view: &mut View<'_>, ui: &mut Ui, key: &str) {
    let text = view.t(key);
    widgets::heading(view, ui, &text, Look::STRONG);
}

/// Choices beside each other; the one that was pressed.
pub(super) fn choices<T: Copy + PartialEq>(
    view: &mut View<'_>,
    ui: &mut Ui,
    now: T,
    offered: &[(T, String)],
) -> Option<T> {
    let mut pressed = None;
    ui.horizontal_wrapped(|ui| {
        for (value, text) in offered {
            if widgets::choice(view, ui, text, *value == now) {
                pressed = Some(*value);
            }
        }
    });
    ui.add_space(SPACE - GAP);
    pressed
}

fn language(view: &mut View<'_>, ui: &mut Ui) {
    caption(view, ui, "settings-language");
    let offered = Language::ALL.map(|language| (language, language.endonym().to_owned()));
    let settings = view.model.settings;
    if let Some(language) = choices(view, ui, settings.language, &offered) {
        change(view, PanelSettings { language, ..settings });
    }
}

fn text_size(view: &mut View<'_>, ui: &mut Ui) {
    caption(view, ui, "settings-text-size");
    let settings = view.model.settings;
    let now = (settings.text_scale * 100.0).round() as u16;
    let offered = TEXT_PERCENT
        .map(|percent| (percent, view.tv("percent", &[("value", Value::Count(usize::from(percent)))])));
    if let Some(percent) = choices(view, ui, now, &offered) {
        change(view, PanelSettings { text_scale: f32::from(percent) / 100.0, ..settings });
    }
}

fn contrast(view: &mut View<'_>, ui: &mut Ui) {
    caption(view, ui, "settings-contrast");
    let settings = view.model.settings;
    let offered = [(false, view.t("settings-contrast-normal")), (true, view.t("settings-contrast-high"))];
    if let Some(high_contrast) = choices(view, ui, settings.high_contrast, &offered) {
        change(view, PanelSettings { high_contrast, ..settings });
    }
}

fn space(view: &mut View<'_>, ui: &mut Ui) {
    caption(view, ui, "settings-space");
    let settings = view.model.settings;
    let offered = [(true, view.t("settings-space-fade")), (false, view.t("settings-space-stay"))];
    if let Some(personal_space) = choices(view, ui, settings.personal_space, &offered) {
        change(view, PanelSettings { personal_space, ..settings });
    }
}

fn turning(view: &mut View<'_>, ui: &mut Ui) {
    caption(view, ui, "settings-turning");
    let settings = view.model.settings;
    let degrees = |count| view.tv("settings-turning-snap", &[("degrees", Value::Count(count))]);
    let offered = [
        (Turning::Snap30, degrees(30)),
        (Turning::Snap45, degrees(45)),
        (Turning::Smooth, view.t("settings-turning-smooth")),
    ];
    if let Some(turning) = choices(view, ui, settings.turning, &offered) {
        change(view, PanelSettings { turning, ..settings });
    }
}

/// A value between a button for less and one for more; how many steps up were pressed.
pub(super) fn steps(view: &mut View<'_>, ui: &mut Ui, value: &str, [less, more]: [&str; 2]) -> i8 {
    let (less, more) = (view.t(less), view.t(more));
    let mut steps = 0;
    ui.horizontal(|ui| {
        if widgets::square(view, ui, Icon::Less, &less) {
            steps -= 1;
        }
        let size = vec2(64.0 * view.theme.text_scale, view.theme.row_height());
        let (place, response) = ui.allocate_exact_size(size, Sense::hover());
        let shaped = view.shape(ui, value, Look::BODY, None);
        let size = vec2(shaped.width, shaped.height) / ui.pixels_per_point();
        let color = view.theme.text;
        view.draw(ui, &shaped, place.center() - size * 0.5, color);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, value));
        if widgets::square(view, ui, Icon::More, &more) {
            steps += 1;
        }
    });
    ui.add_space(SPACE - GAP);
    steps
}

fn mouse(view: &mut View<'_>, ui: &mut Ui) {
    caption(view, ui, "settings-mouse");
    let settings = view.model.settings;
    let text = view.words.tenths((settings.mouse_speed * 10.0).round() as u64);
    let steps = steps(view, ui, &text, ["settings-mouse-slower", "settings-mouse-faster"]);
    let speed = settings.mouse_speed + 0.5 * f32::from(steps);
    let mouse_speed = speed.clamp(*MOUSE_SPEED.start(), *MOUSE_SPEED.end());
    change(view, PanelSettings { mouse_speed, ..settings });
}

fn picture(view: &mut View<'_>, ui: &mut Ui) {
    caption(view, ui, "settings-picture");
    let settings = view.model.settings;
    let offered = [
        (Picture::Standard, view.t("settings-picture-standard")),
        (Picture::Low, view.t("settings-picture-low")),
    ];
    if let Some(picture) = choices(view, ui, settings.picture, &offered) {
        change(view, PanelSettings { picture, ..settings });
    }
    let note = view.t("settings-picture-note");
    let quiet = view.theme.quiet;
    widgets::label_colored(view, ui, &note, Look::SMALL, quiet);
    ui.add_space(SPACE - GAP);
}

/// How many pixels are drawn, and how finely the venue is shown.
fn sharpness(view: &mut View<'_>, ui: &mut Ui) {
    let settings = view.model.settings;
    let percent = |view: &View<'_>, count: u16| {
        (count, view.tv("percent", &[("value", Value::Count(usize::from(count)))]))
    };
    caption(view, ui, "settings-resolution");
    let offered = RESOLUTION.map(|count| percent(view, count));
    if let Some(resolution) = choices(view, ui, settings.resolution, &offered) {
        change(view, PanelSettings { resolution, ..settings });
    }
    caption(view, ui, "settings-detail");
    let offered = DETAIL.map(|count| percent(view, count));
    if let Some(detail) = choices(view, ui, settings.detail, &offered) {
        change(view, PanelSettings { detail, ..settings });
    }
}

fn times(view: &mut View<'_>, ui: &mut Ui) {
    caption(view, ui, "settings-times");
    let settings = view.model.settings;
    let offered = [(false, view.t("settings-times-hidden")), (true, view.t("settings-times-shown"))];
    if let Some(shows_times) = choices(view, ui, settings.shows_times, &offered) {
        change(view, PanelSettings { shows_times, ..settings });
    }
}

fn field_of_view(view: &mut View<'_>, ui: &mut Ui) {
    caption(view, ui, "settings-field-of-view");
    let settings = view.model.settings;
    let degrees = |count: u16| view.tv("settings-degrees", &[("degrees", Value::Count(usize::from(count)))]);
    let offered = FIELD_OF_VIEW.map(|count| (count, degrees(count)));
    if let Some(field_of_view) = choices(view, ui, settings.field_of_view, &offered) {
        change(view, PanelSettings { field_of_view, ..settings });
    }
}

/// What others keep is told; what this computer keeps can be removed.
fn privacy(view: &mut View<'_>, ui: &mut Ui) {
    let quiet = view.theme.quiet;
    let (kept, read) = (view.t("start-privacy"), view.t("start-privacy-read"));
    widgets::label_colored(view, ui, &kept, Look::SMALL, quiet);
    if widgets::button(view, ui, &read, ButtonKind::Plain) {
        view.actions.push(PanelAction::OpenPrivacyNotice);
    }
    if view.model.last_venue.is_some() {
        let (note, forget) = (view.t("settings-forget-note"), view.t("settings-forget"));
        widgets::label_colored(view, ui, &note, Look::SMALL, quiet);
        if widgets::button(view, ui, &forget, ButtonKind::Warning) {
            view.actions.push(PanelAction::ForgetLast);
        }
    } else {
        let forgotten = view.t("settings-forgotten");
        widgets::label_colored(view, ui, &forgotten, Look::SMALL, quiet);
    }
    ui.add_space(SPACE - GAP);
}
