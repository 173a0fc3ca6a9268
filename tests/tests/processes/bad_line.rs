//! A bad line before a server, for processes: packets are lost and come late, each by chance.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How bad it is, in each direction.
#[derive(Clone, Copy, Debug, Default)]
pub struct Badness {
    /// Packets of a hundred that are lost.
    pub loss_percent: f64,
    /// How long each packet takes, and how much longer at most.
    pub delay: Duration,
    pub jitter: Duration,
}

/// A running line; it ends when it goes out of scope.
pub struct BadLine {
    pub port: u16,
    is_over: Arc<AtomicBool>,
    badness: Arc<Mutex<Badness>>,
    thread: Option<JoinHandle<()>>,
}

struct Waiting {
    at: Instant,
    number: u64,
    bytes: Vec<u8>,
    /// Towards the server by this client's socket, or to this client.
    to: Result<SocketAddr, SocketAddr>,
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.number) == (other.at, other.number)
    }
}
impl Eq for Waiting {}
impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

impl BadLine {
    /// A good line to the server, until [`Self::be`].
    pub fn to(server_port: u16, seed: u64) -> Self {
        let front = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        front.set_nonblocking(true).unwrap();
        let port = front.local_addr().unwrap().port();
        let (is_over, badness) = (Arc::new(AtomicBool::new(false)), Arc::<Mutex<Badness>>::default());
        let (asked, shared) = (is_over.clone(), badness.clone());
        let thread = std::thread::spawn(move || carry(&front, server_port, seed, &shared, &asked));
        Self { port, is_over, badness, thread: Some(thread) }
    }

    /// From now on it is so bad.
    pub fn be(&self, badness: Badness) {
        *self.badness.lock().unwrap() = badness;
    }
}

impl Drop for BadLine {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

fn carry(front: &UdpSocket, server: u16, seed: u64, badness: &Mutex<Badness>, is_over: &AtomicBool) {
    let mut chance = seed | 1;
    let mut next = move || {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        (chance >> 11) as f64 / (1u64 << 53) as f64
    };
    let mut backs: BTreeMap<SocketAddr, UdpSocket> = BTreeMap::new();
    let mut waiting: BinaryHeap<Reverse<Waiting>> = BinaryHeap::new();
    let mut number = 0;
    let mut buffer = vec![0; 65_536];
    while !is_over.load(Ordering::Relaxed) {
        let now = Instant::now();
        let Badness { loss_percent, delay, jitter } = *badness.lock().unwrap();
        let mut take = |bytes: &[u8], to, waiting: &mut BinaryHeap<Reverse<Waiting>>| {
            let (is_lost, late) = (next() * 100.0 < loss_percent, next());
            number += 1;
            if !is_lost {
                let at = now + delay + jitter.mul_f64(late);
                waiting.push(Reverse(Waiting { at, number, bytes: bytes.to_vec(), to }));
            }
        };
        while let Ok((length, client)) = front.recv_from(&mut buffer) {
            backs.entry(client).or_insert_with(|| {
                let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
                socket.set_nonblocking(true).unwrap();
                socket.connect((Ipv4Addr::LOCALHOST, server)).unwrap();
                socket
            });
            take(&buffer[..length], Ok(client), &mut waiting);
        }
        for (client, back) in &backs {
            while let Ok(length) = back.recv(&mut buffer) {
                take(&buffer[..length], Err(*client), &mut waiting);
            }
        }
        while waiting.peek().is_some_and(|Reverse(first)| first.at <= now) {
            let Some(Reverse(Waiting { bytes, to, .. })) = waiting.pop() else { break };
            // What the system does not take is lost, as on any line.
            match to {
                Ok(client) => drop(backs[&client].send(&bytes)),
                Err(client) => drop(front.send_to(&bytes, client)),
            }
        }
        std::thread::park_timeout(Duration::from_micros(500));
    }
}
