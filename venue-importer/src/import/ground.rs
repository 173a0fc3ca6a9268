//! What of a scan matters to walking: its triangles, thinned to what a voxel can tell apart.
//!
//! A dense scan has thousands of triangles in a voxel. All corners in a cell of a grid finer than the voxels become
//! the first of them, and what becomes flat or is there already goes, so that memory is bounded by the floor's size.
//! Corners stay on the surface: rounded ones would make a rough slope of a dense floor.

use super::surface::Surface;
use crate::hierarchy::numbers::Numbers;
use crate::navigation::Ground;
use anyhow::Result;
use glam::{DVec3, Vec3};
use venue_model::Space;

/// Grid across and up, metres: half of a voxel of the navigation mesh.
const GRID: DVec3 = DVec3::new(0.04, 0.02, 0.04);

/// Triangles in the building frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Soup {
    /// Metres.
    pub(super) points: Vec<Vec3>,
    /// Numbers of points.
    pub(super) triangles: Vec<[u32; 3]>,
}

impl Soup {
    /// Each triangle's corners, metres.
    pub(super) fn corners(&self) -> impl Iterator<Item = [Vec3; 3]> {
        self.triangles.iter().map(|triangle| triangle.map(|at| self.points[at as usize]))
    }

    /// Adds a square that faces up.
    fn square(&mut self, middle: Vec3, half: f32) {
        let first = self.points.len() as u32;
        let corners = [[-1.0, -1.0], [-1.0, 1.0], [1.0, 1.0], [1.0, -1.0]];
        self.points.extend(corners.map(|[x, z]| middle + Vec3::new(x, 0.0, z) * half));
        self.triangles
            .extend([[0, 1, 2], [0, 2, 3]].map(|triangle| triangle.map(|corner: u32| first + corner)));
    }
}

/// The triangles of a scan's surface for the navigation mesh.
///
/// A point counts as a small square that faces up: voxels above each other then make a wall, those alone a floor.
pub(super) fn collect(surface: &Surface<'_>, surfel_radius: f32) -> Result<Soup> {
    let mut soup = Soup::default();
    let mut columns: Numbers<[i32; 3]> = Numbers::with_capacity(1 << 12);
    let half = surfel_radius.max(GRID.x as f32) * 1.25;
    let mut seen: Numbers<[u32; 3]> = Numbers::with_capacity(1 << 12);
    let mut cells: Numbers<[i32; 3]> = Numbers::with_capacity(1 << 12);
    surface.visit(&mut |piece| {
        if piece.indices.is_empty() {
            piece.positions.iter().for_each(|&position| {
                columns.of(cell(position));
            });
            return Ok(());
        }
        let numbers: Vec<u32> = piece
            .positions
            .iter()
            .map(|&position| {
                let number = cells.of(cell(position));
                if number as usize == soup.points.len() {
                    soup.points.push(position.as_vec3());
                }
                number
            })
            .collect();
        for triangle in piece.indices.as_chunks::<3>().0 {
            let mut corners = triangle.map(|index| numbers[index as usize]);
            let [a, b, c] = corners;
            if a == b || b == c || c == a {
                continue;
            }
            let smallest = (0..3).min_by_key(|&i| corners[i]).unwrap_or(0);
            corners.rotate_left(smallest);
            seen.of(corners);
        }
        Ok(())
    })?;
    soup.triangles = seen.into_known();
    columns.into_known().into_iter().for_each(|cell| soup.square(point(cell), half));
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
