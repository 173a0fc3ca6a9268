//! Real-time text: a line that others read while it is being written (ITU-T T.140). It is never stored; the line that
//! is sent in the end is a [`super::SendText`].

use super::{MessageBody, Payload};
use crate::codec::{DecodeError, Decoder, Encoder};
use crate::frame::MessageType;
use crate::values::Wire;
use std::fmt;
use venue_model::text::MAX_MESSAGE_CHARS;
use venue_model::{ParticipantId, SpaceId, TextScope};

/// One change at the end of a line, as a keyboard makes it: so many characters are erased, then some are written.
/// Its `Debug` never shows the text.
#[derive(Clone, PartialEq, Eq)]
pub struct LiveEdit {
    /// Characters to erase at the end, [`Self::ALL`] for the whole line.
    pub erase: u16,
    /// Characters to add. A line feed begins a new line within the text.
    pub insert: MessageBody,
}

impl LiveEdit {
    /// Erases whatever is there.
    pub const ALL: u16 = u16::MAX;

    /// What makes `before` to `after`; none if they are the same.
    pub fn between(before: &str, after: &str) -> Option<Self> {
        if before == after {
            return None;
        }
        let kept = before.chars().zip(after.chars()).take_while(|(a, b)| a == b).count();
        let erase = u16::try_from(before.chars().count() - kept).unwrap_or(Self::ALL);
        let insert: String = after.chars().skip(kept).collect();
        Some(Self { erase, insert: MessageBody::lossy(&insert) })
    }

    /// Replaces whatever is there.
    pub fn whole(text: &str) -> Self {
        Self { erase: Self::ALL, insert: MessageBody::lossy(text) }
    }

    /// Makes the change. What does not fit into a message is cut off.
    pub fn apply(&self, line: &mut String) {
        let count = line.chars().count();
        let kept = count.saturating_sub(usize::from(self.erase));
        if kept < count {
            let end = line.char_indices().nth(kept).map_or(line.len(), |(at, _)| at);
            line.truncate(end);
        }
        let kept = kept.min(count);
        line.extend(self.insert.as_str().chars().take(MAX_MESSAGE_CHARS.saturating_sub(kept)));
    }
}

impl fmt::Debug for LiveEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chars = self.insert.as_str().chars().count();
        write!(f, "LiveEdit {{ erase: {}, {chars} characters }}", self.erase)
    }
}

impl LiveEdit {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.u16(self.erase);
        encoder.text(&self.insert);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { erase: decoder.u16("characters to erase")?, insert: decoder.text("text")? })
    }
}

/// Changes the line that others read while one writes it. An empty line is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteLive {
    /// For whom. A line for others ends the one before.
    pub scope: TextScope,
    /// The change.
    pub edit: LiveEdit,
}

impl Payload for WriteLive {
    const TYPE: MessageType = MessageType(40);

    fn encode(&self, encoder: &mut Encoder) {
        self.scope.encode(encoder);
        self.edit.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { scope: Wire::decode(decoder)?, edit: LiveEdit::decode(decoder)? })
    }
}

/// Somebody's line changed while it is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveText {
    /// Who writes.
    pub from: ParticipantId,
    /// For whom.
    pub scope: TextScope,
    /// The space that the writer stands in.
    pub space: SpaceId,
    /// The change.
    pub edit: LiveEdit,
}

impl Payload for LiveText {
    const TYPE: MessageType = MessageType(60);

    fn encode(&self, encoder: &mut Encoder) {
        self.from.encode(encoder);
        self.scope.encode(encoder);
        self.space.encode(encoder);
        self.edit.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            from: Wire::decode(decoder)?,
            scope: Wire::decode(decoder)?,
            space: Wire::decode(decoder)?,
            edit: LiveEdit::decode(decoder)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_words_stay_out_of_logs() {
        let edit = LiveEdit::whole("secret");
        assert_eq!(format!("{edit:?}"), "LiveEdit { erase: 65535, 6 characters }");
    }

    #[test]
    fn only_what_differs_is_sent() {
        let edit = LiveEdit::between("good mrning", "good morning").unwrap();
        assert_eq!((edit.erase, edit.insert.as_str()), (5, "orning"));
        assert_eq!(LiveEdit::between("same", "same"), None);
    }

    #[test]
    fn a_line_never_outgrows_a_message() {
        let mut line = "x".repeat(MAX_MESSAGE_CHARS - 1);
        LiveEdit { erase: 0, insert: MessageBody::lossy("yz") }.apply(&mut line);
        assert_eq!(line.chars().count(), MAX_MESSAGE_CHARS);
        LiveEdit::whole("").apply(&mut line);
        assert_eq!(line, "");
    }

    proptest! {
        #[test]
        fn the_change_between_two_lines_makes_one_to_the_other(
            before in "[a-c你é\n]{0,12}", after in "[a-c你é\n]{0,12}",
        ) {
            let mut line = before.clone();
            if let Some(edit) = LiveEdit::between(&before, &after) {
                edit.apply(&mut line);
            }
            prop_assert_eq!(line, after);
        }
    }
}
