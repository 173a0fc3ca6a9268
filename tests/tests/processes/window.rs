//! The flat window on a real X server: drawn, resized, hidden and shown again, walked in, written in, closed.

use crate::delegates::{Delegate, delegate, run_until};
use crate::desktop::{Desktop, until};
use std::time::Instant;
use xr_client::core::Stage;
use xtask::demo::server::Server;

/// Where the other delegate sees the person at the window.
fn seen(people: &mut [Delegate], started: Instant) -> Option<glam::Vec3> {
    crate::delegates::step(people, started);
    people[0].core.bodies().first().map(|(_, pose)| pose.root)
}

#[test]
fn a_window_is_drawn_resized_hidden_and_walked_in_while_the_session_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let programs = super::programs();
    let server = Server::start(&programs, &folder.path().join("server")).unwrap();
    let links = server.invite(&[("Amina", "SEN", "en"), ("Bruno", "CHE", "en")]).unwrap();
    let desktop = Desktop::start();
    let client = programs.join("xr-client");
    let mut window = desktop.open(&client, &["--low", "--link", &links[0]], &folder.path().join("amina"));
    window.wait_for("stage=\"inside\"");
    let id = window.id(&desktop);
    let started = Instant::now();
    let mut others = vec![delegate(1, &links[1])];
    run_until(&mut others, started, "the other is inside and sees the window's person", |others| {
        *others[0].core.stage() == Stage::Inside && !others[0].core.bodies().is_empty()
    });
    until("the room is drawn", || {
        seen(&mut others, started).is_some() && desktop.shades(300, 200, 600, 400) > 60
    });

    // Resized: the new corner shows the room too.
    desktop.xdotool(&["windowmove", &id, "0", "0"]);
    desktop.xdotool(&["windowsize", "--sync", &id, "900", "600"]);
    until("the smaller window is drawn", || desktop.shades(700, 300, 150, 150) > 20);
    desktop.xdotool(&["windowsize", "--sync", &id, "1380", "880"]);
    until("the larger window is drawn", || desktop.shades(1150, 300, 200, 200) > 20);

    // Walked in by keys, until the keyboard is taken away.
    desktop.xdotool(&["windowfocus", "--sync", &id]);
    let before = seen(&mut others, started).unwrap();
    desktop.xdotool(&["keydown", "w"]);
    until("a held key walks", || seen(&mut others, started).unwrap().distance(before) > 0.5);
    desktop.xdotool(&["keyup", "w"]);

    // Hidden: the session goes on, and the picture comes back.
    desktop.xdotool(&["windowunmap", "--sync", &id]);
    let hidden = Instant::now();
    until("it was hidden for a while", || {
        assert!(seen(&mut others, started).is_some(), "the hidden person stays in the room");
        hidden.elapsed().as_secs() >= 3
    });
    assert!(!window.has_said("the session ended"));
    desktop.xdotool(&["windowmap", "--sync", &id]);
    until("the room is drawn again", || desktop.shades(300, 200, 600, 400) > 60);

    // Written in, and ended right after: the text is stored.
    desktop.xdotool(&["windowfocus", "--sync", &id]);
    assert!(desktop.darkness(40, 200, 360, 600) < 0.5, "no panel is open yet");
    desktop.xdotool(&["key", "t"]);
    // What is typed before that would walk.
    until("the panel is open", || desktop.darkness(40, 200, 360, 600) > 0.8);
    desktop.xdotool(&["type", "--delay", "30", "hello from the window"]);
    desktop.xdotool(&["key", "Return"]);
    run_until(&mut others, started, "the text arrives", |others| {
        others[0].core.texts().lines().any(|line| line.body == "hello from the window")
    });
    server.stop().unwrap();
}
