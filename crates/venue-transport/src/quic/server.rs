//! The server's transport: the program's side of the network's thread, and the peers that are open.

use super::admission::ServerLimits;
use super::network::{Command, Lane, Mailbox, Network, PeerEvent, PeerHandle};
use super::tls;
use crate::queue::{Queue, WakeHandle};
use crate::{
    BindError, CloseCode, ConnectionId, DatagramLane, FileAnswer, FileRequestId, SendError,
    ServerCertificate, ServerEvent, ServerTransport,
};
use bytes::Bytes;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How a server listens.
#[derive(Clone, Debug)]
pub struct QuicServerConfig {
    /// The UDP address; port 0 takes any free one.
    pub listen: SocketAddr,
    /// What it proves itself by.
    pub certificate: ServerCertificate,
    /// What it takes.
    pub limits: ServerLimits,
}

/// How long a server that stops waits for its clients to confirm the end.
const END_TIMEOUT: Duration = Duration::from_millis(500);

/// The server's side of QUIC.
#[derive(Debug)]
pub struct QuicServer {
    local: SocketAddr,
    queue: Arc<Queue<PeerEvent>>,
    mailbox: Arc<Mailbox>,
    peers: BTreeMap<ConnectionId, Arc<PeerHandle>>,
    /// None only while it is being dropped.
    thread: Option<JoinHandle<()>>,
}

impl QuicServer {
    /// Opens the socket and starts to take connections.
    pub fn bind(config: QuicServerConfig) -> Result<Self, BindError> {
        let QuicServerConfig { listen, certificate, limits } = config;
        let mut quic = tls::server_config(&certificate).map_err(BindError::Certificate)?;
        quic.max_incoming(limits.max_handshakes);
        let address_error = |source| BindError::Address { listen, source };
        let network =
            Network::bind(listen, tls::endpoint_config(&certificate), quic, limits).map_err(address_error)?;
        let local = network.local_addr().map_err(address_error)?;
        let (mailbox, queue) = network.ends();
        let thread = std::thread::Builder::new().name("vev-quic-server".to_owned());
        let thread = Some(thread.spawn(move || network.run()).map_err(BindError::Runtime)?);
        Ok(Self { local, queue, mailbox, peers: BTreeMap::new(), thread })
    }

    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// Connections that are open.
    pub fn connection_count(&self) -> usize {
        self.peers.len()
    }

    /// From now on some datagrams do not wait for the program's thread.
    pub fn open_lane(&self, lane: Box<dyn DatagramLane>) {
        self.mailbox.send(Command::OpenLane(Lane(lane)));
    }

    /// Blocks until there is an event, the wake handle is used, or the deadline passes.
    pub fn wait(&self, deadline: Instant) {
        self.queue.wait(deadline);
    }

    /// Ends [`Self::wait`] from another thread.
    pub fn wake_handle(&self) -> WakeHandle {
        WakeHandle::new(&self.queue)
    }

    /// Takes no more connections and waits until those that are being closed have their last words,
    /// at most `grace`. Close every connection before.
    pub fn shutdown(mut self, grace: Duration) {
        self.mailbox.send(Command::StopAccepting);
        let deadline = Instant::now() + grace;
        while !self.peers.is_empty() && Instant::now() < deadline {
            self.wait(deadline);
            while self.poll().is_some() {}
        }
        // Closing packets leave in the background: without this, clients would wait for a time-out.
        self.end(END_TIMEOUT);
    }

    fn end(&mut self, patience: Duration) {
        let Some(thread) = self.thread.take() else { return };
        self.mailbox.send(Command::End(patience));
        if thread.join().is_err() {
            tracing::error!("the network's thread panicked");
        }
    }

    /// Tells the network's thread, once until it looks, that the outbox has something.
    fn announce(&self, handle: &PeerHandle) {
        if !handle.is_announced.swap(true, Ordering::SeqCst) {
            self.mailbox.send(Command::Outbox(handle.id));
        }
    }
}

impl ServerTransport for QuicServer {
    fn poll(&mut self) -> Option<ServerEvent> {
        let event = match self.queue.pop()? {
            PeerEvent::Opened { handle, remote, exporter } => {
                let connection = handle.id;
                self.peers.insert(connection, handle);
                ServerEvent::Opened { connection, remote, exporter }
            }
            PeerEvent::Plain { event, permit } => {
                drop(permit);
                event
            }
            PeerEvent::Closed { connection, reason, seat } => {
                self.peers.remove(&connection);
                drop(seat);
                ServerEvent::Closed { connection, reason }
            }
        };
        Some(event)
    }

    fn send_control(&mut self, connection: ConnectionId, bytes: Bytes) -> Result<(), SendError> {
        let handle = self.peers.get(&connection).ok_or(SendError::Gone)?;
        handle.outbox.push(bytes)?;
        self.announce(handle);
        Ok(())
    }

    fn send_batch(&mut self, batch: &[(ConnectionId, Bytes)]) {
        if !batch.is_empty() {
            self.mailbox.send_batch(batch.to_vec());
        }
    }

    fn send_datagram(&mut self, connection: ConnectionId, datagram: Bytes) {
        self.mailbox.send_datagram(connection, datagram);
    }

    fn is_behind(&self) -> bool {
        self.mailbox.is_behind()
    }

    fn answer_file(&mut self, connection: ConnectionId, request: FileRequestId, answer: FileAnswer) {
        self.mailbox.send(Command::Answer(connection, request, answer));
    }

    fn admitted(&mut self, connection: ConnectionId) {
        if let Some(handle) = self.peers.get(&connection) {
            handle.seat.let_in();
        }
    }

    fn close(&mut self, connection: ConnectionId, code: CloseCode, reason: &str) {
        if let Some(handle) = self.peers.get(&connection) {
            handle.outbox.close(code, reason);
            self.announce(handle);
        }
    }
}

impl Drop for QuicServer {
    fn drop(&mut self) {
        self.end(Duration::ZERO);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quic::network::FAULTY_DATAGRAM;
    use crate::{ClientEvent, ClientPool, MemberId, Trust};

    /// Far beyond what a loaded machine needs.
    const PATIENCE: Duration = Duration::from_secs(60);

    struct Three {
        server: QuicServer,
        pool: ClientPool,
        /// In the order in which they came.
        open: Vec<(MemberId, ConnectionId)>,
        deadline: Instant,
    }

    impl Three {
        fn new() -> Self {
            let certificate = ServerCertificate::self_signed(&["127.0.0.1".to_owned()]).unwrap();
            let listen = SocketAddr::from(([127, 0, 0, 1], 0));
            let trust = Trust::Pinned(certificate.fingerprint());
            let limits = ServerLimits::default();
            let server = QuicServer::bind(QuicServerConfig { listen, certificate, limits }).unwrap();
            let pool = ClientPool::new(server.local_addr(), trust).unwrap();
            let mut three = Self { server, pool, open: Vec::new(), deadline: Instant::now() + PATIENCE };
            for _ in 0..3 {
                let member = three.pool.connect(Instant::now()).unwrap();
                let ServerEvent::Opened { connection, .. } = three.next() else { panic!("not opened") };
                three.open.push((member, connection));
            }
            three
        }

        /// The server's next event; the clients live on meanwhile. Only the second one's connection may be reset.
        fn next(&mut self) -> ServerEvent {
            loop {
                assert!(Instant::now() < self.deadline, "nothing came");
                for (member, event) in self.pool.turn(self.deadline) {
                    let is_second = self.open.get(1).is_some_and(|(second, _)| *second == member);
                    let is_reset = is_second && matches!(event, ClientEvent::Closed { .. });
                    assert!(is_reset || matches!(event, ClientEvent::Opened { .. }), "{member:?}: {event:?}");
                }
                if let Some(event) = self.server.poll() {
                    return event;
                }
            }
        }

        /// The second one's connection ends by a fault of the server, and no other.
        fn only_the_second_ends(mut self) {
            let ServerEvent::Closed { connection, reason } = self.next() else { panic!("not closed") };
            assert_eq!(connection, self.open[1].1);
            assert!(matches!(reason, crate::CloseReason::Lost { .. }), "{reason:?}");
            for number in [0, 2] {
                let (member, connection) = self.open[number];
                self.pool.send_control(member, Bytes::from_static(b"still here"));
                let ServerEvent::Control { connection: from, .. } = self.next() else { panic!("no word") };
                assert_eq!(from, connection);
            }
        }
    }

    /// Sends what one client says to all three, twice.
    struct ToAll {
        to: Vec<ConnectionId>,
        waiting: Vec<Bytes>,
        due: Option<Instant>,
    }

    impl DatagramLane for ToAll {
        fn takes(&self, kind: u8) -> bool {
            kind == b'v'
        }

        fn receive(&mut self, _: ConnectionId, datagram: Bytes, now: Instant) {
            self.waiting.extend([datagram.clone(), datagram]);
            self.due = Some(now + Duration::from_millis(5));
        }

        fn due(&self) -> Option<Instant> {
            self.due
        }

        fn send(&mut self, _: Instant, out: &mut Vec<(ConnectionId, Bytes)>) {
            self.due = None;
            for datagram in self.waiting.drain(..) {
                out.extend(self.to.iter().map(|to| (*to, datagram.clone())));
            }
        }
    }

    #[test]
    fn a_lane_s_datagrams_do_not_wait_for_the_program() {
        let mut three = Three::new();
        let to = three.open.iter().map(|(_, connection)| *connection).collect();
        three.server.open_lane(Box::new(ToAll { to, waiting: Vec::new(), due: None }));
        // The lane is open when this was answered.
        three.server.send_batch(&[(three.open[0].1, Bytes::from_static(b"a pose"))]);
        let (mut poses, mut voices) = (0, 0);
        while voices < 6 {
            assert!(Instant::now() < three.deadline, "{voices} of 6 came");
            for (_, event) in three.pool.turn(three.deadline) {
                match event {
                    ClientEvent::Datagram(bytes) if &*bytes == b"voice" => voices += 1,
                    ClientEvent::Datagram(_) => poses += 1,
                    other => panic!("{other:?}"),
                }
            }
            if poses == 1 {
                poses += 1;
                three.pool.send_datagram(three.open[1].0, Bytes::from_static(b"voice"));
            }
        }
        assert_eq!(three.server.poll(), None, "the program hears nothing of it");
    }

    #[test]
    fn a_fault_in_one_connection_s_mail_ends_that_connection_alone() {
        let three = Three::new();
        three.server.mailbox.send(Command::Fault(three.open[1].1));
        three.only_the_second_ends();
    }

    #[test]
    fn a_fault_with_one_connection_s_datagram_leaves_the_others_theirs() {
        let mut three = Three::new();
        let good = Bytes::from_static(b"a pose");
        let [a, b, c] = [0, 1, 2].map(|number| three.open[number].1);
        three.server.send_batch(&[(a, good.clone()), (b, Bytes::from_static(FAULTY_DATAGRAM)), (c, good)]);
        let mut got = Vec::new();
        while got.len() < 2 {
            assert!(Instant::now() < three.deadline, "only {got:?}");
            got.extend(three.pool.turn(three.deadline).filter_map(|(member, event)| match event {
                ClientEvent::Datagram(_) => Some(member),
                _ => None,
            }));
        }
        got.sort();
        assert_eq!(got, [three.open[0].0, three.open[2].0]);
        three.only_the_second_ends();
    }
}
