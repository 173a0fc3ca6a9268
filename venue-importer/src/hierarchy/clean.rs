//! Step clean: what is no surface goes: flat triangles, doubled ones, and small pieces that float by themselves.

use super::mesh::{Grid, TileMesh};
use rustc_hash::{FxHashMap, FxHashSet};

/// What is dropped.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CleanSettings {
    /// A piece that touches nothing and is smaller than this goes; metres, 0 keeps all.
    pub island_size: f32,
}

impl Default for CleanSettings {
    fn default() -> Self {
        Self { island_size: 0.03 }
    }
}

/// What was dropped, in triangles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Cleaned {
    /// With two corners in one place of the grid.
    pub degenerate: u64,
    /// On the same three corners as another, facing the same way.
    pub duplicate: u64,
    /// In small pieces that touch nothing.
    pub floating: u64,
}

impl std::ops::AddAssign for Cleaned {
    fn add_assign(&mut self, other: Self) {
        self.degenerate += other.degenerate;
        self.duplicate += other.duplicate;
        self.floating += other.floating;
    }
}

/// Cleans a cell's mesh, which must be welded. `outside` tells whether a place is shared with another cell: pieces that reach it stay.
pub fn clean(
    mesh: &mut TileMesh,
    grid: Grid,
    settings: CleanSettings,
    outside: impl Fn([i32; 3]) -> bool,
) -> Cleaned {
    let duplicate = drop_duplicates(mesh) as u64;
    let floating = drop_islands(mesh, grid, settings.island_size, outside) as u64;
    mesh.drop_unused();
    Cleaned { degenerate: 0, duplicate, floating }
}

fn drop_duplicates(mesh: &mut TileMesh) -> usize {
    let before = mesh.triangles();
    let mut seen: FxHashSet<[u32; 3]> =
        FxHashSet::with_capacity_and_hasher(before, rustc_hash::FxBuildHasher);
    let places = position_ids(mesh);
    let mut kept = Vec::with_capacity(mesh.indices.len());
    for triangle in mesh.indices.as_chunks::<3>().0 {
        let mut corners = triangle.map(|index| places[index as usize]);
        // The smallest first, the sense of rotation kept: both sides of a sheet are two triangles.
        let smallest = (0..3).min_by_key(|&i| corners[i]).unwrap_or(0);
        corners.rotate_left(smallest);
        if seen.insert(corners) {
            kept.extend(triangle);
        }
    }
    mesh.indices = kept;
    before - mesh.triangles()
}

/// A number for each vertex that is the same for vertices in the same place.
pub(crate) fn position_ids(mesh: &TileMesh) -> Vec<u32> {
    let mut ids: FxHashMap<[i32; 3], u32> =
        FxHashMap::with_capacity_and_hasher(mesh.vertices.len(), rustc_hash::FxBuildHasher);
    mesh.vertices
        .iter()
        .map(|vertex| {
            let next = ids.len() as u32;
            *ids.entry(vertex.position).or_insert(next)
        })
        .collect()
}

fn drop_islands(mesh: &mut TileMesh, grid: Grid, size: f32, outside: impl Fn([i32; 3]) -> bool) -> usize {
    if size <= 0.0 || mesh.indices.is_empty() {
        return 0;
    }
    let places = position_ids(mesh);
    let mut pieces = Pieces::new(mesh.vertices.len());
    for triangle in mesh.indices.as_chunks::<3>().0 {
        let [a, b, c] = triangle.map(|index| places[index as usize]);
        pieces.join(a, b);
        pieces.join(b, c);
    }
    let mut extents: FxHashMap<u32, Extent> = FxHashMap::default();
    for (vertex, &place) in mesh.vertices.iter().zip(&places) {
        let extent = extents.entry(pieces.of(place)).or_default();
        extent.add(vertex.position);
        extent.is_anchored |= outside(vertex.position);
    }
    let steps = f64::from(size) / grid.step();
    // The largest piece of a cell stays, however small: a scan of a coin is not empty.
    let largest = extents.values().map(Extent::diagonal).fold(0.0, f64::max);
    let goes =
        |extent: &Extent| !extent.is_anchored && extent.diagonal() < steps && extent.diagonal() < largest;
    let before = mesh.triangles();
    let mut kept = Vec::with_capacity(mesh.indices.len());
    for triangle in mesh.indices.as_chunks::<3>().0 {
        if !goes(&extents[&pieces.of(places[triangle[0] as usize])]) {
            kept.extend(triangle);
        }
    }
    mesh.indices = kept;
    before - mesh.triangles()
}

#[derive(Default)]
struct Extent {
    range: Option<([i32; 3], [i32; 3])>,
    is_anchored: bool,
}

impl Extent {
    fn add(&mut self, p: [i32; 3]) {
        let (min, max) = self.range.get_or_insert((p, p));
        for i in 0..3 {
            min[i] = min[i].min(p[i]);
            max[i] = max[i].max(p[i]);
        }
    }

    /// Steps of the grid.
    fn diagonal(&self) -> f64 {
        let Some((min, max)) = self.range else { return 0.0 };
        (0..3).map(|i| f64::from(max[i]) - f64::from(min[i])).map(|d| d * d).sum::<f64>().sqrt()
    }
}

/// Which things belong together: union-find with path halving.
pub(crate) struct Pieces {
    parents: Vec<u32>,
}

impl Pieces {
    pub(crate) fn new(count: usize) -> Self {
        Self { parents: (0..count as u32).collect() }
    }

    pub(crate) fn of(&mut self, mut at: u32) -> u32 {
        while self.parents[at as usize] != at {
            let above = self.parents[self.parents[at as usize] as usize];
            self.parents[at as usize] = above;
            at = above;
        }
        at
    }

    /// The smaller number stands for both, so that the outcome does not depend on the order.
    pub(crate) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.of(a), self.of(b));
        self.parents[a.max(b) as usize] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::super::mesh::Vertex;
    use super::*;

    fn mesh(triangles: &[[[i32; 3]; 3]]) -> TileMesh {
        let vertices: Vec<_> =
            triangles.iter().flatten().map(|&position| Vertex { position, ..Vertex::default() }).collect();
        TileMesh { indices: (0..vertices.len() as u32).collect(), vertices }
    }

    const GRID: Grid = Grid { exponent: -10 };
    const WALL: [[i32; 3]; 3] = [[0, 0, 0], [2_000, 0, 0], [0, 2_000, 0]];
    const CRUMB: [[i32; 3]; 3] = [[500, 500, 90], [510, 500, 90], [500, 510, 90]];

    fn check(triangles: &[[[i32; 3]; 3]], outside: bool, expected: Cleaned, left: usize) {
        let mut mesh = mesh(triangles);
        let degenerate = mesh.weld() as u64;
        let mut cleaned = clean(&mut mesh, GRID, CleanSettings::default(), |_| outside);
        cleaned.degenerate += degenerate;
        assert_eq!((cleaned, mesh.triangles()), (expected, left));
        assert!(mesh.vertices.len() <= left * 3);
    }

    #[test]
    fn crumbs_in_the_air_go_unless_they_reach_another_cell() {
        check(&[WALL, CRUMB], false, Cleaned { floating: 1, ..Cleaned::default() }, 1);
        check(&[WALL, CRUMB], true, Cleaned::default(), 2);
        check(&[CRUMB], false, Cleaned::default(), 1);
    }

    #[test]
    fn doubled_triangles_go_and_back_sides_stay() {
        let [a, b, c] = WALL;
        check(&[WALL, [b, c, a]], false, Cleaned { duplicate: 1, ..Cleaned::default() }, 1);
        check(&[WALL, [a, c, b]], false, Cleaned::default(), 2);
        check(&[WALL, [a, a, b]], false, Cleaned { degenerate: 1, ..Cleaned::default() }, 1);
    }
}
