//! The commands as an operator runs them: the real program on a temporary folder.

#![allow(clippy::unwrap_used, reason = "the helpers of these tests are outside of test functions")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A data directory and the program.
struct Operator {
    folder: tempfile::TempDir,
}

impl Operator {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_venue-server"))
            .arg("--data")
            .arg(self.path("data"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("VENUE_SERVER_CONFIG")
            .output()
            .unwrap()
    }

    /// Runs a command that must succeed and returns what it says.
    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that must fail and returns its sentence.
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{arguments:?}");
        let sentence = String::from_utf8(output.stderr).unwrap();
        assert!(!sentence.contains("panicked"), "{sentence}");
        sentence
    }
}

/// The codes in a file that `invite` wrote.
fn codes(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().skip(1).map(|line| line.split(',').nth(3).unwrap().to_owned()).collect()
}

#[test]
fn an_event_from_its_first_day_to_the_last() {
    let operator = Operator::new();
    operator.ok(&["event", "add", "forum", "--title", "World Forum", "--title-in", "fr=Forum mondial"]);
    let again = operator.refused(&["event", "add", "forum", "--title", "x"]);
    assert!(again.contains("forum is there already"), "{again}");

    std::fs::write(operator.path("names.csv"), "name,delegation\nAda,GBR\nBo,SWE\n").unwrap();
    operator.ok(&["invite", "--event", "forum", "--csv", "names.csv", "--out", "links.csv"]);
    let links = std::fs::read_to_string(operator.path("links.csv")).unwrap();
    assert!(links.starts_with("name,delegation,person,code,link\nAda,GBR,1,"), "{links}");
    assert!(links.contains("/e/forum#"));
    let codes = codes(&operator.path("links.csv"));
    assert_eq!(codes.len(), 2);

    assert!(operator.ok(&["event", "list"]).contains("2 people of 2 invited"));
    let revoked = operator.ok(&["revoke", "--event", "forum", "--code", &codes[0].to_lowercase()]);
    assert_eq!(revoked, "Revoked the invitation of Ada.\n");
    assert!(operator.ok(&["person", "list", "--event", "forum"]).contains("Ada (GBR)  (revoked)"));

    let export = operator.ok(&["person", "export", "--event", "forum", "--person", "Ada"]);
    assert!(export.contains("\"name\": \"Ada\"") && !export.contains(&codes[0]), "{export}");
    let unsure = operator.refused(&["person", "erase", "--event", "forum", "--person", "Ada"]);
    assert!(unsure.contains("add --yes"), "{unsure}");
    operator.ok(&["person", "erase", "--event", "forum", "--person", "Ada", "--yes"]);
    assert!(!operator.ok(&["person", "list", "--event", "forum"]).contains("Ada"));

    operator.ok(&["event", "close", "forum"]);
    let late = operator.refused(&["invite", "--event", "forum", "--name", "Cy"]);
    assert!(late.contains("has ended"), "{late}");
}

#[test]
fn one_bad_line_invites_nobody() {
    let operator = Operator::new();
    operator.ok(&["event", "add", "forum", "--title", "World Forum"]);
    std::fs::write(operator.path("names.csv"), "name,role\nAda,chair\nBo,king\n").unwrap();
    let refused =
        operator.refused(&["invite", "--event", "forum", "--csv", "names.csv", "--out", "links.csv"]);
    assert!(refused.contains("nobody was invited") && refused.contains("line 3: \"king\""), "{refused}");
    assert!(!operator.path("links.csv").exists());
    assert_eq!(operator.ok(&["person", "list", "--event", "forum"]), "");
}

#[test]
fn a_lost_link_is_given_anew() {
    let operator = Operator::new();
    operator.ok(&["event", "add", "forum", "--title", "World Forum"]);
    let first =
        operator.ok(&["invite", "--event", "forum", "--name", "O'Brien, \"Bo\"", "--delegation", "IRL"]);
    let second = operator.ok(&["invite", "--event", "forum", "--again", "O'Brien, \"Bo\""]);
    assert_ne!(first, second);
    assert!(second.contains("\"O'Brien, \"\"Bo\"\"\",IRL,1,"), "{second}");
    let unknown = operator.refused(&["invite", "--event", "forum", "--again", "Zoe"]);
    assert!(unknown.contains("nobody called Zoe"), "{unknown}");
}

#[test]
fn a_backup_comes_back_elsewhere() {
    let operator = Operator::new();
    operator.ok(&["event", "add", "forum", "--title", "World Forum"]);
    operator.ok(&["backup", "backup.tar"]);
    let kept = operator.refused(&["restore", "backup.tar"]);
    assert!(kept.contains("--force"), "{kept}");
    operator.ok(&["event", "add", "later", "--title", "Later"]);
    let restored = operator.ok(&["restore", "--force", "backup.tar"]);
    assert!(restored.contains("What was there before is in"), "{restored}");
    let events = operator.ok(&["event", "list"]);
    assert!(events.contains("forum") && !events.contains("later"), "{events}");
}

#[test]
fn doctor_tells_what_fails_by_its_exit_status() {
    let operator = Operator::new();
    std::fs::create_dir_all(operator.path("data")).unwrap();
    let config = operator.path("data/venue-server.toml");
    std::fs::write(&config, "[venue]\npackage = \"no-such-folder\"\n").unwrap();
    let output = operator.run(&["doctor"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("FAIL  venue"), "{said}");
    std::fs::write(&config, "[servre]\n").unwrap();
    let said = String::from_utf8(operator.run(&["doctor"]).stdout).unwrap();
    assert!(said.contains("FAIL  configuration") && said.contains("servre"), "{said}");
}

#[test]
fn a_missing_venue_and_a_wrong_configuration_are_sentences() {
    let operator = Operator::new();
    let any = ["--listen", "127.0.0.1:0", "--operator", "127.0.0.1:0"];
    let missing = operator.refused(&[&["serve", "--venue", "no-such-folder"][..], &any].concat());
    assert!(missing.contains("venue-importer check"), "{missing}");
    let config = operator.refused(&["--config", "none.toml", "event", "list"]);
    assert!(config.contains("none.toml"), "{config}");
    let key = operator.refused(&["event", "close", "Not A Key"]);
    assert!(key.contains("a-z, 0-9"), "{key}");
    let code = operator.refused(&["revoke", "--event", "x", "--code", "nonsense!"]);
    assert!(code.contains("eight letters and digits"), "{code}");
}

#[test]
fn a_lost_pepper_stops_what_needs_it_until_somebody_decides() {
    let operator = Operator::new();
    operator.ok(&["event", "add", "forum", "--title", "World Forum"]);
    operator.ok(&["invite", "--event", "forum", "--name", "Ada"]);
    let pepper = operator.path("data/keys/pepper.key");
    std::fs::remove_file(&pepper).unwrap();
    let again = ["invite", "--event", "forum", "--again", "Ada"];
    let refused = operator.refused(&again);
    assert!(refused.contains("pepper.key is missing") && refused.contains("backup"), "{refused}");
    assert!(!pepper.exists());
    // Taking an invitation back needs no secret.
    operator.ok(&["revoke", "--event", "forum", "--person", "Ada"]);
    let unsure = operator.refused(&["new-pepper"]);
    assert!(unsure.contains("add --yes"), "{unsure}");
    operator.ok(&["new-pepper", "--yes"]);
    operator.ok(&again);
}

#[test]
fn nobody_is_invited_when_the_links_have_no_place() {
    let operator = Operator::new();
    operator.ok(&["event", "add", "forum", "--title", "World Forum"]);
    std::fs::write(operator.path("links.csv"), "mine").unwrap();
    for (out, part) in [("links.csv", "exists already"), ("nowhere/links.csv", "cannot write")] {
        let refused = operator.refused(&["invite", "--event", "forum", "--name", "Ada", "--out", out]);
        assert!(refused.contains(part), "{refused}");
    }
    assert_eq!(std::fs::read(operator.path("links.csv")).unwrap(), b"mine");
    assert_eq!(operator.ok(&["person", "list", "--event", "forum"]), "");
    let nobody = ["invite", "--event", "forum", "--again", "Zoe", "--out", "new.csv"];
    operator.refused(&nobody);
    assert!(!operator.path("new.csv").exists());
}

#[test]
fn ends_are_told_as_they_were_understood() {
    let operator = Operator::new();
    let added = operator.ok(&["event", "add", "forum", "--title", "F", "--closes", "2100-12-05"]);
    assert!(added.contains("closes 2100-12-06 00:00 UTC"), "{added}");
    let invite = ["invite", "--event", "forum", "--name", "=Ada", "--out", "links.csv", "--valid-until"];
    let invited = operator.ok(&[&invite[..], &["2100-12-03"]].concat());
    assert!(invited.contains("count until 2100-12-04 00:00 UTC"), "{invited}");
    let links = std::fs::read_to_string(operator.path("links.csv")).unwrap();
    assert!(links.contains("\n'=Ada,"), "{links}");
    let past =
        operator.refused(&["invite", "--event", "forum", "--name", "Bo", "--valid-until", "2020-01-01"]);
    assert!(past.contains("still to come"), "{past}");
}

#[test]
fn doctor_makes_no_folder_and_sweep_tells_what_it_deleted() {
    let operator = Operator::new();
    operator.run(&["doctor"]);
    assert!(!operator.path("data").exists());
    assert!(operator.ok(&["sweep"]).starts_with("Deleted 0 texts,"));
}
