//! Which places several cells share. They may not move while a level of detail is made that ends there.
//!
//! A triangle belongs to the cell of its middle, so cells end along edges of triangles, and neighbours
//! have the same vertices there. As long as these stay, no crack opens, whichever level either side shows.

use super::mesh::{Grid, TileMesh};
use super::numbers::ByFirst;
use glam::DVec3;
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;

/// Places at edges of cells, while cells are looked at.
#[derive(Clone, Debug, Default)]
pub struct BorderCensus {
    seen: Vec<([i32; 3], u32)>,
}

/// Places that more than one cell has, with the lowest and the highest number of those cells.
#[derive(Clone, Debug, Default)]
pub struct Borders {
    shared: FxHashMap<[i32; 3], (u32, u32)>,
}

/// Places where what is made here meets what is made elsewhere: the neighbouring space of the same scan.
#[derive(Clone, Debug, Default)]
pub struct Seams {
    places: FxHashSet<[i32; 3]>,
}

impl Seams {
    /// Adds a place, metres.
    pub fn add(&mut self, place: DVec3, grid: Grid) {
        self.places.insert(grid.snap(place));
    }

    /// Whether a place is one of them.
    pub fn has(&self, place: [i32; 3]) -> bool {
        !self.places.is_empty() && self.places.contains(&place)
    }
}

/// The places of a cell along which it ends: corners of edges that have a triangle on one side only.
///
/// `places` has the number of each vertex's place, of which there are `count`.
pub fn open_edges(mesh: &TileMesh, places: &[u32], count: usize) -> Vec<[i32; 3]> {
    let corners = || mesh.indices.as_chunks::<3>().0.iter().map(|t| t.map(|index| places[index as usize]));
    let edges =
        || corners().flat_map(|[a, b, c]| [(a, b), (b, c), (c, a)].map(|(a, b)| (a.min(b), a.max(b))));
    let mut ends = ByFirst::new(count, edges);
    let mut is_open = vec![false; count];
    for first in 0..count {
        let ends = ends.of(first);
        ends.sort_unstable();
        for group in ends.chunk_by(|a, b| a == b) {
            if let [end] = group {
                is_open[first] = true;
                is_open[*end as usize] = true;
            }
        }
    }
    let mut open: Vec<[i32; 3]> = mesh
        .vertices
        .iter()
        .zip(places)
        .filter(|(_, place)| std::mem::take(&mut is_open[**place as usize]))
        .map(|(vertex, _)| vertex.position)
        .collect();
    open.shrink_to_fit();
    open
}

impl BorderCensus {
    /// Takes the places along which a cell ends.
    pub fn add(&mut self, cell: u32, open: &[[i32; 3]]) {
        self.seen.extend(open.iter().map(|&place| (place, cell)));
    }

    /// What is shared.
    pub fn finish(mut self) -> Borders {
        self.seen.sort_unstable();
        let mut shared = FxHashMap::default();
        for group in self.seen.chunk_by(|a, b| a.0 == b.0) {
            if let [first, .., last] = group
                && first.1 != last.1
            {
                shared.insert(first.0, (first.1, last.1));
            }
        }
        Borders { shared }
    }
}

impl Borders {
    /// Whether a place is also in a cell outside of these.
    pub fn leads_out(&self, place: [i32; 3], cells: &Range<u32>) -> bool {
        self.shared.get(&place).is_some_and(|&(low, high)| low < cells.start || high >= cells.end)
    }
}

#[cfg(test)]
mod tests {
    use super::super::clean::position_ids;
    use super::super::mesh::Vertex;
    use super::*;

    /// A strip of quads from `from` to `to` along x.
    fn strip(from: i32, to: i32) -> TileMesh {
        let mut mesh = TileMesh::default();
        for x in from..to {
            let first = mesh.vertices.len() as u32;
            for [x, z] in [[x, 0], [x, 1], [x + 1, 1], [x + 1, 0]] {
                mesh.vertices.push(Vertex { position: [x, 0, z], ..Vertex::default() });
            }
            mesh.indices.extend([0, 1, 2, 0, 2, 3].map(|index| first + index));
        }
        mesh.weld();
        mesh
    }

    fn open(mesh: &TileMesh) -> Vec<[i32; 3]> {
        let (places, count) = position_ids(mesh);
        open_edges(mesh, &places, count)
    }

    #[test]
    fn what_two_cells_share_leads_out_of_each_and_not_of_both() {
        let mut census = BorderCensus::default();
        census.add(0, &open(&strip(0, 3)));
        census.add(1, &open(&strip(3, 6)));
        census.add(2, &open(&strip(6, 7)));
        let borders = census.finish();
        let check = |x: i32, cells: Range<u32>, expected: bool| {
            assert_eq!(borders.leads_out([x, 0, 1], &cells), expected, "{x} {cells:?}");
        };
        check(3, 0..1, true);
        check(3, 1..2, true);
        check(3, 0..2, false);
        check(6, 0..2, true);
        check(6, 0..3, false);
        check(0, 0..1, false);
        check(2, 0..1, false);
    }

    #[test]
    fn closed_surfaces_have_no_open_edges() {
        let corners = [[0, 0, 0], [9, 0, 0], [0, 9, 0], [0, 0, 9]];
        let vertices = corners.map(|position| Vertex { position, ..Vertex::default() }).to_vec();
        let closed = TileMesh { vertices, indices: vec![0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3] };
        assert!(open(&closed).is_empty());
        let torn = TileMesh { indices: closed.indices[..9].to_vec(), ..closed };
        assert_eq!(open(&torn).len(), 3);
    }
}
