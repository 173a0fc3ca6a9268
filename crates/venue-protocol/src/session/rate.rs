//! A token bucket: how often something may happen. Time is an argument.

use crate::LocalTime;

/// Allows `per_second` on average and `burst` at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    micros_per_token: u64,
    capacity_micros: u64,
    /// The bucket's content, as the time that it took to fill.
    level_micros: u64,
    at: LocalTime,
}

impl Bucket {
    pub(super) fn new(per_second: u64, burst: u64, now: LocalTime) -> Self {
        let micros_per_token = 1_000_000 / per_second.max(1);
        let capacity_micros = burst * micros_per_token;
        Self { micros_per_token, capacity_micros, level_micros: capacity_micros, at: now }
    }

    /// Takes one token; false when there is none.
    pub(super) fn take(&mut self, now: LocalTime) -> bool {
        let filled = self.level_micros.saturating_add(now.micros_since(self.at));
        self.level_micros = filled.min(self.capacity_micros);
        self.at = self.at.max(now);
        let left = self.level_micros.checked_sub(self.micros_per_token);
        self.level_micros = left.unwrap_or(self.level_micros);
        left.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_allowed_and_then_the_rate() {
        let mut bucket = Bucket::new(10, 3, LocalTime(0));
        let taken = |bucket: &mut Bucket, at| (0..10).filter(|_| bucket.take(LocalTime(at))).count();
        assert_eq!(taken(&mut bucket, 0), 3);
        assert_eq!(taken(&mut bucket, 99_999), 0);
        assert_eq!(taken(&mut bucket, 100_000), 1);
        assert_eq!(taken(&mut bucket, 60_000_000), 3);
    }
}
