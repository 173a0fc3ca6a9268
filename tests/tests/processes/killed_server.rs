//! A server that is killed amid texts has lost none that it acknowledged.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use venue_model::{BoundedText, Language, TextScope};
use venue_protocol::{Appearance, LocalTime};
use xr_client::core::cache::MemoryCache;
use xr_client::core::identity::Identity;
use xr_client::core::known_hosts::KnownHosts;
use xr_client::core::{ClientCore, CoreConfig, Stage};
use xr_client::input::{Command, Intent};
use xr_client::net::QuicConnector;
use xr_client::panels::model::Delivery;
use xtask::demo::server::{EVENT, Server};

/// A person may send ten texts at once; so many people make a thousand and more.
const PEOPLE: usize = 110;
const TEXTS_EACH: usize = 10;
/// The server is killed when so many texts were acknowledged, in the middle of the others.
const ACKNOWLEDGED: usize = 1_000;
const DEADLINE: Duration = Duration::from_secs(150);

struct Writer {
    core: ClientCore<QuicConnector>,
    intent: Intent,
    name: String,
}

fn writer(number: usize, link: &str) -> Writer {
    let config = CoreConfig {
        identity: Identity::from_secret([number as u8 + 1; 32]),
        hosts: KnownHosts::in_memory(),
        cache: Box::new(MemoryCache::default()),
        appearance: Appearance::default(),
        language: Language::En,
        last_place: None,
        last_link: None,
        seed: number as u64,
    };
    let mut intent = Intent::default();
    intent.commands.push(Command::Connect(link.to_owned()));
    Writer { core: ClientCore::new(config, QuicConnector), intent, name: format!("Writer {number}") }
}

/// Steps everybody once.
fn step(writers: &mut [Writer], started: Instant) {
    let now = LocalTime(started.elapsed().as_micros() as u64);
    for Writer { core, intent, .. } in writers {
        core.step(now, intent);
        intent.commands.clear();
        while core.poll_event().is_some() {}
    }
    // Another thread may have the processor: the network's threads have work to do.
    std::thread::yield_now();
}

fn acknowledged(writers: &[Writer]) -> BTreeSet<String> {
    let lines = writers.iter().flat_map(|writer| writer.core.texts().lines());
    lines.filter(|line| line.delivery == Delivery::Stored).map(|line| line.body.clone()).collect()
}

fn run_until(writers: &mut [Writer], started: Instant, what: &str, holds: impl Fn(&[Writer]) -> bool) {
    while !holds(writers) {
        let late = || writers.iter().map(|writer| writer.core.stage()).find(|stage| **stage != Stage::Inside);
        assert!(started.elapsed() < DEADLINE, "not in time: {what}; somebody is {:?}", late());
        step(writers, started);
    }
}

#[test]
fn no_acknowledged_text_is_lost_when_the_server_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    // The tiny venue: what is proven here does not need 110 copies of the large one.
    let venue = folder.path().join("venue");
    venue_package::writer::write_directory(&venue_importer::tiny::tiny_package(), &venue).unwrap();
    let config = format!("[venue]\npackage = {:?}\n", venue.display().to_string());
    std::fs::write(folder.path().join("venue-server.toml"), config).unwrap();
    let mut server = Server::start(&super::programs(), folder.path()).unwrap();
    let names: Vec<String> = (0..PEOPLE).map(|number| format!("Writer {number}")).collect();
    let people: Vec<_> = names.iter().map(|name| (name.as_str(), "CHE", "en")).collect();
    let links = server.invite(&people).unwrap();
    let started = Instant::now();
    let mut writers = Vec::new();
    // One after the other: the server limits how fast one address opens connections.
    for (number, link) in links.iter().enumerate() {
        writers.push(writer(number, link));
        run_until(&mut writers, started, "a writer is admitted", |writers| {
            writers.last().is_some_and(|writer| writer.core.own_id().is_some())
        });
    }
    let ids: Vec<_> = writers.iter().map(|writer| writer.core.own_id().unwrap()).collect();
    for (number, writer) in writers.iter_mut().enumerate() {
        let scope = TextScope::Person(ids[(number + 1) % PEOPLE]);
        for text in 0..TEXTS_EACH {
            let body = BoundedText::lossy(&format!("text {text} of writer {number}"));
            writer.intent.commands.push(Command::SendText { scope, body });
        }
    }
    run_until(&mut writers, started, "a thousand texts are acknowledged", |writers| {
        acknowledged(writers).len() >= ACKNOWLEDGED
    });
    server.kill_and_restart().unwrap();
    let acknowledged = acknowledged(&writers);
    let mut stored = BTreeSet::new();
    for writer in &writers {
        let arguments = ["person", "export", "--event", EVENT, "--person", &writer.name];
        let export = server.command().args(arguments).output().unwrap();
        assert!(export.status.success(), "{}", String::from_utf8_lossy(&export.stderr));
        let export = String::from_utf8(export.stdout).unwrap();
        stored.extend(acknowledged.iter().filter(|body| export.contains(&format!("\"{body}\""))).cloned());
    }
    let lost: Vec<_> = acknowledged.difference(&stored).collect();
    assert!(
        lost.is_empty(),
        "{} of {} acknowledged texts are lost: {lost:?}",
        lost.len(),
        acknowledged.len()
    );
    run_until(&mut writers, started, "everybody is back by themselves", |writers| {
        writers.iter().all(|writer| *writer.core.stage() == Stage::Inside)
    });
    server.stop().unwrap();
}
