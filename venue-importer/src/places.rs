//! Step 3, places: doors, seats, spawn points, zones, booths and screens out of the nodes' extensions.

use crate::extensions::{self, Booth, Door, OmiSpawnPoint, Purpose, Screen, Seat, SpawnPoint, Zone};
use crate::report::Report;
use crate::spaces::Rooms;
use glam::{Mat4, Quat, Vec3};
use serde::de::DeserializeOwned;
use venue_model::place::ZoneKind;
use venue_model::{self as model, Bounds, DoorId, Place, SeatId, SpaceId, ZoneId};
use venue_package::gltf::{Document, Node};
use venue_package::manifest;

/// Height of a seat when the model does not say, metres.
pub(crate) const SEAT_HEIGHT: f32 = 0.45;
/// People are spread so far around a spawn point when the model does not say, metres.
pub(crate) const SPAWN_RADIUS: f32 = 1.0;

/// What stands in the rooms.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    pub(crate) doors: Vec<model::Door>,
    pub(crate) seats: Vec<model::Seat>,
    pub(crate) spawn_points: Vec<model::SpawnPoint>,
    pub(crate) zones: Vec<model::Zone>,
    pub(crate) screens: Vec<manifest::Screen>,
}

pub(crate) fn find(document: &Document, rooms: &Rooms, report: &mut Report) -> Places {
    let mut finder = Finder { rooms, report, places: Places::default() };
    for &at in &rooms.order {
        let node = &document.nodes[at];
        if node.extensions.is_empty() {
            continue;
        }
        finder.seat(at, node);
        finder.spawn_point(at, node);
        finder.each(node, "VEV_door", |finder, door| finder.door(node, &door));
        finder.each(node, "VEV_zone", |finder, zone| finder.zone(at, node, zone));
        finder.each(node, "VEV_booth", |finder, booth| finder.booth(at, node, booth));
        finder.each(node, "VEV_screen", |finder, screen| finder.screen(at, node, screen));
        finder.look_for_strangers(node);
    }
    finder.places
}

/// The floor point and yaw of a node.
pub(crate) fn place_of(world: Mat4) -> Place {
    let forward = world.transform_vector3(Vec3::NEG_Z);
    let yaw = if forward.x == 0.0 && forward.z == 0.0 { 0.0 } else { f32::atan2(-forward.x, -forward.z) };
    // Adding zero turns the -0 of a model that looks straight ahead into 0.
    Place { position: world.w_axis.truncate(), yaw: yaw + 0.0 }
}

/// Ids count from one; beyond their range they repeat, which the manifest's check refuses.
pub(crate) fn next_id(count: usize) -> u16 {
    u16::try_from(count + 1).unwrap_or(u16::MAX)
}

const OURS: [&str; 12] = [
    "VEV_acoustics",
    "VEV_booth",
    "VEV_door",
    "VEV_environment",
    "VEV_exhibit",
    "VEV_navigation",
    "VEV_screen",
    "VEV_seat",
    "VEV_space",
    "VEV_spawn_point",
    "VEV_venue",
    "VEV_zone",
];

struct Finder<'a> {
    rooms: &'a Rooms,
    report: &'a mut Report,
    places: Places,
}

impl Finder<'_> {
    fn each<T: DeserializeOwned>(&mut self, node: &Node, name: &str, then: impl FnOnce(&mut Self, T)) {
        match extensions::get(node, name) {
            Ok(Some(found)) => then(self, found),
            Ok(None) => {}
            Err(sentence) => self.report.error(sentence),
        }
    }

    fn look_for_strangers(&mut self, node: &Node) {
        let strangers =
            node.extensions.keys().filter(|name| name.starts_with("VEV_") && !OURS.contains(&name.as_str()));
        for name in strangers {
            self.report.error(format!(
                "the node {:?}: there is no extension {name}; known are {}",
                node.name,
                OURS.join(", ")
            ));
        }
    }

    /// The space that a node says it is in, else the one that it is below of.
    fn space_of(&mut self, at: usize, node: &Node, named: Option<&str>) -> Option<SpaceId> {
        let found = match named {
            Some(key) => self.rooms.by_key(key),
            None => self.rooms.nodes[at].space,
        };
        if found.is_none() {
            let named = named.map_or_else(
                || "it is below no VEV_space node".to_owned(),
                |key| format!("there is no space {key:?}"),
            );
            self.report
                .error(format!("the node {:?} is in no space: {named}; name it by \"space\"", node.name));
        }
        found
    }

    fn seat(&mut self, at: usize, node: &Node) {
        let is_seat = node.extensions.contains_key("OMI_seat") || node.extensions.contains_key("VEV_seat");
        if !is_seat {
            return;
        }
        let seat = match extensions::get::<Seat>(node, "VEV_seat") {
            Ok(seat) => seat.unwrap_or_default(),
            Err(sentence) => return self.report.error(sentence),
        };
        let Some(space) = self.space_of(at, node, seat.space.as_deref()) else { return };
        self.places.seats.push(model::Seat {
            id: SeatId(next_id(self.places.seats.len())),
            space,
            place: place_of(node.world),
            height: seat.height.unwrap_or(SEAT_HEIGHT),
            label: seat.label,
        });
    }

    fn spawn_point(&mut self, at: usize, node: &Node) {
        let point = match extensions::get::<OmiSpawnPoint>(node, "OMI_spawn_point") {
            Ok(Some(point)) => point,
            Ok(None) => return,
            Err(sentence) => return self.report.error(sentence),
        };
        let ours = match extensions::get::<SpawnPoint>(node, "VEV_spawn_point") {
            Ok(ours) => ours.unwrap_or_default(),
            Err(sentence) => return self.report.error(sentence),
        };
        // Inside of a space the title may be any; outside it names the space.
        let named = if self.rooms.nodes[at].space.is_some() { None } else { Some(point.title.as_str()) };
        let Some(space) = self.space_of(at, node, named) else { return };
        let radius = ours.radius.unwrap_or(SPAWN_RADIUS);
        self.places.spawn_points.push(model::SpawnPoint { space, place: place_of(node.world), radius });
    }

    fn door(&mut self, node: &Node, door: &Door) {
        let (Some(from), Some(to)) = (self.rooms.by_key(&door.from), self.rooms.by_key(&door.to)) else {
            let known: Vec<_> = self.rooms.spaces.iter().map(|space| space.key.as_str()).collect();
            self.report.error(format!(
                "the door {:?} leads from {:?} to {:?}; there are the spaces {}",
                node.name,
                door.from,
                door.to,
                known.join(", ")
            ));
            return;
        };
        self.places.doors.push(model::Door {
            id: DoorId(next_id(self.places.doors.len())),
            spaces: [from, to],
            place: place_of(node.world),
            width: door.width,
            height: door.height,
        });
    }

    fn zone(&mut self, at: usize, node: &Node, zone: Zone) {
        let purpose = match (zone.purpose, zone.language) {
            (Purpose::Talk, None) => ZoneKind::Talk,
            (Purpose::Quiet, None) => ZoneKind::Quiet,
            (Purpose::Stage, None) => ZoneKind::Stage,
            (Purpose::Exhibit, None) => ZoneKind::Exhibit,
            (Purpose::Booth, Some(language)) => ZoneKind::Booth { language },
            (Purpose::Booth, None) => {
                return self
                    .report
                    .error(format!("the zone {:?} is a booth and needs a \"language\"", node.name));
            }
            (_, Some(_)) => {
                return self
                    .report
                    .error(format!("the zone {:?} is no booth and has no \"language\"", node.name));
            }
        };
        self.put_zone(at, node, zone.space.as_deref(), zone.name.into(), purpose, zone.size);
    }

    fn booth(&mut self, at: usize, node: &Node, booth: Booth) {
        let purpose = ZoneKind::Booth { language: booth.language };
        self.put_zone(at, node, booth.space.as_deref(), booth.name.into(), purpose, booth.size);
    }

    fn put_zone(
        &mut self,
        at: usize,
        node: &Node,
        named: Option<&str>,
        name: model::Localized,
        purpose: ZoneKind,
        size: Vec3,
    ) {
        if !(size.min_element() >= 0.1 && size.max_element() <= 1_000.0) {
            return self
                .report
                .error(format!("the zone {:?}: its size must be 0.1 to 1,000 metres each way", node.name));
        }
        let Some(space) = self.space_of(at, node, named) else { return };
        let half = size * 0.5;
        let axes =
            [node.world.x_axis, node.world.y_axis, node.world.z_axis].map(|axis| axis.truncate().abs());
        let reach = axes[0] * half.x + axes[1] * half.y + axes[2] * half.z;
        let center = node.world.w_axis.truncate();
        let bounds = Bounds { min: center - reach, max: center + reach };
        let id = ZoneId(next_id(self.places.zones.len()));
        self.places.zones.push(model::Zone { id, space, name, purpose, bounds });
    }

    fn screen(&mut self, at: usize, node: &Node, screen: Screen) {
        let Some(space) = self.space_of(at, node, screen.space.as_deref()) else { return };
        let (_, orientation, center) = node.world.to_scale_rotation_translation();
        self.places.screens.push(manifest::Screen {
            space,
            name: screen.name.into(),
            center,
            orientation: if orientation.is_finite() { orientation.normalize() } else { Quat::IDENTITY },
            width: screen.width,
            height: screen.height,
        });
    }
}
