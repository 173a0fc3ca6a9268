//! A panorama around a room, as a window shows it: its marks are where the venue says.

use super::Stand;
use crate::core::cache::MemoryCache;
use crate::input::Command;
use crate::present::headless::{Drawing, HeadlessPresenter};
use crate::testing::panorama_package;
use glam::UVec2;
use std::path::Path;
use wgpu_renderer::{Gpu, RenderSettings};

const DRAWN: UVec2 = UVec2::new(640, 360);
const LIMIT: usize = 20_000;

fn is_red([red, green, blue]: [u8; 3]) -> bool {
    red > 150 && green < 90 && blue < 90
}

fn is_green([red, green, blue]: [u8; 3]) -> bool {
    green > 150 && red < 90 && blue < 90
}

fn enter(folder: &Path, heading: f32) -> Stand {
    let presenter = |gpu: &Gpu, render: &RenderSettings| {
        let presenter = HeadlessPresenter::new(gpu, render, DRAWN, folder, Drawing::Always)?;
        Ok(presenter.with_pixels_per_point(0.5))
    };
    let cache = Box::<MemoryCache>::default();
    let mut stand = Stand::build_with(panorama_package(heading), "room", 0, cache, presenter).unwrap();
    stand.load().unwrap();
    stand
}

/// Looks level in this direction, degrees clockwise from -z; where what has the colour is, degrees to the right.
fn seen(stand: &mut Stand, folder: &Path, heading: f32, is_it: fn([u8; 3]) -> bool) -> Option<f32> {
    stand.app.wish(Command::Face { yaw: -heading.to_radians(), pitch: 0.0 });
    let mut frames = 0..LIMIT;
    stand.step().unwrap();
    stand.step().unwrap();
    while !stand.app.is_loaded() {
        frames.next().expect("it settles");
        stand.step().unwrap();
    }
    let name = format!("panorama-{heading}");
    stand.app.presenter.want_screenshot(name.clone());
    while stand.app.presenter.is_busy() {
        frames.next().expect("the picture is taken");
        stand.step().unwrap();
    }
    let picture = image::open(folder.join(format!("{name}.png"))).unwrap().to_rgb8();
    // Between the panels' parts at the edges, and above the horizon.
    let rows = DRAWN.y / 4..DRAWN.y * 2 / 5;
    let pixels = rows.flat_map(|y| (0..DRAWN.x).map(move |x| (x, y)));
    let columns: Vec<f32> =
        pixels.filter(|(x, y)| is_it(picture.get_pixel(*x, *y).0)).map(|(x, _)| x as f32 + 0.5).collect();
    let middle = columns.iter().sum::<f32>() / columns.len() as f32;
    let half = (stand.app.settings.field_of_view_degrees.to_radians() * 0.5).tan();
    let size = DRAWN.as_vec2();
    let right = (middle / size.x * 2.0 - 1.0) * half * size.x / size.y;
    (!columns.is_empty()).then(|| right.atan().to_degrees())
}

#[test]
fn a_mark_is_seen_where_the_panorama_s_heading_puts_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut stand = enter(folder.path(), 70.0);
    let mut check = |heading: f32, is_it: fn([u8; 3]) -> bool, expected: Option<f32>| {
        let seen = seen(&mut stand, folder.path(), heading, is_it);
        match (seen, expected) {
            (Some(seen), Some(expected)) => {
                assert!((seen - expected).abs() < 0.5, "{heading}°: {seen}° and not {expected}°");
            }
            (seen, expected) => assert_eq!(seen, expected, "{heading}°"),
        }
    };
    check(70.0, is_red, Some(0.0));
    check(50.0, is_red, Some(20.0));
    check(95.0, is_red, Some(-25.0));
    check(160.0, is_green, Some(0.0));
    check(250.0, is_red, None);
}
