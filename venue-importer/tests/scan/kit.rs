//! What the tests of scans share: reading files that stand in the test, and looking at what came out.

use glam::{DVec3, Vec3};
use std::path::{Path, PathBuf};
use venue_importer::scan::{Batch, ReadOptions, ScanError, ScanInfo, Store, read};

/// What lies beside the repository; it may be missing on a developer's machine, but not where the gate speaks.
pub fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(path);
    let is_gate = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(path.exists() || !is_gate, "CI=true, but {} is not there", path.display());
    path.exists().then_some(path)
}

/// A folder with files in it, and the store that they became.
pub struct Scan {
    pub folder: tempfile::TempDir,
    pub store: Store,
}

/// Writes the files and reads the first.
pub fn import(files: &[(&str, &[u8])]) -> Result<Scan, ScanError> {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    import_path(folder.path().join(files[0].0), folder)
}

/// Reads a file or folder into `store` in the temporary folder.
pub fn import_path(path: PathBuf, folder: tempfile::TempDir) -> Result<Scan, ScanError> {
    let into = folder.path().join("store");
    read(&[path], &into, &ReadOptions::default(), &mut |_| {})?;
    Ok(Scan { store: Store::open(&into).unwrap(), folder })
}

impl Scan {
    pub fn info(&self) -> &ScanInfo {
        self.store.info()
    }

    pub fn batches(&self) -> Vec<Batch> {
        self.store.batches().map(Result::unwrap).collect()
    }

    /// Source coordinates of every vertex.
    pub fn positions(&self) -> Vec<DVec3> {
        let origin = self.info().origin;
        let absolute = |position: &Vec3| position.as_dvec3() + origin;
        self.batches()
            .iter()
            .flat_map(|batch| batch.positions.iter().map(absolute).collect::<Vec<_>>())
            .collect()
    }

    /// Area of all triangles, square units.
    pub fn area(&self) -> f64 {
        let of = |batch: &Batch| {
            let corner = |at: u32| batch.positions[at as usize].as_dvec3();
            let triangles = batch.indices.as_chunks::<3>().0.iter();
            triangles
                .map(|&[a, b, c]| (corner(b) - corner(a)).cross(corner(c) - corner(a)).length() / 2.0)
                .sum::<f64>()
        };
        self.batches().iter().map(of).sum()
    }
}

/// The sentence of a refusal.
pub fn refused(files: &[(&str, &[u8])]) -> String {
    match import(files) {
        Ok(_) => panic!("{} was read", files[0].0),
        Err(error) => error.to_string(),
    }
}
