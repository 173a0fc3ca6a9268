//! A program's own time, given to everything as an argument.

use std::ops::Add;

/// Microseconds on a program's monotonic clock, from any origin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime(pub u64);

impl LocalTime {
    /// Microseconds from `earlier` to this time, zero when `earlier` is later.
    pub fn micros_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<u64> for LocalTime {
    type Output = Self;
    /// Adds microseconds, saturating.
    fn add(self, micros: u64) -> Self {
        Self(self.0.saturating_add(micros))
    }
}
