//! Targets over what the network brings.

use venue_model::{BoundedText, DeviceKey, EventKey, Language, ServerTime};
use venue_protocol::frame::FrameReader;
use venue_protocol::{
    Appearance, ClientMessage, ClientSession, ClientSessionConfig, Credential, InvitationCode, LocalTime,
    ServerMessage, ServerSession, ServerSessionConfig,
};
use venue_replication::PoseUpdate;

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

/// A server's session survives any client.
pub(crate) fn server_session(data: &[u8]) {
    let config = ServerSessionConfig { program: Default::default(), clock_origin: LocalTime(0) };
    let mut session = ServerSession::new(config, [7; 32], LocalTime(0));
    pieces(data, |now, is_datagram, piece| {
        if is_datagram {
            session.handle_datagram(now, bytes::Bytes::copy_from_slice(piece));
        } else {
            session.handle_control(now, piece);
        }
        session.handle_timeout(now);
        while session.poll_event().is_some() {}
        while session.poll_control().is_some() || session.poll_datagram().is_some() {}
    });
}

/// A client's session survives any server.
pub(crate) fn client_session(data: &[u8]) {
    let Ok(event) = EventKey::new("fuzz") else { return };
    let config = ClientSessionConfig {
        program: Default::default(),
        device_key: DeviceKey([1; 32]),
        language: Language::En,
        credential: Credential::Invitation { event, code: InvitationCode(BoundedText::lossy("7K2M9QXA")) },
        appearance: Appearance::default(),
    };
    let mut session = ClientSession::new(config, 1);
    session.handle_opened(LocalTime(0), [7; 32]);
    pieces(data, |now, is_datagram, piece| {
        if is_datagram {
            session.handle_datagram(now, bytes::Bytes::copy_from_slice(piece));
        } else {
            session.handle_control(now, piece);
        }
        session.join([0; 64]);
        session.handle_timeout(now);
        while session.poll_event().is_some() {}
        while session.poll_control().is_some() || session.poll_datagram().is_some() {}
        assert!(session.server_time(now).is_none_or(|time| time >= ServerTime(0)));
    });
}

/// A pose update that is accepted is written and read again unchanged.
pub(crate) fn pose_update(data: &[u8]) {
    let origin = glam::Vec3::new(8.0, 0.0, -3.0);
    let Ok(update) = PoseUpdate::decode(data, origin) else { return };
    let again =
        PoseUpdate::decode(&update.encode(origin), origin).expect("what was written must be readable");
    assert_eq!(again.pose.posture, update.pose.posture);
    assert!(again.pose.root.distance(update.pose.root) < 0.002);
}

/// Any snapshot is taken or refused by a mirror, which then gives finite bodies.
pub(crate) fn snapshot(data: &[u8]) {
    let records = venue_replication::snapshot::decode_records(data, glam::Vec3::ZERO);
    for record in records.iter().flatten() {
        assert!(record.pose.root.is_finite() && record.pose.head.orientation.is_finite());
    }
}
