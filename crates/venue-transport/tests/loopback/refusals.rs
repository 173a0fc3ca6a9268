//! Connections that do not come about: each with a sentence that says what to do.

use crate::harness::{client_of, next_of_client, next_of_server, server_with};
use std::net::UdpSocket;
use std::time::Duration;
use venue_transport::{
    BindError, ClientEvent, ClientTransport, CloseCode, CloseReason, ConnectError, Fingerprint, QuicClient,
    QuicClientConfig, QuicServer, QuicServerConfig, ServerCertificate, ServerEvent, ServerLimits, Trust,
};

fn failure(client: &mut QuicClient) -> ConnectError {
    match next_of_client(client) {
        ClientEvent::Failed(error) => error,
        other => panic!("{other:?}"),
    }
}

fn config(port: u16, timeout: Duration) -> QuicClientConfig {
    QuicClientConfig { host: "127.0.0.1".to_owned(), port, trust: Trust::PublicOrAsk, timeout }
}

#[test]
fn another_key_than_the_links_is_refused() {
    let (server, certificate) = server_with(ServerLimits::default());
    let expected = Fingerprint([7; 32]);
    let error = failure(&mut client_of(&server, Trust::Pinned(expected)));
    assert_eq!(error, ConnectError::FingerprintMismatch { expected, found: certificate.fingerprint() });
    assert!(error.to_string().contains("not the server that your link"), "{error}");
}

#[test]
fn a_server_that_nobody_vouches_for_is_asked_about() {
    let (server, certificate) = server_with(ServerLimits::default());
    let error = failure(&mut client_of(&server, Trust::PublicOrAsk));
    assert_eq!(error, ConnectError::UnknownServer { found: certificate.fingerprint() });
}

#[test]
fn a_dead_port_says_what_to_ask_the_administrator_for() {
    // A socket that nobody reads: packets vanish, as behind a firewall.
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let error = failure(&mut QuicClient::connect(config(port, Duration::from_millis(400))));
    assert_eq!(error, ConnectError::NoAnswer { port });
    let sentence = error.to_string();
    assert!(sentence.contains(&format!("Your network may block UDP port {port}")), "{sentence}");
    assert!(sentence.contains("ask its administrator"), "{sentence}");
}

#[test]
fn an_unknown_name_is_told_from_a_silent_server() {
    let host = "no-such-host.invalid".to_owned();
    let wanted = QuicClientConfig { host: host.clone(), ..config(4433, Duration::from_secs(30)) };
    assert_eq!(failure(&mut QuicClient::connect(wanted)), ConnectError::NameNotFound { host });
}

#[test]
fn who_closes_before_the_connection_is_open_does_not_wait() {
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let mut client = QuicClient::connect(config(port, Duration::from_secs(3600)));
    client.close(CloseCode::Normal, "changed my mind");
    assert_eq!(next_of_client(&mut client), ClientEvent::Closed { reason: CloseReason::Local });
}

#[test]
fn a_full_server_refuses_and_takes_the_next_when_one_left() {
    let (mut server, certificate) = server_with(ServerLimits { max_newcomers: 1, ..ServerLimits::default() });
    let trust = Trust::Pinned(certificate.fingerprint());
    let mut first = client_of(&server, trust);
    assert!(matches!(next_of_client(&mut first), ClientEvent::Opened { .. }));
    assert!(matches!(next_of_server(&mut server), ServerEvent::Opened { .. }));
    assert_eq!(failure(&mut client_of(&server, trust)), ConnectError::Busy);
    first.shutdown(Duration::from_secs(30));
    assert!(matches!(next_of_server(&mut server), ServerEvent::Closed { .. }));
    assert!(matches!(next_of_client(&mut client_of(&server, trust)), ClientEvent::Opened { .. }));
}

#[test]
fn one_address_can_not_open_connections_without_end() {
    let limits = ServerLimits { address_burst: 2, address_rate_per_sec: 0.001, ..ServerLimits::default() };
    let (server, certificate) = server_with(limits);
    let trust = Trust::Pinned(certificate.fingerprint());
    let mut clients: Vec<QuicClient> = (0..2).map(|_| client_of(&server, trust)).collect();
    for client in &mut clients {
        assert!(matches!(next_of_client(client), ClientEvent::Opened { .. }));
    }
    assert_eq!(failure(&mut client_of(&server, trust)), ConnectError::Busy);
}

#[test]
fn a_taken_port_says_so() {
    let (server, certificate) = server_with(ServerLimits::default());
    let listen = server.local_addr();
    let config = QuicServerConfig { listen, certificate, limits: ServerLimits::default() };
    let error = QuicServer::bind(config).unwrap_err();
    assert!(matches!(error, BindError::Address { .. }));
    assert!(error.to_string().contains(&listen.to_string()), "{error}");
}

#[test]
fn a_key_of_another_certificate_says_so() {
    let [a, b] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    ServerCertificate::load_or_make(a.path(), &[]).unwrap();
    ServerCertificate::load_or_make(b.path(), &[]).unwrap();
    let mixed =
        ServerCertificate::from_files(&a.path().join("certificate.pem"), &b.path().join("key.pem")).unwrap();
    let listen = ([127, 0, 0, 1], 0).into();
    let config = QuicServerConfig { listen, certificate: mixed, limits: ServerLimits::default() };
    let error = QuicServer::bind(config).unwrap_err();
    assert!(matches!(error, BindError::Certificate(_)), "{error}");
}
