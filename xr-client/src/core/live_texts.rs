//! Real-time text: the line that one writes while others read it, and the lines that others write.
//!
//! It must not know how lines are shown, nor what becomes of them when they are sent.

use crate::panels::model::{Conversation, LiveWords};
use venue_model::{ParticipantId, TextScope};
use venue_protocol::{LiveEdit, LiveText, LocalTime, MessageBody, WriteLive};

/// What is typed in so long goes out together, µs: with the way there, characters appear within half a second (ITU-T
/// T.140 asks for that, and advises this pause).
const GATHER_MICROS: u64 = 300_000;

/// A line that was erased as a whole stays for so long, µs: mostly the text that was made of it comes now.
const AFTERGLOW_MICROS: u64 = 400_000;

/// The lines.
#[derive(Debug, Default)]
pub struct LiveTexts {
    own: Option<OwnLine>,
    others: Vec<OthersLine>,
}

struct OwnLine {
    scope: TextScope,
    wanted: String,
    /// What the server has of it; none when that is not known.
    sent: Option<String>,
    sent_at: Option<LocalTime>,
}

#[derive(Debug)]
struct OthersLine {
    shown: LiveWords,
    /// When it was erased as a whole.
    gone_at: Option<LocalTime>,
}

impl std::fmt::Debug for OwnLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OwnLine {{ {:?}, {} characters }}", self.scope, self.wanted.chars().count())
    }
}

impl LiveTexts {
    /// One's own line is this from now on; an empty one ends it.
    pub fn write(&mut self, scope: TextScope, text: &str) {
        let wanted = MessageBody::lossy(text).as_str().to_owned();
        match &mut self.own {
            Some(own) if own.scope == scope => own.wanted = wanted,
            Some(_) | None if wanted.is_empty() => {
                if let Some(own) = &mut self.own {
                    own.wanted.clear();
                }
            }
            // The server ends the line before when one for others begins.
            _ => {
                let sent_at = self.own.as_ref().and_then(|own| own.sent_at);
                self.own = Some(OwnLine { scope, wanted, sent: None, sent_at });
            }
        }
    }

    /// What is to be sent now.
    pub fn poll(&mut self, now: LocalTime) -> Option<WriteLive> {
        let own = self.own.as_mut()?;
        let is_early = own.sent_at.is_some_and(|at| now.micros_since(at) < GATHER_MICROS);
        // The end goes out at once: the text that was made of the line follows it.
        if is_early && !own.wanted.is_empty() {
            return None;
        }
        let scope = own.scope;
        let edit = match &own.sent {
            Some(sent) => LiveEdit::between(sent, &own.wanted),
            None if own.wanted.is_empty() => None,
            None => Some(LiveEdit::whole(&own.wanted)),
        };
        if own.wanted.is_empty() {
            self.own = None;
        } else if edit.is_some() {
            own.sent = Some(own.wanted.clone());
            own.sent_at = Some(now);
        }
        edit.map(|edit| WriteLive { scope, edit })
    }

    /// Takes a change of somebody else's line; whether anything that is shown changed.
    pub fn receive(&mut self, message: &LiveText, own: ParticipantId, now: LocalTime) -> bool {
        if message.from == own {
            return false;
        }
        let conversation = match message.scope {
            TextScope::Space => Conversation::Room(message.space),
            TextScope::Person(_) => Conversation::Person(message.from),
        };
        let found = self.others.iter().position(|line| line.shown.from == message.from);
        let mut line = match found {
            Some(at) => self.others.swap_remove(at),
            None => OthersLine {
                shown: LiveWords { from: message.from, conversation, text: String::new() },
                gone_at: None,
            },
        };
        if line.gone_at.take().is_some() || line.shown.conversation != conversation {
            line.shown.text.clear();
        }
        line.shown.conversation = conversation;
        let is_end = message.edit.insert.is_empty() && {
            let mut rest = line.shown.text.clone();
            message.edit.apply(&mut rest);
            rest.is_empty()
        };
        if is_end {
            if line.shown.text.is_empty() {
                return found.is_some();
            }
            line.gone_at = Some(now);
        } else {
            message.edit.apply(&mut line.shown.text);
        }
        self.others.push(line);
        true
    }

    /// A text or a farewell of this person came: the line that it was made of is over. Whether there was one.
    pub fn settle(&mut self, from: ParticipantId) -> bool {
        let before = self.others.len();
        self.others.retain(|line| line.shown.from != from || line.gone_at.is_none());
        before != self.others.len()
    }

    /// Somebody is gone, with the line. Whether there was one.
    pub fn forget(&mut self, from: ParticipantId) -> bool {
        let before = self.others.len();
        self.others.retain(|line| line.shown.from != from);
        before != self.others.len()
    }

    /// Drops lines that were erased a while ago; whether there were any.
    pub fn expire(&mut self, now: LocalTime) -> bool {
        let before = self.others.len();
        self.others.retain(|line| line.gone_at.is_none_or(|at| now.micros_since(at) < AFTERGLOW_MICROS));
        before != self.others.len()
    }

    /// The connection is lost: others' lines are unknown, and one's own is sent as a whole when it is back.
    pub fn connection_lost(&mut self) {
        self.others.clear();
        if let Some(own) = &mut self.own {
            own.sent = None;
        }
    }

    /// Another visit begins.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Whether somebody is writing a line that the room reads along.
    pub fn is_writing_to_room(&self, from: ParticipantId) -> bool {
        let is_open = |line: &OthersLine| {
            line.gone_at.is_none() && matches!(line.shown.conversation, Conversation::Room(_))
        };
        self.others.iter().any(|line| line.shown.from == from && is_open(line))
    }

    /// Whether oneself does.
    pub fn is_own_for_room(&self) -> bool {
        self.own.as_ref().is_some_and(|own| own.scope == TextScope::Space && !own.wanted.is_empty())
    }

    /// What others are writing.
    pub fn others(&self) -> impl Iterator<Item = &LiveWords> {
        self.others.iter().map(|line| &line.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use venue_model::SpaceId;

    const ADA: ParticipantId = ParticipantId(1);
    const BO: ParticipantId = ParticipantId(2);

    fn at(millis: u64) -> LocalTime {
        LocalTime(millis * 1_000)
    }

    fn from_ada(edit: LiveEdit) -> LiveText {
        LiveText { from: ADA, scope: TextScope::Space, space: SpaceId(3), edit }
    }

    fn shown(lines: &LiveTexts) -> Vec<&str> {
        lines.others().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn what_is_typed_quickly_goes_out_together() {
        let mut lines = LiveTexts::default();
        lines.write(TextScope::Space, "G");
        assert_eq!(lines.poll(at(0)).unwrap().edit, LiveEdit::whole("G"));
        lines.write(TextScope::Space, "Go");
        assert_eq!(lines.poll(at(100)), None);
        lines.write(TextScope::Space, "Good");
        let edit = lines.poll(at(300)).unwrap().edit;
        assert_eq!((edit.erase, edit.insert.as_str()), (0, "ood"));
        assert_eq!(lines.poll(at(900)), None, "nothing changed");
        lines.write(TextScope::Space, "");
        assert_eq!(lines.poll(at(910)).unwrap().edit.erase, 4, "the end does not wait");
        assert_eq!(lines.poll(at(2_000)), None);
    }

    #[test]
    fn after_a_loss_the_whole_line_is_sent() {
        let mut lines = LiveTexts::default();
        lines.write(TextScope::Space, "Good");
        lines.poll(at(0));
        lines.connection_lost();
        assert_eq!(lines.poll(at(5_000)).unwrap().edit, LiveEdit::whole("Good"));
    }

    #[test]
    fn a_line_for_others_begins_anew() {
        let mut lines = LiveTexts::default();
        lines.write(TextScope::Space, "Good");
        lines.poll(at(0));
        lines.write(TextScope::Person(BO), "psst");
        let message = lines.poll(at(300)).unwrap();
        assert_eq!((message.scope, message.edit), (TextScope::Person(BO), LiveEdit::whole("psst")));
    }

    #[test]
    fn others_lines_grow_and_shrink_and_stay_until_their_text_comes() {
        let mut lines = LiveTexts::default();
        lines.receive(&from_ada(LiveEdit::whole("Good mrn")), BO, at(0));
        lines.receive(&from_ada(LiveEdit::between("Good mrn", "Good morning").unwrap()), BO, at(10));
        assert_eq!(shown(&lines), ["Good morning"]);
        lines.receive(&from_ada(LiveEdit::whole("")), BO, at(20));
        assert!(!lines.expire(at(30)));
        assert_eq!(shown(&lines), ["Good morning"], "no gap before the text");
        assert!(lines.settle(ADA));
        assert_eq!(shown(&lines), [""; 0]);
    }

    #[test]
    fn a_line_that_was_given_up_goes_by_itself() {
        let mut lines = LiveTexts::default();
        lines.receive(&from_ada(LiveEdit::whole("Well")), BO, at(0));
        lines.receive(&from_ada(LiveEdit::whole("")), BO, at(10));
        assert!(lines.expire(at(500)));
        assert_eq!(shown(&lines), [""; 0]);
        lines.receive(&from_ada(LiveEdit::whole("One")), BO, at(600));
        lines.receive(&from_ada(LiveEdit::whole("")), BO, at(610));
        lines.receive(&from_ada(LiveEdit { erase: 0, insert: MessageBody::lossy("Two") }), BO, at(620));
        assert_eq!(shown(&lines), ["Two"], "the next line begins empty");
    }

    #[test]
    fn who_writes_to_the_room_is_known_until_the_line_is_over() {
        let mut lines = LiveTexts::default();
        assert!(!lines.is_writing_to_room(ADA) && !lines.is_own_for_room());
        lines.receive(&from_ada(LiveEdit::whole("Good")), BO, at(0));
        assert!(lines.is_writing_to_room(ADA) && !lines.is_writing_to_room(BO));
        lines.receive(&from_ada(LiveEdit::whole("")), BO, at(20));
        assert!(!lines.is_writing_to_room(ADA), "erased");
        lines.write(TextScope::Person(BO), "psst");
        assert!(!lines.is_own_for_room(), "a whisper is no speech");
        lines.write(TextScope::Space, "Good");
        assert!(lines.is_own_for_room());
    }

    #[test]
    fn a_text_does_not_end_the_next_line() {
        let mut lines = LiveTexts::default();
        lines.receive(&from_ada(LiveEdit::whole("next")), BO, at(0));
        assert!(!lines.settle(ADA));
        assert_eq!(shown(&lines), ["next"]);
    }
}
