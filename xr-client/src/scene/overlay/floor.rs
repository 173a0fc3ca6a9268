//! The walkable floor as triangles: each storey in a colour of its own, walls as bright edges, and where one space ends
//! and the next begins a line of another colour.
//!
//! It must not know the GPU.

use super::builder::{Builder, Color};
use glam::Vec3;
use std::ops::Range;
use venue_motion::Storeys;
use venue_package::NavigationMesh;

/// How far above the floor it is drawn, metres: a scan's floor is rough.
const LIFT: Vec3 = Vec3::new(0.0, 0.04, 0.0);

/// Fill of the storeys, from the lowest up; a venue with more begins again.
const STOREYS: [Color; 6] = [
    [0.02, 0.55, 0.75, 0.34],
    [0.45, 0.16, 0.80, 0.34],
    [0.10, 0.60, 0.14, 0.34],
    [0.78, 0.10, 0.32, 0.34],
    [0.65, 0.50, 0.02, 0.34],
    [0.16, 0.22, 0.85, 0.34],
];

/// Between two polygons of one space; at a wall; between two spaces.
const SEAM: Color = [1.0, 1.0, 1.0, 0.28];
const WALL: Color = [1.0, 1.0, 1.0, 0.9];
const BORDER: Color = [1.0, 0.28, 0.01, 1.0];

/// Adds a part of the mesh's polygons.
pub(super) fn add(builder: &mut Builder, mesh: &NavigationMesh, storeys: &Storeys, part: Range<usize>) {
    for at in part {
        let color = STOREYS[storeys.of_polygon(at) % STOREYS.len()];
        fill(builder, mesh, at, color);
        edges(builder, mesh, at);
    }
}

fn fill(builder: &mut Builder, mesh: &NavigationMesh, at: usize, color: Color) {
    let heights = &mesh.polygons[at].heights;
    if heights.is_empty() {
        return builder.face(mesh.corner_points(at).map(|corner| corner + LIFT), color);
    }
    for triangle in &mesh.height_triangles[heights.start as usize..heights.end as usize] {
        builder.face(triangle.map(|corner| mesh.height_vertices[corner as usize] + LIFT), color);
    }
}

fn edges(builder: &mut Builder, mesh: &NavigationMesh, at: usize) {
    let polygon = &mesh.polygons[at];
    let count = polygon.corners.len();
    let corner = |i: usize| mesh.vertices[polygon.corners[i % count] as usize] + LIFT * 1.5;
    for (i, behind) in polygon.neighbours.iter().enumerate() {
        let (color, width) = match behind.map(|behind| behind as usize) {
            None => (WALL, 0.035),
            // Each edge between two polygons is drawn once.
            Some(behind) if behind < at => continue,
            Some(behind) if mesh.polygons[behind].space != polygon.space => (BORDER, 0.07),
            Some(_) => (SEAM, 0.012),
        };
        builder.ribbon(corner(i), corner(i + 1), width, color);
    }
}
