//! The slow half of the native backend: the building, its doors, and what is between whom.

use crate::space::geometry::Geometry;
use crate::space::handover::{Path, Places, Surroundings, Whereabouts};
use crate::space::paths::{self, Closed};
use crate::space::rooms::Room;
use crate::space::scene::{AcousticScene, SceneError};
use crate::space::{DoorNumber, DoorState, SpatialWorker};
use triple_buffer::{Input, Output};

/// Follows rays for a [`Native`](super::Native).
pub struct NativeWorker {
    places: Output<Places>,
    heard: Input<Surroundings>,
    geometry: Geometry,
    rooms: Vec<Room>,
    closed: Closed,
    last: Surroundings,
    whereabouts: Whereabouts,
}

impl NativeWorker {
    pub(super) fn new(places: Output<Places>, heard: Input<Surroundings>) -> Self {
        Self {
            places,
            heard,
            geometry: Geometry::new(&AcousticScene::default()),
            rooms: Vec::new(),
            closed: Closed::new(),
            last: Surroundings::default(),
            whereabouts: Whereabouts::default(),
        }
    }
}

impl SpatialWorker for NativeWorker {
    fn set_scene(&mut self, scene: &AcousticScene) -> Result<(), SceneError> {
        scene.check()?;
        (self.geometry, self.rooms) = (Geometry::new(scene), Room::all(scene));
        self.closed.clear();
        self.whereabouts = Whereabouts::default();
        Ok(())
    }

    fn set_door(&mut self, door: DoorNumber, state: DoorState) {
        match state {
            DoorState::Open => self.closed.remove(&door),
            DoorState::Closed => self.closed.insert(door),
        };
    }

    fn update_occlusion(&mut self) {
        let places = self.places.read();
        let head = places.listener.position;
        let room = self.whereabouts.follow(paths::space_of(&self.geometry, head));
        for (path, place) in self.last.paths.iter_mut().zip(&places.sources) {
            *path = match place {
                Some(place) => paths::path(&self.geometry, &self.closed, head, room, place),
                None => Path::default(),
            };
        }
        self.heard.write(self.last.clone());
    }

    fn update_reverb(&mut self) {
        let head = self.places.read().listener.position;
        let space = self.whereabouts.follow(paths::space_of(&self.geometry, head));
        let room = space.and_then(|space| self.rooms.get(space));
        self.last.room = room.map(|room| room.sound(&self.closed)).unwrap_or_default();
        self.heard.write(self.last.clone());
    }
}
