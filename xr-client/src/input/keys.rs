//! Which key does what. Keys are named by place on the keyboard as W3C UI Events `code` values, so that
//! WASD stays one block on every layout; people change them in the settings. What stands on a key is its layout's
//! matter.

use super::layout::Legends;
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
    /// Open the microphone, or close it; held to talk, if that is set.
    Microphone,
    /// Open the texts.
    Text,
    /// Open the menu.
    Menu,
    /// Open the list of people.
    People,
    /// Open the list of rooms.
    Rooms,
    /// Open the map.
    Map,
    /// Open the list of what is around.
    Around,
    /// Say where one is.
    Where,
    /// Leave for the entrance at once.
    Safety,
    /// First or third person.
    View,
    /// Show the floor and the marks of the venue, or do not.
    Overlay,
    /// While they are shown: copy the mark that is aimed at.
    CopyAnchor,
    /// Show what each picture takes, or do not.
    Times,
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
const DEFAULTS: [(Action, &[&str]); 34] = [
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
    (Action::Microphone, &["KeyM"]),
    (Action::Text, &["KeyT", "Enter"]),
    (Action::Menu, &["F10"]),
    (Action::People, &["KeyP"]),
    (Action::Rooms, &["KeyR"]),
    (Action::Map, &["KeyB"]),
    (Action::Around, &["KeyN"]),
    (Action::Where, &["KeyL"]),
    (Action::Safety, &["KeyX"]),
    (Action::View, &["KeyV"]),
    (Action::Overlay, &["F4"]),
    (Action::CopyAnchor, &["KeyP"]),
    (Action::Times, &["F3"]),
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
        self.action_in(code, Layer::Always)
    }

    /// What this key does while the overlay is shown: what it does only then goes before what it does always.
    pub fn action_over_overlay(&self, code: KeyCode) -> Option<Action> {
        self.action_in(code, Layer::Overlay).or_else(|| self.action_of(code))
    }

    /// The action that has this key where `action` wants it.
    pub fn rival_of(&self, action: Action, code: KeyCode) -> Option<Action> {
        self.action_in(code, action.layer()).filter(|rival| *rival != action)
    }

    fn action_in(&self, code: KeyCode, layer: Layer) -> Option<Action> {
        let is_it = |known: &&(KeyCode, Action)| known.0 == code && known.1.layer() == layer;
        self.by_code.iter().find(is_it).map(|(_, action)| *action)
    }

    /// The keys of an action, the most important first.
    pub fn keys_of(&self, action: Action) -> Vec<KeyCode> {
        self.by_code.iter().filter(|(_, bound)| *bound == action).map(|(code, _)| *code).collect()
    }

    /// What stands on the keys of an action.
    pub fn caps_of(&self, action: Action, legends: &Legends) -> Vec<String> {
        let mut caps: Vec<String> = Vec::new();
        for cap in self.keys_of(action).into_iter().filter_map(|code| cap(code, legends)) {
            // Left and right Shift are called the same.
            if !caps.contains(&cap) {
                caps.push(cap);
            }
        }
        caps
    }

    /// Whether an action has other keys than at first.
    pub fn is_changed(&self, action: Action) -> bool {
        self.changed.contains_key(&action)
    }

    /// Whether anything has other keys than at first.
    pub fn is_any_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// Makes this the first key of an action, in place of the one before; whoever had it loses it.
    pub fn bind(&mut self, action: Action, code: KeyCode) {
        let mut changed = std::mem::take(&mut self.changed);
        if let Some(loser) = self.rival_of(action, code) {
            let rest = self.keys_of(loser).into_iter().filter(|key| *key != code);
            changed.insert(loser, rest.filter_map(name_of).collect());
        }
        let mut keys = self.keys_of(action);
        keys.retain(|key| *key != code);
        if keys.is_empty() {
            keys.push(code)
        } else {
            keys[0] = code
        }
        changed.insert(action, keys.into_iter().filter_map(name_of).collect());
        *self = Self::with(changed);
    }

    /// Gives an action its first keys again, as far as nothing else was given them.
    pub fn reset(&mut self, action: Action) {
        let mut changed = std::mem::take(&mut self.changed);
        changed.remove(&action);
        *self = Self::with(changed);
    }

    fn with(mut changed: BTreeMap<Action, Vec<String>>) -> Self {
        // Tab moves the focus, whatever an older file says.
        changed.values_mut().for_each(|names| names.retain(|name| name != "Tab"));
        changed.retain(|action, names| {
            DEFAULTS.iter().any(|(known, first)| known == action && *first != *names)
        });
        let mut by_code: Vec<(KeyCode, Action)> = Vec::new();
        // A changed action comes first, so that it takes its key from the action that had it by default.
        let kept = DEFAULTS.iter().filter(|(action, _)| !changed.contains_key(action));
        let kept = kept.flat_map(|(action, names)| names.iter().map(|name| (*name, *action)));
        let own =
            changed.iter().flat_map(|(action, names)| names.iter().map(|name| (name.as_str(), *action)));
        for (name, action) in own.chain(kept) {
            let Some(code) = code_of(name) else { continue };
            if by_code.iter().all(|(known, by)| *known != code || by.layer() != action.layer()) {
                by_code.push((code, action));
            }
        }
        Self { changed, by_code }
    }
}

/// What stands on a key: a letter as the layout has it, else its name on an English keyboard; none for keys that can
/// not be bound.
pub fn cap(code: KeyCode, legends: &Legends) -> Option<String> {
    let english = KEYS.iter().find(|(_, key, _)| *key == code).map(|(_, _, cap)| (*cap).to_owned());
    english.map(|english| legends.cap(code).unwrap_or(english))
}

/// Whether a key can be given to an action. Tab moves the focus everywhere, and Esc gives up a choice.
pub fn can_be_bound(code: KeyCode) -> bool {
    name_of(code).is_some() && !matches!(code, KeyCode::Tab | KeyCode::Escape)
}

fn name_of(code: KeyCode) -> Option<String> {
    KEYS.iter().find(|(_, key, _)| *key == code).map(|(name, _, _)| (*name).to_owned())
}

/// When an action's keys count. One key may do something else in each layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    /// Everywhere in the venue.
    Always,
    /// While the overlay is shown.
    Overlay,
}

impl Action {
    fn layer(self) -> Layer {
        if self == Self::CopyAnchor { Layer::Overlay } else { Layer::Always }
    }

    /// Every action, in the order in which they are listed.
    pub fn all() -> impl Iterator<Item = Self> {
        DEFAULTS.iter().map(|(action, _)| *action)
    }

    /// The key of its sentence in the locales.
    pub fn key(self) -> &'static str {
        match self {
            Self::Forward => "deed-forward",
            Self::Backward => "deed-backward",
            Self::Left => "deed-left",
            Self::Right => "deed-right",
            Self::Run => "deed-run",
            Self::TurnLeft => "deed-turn-left",
            Self::TurnRight => "deed-turn-right",
            Self::LookUp => "deed-look-up",
            Self::LookDown => "deed-look-down",
            Self::Teleport => "deed-teleport",
            Self::Sit => "deed-sit",
            Self::Hand => "deed-hand",
            Self::Microphone => "deed-mute",
            Self::Text => "deed-text",
            Self::Menu => "deed-menu",
            Self::People => "deed-people",
            Self::Rooms => "deed-rooms",
            Self::Map => "deed-map",
            Self::Around => "deed-around",
            Self::Where => "deed-where",
            Self::Safety => "deed-safety",
            Self::View => "deed-view",
            Self::Overlay => "deed-overlay",
            Self::CopyAnchor => "deed-copy-anchor",
            Self::Times => "deed-times",
            Self::Gesture1 => "deed-wave",
            Self::Gesture2 => "deed-nod",
            Self::Gesture3 => "deed-applaud",
            Self::Gesture4 => "deed-point",
            Self::Gesture5 => "deed-shrug",
            Self::Gesture6 => "deed-bow",
            Self::Gesture7 => "deed-thumb-up",
            Self::Release => "deed-release",
            Self::Help => "deed-help",
        }
    }
}

impl TryFrom<BTreeMap<Action, Vec<String>>> for KeyTable {
    type Error = String;
    fn try_from(changed: BTreeMap<Action, Vec<String>>) -> Result<Self, String> {
        match changed.values().flatten().find(|name| code_of(name).is_none()) {
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
        assert_eq!(keys.action_of(KeyCode::F10), Some(Action::Menu));
        assert_eq!(keys.action_of(KeyCode::Tab), None, "it moves the focus");
        assert_eq!(keys.caps_of(Action::Run, &Legends::default()), ["Shift"]);
        assert_eq!(keys.caps_of(Action::Forward, &Legends::default()), ["W", "↑"]);
    }

    #[test]
    fn every_default_key_exists_and_does_one_thing() {
        let mut seen = std::collections::BTreeSet::new();
        for (action, names) in DEFAULTS {
            for name in names {
                assert!(code_of(name).is_some(), "{name}");
                assert!(seen.insert((action.layer(), name)), "{name} is bound twice");
            }
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
    fn a_key_of_the_overlay_is_another_s_while_the_overlay_is_not_shown() {
        let mut keys = KeyTable::default();
        assert_eq!(keys.action_of(KeyCode::KeyP), Some(Action::People));
        assert_eq!(keys.action_over_overlay(KeyCode::KeyP), Some(Action::CopyAnchor));
        assert_eq!(keys.action_over_overlay(KeyCode::KeyW), Some(Action::Forward));
        keys.bind(Action::CopyAnchor, KeyCode::KeyW);
        assert_eq!(keys.action_of(KeyCode::KeyW), Some(Action::Forward), "it loses nothing");
        assert_eq!(keys.action_over_overlay(KeyCode::KeyW), Some(Action::CopyAnchor));
        let again: KeyTable = toml::from_str(&toml::to_string(&keys).unwrap()).unwrap();
        assert_eq!(again, keys);
    }

    #[test]
    fn an_unknown_key_is_named() {
        assert!(parse("sit = [\"KeyÄ\"]").unwrap_err().to_string().contains("KeyÄ"));
    }

    #[test]
    fn a_key_that_is_given_away_is_lost_to_whoever_had_it() {
        let mut keys = KeyTable::default();
        keys.bind(Action::Sit, KeyCode::KeyW);
        assert_eq!(keys.keys_of(Action::Sit), [KeyCode::KeyW]);
        assert_eq!(keys.keys_of(Action::Forward), [KeyCode::ArrowUp], "the second key stays");
        keys.bind(Action::Forward, KeyCode::KeyI);
        assert_eq!(keys.keys_of(Action::Forward), [KeyCode::KeyI]);
        let again: KeyTable = toml::from_str(&toml::to_string(&keys).unwrap()).unwrap();
        assert_eq!(again, keys);
    }

    #[test]
    fn keys_are_as_at_first_after_a_reset() {
        let mut keys = KeyTable::default();
        keys.bind(Action::People, KeyCode::KeyR);
        assert!(keys.keys_of(Action::Rooms).is_empty(), "its only key was taken");
        keys.reset(Action::Rooms);
        assert!(keys.keys_of(Action::Rooms).is_empty(), "a reset takes nothing from others");
        keys.reset(Action::People);
        assert_eq!(keys, KeyTable::default());
        keys.bind(Action::Sit, KeyCode::KeyC);
        assert!(!keys.is_any_changed(), "the key that it has by default is no change");
    }

    #[test]
    fn actions_stay_in_their_place_and_show_the_layout_s_letters() {
        let keys = KeyTable::default();
        let mut legends = Legends::default();
        legends.learn(KeyCode::KeyW, "z");
        assert_eq!(keys.action_of(KeyCode::KeyW), Some(Action::Forward));
        assert_eq!(keys.caps_of(Action::Forward, &legends), ["Z", "↑"]);
        assert_eq!(keys.caps_of(Action::Left, &legends), ["Q", "←"]);
        legends.learn(KeyCode::KeyW, "ص");
        assert_eq!(keys.caps_of(Action::Forward, &legends), ["ص", "↑"]);
    }

    #[test]
    fn tab_and_escape_are_for_moving_and_giving_up() {
        assert!(!can_be_bound(KeyCode::Tab) && !can_be_bound(KeyCode::Escape));
        assert!(!can_be_bound(KeyCode::MediaPlayPause) && can_be_bound(KeyCode::F10));
        assert!(parse("menu = [\"Tab\", \"F10\"]").unwrap() == KeyTable::default());
    }
}
