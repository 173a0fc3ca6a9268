//! QUIC by quinn, on a runtime of its own. No type of quinn, rustls or tokio leaves this folder.
//!
//! The client opens every stream. A stream's first byte says what it is: the control stream, exactly
//! one, lives as long as the connection; a file stream carries one request and its answer.

mod address;
mod admission;
mod client;
mod congestion;
mod connect;
mod fetch;
mod lanes;
mod network;
mod pool;
mod server;
#[cfg(test)]
mod simulation;
mod tls;
mod tuning;

pub use admission::ServerLimits;
pub use client::{QuicClient, QuicClientConfig};
pub use pool::{ClientPool, MemberId, Traffic};
pub use server::{QuicServer, QuicServerConfig};
pub use tls::Trust;

use crate::{CloseCode, CloseReason};
use quinn::ConnectionError;

/// First byte of the control stream.
const CONTROL_STREAM: u8 = 0x01;

/// First byte of a file stream; 32 bytes of hash follow.
const FILE_STREAM: u8 = 0x02;

/// First byte of a file's answer: eight bytes of length and the content follow.
const FILE_CONTENT: u8 = 0;

/// First byte of a file's answer: there is none.
const FILE_NOT_FOUND: u8 = 1;

/// First byte of a file's answer: not for you.
const FILE_REFUSED: u8 = 2;

fn close_reason(error: ConnectionError) -> CloseReason {
    match error {
        ConnectionError::LocallyClosed => CloseReason::Local,
        ConnectionError::TimedOut => CloseReason::TimedOut,
        ConnectionError::ApplicationClosed(close) => {
            let code =
                CloseCode::from_number(u32::try_from(close.error_code.into_inner()).unwrap_or(u32::MAX));
            let limit = venue_protocol::close::MAX_CLOSE_REASON_BYTES;
            let reason = &close.reason[..close.reason.len().min(limit)];
            CloseReason::Remote { code, reason: String::from_utf8_lossy(reason).into_owned() }
        }
        other => CloseReason::Lost { detail: other.to_string() },
    }
}

fn runtime(name: &'static str, threads: usize) -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(threads).thread_name(name).enable_all().build()
}
