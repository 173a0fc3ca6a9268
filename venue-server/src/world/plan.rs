//! The venue as it was built: one state of it, which never changes. A venue that is still being built has one after
//! the other.
//!
//! It must not know people, connections or files.

use crate::store::SpacesAllowed;
use glam::Vec3;
use std::collections::{BTreeMap, BTreeSet};
use venue_model::{Door, Place, Seat, SeatId, Space, SpaceId, SpawnPoint, Zone, ZoneId};
use venue_motion::{FloorPoint, Walkable};
use venue_package::Manifest;

/// How far from a marked point its floor may be, metres: markers hover a little.
const MARKER_REACH: f32 = 1.0;

/// From farther away nobody is seen through a door, metres.
const DOOR_SIGHT_METRES: f32 = 12.0;

/// Spaces, doors, seats, spawn points and the floor of one venue.
#[derive(Debug)]
pub struct Plan {
    spaces: BTreeMap<SpaceId, Space>,
    seats: BTreeMap<SeatId, Seat>,
    doors: Vec<Door>,
    spawn_points: Vec<SpawnPoint>,
    zones: Vec<Zone>,
    entrance: SpaceId,
    floor: Walkable,
}

/// The venue can not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Nowhere to be.
    #[error("the venue has no space with a spawn point; pack it again from a model that has one")]
    NoSpawnPoint,
    /// A spawn point in the air or in a wall.
    #[error(
        "no spawn point of the space {space:?} stands on its floor; move one to where one can walk and pack the venue again"
    )]
    SpawnPointWithoutFloor {
        /// Key of the space.
        space: String,
    },
}

impl Plan {
    /// Takes what the tick needs out of a manifest and checks that one can arrive in
    /// every space. The first spawn point of the manifest is the entrance.
    pub fn new(manifest: &Manifest, floor: Walkable) -> Result<Self, PlanError> {
        let entrance = manifest.spawn_points.first().ok_or(PlanError::NoSpawnPoint)?.space;
        let plan = Self {
            spaces: manifest.spaces.iter().map(|space| (space.id, space.clone())).collect(),
            seats: manifest.seats.iter().map(|seat| (seat.id, seat.clone())).collect(),
            doors: manifest.doors.clone(),
            spawn_points: manifest.spawn_points.clone(),
            zones: manifest.zones.clone(),
            entrance,
            floor,
        };
        for space in plan.spaces.values() {
            let arrives = |point: &SpawnPoint| plan.floor_of(point.space, point.place.position).is_some();
            if !plan.spawn_points_of(space.id).any(arrives) {
                return Err(PlanError::SpawnPointWithoutFloor { space: space.key.clone() });
            }
        }
        Ok(plan)
    }

    /// The floor of the whole venue.
    pub fn floor(&self) -> &Walkable {
        &self.floor
    }

    /// Every space.
    pub fn spaces(&self) -> impl Iterator<Item = &Space> {
        self.spaces.values()
    }

    /// One space.
    pub fn space(&self, id: SpaceId) -> Option<&Space> {
        self.spaces.get(&id)
    }

    /// The key of a space; empty for one that does not exist.
    pub fn key_of(&self, id: SpaceId) -> &str {
        self.spaces.get(&id).map_or("", |space| &space.key)
    }

    /// The spaces of this venue that an invitation opens.
    pub fn opened_by(&self, allowed: &SpacesAllowed) -> BTreeSet<SpaceId> {
        self.spaces().filter(|space| allowed.allows(&space.key)).map(|space| space.id).collect()
    }

    /// Where people arrive who ask for no space.
    pub fn entrance(&self) -> SpaceId {
        self.entrance
    }

    /// One seat.
    pub fn seat(&self, id: SeatId) -> Option<&Seat> {
        self.seats.get(&id)
    }

    /// Every seat.
    pub fn seats(&self) -> impl Iterator<Item = &Seat> {
        self.seats.values()
    }

    /// The spawn points of a space, in the manifest's order.
    pub fn spawn_points_of(&self, space: SpaceId) -> impl Iterator<Item = &SpawnPoint> {
        self.spawn_points.iter().filter(move |point| point.space == space)
    }

    /// One zone.
    pub fn zone(&self, id: ZoneId) -> Option<&Zone> {
        self.zones.iter().find(|zone| zone.id == id)
    }

    /// The zones of a space around a point.
    pub fn zones_at(&self, space: SpaceId, point: Vec3) -> impl Iterator<Item = &Zone> {
        self.zones.iter().filter(move |zone| zone.space == space && zone.bounds.contains(point))
    }

    /// The floor of `space` at or near a marked point.
    pub fn floor_of(&self, space: SpaceId, point: Vec3) -> Option<FloorPoint> {
        self.floor.locate_in(space, point, MARKER_REACH)
    }

    /// How far beyond the threshold from `from` into `to` a point lies, metres, negative
    /// before it; by the door whose threshold is nearest. None without such a door.
    pub fn beyond_door(&self, from: SpaceId, to: SpaceId, point: Vec3) -> Option<f32> {
        let between = self.doors.iter().filter_map(|door| {
            let facing = facing_of(&door.place);
            let into = match door.spaces {
                [a, b] if (a, b) == (from, to) => facing,
                [a, b] if (b, a) == (from, to) => -facing,
                _ => return None,
            };
            Some((door.place.position.distance_squared(point), (point - door.place.position).dot(into)))
        });
        between.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, beyond)| beyond)
    }

    /// The spaces that are seen from a place in another one through a door, and where the door is.
    pub fn doors_near(&self, space: SpaceId, place: Vec3) -> impl Iterator<Item = (SpaceId, Vec3)> + '_ {
        self.doors.iter().filter_map(move |door| {
            let other = match door.spaces {
                [one, other] if one == space => other,
                [one, other] if other == space => one,
                _ => return None,
            };
            let middle = door.place.position;
            (middle.distance(place) <= DOOR_SIGHT_METRES).then_some((other, middle))
        })
    }
}

/// The way that a place faces.
fn facing_of(place: &Place) -> Vec3 {
    Vec3::new(-place.yaw.sin(), 0.0, -place.yaw.cos())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::testing;

    #[test]
    fn a_door_is_passed_in_both_directions() {
        let plan = testing::plan();
        let check = |from, to, x, expected: f32| {
            let beyond = plan.beyond_door(SpaceId(from), SpaceId(to), Vec3::new(x, 0.0, 0.0)).unwrap();
            assert!((beyond - expected).abs() < 1e-4, "{beyond} instead of {expected}");
        };
        check(1, 2, 5.5, 0.5);
        check(1, 2, 4.0, -1.0);
        check(2, 1, 4.0, 1.0);
        assert_eq!(plan.beyond_door(SpaceId(1), SpaceId(9), Vec3::ZERO), None);
    }

    #[test]
    fn a_venue_where_one_can_not_arrive_is_refused() {
        let mut manifest = testing::manifest();
        manifest.spawn_points[1].place.position.y = 40.0;
        let error = Plan::new(&manifest, testing::floor()).unwrap_err();
        assert_eq!(error, PlanError::SpawnPointWithoutFloor { space: "hall".into() });
        manifest.spawn_points.clear();
        assert_eq!(Plan::new(&manifest, testing::floor()).unwrap_err(), PlanError::NoSpawnPoint);
    }
}
