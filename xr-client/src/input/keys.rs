//! Which key does what. Keys are named by place on the keyboard as W3C UI Events `code` values, so that
//! WASD stays one block on every layout; people change them in the settings file.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use winit::keyboard::KeyCode;

/// What a key can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Walk ahead.
    Forward,
    /// Walk backwards.
    Backward,
    /// Step to the left.
    Left,
    /// Step to the right.
    Right,
    /// Walk faster while held.
    Run,
    /// Turn left.
    TurnLeft,
    /// Turn right.
    TurnRight,
    /// Look up while held.
    LookUp,
    /// Look down while held.
    LookDown,
    /// Jump a few steps ahead, as a click with the mouse would.
    Teleport,
    /// Sit down on the nearest seat, or stand up.
    Sit,
    /// Raise the hand, or lower it.
    Hand,
    /// Open the texts.
    Text,
    /// Open the menu.
    Menu,
    /// Open the list of people.
    People,
    /// Open the list of rooms.
    Rooms,
    /// First or third person.
    View,
    /// Wave.
    Gesture1,
    /// Nod.
    Gesture2,
    /// Applaud.
    Gesture3,
    /// Point.
    Gesture4,
    /// Shrug.
    Gesture5,
    /// Bow.
    Gesture6,
    /// Thumb up.
    Gesture7,
    /// Close what is open, release the mouse.
    Release,
    /// Help.
    Help,
}

/// The default keys, in the order in which help lists them.
const DEFAULTS: [(Action, &[&str]); 26] = [
    (Action::Forward, &["KeyW", "ArrowUp"]),
    (Action::Backward, &["KeyS", "ArrowDown"]),
    (Action::Left, &["KeyA", "ArrowLeft"]),
    (Action::Right, &["KeyD", "ArrowRight"]),
    (Action::Run, &["ShiftLeft", "ShiftRight"]),
    (Action::TurnLeft, &["KeyQ"]),
    (Action::TurnRight, &["KeyE"]),
    (Action::LookUp, &["PageUp"]),
    (Action::LookDown, &["PageDown"]),
    (Action::Teleport, &["KeyG"]),
    (Action::Sit, &["KeyC"]),
    (Action::Hand, &["KeyH"]),
    (Action::Text, &["KeyT", "Enter"]),
    (Action::Menu, &["Tab"]),
    (Action::People, &["KeyP"]),
    (Action::Rooms, &["KeyR"]),
    (Action::View, &["KeyV"]),
    (Action::Gesture1, &["Digit1"]),
    (Action::Gesture2, &["Digit2"]),
    (Action::Gesture3, &["Digit3"]),
    (Action::Gesture4, &["Digit4"]),
    (Action::Gesture5, &["Digit5"]),
    (Action::Gesture6, &["Digit6"]),
    (Action::Gesture7, &["Digit7"]),
    (Action::Release, &["Escape"]),
    (Action::Help, &["F1"]),
];

macro_rules! key_names {
    ($($name:ident $cap:literal)*) => {
        const KEYS: &[(&str, KeyCode, &str)] = &[$((stringify!($name), KeyCode::$name, $cap)),*];
    };
}

key_names! {
    KeyA "A" KeyB "B" KeyC "C" KeyD "D" KeyE "E" KeyF "F" KeyG "G" KeyH "H" KeyI "I" KeyJ "J" KeyK "K" KeyL "L"
    KeyM "M" KeyN "N" KeyO "O" KeyP "P" KeyQ "Q" KeyR "R" KeyS "S" KeyT "T" KeyU "U" KeyV "V" KeyW "W" KeyX "X"
    KeyY "Y" KeyZ "Z" Digit0 "0" Digit1 "1" Digit2 "2" Digit3 "3" Digit4 "4" Digit5 "5" Digit6 "6" Digit7 "7"
    Digit8 "8" Digit9 "9" F1 "F1" F2 "F2" F3 "F3" F4 "F4" F5 "F5" F6 "F6" F7 "F7" F8 "F8" F9 "F9" F10 "F10"
    F11 "F11" F12 "F12" ArrowUp "↑" ArrowDown "↓" ArrowLeft "←" ArrowRight "→" PageUp "PgUp" PageDown "PgDn"
    Home "Home" End "End" Insert "Ins" Delete "Del" Backspace "⌫" Enter "Enter" Escape "Esc" Space "Space"
    Tab "Tab" ShiftLeft "Shift" ShiftRight "Shift" ControlLeft "Ctrl" ControlRight "Ctrl" AltLeft "Alt"
    AltRight "Alt" Minus "-" Equal "=" BracketLeft "[" BracketRight "]" Semicolon ";" Quote "'" Comma ","
    Period "." Slash "/" Backslash "\\" Backquote "`" IntlBackslash "<" Numpad0 "Num 0" Numpad1 "Num 1"
    Numpad2 "Num 2" Numpad3 "Num 3" Numpad4 "Num 4" Numpad5 "Num 5" Numpad6 "Num 6" Numpad7 "Num 7"
    Numpad8 "Num 8" Numpad9 "Num 9" NumpadAdd "Num +" NumpadSubtract "Num -" NumpadEnter "Num Enter"
}

/// The keys of every action; what the settings file says is laid over the defaults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<Action, Vec<String>>", into = "BTreeMap<Action, Vec<String>>")]
pub struct KeyTable {
    changed: BTreeMap<Action, Vec<String>>,
    by_code: Vec<(KeyCode, Action)>,
}

impl Default for KeyTable {
    fn default() -> Self {
        Self::with(BTreeMap::new())
    }
}

impl KeyTable {
    /// What this key does.
    pub fn action_of(&self, code: KeyCode) -> Option<Action> {
        self.by_code.iter().find(|(key, _)| *key == code).map(|(_, action)| *action)
    }

    /// The cap of the first key of an action, for hints; none when nothing is bound.
    pub fn cap_of(&self, action: Action) -> Option<&'static str> {
        let (code, _) = self.by_code.iter().find(|(_, bound)| *bound == action)?;
        KEYS.iter().find(|(_, key, _)| key == code).map(|(_, _, cap)| *cap)
    }

    fn with(changed: BTreeMap<Action, Vec<String>>) -> Self {
        let mut by_code = Vec::new();
        // A changed action comes first, so that it takes its key from the action that had it by default.
        for (action, names) in &changed {
            by_code.extend(names.iter().filter_map(|name| Some((code_of(name)?, *action))));
        }
        for (action, names) in DEFAULTS {
            if !changed.contains_key(&action) {
                by_code.extend(names.iter().filter_map(|name| Some((code_of(name)?, action))));
            }
        }
        Self { changed, by_code }
    }
}

impl TryFrom<BTreeMap<Action, Vec<String>>> for KeyTable {
    type Error = String;
    fn try_from(changed: BTreeMap<Action, Vec<String>>) -> Result<Self, String> {
        let unknown = changed.values().flatten().find(|name| code_of(name).is_none());
        match unknown {
            Some(name) => {
                Err(format!("there is no key {name:?}; keys are named as KeyW, ArrowUp, F1, Space"))
            }
            None => Ok(Self::with(changed)),
        }
    }
}

impl From<KeyTable> for BTreeMap<Action, Vec<String>> {
    fn from(table: KeyTable) -> Self {
        table.changed
    }
}

fn code_of(name: &str) -> Option<KeyCode> {
    KEYS.iter().find(|(key, _, _)| *key == name).map(|(_, code, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<KeyTable, toml::de::Error> {
        toml::from_str(text)
    }

    #[test]
    fn the_defaults_are_the_fields_conventions() {
        let keys = KeyTable::default();
        assert_eq!(keys.action_of(KeyCode::KeyW), Some(Action::Forward));
        assert_eq!(keys.action_of(KeyCode::ArrowLeft), Some(Action::Left));
        assert_eq!(keys.action_of(KeyCode::KeyE), Some(Action::TurnRight));
        assert_eq!(keys.action_of(KeyCode::Tab), Some(Action::Menu));
        assert_eq!(keys.cap_of(Action::Run), Some("Shift"));
    }

    #[test]
    fn every_default_key_exists_and_does_one_thing() {
        let mut seen = std::collections::BTreeSet::new();
        for name in DEFAULTS.iter().flat_map(|(_, names)| names.iter()) {
            assert!(code_of(name).is_some(), "{name}");
            assert!(seen.insert(name), "{name} is bound twice");
        }
    }

    #[test]
    fn a_changed_key_wins_over_a_default() {
        let keys = parse("sit = [\"KeyW\"]\nforward = [\"KeyZ\"]").unwrap();
        assert_eq!(keys.action_of(KeyCode::KeyW), Some(Action::Sit));
        assert_eq!(keys.action_of(KeyCode::KeyZ), Some(Action::Forward));
        assert_eq!(keys.action_of(KeyCode::KeyC), None);
        let again: KeyTable = toml::from_str(&toml::to_string(&keys).unwrap()).unwrap();
        assert_eq!(again, keys);
    }

    #[test]
    fn an_unknown_key_is_named() {
        assert!(parse("sit = [\"KeyÄ\"]").unwrap_err().to_string().contains("KeyÄ"));
    }
}
