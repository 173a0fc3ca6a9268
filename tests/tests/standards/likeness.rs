//! How alike two pictures are that different renderers made of the same thing.

use image::RgbImage;
use image::imageops::{FilterType, resize};

/// Pictures are compared so small that edges and filters do not count.
const SIDE: u32 = 64;

/// Whether the picture shows something: enough different colours, light and dark.
pub fn shows_something(picture: &RgbImage) -> bool {
    let mut colors: Vec<[u8; 3]> = picture.pixels().map(|pixel| pixel.0).collect();
    colors.sort_unstable();
    colors.dedup();
    let light = luminances(picture);
    colors.len() > 500 && deviation(&light) > 12.0
}

/// Correlation of the pictures' light, cell by cell: 1 for the same picture in any brightness and contrast.
pub fn correlation(a: &RgbImage, b: &RgbImage) -> f64 {
    let (a, b) = (luminances(a), luminances(b));
    let (mean_a, mean_b) = (mean(&a), mean(&b));
    let products = a.iter().zip(&b).map(|(a, b)| (a - mean_a) * (b - mean_b));
    products.sum::<f64>() / a.len() as f64 / (deviation(&a) * deviation(&b)).max(f64::MIN_POSITIVE)
}

fn luminances(picture: &RgbImage) -> Vec<f64> {
    let small = resize(picture, SIDE, SIDE, FilterType::Triangle);
    // Rec. 709's weights on the stored values: what the eye compares, not what the lamp gives.
    let light = |[r, g, b]: [u8; 3]| 0.2126 * f64::from(r) + 0.7152 * f64::from(g) + 0.0722 * f64::from(b);
    small.pixels().map(|pixel| light(pixel.0)).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
}

/// A picture with a pattern.
fn pattern() -> RgbImage {
    RgbImage::from_fn(200, 120, |x, y| {
        image::Rgb([(x * 3 % 256) as u8, (y * 2 % 256) as u8, ((x / 20 + y / 15) % 2 * 200) as u8])
    })
}

#[test]
fn the_same_in_another_light_is_alike_and_another_view_is_not() {
    let picture = pattern();
    let darker = RgbImage::from_fn(200, 120, |x, y| image::Rgb(picture.get_pixel(x, y).0.map(|c| c / 2 + 9)));
    assert!(correlation(&picture, &darker) > 0.99);
    assert!(correlation(&picture, &image::imageops::flip_vertical(&picture)) < 0.5);
    assert!(shows_something(&picture));
}

#[test]
fn an_empty_picture_shows_nothing() {
    let grey = RgbImage::from_pixel(200, 120, image::Rgb([90, 90, 90]));
    assert!(!shows_something(&grey));
    assert!(correlation(&grey, &pattern()).abs() < 1e-6);
}
