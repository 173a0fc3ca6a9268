//! The floor of the venue that the crowd walks on, out of its package.

use crate::random::Random;
use anyhow::{Context as _, Result};
use glam::{Vec3, Vec3Swizzles as _};
use std::collections::BTreeMap;
use std::path::Path;
use venue_model::{Place, SpaceId};
use venue_motion::{FloorPoint, Walkable};
use venue_package::{DirectorySource, Package};
use venue_replication::space_replicator::origin_of;

/// How far from the floor a place may be that the server names: rounding on the wire.
const REACH: f32 = 0.5;

/// A venue's floors.
#[derive(Debug)]
pub struct Ground {
    walkable: Walkable,
    origins: BTreeMap<SpaceId, Vec3>,
    /// For each space its polygons, with the area up to and with each.
    areas: BTreeMap<SpaceId, Vec<(f32, u32)>>,
}

impl Ground {
    /// Reads a package's folder.
    pub fn read(folder: &Path) -> Result<Self> {
        let package =
            Package::open(DirectorySource::new(folder)).with_context(|| folder.display().to_string())?;
        Self::of(&package)
    }

    /// The floors of an open package.
    pub fn of(package: &Package) -> Result<Self> {
        let walkable = Walkable::new(package.navigation()?)?;
        let spaces = &package.manifest().spaces;
        let origins = spaces.iter().map(|space| (space.id, origin_of(&space.bounds))).collect();
        let mut areas: BTreeMap<SpaceId, Vec<(f32, u32)>> = BTreeMap::new();
        for (number, polygon) in (0_u32..).zip(&walkable.mesh().polygons) {
            let of_space = areas.entry(polygon.space).or_default();
            let before = of_space.last().map_or(0.0, |(sum, _)| *sum);
            of_space.push((before + area(&walkable, number as usize), number));
        }
        Ok(Self { walkable, origins, areas })
    }

    /// The floors to walk on.
    pub fn walkable(&self) -> &Walkable {
        &self.walkable
    }

    /// What positions of a space are relative to on the wire; none of a space that is not the venue's.
    pub fn origin(&self, space: SpaceId) -> Option<Vec3> {
        self.origins.get(&space).copied()
    }

    /// The floor where the server put somebody.
    pub fn floor_at(&self, space: SpaceId, place: Place) -> Option<FloorPoint> {
        self.walkable.locate_in(space, place.position, REACH)
    }

    /// Anywhere on a space's floor, each square metre alike.
    pub fn anywhere(&self, space: SpaceId, random: &mut Random) -> Option<FloorPoint> {
        let areas = self.areas.get(&space)?;
        let wanted = random.between(0.0, areas.last()?.0);
        let at = areas.partition_point(|(sum, _)| *sum <= wanted).min(areas.len() - 1);
        let polygon = areas[at].1;
        let corners: Vec<Vec3> = self.walkable.mesh().corner_points(polygon as usize).collect();
        // Within a polygon evenness matters little: a mix of all corners.
        let weights: Vec<f32> = corners.iter().map(|_| random.between(0.0, 1.0)).collect();
        let sum: f32 = weights.iter().sum();
        let point = corners.iter().zip(&weights).map(|(corner, weight)| *corner * (weight / sum)).sum();
        self.walkable.locate_in(space, point, REACH)
    }
}

fn area(walkable: &Walkable, polygon: usize) -> f32 {
    let corners: Vec<Vec3> = walkable.mesh().corner_points(polygon).collect();
    let fan =
        corners[1..].windows(2).map(|pair| (pair[0] - corners[0]).xz().perp_dot((pair[1] - corners[0]).xz()));
    fan.sum::<f32>().abs() / 2.0
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn tiny() -> Ground {
        Ground::of(&Package::open(venue_importer::tiny::tiny_package()).unwrap()).unwrap()
    }

    #[test]
    fn anywhere_is_on_the_floor_of_the_space() {
        let ground = tiny();
        let mut random = Random::new(1);
        for space in ground.origins.keys().copied() {
            let points: Vec<FloorPoint> =
                (0..100).filter_map(|_| ground.anywhere(space, &mut random)).collect();
            assert_eq!(points.len(), 100);
            assert!(points.iter().all(|point| point.space == space));
            let spread = points.iter().map(|point| point.position.distance(points[0].position));
            assert!(spread.fold(0.0, f32::max) > 1.0, "all stand on one another");
        }
    }
}
