//! Links that are mailed, and the public address that they begin with.
//!
//! It must not know how codes are stored.

use crate::store::InvitationCode;
use serde::Deserialize;
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use venue_model::{EventKey, FileHash};
use venue_transport::Fingerprint;

/// The port of `https://` that need not be written.
const HTTPS_PORT: u16 = 443;

/// Where delegates find the server: a name or address, and a port if it is not the one
/// that the server listens on.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct PublicAddress {
    /// Host name or IP address; IPv6 without brackets.
    pub host: String,
    /// Port, if one was written.
    pub port: Option<u16>,
}

/// The text is no public address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a public address is a host name or IP address, with :PORT if need be, e.g. venue.example.org:4433")]
pub struct PublicAddressError;

impl PublicAddress {
    /// The link for an invitation. `port` is the one that the server listens on. `pin` names
    /// the key that is to be believed; none for a key that a public authority vouches for, which
    /// may change when its certificate is renewed.
    pub fn link(
        &self,
        port: u16,
        event: &EventKey,
        code: &InvitationCode,
        pin: Option<Fingerprint>,
    ) -> String {
        let pin = pin.map(|pin| format!(".{pin}")).unwrap_or_default();
        format!("{}#{}{pin}", self.entry_page(port, event), code.compact())
    }

    /// The address of an event's entry page.
    pub fn entry_page(&self, port: u16, event: &EventKey) -> String {
        format!("{}/e/{event}", self.site(port))
    }

    /// The address of the venue's tileset. The manifest's hash in it is the right to read.
    pub fn tileset(&self, port: u16, manifest: FileHash) -> String {
        format!("{}/venues/{manifest}/tileset.json", self.site(port))
    }

    fn site(&self, port: u16) -> String {
        let host = bracketed(&self.host);
        match self.port.unwrap_or(port) {
            HTTPS_PORT => format!("https://{host}"),
            port => format!("https://{host}:{port}"),
        }
    }
}

impl FromStr for PublicAddress {
    type Err = PublicAddressError;

    fn from_str(text: &str) -> Result<Self, PublicAddressError> {
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (host, port) = rest.split_once(']').ok_or(PublicAddressError)?;
                host.parse::<std::net::Ipv6Addr>().map_err(|_| PublicAddressError)?;
                (host, port.strip_prefix(':').or((port.is_empty()).then_some("")))
            }
            None => text.split_once(':').map_or((text, Some("")), |(host, port)| (host, Some(port))),
        };
        let port = match port.ok_or(PublicAddressError)? {
            "" if text.ends_with(':') => return Err(PublicAddressError),
            "" => None,
            digits => Some(digits.parse().ok().filter(|port| *port != 0).ok_or(PublicAddressError)?),
        };
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':');
        if host.is_empty() || host.len() > 253 || !host.chars().all(allowed) {
            return Err(PublicAddressError);
        }
        Ok(Self { host: host.to_ascii_lowercase(), port })
    }
}

impl TryFrom<String> for PublicAddress {
    type Error = PublicAddressError;
    fn try_from(text: String) -> Result<Self, PublicAddressError> {
        text.parse()
    }
}

/// An IPv6 address needs brackets before a port (RFC 3986 §3.2.2).
fn bracketed(host: &str) -> Cow<'_, str> {
    if host.contains(':') { Cow::Owned(format!("[{host}]")) } else { Cow::Borrowed(host) }
}

impl fmt::Display for PublicAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = bracketed(&self.host);
        match self.port {
            Some(port) => write!(f, "{host}:{port}"),
            None => f.write_str(&host),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        let check = |text: &str, host: &str, port| {
            assert_eq!(text.parse(), Ok(PublicAddress { host: host.into(), port }), "{text}");
        };
        check("Venue.example.org", "venue.example.org", None);
        check("venue.example.org:443", "venue.example.org", Some(443));
        check("127.0.0.1:4433", "127.0.0.1", Some(4433));
        check("[2001:db8::1]", "2001:db8::1", None);
        check("[2001:db8::1]:4433", "2001:db8::1", Some(4433));
        for text in ["venue.example.org:443", "[2001:db8::1]:4433", "[::1]", "10.0.0.7"] {
            assert_eq!(text.parse::<PublicAddress>().unwrap().to_string(), text);
        }
        for text in ["", "https://x", "x:", "x:0", "x:99999", "x/e", "[::1", "[::1]x", "a b", "[nonsense]"] {
            assert_eq!(text.parse::<PublicAddress>(), Err(PublicAddressError), "{text}");
        }
    }

    #[test]
    fn links_carry_code_and_fingerprint_in_the_fragment() {
        let event = EventKey::new("wtf-26").unwrap();
        let code = InvitationCode::parse("K7QX-9M2P").unwrap();
        let pin = Fingerprint([0; 32]);
        let check = |address: &str, start: &str| {
            let address = address.parse::<PublicAddress>().unwrap();
            let link = |pin| address.link(4433, &event, &code, pin);
            assert_eq!(link(Some(pin)), format!("{start}/e/wtf-26#K7QX9M2P.{}", "A".repeat(43)));
            assert_eq!(link(None), format!("{start}/e/wtf-26#K7QX9M2P"));
        };
        check("venue.example.org", "https://venue.example.org:4433");
        check("venue.example.org:443", "https://venue.example.org");
        check("[::1]", "https://[::1]:4433");
    }
}
