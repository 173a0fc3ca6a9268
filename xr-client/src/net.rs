//! The real network under the core: QUIC by `venue-transport`.
//!
//! It must not know sessions; the core speaks, this file only connects.

use crate::core::{Connector, Target, Trust};
use venue_transport::{Fingerprint, QuicClient, QuicClientConfig};

/// Connects by QUIC.
#[derive(Clone, Copy, Debug, Default)]
pub struct QuicConnector;

impl Connector for QuicConnector {
    type Transport = QuicClient;

    fn connect(&mut self, target: &Target) -> QuicClient {
        let trust = match target.trust {
            Trust::Pinned(key) | Trust::Known(key) => venue_transport::Trust::Pinned(Fingerprint(key)),
            Trust::PublicOrAsk => venue_transport::Trust::PublicOrAsk,
        };
        QuicClient::connect(QuicClientConfig {
            host: target.place.host.clone(),
            port: target.place.port,
            trust,
            timeout: QuicClientConfig::TIMEOUT,
        })
    }
}
