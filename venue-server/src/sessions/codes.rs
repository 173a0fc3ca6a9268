//! The limiter of wrong invitation codes, by network and by event.
//!
//! It must not know codes or the store: it hears only how a lookup ended.

use crate::rate::{Bucket, Rate};
use std::collections::BTreeMap;
use std::net::IpAddr;
use venue_model::ServerTime;

/// Wrong codes from one address: ten at once, then one every ten seconds. A person mistypes
/// a few times; a delegation behind one address types for many, and right codes are free.
const PER_ADDRESS: Rate = Rate { burst: 10.0, per_second: 0.1 };

/// Wrong codes from one IPv6 site, which has 65,536 networks to come from.
const PER_SITE: Rate = Rate { burst: 40.0, per_second: 0.4 };

/// Wrong codes for one event from networks that had a wrong one lately: with 40-bit codes and
/// a thousand invitations, guessing at this rate finds one in about three years.
const PER_EVENT: Rate = Rate { burst: 300.0, per_second: 10.0 };

/// Lookups of one address that may be under way at once, before any is known to be wrong.
const IN_FLIGHT_PER_ADDRESS: u16 = 64;

/// The same for an IPv6 site.
const IN_FLIGHT_PER_SITE: u16 = 256;

/// For so long after a wrong code a network shares the event's limit with everybody else who
/// guesses, µs: whoever commands a hundred thousand networks gains 170 guesses a second, and
/// still needs months for one of a thousand codes.
const LATELY_MICROS: u64 = 600_000_000;

/// Networks and events that are remembered.
const REMEMBERED: usize = 16_384;

/// What is counted together: the first bits of an address. An IPv4 address alone; of IPv6 the
/// 64 bits that one subscriber usually has to himself, and the 48 bits of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Neighbourhood {
    first_bits: u128,
    length: u8,
}

impl Neighbourhood {
    /// The neighbourhoods of an address with their limits, the narrowest first.
    fn of(address: IpAddr) -> Vec<(Self, Rate, u16)> {
        let of = |bits: u128, length: u8| Self { first_bits: bits & (u128::MAX << (128 - length)), length };
        match address.to_canonical() {
            IpAddr::V4(v4) => {
                let alone = Self { first_bits: v4.to_ipv6_mapped().into(), length: 128 };
                vec![(alone, PER_ADDRESS, IN_FLIGHT_PER_ADDRESS)]
            }
            IpAddr::V6(v6) => vec![
                (of(v6.into(), 64), PER_ADDRESS, IN_FLIGHT_PER_ADDRESS),
                (of(v6.into(), 48), PER_SITE, IN_FLIGHT_PER_SITE),
            ],
        }
    }
}

#[derive(Debug)]
struct Attempts {
    bucket: Bucket,
    in_flight: u16,
    wrong_at: Option<ServerTime>,
}

impl Attempts {
    fn was_wrong_lately(&self, now: ServerTime) -> bool {
        self.wrong_at.is_some_and(|at| now.micros_since(at) < LATELY_MICROS)
    }

    fn note_wrong(&mut self, now: ServerTime) {
        self.bucket.charge(now);
        self.wrong_at = Some(now);
    }
}

/// Slows down whoever tries invitation codes, by network and by event.
///
/// Guesses from everywhere may use up the event's limit. So that they lock nobody out, it holds
/// only for networks that had a wrong code lately; any other may have one lookup under way.
#[derive(Debug, Default)]
pub struct CodeLimiter {
    networks: BTreeMap<Neighbourhood, Attempts>,
    events: BTreeMap<String, Attempts>,
}

/// How long to wait before the next code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitSecs(pub u32);

impl CodeLimiter {
    /// Asks whether a code from `address` for `event` may be looked up; if so, it is under
    /// way until [`CodeLimiter::finish`].
    pub fn begin(&mut self, address: IpAddr, event: &str, now: ServerTime) -> Result<(), WaitSecs> {
        let from_event = &mut entry(&mut self.events, event.to_owned(), PER_EVENT, now).bucket;
        let event_wait = (!from_event.has(now)).then(|| WaitSecs(from_event.wait_secs(now)));
        let neighbourhoods = Neighbourhood::of(address);
        for &(network, rate, in_flight_limit) in &neighbourhoods {
            let attempts = entry(&mut self.networks, network, rate, now);
            if let Some(wait) = event_wait {
                if attempts.was_wrong_lately(now) {
                    return Err(wait);
                }
                if attempts.in_flight > 0 {
                    return Err(WaitSecs(1));
                }
            }
            if !attempts.bucket.has(now) {
                return Err(WaitSecs(attempts.bucket.wait_secs(now)));
            }
            if attempts.in_flight >= in_flight_limit {
                return Err(WaitSecs(1));
            }
        }
        for (network, rate, _) in neighbourhoods {
            entry(&mut self.networks, network, rate, now).in_flight += 1;
        }
        Ok(())
    }

    /// Ends a lookup that began; a wrong code costs a token of the networks and of the event.
    pub fn finish(&mut self, address: IpAddr, event: &str, outcome: CodeOutcome, now: ServerTime) {
        let is_wrong = outcome == CodeOutcome::Wrong;
        for (network, rate, _) in Neighbourhood::of(address) {
            let attempts = entry(&mut self.networks, network, rate, now);
            attempts.in_flight = attempts.in_flight.saturating_sub(1);
            if is_wrong {
                attempts.note_wrong(now);
            }
        }
        if is_wrong {
            let attempts = entry(&mut self.events, event.to_owned(), PER_EVENT, now);
            // The debt is bounded: many fresh networks with one guess each do not keep it empty for hours.
            if attempts.bucket.tokens() > -PER_EVENT.burst {
                attempts.note_wrong(now);
            }
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
        make_room(table, now);
    }
    table.entry(key).or_insert_with(|| Attempts {
        bucket: Bucket::new(rate, now),
        in_flight: 0,
        wrong_at: None,
    })
}

/// Forgets whoever has nothing against them, and if everybody has, those whose last wrong code
/// is the longest ago: a quarter of the table at once, so that this is seldom.
fn make_room<K: Ord + Clone>(table: &mut BTreeMap<K, Attempts>, now: ServerTime) {
    table.retain(|_, attempts| attempts.in_flight > 0 || attempts.was_wrong_lately(now));
    if table.len() <= REMEMBERED * 3 / 4 {
        return;
    }
    let mut oldest: Vec<_> = table.iter().map(|(key, attempts)| (attempts.wrong_at, key.clone())).collect();
    oldest.sort_unstable();
    oldest.truncate(table.len() - REMEMBERED * 3 / 4);
    for (_, key) in oldest {
        table.remove(&key);
    }
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

    /// Wrong codes for the event from a thousand addresses, three each; how many were looked up.
    fn drain_event(limiter: &mut CodeLimiter) -> usize {
        let from = |n: u32| IpAddr::from([10, 0, (n >> 8) as u8, n as u8]);
        let guesses = (0..3_000).map(|n| from(n / 3));
        guesses.filter(|&from| guess(limiter, from, CodeOutcome::Wrong, ServerTime(0))).count()
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
        // A hundred addresses use the event's limit up; each of the other 900 has its one try.
        assert_eq!(drain_event(&mut limiter), 300 + 900);
        let again = |limiter: &mut CodeLimiter, at| {
            let from = |n: u32| IpAddr::from([10, 0, (n >> 8) as u8, n as u8]);
            (0..1_000)
                .filter(|&n| guess(limiter, from(n), CodeOutcome::Wrong, ServerTime(at * SECOND)))
                .count()
        };
        // The debt of the many tries is bounded and paid before the next guess of those networks.
        assert_eq!(again(&mut limiter, 30), 0);
        assert!((9..=10).contains(&again(&mut limiter, 31)));
    }

    #[test]
    fn who_had_no_wrong_code_gets_in_while_others_guess() {
        let mut limiter = CodeLimiter::default();
        drain_event(&mut limiter);
        let delegation = address(9);
        for _ in 0..100 {
            assert!(guess(&mut limiter, delegation, CodeOutcome::Known, ServerTime(SECOND)));
        }
        assert!(limiter.begin(delegation, "wtf-26", ServerTime(SECOND)).is_ok());
        let second_at_once = limiter.begin(delegation, "wtf-26", ServerTime(SECOND));
        assert_eq!(second_at_once, Err(WaitSecs(1)), "one lookup at a time");
        limiter.finish(delegation, "wtf-26", CodeOutcome::Wrong, ServerTime(SECOND));
        assert!(
            limiter.begin(delegation, "wtf-26", ServerTime(SECOND)).is_err(),
            "and none after a wrong one"
        );
    }

    #[test]
    fn a_site_counts_as_one_beside_its_networks() {
        let from = |network: u16| IpAddr::from([0x2001, 0xdb8, 1, network, 0, 0, 0, 1]);
        let mut limiter = CodeLimiter::default();
        let allowed = (0..1_000).filter(|&n| guess(&mut limiter, from(n), CodeOutcome::Wrong, ServerTime(0)));
        assert_eq!(allowed.count(), 40);
    }

    #[test]
    fn addresses_of_one_network_count_together() {
        let same = |a: &str, b: &str| {
            let read = |text: &str| Neighbourhood::of(text.parse::<IpAddr>().unwrap())[0].0;
            read(a) == read(b)
        };
        assert!(same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"));
        assert!(!same("2001:db8:1:2::1", "2001:db8:1:3::1"));
        assert!(same("192.0.2.1", "::ffff:192.0.2.1"));
        assert!(!same("192.0.2.1", "192.0.2.2"));
    }

    #[test]
    fn the_table_stays_bounded_and_forgets_the_oldest_first() {
        let mut limiter = CodeLimiter::default();
        for n in 0..40_000_u32 {
            let from = IpAddr::from(n.to_be_bytes());
            assert!(limiter.begin(from, "e", ServerTime(u64::from(n))).is_ok());
            limiter.finish(from, &n.to_string(), CodeOutcome::Wrong, ServerTime(u64::from(n)));
        }
        assert!(limiter.networks.len() <= REMEMBERED && limiter.events.len() <= REMEMBERED);
        let last = Neighbourhood::of(IpAddr::from(39_999_u32.to_be_bytes()))[0].0;
        assert!(limiter.networks.contains_key(&last));
    }
}
