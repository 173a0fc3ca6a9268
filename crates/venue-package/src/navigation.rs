//! The navigation mesh: convex polygons on which the middle of a body may be.
//!
//! The polygons are already drawn back from walls and obstacles by a body's radius and have a
//! body's height free above them, so that standing on one *is* having clearance. Polygons of
//! different storeys may lie over each other; only their neighbours join them.

use crate::limits;
use glam::Vec3;
use std::ops::Range;
use venue_model::SpaceId;

/// Where a body may stand and walk in a venue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NavigationMesh {
    /// Corners of the polygons, building frame, metres.
    pub vertices: Vec<Vec3>,
    /// The polygons.
    pub polygons: Vec<NavigationPolygon>,
    /// Corners of the height triangles, building frame, metres.
    pub height_vertices: Vec<Vec3>,
    /// The floor's true height inside of a polygon, where the polygon itself is too coarse (stairs, ramps).
    pub height_triangles: Vec<[u32; 3]>,
}

/// A convex piece of floor.
#[derive(Clone, Debug, PartialEq)]
pub struct NavigationPolygon {
    /// 3 to 12 indices into the vertices, counter-clockwise seen from above.
    pub corners: Vec<u32>,
    /// For the edge from each corner to the next: the polygon behind it; none is a wall.
    pub neighbours: Vec<Option<u32>>,
    /// The space that it belongs to; never more than one.
    pub space: SpaceId,
    /// Its part of the height triangles; empty when the polygon itself is exact.
    pub heights: Range<u32>,
}

/// The navigation mesh can not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NavigationError {
    /// Not a navigation mesh.
    #[error("this is not a navigation mesh; pack the venue again")]
    NotNavigation,
    /// From a newer or older program.
    #[error("the navigation mesh has version {found}; this program reads version {expected}")]
    Version {
        /// What it says.
        found: u32,
        /// What is read.
        expected: u32,
    },
    /// Shorter or longer than its own counts say.
    #[error(
        "the navigation mesh ends at byte {at}, which is not where its own counts end; copy the package again, whole"
    )]
    Length {
        /// Where it ends.
        at: usize,
    },
    /// More than allowed.
    #[error("the navigation mesh has {count} {what}; {limit} are allowed")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// Broken geometry or topology.
    #[error("the navigation mesh is broken at {at}: {what}; pack the venue again")]
    Broken {
        /// E.g. `polygon 7`.
        at: String,
        /// What is wrong.
        what: &'static str,
    },
}

impl NavigationMesh {
    /// Reads and checks the bytes of a navigation mesh file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NavigationError> {
        let mesh = crate::navigation_bytes::read(bytes)?;
        mesh.check()?;
        Ok(mesh)
    }

    /// As the bytes of a navigation mesh file.
    pub fn to_bytes(&self) -> Vec<u8> {
        crate::navigation_bytes::write(self)
    }

    /// The corner points of a polygon.
    pub fn corner_points(&self, polygon: usize) -> impl ExactSizeIterator<Item = Vec3> + '_ {
        self.polygons[polygon].corners.iter().map(|&corner| self.vertices[corner as usize])
    }

    /// Checks limits, geometry and topology.
    pub fn check(&self) -> Result<(), NavigationError> {
        let too_many = |what, count, limit| NavigationError::TooMany { what, count, limit };
        let vertices = self.vertices.len() + self.height_vertices.len();
        if vertices > limits::NAVIGATION_VERTICES {
            return Err(too_many("vertices", vertices, limits::NAVIGATION_VERTICES));
        }
        if self.polygons.len() > limits::NAVIGATION_POLYGONS {
            return Err(too_many("polygons", self.polygons.len(), limits::NAVIGATION_POLYGONS));
        }
        let far = |point: &Vec3| !(point.is_finite() && point.abs().max_element() <= limits::EXTENT);
        if let Some(at) = self.vertices.iter().chain(&self.height_vertices).position(far) {
            return Err(broken("vertex", at, "it lies farther than 10,000 metres from the origin"));
        }
        let corner_is_missing = |&index: &u32| index as usize >= self.height_vertices.len();
        if let Some(at) = self.height_triangles.iter().position(|t| t.iter().any(corner_is_missing)) {
            return Err(broken("height triangle", at, "it names a vertex that does not exist"));
        }
        (0..self.polygons.len()).try_for_each(|at| self.check_polygon(at))
    }

    fn check_polygon(&self, at: usize) -> Result<(), NavigationError> {
        let polygon = &self.polygons[at];
        let count = polygon.corners.len();
        if !(3..=limits::POLYGON_CORNERS).contains(&count) || polygon.neighbours.len() != count {
            return Err(broken("polygon", at, "it needs 3 to 12 corners and as many neighbours"));
        }
        if polygon.corners.iter().any(|&corner| corner as usize >= self.vertices.len()) {
            return Err(broken("polygon", at, "it names a vertex that does not exist"));
        }
        let heights = &polygon.heights;
        if heights.start > heights.end || heights.end as usize > self.height_triangles.len() {
            return Err(broken("polygon", at, "it names height triangles that do not exist"));
        }
        if !self.is_convex(at) {
            return Err(broken("polygon", at, "it is not convex and counter-clockwise seen from above"));
        }
        for (edge, neighbour) in polygon.neighbours.iter().enumerate() {
            let Some(neighbour) = *neighbour else { continue };
            let ends = [polygon.corners[edge], polygon.corners[(edge + 1) % count]];
            if !self.joins(neighbour, at, ends) {
                return Err(broken("polygon", at, "a neighbour of it does not share that edge"));
            }
        }
        Ok(())
    }

    /// Whether `polygon` has the edge between `ends`, reversed, towards `towards`.
    fn joins(&self, polygon: u32, towards: usize, ends: [u32; 2]) -> bool {
        let Some(polygon) = self.polygons.get(polygon as usize) else { return false };
        let count = polygon.corners.len();
        (0..count.min(polygon.neighbours.len())).any(|edge| {
            polygon.neighbours[edge] == Some(towards as u32)
                && polygon.corners[edge] == ends[1]
                && polygon.corners[(edge + 1) % count] == ends[0]
        })
    }

    fn is_convex(&self, polygon: usize) -> bool {
        let points: Vec<_> = self.corner_points(polygon).collect();
        let count = points.len();
        let mut area = 0.0;
        for i in 0..count {
            let (a, b, c) = (points[i], points[(i + 1) % count], points[(i + 2) % count]);
            // A hair's breadth of concavity is rounding, not a shape: 1 mm over a metre.
            if turn(a, b, c) < -1e-3 * ((b - a).length() * (c - b).length()).max(1e-3) {
                return false;
            }
            area += turn(points[0], b, c);
        }
        area > 0.0
    }
}

/// Twice the area of the triangle seen from above; positive when counter-clockwise.
pub fn turn(a: Vec3, b: Vec3, c: Vec3) -> f32 {
    (b.z - a.z) * (c.x - a.x) - (b.x - a.x) * (c.z - a.z)
}

fn broken(kind: &str, at: usize, what: &'static str) -> NavigationError {
    NavigationError::Broken { at: format!("{kind} {at}"), what }
}
