//! Asynchronous quinn under load, driven the usual way: a runtime of two threads, a task for each connection,
//! datagrams handed to the program's thread one by one.

use crate::measure::Server;
use anyhow::{Context as _, Result};
use bytes::Bytes;
use quinn::{Connection, Endpoint};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;
use tokio::runtime::Runtime;
use venue_transport::ServerCertificate;

enum Event {
    Opened(u64, Connection),
    Datagram,
}

/// A server of asynchronous quinn.
pub struct AsyncQuinn {
    endpoint: Endpoint,
    events: Receiver<Event>,
    /// Taken by waiting and not counted yet.
    waiting: Option<Event>,
    connections: BTreeMap<u64, Connection>,
    _runtime: Runtime,
}

impl AsyncQuinn {
    /// On a free port.
    pub fn bind() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let endpoint = {
            let _inside = runtime.enter();
            Endpoint::server(server_config()?, (Ipv4Addr::LOCALHOST, 0).into())?
        };
        let (sender, events) = channel();
        runtime.spawn(accept(endpoint.clone(), sender));
        Ok(Self { endpoint, events, waiting: None, connections: BTreeMap::new(), _runtime: runtime })
    }
}

fn server_config() -> Result<quinn::ServerConfig> {
    let certificate = ServerCertificate::self_signed(&["127.0.0.1".to_owned()])?;
    let chain = certificate.chain().iter().map(|der| der.clone().into()).collect();
    let key = rustls_pki_types::PrivateKeyDer::try_from(certificate.key().to_vec());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_no_client_auth()
        .with_single_cert(chain, key.map_err(anyhow::Error::msg)?)?;
    tls.alpn_protocols = vec![venue_protocol::ALPN.to_vec()];
    let crypto = quinn::crypto::rustls::QuicServerConfig::try_from(tls)?;
    let mut config = quinn::ServerConfig::with_crypto(Arc::new(crypto));
    let mut transport = quinn::TransportConfig::default();
    transport.datagram_receive_buffer_size(Some(128 * 1024)).datagram_send_buffer_size(128 * 1024);
    config.transport_config(Arc::new(transport));
    Ok(config)
}

async fn accept(endpoint: Endpoint, events: Sender<Event>) {
    let mut number = 0;
    while let Some(incoming) = endpoint.accept().await {
        let events = events.clone();
        number += 1;
        tokio::spawn(async move {
            if let Err(error) = serve(number, incoming, events).await {
                eprintln!("a client went: {error:#}");
            }
        });
    }
}

async fn serve(number: u64, incoming: quinn::Incoming, events: Sender<Event>) -> Result<()> {
    let connection = incoming.await?;
    let _control = connection.accept_bi().await.context("no control stream")?;
    events.send(Event::Opened(number, connection.clone()))?;
    loop {
        connection.read_datagram().await?;
        events.send(Event::Datagram)?;
    }
}

impl Server for AsyncQuinn {
    fn address(&self) -> SocketAddr {
        self.endpoint.local_addr().unwrap_or_else(|_| (Ipv4Addr::LOCALHOST, 0).into())
    }

    fn take(&mut self, opened: &mut Vec<u64>) -> u64 {
        let mut datagrams = 0;
        while let Some(event) = self.waiting.take().or_else(|| self.events.try_recv().ok()) {
            match event {
                Event::Opened(number, connection) => {
                    self.connections.insert(number, connection);
                    opened.push(number);
                }
                Event::Datagram => datagrams += 1,
            }
        }
        datagrams
    }

    fn send(&mut self, batch: &[(u64, Bytes)]) {
        for (number, bytes) in batch {
            let sent = self.connections.get(number).map(|connection| connection.send_datagram(bytes.clone()));
            if let Some(Err(error)) = sent {
                eprintln!("not sent: {error}");
            }
        }
    }

    fn wait(&mut self, deadline: Instant) {
        let left = deadline.saturating_duration_since(Instant::now());
        self.waiting = self.events.recv_timeout(left).ok();
    }
}
