//! Places: the spaces of a venue and what stands in them, all in the building frame.

use crate::{DoorId, Language, Localized, SeatId, SpaceId, ZoneId};
use glam::Vec3;
use serde::{Deserialize, Serialize};

/// An axis-aligned box in metres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Smallest corner.
    pub min: Vec3,
    /// Largest corner.
    pub max: Vec3,
}

/// Above the floor, metres: where somebody who stands there is looked for.
const WAIST: f32 = 1.0;

impl Bounds {
    /// Whether the point is inside or on the surface.
    pub fn contains(&self, point: Vec3) -> bool {
        point.cmpge(self.min).all() && point.cmple(self.max).all()
    }

    /// Whether somebody who stands at this floor point is inside: by the waist, so that neither a box that begins a little above the
    /// floor nor one below it is missed or met by mistake.
    pub fn contains_person(&self, floor: Vec3) -> bool {
        self.contains(floor + Vec3::Y * WAIST)
    }

    /// Whether a step from one floor point to another leads inside from outside.
    pub fn is_entered(&self, from: Vec3, to: Vec3) -> bool {
        self.contains_person(to) && !self.contains_person(from)
    }

    /// The box's middle.
    pub fn center(&self) -> Vec3 {
        (self.min + self.max) * 0.5
    }
}

/// A floor point with a direction to face.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Floor point, metres.
    pub position: Vec3,
    /// Radians about +y; zero faces -z, positive turns left.
    pub yaw: f32,
}

/// Where people appear when they enter a space.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpawnPoint {
    /// The space that it serves.
    pub space: SpaceId,
    /// Where.
    pub place: Place,
    /// People are spread within this many metres of it.
    pub radius: f32,
}

/// A room or a sphere: the unit of ownership on the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Space {
    /// Id, unique in the venue.
    pub id: SpaceId,
    /// Short name for commands and invitations, e.g. `popov-hall`: a-z, 0-9, `-`.
    pub key: String,
    /// Name as shown.
    pub name: Localized,
    /// What it occupies; the walls belong to it.
    pub bounds: Bounds,
}

/// An opening between two spaces that people walk through.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Door {
    /// Id, unique in the venue.
    pub id: DoorId,
    /// The two spaces; walking along the place's facing direction leads from the first to the second.
    pub spaces: [SpaceId; 2],
    /// Middle of the threshold, facing out of the first space into the second.
    pub place: Place,
    /// Clear width, metres.
    pub width: f32,
    /// Clear height, metres.
    pub height: f32,
}

/// Somewhere to sit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// Id, unique in the venue.
    pub id: SeatId,
    /// The space it stands in.
    pub space: SpaceId,
    /// Floor point below the seat and the way a sitter faces.
    pub place: Place,
    /// Height of the seat's surface above that point, metres.
    pub height: f32,
    /// What is written on it, may be empty, e.g. a row and number.
    pub label: String,
}

/// What a zone is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub enum ZoneKind {
    /// A corner for a talk among a few.
    Talk,
    /// A place where nobody speaks.
    Quiet,
    /// The podium.
    Stage,
    /// An interpreters' booth for this language.
    Booth {
        /// The language that is spoken in it.
        language: Language,
    },
    /// A stand or an exhibit.
    Exhibit,
}

/// A part of a space with a purpose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// Id, unique in the venue.
    pub id: ZoneId,
    /// The space it lies in.
    pub space: SpaceId,
    /// Name as shown.
    pub name: Localized,
    /// What it is for.
    pub purpose: ZoneKind,
    /// Its extent.
    pub bounds: Bounds,
}

impl Zone {
    /// Whether a private talk may keep it: a table or a booth.
    pub fn is_for_talks(&self) -> bool {
        matches!(self.purpose, ZoneKind::Talk | ZoneKind::Booth { .. })
    }
}
