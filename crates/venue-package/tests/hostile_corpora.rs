//! Broken and odd files that others collected: none may make the reader panic or take memory without bound.
//!
//! The corpora are not part of the repository; where they do not lie beside it, there is nothing to run.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::path::{Path, PathBuf};
use venue_package::gltf::{Document, GltfError, Limits, decode_image};

fn corpora() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/hostile")
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() { files_below(&path, found) } else { found.push(path) }
    }
    found.sort();
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| endings.contains(&ending))
}

#[test]
fn no_collected_file_makes_the_reader_panic_and_refusals_are_sentences() {
    let limits = Limits { decoded_bytes: 64 << 20, picture_pixels: 1 << 22, ..Limits::CLIENT };
    let mut files = Vec::new();
    for corpus in ["gltf-validator", "assimp", "3d-tiles-validator", "missing-textures"] {
        files_below(&corpora().join(corpus), &mut files);
    }
    let mut read = 0;
    for path in files.iter().filter(|path| has_ending(path, &["glb", "gltf", "bin", "b3dm", "json"])) {
        let bytes = std::fs::read(path).unwrap();
        match Document::read(&bytes, &limits) {
            Ok(document) => {
                read += 1;
                for image in &document.images {
                    decode_image(&image.bytes, &image.media_type, &limits).ok();
                }
            }
            Err(error) => {
                let sentence = error.to_string();
                assert!((10..600).contains(&sentence.len()), "{}: {sentence}", path.display());
            }
        }
    }
    assert!(files.is_empty() || read > 50, "only {read} files of the corpora were read");
}

#[test]
fn binary_containers_that_lie_are_refused() {
    let mut files = Vec::new();
    files_below(&corpora().join("gltf-validator"), &mut files);
    let broken =
        ["truncated_chunk_data", "no_header", "chunk_too_big", "only_bin_chunk", "empty_file", "only_header"];
    let good = ["valid_buffer", "valid_placeholder"];
    for path in files.iter().filter(|path| has_ending(path, &["glb"])) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let result = Document::read(&std::fs::read(path).unwrap(), &Limits::CLIENT);
        assert!(!broken.contains(&name.as_str()) || result.is_err(), "{name} was read");
        assert!(!good.contains(&name.as_str()) || result.is_ok(), "{name}: {result:?}");
    }
}

#[test]
fn pictures_of_the_corpora_are_unpacked_or_refused() {
    let mut files = Vec::new();
    files_below(&corpora(), &mut files);
    for path in files.iter().filter(|path| has_ending(path, &["png", "jpg", "webp", "gif", "ktx2"])) {
        decode_image(&std::fs::read(path).unwrap(), "image/any", &Limits::CLIENT).ok();
    }
}

#[test]
fn damaged_glb_bytes_never_panic() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/exhibits/cat.glb");
    let bytes = std::fs::read(path).unwrap();
    let json_length = u32::from_le_bytes([bytes[12], bytes[13], bytes[14], bytes[15]]) as usize;
    assert!(Document::read(&bytes, &Limits::CLIENT).is_ok());
    // The JSON alone, so that each of the many tries is cheap; buffer views then lead nowhere.
    let json = &bytes[20..20 + json_length];
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..3_000 {
        let mut damaged = json.to_vec();
        for _ in 0..3 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let at = random as usize % damaged.len();
            damaged[at] = [b'0', b'9', b'-', b'[', b']', b'{', b'"', b' '][(random >> 40) as usize % 8];
        }
        let outcome: Result<Document, GltfError> = Document::read(&damaged, &Limits::CLIENT);
        outcome.ok();
    }
}
