//! One's own avatar, chosen before a mirror: look, skin tone, colour of clothes. The figure itself is drawn by the
//! scene, beside the panel.

use super::frame;
use crate::panels::model::{Panel, PanelAction, PanelSettings, Stage};
use crate::panels::theme::{GAP, SPACE};
use crate::panels::view::{Look, View};
use crate::panels::widgets::{self, ButtonKind};
use crate::panels::words::Value;
use crate::scene::avatar::looks::Part;
use egui::{Color32, Sense, Ui};
use venue_protocol::Appearance;

/// Looks in the order of the avatars' file.
const LOOKS: [&str; 10] = [
    "avatar-look-suit",
    "avatar-look-dress",
    "avatar-look-blouse",
    "avatar-look-boubou",
    "avatar-look-sari",
    "avatar-look-scarf",
    "avatar-look-jacket",
    "avatar-look-kurta",
    "avatar-look-trousers",
    "avatar-look-wheelchair",
];

/// Colours of clothes in the order of the scene's list; the first is the look's own.
const CLOTHING: [&str; 10] = [
    "avatar-own-color",
    "avatar-navy",
    "avatar-charcoal",
    "avatar-burgundy",
    "avatar-green",
    "avatar-teal",
    "avatar-plum",
    "avatar-sand",
    "avatar-light-blue",
    "avatar-ivory",
];

/// Skin tones beside the look's own, from light to dark.
const SKIN_TONES: u8 = 8;

/// One press of a button turns the figure so far, radians.
const TURN: f32 = std::f32::consts::PI / 6.0;

/// Turn for each point that the pointer drags the figure, radians.
const TURN_PER_POINT: f32 = 0.011;

/// Shows the page.
pub(crate) fn show(view: &mut View<'_>, ui: &mut Ui) {
    drag(view, ui);
    let name = view.t("avatar");
    let back = (view.model.stage == Stage::Inside).then_some(Panel::Menu);
    frame::side(view, ui, &name, back, |view, ui| {
        frame::scrolled(view, ui, "avatar", 0.0, false, |view, ui| {
            turn(view, ui);
            let now = view.model.settings.avatar;
            let looks: Vec<_> = LOOKS.iter().map(|key| view.t(key)).collect();
            if let Some(avatar) = choose(view, ui, "avatar-look", now.avatar, &looks, |_| None) {
                // Another look comes in its own colours.
                change(view, Appearance { avatar, clothing: 0, skin: 0 });
            }
            let own = view.t("avatar-own-color");
            let tone = |number: u8| view.tv("avatar-tone", &[("number", Value::Count(usize::from(number)))]);
            let tones: Vec<_> = std::iter::once(own).chain((1..SKIN_TONES).map(tone)).collect();
            if let Some(skin) =
                choose(view, ui, "avatar-skin", now.skin, &tones, |place| shown(Part::Skin, place))
            {
                change(view, Appearance { skin, ..now });
            }
            let colors: Vec<_> = CLOTHING.iter().map(|key| view.t(key)).collect();
            if let Some(clothing) = choose(view, ui, "avatar-clothing", now.clothing, &colors, |place| {
                shown(Part::Clothing, place)
            }) {
                change(view, Appearance { clothing, ..now });
            }
            let note = view.t("avatar-note");
            let quiet = view.theme.quiet;
            widgets::label_colored(view, ui, &note, Look::SMALL, quiet);
        });
    });
}

/// Who drags the picture beside the panel turns the figure.
fn drag(view: &mut View<'_>, ui: &mut Ui) {
    let screen = ui.ctx().viewport_rect();
    view.solid.push(screen);
    let dragged = ui.interact(screen, ui.scope_id().with("mirror"), Sense::drag()).drag_delta().x;
    if dragged != 0.0 {
        view.actions.push(PanelAction::TurnMirror(dragged * TURN_PER_POINT));
    }
}

fn turn(view: &mut View<'_>, ui: &mut Ui) {
    let (left, right) = (view.t("avatar-turn-left"), view.t("avatar-turn-right"));
    ui.horizontal_wrapped(|ui| {
        for (text, by) in [(left, -TURN), (right, TURN)] {
            if widgets::button(view, ui, &text, ButtonKind::Plain) {
                view.actions.push(PanelAction::TurnMirror(by));
            }
        }
    });
    ui.add_space(SPACE - GAP);
}

/// A caption and choices below it; the one that was pressed. Numbers beyond the list begin again.
fn choose(
    view: &mut View<'_>,
    ui: &mut Ui,
    caption: &str,
    now: u8,
    offered: &[String],
    color: impl Fn(usize) -> Option<Color32>,
) -> Option<u8> {
    let caption = view.t(caption);
    widgets::heading(view, ui, &caption, Look::STRONG);
    let now = usize::from(now) % offered.len().max(1);
    let mut pressed = None;
    ui.horizontal_wrapped(|ui| {
        for (place, text) in offered.iter().enumerate() {
            if widgets::colored_choice(view, ui, text, color(place), place == now) && place != now {
                pressed = u8::try_from(place).ok();
            }
        }
    });
    ui.add_space(SPACE - GAP);
    pressed
}

/// How a colour to choose looks; none for the look's own.
fn shown(part: Part, place: usize) -> Option<Color32> {
    let [red, green, blue] = part.color(u8::try_from(place).ok()?)?;
    Some(Color32::from(egui::Rgba::from_rgb(red, green, blue)))
}

fn change(view: &mut View<'_>, avatar: Appearance) {
    view.actions.push(PanelAction::ChangeSettings(PanelSettings { avatar, ..view.model.settings }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::avatar::looks;

    #[test]
    fn the_page_offers_what_the_scene_can_show() {
        assert_eq!(SKIN_TONES, looks::SKIN_TONES);
        assert_eq!(CLOTHING.len(), usize::from(looks::CLOTHING_COLORS));
        let names = looks::names_of_program().unwrap();
        let keys: Vec<_> = LOOKS.iter().map(|key| key.trim_start_matches("avatar-look-")).collect();
        assert_eq!(keys, names);
    }
}
