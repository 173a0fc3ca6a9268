//! What the panels remember between frames: what is open, what is written, what was read.

use super::model::{Conversation, Delivery, Panel, PanelModel};
use super::text::{FieldKind, TextField};
use std::collections::BTreeMap;
use venue_model::text::MAX_MESSAGE_CHARS;

/// Longest link that is taken.
const MAX_LINK_CHARS: usize = 600;

/// State of the panels.
pub(crate) struct Memory {
    /// The panel over the venue.
    pub(crate) open: Option<Panel>,
    /// Whether `open` was opened since the last frame.
    pub(crate) just_opened: bool,
    /// Whether the first widget of the panel takes the focus in this frame.
    pub(crate) wants_focus: bool,
    /// The thread that the text panel shows.
    pub(crate) conversation: Conversation,
    /// The link or code on the start page.
    pub(crate) link: TextField,
    /// What is being written.
    pub(crate) draft: TextField,
    /// The key of the newest text that was seen, by thread.
    pub(crate) seen: BTreeMap<Conversation, u64>,
    /// Height of the start page's card in the last frame, to set it in the middle.
    pub(crate) card_height: f32,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            open: None,
            just_opened: false,
            wants_focus: false,
            conversation: Conversation::Room,
            link: TextField::new(FieldKind { max_chars: MAX_LINK_CHARS, keeps_lines: false }),
            draft: TextField::new(FieldKind { max_chars: MAX_MESSAGE_CHARS, keeps_lines: true }),
            seen: BTreeMap::new(),
            card_height: 0.0,
        }
    }
}

impl Memory {
    /// Opens a panel.
    pub(crate) fn open(&mut self, panel: Panel) {
        self.just_opened = self.open != Some(panel);
        self.open = Some(panel);
    }

    /// Whether the first widget of a panel just opened should take the focus; true once.
    pub(crate) fn gives_focus(&mut self) -> bool {
        std::mem::take(&mut self.wants_focus)
    }

    /// Opens the text panel at a thread.
    pub(crate) fn write_to(&mut self, conversation: Conversation) {
        self.conversation = conversation;
        self.open(Panel::Texts);
    }

    /// Texts of a thread that were not seen.
    pub(crate) fn unread(&self, model: &PanelModel, conversation: Conversation) -> usize {
        let seen = self.seen.get(&conversation).copied();
        let fresh = |key: u64| seen.is_none_or(|seen| key > seen);
        let lines = model.texts.iter().filter(|line| line.conversation == conversation);
        lines.filter(|line| line.delivery == Delivery::Received && fresh(line.key)).count()
    }

    /// Texts of all threads that were not seen.
    pub(crate) fn unread_in_all(&self, model: &PanelModel) -> usize {
        threads(model).into_iter().map(|conversation| self.unread(model, conversation)).sum()
    }

    /// The thread on the screen has been seen.
    pub(crate) fn mark_seen(&mut self, model: &PanelModel) {
        let lines = model.texts.iter().filter(|line| line.conversation == self.conversation);
        if let Some(newest) = lines.map(|line| line.key).max() {
            self.seen.insert(self.conversation, newest);
        }
    }
}

/// The room first, then the people with whom there are texts, the newest first.
pub(crate) fn threads(model: &PanelModel) -> Vec<Conversation> {
    let mut newest: BTreeMap<Conversation, u64> = BTreeMap::new();
    for line in model.texts.iter().filter(|line| line.conversation != Conversation::Room) {
        newest.insert(line.conversation, line.key);
    }
    let mut people: Vec<_> = newest.into_iter().collect();
    people.sort_by_key(|&(_, key)| std::cmp::Reverse(key));
    std::iter::once(Conversation::Room).chain(people.into_iter().map(|(thread, _)| thread)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::panels::model::TextLine;
    use venue_model::ParticipantId;

    fn line(key: u64, conversation: Conversation, delivery: Delivery) -> TextLine {
        TextLine {
            key,
            conversation,
            from: ParticipantId(1),
            body: "x".into(),
            minute_of_day: None,
            delivery,
        }
    }

    #[test]
    fn only_what_others_wrote_and_nobody_saw_is_unread() {
        let anna = Conversation::Person(ParticipantId(2));
        let texts = vec![
            line(1, Conversation::Room, Delivery::Received),
            line(2, anna, Delivery::Received),
            line(3, anna, Delivery::Stored),
            line(4, anna, Delivery::Received),
        ];
        let model = PanelModel { texts, ..PanelModel::default() };
        let mut memory = Memory::default();
        assert_eq!((memory.unread(&model, anna), memory.unread_in_all(&model)), (2, 3));
        memory.conversation = anna;
        memory.mark_seen(&model);
        assert_eq!((memory.unread(&model, anna), memory.unread_in_all(&model)), (0, 1));
        assert_eq!(threads(&model), [Conversation::Room, anna]);
    }
}
