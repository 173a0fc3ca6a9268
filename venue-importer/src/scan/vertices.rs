//! All vertices of a mesh, by number: see [`records`](super::records).

use super::assemble::Vertex;
use super::error::ScanError;
use super::records::Records;
use super::sink::Sink;
use super::source::Source;
use glam::{DVec3, Vec2, Vec3};

/// One byte that says what is there, position, normal, texture coordinate, colour.
const BYTES: usize = 1 + 24 + 12 + 8 + 4;
const NORMAL: u8 = 1;
const UV: u8 = 2;
const COLOR: u8 = 4;

pub(super) struct Vertices {
    records: Records<BYTES>,
    file: String,
}

impl Vertices {
    /// For the vertices of this file.
    pub(super) fn new(source: &Source, sink: &Sink<'_>) -> Self {
        Self { records: Records::new(sink.options.vertex_memory), file: source.name.clone() }
    }

    pub(super) fn len(&self) -> u64 {
        self.records.len()
    }

    pub(super) fn clear(&mut self) {
        self.records.clear();
    }

    pub(super) fn push(&mut self, vertex: &Vertex, sink: &Sink<'_>) -> Result<(), ScanError> {
        let pushed = self.records.push(&packed(vertex), sink.folder());
        pushed.map_err(|error| disk(&self.file, &error))
    }

    /// To be called between the last vertex that is pushed and the first that is asked for.
    pub(super) fn freeze(&mut self) -> Result<(), ScanError> {
        self.records.freeze().map_err(|error| disk(&self.file, &error))
    }

    /// The vertex of this number, which must be there.
    pub(super) fn get(&mut self, at: u32) -> Result<Vertex, ScanError> {
        let record = self.records.get(u64::from(at)).map_err(|error| disk(&self.file, &error))?;
        Ok(unpacked(&record))
    }
}

/// What to say when vertices that do not fit into memory do not fit on the disk either.
pub(super) fn disk(file: &str, error: &std::io::Error) -> ScanError {
    ScanError::new(file, "", format!("its vertices can not be put on the disk for a while: {error}"))
}

fn packed(vertex: &Vertex) -> [u8; BYTES] {
    let mut record = [0; BYTES];
    let flag = |is_there: bool, flag: u8| if is_there { flag } else { 0 };
    record[0] = flag(vertex.normal.is_some(), NORMAL)
        | flag(vertex.uv.is_some(), UV)
        | flag(vertex.color.is_some(), COLOR);
    for (place, number) in record[1..25].chunks_exact_mut(8).zip(vertex.position.to_array()) {
        place.copy_from_slice(&number.to_le_bytes());
    }
    let [x, y, z] = vertex.normal.unwrap_or_default().to_array();
    let [u, v] = vertex.uv.unwrap_or_default().to_array();
    for (place, number) in record[25..45].chunks_exact_mut(4).zip([x, y, z, u, v]) {
        place.copy_from_slice(&number.to_le_bytes());
    }
    record[45..].copy_from_slice(&vertex.color.unwrap_or_default());
    record
}

fn unpacked(record: &[u8; BYTES]) -> Vertex {
    let double = |at: usize| f64::from_le_bytes(std::array::from_fn(|byte| record[1 + at * 8 + byte]));
    let single = |at: usize| f32::from_le_bytes(std::array::from_fn(|byte| record[25 + at * 4 + byte]));
    let has = |flag: u8| record[0] & flag != 0;
    Vertex {
        position: DVec3::new(double(0), double(1), double(2)),
        normal: has(NORMAL).then(|| Vec3::new(single(0), single(1), single(2))),
        uv: has(UV).then(|| Vec2::new(single(3), single(4))),
        color: has(COLOR).then(|| [record[45], record[46], record[47], record[48]]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vertices_come_back_with_what_they_had() {
        let position = DVec3::new(2_600_000.123, -1.5, 1e-9);
        let plain = Vertex { position, ..Vertex::default() };
        let full = Vertex {
            normal: Some(Vec3::Y),
            uv: Some(Vec2::new(0.25, -7.0)),
            color: Some([1, 2, 3, 4]),
            ..plain
        };
        assert_eq!(unpacked(&packed(&plain)), plain);
        assert_eq!(unpacked(&packed(&full)), full);
    }
}
