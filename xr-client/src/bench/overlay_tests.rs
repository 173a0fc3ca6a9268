//! Floor and marks over the venue before the whole client: what they look like, what is copied, what they cost.

use super::*;
use crate::input::ShellCommand;
use crate::testing::{marked_package, snapshot};

/// Size of the picture that is drawn; a quarter of it is kept.
const DRAWN: UVec2 = UVec2::new(512, 320);

/// Frames after which a wanted picture has to be there, and everything to be loaded.
const LIMIT: usize = 400;

fn enter(folder: &Path) -> Stand {
    let presenter = |gpu: &Gpu, render: &RenderSettings| {
        let presenter = HeadlessPresenter::new(gpu, render, DRAWN, folder, Drawing::Always)?;
        Ok(presenter.with_pixels_per_point(0.5))
    };
    let mut stand =
        Stand::build_with(marked_package(), "room", 0, Box::<MemoryCache>::default(), presenter).unwrap();
    stand.load().unwrap();
    stand
}

fn press(stand: &mut Stand, action: Action) {
    stand.with_devices(|devices| devices.press(action));
    stand.step().unwrap();
    stand.with_devices(|devices| devices.release(action));
    stand.step().unwrap();
}

fn look(stand: &mut Stand, yaw: f32, pitch: f32) {
    stand.app.wish(Command::Face { yaw: yaw.to_radians(), pitch: pitch.to_radians() });
    stand.step().unwrap();
    stand.step().unwrap();
}

fn settle(stand: &mut Stand) {
    let mut frames = 0..LIMIT;
    while !stand.app.is_loaded() {
        frames.next().expect("it settles");
        stand.step().unwrap();
    }
}

fn check(stand: &mut Stand, folder: &Path, name: &str) {
    settle(stand);
    stand.app.presenter.want_screenshot(name.to_owned());
    let mut frames = 0..LIMIT;
    while stand.app.presenter.is_busy() {
        frames.next().expect("the picture is taken");
        stand.step().unwrap();
    }
    let picture = image::open(folder.join(format!("{name}.png"))).unwrap();
    let size = DRAWN / 2;
    let small = picture.resize_exact(size.x, size.y, image::imageops::FilterType::Triangle).to_rgba8();
    snapshot::check(name, size, small.as_raw());
}

/// So many frames that the notice is gone.
fn wait_for_notice(stand: &mut Stand) {
    for _ in 0..8 * 60 {
        stand.step().unwrap();
    }
}

#[test]
fn floor_and_marks_are_seen_over_the_venue_and_go_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut stand = enter(folder.path());
    look(&mut stand, 30.0, -16.0);
    check(&mut stand, folder.path(), "overlay-off");
    press(&mut stand, Action::Overlay);
    assert!(!stand.app.is_loaded(), "it comes a part a frame");
    wait_for_notice(&mut stand);
    check(&mut stand, folder.path(), "overlay-on");
    press(&mut stand, Action::Overlay);
    check(&mut stand, folder.path(), "overlay-off");
}

#[test]
fn the_mark_that_is_aimed_at_is_copied_and_else_the_floor() {
    let folder = tempfile::tempdir().unwrap();
    let mut stand = enter(folder.path());
    let copied = |stand: &Stand| stand.app.copied_text().map(str::to_owned);
    // Without the overlay the key shows the people.
    stand.with_devices(|devices| devices.set_looking(true));
    press(&mut stand, Action::Overlay);
    look(&mut stand, 0.0, -35.0);
    press(&mut stand, Action::CopyAnchor);
    let floor = copied(&stand).unwrap();
    assert!(floor.starts_with("[[spawn]]\nat = [0, 0, -2.3"), "{floor}");
    // The second seat stands at x 5, z 2, 45 cm high; the eye at 1.65.
    look(&mut stand, (-5.0_f32).atan2(-2.0).to_degrees(), (-1.2_f32).atan2(29.0_f32.sqrt()).to_degrees());
    press(&mut stand, Action::CopyAnchor);
    let seat = "[[seat]]\nat = [5, 0, 2]\nyaw = 0\nheight = 0.45\nlabel = \"A2\"\nspace = \"room\"\n";
    assert_eq!(copied(&stand).as_deref(), Some(seat));
    look(&mut stand, 200.0, 60.0);
    press(&mut stand, Action::CopyAnchor);
    assert_eq!(copied(&stand).as_deref(), Some(seat), "there is nothing in the air");
}

#[test]
fn frames_with_the_overlay_take_no_memory_of_their_own_once_it_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut stand = enter(folder.path());
    press(&mut stand, Action::Overlay);
    settle(&mut stand);
    let mut counts = Counts::with_capacity(120);
    for _ in 0..120 {
        stand.counted_step(&mut counts).unwrap();
    }
    assert!(counts.own.iter().all(|own| *own == 0), "{:?}", counts.own);
}

#[test]
fn outside_of_a_venue_nothing_is_shown_or_copied() {
    let presenter = |gpu: &Gpu, render: &RenderSettings| {
        HeadlessPresenter::new(gpu, render, SIZE, Path::new("."), Drawing::Always)
    };
    let mut stand =
        Stand::build_with(marked_package(), "room", 0, Box::<MemoryCache>::default(), presenter).unwrap();
    for command in [ShellCommand::ToggleOverlay, ShellCommand::CopyAnchor] {
        stand.app.command(command);
    }
    stand.step().unwrap();
    assert_eq!(stand.app.copied_text(), None);
    stand.load().unwrap();
    assert!(stand.app.is_loaded());
}
