//! Two visits in a headset, one after the other, in one process; and what their frames cost of our own.

use crate::worn::{Setup, client};
use std::process::Stdio;

#[test]
fn a_second_visit_follows_the_first_in_one_process_and_no_frame_allocates() {
    let folder = tempfile::tempdir().unwrap();
    let package = folder.path().join("package");
    venue_package::writer::write_directory(&venue_importer::tiny::tiny_package(), &package).unwrap();
    let mut command = client(folder.path());
    // The head sways by itself; no script moves it.
    Setup::new(folder.path()).lead(&mut command);
    command.env("XDG_CONFIG_HOME", folder.path().join("no-config")).env("SIMULATED_ENABLE", "1");
    command.args(["--xr", "--bench-frame", "foyer-12", "--package"]).arg(&package).stdin(Stdio::null());
    let output = command.output().unwrap();
    let (told, log) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{log}");
    assert_eq!(log.matches("a headset is there").count(), 2, "{log}");
    assert_eq!(log.matches("state=\"exiting\"").count(), 2, "{log}");
    let figures: Vec<serde_json::Value> =
        told.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let figure = |name: &str| {
        let named = figures.iter().find(|figure| figure["figure"] == format!("frame.xr.foyer-12.{name}"));
        named.and_then(|figure| figure["measured"].as_f64()).unwrap_or_else(|| panic!("no {name}: {told}"))
    };
    assert!(figure("cpu_ms_p99") > 0.0 && figure("total_allocations") > 0.0, "{told}");
    assert_eq!(figure("own_allocations"), 0.0, "{told}");
}
