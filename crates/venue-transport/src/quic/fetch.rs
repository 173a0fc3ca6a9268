//! The client's files: each on a stream of its own, a few at a time, checked against its name.

use super::{FILE_CONTENT, FILE_NOT_FOUND, FILE_REFUSED, FILE_STREAM};
use crate::queue::Queue;
use crate::{ClientEvent, FileError};
use bytes::{Bytes, BytesMut};
use quinn::{Connection, RecvStream};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use venue_model::FileHash;

/// Files that are fetched at the same time.
const FILES_AT_ONCE: usize = 4;

/// Files that are here and wait for the program to take them.
const MAX_WAITING_FILES: usize = 8;

/// A file that the program wants.
#[derive(Clone, Copy, Debug)]
pub(super) struct FileRequest {
    pub(super) hash: FileHash,
    pub(super) expected_bytes: u64,
}

/// Fetches what is asked for until the connection ends; then every open request fails.
pub(super) async fn fetch_files(
    connection: &Connection,
    requests: &mut mpsc::Receiver<FileRequest>,
    queue: &Arc<Queue<ClientEvent>>,
) {
    let waiting = Arc::new(Semaphore::new(MAX_WAITING_FILES));
    let mut fetches = JoinSet::new();
    loop {
        tokio::select! {
            _ = connection.closed() => break,
            Some(_) = fetches.join_next() => {}
            Some(request) = requests.recv(), if fetches.len() < FILES_AT_ONCE => {
                fetches.spawn(fetch_one(connection.clone(), request, queue.clone(), waiting.clone()));
            }
            else => break,
        }
    }
    // On a dead connection every fetch ends at once, and gives its own event.
    while fetches.join_next().await.is_some() {}
    requests.close();
    while let Some(request) = requests.recv().await {
        let result = Err(FileError::Broken);
        queue.push(ClientEvent::File { hash: request.hash, result }, None);
    }
}

async fn fetch_one(
    connection: Connection,
    request: FileRequest,
    queue: Arc<Queue<ClientEvent>>,
    waiting: Arc<Semaphore>,
) {
    // A closed semaphore can not be: nobody closes it. The file would then count for nothing.
    let permit = waiting.acquire_owned().await.ok();
    let progress = Arc::new(Semaphore::new(1));
    let report = |received| {
        // One report a file waits at a time: who does not take it gets the next one later.
        if let Ok(permit) = progress.clone().try_acquire_owned() {
            queue.push(ClientEvent::FileProgress { hash: request.hash, received }, Some(permit));
        }
    };
    let result = fetch(&connection, &request, report).await;
    queue.push(ClientEvent::File { hash: request.hash, result }, permit);
}

async fn fetch(
    connection: &Connection,
    request: &FileRequest,
    report: impl Fn(u64),
) -> Result<Bytes, FileError> {
    let (mut send, mut receive) = connection.open_bi().await.map_err(|_| FileError::Broken)?;
    let mut question = [FILE_STREAM; 33];
    question[1..].copy_from_slice(&request.hash.0);
    send.write_all(&question).await.map_err(|_| FileError::Broken)?;
    send.finish().map_err(|_| FileError::Broken)?;
    let mut status = [0];
    receive.read_exact(&mut status).await.map_err(|_| FileError::Broken)?;
    match status[0] {
        FILE_CONTENT => read_content(&mut receive, request, report).await,
        FILE_NOT_FOUND => Err(FileError::NotFound),
        FILE_REFUSED => Err(FileError::Refused),
        _ => Err(FileError::Damaged),
    }
}

async fn read_content(
    receive: &mut RecvStream,
    request: &FileRequest,
    report: impl Fn(u64),
) -> Result<Bytes, FileError> {
    let mut length = [0; 8];
    receive.read_exact(&mut length).await.map_err(|_| FileError::Broken)?;
    let length = u64::from_be_bytes(length);
    if length != request.expected_bytes {
        return Err(FileError::Damaged);
    }
    // The buffer grows with what comes: a server that promises much and sends little costs little.
    let (mut content, mut digest) = (BytesMut::new(), Sha256::new());
    while let Some(chunk) = receive.read_chunk(usize::MAX, true).await.map_err(|_| FileError::Broken)? {
        if content.len() as u64 + chunk.bytes.len() as u64 > length {
            return Err(FileError::Damaged);
        }
        digest.update(&chunk.bytes);
        content.extend_from_slice(&chunk.bytes);
        report(content.len() as u64);
    }
    let is_whole = content.len() as u64 == length && <[u8; 32]>::from(digest.finalize()) == request.hash.0;
    if is_whole { Ok(content.freeze()) } else { Err(FileError::Damaged) }
}
