//! Text from people: bounded, without control characters; and whom it is for.

use crate::ParticipantId;
use serde::{Deserialize, Serialize};

/// Text of at most `MAX` characters without control characters; `\n` is kept.
///
/// Bidirectional overrides (U+202A to U+202E, U+2066 to U+2069) are refused too: in a
/// name they make a person look like another.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BoundedText<const MAX: usize>(String);

/// The text can not be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Longer than allowed.
    #[error("the text has more than {max} characters")]
    TooLong {
        /// The limit in characters.
        max: usize,
    },
    /// A control or direction-override character.
    #[error("the text holds a control character at character {at}")]
    ControlCharacter {
        /// Where, counted in characters from zero.
        at: usize,
    },
}

/// Longest line of text that a person can send, in characters.
pub const MAX_MESSAGE_CHARS: usize = 2_000;

/// One message from a person.
pub type MessageBody = BoundedText<MAX_MESSAGE_CHARS>;

fn is_banned(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl<const MAX: usize> BoundedText<MAX> {
    /// Checks and takes the text.
    pub fn new(text: impl Into<String>) -> Result<Self, TextError> {
        let text = text.into();
        for (at, c) in text.chars().enumerate() {
            if at >= MAX {
                return Err(TextError::TooLong { max: MAX });
            }
            if is_banned(c) {
                return Err(TextError::ControlCharacter { at });
            }
        }
        Ok(Self(text))
    }

    /// Takes what can be taken: drops banned characters and cuts at the limit.
    pub fn lossy(text: &str) -> Self {
        Self(text.chars().filter(|&c| !is_banned(c)).take(MAX).collect())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<const MAX: usize> std::fmt::Display for BoundedText<MAX> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl<const MAX: usize> TryFrom<String> for BoundedText<MAX> {
    type Error = TextError;
    fn try_from(text: String) -> Result<Self, TextError> {
        Self::new(text)
    }
}

impl<const MAX: usize> From<BoundedText<MAX>> for String {
    fn from(text: BoundedText<MAX>) -> Self {
        text.0
    }
}

/// Whom a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TextScope {
    /// Everybody in the sender's space.
    Space,
    /// One person, wherever in the event.
    Person(ParticipantId),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_bounded_in_characters_not_bytes() {
        assert!(BoundedText::<3>::new("你好吗").is_ok());
        assert_eq!(BoundedText::<3>::new("abcd"), Err(TextError::TooLong { max: 3 }));
    }

    #[test]
    fn control_and_override_characters_are_refused() {
        let check = |text: &str, at| {
            assert_eq!(BoundedText::<9>::new(text), Err(TextError::ControlCharacter { at }), "{text:?}");
        };
        check("a\u{0}", 1);
        check("\u{202e}abc", 0);
        check("ab\r\n", 2);
        assert!(BoundedText::<9>::new("a\nb").is_ok());
        assert_eq!(BoundedText::<2>::lossy("a\u{202e}bc").as_str(), "ab");
    }
}
