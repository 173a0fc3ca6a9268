//! Small venues for this crate's own tests.

use glam::Vec3;
use venue_model::SpaceId;
use venue_motion::Walkable;
use venue_package::{NavigationMesh, NavigationPolygon};

/// A floor from `-half` to `half` in x and z at height 0, space 1.
pub fn square_room(half: f32) -> Walkable {
    let corner = |x: f32, z: f32| Vec3::new(x * half, 0.0, z * half);
    let polygon = NavigationPolygon {
        corners: vec![0, 1, 2, 3],
        neighbours: vec![None; 4],
        space: SpaceId(1),
        heights: 0..0,
    };
    // Counter-clockwise seen from above, where +x is right and +z is down.
    let vertices = vec![corner(-1.0, 1.0), corner(1.0, 1.0), corner(1.0, -1.0), corner(-1.0, -1.0)];
    let mesh = NavigationMesh { vertices, polygons: vec![polygon], ..NavigationMesh::default() };
    Walkable::new(mesh).unwrap()
}
