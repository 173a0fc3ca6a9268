//! Datagrams: their kinds (first byte), and the clock's probes, which the sessions answer themselves.

use crate::codec::{DecodeError, Decoder, Encoder};
use bytes::{Bytes, BytesMut};
use venue_model::ServerTime;

/// What a datagram is, by its first byte. Unknown kinds are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DatagramKind {
    /// Client to server: what time is it?
    Probe,
    /// Client to server: where my body is.
    PoseUpdate,
    /// Client to server: which snapshots came.
    Feedback,
    /// Client to server: 20 ms of the own voice.
    VoiceFrame,
    /// Client to server: which voices came badly.
    VoiceReport,
    /// Server to client: the time.
    ProbeReply,
    /// Server to client: where bodies are.
    Snapshot,
    /// Server to client: what others say.
    Voices,
    /// Server to client: who hears the own voice, and how well.
    VoiceStatus,
}

impl DatagramKind {
    /// All, in no particular order.
    pub const ALL: [Self; 9] = [
        Self::Probe,
        Self::PoseUpdate,
        Self::Feedback,
        Self::VoiceFrame,
        Self::VoiceReport,
        Self::ProbeReply,
        Self::Snapshot,
        Self::Voices,
        Self::VoiceStatus,
    ];

    /// The first byte.
    pub fn number(self) -> u8 {
        match self {
            Self::Probe => 0x01,
            Self::PoseUpdate => 0x02,
            Self::Feedback => 0x03,
            Self::VoiceFrame => 0x04,
            Self::VoiceReport => 0x05,
            Self::ProbeReply => 0x81,
            Self::Snapshot => 0x82,
            Self::Voices => 0x83,
            Self::VoiceStatus => 0x84,
        }
    }

    /// The kind of these bytes, if this build knows it.
    pub fn of(datagram: &[u8]) -> Option<Self> {
        let first = *datagram.first()?;
        Self::ALL.into_iter().find(|kind| kind.number() == first)
    }
}

/// What time is it? The client keeps the time at which it asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Number of this probe.
    pub id: u16,
}

impl Probe {
    /// Writes the datagram.
    pub fn encode(&self) -> Bytes {
        self.encode_into(&mut BytesMut::new())
    }

    /// Writes the datagram into a buffer that is kept from probe to probe: see [`Encoder::reusing`].
    pub fn encode_into(&self, buffer: &mut BytesMut) -> Bytes {
        let mut encoder = Encoder::reusing(buffer, 3);
        encoder.u8(DatagramKind::Probe.number());
        encoder.u16(self.id);
        encoder.finish_into(buffer)
    }

    /// Reads the datagram; its kind was looked at already.
    pub fn decode(datagram: &[u8]) -> Result<Self, DecodeError> {
        let mut decoder = Decoder::new(datagram);
        decoder.u8("kind")?;
        let probe = Self { id: decoder.u16("probe id")? };
        decoder.finish("probe")?;
        Ok(probe)
    }
}

/// The server's answer to a [`Probe`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProbeReply {
    /// Number of the probe.
    pub id: u16,
    /// When the probe came.
    pub received: ServerTime,
    /// When this answer left.
    pub sent: ServerTime,
}

impl ProbeReply {
    /// Writes the datagram.
    pub fn encode(&self) -> Bytes {
        let mut encoder = Encoder::with_capacity(19);
        encoder.u8(DatagramKind::ProbeReply.number());
        encoder.u16(self.id);
        encoder.u64(self.received.0);
        encoder.u64(self.sent.0);
        encoder.finish()
    }

    /// Reads the datagram; its kind was looked at already.
    pub fn decode(datagram: &[u8]) -> Result<Self, DecodeError> {
        let mut decoder = Decoder::new(datagram);
        decoder.u8("kind")?;
        let reply = Self {
            id: decoder.u16("probe id")?,
            received: ServerTime(decoder.u64("received")?),
            sent: ServerTime(decoder.u64("sent")?),
        };
        if reply.sent < reply.received {
            return Err(decoder.error("probe reply", crate::codec::DecodeFault::Invalid));
        }
        decoder.finish("probe reply")?;
        Ok(reply)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn kinds_are_told_by_the_first_byte() {
        for kind in DatagramKind::ALL {
            assert_eq!(DatagramKind::of(&[kind.number(), 9]), Some(kind));
        }
        assert_eq!(DatagramKind::of(&[0x7f]), None);
        assert_eq!(DatagramKind::of(&[]), None);
    }

    proptest! {
        #[test]
        fn probes_round_trip(id: u16, received in any::<u64>(), held in any::<u32>()) {
            let probe = Probe { id };
            prop_assert_eq!(Probe::decode(&probe.encode()), Ok(probe));
            let received = ServerTime(received);
            let reply = ProbeReply { id, received, sent: received + u64::from(held) };
            prop_assert_eq!(ProbeReply::decode(&reply.encode()), Ok(reply));
        }

        #[test]
        fn arbitrary_datagrams_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            prop_assert!(Probe::decode(&bytes).is_err() || bytes.len() == 3);
            prop_assert!(ProbeReply::decode(&bytes).is_err() || bytes.len() == 19);
        }
    }
}
