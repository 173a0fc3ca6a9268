//! The texts of this visit: what came, what was sent, and what became of it. A text that the server has not
//! confirmed when the connection breaks is sent again under its old number, so that it is stored once. A text to
//! a room belongs to that room: it is never sent again to another one.
//!
//! It must not know how texts are shown.

use crate::panels::model::{Conversation, Delivery, TextFailure, TextLine};
use std::collections::VecDeque;
use venue_model::{ParticipantId, SpaceId, TextId, TextScope};
use venue_protocol::{MessageBody, SendText, Text, TextAccepted, TextRejected, TextRejection};

/// Most lines that are kept; the oldest go first.
pub const MAX_LINES: usize = 1_000;

#[derive(Clone, Debug)]
struct Line {
    shown: TextLine,
    stored: Option<TextId>,
    outgoing: Option<SendText>,
}

/// The texts.
#[derive(Clone, Debug)]
pub struct Texts {
    lines: VecDeque<Line>,
    next_key: u64,
    next_ref: u32,
}

impl Texts {
    /// No texts; numbers of own texts begin at `first_ref`, which should differ from run to run.
    pub fn new(first_ref: u32) -> Self {
        Self { lines: VecDeque::new(), next_key: 0, next_ref: first_ref }
    }

    /// Another visit begins: nothing of the last one is shown or sent any more. Keys and numbers go on, so that
    /// none means two texts.
    pub fn forget(&mut self) {
        self.lines.clear();
    }

    /// All lines, oldest first.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = &TextLine> {
        self.lines.iter().map(|line| &line.shown)
    }

    /// The number under which the server stores a line.
    pub fn stored_as(&self, key: u64) -> Option<TextId> {
        self.lines.iter().find(|line| line.shown.key == key)?.stored
    }

    /// Takes a text that came; one that is known already is left alone. Gives the thread of one that somebody else
    /// wrote and that is new.
    pub fn receive(&mut self, text: &Text, own: ParticipantId) -> Option<Conversation> {
        let known = |line: &Line| line.stored == Some(text.text_id);
        if self.lines.iter().any(known) {
            return None;
        }
        let conversation = match text.scope {
            TextScope::Space => Conversation::Room(text.space),
            TextScope::Person(to) if text.from == own => Conversation::Person(to),
            TextScope::Person(_) => Conversation::Person(text.from),
        };
        let delivery = if text.from == own { Delivery::Stored } else { Delivery::Received };
        self.push(conversation, text.from, text.body.as_str(), delivery);
        if let Some(mut line) = self.lines.pop_back() {
            line.stored = Some(text.text_id);
            line.shown.sent_at = Some(text.sent_at);
            // One that was missed and is told later stands where it was said.
            let is_later = |other: &Line| other.stored.is_some_and(|id| id > text.text_id);
            let at = self.lines.iter().position(is_later).unwrap_or(self.lines.len());
            self.lines.insert(at, line);
        }
        (text.from != own).then_some(conversation)
    }

    /// The newest text that the server has stored, as far as is known here.
    pub fn newest(&self) -> TextId {
        self.lines.iter().filter_map(|line| line.stored).max().unwrap_or(TextId(0))
    }

    /// Adds a text of one's own, written in `space`, and gives what is to be sent.
    pub fn send(
        &mut self,
        own: ParticipantId,
        space: SpaceId,
        scope: TextScope,
        body: MessageBody,
    ) -> SendText {
        let conversation = match scope {
            TextScope::Space => Conversation::Room(space),
            TextScope::Person(to) => Conversation::Person(to),
        };
        let outgoing = SendText { client_ref: self.next_ref, scope, body };
        self.next_ref = self.next_ref.wrapping_add(1);
        self.push(conversation, own, outgoing.body.as_str(), Delivery::Sending);
        if let Some(line) = self.lines.back_mut() {
            line.outgoing = Some(outgoing.clone());
        }
        outgoing
    }

    /// The server stored a text.
    pub fn accepted(&mut self, answer: &TextAccepted) {
        // The server may have delivered the sender's own copy before; one line is enough.
        let copy = |line: &Line| line.stored == Some(answer.text_id);
        if let Some(at) = self.lines.iter().position(copy) {
            self.lines.remove(at);
        }
        if let Some(line) = self.outgoing(answer.client_ref) {
            line.shown.delivery = Delivery::Stored;
            line.shown.sent_at = Some(answer.sent_at);
            line.stored = Some(answer.text_id);
            line.outgoing = None;
        }
    }

    /// The server did not take a text.
    pub fn rejected(&mut self, answer: &TextRejected) {
        let why = match answer.why {
            TextRejection::Empty | TextRejection::NotAllowed => TextFailure::NotAccepted,
            TextRejection::TooFast => TextFailure::RateLimited,
            TextRejection::NobodyThere => TextFailure::PersonGone,
            TextRejection::NotStored => TextFailure::NotStored,
        };
        if let Some(line) = self.outgoing(answer.client_ref) {
            line.shown.delivery = Delivery::Failed(why);
        }
    }

    /// Whether nothing is on its way to the server.
    pub fn is_settled(&self) -> bool {
        self.lines.iter().all(|line| line.shown.delivery != Delivery::Sending)
    }

    /// The connection is gone: what is under way has failed for now.
    pub fn connection_lost(&mut self) {
        for line in self.lines.iter_mut().filter(|line| line.shown.delivery == Delivery::Sending) {
            line.shown.delivery = Delivery::Failed(TextFailure::NotConnected);
        }
    }

    /// The connection is back, in `space`: what failed for want of it is sent again.
    pub fn resend_all(&mut self, space: SpaceId) -> Vec<SendText> {
        let lost = Delivery::Failed(TextFailure::NotConnected);
        let lines = self.lines.iter_mut().filter(|line| line.shown.delivery == lost);
        lines.filter_map(|line| Self::resend_line(line, space)).collect()
    }

    /// Sends one failed text again from `space`.
    pub fn resend(&mut self, key: u64, space: SpaceId) -> Option<SendText> {
        let is_failed = |line: &&mut Line| matches!(line.shown.delivery, Delivery::Failed(_));
        let line = self.lines.iter_mut().find(|line| line.shown.key == key).filter(is_failed)?;
        Self::resend_line(line, space)
    }

    fn resend_line(line: &mut Line, space: SpaceId) -> Option<SendText> {
        if matches!(line.shown.conversation, Conversation::Room(room) if room != space) {
            // The server would give it to those who are where the writer stands now.
            line.shown.delivery = Delivery::Failed(TextFailure::RoomLeft);
            return None;
        }
        let outgoing = line.outgoing.clone()?;
        line.shown.delivery = Delivery::Sending;
        Some(outgoing)
    }

    fn outgoing(&mut self, client_ref: u32) -> Option<&mut Line> {
        let is_it =
            |line: &&mut Line| line.outgoing.as_ref().is_some_and(|text| text.client_ref == client_ref);
        self.lines.iter_mut().rev().find(is_it)
    }

    fn push(&mut self, conversation: Conversation, from: ParticipantId, body: &str, delivery: Delivery) {
        if self.lines.len() == MAX_LINES {
            self.lines.pop_front();
        }
        let body = body.to_owned();
        let shown = TextLine { key: self.next_key, conversation, from, body, sent_at: None, delivery };
        self.next_key += 1;
        self.lines.push_back(Line { shown, stored: None, outgoing: None });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use venue_model::WallTime;

    const OWN: ParticipantId = ParticipantId(1);
    const LOUNGE: SpaceId = SpaceId(3);
    const HALL: SpaceId = SpaceId(4);

    fn body(text: &str) -> MessageBody {
        MessageBody::new(text).unwrap()
    }

    fn deliveries(texts: &Texts) -> Vec<Delivery> {
        texts.lines().map(|line| line.delivery).collect()
    }

    fn accept(client_ref: u32, id: u64) -> TextAccepted {
        TextAccepted { client_ref, text_id: TextId(id), sent_at: WallTime(0) }
    }

    fn received(id: u64, from: ParticipantId, scope: TextScope) -> Text {
        let (space, sent_at) = (LOUNGE, WallTime(0));
        Text { text_id: TextId(id), from, scope, space, body: body("hello"), sent_at }
    }

    #[test]
    fn a_text_is_shown_as_stored_only_after_the_servers_word() {
        let mut texts = Texts::new(7);
        let sent = texts.send(OWN, LOUNGE, TextScope::Space, body("hello"));
        assert_eq!(sent.client_ref, 7);
        assert_eq!(deliveries(&texts), [Delivery::Sending]);
        texts.accepted(&accept(7, 1));
        assert_eq!(deliveries(&texts), [Delivery::Stored]);
    }

    #[test]
    fn a_lost_text_is_sent_again_under_its_number() {
        let mut texts = Texts::new(0);
        let first = texts.send(OWN, LOUNGE, TextScope::Space, body("hello"));
        texts.connection_lost();
        assert_eq!(deliveries(&texts), [Delivery::Failed(TextFailure::NotConnected)]);
        assert_eq!(texts.resend_all(LOUNGE), [first]);
        assert_eq!(deliveries(&texts), [Delivery::Sending]);
        assert_eq!(texts.resend_all(LOUNGE), []);
    }

    #[test]
    fn ones_own_copy_from_the_server_makes_no_second_line() {
        let mut texts = Texts::new(0);
        texts.send(OWN, LOUNGE, TextScope::Space, body("hello"));
        texts.receive(&received(9, OWN, TextScope::Space), OWN);
        texts.accepted(&accept(0, 9));
        texts.receive(&received(9, OWN, TextScope::Space), OWN);
        assert_eq!(deliveries(&texts), [Delivery::Stored]);
    }

    #[test]
    fn a_direct_text_stands_with_the_other_person() {
        let other = ParticipantId(5);
        let mut texts = Texts::new(0);
        texts.receive(&received(1, other, TextScope::Person(OWN)), OWN);
        texts.receive(&received(2, OWN, TextScope::Person(other)), OWN);
        assert!(texts.lines().all(|line| line.conversation == Conversation::Person(other)));
    }

    #[test]
    fn a_rejected_text_can_be_sent_again() {
        let mut texts = Texts::new(0);
        texts.send(OWN, LOUNGE, TextScope::Space, body("hello"));
        texts.rejected(&TextRejected { client_ref: 0, why: TextRejection::TooFast });
        assert_eq!(deliveries(&texts), [Delivery::Failed(TextFailure::RateLimited)]);
        assert!(texts.resend(0, LOUNGE).is_some());
        assert!(texts.resend(0, LOUNGE).is_none());
    }

    #[test]
    fn the_oldest_lines_go_first() {
        let mut texts = Texts::new(0);
        for _ in 0..=MAX_LINES {
            texts.send(OWN, LOUNGE, TextScope::Space, body("x"));
        }
        assert_eq!(texts.lines().count(), MAX_LINES);
        assert_eq!(texts.lines().next().unwrap().key, 1);
    }

    #[test]
    fn a_text_stays_in_the_room_that_it_was_written_in() {
        let mut texts = Texts::new(0);
        texts.send(OWN, HALL, TextScope::Space, body("here"));
        texts.receive(&received(1, ParticipantId(5), TextScope::Space), OWN);
        let rooms: Vec<_> = texts.lines().map(|line| line.conversation).collect();
        assert_eq!(rooms, [Conversation::Room(HALL), Conversation::Room(LOUNGE)]);
    }

    #[test]
    fn a_text_to_a_room_is_never_sent_again_to_another() {
        let mut texts = Texts::new(0);
        let text = texts.send(OWN, LOUNGE, TextScope::Space, body("for the lounge"));
        texts.connection_lost();
        assert_eq!(texts.resend_all(HALL), []);
        assert_eq!(deliveries(&texts), [Delivery::Failed(TextFailure::RoomLeft)]);
        assert_eq!(texts.resend(0, HALL), None);
        assert_eq!(texts.resend(0, LOUNGE), Some(text));
    }

    #[test]
    fn another_visit_begins_without_texts_and_never_uses_a_key_twice() {
        let mut texts = Texts::new(0);
        let first = texts.send(OWN, LOUNGE, TextScope::Person(ParticipantId(5)), body("private"));
        texts.connection_lost();
        texts.forget();
        assert_eq!(texts.resend_all(LOUNGE), []);
        let next = texts.send(OWN, LOUNGE, TextScope::Space, body("hello"));
        assert!(next.client_ref != first.client_ref);
        assert_eq!(texts.lines().map(|line| line.key).collect::<Vec<_>>(), [1]);
    }
}
