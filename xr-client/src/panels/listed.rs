//! A long list that is compared in each frame and changes seldom.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicU64, Ordering};

/// Every change of any list has a number of its own.
static CHANGES: AtomicU64 = AtomicU64::new(1);

/// A list and the number of its last change: copies with the same number are equal without a look at what they hold.
#[derive(Debug)]
pub struct Listed<T> {
    items: Vec<T>,
    change: u64,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl<T> From<Vec<T>> for Listed<T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, change: CHANGES.fetch_add(1, Ordering::Relaxed) }
    }
}

impl<T: Clone> Clone for Listed<T> {
    fn clone(&self) -> Self {
        Self { items: self.items.clone(), change: self.change }
    }

    fn clone_from(&mut self, other: &Self) {
        self.items.clone_from(&other.items);
        self.change = other.change;
    }
}

impl<T: PartialEq> PartialEq for Listed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.change == other.change || self.items == other.items
    }
}

impl<T> Deref for Listed<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.items
    }
}

/// Whoever may write has changed it.
impl<T> DerefMut for Listed<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        self.change = CHANGES.fetch_add(1, Ordering::Relaxed);
        &mut self.items
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Something that must not be compared.
    #[derive(Clone)]
    struct Dear;

    impl PartialEq for Dear {
        fn eq(&self, _: &Self) -> bool {
            panic!("it was compared")
        }
    }

    #[test]
    fn copies_are_equal_without_a_look() {
        let list = Listed::from(vec![Dear, Dear]);
        assert!(list.clone() == list);
    }

    #[test]
    fn what_was_changed_is_compared() {
        let list = Listed::from(vec![1, 2]);
        let mut other = list.clone();
        other.push(3);
        assert!(other != list);
        other.pop();
        assert!(other == list && Listed::from(vec![1, 2]) == list);
    }
}
