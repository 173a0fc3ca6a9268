//! The bytes of every message, committed: whoever changes them breaks every program out there.

use crate::examples::{client_messages, server_messages};
use std::fmt::{Debug, Write};
use venue_model::ServerTime;
use venue_protocol::datagram::{Probe, ProbeReply};

fn dump(messages: impl IntoIterator<Item = (impl Debug, bytes::Bytes)>) -> String {
    let mut text = String::new();
    for (message, bytes) in messages {
        writeln!(text, "{message:?}").unwrap();
        for row in bytes.chunks(32) {
            let hex: Vec<String> = row.iter().map(|byte| format!("{byte:02x}")).collect();
            writeln!(text, "    {}", hex.join(" ")).unwrap();
        }
    }
    text
}

#[test]
fn client_messages_have_these_bytes() {
    insta::assert_snapshot!(dump(client_messages().into_iter().map(|message| {
        let bytes = message.encode();
        (message, bytes)
    })));
}

#[test]
fn server_messages_have_these_bytes() {
    insta::assert_snapshot!(dump(server_messages().into_iter().map(|message| {
        let bytes = message.encode();
        (message, bytes)
    })));
}

#[test]
fn probes_have_these_bytes() {
    let reply = ProbeReply { id: 0x0102, received: ServerTime(0x0304), sent: ServerTime(0x0506) };
    let datagrams = [("Probe", Probe { id: 0x0102 }.encode()), ("ProbeReply", reply.encode())];
    insta::assert_snapshot!(dump(datagrams));
}
