//! ASPRS LAS 1.0 to 1.4 and LAZ: all point formats, colours, intensities, the reference system and its unit.

use super::assemble::Vertex;
use super::batch::{BATCH_VERTICES, RawBatch};
use super::error::ScanError;
use super::info::Up;
use super::intensity::Grey;
use super::las_header::{self, Header};
use super::laz::Points;
use super::sink::{Hints, Sink};
use super::source::Source;
use glam::DVec3;

/// Most bytes of points that are read at once.
const READ_BYTES: usize = 16 << 20;

/// Reads a file into the store.
pub(super) fn read(source: &Source, sink: &mut Sink<'_>) -> Result<(), ScanError> {
    let mut open = source.open()?;
    let header = las_header::read(source, &mut open)?;
    about(source, &header, sink);
    let mut scan = Scan {
        colors: Colors { offset: header.color_offset(), are_real: None, wide: false },
        dropped: 0,
        grey: Grey::default(),
        header,
    };
    let mut points = Points::new(source, &scan.header, open)?;
    let (record, count) = (scan.header.record_bytes, scan.header.points);
    let mut batch = RawBatch::default();
    // A point may have up to 65,535 bytes, most of which nobody reads.
    let most = (READ_BYTES / record).clamp(1, BATCH_VERTICES) as u64;
    let mut bytes = vec![0; record * count.min(most) as usize];
    let mut at = 0;
    while at < count {
        let some = (count - at).min(most) as usize;
        let bytes = &mut bytes[..some * record];
        points.read(bytes).map_err(|reason| source.wrong(format!("point {} of {count}", at + 1), reason))?;
        scan.batch(bytes, &mut batch, sink);
        sink.push(&mut batch)?;
        at += some as u64;
        sink.progress((source.length as f64 * (at as f64 / count as f64)) as u64);
    }
    if scan.dropped > 0 {
        let name = &source.name;
        sink.warn(format!(
            "{name}: {} points that are marked as noise or withheld were left out",
            scan.dropped
        ));
    }
    if scan.colors.offset.is_some() && scan.colors.are_real == Some(false) {
        sink.warn(format!("{}: its colours are all black; intensity is shown as grey", source.name));
    }
    Ok(())
}

fn about(source: &Source, header: &Header, sink: &mut Sink<'_>) {
    let info = &mut sink.info;
    info.up = Some(Up::Z);
    info.has_intensity = true;
    info.metres_per_unit = header.metres_per_unit.or(info.metres_per_unit);
    if header.crs.is_some() {
        info.crs.clone_from(&header.crs);
    }
    for told in &header.told {
        sink.removed(format!("{}: {told}", source.name));
    }
    for warning in &header.warnings {
        sink.warn(format!("{}: {warning}", source.name));
    }
}

struct Scan {
    header: Header,
    colors: Colors,
    dropped: u64,
    grey: Grey,
}

/// How the colours are meant, which the file does not say: the first points decide, and if later ones show that
/// this was wrong, the scan is read again.
struct Colors {
    offset: Option<usize>,
    /// Whether any colour is not black.
    are_real: Option<bool>,
    /// Whether they have sixteen bits rather than eight in two bytes.
    wide: bool,
}

impl Colors {
    fn read(&self, record: &[u8]) -> Option<[u16; 3]> {
        let bytes = record.get(self.offset?..)?;
        Some(std::array::from_fn(|at| short(bytes, at * 2)))
    }

    fn decide(&mut self, records: &[u8], record: usize, hints: Hints) {
        let most = records.chunks_exact(record).filter_map(|record| self.read(record)).flatten().max();
        let Some(most) = most else { return };
        self.are_real = Some(hints.real_colors || most > 0);
        self.wide = hints.wide_colors || most > 255;
    }
}

impl Scan {
    fn batch(&mut self, records: &[u8], batch: &mut RawBatch, sink: &mut Sink<'_>) {
        let record_bytes = self.header.record_bytes;
        if self.colors.are_real.is_none() {
            self.colors.decide(records, record_bytes, sink.hints);
        }
        let mut intensities = Vec::new();
        let mut most = 0;
        for record in records.chunks_exact(record_bytes) {
            if self.header.is_dropped(record) {
                self.dropped += 1;
                continue;
            }
            let axis = |at: usize| {
                let stored = i32::from_le_bytes([
                    record[at * 4],
                    record[at * 4 + 1],
                    record[at * 4 + 2],
                    record[at * 4 + 3],
                ]);
                f64::from(stored) * self.header.scale[at] + self.header.offset[at]
            };
            let color = self.colors.read(record);
            most = most.max(color.map_or(0, |color| color.into_iter().max().unwrap_or_default()));
            let color = color.filter(|_| self.colors.are_real == Some(true));
            let narrow = |part: u16| if self.colors.wide { (part >> 8) as u8 } else { part.min(255) as u8 };
            batch.add(Vertex {
                position: DVec3::new(axis(0), axis(1), axis(2)),
                color: color.map(|[red, green, blue]| [narrow(red), narrow(green), narrow(blue), 255]),
                ..Vertex::default()
            });
            if color.is_none() {
                intensities.push(f32::from(short(record, 12)));
            }
        }
        self.grey.color(batch, &mut intensities);
        // What the first points did not show.
        if most > 255 && !self.colors.wide {
            sink.again.get_or_insert(sink.hints).wide_colors = true;
        }
        if most > 0 && self.colors.are_real == Some(false) {
            sink.again.get_or_insert(sink.hints).real_colors = true;
        }
    }
}

fn short(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |two| u16::from_le_bytes(*two))
}
