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
use bytes::Bytes;
use venue_model::{ParticipantId, SpaceEpoch, SpaceId, Tick};
use venue_protocol::codec::{DecodeError, DecodeFault, Decoder, Encoder};
use venue_protocol::{DatagramKind, MAX_DATAGRAM_BYTES};

/// Bytes before the first section.
pub const HEADER_BYTES: usize = 16;

/// Bits of a section before its records.
const SECTION_BITS: u32 = 1 + 2 + 1 + 8 + 4;

/// Most records of a section.
const MAX_RECORDS: usize = 255;

/// A gap whose high part is longer than this is sent whole.
const MAX_UNARY: u32 = 12;

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
    const ALL: [Self; 4] = [Self::Update, Self::Anchor, Self::Exact, Self::Still];

    fn length_bits(self) -> u32 {
        match self {
            Self::Update => LENGTH_BITS[0],
            Self::Anchor | Self::Exact => LENGTH_BITS[1],
            Self::Still => 0,
        }
    }

    /// The longest string that its length can say.
    pub(crate) fn max_bits(self) -> u32 {
        (1 << self.length_bits()) - 1
    }
}

// Whatever a codec makes fits a length.
const _: () = assert!(MAX_STRING_BYTES * 8 < 1 << LENGTH_BITS[1]);
const _: () = assert!((1 + pose_codec::MAX_POSE_BYTES) * 8 < 1 << LENGTH_BITS[1]);

/// Bits that lie from a byte on among those of all records of a tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits {
    pub(crate) from: usize,
    pub(crate) count: u32,
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

/// Puts records into as few datagrams as hold them.
#[derive(Debug)]
pub(crate) struct Packer {
    header: SnapshotHeader,
    bytes: Vec<u8>,
    pending: u128,
    count: u32,
    full: Vec<Bytes>,
}

impl Packer {
    pub(crate) fn new() -> Self {
        let header =
            SnapshotHeader { space: SpaceId(0), epoch: SpaceEpoch(0), beat: Beat::default(), sequence: 0 };
        Self { header, bytes: Vec::with_capacity(MAX_DATAGRAM_BYTES), pending: 0, count: 0, full: Vec::new() }
    }

    /// Begins a viewer's datagrams.
    pub(crate) fn begin(&mut self, header: SnapshotHeader) {
        self.header = header;
        self.bytes.clear();
        self.full.clear();
        (self.pending, self.count) = (0, 0);
    }

    /// Bits that were written so far, in all datagrams.
    pub(crate) fn bits(&self) -> usize {
        self.full.iter().map(|datagram| datagram.len() * 8).sum::<usize>()
            + self.bytes.len() * 8
            + self.count as usize
    }

    /// Writes a section. The records must be in the order of their participants.
    pub(crate) fn section(&mut self, section: Section, records: &[Record], bytes: &[u8]) {
        let mut records = records;
        while !records.is_empty() {
            let gap_bits = gap_bits(records);
            let room = MAX_DATAGRAM_BYTES as u32 * 8 - 8;
            let mut used = self.used_bits() + SECTION_BITS;
            let mut before = None;
            let fits = |record: &&Record| {
                used += record_bits(record, before, gap_bits);
                before = Some(record.participant);
                used <= room
            };
            let count = records.iter().take(MAX_RECORDS).take_while(fits).count();
            if count == 0 {
                if self.bytes.is_empty() {
                    return;
                }
                self.close();
                continue;
            }
            let (now, later) = records.split_at(count);
            self.write(section, now, gap_bits, bytes);
            records = later;
        }
    }

    fn used_bits(&self) -> u32 {
        (self.bytes.len().max(HEADER_BYTES) * 8) as u32 + self.count
    }

    fn write(&mut self, section: Section, records: &[Record], gap_bits: u32, bytes: &[u8]) {
        if self.bytes.is_empty() {
            self.bytes.extend_from_slice(&encode_header(&self.header));
        }
        self.put(1, 1);
        self.put(section.ring as u64, 2);
        self.put(u64::from(section.is_again), 1);
        self.put(records.len() as u64, 8);
        self.put(u64::from(gap_bits), 4);
        let mut before = None;
        for record in records {
            let gap = gap(before, record.participant);
            before = Some(record.participant);
            let (high, low) = (gap >> gap_bits, u64::from(gap & ((1 << gap_bits) - 1)));
            let (word, bits) = match high < MAX_UNARY {
                true => (((2 << high) - 2) << gap_bits | low, high + 1 + gap_bits),
                false => (((1 << MAX_UNARY) - 1) << 32 | u64::from(gap), MAX_UNARY + 32),
            };
            let Bits { from, count } = record.bits;
            let length_bits = record.kind.length_bits();
            let word = (word << 2 | record.kind as u64) << length_bits | u64::from(count);
            self.put(word, bits + 2 + length_bits);
            self.put_string(&bytes[from..], count);
        }
    }

    /// The lowest `bits` (at most 64) of a number that has no others.
    fn put(&mut self, value: u64, bits: u32) {
        self.pending = self.pending << bits | u128::from(value);
        self.count += bits;
        if self.count >= 64 {
            self.count -= 64;
            self.bytes.extend_from_slice(&((self.pending >> self.count) as u64).to_be_bytes());
        }
    }

    /// Fills the last byte up with zeros.
    fn flush(&mut self) {
        let fill = (8 - self.count % 8) % 8;
        self.put(0, fill);
        while self.count > 0 {
            self.count -= 8;
            self.bytes.push((self.pending >> self.count) as u8);
        }
    }

    fn put_string(&mut self, bytes: &[u8], bits: u32) {
        let (words, rest) = bytes[..(bits as usize).div_ceil(8)].as_chunks::<8>();
        let mut left = bits;
        for word in words {
            let take = left.min(64);
            self.put(u64::from_be_bytes(*word) >> (64 - take), take);
            left -= take;
        }
        if left > 0 {
            let mut word = [0; 8];
            word[..rest.len()].copy_from_slice(rest);
            self.put(u64::from_be_bytes(word) >> (64 - left), left);
        }
    }

    fn close(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        self.flush();
        self.full.push(Bytes::copy_from_slice(&self.bytes));
        self.bytes.clear();
        self.header.sequence = self.header.sequence.wrapping_add(1);
    }

    /// The datagrams, and the number of the next one.
    pub(crate) fn finish(&mut self, datagrams: &mut Vec<Bytes>) -> u16 {
        self.close();
        datagrams.append(&mut self.full);
        self.header.sequence
    }
}

fn gap(before: Option<ParticipantId>, participant: ParticipantId) -> u32 {
    before.map_or(participant.0, |before| participant.0.wrapping_sub(before.0).wrapping_sub(1))
}

/// The parameter of the gaps' Rice code: about the logarithm of the mean.
fn gap_bits(records: &[Record]) -> u32 {
    let [first, .., last] = records else { return 4 };
    let mean = (last.participant.0.wrapping_sub(first.participant.0)) / records.len() as u32;
    (32 - (mean * 2 / 3).leading_zeros()).min(15)
}

fn record_bits(record: &Record, before: Option<ParticipantId>, gap_bits: u32) -> u32 {
    let high = gap(before, record.participant) >> gap_bits;
    let gap = if high < MAX_UNARY { high + 1 + gap_bits } else { MAX_UNARY + 32 };
    gap + 2 + record.kind.length_bits() + record.bits.count
}

fn encode_header(header: &SnapshotHeader) -> [u8; HEADER_BYTES] {
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

    const HEADER: SnapshotHeader = SnapshotHeader {
        space: SpaceId(7),
        epoch: SpaceEpoch(3),
        beat: Beat { number: 77, tick: Tick(900), since: 2 },
        sequence: 65_535,
    };

    /// A record: number, kind, bytes, and how many bits less.
    type Made = (u32, usize, Vec<u8>, u32);

    fn section() -> impl Strategy<Value = (usize, bool, Vec<Made>)> {
        let number = prop_oneof![3 => 0u32..3000, 1 => any::<u32>()];
        let record = (number, 0usize..4, prop::collection::vec(any::<u8>(), 0..40), 0u32..8);
        (0usize..4, any::<bool>(), prop::collection::vec(record, 0..150))
    }

    fn bits_of(datagram: &[u8], start: u32, end: u32) -> Vec<bool> {
        (start..end).map(|bit| datagram[bit as usize / 8] >> (7 - bit % 8) & 1 == 1).collect()
    }

    proptest! {
        #[test]
        fn sections_round_trip_over_several_datagrams(sections in prop::collection::vec(section(), 0..5)) {
            let mut packer = Packer::new();
            packer.begin(HEADER);
            let mut sent = Vec::new();
            for (ring, is_again, mut records) in sections {
                records.sort_by_key(|record| record.0);
                records.dedup_by_key(|record| record.0);
                let section = Section { ring: Ring::ALL[ring], is_again };
                let mut arena = Vec::new();
                let records: Vec<_> = records.iter().map(|(number, kind, bytes, less)| {
                    let kind = RecordKind::ALL[*kind];
                    let count = (bytes.len() as u32 * 8).saturating_sub(*less).min(kind.max_bits());
                    let bits = Bits { from: arena.len(), count };
                    arena.extend_from_slice(bytes);
                    Record { participant: ParticipantId(*number), kind, bits }
                }).collect();
                packer.section(section, &records, &arena);
                for record in &records {
                    let start = record.bits.from as u32 * 8;
                    let bits = bits_of(&arena, start, start + record.bits.count);
                    sent.push((section, record.participant, record.kind, bits));
                }
            }
            let mut datagrams = Vec::new();
            let next = packer.finish(&mut datagrams);
            prop_assert_eq!(next, HEADER.sequence.wrapping_add(datagrams.len() as u16));
            let (mut seen, mut records) = (Vec::new(), Vec::new());
            for (at, datagram) in datagrams.iter().enumerate() {
                prop_assert!(datagram.len() <= MAX_DATAGRAM_BYTES);
                let sequence = HEADER.sequence.wrapping_add(at as u16);
                prop_assert_eq!(decode_header(datagram), Ok(SnapshotHeader { sequence, ..HEADER }));
                decode_records_into(datagram, &mut records).unwrap();
                seen.extend(records.iter().map(|record| {
                    (record.section, record.participant, record.kind, bits_of(datagram, record.start, record.end))
                }));
            }
            prop_assert_eq!(seen, sent);
        }

        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut records = Vec::new();
            if decode_header(&bytes).is_ok() && decode_records_into(&bytes, &mut records).is_ok() {
                prop_assert!(records.len() * 3 <= bytes.len() * 8);
                prop_assert!(records.iter().all(|record| record.end as usize <= bytes.len() * 8));
            }
        }
    }

    #[test]
    fn a_crowd_at_rest_takes_a_byte_a_head() {
        let still = |number| Record {
            participant: ParticipantId(number),
            kind: RecordKind::Still,
            bits: Bits::default(),
        };
        let records: Vec<_> = (0..1000).step_by(3).map(still).collect();
        let mut packer = Packer::new();
        packer.begin(HEADER);
        packer.section(Section { ring: Ring::Far, is_again: false }, &records, &[]);
        let bytes = packer.bits() / 8 - HEADER_BYTES;
        assert!(bytes <= records.len(), "{bytes} bytes for {}", records.len());
    }
}
