//! Targets over what the network brings.

use crate::seeds;
use bytes::{Bytes, BytesMut};
use venue_model::{BodyPose, DeviceKey, Language, ParticipantId, ServerTime, SpaceId};
use venue_protocol::datagram::{Probe, ProbeReply};
use venue_protocol::frame::FrameReader;
use venue_protocol::{
    ClientMessage, ClientSession, ClientSessionConfig, ClientSessionEvent, LocalTime, ServerMessage,
    ServerSession, ServerSessionConfig, ServerSessionEvent, VoiceFrame, VoiceReport, VoiceStatus,
    heard_frames,
};
use venue_replication::{Feedback, Mirror, PoseUpdate};

macro_rules! message_target {
    ($name:ident, $message:ident, $limit:ident) => {
        /// A message that is accepted is written and read again unchanged.
        pub(crate) fn $name(data: &[u8]) {
            let limit = venue_protocol::frame::$limit;
            for frame in frames(data, limit) {
                let Ok(Some(message)) = $message::decode(&frame) else { continue };
                let written = message.encode();
                let again = frames(&written, limit);
                assert_eq!(again.len(), 1, "one message is one frame");
                let again = $message::decode(&again[0]).expect("what was written must be readable");
                assert_eq!(again.expect("its type is known").encode(), written);
            }
        }
    };
}

message_target!(client_message, ClientMessage, MAX_CLIENT_PAYLOAD);
message_target!(server_message, ServerMessage, MAX_SERVER_PAYLOAD);

fn frames(data: &[u8], limit: usize) -> Vec<venue_protocol::frame::Frame> {
    let mut reader = FrameReader::new(limit);
    reader.push(data);
    std::iter::from_fn(|| reader.next_frame().ok().flatten()).collect()
}

/// Cuts the input into pieces of 1 to 64 bytes, each with a bit that says which lane it takes.
fn pieces(mut data: &[u8], mut take: impl FnMut(LocalTime, bool, &[u8])) {
    let mut now = LocalTime(0);
    while let Some((&first, rest)) = data.split_first() {
        let length = (usize::from(first & 0x3f) + 1).min(rest.len());
        let (piece, left) = rest.split_at(length);
        now = LocalTime(now.0 + u64::from(first) * 1_000);
        take(now, first & 0x80 != 0, piece);
        data = left;
    }
}

/// How far a session has come before the input begins.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Reached {
    Opened,
    Greeted,
    Admitted,
}

/// The input's first byte says how far; most numbers mean that the client is inside.
fn reached(data: &[u8]) -> (Reached, &[u8]) {
    match data.split_first() {
        None => (Reached::Opened, data),
        Some((0, rest)) => (Reached::Opened, rest),
        Some((1, rest)) => (Reached::Greeted, rest),
        Some((_, rest)) => (Reached::Admitted, rest),
    }
}

/// A server's session after a real beginning.
fn begun_server(until: Reached) -> ServerSession {
    let config = ServerSessionConfig { program: Default::default(), clock_origin: LocalTime(0) };
    let mut session = ServerSession::new(config, [7; 32], LocalTime(0));
    if until >= Reached::Greeted {
        session.handle_control(LocalTime(0), &ClientMessage::from(seeds::hello()).encode());
    }
    if until >= Reached::Admitted {
        session.handle_control(LocalTime(0), &ClientMessage::from(seeds::join()).encode());
        session.admit(seeds::welcome());
        assert!(session.is_admitted(), "a real join is admitted");
    }
    session
}

/// A server's session survives any client, also one that is inside.
pub(crate) fn server_session(data: &[u8]) {
    let (until, data) = reached(data);
    let mut session = begun_server(until);
    pieces(data, |now, is_datagram, piece| {
        if is_datagram {
            session.handle_datagram(now, bytes::Bytes::copy_from_slice(piece));
        } else {
            session.handle_control(now, piece);
        }
        session.handle_timeout(now);
        while let Some(event) = session.poll_event() {
            match event {
                ServerSessionEvent::JoinRequested(_) => session.admit(seeds::welcome()),
                // What the owner does with a body: the next decoder.
                ServerSessionEvent::Datagram(datagram) => pose_update(&datagram),
                ServerSessionEvent::Request(_) | ServerSessionEvent::Ended(_) => {}
            }
        }
        while session.poll_control().is_some() || session.poll_datagram().is_some() {}
        assert!(session.poll_timeout().is_some() || session.is_over());
    });
}

/// A client's session after a real beginning.
fn begun_client(until: Reached) -> ClientSession {
    let join = seeds::join();
    let config = ClientSessionConfig {
        program: Default::default(),
        device_key: DeviceKey([1; 32]),
        language: Language::En,
        credential: join.credential,
        appearance: join.appearance,
    };
    let mut session = ClientSession::new(config, 1);
    session.handle_opened(LocalTime(0), [7; 32]);
    if until >= Reached::Greeted {
        session.handle_control(LocalTime(0), &ServerMessage::from(seeds::hello_accepted()).encode());
    }
    if until >= Reached::Admitted {
        session.join(join.proof);
        session.handle_control(LocalTime(0), &ServerMessage::from(seeds::welcome()).encode());
        assert!(session.is_inside(), "a real welcome lets in");
    }
    session
}

/// A client's session survives any server, also when it is inside.
pub(crate) fn client_session(data: &[u8]) {
    let (until, data) = reached(data);
    let mut session = begun_client(until);
    let (mut last, mut mirror) = (ServerTime(0), entered_mirror());
    pieces(data, |now, is_datagram, piece| {
        if is_datagram {
            session.handle_datagram(now, bytes::Bytes::copy_from_slice(piece));
        } else {
            session.handle_control(now, piece);
        }
        session.join([0; 64]);
        session.handle_timeout(now);
        while let Some(event) = session.poll_event() {
            // What the owner does with bodies: the next decoder.
            if let ClientSessionEvent::Datagram(datagram) = event {
                show(&mut mirror, &datagram, last);
            }
        }
        while session.poll_control().is_some() || session.poll_datagram().is_some() {}
        let time = session.server_time(now).unwrap_or(last);
        assert!(time >= last, "the server's time runs backwards");
        last = time;
    });
}

/// A pose update that is accepted is written and read again unchanged.
pub(crate) fn pose_update(data: &[u8]) {
    let origin = glam::Vec3::new(8.0, 0.0, -3.0);
    let Ok(update) = PoseUpdate::decode(data, origin) else { return };
    let written = update.encode(origin, &mut BytesMut::new());
    let again = PoseUpdate::decode(&written, origin).expect("what was written must be readable");
    assert_eq!(again.pose.posture, update.pose.posture);
    assert!(again.pose.root.distance(update.pose.root) < 0.002);
}

/// Any snapshot is taken or refused, by a mirror that knows nothing yet.
pub(crate) fn snapshot(data: &[u8]) {
    show(&mut entered_mirror(), data, seeds::SNAPSHOT_TICK.time());
}

/// A report on snapshots that is accepted is written and read again unchanged.
pub(crate) fn feedback(data: &[u8]) {
    if let Ok(feedback) = Feedback::decode(data) {
        assert_eq!(Feedback::decode(&feedback.encode(&mut BytesMut::new())), Ok(feedback));
    }
}

/// Whatever is read of voices is written the same way, but for the kind; frames among others are read to the end.
pub(crate) fn voice(data: &[u8]) {
    let mut buffer = BytesMut::new();
    if let Ok(frame) = VoiceFrame::decode(&Bytes::copy_from_slice(data)) {
        assert_eq!(frame.encode(&mut buffer)[1..], data[1..]);
    }
    if let Ok(report) = VoiceReport::decode(data) {
        assert_eq!(report.encode(&mut buffer)[1..], data[1..]);
    }
    if let Ok(status) = VoiceStatus::decode(data) {
        assert_eq!(status.encode()[1..], data[1..]);
    }
    let frames: Vec<_> = heard_frames(data).collect();
    if !frames.is_empty() && frames.iter().all(Result::is_ok) {
        let mut written = BytesMut::new();
        frames.into_iter().flatten().for_each(|frame| frame.append(&mut written));
        assert_eq!(written[1..], data[1..]);
    }
}

/// A mirror whose space was entered takes any datagrams, each behind its length in two bytes.
pub(crate) fn mirror(data: &[u8]) {
    let (mut mirror, mut now) = (entered_mirror(), seeds::SNAPSHOT_TICK.time());
    let mut rest = data;
    while let Some((length, after)) = rest.split_first_chunk::<2>() {
        let length = usize::from(u16::from_le_bytes(*length)).min(after.len());
        let (datagram, after) = after.split_at(length);
        rest = after;
        show(&mut mirror, datagram, now);
        now = now + 50_000;
    }
}

fn entered_mirror() -> Mirror {
    let mut mirror = Mirror::new(SpaceId(0), seeds::EPOCH, glam::Vec3::ZERO);
    mirror.enter_space(seeds::SPACE, seeds::EPOCH, glam::Vec3::new(8.0, 0.0, -3.0));
    (0..6).for_each(|number| mirror.admit(ParticipantId(number)));
    mirror
}

/// Whatever is taken or refused, the bodies that are shown are whole.
fn show(mirror: &mut Mirror, datagram: &[u8], now: ServerTime) {
    mirror.handle_snapshot(datagram, now).ok();
    if let Some(feedback) = mirror.feedback() {
        assert!(Feedback::decode(&feedback.encode(&mut BytesMut::new())).is_ok());
    }
    for (participant, pose) in mirror.displayed(now) {
        assert!(is_whole(&pose), "{participant:?}: {pose:?}");
    }
}

fn is_whole(pose: &BodyPose) -> bool {
    let hands = pose.hands.iter().flatten();
    pose.root.is_finite()
        && hands.chain([&pose.head]).all(|part| part.position.is_finite() && part.orientation.is_finite())
}

/// A probe or its answer that is accepted is written and read again unchanged.
pub(crate) fn probe(data: &[u8]) {
    if let Ok(probe) = Probe::decode(data) {
        assert_eq!(Probe::decode(&probe.encode()), Ok(probe));
    }
    if let Ok(reply) = ProbeReply::decode(data) {
        assert_eq!(ProbeReply::decode(&reply.encode()), Ok(reply));
    }
}
