//! Settings for a headset's pictures: how many a second, the window beside it, how the eyes are drawn, who shows
//! panoramas.

use super::headset::{note, quiet};
use super::settings::{caption, change, choices};
use crate::panels::model::PanelSettings;
use crate::panels::theme::SPACE;
use crate::panels::view::View;
use crate::panels::words::Value;
use crate::present::xr::settings::{EyeWay, HeadsetSettings, PanoramaWay, Refresh};
use egui::Ui;

/// Rates that are offered while no headset says what it has, Hz.
const USUAL_RATES: [u16; 3] = [72, 90, 120];

/// Shows them.
pub(super) fn show(view: &mut View<'_>, ui: &mut Ui) {
    caption(view, ui, "settings-refresh");
    refresh(view, ui);
    caption(view, ui, "settings-mirror");
    let now = view.model.settings.headset;
    let offered = [(true, view.t("settings-mirror-shown")), (false, view.t("settings-mirror-none"))];
    if let Some(mirror) = choices(view, ui, now.mirror, &offered) {
        set(view, HeadsetSettings { mirror, ..now });
    }
    caption(view, ui, "settings-eyes");
    let offered = [
        (EyeWay::Auto, view.t("settings-eyes-auto")),
        (EyeWay::AtOnce, view.t("settings-eyes-at-once")),
        (EyeWay::Apart, view.t("settings-eyes-apart")),
    ];
    if let Some(eyes) = choices(view, ui, now.eyes, &offered) {
        set(view, HeadsetSettings { eyes, ..now });
    }
    note(view, ui, "settings-eyes-note");
    ui.add_space(SPACE * 0.5);
    caption(view, ui, "settings-panorama");
    let offered = [
        (PanoramaWay::Auto, view.t("settings-panorama-auto")),
        (PanoramaWay::InPicture, view.t("settings-panorama-in-picture")),
    ];
    if let Some(panorama) = choices(view, ui, now.panorama, &offered) {
        set(view, HeadsetSettings { panorama, ..now });
    }
    note(view, ui, "settings-panorama-note");
    ui.add_space(SPACE * 0.5);
}

/// The rates of the headset that is worn; of one rate it is only said.
fn refresh(view: &mut View<'_>, ui: &mut Ui) {
    let now = view.model.settings.headset;
    let rates = match view.model.refresh_rates.as_deref() {
        None => &USUAL_RATES,
        Some([]) => {
            note(view, ui, "settings-refresh-fixed");
            return ui.add_space(SPACE * 0.5);
        }
        Some(rates) => rates,
    };
    let hertz = |rate: u16| view.tv("settings-refresh-hertz", &[("rate", Value::Count(usize::from(rate)))]);
    if let [rate] = rates {
        let text = view.tv("settings-refresh-one", &[("rate", Value::Count(usize::from(*rate)))]);
        quiet(view, ui, &text);
        return ui.add_space(SPACE * 0.5);
    }
    let mut offered = vec![(Refresh::Auto, view.t("settings-refresh-auto"))];
    offered.extend(rates.iter().map(|rate| (Refresh::UpTo(*rate), hertz(*rate))));
    if let Some(refresh) = choices(view, ui, now.refresh.among(rates), &offered) {
        set(view, HeadsetSettings { refresh, ..now });
    }
}

fn set(view: &mut View<'_>, headset: HeadsetSettings) {
    let settings = view.model.settings;
    change(view, PanelSettings { headset, ..settings });
}
