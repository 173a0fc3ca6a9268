//! The user's microphone: a sign that is always in view over the venue, with who hears the user; and its settings.
//!
//! It must not know devices; what is pressed is asked for.

use super::audio::{set, stepped, switch};
use super::frame;
use super::settings::caption;
use crate::core::microphone::OwnMicrophone;
use crate::panels::model::{Action, Panel, PanelAction};
use crate::panels::theme::{GAP, SPACE};
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, Icon};
use crate::panels::words::Value;
use crate::sound::AudioSettings;
use egui::accesskit::Role;
use egui::{Align, Layout, Rect, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use venue_protocol::Earshot;

/// A narrower window has room for a panel alone, points.
const NARROW: f32 = 860.0;

/// Steps of the level that is shown.
const LEVELS: u8 = 12;

/// The sign in the lower corner where reading begins: pressing it opens the microphone, or closes it.
pub(super) fn chip(view: &mut View<'_>, ui: &mut Ui) {
    view.memory.sign_top = f32::INFINITY;
    if view.model.lacks_keyboard {
        // Who wears a headset sees a sign of their own, and has a button in the hand.
        return;
    }
    let screen = view.room(ui).shrink(SPACE);
    let is_panel_open = view.memory.open.is_some();
    if is_panel_open && screen.width() < NARROW * view.theme.text_scale.max(1.0) {
        // The panel takes the whole window.
        return;
    }
    let (state, hearers) = (state_of(view), hearers(view));
    let most = Some(screen.width() * 0.5);
    let first = view.shape(ui, &state, Look::STRONG.lines(3), most);
    let second = view.shape(ui, &hearers, Look::SMALL.lines(3), most);
    let scale = ui.pixels_per_point();
    let side = widgets::square_side(view);
    let text = vec2(first.width.max(second.width), first.height + second.height) / scale;
    let height = text.y.max(side) + 2.0 * GAP;
    let width = side + text.x + 3.0 * GAP + SPACE * 0.5;
    let strip = Rect::from_min_max(pos2(screen.left(), screen.bottom() - height), screen.max);
    // Panels lie where reading begins.
    let column = match is_panel_open {
        true => view.split_start(strip, strip.width() - width).1,
        false => view.split_start(strip, width).0,
    };
    view.memory.sign_top = column.top();
    frame::solid_glass(view, ui, column);
    let (button, rest) = view.split_start(column.shrink(GAP), side + GAP);
    let place = Rect::from_min_size(pos2(button.left(), button.center().y - side * 0.5), vec2(side, side));
    let place = if view.right_to_left { place.translate(vec2(GAP, 0.0)) } else { place };
    press(view, ui, place);
    let color = if is_open(view) { view.theme.accent } else { view.theme.text };
    let top = rest.center().y - text.y * 0.5;
    let line = |y: f32, height: f32| Rect::from_min_size(pos2(rest.left(), y), vec2(rest.width(), height));
    view.draw_in(ui, &first, line(top, first.height / scale), color);
    let quiet = view.theme.quiet;
    view.draw_in(ui, &second, line(top + first.height / scale, second.height / scale), quiet);
    level(
        view,
        ui,
        Rect::from_min_max(
            pos2(rest.left(), column.bottom() - 6.0),
            pos2(rest.right(), column.bottom() - 3.0),
        ),
    );
    let response = ui.interact(rest, ui.scope_id().with("microphone-state"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, format!("{state}. {hearers}")));
    if response.clicked() {
        view.memory.open(Panel::SoundCheck);
    }
}

fn press(view: &mut View<'_>, ui: &mut Ui, place: Rect) {
    let is_open = is_open(view);
    let (icon, key) = match is_open {
        true => (Icon::Microphone, "microphone-close"),
        false => (Icon::MicrophoneClosed, "microphone-open"),
    };
    let name = view.t(key);
    let layout = Layout::left_to_right(Align::Min);
    ui.scope_builder(UiBuilder::new().id_salt("microphone").max_rect(place).layout(layout), |ui| {
        if widgets::square(view, ui, icon, &name) {
            view.actions.push(PanelAction::MuteOrUnmute);
        }
    });
}

fn is_open(view: &View<'_>) -> bool {
    matches!(
        view.model.voice.microphone.state,
        OwnMicrophone::Open | OwnMicrophone::WaitsForKey | OwnMicrophone::Opening
    )
}

/// How loud the user is, as a line that grows.
fn level(view: &View<'_>, ui: &Ui, place: Rect) {
    let share = f32::from(view.model.voice.microphone.level) / f32::from(LEVELS);
    if share > 0.0 {
        let (filled, _) = view.split_start(place, place.width() * share.min(1.0));
        ui.painter().rect_filled(filled, 1.5, view.theme.accent);
    }
}

fn state_of(view: &View<'_>) -> String {
    match view.model.voice.microphone.state {
        OwnMicrophone::Closed => view.t("microphone-is-closed"),
        OwnMicrophone::ClosedByModerator => view.t("microphone-is-closed-by-moderator"),
        OwnMicrophone::Opening => view.t("microphone-is-opening"),
        OwnMicrophone::Open => view.t("microphone-is-open"),
        OwnMicrophone::WaitsForKey => {
            let hint = view.model.keys.iter().find(|hint| hint.deed == Action::Microphone);
            match hint.and_then(|hint| view.words.first_cap(hint)) {
                Some(key) => view.tv("microphone-waits", &[("key", Value::Text(&key))]),
                None => view.t("microphone-waits-no-key"),
            }
        }
    }
}

/// Who hears the user, or would.
fn hearers(view: &View<'_>) -> String {
    let model = view.model;
    let room = model.rooms.iter().find(|room| Some(room.id) == model.room);
    let room = room.map_or("", |room| view.localized(&room.name));
    let zone = model.voice.zone_name.as_ref().map_or(room, |name| view.localized(name));
    if let Some(names) = super::talk::names(view) {
        return view.tv("hearers-private", &[("names", Value::Text(&names))]);
    }
    let is_open = is_open(view);
    let one_of = |heard, would| if is_open { heard } else { would };
    let (key, place) = match model.voice.microphone.earshot {
        Earshot::Room | Earshot::Private => (one_of("hearers-room", "would-hear-room"), room),
        Earshot::Table => (one_of("hearers-table", "would-hear-table"), zone),
        Earshot::Stage => (one_of("hearers-stage", "would-hear-stage"), zone),
        Earshot::Booth => (one_of("hearers-booth", "would-hear-booth"), zone),
        Earshot::Quiet => ("hearers-quiet", zone),
    };
    let count = usize::from(model.voice.microphone.hearers);
    view.tv(key, &[("place", Value::Text(place)), ("count", Value::Count(count))])
}

/// The settings of voices and of the microphone.
pub(super) fn settings(view: &mut View<'_>, ui: &mut Ui) {
    caption(view, ui, "settings-voices");
    volume(view, ui);
    let audio = view.model.settings.audio;
    if switch(view, ui, "settings-loudspeakers", audio.loudspeakers) {
        set(view, AudioSettings { loudspeakers: !audio.loudspeakers, ..audio });
    }
    if switch(view, ui, "settings-room-sound", audio.room_sound) {
        set(view, AudioSettings { room_sound: !audio.room_sound, ..audio });
    }
    ui.add_space(SPACE - GAP);
    inputs(view, ui);
    try_out(view, ui);
    quality(view, ui);
    for (key, is_on, changed) in [
        (
            "settings-push-to-talk",
            audio.push_to_talk,
            AudioSettings { push_to_talk: !audio.push_to_talk, ..audio },
        ),
        ("settings-echo", audio.echo, AudioSettings { echo: !audio.echo, ..audio }),
        ("settings-noise", audio.noise, AudioSettings { noise: !audio.noise, ..audio }),
        ("settings-gain", audio.gain_control, AudioSettings { gain_control: !audio.gain_control, ..audio }),
    ] {
        if switch(view, ui, key, is_on) {
            set(view, changed);
        }
    }
    ui.add_space(SPACE - GAP);
    caption(view, ui, "settings-talk");
    if switch(view, ui, "settings-talk-along", audio.talk_goes_along) {
        set(view, AudioSettings { talk_goes_along: !audio.talk_goes_along, ..audio });
    }
    ui.add_space(SPACE - GAP);
}

fn volume(view: &mut View<'_>, ui: &mut Ui) {
    caption(view, ui, "settings-voice-volume");
    let audio = view.model.settings.audio;
    let steps = ["settings-voice-less", "settings-voice-more"];
    let voice_volume = stepped(view, ui, audio.voice_volume, steps);
    if voice_volume != audio.voice_volume {
        set(view, AudioSettings { voice_volume, ..audio });
    }
}

/// The microphones that are there, and the chosen one even if it is not.
pub(super) fn inputs(view: &mut View<'_>, ui: &mut Ui) {
    caption(view, ui, "settings-microphone");
    let model = view.model;
    let chosen = model.voice.input.as_ref();
    let missing = chosen.filter(|chosen| !model.voice.inputs.iter().any(|input| input.id == chosen.id));
    let gone = missing.map(|input| view.tv("settings-input-gone", &[("input", Value::Text(&input.name))]));
    let default = view.t("settings-input-default");
    ui.horizontal_wrapped(|ui| {
        if widgets::choice(view, ui, &default, chosen.is_none()) && chosen.is_some() {
            view.actions.push(PanelAction::ChooseInput(None));
        }
        for input in &model.voice.inputs {
            let is_chosen = chosen.is_some_and(|chosen| chosen.id == input.id);
            if widgets::choice(view, ui, &input.name, is_chosen) && !is_chosen {
                view.actions.push(PanelAction::ChooseInput(Some(input.clone())));
            }
        }
        if let Some(name) = &gone {
            widgets::choice(view, ui, name, true);
        }
    });
    ui.add_space(SPACE - GAP);
}

/// How the voices of others arrive now.
fn quality(view: &mut View<'_>, ui: &mut Ui) {
    caption(view, ui, "voices-quality");
    let quiet = view.theme.quiet;
    let model = view.model;
    if model.voice.arriving.is_empty() {
        let nobody = view.t("voices-quality-nobody");
        widgets::label_colored(view, ui, &nobody, Look::SMALL, quiet);
    }
    for voice in &model.voice.arriving {
        let name = super::texts::writer_name(view, voice.who);
        let [lost, guessed] =
            [voice.lost_tenths, voice.guessed_tenths].map(|tenths| view.words.tenths(u64::from(tenths)));
        let values = [
            ("name", Value::Text(&name)),
            ("lost", Value::Text(&lost)),
            ("guessed", Value::Text(&guessed)),
            ("ms", Value::Count(usize::from(voice.waits_ms))),
        ];
        let line = view.tv("voices-quality-line", &values);
        widgets::label_colored(view, ui, &line, Look::SMALL, quiet);
    }
    ui.add_space(SPACE - GAP);
}

/// Who tries the microphone hears how others will hear them.
pub(super) fn try_out(view: &mut View<'_>, ui: &mut Ui) {
    let is_inside = view.model.own.is_some();
    let is_tried = view.model.voice.microphone.is_tried;
    let name = view.t(if is_tried { "microphone-try-end" } else { "microphone-try" });
    if widgets::button(view, ui, &name, widgets::ButtonKind::Plain) {
        view.actions.push(PanelAction::TryMicrophone(!is_tried));
    }
    let hint = view.t(if is_inside { "microphone-try-hint" } else { "sound-check-outside" });
    widgets::label(view, ui, &hint, Look::SMALL);
    if is_tried {
        let share = f32::from(view.model.voice.microphone.level) / f32::from(LEVELS);
        let percent = usize::from(view.model.voice.microphone.level) * 100 / usize::from(LEVELS);
        let spoken = view.tv("microphone-loudness", &[("value", Value::Count(percent))]);
        widgets::progress(view, ui, Some(share), &spoken);
    }
    ui.add_space(SPACE - GAP);
}
