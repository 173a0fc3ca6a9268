//! Which of the venue's files are asked for next, and what is said of those that are broken.
//!
//! It must not know how files travel.

use super::App;
use crate::core::Connector;
use crate::present::Presenter;
use crate::sentence::Problem;
use glam::UVec2;
use venue_model::FileHash;

impl<C: Connector, P: Presenter> App<C, P> {
    /// Asks for what is seen next, and for what is heard.
    pub(super) fn choose_tiles(&mut self) {
        let fov = self.settings.field_of_view_degrees.to_radians();
        let size = self.presenter.view_size().max(UVec2::ONE);
        let views = self.presenter.views(&self.scene.own_camera(&self.core, fov), size);
        self.scene.select_tiles(&self.core, views.as_slice(), size.y);
        self.chosen.clear();
        self.chosen.extend(self.acoustics.wanted());
        self.chosen.extend(self.scene.wanted_files());
        self.core.choose_tiles(&self.chosen);
    }

    /// A part of the venue can not be shown.
    pub(super) fn tell_broken(&mut self, hash: FileHash, detail: String) {
        let file = hash.to_string().chars().take(12).collect();
        self.notify(Problem::DamagedTile { file, detail });
    }
}
