//! A venue in levels before the whole client: what is near is fine, what is far is coarse, and the pictures show it.

use super::*;
use crate::testing::{layered_package, snapshot};

/// Size of the picture that is drawn; a quarter of it is kept.
const DRAWN: UVec2 = UVec2::new(512, 320);

/// Frames after which a wanted picture has to be there, and everything to be loaded.
const LIMIT: usize = 400;

struct Seen {
    stand: Stand,
    folder: tempfile::TempDir,
}

/// Somebody who has just come into the space of this key.
fn enter(space: &str) -> Seen {
    let folder = tempfile::tempdir().unwrap();
    let presenter = |gpu: &Gpu, render: &RenderSettings| {
        let presenter = HeadlessPresenter::new(gpu, render, DRAWN, folder.path(), Drawing::Always)?;
        Ok(presenter.with_pixels_per_point(0.5))
    };
    let stand =
        Stand::build_with(layered_package(), space, 0, Box::<MemoryCache>::default(), presenter).unwrap();
    Seen { stand, folder }
}

impl Seen {
    fn settle(&mut self) {
        let mut frames = 0..LIMIT;
        while *self.stand.app.core.stage() != Stage::Inside || !self.stand.app.is_loaded() {
            frames.next().expect("it settles");
            self.stand.step().unwrap();
        }
    }

    /// Turns (degrees about +y), and compares the picture when nothing is on its way any more.
    fn check(&mut self, name: &str, yaw: f32, pitch: f32) {
        self.settle();
        self.stand.app.wish(Command::Face { yaw: yaw.to_radians(), pitch: pitch.to_radians() });
        self.stand.step().unwrap();
        self.settle();
        self.stand.app.presenter.want_screenshot(name.to_owned());
        let mut frames = 0..LIMIT;
        while self.stand.app.presenter.is_busy() {
            frames.next().expect("the picture is taken");
            self.stand.step().unwrap();
        }
        let picture = image::open(self.folder.path().join(format!("{name}.png"))).unwrap();
        let size = DRAWN / 2;
        let small = picture.resize_exact(size.x, size.y, image::imageops::FilterType::Triangle).to_rgba8();
        snapshot::check(name, size, small.as_raw());
    }
}

#[test]
fn the_room_that_one_stands_in_is_shown_at_its_finest() {
    let mut seen = enter("room");
    seen.check("tiles-near", 45.0, -28.0);
    let stats = seen.stand.app.stream_stats();
    assert!(stats.shown >= 4 && stats.gpu_bytes > 0 && stats.wanted + stats.coming == 0, "{stats:?}");
}

#[test]
fn the_room_behind_the_door_is_shown_coarser() {
    enter("hall").check("tiles-far", 90.0, -6.0);
}

#[test]
fn one_is_inside_before_the_fine_tiles_come() {
    let mut seen = enter("room");
    let mut frames = 0..LIMIT;
    while *seen.stand.app.core.stage() != Stage::Inside {
        frames.next().expect("one comes inside");
        seen.stand.step().unwrap();
    }
    assert!(!seen.stand.app.is_loaded(), "the rest is still on its way");
    seen.settle();
}
