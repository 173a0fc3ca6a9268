//! Sets of small numbers, a bit each.

/// A set of the numbers from 0 up to its capacity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Slots(Vec<u64>);

impl Slots {
    pub(crate) fn clear(&mut self, capacity: usize) {
        self.0.clear();
        self.0.resize(capacity.div_ceil(64), 0);
    }

    pub(crate) fn insert(&mut self, slot: usize) {
        self.0[slot / 64] |= 1 << (slot % 64);
    }

    pub(crate) fn remove(&mut self, slot: usize) {
        self.0[slot / 64] &= !(1 << (slot % 64));
    }

    pub(crate) fn has(&self, slot: usize) -> bool {
        self.0.get(slot / 64).is_some_and(|word| word >> (slot % 64) & 1 == 1)
    }

    /// Becomes what `word` makes of the words of other sets; `word` gets each word's place.
    pub(crate) fn fill(&mut self, words: usize, word: impl Fn(usize) -> u64) {
        self.0.clear();
        self.0.extend((0..words).map(word));
    }

    /// Takes all of the others in.
    pub(crate) fn insert_all(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(word, other)| *word |= other);
    }

    /// Takes all of the others out.
    pub(crate) fn remove_all(&mut self, others: &Self) {
        self.0.iter_mut().zip(&others.0).for_each(|(word, other)| *word &= !other);
    }

    pub(crate) fn word(&self, at: usize) -> u64 {
        self.0[at]
    }

    pub(crate) fn words(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// In growing order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, word)| bits_of(at, *word))
    }

    /// The same set after its numbers have changed: `moved` says where each went.
    pub(crate) fn renumber(&mut self, moved: &[Option<usize>], capacity: usize) {
        let mut renumbered = Self::default();
        renumbered.clear(capacity);
        self.iter()
            .filter_map(|slot| moved.get(slot).copied().flatten())
            .for_each(|slot| renumbered.insert(slot));
        *self = renumbered;
    }
}

/// The numbers in the word of this place.
pub(crate) fn bits_of(at: usize, word: u64) -> impl Iterator<Item = usize> {
    let mut left = word;
    std::iter::from_fn(move || {
        let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
        left &= left - 1;
        Some(at * 64 + bit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn it_is_a_set(steps in prop::collection::vec((0usize..200, any::<bool>()), 0..80)) {
            let (mut slots, mut known) = (Slots::default(), BTreeSet::new());
            slots.clear(200);
            for (slot, is_in) in steps {
                if is_in {
                    slots.insert(slot);
                    known.insert(slot);
                } else {
                    slots.remove(slot);
                    known.remove(&slot);
                }
            }
            prop_assert_eq!(slots.iter().collect::<Vec<_>>(), known.iter().copied().collect::<Vec<_>>());
            prop_assert_eq!(slots.count(), known.len());
            let moved: Vec<_> = (0..200).map(|slot| (slot % 3 != 0).then_some(slot / 2)).collect();
            slots.renumber(&moved, 100);
            let renumbered: BTreeSet<_> = known.iter().filter(|slot| *slot % 3 != 0).map(|slot| slot / 2).collect();
            prop_assert_eq!(slots.iter().collect::<BTreeSet<_>>(), renumbered);
        }
    }
}
