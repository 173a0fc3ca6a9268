//! What of a scan matters to walking: its triangles, thinned to what a voxel can tell apart.
//!
//! A dense scan has thousands of triangles in a voxel. Corners are rounded to a grid finer than the
//! voxels, and what becomes flat or is there already goes, so that memory is bounded by the floor's size.

use super::shape::Shape;
use crate::navigation::Ground;
use anyhow::Result;
use glam::{DVec3, Vec3};
use rustc_hash::FxHashSet;
use venue_model::SpaceId;

/// Grid across and up, metres: half of a voxel of the navigation mesh.
const GRID: DVec3 = DVec3::new(0.04, 0.02, 0.04);

/// The triangles of a scan for the navigation mesh.
pub(super) fn collect(shape: &Shape<'_>, space: SpaceId) -> Result<Ground> {
    let mut ground = Ground::default();
    let mut seen: FxHashSet<[[i32; 3]; 3]> = FxHashSet::default();
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
                ground.add(cells.map(point), Some(space));
            }
        }
        Ok(())
    })?;
    Ok(ground)
}

fn cell(point: DVec3) -> [i32; 3] {
    (point / GRID).round().to_array().map(|value| value as i32)
}

fn point(cell: [i32; 3]) -> Vec3 {
    (DVec3::from_array(cell.map(f64::from)) * GRID).as_vec3()
}
