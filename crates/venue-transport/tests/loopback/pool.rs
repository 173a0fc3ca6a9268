//! Many clients on one thread: they meet the server as the product's client does, also from another network.

use crate::harness::{next_of_server, patience, server_with};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::time::Instant;
use venue_transport::{
    ClientEvent, ClientPool, CloseCode, CloseReason, ConnectError, ConnectionId, Fingerprint, MemberId,
    QuicServer, QuicServerConfig, ServerCertificate, ServerEvent, ServerLimits, ServerTransport, Trust,
};

const CLIENTS: usize = 30;

/// Turns the pool until this many events came.
fn turn_until(pool: &mut ClientPool, count: usize) -> Vec<(MemberId, ClientEvent)> {
    let (mut events, deadline) = (Vec::new(), patience());
    while events.len() < count {
        assert!(Instant::now() < deadline, "only {events:?}");
        events.extend(pool.turn(deadline));
    }
    events
}

/// A server and clients that are connected to it, each with the server's name of it.
fn connected() -> (QuicServer, ClientPool, BTreeMap<MemberId, ConnectionId>) {
    let (server, certificate) = server_with(ServerLimits::default());
    connected_to(server, &certificate)
}

fn connected_to(
    mut server: QuicServer,
    certificate: &ServerCertificate,
) -> (QuicServer, ClientPool, BTreeMap<MemberId, ConnectionId>) {
    let mut pool = ClientPool::new(server.local_addr(), Trust::Pinned(certificate.fingerprint())).unwrap();
    for _ in 0..CLIENTS {
        pool.connect(Instant::now()).unwrap();
    }
    let mut exporters = BTreeMap::new();
    for (id, event) in turn_until(&mut pool, CLIENTS) {
        let ClientEvent::Opened { exporter, .. } = event else { panic!("{event:?}") };
        exporters.insert(exporter, id);
    }
    // The control stream leaves with the next turn.
    assert_eq!(pool.turn(Instant::now()).count(), 0);
    let mut connections = BTreeMap::new();
    while connections.len() < CLIENTS {
        let ServerEvent::Opened { connection, exporter, .. } = next_of_server(&mut server) else { panic!() };
        connections.insert(exporters[&exporter], connection);
    }
    (server, pool, connections)
}

/// A word there and an answer back, on both lanes.
fn talk(
    server: &mut QuicServer,
    pool: &mut ClientPool,
    connections: &BTreeMap<MemberId, ConnectionId>,
    id: MemberId,
) {
    let connection = connections[&id];
    pool.send_control(id, Bytes::from_static(b"there"));
    pool.send_datagram(id, Bytes::from_static(b"quickly"));
    assert_eq!(pool.turn(Instant::now()).count(), 0);
    for _ in 0..2 {
        match next_of_server(server) {
            ServerEvent::Control { connection: from, bytes } => {
                assert_eq!((from, &*bytes), (connection, &b"there"[..]));
            }
            ServerEvent::Datagram { connection: from, bytes } => {
                assert_eq!((from, &*bytes), (connection, &b"quickly"[..]));
            }
            other => panic!("{other:?}"),
        }
    }
    server.send_control(connection, Bytes::from_static(b"back")).unwrap();
    server.send_batch(&[(connection, Bytes::from_static(b"at once"))]);
    let events: Vec<_> = turn_until(pool, 2);
    assert!(events.contains(&(id, ClientEvent::Control(Bytes::from_static(b"back")))), "{events:?}");
    assert!(events.contains(&(id, ClientEvent::Datagram(Bytes::from_static(b"at once")))), "{events:?}");
}

#[test]
fn each_client_has_a_connection_of_its_own() {
    let (mut server, mut pool, connections) = connected();
    for id in connections.keys() {
        talk(&mut server, &mut pool, &connections, *id);
        assert!(pool.traffic(*id).bytes_in > 1_000 && pool.traffic(*id).packets_out >= 3);
    }
    let first = *connections.keys().next().unwrap();
    pool.close(first, CloseCode::Normal, "goodbye", Instant::now());
    assert_eq!(pool.turn(Instant::now()).count(), 0);
    let closed = next_of_server(&mut server);
    let reason = CloseReason::Remote { code: CloseCode::Normal, reason: "goodbye".into() };
    assert_eq!(closed, ServerEvent::Closed { connection: connections[&first], reason });
    assert_eq!(pool.traffic(first).bytes_in, 0, "it is forgotten");
}

#[test]
fn a_client_that_comes_from_another_network_keeps_its_connection() {
    let (mut server, mut pool, connections) = connected();
    let id = *connections.keys().next().unwrap();
    for from in [None, Some(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)))] {
        pool.rebind(id, from).unwrap();
        talk(&mut server, &mut pool, &connections, id);
    }
}

#[test]
fn a_crowd_notices_a_server_that_was_started_anew_with_its_first_words() {
    /// Of each client, a lost one's repetitions included: no second round of questions is needed.
    const MOST_PACKETS: u64 = 6;
    let (first, certificate) = server_with(ServerLimits::default());
    let (first, mut pool, connections) = connected_to(first, &certificate);
    let listen = first.local_addr();
    // Its goodbye goes to sockets that are gone: for the clients it died without a word.
    drop(first);
    let before: BTreeMap<MemberId, u64> =
        connections.keys().map(|id| (*id, pool.traffic(*id).packets_out)).collect();
    for id in connections.keys() {
        pool.rebind(*id, None).unwrap();
        pool.send_datagram(*id, Bytes::from_static(&[7; 40]));
    }
    let limits = ServerLimits::default();
    let _second = QuicServer::bind(QuicServerConfig { listen, certificate, limits }).unwrap();
    let (mut lost, deadline) = (0, patience());
    while lost < CLIENTS {
        assert!(Instant::now() < deadline, "only {lost} noticed");
        for (id, event) in pool.turn(deadline) {
            let ClientEvent::Closed { reason: CloseReason::Lost { detail } } = &event else {
                panic!("{event:?}")
            };
            assert!(detail.contains("reset"), "{id:?}: {detail}");
            lost += 1;
        }
        for (id, before) in &before {
            let said = pool.traffic(*id).packets_out.saturating_sub(*before);
            assert!(said <= MOST_PACKETS, "{id:?} has asked {said} times, {lost} have noticed");
        }
    }
}

#[test]
fn a_stranger_s_key_is_refused_with_the_product_s_words() {
    let (server, certificate) = server_with(ServerLimits::default());
    let expected = Fingerprint([7; 32]);
    let mut pool = ClientPool::new(server.local_addr(), Trust::Pinned(expected)).unwrap();
    let id = pool.connect(Instant::now()).unwrap();
    let events = turn_until(&mut pool, 1);
    let found = certificate.fingerprint();
    assert_eq!(events, [(id, ClientEvent::Failed(ConnectError::FingerprintMismatch { expected, found }))]);
}

#[test]
fn a_knock_is_answered_also_with_a_token_that_nobody_gave() {
    let (server, certificate) = server_with(ServerLimits::default());
    let pool = ClientPool::new(server.local_addr(), Trust::Pinned(certificate.fingerprint())).unwrap();
    for token in [None, Some(Bytes::from_static(&[7; 60]))] {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        socket.set_read_timeout(Some(patience() - Instant::now())).unwrap();
        let knock = pool.knock(token, Instant::now()).unwrap();
        socket.send_to(&knock, server.local_addr()).unwrap();
        let mut answer = [0; 2_048];
        let bytes = socket.recv(&mut answer).unwrap();
        // An Initial packet of the server's (RFC 9000 §17.2.2), padded as those are: the handshake goes on.
        assert!(bytes >= 1_200 && answer[0] & 0xb0 == 0x80, "{bytes} bytes, first {:#x}", answer[0]);
    }
}
