//! A small venue and ready people for the tests of world, systems and tick: a lounge and a
//! hall side by side, 11 by 8 metres each, joined by an opening at x = 5.

use crate::store::{EventId, EventRecord, EventState, InvitationId, PersonId};
use crate::world::people::{Limits, SentTexts};
use crate::world::{Account, House, Person, Plan, Walker};
use glam::Vec3;
use std::collections::{BTreeSet, VecDeque};
use std::f32::consts::FRAC_PI_2;
use std::sync::Arc;
use venue_model::{
    Bounds, DeviceKey, Door, DoorId, EventKey, Language, Localized, Participant, ParticipantId,
    ParticipantKind, Place, Role, Seat, SeatId, ServerTime, Space, SpaceId, SpawnPoint,
};
use venue_motion::Walkable;
use venue_package::manifest::{Environment, FORMAT, MediaType, VERSION};
use venue_package::{
    Manifest, MemorySource, NavigationMesh, NavigationPolygon, Package, PackageWriter, Tileset,
};
use venue_protocol::{Appearance, Microphone};

pub(crate) const LOUNGE: SpaceId = SpaceId(1);
pub(crate) const HALL: SpaceId = SpaceId(2);
/// In the lounge, a step from the spawn point.
pub(crate) const SEAT: SeatId = SeatId(1);
/// In the lounge, in the far corner.
pub(crate) const FAR_SEAT: SeatId = SeatId(2);
/// In the hall.
pub(crate) const HALL_SEAT: SeatId = SeatId(3);

pub(crate) fn floor() -> Walkable {
    Walkable::new(mesh()).unwrap()
}

fn mesh() -> NavigationMesh {
    let at = |x: f32, z: f32| Vec3::new(x, 0.0, z);
    let vertices =
        vec![at(5.0, 4.0), at(5.0, -4.0), at(-6.0, -4.0), at(-6.0, 4.0), at(16.0, 4.0), at(16.0, -4.0)];
    let polygon = |corners: [u32; 4], neighbours: [Option<u32>; 4], space| NavigationPolygon {
        corners: corners.into(),
        neighbours: neighbours.into(),
        space,
        heights: 0..0,
    };
    let polygons = vec![
        polygon([0, 1, 2, 3], [Some(1), None, None, None], LOUNGE),
        polygon([4, 5, 1, 0], [None, None, Some(0), None], HALL),
    ];
    NavigationMesh { vertices, polygons, ..NavigationMesh::default() }
}

pub(crate) fn manifest() -> Manifest {
    let place = |x: f32, z: f32, yaw: f32| Place { position: Vec3::new(x, 0.0, z), yaw };
    let space = |id, key: &str, name: &str, from: f32, to: f32| Space {
        id,
        key: key.into(),
        name: Localized::english(name),
        bounds: Bounds { min: Vec3::new(from, 0.0, -4.0), max: Vec3::new(to, 3.0, 4.0) },
    };
    let seat = |id, space, x, z| Seat { id, space, place: place(x, z, 0.0), height: 0.45, label: "".into() };
    let spawn = |space, x| SpawnPoint { space, place: place(x, 0.0, 0.0), radius: 3.0 };
    Manifest {
        format: FORMAT.into(),
        version: VERSION,
        id: "two-rooms".into(),
        name: Localized::english("Two rooms"),
        spaces: vec![space(LOUNGE, "lounge", "Lounge", -6.0, 5.0), space(HALL, "hall", "Hall", 5.0, 16.0)],
        doors: vec![Door {
            id: DoorId(1),
            spaces: [LOUNGE, HALL],
            place: place(5.0, 0.0, -FRAC_PI_2),
            width: 8.0,
            height: 2.5,
        }],
        seats: vec![
            seat(SEAT, LOUNGE, 1.0, 0.0),
            seat(FAR_SEAT, LOUNGE, -5.0, 3.0),
            seat(HALL_SEAT, HALL, 10.0, 0.0),
        ],
        spawn_points: vec![spawn(LOUNGE, 0.0), spawn(HALL, 10.0)],
        zones: Vec::new(),
        screens: Vec::new(),
        exhibits: Vec::new(),
        emitters: Vec::new(),
        environment: Environment::default(),
        tileset: venue_model::FileHash([0; 32]),
        navigation: venue_model::FileHash([0; 32]),
        acoustics: Vec::new(),
        panoramas: Vec::new(),
        files: Vec::new(),
        frame: None,
        credits: Vec::new(),
    }
}

/// The same venue as a package.
pub(crate) fn package() -> Package {
    Package::open(source()).unwrap()
}

/// The files of that package.
pub(crate) fn source() -> MemorySource {
    let mut writer = PackageWriter::default();
    let mut manifest = manifest();
    manifest.navigation = writer.add_file(mesh().to_bytes(), MediaType::Navigation);
    manifest.tileset = writer.add_tileset(&Tileset::default());
    writer.finish(manifest).unwrap()
}

pub(crate) fn plan() -> Plan {
    Plan::new(&manifest(), floor()).unwrap()
}

pub(crate) fn plan_and_house() -> (Plan, House) {
    let plan = plan();
    let event = EventRecord {
        id: EventId(1),
        key: EventKey::new("wtf-26").unwrap(),
        title: Localized::english("Forum"),
        state: EventState::Open,
    };
    let house = House::new(event, &plan, 7);
    (plan, house)
}

/// A walker in the lounge who may go everywhere.
pub(crate) fn walker_at(position: Vec3) -> Walker {
    let floor = floor().locate(position, 0.5).unwrap();
    Walker::standing(floor, 0.0, Arc::new(BTreeSet::from([LOUNGE, HALL])), ServerTime(0))
}

/// Lets a delegate in, who stands at a point of the lounge; account and invitation have
/// the same number.
pub(crate) fn let_in(house: &mut House, plan: &Plan, number: u32, position: Vec3) -> ParticipantId {
    let id = ParticipantId(number);
    let allowed = Arc::new(BTreeSet::from([LOUNGE, HALL]));
    let participant = Participant {
        id,
        kind: ParticipantKind::Delegate,
        role: Role::Participant,
        name: venue_model::BoundedText::lossy(&format!("Delegate {number}")),
        delegation: venue_model::BoundedText::lossy("CHE"),
        language: Language::En,
    };
    house.people.insert(Person {
        participant,
        appearance: Appearance::default(),
        account: Account {
            person: PersonId(number.into()),
            invitation: InvitationId(number.into()),
            device: DeviceKey([number as u8; 32]),
            spaces: Arc::clone(&allowed),
        },
        space: LOUNGE,
        entity: None,
        lost_since: None,
        watch: None,
        missed: VecDeque::new(),
        sent: SentTexts::default(),
        limits: Limits::new(ServerTime(0)),
        sent_by_map_at: None,
        talks: Default::default(),
        live: None,
        hand_since: None,
        microphone: Microphone::default(),
    });
    let floor = plan.floor().locate(position, 0.5).unwrap();
    house.add_walker(id, LOUNGE, Walker::standing(floor, 0.0, allowed, ServerTime(0)), true);
    id
}

/// Takes a person's entity away, as a service has none.
pub(crate) fn take_body(house: &mut House, who: ParticipantId) {
    let person = house.people.get_mut(who).unwrap();
    let (space, entity) = (person.space, person.entity.take().unwrap());
    let (_, place) = house.spaces_mut().find(|(id, _)| *id == space).unwrap();
    place.world.despawn(entity).unwrap();
}

/// Puts a walker somewhere as if it had walked there.
pub(crate) fn put(house: &mut House, plan: &Plan, who: ParticipantId, position: Vec3) {
    let floor = plan.floor().locate(position, 0.5).unwrap();
    house.change_walker(who, |walker| {
        walker.floor = floor;
        walker.pose.root = floor.position;
    });
}
