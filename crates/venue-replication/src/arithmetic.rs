//! Arithmetic coding (Witten et al., 1987): a symbol of probability p takes log2(1/p) bits, fractions
//! included. One [`Channel`] goes both ways, so that a format is written down once and can't differ between its ends.
//!
//! Knows no pose. Decoding never fails: whatever the bits are, they are some symbols.

use arrayvec::ArrayVec;

/// Probabilities are counted in this many parts.
pub(crate) const TOTAL: u32 = 1 << 15;

/// Most bytes of a [`BitString`].
pub(crate) const MAX_STRING_BYTES: usize = 127;

const TOP: u32 = 1 << 31;

/// A run of bits that need not fill its last byte.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BitString {
    bytes: ArrayVec<u8, MAX_STRING_BYTES>,
    bits: u32,
    is_full: bool,
}

impl BitString {
    /// How many bits.
    pub fn len(&self) -> u32 {
        self.bits
    }

    /// Whether there is none, which says something, too.
    pub fn is_empty(&self) -> bool {
        self.bits == 0
    }

    /// The bytes, the highest bit first; the last is filled up with zeros.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether something did not fit: then the string has no meaning.
    pub(crate) fn is_full(&self) -> bool {
        self.is_full
    }

    /// The lowest `count` bits of a number that has no others.
    fn push(&mut self, bits: u32, count: u32) {
        let mut left = count;
        while left > 0 {
            let free = 8 - self.bits % 8;
            if free == 8 && self.bytes.try_push(0).is_err() {
                self.is_full = true;
                return;
            }
            let some = free.min(left);
            left -= some;
            if let Some(last) = self.bytes.last_mut() {
                *last |= ((bits >> left & ((1 << some) - 1)) << (free - some)) as u8;
            }
            self.bits += some;
        }
    }

    /// Zeros at the end say nothing: a decoder reads zeros when the bits end.
    fn trim(&mut self) {
        while let Some(last) = self.bytes.last() {
            if *last == 0 {
                self.bytes.pop();
                self.bits = self.bytes.len() as u32 * 8;
            } else {
                self.bits = self.bytes.len() as u32 * 8 - last.trailing_zeros();
                return;
            }
        }
        self.bits = 0;
    }
}

/// A part of [`TOTAL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) from: u32,
    pub(crate) to: u32,
}

/// Symbols with their probabilities: symbol `i` has the part from `cumulative[i]` to `cumulative[i + 1]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Distribution<'a>(pub(crate) &'a [u16]);

impl Distribution<'_> {
    fn interval(self, symbol: usize) -> Interval {
        Interval { from: u32::from(self.0[symbol]), to: u32::from(self.0[symbol + 1]) }
    }

    fn symbol_at(self, part: u32) -> usize {
        self.0.partition_point(|from| u32::from(*from) <= part) - 1
    }
}

/// One direction of a code. What is given is what an encoder writes; a decoder ignores it and returns what it reads.
pub(crate) trait Channel {
    /// A symbol of a distribution, which must have it.
    fn symbol(&mut self, symbol: usize, distribution: Distribution<'_>) -> usize;

    /// A yes or no, of which yes comes in this many parts of [`TOTAL`] (neither none nor all).
    fn flag(&mut self, value: bool, parts: u32) -> bool {
        let cumulative = [0, (TOTAL - parts) as u16, TOTAL as u16];
        self.symbol(usize::from(value), Distribution(&cumulative)) == 1
    }

    /// The lowest `bits` (at most 14) of a number of which nothing is known.
    fn number(&mut self, value: u32, bits: u32) -> u32;

    /// The lowest `bits` (at most 32) of a number of which nothing is known.
    fn wide(&mut self, value: u32, bits: u32) -> u32 {
        let (mut left, mut read) = (bits, 0);
        while left > 0 {
            let part = left.min(14);
            left -= part;
            read = read << part | self.number(value >> left & ((1 << part) - 1), part);
        }
        read
    }
}

/// The numbers that what follows may still become, both ends included.
#[derive(Clone, Copy, Debug)]
struct Window {
    low: u32,
    high: u32,
}

/// How the window grows when it has become small.
#[derive(Clone, Copy, Debug)]
struct Growth {
    /// So many of the highest bits are known: these.
    known: u32,
    bits: u32,
    /// The window lies around the middle, so many times: the next known bit is followed by as many of its opposites.
    around: u32,
}

impl Window {
    const ALL: Self = Self { low: 0, high: u32::MAX };

    fn size(self) -> u64 {
        u64::from(self.high - self.low) + 1
    }

    fn narrow(&mut self, interval: Interval) {
        let (low, size) = (u64::from(self.low), self.size());
        self.high = (low + size * u64::from(interval.to) / u64::from(TOTAL) - 1) as u32;
        self.low = (low + size * u64::from(interval.from) / u64::from(TOTAL)) as u32;
    }

    /// Doubles the window as often as it is small: a window of more than a quarter stays.
    fn grow(&mut self) -> Growth {
        let known = (self.low ^ self.high).leading_zeros().min(31);
        let bits = (u64::from(self.low) >> (32 - known)) as u32;
        (self.low, self.high) = (self.low << known, self.high << known | ((1 << known) - 1));
        let around = (self.low << 1).leading_ones().min((self.high << 1).leading_zeros()).min(31);
        if around > 0 {
            self.low = self.low << around & !TOP;
            self.high = self.high << around | TOP | ((1 << around) - 1);
        }
        Growth { known, bits, around }
    }
}

/// Writes symbols.
#[derive(Debug)]
pub(crate) struct ArithmeticEncoder {
    window: Window,
    pending: u32,
    out: BitString,
}

impl ArithmeticEncoder {
    pub(crate) fn new() -> Self {
        Self { window: Window::ALL, pending: 0, out: BitString::default() }
    }

    fn narrow(&mut self, interval: Interval) {
        self.window.narrow(interval);
        let Growth { known, bits, around } = self.window.grow();
        self.emit(bits, known);
        self.pending += around;
    }

    fn emit(&mut self, bits: u32, count: u32) {
        if count == 0 {
            return;
        }
        let first = bits >> (count - 1);
        self.out.push(first, 1);
        while self.pending > 0 {
            let some = self.pending.min(16);
            self.out.push(if first == 0 { (1 << some) - 1 } else { 0 }, some);
            self.pending -= some;
        }
        self.out.push(bits & ((1 << (count - 1)) - 1), count - 1);
    }

    /// The shortest bits that say all symbols.
    pub(crate) fn finish(mut self) -> BitString {
        // The number within the window that ends in the most zeros, which need not be sent.
        let Window { low, high } = self.window;
        let kept = (1..=32).find(|kept| {
            let unit = 1u64 << (32 - kept);
            u64::from(low).div_ceil(unit) * unit <= u64::from(high)
        });
        let kept = kept.unwrap_or(32);
        let unit = 1u64 << (32 - kept);
        let number = u64::from(low).div_ceil(unit) * unit;
        for bit in (32 - kept..32).rev() {
            self.emit((number >> bit & 1) as u32, 1);
        }
        self.out.trim();
        self.out
    }
}

impl Channel for ArithmeticEncoder {
    fn symbol(&mut self, symbol: usize, distribution: Distribution<'_>) -> usize {
        self.narrow(distribution.interval(symbol));
        symbol
    }

    fn number(&mut self, value: u32, bits: u32) -> u32 {
        let part = TOTAL >> bits;
        self.narrow(Interval { from: value * part, to: (value + 1) * part });
        value
    }
}

/// Reads symbols.
#[derive(Debug)]
pub(crate) struct ArithmeticDecoder<'a> {
    bytes: &'a [u8],
    at: u32,
    end: u32,
    window: Window,
    value: u32,
}

impl<'a> ArithmeticDecoder<'a> {
    /// A decoder of the bits from `start` up to `end`; behind them are zeros.
    pub(crate) fn new(bytes: &'a [u8], start: u32, end: u32) -> Self {
        let mut decoder = Self { bytes, at: start, end, window: Window::ALL, value: 0 };
        decoder.value = decoder.next_bits(32);
        decoder
    }

    /// The next bits, at most 32.
    fn next_bits(&mut self, count: u32) -> u32 {
        let left = self.end.saturating_sub(self.at);
        let rest = self.bytes.get(self.at as usize / 8..).unwrap_or(&[]);
        let mut word = [0; 8];
        match rest.first_chunk::<8>() {
            Some(first) => word = *first,
            None => word[..rest.len()].copy_from_slice(rest),
        }
        let bits = u64::from_be_bytes(word) << (self.at % 8) >> 32;
        // Behind the end are zeros.
        let bits = if left < 32 { bits >> (32 - left) << (32 - left) } else { bits };
        self.at += count.min(left);
        (bits >> (32 - count)) as u32
    }

    /// Which part of the whole comes next.
    fn part(&self) -> u32 {
        let offset = u64::from(self.value - self.window.low) + 1;
        ((offset * u64::from(TOTAL) - 1) / self.window.size()) as u32
    }

    fn narrow(&mut self, interval: Interval) {
        self.window.narrow(interval);
        let Growth { known, around, .. } = self.window.grow();
        self.value = (u64::from(self.value) << known) as u32 | self.next_bits(known);
        if around > 0 {
            self.value = self.value << around ^ TOP | self.next_bits(around);
        }
    }
}

impl Channel for ArithmeticDecoder<'_> {
    fn symbol(&mut self, _: usize, distribution: Distribution<'_>) -> usize {
        let symbol = distribution.symbol_at(self.part());
        self.narrow(distribution.interval(symbol));
        symbol
    }

    fn number(&mut self, _: u32, bits: u32) -> u32 {
        let value = self.part() >> (TOTAL.trailing_zeros() - bits);
        let part = TOTAL >> bits;
        self.narrow(Interval { from: value * part, to: (value + 1) * part });
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cumulative(weights: &[u16]) -> Vec<u16> {
        let sum: u32 = weights.iter().map(|weight| u32::from(*weight)).sum();
        let room = TOTAL - weights.len() as u32;
        let mut at = 0;
        let mut parts = vec![0];
        for weight in weights {
            at += 1 + u32::from(*weight) * room / sum;
            parts.push(at as u16);
        }
        *parts.last_mut().unwrap() = TOTAL as u16;
        parts
    }

    proptest! {
        #[test]
        fn symbols_round_trip_at_any_place_among_other_bits(
            weights in prop::collection::vec(1u16..500, 2..30),
            symbols in prop::collection::vec(any::<prop::sample::Index>(), 0..120),
            numbers in prop::collection::vec((any::<u32>(), 0u32..=32), 0..8),
            odds in 1..TOTAL, start in 0u32..20,
        ) {
            let parts = cumulative(&weights);
            let mut encoder = ArithmeticEncoder::new();
            for (at, symbol) in symbols.iter().enumerate() {
                encoder.symbol(symbol.index(weights.len()), Distribution(&parts));
                encoder.flag(at % 3 == 0, odds);
            }
            for (value, bits) in &numbers {
                encoder.wide(*value, *bits);
            }
            let string = encoder.finish();
            prop_assume!(!string.is_full());
            // The same bits somewhere else, with ones all around.
            let mut bytes = vec![0xff; 40 + string.bytes().len()];
            for bit in 0..string.len() {
                let (from, to) = (bit as usize, (start + bit) as usize);
                let value = string.bytes()[from / 8] >> (7 - from % 8) & 1;
                bytes[to / 8] = bytes[to / 8] & !(1 << (7 - to % 8)) | value << (7 - to % 8);
            }
            let mut decoder = ArithmeticDecoder::new(&bytes, start, start + string.len());
            for (at, symbol) in symbols.iter().enumerate() {
                prop_assert_eq!(decoder.symbol(0, Distribution(&parts)), symbol.index(weights.len()));
                prop_assert_eq!(decoder.flag(false, odds), at % 3 == 0);
            }
            for (value, bits) in &numbers {
                let mask = ((1u64 << bits) - 1) as u32;
                prop_assert_eq!(decoder.wide(0, *bits), value & mask);
            }
        }

        #[test]
        fn any_bits_are_some_symbols(bytes in prop::collection::vec(any::<u8>(), 0..20), odds in 1..TOTAL) {
            let mut decoder = ArithmeticDecoder::new(&bytes, 3, bytes.len() as u32 * 8);
            let yes = (0..200).filter(|_| decoder.flag(false, odds)).count();
            prop_assert!(yes <= 200 && decoder.wide(0, 20) < 1 << 20);
        }
    }

    #[test]
    fn a_symbol_takes_the_logarithm_of_its_probability() {
        let mut encoder = ArithmeticEncoder::new();
        for at in 0..1000 {
            encoder.flag(at % 10 == 0, TOTAL / 10);
            if encoder.out.len() > 400 {
                break;
            }
        }
        let string = encoder.finish();
        let bits = string.len() as f32;
        assert!(bits > 400.0 && bits < 440.0, "{bits}");
    }

    #[test]
    fn what_is_nearly_certain_takes_no_bit() {
        let mut encoder = ArithmeticEncoder::new();
        (0..20).for_each(|_| {
            encoder.flag(false, 300);
        });
        assert!(encoder.finish().len() <= 1);
    }

    #[test]
    fn too_much_is_noticed() {
        let mut encoder = ArithmeticEncoder::new();
        (0..100).for_each(|_| {
            encoder.wide(0xdead_beef, 32);
        });
        assert!(encoder.finish().is_full());
    }
}
