//! A network in virtual time: seeded loss, delay, jitter and reordering for datagrams; delayed but ordered
//! control streams; files. It implements the product's own transport traits and knows no message.

use bytes::Bytes;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use venue_model::FileHash;
use venue_transport::{
    ClientEvent, ClientTransport, CloseCode, CloseReason, ConnectionId, FileAnswer, FileRequestId, SendError,
    ServerEvent, ServerTransport,
};

/// What the network does to datagrams; control streams are delayed alike but lose nothing.
#[derive(Clone, Copy, Debug)]
pub struct Conditions {
    /// Share of datagrams that vanish, 0 to 1.
    pub loss: f64,
    /// Least one-way delay in microseconds.
    pub delay_micros: u64,
    /// Up to this much is added, evenly spread; it reorders datagrams.
    pub jitter_micros: u64,
}

impl Conditions {
    /// Nothing is lost and everything takes a millisecond.
    pub const GOOD: Self = Self { loss: 0.0, delay_micros: 1_000, jitter_micros: 0 };

    /// Issue 2's bad network: 5 % loss, 80 ± 30 ms there and back, reordering.
    pub const BAD: Self = Self { loss: 0.05, delay_micros: 25_000, jitter_micros: 30_000 };
}

/// The whole network; clones share it.
#[derive(Clone)]
pub struct VirtualNetwork(Arc<Mutex<State>>);

struct State {
    now_micros: u64,
    conditions: Conditions,
    random: u64,
    sent: u64,
    under_way: BinaryHeap<Reverse<Parcel>>,
    to_server: VecDeque<ServerEvent>,
    to_clients: BTreeMap<u64, VecDeque<ClientEvent>>,
    /// Arrival of the latest control bytes in each direction of each connection.
    control_clocks: BTreeMap<(u64, bool), u64>,
    file_hashes: BTreeMap<(u64, u64), FileHash>,
    datagram_bytes_down: u64,
    next_connection: u64,
    next_file: u64,
    /// Files that still break off on their way down.
    breaking_files: u32,
    /// All bytes that came to the server or left it, while somebody wants to know.
    tapped: Option<Vec<Bytes>>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Parcel {
    arrives_micros: u64,
    number: u64,
    connection: u64,
    content: Content,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Content {
    Open,
    ControlUp(Bytes),
    ControlDown(Bytes),
    DatagramUp(Bytes),
    DatagramDown(Bytes),
    FileWanted(FileHash),
    FileDown([u8; 32], Option<Bytes>),
    Closed { at_server: bool, code: u32, words: String },
}

impl VirtualNetwork {
    /// A network whose fortune follows from the seed.
    pub fn new(seed: u64, conditions: Conditions) -> Self {
        Self(Arc::new(Mutex::new(State {
            now_micros: 0,
            conditions,
            random: seed,
            sent: 0,
            under_way: BinaryHeap::new(),
            to_server: VecDeque::new(),
            to_clients: BTreeMap::new(),
            control_clocks: BTreeMap::new(),
            file_hashes: BTreeMap::new(),
            datagram_bytes_down: 0,
            next_connection: 1,
            next_file: 1,
            breaking_files: 0,
            tapped: None,
        })))
    }

    /// The server's side.
    pub fn server(&self) -> VirtualServer {
        VirtualServer(self.clone())
    }

    /// Lets the next `count` files that arrive break off.
    pub fn break_files(&self, count: u32) {
        self.state().breaking_files = count;
    }

    /// A new client's side; it is open one delay later.
    pub fn connect(&self) -> VirtualClient {
        let mut state = self.state();
        let connection = state.next_connection;
        state.next_connection += 1;
        state.to_clients.insert(connection, VecDeque::new());
        state.send_control(connection, true, Content::Open);
        VirtualClient { network: self.clone(), connection }
    }

    /// Everything that came to the server or left it since the last call, as the server has it; nothing before the first.
    pub fn tap(&self) -> Vec<Bytes> {
        self.state().tapped.replace(Vec::new()).unwrap_or_default()
    }

    /// Lets time pass to this moment and delivers what arrives until then.
    pub fn advance_to(&self, now_micros: u64) {
        let mut state = self.state();
        state.now_micros = now_micros;
        while state.under_way.peek().is_some_and(|Reverse(parcel)| parcel.arrives_micros <= now_micros) {
            if let Some(Reverse(parcel)) = state.under_way.pop() {
                state.deliver(parcel);
            }
        }
    }

    /// Changes what the network does from now on.
    pub fn set_conditions(&self, conditions: Conditions) {
        self.state().conditions = conditions;
    }

    /// Bytes of datagrams that the server has sent, lost ones included.
    pub fn datagram_bytes_down(&self) -> u64 {
        self.state().datagram_bytes_down
    }

    /// Ends a connection as a dead network does: what is under way is lost, and neither side is told by the
    /// other. Connections are counted from one in the order in which they were opened.
    pub fn cut(&self, connection: u64) {
        let mut state = self.state();
        state.under_way.retain(|Reverse(parcel)| parcel.connection != connection);
        let id = ConnectionId(connection);
        state.to_server.push_back(ServerEvent::Closed { connection: id, reason: CloseReason::TimedOut });
        if let Some(events) = state.to_clients.get_mut(&connection) {
            events.push_back(ClientEvent::Closed { reason: CloseReason::TimedOut });
        }
    }

    /// Ends every connection as a server does that dies: nothing is under way any more.
    pub fn cut_all(&self) {
        let mut state = self.state();
        state.under_way.clear();
        state.to_server.clear();
        for events in state.to_clients.values_mut() {
            events.push_back(ClientEvent::Closed { reason: CloseReason::TimedOut });
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, and good enough to lose packets by.
pub fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl State {
    fn random_unit(&mut self) -> f64 {
        (split_mix(&mut self.random) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn arrival(&mut self) -> u64 {
        let jitter = self.random_unit() * self.conditions.jitter_micros as f64;
        self.now_micros + self.conditions.delay_micros + jitter as u64
    }

    fn send_datagram(&mut self, connection: u64, content: Content) {
        if self.random_unit() >= self.conditions.loss {
            let arrives_micros = self.arrival();
            self.push(connection, arrives_micros, content);
        }
    }

    fn send_control(&mut self, connection: u64, is_up: bool, content: Content) {
        let earliest = self.arrival();
        let clock = self.control_clocks.entry((connection, is_up)).or_default();
        let arrives_micros = earliest.max(*clock);
        *clock = arrives_micros;
        self.push(connection, arrives_micros, content);
    }

    fn push(&mut self, connection: u64, arrives_micros: u64, content: Content) {
        self.sent += 1;
        self.under_way.push(Reverse(Parcel { arrives_micros, number: self.sent, connection, content }));
    }

    fn note(&mut self, bytes: &Bytes) {
        if let Some(tapped) = &mut self.tapped {
            tapped.push(bytes.clone());
        }
    }

    fn deliver(&mut self, parcel: Parcel) {
        let connection = ConnectionId(parcel.connection);
        if let Content::ControlUp(bytes) | Content::DatagramUp(bytes) = &parcel.content {
            self.note(bytes);
        }
        let up = match parcel.content {
            Content::Open => {
                let exporter = exporter(parcel.connection);
                let opened =
                    ClientEvent::Opened { exporter, fingerprint: venue_transport::Fingerprint([7; 32]) };
                self.tell_client(parcel.connection, opened);
                let remote = std::net::SocketAddr::from(([127, 0, 0, 1], 1024 + parcel.connection as u16));
                ServerEvent::Opened { connection, remote, exporter }
            }
            Content::ControlUp(bytes) => ServerEvent::Control { connection, bytes },
            Content::DatagramUp(bytes) => ServerEvent::Datagram { connection, bytes },
            Content::FileWanted(hash) => {
                let request = FileRequestId(self.next_file);
                self.file_hashes.insert((parcel.connection, self.next_file), hash);
                self.next_file += 1;
                ServerEvent::FileRequested { connection, request, hash }
            }
            Content::ControlDown(bytes) => {
                return self.tell_client(parcel.connection, ClientEvent::Control(bytes));
            }
            Content::DatagramDown(bytes) => {
                return self.tell_client(parcel.connection, ClientEvent::Datagram(bytes));
            }
            Content::FileDown(hash, bytes) => {
                let breaks = self.breaking_files > 0;
                self.breaking_files = self.breaking_files.saturating_sub(1);
                let result = match bytes {
                    _ if breaks => Err(venue_transport::FileError::Broken),
                    Some(bytes) => Ok(bytes),
                    None => Err(venue_transport::FileError::NotFound),
                };
                return self
                    .tell_client(parcel.connection, ClientEvent::File { hash: FileHash(hash), result });
            }
            Content::Closed { at_server, code, words } => {
                let reason = CloseReason::Remote { code: CloseCode::from_number(code), reason: words };
                if !at_server {
                    return self.tell_client(parcel.connection, ClientEvent::Closed { reason });
                }
                ServerEvent::Closed { connection, reason }
            }
        };
        self.to_server.push_back(up);
    }

    fn tell_client(&mut self, connection: u64, event: ClientEvent) {
        self.to_clients.entry(connection).or_default().push_back(event);
    }
}

/// Both sides of a TLS connection export the same bytes, and no other connection does.
fn exporter(connection: u64) -> [u8; 32] {
    std::array::from_fn(|i| connection.wrapping_mul(31).wrapping_add(i as u64) as u8)
}

/// The server's side of the network.
pub struct VirtualServer(VirtualNetwork);

impl ServerTransport for VirtualServer {
    fn poll(&mut self) -> Option<ServerEvent> {
        self.0.state().to_server.pop_front()
    }

    fn send_control(&mut self, connection: ConnectionId, bytes: Bytes) -> Result<(), SendError> {
        self.0.state().note(&bytes);
        self.0.state().send_control(connection.0, false, Content::ControlDown(bytes));
        Ok(())
    }

    fn send_batch(&mut self, datagrams: &[(ConnectionId, Bytes)]) {
        let mut state = self.0.state();
        for (connection, bytes) in datagrams {
            state.datagram_bytes_down += bytes.len() as u64;
            state.note(bytes);
            state.send_datagram(connection.0, Content::DatagramDown(bytes.clone()));
        }
    }

    fn answer_file(&mut self, connection: ConnectionId, request: FileRequestId, answer: FileAnswer) {
        let mut state = self.0.state();
        let Some(hash) = state.file_hashes.remove(&(connection.0, request.0)) else { return };
        let bytes = match answer {
            FileAnswer::Content(bytes) => Some(bytes),
            FileAnswer::NotFound | FileAnswer::Refused => None,
        };
        state.send_control(connection.0, false, Content::FileDown(hash.0, bytes));
    }

    fn close(&mut self, connection: ConnectionId, code: CloseCode, reason: &str) {
        let content = Content::Closed { at_server: false, code: code.number(), words: reason.to_owned() };
        self.0.state().send_control(connection.0, false, content);
    }
}

/// One client's side of the network.
pub struct VirtualClient {
    network: VirtualNetwork,
    connection: u64,
}

impl ClientTransport for VirtualClient {
    fn poll(&mut self) -> Option<ClientEvent> {
        self.network.state().to_clients.get_mut(&self.connection)?.pop_front()
    }

    fn send_control(&mut self, bytes: Bytes) -> Result<(), SendError> {
        self.network.state().send_control(self.connection, true, Content::ControlUp(bytes));
        Ok(())
    }

    fn send_datagram(&mut self, bytes: Bytes) {
        self.network.state().send_datagram(self.connection, Content::DatagramUp(bytes));
    }

    fn request_file(&mut self, hash: FileHash, _expected_bytes: u64) -> Result<(), SendError> {
        self.network.state().send_control(self.connection, true, Content::FileWanted(hash));
        Ok(())
    }

    fn close(&mut self, code: CloseCode, reason: &str) {
        let content = Content::Closed { at_server: true, code: code.number(), words: reason.to_owned() };
        self.network.state().send_control(self.connection, true, content);
    }
}
