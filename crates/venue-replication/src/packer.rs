//! Server: records become datagrams.

use crate::beat::Beat;
use crate::bits::BitBuffer;
use crate::snapshot::{
    HEADER_BYTES, MAX_RECORDS, MAX_UNARY, Record, RecordKind, SECTION_BITS, Section, SnapshotHeader,
    encode_header,
};
use bytes::{Bytes, BytesMut};
use venue_model::{ParticipantId, SpaceEpoch, SpaceId};
use venue_protocol::MAX_DATAGRAM_BYTES;

/// Bits that a datagram has room for; the last byte is filled up.
const ROOM_BITS: u32 = MAX_DATAGRAM_BYTES as u32 * 8 - 8;

/// Memory that is taken at once. All of it is given back when the last of its datagrams is gone.
const STORE_BYTES: usize = 64 * 1024;

/// Puts records into as few datagrams as hold them.
#[derive(Debug)]
pub(crate) struct Packer {
    header: SnapshotHeader,
    buffer: BitBuffer,
    /// Where datagrams are kept, many in one piece of memory.
    store: BytesMut,
    /// Datagrams that are full, and their bits.
    full: Vec<Bytes>,
    full_bits: usize,
}

impl Packer {
    pub(crate) fn new() -> Self {
        let (space, epoch, beat) = (SpaceId(0), SpaceEpoch(0), Beat::default());
        let header = SnapshotHeader { space, epoch, beat, sequence: 0 };
        Self {
            header,
            buffer: BitBuffer::new(MAX_DATAGRAM_BYTES),
            store: BytesMut::new(),
            full: Vec::new(),
            full_bits: 0,
        }
    }

    /// Begins a viewer's datagrams.
    pub(crate) fn begin(&mut self, header: SnapshotHeader) {
        self.header = header;
        self.buffer.clear();
        self.full.clear();
        self.full_bits = 0;
    }

    /// Bits that were written so far, in all datagrams.
    pub(crate) fn bits(&self) -> usize {
        self.full_bits + self.buffer.bits() as usize
    }

    /// Writes a section. The records must be in the order of their participants; `bytes` has their strings.
    pub(crate) fn section(&mut self, section: Section, records: &[Record], bytes: &[u8]) {
        let mut records = records;
        while !records.is_empty() {
            let gap_bits = gap_bits(records);
            let count = self.how_many_fit(records, gap_bits);
            if count == 0 {
                if self.buffer.bits() == 0 {
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

    fn how_many_fit(&self, records: &[Record], gap_bits: u32) -> usize {
        let mut used = self.buffer.bits().max(HEADER_BYTES as u32 * 8) + SECTION_BITS;
        if records.len() <= MAX_RECORDS && used + most_bits(records, gap_bits) <= ROOM_BITS {
            return records.len();
        }
        let mut before = None;
        let fits = |record: &&Record| {
            used += record_bits(record, before, gap_bits);
            before = Some(record.participant);
            used <= ROOM_BITS
        };
        records.iter().take(MAX_RECORDS).take_while(fits).count()
    }

    fn write(&mut self, section: Section, records: &[Record], gap_bits: u32, bytes: &[u8]) {
        if self.buffer.bits() == 0 {
            encode_header(&self.header).into_iter().for_each(|byte| self.buffer.put(byte.into(), 8));
        }
        let buffer = &mut self.buffer;
        let start = 8 | (section.ring as u64) << 1 | u64::from(section.is_again);
        buffer.put((start << 8 | records.len() as u64) << 4 | u64::from(gap_bits), SECTION_BITS);
        let mut before = None;
        for record in records {
            let gap = gap(before, record.participant);
            before = Some(record.participant);
            let (high, low) = (gap >> gap_bits, u64::from(gap & ((1 << gap_bits) - 1)));
            let (word, bits) = match high < MAX_UNARY {
                true => (((2 << high) - 2) << gap_bits | low, high + 1 + gap_bits),
                false => (((1 << MAX_UNARY) - 1) << 32 | u64::from(gap), MAX_UNARY + 32),
            };
            let (length_bits, string) = (record.kind.length_bits(), &record.bits);
            let word = (word << 2 | record.kind as u64) << length_bits | u64::from(string.count);
            buffer.put(word, bits + 2 + length_bits);
            buffer.put_first(string.first[0], string.count.min(64));
            if string.count > 64 {
                buffer.put_first(string.first[1], (string.count - 64).min(64));
            }
            if string.count > 128 {
                buffer.put_bytes(&bytes[string.from as usize + 16..], string.count - 128);
            }
        }
    }

    fn close(&mut self) {
        let bytes = self.buffer.bytes();
        if !bytes.is_empty() {
            self.full_bits += bytes.len() * 8;
            if self.store.capacity() < bytes.len() {
                self.store = BytesMut::with_capacity(STORE_BYTES);
            }
            self.store.extend_from_slice(bytes);
            self.full.push(self.store.split().freeze());
            self.buffer.clear();
            self.header.sequence = self.header.sequence.wrapping_add(1);
        }
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

/// No less than the records take, quickly.
fn most_bits(records: &[Record], gap_bits: u32) -> u32 {
    let strings: u32 = records.iter().map(|record| record.bits.count).sum();
    let Some(last) = records.last() else { return 0 };
    // A gap that is sent whole takes less than four times its high part, and all gaps together end at the last.
    let gaps = (last.participant.0 >> gap_bits).saturating_mul(4);
    let other = records.len() as u32 * (1 + gap_bits + 2 + RecordKind::MAX_LENGTH_BITS);
    strings.saturating_add(other).saturating_add(gaps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detail::Ring;
    use crate::snapshot::{Bits, decode_header, decode_records_into};
    use proptest::prelude::*;
    use venue_model::Tick;

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
                    let bits = Bits::append(&mut arena, bytes, count);
                    Record { participant: ParticipantId(*number), kind, bits }
                }).collect();
                for record in records.windows(2) {
                    prop_assert!(record_bits(&record[1], Some(record[0].participant), 3) <= most_bits(record, 3));
                }
                packer.section(section, &records, &arena);
                for record in &records {
                    let start = record.bits.from * 8;
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
