//! Whether the systemd units of an unpacked archive can work: systemd's own judgement where it is installed, and
//! in any case that each path below the archive's place exists in it.

use crate::process::{is_on_path, output};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where docs/operations.md puts the archive.
const PLACE: &str = "/opt/vev";

/// Checks every unit in the unpacked archive's `deploy` folder.
pub fn verify(archive: &Path) -> Result<()> {
    let units = units(&archive.join("deploy"))?;
    ensure!(!units.is_empty(), "the archive holds no units");
    for unit in &units {
        let text = std::fs::read_to_string(unit)?;
        check(&text, archive).with_context(|| unit.display().to_string())?;
    }
    if is_on_path("systemd-analyze") { ask_systemd(&units, archive) } else { Ok(()) }
}

fn units(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut units = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let ending = path.extension().and_then(|ending| ending.to_str());
        if ending.is_some_and(|ending| ["service", "timer", "socket"].contains(&ending)) {
            units.push(path);
        }
    }
    units.sort();
    Ok(units)
}

/// Sections of `key=value` lines, and paths that exist.
fn check(text: &str, archive: &Path) -> Result<()> {
    let mut has_section = false;
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    for (number, line) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with(['#', ';'])) {
        if line.starts_with('[') && line.ends_with(']') {
            has_section = true;
            continue;
        }
        ensure!(has_section && line.contains('='), "line {number}: {line:?} is no `key=value` in a section");
        for path in paths(line) {
            let inside = archive.join(path.trim_start_matches(PLACE).trim_start_matches('/'));
            ensure!(inside.exists(), "line {number}: {path} is not in the archive");
        }
    }
    Ok(())
}

/// The paths of a line that lie where the archive is put.
fn paths(line: &str) -> impl Iterator<Item = &str> {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | ';');
    line.match_indices(PLACE).map(move |(at, _)| {
        let rest = &line[at..];
        &rest[..rest.find(is_end).unwrap_or(rest.len())]
    })
}

/// systemd looks for the programs too: it gets copies that name them where they are unpacked.
fn ask_systemd(units: &[PathBuf], archive: &Path) -> Result<()> {
    let folder = archive.with_extension("units");
    std::fs::create_dir_all(&folder)?;
    let mut copies = Vec::new();
    for unit in units {
        let text = std::fs::read_to_string(unit)?.replace(PLACE, &archive.to_string_lossy());
        let copy = folder.join(unit.file_name().context("a unit has a name")?);
        std::fs::write(&copy, text)?;
        copies.push(copy);
    }
    let outcome = output(Command::new("systemd-analyze").args(["verify", "--man=no"]).args(&copies));
    std::fs::remove_dir_all(&folder)?;
    outcome.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(unit: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("bin")).unwrap();
        std::fs::write(folder.path().join("bin/server"), "").unwrap();
        std::fs::create_dir_all(folder.path().join("deploy")).unwrap();
        std::fs::write(folder.path().join("deploy/x.service"), unit).unwrap();
        folder
    }

    fn check_unit(unit: &str, expected: Option<&str>) {
        let folder = archive(unit);
        let outcome = check(unit, folder.path()).map_err(|error| error.to_string());
        match expected {
            None => assert_eq!(outcome, Ok(())),
            Some(part) => assert!(outcome.as_ref().is_err_and(|said| said.contains(part)), "{outcome:?}"),
        }
    }

    #[test]
    fn paths_of_a_unit_must_be_in_the_archive() {
        check_unit("[Service]\nExecStart=/opt/vev/bin/server --data /var/lib/x serve\n", None);
        check_unit("[Service]\nExecStart=/bin/sh -c 'exec /opt/vev/bin/server;'\n", None);
        let wrong = "[Service]\n# A note.\nExecStart=/opt/vev/bin/other\n";
        check_unit(wrong, Some("line 3: /opt/vev/bin/other is not"));
        check_unit("[Unit]\nDocumentation=file:/opt/vev/docs/x.md\n", Some("docs/x.md is not"));
    }

    #[test]
    fn lines_that_are_no_settings_are_found() {
        check_unit("ExecStart=/bin/true\n", Some("line 1"));
        check_unit("[Service]\nExecStart\n", Some("line 2"));
    }

    #[test]
    fn an_archive_without_units_is_none() {
        let folder = archive("");
        std::fs::remove_file(folder.path().join("deploy/x.service")).unwrap();
        assert!(verify(folder.path()).unwrap_err().to_string().contains("no units"));
    }
}
