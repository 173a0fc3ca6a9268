//! Client to server: where my body is. A datagram; the latest wins.

use crate::pose_codec;
use bytes::{Bytes, BytesMut};
use glam::Vec3;
use venue_model::{BodyPose, ServerTime};
use venue_protocol::codec::{DecodeError, DecodeFault, Decoder, Encoder};
use venue_protocol::{DatagramKind, Placement};

/// Most bytes of an update.
pub const MAX_UPDATE_BYTES: usize = 15 + pose_codec::MAX_POSE_BYTES;

/// One update.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PoseUpdate {
    /// The last placement by the server that the client has applied.
    pub placement: Placement,
    /// Grows with each update of a connection; older ones than the last seen are ignored.
    pub sequence: u32,
    /// When the client sampled the pose, in its estimate of the server's time.
    pub sampled_at: ServerTime,
    /// The body.
    pub pose: BodyPose,
}

impl PoseUpdate {
    /// Writes the datagram behind what `buffer` holds of earlier ones, and takes it out. A buffer that is kept
    /// from update to update allocates only while earlier datagrams have not left yet. `origin` is the space's:
    /// [`crate::space_replicator::origin_of`].
    pub fn encode(&self, origin: Vec3, buffer: &mut BytesMut) -> Bytes {
        let mut encoder = Encoder::reusing(buffer, MAX_UPDATE_BYTES);
        encoder.u8(DatagramKind::PoseUpdate.number());
        encoder.u16(self.placement.0);
        encoder.u32(self.sequence);
        encoder.u64(self.sampled_at.0);
        encoder.raw(&pose_codec::encode(&self.pose, origin));
        encoder.finish_into(buffer)
    }

    /// Reads the datagram; its kind was looked at already.
    pub fn decode(datagram: &[u8], origin: Vec3) -> Result<Self, DecodeError> {
        let mut decoder = Decoder::new(datagram);
        decoder.u8("kind")?;
        let placement = Placement(decoder.u16("placement")?);
        let sequence = decoder.u32("sequence")?;
        let sampled_at = ServerTime(decoder.u64("sample time")?);
        let rest = decoder.raw("pose", decoder.remaining())?;
        match pose_codec::decode(rest, origin) {
            Some((pose, used)) if used == rest.len() => Ok(Self { placement, sequence, sampled_at, pose }),
            _ => Err(decoder.error("pose", DecodeFault::Invalid)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose_codec::{quantised, tests::body};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn updates_round_trip(pose in body(), placement: u16, sequence: u32, at: u64) {
            let origin = Vec3::new(3.0, 0.0, -4.0);
            let (placement, sampled_at) = (Placement(placement), ServerTime(at));
            let update = PoseUpdate { placement, sequence, sampled_at, pose };
            let bytes = update.encode(origin, &mut BytesMut::new());
            let seen = PoseUpdate::decode(&bytes, origin).unwrap();
            prop_assert_eq!(seen, PoseUpdate { pose: quantised(&pose, origin), ..update });
            prop_assert!(PoseUpdate::decode(&bytes[..bytes.len() - 1], origin).is_err());
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(PoseUpdate::decode(&bytes, Vec3::ZERO).is_err() || bytes.len() >= 15 + 19);
        }
    }
}
