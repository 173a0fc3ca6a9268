//! Peers that do not keep to the protocol: the session ends with a reason, and nothing else happens.

use crate::examples::{client_messages, hello, server_messages, text};
use crate::sessions::{Pair, client_config, drain_server, join, server_config};
use bytes::Bytes;
use proptest::prelude::*;
use venue_protocol::frame::{MessageType, encode_frame};
use venue_protocol::*;

fn fresh() -> ServerSession {
    ServerSession::new(server_config(), [0; 32], LocalTime(0))
}

fn end_of(session: &mut ServerSession) -> (Option<ServerSessionEnd>, Option<CloseCode>) {
    let end = std::iter::from_fn(|| session.poll_event()).find_map(|event| match event {
        ServerSessionEvent::Ended(end) => Some(end),
        _ => None,
    });
    while session.poll_control().is_some() {}
    (end, session.poll_close().map(|close| close.code))
}

#[test]
fn a_malformed_message_ends_the_session_with_a_reason() {
    let mut session = fresh();
    session.handle_control(LocalTime(1), &[1, 2, 0, 0]);
    let close = session.poll_close().unwrap();
    assert_eq!(close.code, CloseCode::ProtocolError);
    assert_eq!(close.reason, "newest version: the bytes end too early at byte 2");
    assert!(session.is_over());
    session.handle_control(LocalTime(2), &ClientMessage::from(hello()).encode());
    assert_eq!(session.poll_control(), None, "what follows is not read");
}

#[test]
fn unknown_types_end_the_session_unless_they_are_optional() {
    let mut session = fresh();
    session.handle_control(LocalTime(1), &encode_frame(MessageType(0x8123), b"from the future"));
    assert!(!session.is_over());
    session.handle_control(LocalTime(1), &encode_frame(MessageType(0x0123), b""));
    let (end, code) = end_of(&mut session);
    assert!(matches!(end, Some(ServerSessionEnd::Malformed(_))), "{end:?}");
    assert_eq!(code, Some(CloseCode::ProtocolError));
}

#[test]
fn messages_out_of_order_end_the_session() {
    let all = client_messages();
    let check = |messages: &[&ClientMessage]| {
        let mut session = fresh();
        messages.iter().for_each(|message| session.handle_control(LocalTime(1), &message.encode()));
        let (end, code) = end_of(&mut session);
        assert!(matches!(end, Some(ServerSessionEnd::OutOfOrder(_))), "{end:?}");
        assert_eq!(code, Some(CloseCode::ProtocolError));
    };
    let (hello, join, renew) = (&all[0], &all[1], &all[3]);
    check(&[join]);
    check(&[hello, hello]);
    check(&[hello, renew]);
    check(&[hello, join, renew]);
    let mut pair = Pair::new();
    join_and_check_twice(&mut pair, hello);
}

fn join_and_check_twice(pair: &mut Pair, hello: &ClientMessage) {
    join(pair);
    pair.server.handle_control(pair.now, &hello.encode());
    assert!(matches!(end_of(&mut pair.server).0, Some(ServerSessionEnd::OutOfOrder(_))));
}

#[test]
fn too_many_messages_end_the_session() {
    let mut pair = Pair::new();
    join(&mut pair);
    let message = ClientMessage::from(LeaveSeat).encode();
    (0..200).for_each(|_| pair.server.handle_control(pair.now, &message));
    let (end, code) = end_of(&mut pair.server);
    assert_eq!((end, code), (Some(ServerSessionEnd::TooFast), Some(CloseCode::TooFast)));
}

#[test]
fn too_many_datagrams_are_dropped_and_the_session_goes_on() {
    let mut pair = Pair::new();
    join(&mut pair);
    let pose = Bytes::from_static(&[0x02, 1, 2, 3]);
    (0..1_000).for_each(|_| pair.server.handle_datagram(pair.now, pose.clone()));
    let (events, _) = drain_server(&mut pair.server);
    assert!((250..=300).contains(&events.len()), "{}", events.len());
    assert!(pair.server.is_admitted());
}

#[test]
fn strangers_get_no_datagram_through() {
    let mut session = fresh();
    session.handle_datagram(LocalTime(1), Bytes::from_static(&[0x02, 1, 2]));
    session.handle_datagram(LocalTime(1), Bytes::from_static(&[0x7e, 1, 2]));
    session.handle_datagram(LocalTime(1), Bytes::new());
    assert_eq!(session.poll_event(), None);
    assert!(!session.is_over());
}

#[test]
fn a_server_that_breaks_the_protocol_is_left() {
    let check = |bytes: &[u8]| {
        let mut client = ClientSession::new(client_config(), 1);
        client.handle_opened(LocalTime(0), [0; 32]);
        client.handle_control(LocalTime(1), bytes);
        let end = std::iter::from_fn(|| client.poll_event()).last();
        assert!(matches!(end, Some(ClientSessionEvent::Ended(SessionEnd::ProtocolError(_)))), "{end:?}");
    };
    check(&[0xff; 16]);
    check(&ServerMessage::from(crate::examples::welcome()).encode());
    check(&ServerMessage::from(SeatFreed { seat: venue_model::SeatId(1) }).encode());
    let program = text("venue-server");
    let server_time = venue_model::ServerTime(1);
    let odd = HelloAccepted { version: 99, features: Features(0), server_time, program };
    check(&ServerMessage::from(odd).encode());
}

fn mutated(messages: Vec<Bytes>) -> impl Strategy<Value = Vec<u8>> {
    let any_message = prop::sample::select(messages);
    let flip = (any::<prop::sample::Index>(), any::<u8>());
    (any_message, prop::collection::vec(flip, 0..4), any::<prop::sample::Index>()).prop_map(
        |(bytes, flips, cut)| {
            let mut bytes = bytes.to_vec();
            for (at, value) in flips {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
            let keep = cut.index(bytes.len() * 4).min(bytes.len());
            bytes.truncate(keep);
            bytes
        },
    )
}

proptest! {
    #[test]
    fn mutated_messages_never_panic_a_server(
        stream in prop::collection::vec(mutated(client_messages().iter().map(ClientMessage::encode).collect()), 0..20),
        is_inside: bool, datagram in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        let mut pair = Pair::new();
        if is_inside {
            join(&mut pair);
        }
        for bytes in stream {
            pair.server.handle_control(pair.now, &bytes);
            pair.server.handle_datagram(pair.now, datagram.clone().into());
            pair.server.handle_timeout(pair.now);
        }
        let (events, _) = drain_server(&mut pair.server);
        let ended = events.iter().filter(|event| matches!(event, ServerSessionEvent::Ended(_))).count();
        prop_assert_eq!(ended, usize::from(pair.server.is_over()), "an end is told once");
    }

    #[test]
    fn mutated_messages_never_panic_a_client(
        stream in prop::collection::vec(mutated(server_messages().iter().map(ServerMessage::encode).collect()), 0..20),
        is_inside: bool, datagram in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        let mut pair = Pair::new();
        if is_inside {
            join(&mut pair);
        }
        for bytes in stream {
            pair.client.handle_control(pair.now, &bytes);
            pair.client.handle_datagram(pair.now, datagram.clone().into());
            pair.client.handle_timeout(pair.now);
        }
        let ended = std::iter::from_fn(|| pair.client.poll_event())
            .filter(|event| matches!(event, ClientSessionEvent::Ended(_)))
            .count();
        prop_assert_eq!(ended, usize::from(pair.client.is_over()), "an end is told once");
    }
}
