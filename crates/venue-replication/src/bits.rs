//! Bits into bytes and back, the highest bit first. Knows no pose.

use arrayvec::ArrayVec;

/// Writes bits into at most `MAX` bytes, without allocating; the last byte is filled up with zeros.
#[derive(Debug, Default)]
pub(crate) struct BitWriter<const MAX: usize> {
    bytes: ArrayVec<u8, MAX>,
    pending: u64,
    count: u32,
}

impl<const MAX: usize> BitWriter<MAX> {
    /// The lowest `bits` (at most 32) of `value`.
    pub(crate) fn put(&mut self, value: u32, bits: u32) {
        let mask = (1u64 << bits) - 1;
        self.pending = self.pending << bits | (u64::from(value) & mask);
        self.count += bits;
        while self.count >= 8 {
            self.count -= 8;
            self.bytes.push((self.pending >> self.count) as u8);
        }
    }

    /// The bytes.
    pub(crate) fn finish(mut self) -> ArrayVec<u8, MAX> {
        if self.count > 0 {
            self.bytes.push((self.pending << (8 - self.count)) as u8);
        }
        self.bytes
    }
}

/// Collects the bits of a datagram, many at once.
#[derive(Debug)]
pub(crate) struct BitBuffer {
    /// Longer by a word than what may be collected.
    bytes: Box<[u8]>,
    at: usize,
    /// The bits behind the last whole byte, the first highest, and how many.
    last: u64,
    count: u32,
}

impl BitBuffer {
    /// For so many bytes.
    pub(crate) fn new(max_bytes: usize) -> Self {
        Self { bytes: vec![0; max_bytes + 8].into_boxed_slice(), at: 0, last: 0, count: 0 }
    }

    pub(crate) fn clear(&mut self) {
        (self.at, self.last, self.count) = (0, 0, 0);
    }

    pub(crate) fn bits(&self) -> u32 {
        self.at as u32 * 8 + self.count
    }

    /// The lowest `bits`, from 1 to 64, of a number that has no others.
    pub(crate) fn put(&mut self, value: u64, bits: u32) {
        self.put_first(value << (64 - bits), bits);
    }

    /// The highest `bits`, at most 64, of a number that has no others.
    pub(crate) fn put_first(&mut self, value: u64, bits: u32) {
        let word = self.last | value >> self.count;
        self.bytes[self.at..self.at + 8].copy_from_slice(&word.to_be_bytes());
        let all = self.count + bits;
        self.last = if all < 64 { word << (all & !7) } else { value << 1 << (63 - self.count) };
        self.at += (all / 8) as usize;
        self.count = all % 8;
    }

    /// The first `bits` of a string.
    pub(crate) fn put_bytes(&mut self, string: &[u8], bits: u32) {
        for (number, bytes) in string[..(bits as usize).div_ceil(8)].chunks(8).enumerate() {
            let mut word = [0; 8];
            word[..bytes.len()].copy_from_slice(bytes);
            let take = (bits - number as u32 * 64).min(64);
            self.put(u64::from_be_bytes(word) >> (64 - take), take);
        }
    }

    /// All, the last byte filled up with zeros.
    pub(crate) fn bytes(&mut self) -> &[u8] {
        self.bytes[self.at] = (self.last >> 56) as u8;
        &self.bytes[..self.at + usize::from(self.count > 0)]
    }
}

/// Reads bits.
#[derive(Debug)]
pub(crate) struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> BitReader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Which bit comes next.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Bits that are left.
    pub(crate) fn left(&self) -> usize {
        (self.bytes.len() * 8).saturating_sub(self.at)
    }

    /// Passes over bits; none when there are not so many.
    pub(crate) fn skip(&mut self, bits: usize) -> Option<()> {
        self.at += (bits <= self.left()).then_some(bits)?;
        Some(())
    }

    /// The next `bits` (at most 32); none when the bytes end.
    pub(crate) fn take(&mut self, bits: u32) -> Option<u32> {
        let end = self.at + bits as usize;
        if end > self.bytes.len() * 8 {
            return None;
        }
        let touched = &self.bytes[self.at / 8..end.div_ceil(8)];
        let window = touched.iter().fold(0u64, |window, byte| window << 8 | u64::from(*byte));
        let spare = touched.len() * 8 - self.at % 8 - bits as usize;
        self.at = end;
        Some((window >> spare & ((1 << bits) - 1)) as u32)
    }

    /// Bytes that were touched so far. The rest of the last one must be zero: one value, one encoding.
    pub(crate) fn finish(mut self) -> Option<usize> {
        let rest = (8 - self.at % 8) % 8;
        let padding = self.take(rest as u32)?;
        (padding == 0).then_some(self.at / 8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_highest_bit_comes_first() {
        let mut writer = BitWriter::<2>::default();
        writer.put(0b101, 3);
        writer.put(0b11111, 5);
        writer.put(1, 1);
        assert_eq!(writer.finish()[..], [0b1011_1111, 0b1000_0000]);
    }

    #[test]
    fn padding_must_be_zero() {
        let mut reader = BitReader::new(&[0b1010_0001]);
        assert_eq!(reader.take(3), Some(0b101));
        assert_eq!(reader.finish(), None);
    }

    proptest! {
        #[test]
        fn many_bits_at_once_are_the_same_bits(
            parts in prop::collection::vec((any::<u64>(), 1u32..=64, any::<bool>()), 0..60),
            string in prop::collection::vec(any::<u8>(), 0..40), less in 0u32..8,
        ) {
            let mut buffer = BitBuffer::new(600);
            let mut bits = Vec::new();
            for (value, count, is_first) in parts {
                let value = value >> (64 - count);
                bits.extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
                match is_first {
                    true => buffer.put_first(value << (64 - count), count),
                    false => buffer.put(value, count),
                }
            }
            let count = (string.len() as u32 * 8).saturating_sub(less);
            buffer.put_bytes(&string, count);
            bits.extend((0..count).map(|bit| string[bit as usize / 8] >> (7 - bit % 8) & 1 == 1));
            prop_assert_eq!(buffer.bits() as usize, bits.len());
            let bytes = buffer.bytes();
            prop_assert_eq!(bytes.len(), bits.len().div_ceil(8));
            bits.resize(bytes.len() * 8, false);
            let seen: Vec<_> = (0..bits.len()).map(|bit| bytes[bit / 8] >> (7 - bit % 8) & 1 == 1).collect();
            prop_assert_eq!(seen, bits);
        }

        #[test]
        fn bits_round_trip(values in prop::collection::vec((any::<u32>(), 1u32..=32), 0..40)) {
            let mut writer = BitWriter::<160>::default();
            values.iter().for_each(|(value, bits)| writer.put(*value, *bits));
            let bytes = writer.finish();
            let mut reader = BitReader::new(&bytes);
            for (value, bits) in values {
                let mask = (1u64 << bits) - 1;
                prop_assert_eq!(reader.take(bits), Some((u64::from(value) & mask) as u32));
            }
            prop_assert_eq!(reader.finish(), Some(bytes.len()));
        }
    }
}
