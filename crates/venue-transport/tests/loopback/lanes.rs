//! What a program relies on: control bytes, datagrams, files, and last words.

use crate::harness::{Pair, next_of_client, next_of_server, noise};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex};
use venue_model::FileHash;
use venue_transport::{
    ClientEvent, ClientTransport, CloseCode, CloseReason, DatagramTap, FileAnswer, FileError,
    MAX_CONTROL_BACKLOG_BYTES, SendError, ServerEvent, ServerTransport,
};

fn hash_of(content: &[u8]) -> FileHash {
    FileHash(Sha256::digest(content).into())
}

#[test]
fn control_bytes_arrive_whole_and_in_order_both_ways() {
    let mut pair = Pair::new();
    let words = noise(300_000);
    for piece in words.chunks(7_001) {
        pair.client.send_control(Bytes::copy_from_slice(piece)).unwrap();
    }
    assert!(pair.server_reads(words.len()) == words);
    for piece in words.chunks(9_973) {
        pair.server.send_control(pair.connection, Bytes::copy_from_slice(piece)).unwrap();
    }
    assert!(pair.client_reads(words.len()) == words);
}

#[test]
fn datagrams_arrive_both_ways() {
    let mut pair = Pair::new();
    let large = noise(venue_protocol::MAX_DATAGRAM_BYTES);
    // Loopback may lose a datagram under load, so each side asks again until one came.
    let at_server = loop {
        pair.client.send_datagram(large.clone());
        if let Some(event) = pair.server.poll() {
            break event;
        }
    };
    assert_eq!(at_server, ServerEvent::Datagram { connection: pair.connection, bytes: large.clone() });
    let at_client = loop {
        pair.server.send_batch(&[(pair.connection, large.clone())]);
        if let Some(event) = pair.client.poll() {
            break event;
        }
    };
    assert_eq!(at_client, ClientEvent::Datagram(large));
}

/// Answers every request by `answer` until the client has a result.
fn fetch(
    pair: &mut Pair,
    hash: FileHash,
    bytes: u64,
    answer: &FileAnswer,
) -> (Result<Bytes, FileError>, u64) {
    pair.client.request_file(hash, bytes).unwrap();
    let ServerEvent::FileRequested { connection, request, hash: asked } = next_of_server(&mut pair.server)
    else {
        panic!("no request")
    };
    assert_eq!((connection, asked), (pair.connection, hash));
    pair.server.answer_file(connection, request, answer.clone());
    let mut progress = 0;
    loop {
        match next_of_client(&mut pair.client) {
            ClientEvent::FileProgress { hash: of, received } => {
                assert!(of == hash && received > progress && received <= bytes);
                progress = received;
            }
            ClientEvent::File { hash: of, result } => {
                assert_eq!(of, hash);
                return (result, progress);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_file_of_many_megabytes_arrives_whole() {
    let mut pair = Pair::new();
    let content = noise(9_000_001);
    let answer = FileAnswer::Content(content.clone());
    let (result, progress) = fetch(&mut pair, hash_of(&content), content.len() as u64, &answer);
    assert!(result.unwrap() == content);
    assert!(progress > 0);
}

#[test]
fn files_that_do_not_come_say_why() {
    let mut pair = Pair::new();
    let content = noise(1_000);
    let (hash, whole) = (hash_of(&content), FileAnswer::Content(content));
    let mut check = |hash, bytes, answer: &FileAnswer, expected| {
        assert_eq!(fetch(&mut pair, hash, bytes, answer).0, Err(expected));
    };
    check(hash, 1_000, &FileAnswer::NotFound, FileError::NotFound);
    check(hash, 1_000, &FileAnswer::Refused, FileError::Refused);
    check(hash, 999, &whole, FileError::Damaged);
    check(FileHash([1; 32]), 1_000, &whole, FileError::Damaged);
}

#[test]
fn many_files_are_fetched_a_few_at_a_time() {
    let mut pair = Pair::new();
    let contents: Vec<Bytes> = (1..30).map(|number| noise(number * 10_007)).collect();
    for content in &contents {
        pair.client.request_file(hash_of(content), content.len() as u64).unwrap();
    }
    let (mut done, mut asked, mut open) = (0, 0, Vec::new());
    while done < contents.len() {
        while let Some(event) = pair.server.poll() {
            let ServerEvent::FileRequested { request, hash, .. } = event else { panic!("{event:?}") };
            asked += 1;
            open.push((request, hash));
            assert!(open.len() <= 4);
        }
        // Nothing is answered before all that can come at once came.
        if open.len() == 4 || asked == contents.len() {
            for (request, hash) in open.drain(..) {
                let content = contents.iter().find(|content| hash_of(content) == hash).unwrap();
                pair.server.answer_file(pair.connection, request, FileAnswer::Content(content.clone()));
            }
        }
        while let Some(event) = pair.client.poll() {
            if let ClientEvent::File { hash, result } = event {
                assert_eq!(hash_of(&result.unwrap()), hash);
                done += 1;
            }
        }
    }
}

#[test]
fn last_words_arrive_before_the_close() {
    let mut pair = Pair::new();
    let words = noise(500_000);
    pair.server.send_control(pair.connection, words.clone()).unwrap();
    pair.server.close(pair.connection, CloseCode::Removed, "asked to leave");
    assert_eq!(pair.server.send_control(pair.connection, words.clone()), Err(SendError::Gone));
    assert!(pair.client_reads(words.len()) == words);
    let reason = CloseReason::Remote { code: CloseCode::Removed, reason: "asked to leave".to_owned() };
    assert_eq!(next_of_client(&mut pair.client), ClientEvent::Closed { reason });
    let connection = pair.connection;
    assert_eq!(
        next_of_server(&mut pair.server),
        ServerEvent::Closed { connection, reason: CloseReason::Local }
    );
    assert_eq!(pair.server.connection_count(), 0);
}

#[test]
fn a_client_says_goodbye_with_its_last_words() {
    let mut pair = Pair::new();
    pair.client.send_control(Bytes::from_static(b"goodbye")).unwrap();
    pair.client.close(CloseCode::Normal, "left");
    assert_eq!(pair.server_reads(7), b"goodbye");
    let reason = CloseReason::Remote { code: CloseCode::Normal, reason: "left".to_owned() };
    let connection = pair.connection;
    assert_eq!(next_of_server(&mut pair.server), ServerEvent::Closed { connection, reason });
    assert_eq!(next_of_client(&mut pair.client), ClientEvent::Closed { reason: CloseReason::Local });
}

#[test]
fn a_client_that_is_dropped_says_goodbye_too() {
    let Pair { mut server, mut client, connection } = Pair::new();
    client.send_control(Bytes::from_static(b"leave")).unwrap();
    drop(client);
    let bytes = Bytes::from_static(b"leave");
    assert_eq!(next_of_server(&mut server), ServerEvent::Control { connection, bytes });
    let ServerEvent::Closed { reason: CloseReason::Remote { code, .. }, .. } = next_of_server(&mut server)
    else {
        panic!("no close")
    };
    assert_eq!(code, CloseCode::Normal);
}

#[test]
fn a_server_that_stops_tells_its_clients_and_open_fetches_fail() {
    let Pair { mut server, mut client, connection } = Pair::new();
    client.request_file(FileHash([3; 32]), 5).unwrap();
    let ServerEvent::FileRequested { .. } = next_of_server(&mut server) else { panic!("no request") };
    server.send_control(connection, Bytes::from_static(b"closing")).unwrap();
    server.close(connection, CloseCode::ServerClosing, "restart");
    server.shutdown(std::time::Duration::from_secs(30));
    assert_eq!(next_of_client(&mut client), ClientEvent::Control(Bytes::from_static(b"closing")));
    let broken = ClientEvent::File { hash: FileHash([3; 32]), result: Err(FileError::Broken) };
    assert_eq!(next_of_client(&mut client), broken);
    let ClientEvent::Closed { reason: CloseReason::Remote { code, .. } } = next_of_client(&mut client) else {
        panic!("no close")
    };
    assert_eq!(code, CloseCode::ServerClosing);
    assert_eq!(client.request_file(FileHash([4; 32]), 5), Err(SendError::Gone));
}

#[test]
fn a_peer_that_does_not_read_fills_its_backlog_and_no_more() {
    let mut pair = Pair::new();
    let chunk = noise(64 * 1024);
    let mut sent = 0;
    // The client does not poll, so its stream and the backlog fill up; what QUIC itself holds is bounded too.
    let error = loop {
        match pair.server.send_control(pair.connection, chunk.clone()) {
            Ok(()) => sent += chunk.len(),
            Err(error) => break error,
        }
    };
    assert_eq!(error, SendError::Backlog);
    assert!(sent <= MAX_CONTROL_BACKLOG_BYTES + 16 * 1024 * 1024, "{sent}");
}

/// Keeps what begins with a v.
#[derive(Default)]
struct Kept(Mutex<Vec<Bytes>>);

impl DatagramTap for Kept {
    fn takes(&self, kind: u8) -> bool {
        kind == b'v'
    }

    fn receive(&self, datagram: &Bytes) {
        self.0.lock().unwrap().push(datagram.clone());
    }
}

#[test]
fn some_datagrams_go_past_the_program() {
    let mut pair = Pair::new();
    let kept = Arc::new(Kept::default());
    let lane = pair.client.open_lane(kept.clone()).unwrap();
    assert!(pair.client.open_lane(kept.clone()).is_none(), "there is one lane");
    let (voice, pose) = (Bytes::from_static(b"voice"), Bytes::from_static(b"pose"));
    let at_server = loop {
        lane.send(voice.clone());
        if let Some(event) = pair.server.poll() {
            break event;
        }
    };
    assert_eq!(at_server, ServerEvent::Datagram { connection: pair.connection, bytes: voice.clone() });
    let at_client = loop {
        pair.server.send_batch(&[(pair.connection, voice.clone()), (pair.connection, pose.clone())]);
        if let Some(event) = pair.client.poll() {
            break event;
        }
    };
    assert_eq!(at_client, ClientEvent::Datagram(pose), "the program hears of the others alone");
    assert!(kept.0.lock().unwrap().iter().all(|datagram| *datagram == voice));
}
