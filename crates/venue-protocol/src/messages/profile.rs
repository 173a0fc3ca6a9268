//! What delegates choose for themselves: looks and language.

use super::Payload;
use crate::codec::{DecodeError, Decoder, Encoder};
use crate::frame::MessageType;
use crate::values::Wire;
use venue_model::Language;

/// How a body looks: places in the client's lists, taken modulo their length there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Appearance {
    /// Which avatar.
    pub avatar: u8,
    /// Colour of the clothes.
    pub clothing: u8,
    /// Colour of the skin.
    pub skin: u8,
}

impl Wire for Appearance {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.raw(&[self.avatar, self.clothing, self.skin]);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let [avatar, clothing, skin] = decoder.array("appearance")?;
        Ok(Self { avatar, clothing, skin })
    }
}

/// Changes the looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetAppearance {
    /// The new looks.
    pub appearance: Appearance,
}

impl Payload for SetAppearance {
    const TYPE: MessageType = MessageType(8);

    fn encode(&self, encoder: &mut Encoder) {
        self.appearance.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { appearance: Wire::decode(decoder)? })
    }
}

/// Changes the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetLanguage {
    /// The new language.
    pub language: Language,
}

impl Payload for SetLanguage {
    const TYPE: MessageType = MessageType(9);

    fn encode(&self, encoder: &mut Encoder) {
        self.language.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { language: Wire::decode(decoder)? })
    }
}
