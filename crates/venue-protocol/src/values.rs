//! How the shared vocabulary of `venue-model` is written: ids, people, places, enums.

use crate::codec::{DecodeError, DecodeFault, Decoder, Encoder};
use venue_model::{
    BoundedText, Delegation, EventKey, FileHash, Language, Participant, ParticipantId, ParticipantKind,
    Place, Posture, Role, SeatId, ServerTime, SpaceEpoch, SpaceId, TalkId, TextId, TextScope, WallTime,
    ZoneId,
};

/// A value with one way to be written.
pub(crate) trait Wire: Sized {
    fn encode(&self, encoder: &mut Encoder);
    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError>;
}

/// An enum without fields: its place in the list of all values is its number, one byte.
macro_rules! wire_enum {
    ($name:ty, $all:expr) => {
        impl $crate::values::Wire for $name {
            fn encode(&self, encoder: &mut $crate::Encoder) {
                encoder.u8($all.iter().position(|value| value == self).unwrap_or_default() as u8);
            }

            fn decode(decoder: &mut $crate::Decoder<'_>) -> Result<Self, $crate::DecodeError> {
                let number = decoder.u8(stringify!($name))?;
                let value = $all.get(usize::from(number)).copied();
                value.ok_or_else(|| decoder.error(stringify!($name), $crate::codec::DecodeFault::Invalid))
            }
        }
    };
}
pub(crate) use wire_enum;

wire_enum!(Language, Language::ALL);
wire_enum!(ParticipantKind, ParticipantKind::ALL);
wire_enum!(Role, Role::ALL);

macro_rules! wire_number {
    ($($name:ident $inner:ident)*) => {$(
        impl Wire for $name {
            fn encode(&self, encoder: &mut Encoder) {
                encoder.$inner(self.0);
            }

            fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
                decoder.$inner(stringify!($name)).map(Self)
            }
        }
    )*};
}
wire_number!(SeatId u16 SpaceId u16 ZoneId u16 TalkId u32 SpaceEpoch u32 ParticipantId u32 TextId u64 ServerTime u64 WallTime u64);

impl<const MAX: usize> Wire for BoundedText<MAX> {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.text(self);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        decoder.text("text")
    }
}

impl Wire for u32 {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.u32(*self);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        decoder.u32("number")
    }
}

impl Wire for bool {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.u8(u8::from(*self));
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        match decoder.u8("yes or no")? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(decoder.error("yes or no", DecodeFault::Invalid)),
        }
    }
}

/// A value that may be missing: a byte 0, or a byte 1 and the value.
impl<T: Wire> Wire for Option<T> {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.u8(u8::from(self.is_some()));
        if let Some(value) = self {
            value.encode(encoder);
        }
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        match decoder.u8("option")? {
            0 => Ok(None),
            1 => T::decode(decoder).map(Some),
            _ => Err(decoder.error("option", DecodeFault::Invalid)),
        }
    }
}

impl Wire for FileHash {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.raw(&self.0);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        decoder.array("file hash").map(Self)
    }
}

impl Wire for EventKey {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.blob(self.as_str().as_bytes());
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let bytes = decoder.blob("event key", 40)?;
        let key = std::str::from_utf8(bytes).ok().and_then(|text| Self::new(text).ok());
        key.ok_or_else(|| decoder.error("event key", DecodeFault::BadText))
    }
}

impl Wire for Participant {
    fn encode(&self, encoder: &mut Encoder) {
        self.id.encode(encoder);
        self.kind.encode(encoder);
        self.role.encode(encoder);
        encoder.text(&self.name);
        encoder.text(&self.delegation);
        self.language.encode(encoder);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            id: Wire::decode(decoder)?,
            kind: Wire::decode(decoder)?,
            role: Wire::decode(decoder)?,
            name: decoder.text("name")?,
            delegation: decoder.text::<24>("delegation").map(|text: Delegation| text)?,
            language: Wire::decode(decoder)?,
        })
    }
}

impl Wire for Place {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.vec3(self.position);
        encoder.f32(self.yaw);
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        Ok(Self { position: decoder.vec3("position")?, yaw: decoder.f32("yaw")? })
    }
}

impl Wire for Posture {
    fn encode(&self, encoder: &mut Encoder) {
        match self {
            Self::Standing => encoder.u8(0),
            Self::Seated(seat) => {
                encoder.u8(1);
                seat.encode(encoder);
            }
        }
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        match decoder.u8("posture")? {
            0 => Ok(Self::Standing),
            1 => Ok(Self::Seated(Wire::decode(decoder)?)),
            _ => Err(decoder.error("posture", DecodeFault::Invalid)),
        }
    }
}

impl Wire for TextScope {
    fn encode(&self, encoder: &mut Encoder) {
        match self {
            Self::Space => encoder.u8(0),
            Self::Person(person) => {
                encoder.u8(1);
                person.encode(encoder);
            }
        }
    }

    fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        match decoder.u8("text scope")? {
            0 => Ok(Self::Space),
            1 => Ok(Self::Person(Wire::decode(decoder)?)),
            _ => Err(decoder.error("text scope", DecodeFault::Invalid)),
        }
    }
}
