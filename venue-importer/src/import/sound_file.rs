//! The surfaces of a scan beside its package, as cells, so that `place` can give them other materials and doors
//! without importing the scan again.
//!
//! `PACKAGE.sound`: eight bytes of magic, the tileset's hash, the number of spaces, then blocks packed by Zstandard,
//! each behind its length: the surfaces as JSON, and of each space its cells. It is written under another name and
//! renamed when it is whole.

use crate::acoustics::surfaces::Surface;
use crate::acoustics::{Cell, Cells, KeptRoom};
use anyhow::{Context, Result, bail};
use glam::Vec3;
use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};
use venue_model::{Bounds, FileHash, SpaceId};
use venue_package::limits;

const MAGIC: &[u8; 8] = b"VEVSND01";
/// Longest block, packed and unpacked, bytes.
const LONGEST: u64 = 256 << 20;
/// Bytes before a space's cells.
const HEAD: usize = 60;
/// Bytes of a cell with its place in the grid.
const CELL: usize = 12 + size_of::<Cell>();

/// What is kept of a scan's surfaces.
#[derive(Debug, PartialEq)]
pub(super) struct Kept {
    pub(super) surfaces: Vec<Surface>,
    pub(super) rooms: Vec<KeptRoom>,
}

/// Where the surfaces of a package lie.
pub(super) fn path_of(package: &Path) -> PathBuf {
    let mut name = package.file_name().unwrap_or_default().to_os_string();
    name.push(".sound");
    package.with_file_name(name)
}

/// A space's cells as a block of the file.
pub(super) fn block(room: &KeptRoom) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes.extend(u32::from(room.space.0).to_le_bytes());
    bytes.extend(room.factor.to_le_bytes());
    let cells = room.cells.sorted();
    bytes.extend((cells.len() as u64).to_le_bytes());
    let within = room.cells.within();
    let numbers = [room.cells.origin, within.min, within.max].into_iter().flat_map(|point| point.to_array());
    numbers.chain([room.cells.side, room.rougher]).for_each(|number| bytes.extend(number.to_le_bytes()));
    for (key, cell) in &cells {
        bytes.extend_from_slice(bytemuck::bytes_of(key));
        bytes.extend_from_slice(bytemuck::bytes_of(cell));
    }
    Ok(zstd::encode_all(bytes.as_slice(), 3)?)
}

/// Writes the surfaces of the package with this tileset.
pub(super) fn write(
    package: &Path,
    tileset: FileHash,
    surfaces: &[Surface],
    rooms: &[Vec<u8>],
) -> Result<()> {
    let path = path_of(package);
    if rooms.iter().map(Vec::len).sum::<usize>() as u64 > LONGEST {
        std::fs::remove_file(&path).ok();
        return Ok(());
    }
    let new = path.with_extension("sound.new");
    let write = || -> Result<()> {
        let mut file = File::create(&new)?;
        file.write_all(MAGIC)?;
        file.write_all(&tileset.0)?;
        file.write_all(&(rooms.len() as u32).to_le_bytes())?;
        let surfaces = zstd::encode_all(serde_json::to_vec(surfaces)?.as_slice(), 3)?;
        for block in std::iter::once(&surfaces).chain(rooms) {
            file.write_all(&(block.len() as u64).to_le_bytes())?;
            file.write_all(block)?;
        }
        file.sync_all()?;
        Ok(std::fs::rename(&new, &path)?)
    };
    write().with_context(|| format!("{} could not be written; is there room on the disk?", path.display()))
}

/// Reads the surfaces of the package with this tileset; none, when there are none or they are of another import.
pub(super) fn read(package: &Path, tileset: FileHash) -> Result<Option<Kept>> {
    let path = path_of(package);
    let Ok(file) = File::open(&path) else { return Ok(None) };
    let damaged = || format!("{} is damaged; remove it, or import the scan again", path.display());
    let mut file = BufReader::new(file);
    let mut head = [0; 44];
    file.read_exact(&mut head).with_context(damaged)?;
    if head[..8] != *MAGIC {
        bail!(damaged());
    }
    if head[8..40] != tileset.0 {
        return Ok(None);
    }
    let count = u32::from_le_bytes([head[40], head[41], head[42], head[43]]) as usize;
    if count > limits::SPACES {
        bail!(damaged());
    }
    let surfaces = serde_json::from_slice(&unpack(&mut file).with_context(damaged)?).with_context(damaged)?;
    let mut rooms = Vec::new();
    for _ in 0..count {
        rooms.push(room(&unpack(&mut file).with_context(damaged)?).with_context(damaged)?);
    }
    Ok(Some(Kept { surfaces, rooms }))
}

fn unpack(file: &mut impl Read) -> Result<Vec<u8>> {
    let mut length = [0; 8];
    file.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    if length > LONGEST {
        bail!("a block is too long");
    }
    let mut packed = zstd::Decoder::new(file.take(length))?;
    let mut bytes = Vec::new();
    packed.by_ref().take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        bail!("a block is too long");
    }
    // What the block has left belongs to it.
    std::io::copy(&mut packed.finish(), &mut std::io::sink())?;
    Ok(bytes)
}

fn room(bytes: &[u8]) -> Result<KeptRoom> {
    let (head, body) = bytes.split_at_checked(HEAD).context("it ends early")?;
    let word = |at: usize| [head[at], head[at + 1], head[at + 2], head[at + 3]];
    let number = |at: usize| f32::from_le_bytes(word(16 + at * 4));
    let point = |at: usize| Vec3::new(number(at), number(at + 1), number(at + 2));
    let (space, factor) = (u32::from_le_bytes(word(0)), i32::from_le_bytes(word(4)));
    let (origin, within) = (point(0), Bounds { min: point(3), max: point(6) });
    let (side, rougher) = (number(9), number(10));
    let is_near = |point: Vec3| point.is_finite() && point.abs().max_element() < 2.0 * limits::EXTENT;
    let is_good = [origin, within.min, within.max].into_iter().all(is_near)
        && (0.01..1e4).contains(&side)
        && (0.01..100.0).contains(&rougher)
        && (1..=8).contains(&factor);
    let count = body.len() / CELL;
    if !is_good || body.len() % CELL != 0 || u64::from_le_bytes(head[8..16].try_into()?) != count as u64 {
        bail!("its numbers make no sense");
    }
    let mut cells = Vec::with_capacity(count);
    for bytes in body.chunks_exact(CELL) {
        let key: [i32; 3] = bytemuck::pod_read_unaligned(&bytes[..12]);
        let cell: Cell = bytemuck::pod_read_unaligned(&bytes[12..]);
        if key.iter().any(|value| value.unsigned_abs() > 1 << 20) || !cell.is_good() {
            bail!("a cell makes no sense");
        }
        cells.push((key, cell));
    }
    let space = SpaceId(u16::try_from(space)?);
    Ok(KeptRoom { space, factor, rougher, cells: Cells::kept(origin, side, within, cells) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surfaces_come_back_and_damage_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let package = folder.path().join("hall");
        let hash = FileHash([7; 32]);
        assert_eq!(read(&package, hash).unwrap(), None);
        let within = Bounds { min: Vec3::ZERO, max: Vec3::splat(5.0) };
        let cell = Cell { area: 0.01, weight: 0.01, place: [0.5; 3], ..Cell::default() };
        let cells = (0..500).map(|i| ([i, 3, i / 7], Cell { surface: i as u32 % 2, ..cell })).collect();
        let cells = Cells::kept(Vec3::splat(-0.1), 0.1, within, cells);
        let room = KeptRoom { space: SpaceId(3), factor: 2, rougher: 1.25, cells };
        let surfaces = vec![Surface { names: vec!["wall".into()], ..Surface::default() }, Surface::default()];
        write(&package, hash, &surfaces, &[block(&room).unwrap()]).unwrap();
        assert_eq!(read(&package, hash).unwrap(), Some(Kept { surfaces, rooms: vec![room] }));
        assert_eq!(read(&package, FileHash([8; 32])).unwrap(), None, "of another import");
        let bytes = std::fs::read(path_of(&package)).unwrap();
        for cut in [3, 43, 50, bytes.len() - 1] {
            std::fs::write(path_of(&package), &bytes[..cut]).unwrap();
            let error = read(&package, hash).unwrap_err().to_string();
            assert!(error.contains("hall.sound is damaged"), "{error}");
        }
        for at in (0..bytes.len()).step_by(7) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x55;
            std::fs::write(path_of(&package), &flipped).unwrap();
            // Whatever is read or refused: nothing panics, and nothing is taken for more than it is.
            assert!(read(&package, hash).is_err() || read(&package, hash).is_ok());
        }
    }
}
