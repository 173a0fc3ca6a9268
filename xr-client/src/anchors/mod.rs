//! What a modeler put into the venue, as a list: where people appear, seats, doors, screens, zones, booths, exhibits.
//! Whoever builds a venue sees them marked and copies them as text.
//!
//! It must not know the renderer, the network or the window.

mod aim;
mod entry;

pub use aim::under_aim;
pub use entry::{entry_of, floor_entry};

use glam::{Quat, Vec3};
use venue_model::place::ZoneKind;
use venue_model::{Bounds, Door, Language, Place, Seat, SpaceId, SpawnPoint, Zone};
use venue_package::Manifest;
use venue_package::manifest::{Exhibit, Screen};

/// One of the things that a modeler puts somewhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Anchor<'m> {
    /// Where people appear.
    Spawn(&'m SpawnPoint),
    /// Somewhere to sit.
    Seat(&'m Seat),
    /// An opening between two spaces.
    Door(&'m Door),
    /// A surface for slides.
    Screen(&'m Screen),
    /// A part of a space with a purpose.
    Zone(&'m Zone),
    /// A zone that is an interpreters' booth.
    Booth(&'m Zone, Language),
    /// A thing to look at.
    Exhibit(&'m Exhibit),
}

/// Everything that a venue has of them; doors, screens and the like before the many seats.
pub fn all(manifest: &Manifest) -> impl Iterator<Item = Anchor<'_>> {
    let doors = manifest.doors.iter().map(Anchor::Door);
    let screens = manifest.screens.iter().map(Anchor::Screen);
    let exhibits = manifest.exhibits.iter().map(Anchor::Exhibit);
    let zones = manifest.zones.iter().map(zone);
    let spawns = manifest.spawn_points.iter().map(Anchor::Spawn);
    let seats = manifest.seats.iter().map(Anchor::Seat);
    doors.chain(screens).chain(zones).chain(exhibits).chain(spawns).chain(seats)
}

fn zone(zone: &Zone) -> Anchor<'_> {
    match zone.purpose {
        ZoneKind::Booth { language } => Anchor::Booth(zone, language),
        _ => Anchor::Zone(zone),
    }
}

impl Anchor<'_> {
    /// The point where its sign hangs and which one aims at, building frame, metres.
    pub fn handle(&self) -> Vec3 {
        match self {
            Self::Spawn(spawn) => spawn.place.position + Vec3::Y * 0.25,
            Self::Seat(seat) => seat.place.position + Vec3::Y * seat.height,
            Self::Door(door) => door.place.position + Vec3::Y * door.height * 0.5,
            Self::Screen(screen) => screen.center,
            Self::Zone(zone) | Self::Booth(zone, _) => zone.bounds.center(),
            Self::Exhibit(exhibit) => exhibit.bounds.center(),
        }
    }

    /// The space that it belongs to; a door's is the one that it leads out of.
    pub fn space(&self) -> SpaceId {
        match self {
            Self::Spawn(spawn) => spawn.space,
            Self::Seat(seat) => seat.space,
            Self::Door(door) => door.spaces[0],
            Self::Screen(screen) => screen.space,
            Self::Zone(zone) | Self::Booth(zone, _) => zone.space,
            Self::Exhibit(exhibit) => exhibit.space,
        }
    }

    /// The sentence that names its kind, whose `$name` is [`Self::name`].
    pub fn sentence(&self) -> &'static str {
        match self {
            Self::Spawn(_) => "anchor-spawn",
            Self::Seat(_) => "anchor-seat",
            Self::Door(_) => "anchor-door",
            Self::Screen(_) => "anchor-screen",
            Self::Zone(_) => "anchor-zone",
            Self::Booth(..) => "anchor-booth",
            Self::Exhibit(_) => "anchor-exhibit",
        }
    }

    /// What tells it from others of its kind: a label, keys of spaces, a name.
    pub fn name(&self, manifest: &Manifest, language: Language) -> String {
        match self {
            Self::Spawn(spawn) => key_of(manifest, spawn.space).to_owned(),
            Self::Seat(seat) if seat.label.is_empty() => seat.id.0.to_string(),
            Self::Seat(seat) => seat.label.clone(),
            Self::Door(door) => door.spaces.map(|space| key_of(manifest, space)).join(" → "),
            Self::Screen(screen) => screen.name.get(language).to_owned(),
            Self::Zone(zone) | Self::Booth(zone, _) => zone.name.get(language).to_owned(),
            Self::Exhibit(exhibit) => exhibit.name.get(language).to_owned(),
        }
    }

    /// Where it stands and which way it faces, if it is no box.
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::Spawn(spawn) => Some(spawn.place),
            Self::Seat(seat) => Some(seat.place),
            Self::Door(door) => Some(door.place),
            Self::Screen(screen) => Some(Place { position: screen.center, yaw: facing(screen.orientation) }),
            Self::Zone(_) | Self::Booth(..) | Self::Exhibit(_) => None,
        }
    }

    /// Its box, if it is one.
    pub fn bounds(&self) -> Option<Bounds> {
        match self {
            Self::Zone(zone) | Self::Booth(zone, _) => Some(zone.bounds),
            Self::Exhibit(exhibit) => Some(exhibit.bounds),
            _ => None,
        }
    }
}

/// The way that a screen's picture looks, which faces +z of its own, as a yaw, which is 0 along -z.
fn facing(orientation: Quat) -> f32 {
    let way = orientation * Vec3::Z;
    f32::atan2(-way.x, -way.z)
}

fn key_of(manifest: &Manifest, space: SpaceId) -> &str {
    manifest.space(space).map_or("", |space| space.key.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::tiny_package;

    #[test]
    fn everything_that_a_venue_has_is_listed_with_its_name_and_its_kind() {
        let package = tiny_package();
        let manifest = package.manifest();
        let named: Vec<_> =
            all(manifest).map(|a| (a.sentence(), a.name(manifest, Language::En), a.space().0)).collect();
        let expected = [
            ("anchor-door", "room → hall", 1),
            ("anchor-spawn", "room", 1),
            ("anchor-spawn", "hall", 2),
            ("anchor-seat", "A1", 1),
            ("anchor-seat", "A2", 1),
        ];
        assert_eq!(named, expected.map(|(kind, name, space)| (kind, name.to_owned(), space)));
    }

    #[test]
    fn a_screen_s_yaw_is_the_way_its_picture_looks() {
        for yaw in [0.0_f32, 1.0, -2.5] {
            let orientation = Quat::from_rotation_y(yaw + std::f32::consts::PI);
            assert!((facing(orientation) - yaw).abs() < 1e-5);
        }
    }
}
