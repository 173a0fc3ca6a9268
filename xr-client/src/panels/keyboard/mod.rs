//! The on-screen keyboard, for whoever has no other: what its keys do. It writes by the same events as a real keyboard,
//! one frame later, so that fields know no difference.
//!
//! It must not know how it looks ([`view`] draws it) or which field is written in.

pub(crate) mod layouts;
mod pinyin;
#[cfg(test)]
mod tests;
mod view;

use egui::{Event, Id, ImeEvent, Key, Modifiers, Pos2, Rect};
use pinyin::{Candidate, candidates};
use venue_model::Language;
pub(crate) use view::show;

/// What a field takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Writing {
    /// Words.
    #[default]
    Words,
    /// An invitation code, or a link.
    Code,
}

/// Which keys are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Page {
    /// Letters of a language.
    #[default]
    Letters,
    /// Digits and signs.
    Signs,
    /// The letters and digits of invitation codes.
    Code,
}

/// Whether the next letter is a capital.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Shift {
    /// No.
    #[default]
    Off,
    /// The next one only.
    Once,
    /// All, until it is pressed again.
    Locked,
}

/// What a key does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Press {
    /// Writes.
    Write(String),
    /// Capitals, or the other signs of the keys.
    Shift,
    /// Takes the last character away.
    Backspace,
    /// Ends the line or sends it.
    Enter,
    /// Writes a space, or takes the first candidate.
    Space,
    /// Shows other keys.
    Turn(Page),
    /// The next language.
    NextLanguage,
    /// Puts the keyboard away.
    Hide,
    /// Takes a candidate, by its number.
    Take(usize),
}

/// The state of the keyboard.
#[derive(Debug, Default)]
pub(crate) struct Keyboard {
    /// The language of the letters, once one was chosen; the panels' own before.
    chosen: Option<Language>,
    page: Page,
    shift: Shift,
    /// Latin letters that wait for their character.
    composed: String,
    offered: Vec<Candidate>,
    /// What the next frame's field is told.
    queued: Vec<Event>,
    /// The field that has the focus in this frame, and what it takes; none without one.
    serves: Option<(Id, Writing)>,
    /// The same in the frame before.
    served: Option<(Id, Writing)>,
    /// When a key that is held writes again, seconds of the panels' time.
    again_at: f64,
    /// Where it lay in the last frame.
    rect: Option<Rect>,
    /// Whether the field that has the focus is to lose it.
    is_unwanted: bool,
}

impl Keyboard {
    /// What was typed since it was asked the last time.
    pub(crate) fn take_typed(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.queued)
    }

    /// A frame is laid out from here on: no field has said yet that it has the focus. Whether the field is to lose the
    /// focus after this frame, in which it takes what was written last.
    pub(crate) fn begin_frame(&mut self) -> bool {
        self.served = self.serves.take();
        std::mem::take(&mut self.is_unwanted)
    }

    /// The field of this frame has lost the focus after all.
    pub(crate) fn serve_nobody(&mut self) {
        self.serves = None;
    }

    /// Whether a click at this place is on a key, so that the field that was written in keeps the focus, which egui takes
    /// away.
    pub(crate) fn keeps_focus(&self, field: Id, clicked_at: Option<Pos2>) -> bool {
        let is_on_key = self.rect.zip(clicked_at).is_some_and(|(rect, at)| rect.contains(at));
        is_on_key && self.served.is_some_and(|(served, _)| served == field)
    }

    /// A field has the focus in this frame.
    pub(crate) fn serve(&mut self, field: Id, writing: Writing) {
        self.serves = Some((field, writing));
    }

    /// The part of the screen that it covers.
    pub(crate) fn rect(&self) -> Option<Rect> {
        self.rect
    }

    /// The language of the letters, while the panels speak `language`.
    fn language(&self, language: Language) -> Language {
        self.chosen.unwrap_or(language)
    }

    /// Whether a keyboard is wanted for what has the focus now; another field begins with its own page.
    fn follow(&mut self, is_wanted: bool) -> Option<Writing> {
        let serves = self.serves.filter(|_| is_wanted);
        if serves.is_none() || serves != self.served {
            self.composed.clear();
            self.offered.clear();
            self.shift = Shift::Off;
            self.page = match serves {
                Some((_, Writing::Code)) => Page::Code,
                _ => Page::Letters,
            };
        }
        serves.map(|(_, writing)| writing)
    }

    /// Whether letters are capitals now.
    fn is_shifted(&self) -> bool {
        self.shift != Shift::Off
    }

    /// A key was pressed, while the panels speak `language`.
    pub(crate) fn press(&mut self, press: Press, language: Language) {
        match press {
            Press::Write(text) => self.write(text, language),
            Press::Shift => {
                self.shift = match self.shift {
                    Shift::Off => Shift::Once,
                    Shift::Once => Shift::Locked,
                    Shift::Locked => Shift::Off,
                }
            }
            Press::Backspace if self.composed.pop().is_some() => self.show_composed(),
            Press::Backspace => self.key(Key::Backspace),
            // What is composed is meant as it stands: Latin letters.
            Press::Enter if !self.composed.is_empty() => self.commit_composed(),
            Press::Enter => self.key(Key::Enter),
            Press::Space if !self.composed.is_empty() => self.take(0),
            Press::Space => self.queued.push(Event::Text(" ".to_owned())),
            Press::Turn(page) => {
                self.commit_composed();
                (self.page, self.shift) = (page, Shift::Off);
            }
            Press::NextLanguage => {
                self.commit_composed();
                let now = Language::ALL.iter().position(|known| *known == self.language(language));
                let next = now.map_or(0, |now| (now + 1) % Language::ALL.len());
                (self.chosen, self.page, self.shift) = (Some(Language::ALL[next]), Page::Letters, Shift::Off);
            }
            Press::Hide => {
                self.commit_composed();
                self.is_unwanted = true;
            }
            Press::Take(number) => self.take(number),
        }
    }

    fn write(&mut self, text: String, language: Language) {
        let composes = self.page == Page::Letters
            && self.language(language) == Language::Zh
            && text.bytes().all(|byte| byte.is_ascii_lowercase());
        if composes && self.composed.len() < pinyin::LONGEST {
            self.composed.push_str(&text);
            return self.show_composed();
        }
        self.commit_composed();
        self.queued.push(Event::Text(text));
        if self.shift == Shift::Once {
            self.shift = Shift::Off;
        }
    }

    /// A candidate goes into the field; letters that it does not stand for are composed on. Without candidates the
    /// letters are meant as they stand.
    fn take(&mut self, number: usize) {
        let Some(taken) = self.offered.get(number) else { return self.commit_composed() };
        let rest = self.composed.get(taken.letters..).unwrap_or_default().to_owned();
        self.queued.push(Event::Ime(ImeEvent::Commit(taken.text.clone())));
        self.composed = rest;
        self.show_composed();
    }

    fn commit_composed(&mut self) {
        let composed = std::mem::take(&mut self.composed);
        self.offered.clear();
        if !composed.is_empty() {
            self.queued.push(Event::Ime(ImeEvent::Commit(composed)));
        }
    }

    fn show_composed(&mut self) {
        self.offered = if self.composed.is_empty() { Vec::new() } else { candidates(&self.composed) };
        let text = self.composed.clone();
        self.queued.push(Event::Ime(ImeEvent::Preedit { text, active_range_chars: None }));
    }

    fn key(&mut self, key: Key) {
        let event = |pressed| Event::Key {
            key,
            physical_key: None,
            pressed,
            repeat: false,
            modifiers: Modifiers::NONE,
        };
        self.queued.extend([event(true), event(false)]);
    }
}
