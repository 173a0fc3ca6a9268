//! From a host's name to its addresses, in the order in which they are tried.

use crate::ConnectError;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

/// Addresses of one host that are tried.
const MAX_ADDRESSES: usize = 6;

/// The host's addresses, families alternating (as RFC 8305 §4 asks).
pub(super) async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, ConnectError> {
    let not_found = || ConnectError::NameNotFound { host: host.to_owned() };
    let found = tokio::net::lookup_host((bare(host), port)).await.map_err(|_| not_found())?;
    let addresses = alternate(found.collect());
    if addresses.is_empty() { Err(not_found()) } else { Ok(addresses) }
}

/// An IPv6 address in a link stands in brackets; a resolver wants none.
pub(super) fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host)
}

/// Any free port of this machine that can reach the server.
pub(super) fn any_of(server: SocketAddr) -> SocketAddr {
    match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    }
}

fn alternate(found: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_v6 = found.first().is_some_and(SocketAddr::is_ipv6);
    let (mut first, mut second): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|address| address.is_ipv6() == first_is_v6);
    first.truncate(MAX_ADDRESSES / 2);
    second.truncate(MAX_ADDRESSES / 2);
    let longest = first.len().max(second.len());
    (0..longest).flat_map(|at| [first.get(at).copied(), second.get(at).copied()]).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_alternate_and_the_number_is_bounded() {
        let address = |text: &str| text.parse::<SocketAddr>().unwrap();
        let [a, b, c] = [address("[2001:db8::1]:1"), address("[2001:db8::2]:1"), address("192.0.2.1:1")];
        assert_eq!(alternate(vec![a, b, c]), [a, c, b]);
        assert_eq!(alternate(vec![c; 99]).len(), MAX_ADDRESSES / 2);
        assert!(alternate(Vec::new()).is_empty());
    }

    #[test]
    fn brackets_are_taken_off() {
        assert_eq!(bare("[::1]"), "::1");
        assert_eq!(bare("venue.example"), "venue.example");
    }
}
