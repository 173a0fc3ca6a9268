//! A slow line for UDP before a server: clients send to its address, the server sees one address for each client.
//!
//! It must not look into packets.

use super::{Shape, Way, wait_until};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Headers of IPv4 and UDP, which take their time on a line too.
const HEADERS: u64 = 28;

/// Clients that one line carries.
const CLIENTS: usize = 64;

/// How often a thread looks whether the line has ended.
const LOOK_EVERY: Duration = Duration::from_millis(100);

const LONGEST_PACKET: usize = 65_536;

/// A running line. It ends when it goes out of scope.
pub struct UdpLine {
    /// Where clients send to.
    pub address: SocketAddr,
    /// To the client.
    pub down: Arc<Way>,
    has_ended: Arc<AtomicBool>,
    threads: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

/// A packet on its way.
struct Packet {
    arrives: Instant,
    bytes: Vec<u8>,
    through: Arc<UdpSocket>,
    to: SocketAddr,
}

/// What all threads of a line have.
#[derive(Clone)]
struct Line {
    up: Arc<Way>,
    down: Arc<Way>,
    arriving_up: Sender<Packet>,
    arriving_down: Sender<Packet>,
    server: SocketAddr,
    has_ended: Arc<AtomicBool>,
    threads: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl UdpLine {
    /// A line to the server.
    pub fn start(server: SocketAddr, shape: Shape) -> Result<Self> {
        ensure!(server.is_ipv4(), "the line is built of IPv4 sockets");
        let socket = Arc::new(socket()?);
        let address = socket.local_addr()?;
        let (arriving_up, up_packets) = channel();
        let (arriving_down, down_packets) = channel();
        let line = Line {
            up: Way::new(shape),
            down: Way::new(shape),
            arriving_up,
            arriving_down,
            server,
            has_ended: Arc::default(),
            threads: Arc::default(),
        };
        let down = Arc::clone(&line.down);
        let (has_ended, threads) = (Arc::clone(&line.has_ended), Arc::clone(&line.threads));
        for (name, packets) in [("line-up", up_packets), ("line-down", down_packets)] {
            let has_ended = Arc::clone(&has_ended);
            line.spawn(name, move || deliver(&packets, &has_ended))?;
        }
        let for_clients = line.clone();
        line.spawn("line-clients", move || from_clients(&for_clients, &socket))?;
        Ok(Self { address, down, has_ended, threads })
    }
}

impl Drop for UdpLine {
    fn drop(&mut self) {
        self.has_ended.store(true, Ordering::Relaxed);
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // A thread that panicked has said so.
            thread.join().ok();
        }
    }
}

impl Line {
    fn spawn(&self, name: &str, work: impl FnOnce() + Send + 'static) -> Result<()> {
        let thread = std::thread::Builder::new().name(name.into()).spawn(work)?;
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }

    fn is_running(&self) -> bool {
        !self.has_ended.load(Ordering::Relaxed)
    }
}

fn socket() -> Result<UdpSocket> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).context("no port for the line")?;
    socket.set_read_timeout(Some(LOOK_EVERY))?;
    Ok(socket)
}

/// Takes packets of clients; each client's first makes it a socket before the server.
fn from_clients(line: &Line, socket: &Arc<UdpSocket>) {
    let mut clients: BTreeMap<SocketAddr, Arc<UdpSocket>> = BTreeMap::new();
    let mut buffer = vec![0; LONGEST_PACKET];
    while line.is_running() {
        // A timeout, or an answer of the system to a packet that nobody took.
        let Ok((length, client)) = socket.recv_from(&mut buffer) else { continue };
        if !clients.contains_key(&client) {
            let opened = (clients.len() < CLIENTS).then(|| open(line, socket, client).ok()).flatten();
            let Some(own) = opened else { continue };
            clients.insert(client, own);
        }
        let Some(own) = clients.get(&client) else { continue };
        send(&line.up, &line.arriving_up, &buffer[..length], own, line.server);
    }
}

/// A socket before the server for a client, with a thread that takes the answers.
fn open(line: &Line, socket: &Arc<UdpSocket>, client: SocketAddr) -> Result<Arc<UdpSocket>> {
    let own = Arc::new(self::socket()?);
    let (of_line, of_server, to_clients) = (line.clone(), Arc::clone(&own), Arc::clone(socket));
    line.spawn("line-answers", move || {
        let mut buffer = vec![0; LONGEST_PACKET];
        while of_line.is_running() {
            let Ok((length, _)) = of_server.recv_from(&mut buffer) else { continue };
            send(&of_line.down, &of_line.arriving_down, &buffer[..length], &to_clients, client);
        }
    })?;
    Ok(own)
}

fn send(way: &Way, arriving: &Sender<Packet>, bytes: &[u8], through: &Arc<UdpSocket>, to: SocketAddr) {
    // A packet that finds no room is lost.
    let Ok(arrives) = way.send(bytes.len() as u64, HEADERS, Instant::now()) else { return };
    let packet = Packet { arrives, bytes: bytes.to_vec(), through: Arc::clone(through), to };
    // The other end is gone only when the line ends.
    drop(arriving.send(packet));
}

/// Hands packets over at their times, which come in order.
fn deliver(packets: &Receiver<Packet>, has_ended: &AtomicBool) {
    while !has_ended.load(Ordering::Relaxed) {
        let Ok(packet) = packets.recv_timeout(LOOK_EVERY) else { continue };
        wait_until(packet.arrives);
        // What the system does not take is lost, as on any line.
        packet.through.send_to(&packet.bytes, packet.to).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_go_both_ways_and_each_client_has_its_own_answers() {
        let server = UdpSocket::bind("127.0.0.1:0").unwrap();
        let shape = Shape { round_trip: Duration::from_millis(2), ..Shape::HOME };
        let line = UdpLine::start(server.local_addr().unwrap(), shape).unwrap();
        let clients = [0, 1].map(|_| UdpSocket::bind("127.0.0.1:0").unwrap());
        let mut buffer = [0; 100];
        for (number, client) in clients.iter().enumerate() {
            client.send_to(&[number as u8; 40], line.address).unwrap();
            let (length, from) = server.recv_from(&mut buffer).unwrap();
            assert_eq!(&buffer[..length], &[number as u8; 40]);
            server.send_to(&[number as u8 + 10; 60], from).unwrap();
        }
        for (number, client) in clients.iter().enumerate() {
            let (length, from) = client.recv_from(&mut buffer).unwrap();
            assert_eq!((&buffer[..length], from), (&[number as u8 + 10; 60][..], line.address));
        }
        assert_eq!(line.down.bytes(), 120);
    }
}
