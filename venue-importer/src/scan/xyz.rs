//! Text with a point on each line: x y z, then perhaps intensity, colour, normal; also PTS, which begins with a
//! count. What the columns mean is read from a line of names, or else decided by their number and the first points.

use super::assemble::Vertex;
use super::batch::{BATCH_VERTICES, RawBatch};
use super::beside;
use super::error::ScanError;
use super::intensity::Grey;
use super::sink::Sink;
use super::source::Source;
use super::text::{Joins, Lines, number, shown};
use glam::{DVec3, Vec3};

/// Most columns.
const COLUMNS: usize = 64;
/// Most lines of text before the first point.
const HEADER_LINES: u64 = 64;

/// Reads a file into the store.
pub(super) fn read(source: &Source, sink: &mut Sink<'_>) -> Result<(), ScanError> {
    beside::read(source, sink)?;
    let mut lines = Lines::new(source)?;
    let mut table = Table::default();
    let mut meaning = None;
    let mut reader = Points::default();
    loop {
        let done = table.read(&mut lines)?;
        if table.columns == 0 {
            return Err(source.wrong("", "no line of it has three numbers; x y z are needed"));
        }
        if meaning.is_none() {
            let columns = Columns::decide(&table, sink, &source.name);
            sink.info.has_intensity |= columns.intensity.is_some();
            meaning = Some(columns);
        }
        if let Some(columns) = &meaning {
            reader.push(columns, &table, sink)?;
        }
        sink.progress(lines.done);
        if done {
            return Ok(());
        }
    }
}

/// Numbers of as many points as a batch has.
#[derive(Default)]
struct Table {
    values: Vec<f64>,
    columns: usize,
    names: Vec<String>,
}

impl Table {
    /// Fills the table; whether this was the end.
    fn read(&mut self, lines: &mut Lines<'_>) -> Result<bool, ScanError> {
        self.values.clear();
        let mut row = Vec::new();
        while self.columns == 0 || self.values.len() < BATCH_VERTICES * self.columns {
            let Some(line) = lines.next(Joins::Never)? else { return Ok(true) };
            let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii();
            let is_comment = [&b"#"[..], b"//", b"%", b"!"].iter().any(|mark| line.starts_with(mark));
            row.clear();
            let mut wrong = None;
            for word in cells(line) {
                match number(word) {
                    Some(value) if row.len() < COLUMNS => row.push(value),
                    Some(_) => {}
                    None => wrong = wrong.or_else(|| Some(shown(word))),
                }
            }
            let is_point = wrong.is_none() && row.len() >= 3 && !is_comment;
            if self.columns == 0 && !is_point {
                // A count, names of columns, a title.
                self.read_names(line);
                if lines.number > HEADER_LINES {
                    let reason = "no line until here has three numbers; x y z are needed";
                    return Err(lines.wrong(reason));
                }
                continue;
            }
            // PTS may hold several scans, each with its count before it.
            if is_comment || line.is_empty() || (wrong.is_none() && row.len() == 1 && self.columns > 3) {
                continue;
            }
            if let Some(word) = wrong {
                return Err(lines.wrong(format!("{word:?} is no number")));
            }
            if self.columns == 0 {
                self.columns = row.len();
            }
            if row.len() < self.columns {
                let (columns, count) = (self.columns, row.len());
                return Err(
                    lines.wrong(format!("it has {count} numbers, where the lines before have {columns}"))
                );
            }
            self.values.extend_from_slice(&row[..self.columns]);
        }
        Ok(false)
    }

    fn read_names(&mut self, line: &[u8]) {
        let marks: &[char] = &['#', '/', '%', '!', '"'];
        let text = String::from_utf8_lossy(line).to_lowercase();
        let names: Vec<String> = cells(text.as_bytes())
            .map(|word| String::from_utf8_lossy(word).trim_matches(marks).to_owned())
            .filter(|word| !word.is_empty())
            .collect();
        if ["x", "y", "z"].iter().all(|axis| names.iter().any(|name| name == axis)) {
            self.names = names;
        }
    }

    fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.columns.max(1))
    }
}

/// Words between spaces, commas and semicolons.
fn cells(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let parts = line.split(|byte| byte.is_ascii_whitespace() || *byte == b',' || *byte == b';');
    parts.filter(|part| !part.is_empty())
}

/// Which column is what.
#[derive(Debug, PartialEq)]
struct Columns {
    position: [usize; 3],
    intensity: Option<usize>,
    color: Option<[usize; 3]>,
    /// What makes a colour's number one of eight bits.
    color_scale: f64,
    normal: Option<[usize; 3]>,
}

impl Columns {
    fn decide(table: &Table, sink: &mut Sink<'_>, file: &str) -> Self {
        let named =
            |names: &[&str]| names.iter().find_map(|name| table.names.iter().position(|known| known == name));
        let three = |all: [Option<usize>; 3]| match all {
            [Some(a), Some(b), Some(c)] => Some([a, b, c]),
            _ => None,
        };
        let mut columns =
            Self { position: [0, 1, 2], intensity: None, color: None, color_scale: 1.0, normal: None };
        if table.names.len() == table.columns && !table.names.is_empty() {
            columns.position = three([named(&["x"]), named(&["y"]), named(&["z"])]).unwrap_or([0, 1, 2]);
            columns.intensity = named(&["intensity", "i", "reflectance", "scalar_intensity"]);
            columns.color = three([named(&["r", "red"]), named(&["g", "green"]), named(&["b", "blue"])]);
            columns.normal = three([named(&["nx"]), named(&["ny"]), named(&["nz"])]);
        } else {
            let is_unit = |from: usize| {
                let mut values = table.rows().flat_map(|row| &row[from..from + 3]);
                let has_parts =
                    table.rows().any(|row| row[from..from + 3].iter().any(|value| value.fract() != 0.0));
                has_parts
                    && values.all(|value| value.abs() <= 1.0)
                    && table.rows().any(|row| row[from..from + 3].iter().any(|&value| value < 0.0))
            };
            let at = |from: usize| Some([from, from + 1, from + 2]);
            match table.columns {
                3 => {}
                4 => columns.intensity = Some(3),
                6 if is_unit(3) => columns.normal = at(3),
                6 => columns.color = at(3),
                7 => (columns.intensity, columns.color) = (Some(3), at(4)),
                9 if is_unit(3) => (columns.normal, columns.color) = (at(3), at(6)),
                9 => (columns.color, columns.normal) = (at(3), at(6)),
                10 => (columns.intensity, columns.color, columns.normal) = (Some(3), at(4), at(7)),
                count => sink.warn(format!(
                    "{file}: it has {count} columns and no line that names them; the first three are read as x y z"
                )),
            }
        }
        if let Some(color) = columns.color {
            let values = || table.rows().flat_map(|row| color.map(|at| row[at]));
            let most = values().fold(0.0, f64::max);
            columns.color_scale = match most {
                ..=1.0 if values().any(|value| value.fract() != 0.0) => 255.0,
                ..=255.0 => 1.0,
                _ => 255.0 / 65_535.0,
            };
        }
        columns
    }
}

#[derive(Default)]
struct Points {
    batch: RawBatch,
    grey: Grey,
    intensities: Vec<f32>,
}

impl Points {
    fn push(&mut self, columns: &Columns, table: &Table, sink: &mut Sink<'_>) -> Result<(), ScanError> {
        for row in table.rows() {
            let three = |at: [usize; 3]| DVec3::from(at.map(|at| row[at]));
            let color = columns.color.map(|at| {
                let [red, green, blue] =
                    at.map(|at| (row[at] * columns.color_scale).round().clamp(0.0, 255.0) as u8);
                [red, green, blue, 255]
            });
            self.batch.add(Vertex {
                position: three(columns.position),
                normal: columns.normal.map(|at| three(at).as_vec3().try_normalize().unwrap_or(Vec3::Y)),
                uv: None,
                color,
            });
            if let (Some(at), None) = (columns.intensity, columns.color) {
                self.intensities.push(row[at] as f32);
            }
        }
        self.grey.color(&mut self.batch, &mut self.intensities);
        sink.push(&mut self.batch)
    }
}
