//! A slow line for TCP before a server. A connection's first byte waits for a round trip, as its handshake would; a
//! slow start there is none, so a program that uses TCP fares a little better here than on a real line.
//!
//! It must not look into what is sent.

use super::{Full, Shape, Way, wait_until};
use anyhow::{Context, Result};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Connections at once.
const CONNECTIONS: usize = 64;

/// Bytes that are read at once: connections take turns by so much.
const PART: usize = 4 << 10;

/// Headers of IPv4 and TCP for each packet of 1,460 bytes.
const HEADERS_PER_PART: u64 = 3 * 40;

/// Parts on their way; more than a round trip at any speed that is measured.
const PARTS_ON_THE_WAY: usize = 512;

/// A running line. It takes no more connections when it goes out of scope; those that are there end with their programs.
pub struct TcpLine {
    /// Where clients connect to.
    pub address: SocketAddr,
    /// To the client.
    pub down: Arc<Way>,
    has_ended: Arc<AtomicBool>,
    accepting: Option<JoinHandle<()>>,
}

impl TcpLine {
    /// A line to the server.
    pub fn start(server: SocketAddr, shape: Shape) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port for the line")?;
        let address = listener.local_addr()?;
        let (up, down) = (Way::new(shape), Way::new(shape));
        let has_ended = Arc::new(AtomicBool::new(false));
        let (ended, to_client) = (Arc::clone(&has_ended), Arc::clone(&down));
        let open = Arc::new(AtomicUsize::new(0));
        let accepting = std::thread::Builder::new().name("line-accept".into()).spawn(move || {
            for client in listener.incoming() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let Ok(client) = client else { continue };
                if open.load(Ordering::Relaxed) < CONNECTIONS {
                    let place = Place::take(&open);
                    // A connection that can not be made is closed, which its program sees.
                    carry(client, server, [&up, &to_client], shape, place).ok();
                }
            }
        })?;
        Ok(Self { address, down, has_ended, accepting: Some(accepting) })
    }
}

impl Drop for TcpLine {
    fn drop(&mut self) {
        self.has_ended.store(true, Ordering::Relaxed);
        // Wakes the thread, which then sees that the line has ended.
        drop(TcpStream::connect(self.address));
        self.accepting.take().and_then(|thread| thread.join().ok());
    }
}

/// One of the connections that may be there.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(open: &Arc<AtomicUsize>) -> Arc<Self> {
        open.fetch_add(1, Ordering::Relaxed);
        Arc::new(Self(Arc::clone(open)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Bytes and when they arrive; nothing is the end.
type Part = (Instant, Vec<u8>);

fn carry(
    client: TcpStream,
    server: SocketAddr,
    [up, down]: [&Arc<Way>; 2],
    shape: Shape,
    place: Arc<Place>,
) -> Result<()> {
    let opened = Instant::now() + shape.round_trip;
    let server = TcpStream::connect(server)?;
    for stream in [&client, &server] {
        stream.set_nodelay(true)?;
    }
    for (from, to, way) in [(&client, &server, up), (&server, &client, down)] {
        let (parts, arriving) = sync_channel(PARTS_ON_THE_WAY);
        let (from, to, way) = (from.try_clone()?, to.try_clone()?, Arc::clone(way));
        let place = Arc::clone(&place);
        let spawn = |name: &str| std::thread::Builder::new().name(name.into());
        spawn("line-read").spawn(move || {
            wait_until(opened);
            read(from, &way, &parts);
        })?;
        spawn("line-write").spawn(move || {
            write(to, &arriving);
            drop(place);
        })?;
    }
    Ok(())
}

fn read(mut from: TcpStream, way: &Way, parts: &SyncSender<Part>) {
    let mut buffer = vec![0; PART];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        let arrives = loop {
            match way.send(length as u64, HEADERS_PER_PART, Instant::now()) {
                Ok(arrives) => break arrives,
                Err(Full(room)) => wait_until(room + Duration::from_micros(1)),
            }
        };
        if parts.send((arrives, buffer[..length].to_vec())).is_err() {
            return;
        }
    }
}

fn write(mut to: TcpStream, arriving: &Receiver<Part>) {
    while let Ok((arrives, bytes)) = arriving.recv() {
        wait_until(arrives);
        if to.write_all(&bytes).is_err() {
            return;
        }
    }
    // The end of one way; the other may go on.
    to.shutdown(Shutdown::Write).ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_carries_everything_both_ways_and_its_end() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let shape =
            Shape { bits_per_second: 800e6, round_trip: Duration::from_millis(2), queue_bytes: 50_000 };
        let line = TcpLine::start(listener.local_addr().unwrap(), shape).unwrap();
        let sent: Vec<u8> = (0..300_000_u32).map(|at| (at % 251) as u8).collect();
        let answer = sent.clone();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut question = [0; 5];
            stream.read_exact(&mut question).unwrap();
            stream.write_all(&answer).unwrap();
            question
        });
        let mut client = TcpStream::connect(line.address).unwrap();
        client.write_all(b"hello").unwrap();
        let mut got = Vec::new();
        client.read_to_end(&mut got).unwrap();
        assert_eq!(server.join().unwrap(), *b"hello");
        assert!(got == sent, "{} bytes", got.len());
        assert_eq!(line.down.bytes(), sent.len() as u64);
    }
}
