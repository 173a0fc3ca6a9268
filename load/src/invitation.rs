//! A link as the server's command line prints it: `https://HOST:PORT/e/EVENT#CODE.FINGERPRINT`.

use anyhow::{Context as _, Result};
use std::net::SocketAddr;
use venue_model::{BoundedText, EventKey};
use venue_protocol::{Credential, InvitationCode};
use venue_transport::Fingerprint;

/// What a link holds.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The server.
    pub server: SocketAddr,
    /// Its key.
    pub fingerprint: Fingerprint,
    /// What entitles to enter.
    pub credential: Credential,
}

impl Invitation {
    /// Reads a link whose host is an address.
    pub fn parse(link: &str) -> Result<Self> {
        Self::read(link.trim())
            .with_context(|| "this is not a link of a server that names its address and key")
    }

    fn read(link: &str) -> Result<Self> {
        let rest = link.strip_prefix("https://").context("no https")?;
        let (place, secret) = rest.split_once('#').context("no code")?;
        let (host, event) = place.split_once("/e/").context("no event")?;
        let (code, fingerprint) = secret.split_once('.').context("no fingerprint")?;
        let code = InvitationCode(BoundedText::new(code.to_owned()).ok().context("a long code")?);
        Ok(Self {
            server: host.parse().context("no address")?,
            fingerprint: fingerprint.parse()?,
            credential: Credential::Invitation { event: EventKey::new(event)?, code },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_read_and_others_are_not() {
        let key = Fingerprint([9; 32]);
        let good = format!("https://127.0.0.1:4433/e/demo#ABCD2345.{key}\n");
        let invitation = Invitation::parse(&good).unwrap();
        assert_eq!((invitation.server.port(), invitation.fingerprint), (4433, key));
        let Credential::Invitation { event, code } = invitation.credential else { panic!("no invitation") };
        assert_eq!((event.as_str(), code.0.as_str()), ("demo", "ABCD2345"));
        for bad in ["", "https://127.0.0.1:4433/e/demo#ABCD2345", "vev://127.0.0.1:4433/e/demo#A.B"] {
            assert!(Invitation::parse(bad).is_err(), "{bad}");
        }
    }
}
