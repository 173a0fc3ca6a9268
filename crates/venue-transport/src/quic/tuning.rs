//! The numbers of QUIC: windows that bound what a peer can make us hold, and timers.

use super::congestion::{Pulse, RealTimeConfig};
use quinn::{AckFrequencyConfig, IdleTimeout, TransportConfig, VarInt};
use std::sync::Arc;
use std::time::Duration;

/// A connection is given up after this silence.
const IDLE_TIMEOUT_MS: u32 = 30_000;

/// The client says something at least this often, so that address translators keep the path.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// What a peer may send on one stream before it is read.
const SERVER_STREAM_WINDOW: u32 = 64 * 1024;
const CLIENT_STREAM_WINDOW: u32 = 1024 * 1024;

/// What a peer may send on all streams before it is read.
const SERVER_WINDOW: u32 = 256 * 1024;
const CLIENT_WINDOW: u32 = 4 * 1024 * 1024;

/// What waits for a peer's acknowledgement on all of its streams.
const SERVER_SEND_WINDOW: u64 = 2 * 1024 * 1024;

/// Datagrams that came and wait to be taken, in bytes; the oldest go first.
const DATAGRAM_BUFFER: usize = 128 * 1024;

/// Datagrams that wait for room on the path, in bytes; the oldest go first. It is what a full hall says in
/// five ticks, and a client in half a second: what waited longer shows a body where it is no more.
pub(super) const SERVER_STALE_BYTES: usize = 16 * 1024;
const CLIENT_STALE_BYTES: usize = 4 * 1024;

/// Packets that may come before they are acknowledged, and for how long: they come 30 times a second in both
/// directions, so an acknowledgement finds a packet to ride on. A gap is told of at once.
const PACKETS_PER_ACK: u32 = 20;
const MAX_ACK_DELAY: Duration = Duration::from_millis(50);

/// The server's side of a connection. One stream is for control, the others for files.
pub(super) fn server(file_streams: u32, pulse: Arc<Pulse>) -> TransportConfig {
    let mut config = common(pulse);
    config
        .max_concurrent_bidi_streams(VarInt::from_u32(1 + file_streams))
        .stream_receive_window(VarInt::from_u32(SERVER_STREAM_WINDOW))
        .receive_window(VarInt::from_u32(SERVER_WINDOW))
        .send_window(SERVER_SEND_WINDOW)
        .datagram_send_buffer_size(SERVER_STALE_BYTES);
    config
}

/// The client's side of a connection. The server opens no streams.
pub(super) fn client() -> TransportConfig {
    // The little that a client says never fills its window: nobody has to tell it that the server is heard.
    let mut config = common(Arc::default());
    config
        .max_concurrent_bidi_streams(VarInt::from_u32(0))
        .stream_receive_window(VarInt::from_u32(CLIENT_STREAM_WINDOW))
        .receive_window(VarInt::from_u32(CLIENT_WINDOW))
        .datagram_send_buffer_size(CLIENT_STALE_BYTES)
        .keep_alive_interval(Some(KEEP_ALIVE));
    config
}

fn common(pulse: Arc<Pulse>) -> TransportConfig {
    let mut acknowledgements = AckFrequencyConfig::default();
    acknowledgements
        .ack_eliciting_threshold(VarInt::from_u32(PACKETS_PER_ACK))
        .max_ack_delay(Some(MAX_ACK_DELAY));
    let mut config = TransportConfig::default();
    config
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .max_idle_timeout(Some(IdleTimeout::from(VarInt::from_u32(IDLE_TIMEOUT_MS))))
        .ack_frequency_config(Some(acknowledgements))
        .congestion_controller_factory(Arc::new(RealTimeConfig(pulse)))
        .datagram_receive_buffer_size(Some(DATAGRAM_BUFFER));
    config
}
