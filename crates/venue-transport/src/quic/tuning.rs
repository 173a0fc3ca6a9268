//! The numbers of QUIC: windows that bound what a peer can make us hold, and timers.

use quinn::{IdleTimeout, TransportConfig, VarInt};
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

/// Datagrams that wait, in bytes; the oldest go first.
const DATAGRAM_BUFFER: usize = 128 * 1024;

/// The server's side of a connection. One stream is for control, the others for files.
pub(super) fn server(file_streams: u32) -> TransportConfig {
    let mut config = common();
    config
        .max_concurrent_bidi_streams(VarInt::from_u32(1 + file_streams))
        .stream_receive_window(VarInt::from_u32(SERVER_STREAM_WINDOW))
        .receive_window(VarInt::from_u32(SERVER_WINDOW))
        .send_window(SERVER_SEND_WINDOW);
    config
}

/// The client's side of a connection. The server opens no streams.
pub(super) fn client() -> TransportConfig {
    let mut config = common();
    config
        .max_concurrent_bidi_streams(VarInt::from_u32(0))
        .stream_receive_window(VarInt::from_u32(CLIENT_STREAM_WINDOW))
        .receive_window(VarInt::from_u32(CLIENT_WINDOW))
        .keep_alive_interval(Some(KEEP_ALIVE));
    config
}

fn common() -> TransportConfig {
    let mut config = TransportConfig::default();
    config
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .max_idle_timeout(Some(IdleTimeout::from(VarInt::from_u32(IDLE_TIMEOUT_MS))))
        .datagram_receive_buffer_size(Some(DATAGRAM_BUFFER))
        .datagram_send_buffer_size(DATAGRAM_BUFFER);
    config
}
