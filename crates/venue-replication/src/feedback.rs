//! Client to server: what arrived, and of whom an update could not be read for want of the one before.

use arrayvec::ArrayVec;
use bytes::{Bytes, BytesMut};
use venue_model::{ParticipantId, SpaceId};
use venue_protocol::DatagramKind;
use venue_protocol::codec::{DecodeError, DecodeFault, Decoder, Encoder};

/// Most people whose state is asked for at once.
pub const MAX_LACKS: usize = 60;

/// What a step of delay is worth, milliseconds.
pub const DELAY_STEP_MILLIS: u64 = 4;

/// One report. A datagram; the latest wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    /// Of which space's datagrams.
    pub space: SpaceId,
    /// The newest sequence number that came.
    pub newest: u16,
    /// How many datagrams came since the space was entered; begins again after the last number.
    pub received: u16,
    /// How much longer than at best datagrams are on their way now, in steps of [`DELAY_STEP_MILLIS`]; 255 is that or more.
    pub delay_steps: u8,
    /// Whose state is needed.
    pub lacks: ArrayVec<ParticipantId, MAX_LACKS>,
}

impl Feedback {
    /// Writes the datagram behind what `buffer` holds of earlier ones, and takes it out.
    pub fn encode(&self, buffer: &mut BytesMut) -> Bytes {
        let mut encoder = Encoder::reusing(buffer, 9 + 4 * self.lacks.len());
        encoder.u8(DatagramKind::Feedback.number());
        encoder.u16(self.space.0);
        encoder.u16(self.newest);
        encoder.u16(self.received);
        encoder.u8(self.delay_steps);
        encoder.u8(self.lacks.len() as u8);
        for ParticipantId(lack) in &self.lacks {
            encoder.u32(*lack);
        }
        encoder.finish_into(buffer)
    }

    /// Reads the datagram; its kind was looked at already.
    pub fn decode(datagram: &[u8]) -> Result<Self, DecodeError> {
        let mut decoder = Decoder::new(datagram);
        decoder.u8("kind")?;
        let space = SpaceId(decoder.u16("space")?);
        let newest = decoder.u16("newest")?;
        let received = decoder.u16("received")?;
        let delay_steps = decoder.u8("delay")?;
        let count = usize::from(decoder.u8("count of lacks")?);
        if count > MAX_LACKS {
            return Err(decoder.error("count of lacks", DecodeFault::Invalid));
        }
        let mut lacks = ArrayVec::new();
        for _ in 0..count {
            lacks.push(ParticipantId(decoder.u32("lack")?));
        }
        decoder.finish("feedback")?;
        Ok(Self { space, newest, received, delay_steps, lacks })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn reports_round_trip(
            space: u16, newest: u16, received: u16, delay_steps: u8,
            lacks in prop::collection::vec(any::<u32>(), 0..=MAX_LACKS),
        ) {
            let lacks = lacks.into_iter().map(ParticipantId).collect();
            let feedback = Feedback { space: SpaceId(space), newest, received, delay_steps, lacks };
            let bytes = feedback.encode(&mut BytesMut::new());
            prop_assert_eq!(Feedback::decode(&bytes), Ok(feedback));
            prop_assert!(Feedback::decode(&bytes[..bytes.len() - 1]).is_err());
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let feedback = Feedback::decode(&bytes);
            prop_assert!(feedback.is_err() || bytes.len() == 9 + 4 * feedback.unwrap().lacks.len());
        }
    }
}
