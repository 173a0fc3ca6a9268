//! The product's server transport under load.

use crate::measure::Server;
use anyhow::Result;
use bytes::Bytes;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Instant;
use venue_transport::{
    ConnectionId, QuicServer, QuicServerConfig, ServerCertificate, ServerEvent, ServerLimits, ServerTransport,
};

/// The product's server.
pub struct Ours {
    server: QuicServer,
    batch: Vec<(ConnectionId, Bytes)>,
}

impl Ours {
    /// On a free port, with room for every client of this machine.
    pub fn bind() -> Result<Self> {
        let certificate = ServerCertificate::self_signed(&["127.0.0.1".to_owned()])?;
        let limits = ServerLimits {
            max_newcomers: 100_000,
            max_newcomers_per_network: 10_000,
            max_handshakes: 10_000,
            address_rate_per_sec: 1e6,
            address_burst: 100_000,
            ..ServerLimits::default()
        };
        let listen = (Ipv4Addr::LOCALHOST, 0).into();
        let server = QuicServer::bind(QuicServerConfig { listen, certificate, limits })?;
        Ok(Self { server, batch: Vec::new() })
    }
}

impl Server for Ours {
    fn address(&self) -> SocketAddr {
        self.server.local_addr()
    }

    fn take(&mut self, opened: &mut Vec<u64>) -> u64 {
        let mut datagrams = 0;
        while let Some(event) = self.server.poll() {
            match event {
                ServerEvent::Opened { connection, .. } => {
                    self.server.admitted(connection);
                    opened.push(connection.0);
                }
                ServerEvent::Datagram { .. } => datagrams += 1,
                ServerEvent::Closed { reason, .. } => eprintln!("a client went: {reason:?}"),
                ServerEvent::Control { .. } | ServerEvent::FileRequested { .. } => {}
            }
        }
        datagrams
    }

    fn send(&mut self, batch: &[(u64, Bytes)]) {
        self.batch.clear();
        self.batch.extend(batch.iter().map(|(id, bytes)| (ConnectionId(*id), bytes.clone())));
        self.server.send_batch(&self.batch);
    }

    fn wait(&mut self, deadline: Instant) {
        self.server.wait(deadline);
    }
}
