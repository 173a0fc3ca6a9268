//! Wavefront OBJ, in two passes: places, texture coordinates and normals first, then the faces that name them.

use super::assemble::{Assembler, Key, Vertex};
use super::batch::RawBatch;
use super::error::ScanError;
use super::obj_surfaces::Surfaces;
use super::records::Records;
use super::sink::Sink;
use super::source::Source;
use super::text::{Joins, Lines, number, shown, words};
use super::vertices::disk;
use super::{beside, udim};
use glam::{DVec3, Vec2, Vec3};

/// Most corners of one polygon.
const CORNERS: usize = 65_536;
/// In a key: nothing of this kind.
const NONE: u32 = u32::MAX;

/// Reads a file into the store.
pub(super) fn read(source: &Source, sink: &mut Sink<'_>) -> Result<(), ScanError> {
    beside::read(source, sink)?;
    let mut lists = Lists::read(source, sink)?;
    if lists.faces == 0 {
        return points(source, sink, &mut lists);
    }
    let mut faces = Faces {
        surfaces: Surfaces::default(),
        assembler: Assembler::default(),
        seen: [0; 3],
        corners: Vec::new(),
    };
    let mut lines = Lines::new(source)?;
    while let Some(line) = lines.next(Joins::Backslash)? {
        let mut parts = words(line);
        match parts.next() {
            Some(b"v") => faces.seen[0] += 1,
            Some(b"vt") => faces.seen[1] += 1,
            Some(b"vn") => faces.seen[2] += 1,
            Some(b"mtllib") => faces.surfaces.library(source, sink, rest(line, b"mtllib"))?,
            Some(b"usemtl") => faces.surfaces.choose(source, sink, rest(line, b"usemtl"))?,
            Some(b"f") => {
                if let Err(reason) = faces.corners(parts, &lists) {
                    return Err(lines.wrong(reason));
                }
                faces.triangles(source, sink, &mut lists)?;
            }
            _ => {}
        }
        sink.progress(source.length / 2 + lines.done / 2);
    }
    faces.assembler.finish(sink)
}

/// What stands behind the first word.
fn rest<'a>(line: &'a [u8], word: &[u8]) -> &'a [u8] {
    let line = line.trim_ascii();
    line.get(word.len()..).unwrap_or_default().trim_ascii()
}

/// What faces name by number.
struct Lists {
    /// Position, colour, and whether there is one.
    places: Records<37>,
    uvs: Records<8>,
    normals: Records<12>,
    faces: u64,
    /// Whether colours go up to 255 rather than to 1.
    are_bytes: bool,
}

impl Lists {
    fn read(source: &Source, sink: &mut Sink<'_>) -> Result<Self, ScanError> {
        let memory = sink.options.vertex_memory;
        let mut all = Self {
            places: Records::new(memory / 2),
            uvs: Records::new(memory / 4),
            normals: Records::new(memory / 4),
            faces: 0,
            are_bytes: false,
        };
        let mut left_out = 0_u64;
        let mut lines = Lines::new(source)?;
        while let Some(line) = lines.next(Joins::Backslash)? {
            let mut parts = words(line);
            let pushed = match parts.next() {
                Some(b"v") => {
                    numbers::<7>(parts, 3).map(|(all_numbers, count)| all.place(all_numbers, count, sink))
                }
                Some(b"vt") => numbers::<3>(parts, 1)
                    .map(|([u, v, _], _)| all.uvs.push(&bytes([u as f32, v as f32]), sink.folder())),
                Some(b"vn") => numbers::<3>(parts, 3).map(|(normal, _)| {
                    all.normals.push(&bytes(normal.map(|axis| axis as f32)), sink.folder())
                }),
                Some(b"f") => {
                    all.faces += 1;
                    continue;
                }
                Some(b"curv" | b"surf" | b"cstype" | b"l") => {
                    left_out += 1;
                    continue;
                }
                _ => continue,
            };
            match pushed {
                Err(reason) => return Err(lines.wrong(reason)),
                Ok(written) => written.map_err(|error| disk(&source.name, &error))?,
            }
            sink.progress(lines.done / 2);
        }
        if left_out > 0 {
            sink.warn(format!("{}: {left_out} lines and curved surfaces are left out", source.name));
        }
        let frozen = all.places.freeze().and_then(|()| all.uvs.freeze()).and_then(|()| all.normals.freeze());
        frozen.map_err(|error| disk(&source.name, &error))?;
        Ok(all)
    }

    fn place(&mut self, numbers: [f64; 7], count: usize, sink: &Sink<'_>) -> std::io::Result<()> {
        let mut record = [0; 37];
        for (place, number) in record[..24].chunks_exact_mut(8).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        // Three numbers are a place, four have a weight that nobody uses, six and seven a colour.
        if count >= 6 {
            record[24] = 1;
            self.are_bytes |= numbers[3..6].iter().any(|&part| part > 1.0);
            for (place, number) in record[25..].chunks_exact_mut(4).zip(&numbers[3..6]) {
                place.copy_from_slice(&(*number as f32).to_le_bytes());
            }
        }
        self.places.push(&record, sink.folder())
    }

    /// The vertex of a key.
    fn vertex(&mut self, [place, uv, normal]: Key) -> std::io::Result<Vertex> {
        let record = self.places.get(u64::from(place))?;
        let double = |at: usize| f64::from_le_bytes(std::array::from_fn(|byte| record[at * 8 + byte]));
        let scale = if self.are_bytes { 1.0 } else { 255.0 };
        let color = |at: usize| {
            let part = f32::from_le_bytes(std::array::from_fn(|byte| record[25 + at * 4 + byte]));
            (part * scale).round().clamp(0.0, 255.0) as u8
        };
        let mut vertex = Vertex {
            position: DVec3::new(double(0), double(1), double(2)),
            color: (record[24] == 1).then(|| [color(0), color(1), color(2), 255]),
            ..Vertex::default()
        };
        if uv != NONE {
            vertex.uv = Some(floats(self.uvs.get(u64::from(uv))?).into());
        }
        if normal != NONE {
            let normal: Vec3 = floats(self.normals.get(u64::from(normal))?).into();
            vertex.normal = Some(normal.try_normalize().unwrap_or(Vec3::Y));
        }
        Ok(vertex)
    }
}

/// Up to `N` numbers of a line, at least `least`, and how many there were.
fn numbers<'a, const N: usize>(
    parts: impl Iterator<Item = &'a [u8]>,
    least: usize,
) -> Result<([f64; N], usize), String> {
    let (mut found, mut count) = ([0.0; N], 0);
    for (place, part) in found.iter_mut().zip(parts) {
        *place = number(part).ok_or_else(|| format!("{:?} is no number", shown(part)))?;
        count += 1;
    }
    match count >= least {
        true => Ok((found, count)),
        false => Err(format!("here are {count} numbers; {least} are needed")),
    }
}

fn bytes<const N: usize, const M: usize>(numbers: [f32; N]) -> [u8; M] {
    let mut record = [0; M];
    for (place, number) in record.chunks_exact_mut(4).zip(numbers) {
        place.copy_from_slice(&number.to_le_bytes());
    }
    record
}

fn floats<const N: usize, const M: usize>(record: [u8; M]) -> [f32; N] {
    std::array::from_fn(|at| f32::from_le_bytes(std::array::from_fn(|byte| record[at * 4 + byte])))
}

/// Without faces the vertices are points.
fn points(source: &Source, sink: &mut Sink<'_>, lists: &mut Lists) -> Result<(), ScanError> {
    let mut batch = RawBatch::default();
    for at in 0..lists.places.len() {
        let at = u32::try_from(at).map_err(|_| source.wrong("", "it has too many points; divide it"))?;
        batch.add(lists.vertex([at, NONE, NONE]).map_err(|error| disk(&source.name, &error))?);
        if batch.is_full() {
            sink.push(&mut batch)?;
        }
    }
    sink.push(&mut batch)
}

struct Faces {
    surfaces: Surfaces,
    assembler: Assembler,
    /// Places, texture coordinates and normals until this line: negative numbers count back from here.
    seen: [u64; 3],
    corners: Vec<Key>,
}

impl Faces {
    fn corners<'a>(&mut self, parts: impl Iterator<Item = &'a [u8]>, lists: &Lists) -> Result<(), String> {
        let counts = [lists.places.len(), lists.uvs.len(), lists.normals.len()];
        self.corners.clear();
        for corner in parts {
            if self.corners.len() >= CORNERS {
                return Err(format!("a polygon has more than {CORNERS} corners"));
            }
            let mut key = [NONE; 3];
            for (kind, index) in corner.split(|&byte| byte == b'/').take(3).enumerate() {
                if index.is_empty() && kind > 0 {
                    continue;
                }
                let text = std::str::from_utf8(index).ok();
                let index: i64 = text
                    .and_then(|text| text.parse().ok())
                    .ok_or_else(|| format!("{:?} is no corner of a face", shown(corner)))?;
                let place = if index < 0 { self.seen[kind] as i64 + index } else { index - 1 };
                if place < 0 || place as u64 >= counts[kind] || place as u64 >= u64::from(NONE) {
                    let what = ["vertex", "texture coordinate", "normal"][kind];
                    return Err(format!("it names {what} {index} of {}", counts[kind]));
                }
                key[kind] = place as u32;
            }
            self.corners.push(key);
        }
        match self.corners.len() {
            0..3 => Err("a face has fewer than three corners".to_owned()),
            _ => Ok(()),
        }
    }

    fn triangles(
        &mut self,
        source: &Source,
        sink: &mut Sink<'_>,
        lists: &mut Lists,
    ) -> Result<(), ScanError> {
        for last in 2..self.corners.len() {
            let keys = [self.corners[0], self.corners[last - 1], self.corners[last]];
            let tile = match self.surfaces.is_tiled() && keys.iter().all(|key| key[1] != NONE) {
                false => None,
                true => {
                    let mut uvs = [[0.0; 2]; 3];
                    for (uv, key) in uvs.iter_mut().zip(keys) {
                        let record = lists.uvs.get(u64::from(key[1]));
                        *uv = floats(record.map_err(|error| disk(&source.name, &error))?);
                    }
                    udim::tile_of(uvs)
                }
            };
            let surface = self.surfaces.of(source, sink, tile)?;
            self.assembler.triangle(sink, surface.material, keys, |key| {
                let mut vertex = lists.vertex(key).map_err(|error| disk(&source.name, &error))?;
                // OBJ counts v upwards, glTF downwards.
                let changed = |uv: Vec2| {
                    let uv = uv * surface.scale + surface.offset;
                    Vec2::new(uv.x, 1.0 - uv.y)
                };
                vertex.uv = vertex.uv.map(changed);
                Ok(vertex)
            })?;
        }
        Ok(())
    }
}
