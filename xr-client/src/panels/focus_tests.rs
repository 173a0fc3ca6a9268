//! Who has the keys and the pointer: the venue's view or the panels; and how keys are changed.

use super::tests::{LOUNGE, Stand, at_start, inside};
use super::*;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use venue_model::Language;

#[test]
fn tab_moves_between_the_view_and_the_buttons_at_the_edge() {
    let mut stand = Stand::new(inside(Language::En));
    stand.press(Key::W);
    assert!(!stand.frame(Vec::new()).wants_keyboard, "keys walk");
    stand.press(Key::Tab);
    assert!(stand.frame(Vec::new()).wants_keyboard);
    stand.press(Key::Enter);
    assert_eq!(stand.panels.open_panel(), Some(Panel::Menu), "the first button was pressed");
    stand.press(Key::Escape);
    assert!(!stand.frame(Vec::new()).wants_keyboard);
    stand.press(Key::Tab);
    stand.press(Key::Tab);
    stand.press(Key::Enter);
    assert_eq!(stand.panels.open_panel(), Some(Panel::People));
    stand.press(Key::Escape);
    stand.press(Key::Tab);
    stand.press(Key::Escape);
    assert!(!stand.frame(Vec::new()).wants_keyboard, "Esc gives the keys back to the view");
}

#[test]
fn keys_that_come_in_one_long_frame_do_what_they_do_one_by_one() {
    let mut stand = Stand::new(inside(Language::En));
    let press = |key| [true, false].map(|pressed| key_event(key, pressed));
    let keys = [Key::Tab, Key::Tab, Key::Enter, Key::Tab];
    stand.frame(keys.into_iter().flat_map(press).collect());
    stand.settle();
    assert_eq!(
        stand.panels.open_panel(),
        Some(Panel::People),
        "Return presses what the Tabs before it went to"
    );

    stand.open(Panel::Texts);
    let word = |word: &str| Event::Text(word.to_owned());
    let mut events = vec![word("one")];
    events.extend(press(Key::Enter));
    events.push(word("two"));
    events.extend(press(Key::Enter));
    let mut sent = stand.frame(events).actions;
    for _ in 0..4 {
        sent.extend(stand.frame(Vec::new()).actions);
    }
    let text = |body: &str| PanelAction::SendText { conversation: LOUNGE, body: body.into() };
    assert_eq!(sent, [text("one"), text("two")]);
}

fn key_event(key: Key, pressed: bool) -> Event {
    Event::Key { key, physical_key: None, pressed, repeat: false, modifiers: Modifiers::NONE }
}

#[test]
fn a_click_into_the_view_leaves_the_panel_open_and_walks() {
    let mut stand = Stand::new(inside(Language::En));
    stand.open(Panel::Texts);
    stand.frame(vec![Event::Text("half".to_owned())]);
    let button = |pos, pressed| Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    let in_view = pos2(1000.0, 400.0);
    stand.frame(vec![Event::PointerMoved(in_view), button(in_view, true)]);
    let output = stand.frame(vec![button(in_view, false)]);
    assert!(!output.wants_keyboard && !output.wants_pointer);
    stand.frame(vec![Event::Text("wwww".to_owned())]);
    assert_eq!(stand.panels.open_panel(), Some(Panel::Texts));
    stand.press(Key::Tab);
    stand.frame(vec![Event::Text(" a word".to_owned())]);
    let output = stand.press(Key::Enter);
    assert_eq!(output.actions, [PanelAction::SendText { conversation: LOUNGE, body: "half a word".into() }]);
}

#[test]
fn a_notice_over_the_view_takes_no_click_from_it() {
    let notice = Some(Notice::Problem(Problem::LinkEmpty));
    let mut stand = Stand::new(PanelModel { notice, ..inside(Language::En) });
    let bounds = stand.named(Role::Alert, "").bounds().unwrap();
    let pos = pos2((bounds.x0 + bounds.x1) as f32 * 0.5, (bounds.y0 + bounds.y1) as f32 * 0.5);
    assert!(!stand.frame(vec![Event::PointerMoved(pos)]).wants_pointer);
    assert!(stand.frame(vec![Event::PointerMoved(pos2(40.0, 40.0))]).wants_pointer, "buttons are there");
}

#[test]
fn a_click_on_a_button_at_the_edge_opens_its_panel() {
    let mut stand = Stand::new(inside(Language::Ar));
    let people = stand.panels.words().get("people");
    stand.click(Role::Button, &people);
    assert_eq!(stand.panels.open_panel(), Some(Panel::People));
}

#[test]
fn a_key_is_changed_in_the_settings_and_a_conflict_is_told() {
    let mut stand = Stand::new(inside(Language::En));
    stand.open(Panel::Settings);
    stand.press(Key::End);
    let output = stand.click(Role::Button, "Help, F1");
    assert_eq!(output.actions, [PanelAction::ChangeKey(Action::Help)]);
    stand.model.key_change = Some(KeyChange { deed: Action::Help, step: KeyStep::Press });
    stand.settle();
    stand.named(Role::Button, "Help, Press a key");
    let step = KeyStep::Taken { key: "P".into(), by: Action::People };
    stand.model.key_change = Some(KeyChange { deed: Action::Help, step });
    stand.settle();
    stand.press(Key::End);
    stand.named(Role::Alert, "P");
    assert_eq!(stand.click(Role::Button, "Use it here").actions, [PanelAction::TakeKey]);
    assert_eq!(stand.click(Role::Button, "Cancel").actions, [PanelAction::KeepKeys]);
}

#[test]
fn every_page_is_walked_through_by_tab() {
    let mut stand = Stand::new(at_start(Language::Fr));
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..30 {
        stand.press(Key::Tab);
        seen.extend(stand.panels.context().memory(egui::Memory::focused).map(|id| format!("{id:?}")));
    }
    let pressable = [Role::Button, Role::RadioButton, Role::TextInput];
    let expected = stand.nodes.iter().filter(|node| pressable.contains(&node.role())).count();
    assert!(expected >= 10, "{:?}", stand.names());
    assert_eq!(seen.len(), expected, "each is reached");
}

#[test]
fn escape_closes_and_the_world_has_the_keys_again() {
    let mut stand = Stand::new(inside(Language::En));
    assert!(!stand.frame(Vec::new()).wants_keyboard);
    stand.open(Panel::Menu);
    assert!(stand.frame(Vec::new()).wants_keyboard);
    stand.press(Key::Escape);
    assert_eq!(stand.panels.open_panel(), None);
    assert!(!stand.frame(Vec::new()).wants_keyboard);
}
