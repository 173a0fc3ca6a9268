//! Which parts of which pictures a mesh shows: connected charts, and rectangles around them.

use crate::hierarchy::clean::Pieces;
use crate::hierarchy::mesh::TileMesh;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// A rectangle of a picture, pixels; may reach beyond the picture where it repeats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Region {
    pub(crate) sheet: u16,
    pub(crate) min: [f64; 2],
    pub(crate) max: [f64; 2],
}

impl Region {
    fn union(&self, other: &Self) -> Self {
        Self {
            sheet: self.sheet,
            min: [self.min[0].min(other.min[0]), self.min[1].min(other.min[1])],
            max: [self.max[0].max(other.max[0]), self.max[1].max(other.max[1])],
        }
    }

    fn area(&self) -> f64 {
        // A margin counts too, so that slivers beside each other are worth joining.
        (self.max[0] - self.min[0] + 8.0) * (self.max[1] - self.min[1] + 8.0)
    }
}

/// The regions of a mesh, and which vertex lies in which.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Charts {
    pub(crate) regions: Vec<Region>,
    /// For each vertex; none where no picture is shown.
    pub(crate) of_vertex: Vec<Option<u32>>,
}

/// More rectangles than this are joined whatever they waste.
const MOST_REGIONS: usize = 4_000;

/// Finds charts; `size` gives a picture's pixels for vertices that show one.
pub(crate) fn find(mesh: &TileMesh, size: impl Fn(usize) -> Option<[u32; 2]>) -> Charts {
    let mut pieces = Pieces::new(mesh.vertices.len());
    for triangle in mesh.indices.as_chunks::<3>().0 {
        pieces.join(triangle[0], triangle[1]);
        pieces.join(triangle[1], triangle[2]);
    }
    let mut numbers: FxHashMap<u32, u32> = FxHashMap::default();
    let mut regions: Vec<Region> = Vec::new();
    let of_vertex: Vec<Option<u32>> = (0..mesh.vertices.len())
        .map(|at| {
            let size = size(at)?;
            let vertex = &mesh.vertices[at];
            let uv = vertex.uv().as_dvec2().to_array();
            let point = [uv[0] * f64::from(size[0]), uv[1] * f64::from(size[1])];
            let here = Region { sheet: vertex.sheet, min: point, max: point };
            let number = *numbers.entry(pieces.of(at as u32)).or_insert_with(|| {
                regions.push(here);
                regions.len() as u32 - 1
            });
            regions[number as usize] = regions[number as usize].union(&here);
            Some(number)
        })
        .collect();
    join_near(&mut Charts { regions, of_vertex })
}

/// Joins rectangles that lie so close that one around both wastes little.
fn join_near(charts: &mut Charts) -> Charts {
    let mut waste = 1.15;
    let mut block = 64.0;
    for round in 0..12 {
        let before = charts.regions.len();
        join_round(charts, block, waste);
        let is_settled = charts.regions.len() == before;
        if is_settled && before <= MOST_REGIONS {
            break;
        }
        if is_settled || round > 4 {
            waste *= 2.0;
            block *= 2.0;
        }
    }
    std::mem::take(charts)
}

fn join_round(charts: &mut Charts, block: f64, waste: f64) {
    let mut blocks: BTreeMap<(u16, i64, i64), Vec<u32>> = BTreeMap::new();
    for (at, region) in charts.regions.iter().enumerate() {
        let range = |axis: usize| {
            let (from, to) =
                ((region.min[axis] / block).floor() as i64, (region.max[axis] / block).floor() as i64);
            // A large region is found through any of its blocks near the corner; it needs no entry in each.
            from..=to.min(from + 32)
        };
        for y in range(1) {
            for x in range(0) {
                blocks.entry((region.sheet, y, x)).or_default().push(at as u32);
            }
        }
    }
    let mut pieces = Pieces::new(charts.regions.len());
    let mut regions = charts.regions.clone();
    for members in blocks.values() {
        for pair in members.windows(2) {
            let (a, b) = (pieces.of(pair[0]), pieces.of(pair[1]));
            if a == b {
                continue;
            }
            let both = regions[a as usize].union(&regions[b as usize]);
            if both.area() <= waste * (regions[a as usize].area() + regions[b as usize].area()) {
                pieces.join(a, b);
                regions[a.min(b) as usize] = both;
            }
        }
    }
    let mut numbers: Vec<Option<u32>> = vec![None; regions.len()];
    let mut kept = Vec::new();
    let places: Vec<u32> = (0..regions.len() as u32)
        .map(|at| {
            let top = pieces.of(at) as usize;
            *numbers[top].get_or_insert_with(|| {
                kept.push(regions[top]);
                kept.len() as u32 - 1
            })
        })
        .collect();
    charts.regions = kept;
    for number in charts.of_vertex.iter_mut().flatten() {
        *number = places[*number as usize];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hierarchy::mesh::Vertex;
    use glam::Vec2;

    fn mesh(triangles: &[[[f32; 2]; 3]]) -> TileMesh {
        let vertex = |(at, &[u, v]): (usize, &[f32; 2])| {
            let mut vertex = Vertex { position: [at as i32, 0, 0], ..Vertex::default() };
            vertex.set_uv(Vec2::new(u, v));
            vertex
        };
        let vertices: Vec<_> = triangles.iter().flatten().enumerate().map(vertex).collect();
        TileMesh { indices: (0..vertices.len() as u32).collect(), vertices }
    }

    #[test]
    fn far_charts_stay_apart_and_near_ones_become_one() {
        let far = mesh(&[[[0.0, 0.0], [0.1, 0.0], [0.0, 0.1]], [[0.9, 0.9], [1.0, 0.9], [0.9, 1.0]]]);
        let charts = find(&far, |_| Some([1_000, 1_000]));
        assert_eq!(charts.regions.len(), 2);
        assert_eq!(charts.of_vertex, [0, 0, 0, 1, 1, 1].map(Some));
        assert!((charts.regions[1].min[0] - 900.0).abs() < 0.01);
        let near = mesh(&[[[0.0, 0.0], [0.1, 0.0], [0.0, 0.1]], [[0.1, 0.0], [0.1, 0.1], [0.0, 0.1]]]);
        assert_eq!(find(&near, |_| Some([1_000, 1_000])).regions.len(), 1);
    }

    #[test]
    fn countless_charts_end_in_a_bounded_number_of_rectangles() {
        let at = |i: usize| [(i % 200) as f32 / 200.0, (i / 200) as f32 / 200.0];
        let triangle = |i: usize| {
            let [u, v] = at(i);
            [[u, v], [u + 0.003, v], [u, v + 0.003]]
        };
        let triangles: Vec<_> = (0..40_000).map(triangle).collect();
        let charts = find(&mesh(&triangles), |_| Some([4_096, 4_096]));
        assert!(charts.regions.len() <= MOST_REGIONS, "{}", charts.regions.len());
    }
}
