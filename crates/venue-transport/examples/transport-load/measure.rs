//! One server under load: its ticks, and the CPU time of its process, in which only the server's threads run.

use crate::child::Clients;
use crate::{Load, TICKS_PER_SECOND};
use anyhow::{Result, ensure};
use bytes::Bytes;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// What a measured server can do.
pub trait Server {
    /// Where it listens.
    fn address(&self) -> SocketAddr;
    /// Takes what came: new connections and the number of datagrams.
    fn take(&mut self, opened: &mut Vec<u64>) -> u64;
    /// Sends a tick's datagrams.
    fn send(&mut self, batch: &[(u64, Bytes)]);
    /// Blocks until something comes or the deadline passes.
    fn wait(&mut self, deadline: Instant);
}

/// Ticks before the measurement: windows open and path MTU discovery ends.
const WARM_UP: Duration = Duration::from_secs(3);

/// What the process used and did up to now.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    cpu: Duration,
    sent: u64,
    received: u64,
}

/// Measures and prints.
pub fn run(mut server: impl Server, load: Load, acks: &str) -> Result<()> {
    let role =
        ["bots".to_owned(), server.address().to_string(), load.connections.to_string(), acks.to_owned()];
    let clients = Clients::start(&role)?;
    let connections = gather(&mut server, load.connections)?;
    let batch = batch_for(&connections, load.datagrams);
    let mut sums = Sums::default();
    tick_for(&mut server, WARM_UP, &batch, &mut sums);
    let (before, began) = (Sums { cpu: cpu_time(), ..sums }, Instant::now());
    tick_for(&mut server, Duration::from_secs(load.seconds.into()), &batch, &mut sums);
    let took = began.elapsed();
    sums.cpu = cpu_time();
    let got = clients.end()?;
    // What a client does not get was not sent: it was behind, and what is old is dropped.
    let arrived = got as f64 / sums.sent as f64;
    let (sent, received) = ((sums.sent - before.sent) as f64 * arrived, sums.received - before.received);
    println!(
        "us_per_datagram={:.4} sent_per_s={:.0} received_per_s={:.0} cpu_share={:.4} arrived={:.4}",
        (sums.cpu - before.cpu).as_secs_f64() * 1e6 / sent,
        sent / took.as_secs_f64(),
        received as f64 / took.as_secs_f64(),
        (sums.cpu - before.cpu).as_secs_f64() / took.as_secs_f64(),
        arrived,
    );
    Ok(())
}

/// CPU time of all threads of this process.
pub fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

fn gather(server: &mut impl Server, count: usize) -> Result<Vec<u64>> {
    let deadline = Instant::now() + Duration::from_secs(60);
    let mut connections = Vec::new();
    while connections.len() < count {
        server.take(&mut connections);
        ensure!(Instant::now() < deadline, "only {} of {count} clients came", connections.len());
        server.wait(Instant::now() + Duration::from_millis(10));
    }
    Ok(connections)
}

fn batch_for(connections: &[u64], datagrams: usize) -> Vec<(u64, Bytes)> {
    let full = |number: usize| Bytes::from(vec![number as u8; venue_protocol::MAX_DATAGRAM_BYTES]);
    let payloads: Vec<Bytes> = (0..datagrams).map(full).collect();
    connections.iter().flat_map(|id| payloads.iter().map(|bytes| (*id, bytes.clone()))).collect()
}

fn tick_for(server: &mut impl Server, time: Duration, batch: &[(u64, Bytes)], sums: &mut Sums) {
    let mut due = Instant::now();
    let end = due + time;
    let mut newcomers = Vec::new();
    while due < end {
        server.send(batch);
        sums.sent += batch.len() as u64;
        due += Duration::from_secs(1) / TICKS_PER_SECOND;
        // As the venue's server does: sleeps through, then takes what came since.
        while Instant::now() < due {
            server.wait(due);
            sums.received += server.take(&mut newcomers);
        }
        sums.received += server.take(&mut newcomers);
    }
}
