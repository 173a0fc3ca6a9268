//! One client of a pool: its socket, QUIC's state machine, and what waits for it.

use super::super::{CONTROL_STREAM, close_reason};
use super::Traffic;
use crate::ClientEvent;
use crate::certificate::fingerprint_of;
use bytes::{Bytes, BytesMut};
use mio::net::UdpSocket;
use quinn_proto::{
    ClientConfig, Connection, ConnectionError, ConnectionHandle, DatagramEvent, Dir, Endpoint,
    EndpointConfig, Event, StreamEvent, StreamId, VarInt,
};
use quinn_udp::{RecvMeta, UdpSocketState};
use rustls_pki_types::CertificateDer;
use std::collections::VecDeque;
use std::io::{self, IoSliceMut};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;
use venue_protocol::{CloseCode, EXPORTER_LABEL};

/// The name in the handshake; who is trusted is decided by the key.
const SERVER_NAME: &str = "venue";

/// Bytes of one batch's message: as much as the kernel may have merged.
const MESSAGE_BYTES: usize = 64 * 1024;

/// Messages that are read at once. A tick of one client is one, when the kernel merges.
const MESSAGES: usize = 4;

/// Packets that leave in one system call.
const MAX_SEGMENTS: usize = 10;

/// What all clients read and write with.
pub(super) struct Buffers {
    received: Vec<u8>,
    sent: Vec<u8>,
}

impl Buffers {
    pub(super) fn new() -> Self {
        Self { received: vec![0; MESSAGE_BYTES * MESSAGES], sent: Vec::new() }
    }
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Opening,
    Open(StreamId),
    /// The owner was told.
    Over,
}

/// One client.
pub(super) struct Member {
    socket: UdpSocket,
    state: UdpSocketState,
    endpoint: Endpoint,
    handle: ConnectionHandle,
    connection: Connection,
    stage: Stage,
    control: VecDeque<Bytes>,
    timeout: Option<Instant>,
    is_marked: bool,
    traffic: Traffic,
    failure: Option<ConnectionError>,
}

impl Member {
    pub(super) fn new(
        from: SocketAddr,
        server: SocketAddr,
        config: ClientConfig,
        now: Instant,
    ) -> io::Result<Self> {
        let socket = UdpSocket::bind(from)?;
        let state = UdpSocketState::new((&socket).into())?;
        let finds_path_mtu = !state.may_fragment();
        let mut endpoint = Endpoint::new(Arc::new(EndpointConfig::default()), None, finds_path_mtu, None);
        let (handle, connection) =
            endpoint.connect(now, config, server, SERVER_NAME).map_err(io::Error::other)?;
        Ok(Self {
            socket,
            state,
            endpoint,
            handle,
            connection,
            stage: Stage::Opening,
            control: VecDeque::new(),
            timeout: None,
            is_marked: false,
            traffic: Traffic::default(),
            failure: None,
        })
    }

    pub(super) fn socket(&mut self) -> &mut UdpSocket {
        &mut self.socket
    }

    pub(super) fn traffic(&self) -> Traffic {
        self.traffic
    }

    /// It is driven with the next turn.
    pub(super) fn mark(&mut self) {
        self.is_marked = true;
    }

    pub(super) fn is_marked(&self) -> bool {
        self.is_marked
    }

    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.timeout.is_some_and(|timeout| timeout <= now)
    }

    /// Whether the owner was told of the end and no packet waits any more.
    pub(super) fn is_over(&self) -> bool {
        self.stage == Stage::Over && (self.connection.is_drained() || self.connection.is_closed())
    }

    /// Why there never was a connection; given once.
    pub(super) fn take_failure(&mut self) -> Option<ConnectionError> {
        self.failure.take()
    }

    pub(super) fn rebind(&mut self, from: SocketAddr) -> io::Result<()> {
        self.socket = UdpSocket::bind(from)?;
        self.state = UdpSocketState::new((&self.socket).into())?;
        self.connection.local_address_changed();
        self.mark();
        Ok(())
    }

    pub(super) fn send_control(&mut self, bytes: Bytes) {
        self.control.push_back(bytes);
        self.mark();
    }

    pub(super) fn send_datagram(&mut self, bytes: Bytes) {
        if let Stage::Open(_) = self.stage
            && let Err(error) = self.connection.datagrams().send(bytes, true)
        {
            tracing::trace!(%error, "a datagram was not sent");
        }
        self.mark();
    }

    pub(super) fn close(&mut self, code: CloseCode, reason: &str, now: Instant) {
        let reason = Bytes::copy_from_slice(reason.as_bytes());
        self.connection.close(now, VarInt::from_u32(code.number()), reason);
        self.stage = Stage::Over;
        self.mark();
    }

    /// Takes the packets that came.
    pub(super) fn receive(&mut self, now: Instant, buffers: &mut Buffers) {
        loop {
            let mut meta = [RecvMeta::default(); MESSAGES];
            let mut slices = buffers.received.chunks_mut(MESSAGE_BYTES).map(IoSliceMut::new);
            let mut slices: [IoSliceMut<'_>; MESSAGES] =
                std::array::from_fn(|_| slices.next().unwrap_or_else(|| IoSliceMut::new(&mut [])));
            // Nothing more now; a closed port of the server's says so here too and is no end.
            let Ok(count) = self.state.recv((&self.socket).into(), &mut slices, &mut meta) else { return };
            self.mark();
            for (meta, slice) in meta.iter().zip(&slices).take(count) {
                self.traffic.bytes_in += meta.len as u64;
                for packet in slice[..meta.len].chunks(meta.stride.max(1)) {
                    self.traffic.packets_in += 1;
                    let packet = BytesMut::from(packet);
                    buffers.sent.clear();
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

    /// Does what packets that came and time that passed ask for, and sends what there is.
    pub(super) fn drive(&mut self, now: Instant, buffers: &mut Buffers, tell: &mut impl FnMut(ClientEvent)) {
        self.is_marked = false;
        if self.is_due(now) {
            self.connection.handle_timeout(now);
        }
        while let Some(event) = self.connection.poll() {
            match event {
                Event::Connected => self.open(tell),
                Event::Stream(StreamEvent::Readable { .. }) => self.read(tell),
                Event::DatagramReceived => {
                    while let Some(bytes) = self.connection.datagrams().recv() {
                        tell(ClientEvent::Datagram(bytes));
                    }
                }
                Event::ConnectionLost { reason } => self.end(reason, tell),
                Event::HandshakeDataReady | Event::DatagramsUnblocked | Event::Stream(_) => {}
            }
        }
        self.write();
        while let Some(event) = self.connection.poll_endpoint_events() {
            if let Some(event) = self.endpoint.handle_event(self.handle, event) {
                self.connection.handle_event(event);
            }
        }
        self.transmit(now, buffers);
        self.timeout = self.connection.poll_timeout();
    }

    /// What it says first, unsent.
    pub(super) fn first_packet(&mut self, now: Instant) -> Vec<u8> {
        let mut packet = Vec::new();
        let transmit = self.connection.poll_transmit(now, 1, &mut packet);
        packet.truncate(transmit.map_or(0, |transmit| transmit.size));
        packet
    }

    fn open(&mut self, tell: &mut impl FnMut(ClientEvent)) {
        let session = self.connection.crypto_session();
        let mut exporter = [0; 32];
        let exported = session.export_keying_material(&mut exporter, EXPORTER_LABEL, b"");
        let chain =
            session.peer_identity().and_then(|identity| identity.downcast::<Vec<CertificateDer<'_>>>().ok());
        let leaf = chain.as_ref().and_then(|chain| chain.first());
        let stream = self.connection.streams().open(Dir::Bi);
        // A handshake that ended well has all three.
        if let (Ok(()), Some(stream), Some(fingerprint)) =
            (exported, stream, leaf.and_then(|leaf| fingerprint_of(leaf)))
        {
            self.control.push_front(Bytes::from_static(&[CONTROL_STREAM]));
            self.stage = Stage::Open(stream);
            tell(ClientEvent::Opened { exporter, fingerprint });
        }
    }

    fn read(&mut self, tell: &mut impl FnMut(ClientEvent)) {
        let Stage::Open(stream) = self.stage else { return };
        let mut receive = self.connection.recv_stream(stream);
        // A stream that was read to its end, or reset, is no error: nothing more comes.
        let Ok(mut chunks) = receive.read(true) else { return };
        while let Ok(Some(chunk)) = chunks.next(usize::MAX) {
            tell(ClientEvent::Control(chunk.bytes));
        }
    }

    fn write(&mut self) {
        let Stage::Open(stream) = self.stage else { return };
        while !self.control.is_empty() {
            let written = self.connection.send_stream(stream).write_chunks(self.control.make_contiguous());
            // Without room the stream says when there is; of one that is broken the connection's end tells.
            let Ok(written) = written else { return };
            self.control.drain(..written.chunks);
        }
    }

    fn end(&mut self, reason: ConnectionError, tell: &mut impl FnMut(ClientEvent)) {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Opening => self.failure = Some(reason),
            Stage::Open(_) => tell(ClientEvent::Closed { reason: close_reason(reason) }),
            Stage::Over => {}
        }
    }

    fn transmit(&mut self, now: Instant, buffers: &mut Buffers) {
        let segments = self.state.max_gso_segments().min(MAX_SEGMENTS);
        loop {
            buffers.sent.clear();
            let sent = self.connection.poll_transmit(now, segments, &mut buffers.sent);
            let Some(transmit) = sent else { return };
            let contents = &buffers.sent[..transmit.size];
            let (destination, segment_size) = (transmit.destination, transmit.segment_size);
            let out = quinn_udp::Transmit { destination, ecn: None, contents, segment_size, src_ip: None };
            self.traffic.bytes_out += contents.len() as u64;
            self.traffic.packets_out += segment_size.map_or(1, |size| contents.len().div_ceil(size)) as u64;
            // A packet that the kernel has no room for is lost, as on any path.
            if self.state.send((&self.socket).into(), &out).is_err() {
                return;
            }
        }
    }
}
