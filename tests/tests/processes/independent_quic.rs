//! A QUIC that others wrote meets our server: what the standard asks for holds, and what is not of the standard
//! disturbs nobody.

use crate::delegates::tiny_venue;
use serde_json::Value;
use std::process::Command;
use venue_model::{BoundedText, DeviceKey, Language};
use venue_protocol::datagram::{Probe, ProbeReply};
use venue_protocol::frame::{FrameReader, MAX_SERVER_PAYLOAD};
use venue_protocol::{ClientMessage, Features, Hello, ServerMessage, VERSION_MAX, VERSION_MIN};
use xtask::demo::server::Server;
use xtask::install::python_program;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/processes/quic_peer.py");

/// TLS has no protocol in common: `no_application_protocol` (RFC 7301 §3.2) as QUIC tells it (RFC 9001 §4.8).
const NO_APPLICATION_PROTOCOL: u64 = 0x100 + 120;

const PROBE: Probe = Probe { id: 0x1234 };

/// What the peer says.
fn peer(arguments: &[&str]) -> Value {
    let output = Command::new(python_program()).arg(SCRIPT).args(arguments).output();
    let output = output.expect("cargo xtask test --only install has made the environment");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn of_hex(text: &Value) -> Vec<u8> {
    let text = text.as_str().unwrap();
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

/// The first byte of the control stream and a hello.
fn greeting() -> String {
    let hello: ClientMessage = Hello {
        version_min: VERSION_MIN,
        version_max: VERSION_MAX,
        features: Features::OWN,
        program: BoundedText::lossy("another QUIC"),
        device_key: DeviceKey([7; 32]),
        language: Language::Fr,
    }
    .into();
    format!("01{}", hex(&hello.encode()))
}

/// Both lanes carry what they should.
fn talks(port: &str) {
    let told = peer(&["talk", port, "vev/1", &greeting(), &hex(&PROBE.encode())]);
    assert_eq!(told["alpn"], "vev/1", "{told}");
    let reply = ProbeReply::decode(&of_hex(&told["datagram"])).unwrap();
    assert_eq!(reply.id, PROBE.id);
    let mut frames = FrameReader::new(MAX_SERVER_PAYLOAD);
    frames.push(&of_hex(&told["control"]));
    let frame = frames.next_frame().unwrap().expect("a whole message came");
    let message = ServerMessage::decode(&frame).unwrap();
    assert!(matches!(message, Some(ServerMessage::HelloAccepted(_))), "{message:?}");
}

#[test]
fn another_quic_is_served_by_the_standard_and_garbage_is_not() {
    let folder = tempfile::tempdir().unwrap();
    tiny_venue(folder.path());
    let server = Server::start(&super::programs(), folder.path()).unwrap();
    let port = server.port.to_string();
    talks(&port);

    let refused = peer(&["talk", &port, "h3", &greeting(), "00"]);
    assert_eq!(refused["error"], NO_APPLICATION_PROTOCOL, "{refused}");

    let offered = peer(&["versions", &port]);
    assert_eq!(offered["type"], "VERSION_NEGOTIATION", "{offered}");
    assert_eq!(offered["is_mine"], true, "{offered}");
    assert!(offered["versions"].as_array().unwrap().contains(&1.into()), "{offered}");
    assert_eq!(peer(&["negotiate", &port, "vev/1"])["alpn"], "vev/1");

    for seed in ["1", "2", "3"] {
        peer(&["garbage", &port, "3000", seed]);
        talks(&port);
    }
    server.stop().unwrap();
}
