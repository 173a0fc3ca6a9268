//! What the panels say and offer to who wears a headset.

use super::tests::{Stand, inside};
use super::*;
use crate::comfort::OneStick;
use crate::input::hand_buttons::{HandButton, HandDeed};
use crate::present::xr::settings::{EyeWay, HeadsetSettings, PanoramaWay, Refresh};
use egui::accesskit::Role;
use model::ButtonChange;
use venue_model::Language;

fn worn(language: Language) -> Stand {
    let mut model = inside(language);
    model.lacks_keyboard = true;
    Stand::new(model)
}

/// Every sentence of the first minute, as it is told.
fn steps(change: impl FnOnce(&mut Stand)) -> Vec<String> {
    let mut stand = worn(Language::En);
    change(&mut stand);
    stand.model.settings.wants_tour = true;
    stand.settle();
    let mut told = Vec::new();
    for step in 0..pages::STEPS {
        told.push(stand.names().into_iter().map(|(_, name)| name).collect::<Vec<_>>().join("\n"));
        let next = if step + 1 == pages::STEPS { "Done" } else { "Next" };
        stand.click(Role::Button, next);
        stand.settle();
    }
    assert!(!stand.model.settings.wants_tour, "it ends");
    told
}

#[test]
fn the_first_minute_speaks_of_what_the_hands_hold() {
    let [moves, turns, mute, menu] = <[String; 4]>::try_from(steps(|_| {})).unwrap();
    assert!(moves.contains("Pull the trigger") && turns.contains("right stick"), "{moves}\n{turns}");
    assert!(
        mute.contains("Lower button (A or X)") && menu.contains("Upper button (B or Y)"),
        "{mute}\n{menu}"
    );
    let [moves, turns, mute, menu] =
        <[String; 4]>::try_from(steps(|stand| stand.model.has_bare_hands = true)).unwrap();
    assert!(moves.contains("Pinch") && turns.contains("your body"), "{moves}\n{turns}");
    assert!(mute.contains("left fist") && menu.contains("right fist"), "{mute}\n{menu}");
    let one_handed = |stand: &mut Stand| stand.model.settings.comfort.one_handed = true;
    let [moves, turns, ..] = <[String; 4]>::try_from(steps(one_handed)).unwrap();
    assert!(moves.contains("Pull the trigger") && !moves.contains("left stick"), "{moves}");
    assert!(turns.contains("Push the stick") && !turns.contains("right stick"), "{turns}");
}

#[test]
fn buttons_are_changed_in_the_settings_only_with_a_headset() {
    let mut stand = worn(Language::En);
    // All of the settings are in sight.
    stand.screen = [1_000, 6_000];
    stand.open(Panel::Settings);
    let output = stand.click(Role::Button, "held down: safe place");
    assert_eq!(output.actions, [PanelAction::ChangeButton(HandDeed::Recenter)]);
    stand.model.button_change = Some(ButtonChange { deed: HandDeed::Hand, is_refused: true });
    stand.settle();
    stand.named(Role::Alert, "last button for the menu");
    stand.model.button_change = None;
    let mut comfort = stand.model.settings.comfort;
    assert!(comfort.buttons.bind(HandDeed::Hand, HandButton::Squeeze));
    stand.model.settings.comfort = comfort;
    stand.settle();
    stand.click(Role::Button, "Reset all buttons");
    assert_eq!(stand.model.settings.comfort.buttons, Default::default());
    let output = stand.click(Role::Button, "Measure my height");
    assert_eq!(output.actions, [PanelAction::MeasureHeight]);
    stand.model.lacks_keyboard = false;
    stand.settle();
    assert!(!stand.names().iter().any(|(_, name)| name.contains("Measure my height")));
}

#[test]
fn a_headset_s_rates_are_those_that_it_offers() {
    let mut stand = worn(Language::En);
    stand.screen = [1_000, 6_000];
    stand.model.refresh_rates = Some(vec![72, 80, 120]);
    stand.model.settings.headset.refresh = Refresh::UpTo(90);
    stand.open(Panel::Settings);
    let names = |stand: &Stand| stand.names().into_iter().map(|(_, name)| name).collect::<Vec<_>>();
    assert!(names(&stand).iter().any(|name| name == "80 Hz"));
    assert!(!names(&stand).iter().any(|name| name == "90 Hz"), "it has no such rate");
    stand.click(Role::RadioButton, "120 Hz");
    assert_eq!(stand.model.settings.headset.refresh, Refresh::UpTo(120));
    stand.model.refresh_rates = Some(vec![90]);
    stand.settle();
    assert!(names(&stand).iter().any(|name| name == "The headset has one rate: 90 Hz."));
    assert!(!names(&stand).iter().any(|name| name == "120 Hz"));
    stand.model.refresh_rates = Some(Vec::new());
    stand.settle();
    assert!(names(&stand).iter().any(|name| name.starts_with("The headset’s software chooses")));
}

#[test]
fn the_window_beside_the_headset_the_eyes_and_the_panorama_are_chosen() {
    let mut stand = worn(Language::En);
    stand.screen = [1_000, 6_000];
    stand.open(Panel::Settings);
    stand.click(Role::RadioButton, "No window");
    stand.click(Role::RadioButton, "One after the other");
    stand.click(Role::RadioButton, "Drawn with the venue");
    let expected = HeadsetSettings {
        mirror: false,
        eyes: EyeWay::Apart,
        panorama: PanoramaWay::InPicture,
        ..HeadsetSettings::default()
    };
    assert_eq!(stand.model.settings.headset, expected);
}

#[test]
fn whoever_uses_one_hand_chooses_what_its_stick_does() {
    let mut stand = worn(Language::En);
    stand.screen = [1_000, 6_000];
    stand.open(Panel::Settings);
    let names = |stand: &Stand| stand.names().into_iter().map(|(_, name)| name).collect::<Vec<_>>();
    assert!(
        !names(&stand).iter().any(|name| name.contains("the trigger aims")),
        "both hands have a stick each"
    );
    stand.click(Role::RadioButton, "Do everything with this hand");
    stand.settle();
    stand.click(Role::RadioButton, "Walks; the trigger aims a jump");
    assert_eq!(stand.model.settings.comfort.one_stick, OneStick::Walk);
}

#[test]
fn the_menu_lets_whoever_has_no_button_for_it_look_ahead_from_here() {
    let mut stand = worn(Language::En);
    stand.open(Panel::Menu);
    let output = stand.click(Role::Button, "Look ahead from here");
    assert_eq!(output.actions, [PanelAction::Recenter]);
    assert_eq!(stand.panels.open_panel(), None);
}
