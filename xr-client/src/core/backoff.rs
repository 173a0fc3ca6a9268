//! When to try again: soon at first, then ever more seldom, never all clients at the same moment.
//!
//! Time and chance are arguments; it must not know clocks.

/// Shortest pause between two tries, µs.
const FIRST_PAUSE: u64 = 400_000;

/// Longest pause between two tries, µs: a restarted server has everybody back soon.
const LONGEST_PAUSE: u64 = 8_000_000;

/// The pauses between tries to reconnect.
#[derive(Clone, Debug)]
pub struct Backoff {
    tries: u32,
    seed: u64,
}

impl Backoff {
    /// A fresh row of tries; clients with different seeds spread their tries.
    pub fn new(seed: u64) -> Self {
        Self { tries: 0, seed: seed | 1 }
    }

    /// The connection stands: the next loss begins with the shortest pause.
    pub fn reset(&mut self) {
        self.tries = 0;
    }

    /// The pause before the next try, µs: half of it fixed, half by chance.
    pub fn next_pause(&mut self) -> u64 {
        let full = FIRST_PAUSE.saturating_mul(1 << self.tries.min(16)).min(LONGEST_PAUSE);
        self.tries = self.tries.saturating_add(1);
        // Xorshift64* (Vigna, 2016) spreads the tries; nothing secret depends on it.
        self.seed ^= self.seed >> 12;
        self.seed ^= self.seed << 25;
        self.seed ^= self.seed >> 27;
        let chance = self.seed.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        full / 2 + (full / 2) * chance / (1 << 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_limit_and_start_over() {
        let mut backoff = Backoff::new(7);
        let pauses: Vec<u64> = (0..40).map(|_| backoff.next_pause()).collect();
        assert!((FIRST_PAUSE / 2..=FIRST_PAUSE).contains(&pauses[0]));
        assert!(pauses.iter().all(|pause| *pause <= LONGEST_PAUSE));
        assert!(pauses[39] >= LONGEST_PAUSE / 2);
        backoff.reset();
        assert!(backoff.next_pause() <= FIRST_PAUSE);
    }

    #[test]
    fn two_clients_do_not_try_together() {
        let pauses = |seed| {
            let mut backoff = Backoff::new(seed);
            (0..4).map(move |_| backoff.next_pause()).collect::<Vec<_>>()
        };
        assert_ne!(pauses(0x1234_5678_9abc), pauses(0x9876_5432_1fed));
    }
}
