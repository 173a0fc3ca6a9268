//! Written words: sending, the acknowledgement that follows the commit, and receiving.

use super::{MessageBody, Payload};
use crate::codec::{DecodeError, Decoder, Encoder};
use crate::frame::MessageType;
use crate::values::{Wire, wire_enum};
use std::fmt;
use venue_model::{ParticipantId, SpaceId, TextId, TextScope, WallTime};

/// Sends a text. Its `Debug` never shows the text.
#[derive(Clone, PartialEq, Eq)]
pub struct SendText {
    /// The sender's own number for it; the answer carries the same. Sending the same number again
    /// after a lost connection does not store the text twice.
    pub client_ref: u32,
    /// For whom.
    pub scope: TextScope,
    /// The text.
    pub body: MessageBody,
}

impl fmt::Debug for SendText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chars = self.body.as_str().chars().count();
        write!(
            f,
            "SendText {{ client_ref: {}, scope: {:?}, {chars} characters }}",
            self.client_ref, self.scope
        )
    }
}

impl Payload for SendText {
    const TYPE: MessageType = MessageType(7);

    fn encode(&self, encoder: &mut Encoder) {
        encoder.u32(self.client_ref);
        self.scope.encode(encoder);
        encoder.text(&self.body);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            client_ref: decoder.u32("client reference")?,
            scope: Wire::decode(decoder)?,
            body: decoder.text("text")?,
        })
    }
}

/// Asks for the texts that came since a known one, after a connection was lost: the server that lost it may have
/// stopped, and one that starts anew remembers no absence. Each comes as a [`Text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchTexts {
    /// The newest text that is known here; 0 for none.
    pub after: TextId,
}

impl Payload for FetchTexts {
    const TYPE: MessageType = MessageType(0x8009);

    fn encode(&self, encoder: &mut Encoder) {
        self.after.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { after: Wire::decode(decoder)? })
    }
}

/// Your text is stored for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextAccepted {
    /// The sender's number for it.
    pub client_ref: u32,
    /// The number that it is stored under.
    pub text_id: TextId,
    /// When it was stored.
    pub sent_at: WallTime,
}

impl Payload for TextAccepted {
    const TYPE: MessageType = MessageType(14);

    fn encode(&self, encoder: &mut Encoder) {
        encoder.u32(self.client_ref);
        self.text_id.encode(encoder);
        self.sent_at.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            client_ref: decoder.u32("client reference")?,
            text_id: Wire::decode(decoder)?,
            sent_at: Wire::decode(decoder)?,
        })
    }
}

/// Why a text is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextRejection {
    /// There is nothing in it.
    Empty,
    /// Too many texts in a short time.
    TooFast,
    /// The person it is for is not in the event.
    NobodyThere,
    /// This person may not write here.
    NotAllowed,
    /// The server can not store it now, e.g. its disk is full.
    NotStored,
}

impl TextRejection {
    /// All, in wire order.
    pub const ALL: [Self; 5] =
        [Self::Empty, Self::TooFast, Self::NobodyThere, Self::NotAllowed, Self::NotStored];
}

wire_enum!(TextRejection, TextRejection::ALL);

/// Your text is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextRejected {
    /// The sender's number for it.
    pub client_ref: u32,
    /// Why.
    pub why: TextRejection,
}

impl Payload for TextRejected {
    const TYPE: MessageType = MessageType(15);

    fn encode(&self, encoder: &mut Encoder) {
        encoder.u32(self.client_ref);
        self.why.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { client_ref: decoder.u32("client reference")?, why: Wire::decode(decoder)? })
    }
}

/// A text for you. Its `Debug` never shows the text.
#[derive(Clone, PartialEq, Eq)]
pub struct Text {
    /// The number that it is stored under; also the order of texts.
    pub text_id: TextId,
    /// Who wrote it.
    pub from: ParticipantId,
    /// For whom.
    pub scope: TextScope,
    /// The space that the writer stood in: a text to the space belongs to it wherever the reader is by now.
    pub space: SpaceId,
    /// The text.
    pub body: MessageBody,
    /// When it was stored.
    pub sent_at: WallTime,
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chars = self.body.as_str().chars().count();
        write!(f, "Text {{ {:?}, {:?}, {:?}, {chars} characters }}", self.text_id, self.from, self.scope)
    }
}

impl Payload for Text {
    const TYPE: MessageType = MessageType(16);

    fn encode(&self, encoder: &mut Encoder) {
        self.text_id.encode(encoder);
        self.from.encode(encoder);
        self.scope.encode(encoder);
        self.space.encode(encoder);
        encoder.text(&self.body);
        self.sent_at.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            text_id: Wire::decode(decoder)?,
            from: Wire::decode(decoder)?,
            scope: Wire::decode(decoder)?,
            space: Wire::decode(decoder)?,
            body: decoder.text("text")?,
            sent_at: Wire::decode(decoder)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_never_logged() {
        let body = MessageBody::new("secret").unwrap();
        let sent = SendText { client_ref: 1, scope: TextScope::Space, body: body.clone() };
        assert_eq!(format!("{sent:?}"), "SendText { client_ref: 1, scope: Space, 6 characters }");
        let from = ParticipantId(2);
        let (scope, space) = (TextScope::Space, SpaceId(3));
        let text = Text { text_id: TextId(1), from, scope, space, body, sent_at: WallTime(0) };
        assert!(!format!("{text:?}").contains("secret"));
    }
}
