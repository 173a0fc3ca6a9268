//! Where people stand in a space, and how high its floor is near a place.

use glam::{Vec2, Vec3, Vec3Swizzles};
use rustc_hash::FxHashMap;
use venue_model::SpaceId;
use venue_package::NavigationMesh;

/// Metres from place to place.
const STEP: f32 = 0.5;
/// Floor is known so many steps beyond where people can walk: below furniture, and at walls.
const BEYOND: usize = 6;
/// A thing so little lower than the floor may lie on it, metres.
const BELOW: f32 = 0.35;

/// The floor of a space.
#[derive(Clone, Debug, Default)]
pub(crate) struct Floor {
    places: Vec<Vec3>,
    /// Heights of storeys by columns of [`STEP`].
    heights: FxHashMap<[i32; 2], Vec<f32>>,
    lowest: f32,
}

impl Floor {
    /// The floor of this space.
    pub(crate) fn of(mesh: &NavigationMesh, space: SpaceId) -> Self {
        let mut floor = Self { lowest: f32::MAX, ..Self::default() };
        for (at, polygon) in mesh.polygons.iter().enumerate().filter(|(_, polygon)| polygon.space == space) {
            let corners: Vec<Vec3> = mesh.corner_points(at).collect();
            floor.put(corners.iter().sum::<Vec3>() / corners.len().max(1) as f32);
            let detail = &mesh.height_triangles[polygon.heights.start as usize..polygon.heights.end as usize];
            for triangle in detail {
                floor.cover(triangle.map(|corner| mesh.height_vertices[corner as usize]));
            }
            if detail.is_empty() {
                (1..corners.len().saturating_sub(1))
                    .for_each(|i| floor.cover([corners[0], corners[i], corners[i + 1]]));
            }
        }
        floor.spread();
        floor
    }

    /// Places on the floor, evenly spread, in a certain order.
    pub(crate) fn places(&self) -> &[Vec3] {
        &self.places
    }

    /// The floor's height below a point, or near it.
    pub(crate) fn below(&self, point: Vec3) -> f32 {
        let heights = self.heights.get(&column(point.xz())).map_or(&[][..], Vec::as_slice);
        let lower = heights.iter().copied().filter(|&height| height <= point.y + BELOW);
        lower.reduce(f32::max).or_else(|| heights.first().copied()).unwrap_or(self.lowest)
    }

    /// Puts places on a triangle, one in each column whose middle it covers.
    fn cover(&mut self, [a, b, c]: [Vec3; 3]) {
        let (min, max) = (a.min(b).min(c).xz(), a.max(b).max(c).xz());
        let area = (b - a).xz().perp_dot((c - a).xz());
        let first = ((min / STEP) - 0.5).ceil();
        let last = ((max / STEP) - 0.5).floor();
        if area == 0.0 || !first.is_finite() || !last.is_finite() {
            return;
        }
        for x in first.x as i32..=last.x as i32 {
            for z in first.y as i32..=last.y as i32 {
                let point = (Vec2::new(x as f32, z as f32) + 0.5) * STEP;
                let share = |p: Vec3, q: Vec3| (q.xz() - p.xz()).perp_dot(point - p.xz()) / area;
                let (of_c, of_a, of_b) = (share(a, b), share(b, c), share(c, a));
                if of_a >= 0.0 && of_b >= 0.0 && of_c >= 0.0 {
                    self.put(Vec3::new(point.x, a.y * of_a + b.y * of_b + c.y * of_c, point.y));
                }
            }
        }
    }

    fn put(&mut self, place: Vec3) {
        let heights = self.heights.entry(column(place.xz())).or_default();
        if heights.iter().all(|height| (height - place.y).abs() > 0.2) {
            heights.push(place.y);
            self.lowest = self.lowest.min(place.y);
            self.places.push(place);
        }
    }

    /// Gives columns beside the floor the heights of their neighbours.
    fn spread(&mut self) {
        let mut edge: Vec<[i32; 2]> = self.places.iter().map(|place| column(place.xz())).collect();
        for _ in 0..BEYOND {
            let mut next = Vec::new();
            for [x, z] in edge {
                let heights = self.heights[&[x, z]].clone();
                for [i, j] in [[1, 0], [-1, 0], [0, 1], [0, -1]] {
                    let beside = [x + i, z + j];
                    if let std::collections::hash_map::Entry::Vacant(place) = self.heights.entry(beside) {
                        place.insert(heights.clone());
                        next.push(beside);
                    }
                }
            }
            edge = next;
        }
    }
}

fn column(point: Vec2) -> [i32; 2] {
    (point / STEP).floor().to_array().map(|value| value as i32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use venue_package::NavigationPolygon;

    #[test]
    fn storeys_lie_over_each_other_and_furniture_stands_on_the_floor_beside_it() {
        let at = |x: f32, y: f32, z: f32| Vec3::new(x, y, z);
        let square = |y: f32| [at(0.0, y, 0.0), at(0.0, y, 4.0), at(4.0, y, 4.0), at(4.0, y, 0.0)];
        let polygon = |first: u32, space: u16| NavigationPolygon {
            corners: (first..first + 4).collect(),
            neighbours: vec![None; 4],
            space: SpaceId(space),
            heights: 0..0,
        };
        let mesh = NavigationMesh {
            vertices: [square(0.0), square(3.0), square(9.0)].concat(),
            polygons: vec![polygon(0, 1), polygon(4, 1), polygon(8, 2)],
            ..NavigationMesh::default()
        };
        let floor = Floor::of(&mesh, SpaceId(1));
        assert_eq!(floor.places().len(), 2 * 64, "{:?}", floor.places());
        let check = |point: Vec3, height: f32| assert_eq!(floor.below(point), height, "{point}");
        check(at(2.0, 1.0, 2.0), 0.0);
        check(at(2.0, 2.8, 2.0), 3.0);
        check(at(5.5, 0.7, 2.0), 0.0);
        check(at(5.5, -2.0, 2.0), 0.0);
        check(at(90.0, 5.0, 2.0), 0.0);
    }
}
