//! The selection alone, all of whose tiles are there: for measuring what a look costs.
//!
//! It must not know a clock.

use super::forest::{Forest, State};
use super::select::{Judgement, Selection, Viewer};
use glam::{Mat4, Vec3};
use venue_package::Tileset;
use wgpu_renderer::{Frustum, reverse_z_perspective};

/// A venue all of whose tiles are on a GPU that is not there.
pub struct Probe {
    forest: Forest,
    selection: Selection,
}

impl Probe {
    /// With these tiles.
    pub fn new(tileset: &Tileset) -> Self {
        let mut forest = Forest::new(tileset);
        forest.slots.iter_mut().for_each(|slot| slot.state = State::Ready);
        Self { forest, selection: Selection::default() }
    }

    /// How many tiles there are.
    pub fn len(&self) -> usize {
        self.forest.nodes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.forest.nodes.is_empty()
    }

    /// Looks from the middle in this direction (radians about +y), as a headset's wide view does; how many tiles are
    /// shown.
    pub fn look(&mut self, yaw: f32) -> usize {
        let (eye, ahead) = (Vec3::new(0.0, 1.7, 0.0), Vec3::new(yaw.sin(), -0.1, yaw.cos()).normalize());
        let view: Mat4 = glam::camera::rh::view::look_to_mat4(eye, ahead, Vec3::Y);
        let frusta = [Frustum::of(&(reverse_z_perspective(1.9, 1.1, 0.05) * view))];
        let viewer = Viewer { eye, ahead, frusta: &frusta, pixels_per_radian: 1_200.0 };
        self.selection.select(&mut self.forest, &viewer, Judgement { pixels: 2.0, dt: 0.02, now: 0.0 });
        self.selection.shown.len()
    }
}
