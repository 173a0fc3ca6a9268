//! KTX 2.0 files out of what the Basis encoder makes. The layout is that of the Khronos specification,
//! version 2.0, sections 3 and 4, and of Basis Universal's file specification. Knows no pictures.

use anyhow::{Context, Result, ensure};

const IDENTIFIER: [u8; 12] = *b"\xABKTX 20\xBB\r\n\x1A\n";
const HEADER_BYTES: usize = 80;
/// `supercompressionScheme`.
const BASIS_LZ: u32 = 1;
const ZSTANDARD: u32 = 2;
/// `colorModel` of the data format descriptor.
const MODEL_ETC1S: u8 = 163;
const MODEL_UASTC: u8 = 166;
/// More effort takes seconds and saves about one percent.
const ZSTD_LEVEL: i32 = 9;

/// One mip level's slices of a `.basis` file.
#[derive(Clone, Copy, Debug)]
struct Slice {
    level: u8,
    has_alpha: bool,
    width: u16,
    height: u16,
    at: usize,
    length: usize,
}

/// Fields of the `.basis` header that are needed here; all numbers are little-endian.
struct Basis<'a> {
    bytes: &'a [u8],
    is_etc1s: bool,
    endpoints: u16,
    selectors: u16,
    endpoint_data: &'a [u8],
    selector_data: &'a [u8],
    tables: &'a [u8],
    slices: Vec<Slice>,
}

fn number(bytes: &[u8], at: usize, length: usize) -> Result<u64> {
    let part = bytes.get(at..at + length).context("it is cut off")?;
    Ok(part.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte)))
}

impl<'a> Basis<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self> {
        let field = |at, length| number(bytes, at, length).map(|value| value as usize);
        ensure!(field(0, 2)? == 0x4273, "it does not begin with the signature");
        let part = |at: usize, length: usize| bytes.get(at..at + length).context("a part lies outside of it");
        let count = field(14, 3)?;
        let first = field(65, 4)?;
        let slice = |at: usize| -> Result<Slice> {
            let at = first + at * 23;
            Ok(Slice {
                level: field(at + 3, 1)? as u8,
                has_alpha: field(at + 4, 1)? & 1 != 0,
                width: field(at + 5, 2)? as u16,
                height: field(at + 7, 2)? as u16,
                at: field(at + 13, 4)?,
                length: field(at + 17, 4)?,
            })
        };
        Ok(Self {
            bytes,
            is_etc1s: field(20, 1)? == 0,
            endpoints: field(39, 2)? as u16,
            selectors: field(48, 2)? as u16,
            endpoint_data: part(field(41, 4)?, field(45, 3)?)?,
            selector_data: part(field(50, 4)?, field(54, 3)?)?,
            tables: part(field(57, 4)?, field(61, 4)?)?,
            slices: (0..count).map(slice).collect::<Result<_>>()?,
        })
    }

    fn data(&self, slice: &Slice) -> Result<&'a [u8]> {
        self.bytes.get(slice.at..slice.at + slice.length).context("a slice lies outside of it")
    }
}

/// A mip level as it stands in the file.
struct Level {
    bytes: Vec<u8>,
    /// Before Zstandard; zero with BasisLZ.
    unpacked: usize,
}

/// Makes a KTX 2 file of a `.basis` file with one image.
pub(crate) fn from_basis(bytes: &[u8]) -> Result<Vec<u8>> {
    let basis = Basis::read(bytes)?;
    let base = *basis.slices.first().context("it has no picture")?;
    let has_alpha = basis.slices.iter().any(|slice| slice.has_alpha);
    let (levels, images) =
        if basis.is_etc1s { lz_levels(&basis)? } else { (uastc_levels(&basis)?, Vec::new()) };
    let descriptor = descriptor(basis.is_etc1s, has_alpha);
    let words = key_values();
    let global = if basis.is_etc1s { global_data(&basis, &images) } else { Vec::new() };

    let descriptor_at = HEADER_BYTES + levels.len() * 24;
    let words_at = descriptor_at + descriptor.len();
    let global_at = if global.is_empty() { 0 } else { (words_at + words.len()).next_multiple_of(8) };
    let mut at = if global.is_empty() { words_at + words.len() } else { global_at + global.len() };

    let mut out = Vec::new();
    out.extend(IDENTIFIER);
    let scheme = if basis.is_etc1s { BASIS_LZ } else { ZSTANDARD };
    // Undefined format, type size 1, one picture without depth, layers or faces.
    let sizes = [0, 1, u32::from(base.width), u32::from(base.height), 0, 0, 1, levels.len() as u32, scheme];
    let places = [descriptor_at, descriptor.len(), words_at, words.len()].map(|value| value as u32);
    sizes.into_iter().chain(places).for_each(|value| out.extend(value.to_le_bytes()));
    [global_at, global.len()].into_iter().for_each(|value| out.extend((value as u64).to_le_bytes()));

    // The index begins with the largest level, the data with the smallest.
    let mut index = vec![[0; 3]; levels.len()];
    for (level, entry) in levels.iter().zip(&mut index).rev() {
        *entry = [at as u64, level.bytes.len() as u64, level.unpacked as u64];
        at += level.bytes.len();
    }
    index.iter().flatten().for_each(|value| out.extend(value.to_le_bytes()));
    out.extend(descriptor);
    out.extend(words);
    if !global.is_empty() {
        out.resize(global_at, 0);
        out.extend(global);
    }
    levels.iter().rev().for_each(|level| out.extend(&level.bytes));
    Ok(out)
}

/// Where a level's slices lie within the level's data: colour, then alpha.
type ImageDescription = [u32; 5];

fn lz_levels(basis: &Basis<'_>) -> Result<(Vec<Level>, Vec<ImageDescription>)> {
    let mut levels = Vec::new();
    let mut images = Vec::new();
    for group in basis.slices.chunk_by(|a, b| a.level == b.level) {
        let mut bytes = Vec::new();
        let mut image = [0; 5];
        for slice in group {
            let place = if slice.has_alpha { 3 } else { 1 };
            image[place] = bytes.len() as u32;
            image[place + 1] = slice.length as u32;
            bytes.extend(basis.data(slice)?);
        }
        images.push(image);
        levels.push(Level { bytes, unpacked: 0 });
    }
    Ok((levels, images))
}

fn uastc_levels(basis: &Basis<'_>) -> Result<Vec<Level>> {
    let level = |slice: &Slice| -> Result<Level> {
        let blocks = basis.data(slice)?;
        Ok(Level { bytes: zstd::bulk::compress(blocks, ZSTD_LEVEL)?, unpacked: blocks.len() })
    };
    basis.slices.iter().map(level).collect()
}

/// The codebooks that all levels share.
fn global_data(basis: &Basis<'_>, images: &[ImageDescription]) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend(basis.endpoints.to_le_bytes());
    out.extend(basis.selectors.to_le_bytes());
    for part in [basis.endpoint_data, basis.selector_data, basis.tables, &[]] {
        out.extend((part.len() as u32).to_le_bytes());
    }
    images.iter().flatten().for_each(|value| out.extend(value.to_le_bytes()));
    [basis.endpoint_data, basis.selector_data, basis.tables].into_iter().for_each(|part| out.extend(part));
    out
}

/// The data format descriptor: one basic block, BT.709 primaries, sRGB, blocks of 4 × 4.
fn descriptor(is_etc1s: bool, has_alpha: bool) -> Vec<u8> {
    // Channel numbers: ETC1S has colour 0 and alpha 15 as two samples, UASTC colour 0 or colour with alpha 3 as one.
    let samples: &[(u16, u8, u8)] = match (is_etc1s, has_alpha) {
        (true, false) => &[(0, 63, 0)],
        (true, true) => &[(0, 63, 0), (64, 63, 15)],
        (false, false) => &[(0, 127, 0)],
        (false, true) => &[(0, 127, 3)],
    };
    let block = 24 + samples.len() * 16;
    let mut out = Vec::new();
    out.extend((block as u32 + 4).to_le_bytes());
    out.extend([0; 4]);
    out.extend(2_u16.to_le_bytes());
    out.extend((block as u16).to_le_bytes());
    out.extend([if is_etc1s { MODEL_ETC1S } else { MODEL_UASTC }, 1, 2, 0]);
    out.extend([3, 3, 0, 0]);
    // Bytes of a plane: zero, because the data is supercompressed.
    out.extend([0; 8]);
    for (offset, length, channel) in samples {
        out.extend(offset.to_le_bytes());
        out.extend([*length, *channel, 0, 0, 0, 0]);
        out.extend(0_u32.to_le_bytes());
        out.extend(u32::MAX.to_le_bytes());
    }
    out
}

fn key_values() -> Vec<u8> {
    let mut out = Vec::new();
    for (key, value) in [("KTXorientation", "rd"), ("KTXwriter", "venue-importer")] {
        let entry = format!("{key}\0{value}\0");
        out.extend((entry.len() as u32).to_le_bytes());
        out.extend(entry.as_bytes());
        out.resize(out.len().next_multiple_of(4), 0);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_basis_files_are_refused() {
        assert!(from_basis(&[]).is_err());
        assert!(from_basis(&[0; 200]).unwrap_err().to_string().contains("signature"));
        let mut cut = vec![0; 100];
        cut[..2].copy_from_slice(&0x4273_u16.to_le_bytes());
        cut[14] = 9;
        cut[65] = 77;
        assert!(from_basis(&cut).is_err());
    }

    #[test]
    fn descriptors_say_how_long_they_are() {
        for (is_etc1s, has_alpha) in [(true, true), (true, false), (false, true), (false, false)] {
            let descriptor = descriptor(is_etc1s, has_alpha);
            assert_eq!(number(&descriptor, 0, 4).unwrap() as usize, descriptor.len());
            assert_eq!(number(&descriptor, 10, 2).unwrap() as usize, descriptor.len() - 4);
        }
    }
}
