//! Where people appear when nobody said: on the largest floor, far from walls.

use glam::{Vec2, Vec3};
use venue_model::{Place, SpaceId, SpawnPoint};
use venue_motion::Walkable;

/// A floor smaller than this is no place for people, square metres.
const LEAST_AREA: f32 = 0.5;
/// People are spread so far around the point at most, metres.
const LARGEST_RADIUS: f32 = 1.5;

/// A spawn point for a space without one.
pub(super) fn suggest(walkable: &Walkable, space: SpaceId) -> Option<SpawnPoint> {
    let mesh = walkable.mesh();
    let mut component = vec![usize::MAX; mesh.polygons.len()];
    let mut largest: Option<(f32, usize)> = None;
    for start in 0..mesh.polygons.len() {
        if component[start] != usize::MAX || mesh.polygons[start].space != space {
            continue;
        }
        let mut area = 0.0;
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            if component[at] == usize::MAX && mesh.polygons[at].space == space {
                component[at] = start;
                area += area_of(&mesh.corner_points(at).collect::<Vec<_>>());
                open.extend(mesh.polygons[at].neighbours.iter().flatten().map(|&next| next as usize));
            }
        }
        if largest.is_none_or(|(most, _)| area > most) {
            largest = Some((area, start));
        }
    }
    let (area, floor) = largest?;
    if area < LEAST_AREA {
        return None;
    }
    let (point, clearance) = clearest(walkable, &component, floor)?;
    // People face the middle of the floor.
    let middle = middle_of(walkable, &component, floor);
    let towards = middle - point;
    let yaw = if towards.length() > 0.5 { f32::atan2(-towards.x, -towards.z) } else { 0.0 };
    let radius = (clearance * 0.8).clamp(0.0, LARGEST_RADIUS);
    Some(SpawnPoint { space, place: Place { position: point, yaw: yaw + 0.0 }, radius })
}

/// Square metres seen from above.
fn area_of(points: &[Vec3]) -> f32 {
    let corner = |i: usize| Vec2::new(points[i].x, points[i].z) - Vec2::new(points[0].x, points[0].z);
    (1..points.len().saturating_sub(1)).map(|i| corner(i).perp_dot(corner(i + 1)).abs() * 0.5).sum()
}

fn middle_of(walkable: &Walkable, component: &[usize], floor: usize) -> Vec3 {
    let mesh = walkable.mesh();
    let mut sum = Vec3::ZERO;
    let mut weight = 0.0;
    for at in (0..component.len()).filter(|&at| component[at] == floor) {
        let points: Vec<Vec3> = mesh.corner_points(at).collect();
        let area = area_of(&points);
        sum += points.iter().sum::<Vec3>() / points.len() as f32 * area;
        weight += area;
    }
    sum / weight.max(1e-6)
}

/// The middle of a polygon with most room around it, and how much that is.
fn clearest(walkable: &Walkable, component: &[usize], floor: usize) -> Option<(Vec3, f32)> {
    let mesh = walkable.mesh();
    let of_floor = || (0..component.len()).filter(|&at| component[at] == floor);
    let mut walls: Vec<[Vec3; 2]> = Vec::new();
    for at in of_floor() {
        let points: Vec<Vec3> = mesh.corner_points(at).collect();
        for (edge, neighbour) in mesh.polygons[at].neighbours.iter().enumerate() {
            if neighbour.is_none() {
                walls.push([points[edge], points[(edge + 1) % points.len()]]);
            }
        }
    }
    // A large site has many thousand walls and polygons; a part of them finds a good place as well.
    let step = (of_floor().count() * walls.len() / 20_000_000).max(1);
    let room = |point: Vec3| walls.iter().map(|wall| distance(point, wall)).fold(f32::MAX, f32::min);
    of_floor()
        .step_by(step)
        .map(|at| {
            let points: Vec<Vec3> = mesh.corner_points(at).collect();
            let middle = points.iter().sum::<Vec3>() / points.len() as f32;
            (middle, room(middle))
        })
        .filter_map(|(middle, room)| {
            let point = walkable.locate(middle, 0.5)?;
            Some((point.position, room))
        })
        .max_by(|a, b| a.1.total_cmp(&b.1))
}

fn distance(point: Vec3, [a, b]: &[Vec3; 2]) -> f32 {
    let along = *b - *a;
    let t = ((point - *a).dot(along) / along.length_squared().max(1e-12)).clamp(0.0, 1.0);
    point.distance(*a + along * t)
}
