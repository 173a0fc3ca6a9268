//! A venue that the client hosts on its own computer: the real server, started and ended as a person does it.

use super::delegates::{delegate, run_until, tiny_venue};
use super::programs;
use std::time::{Duration, Instant};
use xr_client::core::Stage;
use xr_client::outside::{Host, HostNews, Hosting};
use xr_client::sentence::Problem;

const DEADLINE: Duration = Duration::from_secs(60);

fn news_of(host: &mut Host) -> HostNews {
    let started = Instant::now();
    loop {
        match host.poll() {
            Some(news) => return news,
            None => assert!(started.elapsed() < DEADLINE, "the server says nothing"),
        }
        std::thread::yield_now();
    }
}

#[test]
fn host_and_guest_enter_by_their_own_links_and_are_told_when_it_closes() {
    let folder = tempfile::tempdir().unwrap();
    tiny_venue(folder.path());
    let names = ["Ada Host".to_owned(), "Guest 1".to_owned()];
    let mut host = Host::start(&programs().join("venue-server"), folder.path(), &names).unwrap();
    assert_eq!(*host.hosting(), Hosting::Starting);
    let HostNews::Open(links) = news_of(&mut host) else { panic!("it opens") };
    assert_eq!(links.iter().map(|link| link.name.clone()).collect::<Vec<_>>(), names);
    let started = Instant::now();
    let mut people = [delegate(0, &links[0].link), delegate(1, &links[1].link)];
    run_until(&mut people, started, "both are inside", |people| {
        people.iter().all(|person| *person.core.stage() == Stage::Inside)
    });
    for (person, name) in people.iter().zip(&names) {
        assert_eq!(person.core.you().unwrap().name.as_str(), name);
    }
    let closing = Instant::now();
    drop(host);
    assert!(closing.elapsed() < Duration::from_secs(3), "it is asked to end, and does");
    run_until(&mut people, started, "both are told", |people| {
        let is_told =
            |stage: &Stage| matches!(stage, Stage::Lost { problem: Problem::ServerClosing { .. }, .. });
        people.iter().all(|person| is_told(person.core.stage()))
    });
}

#[test]
fn a_server_that_finds_no_venue_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let config = format!("[venue]\npackage = {:?}\n", folder.path().join("none").display().to_string());
    std::fs::write(folder.path().join("venue-server.toml"), config).unwrap();
    let mut host = Host::start(&programs().join("venue-server"), folder.path(), &["Ada".to_owned()]).unwrap();
    let HostNews::Ended(problem) = news_of(&mut host) else { panic!("it ends") };
    assert_eq!(problem.id(), "problem-host-ended");
    assert!(problem.detail().is_some_and(|detail| detail.contains("none")), "{problem}");
}
