//! The limiter of wrong invitation codes, by address and by event.
//!
//! It must not know codes or the store: it hears only how a lookup ended.

use crate::rate::{Bucket, Rate};
use std::collections::BTreeMap;
use std::net::IpAddr;
use venue_model::ServerTime;

/// Wrong codes from one address: ten at once, then one every ten seconds. A person mistypes
/// a few times; a delegation behind one address types for many, and right codes are free.
const PER_ADDRESS: Rate = Rate { burst: 10.0, per_second: 0.1 };

/// Wrong codes for one event from anywhere: with 40-bit codes and a thousand invitations,
/// guessing at this rate from many addresses finds one in about three years.
const PER_EVENT: Rate = Rate { burst: 300.0, per_second: 10.0 };

/// Lookups of one address that may be under way at once, before any is known to be wrong.
const IN_FLIGHT_PER_ADDRESS: u16 = 64;

/// Addresses and events that are remembered; the one that waits least is forgotten first.
const REMEMBERED: usize = 4_096;

/// What is counted together: an IPv4 address, or an IPv6 network of 64 bits, which one
/// subscriber usually has to himself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Neighbourhood(u128);

impl From<IpAddr> for Neighbourhood {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => Self(v4.to_ipv6_mapped().into()),
            IpAddr::V6(v6) => Self(u128::from(v6) & !u128::from(u64::MAX)),
        }
    }
}

#[derive(Debug)]
struct Attempts {
    bucket: Bucket,
    in_flight: u16,
}

/// Slows down whoever tries invitation codes, by address and by event.
#[derive(Debug, Default)]
pub struct CodeLimiter {
    addresses: BTreeMap<Neighbourhood, Attempts>,
    events: BTreeMap<String, Attempts>,
}

/// How long to wait before the next code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitSecs(pub u32);

impl CodeLimiter {
    /// Asks whether a code from `address` for `event` may be looked up; if so, it is under
    /// way until [`CodeLimiter::finish`].
    pub fn begin(&mut self, address: IpAddr, event: &str, now: ServerTime) -> Result<(), WaitSecs> {
        let from_event = entry(&mut self.events, event.to_owned(), PER_EVENT, now);
        if !from_event.bucket.has(now) {
            return Err(WaitSecs(from_event.bucket.wait_secs(now)));
        }
        let attempts = entry(&mut self.addresses, address.into(), PER_ADDRESS, now);
        if !attempts.bucket.has(now) {
            return Err(WaitSecs(attempts.bucket.wait_secs(now)));
        }
        if attempts.in_flight >= IN_FLIGHT_PER_ADDRESS {
            return Err(WaitSecs(1));
        }
        attempts.in_flight += 1;
        Ok(())
    }

    /// Ends a lookup that began; a wrong code costs a token of the address and of the event.
    pub fn finish(&mut self, address: IpAddr, event: &str, outcome: CodeOutcome, now: ServerTime) {
        let attempts = entry(&mut self.addresses, address.into(), PER_ADDRESS, now);
        attempts.in_flight = attempts.in_flight.saturating_sub(1);
        if outcome == CodeOutcome::Wrong {
            attempts.bucket.charge(now);
            entry(&mut self.events, event.to_owned(), PER_EVENT, now).bucket.charge(now);
        }
    }
}

/// What a looked-up code turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeOutcome {
    /// Somebody's.
    Known,
    /// Nobody's.
    Wrong,
    /// The store did not answer.
    Unknown,
}

/// The entry of `key`; makes room first when the table is full.
fn entry<K: Ord + Clone>(
    table: &mut BTreeMap<K, Attempts>,
    key: K,
    rate: Rate,
    now: ServerTime,
) -> &mut Attempts {
    if table.len() >= REMEMBERED && !table.contains_key(&key) {
        table.retain(|_, attempts| attempts.in_flight > 0 || !attempts.bucket.is_full(now));
        let fullest = table.iter().max_by(|(_, a), (_, b)| a.bucket.tokens().total_cmp(&b.bucket.tokens()));
        if let Some(fullest) = fullest.map(|(key, _)| key.clone()).filter(|_| table.len() >= REMEMBERED) {
            table.remove(&fullest);
        }
    }
    table.entry(key).or_insert_with(|| Attempts { bucket: Bucket::new(rate, now), in_flight: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    fn guess(limiter: &mut CodeLimiter, from: IpAddr, outcome: CodeOutcome, now: ServerTime) -> bool {
        let allowed = limiter.begin(from, "wtf-26", now).is_ok();
        if allowed {
            limiter.finish(from, "wtf-26", outcome, now);
        }
        allowed
    }

    #[test]
    fn wrong_codes_of_one_address_are_slowed_down() {
        let mut limiter = CodeLimiter::default();
        let wrong = |limiter: &mut CodeLimiter, at| {
            (0..50).filter(|_| guess(limiter, address(1), CodeOutcome::Wrong, ServerTime(at))).count()
        };
        assert_eq!(wrong(&mut limiter, 0), 10);
        assert_eq!(wrong(&mut limiter, 30 * SECOND), 3);
        assert_eq!(limiter.begin(address(1), "wtf-26", ServerTime(30 * SECOND)), Err(WaitSecs(10)));
        assert!(guess(&mut limiter, address(2), CodeOutcome::Wrong, ServerTime(30 * SECOND)));
    }

    #[test]
    fn right_codes_are_free() {
        let mut limiter = CodeLimiter::default();
        assert!((0..1_000).all(|_| guess(&mut limiter, address(1), CodeOutcome::Known, ServerTime(0))));
    }

    #[test]
    fn guesses_in_flight_are_bounded() {
        let mut limiter = CodeLimiter::default();
        let begun = (0..1_000).filter(|_| limiter.begin(address(1), "e", ServerTime(0)).is_ok()).count();
        assert_eq!(begun, usize::from(IN_FLIGHT_PER_ADDRESS));
    }

    #[test]
    fn one_event_is_guarded_against_many_addresses() {
        let mut limiter = CodeLimiter::default();
        let from = |n: u32| IpAddr::from([10, 0, (n >> 8) as u8, n as u8]);
        let allowed =
            (0..1_000).filter(|&n| guess(&mut limiter, from(n), CodeOutcome::Wrong, ServerTime(0))).count();
        assert_eq!(allowed, 300);
    }

    #[test]
    fn addresses_of_one_network_count_together() {
        let same = |a: &str, b: &str| {
            let read = |text: &str| Neighbourhood::from(text.parse::<IpAddr>().unwrap());
            read(a) == read(b)
        };
        assert!(same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"));
        assert!(!same("2001:db8:1:2::1", "2001:db8:1:3::1"));
        assert!(same("192.0.2.1", "::ffff:192.0.2.1"));
        assert!(!same("192.0.2.1", "192.0.2.2"));
    }

    #[test]
    fn the_table_stays_bounded() {
        let mut limiter = CodeLimiter::default();
        for n in 0..10_000_u32 {
            let from = IpAddr::from(n.to_be_bytes());
            assert!(limiter.begin(from, "e", ServerTime(0)).is_ok());
        }
        assert!(limiter.addresses.len() <= REMEMBERED);
    }
}
