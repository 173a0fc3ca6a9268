//! The gate's share of fuzzing: the committed corpora and mutated seeds through every target, always the same.

#![allow(clippy::unwrap_used, reason = "a test that can not go on fails")]

use std::path::Path;

/// The files of a target's corpus.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
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
fn every_target_has_somewhere_to_begin() {
    for target in fuzz::TARGETS {
        let count = corpus(target.name).len() + fuzz::seeds::of(target.name).len();
        assert!(count > 0, "{}: no seed in seeds.rs and no file in corpus/", target.name);
    }
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
