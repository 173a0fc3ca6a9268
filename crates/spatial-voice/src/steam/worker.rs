//! The slow half: the building as scenes of the library, and its simulations.
//!
//! Materials go over with amplitudes of transmission, because the library takes the product of all surfaces on the
//! way and then the square root. Each door is a mesh of its own, in the scene while it is closed.

use super::SteamError;
use super::calls::{Mesh, Scene, Simulator, SourceObject};
use super::layout::{DIRECT, Frame, OCCLUSION, REFLECTIONS, SteamMaterial, TRANSMISSION, Vector};
use super::library::{Library, Owned};
use crate::space::geometry::Geometry;
use crate::space::handover::{Path, Places, Surroundings, Whereabouts};
use crate::space::paths::{self, Closed};
use crate::space::propagation::{RoomSound, amplitude};
use crate::space::rooms::Room;
use crate::space::scene::{AcousticScene, DOOR, Material, SceneError};
use crate::space::{DoorNumber, DoorState, Listener, MAX_SOURCES, SpatialWorker};
use glam::{Quat, Vec3};
use std::collections::BTreeMap;
use std::sync::Arc;
use triple_buffer::{Input, Output};

/// Lets the library follow rays for a [`SteamAudio`](super::SteamAudio).
pub struct SteamWorker {
    library: Arc<Library>,
    places: Output<Places>,
    heard: Input<Surroundings>,
    last: Surroundings,
    whereabouts: Whereabouts,
    simulator: Owned<Simulator>,
    sources: Vec<Owned<SourceObject>>,
    /// A source in the listener's own place: how the room answers to it is how it answers to all.
    room_source: Owned<SourceObject>,
    building: Building,
    closed: Closed,
    /// How far the room's listener is aside, metres. The library adds up what its rays find until somebody moves, and
    /// does not notice that the scene is another one: so everybody moves by a millimetre then.
    aside: f32,
}

/// A scene of the library, and what we know of it ourselves: who is in which space, and how large it is.
struct Building {
    scene: Owned<Scene>,
    doors: BTreeMap<DoorNumber, Owned<Mesh>>,
    geometry: Geometry,
    rooms: Vec<Room>,
}

impl SteamWorker {
    pub(super) fn new(
        library: &Arc<Library>,
        places: Output<Places>,
        heard: Input<Surroundings>,
    ) -> Result<Self, SteamError> {
        let simulator = library.simulator(MAX_SOURCES + 1)?;
        let building = Building::new(library, &AcousticScene::default())?;
        let sources = (0..MAX_SOURCES).map(|_| simulator.source(DIRECT)).collect::<Result<_, _>>()?;
        let room_source = simulator.source(REFLECTIONS)?;
        simulator.set_scene(&building.scene);
        Ok(Self {
            library: library.clone(),
            places,
            heard,
            last: Surroundings::default(),
            whereabouts: Whereabouts::default(),
            simulator,
            sources,
            room_source,
            building,
            closed: Closed::new(),
            aside: 0.0,
        })
    }
}

impl SpatialWorker for SteamWorker {
    fn set_scene(&mut self, scene: &AcousticScene) -> Result<(), SceneError> {
        scene.check()?;
        let refused = |error| match error {
            SteamError::Refused { code, .. } => SceneError::Refused { code },
            _ => SceneError::Refused { code: 0 },
        };
        self.building = Building::new(&self.library, scene).map_err(refused)?;
        self.closed.clear();
        self.whereabouts = Whereabouts::default();
        self.aside = 0.001 - self.aside;
        self.simulator.set_scene(&self.building.scene);
        Ok(())
    }

    fn set_door(&mut self, door: DoorNumber, state: DoorState) {
        let is_new = match state {
            DoorState::Closed => self.closed.insert(door),
            DoorState::Open => self.closed.remove(&door),
        };
        let Some(mesh) = self.building.doors.get(&door).filter(|_| is_new) else { return };
        match state {
            DoorState::Closed => self.building.scene.add(mesh),
            DoorState::Open => self.building.scene.remove(mesh),
        }
        self.building.scene.commit();
        self.simulator.commit();
    }

    fn update_occlusion(&mut self) {
        let places = self.places.read();
        let listener = frame(&places.listener);
        for (source, place) in self.sources.iter().zip(&places.sources) {
            match place {
                Some(place) => source.set(DIRECT, at(place.position), OCCLUSION | TRANSMISSION),
                None => source.set(DIRECT, listener, 0),
            }
        }
        self.simulator.run(DIRECT, listener);
        let geometry = &self.building.geometry;
        let room = self.whereabouts.follow(paths::space_of(geometry, places.listener.position));
        for ((path, place), source) in self.last.paths.iter_mut().zip(&places.sources).zip(&self.sources) {
            let Some(place) = place else {
                *path = Path::default();
                continue;
            };
            let found = source.get(DIRECT).direct;
            let free = sane(found.occlusion, 1.0);
            // What is free comes as it is, the rest through the wall.
            let direct = found.transmission.map(|gain| free + (1.0 - free) * sane(gain, 0.0));
            let head = places.listener.position;
            *path = paths::path_with(geometry, &self.closed, head, room, place, direct);
        }
        self.heard.write(self.last.clone());
    }

    fn update_reverb(&mut self) {
        let listener = self.places.read().listener;
        let place = frame(&Listener { position: listener.position + Vec3::Y * self.aside, ..listener });
        let found = paths::space_of(&self.building.geometry, listener.position);
        self.last.room = match self.whereabouts.follow(found).and_then(|space| self.building.rooms.get(space))
        {
            None => RoomSound::default(),
            Some(room) => {
                self.room_source.set(REFLECTIONS, place, 0);
                self.simulator.run(REFLECTIONS, place);
                RoomSound::new(room.volume(), self.room_source.get(REFLECTIONS).reflections.times)
            }
        };
        self.heard.write(self.last.clone());
    }
}

impl Building {
    fn new(library: &Arc<Library>, scene: &AcousticScene) -> Result<Self, SteamError> {
        let own = library.scene()?;
        let (mut walls, mut leaves) = (Faces::default(), BTreeMap::<DoorNumber, Faces>::new());
        for space in &scene.spaces {
            for triangle in &space.triangles {
                let material = space.materials.get(usize::from(triangle.material));
                if let (Some(corners), Some(material)) = (space.corners(triangle.corners), material) {
                    walls.add(corners, material);
                }
            }
            for opening in &space.openings {
                if let (Some(corners), Some(door)) = (space.corners(opening.corners), opening.door) {
                    leaves.entry(door).or_default().add(corners, &DOOR);
                }
            }
        }
        if let Some(mesh) = walls.mesh(&own)? {
            // The scene keeps its own reference.
            own.add(&mesh);
        }
        let mut doors = BTreeMap::new();
        for (door, mut faces) in leaves {
            doors.extend(faces.mesh(&own)?.map(|mesh| (door, mesh)));
        }
        own.commit();
        Ok(Self { scene: own, doors, geometry: Geometry::new(scene), rooms: Room::all(scene) })
    }
}

/// Triangles as the library takes them.
#[derive(Default)]
struct Faces {
    vertices: Vec<Vector>,
    triangles: Vec<[i32; 3]>,
    of: Vec<i32>,
    materials: Vec<SteamMaterial>,
}

impl Faces {
    fn add(&mut self, corners: [Vec3; 3], material: &Material) {
        let first = self.vertices.len() as i32;
        self.vertices.extend(corners.map(vector));
        self.triangles.push([first, first + 1, first + 2]);
        let Material { absorption, scattering, transmission } = material.bounded();
        let material = SteamMaterial { absorption, scattering, transmission: amplitude(transmission) };
        let at = self.materials.iter().position(|known| *known == material).unwrap_or_else(|| {
            self.materials.push(material);
            self.materials.len() - 1
        });
        self.of.push(at as i32);
    }

    fn mesh(&mut self, scene: &Owned<Scene>) -> Result<Option<Owned<Mesh>>, SteamError> {
        scene.mesh(&mut self.vertices, &mut self.triangles, &mut self.of, &mut self.materials)
    }
}

/// From 0 to 1, or what it is taken for if it is no number.
fn sane(value: f32, otherwise: f32) -> f32 {
    if value.is_finite() { value.clamp(0.0, 1.0) } else { otherwise }
}

fn vector(of: Vec3) -> Vector {
    Vector { x: of.x, y: of.y, z: of.z }
}

/// A place that looks nowhere in particular.
fn at(position: Vec3) -> Frame {
    frame(&Listener { position, building_from_head: Quat::IDENTITY })
}

fn frame(pose: &Listener) -> Frame {
    let turned = |axis: Vec3| vector(pose.building_from_head * axis);
    Frame {
        right: turned(Vec3::X),
        up: turned(Vec3::Y),
        ahead: turned(Vec3::NEG_Z),
        origin: vector(pose.position),
    }
}
