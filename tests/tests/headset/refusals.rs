//! Without a runtime: one clear sentence for whoever insists, the window for everybody else.

use crate::worn::client;
use std::process::{Command, Output, Stdio};

fn run(command: &mut Command) -> (Output, String) {
    // A runtime that is named but not there is what an uninstalled one leaves behind.
    command.env("XR_RUNTIME_JSON", "no-such-runtime.json").stdin(Stdio::null());
    let output = command.output().unwrap();
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    (output, log)
}

#[test]
fn who_insists_on_a_headset_is_told_that_none_answers() {
    let folder = tempfile::tempdir().unwrap();
    let (output, log) = run(client(folder.path()).arg("--xr"));
    assert_eq!(output.status.code(), Some(1), "{log}");
    let said = log.lines().find(|line| line.starts_with("xr-client: ")).unwrap_or_default();
    assert!(said.contains("No headset answers. Start the software of your headset"), "{log}");
    assert_eq!(log.lines().count(), 1, "one sentence: {log}");
}

#[test]
fn whoever_does_not_insist_gets_the_window() {
    let folder = tempfile::tempdir().unwrap();
    let (output, log) = run(&mut client(folder.path()));
    assert!(log.contains("the venue is shown in a window: no OpenXR runtime answers"), "{log}");
    // There is no display here either, which is what the window says.
    assert!(!output.status.success() && log.contains("xr-client: No window can be opened here"), "{log}");
}

#[test]
fn whoever_declines_is_not_asked() {
    let folder = tempfile::tempdir().unwrap();
    let (_, log) = run(client(folder.path()).arg("--flat"));
    assert!(!log.contains("OpenXR") && log.contains("No window can be opened here"), "{log}");
}
