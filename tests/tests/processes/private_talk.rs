//! A private talk between two client processes by a real server: they hear and read each other, somebody beside them does not,
//! and the server's memory and folder hold neither their words nor their devices' secrets.

use crate::bad_line::BadLine;
use crate::delegates::{Delegate, delegate, step, tiny_venue};
use crate::voices::{by, client, quality, speech};
use memchr::memmem;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::time::Instant;
use xtask::demo::server::Server;

/// Said in the talk, at its end, and beside it to the room.
const WHISPER: &str = "the northern proposal, after the break";
const LAST: &str = "then that is settled between us";
const ALOUD: &str = "good morning to everybody in this room";

/// The memory of a process that may be read, one mapping after the other.
fn memory_of(pid: u32, mut look_at: impl FnMut(&[u8])) {
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let mut memory = File::open(format!("/proc/{pid}/mem")).unwrap();
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (Some(range), Some(rights)) = (words.next(), words.next()) else { continue };
        // What the kernel shows every process is nobody's word.
        if !rights.starts_with('r') || line.contains("[v") {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let [from, to] = [from, to].map(|address| u64::from_str_radix(address, 16).unwrap());
        let mut bytes = vec![0; (to - from) as usize];
        memory.seek(SeekFrom::Start(from)).unwrap();
        // A mapping may be gone since it was listed, or end early.
        let mut filled = 0;
        while let Ok(count @ 1..) = memory.read(&mut bytes[filled..]) {
            filled += count;
        }
        look_at(&bytes[..filled]);
    }
}

/// Which of the needles stand in a process's memory.
fn found_in_memory(pid: u32, needles: &[&[u8]]) -> Vec<bool> {
    let mut found = vec![false; needles.len()];
    memory_of(pid, |bytes| {
        for (found, needle) in found.iter_mut().zip(needles) {
            *found |= memmem::find(bytes, needle).is_some();
        }
    });
    found
}

/// Which of the needles stand in a file below this folder.
fn found_in_folder(folder: &Path, needles: &[&[u8]]) -> Vec<bool> {
    let mut found = vec![false; needles.len()];
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let inside = match entry.is_dir() {
            true => found_in_folder(&entry, needles),
            // A journal may be gone since it was listed.
            false => {
                let bytes = std::fs::read(&entry).unwrap_or_default();
                needles.iter().map(|needle| memmem::find(&bytes, needle).is_some()).collect()
            }
        };
        found.iter_mut().zip(inside).for_each(|(found, inside)| *found |= inside);
    }
    found
}

/// Steps the bystander until somebody's log or a device shows that the time has come.
fn beside(
    bystander: &mut [Delegate],
    started: Instant,
    what: &str,
    mut holds: impl FnMut(&Delegate) -> bool,
) {
    let since = Instant::now();
    while !holds(&bystander[0]) {
        assert!(since.elapsed().as_secs() < 150, "not in time: {what}");
        step(bystander, started);
    }
}

#[test]
fn two_processes_talk_in_private_and_the_server_holds_none_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let venue = folder.path().join("venue-server");
    std::fs::create_dir_all(&venue).unwrap();
    tiny_venue(&venue);
    let server = Server::start(&crate::programs(), &venue).unwrap();
    let people = [("Ana", "CHE", "en"), ("Bo", "CHE", "en"), ("Cleo", "CHE", "en")];
    let links = server.invite(&people).unwrap();
    let spoken = folder.path().join("spoken.wav");
    speech(&spoken, 16);
    let [own, other] = ["ana", "bo"].map(|name| {
        let own = folder.path().join(name);
        std::fs::create_dir_all(&own).unwrap();
        own
    });
    let started = Instant::now();
    let mut bystander = [delegate(7, &links[2])];
    let asks = format!(
        "timeout 150\nwait inside\nwait person Bo\ntalk ask Bo\nwait talk Bo\ntalk confirm Bo\nmicrophone open\n\
         wait microphone open\ntalk say {WHISPER}\nsay {ALOUD}\nwait spoken\ntalk say {LAST}\nwait text farewell\nquit\n"
    );
    let agrees = format!(
        "timeout 150\nwait inside\nwait asked Ana\ntalk accept Ana\nwait talk Ana\ntalk confirm Ana\n\
         wait heard Ana\nwait whisper {LAST}\nsay finished\nwait text farewell\nquit\n"
    );
    let line = BadLine::to(server.port, 1);
    let mut bo = client(&other, &by(&line, &server, &links[1]), &agrees, None);
    let mut ana = client(&own, &links[0], &asks, Some(&spoken));
    let mut overheard = false;
    beside(&mut bystander, started, "the room is spoken to", |cleo| {
        overheard |= !cleo.core.heard().is_empty();
        cleo.core.texts().lines().any(|line| line.body == ALOUD)
    });
    let talking = bystander[0].core.people().named("Ana").unwrap();
    assert!(bystander[0].core.people().is_in_talk(talking));
    let secrets = [&own, &other].map(|folder| std::fs::read(folder.join("data/device.key")).unwrap());
    let needles: Vec<&[u8]> =
        vec![WHISPER.as_bytes(), &secrets[0], &secrets[1], ALOUD.as_bytes(), LAST.as_bytes()];
    let nothing = [false, false, false, true, false];
    assert_eq!(found_in_memory(server.pid(), &needles), nothing, "in the server's memory");
    assert!(found_in_memory(ana.process.0.id(), &needles)[..2] == [true; 2], "who talks holds both");
    beside(&mut bystander, started, "all was said", |cleo| {
        overheard |= !cleo.core.heard().is_empty();
        cleo.core.texts().lines().any(|line| line.body == "finished")
    });
    assert_eq!(found_in_memory(server.pid(), &needles), nothing, "in the server's memory, later");
    assert_eq!(found_in_folder(&venue, &needles), nothing, "in what the server stores");
    assert!(!overheard, "somebody beside them heard a voice");
    let words = venue_model::text::MessageBody::new("farewell").unwrap();
    let scope = venue_model::TextScope::Space;
    bystander[0].intent.commands.push(xr_client::input::Command::SendText { scope, body: words });
    beside(&mut bystander, started, "both end", |_| {
        [&mut ana, &mut bo].into_iter().all(|client| client.process.0.try_wait().unwrap().is_some())
    });
    let [ana_began, bo_began] = [ana.end(), bo.end()];
    let quality = quality((&spoken, ana_began), (&bo.heard, bo_began));
    eprintln!("in private: {quality:?}");
    assert!(quality.pesq > 2.5 && quality.stoi > 0.85, "{quality:?}");
}
