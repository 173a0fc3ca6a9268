//! The gate's share of fuzzing: the committed corpora and mutated seeds through every target, always the same.

#![allow(clippy::unwrap_used, reason = "a test that can not go on fails")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What all committed inputs may have together, bytes.
const LARGEST_CORPORA: usize = 400_000;

fn corpora() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// The files of a target's corpus.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = corpora().join(name);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| {
        panic!("{}: {error}; cargo xtask fuzz --minutes 1 --target {name} --keep makes it", folder.display())
    });
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

#[test]
fn committed_corpora_pass() {
    for target in fuzz::TARGETS {
        for input in corpus(target.name) {
            (target.run)(&input);
        }
    }
}

#[test]
fn every_target_has_a_committed_corpus_and_no_other_is_there() {
    let mut bytes = 0;
    for target in fuzz::TARGETS {
        let inputs = corpus(target.name);
        assert!(!inputs.is_empty(), "{}: its folder in fuzz/corpus is empty", target.name);
        bytes += inputs.iter().map(Vec::len).sum::<usize>();
    }
    assert!(bytes <= LARGEST_CORPORA, "{bytes} bytes of corpora are more than {LARGEST_CORPORA}");
    let names: BTreeSet<_> = fuzz::TARGETS.iter().map(|target| target.name.to_owned()).collect();
    let entries = std::fs::read_dir(corpora()).unwrap();
    let folders: BTreeSet<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(folders, names, "folders in fuzz/corpus and targets in fuzz/src/lib.rs");
}

#[test]
fn there_is_a_seed_of_every_message() {
    // A frame begins with the message's type; up to 63 it is one byte (docs/protocol.md).
    let types =
        |target: &str| -> BTreeSet<u8> { fuzz::seeds::of(target).iter().map(|seed| seed[0]).collect() };
    assert_eq!(types("client-message"), (1..=10).collect());
    assert_eq!(types("server-message"), (1..=19).collect());
}

#[test]
fn truncated_and_flipped_inputs_pass() {
    for target in fuzz::TARGETS {
        for input in corpus(target.name).into_iter().chain(fuzz::seeds::of(target.name)) {
            // Long inputs are sampled: a step that grows keeps this test's work about even for all.
            let step = input.len() / 400 + 1;
            for at in (0..input.len()).step_by(step) {
                (target.run)(&input[..at]);
                let mut flipped = input.clone();
                flipped[at] ^= 1 << (at % 8);
                (target.run)(&flipped);
                flipped[at] = 0xff;
                (target.run)(&flipped);
            }
        }
    }
}
