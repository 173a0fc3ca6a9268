//! One state of the venue, ready to be hosted; and going on with the next one while people are inside.
//!
//! It must not know folders: whoever has them opens packages.

use super::{Running, Venue, VenueError};
use crate::store::Store;
use crate::systems::renewal;
use crate::world::{Plan, To};
use bytes::Bytes;
use std::collections::BTreeMap;
use venue_model::FileHash;
use venue_motion::Walkable;
use venue_package::{Package, validate_structure};
use venue_protocol::{LocalTime, VenueNote, VenueNoteWords};
use venue_transport::ServerTransport;

/// A package that was read as a whole.
#[derive(Debug)]
pub struct VenueState {
    pub(super) plan: Plan,
    /// Hash and size.
    pub(super) manifest: (FileHash, u32),
    files: BTreeMap<FileHash, Bytes>,
    /// Files of the state before: somebody may have asked for one who has not heard of this state yet.
    former: BTreeMap<FileHash, Bytes>,
}

impl VenueState {
    /// Reads and checks every file of a package, so that a damaged one is found here and not by a delegate.
    pub fn read(package: &Package) -> Result<Self, VenueError> {
        if let Some(first) = validate_structure(package).errors.into_iter().next() {
            return Err(VenueError::Structure(first));
        }
        let plan = Plan::new(package.manifest(), Walkable::new(package.navigation()?)?)?;
        let manifest_bytes = package.manifest_bytes().len() as u32;
        let hashes = package.manifest().files.iter().map(|file| file.hash);
        let mut files = BTreeMap::new();
        for hash in hashes.chain([package.manifest_hash()]) {
            files.insert(hash, Bytes::from(package.file(hash)?));
        }
        let former = BTreeMap::new();
        Ok(Self { plan, manifest: (package.manifest_hash(), manifest_bytes), files, former })
    }

    /// A file of this state or the one before.
    pub(super) fn file(&self, hash: FileHash) -> Option<&Bytes> {
        self.files.get(&hash).or_else(|| self.former.get(&hash))
    }
}

impl<T: ServerTransport, S: Store> Venue<T, S> {
    /// Goes on with another state of the venue. Everybody inside hears of it with the next step and stays where they
    /// are, as far as that still exists.
    pub fn host(&mut self, state: VenueState, now: LocalTime) {
        if self.state.manifest == state.manifest {
            return;
        }
        let moment = self.moment(now);
        let mut before = std::mem::replace(&mut self.state, state);
        self.state.former = std::mem::take(&mut before.files);
        for Running { house, effects } in self.houses.values_mut() {
            let plans = (&before.plan, &self.state.plan);
            renewal::run(house, plans, self.state.manifest, moment.server, effects);
        }
        self.deliver();
    }

    /// Tells everybody inside something that concerns whoever builds the venue.
    pub fn note(&mut self, words: &VenueNoteWords) {
        for Running { effects, .. } in self.houses.values_mut() {
            effects.send(To::All, VenueNote { words: words.clone() }.into());
        }
        self.deliver();
    }
}
