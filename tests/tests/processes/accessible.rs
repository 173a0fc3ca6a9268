//! A visit without eyes and without a mouse: every step by the keyboard, and what one is told read over AT-SPI.

use crate::delegates::{delegate, run_until, step};
use crate::desktop::{Desktop, PATIENCE, Window, until};
use crate::reader::{Reader, Told};
use std::time::Instant;
use venue_model::Posture;
use xr_client::core::Stage;
use xtask::demo::server::Server;

fn told(reader: &Reader, window: &Window, what: &str, wanted: impl Fn(&Told) -> bool) -> Told {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let all = reader.read(window.process_id());
        if let Some(found) = all.iter().find(|told| wanted(told)) {
            return found.clone();
        }
        assert!(Instant::now() < deadline, "not told in time: {what}; but {all:#?}");
    }
}

/// What has the focus, as it is told now.
fn focus(reader: &Reader, window: &Window) -> Vec<String> {
    let told = reader.read(window.process_id()).into_iter();
    told.filter(|told| told.focused && !told.name.is_empty()).map(|told| told.name).collect()
}

/// Presses Tab until the focus is told to be on something of this name.
fn tab_to(reader: &Reader, desktop: &Desktop, window: &Window, name: &str) {
    let mut passed = Vec::new();
    for _ in 0..60 {
        let now = focus(reader, window);
        if now.iter().any(|focused| focused.starts_with(name)) {
            return;
        }
        desktop.xdotool(&["key", "Tab"]);
        // One key after the other: what is told lies a frame behind.
        until("Tab moves the focus", || focus(reader, window) != now);
        passed.push(now);
    }
    panic!("Tab never comes to {name:?} but to {passed:?}");
}

#[test]
fn a_whole_visit_by_the_keyboard_with_a_screen_reader() {
    let folder = tempfile::tempdir().unwrap();
    let programs = super::programs();
    let server = Server::start(&programs, &folder.path().join("server")).unwrap();
    let links = server.invite(&[("Amina", "SEN", "en"), ("Bruno", "CHE", "en")]).unwrap();
    let reader = Reader::start(&folder.path().join("session"));
    let desktop = Desktop::start();
    let client = programs.join("xr-client");
    let arguments = ["--low", "--flat"];
    let mut window =
        desktop.open_with(&client, &arguments, &folder.path().join("amina"), reader.environment());
    let id = window.id(&desktop);
    desktop.xdotool(&["windowfocus", "--sync", &id]);

    // Join: the field says what it wants and what stands in it.
    let is_field = |told: &Told| told.name.contains("Paste the link");
    told(&reader, &window, "the field for the link", is_field);
    tab_to(&reader, &desktop, &window, "Paste the link");
    desktop.xdotool(&["type", "--delay", "5", &links[0]]);
    told(&reader, &window, "the field's value", |told| told.text == links[0]);
    desktop.xdotool(&["key", "Return"]);
    window.wait_for("stage=\"inside\"");
    let started = Instant::now();
    let mut others = vec![delegate(1, &links[1])];
    run_until(&mut others, started, "the other is inside and sees the window's person", |others| {
        *others[0].core.stage() == Stage::Inside && !others[0].core.bodies().is_empty()
    });
    let who = others[0].core.bodies()[0].0;

    // Hear what is around, go to the nearest seat and sit, and ask for the floor.
    desktop.xdotool(&["key", "n"]);
    told(&reader, &window, "what is around", |told| told.name == "Around me");
    tab_to(&reader, &desktop, &window, "Free seat");
    desktop.xdotool(&["key", "Return"]);
    run_until(&mut others, started, "seated", |others| {
        others[0].core.bodies().first().is_some_and(|(_, pose)| matches!(pose.posture, Posture::Seated(_)))
    });
    desktop.xdotool(&["key", "h"]);
    run_until(&mut others, started, "the hand is up", |others| others[0].core.people().has_raised_hand(who));

    // Write.
    desktop.xdotool(&["key", "t"]);
    told(&reader, &window, "the field for a text has the focus", |told| told.focused && told.role == "entry");
    desktop.xdotool(&["type", "--delay", "20", "by keys alone"]);
    desktop.xdotool(&["key", "Return"]);
    run_until(&mut others, started, "the text arrives", |others| {
        others[0].core.texts().lines().any(|line| line.body == "by keys alone")
    });
    desktop.xdotool(&["key", "Escape"]);

    // The menu says what there is; the way out is in it.
    let is_menu_button = |told: &Told| told.name == "Menu" && told.role.contains("button");
    told(&reader, &window, "the panel is closed", is_menu_button);
    desktop.xdotool(&["key", "F10"]);
    for name in ["People", "Messages", "Map", "Around me", "Safe place", "Settings", "Help"] {
        told(&reader, &window, name, |told| told.name.starts_with(name) && told.role.contains("button"));
    }
    tab_to(&reader, &desktop, &window, "Leave");
    desktop.xdotool(&["key", "Return"]);
    tab_to(&reader, &desktop, &window, "Leave the venue");
    desktop.xdotool(&["key", "Return"]);
    until("gone for the other", || {
        step(&mut others, started);
        others[0].core.people().get(who).is_none_or(|entry| entry.space.is_none())
    });
    told(&reader, &window, "the start page again", is_field);
    drop(window);
    server.stop().unwrap();
}
