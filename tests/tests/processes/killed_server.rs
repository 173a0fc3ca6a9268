//! A server that is killed amid texts has lost none that it acknowledged.

use crate::delegates::{Delegate, delegate, run_until, tiny_venue};
use std::collections::BTreeSet;
use std::time::Instant;
use venue_model::{BoundedText, TextScope};
use xr_client::core::Stage;
use xr_client::input::Command;
use xr_client::panels::model::Delivery;
use xtask::demo::server::{EVENT, Server};

/// A person may send ten texts at once; so many people make a thousand and more.
const PEOPLE: usize = 110;
const TEXTS_EACH: usize = 10;
/// The server is killed when so many texts were acknowledged, in the middle of the others.
const ACKNOWLEDGED: usize = 1_000;

fn acknowledged(writers: &[Delegate]) -> BTreeSet<String> {
    let lines = writers.iter().flat_map(|writer| writer.core.texts().lines());
    lines.filter(|line| line.delivery == Delivery::Stored).map(|line| line.body.clone()).collect()
}

fn everybody_is_inside(writers: &[Delegate]) -> bool {
    writers.iter().all(|writer| *writer.core.stage() == Stage::Inside)
}

#[test]
fn no_acknowledged_text_is_lost_when_the_server_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    tiny_venue(folder.path());
    let mut server = Server::start(&super::programs(), folder.path()).unwrap();
    let names: Vec<String> = (0..PEOPLE).map(|number| format!("Writer {number}")).collect();
    let people: Vec<_> = names.iter().map(|name| (name.as_str(), "CHE", "en")).collect();
    let links = server.invite(&people).unwrap();
    let started = Instant::now();
    let mut writers = Vec::new();
    // One after the other: the server limits how fast one address opens connections.
    for (number, link) in links.iter().enumerate() {
        writers.push(delegate(number, link));
        run_until(&mut writers, started, "a writer is admitted", |writers| {
            writers.last().is_some_and(|writer| writer.core.own_id().is_some())
        });
    }
    run_until(&mut writers, started, "everybody is inside", everybody_is_inside);
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
    run_until(&mut writers, started, "everybody is back by themselves", everybody_is_inside);
    server.stop().unwrap();
}
