//! Connection attempts by the thousand, and connections that are held without a word: a hundred delegates notice
//! nothing, and the server's memory stays bounded.

use crate::crowds::{PATIENCE, crowd, live_for_ticks, metric, server, unconnected};
use bytes::Bytes;
use load::{Crowd, Invitation, Report};
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::process::{ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use venue_transport::{ClientPool, Trust};
use xtask::demo::server::Server;
use xtask::install::python_program;
use xtask::load::server::Measured;
use xtask::process::Running;

const DELEGATES: usize = 100;

/// A hundred thousand attempts a minute.
const ATTEMPTS_PER_SECOND: f64 = 100_000.0 / 60.0;

/// As many as one measurement lasts for.
const ATTEMPTS: usize = 10_000;

/// Ticks of one measurement.
const TICKS: f64 = 180.0;

/// What strangers may cost: the places for newcomers are 500, each with the buffers of a handshake.
const MOST_GROWTH_BYTES: u64 = 64 << 20;

/// What a hundred delegates see while the server takes so many ticks.
fn measure(crowd: &mut Crowd, server: &Server) -> Report {
    crowd.begin();
    live_for_ticks(crowd, server, TICKS);
    crowd.end().unwrap()
}

/// Nobody was lost, everybody is shown, and as much comes as before, not much later.
fn is_undisturbed(before: &Report, now: &Report, what: &str) {
    let told = format!("{what}: before {before:?}, now {now:?}");
    assert_eq!(now.lost, 0, "{told}");
    assert!(now.visible.p50 >= 0.99, "{told}");
    assert!(now.packets_down_per_client_s > 0.7 * before.packets_down_per_client_s, "{told}");
    assert!(now.packets_up_per_client_s > 0.7 * before.packets_up_per_client_s, "{told}");
    assert!(now.near_age_ms.p50 < 3.0 * before.near_age_ms.p50 + 33.3, "{told}");
}

/// First packets of connections, a third of them with a token that no server gave.
fn knocks(invitation: &Invitation) -> Vec<Vec<u8>> {
    let pool = ClientPool::new(invitation.server, Trust::Pinned(invitation.fingerprint)).unwrap();
    let token = |number: usize| (number % 3 == 2).then(|| Bytes::from(vec![number as u8; 40 + number % 60]));
    (0..ATTEMPTS).map(|number| pool.knock(token(number), Instant::now()).unwrap()).collect()
}

/// Sends them at their rate, each from an address and a port of its own, until told to end; how many left.
fn flood(server: SocketAddr, knocks: &[Vec<u8>], is_over: &AtomicBool, sent: &AtomicUsize) {
    let began = Instant::now();
    while !is_over.load(Ordering::Relaxed) {
        let due = (began.elapsed().as_secs_f64() * ATTEMPTS_PER_SECOND) as usize;
        while sent.load(Ordering::Relaxed) < due.min(knocks.len()) {
            let number = sent.fetch_add(1, Ordering::Relaxed);
            let [.., high, low] = number.to_be_bytes();
            let socket = UdpSocket::bind((Ipv4Addr::new(127, 3, high, low), 0)).unwrap();
            // What the kernel has no room for is lost, as on any path.
            socket.send_to(&knocks[number], server).ok();
        }
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// Connections that others hold, each from an address of its own.
struct Lingerers {
    process: Running,
    output: BufReader<ChildStdout>,
}

impl Lingerers {
    fn start(server: &Server, count: usize) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/processes/quic_peer.py");
        let mut command = Command::new(python_program());
        command.arg(script).args(["linger", &server.port.to_string(), "vev/1", &count.to_string()]);
        // They live until their input ends, so it stays open with the process.
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut process = Running(child.expect("cargo xtask test --only install has made the environment"));
        let output = BufReader::new(process.0.stdout.take().unwrap());
        Self { process, output }
    }

    /// Steps the crowd until they say the next thing.
    fn next_line(&mut self, crowd: &mut Crowd) -> String {
        assert!(self.process.0.stdin.is_some());
        std::thread::scope(|scope| {
            let line = scope.spawn(|| {
                let mut line = String::new();
                self.output.read_line(&mut line).unwrap();
                line.trim().to_owned()
            });
            while !line.is_finished() {
                crowd.step().unwrap();
            }
            line.join().unwrap()
        })
    }
}

#[test]
fn a_flood_of_attempts_leaves_delegates_undisturbed_and_memory_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path());
    let late = server.invite(&[("Late", "CHE", "en")]).unwrap();
    let knocks = knocks(&Invitation::parse(&late[0]).unwrap());
    let mut crowd = crowd(&server, DELEGATES);
    let before = measure(&mut crowd, &server);
    let memory = Measured::of(&server).unwrap().rss_bytes;
    let (is_over, sent) = (AtomicBool::new(false), AtomicUsize::new(0));
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, server.port));
    let now = std::thread::scope(|scope| {
        scope.spawn(|| flood(address, &knocks, &is_over, &sent));
        let now = measure(&mut crowd, &server);
        // Somebody who is invited comes in amid the flood.
        let mut newcomer = unconnected(&late);
        let came = newcomer.run_until(PATIENCE, "a newcomer is inside", |newcomer| newcomer.inside() == 1);
        is_over.store(true, Ordering::Relaxed);
        came.unwrap();
        now
    });
    let sent = sent.into_inner();
    assert!(sent > ATTEMPTS / 2, "only {sent} attempts left");
    is_undisturbed(&before, &now, "flood");
    let grown = Measured::of(&server).unwrap().rss_bytes.saturating_sub(memory);
    println!(
        "{sent} attempts; memory grew by {} kB; ages {:?} after {:?}",
        grown / 1_024,
        now.near_age_ms,
        before.near_age_ms
    );
    assert!(grown < MOST_GROWTH_BYTES, "{grown} bytes");
    server.stop().unwrap();
}

#[test]
fn connections_that_say_nothing_leave_delegates_undisturbed_and_are_ended() {
    const LINGERERS: usize = 90;
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path());
    let late = server.invite(&[("Late", "CHE", "en")]).unwrap();
    let mut crowd = crowd(&server, DELEGATES);
    let before = measure(&mut crowd, &server);
    let memory = Measured::of(&server).unwrap().rss_bytes;
    let mut lingerers = Lingerers::start(&server, LINGERERS);
    assert_eq!(lingerers.next_line(&mut crowd), "open");
    let now = measure(&mut crowd, &server);
    is_undisturbed(&before, &now, "lingerers");
    let mut newcomer = unconnected(&late);
    newcomer.run_until(PATIENCE, "a newcomer is inside", |newcomer| newcomer.inside() == 1).unwrap();
    // They end when the server has given up each of them.
    let ended: serde_json::Value = serde_json::from_str(&lingerers.next_line(&mut crowd)).unwrap();
    assert_eq!(ended["ended"], LINGERERS, "the server has a deadline for each");
    let grown = Measured::of(&server).unwrap().rss_bytes.saturating_sub(memory);
    println!("memory grew by {} kB", grown / 1_024);
    assert!(grown < MOST_GROWTH_BYTES, "{grown} bytes");
    assert!(metric(&server, "vev_people_connected") >= DELEGATES as f64);
    assert!(metric(&server, "vev_sessions") <= DELEGATES as f64 + 1.0, "nobody else is left");
    server.stop().unwrap();
}
