//! From a name to an open connection, or to a sentence that says why there is none.

use super::address::{any_of, bare, resolve};
use super::client::QuicClientConfig;
use super::tls::{Seen, Trust, client_config};
use super::{CONTROL_STREAM, tuning};
use crate::certificate::fingerprint_of;
use crate::{ConnectError, Fingerprint};
use quinn::{Connection, ConnectionError, Endpoint, RecvStream, SendStream};
use rustls_pki_types::CertificateDer;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use venue_protocol::EXPORTER_LABEL;

/// The next address is tried when the one before has not answered for this long (RFC 8305 §5).
const NEXT_ATTEMPT: Duration = Duration::from_millis(250);

/// An open connection with its control stream.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) endpoint: Endpoint,
    pub(super) connection: Connection,
    pub(super) exporter: [u8; 32],
    pub(super) fingerprint: Fingerprint,
    pub(super) send: SendStream,
    pub(super) receive: RecvStream,
}

/// Connects within the configured time.
pub(super) async fn connect(config: &QuicClientConfig) -> Result<Opened, ConnectError> {
    let no_answer = || ConnectError::NoAnswer { port: config.port };
    let attempt = async { open_lanes(race(config).await?, config.port).await };
    tokio::time::timeout(config.timeout, attempt).await.unwrap_or_else(|_| Err(no_answer()))
}

/// Tries the host's addresses, each a little after the one before; the first that answers wins.
async fn race(config: &QuicClientConfig) -> Result<(Endpoint, Connection), ConnectError> {
    let seen = Arc::new(Seen::default());
    let mut quic = client_config(config.trust, &seen).map_err(ConnectError::Local)?;
    quic.transport_config(Arc::new(tuning::client()));
    let mut attempts = JoinSet::new();
    for (number, address) in (0..).zip(resolve(&config.host, config.port).await?) {
        let (quic, seen, config) = (quic.clone(), seen.clone(), config.clone());
        attempts.spawn(async move {
            tokio::time::sleep(NEXT_ATTEMPT * number).await;
            attempt(address, quic, &config, &seen).await
        });
    }
    let mut failure = ConnectError::NoAnswer { port: config.port };
    while let Some(finished) = attempts.join_next().await {
        match finished {
            Ok(Ok(opened)) => return Ok(opened),
            // A wrong key says more than silence on another address.
            Ok(Err(error)) => {
                failure = if matches!(error, ConnectError::NoAnswer { .. }) { failure } else { error }
            }
            Err(error) => failure = ConnectError::Local(error.to_string()),
        }
    }
    Err(failure)
}

async fn attempt(
    address: SocketAddr,
    quic: quinn::ClientConfig,
    config: &QuicClientConfig,
    seen: &Seen,
) -> Result<(Endpoint, Connection), ConnectError> {
    let endpoint =
        Endpoint::client(any_of(address)).map_err(|error| ConnectError::Local(error.to_string()))?;
    let connecting =
        endpoint.connect_with(quic, address, bare(&config.host)).map_err(|error| match error {
            quinn::ConnectError::InvalidServerName(host) => ConnectError::NameNotFound { host },
            other => ConnectError::Local(other.to_string()),
        })?;
    let connection = connecting.await.map_err(|error| explain(error, config.port, config.trust, seen))?;
    Ok((endpoint, connection))
}

pub(super) fn explain(error: ConnectionError, port: u16, trust: Trust, seen: &Seen) -> ConnectError {
    if let Some(found) = seen.refused() {
        return match trust {
            Trust::Pinned(expected) => ConnectError::FingerprintMismatch { expected, found },
            Trust::PublicOrAsk => ConnectError::UnknownServer { found },
        };
    }
    match error {
        ConnectionError::TimedOut => ConnectError::NoAnswer { port },
        ConnectionError::ConnectionClosed(close)
            if close.error_code == quinn::TransportErrorCode::CONNECTION_REFUSED =>
        {
            ConnectError::Busy
        }
        other => ConnectError::NotAVenue { port, detail: other.to_string() },
    }
}

async fn open_lanes(
    (endpoint, connection): (Endpoint, Connection),
    port: u16,
) -> Result<Opened, ConnectError> {
    let broken = |detail: String| ConnectError::NotAVenue { port, detail };
    let (mut send, receive) = connection.open_bi().await.map_err(|error| broken(error.to_string()))?;
    send.write_all(&[CONTROL_STREAM]).await.map_err(|error| broken(error.to_string()))?;
    let mut exporter = [0; 32];
    let exported = connection.export_keying_material(&mut exporter, EXPORTER_LABEL, b"");
    exported.map_err(|_| broken("no keying material".to_owned()))?;
    let chain =
        connection.peer_identity().and_then(|identity| identity.downcast::<Vec<CertificateDer<'_>>>().ok());
    let leaf = chain.as_ref().and_then(|chain| chain.first());
    let fingerprint =
        leaf.and_then(|leaf| fingerprint_of(leaf)).ok_or_else(|| broken("no certificate".to_owned()))?;
    Ok(Opened { endpoint, connection, exporter, fingerprint, send, receive })
}
