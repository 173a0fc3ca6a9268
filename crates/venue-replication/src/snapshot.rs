//! Server to client: where bodies of one space are at one tick. A datagram holds some of them.
//!
//! ```text
//! kind u8 · space u16 · epoch u32 · tick u32 · then one record for each body:
//! participant varint · age u8 (2 ms steps before the tick, 255 = that or more) · pose bits, padded to bytes
//! ```

use crate::pose_codec;
use bytes::{Bytes, BytesMut};
use glam::Vec3;
use venue_model::{BodyPose, ParticipantId, ServerTime, SpaceEpoch, SpaceId, Tick};
use venue_protocol::codec::{DecodeError, DecodeFault, Decoder, Encoder};
use venue_protocol::{DatagramKind, MAX_DATAGRAM_BYTES};

/// Bytes before the first record.
pub const HEADER_BYTES: usize = 11;

/// Most bytes of a record.
pub const MAX_RECORD_BYTES: usize = 8 + 1 + pose_codec::MAX_POSE_BYTES;

/// Microseconds in a step of a sample's age.
const AGE_STEP_MICROS: u64 = 2_000;

/// What a datagram says about all of its bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotHeader {
    /// Which space.
    pub space: SpaceId,
    /// Of which owner.
    pub epoch: SpaceEpoch,
    /// When.
    pub tick: Tick,
}

/// One body at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BodyRecord {
    /// Whose.
    pub participant: ParticipantId,
    /// When its client sampled it, to 2 ms.
    pub sampled_at: ServerTime,
    /// Where it was.
    pub pose: BodyPose,
}

/// A time on the grid of ages. The grid is absolute, so a sample that is sent at several ticks keeps its time.
fn age_steps(at: ServerTime) -> u64 {
    at.0 / AGE_STEP_MICROS
}

/// Writes a record into its own bytes, which every viewer's datagrams share.
pub(crate) fn encode_record(record: &BodyRecord, tick: Tick, origin: Vec3, into: &mut Vec<u8>) {
    let mut encoder = Encoder::with_capacity(MAX_RECORD_BYTES);
    encoder.varint(u64::from(record.participant.0));
    let age = age_steps(tick.time()).saturating_sub(age_steps(record.sampled_at));
    encoder.u8(age.min(255) as u8);
    encoder.raw(&pose_codec::encode(&record.pose, origin));
    into.extend_from_slice(&encoder.finish());
}

/// Puts records into as few datagrams as hold them.
#[derive(Debug)]
pub(crate) struct Packer {
    header: [u8; HEADER_BYTES],
    open: BytesMut,
}

impl Packer {
    pub(crate) fn new(header: &SnapshotHeader) -> Self {
        let mut encoder = Encoder::with_capacity(HEADER_BYTES);
        encoder.u8(DatagramKind::Snapshot.number());
        encoder.u16(header.space.0);
        encoder.u32(header.epoch.0);
        encoder.u32(header.tick.0);
        let mut bytes = [0; HEADER_BYTES];
        bytes.copy_from_slice(&encoder.finish());
        Self { header: bytes, open: BytesMut::new() }
    }

    pub(crate) fn add(&mut self, record: &[u8], full: &mut Vec<Bytes>) {
        if self.open.len() + record.len() > MAX_DATAGRAM_BYTES {
            self.flush(full);
        }
        if self.open.is_empty() {
            self.open.reserve(MAX_DATAGRAM_BYTES);
            self.open.extend_from_slice(&self.header);
        }
        self.open.extend_from_slice(record);
    }

    pub(crate) fn flush(&mut self, full: &mut Vec<Bytes>) {
        if !self.open.is_empty() {
            full.push(self.open.split().freeze());
        }
    }
}

/// Reads the header; the kind was looked at already.
pub fn decode_header(datagram: &[u8]) -> Result<SnapshotHeader, DecodeError> {
    read_header(&mut Decoder::new(datagram))
}

fn read_header(decoder: &mut Decoder<'_>) -> Result<SnapshotHeader, DecodeError> {
    decoder.u8("kind")?;
    Ok(SnapshotHeader {
        space: SpaceId(decoder.u16("space")?),
        epoch: SpaceEpoch(decoder.u32("epoch")?),
        tick: Tick(decoder.u32("tick")?),
    })
}

/// Reads the records; a datagram with one broken record is refused whole.
pub fn decode_records(datagram: &[u8], origin: Vec3) -> Result<Vec<BodyRecord>, DecodeError> {
    let mut records = Vec::new();
    decode_records_into(datagram, origin, &mut records)?;
    Ok(records)
}

/// The same into a list whose memory is used again; after an error its content has no meaning.
pub(crate) fn decode_records_into(
    datagram: &[u8],
    origin: Vec3,
    records: &mut Vec<BodyRecord>,
) -> Result<(), DecodeError> {
    records.clear();
    let mut decoder = Decoder::new(&datagram[..datagram.len().min(MAX_DATAGRAM_BYTES)]);
    let header = read_header(&mut decoder)?;
    while decoder.remaining() > 0 {
        let participant = decoder.varint_up_to("participant", u64::from(u32::MAX))?;
        let age = u64::from(decoder.u8("age")?);
        let mut rest = decoder.clone();
        let bytes = rest.raw("pose", rest.remaining())?;
        let Some((pose, used)) = pose_codec::decode(bytes, origin) else {
            return Err(decoder.error("pose", DecodeFault::Invalid));
        };
        decoder.raw("pose", used)?;
        records.push(BodyRecord {
            participant: ParticipantId(participant as u32),
            sampled_at: ServerTime(age_steps(header.tick.time()).saturating_sub(age) * AGE_STEP_MICROS),
            pose,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose_codec::{quantised, tests::body};
    use proptest::prelude::*;

    #[test]
    fn the_largest_record_fits_its_limit() {
        let rigid = Some(venue_model::RigidPose::default());
        let posture = venue_model::Posture::Seated(venue_model::SeatId(1));
        let fingers = [Some(venue_model::Fingers::default()); 2];
        let pose = BodyPose { hands: [rigid; 2], fingers, posture, ..BodyPose::standing(Vec3::ONE, 0.0) };
        let record = BodyRecord { participant: ParticipantId(u32::MAX), sampled_at: ServerTime(0), pose };
        let mut bytes = Vec::new();
        encode_record(&record, Tick(9_000), Vec3::ZERO, &mut bytes);
        assert_eq!(bytes.len(), MAX_RECORD_BYTES);
    }

    #[test]
    fn a_sample_keeps_its_time_from_tick_to_tick() {
        let sampled_at = ServerTime(10_001_777);
        let record =
            BodyRecord { participant: ParticipantId(1), sampled_at, pose: BodyPose::standing(Vec3::X, 0.0) };
        let seen = |tick| {
            let (mut bytes, mut datagrams) = (Vec::new(), Vec::new());
            encode_record(&record, Tick(tick), Vec3::ZERO, &mut bytes);
            let header = SnapshotHeader { space: SpaceId(1), epoch: SpaceEpoch(1), tick: Tick(tick) };
            let mut packer = Packer::new(&header);
            packer.add(&bytes, &mut datagrams);
            packer.flush(&mut datagrams);
            decode_records(&datagrams[0], Vec3::ZERO).unwrap()[0].sampled_at
        };
        for tick in 301..315 {
            assert_eq!(seen(tick), ServerTime(10_000_000), "tick {tick}");
        }
    }

    proptest! {
        #[test]
        fn snapshots_round_trip_over_several_datagrams(
            poses in prop::collection::vec((any::<u32>(), 0u64..600_000, body()), 0..120), tick in 1_000u32..,
        ) {
            let header = SnapshotHeader { space: SpaceId(7), epoch: SpaceEpoch(3), tick: Tick(tick) };
            let mut packer = Packer::new(&header);
            let (mut datagrams, mut expected) = (Vec::new(), Vec::new());
            for (number, age, pose) in poses {
                let participant = ParticipantId(number);
                let sampled_at = header.tick.time() - age;
                let mut bytes = Vec::new();
                encode_record(&BodyRecord { participant, sampled_at, pose }, header.tick, Vec3::ZERO, &mut bytes);
                packer.add(&bytes, &mut datagrams);
                let now = header.tick.time().0 / 2_000;
                let sampled_at = ServerTime((sampled_at.0 / 2_000).max(now - 255) * 2_000);
                expected.push(BodyRecord { participant, sampled_at, pose: quantised(&pose, Vec3::ZERO) });
            }
            packer.flush(&mut datagrams);
            let mut seen = Vec::new();
            for datagram in datagrams {
                prop_assert!(datagram.len() <= MAX_DATAGRAM_BYTES);
                prop_assert_eq!(decode_header(&datagram), Ok(header));
                seen.extend(decode_records(&datagram, Vec3::ZERO).unwrap());
            }
            prop_assert_eq!(seen, expected);
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let bodies = decode_records(&bytes, Vec3::ZERO).map_or(0, |records| records.len());
            prop_assert!(bodies * (2 + 19) <= bytes.len());
        }
    }
}
