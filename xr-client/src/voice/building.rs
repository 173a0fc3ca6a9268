//! The building as voices meet it: the thread that follows rays through it, and the meshes on their way to that thread.
//!
//! It must not know files; whoever loads them gives meshes.

use spatial_voice::space::{
    AcousticScene, AcousticSpace, Band, DoorState, Material, Opening, SpatialWorker, Triangle,
};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};
use venue_model::DoorId;
use venue_package::AcousticMesh;
use venue_protocol::LocalTime;

/// What stands between the listener and the speakers is looked at so often.
const LOOK: Duration = Duration::from_millis(50);

/// How the room reverberates, each so many looks.
const LOOKS_PER_REVERB: u32 = 6;

/// Changes that wait for the thread.
const WAITING: usize = 64;

/// Something that is another now.
enum Change {
    Scene(Box<AcousticScene>),
    Door(DoorId, DoorState),
}

/// The frame's end.
pub struct Building {
    changes: SyncSender<Change>,
}

/// The thread's end.
pub struct BuildingWorker {
    changes: Receiver<Change>,
    worker: Box<dyn SpatialWorker>,
    looks: u32,
    /// For whoever tells the time.
    looked_at: Option<LocalTime>,
}

/// What is between the two before there is a worker.
pub struct Changes(Receiver<Change>);

impl Building {
    /// A building in the open air, and what its worker will hear of.
    pub fn new() -> (Self, Changes) {
        let (changes, waiting) = sync_channel(WAITING);
        (Self { changes }, Changes(waiting))
    }

    /// Voices sound in these spaces from now on.
    pub fn set_spaces(&self, spaces: Vec<AcousticSpace>) {
        self.send(Change::Scene(Box::new(AcousticScene { spaces })));
    }

    /// A door was opened or closed.
    pub fn set_door(&self, door: DoorId, is_open: bool) {
        let state = if is_open { DoorState::Open } else { DoorState::Closed };
        self.send(Change::Door(door, state));
    }

    fn send(&self, change: Change) {
        if self.changes.try_send(change).is_err() {
            tracing::debug!("nobody follows sound through the building");
        }
    }
}

impl BuildingWorker {
    /// A worker that hears of these changes.
    pub fn new(worker: Box<dyn SpatialWorker>, Changes(changes): Changes) -> Self {
        Self { changes, worker, looks: 0, looked_at: None }
    }

    fn obey(&mut self, change: Change) {
        match change {
            Change::Scene(scene) => {
                if let Err(error) = self.worker.set_scene(&scene) {
                    tracing::warn!(%error, "voices sound as before");
                }
            }
            Change::Door(DoorId(door), state) => self.worker.set_door(door, state),
        }
    }

    fn look(&mut self) {
        self.worker.update_occlusion();
        if self.looks.is_multiple_of(LOOKS_PER_REVERB) {
            self.worker.update_reverb();
        }
        self.looks = self.looks.wrapping_add(1);
    }

    /// Lives until the frame's end is gone.
    pub fn run(mut self) {
        let mut due = Instant::now();
        loop {
            match self.changes.recv_timeout(due.saturating_duration_since(Instant::now())) {
                Ok(change) => self.obey(change),
                Err(RecvTimeoutError::Timeout) => {
                    self.look();
                    due = Instant::now() + LOOK;
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Looks, if it is time to, where no thread does.
    pub fn advance(&mut self, now: LocalTime) {
        while let Ok(change) = self.changes.try_recv() {
            self.obey(change);
        }
        let micros = LOOK.as_micros() as u64;
        if self.looked_at.is_none_or(|at| now.micros_since(at) >= micros) {
            self.looked_at = Some(now);
            self.look();
        }
    }
}

/// A space's mesh as sound meets it.
pub fn space_of(mesh: &AcousticMesh) -> AcousticSpace {
    let reverberation: Band = mesh.measured.reverberation;
    AcousticSpace {
        materials: mesh
            .materials
            .iter()
            .map(|material| Material {
                absorption: material.absorption,
                scattering: material.scattering,
                transmission: material.transmission,
            })
            .collect(),
        vertices: mesh.vertices.clone(),
        triangles: mesh
            .triangles
            .iter()
            .map(|triangle| Triangle { corners: triangle.corners, material: triangle.material })
            .collect(),
        openings: mesh
            .openings
            .iter()
            .map(|opening| Opening { corners: opening.corners, door: opening.door.map(|door| door.0) })
            .collect(),
        volume: mesh.measured.volume,
        reverberation: reverberation.iter().any(|seconds| *seconds > 0.0).then_some(reverberation),
    }
}
