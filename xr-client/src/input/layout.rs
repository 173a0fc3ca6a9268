//! What stands on the keys: the keyboard's layout, told from the letters that its keys write.
//!
//! No window system says what every key writes before it is pressed, so each key that is pressed teaches its own
//! letter, and from it the layout whose other letters are then known too. Digits keep their digit: that is what
//! people look for on a key, even where it is written with Shift.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use winit::keyboard::KeyCode;

use KeyCode::{
    BracketLeft, BracketRight, Comma, KeyA, KeyB, KeyC, KeyD, KeyE, KeyF, KeyG, KeyH, KeyI, KeyJ, KeyK, KeyL,
    KeyM, KeyN, KeyO, KeyP, KeyQ, KeyR, KeyS, KeyT, KeyU, KeyV, KeyW, KeyX, KeyY, KeyZ, Period, Quote,
    Semicolon, Slash,
};

/// The keys whose letters differ between layouts, row by row.
const PLACES: [KeyCode; 33] = [
    KeyQ,
    KeyW,
    KeyE,
    KeyR,
    KeyT,
    KeyY,
    KeyU,
    KeyI,
    KeyO,
    KeyP,
    BracketLeft,
    BracketRight,
    KeyA,
    KeyS,
    KeyD,
    KeyF,
    KeyG,
    KeyH,
    KeyJ,
    KeyK,
    KeyL,
    Semicolon,
    Quote,
    KeyZ,
    KeyX,
    KeyC,
    KeyV,
    KeyB,
    KeyN,
    KeyM,
    Comma,
    Period,
    Slash,
];

/// A layout that is known whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// English, Chinese.
    #[default]
    Qwerty,
    /// French.
    Azerty,
    /// German, Swiss.
    Qwertz,
    /// Arabic.
    Arabic,
    /// Russian.
    Russian,
    /// Spanish.
    Spanish,
}

impl Layout {
    /// Every layout.
    const ALL: [Self; 6] =
        [Self::Qwerty, Self::Azerty, Self::Qwertz, Self::Arabic, Self::Russian, Self::Spanish];

    /// What the keys of [`PLACES`] write without Shift.
    fn letters(self) -> &'static str {
        match self {
            Self::Qwerty => "q w e r t y u i o p [ ] a s d f g h j k l ; ' z x c v b n m , . /",
            Self::Azerty => "a z e r t y u i o p ^ $ q s d f g h j k l m ù w x c v b n , ; : !",
            Self::Qwertz => "q w e r t z u i o p ü + a s d f g h j k l ö ä y x c v b n m , . -",
            Self::Arabic => "ض ص ث ق ف غ ع ه خ ح ج د ش س ي ب ل ا ت ن م ك ط ئ ء ؤ ر لا ى ة و ز ظ",
            Self::Russian => "й ц у к е н г ш щ з х ъ ф ы в а п р о л д ж э я ч с м и т ь б ю .",
            Self::Spanish => "q w e r t y u i o p ` + a s d f g h j k l ñ ´ z x c v b n m , . -",
        }
    }

    fn letter(self, code: KeyCode) -> Option<&'static str> {
        let place = PLACES.iter().position(|&place| place == code)?;
        self.letters().split(' ').nth(place)
    }
}

/// What is known of the keyboard; its layout is kept in the settings file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Layout", into = "Layout")]
pub struct Legends {
    layout: Layout,
    seen: BTreeMap<KeyCode, String>,
}

impl From<Layout> for Legends {
    fn from(layout: Layout) -> Self {
        Self { layout, seen: BTreeMap::new() }
    }
}

impl From<Legends> for Layout {
    fn from(legends: Legends) -> Self {
        legends.layout
    }
}

impl Legends {
    /// What stands on a key that writes; none for keys that do not.
    pub fn cap(&self, code: KeyCode) -> Option<String> {
        self.letter(code).map(capital)
    }

    /// A key was pressed and writes this without Shift; whether other letters are shown from now on.
    pub fn learn(&mut self, code: KeyCode, written: &str) -> bool {
        let written = plain(written);
        let is_letter = !written.is_empty() && written.chars().all(|c| !c.is_control() && !c.is_whitespace());
        if !PLACES.contains(&code) || !is_letter || self.letter(code) == Some(&written) {
            return false;
        }
        self.seen.insert(code, written);
        // The layout with which most of what was seen agrees, and with the newest key before all.
        let newest =
            |layout: Layout| usize::from(layout.letter(code) == self.seen.get(&code).map(String::as_str));
        let agreeing = |layout: Layout| {
            self.seen.iter().filter(|(code, seen)| layout.letter(**code) == Some(seen)).count()
        };
        let rank = |layout: Layout| (newest(layout), agreeing(layout), layout == self.layout);
        let best = Layout::ALL.into_iter().rev().max_by_key(|&layout| rank(layout)).unwrap_or_default();
        if newest(best) == 1 {
            self.layout = best;
            // What speaks against it was seen on another layout.
            self.seen.retain(|code, seen| best.letter(*code) == Some(seen));
        }
        true
    }

    fn letter(&self, code: KeyCode) -> Option<&str> {
        self.seen.get(&code).map(String::as_str).or_else(|| self.layout.letter(code))
    }
}

/// Small, and with the Arabic ligature as its two letters.
fn plain(written: &str) -> String {
    written.replace(['\u{fefb}', '\u{fefc}'], "لا").to_lowercase()
}

/// As it stands on the key: large, unless that would be two letters.
fn capital(letter: &str) -> String {
    let large = letter.to_uppercase();
    if large.chars().count() == letter.chars().count() { large } else { letter.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taught(pressed: &[(KeyCode, &str)]) -> Legends {
        let mut legends = Legends::default();
        for (code, written) in pressed {
            legends.learn(*code, written);
        }
        legends
    }

    fn caps(legends: &Legends, codes: &[KeyCode]) -> String {
        codes.iter().filter_map(|code| legends.cap(*code)).collect::<Vec<_>>().join(" ")
    }

    const WASD: [KeyCode; 4] = [KeyW, KeyA, KeyS, KeyD];

    #[test]
    fn every_layout_has_a_letter_for_every_place() {
        for layout in Layout::ALL {
            assert_eq!(layout.letters().split(' ').count(), PLACES.len(), "{layout:?}");
        }
    }

    #[test]
    fn one_letter_tells_azerty_and_then_all_its_caps_are_known() {
        let legends = taught(&[(KeyW, "z")]);
        assert_eq!(caps(&legends, &WASD), "Z Q S D");
        assert_eq!(legends.cap(Semicolon).as_deref(), Some("M"));
    }

    #[test]
    fn qwertz_differs_by_y_and_z() {
        let legends = taught(&[(KeyY, "z")]);
        assert_eq!(caps(&legends, &WASD), "W A S D");
        assert_eq!(caps(&legends, &[KeyZ, KeyY, BracketLeft]), "Y Z Ü");
    }

    #[test]
    fn arabic_caps_are_shown_and_go_when_the_layout_is_switched_back() {
        let mut legends = taught(&[(KeyW, "ص")]);
        assert_eq!(caps(&legends, &WASD), "ص ش س ي");
        assert!(!legends.learn(KeyB, "\u{fefb}"), "the ligature is the two letters on the key");
        assert!(legends.learn(KeyA, "a"));
        assert_eq!(caps(&legends, &WASD), "W A S D");
    }

    #[test]
    fn a_layout_that_nobody_knows_is_learnt_key_by_key() {
        // Dvorak.
        let legends = taught(&[(KeyW, ","), (KeyS, "o")]);
        assert_eq!(caps(&legends, &WASD), ", A O D");
    }

    #[test]
    fn keys_that_do_not_write_teach_nothing() {
        let mut legends = Legends::default();
        assert!(!legends.learn(KeyCode::Digit1, "&"), "digits keep their digit");
        assert!(!legends.learn(KeyW, "\u{17}") && !legends.learn(KeyW, " ") && !legends.learn(KeyW, ""));
        assert_eq!((legends.cap(KeyCode::F10), legends.cap(KeyW).as_deref()), (None, Some("W")));
    }

    #[test]
    fn the_layout_survives_the_settings_file() {
        #[derive(Serialize, Deserialize)]
        struct File {
            keyboard: Legends,
        }
        let text = toml::to_string(&File { keyboard: taught(&[(KeyQ, "a")]) }).unwrap();
        assert_eq!(text.trim(), "keyboard = \"azerty\"");
        assert_eq!(caps(&toml::from_str::<File>(&text).unwrap().keyboard, &WASD), "Z Q S D");
    }
}
