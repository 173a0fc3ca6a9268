//! Numbers for things that may be equal: the same for equal ones, in the order of their first appearance.
//!
//! A table of numbers alone, which fits into the processor's caches where a map of the things themselves does not.

/// What can be looked up: equal things have equal hashes.
pub(crate) trait Key: Copy + Eq {
    /// Any number; its high bits should depend on all of the thing.
    fn hash(&self) -> u64;

    /// Sets things with equal hashes apart, 0 to 7. Neighbours that differ in this alone lie side by side in the table, so
    /// that one fetch from memory serves them all.
    fn near(&self) -> usize {
        0
    }
}

const EMPTY: u32 = u32::MAX;
/// 2⁶⁴ over the golden ratio: the multiplier of Fibonacci hashing (Knuth, volume 3, 6.4).
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

impl Key for [i32; 3] {
    fn hash(&self) -> u64 {
        let [x, y, z] = self.map(|value| u64::from(value as u32));
        ((x >> 3 | y << 32).wrapping_mul(MIX) ^ z).wrapping_mul(MIX)
    }

    fn near(&self) -> usize {
        self[0] as usize & 7
    }
}

impl Key for [u32; 3] {
    fn hash(&self) -> u64 {
        self.map(|value| value as i32).hash()
    }

    fn near(&self) -> usize {
        self[0] as usize & 7
    }
}

/// Things without their doubles, and how each is found.
#[derive(Clone, Debug)]
pub(crate) struct Numbers<K> {
    slots: Vec<u32>,
    shift: u32,
    known: Vec<K>,
}

impl<K: Key> Numbers<K> {
    /// With room for so many things; more make it grow.
    pub(crate) fn with_capacity(count: usize) -> Self {
        let bits = (count.max(8) * 2).next_power_of_two().trailing_zeros();
        Self { slots: vec![EMPTY; 1 << bits], shift: 64 - bits, known: Vec::with_capacity(count) }
    }

    /// The number of a thing, which is new if it was not there.
    pub(crate) fn of(&mut self, key: K) -> u32 {
        let at = self.slot(&key);
        if self.slots[at] != EMPTY {
            return self.slots[at];
        }
        let number = self.known.len() as u32;
        self.slots[at] = number;
        self.known.push(key);
        if self.known.len() * 4 > self.slots.len() * 3 {
            self.grow();
        }
        number
    }

    /// All things, by number.
    pub(crate) fn into_known(self) -> Vec<K> {
        self.known
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.known.len()
    }

    /// Where a thing is, or would be.
    fn slot(&self, key: &K) -> usize {
        let mut at = (key.hash() >> self.shift) as usize ^ key.near();
        while self.slots[at] != EMPTY && self.known[self.slots[at] as usize] != *key {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }

    fn grow(&mut self) {
        self.slots = vec![EMPTY; self.slots.len() * 2];
        self.shift -= 1;
        for number in 0..self.known.len() {
            let at = self.slot(&self.known[number]);
            self.slots[at] = number as u32;
        }
    }
}

/// Pairs that are sorted by their first number, found by it: an index without a map.
pub(crate) struct ByFirst<T> {
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy + Default> ByFirst<T> {
    /// Puts what `pairs` gives twice over, the same each time, into `count` lists, each in the order of its coming.
    pub(crate) fn new<I: Iterator<Item = (u32, T)>>(count: usize, pairs: impl Fn() -> I) -> Self {
        let mut starts = vec![0_u32; count + 2];
        pairs().for_each(|(first, _)| starts[first as usize + 2] += 1);
        for at in 2..starts.len() {
            starts[at] += starts[at - 1];
        }
        let total = starts.last().copied().unwrap_or(0) as usize;
        let mut items = vec![T::default(); total];
        for (first, item) in pairs() {
            let place = &mut starts[first as usize + 1];
            items[*place as usize] = item;
            *place += 1;
        }
        Self { starts, items }
    }

    /// What belongs to a number.
    pub(crate) fn of(&mut self, first: usize) -> &mut [T] {
        &mut self.items[self.starts[first] as usize..self.starts[first + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_things_have_the_number_of_the_first_also_beyond_the_room_that_was_asked_for() {
        let mut numbers = Numbers::with_capacity(4);
        let thing = |at: i32| [at % 700, at % 700 * 3, -(at % 7)];
        for at in 0..4_900 {
            let number = numbers.of(thing(at));
            assert_eq!(numbers.of(thing(at)), number);
        }
        assert_eq!(numbers.len(), 700);
        let known = numbers.into_known();
        assert_eq!(known, (0..700).map(thing).collect::<Vec<_>>());
    }

    #[test]
    fn lists_hold_what_came_in_its_order() {
        let pairs = [(2, 'a'), (0, 'b'), (2, 'c'), (2, 'd')];
        let mut lists = ByFirst::new(3, || pairs.into_iter());
        let found: Vec<String> = (0..3).map(|at| lists.of(at).iter().collect()).collect();
        assert_eq!(found, ["b", "", "acd"]);
    }
}
