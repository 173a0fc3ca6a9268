//! The server's end of one connection, from the knock at the door to its last event. It does no input or
//! output: packets go in and come out in `mod.rs`, the time is an argument.

use super::super::admission::{Seat, Slots};
use super::super::congestion::Pulse;
use super::super::{CONTROL_STREAM, close_reason};
use super::control::{Control, Wish};
use super::files::{Asked, Files};
use super::mailbox::Mailbox;
use super::share::{CONTROL_CHUNK_BYTES, Permit, Share};
use crate::outbox::{Farewell, Outbox};
use crate::{CloseCode, CloseReason, ConnectionId, DatagramLane, FileAnswer, FileRequestId, ServerEvent};
use bytes::Bytes;
use quinn_proto::{Connection, ConnectionEvent, Dir, Event, ReadError, StreamEvent, StreamId, VarInt};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;
use venue_protocol::{EXPORTER_LABEL, MAX_DATAGRAM_BYTES};

/// What the network tells the server's thread.
#[derive(Debug)]
pub(crate) enum PeerEvent {
    /// A new peer.
    Opened { handle: Arc<PeerHandle>, remote: SocketAddr, exporter: [u8; 32] },
    /// Something from a peer that is known already, and what it holds of the peer's allowance.
    Plain { event: ServerEvent, permit: Option<Permit> },
    /// The last of a peer. Its seat is free when the program has taken this: so nobody fills the
    /// queue by coming and going.
    Closed { connection: ConnectionId, reason: CloseReason, seat: Arc<Seat> },
}

/// The program's side of one connection.
#[derive(Debug)]
pub(crate) struct PeerHandle {
    pub(crate) id: ConnectionId,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) seat: Arc<Seat>,
    /// Whether the network's thread was told to look into the outbox and did not yet.
    pub(crate) is_announced: AtomicBool,
}

/// One connection.
pub(super) struct Peer {
    pub(super) id: ConnectionId,
    pub(super) connection: Connection,
    /// Packets that came since it was driven.
    inbox: Vec<ConnectionEvent>,
    pulse: Arc<Pulse>,
    stage: Stage,
}

enum Stage {
    /// Until the control stream's first byte is here.
    Opening {
        slots: Slots,
        until: Instant,
        control: Option<StreamId>,
    },
    Open(Box<Open>),
    /// The program was told, if it ever knew; QUIC lets late packets come.
    Over,
}

struct Open {
    handle: Arc<PeerHandle>,
    control: Control,
    files: Files,
    share: Arc<Share>,
}

impl Peer {
    /// Somebody was let in at the door and has until then to open the control stream.
    pub(super) fn new(
        id: ConnectionId,
        connection: Connection,
        pulse: Arc<Pulse>,
        slots: Slots,
        until: Instant,
    ) -> Self {
        Self {
            id,
            connection,
            inbox: Vec::new(),
            pulse,
            stage: Stage::Opening { slots, until, control: None },
        }
    }

    /// A packet came.
    pub(super) fn receive(&mut self, event: ConnectionEvent, now: Instant) {
        self.inbox.push(event);
        self.pulse.hear(now);
    }

    /// When it wants to be driven though nothing comes.
    pub(super) fn deadline(&mut self) -> Option<Instant> {
        let own = match &self.stage {
            Stage::Opening { until, .. } => Some(*until),
            Stage::Open(open) => [open.control.deadline(), open.files.deadline()].into_iter().flatten().min(),
            Stage::Over => None,
        };
        [own, self.connection.poll_timeout()].into_iter().flatten().min()
    }

    /// Does what packets that came and time that passed ask for.
    pub(super) fn drive(
        &mut self,
        now: Instant,
        mailbox: &Arc<Mailbox>,
        lane: &mut Option<Box<dyn DatagramLane>>,
        events: &mut Vec<PeerEvent>,
    ) {
        for event in self.inbox.drain(..) {
            self.connection.handle_event(event);
        }
        if self.connection.poll_timeout().is_some_and(|timeout| timeout <= now) {
            self.connection.handle_timeout(now);
        }
        while let Some(event) = self.connection.poll() {
            match event {
                Event::Stream(StreamEvent::Opened { dir: Dir::Bi }) => self.accept(now, mailbox, events),
                Event::Stream(StreamEvent::Readable { id }) => self.read(id, now, mailbox, events),
                Event::Stream(StreamEvent::Writable { id }) => self.write(id, now, events),
                Event::Stream(StreamEvent::Finished { id } | StreamEvent::Stopped { id, .. }) => {
                    self.end_stream(id, now, events);
                }
                Event::DatagramReceived => self.read_datagrams(now, lane, events),
                Event::ConnectionLost { reason } => self.end(close_reason(reason), events),
                Event::HandshakeDataReady
                | Event::Connected
                | Event::DatagramsUnblocked
                | Event::Stream(StreamEvent::Opened { .. } | StreamEvent::Available { .. }) => {}
            }
        }
        self.expire(now, events);
    }

    /// Takes streams that the client opened: the first is for control, the others are for files.
    fn accept(&mut self, now: Instant, mailbox: &Arc<Mailbox>, events: &mut Vec<PeerEvent>) {
        if let Stage::Opening { control: control @ None, .. } = &mut self.stage {
            *control = self.connection.streams().accept(Dir::Bi);
        }
        if let Stage::Opening { control: Some(stream), .. } = self.stage {
            self.read_kind(stream, now, mailbox, events);
        }
        while let Stage::Open(open) = &mut self.stage
            && let Some(stream) = self.connection.streams().accept(Dir::Bi)
        {
            open.files.begin(stream, now);
            self.read_question(stream, now, events);
        }
    }

    fn read(&mut self, stream: StreamId, now: Instant, mailbox: &Arc<Mailbox>, events: &mut Vec<PeerEvent>) {
        match &self.stage {
            Stage::Opening { control, .. } if *control == Some(stream) => self.accept(now, mailbox, events),
            Stage::Open(open) if open.control.stream == stream => self.read_control(events),
            Stage::Open(_) => self.read_question(stream, now, events),
            Stage::Opening { .. } | Stage::Over => {}
        }
    }

    /// Reads the first stream's first byte; with it the connection is open.
    fn read_kind(
        &mut self,
        stream: StreamId,
        now: Instant,
        mailbox: &Arc<Mailbox>,
        events: &mut Vec<PeerEvent>,
    ) {
        let mut receive = self.connection.recv_stream(stream);
        let kind = receive.read(true).map(|mut chunks| chunks.next(1));
        match kind {
            Ok(Err(ReadError::Blocked)) => return,
            Ok(Ok(Some(chunk))) if *chunk.bytes == [CONTROL_STREAM] => {}
            _ => {
                let why = "the first stream must be the control stream";
                return self.close(now, CloseCode::ProtocolError.number(), why, events);
            }
        }
        let mut exporter = [0; 32];
        let exported =
            self.connection.crypto_session().export_keying_material(&mut exporter, EXPORTER_LABEL, b"");
        if exported.is_err() {
            return self.close(now, 0, "no keying material", events);
        }
        if let Stage::Opening { slots, .. } = std::mem::replace(&mut self.stage, Stage::Over) {
            let Slots { seat, handshake } = slots;
            drop(handshake);
            let (outbox, is_announced) = (Outbox::new(), AtomicBool::new(false));
            let handle = Arc::new(PeerHandle { id: self.id, outbox, seat, is_announced });
            let remote = self.connection.remote_address();
            events.push(PeerEvent::Opened { handle: handle.clone(), remote, exporter });
            let share = Share::new(self.id, mailbox.clone());
            let (control, files) = (Control::new(stream), Files::default());
            self.stage = Stage::Open(Box::new(Open { handle, control, files, share }));
            self.read_control(events);
        }
    }

    /// Gives the program what came on the control stream, as far as it takes it.
    pub(super) fn read_control(&mut self, events: &mut Vec<PeerEvent>) {
        let Stage::Open(open) = &mut self.stage else { return };
        let mut receive = self.connection.recv_stream(open.control.stream);
        // A stream that was read to its end, or reset, is no error: nothing more comes.
        let Ok(mut chunks) = receive.read(true) else { return };
        while let Some(permit) = open.share.take_control()
            && let Ok(Some(chunk)) = chunks.next(CONTROL_CHUNK_BYTES)
        {
            let event = ServerEvent::Control { connection: self.id, bytes: chunk.bytes };
            events.push(PeerEvent::Plain { event, permit: Some(permit) });
        }
    }

    /// Gives the lane and the program the datagrams that came. Those that the program does not take in time are lost.
    fn read_datagrams(
        &mut self,
        now: Instant,
        lane: &mut Option<Box<dyn DatagramLane>>,
        events: &mut Vec<PeerEvent>,
    ) {
        while let Some(bytes) = self.connection.datagrams().recv() {
            let Stage::Open(open) = &self.stage else { continue };
            if bytes.len() > MAX_DATAGRAM_BYTES {
                continue;
            }
            let kind = bytes.first().copied().unwrap_or_default();
            if let Some(lane) = lane.as_mut().filter(|lane| lane.takes(kind)) {
                lane.receive(self.id, bytes, now);
            } else if let Some(permit) = open.share.take_datagram() {
                let event = ServerEvent::Datagram { connection: self.id, bytes };
                events.push(PeerEvent::Plain { event, permit: Some(permit) });
            }
        }
    }

    fn read_question(&mut self, stream: StreamId, now: Instant, events: &mut Vec<PeerEvent>) {
        let Stage::Open(open) = &mut self.stage else { return };
        match open.files.read(&mut self.connection, stream, now) {
            Asked::Nothing => {}
            Asked::File(request, hash) => {
                let event = ServerEvent::FileRequested { connection: self.id, request, hash };
                events.push(PeerEvent::Plain { event, permit: None });
            }
            Asked::Nonsense => {
                self.close(now, CloseCode::ProtocolError.number(), "a stream of an unknown kind", events);
            }
        }
    }

    /// Writes what a stream has room for again.
    fn write(&mut self, stream: StreamId, now: Instant, events: &mut Vec<PeerEvent>) {
        match &mut self.stage {
            Stage::Open(open) if open.control.stream == stream => self.write_control(now, events),
            Stage::Open(open) => open.files.write(&mut self.connection, stream),
            Stage::Opening { .. } | Stage::Over => {}
        }
    }

    /// Looks into the outbox.
    pub(super) fn write_control(&mut self, now: Instant, events: &mut Vec<PeerEvent>) {
        let Stage::Open(open) = &mut self.stage else { return };
        open.handle.is_announced.store(false, Ordering::SeqCst);
        let wish = open.control.write(&mut self.connection, &open.handle.outbox, now);
        self.obey(wish, now, events);
    }

    fn obey(&mut self, wish: Wish, now: Instant, events: &mut Vec<PeerEvent>) {
        if let Wish::Close(Farewell { code, reason }) = wish {
            self.close(now, code.number(), &reason, events);
        }
    }

    /// The client has all of a stream, or wants no more of it.
    fn end_stream(&mut self, stream: StreamId, now: Instant, events: &mut Vec<PeerEvent>) {
        match &mut self.stage {
            Stage::Open(open) if open.control.stream == stream => {
                let wish = open.control.end(&open.handle.outbox);
                self.obey(wish, now, events);
            }
            Stage::Open(open) => open.files.end(&mut self.connection, stream),
            Stage::Opening { .. } | Stage::Over => {}
        }
    }

    fn expire(&mut self, now: Instant, events: &mut Vec<PeerEvent>) {
        match &mut self.stage {
            Stage::Opening { until, .. } if *until <= now => {
                tracing::debug!(remote = %self.connection.remote_address(), "a handshake took too long");
                self.close(now, 0, "", events);
            }
            Stage::Open(open) => {
                if open.files.deadline().is_some_and(|until| until <= now) {
                    open.files.expire(&mut self.connection, now);
                }
                let wish = open.control.expire(&open.handle.outbox, now);
                self.obey(wish, now, events);
            }
            Stage::Opening { .. } | Stage::Over => {}
        }
    }

    /// Sends a datagram when the path has room, the newest first to stay: what waits too long is dropped.
    pub(super) fn send_datagram(&mut self, bytes: Bytes) {
        debug_assert!(bytes.len() <= MAX_DATAGRAM_BYTES, "a datagram of {} bytes", bytes.len());
        #[cfg(test)]
        assert_ne!(&*bytes, super::FAULTY_DATAGRAM);
        if matches!(self.stage, Stage::Open(_))
            && let Err(error) = self.connection.datagrams().send(bytes, true)
        {
            tracing::trace!(%error, "a datagram was not sent");
        }
    }

    /// The program's answer to a request for a file.
    pub(super) fn answer_file(&mut self, request: FileRequestId, answer: FileAnswer) {
        if let Stage::Open(open) = &mut self.stage {
            open.files.answer(&mut self.connection, request, answer);
        }
    }

    /// Closes at once, without last words.
    pub(super) fn close(&mut self, now: Instant, code: u32, reason: &str, events: &mut Vec<PeerEvent>) {
        self.connection.close(now, VarInt::from_u32(code), Bytes::copy_from_slice(reason.as_bytes()));
        self.end(CloseReason::Local, events);
    }

    /// Tells the program, if it ever knew of the connection.
    pub(super) fn end(&mut self, reason: CloseReason, events: &mut Vec<PeerEvent>) {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Open(open) => {
                open.handle.outbox.mark_gone();
                let (connection, seat) = (self.id, open.handle.seat.clone());
                events.push(PeerEvent::Closed { connection, reason, seat });
            }
            Stage::Opening { .. } => tracing::debug!(%reason, "a connection was not opened"),
            Stage::Over => {}
        }
    }
}
