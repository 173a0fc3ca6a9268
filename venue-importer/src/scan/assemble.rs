//! Triangles that name their vertices by number become batches that hold their own vertices.
//!
//! The source's order is kept within each material, so neighbours stay together. A vertex that two batches need
//! is in both.

use super::batch::{BATCH_INDICES, BATCH_VERTICES, RawBatch};
use super::error::ScanError;
use super::sink::Sink;
use glam::{DVec3, Vec2, Vec3};

/// Materials whose batches are open at the same time; files change back and forth between a few.
const OPEN: usize = 16;

/// What makes two corners the same vertex: position, texture coordinate, normal, by their numbers.
pub(super) type Key = [u32; 3];

/// One corner of a triangle, or a point.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Vertex {
    pub(super) position: DVec3,
    pub(super) normal: Option<Vec3>,
    pub(super) uv: Option<Vec2>,
    pub(super) color: Option<[u8; 4]>,
}

impl RawBatch {
    /// Adds a vertex; a list that begins with it is filled up for those before.
    pub(super) fn add(&mut self, vertex: Vertex) {
        let before = self.positions.len();
        self.positions.push(vertex.position);
        put(&mut self.normals, before, vertex.normal, Vec3::ZERO);
        put(&mut self.uvs, before, vertex.uv, Vec2::ZERO);
        put(&mut self.colors, before, vertex.color, [255; 4]);
    }

    pub(super) fn is_full(&self) -> bool {
        self.positions.len() >= BATCH_VERTICES
    }
}

fn put<T: Copy>(list: &mut Vec<T>, before: usize, value: Option<T>, without: T) {
    if value.is_some() || !list.is_empty() {
        list.resize(before, without);
        list.push(value.unwrap_or(without));
    }
}

/// Open batches, one for each material that was used lately.
#[derive(Default)]
pub(super) struct Assembler {
    open: Vec<Open>,
    last: usize,
    turn: u64,
}

struct Open {
    batch: RawBatch,
    numbers: Numbers,
    used: u64,
}

impl Assembler {
    /// Adds a triangle; `vertex` gives what belongs to a key, and is asked once for each batch.
    pub(super) fn triangle(
        &mut self,
        sink: &mut Sink<'_>,
        material: Option<u32>,
        corners: [Key; 3],
        mut vertex: impl FnMut(Key) -> Result<Vertex, ScanError>,
    ) -> Result<(), ScanError> {
        let at = self.open(sink, material)?;
        let open = &mut self.open[at];
        for key in corners {
            let next = open.batch.positions.len() as u32;
            let number = match open.numbers.number(key, next) {
                Some(known) => known,
                None => {
                    open.batch.add(vertex(key)?);
                    next
                }
            };
            open.batch.indices.push(number);
        }
        Ok(())
    }

    /// Writes all that is open.
    pub(super) fn finish(&mut self, sink: &mut Sink<'_>) -> Result<(), ScanError> {
        // In the order of their beginnings, which does not hang on anything but the source.
        for open in &mut self.open {
            sink.push(&mut open.batch)?;
            open.numbers.clear();
        }
        Ok(())
    }

    /// The open batch of this material, with room for a triangle.
    fn open(&mut self, sink: &mut Sink<'_>, material: Option<u32>) -> Result<usize, ScanError> {
        let is_last = self.open.get(self.last).is_some_and(|open| open.batch.material == material);
        let at = match is_last {
            true => self.last,
            false => match self.open.iter().position(|open| open.batch.material == material) {
                Some(at) => at,
                None => self.begin(sink, material)?,
            },
        };
        self.last = at;
        self.turn += 1;
        let open = &mut self.open[at];
        open.used = self.turn;
        let batch = &open.batch;
        if batch.positions.len() + 3 > BATCH_VERTICES || batch.indices.len() + 3 > BATCH_INDICES {
            sink.push(&mut open.batch)?;
            open.numbers.clear();
        }
        Ok(at)
    }

    /// Makes room for another material, if need be in the place of the one that was not used for longest.
    fn begin(&mut self, sink: &mut Sink<'_>, material: Option<u32>) -> Result<usize, ScanError> {
        let oldest = (0..self.open.len()).min_by_key(|&at| self.open[at].used);
        let at = match oldest.filter(|_| self.open.len() >= OPEN) {
            None => {
                let batch = RawBatch::default();
                self.open.push(Open { batch, numbers: Numbers::default(), used: 0 });
                self.open.len() - 1
            }
            Some(at) => {
                sink.push(&mut self.open[at].batch)?;
                self.open[at].numbers.clear();
                at
            }
        };
        self.open[at].batch.material = material;
        Ok(at)
    }
}

/// Keys of a batch and their numbers: a table of its own, because half of the work of a large mesh is asking it.
struct Numbers {
    slots: Vec<(Key, u32)>,
    used: Vec<u32>,
}

const SLOTS: usize = 2 * BATCH_VERTICES;
const EMPTY: u32 = u32::MAX;

impl Default for Numbers {
    fn default() -> Self {
        Self { slots: vec![([0; 3], EMPTY); SLOTS], used: Vec::new() }
    }
}

impl Numbers {
    /// The number of a key that was seen; else it gets `next`, and none comes back.
    fn number(&mut self, key: Key, next: u32) -> Option<u32> {
        let mixed = (u64::from(key[0]) ^ (u64::from(key[1]) << 21) ^ (u64::from(key[2]) << 42))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut at = (mixed >> 40) as usize % SLOTS;
        loop {
            let (known, number) = self.slots[at];
            if number == EMPTY {
                self.slots[at] = (key, next);
                self.used.push(at as u32);
                return None;
            }
            if known == key {
                return Some(number);
            }
            at = (at + 1) % SLOTS;
        }
    }

    fn clear(&mut self) {
        for at in self.used.drain(..) {
            self.slots[at as usize].1 = EMPTY;
        }
    }
}
