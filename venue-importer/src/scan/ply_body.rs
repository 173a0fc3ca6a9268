//! The elements of a PLY file one after the other, text or binary, as numbers.

use super::error::ScanError;
use super::ply_header::{Element, Encoding, Kind};
use super::source::{Open, Source};
use std::io::{BufRead, Read};

/// Most items of one list: corners of a polygon.
const LIST_ITEMS: u64 = 65_536;
/// Longest number in a text.
const NUMBER_BYTES: usize = 64;

/// The values of one element. A single number is a list of one.
#[derive(Debug, Default)]
pub(super) struct Row {
    values: Vec<f64>,
    /// Where each property's values end.
    ends: Vec<usize>,
}

impl Row {
    pub(super) fn list(&self, property: usize) -> &[f64] {
        let start = property.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.values[start..self.ends[property]]
    }

    pub(super) fn number(&self, property: usize) -> f64 {
        self.list(property).first().copied().unwrap_or_default()
    }
}

pub(super) struct Body<'a> {
    source: &'a Source,
    open: Open,
    encoding: Encoding,
    /// Bytes that were read.
    pub(super) done: u64,
    bytes: Vec<u8>,
}

impl<'a> Body<'a> {
    /// Reads on behind the header.
    pub(super) fn new(source: &'a Source, open: Open, encoding: Encoding, done: u64) -> Self {
        Self { source, open, encoding, done, bytes: Vec::new() }
    }

    /// The next element, of which this is number `at`.
    pub(super) fn row(&mut self, element: &Element, at: u64, row: &mut Row) -> Result<(), ScanError> {
        row.values.clear();
        row.ends.clear();
        let place = |reason: String| {
            self.source.wrong(format!("{} {} of {}", shown(element), at + 1, element.count), reason)
        };
        match self.encoding {
            Encoding::Text => Self::text(&mut self.open, &mut self.done, &mut self.bytes, element, row),
            _ => Self::binary(&mut self.open, self.encoding, &mut self.done, &mut self.bytes, element, row),
        }
        .map_err(place)
    }

    fn binary(
        open: &mut Open,
        encoding: Encoding,
        done: &mut u64,
        bytes: &mut Vec<u8>,
        element: &Element,
        row: &mut Row,
    ) -> Result<(), String> {
        let mut read = |bytes: &mut Vec<u8>, length: usize| {
            bytes.resize(length, 0);
            *done += length as u64;
            open.read_exact(bytes).map_err(|_| "the file ends here; copy it again".to_owned())
        };
        let mut properties = element.properties.as_slice();
        while let Some(first) = properties.first() {
            // Numbers that are no lists are read together.
            let alone = properties.iter().take_while(|property| property.list.is_none()).count();
            if alone > 0 {
                read(bytes, properties[..alone].iter().map(|property| property.kind.bytes()).sum())?;
                let mut rest = bytes.as_slice();
                for property in &properties[..alone] {
                    let (number, behind) = rest.split_at(property.kind.bytes());
                    row.values.push(number_of(property.kind, encoding, number));
                    row.ends.push(row.values.len());
                    rest = behind;
                }
                properties = &properties[alone..];
                continue;
            }
            let length_kind = first.list.unwrap_or(Kind::U8);
            read(bytes, length_kind.bytes())?;
            let length = list_length(number_of(length_kind, encoding, bytes))?;
            let size = first.kind.bytes();
            read(bytes, length as usize * size)?;
            row.values.extend(bytes.chunks_exact(size).map(|number| number_of(first.kind, encoding, number)));
            row.ends.push(row.values.len());
            properties = &properties[1..];
        }
        Ok(())
    }

    fn text(
        open: &mut Open,
        done: &mut u64,
        word: &mut Vec<u8>,
        element: &Element,
        row: &mut Row,
    ) -> Result<(), String> {
        for property in &element.properties {
            let length = match property.list {
                None => 1,
                Some(_) => list_length(number(open, done, word)?)?,
            };
            for _ in 0..length {
                row.values.push(number(open, done, word)?);
            }
            row.ends.push(row.values.len());
        }
        Ok(())
    }
}

fn shown(element: &Element) -> String {
    super::error::shown(&element.name)
}

fn list_length(length: f64) -> Result<u64, String> {
    match length >= 0.0 && length <= LIST_ITEMS as f64 {
        true => Ok(length as u64),
        false => Err(format!("a list of {length} items; up to {LIST_ITEMS} are allowed")),
    }
}

/// The next number of a text; "nan" and "inf" are numbers, which are left out later.
fn number(open: &mut Open, done: &mut u64, word: &mut Vec<u8>) -> Result<f64, String> {
    word.clear();
    loop {
        let buffer = open.fill_buf().map_err(|error| error.to_string())?;
        if buffer.is_empty() {
            break;
        }
        let skip = if word.is_empty() {
            buffer.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
        } else {
            0
        };
        let end = buffer[skip..].iter().position(u8::is_ascii_whitespace);
        let part = &buffer[skip..skip + end.unwrap_or(buffer.len() - skip)];
        if word.len() + part.len() > NUMBER_BYTES {
            return Err("here stands something long that is no number".to_owned());
        }
        word.extend_from_slice(part);
        let used = skip + part.len();
        *done += used as u64;
        open.consume(used);
        if end.is_some() && !word.is_empty() {
            break;
        }
    }
    if word.is_empty() {
        return Err("the file ends here; copy it again".to_owned());
    }
    let text = std::str::from_utf8(word).ok();
    text.and_then(|text| text.parse().ok())
        .ok_or_else(|| format!("{:?} is no number", super::error::shown(&String::from_utf8_lossy(word))))
}

/// The number in these bytes, which are as many as its kind has.
fn number_of(kind: Kind, encoding: Encoding, bytes: &[u8]) -> f64 {
    let mut eight = [0; 8];
    let length = bytes.len().min(8);
    eight[..length].copy_from_slice(&bytes[..length]);
    if encoding == Encoding::Big {
        eight[..length].reverse();
    }
    let [a, b, c, d, ..] = eight;
    match kind {
        Kind::I8 => f64::from(a as i8),
        Kind::U8 => f64::from(a),
        Kind::I16 => f64::from(i16::from_le_bytes([a, b])),
        Kind::U16 => f64::from(u16::from_le_bytes([a, b])),
        Kind::I32 => f64::from(i32::from_le_bytes([a, b, c, d])),
        Kind::U32 => f64::from(u32::from_le_bytes([a, b, c, d])),
        Kind::F32 => f64::from(f32::from_le_bytes([a, b, c, d])),
        Kind::F64 => f64::from_le_bytes(eight),
    }
}
