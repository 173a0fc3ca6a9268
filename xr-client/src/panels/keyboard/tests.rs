//! The on-screen keyboard as a person uses it: what it writes into which field, when it is there, and how large its keys
//! are.

use super::layouts::{CODE, letters, signs};
use super::*;
use crate::comfort::ComfortSettings;
use crate::panels::tests::{LOUNGE, Stand, at_start, inside, keep};
use crate::panels::text::fonts::FontWeight;
use crate::panels::text::{TextEngine, TextStyle};
use crate::panels::{Panel, PanelAction, PanelModel, PanelSettings};
use egui::accesskit::Role;

fn with_keyboard(mut model: PanelModel) -> PanelModel {
    model.settings.comfort = ComfortSettings { on_screen_keyboard: true, ..ComfortSettings::default() };
    model
}

fn writing(language: Language) -> Stand {
    let mut stand = Stand::new(with_keyboard(inside(language)));
    stand.open(Panel::Texts);
    stand
}

fn word(stand: &Stand, key: &str) -> String {
    stand.panels.words().get(key)
}

/// Presses keys by what stands on them; gives what the last asked for.
fn type_keys(stand: &mut Stand, keys: &[&str]) -> Vec<PanelAction> {
    let mut actions = Vec::new();
    for key in keys {
        let key = match *key {
            named if named.starts_with("keyboard-") => word(stand, named),
            plain => plain.to_owned(),
        };
        actions.extend(press(stand, &key));
    }
    actions
}

/// A press of the key with exactly this name: what was asked for while the field took what it wrote.
fn press(stand: &mut Stand, name: &str) -> Vec<PanelAction> {
    let keyboard = stand.panels.memory.keyboard.rect.expect("the keyboard is there");
    let is_key = |node: &&egui::accesskit::Node| {
        let bounds = node.bounds();
        node.role() == Role::Button
            && crate::panels::tests::node_name(node) == name
            && bounds.is_some_and(|bounds| bounds.y0 as f32 >= keyboard.top())
    };
    let bounds =
        stand.nodes.iter().find(is_key).unwrap_or_else(|| panic!("no key {name:?}")).bounds().unwrap();
    let at = egui::pos2((bounds.x0 + bounds.x1) as f32 * 0.5, (bounds.y0 + bounds.y1) as f32 * 0.5);
    let button = |pressed| Event::PointerButton {
        pos: at,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    stand.frame(vec![Event::PointerMoved(at)]);
    let mut actions = stand.frame(vec![button(true)]).actions;
    actions.extend(stand.frame(vec![button(false)]).actions);
    for _ in 0..3 {
        actions.extend(stand.frame(Vec::new()).actions);
    }
    stand.settle();
    actions
}

fn sent(actions: &[PanelAction]) -> &str {
    match actions {
        [PanelAction::SendText { conversation, body }] if *conversation == LOUNGE => body,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_text_is_written_and_sent_in_each_alphabet() {
    for (language, keys, text) in [
        (Language::En, &["keyboard-shift", "H", "i", "keyboard-space", "y", "o", "u"][..], "Hi you"),
        (Language::Fr, &["o", "ù", "keyboard-space", "ç", "a"], "où ça"),
        (Language::Es, &["¿", "a", "ñ", "o"], "¿año"),
        (Language::Ru, &["keyboard-shift", "Щ", "ё", "ъ"], "Щёъ"),
        (Language::Ar, &["س", "لا", "م", "keyboard-shift", "أ"], "سلامأ"),
    ] {
        let mut stand = writing(language);
        let keys: Vec<&str> = keys.iter().copied().chain(["keyboard-enter"]).collect();
        let actions = type_keys(&mut stand, &keys);
        assert_eq!(sent(&actions), text, "{language:?}");
    }
}

#[test]
fn chinese_is_written_by_pinyin_and_its_candidates() {
    let mut stand = writing(Language::Zh);
    type_keys(&mut stand, &["n", "i", "h", "a", "o"]);
    assert_eq!(stand.panels.memory.draft.text(), "", "what is composed is shown and not yet written");
    type_keys(&mut stand, &["你好"]);
    assert_eq!(stand.panels.memory.draft.text(), "你好");
    // The space bar takes the first; what it does not stand for is composed on.
    type_keys(&mut stand, &["w", "o", "m", "e", "n", "q", "u", "keyboard-space"]);
    assert_eq!(stand.panels.memory.draft.text(), "你好我们");
    let actions = type_keys(&mut stand, &["去", "。", "keyboard-enter"]);
    assert_eq!(sent(&actions), "你好我们去。");
}

#[test]
fn composed_letters_are_taken_back_or_meant_as_they_stand() {
    let mut stand = writing(Language::Zh);
    type_keys(&mut stand, &["o", "k", "q", "keyboard-backspace", "keyboard-enter"]);
    assert_eq!(stand.panels.memory.draft.text(), "ok");
    let actions = type_keys(&mut stand, &["keyboard-backspace", "keyboard-enter"]);
    assert_eq!(sent(&actions), "o");
}

#[test]
fn shift_is_for_one_letter_and_twice_for_all() {
    let mut stand = writing(Language::En);
    type_keys(&mut stand, &["keyboard-shift", "A", "b", "keyboard-shift", "keyboard-shift", "C", "D"]);
    type_keys(&mut stand, &["keyboard-shift", "e"]);
    assert_eq!(stand.panels.memory.draft.text(), "AbCDe");
}

#[test]
fn digits_and_another_language_are_one_key_away() {
    let mut stand = writing(Language::En);
    type_keys(&mut stand, &["keyboard-signs", "4", "2", "?", "keyboard-letters", "a"]);
    assert_eq!(stand.panels.memory.draft.text(), "42?a");
    // English, French, Russian: the order in which languages are offered.
    for endonym in ["English", "Français"] {
        let name = stand
            .panels
            .words()
            .with("keyboard-language", &[("language", crate::panels::words::Value::Text(endonym))]);
        let name: String = name.chars().filter(|c| !matches!(c, '\u{2068}' | '\u{2069}')).collect();
        press(&mut stand, &name);
    }
    type_keys(&mut stand, &["ж"]);
    assert_eq!(stand.panels.memory.draft.text(), "42?aж");
}

#[test]
fn a_code_is_entered_by_the_keys_that_codes_have() {
    let mut model = with_keyboard(at_start(Language::Fr));
    model.last_venue = None;
    let mut stand = Stand::new(model);
    assert_eq!(stand.panels.memory.keyboard.rect, None, "nothing is written in yet");
    let hint = word(&stand, "start-link-hint");
    stand.click(Role::TextInput, &hint);
    let keys = ["7", "K", "Q", "2", "-", "M", "9", "X", "T", "keyboard-enter"];
    assert_eq!(type_keys(&mut stand, &keys), [PanelAction::Connect("7KQ2-M9XT".to_owned())]);
    for absent in ["I", "L", "O", "U", "é", "."] {
        assert!(!stand.names().contains(&(Role::Button, absent.to_owned())), "{absent}");
    }
    // A link can be written too.
    type_keys(&mut stand, &["keyboard-letters", "keyboard-signs", "/", "keyboard-code", "A"]);
}

#[test]
fn it_is_there_only_while_a_field_is_written_in_and_another_keyboard_is_missing() {
    let mut stand = Stand::new(inside(Language::En));
    stand.open(Panel::Texts);
    assert_eq!(stand.panels.memory.keyboard.rect, None, "there is a real keyboard");
    stand.model.lacks_keyboard = true;
    stand.settle();
    assert!(stand.panels.memory.keyboard.rect.is_some(), "a headset has none");
    stand.open(Panel::Menu);
    assert_eq!(stand.panels.memory.keyboard.rect, None);
}

#[test]
fn it_is_put_away_and_comes_back_with_the_field() {
    let mut stand = writing(Language::En);
    type_keys(&mut stand, &["a", "keyboard-hide"]);
    assert_eq!(stand.panels.memory.keyboard.rect, None);
    let hint = word(&stand, "texts-write-room");
    stand.click(Role::TextInput, &hint);
    type_keys(&mut stand, &["b"]);
    assert_eq!(stand.panels.memory.draft.text(), "ab");
}

#[test]
fn what_lies_above_makes_room() {
    for language in [Language::En, Language::Ar] {
        let stand = writing(language);
        let keyboard = stand.panels.memory.keyboard.rect.unwrap();
        let hint = word(&stand, "texts-write-room");
        let field = stand.named(Role::TextInput, &hint).bounds().unwrap();
        assert!(field.y1 as f32 <= keyboard.top(), "{language:?}: {field:?} above {keyboard:?}");
        let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(1280.0, 800.0));
        assert!(screen.contains_rect(keyboard));
    }
}

#[test]
fn a_key_that_is_held_takes_letters_away_again_and_again() {
    let mut stand = writing(Language::En);
    type_keys(&mut stand, &["a", "b", "c", "d"]);
    let name = word(&stand, "keyboard-backspace");
    let bounds = stand.named(Role::Button, &name).bounds().unwrap();
    let at = egui::pos2((bounds.x0 + bounds.x1) as f32 * 0.5, (bounds.y0 + bounds.y1) as f32 * 0.5);
    let button = |pressed| Event::PointerButton {
        pos: at,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    stand.frame(vec![Event::PointerMoved(at), button(true)]);
    // Without a clock a frame is a sixtieth of a second.
    (0..20).for_each(|_| drop(stand.frame(Vec::new())));
    assert_eq!(stand.panels.memory.draft.text(), "abc", "one letter at first");
    (0..60).for_each(|_| drop(stand.frame(Vec::new())));
    assert_eq!(stand.panels.memory.draft.text(), "");
    stand.frame(vec![button(false)]);
    stand.settle();
}

#[test]
fn every_key_and_candidate_has_its_letter_in_the_fonts() {
    let mut engine = TextEngine::default();
    let mut rows: Vec<&str> = CODE.to_vec();
    for language in Language::ALL {
        let layout = letters(language);
        rows.extend(layout.rows.iter().chain(layout.shifted.unwrap_or_default()));
        rows.extend(signs(language));
    }
    let texts = [include_str!("pinyin_letters.txt"), include_str!("pinyin_words.txt")];
    rows.extend(texts.iter().flat_map(|text| text.lines()));
    for row in rows {
        for text in [row.to_owned(), row.to_uppercase()] {
            let style = TextStyle { size: 18.0, weight: FontWeight::Regular, ..TextStyle::default() };
            assert_eq!(engine.shape(&text, style).missing, 0, "{text}");
        }
    }
}

#[test]
fn keys_fit_and_can_be_hit_on_every_screen_in_the_largest_letters() {
    for language in Language::ALL {
        for (screen, text_scale) in
            [([1280, 800], 1.0), ([1280, 800], 2.0), ([480, 640], 1.0), ([480, 640], 2.0)]
        {
            let mut model = with_keyboard(inside(language));
            model.settings = PanelSettings { text_scale, ..model.settings };
            let mut stand = Stand::new(model);
            stand.screen = screen;
            stand.open(Panel::Texts);
            let keyboard = stand.panels.memory.keyboard.rect.unwrap();
            // Buttons of a panel that is scrolled lie below the keyboard and are not seen.
            let name_of = |name: &str| word(&stand, name);
            let first = stand.nodes.iter().position(|node| {
                node.role() == Role::Group && crate::panels::tests::node_name(node) == name_of("keyboard")
            });
            let first = first.expect("assistive programs hear of the keyboard");
            let keys = stand.nodes.iter().filter(|node| node.role() == Role::Button);
            let keys = keys.filter_map(|node| node.bounds()).filter(|bounds| {
                let middle = egui::pos2((bounds.x0 + bounds.x1) as f32 * 0.5, bounds.y0 as f32);
                keyboard.contains(middle) && bounds.y1 as f32 <= keyboard.bottom()
            });
            assert!(stand.nodes[first].bounds().is_some());
            let mut count = 0;
            for bounds in keys {
                let least = 30.0;
                assert!(
                    bounds.width() >= least && bounds.height() >= least,
                    "{language:?} {screen:?}: {bounds:?}"
                );
                assert!(bounds.x0 as f32 >= keyboard.left() && bounds.x1 as f32 <= keyboard.right());
                count += 1;
            }
            assert!(count > 30, "{count}");
            keep(&stand, &format!("keyboard-{}-{}-{text_scale}", language.code(), screen[0]));
        }
    }
}
