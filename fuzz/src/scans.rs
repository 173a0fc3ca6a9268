//! Targets over scans: any bytes are read or refused in a sentence that names the file.

use venue_importer::import::judge_places;
use venue_importer::scan::{ReadOptions, ScanError, ScanInfo, read, read_bytes};

const OPTIONS: ReadOptions = ReadOptions { vertex_memory: 1 << 20, alignments: Vec::new() };

fn judge(name: &str, outcome: Result<ScanInfo, ScanError>) {
    match outcome {
        Ok(info) => assert!(info.vertices > 0 && info.bounds[0].cmple(info.bounds[1]).all(), "{info:?}"),
        Err(error) => assert!(name.is_empty() || error.file == name, "{error:?}"),
    }
}

fn whole(name: &str, data: &[u8]) {
    judge(name, read_bytes(name, data, &OPTIONS));
}

pub(crate) fn gltf(data: &[u8]) {
    whole("a.glb", data);
}

pub(crate) fn ply(data: &[u8]) {
    whole("a.ply", data);
}

pub(crate) fn obj(data: &[u8]) {
    whole("a.obj", data);
}

pub(crate) fn xyz(data: &[u8]) {
    whole("a.xyz", data);
}

/// Compressed points are left to tests: a decoder that is not ours panics on damaged ones, which the reader catches
/// and libFuzzer does not.
pub(crate) fn las(data: &[u8]) {
    let mut plain = data.to_vec();
    if let Some(format) = plain.get_mut(104) {
        *format &= 0x3f;
    }
    let at: Vec<_> =
        plain.windows(7).enumerate().filter(|(_, part)| part == b"laszip ").map(|(at, _)| at).collect();
    at.into_iter().for_each(|at| plain[at] = b'-');
    whole("a.las", &plain);
}

/// Checksums are made right, or nothing would be found behind them.
pub(crate) fn e57(data: &[u8]) {
    let mut bytes = data.to_vec();
    bytes.resize(bytes.len().min(1 << 16).next_multiple_of(1_024), 0);
    for page in bytes.as_chunks_mut::<1_024>().0 {
        let step = |value: u32| if value & 1 == 1 { (value >> 1) ^ 0x82f6_3b78 } else { value >> 1 };
        let sum = page[..1_020]
            .iter()
            .fold(!0, |sum, &byte| (0..8).fold(sum ^ u32::from(byte), |sum, _| step(sum)));
        page[1_020..].copy_from_slice(&(!sum).to_be_bytes());
    }
    whole("a.e57", &bytes);
}

/// Any file of places is accepted or refused in sentences that name it.
pub(crate) fn places(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Err(error) = judge_places("places.toml", text) {
        let said = format!("{error:#}");
        assert!(said.contains("places.toml") && said.len() < 1 << 20, "{said}");
    }
}

/// An archive is unpacked beside the store, so this one needs a disk.
pub(crate) fn zip(data: &[u8]) {
    let Ok(folder) = tempfile::tempdir() else { return };
    let path = folder.path().join("a.zip");
    if std::fs::write(&path, data).is_err() {
        return;
    }
    judge("", read(&[path], &folder.path().join("store"), &OPTIONS, &mut |_| {}));
    let left = std::fs::read_dir(folder.path()).map_or(0, Iterator::count);
    assert!(left <= 2, "{left} things are beside the archive");
}
