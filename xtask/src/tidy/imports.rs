//! The import table: which of our crates may use which of our crates.

use super::Finding;
use super::tree::Tree;

/// Crate folder, and those of ours that it may depend on. A crate that is missing here is a finding.
const TABLE: [(&str, &[&str]); 19] = [
    ("crates/private-talk", &["venue-model", "venue-protocol"]),
    ("crates/spatial-voice", &[]),
    ("crates/venue-model", &[]),
    ("crates/venue-package", &["venue-model"]),
    ("crates/venue-motion", &["venue-model", "venue-package"]),
    ("crates/venue-protocol", &["venue-model"]),
    ("crates/venue-replication", &["venue-model", "venue-protocol"]),
    ("crates/venue-transport", &["venue-model", "venue-protocol"]),
    ("crates/wgpu-renderer", &[]),
    (
        "xr-client",
        &[
            "private-talk",
            "spatial-voice",
            "venue-model",
            "venue-motion",
            "venue-package",
            "venue-protocol",
            "venue-replication",
            "venue-transport",
            "wgpu-renderer",
        ],
    ),
    (
        "venue-server",
        &[
            "venue-model",
            "venue-motion",
            "venue-package",
            "venue-protocol",
            "venue-replication",
            "venue-transport",
        ],
    ),
    ("venue-importer", &["venue-model", "venue-motion", "venue-package"]),
    (
        "fuzz",
        &[
            "private-talk",
            "venue-importer",
            "venue-model",
            "venue-motion",
            "venue-package",
            "venue-protocol",
            "venue-replication",
            "venue-server",
            "venue-transport",
            "xr-client",
        ],
    ),
    (
        "load",
        &[
            "private-talk",
            "venue-model",
            "venue-motion",
            "venue-package",
            "venue-protocol",
            "venue-replication",
            "venue-transport",
        ],
    ),
    ("peers/bevy-peer", &["venue-package"]),
    ("peers/mumble-peer", &[]),
    ("peers/replication-peer", &["load", "venue-model", "venue-replication"]),
    ("xtask", &[]),
    (
        "tests",
        &[
            "fuzz",
            "load",
            "private-talk",
            "spatial-voice",
            "venue-importer",
            "venue-model",
            "venue-motion",
            "venue-package",
            "venue-protocol",
            "venue-replication",
            "venue-server",
            "venue-transport",
            "wgpu-renderer",
            "xr-client",
            "xtask",
        ],
    ),
];

/// Not a member of the workspace: libFuzzer's entry.
const FUZZ_ENGINE: &str = "fuzz/engine";

/// Programs' libraries that only the tests may use.
const PROGRAMS: [&str; 3] = ["venue-importer", "venue-server", "xr-client"];

/// Checks every crate's manifest against the table.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let manifests = tree.texts("", "/Cargo.toml");
    for (path, text) in manifests {
        let folder = path.trim_end_matches("/Cargo.toml");
        if folder == FUZZ_ENGINE {
            continue;
        }
        let Ok(manifest) = text.parse::<toml::Table>() else {
            findings.push(Finding::new(path, "is no TOML"));
            continue;
        };
        let Some((_, allowed)) = TABLE.iter().find(|(name, _)| *name == folder) else {
            findings.push(Finding::new(
                path,
                "add the new crate to the import table of tidy and ARCHITECTURE.md",
            ));
            continue;
        };
        for used in ours(&manifest, "dependencies") {
            if !allowed.contains(&used.as_str()) {
                let advice = format!("may not import {used}; see the import table in ARCHITECTURE.md");
                findings.push(Finding::new(path, advice));
            }
        }
        for used in ours(&manifest, "dev-dependencies") {
            let is_program = PROGRAMS.contains(&used.as_str());
            if is_program && folder != "tests" && used != "venue-importer" {
                findings.push(Finding::new(path, format!("programs never import each other: {used}")));
            }
        }
    }
    findings
}

fn ours(manifest: &toml::Table, section: &str) -> Vec<String> {
    let names = TABLE.map(|(folder, _)| folder.rsplit('/').next().unwrap_or(folder));
    let table = manifest.get(section).and_then(toml::Value::as_table);
    let keys = table.into_iter().flat_map(toml::Table::keys);
    keys.filter(|key| names.contains(&key.as_str())).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forbidden_import_is_found() {
        let bad = "[dependencies]\nvenue-model.workspace = true\nglam = \"0.34\"\n";
        let found = check(&Tree::of(&[("crates/wgpu-renderer/Cargo.toml", bad)]));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].advice.contains("venue-model"));
    }

    #[test]
    fn programs_never_import_each_other() {
        let bad = "[dev-dependencies]\nvenue-server.workspace = true\n";
        assert_eq!(check(&Tree::of(&[("xr-client/Cargo.toml", bad)])).len(), 1);
    }

    #[test]
    fn an_unknown_crate_is_found() {
        assert_eq!(check(&Tree::of(&[("crates/utils/Cargo.toml", "")])).len(), 1);
    }
}
