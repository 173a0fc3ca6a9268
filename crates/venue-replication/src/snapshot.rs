//! Server to client: where bodies of one space are at one tick. A datagram holds some of them.
//!
//! ```text
//! kind u8 · space u16 · epoch u32 · tick u32 · beat u16 · ticks since the beat before u8 · sequence u16, then bits up to the end, sections of records:
//! section: 0 for the end or 1 · ring 2 · of the beat before 1 · count 8 · gap bits 4
//! record:  gap to the participant before (Rice code) · kind 2 · length in bits (8 for an update, 10 otherwise) · those bits
//! ```
//!
//! A *still* record has neither length nor bits. Within a section the participants' numbers grow.

use crate::arithmetic::MAX_STRING_BYTES;
use crate::beat::Beat;
use crate::bits::BitReader;
use crate::detail::Ring;
use crate::pose_codec;
use venue_model::{ParticipantId, SpaceEpoch, SpaceId, Tick};
use venue_protocol::codec::{DecodeError, DecodeFault, Decoder, Encoder};
use venue_protocol::{DatagramKind, MAX_DATAGRAM_BYTES};

/// Bytes before the first section.
pub const HEADER_BYTES: usize = 16;

/// Bits of a section before its records.
pub(crate) const SECTION_BITS: u32 = 1 + 2 + 1 + 8 + 4;

/// Most records of a section.
pub(crate) const MAX_RECORDS: usize = 255;

/// A gap whose high part is longer than this is sent whole.
pub(crate) const MAX_UNARY: u32 = 12;

/// Bits of an update's length, and of any other's.
const LENGTH_BITS: [u32; 2] = [8, 10];

/// What a datagram says about all of its bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotHeader {
    /// Which space.
    pub space: SpaceId,
    /// Of which owner.
    pub epoch: SpaceEpoch,
    /// When.
    pub beat: Beat,
    /// Grows by one from datagram to datagram of a viewer, and begins again after the last number.
    pub sequence: u16,
}

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RecordKind {
    /// The difference from the update before.
    Update,
    /// The state itself.
    Anchor,
    /// A body exactly: its sample's age, and the fine pose. It builds on nothing; an update can't build on it.
    Exact,
    /// Still where it was exactly.
    Still,
}

impl RecordKind {
    pub(crate) const ALL: [Self; 4] = [Self::Update, Self::Anchor, Self::Exact, Self::Still];

    pub(crate) fn length_bits(self) -> u32 {
        match self {
            Self::Update => LENGTH_BITS[0],
            Self::Anchor | Self::Exact => LENGTH_BITS[1],
            Self::Still => 0,
        }
    }

    /// Bits of the longest length.
    pub(crate) const MAX_LENGTH_BITS: u32 = LENGTH_BITS[1];

    /// The longest string that its length can say.
    pub(crate) fn max_bits(self) -> u32 {
        (1 << self.length_bits()) - 1
    }
}

// Whatever a codec makes fits a length.
const _: () = assert!(MAX_STRING_BYTES * 8 < 1 << LENGTH_BITS[1]);
const _: () = assert!((1 + pose_codec::MAX_POSE_BYTES) * 8 < 1 << LENGTH_BITS[1]);

/// A string of bits among those of all records of a tick. The first lie here too: nearly all strings are no longer, and a
/// viewer's are read one after the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits {
    /// The first 128, the first of them highest; zeros behind the last.
    pub(crate) first: [u64; 2],
    /// The byte from which on all lie.
    pub(crate) from: u32,
    pub(crate) count: u32,
}

impl Bits {
    /// Appends the first `count` bits of a string.
    pub(crate) fn append(bytes: &mut Vec<u8>, string: &[u8], count: u32) -> Self {
        let mut first = [0; 16];
        let head = string.len().min(16);
        first[..head].copy_from_slice(&string[..head]);
        let cut = |word: [u8; 8], from: u32| match count.saturating_sub(from) {
            0 => 0,
            left if left >= 64 => u64::from_be_bytes(word),
            left => u64::from_be_bytes(word) >> (64 - left) << (64 - left),
        };
        let ([high, low], _) = first.as_chunks::<8>() else { return Self::default() };
        let from = bytes.len() as u32;
        bytes.extend_from_slice(string);
        Self { first: [cut(*high, 0), cut(*low, 64)], from, count }
    }
}

/// One body's record, for a writer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record {
    pub(crate) participant: ParticipantId,
    pub(crate) kind: RecordKind,
    pub(crate) bits: Bits,
}

/// Which records a section has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) ring: Ring,
    /// They are of the beat before: sent again to who loses much.
    pub(crate) is_again: bool,
}

pub(crate) fn encode_header(header: &SnapshotHeader) -> [u8; HEADER_BYTES] {
    let mut encoder = Encoder::with_capacity(HEADER_BYTES);
    encoder.u8(DatagramKind::Snapshot.number());
    encoder.u16(header.space.0);
    encoder.u32(header.epoch.0);
    encoder.u32(header.beat.tick.0);
    encoder.u16(header.beat.number);
    encoder.u8(header.beat.since);
    encoder.u16(header.sequence);
    let mut bytes = [0; HEADER_BYTES];
    bytes.copy_from_slice(&encoder.finish());
    bytes
}

/// Reads the header; the kind was looked at already.
pub fn decode_header(datagram: &[u8]) -> Result<SnapshotHeader, DecodeError> {
    let mut decoder = Decoder::new(datagram);
    decoder.u8("kind")?;
    Ok(SnapshotHeader {
        space: SpaceId(decoder.u16("space")?),
        epoch: SpaceEpoch(decoder.u32("epoch")?),
        beat: Beat {
            tick: Tick(decoder.u32("tick")?),
            number: decoder.u16("beat")?,
            since: decoder.u8("ticks since")?,
        },
        sequence: decoder.u16("sequence")?,
    })
}

/// A record as it lies in a datagram: its bits are from `start` to `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SeenRecord {
    pub(crate) section: Section,
    pub(crate) participant: ParticipantId,
    pub(crate) kind: RecordKind,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// Finds the records; a datagram with one broken record is refused whole.
pub(crate) fn decode_records_into(datagram: &[u8], records: &mut Vec<SeenRecord>) -> Result<(), DecodeError> {
    records.clear();
    let datagram = &datagram[..datagram.len().min(MAX_DATAGRAM_BYTES)];
    let mut reader = Reader(BitReader::new(datagram));
    reader.0.skip(HEADER_BYTES * 8).ok_or_else(|| broken(datagram))?;
    while reader.read_section(records).ok_or_else(|| broken(datagram))? {}
    Ok(())
}

/// Whose records a datagram holds.
pub fn participants(datagram: &[u8]) -> Result<Vec<ParticipantId>, DecodeError> {
    let mut records = Vec::new();
    decode_records_into(datagram, &mut records)?;
    Ok(records.iter().map(|record| record.participant).collect())
}

fn broken(datagram: &[u8]) -> DecodeError {
    Decoder::new(datagram).error("snapshot records", DecodeFault::Invalid)
}

struct Reader<'a>(BitReader<'a>);

impl Reader<'_> {
    /// Reads a section; false at the end.
    fn read_section(&mut self, records: &mut Vec<SeenRecord>) -> Option<bool> {
        if self.0.left() == 0 || self.0.take(1)? == 0 {
            // What fills the last byte up is zero: one content, one encoding.
            let rest = self.0.left();
            return (rest < 8 && self.0.take(rest as u32)? == 0).then_some(false);
        }
        let ring = Ring::ALL[self.0.take(2)? as usize];
        let is_again = self.0.take(1)? == 1;
        let count = self.0.take(8)?;
        let gap_bits = self.0.take(4)?;
        let mut before = None;
        for _ in 0..count {
            let gap = self.take_gap(gap_bits)?;
            let participant = match before {
                None => ParticipantId(gap),
                Some(ParticipantId(before)) => ParticipantId(before.checked_add(gap)?.checked_add(1)?),
            };
            before = Some(participant);
            let kind = RecordKind::ALL[self.0.take(2)? as usize];
            let bits = self.0.take(kind.length_bits())?;
            let start = self.0.position() as u32;
            self.0.skip(bits as usize)?;
            records.push(SeenRecord {
                section: Section { ring, is_again },
                participant,
                kind,
                start,
                end: start + bits,
            });
        }
        (count > 0).then_some(true)
    }

    fn take_gap(&mut self, gap_bits: u32) -> Option<u32> {
        let mut high = 0;
        while high < MAX_UNARY && self.0.take(1)? == 1 {
            high += 1;
        }
        if high == MAX_UNARY { self.0.take(32) } else { Some(high << gap_bits | self.0.take(gap_bits)?) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut records = Vec::new();
            if decode_header(&bytes).is_ok() && decode_records_into(&bytes, &mut records).is_ok() {
                prop_assert!(records.len() * 3 <= bytes.len() * 8);
                prop_assert!(records.iter().all(|record| record.end as usize <= bytes.len() * 8));
            }
        }
    }
}
