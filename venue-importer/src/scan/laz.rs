//! The points of a LAS file, plain or compressed.
//!
//! The decompressor trusts its input: it takes as much memory as a chunk's sizes say, and an arithmetic decoder
//! that reads damaged bytes may look beyond its tables, which panics. So all sizes are walked through and proven
//! before it begins, and a panic of the decoder is caught: it touches nothing but its own tables, which are thrown
//! away with it.

use super::error::ScanError;
use super::las_header::Header;
use super::source::{Open, Source, read_range};
use laz::{LasZipDecompressor, LazVlr};
use std::io::{Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Most kinds of fields of a compressed point.
const ITEMS: usize = 16;
/// Most bytes of one chunk of compressed points.
const CHUNK_BYTES: u64 = 512 << 20;

pub(super) enum Points<'a> {
    Plain(Open),
    Compressed(Box<LasZipDecompressor<'a, Open>>),
    Broken,
}

impl Points<'_> {
    pub(super) fn new(source: &Source, header: &Header, mut open: Open) -> Result<Self, ScanError> {
        let sought = open.seek(SeekFrom::Start(header.start));
        sought.map_err(|error| source.wrong("", error.to_string()))?;
        let Some(record) = &header.laz else { return Ok(Self::Plain(open)) };
        let wrong = |reason: String| source.wrong("compressed points", reason);
        let layout = Layout::parse(record, header).map_err(wrong)?;
        layout.walk(source, header, &mut open).map_err(wrong)?;
        let begun = catch_unwind(AssertUnwindSafe(|| {
            open.seek(SeekFrom::Start(header.start)).map_err(|error| error.to_string())?;
            let vlr = LazVlr::from_buffer(record).map_err(|error| error.to_string())?;
            LasZipDecompressor::new(open, vlr).map_err(|error| error.to_string())
        }));
        let decompressor = begun.unwrap_or_else(|_| Err(DAMAGED.to_owned())).map_err(wrong)?;
        Ok(Self::Compressed(Box::new(decompressor)))
    }

    /// Fills the bytes with whole points.
    pub(super) fn read(&mut self, bytes: &mut [u8]) -> Result<(), String> {
        match self {
            Self::Plain(open) => open.read_exact(bytes).map_err(|error| error.to_string()),
            Self::Compressed(decompressor) => {
                let read = catch_unwind(AssertUnwindSafe(|| decompressor.decompress_many(bytes)));
                match read {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(error)) => Err(format!("{DAMAGED} ({error})")),
                    Err(_) => {
                        *self = Self::Broken;
                        Err(DAMAGED.to_owned())
                    }
                }
            }
            Self::Broken => Err(DAMAGED.to_owned()),
        }
    }
}

const DAMAGED: &str = "its compressed points are damaged; copy it again";

/// How points are packed, as the record says it.
struct Layout {
    /// Layers in each chunk; none when points lie one behind the other.
    layers: Option<u64>,
    /// Chunks of different sizes have a table with the number of points of each.
    has_chunks: bool,
}

impl Layout {
    fn parse(record: &[u8], header: &Header) -> Result<Self, String> {
        let short = |at: usize| {
            record.get(at..).and_then(|rest| rest.first_chunk()).map(|two| u16::from_le_bytes(*two))
        };
        let cut = || "the record that says how they are packed is cut off".to_owned();
        let compressor = short(0).ok_or_else(cut)?;
        let count = usize::from(short(32).ok_or_else(cut)?);
        if !(1..=ITEMS).contains(&count) {
            return Err(format!("they have {count} kinds of fields; 1 to {ITEMS} are possible"));
        }
        let (mut bytes, mut layers) = (0, 0);
        let mut is_layered = None;
        for item in 0..count {
            let at = 34 + item * 6;
            let (kind, size, version) =
                (short(at).ok_or_else(cut)?, short(at + 2).ok_or_else(cut)?, short(at + 4).ok_or_else(cut)?);
            // Of each kind: its size, and how many layers it has when it is layered.
            let (expected, of_kind, layered) = match kind {
                0 => (size, 0, false),
                6 => (20, 0, false),
                7 => (8, 0, false),
                8 => (6, 0, false),
                9 => (29, 0, false),
                10 => (30, 9, true),
                11 => (6, 1, true),
                12 => (8, 2, true),
                13 => (29, 1, true),
                14 => (size, u64::from(size), true),
                _ => return Err(format!("the kind of field {kind} does not exist")),
            };
            let versions = if layered { 3..=4 } else { 1..=2 };
            if size != expected || size == 0 || !versions.contains(&version) {
                return Err(format!(
                    "the field {kind} has {size} bytes in version {version}, which does not exist"
                ));
            }
            if *is_layered.get_or_insert(layered) != layered {
                return Err("they mix fields that can not be mixed".to_owned());
            }
            bytes += usize::from(size);
            layers += of_kind;
        }
        if bytes != header.record_bytes {
            return Err(format!(
                "they unpack to {bytes} bytes each, where the header says {}",
                header.record_bytes
            ));
        }
        let layers = is_layered.unwrap_or_default().then_some(layers);
        match (compressor, layers) {
            (1, None) => Ok(Self { layers, has_chunks: false }),
            (2, None) | (3, Some(_)) => Ok(Self { layers, has_chunks: true }),
            _ => Err(format!("the way {compressor} of packing them is not known")),
        }
    }

    /// Proves that the sizes that the decompressor will find lead nowhere beyond the file.
    fn walk(&self, source: &Source, header: &Header, open: &mut Open) -> Result<(), String> {
        if !self.has_chunks {
            return Ok(());
        }
        let number = |open: &mut Open, at: u64| -> Result<u32, String> {
            let bytes = read_range(open, at, 4).map_err(|_| DAMAGED.to_owned())?;
            Ok(bytes.first_chunk().map_or(0, |four| u32::from_le_bytes(*four)))
        };
        let table = |open: &mut Open, at: u64| -> Result<u64, String> {
            Ok(u64::from(number(open, at)?) | (u64::from(number(open, at + 4)?) << 32))
        };
        let mut at = table(open, header.start)?;
        // A writer that could not go back has put it at the end.
        if at as i64 <= header.start as i64 {
            at = table(open, source.length.saturating_sub(8))?;
        }
        if at as i64 > header.start as i64 {
            let chunks = u64::from(number(open, at.saturating_add(4))?);
            // Each chunk begins with a whole point.
            if at >= source.length || chunks > (source.length - header.start) / header.record_bytes as u64 + 1
            {
                return Err(format!("a table of {chunks} chunks is more than the file can hold"));
            }
        }
        let Some(layers) = self.layers else { return Ok(()) };
        let (mut at, mut points) = (header.start + 8, 0);
        while points < header.points {
            at += header.record_bytes as u64;
            let count = number(open, at)?;
            let sizes = read_range(open, at + 4, layers as usize * 4).map_err(|_| DAMAGED.to_owned())?;
            let bytes: u64 =
                sizes.as_chunks().0.iter().map(|four| u64::from(u32::from_le_bytes(*four))).sum();
            at += 4 + layers * 4 + bytes;
            if at > source.length || bytes > CHUNK_BYTES || count == 0 {
                return Err(DAMAGED.to_owned());
            }
            points += u64::from(count);
        }
        Ok(())
    }
}
