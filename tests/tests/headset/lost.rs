//! The runtime goes away during a visit: the visit goes on in the window, or ends with one sentence.

use crate::desktop::Desktop;
use crate::visit::server;
use crate::worn::{Setup, Worn};
use std::path::Path;
use xtask::process::Running;

/// Somebody inside in a headset, whose runtime then ends.
fn lose(setup: Setup<'_>, link: &str) -> Worn {
    let service = setup.start_service();
    let mut worn = setup.start(link);
    worn.wait_for("stage=\"inside\"");
    worn.wait_for("state=\"focused\"");
    drop::<Running>(service);
    worn
}

fn without_a_window(folder: &Path, insists: bool) {
    let (server, links) = server(folder);
    let place = folder.join("amina");
    let setup = Setup::new(&place).by_service();
    let worn = lose(if insists { setup } else { setup.yielding() }, &links[0]);
    let (status, log) = worn.wait();
    assert_eq!(status.code(), Some(1), "{log:#?}");
    let said: Vec<&String> = log.iter().filter(|line| line.starts_with("xr-client: ")).collect();
    assert_eq!(said.len(), 1, "{log:#?}");
    assert!(said[0].contains("The connection to the headset was lost."), "{log:#?}");
    assert!(!log.iter().any(|line| line.contains("panicked") || line.contains(" ERROR ")), "{log:#?}");
    server.stop().unwrap();
}

#[test]
fn who_insists_is_told_that_the_headset_was_lost() {
    let folder = tempfile::tempdir().unwrap();
    without_a_window(folder.path(), true);
}

#[test]
fn without_a_display_so_is_everybody_else() {
    let folder = tempfile::tempdir().unwrap();
    without_a_window(folder.path(), false);
}

#[test]
fn with_a_display_the_visit_goes_on_in_the_window() {
    let folder = tempfile::tempdir().unwrap();
    let (server, links) = server(folder.path());
    let desktop = Desktop::start();
    let place = folder.path().join("amina");
    let setup = Setup::new(&place).by_service().yielding().beside(desktop.name());
    let mut worn = lose(setup, &links[0]);
    worn.wait_for("the headset is gone: the venue is shown in a window");
    worn.wait_for_more("stage=\"inside\"", 2);
    crate::desktop::until("the venue is drawn in the window", || desktop.shades(300, 200, 600, 400) > 60);
    let (status, log) = worn.leave();
    assert!(status.success(), "{status}: {log:#?}");
    let warnings: Vec<&String> = log.iter().filter(|line| line.contains(" WARN ")).collect();
    assert_eq!(warnings.len(), 1, "one clear line: {warnings:#?}");
    server.stop().unwrap();
}
