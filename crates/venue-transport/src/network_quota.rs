//! NetworkQuota for peers that nobody vouches for yet: few in all, fewer for one network, and always
//! some for the next. Knows no QUIC; the program's own listeners may use it too.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A network may hold one place for so many that are free. Thus the more are taken the less one
/// network may have, and a network that holds none finds a place while a few others hold the
/// rest (dynamic thresholds: Choudhury and Hahne 1998).
const FREE_FOR_ONE: usize = 4;

/// A number of places that peers share, each network only so many of them.
#[derive(Clone, Debug)]
pub struct NetworkQuota {
    per_network: usize,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    free: usize,
    /// As many entries as places at most.
    held: BTreeMap<IpAddr, usize>,
}

/// The right to one place; dropping it frees the place.
#[derive(Debug)]
pub struct QuotaPermit {
    network: IpAddr,
    state: Arc<Mutex<State>>,
}

impl NetworkQuota {
    /// So many in all, and so many of them for one network at most: an IPv4 address, or the 48
    /// bits of an IPv6 site.
    pub fn new(in_all: usize, per_network: usize) -> Self {
        Self { per_network, state: Arc::new(Mutex::new(State { free: in_all, held: BTreeMap::new() })) }
    }

    /// A place for a peer from there; none when it would be one too many.
    pub fn take(&self, from: IpAddr) -> Option<QuotaPermit> {
        let network = network_of(from, SITE_BITS);
        let mut state = lock(&self.state);
        let held = state.held.get(&network).copied().unwrap_or(0);
        let most = self.per_network.min(state.free.div_ceil(FREE_FOR_ONE));
        if held >= most || state.free == 0 {
            return None;
        }
        state.free -= 1;
        state.held.insert(network, held + 1);
        Some(QuotaPermit { network, state: self.state.clone() })
    }

    /// How many are free.
    pub fn free(&self) -> usize {
        lock(&self.state).free
    }
}

impl Drop for QuotaPermit {
    fn drop(&mut self) {
        let mut state = lock(&self.state);
        state.free += 1;
        match state.held.get_mut(&self.network) {
            Some(held) if *held > 1 => *held -= 1,
            _ => drop(state.held.remove(&self.network)),
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    // No code panics while it holds the lock.
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Bits of an IPv6 address that one site has in common.
const SITE_BITS: u32 = 48;

/// What counts as one address: an IPv4 address, or the first bits of an IPv6 address.
pub(crate) fn network_of(address: IpAddr, v6_bits: u32) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & (u128::MAX << (128 - v6_bits))).into()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v4(number: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, number])
    }

    fn take_all(places: &NetworkQuota, from: IpAddr) -> Vec<QuotaPermit> {
        (0..1_000).map_while(|_| places.take(from)).collect()
    }

    #[test]
    fn one_network_has_its_share_and_gives_it_back() {
        let places = NetworkQuota::new(500, 64);
        let held = take_all(&places, v4(1));
        assert_eq!(held.len(), 64);
        assert!(places.take(v4(2)).is_some());
        drop(held);
        assert_eq!((places.free(), lock(&places.state).held.len()), (500, 0));
        assert_eq!(take_all(&places, v4(1)).len(), 64);
    }

    #[test]
    fn a_few_networks_never_hold_all() {
        let places = NetworkQuota::new(500, 64);
        let held: Vec<_> = (0..20).map(|number| take_all(&places, v4(number))).collect();
        assert!(held.iter().all(|held| !held.is_empty()), "each found some");
        assert!(places.free() >= 4, "{}", places.free());
        assert!(places.take(v4(200)).is_some(), "and so does the next");
    }

    #[test]
    fn a_site_is_one_network() {
        let places = NetworkQuota::new(500, 64);
        let from = |network: u16| IpAddr::from([0x2001, 0xdb8, 1, network, 0, 0, 0, 1]);
        let held: Vec<_> = (0..1_000).filter_map(|network| places.take(from(network))).collect();
        assert_eq!(held.len(), 64);
        assert!(places.take(IpAddr::from([0x2001, 0xdb8, 2, 0, 0, 0, 0, 1])).is_some());
    }

    #[test]
    fn the_last_place_is_given_too() {
        let places = NetworkQuota::new(1, 64);
        let last = places.take(v4(1));
        assert!(last.is_some() && places.take(v4(2)).is_none());
        drop(last);
        assert!(places.take(v4(2)).is_some());
    }
}
