//! The table of controllers against the registry's list and the page that shows it.

use super::*;
use crate::input::hand_buttons::{HandButtons, HandDeed};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Every path that a program may bind, by profile, with its type.
fn registry() -> BTreeMap<String, BTreeMap<String, char>> {
    let mut found: BTreeMap<String, BTreeMap<String, char>> = BTreeMap::new();
    let lines = include_str!("xr_components.txt").lines().filter(|line| !line.starts_with('#'));
    for line in lines.filter(|line| !line.is_empty()) {
        let mut words = line.split(' ');
        let profile = format!("/interaction_profiles/{}", words.next().unwrap());
        let hands = match words.next().unwrap() {
            "both" => &HANDS[..],
            "left" => &HANDS[..1],
            "right" => &HANDS[1..],
            other => panic!("{other}"),
        };
        let paths = found.entry(profile).or_default();
        for (part, kind) in words.map(|word| word.split_once(':').unwrap()) {
            let kind = kind.chars().next().unwrap();
            paths.extend(hands.iter().map(|hand| (format!("{hand}/input/{part}"), kind)));
        }
    }
    found
}

#[test]
fn every_path_is_one_that_the_specification_allows_with_a_type_that_fits() {
    let registry = registry();
    for profile in &PROFILES {
        let allowed = registry.get(profile.path).unwrap_or_else(|| panic!("{} is unknown", profile.path));
        for (action, path) in profile.paths() {
            let kind = allowed.get(&path).unwrap_or_else(|| panic!("{} has no {path}", profile.path));
            let fits = match action {
                Grip | Aim => "p",
                Stick => "v",
                // The runtime makes yes or no of a number.
                Select | StickGate | Button(_) => "bf",
                Pull | Squeeze | Pinch | Grasp(_) => "f",
                ThumbRest | PinchReady | GraspReady => "b",
            };
            assert!(fits.contains(*kind), "{action:?} of {}: {path} is {kind}", profile.path);
        }
    }
}

#[test]
fn every_controller_is_seen_points_selects_and_opens_the_menu() {
    for profile in &PROFILES {
        for actions in [&[Grip][..], &[Aim], &[Select, Pinch]] {
            let hands = profile.paths().filter(|(bound, _)| actions.contains(bound)).count();
            assert_eq!(hands, 2, "{actions:?} of {}", profile.path);
        }
    }
}

#[test]
fn the_microphone_and_the_menu_have_a_button_on_every_controller() {
    for profile in &PROFILES {
        for deed in [HandDeed::Menu, HandDeed::Mute] {
            assert!(!cell(profile, |action| does(action, deed)).is_empty(), "{deed:?} of {}", profile.path);
        }
    }
}

#[test]
fn no_part_does_two_things() {
    for profile in &PROFILES {
        let deeds = || profile.paths().filter(|(action, _)| !action.is_felt());
        let paths: BTreeSet<String> = deeds().map(|(_, path)| path).collect();
        assert_eq!(paths.len(), deeds().count(), "{}", profile.path);
    }
}

fn does(action: HandAction, deed: HandDeed) -> bool {
    matches!(action, Button(button) | Grasp(button) if HandButtons::default().deed_of(button) == deed)
}

/// The parts of a profile that do something, in short.
fn cell(profile: &Profile, is_it: impl Fn(HandAction) -> bool) -> String {
    let bound = profile.bindings.iter().filter(|(action, ..)| is_it(*action));
    let parts = bound.map(|(_, part, side)| {
        let part = part.trim_start_matches("input/");
        match side {
            Both => part.to_owned(),
            Left => format!("left {part}"),
            Right => format!("right {part}"),
        }
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// The table of the documentation.
fn table() -> String {
    type Row = (&'static str, fn(HandAction) -> bool);
    let rows: [Row; 6] = [
        ("point, press, aim a jump", |action| matches!(action, Select | Pinch)),
        ("walk, turn, aim a jump", |action| matches!(action, Stick | StickGate)),
        ("menu", |action| does(action, HandDeed::Menu)),
        ("microphone", |action| does(action, HandDeed::Mute)),
        ("recenter; held: safe place", |action| does(action, HandDeed::Recenter)),
        ("free for another deed", |action| does(action, HandDeed::Nothing)),
    ];
    let mut text = String::from("| controller |");
    rows.iter().for_each(|(name, _)| write!(text, " {name} |").unwrap());
    text += "\n|---|---|---|---|---|---|---|\n";
    for profile in &PROFILES {
        write!(text, "| {} |", profile.name).unwrap();
        for (_, is_it) in rows {
            let cell = cell(profile, is_it);
            write!(text, " {} |", if cell.is_empty() { "–" } else { &cell }).unwrap();
        }
        text.push('\n');
    }
    text
}

#[test]
fn the_documentation_has_the_table_as_it_is() {
    let table = table();
    let document = include_str!("../../../docs/headset.md");
    assert!(document.contains(&table), "docs/headset.md should have this table:\n{table}");
}
