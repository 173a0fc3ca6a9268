//! Both eyes as a real compositor shows them, in a window on a screen in memory: what is near shifts more between them than
//! what is far, and the horizon is level.

use crate::desktop::{Desktop, Part};
use crate::remote::Hand;
use crate::visit::server;
use crate::worn::{Setup, Worn};
use glam::{Quat, Vec3};

/// Size of the compositor's window, and so of the screen.
pub const SIZE: [usize; 2] = [960, 540];

/// One eye's half of the window.
pub struct Eye {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<[u8; 3]>,
}

impl Eye {
    pub fn of(desktop: &Desktop, index: usize) -> Self {
        let (width, height) = (SIZE[0] / 2, SIZE[1]);
        let pixels = desktop.colors(Part { left: index * width, top: 0, width, height });
        Self { width, height, pixels }
    }

    fn grey(&self, x: usize, y: usize) -> f32 {
        let [red, green, blue] = self.pixels[y * self.width + x].map(f32::from);
        (red + green + blue) / 3.0
    }

    /// The row of a column in which the sky ends: above the ground it is bluer than red.
    fn horizon(&self, x: usize) -> usize {
        let is_sky = |y: &usize| {
            let [red, _, blue] = self.pixels[y * self.width + x];
            blue > red.saturating_add(4)
        };
        (0..self.height).rev().find(is_sky).expect("there is a sky")
    }

    /// How far a band of rows of the other eye's picture lies to the right of this one's, pixels: where both differ least.
    fn shift_to(&self, other: &Self, rows: std::ops::Range<usize>) -> i32 {
        let reach = 40_i32;
        let middle = (self.width / 4) as i32..(self.width * 3 / 4) as i32;
        let difference = |shift: i32| -> f32 {
            let row = |y: usize| -> f32 {
                let pixel = |x: i32| self.grey(x as usize, y) - other.grey((x + shift) as usize, y);
                middle.clone().step_by(2).map(|x| pixel(x).abs()).sum()
            };
            rows.clone().step_by(2).map(row).sum()
        };
        (-reach..=reach).min_by(|a, b| difference(*a).total_cmp(&difference(*b))).unwrap()
    }
}

/// Somebody looks ahead in a headset whose compositor shows both eyes on this screen.
fn look(folder: &std::path::Path, desktop: &Desktop, link: &str) -> Worn {
    let setup = Setup::new(folder).composed().beside(desktop.name());
    let settings = "has_seen_tour = true\n[headset]\nmirror = false\n";
    let mut worn = setup.with("XRT_COMPOSITOR_SCALE_PERCENTAGE", "60").with_settings(settings).start(link);
    worn.wait_for("a headset is there");
    worn.remote().head(Vec3::Y * 1.7, Quat::IDENTITY).send();
    worn
}

/// Waits until both eyes show more than an empty window.
fn until_both_see(desktop: &Desktop) {
    crate::desktop::until("both eyes see something", || {
        [100, 580].iter().all(|left| desktop.shades(*left, 100, 280, 340) > 40)
    });
}

pub fn leave(worn: Worn) {
    let (status, log) = worn.leave();
    assert!(status.success(), "{status}: {log:#?}");
}

#[test]
fn near_things_shift_more_between_the_eyes_than_far_ones() {
    let folder = tempfile::tempdir().unwrap();
    let (server, links) = server(folder.path());
    let desktop = Desktop::start_with(SIZE);
    let mut worn = look(&folder.path().join("amina"), &desktop, &links[0]);
    worn.wait_for("stage=\"inside\"");
    worn.wait_for("frames=300");
    until_both_see(&desktop);
    desktop.save(&crate::pictures().join("composed.png"));
    let [left, right] = [0, 1].map(|index| Eye::of(&desktop, index));
    let rows = |from: f32, to: f32| (left.height as f32 * from) as usize..(left.height as f32 * to) as usize;
    let near = left.shift_to(&right, rows(0.85, 0.95));
    let far = left.shift_to(&right, rows(0.45, 0.55));
    println!("near {near} px, far {far} px");
    assert!(near < far, "what is near lies farther to the left in the right eye: {near} px, {far} px");
    leave(worn);
    server.stop().unwrap();
}

#[test]
fn the_horizon_is_level_and_at_the_same_height_in_both_eyes() {
    let folder = tempfile::tempdir().unwrap();
    let desktop = Desktop::start_with(SIZE);
    // Without a link there is the start page before an empty sky.
    let mut worn = look(folder.path(), &desktop, "");
    worn.wait_for("state=\"focused\"");
    worn.wait_for("frames=300");
    until_both_see(&desktop);
    desktop.save(&crate::pictures().join("horizon.png"));
    let heights: Vec<usize> = [0, 1]
        .map(|index| Eye::of(&desktop, index))
        .iter()
        .flat_map(|eye| [60, 420].map(|x| eye.horizon(x)))
        .collect();
    let (least, most) = (heights.iter().min().unwrap(), heights.iter().max().unwrap());
    assert!(most - least <= 2, "rows of the horizon left and right in both eyes: {heights:?}");
    assert!((220..320).contains(least), "it is at the eyes' height: {heights:?}");
    leave(worn);
}

/// The pixels of the left eye that have changed since, and look like skin: their number, and the middle of them.
fn skin_that_came(before: &Eye, now: &Eye) -> (usize, f32) {
    let is_skin = |[red, green, blue]: [u8; 3]| red > 60 && red > green && green > blue && red - blue > 20;
    let differs = |a: [u8; 3], b: [u8; 3]| a.iter().zip(b).any(|(a, b)| a.abs_diff(b) > 24);
    let came = |at: &usize| is_skin(now.pixels[*at]) && differs(before.pixels[*at], now.pixels[*at]);
    let columns: Vec<usize> = (0..now.pixels.len()).filter(came).map(|at| at % now.width).collect();
    (columns.len(), columns.iter().sum::<usize>() as f32 / columns.len().max(1) as f32)
}

#[test]
fn own_hands_are_seen_where_they_are_held() {
    let folder = tempfile::tempdir().unwrap();
    let (server, links) = server(folder.path());
    let desktop = Desktop::start_with(SIZE);
    let mut worn = look(&folder.path().join("amina"), &desktop, &links[0]);
    let mut remote = worn.remote();
    let hang = |side: f32| Vec3::new(0.3 * side, 0.7, 0.1);
    remote.head(Vec3::Y * 1.7, Quat::IDENTITY);
    remote.hand(Hand::Left, hang(-1.0), Quat::IDENTITY).hand(Hand::Right, hang(1.0), Quat::IDENTITY).send();
    worn.wait_for("stage=\"inside\"");
    worn.wait_for("frames=300");
    until_both_see(&desktop);
    let before = Eye::of(&desktop, 0);
    let mut seen = 0.0;
    let middles = [0.12, -0.12].map(|aside| {
        let last = seen;
        // The fingers up, as of who looks at the own hand.
        let up = Quat::from_rotation_x(-1.2);
        remote.hand(Hand::Right, Vec3::new(aside, 1.55, -0.42), up).send();
        crate::desktop::until("an own hand is seen", || {
            let (count, middle) = skin_that_came(&before, &Eye::of(&desktop, 0));
            // Somewhere else than before, and at rest.
            let is_there = count > 400 && (middle - last).abs() > 40.0 && (middle - seen).abs() < 2.0;
            seen = middle;
            is_there
        });
        desktop.save(
            &crate::pictures().join(format!("own-hand-{}.png", if aside > 0.0 { "right" } else { "left" })),
        );
        seen
    });
    println!("middles of the hand {middles:?}");
    assert!(middles[0] > middles[1], "the hand went to the left: {middles:?}");
    leave(worn);
    server.stop().unwrap();
}
