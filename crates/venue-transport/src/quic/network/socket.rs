//! The server's UDP socket: blocks until something is to be done, reads and writes packets in batches.
//!
//! It knows packets and addresses, no connection. Packets of one size to one peer leave in one system call
//! (segmentation offload), and come in as one where the network or the kernel merged them.

use super::mailbox::Mailbox;
use bytes::BytesMut;
use mio::net::UdpSocket;
use mio::{Events, Interest, Poll, Token, Waker};
use quinn_proto::{EcnCodepoint, Transmit};
use quinn_udp::{BATCH_SIZE, RecvMeta, UdpSocketState};
use std::io::{self, IoSliceMut};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

const SOCKET: Token = Token(0);
const MAIL: Token = Token(1);

/// What the kernel is asked to hold either way: what a thousand clients say in some ticks.
const KERNEL_BUFFER_BYTES: usize = 4 * 1024 * 1024;

/// Reads in one go; then the clients get something.
const READS_AT_ONCE: usize = 16;

/// A busy socket is read this often: each wake costs as much as several packets, and nobody notices a
/// millisecond. A quiet one is read at once.
const PAUSE: Duration = Duration::from_millis(1);

/// Packets that leave in one system call.
const MAX_SEGMENTS: usize = 10;

/// A packet as it came.
pub(super) struct Received {
    pub(super) remote: SocketAddr,
    pub(super) local_ip: Option<IpAddr>,
    pub(super) ecn: Option<EcnCodepoint>,
    pub(super) packet: BytesMut,
}

/// The socket and what waits for it.
pub(super) struct Socket {
    poll: Poll,
    events: Events,
    io: UdpSocket,
    state: UdpSocketState,
    buffer: Box<[u8]>,
    message_bytes: usize,
    /// Whether packets may wait in the kernel, of which there will be no further word.
    may_have_more: bool,
    /// When the last packets were read.
    read_at: Option<Instant>,
    is_busy: bool,
    /// What the kernel had no room for.
    blocked: Option<(Transmit, Vec<u8>)>,
}

impl Socket {
    /// Listens; packets have at most so many bytes.
    pub(super) fn bind(listen: SocketAddr, packet_bytes: usize) -> io::Result<(Self, Arc<Mailbox>)> {
        let mut io = UdpSocket::bind(listen)?;
        let state = UdpSocketState::new((&io).into())?;
        let wanted = [
            state.set_recv_buffer_size((&io).into(), KERNEL_BUFFER_BYTES),
            state.set_send_buffer_size((&io).into(), KERNEL_BUFFER_BYTES),
        ];
        for error in wanted.into_iter().filter_map(Result::err) {
            tracing::debug!(%error, "the socket's buffers stay as they are");
        }
        let poll = Poll::new()?;
        poll.registry().register(&mut io, SOCKET, Interest::READABLE | Interest::WRITABLE)?;
        let mailbox = Arc::new(Mailbox::new(Waker::new(poll.registry(), MAIL)?));
        let message_bytes = packet_bytes * state.gro_segments();
        let buffer = vec![0; message_bytes * BATCH_SIZE].into_boxed_slice();
        let socket = Self {
            poll,
            events: Events::with_capacity(8),
            io,
            state,
            buffer,
            message_bytes,
            may_have_more: true,
            read_at: None,
            is_busy: false,
            blocked: None,
        };
        Ok((socket, mailbox))
    }

    pub(super) fn local_addr(&self) -> io::Result<SocketAddr> {
        self.io.local_addr()
    }

    /// Whether a packet is split by nobody on its way, so that its largest size can be looked for.
    pub(super) fn finds_path_mtu(&self) -> bool {
        !self.state.may_fragment()
    }

    /// Packets that one call of [`Self::send`] takes.
    pub(super) fn max_segments(&self) -> usize {
        self.state.max_gso_segments().min(MAX_SEGMENTS)
    }

    /// Whether the kernel takes no more packets now.
    pub(super) fn is_blocked(&self) -> bool {
        self.blocked.is_some()
    }

    /// Until when a busy socket is left alone, so that packets come together. Then it is read without
    /// being waited for.
    pub(super) fn pause(&mut self) -> Option<Instant> {
        if !self.is_busy || self.may_have_more || self.is_blocked() {
            return None;
        }
        self.may_have_more = true;
        self.read_at.map(|at| at + PAUSE)
    }

    /// Blocks until there are packets, mail, room to send after there was none, or the deadline passes.
    pub(super) fn wait(&mut self, deadline: Option<Instant>) {
        let patience = match deadline {
            _ if self.may_have_more => Some(Duration::ZERO),
            Some(deadline) => Some(deadline.saturating_duration_since(Instant::now())),
            None => None,
        };
        match self.poll.poll(&mut self.events, patience) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => tracing::error!(%error, "waiting for the network failed"),
        }
        let socket = self.events.iter().filter(|event| event.token() == SOCKET);
        let (is_readable, is_writable) = socket.fold((false, false), |(read, write), event| {
            (read || event.is_readable(), write || event.is_writable())
        });
        self.may_have_more |= is_readable;
        if is_writable && let Some((transmit, contents)) = self.blocked.take() {
            self.send(&transmit, &contents);
        }
    }

    /// Hands over what came, up to a limit.
    pub(super) fn receive(&mut self, now: Instant, mut take: impl FnMut(Received)) {
        if !self.may_have_more {
            return;
        }
        let mut packets = 0;
        self.read(&mut |received| {
            packets += 1;
            take(received);
        });
        if packets > 0 {
            let before = self.read_at.replace(now);
            self.is_busy = before.is_some_and(|before| now < before + 2 * PAUSE);
        } else {
            self.is_busy = false;
        }
    }

    fn read(&mut self, take: &mut impl FnMut(Received)) {
        for _ in 0..READS_AT_ONCE {
            let mut meta = [RecvMeta::default(); BATCH_SIZE];
            let mut slices = self.buffer.chunks_mut(self.message_bytes).map(IoSliceMut::new);
            let mut slices: [IoSliceMut<'_>; BATCH_SIZE] =
                std::array::from_fn(|_| slices.next().unwrap_or_else(|| IoSliceMut::new(&mut [])));
            let (io, state) = (&self.io, &self.state);
            let count = match io.try_io(|| state.recv(io.into(), &mut slices, &mut meta)) {
                Ok(count) => count,
                Err(error) => {
                    // Where a client's port is closed, some systems say so here; that is no end of the socket.
                    self.may_have_more = error.kind() == io::ErrorKind::ConnectionReset;
                    if !self.may_have_more && error.kind() != io::ErrorKind::WouldBlock {
                        tracing::warn!(%error, "reading packets failed");
                    }
                    return;
                }
            };
            // Fewer than there was room for: the kernel has no more, and tells of the next.
            self.may_have_more = count == BATCH_SIZE;
            for (meta, slice) in meta.iter().zip(&slices).take(count) {
                let ecn = meta.ecn.and_then(|ecn| EcnCodepoint::from_bits(ecn as u8));
                for packet in slice[..meta.len].chunks(meta.stride.max(1)) {
                    let (remote, local_ip, packet) = (meta.addr, meta.dst_ip, BytesMut::from(packet));
                    take(Received { remote, local_ip, ecn, packet });
                }
            }
            if !self.may_have_more {
                return;
            }
        }
    }

    /// Sends packets to one peer. When the kernel has no room they wait, and [`Self::is_blocked`].
    pub(super) fn send(&mut self, transmit: &Transmit, contents: &[u8]) {
        let ecn = transmit.ecn.and_then(|ecn| quinn_udp::EcnCodepoint::from_bits(ecn as u8));
        let out = quinn_udp::Transmit {
            destination: transmit.destination,
            ecn,
            contents: &contents[..transmit.size],
            segment_size: transmit.segment_size,
            src_ip: transmit.src_ip,
        };
        let (io, state) = (&self.io, &self.state);
        // Other errors than a full buffer are a packet's loss; the library logs them, rarely.
        if io.try_io(|| state.send(io.into(), &out)).is_err() {
            self.blocked = Some((copy_of(transmit), contents.to_vec()));
        }
    }
}

fn copy_of(transmit: &Transmit) -> Transmit {
    let Transmit { destination, ecn, size, segment_size, src_ip } = *transmit;
    Transmit { destination, ecn, size, segment_size, src_ip }
}
