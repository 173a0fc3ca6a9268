//! The clients of a load: each a socket and a connection of its own, all on one thread, none of it the server's.
//!
//! They say a pose 30 times a second, spread over the tick, and count the datagrams that they get.

use crate::TICKS_PER_SECOND;
use crate::anybody::Anybody;
use crate::child::told_to_end;
use anyhow::{Context as _, Result};
use bytes::{Bytes, BytesMut};
use mio::net::UdpSocket;
use mio::{Events, Interest, Poll, Token};
use quinn_proto::crypto::rustls::QuicClientConfig;
use quinn_proto::{
    AckFrequencyConfig, ClientConfig, Connection, ConnectionHandle, DatagramEvent, Dir, Endpoint,
    EndpointConfig, Event, TransportConfig, VarInt,
};
use quinn_udp::{RecvMeta, UdpSocketState};
use rustls::crypto::ring;
use std::io::IoSliceMut;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::mpsc::TryRecvError;
use std::time::{Duration, Instant};

/// A pose of head and two hands with its numbers.
const POSE_BYTES: usize = 40;

/// A client begins so much after the one before.
const APART: Duration = Duration::from_millis(2);

/// How exactly poses and timers are kept.
const STEP: Duration = Duration::from_millis(1);

/// One client.
struct Bot {
    socket: UdpSocket,
    state: UdpSocketState,
    endpoint: Endpoint,
    handle: ConnectionHandle,
    connection: Connection,
    next_pose: Instant,
    timeout: Option<Instant>,
    is_open: bool,
    got: u64,
}

/// What all clients read and write with.
struct Buffers {
    received: Vec<u8>,
    sent: Vec<u8>,
}

/// Bytes of one batch's message: as much as the kernel may have merged.
const MESSAGE_BYTES: usize = 64 * 1024;

/// Messages that are read at once. A tick of one client is one, when the kernel merges.
const MESSAGES: usize = 4;

/// Lives until the server's process says that it is enough.
pub fn run(server: SocketAddr, count: usize, with_ack_frequency: bool) -> Result<()> {
    let mut poll = Poll::new()?;
    let config = client_config(with_ack_frequency)?;
    let mut bots: Vec<Bot> = Vec::new();
    let mut buffers = Buffers { received: vec![0; MESSAGE_BYTES * MESSAGES], sent: Vec::new() };
    let (end, mut events, mut next_start) = (told_to_end(), Events::with_capacity(1_024), Instant::now());
    while end.try_recv() == Err(TryRecvError::Empty) {
        poll.poll(&mut events, Some(STEP))?;
        let now = Instant::now();
        for event in &events {
            let bot = &mut bots[event.token().0];
            bot.receive(now, &mut buffers);
            bot.drive(now, &mut buffers);
        }
        for bot in &mut bots {
            if bot.is_due(now) {
                bot.drive(now, &mut buffers);
            }
        }
        while bots.len() < count && next_start <= now {
            let token = Token(bots.len());
            let mut bot = Bot::new(server, config.clone(), now)?;
            poll.registry().register(&mut bot.socket, token, Interest::READABLE)?;
            bot.drive(now, &mut buffers);
            bots.push(bot);
            next_start += APART;
        }
    }
    println!("{}", bots.iter().map(|bot| bot.got).sum::<u64>());
    Ok(())
}

impl Bot {
    fn new(server: SocketAddr, config: ClientConfig, now: Instant) -> Result<Self> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0).into())?;
        let state = UdpSocketState::new((&socket).into())?;
        let mut endpoint = Endpoint::new(Arc::new(EndpointConfig::default()), None, true, None);
        let (handle, connection) = endpoint.connect(now, config, server, "127.0.0.1")?;
        let (next_pose, timeout) = (now, None);
        Ok(Self { socket, state, endpoint, handle, connection, next_pose, timeout, is_open: false, got: 0 })
    }

    fn is_due(&self, now: Instant) -> bool {
        (self.is_open && self.next_pose <= now) || self.timeout.is_some_and(|timeout| timeout <= now)
    }

    fn receive(&mut self, now: Instant, buffers: &mut Buffers) {
        loop {
            let mut meta = [RecvMeta::default(); MESSAGES];
            let mut slices = buffers.received.chunks_mut(MESSAGE_BYTES).map(IoSliceMut::new);
            let mut slices: [IoSliceMut<'_>; MESSAGES] =
                std::array::from_fn(|_| slices.next().unwrap_or_else(|| IoSliceMut::new(&mut [])));
            let Ok(count) = self.state.recv((&self.socket).into(), &mut slices, &mut meta) else { return };
            for (meta, slice) in meta.iter().zip(&slices).take(count) {
                for packet in slice[..meta.len].chunks(meta.stride.max(1)) {
                    let packet = BytesMut::from(packet);
                    let event = self.endpoint.handle(now, meta.addr, None, None, packet, &mut buffers.sent);
                    if let Some(DatagramEvent::ConnectionEvent(_, event)) = event {
                        self.connection.handle_event(event);
                    }
                }
            }
            if count < MESSAGES {
                return;
            }
        }
    }

    fn drive(&mut self, now: Instant, buffers: &mut Buffers) {
        if self.connection.poll_timeout().is_some_and(|timeout| timeout <= now) {
            self.connection.handle_timeout(now);
        }
        if self.is_open && self.next_pose <= now {
            self.next_pose += Duration::from_secs(1) / TICKS_PER_SECOND;
            let pose = Bytes::from_static(&[3; POSE_BYTES]);
            if self.connection.datagrams().send(pose, true).is_err() {
                eprintln!("a pose was not sent");
            }
        }
        while let Some(event) = self.connection.poll() {
            match event {
                Event::Connected => self.open(now),
                Event::ConnectionLost { reason } => eprintln!("a connection is lost: {reason}"),
                _ => {}
            }
        }
        while self.connection.datagrams().recv().is_some() {
            self.got += 1;
        }
        while let Some(event) = self.connection.poll_endpoint_events() {
            if let Some(event) = self.endpoint.handle_event(self.handle, event) {
                self.connection.handle_event(event);
            }
        }
        self.transmit(now, buffers);
        self.timeout = self.connection.poll_timeout();
    }

    fn open(&mut self, now: Instant) {
        self.is_open = true;
        self.next_pose = now;
        if let Some(stream) = self.connection.streams().open(Dir::Bi)
            && self.connection.send_stream(stream).write(&[1]).is_err()
        {
            eprintln!("no control stream");
        }
    }

    fn transmit(&mut self, now: Instant, buffers: &mut Buffers) {
        loop {
            buffers.sent.clear();
            let Some(transmit) = self.connection.poll_transmit(now, 1, &mut buffers.sent) else { return };
            let contents = &buffers.sent[..transmit.size];
            let (destination, segment_size) = (transmit.destination, transmit.segment_size);
            let out = quinn_udp::Transmit { destination, ecn: None, contents, segment_size, src_ip: None };
            if self.state.send((&self.socket).into(), &out).is_err() {
                return;
            }
        }
    }
}

fn client_config(with_ack_frequency: bool) -> Result<ClientConfig> {
    let provider = ring::default_provider();
    let mut tls = rustls::ClientConfig::builder_with_provider(Arc::new(provider.clone()))
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anybody(provider)))
        .with_no_client_auth();
    tls.alpn_protocols = vec![venue_protocol::ALPN.to_vec()];
    let crypto = QuicClientConfig::try_from(tls).context("no cipher for the first packets")?;
    let mut config = ClientConfig::new(Arc::new(crypto));
    let mut transport = TransportConfig::default();
    transport.keep_alive_interval(Some(Duration::from_secs(5)));
    if with_ack_frequency {
        // As the product's client does.
        let mut acks = AckFrequencyConfig::default();
        acks.ack_eliciting_threshold(VarInt::from_u32(20)).max_ack_delay(Some(Duration::from_millis(50)));
        transport.ack_frequency_config(Some(acks));
    }
    config.transport_config(Arc::new(transport));
    Ok(config)
}
