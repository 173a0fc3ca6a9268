//! The one way to compare a picture with its blessed one. `BLESS=1` writes the pictures anew; a failing
//! comparison leaves `NAME.actual.png` and `NAME.diff.png` beside the blessed file.

use glam::UVec2;
use std::path::PathBuf;

/// Drivers round differently: a pixel may be this far off in one channel.
const TOLERANCE: u8 = 6;
/// And so may edges: this share of the pixels may be further off.
const OUTLIERS: f64 = 0.004;

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/pictures/snapshots").join(name)
}

fn save(name: &str, size: UVec2, rgba: &[u8]) {
    image::save_buffer(file(name), rgba, size.x, size.y, image::ExtendedColorType::Rgba8).unwrap();
}

/// Compares a picture with `snapshots/NAME.png`.
pub(crate) fn check(name: &str, size: UVec2, rgba: &[u8]) {
    assert!(size.max_element() <= 256, "snapshots stay small");
    let blessed = format!("{name}.png");
    if std::env::var_os("BLESS").is_some() {
        return save(&blessed, size, rgba);
    }
    let expected = image::open(file(&blessed))
        .unwrap_or_else(|error| {
            panic!("{blessed}: {error}; run the test with BLESS=1 and look at the picture")
        })
        .to_rgba8();
    let same_size = expected.dimensions() == (size.x, size.y);
    let differences: Vec<u8> = match same_size {
        true => rgba.iter().zip(expected.as_raw()).map(|(a, b)| a.abs_diff(*b)).collect(),
        false => vec![u8::MAX; rgba.len()],
    };
    let off =
        differences.chunks_exact(4).filter(|pixel| pixel.iter().any(|channel| *channel > TOLERANCE)).count();
    let share = off as f64 / f64::from(size.x * size.y);
    if share > OUTLIERS {
        let seen: Vec<u8> = differences
            .chunks_exact(4)
            .flat_map(|pixel| {
                [pixel[0], pixel[1], pixel[2]].map(|d| d.saturating_mul(8)).into_iter().chain([255])
            })
            .collect();
        save(&format!("{name}.actual.png"), size, rgba);
        save(&format!("{name}.diff.png"), size, &seen);
        panic!(
            "{blessed}: {:.2} % of the pixels differ; see {name}.actual.png and {name}.diff.png",
            share * 100.0
        );
    }
}
