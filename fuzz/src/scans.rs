//! Targets over scans: any bytes are read or refused in a sentence that names the file.

use venue_importer::scan::{ReadOptions, read_bytes};

fn read(name: &str, data: &[u8]) {
    let options = ReadOptions { vertex_memory: 1 << 20 };
    match read_bytes(name, data, &options) {
        Ok(info) => assert!(info.vertices > 0 && info.bounds[0].cmple(info.bounds[1]).all(), "{info:?}"),
        Err(error) => assert!(error.file == name && !error.reason.is_empty(), "{error:?}"),
    }
}

pub(crate) fn gltf(data: &[u8]) {
    read("a.glb", data);
}

pub(crate) fn ply(data: &[u8]) {
    read("a.ply", data);
}
