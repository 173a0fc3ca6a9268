//! The binary part of E57: pages with checksums, packets, and streams of packed numbers (ASTM E2807 §9).

use super::batch::BATCH_VERTICES;
use super::error::ScanError;
use super::source::{Open, Source};
use e57::{PointCloud, RecordDataType};
use std::io::{Read, Seek, SeekFrom};

const PAGE: usize = 1_024;
const PAYLOAD: usize = PAGE - 4;
/// Most bytes of one stream that wait for another one.
const WAITING: usize = 64 << 20;

/// A file in pages, each with a checksum behind it.
pub(super) struct Pages {
    open: Open,
    pages: u64,
    /// Counted without checksums.
    at: u64,
    held: Option<u64>,
    page: [u8; PAGE],
    table: [u32; 256],
}

impl Pages {
    pub(super) fn new(source: &Source, open: Open) -> Result<Self, ScanError> {
        if !source.length.is_multiple_of(PAGE as u64) {
            return Err(source.wrong("", "it does not consist of whole pages; copy it again"));
        }
        // CRC-32C, its polynomial reversed.
        let step = |value: u32| if value & 1 == 1 { (value >> 1) ^ 0x82f6_3b78 } else { value >> 1 };
        let table = std::array::from_fn(|byte| (0..8).fold(byte as u32, |value, _| step(value)));
        Ok(Self { open, pages: source.length / PAGE as u64, at: 0, held: None, page: [0; PAGE], table })
    }

    /// Goes to a place that is counted with checksums.
    fn seek(&mut self, physical: u64) -> Result<(), String> {
        if physical >= self.pages * PAGE as u64 || physical % PAGE as u64 >= PAYLOAD as u64 {
            return Err(format!("the place {physical} is not in the file; copy it again"));
        }
        self.at = physical / PAGE as u64 * PAYLOAD as u64 + physical % PAGE as u64;
        Ok(())
    }

    fn read(&mut self, mut bytes: &mut [u8]) -> Result<(), String> {
        while !bytes.is_empty() {
            let page = self.at / PAYLOAD as u64;
            if self.held != Some(page) {
                self.load(page)?;
            }
            let from = (self.at % PAYLOAD as u64) as usize;
            let some = bytes.len().min(PAYLOAD - from);
            let (now, later) = bytes.split_at_mut(some);
            now.copy_from_slice(&self.page[from..from + some]);
            bytes = later;
            self.at += some as u64;
        }
        Ok(())
    }

    fn load(&mut self, page: u64) -> Result<(), String> {
        self.held = None;
        if page >= self.pages {
            return Err("the file ends within its points; copy it again".to_owned());
        }
        let place = SeekFrom::Start(page * PAGE as u64);
        let read = self.open.seek(place).and_then(|_| self.open.read_exact(&mut self.page));
        read.map_err(|error| error.to_string())?;
        let sum = !self.page[..PAYLOAD]
            .iter()
            .fold(!0_u32, |sum, &byte| self.table[usize::from(sum as u8 ^ byte)] ^ (sum >> 8));
        // Numbers are little-endian in E57, this one is not.
        if sum.to_be_bytes() != self.page[PAYLOAD..] {
            return Err(format!("the checksum of page {page} is wrong; copy the file again"));
        }
        self.held = Some(page);
        Ok(())
    }
}

/// Values of some fields of some points.
#[derive(Default)]
pub(super) struct Columns {
    /// By field; empty where it is not used.
    values: Vec<Vec<f64>>,
}

impl Columns {
    pub(super) fn get(&self, field: usize, point: usize) -> f64 {
        self.values.get(field).and_then(|values| values.get(point)).copied().unwrap_or_default()
    }
}

/// The points of one scan.
pub(super) struct Points {
    streams: Vec<Stream>,
    left: u64,
    /// Where the next packet begins, counted without checksums.
    next: u64,
    /// Bytes of packets that were read.
    pub(super) bytes: u64,
    packet: Vec<u8>,
}

/// Packed numbers of one field that were not yet asked for.
struct Stream {
    kind: RecordDataType,
    bits: usize,
    is_used: bool,
    bytes: Vec<u8>,
    /// Of the first number, in bits.
    at: usize,
}

impl Points {
    pub(super) fn new(pages: &mut Pages, cloud: &PointCloud, used: &[usize]) -> Result<Self, String> {
        pages.seek(cloud.file_offset)?;
        let mut section = [0; 32];
        pages.read(&mut section)?;
        if section[0] != 1 {
            return Err("its points do not begin where the file says; copy it again".to_owned());
        }
        pages.seek(u64::from_le_bytes(std::array::from_fn(|byte| section[16 + byte])))?;
        let streams = cloud.prototype.iter().enumerate().map(|(at, record)| Stream {
            bits: bits(&record.data_type),
            kind: record.data_type.clone(),
            is_used: used.contains(&at),
            bytes: Vec::new(),
            at: 0,
        });
        Ok(Self {
            streams: streams.collect(),
            left: cloud.records,
            next: pages.at,
            bytes: 0,
            packet: Vec::new(),
        })
    }

    pub(super) fn is_done(&self) -> bool {
        self.left == 0
    }

    /// The next points; how many, none at the end.
    pub(super) fn read(&mut self, pages: &mut Pages, columns: &mut Columns) -> Result<usize, String> {
        if self.left == 0 {
            return Ok(0);
        }
        loop {
            let most = self.left.min(BATCH_VERTICES as u64) as usize;
            let count = self.streams.iter().map(Stream::available).min().unwrap_or(0).min(most);
            // A packet has some thousand points; a batch of them is worth writing.
            if count == most
                || (count > 0 && self.streams.iter().any(|stream| stream.bytes.len() > WAITING / 64))
            {
                columns.values.resize_with(self.streams.len(), Vec::new);
                for (stream, values) in self.streams.iter_mut().zip(&mut columns.values) {
                    stream.take(count, values);
                }
                self.left -= count as u64;
                return Ok(count);
            }
            self.packet(pages)?;
        }
    }

    fn packet(&mut self, pages: &mut Pages) -> Result<(), String> {
        pages.at = self.next;
        let mut head = [0; 4];
        pages.read(&mut head)?;
        let length = usize::from(u16::from_le_bytes([head[2], head[3]])) + 1;
        if length < 4 {
            return Err("a packet of its points is damaged; copy the file again".to_owned());
        }
        self.packet.resize(length - 4, 0);
        pages.read(&mut self.packet)?;
        self.next = pages.at;
        self.bytes += length as u64;
        match head[0] {
            // Index and ignored packets hold no points.
            0 | 2 => Ok(()),
            1 => self.data(),
            _ => Err("a packet of its points is of no kind that exists; copy the file again".to_owned()),
        }
    }

    fn data(&mut self) -> Result<(), String> {
        let wrong = || "a packet of its points is damaged; copy the file again".to_owned();
        let short = |at: usize| -> Result<usize, String> {
            let two = self.packet.get(at..).and_then(|rest| rest.first_chunk()).ok_or_else(wrong)?;
            Ok(usize::from(u16::from_le_bytes(*two)))
        };
        if short(0)? != self.streams.len() {
            return Err(wrong());
        }
        let mut at = 2 + self.streams.len() * 2;
        for number in 0..self.streams.len() {
            let length = short(2 + number * 2)?;
            let part = self.packet.get(at..at + length).ok_or_else(wrong)?;
            let stream = &mut self.streams[number];
            stream.forget();
            if stream.bytes.len() + length > WAITING {
                return Err(
                    "the fields of its points are too far apart in the file; export it again".to_owned()
                );
            }
            stream.bytes.extend_from_slice(part);
            at += length;
        }
        Ok(())
    }
}

impl Stream {
    fn available(&self) -> usize {
        // Numbers that are all the same need no bits.
        (self.bytes.len() * 8 - self.at).checked_div(self.bits).unwrap_or(usize::MAX)
    }

    /// Drops bytes whose numbers were taken.
    fn forget(&mut self) {
        self.bytes.drain(..self.at / 8);
        self.at %= 8;
    }

    fn take(&mut self, count: usize, values: &mut Vec<f64>) {
        values.clear();
        if self.is_used {
            values.extend((0..count).map(|number| self.value(self.at + number * self.bits)));
        }
        self.at += count * self.bits;
    }

    fn value(&self, bit: usize) -> f64 {
        let mut window = [0; 16];
        let rest = self.bytes.get(bit / 8..).unwrap_or_default();
        let some = rest.len().min(16);
        window[..some].copy_from_slice(&rest[..some]);
        let raw = (u128::from_le_bytes(window) >> (bit % 8)) as u64;
        let raw = if self.bits < 64 { raw & ((1 << self.bits) - 1) } else { raw };
        match self.kind {
            RecordDataType::Single { .. } => f64::from(f32::from_bits(raw as u32)),
            RecordDataType::Double { .. } => f64::from_bits(raw),
            RecordDataType::Integer { min, .. } => min.wrapping_add(raw as i64) as f64,
            RecordDataType::ScaledInteger { min, scale, offset, .. } => {
                min.wrapping_add(raw as i64) as f64 * scale + offset
            }
        }
    }
}

/// Bits of one number.
fn bits(kind: &RecordDataType) -> usize {
    match *kind {
        RecordDataType::Single { .. } => 32,
        RecordDataType::Double { .. } => 64,
        RecordDataType::Integer { min, max } | RecordDataType::ScaledInteger { min, max, .. } => {
            let range = (i128::from(max) - i128::from(min)).max(0) as u128;
            (u128::BITS - range.leading_zeros()) as usize
        }
    }
}
