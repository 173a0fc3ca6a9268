//! A navigation mesh that can be asked: which floor is here, how high is it, whose is it.

use crate::floor_tree::FloorTree;
use glam::{Vec2, Vec3, Vec3Swizzles};
use venue_model::SpaceId;
use venue_package::{NavigationError, NavigationMesh};

/// A point on the floor, bound to the polygon below it: storeys over each other stay apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FloorPoint {
    /// Index of the navigation polygon.
    pub polygon: u32,
    /// Building frame, metres.
    pub position: Vec3,
    /// The space that the polygon belongs to.
    pub space: SpaceId,
}

/// A navigation mesh, checked and indexed.
#[derive(Clone, Debug)]
pub struct Walkable {
    pub(crate) mesh: NavigationMesh,
    tree: FloorTree,
}

impl Walkable {
    /// Indexes a navigation mesh; one that is broken is refused.
    pub fn new(mesh: NavigationMesh) -> Result<Self, NavigationError> {
        mesh.check()?;
        let tree = FloorTree::new(&mesh);
        Ok(Self { mesh, tree })
    }

    /// The mesh.
    pub fn mesh(&self) -> &NavigationMesh {
        &self.mesh
    }

    /// The floor point nearest to `point` in space, not farther than `reach` metres.
    pub fn locate(&self, point: Vec3, reach: f32) -> Option<FloorPoint> {
        self.locate_where(point, reach, |_| true)
    }

    /// The same among the floors of one space.
    pub fn locate_in(&self, space: SpaceId, point: Vec3, reach: f32) -> Option<FloorPoint> {
        self.locate_where(point, reach, |found| found == space)
    }

    fn locate_where(&self, point: Vec3, reach: f32, wanted: impl Fn(SpaceId) -> bool) -> Option<FloorPoint> {
        if !point.is_finite() || reach.is_nan() {
            return None;
        }
        let nearest = self.tree.nearest(point, reach, |polygon| {
            wanted(self.mesh.polygons[polygon as usize].space).then(|| self.clamp_into(polygon, point.xz()))
        })?;
        Some(self.floor_point(nearest.0, nearest.1))
    }

    /// The space of a floor point.
    pub fn space_at(&self, point: FloorPoint) -> SpaceId {
        self.mesh.polygons.get(point.polygon as usize).map_or(point.space, |polygon| polygon.space)
    }

    pub(crate) fn floor_point(&self, polygon: u32, position: Vec3) -> FloorPoint {
        FloorPoint { polygon, position, space: self.mesh.polygons[polygon as usize].space }
    }

    /// The point of the polygon that is nearest to `at` seen from above, on the floor.
    pub(crate) fn clamp_into(&self, polygon: u32, at: Vec2) -> Vec3 {
        let corners = &self.mesh.polygons[polygon as usize].corners;
        let corner = |i: usize| self.mesh.vertices[corners[i % corners.len()] as usize].xz();
        let mut nearest = at;
        let mut distance = f32::INFINITY;
        for i in 0..corners.len() {
            let (a, b) = (corner(i), corner(i + 1));
            if outward(a, b).dot(at - a) > 0.0 {
                let along = ((at - a).dot(b - a) / (b - a).length_squared().max(1e-12)).clamp(0.0, 1.0);
                let candidate = a.lerp(b, along);
                if candidate.distance_squared(at) < distance {
                    distance = candidate.distance_squared(at);
                    nearest = candidate;
                }
            }
        }
        Vec3::new(nearest.x, self.height(polygon, nearest), nearest.y)
    }

    /// Height of the floor in a polygon at a point inside of it.
    pub(crate) fn height(&self, polygon: u32, at: Vec2) -> f32 {
        let source = &self.mesh.polygons[polygon as usize];
        let corner = |i: usize| self.mesh.vertices[source.corners[i] as usize];
        let fan = (1..source.corners.len() - 1).map(|i| [corner(0), corner(i), corner(i + 1)]);
        let range = source.heights.start as usize..source.heights.end as usize;
        let fine = self.mesh.height_triangles[range]
            .iter()
            .map(|t| t.map(|i| self.mesh.height_vertices[i as usize]));
        let mut best = (f32::NEG_INFINITY, corner(0).y);
        let mut look = |triangle: [Vec3; 3]| {
            let (inside, height) = height_on(triangle, at);
            if inside > best.0 {
                best = (inside, height);
            }
        };
        if source.heights.is_empty() {
            fan.for_each(&mut look)
        } else {
            fine.for_each(&mut look)
        }
        best.1
    }
}

/// Perpendicular to an edge, away from the polygon whose corners go counter-clockwise seen from above.
pub(crate) fn outward(a: Vec2, b: Vec2) -> Vec2 {
    Vec2::new(a.y - b.y, b.x - a.x)
}

/// How far inside the triangle the point is (its smallest weight), and the triangle's height there.
fn height_on([a, b, c]: [Vec3; 3], at: Vec2) -> (f32, f32) {
    let (u, v, w) = (b.xz() - a.xz(), c.xz() - a.xz(), at - a.xz());
    let area = u.perp_dot(v);
    if area.abs() < 1e-12 {
        return (f32::NEG_INFINITY, a.y);
    }
    let weights = Vec3::new(0.0, w.perp_dot(v) / area, u.perp_dot(w) / area);
    let weights = weights.with_x(1.0 - weights.y - weights.z);
    // A point a little outside of every triangle takes the height of the nearest edge, not of a plane that runs on.
    let bounded = weights.max(Vec3::ZERO);
    let bounded = bounded / bounded.element_sum();
    (weights.min_element(), bounded.dot(Vec3::new(a.y, b.y, c.y)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan_mesh::{flat, two_storeys};

    #[test]
    fn the_nearest_floor_within_reach_is_found() {
        let walkable = flat(&["aab", "aab"]);
        let found = walkable.locate(Vec3::new(0.5, 0.3, 0.5), 0.5).unwrap();
        assert_eq!((found.position, found.space), (Vec3::new(0.5, 0.0, 0.5), SpaceId(1)));
        let beside = walkable.locate(Vec3::new(3.4, 0.0, 1.0), 0.5).unwrap();
        assert!(beside.position.abs_diff_eq(Vec3::new(3.0, 0.0, 1.0), 1e-5), "{}", beside.position);
        assert_eq!(beside.space, SpaceId(2));
        assert_eq!(walkable.locate(Vec3::new(4.0, 0.0, 1.0), 0.5), None);
        assert_eq!(walkable.locate(Vec3::NAN, 0.5), None);
        let other = walkable.locate_in(SpaceId(2), Vec3::new(0.5, 0.0, 0.5), 5.0).unwrap();
        assert_eq!(walkable.space_at(other), SpaceId(2));
    }

    #[test]
    fn storeys_over_each_other_stay_apart() {
        let walkable = two_storeys();
        let below = walkable.locate(Vec3::new(1.0, 0.2, 1.0), 1.0).unwrap();
        let above = walkable.locate(Vec3::new(1.0, 2.9, 1.0), 1.0).unwrap();
        assert_eq!((below.position.y, above.position.y), (0.0, 3.0));
        assert_ne!(below.polygon, above.polygon);
    }
}
