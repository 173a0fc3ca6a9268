//! What of a scan matters to walking: its triangles, thinned to what a voxel can tell apart.
//!
//! A dense scan has thousands of triangles in a voxel. All corners in a cell of a grid finer than the voxels become
//! the first of them, and what becomes flat or is there already goes, so that memory is bounded by the floor's size.
//! Corners stay on the surface: rounded ones would make a rough slope of a dense floor.

use super::shape::Shape;
use crate::navigation::Ground;
use anyhow::Result;
use glam::{DVec3, Vec3};
use rustc_hash::{FxHashMap, FxHashSet};
use venue_model::Space;

/// Grid across and up, metres: half of a voxel of the navigation mesh.
const GRID: DVec3 = DVec3::new(0.04, 0.02, 0.04);

/// Triangles in the building frame, metres.
pub(super) type Soup = Vec<[Vec3; 3]>;

/// The triangles of a scan for the navigation mesh.
///
/// A point counts as a small square that faces up: voxels above each other then make a wall, those alone a floor.
pub(super) fn collect(shape: &Shape<'_>, surfel_radius: f32) -> Result<Soup> {
    let mut soup = Soup::default();
    let mut columns: FxHashSet<[i32; 3]> = FxHashSet::default();
    let half = surfel_radius.max(GRID.x as f32) * 1.25;
    let mut seen: FxHashSet<[[i32; 3]; 3]> = FxHashSet::default();
    let mut first: FxHashMap<[i32; 3], Vec3> = FxHashMap::default();
    shape.visit(&mut |piece| {
        for triangle in piece.indices.as_chunks::<3>().0 {
            let cells = triangle.map(|index| cell(piece.positions[index as usize]));
            let [a, b, c] = cells;
            if a == b || b == c || c == a {
                continue;
            }
            let mut key = cells;
            let smallest = (0..3).min_by_key(|&i| key[i]).unwrap_or(0);
            key.rotate_left(smallest);
            if seen.insert(key) {
                soup.push([0, 1, 2].map(|corner| {
                    let place = piece.positions[triangle[corner] as usize].as_vec3();
                    *first.entry(cells[corner]).or_insert(place)
                }));
            }
        }
        if piece.indices.is_empty() {
            for cell in piece.positions.iter().map(|&position| cell(position)) {
                if columns.insert(cell) {
                    let middle = point(cell);
                    let corner = |x: f32, z: f32| middle + Vec3::new(x * half, 0.0, z * half);
                    let [a, b, c, d] =
                        [corner(-1.0, -1.0), corner(-1.0, 1.0), corner(1.0, 1.0), corner(1.0, -1.0)];
                    soup.push([a, b, c]);
                    soup.push([a, c, d]);
                }
            }
        }
        Ok(())
    })?;
    Ok(soup)
}

/// A floor for what has none: around a statue there is room to walk.
const AROUND: f32 = 4.0;

/// Lays a level floor at height zero under everything and around it.
pub(super) fn lay_floor(ground: &mut Ground, space: &Space) {
    let (min, max) = (space.bounds.min - AROUND, space.bounds.max + AROUND);
    let corner = |x: f32, z: f32| Vec3::new(x, 0.0, z);
    let [a, b, c, d] =
        [corner(min.x, min.z), corner(min.x, max.z), corner(max.x, max.z), corner(max.x, min.z)];
    ground.add([a, b, c], Some(space.id));
    ground.add([a, c, d], Some(space.id));
}

fn cell(point: DVec3) -> [i32; 3] {
    (point / GRID).round().to_array().map(|value| value as i32)
}

fn point(cell: [i32; 3]) -> Vec3 {
    (DVec3::from_array(cell.map(f64::from)) * GRID).as_vec3()
}
