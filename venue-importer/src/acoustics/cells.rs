//! A space's surfaces as cells of a grid: where they lie, which way they face, what colour they have, of what they are.
//!
//! Triangles are halved until they are smaller than half a cell, and each piece counts in the cell of its middle; so
//! memory hangs on the surface's area, not on the number of triangles. When there are too many cells, they become
//! twice as large.

use super::surfaces::{Pictures, Surface};
use crate::hierarchy::Piece;
use bytemuck::{Pod, Zeroable};
use glam::{IVec3, Vec2, Vec3};
use rustc_hash::FxHashMap;
use venue_model::Bounds;

/// Finest cell, metres.
const FINEST: f32 = 0.1;
/// About so many cells fill the box of a space at most, air included.
const MOST_IN_BOX: f32 = 12e6;
/// Most cells with a surface in them.
const MOST: usize = 2_000_000;

/// What of the surfaces lies in a cell.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub(crate) struct Cell {
    /// Square metres.
    pub(crate) area: f32,
    /// What the sums below are divided by.
    pub(crate) weight: f32,
    /// Sum of places, from the grid's origin, metres.
    pub(crate) place: [f32; 3],
    /// Sum of normals without their sign.
    pub(crate) facing: [f32; 3],
    /// Sum of linear colours.
    pub(crate) color: [f32; 3],
    /// Weight of what has a colour.
    pub(crate) tinted: f32,
    /// The surface that has the majority (Boyer and Moore 1981), and by how much.
    pub(crate) surface: u32,
    pub(crate) lead: f32,
}

/// A grid with cells in it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cells {
    /// Corner of the cell 0, 0, 0; building frame, metres.
    pub(crate) origin: Vec3,
    /// Metres.
    pub(crate) side: f32,
    /// What is of interest: nothing outside is looked at.
    within: Bounds,
    map: FxHashMap<[i32; 3], Cell>,
}

/// A corner of a triangle with what is interpolated.
#[derive(Clone, Copy)]
struct Corner {
    place: Vec3,
    uv: Vec2,
    color: Vec3,
}

impl Corner {
    fn between(&self, other: &Self) -> Self {
        Self {
            place: (self.place + other.place) * 0.5,
            uv: (self.uv + other.uv) * 0.5,
            color: (self.color + other.color) * 0.5,
        }
    }
}

/// A triangle on its way into cells.
struct Sampled<'a> {
    surface: u32,
    of: &'a Surface,
    pictures: &'a Pictures,
    has_color: bool,
    facing: Vec3,
}

impl Cells {
    /// A grid around a box; points that are so far from each other need cells that are no smaller.
    pub(crate) fn new(within: Bounds, spacing: f32) -> Self {
        let volume = (within.max - within.min).max(Vec3::splat(0.1)).element_product();
        let side = FINEST.max((volume / MOST_IN_BOX).cbrt()).max(spacing);
        // Walls like to stand at round numbers; no border between cells shall lie in one.
        let origin = within.min - side * 1.371;
        Self { origin, side, within, map: FxHashMap::default() }
    }

    /// A grid whose cells were kept.
    pub(crate) fn kept(origin: Vec3, side: f32, within: Bounds, cells: Vec<([i32; 3], Cell)>) -> Self {
        Self { origin, side, within, map: cells.into_iter().collect() }
    }

    /// The box of interest.
    pub(crate) fn within(&self) -> Bounds {
        self.within
    }

    /// The cell of a point.
    pub(crate) fn key(&self, point: Vec3) -> [i32; 3] {
        IVec3::from_array(((point - self.origin) / self.side).floor().to_array().map(|value| value as i32))
            .to_array()
    }

    /// Adds what of a piece lies in the box.
    pub(crate) fn add(&mut self, piece: &Piece, number: u32, surface: &Surface, pictures: &Pictures) {
        let corner = |at: usize| Corner {
            place: piece.positions[at].as_vec3(),
            uv: piece.uvs.get(at).copied().unwrap_or_default(),
            color: piece.colors.get(at).map_or(Vec3::ONE, |&[r, g, b, _]| linear([r, g, b])),
        };
        let all: Vec<Corner> = (0..piece.positions.len()).map(corner).collect();
        let has_color = surface.is_tinted || !piece.colors.is_empty();
        let mut sampled = Sampled { surface: number, of: surface, pictures, has_color, facing: Vec3::ZERO };
        for triangle in piece.indices.as_chunks::<3>().0 {
            let corners = triangle.map(|index| all[index as usize]);
            let [a, b, c] = corners.each_ref().map(|corner| corner.place);
            let cross = (b - a).cross(c - a);
            let length = cross.length();
            if length.is_finite() && length > 0.0 {
                sampled.facing = cross.abs() / length;
                self.halve(&corners, length * 0.5, &sampled);
            }
        }
        if piece.indices.is_empty() {
            for (at, corner) in all.iter().enumerate() {
                if corner.place.is_finite() && self.within.contains(corner.place) {
                    sampled.facing = piece.normals.get(at).map_or(Vec3::ZERO, |normal| normal.abs());
                    self.count(corner, None, &sampled);
                }
            }
        }
    }

    /// Counts the triangle of so many square metres, or its halves.
    fn halve(&mut self, corners: &[Corner; 3], area: f32, sampled: &Sampled<'_>) {
        let [a, b, c] = corners.each_ref().map(|corner| corner.place);
        if a.min(b).min(c).cmpgt(self.within.max).any() || a.max(b).max(c).cmplt(self.within.min).any() {
            return;
        }
        let sides = [(b - a).length_squared(), (c - b).length_squared(), (a - c).length_squared()];
        let longest = (0..3).max_by(|&i, &j| sides[i].total_cmp(&sides[j])).unwrap_or(0);
        if sides[longest] > (self.side * 0.5) * (self.side * 0.5) {
            let [p, q, r] = [0, 1, 2].map(|i| corners[(longest + i) % 3]);
            let middle = p.between(&q);
            self.halve(&[p, middle, r], area * 0.5, sampled);
            self.halve(&[middle, q, r], area * 0.5, sampled);
            return;
        }
        let middle = Corner {
            place: (a + b + c) / 3.0,
            uv: (corners[0].uv + corners[1].uv + corners[2].uv) / 3.0,
            color: (corners[0].color + corners[1].color + corners[2].color) / 3.0,
        };
        if self.within.contains(middle.place) {
            self.count(&middle, Some(area), sampled);
        }
    }

    /// Counts a piece of surface, or a point, which stands for a piece as large as its cell.
    fn count(&mut self, at: &Corner, area: Option<f32>, sampled: &Sampled<'_>) {
        if self.map.len() >= MOST {
            self.coarsen();
        }
        let (key, face) = (self.key(at.place), self.side * self.side);
        let cell = self.map.entry(key).or_default();
        let weight = area.unwrap_or(face * 0.01);
        match area {
            Some(area) => cell.area += area,
            None => cell.area = cell.area.max(face),
        }
        cell.weight += weight;
        add(&mut cell.place, (at.place - self.origin) * weight);
        add(&mut cell.facing, sampled.facing * weight);
        if sampled.has_color {
            let color = at.color * sampled.of.color_at(at.uv, sampled.pictures);
            add(&mut cell.color, color * weight);
            cell.tinted += weight;
        }
        vote(cell, sampled.surface, weight);
    }

    /// Makes cells twice as large.
    fn coarsen(&mut self) {
        self.side *= 2.0;
        let mut cells: Vec<([i32; 3], Cell)> = std::mem::take(&mut self.map).into_iter().collect();
        cells.sort_unstable_by_key(|(key, _)| *key);
        for (key, cell) in cells {
            let into = self.map.entry(key.map(|value| value.div_euclid(2))).or_default();
            into.area += cell.area;
            into.weight += cell.weight;
            add(&mut into.place, cell.place.into());
            add(&mut into.facing, cell.facing.into());
            add(&mut into.color, cell.color.into());
            into.tinted += cell.tinted;
            vote(into, cell.surface, cell.lead);
        }
    }

    /// All cells, always in the same order: along x, then z, then y, so that columns are together.
    pub(crate) fn sorted(&self) -> Vec<([i32; 3], Cell)> {
        let mut cells: Vec<_> = self.map.iter().map(|(key, cell)| (*key, *cell)).collect();
        cells.sort_unstable_by_key(|([x, y, z], _)| [*x, *z, *y]);
        cells
    }
}

impl Cell {
    /// Whether all numbers are such as sums of surfaces have.
    pub(crate) fn is_good(&self) -> bool {
        let sums = self.place.iter().chain(&self.facing).chain(&self.color);
        let is_sum = |value: &f32| value.is_finite() && *value >= 0.0;
        sums.chain([&self.area, &self.weight, &self.tinted, &self.lead]).all(is_sum)
    }

    /// Mean place, building frame.
    pub(crate) fn middle(&self, origin: Vec3) -> Vec3 {
        origin + Vec3::from_array(self.place) / self.weight.max(f32::MIN_POSITIVE)
    }

    /// Mean normal without signs.
    pub(crate) fn mean_facing(&self) -> Vec3 {
        Vec3::from_array(self.facing) / self.weight.max(f32::MIN_POSITIVE)
    }

    /// Mean colour, linear; none where nothing has any.
    pub(crate) fn mean_color(&self) -> Option<Vec3> {
        (self.tinted > self.weight * 0.5).then(|| Vec3::from_array(self.color) / self.tinted)
    }
}

fn add(sum: &mut [f32; 3], value: Vec3) {
    *sum = (Vec3::from_array(*sum) + value).to_array();
}

fn vote(cell: &mut Cell, surface: u32, weight: f32) {
    if cell.surface == surface {
        cell.lead += weight;
    } else if cell.lead < weight {
        (cell.surface, cell.lead) = (surface, weight - cell.lead);
    } else {
        cell.lead -= weight;
    }
}

/// Linear colour of sRGB bytes, near enough for guesses.
pub(crate) fn linear(rgb: [u8; 3]) -> Vec3 {
    Vec3::from_array(rgb.map(|value| (f32::from(value) / 255.0).powi(2)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::DVec3;

    fn square(side: f64) -> Piece {
        let corner = |x: f64, z: f64| DVec3::new(x * side, 0.5, z * side);
        Piece {
            positions: vec![corner(0.0, 0.0), corner(0.0, 1.0), corner(1.0, 1.0), corner(1.0, 0.0)],
            indices: vec![0, 1, 2, 0, 2, 3],
            ..Piece::default()
        }
    }

    fn room() -> Bounds {
        Bounds { min: Vec3::ZERO, max: Vec3::new(4.0, 3.0, 4.0) }
    }

    #[test]
    fn area_is_kept_and_no_cell_of_a_surface_is_missed() {
        let mut cells = Cells::new(room(), 0.0);
        // Reaches out of the box, where nothing counts.
        cells.add(&square(900.0), 7, &Surface::default(), &Pictures::default());
        let all = cells.sorted();
        let area: f32 = all.iter().map(|(_, cell)| cell.area).sum();
        assert!((area - 16.0).abs() < 0.2, "{area}");
        let inside = |key: &[i32; 3]| key[0] > 1 && key[0] < 41 && key[2] > 1 && key[2] < 41;
        assert_eq!(all.iter().filter(|(key, _)| inside(key)).count(), 39 * 39);
        assert!(all.iter().all(|(_, cell)| cell.surface == 7 && cell.facing[1] > 0.99 * cell.weight));
        let middle = all[0].1.middle(cells.origin);
        assert!((middle.y - 0.5).abs() < 1e-4, "{middle}");
    }

    #[test]
    fn too_many_cells_become_larger_ones() {
        let mut cells = Cells::new(room(), 0.0);
        cells.add(&square(4.0), 1, &Surface::default(), &Pictures::default());
        let (count, area) =
            (cells.map.len(), |cells: &Cells| -> f32 { cells.map.values().map(|c| c.area).sum() });
        let before = area(&cells);
        cells.coarsen();
        assert!((count / 5..count / 3).contains(&cells.map.len()), "{count} {}", cells.map.len());
        assert!((area(&cells) - before).abs() < 0.01 && (cells.side - 0.2).abs() < 1e-6);
    }

    #[test]
    fn points_fill_their_cells() {
        let mut cells = Cells::new(room(), 0.0);
        let positions: Vec<DVec3> = (0..1600)
            .map(|i| DVec3::new(f64::from(i % 40) * 0.1 + 0.01, 1.0, f64::from(i / 40) * 0.1 + 0.01))
            .collect();
        let points = Piece { colors: vec![[255, 0, 0, 255]; 1600], positions, ..Piece::default() };
        cells.add(&points, 0, &Surface::default(), &Pictures::default());
        let all = cells.sorted();
        assert!(all.iter().all(|(_, cell)| cell.area == cells.side * cells.side));
        assert_eq!(all[5].1.mean_color(), Some(Vec3::X));
    }
}
