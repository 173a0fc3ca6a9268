//! Decoders: each function that reads bytes or text from elsewhere has a fuzz target, or a reason why it has none.

use super::Finding;
use super::tree::{Tree, production_lines, without_comment};
use std::collections::BTreeSet;

enum Fuzzed {
    /// By the target of this name.
    By(&'static str),
    /// By none, for this reason.
    Not(&'static str),
}
use Fuzzed::{By, Not};

/// File, function, and what fuzzes it.
const TABLE: &[(&str, &str, Fuzzed)] = &[
    (
        "crates/private-talk/src/content.rs",
        "decode",
        Not("it reads what members say inside the encryption; a property test beside it reads any bytes"),
    ),
    ("crates/private-talk/src/group/inbound.rs", "parse", By("talk")),
    ("crates/venue-model/src/ids.rs", "from_str", By("identifiers")),
    ("crates/venue-model/src/ids.rs", "try_from", By("identifiers")),
    ("crates/venue-model/src/language.rs", "from_tag", By("identifiers")),
    ("crates/venue-model/src/text.rs", "try_from", By("identifiers")),
    ("crates/venue-package/src/acoustics.rs", "from_bytes", By("acoustics")),
    ("crates/venue-package/src/gltf/lazy.rs", "read", By("scan-gltf")),
    ("crates/venue-package/src/gltf/mod.rs", "read", By("gltf-import")),
    ("crates/venue-package/src/gltf/picture.rs", "decode_image", By("picture")),
    ("crates/venue-package/src/gltf/picture.rs", "decode_image_within", By("picture")),
    ("crates/venue-package/src/manifest.rs", "parse", By("manifest")),
    ("crates/venue-package/src/navigation.rs", "from_bytes", By("navigation")),
    ("crates/venue-package/src/panorama.rs", "decode_panorama", By("picture")),
    ("crates/venue-package/src/tileset.rs", "parse", By("tileset")),
    ("crates/venue-protocol/src/datagram.rs", "decode", By("probe")),
    ("crates/venue-protocol/src/device_certificate.rs", "decode", By("device-certificate")),
    ("crates/venue-protocol/src/messages/mod.rs", "decode", By("server-message")),
    ("crates/venue-protocol/src/voice.rs", "decode", By("voice")),
    ("crates/venue-replication/src/feedback.rs", "decode", By("feedback")),
    ("crates/venue-replication/src/pose_codec.rs", "decode", By("pose-update")),
    ("crates/venue-replication/src/pose_update.rs", "decode", By("pose-update")),
    ("crates/venue-replication/src/snapshot.rs", "decode_header", By("mirror")),
    ("crates/venue-replication/src/stream/mod.rs", "decode", By("mirror")),
    ("crates/venue-transport/src/certificate.rs", "fingerprint_of", By("certificate")),
    ("crates/venue-transport/src/certificate.rs", "from_pem", By("certificate")),
    ("crates/venue-transport/src/fingerprint.rs", "from_str", By("identifiers")),
    ("venue-importer/src/read.rs", "read", By("model")),
    ("venue-importer/src/scan/mod.rs", "read_bytes", By("scan-ply")),
    ("venue-server/src/cli/event.rs", "from_str", Not("an operator's own argument; `EventKey` checks it")),
    ("venue-server/src/config.rs", "parse", By("configuration")),
    ("venue-server/src/console/words.rs", "accepted", By("accept-language")),
    ("venue-server/src/ops/links.rs", "from_str", By("public-address")),
    ("venue-server/src/ops/links.rs", "try_from", By("public-address")),
    ("venue-server/src/ops/names_csv.rs", "read", By("names")),
    ("venue-server/src/ops/restore.rs", "read_archive", By("backup")),
    ("venue-server/src/ops/times.rs", "parse", By("times")),
    ("venue-server/src/ops/times.rs", "parse_end", By("times")),
    ("venue-server/src/sessions/ticket.rs", "verify", By("ticket")),
    ("venue-server/src/store/code.rs", "parse", By("invitation-code")),
    ("xr-client/src/core/content.rs", "read", By("walkable")),
    ("xr-client/src/core/known_hosts.rs", "parse", By("known-hosts")),
    ("xr-client/src/input/script.rs", "parse", By("script")),
    ("xr-client/src/link.rs", "parse", By("link")),
    ("xr-client/src/link.rs", "parse_fingerprint", By("identifiers")),
    ("xr-client/src/present/xr/settings.rs", "try_from", By("settings")),
    ("xr-client/src/scene/model.rs", "decode", By("tile")),
    ("xr-client/src/scene/panorama.rs", "decode", By("picture")),
    ("xr-client/src/settings.rs", "parse", By("settings")),
];

/// Where the targets are listed.
const TARGETS: &str = "fuzz/src/lib.rs";

/// Compares the table with the code, in both directions.
pub fn check(tree: &Tree) -> Vec<Finding> {
    check_against(tree, TABLE)
}

fn check_against(tree: &Tree, table: &[(&str, &str, Fuzzed)]) -> Vec<Finding> {
    let found = found(tree);
    let mut findings = Vec::new();
    for (path, function) in &found {
        if !table.iter().any(|(known, name, _)| (known, name) == (&path.as_str(), &function.as_str())) {
            let advice = format!(
                "`{function}` reads what comes from elsewhere; add a fuzz target, and a line to tidy's table"
            );
            findings.push(Finding::new(path, advice));
        }
    }
    let targets = tree.files.get(TARGETS).and_then(|file| file.text.as_deref()).unwrap_or_default();
    for (path, function, fuzzed) in table {
        if !found.contains(&((*path).to_owned(), (*function).to_owned())) {
            findings.push(Finding::new(
                *path,
                format!("`{function}` is no decoder any more; take it out of tidy's table"),
            ));
        }
        match fuzzed {
            By(target) if !targets.contains(&format!("name: \"{target}\"")) => {
                findings.push(Finding::new(
                    TARGETS,
                    format!("the target {target:?} is missing; tidy's table names it"),
                ));
            }
            Not("") => findings.push(Finding::new(*path, format!("say why `{function}` is not fuzzed"))),
            By(_) | Not(_) => {}
        }
    }
    findings
}

/// File and name of every public decoder.
fn found(tree: &Tree) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for (path, text) in tree.texts("", ".rs").filter(|(path, _)| is_product(path)) {
        let lines: Vec<&str> = production_lines(text).map(|(_, line)| without_comment(line)).collect();
        for (at, line) in lines.iter().enumerate() {
            let Some(name) = public_function(line) else { continue };
            // A signature ends where the body begins.
            let ends = |line: &&str| line.trim_end().ends_with(['{', ';']);
            let length = lines[at..].iter().position(ends).map_or(1, |last| last + 1);
            if is_decoder(name) && takes_bytes(&lines[at..at + length].join(" ")) {
                found.insert((path.to_owned(), name.to_owned()));
            }
        }
    }
    found
}

fn is_product(path: &str) -> bool {
    let of_ours = ["crates/", "venue-importer/", "venue-server/", "xr-client/"];
    path.contains("/src/") && of_ours.iter().any(|folder| path.starts_with(folder))
}

/// The name, if the line begins a function that others can call; those of the two conversion traits are public.
fn public_function(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let (is_public, rest) = match line.strip_prefix("pub fn ") {
        Some(rest) => (true, rest),
        None => (false, line.strip_prefix("fn ")?),
    };
    let name = rest.split(['(', '<']).next()?;
    (is_public || ["from_str", "try_from"].contains(&name)).then_some(name)
}

fn is_decoder(name: &str) -> bool {
    let begins =
        |word: &str| name.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
    let whole = ["accepted", "fingerprint_of", "from_bytes", "from_pem", "from_str", "from_tag", "try_from"];
    whole.contains(&name) || ["decode", "parse", "read", "verify"].into_iter().any(begins)
}

fn takes_bytes(signature: &str) -> bool {
    let arguments = signature.split("->").next().unwrap_or(signature);
    ["&[u8]", ": &str", "Bytes", ": String", "impl Read", "&Frame"]
        .iter()
        .any(|form| arguments.contains(form))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: (&str, &str) = (TARGETS, "//! T.\nTarget { name: \"thing\", run: thing },\n");

    fn check_code(code: &str, table: &[(&str, &str, Fuzzed)], expected: &[&str]) {
        let findings = check_against(&Tree::of(&[("crates/a/src/b.rs", code), LIST]), table);
        assert_eq!(findings.len(), expected.len(), "{findings:?}");
        assert!(
            findings.iter().zip(expected).all(|(finding, part)| finding.advice.contains(part)),
            "{findings:?}"
        );
    }

    #[test]
    fn a_new_decoder_without_a_target_is_found() {
        check_code("pub fn parse(text: &str) -> X {\n}\n", &[], &["`parse` reads what comes from elsewhere"]);
        check_code(
            "    pub fn verify(\n        &self,\n        ticket: &[u8],\n    ) -> X {\n",
            &[],
            &["`verify`"],
        );
        check_code("    fn from_str(text: &str) -> Result<Self, E> {\n", &[], &["`from_str`"]);
        check_code("pub fn decode_thing(bytes: &Bytes) -> X {\n", &[], &["`decode_thing`"]);
    }

    #[test]
    fn what_reads_nothing_from_elsewhere_is_left_alone() {
        check_code("fn parse(text: &str) -> X {\n", &[], &[]);
        check_code("pub fn read(directory: &DataDirectory) -> Vec<String> {\n", &[], &[]);
        check_code("pub fn ready(text: &str) -> X {\n", &[], &[]);
        check_code("#[cfg(test)]\npub fn parse(text: &str) -> X {\n}\n", &[], &[]);
    }

    #[test]
    fn the_table_follows_the_code() {
        let code = "pub fn parse(text: &str) -> X {\n}\n";
        check_code(code, &[("crates/a/src/b.rs", "parse", By("thing"))], &[]);
        check_code(code, &[("crates/a/src/b.rs", "parse", Not("its only input is a constant"))], &[]);
        check_code(code, &[("crates/a/src/b.rs", "parse", Not(""))], &["say why"]);
        check_code(code, &[("crates/a/src/b.rs", "parse", By("other"))], &["\"other\" is missing"]);
        let gone = [("crates/a/src/b.rs", "parse", By("thing")), ("crates/a/src/b.rs", "read", By("thing"))];
        check_code(code, &gone, &["`read` is no decoder any more"]);
    }
}
