//! The storeys of a venue: the heights at which much of its floor lies, and which of them a piece of floor belongs to.
//!
//! Stairs join storeys, so the mesh's own neighbours can not tell them apart; heights can. A floor that rises within
//! one space without lying over itself (rows of seats in a hall) is one storey.

use glam::{Vec2, Vec3, Vec3Swizzles as _};
use std::collections::{BTreeMap, BTreeSet};
use venue_model::SpaceId;
use venue_package::NavigationMesh;

/// Heights are counted in layers of this, metres.
const LAYER: f32 = 0.25;

/// Floors nearer than this to one another, metres, are of one storey: nobody can stand between them.
const APART: f32 = 2.0;

/// Less floor than this, square metres and as a share of all, is a landing and no storey.
const LEAST_AREA: f32 = 2.0;
const LEAST_SHARE: f32 = 0.01;

/// Most storeys that are told apart.
const MOST: usize = 64;

/// How far a piece of floor may lie below the height of its storey, metres: a step down, noise.
const BELOW: f32 = 0.6;

/// Floors of one space that lie over each other by less than this share of the smaller one are one storey that rises.
const OVERLAP: f32 = 0.1;

/// Side of the cells in which overlap is looked for, metres, and how many are looked at in all: a mesh that needs more
/// has storeys that are told apart by what the first of its polygons cover.
const CELL: f32 = 1.0;
const MOST_CELLS: usize = 2_000_000;

/// The storeys of a navigation mesh, from the lowest up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Storeys {
    storeys: Vec<Storey>,
    of_polygon: Vec<u16>,
}

/// One storey.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Storey {
    /// Height of most of its floor, metres.
    pub floor: f32,
    /// Height of its highest floor, metres.
    pub top: f32,
}

/// A height at which much floor lies.
struct Level {
    height: f32,
    spaces: BTreeSet<SpaceId>,
    cells: BTreeSet<(i32, i32)>,
}

impl Storeys {
    /// Finds the storeys of a mesh; one without polygons has none.
    pub fn of(mesh: &NavigationMesh) -> Self {
        let pieces: Vec<(f32, f32)> = (0..mesh.polygons.len()).map(|at| height_and_area(mesh, at)).collect();
        let heights = levels(&pieces);
        let level_of = |height: f32| heights.partition_point(|level| *level <= height + BELOW).max(1) - 1;
        let of_level: Vec<usize> = pieces.iter().map(|piece| level_of(piece.0)).collect();
        let levels = described(mesh, &heights, &of_level);
        let mut storeys: Vec<Storey> = Vec::new();
        let mut storey_of: Vec<u16> = Vec::new();
        for (at, level) in levels.iter().enumerate() {
            let rises = at > 0 && is_one_that_rises(&levels[at - 1], level);
            match storeys.last_mut().filter(|_| rises) {
                Some(below) => below.top = level.height,
                None => storeys.push(Storey { floor: level.height, top: level.height }),
            }
            storey_of.push(storeys.len() as u16 - 1);
        }
        for (piece, level) in pieces.iter().zip(&of_level) {
            let storey = &mut storeys[usize::from(storey_of[*level])];
            storey.top = storey.top.max(piece.0);
        }
        let of_polygon = of_level.into_iter().map(|level| storey_of[level]).collect();
        Self { storeys, of_polygon }
    }

    /// The storeys, from the lowest up.
    pub fn all(&self) -> &[Storey] {
        &self.storeys
    }

    /// The number of the storey that a polygon of the mesh belongs to.
    pub fn of_polygon(&self, polygon: usize) -> usize {
        self.of_polygon.get(polygon).copied().map_or(0, usize::from)
    }
}

/// Heights of levels, ascending: where most floor lies first, then where most of the rest lies.
fn levels(pieces: &[(f32, f32)]) -> Vec<f32> {
    let total: f32 = pieces.iter().map(|piece| piece.1).sum();
    let mut layers: BTreeMap<i32, (f32, f32)> = BTreeMap::new();
    for (height, area) in pieces {
        let layer = layers.entry((height / LAYER).round() as i32).or_default();
        layer.0 += area;
        layer.1 += area * height;
    }
    let around = |layers: &BTreeMap<i32, (f32, f32)>, at: i32| {
        layers.range(at - 1..=at + 1).fold((0.0, 0.0), |sum, (_, layer)| (sum.0 + layer.0, sum.1 + layer.1))
    };
    let mut found = Vec::new();
    while found.len() < MOST {
        let largest = layers.keys().map(|at| (*at, around(&layers, *at)));
        // Of equals the lowest, so that the same mesh has the same storeys.
        let largest = largest.reduce(|best, next| if next.1.0 > best.1.0 { next } else { best });
        let Some((_, (area, moment))) = largest else { break };
        if !found.is_empty() && area < LEAST_AREA.max(total * LEAST_SHARE) {
            break;
        }
        let height = if area > 0.0 { moment / area } else { 0.0 };
        found.push(height);
        layers.retain(|at, _| (*at as f32 * LAYER - height).abs() >= APART);
    }
    found.sort_by(f32::total_cmp);
    found
}

fn described(mesh: &NavigationMesh, heights: &[f32], of_level: &[usize]) -> Vec<Level> {
    let mut left = MOST_CELLS;
    let level = |height: &f32| Level { height: *height, spaces: BTreeSet::new(), cells: BTreeSet::new() };
    let mut levels: Vec<Level> = heights.iter().map(level).collect();
    for (at, level) in of_level.iter().enumerate() {
        levels[*level].spaces.insert(mesh.polygons[at].space);
        cover(mesh, at, &mut left, &mut levels[*level].cells);
    }
    levels
}

/// The cells whose middle lies in a polygon.
fn cover(mesh: &NavigationMesh, polygon: usize, left: &mut usize, cells: &mut BTreeSet<(i32, i32)>) {
    let corners: Vec<Vec2> = mesh.corner_points(polygon).map(|corner| corner.xz()).collect();
    let low = corners.iter().copied().fold(Vec2::MAX, Vec2::min);
    let high = corners.iter().copied().fold(Vec2::MIN, Vec2::max);
    let cell = |at: f32| (at / CELL).floor() as i32;
    for x in cell(low.x)..=cell(high.x) {
        for z in cell(low.y)..=cell(high.y) {
            if *left == 0 {
                return;
            }
            *left -= 1;
            let middle = (Vec2::new(x as f32, z as f32) + 0.5) * CELL;
            let is_inside = (0..corners.len()).all(|i| {
                let (a, b) = (corners[i], corners[(i + 1) % corners.len()]);
                crate::walkable::outward(a, b).dot(middle - a) <= 0.0
            });
            if is_inside {
                cells.insert((x, z));
            }
        }
    }
}

fn is_one_that_rises(lower: &Level, upper: &Level) -> bool {
    let both = lower.cells.intersection(&upper.cells).count() as f32;
    let smaller = lower.cells.len().min(upper.cells.len()) as f32;
    !lower.spaces.is_disjoint(&upper.spaces) && both <= smaller * OVERLAP
}

/// Mean height of a polygon's corners, and its area seen from above.
fn height_and_area(mesh: &NavigationMesh, polygon: usize) -> (f32, f32) {
    let corners: Vec<Vec3> = mesh.corner_points(polygon).collect();
    let height = corners.iter().map(|corner| corner.y).sum::<f32>() / corners.len().max(1) as f32;
    let doubled = |i: usize| {
        let first = corners[0].xz();
        (corners[i].xz() - first).perp_dot(corners[i + 1].xz() - first).abs()
    };
    (height, (1..corners.len().saturating_sub(1)).map(doubled).sum::<f32>() * 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use venue_package::NavigationPolygon;

    /// Rectangles of floor: x from, x to, height, space; each 10 m deep.
    fn floors(pieces: &[(f32, f32, f32, u16)]) -> NavigationMesh {
        let mut mesh = NavigationMesh::default();
        for (from, to, height, space) in pieces {
            let first = mesh.vertices.len() as u32;
            let corner = |x: f32, z: f32| Vec3::new(x, *height, z);
            mesh.vertices.extend([
                corner(*from, 10.0),
                corner(*to, 10.0),
                corner(*to, 0.0),
                corner(*from, 0.0),
            ]);
            mesh.polygons.push(NavigationPolygon {
                corners: (first..first + 4).collect(),
                neighbours: vec![None; 4],
                space: SpaceId(*space),
                heights: 0..0,
            });
        }
        mesh.check().unwrap();
        mesh
    }

    fn check(pieces: &[(f32, f32, f32, u16)], expected: &[f32], of: &[usize]) {
        let storeys = Storeys::of(&floors(pieces));
        let found: Vec<f32> =
            storeys.all().iter().map(|storey| (storey.floor * 100.0).round() / 100.0).collect();
        assert_eq!(found, expected);
        let each: Vec<usize> = (0..pieces.len()).map(|at| storeys.of_polygon(at)).collect();
        assert_eq!(each, of);
    }

    #[test]
    fn a_floor_with_a_step_is_one_storey_and_floors_over_each_other_are_two() {
        check(&[(0.0, 10.0, 0.0, 1), (10.0, 14.0, 0.2, 1)], &[0.06], &[0, 0]);
        check(&[(0.0, 10.0, 0.0, 1), (2.0, 10.0, 3.2, 1)], &[0.0, 3.2], &[0, 1]);
    }

    #[test]
    fn a_landing_belongs_to_the_storey_below_it() {
        check(&[(0.0, 10.0, 0.0, 1), (10.0, 10.1, 2.1, 1), (0.0, 10.0, 4.0, 1)], &[0.0, 4.0], &[0, 0, 1]);
    }

    #[test]
    fn rows_that_rise_are_one_storey_whose_top_is_the_last_row() {
        let rows: Vec<_> = (0..20u8).map(f32::from).map(|row| (row, row + 1.0, row * 0.2, 1)).collect();
        let storeys = Storeys::of(&floors(&rows));
        assert_eq!(storeys.all().len(), 1, "{storeys:?}");
        assert!((storeys.all()[0].top - 3.8).abs() < 0.01, "{storeys:?}");
        // Another space beside it at that height is another storey: it may have a room below it.
        check(&[(0.0, 10.0, 0.0, 1), (10.0, 20.0, 4.0, 2)], &[0.0, 4.0], &[0, 1]);
    }

    #[test]
    fn no_floor_has_no_storey() {
        assert!(Storeys::of(&NavigationMesh::default()).all().is_empty());
    }
}
