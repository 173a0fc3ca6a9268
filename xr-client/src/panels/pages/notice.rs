//! A short word about something that just happened, over whatever else is on the screen.

use super::{frame, order_words};
use crate::core::errand::NoWay;
use crate::core::microphone::Shut;
use crate::panels::model::{Notice, Stage};
use crate::panels::theme::{RADIUS, SPACE};
use crate::panels::view::{Look, View};
use crate::panels::words::Value;
use egui::accesskit::{Live, Role};
use egui::{Rect, Sense, Ui, WidgetInfo, pos2, vec2};

/// How far down the screen a notice lies in the venue, where the corner above it says where one is.
const DEPTH: f32 = 0.16;

/// Shows the notice, if there is one.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    let Some(notice) = &view.model.notice else { return };
    let screen = ui.ctx().viewport_rect().shrink(SPACE);
    let text = sentence(view, notice);
    let shaped = view.shape(ui, &text, Look::BODY.centered(), Some((screen.width() * 0.6).min(620.0)));
    let size = vec2(shaped.width, shaped.height) / ui.pixels_per_point();
    let outer = size + vec2(40.0, 22.0);
    let is_inside = view.model.stage == Stage::Inside;
    let middle = if is_inside { screen.height() * DEPTH } else { outer.y * 0.5 };
    let center = pos2(screen.center().x, screen.top() + middle);
    let rect = Rect::from_center_size(center, outer);
    if !is_inside {
        // A card lies below, whose letters must not shine through.
        ui.painter().rect_filled(rect, RADIUS, view.theme.sky[1]);
    }
    frame::glass(view, ui, rect);
    let color = view.theme.text;
    view.draw(ui, &shaped, center - size * 0.5, color);
    let response = ui.interact(rect, ui.scope_id().with("notice"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Alert, true, &text));
    let live = if matches!(notice, Notice::Problem(_)) { Live::Assertive } else { Live::Polite };
    super::announce::aloud(&response, live);
}

fn sentence(view: &View<'_>, notice: &Notice) -> String {
    if let Some(sentence) = order_words::sentence(view, notice) {
        return sentence;
    }
    match notice {
        Notice::Problem(problem) => view.words.problem(problem),
        Notice::PutBack => view.t("notice-put-back"),
        Notice::Observing => view.t("notice-observing"),
        Notice::NoWay(why) => view.t(match why {
            NoWay::Closed => "person-closed",
            NoWay::NotFound => "no-way-found",
            NoWay::Gone => "act-refused-nobody-there",
            NoWay::NoSeat => "no-seat-near",
        }),
        Notice::Reconnected => view.t("notice-reconnected"),
        Notice::HandNotOpen => view.t("notice-hand-not-open"),
        Notice::MicrophoneClosed => view.t("notice-microphone-closed"),
        Notice::MicrophoneShut(why) => view.t(match why {
            Shut::Entered => "microphone-shut-entered",
            Shut::Reconnected => "microphone-shut-reconnected",
            Shut::DeviceGone => "microphone-shut-device",
            Shut::HeadsetOff => "microphone-shut-headset",
            Shut::Refused => "microphone-shut-refused",
            Shut::TalkBegan => "microphone-shut-talk-began",
            Shut::TalkEnded => "microphone-shut-talk-ended",
        }),
        Notice::Talk(notice) => super::talk_words::sentence(view, notice),
        Notice::HeightMeasured => view.t("notice-height-measured"),
        Notice::HeightNotMeasured => view.t("notice-height-failed"),
        Notice::HandRaised { name } => view.tv("notice-hand-raised", &[("name", Value::Text(name))]),
        Notice::Where(here) => super::around::here(view, here),
        Notice::Overlay { key } if key.is_empty() => view.t("notice-overlay"),
        Notice::Overlay { key } => view.tv("notice-overlay-key", &[("key", Value::Text(key))]),
        Notice::Copied { entry } => view.tv("notice-copied", &[("entry", Value::Text(entry))]),
        Notice::VenueRenewed => view.t("notice-venue-renewed"),
        Notice::VenueNote { words } => view.tv("notice-venue-note", &[("words", Value::Text(words))]),
        Notice::NothingToCopy => view.t("notice-nothing-to-copy"),
        Notice::Arrived { name } => view.tv("notice-arrived", &[("name", Value::Text(name))]),
        Notice::Departed { name } => view.tv("notice-departed", &[("name", Value::Text(name))]),
        // All others are about order.
        _ => String::new(),
    }
}
