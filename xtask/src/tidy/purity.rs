//! Purity: crates and folders that must stay free of clocks, sockets, files, threads and runtimes.

use super::Finding;
use super::tree::{Tree, production_lines, without_comment};

const PLATFORM: [&str; 5] = ["std::time", "std::net", "std::fs", "std::thread", "tokio"];
const SERVICES: [&str; 5] = ["tokio", "quinn", "axum", "sqlx", "std::time::Instant"];

const WAITING: [&str; 8] =
    ["Mutex", "RwLock", "Condvar", "std::thread", "std::net", "std::fs", "std::time::Instant", "tokio"];

/// Folder, what may not be named in it, and why.
const BANS: [(&str, &[&str], &str); 9] = [
    ("crates/venue-model/src/", &PLATFORM, "a browser client shares this crate"),
    ("crates/venue-protocol/src/", &PLATFORM, "the protocol is sans-IO: time and seed are arguments"),
    ("crates/venue-replication/src/", &PLATFORM, "replication is sans-IO: time is an argument"),
    ("crates/wgpu-renderer/src/", &PLATFORM, "the renderer runs in a browser too"),
    (
        "crates/wgpu-renderer/src/",
        &["openxr", "winit", "egui"],
        "the renderer knows no window and no headset",
    ),
    (
        "crates/spatial-voice/src/",
        &WAITING,
        "sound is made without locks and clocks; samples and time are arguments",
    ),
    ("venue-server/src/world/", &SERVICES, "the world is driven by the tick alone"),
    ("venue-server/src/systems/", &SERVICES, "a system is a plain function on the world"),
    ("xr-client/src/panels/", &BANNED_WIDGETS, "use the widgets of panels/: egui has no bidirectional text"),
];

/// What of egui draws text by itself.
const BANNED_WIDGETS: [&str; 15] = [
    "egui::Label",
    "egui::Button",
    "egui::TextEdit",
    "egui::RichText",
    "egui::CollapsingHeader",
    "egui::ComboBox",
    "ui.label(",
    "ui.button(",
    "ui.heading(",
    "ui.checkbox(",
    "ui.radio(",
    "ui.small_button(",
    "ui.text_edit_singleline(",
    "ui.text_edit_multiline(",
    "ui.selectable_label(",
];

/// Looks for banned names in production code.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (folder, names, why) in BANS {
        for (path, text) in tree.texts(folder, ".rs") {
            for (number, line) in production_lines(text) {
                let code = without_comment(line);
                for name in names.iter().filter(|name| names_it(code, name)) {
                    let place = format!("{path}:{number}");
                    findings.push(Finding::new(place, format!("`{name}` is banned here: {why}")));
                }
            }
        }
    }
    findings
}

fn names_it(code: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + name.len()..].chars().next();
        let ends_in_word = name.ends_with(is_word);
        let continues = before.is_some_and(is_word) || (ends_in_word && after.is_some_and(is_word));
        !continues
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_line(path: &str, line: &str, expected: usize) {
        let found = check(&Tree::of(&[(path, line)]));
        assert_eq!(found.len(), expected, "{line}: {found:?}");
    }

    #[test]
    fn a_clock_in_the_protocol_is_found() {
        check_line("crates/venue-protocol/src/clock.rs", "use std::time::Instant;", 1);
        check_line("crates/venue-protocol/src/clock.rs", "// std::time is banned", 0);
        check_line("crates/venue-transport/src/quic.rs", "use std::time::Instant;", 0);
    }

    #[test]
    fn a_lock_where_sound_is_made_is_found() {
        check_line("crates/spatial-voice/src/space/ear.rs", "use std::sync::Mutex;", 1);
        check_line("crates/spatial-voice/src/space/ear.rs", "use std::sync::Arc;", 0);
    }

    #[test]
    fn a_ban_holds_below_a_module_of_tests_in_another_file() {
        let text = "//! A.\n#[cfg(test)]\nmod tests;\nuse tokio::sync::mpsc;\n";
        let found = check(&Tree::of(&[("venue-server/src/world/mod.rs", text)]));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].place, "venue-server/src/world/mod.rs:4");
    }

    #[test]
    fn words_that_only_contain_a_name_are_left_alone() {
        check_line("venue-server/src/systems/seats.rs", "let tokio_like = 1;", 0);
        check_line("venue-server/src/systems/seats.rs", "tokio::spawn(x);", 1);
    }

    #[test]
    fn egui_text_is_found_in_panels() {
        check_line("xr-client/src/panels/menu.rs", "    ui.label(\"People\");", 1);
        check_line("xr-client/src/panels/menu.rs", "    my_ui.label(\"People\");", 0);
    }
}
