//! A box between a client and a server that passes packets on, as an address translator does: it can take another
//! port of its own at any time, and lead to another server.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// A relay for one client.
pub struct Relay {
    front: Arc<UdpSocket>,
    way: Arc<Mutex<Way>>,
    is_over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

struct Way {
    server: SocketAddr,
    back: Arc<UdpSocket>,
    client: Option<SocketAddr>,
}

/// How soon a thread sees that it is over.
const PATIENCE: Duration = Duration::from_millis(50);

fn socket() -> Arc<UdpSocket> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    Arc::new(socket)
}

impl Relay {
    pub fn to(server: SocketAddr) -> Self {
        let (front, back, is_over) = (socket(), socket(), Arc::default());
        let way = Arc::new(Mutex::new(Way { server, back: back.clone(), client: None }));
        let mut relay = Self { front, way, is_over, threads: Vec::new() };
        let (front, way, is_over) = (relay.front.clone(), relay.way.clone(), relay.is_over.clone());
        relay.threads.push(std::thread::spawn(move || pass_up(&front, &way, &is_over)));
        relay.listen_at(back);
        relay
    }

    /// Where clients connect to.
    pub fn port(&self) -> u16 {
        self.front.local_addr().unwrap().port()
    }

    /// From now on the server sees another port.
    pub fn take_another_port(&mut self) {
        let back = socket();
        self.way.lock().unwrap().back = back.clone();
        self.listen_at(back);
    }

    /// From now on there is another server, and the one of before is not heard any more.
    pub fn lead_to(&self, server: SocketAddr) {
        self.way.lock().unwrap().server = server;
    }

    fn listen_at(&mut self, back: Arc<UdpSocket>) {
        let (front, way, is_over) = (self.front.clone(), self.way.clone(), self.is_over.clone());
        self.threads.push(std::thread::spawn(move || pass_down(&back, &front, &way, &is_over)));
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        for thread in self.threads.drain(..) {
            thread.join().unwrap();
        }
    }
}

fn pass_up(front: &UdpSocket, way: &Mutex<Way>, is_over: &AtomicBool) {
    let mut buffer = [0; 2_048];
    while !is_over.load(Ordering::SeqCst) {
        let Ok((bytes, client)) = front.recv_from(&mut buffer) else { continue };
        let mut way = way.lock().unwrap();
        way.client = Some(client);
        // A packet that finds nobody is lost, as on any path.
        way.back.send_to(&buffer[..bytes], way.server).ok();
    }
}

fn pass_down(back: &UdpSocket, front: &UdpSocket, way: &Mutex<Way>, is_over: &AtomicBool) {
    let mut buffer = [0; 2_048];
    while !is_over.load(Ordering::SeqCst) {
        let Ok((bytes, from)) = back.recv_from(&mut buffer) else { continue };
        let way = way.lock().unwrap();
        if let (true, Some(client)) = (from == way.server, way.client) {
            front.send_to(&buffer[..bytes], client).ok();
        }
    }
}
