//! Ten thousand random and truncated messages at a live server, from strangers and from somebody who was
//! admitted: it serves on, the others do not notice.

use crate::delegates::{delegate, run_until, tiny_venue};
use bytes::{Bytes, BytesMut};
use glam::Vec3;
use std::time::{Duration, Instant};
use tests::virtual_network::split_mix;
use venue_model::{BodyPose, BoundedText, Language, ParticipantId, SeatId, ServerTime, SpaceId, TextScope};
use venue_protocol::{
    Appearance, ClientMessage, ClientSession, ClientSessionConfig, ClientSessionEvent, Credential, GoToSpace,
    InvitationCode, LeaveSeat, LocalTime, Placement, SendText, SetLanguage, TakeSeat,
};
use venue_replication::PoseUpdate;
use venue_transport::{ClientEvent, ClientTransport, Fingerprint, QuicClient, QuicClientConfig, Trust};
use xr_client::core::Stage;
use xr_client::core::identity::Identity;
use xr_client::link::Link;
use xtask::demo::server::Server;

/// A server lets one address open so many connections before it slows it down.
const CONNECTIONS: u64 = 340;
const MESSAGES_EACH: u64 = 30;

/// Requests of each insider: within the limits that a session may use, so that each is looked at.
const ABSURDITIES_EACH: u64 = 150;

/// Sends a connection's share of nonsense and waits for its end, which the server decides; gives the number of
/// messages that left.
fn attack(config: QuicClientConfig, random: &mut u64, seeds: &[Vec<u8>]) -> u64 {
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
    let mut sent = 0;
    for _ in 0..MESSAGES_EACH {
        let bytes = nonsense(random, seeds);
        if split_mix(random).is_multiple_of(3) {
            client.send_datagram(bytes);
        } else if client.send_control(bytes).is_err() {
            // The server has ended the session already, as it should.
            break;
        }
        sent += 1;
    }
    client.shutdown(Duration::from_secs(2));
    sent
}

/// Joins by the book, then sends requests that are well-formed and make no sense, and a broken one at last;
/// gives the number of messages that left.
fn misbehave_inside(link: &str, number: u8, random: &mut u64, seeds: &[Vec<u8>]) -> u64 {
    let (mut client, mut session) = join(link, number);
    let mut sent = 0;
    for _ in 0..ABSURDITIES_EACH {
        let is_sent = if split_mix(random).is_multiple_of(2) {
            client.send_datagram(absurd_pose(random));
            true
        } else {
            client.send_control(absurd_request(random)).is_ok()
        };
        assert!(is_sent, "requests that make no sense are answered, not punished, after {sent}");
        sent += 1;
        pump(&mut client, &mut session);
        assert!(session.is_inside(), "requests that make no sense are answered, not punished, after {sent}");
    }
    let deadline = Instant::now() + Duration::from_secs(20);
    while session.is_inside() {
        assert!(Instant::now() < deadline, "a broken message ends the session");
        let bytes = nonsense(random, seeds);
        sent += u64::from(client.send_control(bytes).is_ok());
        pump(&mut client, &mut session);
    }
    sent
}

/// A session that the server has admitted.
fn join(link: &str, number: u8) -> (QuicClient, ClientSession) {
    let link = Link::parse(link, None).unwrap();
    let identity = Identity::from_secret([number; 32]);
    let trust = Trust::Pinned(Fingerprint(link.place.fingerprint.unwrap()));
    let code = InvitationCode(BoundedText::lossy(link.code.as_str()));
    let credential = Credential::Invitation { event: link.place.event.clone(), code };
    let (host, port) = (link.place.host, link.place.port);
    let mut client =
        QuicClient::connect(QuicClientConfig { host, port, trust, timeout: Duration::from_secs(5) });
    let config = ClientSessionConfig {
        program: Default::default(),
        device_key: identity.public(),
        language: Language::En,
        credential,
        appearance: Appearance::default(),
    };
    let mut session = ClientSession::new(config, u64::from(number));
    let deadline = Instant::now() + Duration::from_secs(20);
    while !session.is_inside() {
        assert!(Instant::now() < deadline, "the insider is admitted");
        if let Some(message) = pump(&mut client, &mut session) {
            session.join(identity.sign(&message));
        }
    }
    (client, session)
}

/// Carries bytes between transport and session; gives what is to be signed.
fn pump(client: &mut QuicClient, session: &mut ClientSession) -> Option<Vec<u8>> {
    let mut wanted = None;
    client.wait(Instant::now() + Duration::from_millis(2));
    while let Some(event) = client.poll() {
        match event {
            ClientEvent::Opened { exporter, .. } => session.handle_opened(LocalTime(0), exporter),
            ClientEvent::Control(bytes) => session.handle_control(LocalTime(0), &bytes),
            ClientEvent::Closed { reason } => session.handle_closed(reason),
            _ => {}
        }
    }
    while let Some(event) = session.poll_event() {
        if let ClientSessionEvent::ProofWanted { message } = event {
            wanted = Some(message.to_vec());
        }
    }
    while let Some(bytes) = session.poll_control() {
        // A connection that is gone reports its end as an event.
        client.send_control(bytes).ok();
    }
    wanted
}

fn absurd_request(random: &mut u64) -> Bytes {
    let number = split_mix(random) as u16;
    let message: ClientMessage = match split_mix(random) % 5 {
        0 => GoToSpace { space: SpaceId(number) }.into(),
        1 => TakeSeat { seat: SeatId(number) }.into(),
        2 => LeaveSeat.into(),
        3 => SetLanguage { language: Language::Ar }.into(),
        _ => {
            let scope = TextScope::Person(ParticipantId(u32::from(number)));
            SendText { client_ref: u32::from(number), scope, body: BoundedText::lossy("?") }.into()
        }
    };
    message.encode()
}

fn absurd_pose(random: &mut u64) -> Bytes {
    let far = Vec3::new(split_mix(random) as i8 as f32 * 4.0, 50.0, split_mix(random) as i8 as f32 * 4.0);
    let update = PoseUpdate {
        placement: Placement(split_mix(random) as u16),
        sequence: split_mix(random) as u32,
        sampled_at: ServerTime(split_mix(random)),
        pose: BodyPose::standing(far, 3.0),
    };
    update.encode(Vec3::ZERO, &mut BytesMut::new())
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
    let people = ["Amina", "Bruno", "Chen", "Mallory", "Mallet", "Trudy"];
    let links = server.invite(&people.map(|name| (name, "CHE", "en"))).unwrap();
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
    let mut sent = 0;
    for round in 0..CONNECTIONS {
        sent += attack(config.clone(), &mut random, &seeds);
        if round % 100 == 50 {
            let insider = 3 + round as usize / 100;
            sent += misbehave_inside(&links[insider], insider as u8 + 1, &mut random, &seeds);
        }
        crate::delegates::step(&mut people, started);
        assert!(people.iter().all(|person| *person.core.stage() == Stage::Inside), "nobody notices");
    }
    println!("{sent} hostile messages left");
    assert!(sent >= 5_000, "only {sent} hostile messages left");
    people.push(delegate(3, &links[2]));
    run_until(&mut people, started, "a third comes in and all see each other", |people| {
        people.iter().all(|person| *person.core.stage() == Stage::Inside && person.core.bodies().len() == 2)
    });
    server.stop().unwrap();
}
