//! Bytes to values and back: big-endian numbers, QUIC variable-length integers (RFC 9000 §16),
//! bounded texts and lists. One value has exactly one encoding. Knows no message.

use bytes::{BufMut, Bytes, BytesMut};
use glam::Vec3;
use venue_model::BoundedText;

/// The bytes are not what the protocol says they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {fault} at byte {at}")]
pub struct DecodeError {
    /// The field or message.
    pub what: &'static str,
    /// What is wrong.
    pub fault: DecodeFault,
    /// Where, counted from the start of the message's payload.
    pub at: usize,
}

/// What can be wrong with bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeFault {
    /// The bytes end inside of a value.
    #[error("the bytes end too early")]
    Truncated,
    /// Bytes follow the last value.
    #[error("bytes follow the end")]
    Trailing,
    /// More than the limit.
    #[error("more than the limit of {limit}")]
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// A value that the field can not have.
    #[error("a value that is not allowed")]
    Invalid,
    /// A number in more bytes than it needs.
    #[error("a number written in more bytes than it needs")]
    NotMinimal,
    /// Not UTF-8, or characters that are not allowed.
    #[error("text that is not allowed")]
    BadText,
    /// A message type that must be known and is not.
    #[error("a message type that this version does not have")]
    UnknownType,
}

/// Largest number that a variable-length integer holds.
pub const MAX_VARINT: u64 = (1 << 62) - 1;

/// Size of a buffer that is kept for many short messages.
const REUSED_BUFFER_BYTES: usize = 4_096;

/// Writes values behind each other.
#[derive(Debug, Default)]
pub struct Encoder {
    bytes: BytesMut,
}

impl Encoder {
    /// An empty encoder.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty encoder with room for `bytes`.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { bytes: BytesMut::with_capacity(bytes) }
    }

    /// An encoder that writes behind what a buffer holds; it ends with [`Encoder::into_buffer`].
    pub fn appending(buffer: &mut BytesMut) -> Self {
        Self { bytes: std::mem::take(buffer) }
    }

    /// The buffer with what was written behind it.
    pub fn into_buffer(self) -> BytesMut {
        self.bytes
    }

    /// An encoder that writes into the free part of a buffer that is kept, with room for `bytes`; it ends with
    /// [`Encoder::finish_into`]. The buffer's memory is used anew when nobody holds what was taken out of it.
    pub fn reusing(buffer: &mut BytesMut, bytes: usize) -> Self {
        let mut taken = std::mem::take(buffer);
        if taken.capacity() < bytes {
            taken.reserve(bytes.max(REUSED_BUFFER_BYTES));
        }
        Self { bytes: taken }
    }

    /// What was written, taken out of the buffer, which goes back to its owner.
    pub fn finish_into(mut self, buffer: &mut BytesMut) -> Bytes {
        let written = self.bytes.split().freeze();
        *buffer = self.bytes;
        written
    }

    /// What was written.
    pub fn finish(self) -> Bytes {
        self.bytes.freeze()
    }

    /// Number of bytes written.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// One byte.
    pub fn u8(&mut self, value: u8) {
        self.bytes.put_u8(value);
    }

    /// Two bytes, the high one first.
    pub fn u16(&mut self, value: u16) {
        self.bytes.put_u16(value);
    }

    /// Four bytes, the high one first.
    pub fn u32(&mut self, value: u32) {
        self.bytes.put_u32(value);
    }

    /// Eight bytes, the high one first.
    pub fn u64(&mut self, value: u64) {
        self.bytes.put_u64(value);
    }

    /// An IEEE 754 single, big-endian.
    pub fn f32(&mut self, value: f32) {
        self.bytes.put_f32(value);
    }

    /// Three singles.
    pub fn vec3(&mut self, value: Vec3) {
        value.to_array().into_iter().for_each(|axis| self.f32(axis));
    }

    /// A number in 1, 2, 4 or 8 bytes; more than [`MAX_VARINT`] is written as that.
    pub fn varint(&mut self, value: u64) {
        match value.min(MAX_VARINT) {
            value @ 0..0x40 => self.u8(value as u8),
            value @ 0x40..0x4000 => self.u16(value as u16 | 0x4000),
            value @ 0x4000..0x4000_0000 => self.u32(value as u32 | 0x8000_0000),
            value => self.u64(value | 0xc000_0000_0000_0000),
        }
    }

    /// Bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.bytes.put_slice(bytes);
    }

    /// A length and that many bytes.
    pub fn blob(&mut self, bytes: &[u8]) {
        self.varint(bytes.len() as u64);
        self.raw(bytes);
    }

    /// A text: its length in bytes, then UTF-8.
    pub fn text<const MAX: usize>(&mut self, text: &BoundedText<MAX>) {
        self.blob(text.as_str().as_bytes());
    }

    /// A count and that many items; what exceeds `limit` is left out.
    pub fn list<T>(&mut self, limit: usize, items: &[T], mut item: impl FnMut(&mut Self, &T)) {
        let items = &items[..items.len().min(limit)];
        self.varint(items.len() as u64);
        items.iter().for_each(|value| item(self, value));
    }
}

/// Reads values behind each other, never beyond the bytes and never more than the limits.
#[derive(Clone, Debug)]
pub struct Decoder<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Decoder<'a> {
    /// Reads from the start of the bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Bytes that were not read yet.
    pub fn remaining(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// The error of this place.
    pub fn error(&self, what: &'static str, fault: DecodeFault) -> DecodeError {
        DecodeError { what, fault, at: self.at }
    }

    /// An error if bytes are left over.
    pub fn finish(self, what: &'static str) -> Result<(), DecodeError> {
        if self.remaining() == 0 { Ok(()) } else { Err(self.error(what, DecodeFault::Trailing)) }
    }

    /// `count` bytes as they are.
    pub fn raw(&mut self, what: &'static str, count: usize) -> Result<&'a [u8], DecodeError> {
        if self.remaining() < count {
            return Err(self.error(what, DecodeFault::Truncated));
        }
        let bytes = &self.bytes[self.at..self.at + count];
        self.at += count;
        Ok(bytes)
    }

    /// `N` bytes as they are.
    pub fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], DecodeError> {
        let mut array = [0; N];
        array.copy_from_slice(self.raw(what, N)?);
        Ok(array)
    }

    /// One byte.
    pub fn u8(&mut self, what: &'static str) -> Result<u8, DecodeError> {
        self.array::<1>(what).map(|[byte]| byte)
    }

    /// Two bytes, the high one first.
    pub fn u16(&mut self, what: &'static str) -> Result<u16, DecodeError> {
        self.array(what).map(u16::from_be_bytes)
    }

    /// Four bytes, the high one first.
    pub fn u32(&mut self, what: &'static str) -> Result<u32, DecodeError> {
        self.array(what).map(u32::from_be_bytes)
    }

    /// Eight bytes, the high one first.
    pub fn u64(&mut self, what: &'static str) -> Result<u64, DecodeError> {
        self.array(what).map(u64::from_be_bytes)
    }

    /// A finite single.
    pub fn f32(&mut self, what: &'static str) -> Result<f32, DecodeError> {
        let value = f32::from_be_bytes(self.array(what)?);
        if value.is_finite() { Ok(value) } else { Err(self.error(what, DecodeFault::Invalid)) }
    }

    /// Three finite singles.
    pub fn vec3(&mut self, what: &'static str) -> Result<Vec3, DecodeError> {
        Ok(Vec3::new(self.f32(what)?, self.f32(what)?, self.f32(what)?))
    }

    /// A number in as few bytes as it needs.
    pub fn varint(&mut self, what: &'static str) -> Result<u64, DecodeError> {
        let first = self.u8(what)?;
        let (extra, least) = match first >> 6 {
            0 => (0, 0),
            1 => (1, 0x40),
            2 => (3, 0x4000),
            _ => (7, 0x4000_0000),
        };
        let high = u64::from(first & 0x3f);
        let value = self.raw(what, extra)?.iter().fold(high, |value, byte| value << 8 | u64::from(*byte));
        if value < least { Err(self.error(what, DecodeFault::NotMinimal)) } else { Ok(value) }
    }

    /// A number of at most `limit`.
    pub fn varint_up_to(&mut self, what: &'static str, limit: u64) -> Result<u64, DecodeError> {
        let value = self.varint(what)?;
        if value <= limit {
            Ok(value)
        } else {
            Err(self.error(what, DecodeFault::TooMany { limit: limit as usize }))
        }
    }

    /// A length of at most `limit` and that many bytes.
    pub fn blob(&mut self, what: &'static str, limit: usize) -> Result<&'a [u8], DecodeError> {
        let length = self.varint_up_to(what, limit as u64)?;
        self.raw(what, length as usize)
    }

    /// A text of at most `MAX` characters.
    pub fn text<const MAX: usize>(&mut self, what: &'static str) -> Result<BoundedText<MAX>, DecodeError> {
        let bytes = self.blob(what, MAX * 4)?;
        let text = std::str::from_utf8(bytes).ok().and_then(|text| BoundedText::new(text).ok());
        text.ok_or_else(|| self.error(what, DecodeFault::BadText))
    }

    /// A count of at most `limit` and that many items.
    pub fn list<T>(
        &mut self,
        what: &'static str,
        limit: usize,
        mut item: impl FnMut(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let count = self.varint_up_to(what, limit as u64)? as usize;
        // Every item takes at least a byte, so a short message can not ask for a long list.
        if count > self.remaining() {
            return Err(self.error(what, DecodeFault::Truncated));
        }
        (0..count).map(|_| item(self)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn varints_are_those_of_rfc_9000() {
        let check = |value: u64, bytes: &[u8]| {
            let mut encoder = Encoder::new();
            encoder.varint(value);
            assert_eq!(&encoder.finish()[..], bytes, "{value}");
            assert_eq!(Decoder::new(bytes).varint("n"), Ok(value));
        };
        // The examples of RFC 9000, appendix A.1.
        check(37, &[0x25]);
        check(15_293, &[0x7b, 0xbd]);
        check(494_878_333, &[0x9d, 0x7f, 0x3e, 0x7d]);
        check(151_288_809_941_952_652, &[0xc2, 0x19, 0x7c, 0x5e, 0xff, 0x14, 0xe8, 0x8c]);
    }

    #[test]
    fn a_number_has_one_encoding() {
        let fault = |bytes: &[u8]| Decoder::new(bytes).varint("n").unwrap_err().fault;
        assert_eq!(fault(&[0x40, 0x25]), DecodeFault::NotMinimal);
        assert_eq!(fault(&[0x7b]), DecodeFault::Truncated);
        assert_eq!(fault(&[]), DecodeFault::Truncated);
    }

    #[test]
    fn a_short_message_can_not_ask_for_a_long_list() {
        let mut encoder = Encoder::new();
        encoder.varint(1_000_000);
        let bytes = encoder.finish();
        let list = |limit| Decoder::new(&bytes).list("l", limit, |d| d.u8("i")).unwrap_err().fault;
        assert_eq!(list(999), DecodeFault::TooMany { limit: 999 });
        assert_eq!(list(2_000_000), DecodeFault::Truncated);
    }

    #[test]
    fn text_is_checked() {
        let fault = |bytes: &[u8]| Decoder::new(bytes).text::<2>("t").unwrap_err().fault;
        assert_eq!(fault(&[2, 0xff, 0xff]), DecodeFault::BadText);
        assert_eq!(fault(b"\x03abc"), DecodeFault::BadText);
        assert_eq!(fault(b"\x01\x00"), DecodeFault::BadText);
        assert_eq!(fault(&[9]), DecodeFault::TooMany { limit: 8 });
    }

    #[test]
    fn singles_are_finite() {
        let bytes = f32::NAN.to_be_bytes();
        assert_eq!(Decoder::new(&bytes).f32("f").unwrap_err().fault, DecodeFault::Invalid);
    }

    proptest! {
        #[test]
        fn numbers_round_trip(value in 0..=MAX_VARINT, shift in 0u32..62) {
            let value = value >> shift;
            let mut encoder = Encoder::new();
            encoder.varint(value);
            let bytes = encoder.finish();
            let mut decoder = Decoder::new(&bytes);
            prop_assert_eq!(decoder.varint("n"), Ok(value));
            prop_assert_eq!(decoder.finish("n"), Ok(()));
        }
    }
}
