//! A full event at a real server: who comes then watches, is told a number in the line, and comes in when it is their
//! turn; those who keep order and the operator see the line.

use crate::crowds::metric;
use crate::delegates::{Delegate, delegate, run_until, step, tiny_venue};
use crate::desktop::{Desktop, PATIENCE, Window, until};
use crate::reader::Reader;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;
use venue_model::{BoundedText, ParticipantId, ParticipantKind, TextScope};
use xr_client::core::Stage;
use xr_client::input;
use xtask::demo::server::{EVENT, Server};
use xtask::process::Running;

/// A server in the tiny venue, with places for so many.
fn server_for(places: usize, folder: &Path) -> Server {
    tiny_venue(folder);
    let file = folder.join("venue-server.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    std::fs::write(file, format!("{config}\n[limits]\nbodies = {places}\n")).unwrap();
    Server::start(&super::programs(), folder).unwrap()
}

/// A link for somebody who keeps order.
fn chair(server: &Server) -> String {
    let list = server.folder().join("chair.csv");
    std::fs::write(&list, "name,delegation,role,language\nMona,EGY,chair,en\n").unwrap();
    let output = server.command().args(["invite", "--event", EVENT, "--csv"]).arg(&list).output().unwrap();
    let table = String::from_utf8(output.stdout).unwrap();
    table.lines().last().unwrap().rsplit(',').next().unwrap().to_owned()
}

/// Whoever has this link comes in.
fn enter(people: &mut Vec<Delegate>, started: Instant, link: &str) {
    people.push(delegate(people.len(), link));
    run_until(people, started, "one more is inside", |people| {
        people.iter().all(|one| *one.core.stage() == Stage::Inside)
    });
}

fn id(one: &Delegate) -> ParticipantId {
    one.core.own_id().unwrap()
}

/// One's own number in the line, as the panels count it; none for who has a place.
fn number(one: &Delegate) -> Option<usize> {
    let line = one.core.people().line();
    line.iter().position(|watch| Some(watch.participant) == one.core.own_id()).map(|at| at + 1)
}

fn kind(one: &Delegate) -> ParticipantKind {
    one.core.you().unwrap().kind
}

/// Waits until everybody who is inside knows this line, and the operator's page counts it.
fn all_know(people: &mut [Delegate], started: Instant, server: &Server, line: &[ParticipantId]) {
    run_until(people, started, "all know the line", |people| {
        people.iter().filter(|one| *one.core.stage() == Stage::Inside).all(|one| {
            let known = one.core.people().line().iter().map(|watch| watch.participant);
            known.eq(line.iter().copied())
        })
    });
    run_until(people, started, "the operator's page counts the line", |_| {
        metric(server, "vev_people_watching") == line.len() as f64
    });
}

/// Waits until one sees the bodies of exactly these others.
fn sees_exactly(people: &mut [Delegate], started: Instant, by: usize, others: &[ParticipantId]) {
    let others: BTreeSet<_> = others.iter().copied().collect();
    run_until(people, started, "who has a place is seen, and nobody else", |people| {
        let seen: BTreeSet<_> = people[by].core.bodies().iter().map(|(who, _)| *who).collect();
        seen == others
    });
}

/// A client process without a window, which stays until it reads that it may go.
fn guest(folder: &Path, link: &str) -> Running {
    std::fs::create_dir_all(folder).unwrap();
    let script = folder.join("script.txt");
    std::fs::write(&script, "timeout 150\nwait inside\nwait text Goodbye\nquit\n").unwrap();
    let mut client = Command::new(super::programs().join("xr-client"));
    client.arg("--headless").arg("--script").arg(&script).args(["--link", link]);
    client.arg("--data-dir").arg(folder.join("data")).arg("--out").arg(folder);
    Running(client.stdin(Stdio::null()).spawn().unwrap())
}

#[test]
fn the_line_moves_up_by_one_as_often_as_a_participant_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let server = server_for(3, folder.path());
    let names = ["Amina", "Bruno", "Chen", "Dalia", "Emil"].map(|name| (name, "CHE", "en"));
    let links = server.invite(&names).unwrap();
    let started = Instant::now();
    let mut people = Vec::new();
    enter(&mut people, started, &chair(&server));
    enter(&mut people, started, &links[0]);
    let mut bruno = guest(&folder.path().join("bruno"), &links[1]);
    run_until(&mut people, started, "the third has the last place", |people| {
        people[0].core.bodies().len() == 2
    });
    links[2..].iter().for_each(|link| enter(&mut people, started, link));
    let [mona, amina, chen, dalia, emil] = [0, 1, 2, 3, 4];
    let ids: Vec<_> = people.iter().map(id).collect();
    let bruno_id = people[mona].core.people().named("Bruno").unwrap();

    all_know(&mut people, started, &server, &ids[chen..]);
    assert_eq!([mona, amina, chen, dalia, emil].map(|who| number(&people[who])), {
        [None, None, Some(1), Some(2), Some(3)]
    });
    assert_eq!([amina, chen, dalia].map(|who| kind(&people[who])), {
        [ParticipantKind::Delegate, ParticipantKind::Observer, ParticipantKind::Observer]
    });
    sees_exactly(&mut people, started, mona, &[ids[amina], bruno_id]);
    sees_exactly(&mut people, started, emil, &[ids[mona], ids[amina], bruno_id]);

    // A process leaves.
    let body = BoundedText::lossy("Goodbye");
    people[mona].intent.commands.push(input::Command::SendText { scope: TextScope::Space, body });
    until("the third's program ends", || {
        step(&mut people, started);
        bruno.0.try_wait().unwrap().is_some_and(|status| {
            assert!(status.success(), "{status}");
            true
        })
    });
    all_know(&mut people, started, &server, &ids[dalia..]);
    assert_eq!([chen, dalia, emil].map(|who| number(&people[who])), [None, Some(1), Some(2)]);
    assert_eq!([chen, dalia].map(|who| kind(&people[who])), {
        [ParticipantKind::Delegate, ParticipantKind::Observer]
    });
    sees_exactly(&mut people, started, mona, &[ids[amina], ids[chen]]);

    // Somebody leaves by the menu.
    people[amina].intent.commands.push(input::Command::Leave);
    all_know(&mut people, started, &server, &ids[emil..]);
    assert_eq!([dalia, emil].map(|who| number(&people[who])), [None, Some(1)]);
    sees_exactly(&mut people, started, mona, &[ids[chen], ids[dalia]]);
    server.stop().unwrap();
}

/// Without the marks that isolate numbers and names from the direction of the words around them.
fn spoken(words: &str) -> String {
    words.replace(['\u{2068}', '\u{2069}'], "")
}

/// Waits until the window tells a screen reader something that begins so, while the others live on.
fn told(reader: &Reader, window: &Window, people: &mut [Delegate], started: Instant, words: &str) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        step(people, started);
        let told = reader.read(window.process_id());
        if told.iter().any(|told| spoken(&told.name).starts_with(words)) {
            return;
        }
        assert!(Instant::now() < deadline, "not told in time: {words}; but {told:#?}");
    }
}

#[test]
fn who_watches_at_a_window_reads_the_number_until_there_is_a_place() {
    let folder = tempfile::tempdir().unwrap();
    let server = server_for(2, folder.path());
    let links = server.invite(&["Amina", "Bruno", "Chen"].map(|name| (name, "CHE", "en"))).unwrap();
    let started = Instant::now();
    let mut people = Vec::new();
    enter(&mut people, started, &chair(&server));
    enter(&mut people, started, &links[0]);
    enter(&mut people, started, &links[1]);
    let [mona, amina, bruno] = [0, 1, 2];
    let reader = Reader::start(&folder.path().join("session"));
    let desktop = Desktop::start();
    let client = super::programs().join("xr-client");
    let arguments = ["--low", "--flat", "--link", &links[2]];
    let data = folder.path().join("chen");
    let mut window = desktop.open_with(&client, &arguments, &data, reader.environment());
    until("the window is inside", || {
        step(&mut people, started);
        window.has_said("stage=\"inside\"")
    });
    let chen = people[mona].core.people().named("Chen").unwrap();
    let line = [id(&people[bruno]), chen];
    all_know(&mut people, started, &server, &line);

    let window_id = window.id(&desktop);
    desktop.xdotool(&["windowfocus", "--sync", &window_id]);
    desktop.xdotool(&["key", "F10"]);
    told(&reader, &window, &mut people, started, "You observe, as number 2 in the line");
    people[amina].intent.commands.push(input::Command::Leave);
    told(&reader, &window, &mut people, started, "You observe, as number 1 in the line");
    let bruno_id = id(&people[bruno]);
    sees_exactly(&mut people, started, mona, &[bruno_id]);
    people[bruno].intent.commands.push(input::Command::Leave);
    sees_exactly(&mut people, started, mona, &[chen]);
    all_know(&mut people, started, &server, &[]);
    until("no number is told any more", || {
        step(&mut people, started);
        let told = reader.read(window.process_id());
        told.iter().any(|told| told.name.starts_with("Leave"))
            && !told.iter().any(|told| told.name.starts_with("You observe"))
    });
    drop(window);
    server.stop().unwrap();
}
