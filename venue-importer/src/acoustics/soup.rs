//! The full mesh of a space for rays: every triangle, or when there are too many, with corners on a grid.

use crate::hierarchy::Piece;
use glam::Vec3;
use venue_model::Bounds;

/// Most triangles: a tree of them takes some 300 MB.
const MOST: usize = 2_000_000;
/// The first grid, metres.
const GRID: f32 = 0.02;

/// Triangles of a space.
#[derive(Clone, Debug)]
pub(crate) struct Soup {
    pub(crate) triangles: Vec<[Vec3; 3]>,
    within: Bounds,
    /// Corners lie on multiples of this, metres; 0: where they were.
    grid: f32,
    most: usize,
}

impl Soup {
    pub(crate) fn new(within: Bounds) -> Self {
        Self { triangles: Vec::new(), within, grid: 0.0, most: MOST }
    }

    /// How far corners are from where they were at most, metres.
    pub(crate) fn error(&self) -> f32 {
        self.grid * 0.75_f32.sqrt()
    }

    /// Adds the triangles that reach into the box.
    pub(crate) fn add(&mut self, piece: &Piece) {
        for triangle in piece.indices.as_chunks::<3>().0 {
            let corners = triangle.map(|index| piece.positions[index as usize].as_vec3());
            let (min, max) =
                (corners[0].min(corners[1]).min(corners[2]), corners[0].max(corners[1]).max(corners[2]));
            let is_outside = min.cmpgt(self.within.max).any() || max.cmplt(self.within.min).any();
            if is_outside || !(min.is_finite() && max.is_finite()) {
                continue;
            }
            self.triangles.extend(self.rounded(corners));
            while self.triangles.len() > self.most {
                self.thin();
            }
        }
    }

    /// Corners on the grid; none when that leaves nothing of the triangle.
    fn rounded(&self, corners: [Vec3; 3]) -> Option<[Vec3; 3]> {
        if self.grid == 0.0 {
            return Some(corners);
        }
        let [a, b, c] = corners.map(|corner| (corner / self.grid).round() * self.grid);
        (a != b && b != c && c != a).then_some([a, b, c])
    }

    /// Makes the grid coarser, and triangles that become the same one.
    fn thin(&mut self) {
        self.grid = if self.grid == 0.0 { GRID } else { self.grid * 2.0 };
        let mut kept: Vec<[Vec3; 3]> = std::mem::take(&mut self.triangles)
            .into_iter()
            .filter_map(|corners| self.rounded(corners))
            .collect();
        let bits = |corners: &[Vec3; 3]| {
            let mut bits = corners.map(|corner| corner.to_array().map(|value| (value + 0.0).to_bits()));
            bits.sort_unstable();
            bits
        };
        kept.sort_unstable_by_key(bits);
        kept.dedup_by_key(|corners| bits(corners));
        self.triangles = kept;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::DVec3;

    #[test]
    fn too_many_triangles_are_thinned_and_their_surface_stays() {
        let within = Bounds { min: Vec3::ZERO, max: Vec3::splat(4.0) };
        let mut soup = Soup { most: 5_000, ..Soup::new(within) };
        // A square of 4 m in triangles of a centimetre, row by row, and one far away.
        for row in 0..400 {
            let at = |x: i32, z: i32| DVec3::new(f64::from(x) * 0.01, 1.0, f64::from(z) * 0.01);
            let mut piece = Piece::default();
            for x in 0..400 {
                let first = piece.positions.len() as u32;
                piece.positions.extend([at(x, row), at(x, row + 1), at(x + 1, row + 1), at(x + 1, row)]);
                piece.indices.extend([0, 1, 2, 0, 2, 3].map(|i| first + i));
            }
            piece.positions.extend([DVec3::splat(50.0), DVec3::splat(51.0), DVec3::new(50.0, 60.0, 50.0)]);
            let last = piece.positions.len() as u32;
            piece.indices.extend([last - 3, last - 2, last - 1]);
            soup.add(&piece);
        }
        assert!(soup.triangles.len() <= 5_000 && soup.grid >= 0.04, "{}", soup.triangles.len());
        let area: f32 = soup.triangles.iter().map(|corners| super::super::surface::area(*corners)).sum();
        assert!((12.0..30.0).contains(&area), "{area}");
    }
}
