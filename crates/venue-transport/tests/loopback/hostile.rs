//! A peer that speaks QUIC and means harm: it can not make the server hold more than its allowance.

use crate::anybody::Anybody;
use crate::harness::{client_of, next_of_client, next_of_server, noise, server_with};
use quinn::{Connection, Endpoint};
use rustls::crypto::ring;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;
use venue_transport::{
    ClientEvent, CloseReason, QuicServer, ServerEvent, ServerLimits, ServerTransport, Trust,
};

fn raw_config(alpn: &[u8]) -> quinn::ClientConfig {
    let provider = ring::default_provider();
    let mut config = rustls::ClientConfig::builder_with_provider(Arc::new(provider.clone()))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anybody(provider)))
        .with_no_client_auth();
    config.alpn_protocols = vec![alpn.to_vec()];
    let config = quinn::crypto::rustls::QuicClientConfig::try_from(config).unwrap();
    quinn::ClientConfig::new(Arc::new(config))
}

/// Does harm on a runtime of its own, while the test's thread is the server's.
pub struct Attacker {
    pub runtime: Runtime,
    pub connection: Connection,
    pub endpoint: Endpoint,
}

impl Attacker {
    pub fn connect(server: &QuicServer) -> Self {
        let runtime = Runtime::new().unwrap();
        let address = server.local_addr();
        let (endpoint, connection) = runtime.block_on(async move {
            let endpoint = Endpoint::client(([127, 0, 0, 1], 0).into()).unwrap();
            let connecting =
                endpoint.connect_with(raw_config(venue_protocol::ALPN), address, "127.0.0.1").unwrap();
            let connection = connecting.await.unwrap();
            (endpoint, connection)
        });
        Self { runtime, connection, endpoint }
    }

    pub fn open_control(&self) -> quinn::SendStream {
        self.runtime.block_on(async {
            let (mut send, _) = self.connection.open_bi().await.unwrap();
            send.write_all(&[1]).await.unwrap();
            send
        })
    }
}

fn closed(server: &mut QuicServer) -> CloseReason {
    loop {
        if let ServerEvent::Closed { reason, .. } = next_of_server(server) {
            return reason;
        }
    }
}

#[test]
fn a_flood_of_control_bytes_is_stopped_by_a_server_that_does_not_read() {
    let (mut server, _) = server_with(ServerLimits::default());
    let attacker = Attacker::connect(&server);
    let mut control = attacker.open_control();
    assert!(matches!(next_of_server(&mut server), ServerEvent::Opened { .. }));
    let flood = noise(4 * 1024 * 1024);
    let stalls = attacker.runtime.block_on(async {
        // The write can not end while nobody polls; the time-out only says how long the test looks.
        tokio::time::timeout(Duration::from_millis(500), control.write_all(&flood)).await.is_err()
    });
    assert!(stalls, "the server took 4 MiB that nobody read");
    let mut held = 0;
    while let Some(event) = server.poll() {
        let ServerEvent::Control { bytes, .. } = event else { panic!("{event:?}") };
        held += bytes.len();
        if held > flood.len() {
            break;
        }
    }
    assert!(held > 0);
}

#[test]
fn a_flood_of_datagrams_is_dropped() {
    let (mut server, _) = server_with(ServerLimits::default());
    let attacker = Attacker::connect(&server);
    let mut control = attacker.open_control();
    assert!(matches!(next_of_server(&mut server), ServerEvent::Opened { .. }));
    attacker.runtime.block_on(async {
        for _ in 0..5_000 {
            attacker.connection.send_datagram_wait(noise(1_000)).await.unwrap();
        }
        control.write_all(b"end").await.unwrap();
    });
    let mut datagrams = 0;
    loop {
        match next_of_server(&mut server) {
            ServerEvent::Datagram { .. } => datagrams += 1,
            ServerEvent::Control { .. } => break,
            other => panic!("{other:?}"),
        }
    }
    // Polling begins when all were sent: then 64 wait, and a few come while those are taken.
    assert!(datagrams <= 5_000 / 4, "{datagrams} were held");
}

#[test]
fn a_second_control_stream_ends_the_connection() {
    let (mut server, _) = server_with(ServerLimits::default());
    let attacker = Attacker::connect(&server);
    let _control = attacker.open_control();
    assert!(matches!(next_of_server(&mut server), ServerEvent::Opened { .. }));
    attacker.runtime.block_on(async {
        let (mut second, _) = attacker.connection.open_bi().await.unwrap();
        second.write_all(&[1; 40]).await.unwrap();
    });
    assert_eq!(closed(&mut server), CloseReason::Local);
}

#[test]
fn streams_beyond_the_limit_wait() {
    let (mut server, _) = server_with(ServerLimits { file_streams: 2, ..ServerLimits::default() });
    let attacker = Attacker::connect(&server);
    let _control = attacker.open_control();
    assert!(matches!(next_of_server(&mut server), ServerEvent::Opened { .. }));
    let (open, uni) = attacker.runtime.block_on(async {
        let mut streams = Vec::new();
        let more = async {
            loop {
                let (mut send, receive) = attacker.connection.open_bi().await.unwrap();
                send.write_all(&[2; 33]).await.unwrap();
                streams.push((send, receive));
            }
        };
        let never: Result<(), _> = tokio::time::timeout(Duration::from_millis(500), more).await;
        assert!(never.is_err());
        let uni = tokio::time::timeout(Duration::from_millis(100), attacker.connection.open_uni()).await;
        (streams.len(), uni.is_ok())
    });
    assert_eq!((open, uni), (2, false));
    for _ in 0..2 {
        assert!(matches!(next_of_server(&mut server), ServerEvent::FileRequested { .. }));
    }
    assert_eq!(server.poll(), None);
}

#[test]
fn another_protocol_is_turned_away_and_the_server_serves_on() {
    let (mut server, _) = server_with(ServerLimits::default());
    let address = server.local_addr();
    let runtime = Runtime::new().unwrap();
    let refused = runtime.block_on(async move {
        let endpoint = Endpoint::client(([127, 0, 0, 1], 0).into()).unwrap();
        let connecting = endpoint.connect_with(raw_config(b"h3"), address, "127.0.0.1").unwrap();
        connecting.await.is_err()
    });
    assert!(refused);
    let garbage = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    for size in [1, 20, 1_200] {
        garbage.send_to(&noise(size), address).unwrap();
    }
    let attacker = Attacker::connect(&server);
    let _control = attacker.open_control();
    assert!(matches!(next_of_server(&mut server), ServerEvent::Opened { .. }));
}

#[test]
fn a_client_that_opens_no_control_stream_is_given_up() {
    let limits = ServerLimits { handshake_timeout: Duration::from_millis(300), ..ServerLimits::default() };
    let (mut server, _) = server_with(ServerLimits { max_newcomers: 1, ..limits });
    let attacker = Attacker::connect(&server);
    attacker.runtime.block_on(attacker.connection.closed());
    assert_eq!(server.poll(), None, "the program never hears of it");
    let next = Attacker::connect(&server);
    let _control = next.open_control();
    assert!(matches!(next_of_server(&mut server), ServerEvent::Opened { .. }));
}

#[test]
fn under_load_a_client_proves_its_address_and_comes_in() {
    let (mut server, certificate) =
        server_with(ServerLimits { max_handshakes: 2, ..ServerLimits::default() });
    // Holds one of two places: from now on nobody gets the other without a token (RFC 9000 §8.1.2).
    let _slow = Attacker::connect(&server);
    let mut client = client_of(&server, Trust::Pinned(certificate.fingerprint()));
    assert!(matches!(next_of_client(&mut client), ClientEvent::Opened { .. }));
    assert!(matches!(next_of_server(&mut server), ServerEvent::Opened { .. }));
}

#[test]
fn connections_that_never_join_keep_nobody_out_whom_the_program_lets_in() {
    let limits = ServerLimits { max_newcomers: 40, max_newcomers_per_network: 8, ..ServerLimits::default() };
    let (mut server, _) = server_with(limits);
    let first = Attacker::connect(&server);
    let _control = first.open_control();
    let ServerEvent::Opened { connection, .. } = next_of_server(&mut server) else { panic!("no opening") };
    let flood = |first: &Attacker, address: std::net::SocketAddr| {
        first.runtime.block_on(async {
            let mut held = Vec::new();
            for _ in 0..20 {
                let endpoint = Endpoint::client(([127, 0, 0, 1], 0).into()).unwrap();
                let connecting =
                    endpoint.connect_with(raw_config(venue_protocol::ALPN), address, "127.0.0.1").unwrap();
                held.extend(connecting.await.ok().map(|connection| (endpoint, connection)));
            }
            held
        })
    };
    let address = server.local_addr();
    assert_eq!(flood(&first, address).len(), 7, "eight from one network with the first");
    let elsewhere = first.runtime.block_on(async {
        let endpoint = Endpoint::client(([127, 0, 0, 2], 0).into()).unwrap();
        let connecting =
            endpoint.connect_with(raw_config(venue_protocol::ALPN), address, "127.0.0.1").unwrap();
        connecting.await.is_ok()
    });
    assert!(elsewhere, "another network finds a place");
    server.admitted(connection);
    let _held = flood(&first, address);
    assert!(first.connection.close_reason().is_none(), "who was let in stays");
}
