//! Poses that people of a crowd share: each is worked out once, when somebody first takes it, and kept on the GPU.
//!
//! It must not know places, looks or levels; it turns what somebody does into a row of a table.

use super::figure::{Figure, Scratch};
use super::pose_key::PoseKey;
use super::rig::Rig;
use crate::platform::foreign;
use glam::Vec3;
use std::collections::HashMap;
use wgpu_renderer::{Gpu, HeadShare, PosesId, RenderError, Renderer};

/// Poses that are kept: a walk in all its steps, sitting at many heights, hands that rise.
const CAPACITY: u32 = 1_023;

/// New poses in a frame at most, so that a crowd that comes in does not hold the picture up.
const MOST_A_FRAME: u32 = 6;

/// A pose of the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SharedPose {
    /// Its place in the table.
    pub place: u32,
    /// What the head turns about, in the root's frame.
    pub pivot: Vec3,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    key: PoseKey,
    pivot: Vec3,
    /// The frame in which somebody last took it.
    used: u64,
}

/// The table.
pub struct PoseBook {
    id: PosesId,
    entries: Vec<Entry>,
    places: HashMap<PoseKey, u32>,
    model: Figure,
    frame: u64,
    made: u32,
}

impl PoseBook {
    /// A table for a skeleton, with the poses of who only stands, rolls or sits.
    pub fn new(gpu: &Gpu, renderer: &mut Renderer, rig: &Rig) -> Result<Self, RenderError> {
        let shares: Vec<HeadShare> = rig.head_shares().collect();
        let id = renderer.begin_poses(gpu, &shares, CAPACITY)?;
        let entries = Vec::with_capacity(CAPACITY as usize);
        let places = HashMap::with_capacity(CAPACITY as usize + 1);
        let mut book = Self { id, entries, places, model: Figure::new(0), frame: 0, made: 0 };
        let mut scratch = Scratch::default();
        for key in
            [PoseKey::plain(false, 0), PoseKey::plain(true, 0), PoseKey::plain(false, PoseKey::SITTING)]
        {
            let pivot = book.model.take_shape(key, rig, &mut scratch);
            book.keep(book.entries.len() as u32, Entry { key, pivot, used: u64::MAX }, (gpu, renderer))?;
        }
        Ok(book)
    }

    /// A pose that the table always has, for whoever must wait for the right one.
    pub fn plain(&self, key: PoseKey) -> Option<SharedPose> {
        let sitting = if key.sitting > PoseKey::SITTING / 2 { PoseKey::SITTING } else { 0 };
        let plain = PoseKey::plain(key.rolls && sitting == 0, sitting);
        let place = *self.places.get(&plain)?;
        Some(SharedPose { place, pivot: self.entries[place as usize].pivot })
    }

    fn keep(
        &mut self,
        place: u32,
        entry: Entry,
        (gpu, renderer): (&Gpu, &Renderer),
    ) -> Result<(), RenderError> {
        foreign(|| renderer.write_pose(gpu, self.id, place, self.model.skin()))?;
        self.places.insert(entry.key, place);
        match self.entries.get_mut(place as usize) {
            Some(old) => *old = entry,
            None => self.entries.push(entry),
        }
        Ok(())
    }

    /// Its name for the renderer.
    pub fn id(&self) -> PosesId {
        self.id
    }

    /// How many poses it has.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Begins a frame: poses that were taken before it may be given up for new ones.
    pub fn begin(&mut self) {
        self.frame += 1;
        self.made = 0;
    }

    /// The pose that somebody took last, if the table still has it and it is still right.
    pub fn again(&mut self, last: SharedPose, key: PoseKey) -> Option<SharedPose> {
        let entry = self.entries.get_mut(last.place as usize).filter(|entry| entry.key == key)?;
        entry.used = entry.used.max(self.frame);
        Some(last)
    }

    /// The pose of a key; none if the table does not have it, and too many were made in this frame.
    pub fn take(
        &mut self,
        key: PoseKey,
        rig: &Rig,
        scratch: &mut Scratch,
        device: (&Gpu, &Renderer),
    ) -> Option<SharedPose> {
        if let Some(place) = self.places.get(&key).copied() {
            let entry = &mut self.entries[place as usize];
            entry.used = entry.used.max(self.frame);
            return Some(SharedPose { place, pivot: entry.pivot });
        }
        if self.made >= MOST_A_FRAME {
            return None;
        }
        let place = self.free_place()?;
        self.made += 1;
        let pivot = self.model.take_shape(key, rig, scratch);
        // Without its row it would be a heap of triangles; whoever asks next tries again.
        self.keep(place, Entry { key, pivot, used: self.frame }, device).ok()?;
        Some(SharedPose { place, pivot })
    }

    /// A place that nobody uses in this frame.
    fn free_place(&mut self) -> Option<u32> {
        if self.entries.len() < CAPACITY as usize {
            return Some(self.entries.len() as u32);
        }
        let (place, oldest) = self.entries.iter().enumerate().min_by_key(|(_, entry)| entry.used)?;
        if oldest.used >= self.frame {
            // Everybody else would look through the whole table for nothing.
            self.made = MOST_A_FRAME;
            return None;
        }
        self.places.remove(&oldest.key);
        Some(place as u32)
    }
}
