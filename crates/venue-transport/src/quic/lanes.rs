//! The two lanes of the client's connection: control bytes and datagrams, in and out.

use super::client::Tap;
use crate::outbox::{Farewell, Next, Outbox};
use crate::queue::Queue;
use bytes::Bytes;
use quinn::{Connection, RecvStream, SendStream, VarInt};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use venue_protocol::MAX_DATAGRAM_BYTES;

/// Time that a peer has to take our last words.
const FAREWELL_TIMEOUT: Duration = Duration::from_secs(2);

/// Most bytes of one control event.
const CONTROL_CHUNK_BYTES: usize = 64 * 1024;

/// What one connection may have in the event queue.
#[derive(Debug)]
pub(super) struct Allowances {
    control: Arc<Semaphore>,
    datagrams: Arc<Semaphore>,
}

impl Allowances {
    /// At most 1 MiB of control and 512 datagrams.
    pub(super) fn of_client() -> Self {
        let semaphore = |permits| Arc::new(Semaphore::new(permits));
        Self { control: semaphore(16), datagrams: semaphore(512) }
    }
}

/// Reads the control stream to its end. A program that does not poll stops the peer by flow control.
pub(super) async fn read_control<E>(
    stream: &mut RecvStream,
    allowances: &Allowances,
    queue: &Queue<E>,
    event: impl Fn(Bytes) -> E,
) {
    loop {
        let Ok(permit) = allowances.control.clone().acquire_owned().await else { return };
        match stream.read_chunk(CONTROL_CHUNK_BYTES, true).await {
            Ok(Some(chunk)) => queue.push(event(chunk.bytes), Some(permit)),
            Ok(None) | Err(_) => return,
        }
    }
}

/// Reads datagrams until the connection ends. Those that the program does not take in time are lost.
pub(super) async fn read_datagrams<E>(
    connection: &Connection,
    allowances: &Allowances,
    tap: &Tap,
    queue: &Queue<E>,
    event: impl Fn(Bytes) -> E,
) {
    while let Ok(bytes) = connection.read_datagram().await {
        if bytes.len() > MAX_DATAGRAM_BYTES || tap.take(&bytes) {
            continue;
        }
        if let Ok(permit) = allowances.datagrams.clone().try_acquire_owned() {
            queue.push(event(bytes), Some(permit));
        }
    }
}

/// Writes what waits until somebody wants to close, then closes; or until the connection ends.
pub(super) async fn write_control(connection: &Connection, mut stream: SendStream, outbox: &Outbox) {
    let overdue = async {
        let farewell = outbox.close_wanted().await;
        tokio::time::sleep(FAREWELL_TIMEOUT).await;
        Some(farewell)
    };
    let farewell = tokio::select! {
        farewell = write_until_close(&mut stream, outbox) => farewell,
        farewell = overdue => farewell,
        _ = connection.closed() => None,
    };
    if let Some(Farewell { code, reason }) = farewell {
        connection.close(VarInt::from_u32(code.number()), reason.as_bytes());
    }
    outbox.mark_gone();
}

async fn write_until_close(stream: &mut SendStream, outbox: &Outbox) -> Option<Farewell> {
    loop {
        match outbox.next().await {
            Next::Write(mut chunks) => {
                let bytes = chunks.iter().map(Bytes::len).sum();
                stream.write_all_chunks(&mut chunks).await.ok()?;
                outbox.written(bytes);
            }
            Next::Close(farewell) => {
                // Closing a connection throws unread bytes away, so the peer has to acknowledge them first.
                if stream.finish().is_ok() && stream.stopped().await.is_err() {
                    return None;
                }
                return Some(farewell);
            }
        }
    }
}

/// Sends a datagram at once, or not at all.
pub(super) fn send_datagram(connection: &Connection, bytes: Bytes) {
    debug_assert!(bytes.len() <= MAX_DATAGRAM_BYTES, "a datagram of {} bytes", bytes.len());
    if let Err(error) = connection.send_datagram(bytes) {
        tracing::trace!(%error, "a datagram was not sent");
    }
}
