//! The ground of a scan beside its package, so that places can be put anew without importing the scan again.
//!
//! `PACKAGE.ground`: eight bytes of magic, the tileset's hash, the number of triangles, then their corners as
//! 32-bit floats packed by Zstandard. It is written under another name and renamed when it is whole.

use super::ground::Soup;
use anyhow::{Context, Result, bail};
use glam::Vec3;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use venue_model::FileHash;

const MAGIC: &[u8; 8] = b"VEVGRND1";
/// Most triangles; 36 bytes each.
const MOST: u64 = 60_000_000;

/// Where the ground of a package lies.
pub(super) fn path_of(package: &Path) -> PathBuf {
    let mut name = package.file_name().unwrap_or_default().to_os_string();
    name.push(".ground");
    package.with_file_name(name)
}

/// Writes the ground of the package with this tileset.
pub(super) fn write(package: &Path, tileset: FileHash, soup: &Soup) -> Result<()> {
    let path = path_of(package);
    if soup.len() as u64 > MOST {
        std::fs::remove_file(&path).ok();
        return Ok(());
    }
    let new = path.with_extension("ground.new");
    let write = || -> Result<()> {
        let mut file = BufWriter::new(File::create(&new)?);
        file.write_all(MAGIC)?;
        file.write_all(&tileset.0)?;
        file.write_all(&(soup.len() as u64).to_le_bytes())?;
        let mut packed = zstd::Encoder::new(file, 3)?;
        for number in soup.iter().flatten().flat_map(|point| point.to_array()) {
            packed.write_all(&number.to_le_bytes())?;
        }
        packed.finish()?.into_inner()?.sync_all()?;
        Ok(std::fs::rename(&new, &path)?)
    };
    write().with_context(|| format!("{} could not be written; is there room on the disk?", path.display()))
}

/// Reads the ground of the package with this tileset; none, when there is none or it is of another import.
pub(super) fn read(package: &Path, tileset: FileHash) -> Result<Option<Soup>> {
    let path = path_of(package);
    let Ok(file) = File::open(&path) else { return Ok(None) };
    let damaged = || format!("{} is damaged; remove it, or import the scan again", path.display());
    let mut file = BufReader::new(file);
    let mut head = [0; 48];
    file.read_exact(&mut head).with_context(damaged)?;
    let count = u64::from_le_bytes(head[40..48].try_into().with_context(damaged)?);
    if head[..8] != *MAGIC || count > MOST {
        bail!(damaged());
    }
    if head[8..40] != tileset.0 {
        return Ok(None);
    }
    let mut packed = BufReader::new(zstd::Decoder::new(file).with_context(damaged)?);
    let mut soup = Soup::new();
    let mut bytes = [0; 36];
    for _ in 0..count {
        packed.read_exact(&mut bytes).with_context(damaged)?;
        let number = |at: usize| {
            f32::from_le_bytes([bytes[at * 4], bytes[at * 4 + 1], bytes[at * 4 + 2], bytes[at * 4 + 3]])
        };
        let triangle = [0, 3, 6].map(|at| Vec3::new(number(at), number(at + 1), number(at + 2)));
        if !triangle.iter().all(|point| point.is_finite() && point.abs().max_element() < 1e6) {
            bail!(damaged());
        }
        soup.push(triangle);
    }
    Ok(Some(soup))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ground_comes_back_and_damage_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let package = folder.path().join("hall");
        let hash = FileHash([7; 32]);
        assert_eq!(read(&package, hash).unwrap(), None);
        let soup: Soup = (0..100).map(|i| [Vec3::X, Vec3::Y, Vec3::Z].map(|axis| axis * i as f32)).collect();
        write(&package, hash, &soup).unwrap();
        assert_eq!(read(&package, hash).unwrap(), Some(soup));
        assert_eq!(read(&package, FileHash([8; 32])).unwrap(), None, "of another import");
        let bytes = std::fs::read(path_of(&package)).unwrap();
        for cut in [3, 47, 60, bytes.len() - 1] {
            std::fs::write(path_of(&package), &bytes[..cut]).unwrap();
            let error = read(&package, hash).unwrap_err().to_string();
            assert!(error.contains("hall.ground is damaged"), "{error}");
        }
    }
}
