//! The locales are complete, agree with each other and with the code, and can be shown.

use super::*;
use crate::panels::text::fonts::FontWeight;
use crate::panels::text::{LineAlign, TextEngine, TextStyle};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Key → the variables that its sentence names.
fn sentences(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut key = String::new();
    for line in source(language).lines().filter(|line| !line.starts_with('#')) {
        if let Some((name, _)) =
            line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
        {
            key = name.to_owned();
            assert!(found.insert(key.clone(), BTreeSet::new()).is_none(), "{language:?}: {key} stands twice");
        }
        for part in line.split('$').skip(1) {
            let name: String = part.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
            found.get_mut(&key).expect("a variable stands in a sentence").insert(name);
        }
    }
    found
}

/// A sentence as the pseudo-language has it.
pub(super) fn pseudo(sentence: &str) -> String {
    let mut longer = String::from("‹");
    for letter in sentence.chars() {
        longer.push(letter);
        if "aeiou".contains(letter) {
            longer.push(letter);
        }
    }
    longer + "›"
}

#[test]
fn every_file_parses_whole() {
    for language in Language::ALL {
        let read = FluentResource::try_new(source(language).to_owned());
        assert!(read.is_ok(), "{language:?}: {:?}", read.err().map(|(_, errors)| errors));
    }
}

#[test]
fn all_languages_have_the_same_keys_and_variables() {
    let english = sentences(Language::En);
    assert!(english.len() > 150);
    for language in Language::ALL {
        assert_eq!(sentences(language), english, "{language:?}");
    }
}

fn sources() -> String {
    fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, files);
            } else if path.extension().is_some_and(|end| end == "rs") {
                files.push(path);
            }
        }
    }
    let mut files = Vec::new();
    collect(&own_folder(), &mut files);
    // Deeds and ways name their own words.
    files.extend(
        ["../input/keys.rs", "../input/hand_buttons.rs", "../core/around.rs", "../anchors/mod.rs"]
            .map(|name| own_folder().join(name)),
    );
    let production = files.iter().filter(|path| !path.to_string_lossy().contains("test"));
    production.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

fn own_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/panels")
}

#[test]
fn every_key_in_the_code_exists_and_every_key_is_used() {
    let known = sentences(Language::En);
    let code = sources();
    for call in [".t(\"", ".tv(\"", "words.get(\"", "words.with(\""] {
        for part in code.split(call).skip(1) {
            let key = part.split('"').next().unwrap();
            assert!(known.contains_key(key), "{key} is used but has no sentence");
        }
    }
    let problems: BTreeSet<&str> = Problem::CATALOGUE.iter().map(|(id, _)| *id).collect();
    for key in known.keys() {
        let used = code.contains(&format!("\"{key}\"")) || problems.contains(key.as_str());
        assert!(used, "{key} has a sentence but is never used");
    }
}

#[test]
fn every_problem_has_its_sentence_with_its_values() {
    let known = sentences(Language::En);
    for (id, english) in Problem::CATALOGUE {
        let named = english.split('{').skip(1).map(|part| part.split('}').next().unwrap().to_owned());
        assert_eq!(known.get(*id), Some(&named.collect()), "{id}");
    }
}

fn shown(words: &Words, key: &str, variables: &BTreeSet<String>, count: usize) -> String {
    let counts = ["count", "seconds", "degrees"];
    let value = |name: &String| {
        if counts.contains(&name.as_str()) { Value::Count(count) } else { Value::Text("Ä9") }
    };
    let values: Vec<(&str, Value<'_>)> = variables.iter().map(|name| (name.as_str(), value(name))).collect();
    words.with(key, &values)
}

#[test]
fn every_sentence_can_be_shown_without_a_missing_glyph() {
    let mut engine = TextEngine::default();
    for language in Language::ALL {
        let words = Words::new(language);
        for (key, variables) in sentences(language) {
            for count in [0, 1, 2, 3, 11, 100] {
                let text = shown(&words, &key, &variables, count);
                assert!(text != key || variables.is_empty(), "{language:?} {key} can not be formatted");
                for weight in [FontWeight::Regular, FontWeight::Bold] {
                    let style = TextStyle {
                        size: 16.0,
                        weight,
                        align: LineAlign::Left,
                        wrap: Some(400.0),
                        max_lines: None,
                    };
                    assert_eq!(engine.shape(&text, style).missing, 0, "{language:?} {key}: {text}");
                }
            }
        }
    }
}

#[test]
fn plurals_follow_each_language() {
    let check = |language, count, expected: &str| {
        let text = Words::new(language).with("people-count", &[("count", Value::Count(count))]);
        let plain: String = text.chars().filter(|c| !matches!(c, '\u{2068}' | '\u{2069}')).collect();
        assert_eq!(plain, expected);
    };
    check(Language::En, 1, "One person in the event");
    check(Language::En, 2, "2 people in the event");
    check(Language::Fr, 0, "0 participant à l’événement");
    check(Language::Ru, 1, "1 участник мероприятия");
    check(Language::Ru, 3, "3 участника мероприятия");
    check(Language::Ru, 11, "11 участников мероприятия");
    check(Language::Ru, 21, "21 участник мероприятия");
    check(Language::Ar, 2, "مشاركان في الفعالية");
    check(Language::Ar, 7, "7 مشاركين في الفعالية");
    check(Language::Ar, 30, "30 مشاركاً في الفعالية");
    check(Language::Ar, 100, "100 مشارك في الفعالية");
    check(Language::Zh, 5, "本次活动有 5 人在场");
}

#[test]
fn a_reason_that_has_a_sentence_is_translated() {
    let told = |language, reason: &str| {
        Words::new(language).problem(&Problem::SeatRefused { reason: reason.into() })
    };
    let spanish = told(Language::Es, "somebody sits there");
    assert!(spanish.contains("hay alguien sentado"), "{spanish}");
    assert!(told(Language::En, "somebody sits there").contains("somebody sits there"));
    assert!(told(Language::Ru, "no such words").contains("no such words"));
}

#[test]
fn an_unknown_key_is_shown_as_itself() {
    assert_eq!(Words::new(Language::Ar).get("no-such-key"), "no-such-key");
}
