//! Step clean: what is no surface goes: flat triangles, doubled ones, and small pieces that float by themselves.

use super::mesh::{Grid, TileMesh};
use super::numbers::{ByFirst, Numbers};
use crate::nearest::{Open, Surface, Triangle};
use glam::Vec3;

/// A piece that is so near to a larger one lies on it, metres: a letter on its plate, a pen on a table.
const CONTACT: f32 = 0.01;

/// What is dropped. Usually nothing: what somebody has modelled is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CleanSettings {
    /// A piece that touches nothing and is smaller than this goes; metres, 0 keeps all.
    pub island_size: f32,
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
    let (places, count) = position_ids(mesh);
    let duplicate = drop_duplicates(mesh, &places, count) as u64;
    let floating = drop_islands(mesh, &places, count, grid, settings.island_size, outside) as u64;
    mesh.drop_unused();
    Cleaned { degenerate: 0, duplicate, floating }
}

fn drop_duplicates(mesh: &mut TileMesh, places: &[u32], count: usize) -> usize {
    let triangles = mesh.indices.as_chunks::<3>().0;
    // The smallest place first, the sense of rotation kept: both sides of a sheet are two triangles.
    let turned = || {
        triangles.iter().zip(0_u32..).map(|(triangle, at)| {
            let mut corners = triangle.map(|index| places[index as usize]);
            let smallest = (0..3).min_by_key(|&i| corners[i]).unwrap_or(0);
            corners.rotate_left(smallest);
            (corners[0], (corners[1], corners[2], at))
        })
    };
    let mut others = ByFirst::new(count, turned);
    let mut goes = vec![false; triangles.len()];
    for first in 0..count {
        let others = others.of(first);
        others.sort_unstable();
        for pair in others.windows(2) {
            // Of equal ones the first of the mesh stays.
            goes[pair[1].2 as usize] = (pair[0].0, pair[0].1) == (pair[1].0, pair[1].1);
        }
    }
    keep(mesh, |_, at| !goes[at])
}

/// Keeps the triangles for which `stays` holds; gives how many went.
fn keep(mesh: &mut TileMesh, mut stays: impl FnMut(&[u32; 3], usize) -> bool) -> usize {
    let before = mesh.triangles();
    let mut kept = Vec::with_capacity(mesh.indices.len());
    for (at, triangle) in mesh.indices.as_chunks::<3>().0.iter().enumerate() {
        if stays(triangle, at) {
            kept.extend(triangle);
        }
    }
    mesh.indices = kept;
    before - mesh.triangles()
}

/// A number for each vertex that is the same for vertices in the same place, and how many places there are.
pub(crate) fn position_ids(mesh: &TileMesh) -> (Vec<u32>, usize) {
    let mut numbers = Numbers::with_capacity(mesh.vertices.len());
    let ids = mesh.vertices.iter().map(|vertex| numbers.of(vertex.position)).collect();
    (ids, numbers.len())
}

fn drop_islands(
    mesh: &mut TileMesh,
    places: &[u32],
    count: usize,
    grid: Grid,
    size: f32,
    outside: impl Fn([i32; 3]) -> bool,
) -> usize {
    if size <= 0.0 || mesh.indices.is_empty() {
        return 0;
    }
    let mut pieces = Pieces::new(count);
    for triangle in mesh.indices.as_chunks::<3>().0 {
        let [a, b, c] = triangle.map(|index| places[index as usize]);
        pieces.join(a, b);
        pieces.join(b, c);
    }
    let mut extents: Vec<Extent> = Vec::new();
    extents.resize_with(count, Extent::default);
    for (vertex, &place) in mesh.vertices.iter().zip(places) {
        extents[pieces.of(place) as usize].add(vertex.position);
    }
    let steps = f64::from(size) / grid.step();
    // The largest piece of a cell stays, however small: a scan of a coin is not empty.
    let largest = extents.iter().map(Extent::diagonal).fold(0.0, f64::max);
    let is_small = |extent: &Extent| extent.diagonal() < steps && extent.diagonal() < largest;
    let mut goes: Vec<bool> = extents.iter().map(is_small).collect();
    // Only for the few small ones it matters whether they lead out of the cell.
    for (vertex, &place) in mesh.vertices.iter().zip(places) {
        let piece = pieces.of(place) as usize;
        goes[piece] = goes[piece] && !outside(vertex.position);
    }
    keep_what_lies_on_something(mesh, places, &mut pieces, &mut goes, grid);
    keep(mesh, |triangle, _| !goes[pieces.of(places[triangle[0] as usize]) as usize])
}

/// Of the pieces that would go those stay that lie on one that does not.
fn keep_what_lies_on_something(
    mesh: &TileMesh,
    places: &[u32],
    pieces: &mut Pieces,
    goes: &mut [bool],
    grid: Grid,
) {
    let mut of = |vertex: u32| pieces.of(places[vertex as usize]) as usize;
    let small: Vec<(usize, usize)> = (0..mesh.vertices.len())
        .map(|vertex| (vertex, of(vertex as u32)))
        .filter(|(_, piece)| goes[*piece])
        .collect();
    let Some(first) = small.first().map(|(vertex, _)| mesh.vertices[*vertex].position) else { return };
    // From a place of this mesh, because millimetres of a far one are lost in single precision.
    let at = |vertex: usize| {
        let position = mesh.vertices[vertex].position;
        let step = |i: usize| ((i64::from(position[i]) - i64::from(first[i])) as f64 * grid.step()) as f32;
        Vec3::new(step(0), step(1), step(2))
    };
    let mut large = Vec::new();
    for triangle in mesh.indices.as_chunks::<3>().0 {
        if !goes[of(triangle[0])] {
            large.push(Triangle::new(triangle.map(|index| at(index as usize)), large.len() as u32));
        }
    }
    let (large, mut open) = (Surface::new(large), Open::new());
    for (vertex, piece) in small {
        goes[piece] = goes[piece] && large.nearest(at(vertex), None, CONTACT * CONTACT, &mut open).is_none();
    }
}

#[derive(Default)]
struct Extent {
    range: Option<([i32; 3], [i32; 3])>,
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
        let mut cleaned = clean(&mut mesh, GRID, CleanSettings { island_size: 0.03 }, |_| outside);
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
    fn what_lies_on_something_is_no_crumb_and_a_model_keeps_everything() {
        let lower = |by: i32| CRUMB.map(|[x, y, z]| [x, y, z - by]);
        check(&[WALL, lower(87)], false, Cleaned::default(), 2);
        check(&[WALL, lower(70)], false, Cleaned { floating: 1, ..Cleaned::default() }, 1);
        let mut mesh = mesh(&[WALL, CRUMB]);
        assert_eq!(clean(&mut mesh, GRID, CleanSettings::default(), |_| false), Cleaned::default());
    }

    #[test]
    fn doubled_triangles_go_and_back_sides_stay() {
        let [a, b, c] = WALL;
        check(&[WALL, [b, c, a]], false, Cleaned { duplicate: 1, ..Cleaned::default() }, 1);
        check(&[WALL, [a, c, b]], false, Cleaned::default(), 2);
        check(&[WALL, [a, a, b]], false, Cleaned { degenerate: 1, ..Cleaned::default() }, 1);
    }
}
