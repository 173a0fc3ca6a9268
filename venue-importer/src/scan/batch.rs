//! The unit of a store: up to 65,536 vertices with what they have, as bytes and back.

use super::error::ScanError;
use glam::{DVec3, Vec2, Vec3};
use std::io::{self, Read, Write};

/// Most vertices of a batch.
pub const BATCH_VERTICES: usize = 65_536;
/// Most indices of a batch.
pub const BATCH_INDICES: usize = 3 * 131_072;

/// Triangles or points of one material. A list that the source lacks is empty, else as long as `positions`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// Index of a material.
    pub material: Option<u32>,
    /// Source units, relative to the store's origin.
    pub positions: Vec<Vec3>,
    /// Unit length.
    pub normals: Vec<Vec3>,
    /// As in glTF: v grows downwards.
    pub uvs: Vec<Vec2>,
    /// sRGB and alpha.
    pub colors: Vec<[u8; 4]>,
    /// Three for each triangle, in range; empty: points.
    pub indices: Vec<u32>,
    /// From where the points were seen: index of a station.
    pub station: Option<u32>,
}

/// A batch on its way into a store: its positions are source coordinates.
#[derive(Clone, Debug, Default)]
pub(super) struct RawBatch {
    pub(super) material: Option<u32>,
    pub(super) positions: Vec<DVec3>,
    pub(super) normals: Vec<Vec3>,
    pub(super) uvs: Vec<Vec2>,
    pub(super) colors: Vec<[u8; 4]>,
    pub(super) indices: Vec<u32>,
    pub(super) station: Option<u32>,
}

impl RawBatch {
    pub(super) fn relative_to(&self, origin: DVec3) -> Batch {
        Batch {
            material: self.material,
            positions: self.positions.iter().map(|position| (position - origin).as_vec3()).collect(),
            normals: self.normals.clone(),
            uvs: self.uvs.clone(),
            colors: self.colors.clone(),
            indices: self.indices.clone(),
            station: self.station,
        }
    }
}

/// What stands before each batch.
const MAGIC: [u8; 4] = *b"vbat";
/// Where there is no material or station.
const NONE: u32 = u32::MAX;
const HEADER_BYTES: usize = 24;
const NORMALS: u32 = 1;
const UVS: u32 = 2;
const COLORS: u32 = 4;

/// Writes a batch: a header of six words, then its lists; returns how many bytes.
pub(super) fn write(batch: &Batch, out: &mut impl Write) -> io::Result<u64> {
    let flag = |is_there: bool, flag: u32| if is_there { flag } else { 0 };
    let flags = flag(!batch.normals.is_empty(), NORMALS)
        | flag(!batch.uvs.is_empty(), UVS)
        | flag(!batch.colors.is_empty(), COLORS);
    let words = [
        u32::from_le_bytes(MAGIC),
        flags,
        batch.material.unwrap_or(NONE),
        batch.station.unwrap_or(NONE),
        batch.positions.len() as u32,
        batch.indices.len() as u32,
    ];
    let mut bytes = Vec::with_capacity(HEADER_BYTES + batch.positions.len() * 36 + batch.indices.len() * 2);
    words.iter().for_each(|word| bytes.extend(word.to_le_bytes()));
    let vectors = batch.positions.iter().chain(&batch.normals);
    vectors.flat_map(|v| v.to_array()).for_each(|number| bytes.extend(number.to_le_bytes()));
    batch.uvs.iter().flat_map(|uv| uv.to_array()).for_each(|number| bytes.extend(number.to_le_bytes()));
    batch.colors.iter().for_each(|color| bytes.extend(color));
    // 65,536 vertices are counted by two bytes.
    batch.indices.iter().for_each(|&index| bytes.extend((index as u16).to_le_bytes()));
    out.write_all(&bytes)?;
    Ok(bytes.len() as u64)
}

/// Reads the next batch; none at the end.
pub(super) fn read(from: &mut impl Read, file: &str, left: u64) -> Result<Option<(Batch, u64)>, ScanError> {
    let damaged = |what: &str| ScanError::new(file, "", format!("{what}; import the scan again"));
    if left == 0 {
        return Ok(None);
    }
    let mut header = [0; HEADER_BYTES];
    from.read_exact(&mut header).map_err(|_| damaged("it ends within a batch"))?;
    let word = |at: usize| {
        u32::from_le_bytes([header[at * 4], header[at * 4 + 1], header[at * 4 + 2], header[at * 4 + 3]])
    };
    let (flags, vertices, indices) = (word(1), word(4) as usize, word(5) as usize);
    if header[..4] != MAGIC || vertices > BATCH_VERTICES || indices > BATCH_INDICES || flags > 7 {
        return Err(damaged("a batch in it is damaged"));
    }
    let of = |flag: u32, bytes: usize| if flags & flag != 0 { vertices * bytes } else { 0 };
    let sizes = [vertices * 12, of(NORMALS, 12), of(UVS, 8), of(COLORS, 4), indices * 2];
    let length: usize = sizes.iter().sum();
    if (length + HEADER_BYTES) as u64 > left {
        return Err(damaged("it ends within a batch"));
    }
    let mut bytes = vec![0; length];
    from.read_exact(&mut bytes).map_err(|_| damaged("it ends within a batch"))?;
    let mut rest = bytes.as_slice();
    let mut part = |size: usize| {
        let (part, behind) = rest.split_at(size);
        rest = behind;
        part
    };
    let named = |word: u32| (word != NONE).then_some(word);
    let batch = Batch {
        material: named(word(2)),
        station: named(word(3)),
        positions: floats::<3>(part(sizes[0])).map(Vec3::from).collect(),
        normals: floats::<3>(part(sizes[1])).map(Vec3::from).collect(),
        uvs: floats::<2>(part(sizes[2])).map(Vec2::from).collect(),
        colors: part(sizes[3]).as_chunks::<4>().0.to_vec(),
        indices: part(sizes[4]).as_chunks().0.iter().map(|two| u32::from(u16::from_le_bytes(*two))).collect(),
    };
    if batch.indices.iter().any(|&index| index as usize >= vertices) {
        return Err(damaged("a batch in it is damaged"));
    }
    Ok(Some((batch, (length + HEADER_BYTES) as u64)))
}

fn floats<const N: usize>(bytes: &[u8]) -> impl Iterator<Item = [f32; N]> {
    let mut numbers = bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four));
    std::iter::from_fn(move || {
        let mut item = [0.0; N];
        for value in &mut item {
            *value = numbers.next()?;
        }
        Some(item)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(full: bool) -> Batch {
        let list = |on: bool| if on { 3 } else { 0 };
        Batch {
            material: full.then_some(2),
            positions: (0..3).map(|i| Vec3::new(i as f32, 0.5, -1.0)).collect(),
            normals: vec![Vec3::Y; list(full)],
            uvs: vec![Vec2::new(0.25, 0.75); list(full)],
            colors: vec![[1, 2, 3, 255]; list(full)],
            indices: if full { vec![0, 2, 1] } else { Vec::new() },
            station: (!full).then_some(1),
        }
    }

    #[test]
    fn batches_come_back_as_they_were_written() {
        for full in [true, false] {
            let mut bytes = Vec::new();
            let length = write(&batch(full), &mut bytes).unwrap();
            let (read, used) = read(&mut bytes.as_slice(), "b", length).unwrap().unwrap();
            assert_eq!((read, used), (batch(full), bytes.len() as u64));
        }
    }

    #[test]
    fn damaged_batches_are_refused() {
        let mut bytes = Vec::new();
        write(&batch(true), &mut bytes).unwrap();
        for cut in 1..bytes.len() {
            assert!(read(&mut &bytes[..cut], "b", cut as u64).is_err(), "{cut}");
        }
        let mut beyond = bytes.clone();
        let last = beyond.len() - 1;
        beyond[last] = 9;
        assert!(read(&mut beyond.as_slice(), "b", beyond.len() as u64).is_err());
    }
}
