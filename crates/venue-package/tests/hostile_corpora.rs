//! Broken and odd files, our own and those that others collected: none may make the reader panic or take memory
//! without bound.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::path::{Path, PathBuf};
use venue_package::gltf::{Document, GltfError, Limits, decode_image};

/// The small corpus of our own making; `make.py` in it says what each file lies about.
const OWN_FILES: usize = 54;

fn own() -> Vec<PathBuf> {
    let mut files = Vec::new();
    files_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile"), &mut files);
    files.retain(|path| !has_ending(path, &["py"]));
    assert_eq!(files.len(), OWN_FILES, "a file of tests/hostile is missing, or OWN_FILES is to follow");
    files
}

/// What others collected lies beside the repository, not in it. It may be missing on a developer's machine, but
/// not where the whole gate speaks.
fn collected(corpus: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/hostile").join(corpus);
    let mut files = Vec::new();
    files_below(&folder, &mut files);
    let is_gate = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!files.is_empty() || !is_gate, "CI=true, but {} holds no file", folder.display());
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

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| endings.contains(&ending))
}

fn name_of(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

/// Far below a client's: what is unpacked here is unpacked for every file.
fn limits() -> Limits {
    Limits { decoded_bytes: 64 << 20, picture_pixels: 1 << 22, ..Limits::CLIENT }
}

/// Reads a model and its pictures; a refusal must be a sentence.
fn read(path: &Path) -> Result<(), String> {
    let bytes = std::fs::read(path).unwrap();
    let refusal = match Document::read(&bytes, &limits()) {
        Ok(document) => {
            for image in &document.images {
                decode_image(&image.bytes, &image.media_type, &limits()).ok();
            }
            return Ok(());
        }
        Err(error) => error.to_string(),
    };
    assert!((10..600).contains(&refusal.len()), "{}: {refusal}", path.display());
    Err(refusal)
}

/// Good files are read, bad ones refused; the others may go either way.
fn judge(path: &Path, outcome: &Result<(), String>) {
    let name = name_of(path);
    assert!(!name.starts_with("good-") || outcome.is_ok(), "{name}: {outcome:?}");
    assert!(!name.starts_with("bad-") || outcome.is_err(), "{name} was read");
}

#[test]
fn our_own_hostile_models_are_read_or_refused_as_their_names_say() {
    let models: Vec<_> = own().into_iter().filter(|path| has_ending(path, &["glb", "gltf"])).collect();
    assert_eq!(models.len(), 44);
    models.iter().for_each(|path| judge(path, &read(path)));
}

#[test]
fn our_own_hostile_pictures_are_unpacked_or_refused_as_their_names_say() {
    let pictures: Vec<_> = own().into_iter().filter(|path| !has_ending(path, &["glb", "gltf"])).collect();
    assert_eq!(pictures.len(), 10);
    for path in &pictures {
        let picture = decode_image(&std::fs::read(path).unwrap(), "image/any", &limits());
        judge(path, &picture.map(drop).map_err(|error| error.to_string()));
    }
}

#[test]
fn no_collected_file_makes_the_reader_panic_and_refusals_are_sentences() {
    let corpora = ["gltf-validator", "assimp", "3d-tiles-validator", "missing-textures"];
    let files: Vec<_> = corpora.into_iter().flat_map(collected).collect();
    let models = files.iter().filter(|path| has_ending(path, &["glb", "gltf", "bin", "b3dm", "json"]));
    let good = models.filter(|path| read(path).is_ok()).count();
    assert!(files.is_empty() || good > 50, "only {good} files of the corpora were read");
}

#[test]
fn collected_containers_that_lie_are_refused() {
    let broken =
        ["truncated_chunk_data", "no_header", "chunk_too_big", "only_bin_chunk", "empty_file", "only_header"];
    let good = ["valid_buffer", "valid_placeholder"];
    for path in collected("gltf-validator").iter().filter(|path| has_ending(path, &["glb"])) {
        let (name, outcome) = (name_of(path), read(path));
        assert!(!broken.contains(&name.as_str()) || outcome.is_err(), "{name} was read");
        assert!(!good.contains(&name.as_str()) || outcome.is_ok(), "{name}: {outcome:?}");
    }
}

#[test]
fn pictures_of_the_corpora_are_unpacked_or_refused() {
    for path in collected("").iter().filter(|path| has_ending(path, &["png", "jpg", "webp", "gif", "ktx2"])) {
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
