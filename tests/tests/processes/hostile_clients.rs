//! Ten thousand random and truncated messages at a live server: it serves on, the others do not notice.

use crate::delegates::{delegate, run_until, tiny_venue};
use bytes::Bytes;
use std::time::{Duration, Instant};
use tests::virtual_network::split_mix;
use venue_transport::{ClientEvent, ClientTransport, Fingerprint, QuicClient, QuicClientConfig, Trust};
use xr_client::core::Stage;
use xr_client::link::Link;
use xtask::demo::server::Server;

/// A server lets one address open so many connections before it slows it down.
const CONNECTIONS: u64 = 340;
const MESSAGES_EACH: u64 = 30;

/// Sends a connection's share of nonsense and waits for its end, which the server decides.
fn attack(config: QuicClientConfig, random: &mut u64, seeds: &[Vec<u8>]) {
    let mut client = QuicClient::connect(config);
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        assert!(Instant::now() < deadline, "the server still answers handshakes");
        client.wait(deadline);
        match client.poll() {
            Some(ClientEvent::Opened { .. }) => break,
            Some(ClientEvent::Failed(error)) => panic!("the server still takes connections: {error}"),
            _ => {}
        }
    }
    for _ in 0..MESSAGES_EACH {
        let bytes = nonsense(random, seeds);
        if split_mix(random).is_multiple_of(3) {
            client.send_datagram(bytes);
        } else if client.send_control(bytes).is_err() {
            // The server has ended the session already, as it should.
            break;
        }
    }
    client.shutdown(Duration::from_secs(2));
}

fn nonsense(random: &mut u64, seeds: &[Vec<u8>]) -> Bytes {
    let length = split_mix(random) % 90;
    let seed = &seeds[split_mix(random) as usize % seeds.len()];
    let cut = split_mix(random) as usize % seed.len();
    match split_mix(random) % 3 {
        0 => (0..length).map(|_| split_mix(random) as u8).collect(),
        1 => Bytes::copy_from_slice(&seed[..cut]),
        _ => {
            let mut flipped = seed.clone();
            flipped[cut] ^= 1 << (length % 8);
            flipped.into()
        }
    }
}

#[test]
fn ten_thousand_hostile_messages_leave_the_others_alone() {
    let folder = tempfile::tempdir().unwrap();
    tiny_venue(folder.path());
    let server = Server::start(&super::programs(), folder.path()).unwrap();
    let links =
        server.invite(&[("Amina", "SEN", "fr"), ("Bruno", "CHE", "en"), ("Chen", "CHN", "zh")]).unwrap();
    let started = Instant::now();
    let mut people = vec![delegate(1, &links[0]), delegate(2, &links[1])];
    run_until(&mut people, started, "two are inside", |people| {
        people.iter().all(|person| *person.core.stage() == Stage::Inside)
    });
    let place = Link::parse(&links[0], None).unwrap().place;
    let trust = Trust::Pinned(Fingerprint(place.fingerprint.unwrap()));
    let config =
        QuicClientConfig { host: place.host, port: place.port, trust, timeout: Duration::from_secs(5) };
    let seeds = fuzz::seeds::of("client-message");
    let mut random = 42;
    for _ in 0..CONNECTIONS {
        attack(config.clone(), &mut random, &seeds);
        crate::delegates::step(&mut people, started);
        assert!(people.iter().all(|person| *person.core.stage() == Stage::Inside), "nobody notices");
    }
    people.push(delegate(3, &links[2]));
    run_until(&mut people, started, "a third comes in and all see each other", |people| {
        people.iter().all(|person| *person.core.stage() == Stage::Inside && person.core.bodies().len() == 2)
    });
    server.stop().unwrap();
}
