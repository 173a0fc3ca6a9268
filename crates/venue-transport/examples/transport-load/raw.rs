//! The least that sealed datagrams cost: AES-128-GCM and one `sendmmsg` a tick, to as many sockets, no protocol.

#![cfg(target_os = "linux")]

use crate::child::{Clients, told_to_end};
use crate::measure::cpu_time;
use crate::{Load, TICKS_PER_SECOND};
use anyhow::{Context as _, Result};
use mio::net::UdpSocket;
use mio::{Events, Interest, Poll, Token};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use rustix::net::{MMsgHdr, SendAncillaryBuffer, SendFlags, SocketAddrAny, sendmmsg};
use std::io::IoSlice;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc::TryRecvError;
use std::time::{Duration, Instant};

/// A short header with connection id and packet number, and the datagram's frame type and length.
const OVERHEAD: usize = 1 + 8 + 2 + 3;

/// Messages that one system call takes (`UIO_MAXIOV`).
const MESSAGES_AT_ONCE: usize = 1_024;

/// Seals and sends a tick's datagrams; measures both together.
pub fn run(load: Load) -> Result<()> {
    let mut sinks = Clients::start(&["sinks".to_owned(), load.connections.to_string()])?;
    let ports = sinks.line()?;
    let ports: Vec<u16> = ports.split(' ').map(str::parse).collect::<Result<_, _>>()?;
    let addresses: Vec<SocketAddrAny> =
        ports.iter().map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, *port)).into()).collect();
    let socket = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    let key = UnboundKey::new(&AES_128_GCM, &[7; 16]).ok().context("no key")?;
    let mut sender = Sender { socket, key: LessSafeKey::new(key), packets: Vec::new(), sealed: 0 };
    let (mut due, mut sent, mut cpu) = (Instant::now(), 0, Duration::ZERO);
    let began = due;
    while due < began + Duration::from_secs(load.seconds.into()) {
        let before = cpu_time();
        sender.send(&addresses, load.datagrams)?;
        cpu += cpu_time() - before;
        sent += addresses.len() * load.datagrams;
        due += Duration::from_secs(1) / TICKS_PER_SECOND;
        std::thread::park_timeout(due.saturating_duration_since(Instant::now()));
    }
    let took = began.elapsed().as_secs_f64();
    let got = sinks.end()?;
    println!(
        "us_per_datagram={:.4} sent_per_s={:.0} received_per_s=0 cpu_share={:.4} arrived={:.4}",
        cpu.as_secs_f64() * 1e6 / sent as f64,
        sent as f64 / took,
        cpu.as_secs_f64() / took,
        got as f64 / sent as f64,
    );
    Ok(())
}

struct Sender {
    socket: std::net::UdpSocket,
    key: LessSafeKey,
    packets: Vec<Vec<u8>>,
    /// Packets so far: the nonce of the next.
    sealed: u64,
}

impl Sender {
    fn send(&mut self, to: &[SocketAddrAny], datagrams: usize) -> Result<()> {
        self.packets.resize_with(to.len() * datagrams, Vec::new);
        for packet in &mut self.packets {
            packet.clear();
            packet.resize(OVERHEAD + venue_protocol::MAX_DATAGRAM_BYTES, 1);
            let mut nonce = [0; 12];
            nonce[4..].copy_from_slice(&self.sealed.to_be_bytes());
            self.sealed += 1;
            let (nonce, (head, body)) = (Nonce::assume_unique_for_key(nonce), packet.split_at_mut(11));
            let tag = self.key.seal_in_place_separate_tag(nonce, Aad::from(&*head), body);
            packet.extend_from_slice(tag.ok().context("not sealed")?.as_ref());
        }
        let slices: Vec<[IoSlice<'_>; 1]> =
            self.packets.iter().map(|packet| [IoSlice::new(packet)]).collect();
        let mut controls: Vec<SendAncillaryBuffer<'_, '_, '_>> =
            slices.iter().map(|_| SendAncillaryBuffer::default()).collect();
        let mut messages: Vec<MMsgHdr<'_>> = slices
            .iter()
            .zip(&mut controls)
            .enumerate()
            .map(|(number, (slice, control))| MMsgHdr::new_with_addr(&to[number / datagrams], slice, control))
            .collect();
        let mut rest = &mut messages[..];
        while !rest.is_empty() {
            let count = rest.len().min(MESSAGES_AT_ONCE);
            let taken = sendmmsg(&self.socket, &mut rest[..count], SendFlags::empty())?;
            rest = &mut rest[taken..];
        }
        Ok(())
    }
}

/// Sockets that take what comes and count it.
pub fn sinks(count: usize) -> Result<()> {
    let mut poll = Poll::new()?;
    let mut sockets = Vec::new();
    for number in 0..count {
        let mut socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0).into())?;
        poll.registry().register(&mut socket, Token(number), Interest::READABLE)?;
        sockets.push(socket);
    }
    let ports = sockets.iter().map(|socket| socket.local_addr().map(|address| address.port().to_string()));
    println!("{}", ports.collect::<Result<Vec<_>, _>>()?.join(" "));
    let (end, mut events, mut buffer, mut got) = (told_to_end(), Events::with_capacity(1_024), [0; 2_048], 0);
    while end.try_recv() == Err(TryRecvError::Empty) {
        poll.poll(&mut events, Some(Duration::from_millis(50)))?;
        for event in &events {
            while sockets[event.token().0].recv(&mut buffer).is_ok() {
                got += 1;
            }
        }
    }
    println!("{got}");
    Ok(())
}
