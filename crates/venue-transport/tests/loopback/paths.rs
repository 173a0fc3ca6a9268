//! Paths that change in the middle of a visit: another port, another network, another server behind the same name.

use crate::harness::{client_at, next_of_client, next_of_server, noise, patience, server_with};
use crate::hostile::Attacker;
use crate::relay::Relay;
use bytes::Bytes;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};
use venue_transport::{
    ClientEvent, ClientTransport, CloseReason, ConnectionId, QuicClient, QuicServer, QuicServerConfig,
    ServerEvent, ServerLimits, ServerTransport, Trust,
};

/// Says something both ways on both lanes; nothing else may happen.
fn talk(server: &mut QuicServer, client: &mut QuicClient, connection: ConnectionId) {
    let word = Bytes::from_static(b"word");
    client.send_control(word.clone()).unwrap();
    assert_eq!(next_of_server(server), ServerEvent::Control { connection, bytes: word.clone() });
    server.send_control(connection, word.clone()).unwrap();
    assert_eq!(next_of_client(client), ClientEvent::Control(word.clone()));
    // A datagram may be lost, so each is said until it is heard.
    loop {
        client.send_datagram(word.clone());
        server.wait(Instant::now() + Duration::from_millis(20));
        if let Some(event) = server.poll() {
            assert_eq!(event, ServerEvent::Datagram { connection, bytes: word.clone() });
            break;
        }
    }
    loop {
        server.send_batch(&[(connection, word.clone())]);
        client.wait(Instant::now() + Duration::from_millis(20));
        if let Some(event) = client.poll() {
            assert_eq!(event, ClientEvent::Datagram(word));
            break;
        }
    }
    while let Some(event) = client.poll() {
        assert!(matches!(event, ClientEvent::Datagram(_)), "{event:?}");
    }
    while let Some(event) = server.poll() {
        assert!(matches!(event, ServerEvent::Datagram { .. }), "{event:?}");
    }
}

fn visit(server: &mut QuicServer, client: &mut QuicClient) -> (ConnectionId, SocketAddr) {
    assert!(matches!(next_of_client(client), ClientEvent::Opened { .. }));
    let ServerEvent::Opened { connection, remote, .. } = next_of_server(server) else { panic!("no opening") };
    (connection, remote)
}

#[test]
fn who_changes_the_port_in_the_middle_of_a_visit_keeps_the_connection() {
    let (mut server, certificate) = server_with(ServerLimits::default());
    let mut relay = Relay::to(server.local_addr());
    let mut client = client_at(relay.port(), Trust::Pinned(certificate.fingerprint()));
    let (connection, _) = visit(&mut server, &mut client);
    for _ in 0..3 {
        talk(&mut server, &mut client, connection);
        relay.take_another_port();
    }
    talk(&mut server, &mut client, connection);
    assert_eq!(server.connection_count(), 1);
}

#[test]
fn who_moves_to_another_socket_in_the_middle_of_a_visit_keeps_the_connection() {
    let (mut server, _) = server_with(ServerLimits::default());
    let visitor = Attacker::connect(&server);
    let (mut send, mut receive) = visitor.runtime.block_on(visitor.connection.open_bi()).unwrap();
    visitor.runtime.block_on(send.write_all(&[1])).unwrap();
    let ServerEvent::Opened { connection, .. } = next_of_server(&mut server) else { panic!("no opening") };
    let content = noise(200_000);
    for (number, address) in ["127.0.0.1:0", "127.0.0.2:0", "127.0.0.3:0"].into_iter().enumerate() {
        // From Wi-Fi to a cable: another address of this machine.
        visitor.runtime.block_on(async {
            visitor.endpoint.rebind(UdpSocket::bind(address).unwrap()).unwrap();
            send.write_all(&[number as u8]).await.unwrap();
        });
        let bytes = Bytes::from(vec![number as u8]);
        assert_eq!(next_of_server(&mut server), ServerEvent::Control { connection, bytes });
        // More than the new path may carry before the server knows that somebody is there.
        server.send_control(connection, content.clone()).unwrap();
        let mut read = vec![0; content.len()];
        visitor.runtime.block_on(receive.read_exact(&mut read)).unwrap();
        assert!(read == content);
    }
    assert_eq!(server.connection_count(), 1);
    assert!(visitor.connection.close_reason().is_none());
}

#[test]
fn a_server_that_was_started_anew_is_noticed_at_once_and_takes_the_next_connection() {
    let (mut first, certificate) = server_with(ServerLimits::default());
    let relay = Relay::to(first.local_addr());
    let trust = Trust::Pinned(certificate.fingerprint());
    let mut client = client_at(relay.port(), trust);
    visit(&mut first, &mut client);
    // As after a power cut: the first one never says goodbye.
    let (listen, limits) = (([127, 0, 0, 1], 0).into(), ServerLimits::default());
    let mut second = QuicServer::bind(QuicServerConfig { listen, certificate, limits }).unwrap();
    relay.lead_to(second.local_addr());
    drop(first);
    let deadline = patience();
    let reason = loop {
        assert!(Instant::now() < deadline, "the client never noticed");
        client.send_datagram(Bytes::from_static(&[7; 40]));
        client.wait(Instant::now() + Duration::from_millis(33));
        match client.poll() {
            Some(ClientEvent::Closed { reason }) => break reason,
            other => assert_eq!(other, None),
        }
    };
    // A reset (RFC 9000 §10.3), not the end of anybody's patience.
    let CloseReason::Lost { detail } = &reason else { panic!("{reason:?}") };
    assert!(detail.contains("reset"), "{detail}");
    let mut client = client_at(relay.port(), trust);
    let (connection, _) = visit(&mut second, &mut client);
    talk(&mut second, &mut client, connection);
}
