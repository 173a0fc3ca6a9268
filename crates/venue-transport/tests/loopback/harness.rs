//! A server and clients on loopback, and waiting for events without looking at the clock.

use bytes::Bytes;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};
use venue_transport::{
    ClientEvent, ClientTransport, ConnectionId, QuicClient, QuicClientConfig, QuicServer, QuicServerConfig,
    ServerCertificate, ServerEvent, ServerLimits, ServerTransport, Trust,
};

/// Far beyond what a loaded machine needs; only a hanging test gets here.
pub fn patience() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

pub fn server_with(limits: ServerLimits) -> (QuicServer, ServerCertificate) {
    let certificate = ServerCertificate::self_signed(&["127.0.0.1".to_owned()]).unwrap();
    let listen = (Ipv4Addr::LOCALHOST, 0).into();
    let config = QuicServerConfig { listen, certificate: certificate.clone(), limits };
    (QuicServer::bind(config).unwrap(), certificate)
}

pub fn client_of(server: &QuicServer, trust: Trust) -> QuicClient {
    client_at(server.local_addr().port(), trust)
}

pub fn client_at(port: u16, trust: Trust) -> QuicClient {
    QuicClient::connect(QuicClientConfig {
        host: "127.0.0.1".to_owned(),
        port,
        trust,
        timeout: Duration::from_secs(30),
    })
}

pub fn next_of_server(server: &mut QuicServer) -> ServerEvent {
    let deadline = patience();
    loop {
        match server.poll() {
            Some(event) => return event,
            None => server.wait(deadline),
        }
        assert!(Instant::now() < deadline, "the server has no event");
    }
}

pub fn next_of_client(client: &mut QuicClient) -> ClientEvent {
    let deadline = patience();
    loop {
        match client.poll() {
            Some(event) => return event,
            None => client.wait(deadline),
        }
        assert!(Instant::now() < deadline, "the client has no event");
    }
}

/// A server and one client that is connected to it.
pub struct Pair {
    pub server: QuicServer,
    pub client: QuicClient,
    pub connection: ConnectionId,
}

impl Pair {
    pub fn new() -> Self {
        let (mut server, certificate) = server_with(ServerLimits::default());
        let mut client = client_of(&server, Trust::Pinned(certificate.fingerprint()));
        let ClientEvent::Opened { exporter, fingerprint } = next_of_client(&mut client) else {
            panic!("no opening")
        };
        assert_eq!(fingerprint, certificate.fingerprint());
        let ServerEvent::Opened { connection, exporter: servers, .. } = next_of_server(&mut server) else {
            panic!("no opening")
        };
        assert_eq!(exporter, servers, "both ends derive the same material");
        assert_ne!(exporter, [0; 32]);
        Self { server, client, connection }
    }

    /// Control bytes that reach the server, until there are `count` of them.
    pub fn server_reads(&mut self, count: usize) -> Vec<u8> {
        let mut seen = Vec::new();
        while seen.len() < count {
            match next_of_server(&mut self.server) {
                ServerEvent::Control { bytes, .. } => seen.extend_from_slice(&bytes),
                other => panic!("{other:?}"),
            }
        }
        seen
    }

    /// Control bytes that reach the client, until there are `count` of them.
    pub fn client_reads(&mut self, count: usize) -> Vec<u8> {
        let mut seen = Vec::new();
        while seen.len() < count {
            match next_of_client(&mut self.client) {
                ClientEvent::Control(bytes) => seen.extend_from_slice(&bytes),
                other => panic!("{other:?}"),
            }
        }
        seen
    }
}

/// Bytes without a pattern that compresses or repeats at a power of two.
pub fn noise(count: usize) -> Bytes {
    (0..count as u64).map(|at| (at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect()
}
