//! Who may open a connection: how many at once, how many handshakes, how fast from one address.
//! Newcomers, whom the program did not let in yet, have places of their own, so that they never
//! keep out those whom it will.

use crate::network_quota::{NetworkQuota, QuotaPermit, network_of};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What one server takes.
#[derive(Clone, Debug)]
pub struct ServerLimits {
    /// Connections at once whom the program let in.
    pub max_connections: usize,
    /// Connections at once that it did not let in yet, beside those; more are refused and may try again.
    pub max_newcomers: usize,
    /// Of these from one network: an IPv4 address, or an IPv6 /48.
    pub max_newcomers_per_network: usize,
    /// Handshakes at once, a part of the newcomers.
    pub max_handshakes: usize,
    /// New connections a second from one address, on average. A delegation behind one address counts as one.
    pub address_rate_per_sec: f64,
    /// New connections at once from one address.
    pub address_burst: u32,
    /// Files that one client fetches at the same time.
    pub file_streams: u32,
    /// Time for the handshake and the control stream.
    pub handshake_timeout: Duration,
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self {
            max_connections: 2_000,
            max_newcomers: 500,
            max_newcomers_per_network: 64,
            max_handshakes: 200,
            address_rate_per_sec: 20.0,
            address_burst: 400,
            file_streams: 4,
            handshake_timeout: Duration::from_secs(5),
        }
    }
}

/// Addresses whose rate is remembered; when there are more, those that rested longest are forgotten.
const MAX_ADDRESSES: usize = 4_096;

/// Bits of an IPv6 address that one subscriber has to himself; the rate counts them as one address.
const SUBSCRIBER_BITS: u32 = 64;

/// What a connection is given at the door.
#[derive(Debug)]
pub(super) struct Slots {
    /// Held until its last event was taken.
    pub(super) seat: Arc<Seat>,
    /// Given back when the handshake is over.
    pub(super) handshake: OwnedSemaphorePermit,
}

/// What a connection holds: first a newcomer's place, then one among those who were let in.
#[derive(Debug)]
pub(super) struct Seat {
    held: Mutex<Held>,
    connections: Arc<Semaphore>,
}

#[derive(Debug)]
enum Held {
    Newcomer { _permit: QuotaPermit },
    LetIn { _permit: OwnedSemaphorePermit },
}

impl Seat {
    /// The program let the connection in: its first place is free for the next newcomer. When all
    /// other places are taken (somebody takes over from a device that is not gone yet) it stays.
    pub(super) fn let_in(&self) {
        // No code panics while it holds the lock.
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Held::Newcomer { .. } = *held
            && let Ok(permit) = self.connections.clone().try_acquire_owned()
        {
            *held = Held::LetIn { _permit: permit };
        }
    }
}

/// What to do with somebody who knocks.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Let them in.
    Accept(Slots),
    /// Let them prove that the address is theirs first (RFC 9000 §8.1.2).
    Validate,
    /// Tell them to come later.
    Refuse,
}

/// Keeps the door.
#[derive(Debug)]
pub(super) struct Doorkeeper {
    limits: ServerLimits,
    newcomers: NetworkQuota,
    connections: Arc<Semaphore>,
    handshakes: Arc<Semaphore>,
    addresses: HashMap<IpAddr, Allowance>,
}

#[derive(Clone, Copy, Debug)]
struct Allowance {
    tokens: f64,
    at: Instant,
}

impl Doorkeeper {
    pub(super) fn new(limits: ServerLimits) -> Self {
        Self {
            newcomers: NetworkQuota::new(limits.max_newcomers, limits.max_newcomers_per_network),
            connections: Arc::new(Semaphore::new(limits.max_connections)),
            handshakes: Arc::new(Semaphore::new(limits.max_handshakes)),
            addresses: HashMap::new(),
            limits,
        }
    }

    /// Decides about one attempt. `is_validated` says that the address was proved.
    pub(super) fn admit(&mut self, address: IpAddr, is_validated: bool, now: Instant) -> Verdict {
        // Under load every address has to be proved, so that forged ones take no slots.
        let is_loaded = self.handshakes.available_permits() <= self.limits.max_handshakes / 2;
        if is_loaded && !is_validated {
            return Verdict::Validate;
        }
        if !self.take_token(network_of(address, SUBSCRIBER_BITS), now) {
            return if is_validated { Verdict::Refuse } else { Verdict::Validate };
        }
        let Ok(handshake) = self.handshakes.clone().try_acquire_owned() else { return Verdict::Refuse };
        let Some(permit) = self.newcomers.take(address) else {
            // A forged address is nobody's place.
            return if is_validated { Verdict::Refuse } else { Verdict::Validate };
        };
        let held = Mutex::new(Held::Newcomer { _permit: permit });
        let seat = Arc::new(Seat { held, connections: self.connections.clone() });
        Verdict::Accept(Slots { seat, handshake })
    }

    fn take_token(&mut self, network: IpAddr, now: Instant) -> bool {
        if self.addresses.len() >= MAX_ADDRESSES && !self.addresses.contains_key(&network) {
            self.forget_rested(now);
        }
        let ServerLimits { address_rate_per_sec: rate, address_burst: burst, .. } = self.limits;
        let full = Allowance { tokens: f64::from(burst), at: now };
        let allowance = self.addresses.entry(network).or_insert(full);
        let earned = now.saturating_duration_since(allowance.at).as_secs_f64() * rate;
        allowance.tokens = (allowance.tokens + earned).min(f64::from(burst));
        allowance.at = now;
        let is_allowed = allowance.tokens >= 1.0;
        if is_allowed {
            allowance.tokens -= 1.0;
        }
        is_allowed
    }

    fn forget_rested(&mut self, now: Instant) {
        let refill = f64::from(self.limits.address_burst) / self.limits.address_rate_per_sec.max(1e-3);
        let full_again = Duration::from_secs_f64(refill.min(3600.0));
        self.addresses.retain(|_, allowance| now.saturating_duration_since(allowance.at) < full_again);
        if self.addresses.len() >= MAX_ADDRESSES {
            // Everybody came lately: this is a flood, and the other limits hold it.
            self.addresses.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

    fn doorkeeper(max_newcomers: usize, max_handshakes: usize, address_burst: u32) -> Doorkeeper {
        let limits = ServerLimits { max_newcomers, max_handshakes, address_burst, ..ServerLimits::default() };
        Doorkeeper::new(ServerLimits { address_rate_per_sec: 1.0, ..limits })
    }

    #[test]
    fn newcomers_are_limited_and_their_places_come_back() {
        let mut door = doorkeeper(1, 100, 100);
        let now = Instant::now();
        let admit = |door: &mut Doorkeeper| door.admit(HERE, true, now);
        let Verdict::Accept(first) = admit(&mut door) else { panic!("room for one") };
        assert!(matches!(admit(&mut door), Verdict::Refuse));
        drop(first);
        assert!(matches!(admit(&mut door), Verdict::Accept(_)));
    }

    #[test]
    fn who_is_let_in_makes_room_for_the_next_newcomer() {
        let limits = ServerLimits { max_connections: 2, max_newcomers: 1, ..ServerLimits::default() };
        let mut door = Doorkeeper::new(limits);
        let now = Instant::now();
        let mut inside = Vec::new();
        for _ in 0..2 {
            let Verdict::Accept(slots) = door.admit(HERE, true, now) else { panic!("room for a newcomer") };
            slots.seat.let_in();
            slots.seat.let_in();
            inside.push(slots);
        }
        let Verdict::Accept(third) = door.admit(HERE, true, now) else { panic!("room for a newcomer") };
        third.seat.let_in();
        assert!(matches!(door.admit(HERE, true, now), Verdict::Refuse), "all other places are taken");
        drop(third);
        assert!(matches!(door.admit(HERE, true, now), Verdict::Accept(_)));
    }

    #[test]
    fn who_never_asks_to_come_in_keeps_nobody_out() {
        let mut door = doorkeeper(500, 1_000, 1_000);
        let now = Instant::now();
        let from = |number: u8| IpAddr::V4(Ipv4Addr::new(198, 51, 100, number));
        let mut held = Vec::new();
        for number in 0..20 {
            let accepted = (0..100).map(|_| door.admit(from(number), true, now));
            let accepted: Vec<_> = accepted.filter(|verdict| matches!(verdict, Verdict::Accept(_))).collect();
            assert!(!accepted.is_empty() && accepted.len() <= 64);
            held.extend(accepted);
        }
        assert!(matches!(door.admit(HERE, true, now), Verdict::Accept(_)));
    }

    #[test]
    fn one_address_is_slowed_down_and_others_are_not() {
        let mut door = doorkeeper(100, 100, 2);
        let now = Instant::now();
        let accepted = |door: &mut Doorkeeper, address, now| {
            (0..5).filter(|_| matches!(door.admit(address, true, now), Verdict::Accept(_))).count()
        };
        assert_eq!(accepted(&mut door, HERE, now), 2);
        assert_eq!(accepted(&mut door, IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2)), now), 2);
        assert_eq!(accepted(&mut door, HERE, now + Duration::from_secs(1)), 1);
        let v6 = |last| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 1, 0, 0, 0, last));
        assert_eq!(accepted(&mut door, v6(1), now), 2);
        assert_eq!(accepted(&mut door, v6(2), now), 0, "a /64 is one customer");
    }

    #[test]
    fn under_load_addresses_must_be_proved() {
        let mut door = doorkeeper(100, 4, 100);
        let now = Instant::now();
        let held: Vec<Verdict> = (0..2).map(|_| door.admit(HERE, false, now)).collect();
        assert!(held.iter().all(|verdict| matches!(verdict, Verdict::Accept(_))));
        assert!(matches!(door.admit(HERE, false, now), Verdict::Validate));
        assert!(matches!(door.admit(HERE, true, now), Verdict::Accept(_)));
    }

    #[test]
    fn a_flood_of_addresses_takes_no_memory() {
        let mut door = doorkeeper(10, 10, 1);
        let now = Instant::now();
        for number in 0..20_000u32 {
            door.admit(IpAddr::V4(Ipv4Addr::from_bits(number)), true, now);
        }
        assert!(door.addresses.len() <= MAX_ADDRESSES);
    }
}
