//! How often one person may come in anew: everybody inside hears of each time.
//!
//! It must not know connections. Coming back after a lost connection is no coming in.

use crate::rate::{Bucket, Rate};
use crate::sessions::codes::WaitSecs;
use crate::store::PersonId;
use std::collections::BTreeMap;
use venue_model::ServerTime;

/// Three times at once, for whoever tries another headset; then six times a minute.
const PER_PERSON: Rate = Rate { burst: 3.0, per_second: 0.1 };

/// People who are remembered: all who came in within the half minute that fills a bucket.
const REMEMBERED: usize = 4_096;

/// Slows down whoever leaves and comes in all the time. It outlives the person's stay.
#[derive(Debug, Default)]
pub struct JoinLimiter {
    people: BTreeMap<PersonId, Bucket>,
}

impl JoinLimiter {
    /// Notes that a person comes in, or says how long that must wait.
    pub fn take(&mut self, person: PersonId, now: ServerTime) -> Result<(), WaitSecs> {
        if self.people.len() >= REMEMBERED && !self.people.contains_key(&person) {
            self.people.retain(|_, bucket| !bucket.is_full(now));
            if self.people.len() >= REMEMBERED {
                // Everybody came lately: that is a crowd at the beginning, and no single person's doing.
                self.people.clear();
            }
        }
        let bucket = self.people.entry(person).or_insert_with(|| Bucket::new(PER_PERSON, now));
        if bucket.take(now) { Ok(()) } else { Err(WaitSecs(bucket.wait_secs(now))) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> ServerTime {
        ServerTime(secs * 1_000_000)
    }

    #[test]
    fn a_person_comes_in_three_times_and_then_six_times_a_minute() {
        let mut limiter = JoinLimiter::default();
        let mut came = |secs| (0..10).filter(|_| limiter.take(PersonId(1), at(secs)).is_ok()).count();
        assert_eq!(came(0), 3);
        assert_eq!(came(9), 0);
        assert_eq!((11..=65).map(came).sum::<usize>(), 6);
        assert!(matches!(limiter.take(PersonId(1), at(65)), Err(WaitSecs(5..=6))));
        assert_eq!(limiter.take(PersonId(2), at(65)), Ok(()), "others are not concerned");
    }

    #[test]
    fn the_table_stays_bounded() {
        let mut limiter = JoinLimiter::default();
        for number in 0..20_000 {
            assert_eq!(limiter.take(PersonId(number), at(0)), Ok(()));
        }
        assert!(limiter.people.len() <= REMEMBERED);
    }
}
