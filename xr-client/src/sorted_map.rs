//! A map in one piece of memory, for the few dozen things that come and go while frames are drawn: once it has grown to
//! its size, putting something in asks for no more.
//!
//! It must not know what it holds.

/// A map in the order of its keys.
#[derive(Clone, Debug)]
pub struct SortedMap<K, V>(Vec<(K, V)>);

/// Room from the start.
const ROOM: usize = 128;

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> Self {
        Self(Vec::with_capacity(ROOM))
    }
}

impl<K: Ord + Copy, V> SortedMap<K, V> {
    fn place_of(&self, key: &K) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.cmp(key))
    }

    /// Whether it has this key.
    pub fn contains_key(&self, key: &K) -> bool {
        self.place_of(key).is_ok()
    }

    /// What is behind a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.place_of(key).ok().map(|place| &self.0[place].1)
    }

    /// The same to be changed.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.place_of(key).ok().map(|place| &mut self.0[place].1)
    }

    /// Puts something in, in the place of what was there.
    pub fn insert(&mut self, key: K, value: V) {
        match self.place_of(&key) {
            Ok(place) => self.0[place].1 = value,
            Err(place) => self.0.insert(place, (key, value)),
        }
    }

    /// Puts something in unless there is something.
    pub fn insert_missing(&mut self, key: K, value: impl FnOnce() -> V) {
        if let Err(place) = self.place_of(&key) {
            self.0.insert(place, (key, value()));
        }
    }

    /// Takes something out.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        let place = self.place_of(key).ok()?;
        Some(self.0.remove(place).1)
    }

    /// Keeps what is asked for.
    pub fn retain(&mut self, mut stays: impl FnMut(&K, &mut V) -> bool) {
        self.0.retain_mut(|(key, value)| stays(key, value));
    }

    /// Everything in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// What is behind the keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    /// The same to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn it_is_the_map_that_the_library_has(
            deeds in prop::collection::vec((0u8..4, 0u8..20, any::<u16>()), 0..100),
        ) {
            let (mut map, mut model) = (SortedMap::default(), BTreeMap::new());
            let room = map.0.capacity();
            for (deed, key, value) in deeds {
                match deed {
                    0 => {
                        map.insert(key, value);
                        model.insert(key, value);
                    }
                    1 => {
                        map.insert_missing(key, || value);
                        model.entry(key).or_insert(value);
                    }
                    2 => prop_assert_eq!(map.remove(&key), model.remove(&key)),
                    _ => {
                        map.retain(|known, _| *known != key);
                        model.retain(|known, _| *known != key);
                    }
                }
                prop_assert_eq!((map.get(&key), map.contains_key(&key)), (model.get(&key), model.contains_key(&key)));
                prop_assert!(map.iter().eq(model.iter()));
            }
            prop_assert_eq!(map.0.capacity(), room, "nothing was asked for");
        }
    }
}
