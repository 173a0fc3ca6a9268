//! The acoustic meshes of the venue's spaces: which are still to come, and which doors are shut.
//!
//! It must not know how sound is made of them.

use crate::core::{ClientCore, Connector};
use crate::voice::{Building, space_of};
use bytes::Bytes;
use spatial_voice::space::AcousticSpace;
use std::collections::BTreeMap;
use std::sync::Arc;
use venue_model::{DoorId, FileHash};
use venue_package::{AcousticMesh, Manifest};

/// Meshes that are asked for at once; they are small, and people hear before they see the far wall.
const AT_ONCE: usize = 2;

/// What is known of how the venue sounds.
#[derive(Default)]
pub(super) struct Acoustics {
    manifest: Option<Arc<Manifest>>,
    wanted: Vec<FileHash>,
    spaces: BTreeMap<FileHash, AcousticSpace>,
    /// Doors that are shut, as the building was told.
    shut: Vec<DoorId>,
    /// The core's revision at the last look at the doors; none when the building forgot them.
    looked_at: Option<u64>,
}

impl Acoustics {
    /// Another venue, or another state of it: what is the same stays.
    pub(super) fn open(&mut self, manifest: &Arc<Manifest>) {
        let meshes = manifest.acoustics.iter().map(|acoustics| acoustics.mesh);
        let mut known = std::mem::take(&mut self.spaces);
        self.wanted.clear();
        for mesh in meshes {
            match known.remove_entry(&mesh) {
                Some((mesh, space)) => drop(self.spaces.insert(mesh, space)),
                None => self.wanted.push(mesh),
            }
        }
        self.manifest = Some(Arc::clone(manifest));
        self.looked_at = None;
    }

    /// What is to be asked for next.
    pub(super) fn wanted(&self) -> impl Iterator<Item = FileHash> + '_ {
        self.wanted.iter().take(AT_ONCE).copied()
    }

    /// Takes a file, if it is one of these; whether it is. What can not be read sounds as the open air.
    pub(super) fn take(&mut self, file: FileHash, bytes: &Bytes) -> bool {
        if !self.give_up(file) {
            return false;
        }
        match AcousticMesh::from_bytes(bytes) {
            Ok(mesh) => drop(self.spaces.insert(file, space_of(&mesh))),
            Err(error) => tracing::warn!(%error, %file, "a space sounds as the open air"),
        }
        true
    }

    /// A file does not come; whether it is one of these.
    pub(super) fn give_up(&mut self, file: FileHash) -> bool {
        let before = self.wanted.len();
        self.wanted.retain(|wanted| *wanted != file);
        self.wanted.len() < before
    }

    /// Everything that is known. Doors are open in it, until they are told again.
    pub(super) fn spaces(&mut self) -> Vec<AcousticSpace> {
        self.looked_at = None;
        self.shut.clear();
        self.spaces.values().cloned().collect()
    }

    /// A locked space's doors are shut.
    pub(super) fn tell_doors<C: Connector>(&mut self, building: &Building, core: &ClientCore<C>) {
        if self.looked_at == Some(core.revision()) {
            return;
        }
        self.looked_at = Some(core.revision());
        let Some(manifest) = &self.manifest else { return };
        for door in &manifest.doors {
            let is_shut = door.spaces.iter().any(|space| core.is_locked(*space));
            let was_shut = self.shut.contains(&door.id);
            if is_shut != was_shut {
                building.set_door(door.id, !is_shut);
                self.shut.retain(|shut| *shut != door.id);
                if is_shut {
                    self.shut.push(door.id);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::tiny_package;

    #[test]
    fn meshes_are_asked_for_once_and_a_broken_one_is_the_open_air() {
        let mut manifest = tiny_package().manifest().clone();
        let hashes = [1u8, 2, 3].map(|byte| FileHash([byte; 32]));
        manifest.acoustics = hashes
            .iter()
            .zip(1..)
            .map(|(mesh, space)| venue_package::manifest::SpaceAcoustics {
                space: venue_model::SpaceId(space),
                mesh: *mesh,
            })
            .collect();
        let mut acoustics = Acoustics::default();
        acoustics.open(&Arc::new(manifest.clone()));
        assert_eq!(acoustics.wanted().count(), AT_ONCE);
        assert!(!acoustics.take(FileHash([9; 32]), &Bytes::new()), "that is a tile's");
        let mesh = AcousticMesh {
            materials: vec![venue_package::acoustics::AcousticMaterial {
                name: "plaster".into(),
                absorption: [0.1; 3],
                scattering: 0.1,
                transmission: [0.0; 3],
            }],
            vertices: vec![glam::Vec3::ZERO, glam::Vec3::X, glam::Vec3::Y, glam::Vec3::Z],
            triangles: [[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]]
                .map(|corners| venue_package::acoustics::SolidTriangle { corners, material: 0 })
                .to_vec(),
            ..AcousticMesh::default()
        };
        assert!(acoustics.take(hashes[0], &Bytes::from(mesh.to_bytes())));
        assert!(acoustics.take(hashes[1], &Bytes::from_static(b"nonsense")));
        assert!(acoustics.give_up(hashes[2]));
        assert_eq!((acoustics.wanted().count(), acoustics.spaces().len()), (0, 1));
        // The next state of the venue has the first mesh too.
        manifest.acoustics.truncate(1);
        acoustics.open(&Arc::new(manifest));
        assert_eq!((acoustics.wanted().count(), acoustics.spaces().len()), (0, 1));
    }
}
