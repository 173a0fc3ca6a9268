//! Delegates without pictures who meet a real server process.

use std::path::Path;
use std::time::{Duration, Instant};
use venue_protocol::LocalTime;
use xr_client::core::{ClientCore, Stage};
use xr_client::input::{Command, Intent};
use xr_client::net::QuicConnector;

const DEADLINE: Duration = Duration::from_secs(150);

/// Lets the server that will run on this folder host the tiny venue: many copies of the large one prove no more.
pub fn tiny_venue(folder: &Path) {
    venue_of(folder, &venue_importer::tiny::tiny_package());
}

/// The same with this venue.
pub fn venue_of(folder: &Path, package: &venue_package::MemorySource) {
    let venue = folder.join("venue");
    venue_package::writer::write_directory(package, &venue).expect("the folder can be written");
    let config = format!("[venue]\npackage = {:?}\n", venue.display().to_string());
    std::fs::write(folder.join("venue-server.toml"), config).expect("the folder can be written");
}

/// A client without a picture, over real QUIC.
pub struct Delegate {
    pub core: ClientCore<QuicConnector>,
    pub intent: Intent,
    pub name: String,
}

pub fn delegate(number: usize, link: &str) -> Delegate {
    let mut intent = Intent::default();
    intent.commands.push(Command::Connect(link.to_owned()));
    let core = ClientCore::new(crate::newcomer(number, number as u64), QuicConnector);
    Delegate { core, intent, name: format!("Writer {number}") }
}

/// Steps everybody once.
pub fn step(writers: &mut [Delegate], started: Instant) {
    let now = LocalTime(started.elapsed().as_micros() as u64);
    for Delegate { core, intent, .. } in writers {
        core.step(now, intent);
        intent.commands.clear();
        while core.poll_event().is_some() {}
    }
    // Another thread may have the processor: the network's threads have work to do.
    std::thread::yield_now();
}

pub fn run_until(
    writers: &mut [Delegate],
    started: Instant,
    what: &str,
    holds: impl Fn(&[Delegate]) -> bool,
) {
    let since = Instant::now();
    while !holds(writers) {
        let late = || writers.iter().map(|writer| writer.core.stage()).find(|stage| **stage != Stage::Inside);
        assert!(since.elapsed() < DEADLINE, "not in time: {what}; somebody is {:?}", late());
        step(writers, started);
    }
}
