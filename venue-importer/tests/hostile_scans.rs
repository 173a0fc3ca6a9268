//! Every broken, odd and good file that others collected goes through `scan::read`: each is imported, or refused in
//! a sentence that names file, place and reason; no panic, bounded memory, nothing written elsewhere.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use venue_importer::scan::{ReadOptions, read};

/// What the process may have had in memory at any time.
const MOST_BYTES: u64 = 2 << 30;

fn corpora() -> Vec<(String, PathBuf)> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/venue-package/tests/hostile");
    let mut files = Vec::new();
    for (name, folder) in [("hostile", data.join("hostile")), ("scans", data.join("scans")), ("own", own)] {
        let mut found = Vec::new();
        files_below(&folder, &mut found);
        let is_gate = std::env::var("CI").is_ok_and(|value| value == "true");
        assert!(!found.is_empty() || !is_gate, "CI=true, but {} holds no file", folder.display());
        let named = found.into_iter().map(|path| {
            let inner = path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned();
            (format!("{name}/{inner}"), path)
        });
        files.extend(named);
    }
    files
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() { files_below(&path, found) } else { found.push(path) }
    }
    found.sort();
}

/// Length and time of the last change of everything below the corpora.
fn fingerprints(files: &[(String, PathBuf)]) -> Vec<(u64, SystemTime)> {
    let of = |(_, path): &(String, PathBuf)| {
        let metadata = std::fs::metadata(path).unwrap();
        (metadata.len(), metadata.modified().unwrap())
    };
    files.iter().map(of).collect()
}

fn verdict(path: &Path, workplace: &Path) -> String {
    let into = workplace.join("store");
    let outcome = read(&[path.to_owned()], &into, &ReadOptions::default(), &mut |_| {});
    let expected = usize::from(outcome.is_ok());
    assert_eq!(std::fs::read_dir(workplace).unwrap().count(), expected, "{}", path.display());
    match outcome {
        Ok(info) => {
            std::fs::remove_dir_all(&into).unwrap();
            format!(
                "imported: {} triangles, {} points, {} pictures",
                info.triangles,
                info.points,
                info.pictures.len()
            )
        }
        Err(error) => {
            let name = path.file_name().unwrap().to_string_lossy();
            let is_told = error.file == name
                || error.file == "textures"
                || path.parent().unwrap().join(&error.file).exists();
            assert!(is_told && error.reason.len() > 8, "{}: {error}", path.display());
            assert!(!error.to_string().contains("/tmp/"), "{error}");
            format!("refused: {error}")
        }
    }
}

fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes << 10)
}

#[test]
fn every_file_is_imported_or_refused_in_a_sentence() {
    let files = corpora();
    let before = fingerprints(&files);
    let workplace = tempfile::tempdir().unwrap();
    let mut table = Vec::new();
    for (name, path) in &files {
        let verdict = verdict(path, workplace.path());
        println!("{name} → {verdict}");
        table.push((name.clone(), verdict));
    }
    assert_eq!(fingerprints(&corpora()), before, "the corpora themselves are as they were");
    if let Some(peak) = peak_bytes() {
        println!("peak {} MB", peak >> 20);
        assert!(peak < MOST_BYTES, "{peak} bytes");
    }
    if before.len() > 1_000 {
        insta::assert_snapshot!(summary(&table));
    }
}

/// Models one by one; what is none, by its ending and verdict.
fn summary(table: &[(String, String)]) -> String {
    const MODELS: [&str; 10] = ["glb", "gltf", "obj", "ply", "e57", "las", "laz", "xyz", "pts", "zip"];
    let mut others: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut lines = Vec::new();
    for (name, verdict) in table {
        let ending = Path::new(name).extension().unwrap_or_default().to_string_lossy().to_lowercase();
        if MODELS.contains(&ending.as_str()) {
            lines.push(format!("{name} → {verdict}"));
        } else {
            let file = Path::new(name).file_name().unwrap().to_string_lossy().into_owned();
            *others.entry((ending, verdict.replace(&file, "…"))).or_default() += 1;
        }
    }
    let others =
        others.into_iter().map(|((ending, verdict), count)| format!("{count} × *.{ending} → {verdict}"));
    lines.extend(others);
    lines.join("\n")
}
