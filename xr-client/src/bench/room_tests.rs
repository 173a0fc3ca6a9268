//! The sample venue's rooms as they were blessed: the whole client before the real package.

use super::*;
use crate::testing::snapshot;

/// Size of the picture that is drawn; a quarter of it is kept.
const DRAWN: UVec2 = UVec2::new(512, 320);

/// Frames after which a wanted picture has to be there.
const PICTURE_LIMIT: usize = 60;

/// Looks from the empty room's entrance this way (degrees about +y): how far people would have walked while the room
/// loads is never the same.
fn check(space: &str, yaw: f32, pitch: f32) {
    let package = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/venues/geneva/package"));
    let package = Package::open(DirectorySource::new(package)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let presenter = |gpu: &Gpu, render: &RenderSettings| {
        let presenter = HeadlessPresenter::new(gpu, render, DRAWN, folder.path(), Drawing::Screenshots)?;
        Ok(presenter.with_pixels_per_point(0.5))
    };
    let mut stand = Stand::build_with(package, space, 0, Box::<MemoryCache>::default(), presenter).unwrap();
    stand.load().unwrap();
    stand.app.wish(Command::Face { yaw: yaw.to_radians(), pitch: pitch.to_radians() });
    stand.step().unwrap();
    stand.app.presenter.want_screenshot(space.to_owned());
    let mut frames = 0..PICTURE_LIMIT;
    while stand.app.presenter.is_busy() {
        frames.next().expect("the picture is taken");
        stand.step().unwrap();
    }
    let picture = image::open(folder.path().join(format!("{space}.png"))).unwrap();
    let size = DRAWN / 2;
    let small = picture.resize_exact(size.x, size.y, image::imageops::FilterType::Triangle).to_rgba8();
    snapshot::check(&format!("room-{space}"), size, small.as_raw());
}

#[test]
fn the_lounge_from_its_entrance() {
    check("lounge", 20.0, -4.0);
}

#[test]
fn popov_hall_from_its_door() {
    check("popov-hall", 0.0, -6.0);
}

#[test]
fn hall_c_from_its_door() {
    check("hall-c", 90.0, -6.0);
}

#[test]
fn hall_a_from_its_door() {
    check("hall-a", -90.0, -6.0);
}
