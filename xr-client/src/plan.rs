//! The plan of a venue as seen from above: floors, walls, doors and seats, made from the package and kept.
//!
//! It must not know how it is drawn. North is up: x of the plan is x of the building, y of the plan is its z.

use glam::{Vec2, Vec3, Vec3Swizzles as _};
use std::sync::Arc;
use venue_model::{SeatId, SpaceId};
use venue_package::{Manifest, NavigationMesh};

/// A plan that is shared; two are the same when they are the very same.
#[derive(Clone, Debug)]
pub struct SharedPlan(pub Arc<Plan>);

impl PartialEq for SharedPlan {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A venue from above, metres.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// The rooms in the manifest's order.
    pub rooms: Vec<PlanRoom>,
    /// Doors.
    pub doors: Vec<PlanDoor>,
    /// Seats.
    pub seats: Vec<PlanSeat>,
    /// Corners of what is drawn: least and greatest.
    pub bounds: [Vec2; 2],
}

/// A room.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanRoom {
    /// Which.
    pub id: SpaceId,
    /// Convex pieces of its floor, the lowest first.
    pub floor: Vec<Vec<Vec2>>,
    /// Edges of the floor that nobody can walk over.
    pub walls: Vec<[Vec2; 2]>,
    /// Where its name is written: the middle of its largest free piece.
    pub middle: Vec2,
}

/// A door.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlanDoor {
    /// The ends of its threshold.
    pub ends: [Vec2; 2],
}

/// A seat.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanSeat {
    /// Which.
    pub id: SeatId,
    /// The room it stands in.
    pub space: SpaceId,
    /// Where.
    pub at: Vec2,
    /// What is written on it, may be empty.
    pub label: String,
}

impl Plan {
    /// Draws the plan of a venue.
    pub fn new(manifest: &Manifest, mesh: &NavigationMesh) -> Self {
        let rooms: Vec<_> = manifest.spaces.iter().map(|space| room(space.id, mesh)).collect();
        let doors = manifest.doors.iter().map(|door| {
            let across = Vec2::new(door.place.yaw.cos(), -door.place.yaw.sin()) * (door.width * 0.5);
            let middle = door.place.position.xz();
            PlanDoor { ends: [middle - across, middle + across] }
        });
        let seats = manifest.seats.iter().map(|seat| PlanSeat {
            id: seat.id,
            space: seat.space,
            at: seat.place.position.xz(),
            label: seat.label.clone(),
        });
        let points = || rooms.iter().flat_map(|room| room.floor.iter().flatten().copied());
        let least = points().reduce(Vec2::min).unwrap_or(Vec2::ZERO);
        let greatest = points().reduce(Vec2::max).unwrap_or(Vec2::ONE);
        Self { doors: doors.collect(), seats: seats.collect(), bounds: [least, greatest], rooms }
    }

    /// The room whose floor lies at a point.
    pub fn room_at(&self, at: Vec2) -> Option<SpaceId> {
        let holds = |room: &&PlanRoom| room.floor.iter().any(|piece| is_within(piece, at));
        self.rooms.iter().find(holds).map(|room| room.id)
    }
}

fn room(id: SpaceId, mesh: &NavigationMesh) -> PlanRoom {
    let mut pieces: Vec<(f32, Vec<Vec2>)> = Vec::new();
    let mut walls = Vec::new();
    for (index, polygon) in mesh.polygons.iter().enumerate().filter(|(_, polygon)| polygon.space == id) {
        let corners: Vec<Vec3> = mesh.corner_points(index).collect();
        for (edge, neighbour) in polygon.neighbours.iter().enumerate() {
            if neighbour.is_none() {
                walls.push([corners[edge].xz(), corners[(edge + 1) % corners.len()].xz()]);
            }
        }
        let height = corners.iter().map(|corner| corner.y).sum::<f32>() / corners.len().max(1) as f32;
        pieces.push((height, corners.iter().map(|corner| corner.xz()).collect()));
    }
    pieces.sort_by(|a, b| a.0.total_cmp(&b.0));
    let largest = pieces.iter().map(|(_, piece)| piece).max_by(|a, b| area(a).total_cmp(&area(b)));
    let middle = largest.map_or(Vec2::ZERO, |piece| piece.iter().sum::<Vec2>() / piece.len().max(1) as f32);
    PlanRoom { id, floor: pieces.into_iter().map(|(_, piece)| piece).collect(), walls, middle }
}

fn area(piece: &[Vec2]) -> f32 {
    let twice: f32 = (0..piece.len()).map(|i| piece[i].perp_dot(piece[(i + 1) % piece.len()])).sum();
    twice.abs() * 0.5
}

fn is_within(piece: &[Vec2], at: Vec2) -> bool {
    let side = |i: usize| (piece[(i + 1) % piece.len()] - piece[i]).perp_dot(at - piece[i]);
    let sides = || (0..piece.len()).map(side);
    piece.len() >= 3 && (sides().all(|side| side >= 0.0) || sides().all(|side| side <= 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::square_room;

    #[test]
    fn a_square_room_has_four_walls_and_its_floor() {
        let mesh = square_room(10.0).mesh().clone();
        let id = mesh.polygons[0].space;
        let room = room(id, &mesh);
        let length: f32 = room.walls.iter().map(|[a, b]| a.distance(*b)).sum();
        let floor: f32 = room.floor.iter().map(|piece| area(piece)).sum();
        assert!((length * length / 16.0 - floor).abs() < 0.01, "{length} {floor}");
        let plan = Plan { rooms: vec![room], ..Plan::default() };
        assert_eq!((plan.room_at(Vec2::ZERO), plan.room_at(Vec2::splat(99.0))), (Some(id), None));
    }

    #[test]
    fn doors_lie_across_their_way_and_seats_where_they_stand() {
        let package = crate::testing::tiny_package();
        let plan = Plan::new(package.manifest(), square_room(10.0).mesh());
        let door = &package.manifest().doors[0];
        let [a, b] = plan.doors[0].ends;
        let way = Vec2::new(-door.place.yaw.sin(), -door.place.yaw.cos());
        assert!((b - a).dot(way).abs() < 1e-4 && (a.distance(b) - door.width).abs() < 1e-4);
        assert_eq!(plan.seats[0].at, package.manifest().seats[0].place.position.xz());
    }
}
