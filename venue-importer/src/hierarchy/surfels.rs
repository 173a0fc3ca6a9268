//! Points become surfels: discs that face away from the surface and reach to their neighbours.
//!
//! The normal is the direction in which the nearest points vary least (Hoppe and others, 1992), turned to the
//! scanner where one is known; the radius is what the nearest points are away. A coarser level has a quarter of
//! the points, each twice as wide.

use super::mesh::{Grid, TileMesh, Vertex};
use glam::{DVec3, Mat3, Vec3};
use rustc_hash::{FxHashMap, FxHashSet};

/// Points that say what the surface around one of them is like.
const NEIGHBOURS: usize = 10;
/// Of these, so many say how far apart points lie.
const SPACING: usize = 4;
/// A disc reaches so much farther than halfway to its neighbours that no gap is seen.
const OVERLAP: f32 = 0.85;
/// Lone points get no large discs, metres.
const LARGEST_RADIUS: f32 = 0.3;
/// Weight of colours when points are chosen for a coarser level.
const COLOR_WEIGHT: f32 = 0.7;

/// A surfel's radius, metres.
pub(super) fn radius(vertex: &Vertex) -> f32 {
    f32::from_bits(vertex.uv_bits[0])
}

fn set_radius(vertex: &mut Vertex, radius: f32) {
    vertex.uv_bits = [radius.to_bits(), 0];
}

/// Makes points of one place one, and gives each its normal and radius. `station` is where a point was seen from.
pub(super) fn form(points: &mut TileMesh, grid: Grid, stations: &[DVec3]) {
    let mut seen: FxHashSet<[i32; 3]> =
        FxHashSet::with_capacity_and_hasher(points.vertices.len(), rustc_hash::FxBuildHasher);
    points.vertices.retain(|vertex| seen.insert(vertex.position));
    let origin = points.vertices.first().map_or([0; 3], |vertex| vertex.position);
    let place = |vertex: &Vertex| grid.point(std::array::from_fn(|i| vertex.position[i] - origin[i]));
    let places: Vec<Vec3> = points.vertices.iter().map(place).collect();
    let cloud = Cloud::new(&places);
    let mut nearest = Vec::new();
    for (at, vertex) in points.vertices.iter_mut().enumerate() {
        cloud.nearest(at, NEIGHBOURS, &mut nearest);
        let spacing: f32 = nearest.iter().take(SPACING).map(|(distance, _)| distance.sqrt()).sum();
        let spacing = spacing / nearest.len().clamp(1, SPACING) as f32;
        let least = grid.step() as f32 * 2.0;
        set_radius(vertex, (spacing * OVERLAP).clamp(least, LARGEST_RADIUS));
        if vertex.normal[..3] == [0; 3] {
            let normal = normal(places[at], nearest.iter().map(|(_, other)| places[*other as usize]));
            let station = stations.get(usize::from(vertex.sheet).wrapping_sub(1));
            let towards =
                station.map(|station| (*station - grid.point(vertex.position).as_dvec3()).as_vec3());
            let turned = match towards {
                Some(towards) if towards.dot(normal) < 0.0 => -normal,
                // Without a scanner up is likelier than down; discs are seen from both sides.
                None if normal.y < 0.0 => -normal,
                _ => normal,
            };
            let [x, y, z] = (turned * 127.0).round().to_array();
            vertex.normal = [x as i8, y as i8, z as i8, 0];
        }
        vertex.sheet = 0;
    }
}

/// A part of the points, chosen so that shape and colours stay, each wider by as much as fewer are left.
pub(super) fn thin(points: &TileMesh, grid: Grid, target: usize) -> TileMesh {
    let count = points.vertices.len();
    if count <= target.max(1) {
        return points.clone();
    }
    let origin = points.vertices[0].position;
    let positions: Vec<[f32; 3]> = points
        .vertices
        .iter()
        .map(|vertex| grid.point(std::array::from_fn(|i| vertex.position[i] - origin[i])).to_array())
        .collect();
    let colors: Vec<[f32; 3]> =
        points.vertices.iter().map(|vertex| [0, 1, 2].map(|i| f32::from(vertex.color[i]) / 255.0)).collect();
    let adapter = meshopt::VertexDataAdapter::new(bytemuck::cast_slice(&positions), 12, 0)
        .expect("positions are twelve bytes each");
    let mut chosen = meshopt::simplify_points(&adapter, Some(&colors), COLOR_WEIGHT, target);
    chosen.sort_unstable();
    chosen.dedup();
    let wider = (count as f32 / chosen.len().max(1) as f32).sqrt();
    let widened = |&at: &u32| {
        let mut vertex = points.vertices[at as usize];
        let radius = radius(&vertex) * wider;
        set_radius(&mut vertex, radius);
        vertex
    };
    TileMesh { vertices: chosen.iter().map(widened).collect(), indices: Vec::new() }
}

/// The radius that half of the surfels have at least, metres.
pub(super) fn median_radius(points: &TileMesh) -> f32 {
    let mut radii: Vec<f32> = points.vertices.iter().map(radius).collect();
    radii.sort_unstable_by(f32::total_cmp);
    radii.get(radii.len() / 2).copied().unwrap_or(0.0)
}

/// The direction in which points vary least: the smallest eigenvector of their covariance, by inverse iteration.
fn normal(point: Vec3, others: impl Iterator<Item = Vec3> + Clone) -> Vec3 {
    let count = others.clone().count() as f32 + 1.0;
    let mean = (others.clone().sum::<Vec3>() + point) / count;
    let mut sum = Mat3::ZERO;
    for other in others.chain([point]) {
        let d = other - mean;
        sum += Mat3::from_cols(d * d.x, d * d.y, d * d.z);
    }
    let trace = sum.x_axis.x + sum.y_axis.y + sum.z_axis.z;
    if trace <= 0.0 {
        return Vec3::Y;
    }
    // A little of the identity keeps a perfect plane invertible; it changes no eigenvector.
    let scaled = sum * (1.0 / trace) + Mat3::from_diagonal(Vec3::splat(1e-5));
    let inverse = scaled.inverse();
    let mut direction = Vec3::new(0.36, 0.8, 0.48);
    for _ in 0..8 {
        direction = (inverse * direction).try_normalize().unwrap_or(Vec3::Y);
    }
    direction
}

/// Points in a grid of cells, each with a few of them.
struct Cloud<'a> {
    places: &'a [Vec3],
    cells: FxHashMap<[i32; 3], Vec<u32>>,
    size: f32,
}

impl<'a> Cloud<'a> {
    fn new(places: &'a [Vec3]) -> Self {
        let min = places.iter().copied().reduce(Vec3::min).unwrap_or_default();
        let max = places.iter().copied().reduce(Vec3::max).unwrap_or_default();
        // Points of a scan lie on surfaces: as many cells along two sides as give a handful of points each.
        let extent = (max - min).max(Vec3::splat(1e-3));
        let mut sides = extent.to_array();
        sides.sort_unstable_by(f32::total_cmp);
        let size = (sides[1] * sides[2] / (places.len().max(1) as f32 / 6.0)).sqrt().max(1e-4);
        let mut cells: FxHashMap<[i32; 3], Vec<u32>> = FxHashMap::default();
        for (at, &place) in places.iter().enumerate() {
            cells.entry(Self::cell(place, size)).or_default().push(at as u32);
        }
        Self { places, cells, size }
    }

    fn cell(place: Vec3, size: f32) -> [i32; 3] {
        (place / size).floor().to_array().map(|at| at as i32)
    }

    /// The nearest others with their squared distances, nearest first. Not farther than four cells.
    fn nearest(&self, at: usize, count: usize, out: &mut Vec<(f32, u32)>) {
        out.clear();
        let place = self.places[at];
        let middle = Self::cell(place, self.size);
        for ring in 0..=4_i32 {
            for x in -ring..=ring {
                for y in -ring..=ring {
                    for z in -ring..=ring {
                        if x.abs().max(y.abs()).max(z.abs()) != ring {
                            continue;
                        }
                        let cell = [middle[0] + x, middle[1] + y, middle[2] + z];
                        let inside = self.cells.get(&cell).into_iter().flatten();
                        out.extend(
                            inside
                                .filter(|other| **other as usize != at)
                                .map(|&other| (self.places[other as usize].distance_squared(place), other)),
                        );
                    }
                }
            }
            // What lies beyond the ring is farther than its inner side.
            let sure = (ring as f32 * self.size).powi(2);
            if out.iter().filter(|(distance, _)| *distance <= sure).count() >= count {
                break;
            }
        }
        out.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        out.truncate(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRID: Grid = Grid { exponent: -12 };

    /// A plane of points 2 cm apart, sloping by a half, red on one side and blue on the other.
    fn slope(side: i32) -> TileMesh {
        let at = |i: i32| {
            let (x, z) = (i % side * 80, i / side * 80);
            let color = if x < side * 40 { [255, 0, 0, 255] } else { [0, 0, 255, 255] };
            Vertex { position: [x, x / 2, z], color, ..Vertex::default() }
        };
        TileMesh { vertices: (0..side * side).map(at).collect(), indices: Vec::new() }
    }

    #[test]
    fn surfels_face_out_of_the_surface_and_reach_their_neighbours() {
        let mut points = slope(40);
        points.vertices.extend_from_within(..100);
        form(&mut points, GRID, &[]);
        assert_eq!(points.vertices.len(), 1_600, "points in one place are one");
        let expected = Vec3::new(-0.5, 1.0, 0.0).normalize();
        for vertex in &points.vertices {
            let [x, y, z, _] = vertex.normal.map(f32::from);
            assert!((Vec3::new(x, y, z) / 127.0).dot(expected) > 0.995, "{vertex:?}");
            assert!((0.012..0.035).contains(&radius(vertex)), "{}", radius(vertex));
        }
    }

    #[test]
    fn they_face_the_scanner_that_saw_them() {
        let mut points = slope(10);
        points.vertices.iter_mut().for_each(|vertex| vertex.sheet = 1);
        form(&mut points, GRID, &[DVec3::new(1.0, -5.0, 1.0)]);
        assert!(points.vertices.iter().all(|vertex| vertex.normal[1] < 0 && vertex.sheet == 0));
    }

    #[test]
    fn a_coarser_level_has_fewer_and_wider_ones_everywhere() {
        let mut points = slope(40);
        form(&mut points, GRID, &[]);
        let thin = thin(&points, GRID, 400);
        assert!((300..=400).contains(&thin.vertices.len()), "{}", thin.vertices.len());
        assert!(median_radius(&thin) > 1.8 * median_radius(&points));
        for quarter in 0..4 {
            let inside = |vertex: &&Vertex| {
                (vertex.position[0] >= 1_600, vertex.position[2] >= 1_600)
                    == (quarter & 1 != 0, quarter & 2 != 0)
            };
            let count = thin.vertices.iter().filter(inside).count();
            assert!((50..=150).contains(&count), "{count}");
        }
    }

    #[test]
    fn lone_points_and_none_at_all_are_no_trouble() {
        let mut one = TileMesh { vertices: vec![Vertex::default()], indices: Vec::new() };
        form(&mut one, GRID, &[]);
        assert!(radius(&one.vertices[0]) > 0.0);
        form(&mut TileMesh::default(), GRID, &[]);
    }
}
