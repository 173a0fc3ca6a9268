//! Framing of the control stream: `type: varint, length: varint, payload`, both ways.
//!
//! A type whose bit 15 is set may be skipped by who does not know it. Knows no message.

use crate::codec::{DecodeError, DecodeFault, Encoder};
use bytes::{Buf, Bytes, BytesMut};

/// Most bytes of payload in one message from a client.
pub const MAX_CLIENT_PAYLOAD: usize = 16 * 1024;

/// Most bytes of payload in one message from the server.
pub const MAX_SERVER_PAYLOAD: usize = 1024 * 1024;

/// The number of a message type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MessageType(pub u16);

impl MessageType {
    /// Whether who does not know this type skips the message instead of ending the session.
    pub fn is_optional(self) -> bool {
        self.0 & 0x8000 != 0
    }
}

/// One message, still undecoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// What it is.
    pub message_type: MessageType,
    /// Its content.
    pub payload: Bytes,
}

/// Writes one framed message.
pub fn encode_frame(message_type: MessageType, payload: &[u8]) -> Bytes {
    let mut encoder = Encoder::with_capacity(payload.len() + 8);
    encoder.varint(u64::from(message_type.0));
    encoder.blob(payload);
    encoder.finish()
}

/// Cuts a byte stream into messages; keeps at most one unfinished message.
#[derive(Debug)]
pub struct FrameReader {
    buffer: BytesMut,
    max_payload: usize,
}

impl FrameReader {
    /// Reads messages with payloads up to `max_payload`.
    pub fn new(max_payload: usize) -> Self {
        Self { buffer: BytesMut::new(), max_payload }
    }

    /// Appends the stream's next bytes. Call [`Self::next_frame`] until it gives none before the next push.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole message. After an error the stream has no meaning any more.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, DecodeError> {
        let mut at = 0;
        let Some(message_type) = self.header_number(&mut at, "message type", 0xffff)? else {
            return Ok(None);
        };
        let Some(length) = self.header_number(&mut at, "message length", self.max_payload as u64)? else {
            return Ok(None);
        };
        if self.buffer.len() - at < length as usize {
            return Ok(None);
        }
        self.buffer.advance(at);
        let payload = self.buffer.split_to(length as usize).freeze();
        Ok(Some(Frame { message_type: MessageType(message_type as u16), payload }))
    }

    fn header_number(
        &self,
        at: &mut usize,
        what: &'static str,
        limit: u64,
    ) -> Result<Option<u64>, DecodeError> {
        let mut decoder = crate::Decoder::new(&self.buffer[*at..]);
        let before = decoder.remaining();
        match decoder.varint_up_to(what, limit) {
            Ok(value) => {
                *at += before - decoder.remaining();
                Ok(Some(value))
            }
            Err(DecodeError { fault: DecodeFault::Truncated, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn drain(reader: &mut FrameReader) -> Result<Vec<Frame>, DecodeError> {
        std::iter::from_fn(|| reader.next_frame().transpose()).collect()
    }

    #[test]
    fn a_length_beyond_the_limit_is_refused_before_its_bytes_come() {
        let mut reader = FrameReader::new(100);
        reader.push(&[1, 0x40, 101]);
        assert_eq!(reader.next_frame().unwrap_err().fault, DecodeFault::TooMany { limit: 100 });
    }

    #[test]
    fn bit_15_marks_optional_types() {
        assert!(MessageType(0x8001).is_optional());
        assert!(!MessageType(0x7fff).is_optional());
    }

    proptest! {
        #[test]
        fn frames_come_out_however_the_stream_is_cut(
            frames in prop::collection::vec((any::<u16>(), prop::collection::vec(any::<u8>(), 0..300)), 0..8),
            cut in 1usize..50,
        ) {
            let stream: Vec<u8> =
                frames.iter().flat_map(|(number, payload)| encode_frame(MessageType(*number), payload)).collect();
            let mut reader = FrameReader::new(300);
            let mut seen = Vec::new();
            for piece in stream.chunks(cut) {
                reader.push(piece);
                seen.extend(drain(&mut reader).unwrap());
            }
            let seen: Vec<_> = seen.into_iter().map(|f| (f.message_type.0, f.payload.to_vec())).collect();
            prop_assert_eq!(seen, frames);
        }

        #[test]
        fn arbitrary_bytes_never_hold_more_than_one_message(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
            let mut reader = FrameReader::new(64);
            for piece in bytes.chunks(16) {
                reader.push(piece);
                if drain(&mut reader).is_err() {
                    break;
                }
                prop_assert!(reader.buffer.len() <= 64 + 12);
            }
        }
    }
}
