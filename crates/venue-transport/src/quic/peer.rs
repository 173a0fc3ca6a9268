//! The server's end of one connection, from the knock at the door to its last event.

use super::admission::{Seat, ServerLimits, Slots};
use super::lanes::{Allowances, read_control, read_datagrams, write_control};
use super::{CONTROL_STREAM, FILE_CONTENT, FILE_NOT_FOUND, FILE_REFUSED, FILE_STREAM, close_reason};
use crate::outbox::Outbox;
use crate::queue::Queue;
use crate::{CloseCode, CloseReason, ConnectionId, FileAnswer, FileRequestId, ServerEvent};
use bytes::Bytes;
use quinn::{Connection, Incoming, RecvStream, SendStream, VarInt};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use venue_model::FileHash;
use venue_protocol::EXPORTER_LABEL;

/// Time that the program has to answer a request for a file.
const FILE_ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// Bytes of a file that are given to the stream at a time.
const FILE_CHUNK_BYTES: usize = 64 * 1024;

/// What the network tells the server's thread.
#[derive(Debug)]
pub(super) enum PeerEvent {
    /// A new peer.
    Opened { peer: Arc<Peer>, remote: SocketAddr, exporter: [u8; 32] },
    /// Something from a peer that is known already.
    Plain(ServerEvent),
    /// The last of a peer. Its seat is free when the program has taken this: so nobody fills the
    /// queue by coming and going.
    Closed { connection: ConnectionId, reason: CloseReason, seat: Arc<Seat> },
}

/// One open connection, shared by its tasks and the server's thread.
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) id: ConnectionId,
    pub(super) connection: Connection,
    pub(super) outbox: Arc<Outbox>,
    pub(super) seat: Arc<Seat>,
    files: Mutex<OpenRequests>,
}

#[derive(Debug, Default)]
struct OpenRequests {
    next: u64,
    waiting: BTreeMap<FileRequestId, oneshot::Sender<FileAnswer>>,
}

impl Peer {
    fn files(&self) -> MutexGuard<'_, OpenRequests> {
        // No code panics while it holds the lock.
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands an answer to the stream that waits for it, if it still does.
    pub(super) fn answer_file(&self, request: FileRequestId, answer: FileAnswer) {
        let waiting = self.files().waiting.remove(&request);
        if waiting.is_some_and(|stream| stream.send(answer).is_err()) {
            tracing::debug!(connection = self.id.0, "a file was answered that nobody waits for any more");
        }
    }
}

/// Lives as long as one connection does.
pub(super) async fn serve(
    id: ConnectionId,
    incoming: Incoming,
    slots: Slots,
    limits: Arc<ServerLimits>,
    queue: Arc<Queue<PeerEvent>>,
) {
    let Slots { seat, handshake } = slots;
    let remote = incoming.remote_address();
    let opened = match tokio::time::timeout(limits.handshake_timeout, open(incoming)).await {
        Ok(Ok(opened)) => opened,
        Ok(Err(reason)) => return tracing::debug!(%remote, %reason, "a connection was not opened"),
        Err(_) => return tracing::debug!(%remote, "a handshake took too long"),
    };
    drop(handshake);
    let Opened { connection, exporter, send, mut receive } = opened;
    let outbox = Outbox::new();
    let peer = Arc::new(Peer { id, connection, outbox, seat: seat.clone(), files: Mutex::default() });
    queue.push(PeerEvent::Opened { peer: peer.clone(), remote, exporter }, None);
    let allowances = Allowances::of_server();
    tokio::join!(
        write_control(&peer.connection, send, &peer.outbox),
        read_control(&mut receive, &allowances, &queue, |bytes| {
            PeerEvent::Plain(ServerEvent::Control { connection: id, bytes })
        }),
        read_datagrams(&peer.connection, &allowances, &queue, |bytes| {
            PeerEvent::Plain(ServerEvent::Datagram { connection: id, bytes })
        }),
        serve_files(&peer, &queue),
    );
    let reason = close_reason(peer.connection.closed().await);
    queue.push(PeerEvent::Closed { connection: id, reason, seat }, None);
}

struct Opened {
    connection: Connection,
    exporter: [u8; 32],
    send: SendStream,
    receive: RecvStream,
}

async fn open(incoming: Incoming) -> Result<Opened, CloseReason> {
    let connection = incoming.accept().map_err(close_reason)?.await.map_err(close_reason)?;
    let (send, mut receive) = connection.accept_bi().await.map_err(close_reason)?;
    let lost = |detail: &str| CloseReason::Lost { detail: detail.to_owned() };
    let mut kind = [0];
    receive.read_exact(&mut kind).await.map_err(|error| lost(&error.to_string()))?;
    if kind != [CONTROL_STREAM] {
        close(&connection, CloseCode::ProtocolError, "the first stream must be the control stream");
        return Err(lost("the first stream is not the control stream"));
    }
    let mut exporter = [0; 32];
    connection
        .export_keying_material(&mut exporter, EXPORTER_LABEL, b"")
        .map_err(|_| lost("no keying material"))?;
    Ok(Opened { connection, exporter, send, receive })
}

fn close(connection: &Connection, code: CloseCode, reason: &str) {
    connection.close(VarInt::from_u32(code.number()), reason.as_bytes());
}

/// Takes file streams until the connection ends. QUIC itself allows only so many at once.
async fn serve_files(peer: &Arc<Peer>, queue: &Arc<Queue<PeerEvent>>) {
    let mut streams = JoinSet::new();
    while let Ok((send, receive)) = peer.connection.accept_bi().await {
        while streams.try_join_next().is_some() {}
        streams.spawn(serve_file(peer.clone(), queue.clone(), send, receive));
    }
}

/// One request and its answer. An error means that the client went away or broke off: nobody is left to tell.
async fn serve_file(
    peer: Arc<Peer>,
    queue: Arc<Queue<PeerEvent>>,
    mut send: SendStream,
    mut receive: RecvStream,
) {
    let mut request = [0; 33];
    let read = tokio::time::timeout(FILE_ANSWER_TIMEOUT, receive.read_exact(&mut request)).await;
    if !matches!(read, Ok(Ok(()))) {
        return;
    }
    let [FILE_STREAM, hash @ ..] = request else {
        return close(&peer.connection, CloseCode::ProtocolError, "a stream of an unknown kind");
    };
    let answer = ask_program(&peer, &queue, FileHash(hash)).await;
    if let Err(error) = write_answer(&mut send, answer).await {
        tracing::debug!(connection = peer.id.0, %error, "a file was not taken to its end");
    }
}

async fn ask_program(peer: &Peer, queue: &Queue<PeerEvent>, hash: FileHash) -> FileAnswer {
    let (sender, receiver) = oneshot::channel();
    let request = {
        let mut files = peer.files();
        let request = FileRequestId(files.next);
        files.next += 1;
        files.waiting.insert(request, sender);
        request
    };
    queue.push(PeerEvent::Plain(ServerEvent::FileRequested { connection: peer.id, request, hash }), None);
    match tokio::time::timeout(FILE_ANSWER_TIMEOUT, receiver).await {
        Ok(Ok(answer)) => answer,
        _ => {
            peer.files().waiting.remove(&request);
            FileAnswer::Refused
        }
    }
}

async fn write_answer(send: &mut SendStream, answer: FileAnswer) -> Result<(), quinn::WriteError> {
    let content = match answer {
        FileAnswer::Content(content) => content,
        FileAnswer::NotFound => return finish_with(send, FILE_NOT_FOUND).await,
        FileAnswer::Refused => return finish_with(send, FILE_REFUSED).await,
    };
    // Control goes first when both wait.
    if send.set_priority(-1).is_err() {
        return Err(quinn::WriteError::ClosedStream);
    }
    let mut head = [FILE_CONTENT; 9];
    head[1..].copy_from_slice(&(content.len() as u64).to_be_bytes());
    send.write_all(&head).await?;
    let mut rest: Bytes = content;
    while !rest.is_empty() {
        let chunk = rest.split_to(rest.len().min(FILE_CHUNK_BYTES));
        send.write_chunk(chunk).await?;
    }
    finish(send).await
}

async fn finish_with(send: &mut SendStream, status: u8) -> Result<(), quinn::WriteError> {
    send.write_all(&[status]).await?;
    finish(send).await
}

/// Waits until the client has everything: only then another of its file streams may begin.
async fn finish(send: &mut SendStream) -> Result<(), quinn::WriteError> {
    send.finish().map_err(|_| quinn::WriteError::ClosedStream)?;
    send.stopped().await.map(drop).map_err(quinn::WriteError::from)
}
