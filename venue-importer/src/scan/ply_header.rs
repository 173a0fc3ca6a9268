//! The header of a PLY file: which elements follow, and what each of them has.

use super::error::{ScanError, shown};
use super::source::{Open, Source};
use std::io::BufRead;

/// Longest header, bytes.
const HEADER_BYTES: usize = 1 << 20;
/// Most elements, and most properties of each.
const ITEMS: usize = 4_096;

/// What a header says.
#[derive(Debug, PartialEq)]
pub(super) struct Header {
    pub(super) encoding: Encoding,
    pub(super) elements: Vec<Element>,
    /// `comment TextureFile …`, in their order.
    pub(super) textures: Vec<String>,
    /// Bytes until the first element.
    pub(super) length: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Text,
    Little,
    Big,
}

#[derive(Debug, PartialEq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) count: u64,
    pub(super) properties: Vec<Property>,
}

#[derive(Debug, PartialEq)]
pub(super) struct Property {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// The type of the length in front of a list.
    pub(super) list: Option<Kind>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    F32,
    F64,
}

impl Kind {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "char" | "int8" => Self::I8,
            "uchar" | "uint8" => Self::U8,
            "short" | "int16" => Self::I16,
            "ushort" | "uint16" => Self::U16,
            "int" | "int32" => Self::I32,
            "uint" | "uint32" => Self::U32,
            "float" | "float32" => Self::F32,
            "double" | "float64" => Self::F64,
            _ => return None,
        })
    }

    pub(super) fn bytes(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    pub(super) fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F64)
    }
}

impl Element {
    /// Where a property stands.
    pub(super) fn position(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.properties.iter().position(|property| property.name == *name))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.position(&[name]).is_some()
    }
}

/// Reads the header; `open` then stands at the first element.
pub(super) fn read(source: &Source, open: &mut Open) -> Result<Header, ScanError> {
    let mut header =
        Header { encoding: Encoding::Text, elements: Vec::new(), textures: Vec::new(), length: 0 };
    let mut has_format = false;
    for number in 1_usize.. {
        let line = line(source, open, &mut header.length, number)?;
        let wrong = |reason: &str| source.wrong(format!("line {number}"), reason);
        let mut words = line.split_whitespace();
        match (number, words.next().unwrap_or_default()) {
            (1, "ply") => {}
            (1, _) => return Err(wrong("a PLY file begins with \"ply\"")),
            (_, "format") => {
                header.encoding = match words.next() {
                    Some("ascii") => Encoding::Text,
                    Some("binary_little_endian") => Encoding::Little,
                    Some("binary_big_endian") => Encoding::Big,
                    _ => return Err(wrong("its format is none that PLY has")),
                };
                has_format = true;
            }
            (_, "comment") => {
                let rest = line.trim_start().strip_prefix("comment").unwrap_or_default().trim();
                if let Some(name) = rest.strip_prefix("TextureFile").filter(|_| header.textures.len() < ITEMS)
                {
                    header.textures.push(name.trim().to_owned());
                }
            }
            (_, "obj_info" | "") => {}
            (_, "element") => {
                let name = words.next().unwrap_or_default().to_owned();
                let count = words.next().and_then(|count| count.parse().ok());
                let count = count.ok_or_else(|| wrong("an element has no count"))?;
                if header.elements.len() >= ITEMS {
                    return Err(wrong(&format!("it has more than {ITEMS} elements")));
                }
                header.elements.push(Element { name, count, properties: Vec::new() });
            }
            (_, "property") => {
                let property =
                    property(&mut words).ok_or_else(|| wrong("this property is none that PLY has"))?;
                let element = header.elements.last_mut();
                let element = element.ok_or_else(|| wrong("a property stands before the first element"))?;
                if element.properties.len() >= ITEMS {
                    return Err(wrong(&format!("its element has more than {ITEMS} properties")));
                }
                element.properties.push(property);
            }
            (_, "end_header") => break,
            (_, word) => return Err(wrong(&format!("{:?} is no word of a PLY header", shown(word)))),
        }
    }
    match has_format {
        true => Ok(header),
        false => Err(source.wrong("header", "it does not say its format")),
    }
}

fn property<'a>(words: &mut impl Iterator<Item = &'a str>) -> Option<Property> {
    let first = words.next()?;
    let list = if first == "list" { Some(Kind::named(words.next()?)?) } else { None };
    let kind = Kind::named(if list.is_some() { words.next()? } else { first })?;
    if list.is_some_and(Kind::is_float) {
        return None;
    }
    Some(Property { name: words.next()?.to_owned(), kind, list })
}

fn line(source: &Source, open: &mut Open, length: &mut u64, number: usize) -> Result<String, ScanError> {
    let wrong = |reason: &str| source.wrong(format!("line {number}"), reason);
    let left = HEADER_BYTES.saturating_sub(*length as usize);
    let mut bytes = Vec::new();
    let read = std::io::Read::take(&mut *open, left as u64).read_until(b'\n', &mut bytes);
    read.map_err(|error| wrong(&error.to_string()))?;
    *length += bytes.len() as u64;
    if bytes.pop() != Some(b'\n') {
        return Err(wrong("the header does not end; a line \"end_header\" ends it"));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
