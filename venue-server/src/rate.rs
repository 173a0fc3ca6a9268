//! A rate limit: tokens that are taken one by one and come back with time.
//!
//! It must not know what is limited, nor any clock: the time is an argument.

use venue_model::ServerTime;

/// A bucket's size and refill.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// So many at once.
    pub burst: f32,
    /// So many a second in the long run.
    pub per_second: f32,
}

/// Tokens that are taken one by one and come back with time.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    rate: Rate,
    tokens: f32,
    filled_at: ServerTime,
}

impl Bucket {
    /// A full bucket.
    pub fn new(rate: Rate, now: ServerTime) -> Self {
        Self { rate, tokens: rate.burst, filled_at: now }
    }

    /// Takes a token if there is one.
    pub fn take(&mut self, now: ServerTime) -> bool {
        let enough = self.has(now);
        if enough {
            self.tokens -= 1.0;
        }
        enough
    }

    /// Whether there is a token to take.
    pub fn has(&mut self, now: ServerTime) -> bool {
        self.refill(now);
        self.tokens >= 1.0
    }

    /// Seconds until there is a token.
    pub fn wait_secs(&mut self, now: ServerTime) -> u32 {
        self.refill(now);
        ((1.0 - self.tokens).max(0.0) / self.rate.per_second).ceil() as u32
    }

    /// Whether nothing was taken lately.
    pub fn is_full(&mut self, now: ServerTime) -> bool {
        self.refill(now);
        self.tokens >= self.rate.burst
    }

    /// Takes a token even if there is none: the debt is paid with time.
    pub fn charge(&mut self, now: ServerTime) {
        self.refill(now);
        self.tokens -= 1.0;
    }

    /// Tokens now; negative is debt.
    pub fn tokens(&self) -> f32 {
        self.tokens
    }

    fn refill(&mut self, now: ServerTime) {
        let micros = now.micros_since(self.filled_at);
        self.filled_at = self.filled_at.max(now);
        self.tokens = (self.tokens + micros as f32 * 1e-6 * self.rate.per_second).min(self.rate.burst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000;

    #[test]
    fn a_bucket_gives_its_burst_and_then_its_rate() {
        let mut bucket = Bucket::new(Rate { burst: 3.0, per_second: 2.0 }, ServerTime(0));
        let taken = |bucket: &mut Bucket, at| (0..10).filter(|_| bucket.take(ServerTime(at))).count();
        assert_eq!(taken(&mut bucket, 0), 3);
        assert_eq!(taken(&mut bucket, SECOND), 2);
        assert_eq!(bucket.wait_secs(ServerTime(SECOND)), 1);
        assert_eq!(taken(&mut bucket, 100 * SECOND), 3);
    }
}
