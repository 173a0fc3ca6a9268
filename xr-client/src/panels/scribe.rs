//! Draws name tags on a thread of its own: shaping a name and painting its picture takes half a millisecond and asks
//! for memory, and in a crowd somebody comes near in almost every frame.
//!
//! It has fonts and sentences of its own. It must not know who has a tag or where it lies.

use super::output::TagText;
use super::tags::{self, Picture};
use super::text::TextEngine;
use super::text::atlas::{Atlas, PictureKey};
use super::words::Words;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use venue_model::{Language, ParticipantKind, Role};
use venue_protocol::Microphone;

/// Tags that are under way at most; who finds no sheet asks again in the next frame.
const SHEETS: usize = 8;

/// Finished tags that one frame takes into the atlas: each is copied and uploaded there.
const TAKEN_A_FRAME: usize = 2;

/// Room for a name without asking for memory, bytes.
const NAME_BYTES: usize = 256;

/// One tag under way. Sheets go back and forth, so that no frame asks for memory.
struct Sheet {
    key: PictureKey,
    /// The language of the sentences on it.
    words: Language,
    scale: f32,
    name: String,
    delegation: String,
    language: Language,
    role: Role,
    kind: ParticipantKind,
    hand: bool,
    microphone: Microphone,
    is_in_talk: bool,
    is_speaking: bool,
    is_small: bool,
    picture: Picture,
}

impl Sheet {
    fn blank() -> Self {
        Self {
            key: PictureKey::Tag(0),
            words: Language::En,
            scale: 1.0,
            name: String::with_capacity(NAME_BYTES),
            delegation: String::with_capacity(NAME_BYTES),
            language: Language::En,
            role: Role::Participant,
            kind: ParticipantKind::Delegate,
            hand: false,
            microphone: Microphone::default(),
            is_in_talk: false,
            is_speaking: false,
            is_small: false,
            picture: Picture::default(),
        }
    }

    fn fill(&mut self, key: PictureKey, text: TagText<'_>, words: Language, scale: f32) {
        let TagText { name, delegation, language, role, kind, .. } = text;
        let TagText { hand, microphone, is_in_talk, is_speaking, is_small, .. } = text;
        (self.key, self.words, self.scale) = (key, words, scale);
        self.name.clear();
        self.name.push_str(name);
        self.delegation.clear();
        self.delegation.push_str(delegation);
        (self.language, self.role, self.kind) = (language, role, kind);
        (self.hand, self.microphone, self.is_in_talk) = (hand, microphone, is_in_talk);
        (self.is_speaking, self.is_small) = (is_speaking, is_small);
    }

    fn text(&self) -> TagText<'_> {
        TagText {
            name: &self.name,
            delegation: &self.delegation,
            language: self.language,
            role: self.role,
            kind: self.kind,
            hand: self.hand,
            microphone: self.microphone,
            is_in_talk: self.is_in_talk,
            is_speaking: self.is_speaking,
            is_small: self.is_small,
        }
    }
}

/// The thread's other end.
pub(super) struct Scribe {
    orders: SyncSender<Sheet>,
    drawn: Receiver<Sheet>,
    blank: Vec<Sheet>,
    pending: Vec<PictureKey>,
}

impl Scribe {
    /// Starts the thread; it ends with this.
    pub(super) fn start() -> std::io::Result<Self> {
        let (orders, inbox) = sync_channel(SHEETS);
        let (outbox, drawn) = sync_channel(SHEETS);
        std::thread::Builder::new().name("vev-tags".into()).spawn(move || work(&inbox, &outbox))?;
        let blank = (0..SHEETS).map(|_| Sheet::blank()).collect();
        Ok(Self { orders, drawn, blank, pending: Vec::with_capacity(SHEETS) })
    }

    /// Asks for a tag, unless it is under way or too many are.
    pub(super) fn ask(&mut self, key: PictureKey, text: TagText<'_>, words: Language, scale: f32) {
        if self.pending.contains(&key) {
            return;
        }
        let Some(mut sheet) = self.blank.pop() else { return };
        sheet.fill(key, text, words, scale);
        // There are no more sheets than places: only a thread that is gone refuses one.
        if self.orders.try_send(sheet).is_ok() {
            self.pending.push(key);
        }
    }

    /// Takes what was drawn meanwhile into the atlas.
    pub(super) fn collect(&mut self, atlas: &mut Atlas) {
        for sheet in self.drawn.try_iter().take(TAKEN_A_FRAME) {
            self.pending.retain(|key| *key != sheet.key);
            if atlas.get(sheet.key).is_none() {
                atlas.insert(sheet.key, sheet.picture.size(), [0, 0], sheet.picture.rgba());
            }
            self.blank.push(sheet);
        }
    }

    /// Whether tags are under way.
    pub(super) fn is_busy(&self) -> bool {
        !self.pending.is_empty()
    }
}

fn work(inbox: &Receiver<Sheet>, outbox: &SyncSender<Sheet>) {
    let (mut engine, mut words) = (TextEngine::without_atlas(), Words::new(Language::En));
    while let Ok(mut sheet) = inbox.recv() {
        engine.begin_frame();
        if words.language() != sheet.words {
            words = Words::new(sheet.words);
        }
        let over = std::mem::take(&mut sheet.picture);
        sheet.picture = tags::draw(&mut engine, &words, sheet.text(), sheet.scale, over);
        if outbox.send(sheet).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &str) -> TagText<'_> {
        TagText {
            name,
            delegation: "CHE",
            language: Language::Fr,
            role: Role::Chair,
            kind: ParticipantKind::Delegate,
            hand: true,
            microphone: Microphone::MutedByModerator,
            is_in_talk: false,
            is_speaking: false,
            is_small: false,
        }
    }

    fn wait_for(scribe: &mut Scribe, atlas: &mut Atlas) {
        while scribe.is_busy() {
            scribe.collect(atlas);
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_tag_that_was_asked_for_is_the_one_that_a_frame_draws_itself() {
        let (mut scribe, mut atlas) = (Scribe::start().unwrap(), TextEngine::default().atlas);
        let mut engine = TextEngine::default();
        for (text, language) in [
            (text("Anna Müller"), Language::En),
            (TagText { is_small: true, ..text("محمد") }, Language::En),
            (TagText { delegation: "", ..text("王小明") }, Language::Fr),
        ] {
            let key = tags::key_of(text, language, 1.5);
            scribe.ask(key, text, language, 1.5);
            scribe.ask(key, text, language, 1.5);
            assert_eq!(scribe.pending.len(), 1, "the same is not asked for twice");
            wait_for(&mut scribe, &mut atlas);
            let words = Words::new(language);
            let own = tags::draw(&mut engine, &words, text, 1.5, Picture::default());
            let placed = atlas.get(key).unwrap().region;
            assert_eq!([placed.width, placed.height], own.size());
            assert!(atlas.pixels_of(placed) == own.rgba(), "{}", text.name);
        }
    }

    #[test]
    fn more_than_there_are_sheets_for_must_ask_again() {
        let (mut scribe, mut atlas) = (Scribe::start().unwrap(), TextEngine::default().atlas);
        let names: Vec<String> = (0..3 * SHEETS).map(|n| format!("Walker {n}")).collect();
        let is_there = |atlas: &mut Atlas, name: &String| {
            atlas.get(tags::key_of(text(name), Language::En, 1.0)).is_some()
        };
        while !names.iter().all(|name| is_there(&mut atlas, name)) {
            for name in names.iter().filter(|name| !is_there(&mut atlas, name)) {
                scribe.ask(tags::key_of(text(name), Language::En, 1.0), text(name), Language::En, 1.0);
            }
            assert!(scribe.pending.len() <= SHEETS);
            scribe.collect(&mut atlas);
            std::thread::yield_now();
        }
        wait_for(&mut scribe, &mut atlas);
        assert_eq!(scribe.blank.len(), SHEETS, "every sheet came back");
    }
}
