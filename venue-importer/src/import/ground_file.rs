//! The ground of a scan beside its package, so that places can be put anew without importing the scan again.
//!
//! `PACKAGE.ground`: eight bytes of magic, the tileset's hash, numbers of points and triangles, bytes of the packed
//! points; then the points (32-bit floats) and the triangles, packed by meshoptimizer, which is as fast as the disk.
//! It is written under another name and renamed when it is whole.

use super::ground::Soup;
use anyhow::{Context, Result, bail, ensure};
use glam::Vec3;
use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};
use venue_model::FileHash;

const MAGIC: &[u8; 8] = b"VEVGRND2";
/// Most triangles, and most points.
const MOST: u64 = 60_000_000;
/// Magic, hash and three numbers.
const HEAD: usize = 64;

/// Where the ground of a package lies.
pub(super) fn path_of(package: &Path) -> PathBuf {
    let mut name = package.file_name().unwrap_or_default().to_os_string();
    name.push(".ground");
    package.with_file_name(name)
}

/// Writes the ground of the package with this tileset.
pub(super) fn write(package: &Path, tileset: FileHash, soup: &Soup) -> Result<()> {
    let path = path_of(package);
    if soup.triangles.len().max(soup.points.len()) as u64 > MOST {
        std::fs::remove_file(&path).ok();
        return Ok(());
    }
    let new = path.with_extension("ground.new");
    let write = || -> Result<()> {
        let points: Vec<[f32; 3]> = soup.points.iter().map(Vec3::to_array).collect();
        let points = meshopt::encode_vertex_buffer_level(&points, 2, Some(0))?;
        let triangles = meshopt::encode_index_buffer(soup.triangles.as_flattened(), soup.points.len())?;
        let numbers = [soup.points.len(), soup.triangles.len(), points.len()];
        let mut file = File::create(&new)?;
        file.write_all(MAGIC)?;
        file.write_all(&tileset.0)?;
        file.write_all(numbers.map(|number| (number as u64).to_le_bytes()).as_flattened())?;
        file.write_all(&points)?;
        file.write_all(&triangles)?;
        file.sync_all()?;
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
    let mut head = [0; HEAD];
    file.read_exact(&mut head).with_context(damaged)?;
    if head[..8] != *MAGIC {
        bail!(damaged());
    }
    if head[8..40] != tileset.0 {
        return Ok(None);
    }
    let [points, triangles, packed] = head[40..].as_chunks::<8>().0 else { bail!(damaged()) };
    let counts = [points, triangles, packed].map(|bytes| u64::from_le_bytes(*bytes));
    Ok(Some(unpacked(&mut file, counts).with_context(damaged)?))
}

fn unpacked(file: &mut impl Read, [points, triangles, packed]: [u64; 3]) -> Result<Soup> {
    ensure!(points.max(triangles) <= MOST, "it is too large");
    // A byte of packed points has four of them at most, a byte of packed triangles one triangle.
    let mut bytes = Vec::new();
    file.take(packed).read_to_end(&mut bytes)?;
    ensure!(bytes.len() as u64 == packed && points <= packed * 64, "it is too short");
    let points: Vec<[f32; 3]> = meshopt::decode_vertex_buffer(&bytes, points as usize)?;
    bytes.clear();
    file.take(triangles * 16 + 1_024).read_to_end(&mut bytes)?;
    ensure!(triangles <= bytes.len() as u64, "it is too short");
    let indices: Vec<u32> = meshopt::decode_index_buffer(&bytes, triangles as usize * 3)?;
    let points: Vec<Vec3> = points.into_iter().map(Vec3::from_array).collect();
    ensure!(
        points.iter().all(|point| point.is_finite() && point.abs().max_element() < 1e6),
        "a point is odd"
    );
    ensure!(indices.iter().all(|&index| (index as usize) < points.len()), "a triangle has no corner");
    // The codec keeps the sense of rotation, not the corner that comes first.
    let turned = |triangle: &[u32; 3]| {
        let smallest = (0..3).min_by_key(|&i| triangle[i]).unwrap_or(0);
        let mut turned = *triangle;
        turned.rotate_left(smallest);
        turned
    };
    Ok(Soup { points, triangles: indices.as_chunks().0.iter().map(turned).collect() })
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
        let soup = Soup {
            points: (0..300).map(|i| Vec3::new(i as f32, 0.25 * i as f32, -1.5)).collect(),
            triangles: (0..298).map(|i| [i, i + 1, i + 2]).collect(),
        };
        write(&package, hash, &soup).unwrap();
        assert_eq!(read(&package, hash).unwrap(), Some(soup));
        assert_eq!(read(&package, FileHash([8; 32])).unwrap(), None, "of another import");
        let bytes = std::fs::read(path_of(&package)).unwrap();
        for cut in [3, 63, 90, bytes.len() - 1] {
            std::fs::write(path_of(&package), &bytes[..cut]).unwrap();
            let error = read(&package, hash).unwrap_err().to_string();
            assert!(error.contains("hall.ground is damaged"), "{error}");
        }
    }
}
