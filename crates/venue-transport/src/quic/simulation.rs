//! What becomes of poses on bad paths, in virtual time: the two state machines with the tuning of the product,
//! a line between them that loses, delays and queues packets, and no socket.

use super::congestion::Pulse;
use super::tls::{Seen, Trust, client_config, endpoint_config, server_config};
use super::tuning;
use crate::ServerCertificate;
use bytes::{Bytes, BytesMut};
use quinn_proto::{
    Connection, ConnectionHandle, DatagramEvent, Dir, Endpoint, EndpointConfig, Event, StreamId,
    TransportConfig,
};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

const TICK: Duration = Duration::from_micros(33_333);

/// One direction of a path.
#[derive(Clone, Debug)]
struct Line {
    delay: Duration,
    /// Packets of a thousand that are lost.
    lost_per_mille: u64,
    bytes_per_second: u64,
    /// What queues in front of it; more is lost.
    queue_bytes: u64,
    /// When nothing gets through.
    outage: Option<(Duration, Duration)>,
    on_its_way: VecDeque<(Instant, Vec<u8>)>,
    is_free_at: Option<Instant>,
    noise: u64,
}

impl Line {
    fn new(delay_ms: u64, lost_per_mille: u64) -> Self {
        Self {
            delay: Duration::from_millis(delay_ms),
            lost_per_mille,
            bytes_per_second: 100_000_000,
            queue_bytes: 10_000_000,
            outage: None,
            on_its_way: VecDeque::new(),
            is_free_at: None,
            noise: 7,
        }
    }

    fn send(&mut self, now: Instant, start: Instant, packet: &[u8]) {
        // Numerical Recipes' generator; its high bits are good enough for a coin.
        self.noise =
            self.noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let is_out = self.outage.is_some_and(|(from, to)| (start + from..start + to).contains(&now));
        let begins = self.is_free_at.map_or(now, |free| free.max(now));
        let queued = (begins - now).as_secs_f64() * self.bytes_per_second as f64;
        let is_full = queued > self.queue_bytes as f64;
        if is_out || is_full || (self.noise >> 33) % 1_000 < self.lost_per_mille {
            return;
        }
        let ends = begins + Duration::from_secs_f64(packet.len() as f64 / self.bytes_per_second as f64);
        self.is_free_at = Some(ends);
        self.on_its_way.push_back((ends + self.delay, packet.to_vec()));
    }

    fn next(&self) -> Option<Instant> {
        self.on_its_way.front().map(|(at, _)| *at)
    }

    fn receive(&mut self, now: Instant) -> Option<Vec<u8>> {
        let is_here = self.next().is_some_and(|at| at <= now);
        if is_here { self.on_its_way.pop_front().map(|(_, packet)| packet) } else { None }
    }
}

/// One end.
struct End {
    endpoint: Endpoint,
    connection: Option<(ConnectionHandle, Connection)>,
    other: SocketAddr,
    pulse: Arc<Pulse>,
    is_open: bool,
    /// The stream of the file without end.
    file: Option<StreamId>,
}

impl End {
    fn receive(&mut self, now: Instant, packet: &[u8]) {
        let mut buffer = Vec::new();
        match self.endpoint.handle(now, self.other, None, None, BytesMut::from(packet), &mut buffer) {
            Some(DatagramEvent::NewConnection(incoming)) => {
                let Ok(accepted) = self.endpoint.accept(incoming, now, &mut buffer, None) else {
                    panic!("not accepted")
                };
                self.connection = Some(accepted);
            }
            Some(DatagramEvent::ConnectionEvent(_, event)) => {
                self.connection.as_mut().unwrap().1.handle_event(event);
                self.pulse.hear(now);
            }
            _ => {}
        }
    }

    fn drive(&mut self, now: Instant, start: Instant, line: &mut Line) {
        let Some((handle, connection)) = &mut self.connection else { return };
        connection.handle_timeout(now);
        while let Some(event) = connection.poll() {
            match event {
                Event::Connected => self.is_open = true,
                Event::ConnectionLost { reason } => panic!("{reason}"),
                _ => {}
            }
        }
        while let Some(event) = connection.poll_endpoint_events() {
            if let Some(event) = self.endpoint.handle_event(*handle, event) {
                connection.handle_event(event);
            }
        }
        let mut buffer = Vec::new();
        while connection.poll_transmit(now, 1, &mut buffer).is_some() {
            line.send(now, start, &buffer);
            buffer.clear();
        }
    }

    fn timeout(&mut self) -> Option<Instant> {
        self.connection.as_mut()?.1.poll_timeout()
    }
}

/// What is done for how long.
struct Visit {
    line: Line,
    seconds: u64,
    /// Full datagrams that the server sends a tick.
    datagrams: usize,
    /// Whether the client fetches a file without end meanwhile.
    with_file: bool,
}

/// How old datagrams were when they came, sorted, and how many were sent.
struct Ages {
    ages: Vec<Duration>,
    sent: usize,
    /// The longest time in which none came.
    longest_silence: Duration,
    file_bytes: u64,
}

impl Ages {
    fn share(&self) -> f64 {
        self.ages.len() as f64 / self.sent as f64
    }

    fn median(&self) -> Duration {
        self.ages[self.ages.len() / 2]
    }

    fn p99(&self) -> Duration {
        self.ages[self.ages.len() * 99 / 100]
    }
}

fn ends((transports, pulse): Tuned, now: Instant) -> [End; 2] {
    let certificate = ServerCertificate::self_signed(&["venue".to_owned()]).unwrap();
    let [at_client, at_server]: [SocketAddr; 2] =
        ["192.0.2.1:1", "192.0.2.2:2"].map(|at| at.parse().unwrap());
    let [of_server, of_client] = transports.map(Arc::new);
    let mut server = server_config(&certificate).unwrap();
    server.transport_config(of_server);
    let config = Arc::new(endpoint_config(&certificate));
    let endpoint = Endpoint::new(config, Some(Arc::new(server)), true, None);
    let server = End { endpoint, connection: None, other: at_client, pulse, is_open: false, file: None };
    let trust = Trust::Pinned(certificate.fingerprint());
    let mut config = client_config(trust, &Arc::new(Seen::default())).unwrap();
    config.transport_config(of_client);
    let mut endpoint = Endpoint::new(Arc::new(EndpointConfig::default()), None, true, None);
    let connection = Some(endpoint.connect(now, config, at_server, "venue").unwrap());
    [
        server,
        End { endpoint, connection, other: at_server, pulse: Arc::default(), is_open: false, file: None },
    ]
}

fn play(visit: &Visit, transports: Tuned) -> Ages {
    let start = Instant::now();
    let (mut now, mut next_tick, end) = (start, start, start + Duration::from_secs(visit.seconds));
    let [mut server, mut client] = ends(transports, now);
    let (mut down, mut up) = (visit.line.clone(), visit.line.clone());
    let mut heard_at = start;
    let mut all = Ages { ages: Vec::new(), sent: 0, longest_silence: Duration::ZERO, file_bytes: 0 };
    while now < end {
        while let Some(packet) = up.receive(now) {
            server.receive(now, &packet);
        }
        while let Some(packet) = down.receive(now) {
            client.receive(now, &packet);
        }
        if next_tick <= now {
            next_tick += TICK;
            all.sent += tick(&mut server, &mut client, visit, now - start);
        }
        if visit.with_file {
            all.file_bytes += feed_file(&mut server, &mut client);
        }
        while let Some(datagram) = client.connection.as_mut().and_then(|(_, at)| at.datagrams().recv()) {
            let said = Duration::from_micros(u64::from_be_bytes(datagram[..8].try_into().unwrap()));
            all.ages.push(now - start - said);
            all.longest_silence = all.longest_silence.max(now - heard_at);
            heard_at = now;
        }
        server.drive(now, start, &mut down);
        client.drive(now, start, &mut up);
        let next = [server.timeout(), client.timeout(), up.next(), down.next(), Some(next_tick)];
        now = next.into_iter().flatten().min().unwrap().max(now + Duration::from_micros(1));
    }
    all.ages.sort();
    all
}

/// Both say what they have to say 30 times a second; gives the number of the server's datagrams.
fn tick(server: &mut End, client: &mut End, visit: &Visit, since: Duration) -> usize {
    if !(server.is_open && client.is_open) {
        return 0;
    }
    let mut full = vec![0; venue_protocol::MAX_DATAGRAM_BYTES];
    full[..8].copy_from_slice(&(since.as_micros() as u64).to_be_bytes());
    let connection = &mut server.connection.as_mut().unwrap().1;
    for _ in 0..visit.datagrams {
        connection.datagrams().send(Bytes::from(full.clone()), true).unwrap();
    }
    let connection = &mut client.connection.as_mut().unwrap().1;
    connection.datagrams().send(Bytes::from_static(&[1; 40]), true).unwrap();
    visit.datagrams
}

/// The client opens a stream; the server writes whatever it takes. Gives what the client got.
fn feed_file(server: &mut End, client: &mut End) -> u64 {
    let (Some((_, at_server)), Some((_, at_client))) = (&mut server.connection, &mut client.connection)
    else {
        return 0;
    };
    if client.is_open && client.file.is_none() {
        client.file = at_client.streams().open(Dir::Bi);
        at_client.send_stream(client.file.unwrap()).write(&[2]).unwrap();
    }
    server.file = server.file.or_else(|| at_server.streams().accept(Dir::Bi));
    if let Some(file) = server.file {
        // A full window is the end of it for now.
        at_server.send_stream(file).write(&[7; 64 * 1024]).ok();
    }
    let mut got = 0;
    if let Some(Ok(mut chunks)) =
        client.file.map(|file| at_client.recv_stream(file)).as_mut().map(|file| file.read(true))
    {
        while let Ok(Some(chunk)) = chunks.next(usize::MAX) {
            got += chunk.bytes.len() as u64;
        }
    }
    got
}

/// Of the server and of the client, and what the server's side is told.
type Tuned = ([TransportConfig; 2], Arc<Pulse>);

fn ours() -> Tuned {
    let pulse = Arc::<Pulse>::default();
    ([tuning::server(4, pulse.clone()), tuning::client()], pulse)
}

/// Cubic and a large buffer, as QUIC libraries come.
fn usual() -> Tuned {
    let transports = [(); 2].map(|()| {
        let mut config = TransportConfig::default();
        config.datagram_send_buffer_size(128 * 1024).max_concurrent_bidi_streams(5_u32.into());
        config
    });
    (transports, Arc::default())
}

#[test]
fn a_long_path_that_loses_one_packet_in_twenty_carries_a_full_hall() {
    let visit = Visit { line: Line::new(150, 50), seconds: 20, datagrams: 3, with_file: false };
    let [ours, usual] = [ours(), usual()].map(|transports| play(&visit, transports));
    assert!(ours.p99() < Duration::from_millis(150 + 50), "{:?}", ours.p99());
    assert!(ours.share() > 0.9, "{}", ours.share());
    assert!(usual.p99() > 4 * ours.p99(), "nothing is gained: {:?}", usual.p99());
}

#[test]
fn a_file_on_a_slow_line_does_not_stand_before_the_poses() {
    // 4 Mbit/s with half a second of queue in front, as cheap routers have it.
    let slow = Line { bytes_per_second: 500_000, queue_bytes: 250_000, ..Line::new(20, 0) };
    let visit = Visit { line: slow, seconds: 20, datagrams: 1, with_file: true };
    let [ours, usual] = [ours(), usual()].map(|transports| play(&visit, transports));
    let share = |ages: &Ages| ages.file_bytes as f64 / (500_000.0 * 20.0);
    assert!(ours.median() < Duration::from_millis(120), "{:?}", ours.median());
    assert!(ours.p99() < Duration::from_millis(300), "{:?}", ours.p99());
    assert!(ours.share() > 0.97, "{}", ours.share());
    assert!(share(&ours) > 0.7, "the file gets what is left: {}", share(&ours));
    assert!(usual.p99() > Duration::from_millis(400), "nothing is gained: {:?}", usual.p99());
}

#[test]
fn after_an_outage_the_present_comes_first() {
    let outage = Some((Duration::from_secs(5), Duration::from_secs(7)));
    let visit =
        Visit { line: Line { outage, ..Line::new(30, 0) }, seconds: 15, datagrams: 2, with_file: false };
    let [ages, usual] = [ours(), usual()].map(|transports| play(&visit, transports));
    assert!(ages.longest_silence < Duration::from_millis(2_700), "{:?}", ages.longest_silence);
    assert!(usual.longest_silence > Duration::from_secs(3), "nothing is gained: {:?}", usual.longest_silence);
    let oldest = *ages.ages.last().unwrap();
    assert!(oldest < Duration::from_millis(1_000), "the past was shown: {oldest:?}");
}
