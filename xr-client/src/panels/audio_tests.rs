//! The settings of sound: what can be pressed, what it asks for, and how it is named to who does not see it.

use super::tests::{Stand, inside, keep, node_name};
use super::*;
use crate::sound::{AudioSettings, Group, Output, Sound};
use egui::Key;
use egui::accesskit::{Role, Toggled};
use venue_model::Language;

fn headset() -> Output {
    Output { id: "alsa:usb".into(), name: "USB Headset".into() }
}

/// The settings in a window that is high enough for all of them.
fn stand(language: Language, large: bool) -> Stand {
    let mut model = inside(language);
    model.outputs =
        vec![headset(), Output { id: "alsa:hdmi".into(), name: "Intel PCH, HDMI 0 (monitor)".into() }];
    if large {
        (model.settings.text_scale, model.settings.high_contrast) = (2.0, true);
    }
    let mut stand = Stand::new(model);
    stand.screen = if large { [900, 6_000] } else { [460, 2_600] };
    stand.open(Panel::Settings);
    stand
}

fn audio_of(actions: &[PanelAction]) -> AudioSettings {
    let [PanelAction::ChangeSettings(settings)] = actions else { panic!("{actions:?}") };
    settings.audio
}

#[test]
fn every_kind_of_sound_is_switched_by_its_name_and_can_be_listened_to() {
    let mut stand = stand(Language::En, false);
    let before = AudioSettings::default();
    for group in Group::ALL {
        let name = stand.panels.words().get(super::pages::audio::key(group));
        assert_eq!(stand.named(Role::CheckBox, &name).toggled(), Some(Toggled::True));
        let output = stand.click(Role::CheckBox, &name);
        assert_eq!(audio_of(&output.actions), before.toggled(group));
        assert_eq!(stand.named(Role::CheckBox, &name).toggled(), Some(Toggled::False));
        stand.click(Role::CheckBox, &name);
        let output = stand.click(Role::Button, &format!("Listen: {name}"));
        assert_eq!(output.actions, [PanelAction::PlaySample(group.sample())]);
    }
}

#[test]
fn the_volume_goes_by_tens_and_ends_at_silence_and_at_all() {
    let mut stand = stand(Language::En, false);
    stand.named(Role::Label, "70%");
    assert_eq!(audio_of(&stand.click(Role::Button, "Louder").actions).volume, 80);
    stand.named(Role::Label, "80%");
    for _ in 0..9 {
        stand.click(Role::Button, "Quieter");
    }
    assert_eq!(stand.model.settings.audio.volume, 0);
    assert_eq!(stand.click(Role::Button, "Quieter").actions, []);
}

#[test]
fn sound_that_is_off_asks_no_more_than_where_and_how_voices_would_be_heard() {
    let mut stand = stand(Language::En, false);
    let output = stand.click(Role::CheckBox, "Play sounds");
    assert!(!audio_of(&output.actions).sounds);
    let boxes: Vec<_> = stand.names().into_iter().filter(|(role, _)| *role == Role::CheckBox).collect();
    // Those of voices and of the microphone stay.
    assert_eq!(boxes.len(), 9, "{boxes:?}");
    let output = stand.click(Role::CheckBox, "Mono");
    assert!(audio_of(&output.actions).mono);
    stand.named(Role::RadioButton, "System default");
}

#[test]
fn an_output_is_chosen_and_one_that_is_gone_stays_named() {
    let mut stand = stand(Language::En, false);
    let output = stand.click(Role::RadioButton, "USB Headset");
    assert_eq!(output.actions, [PanelAction::ChooseOutput(Some(headset()))]);
    stand.model.output = Some(headset());
    stand.settle();
    assert_eq!(stand.click(Role::RadioButton, "USB Headset").actions, [], "it is chosen already");
    stand.model.outputs.clear();
    stand.settle();
    stand.named(Role::RadioButton, "USB Headset (not connected)");
    assert_eq!(stand.click(Role::RadioButton, "System default").actions, [PanelAction::ChooseOutput(None)]);
}

#[test]
fn all_of_it_is_done_by_the_keyboard_alone() {
    let mut stand = stand(Language::En, false);
    let mut reached = Vec::new();
    for _ in 0..60 {
        stand.press(Key::Tab);
        reached.push(stand.focused.clone());
        if stand.focused == "Listen: Raised and lowered hands" {
            let output = stand.press(Key::Enter);
            assert_eq!(output.actions, [PanelAction::PlaySample(Sound::HandLowered)]);
        }
        if stand.focused == "Messages in the room" {
            let output = stand.press(Key::Space);
            assert!(!audio_of(&output.actions).messages_in_room);
        }
    }
    for name in ["Quieter", "Louder", "Messages to me", "Listen: Messages to me", "USB Headset"] {
        assert!(reached.iter().any(|reached| reached == name), "{name}: {reached:?}");
    }
}

#[test]
fn nothing_of_it_is_cut_in_the_largest_letters_in_any_language() {
    for language in Language::ALL {
        for large in [false, true] {
            let mut stand = stand(language, large);
            stand.model.output = Some(Output { id: "gone".into(), name: "Headphones".into() });
            stand.settle();
            let size = if large { "large" } else { "plain" };
            keep(&stand, &format!("audio-{size}-{}", language.code()));
            let cut = std::mem::take(&mut stand.panels.engine.cut);
            assert!(cut.is_empty(), "{language:?}: {cut:?}");
            let width = f64::from(stand.screen[0]);
            for node in &stand.nodes {
                let Some(bounds) = node.bounds() else { continue };
                assert!(bounds.x0 >= -0.5 && bounds.x1 <= width + 0.5, "{language:?}: {}", node_name(node));
            }
        }
    }
}

#[test]
fn the_sound_is_checked_before_coming_in_from_the_menu_and_from_the_microphone_s_sign() {
    let mut stand = Stand::new(super::tests::at_start(Language::En));
    stand.click(Role::Button, "Check the sound");
    assert_eq!(stand.panels.open_panel(), Some(Panel::SoundCheck));
    let played = stand.click(Role::Button, "Play a sound").actions;
    assert_eq!(played, [PanelAction::PlaySample(Sound::ToMe)]);
    let tried = stand.click(Role::Button, "Try the microphone").actions;
    assert_eq!(tried, [PanelAction::TryMicrophone(true)]);
    stand.model.voice.microphone.is_tried = true;
    stand.model.voice.microphone.level = 6;
    stand.settle();
    assert!(stand.names().iter().any(|(_, name)| name.contains("50")), "{:?}", stand.names());
    let ended = stand.click(Role::Button, "Back").actions;
    assert_eq!(ended, [PanelAction::TryMicrophone(false)], "nobody goes on hearing themselves");
    assert!(stand.panels.open_panel().is_none());
    let mut stand = Stand::new(inside(Language::En));
    stand.click(Role::Status, "Microphone closed");
    assert_eq!(stand.panels.open_panel(), Some(Panel::SoundCheck));
}
