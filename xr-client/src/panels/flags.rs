//! Flags of delegations: small pictures by the code that stands behind a name.
//!
//! Which codes have one follows the membership of the United Nations; `assets/flags/build.py` makes them.

use image::imageops::FilterType;
use image::{ImageFormat, RgbImage};
use std::collections::BTreeMap;
use std::sync::LazyLock;

const CODES: &str = include_str!("../../../assets/flags/flags.txt");
const PICTURES: &[u8] = include_bytes!("../../../assets/flags/flags.bin");

/// Width of a flag for a height of 1.
const ASPECT: f32 = 4.0 / 3.0;

static BY_CODE: LazyLock<BTreeMap<&'static str, &'static [u8]>> = LazyLock::new(by_code);

/// The files, by code, none of them decoded.
fn by_code() -> BTreeMap<&'static str, &'static [u8]> {
    let mut rest = PICTURES;
    let files = CODES.lines().map_while(|code| {
        let (length, behind) = rest.split_first_chunk::<2>()?;
        let (file, behind) = behind.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
        rest = behind;
        Some((code, file))
    });
    files.collect()
}

/// The flag of a delegation at this height in pixels; none for a delegation without one.
pub(crate) fn flag(delegation: &str, height: u32) -> Option<RgbImage> {
    let code = match delegation {
        "UN" => "UNO",
        code => code,
    };
    let file = BY_CODE.get(code)?;
    let picture = image::load_from_memory_with_format(file, ImageFormat::Png).ok()?.to_rgb8();
    let height = height.clamp(1, 256);
    let width = (height as f32 * ASPECT).round() as u32;
    Some(image::imageops::resize(&picture, width, height, FilterType::Triangle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_picture_of_its_size() {
        assert_eq!(BY_CODE.len(), CODES.lines().count());
        for code in CODES.lines() {
            let picture = flag(code, 18).unwrap_or_else(|| panic!("{code}"));
            assert_eq!(picture.dimensions(), (24, 18), "{code}");
            let first = picture.get_pixel(0, 0);
            assert!(picture.pixels().any(|pixel| pixel != first), "{code} has one colour only");
        }
    }

    #[test]
    fn the_members_of_the_united_nations_and_its_observer_states_have_flags() {
        assert_eq!(CODES.lines().count(), 193 + 2 + 1);
        assert!(flag("UN", 12).is_some());
    }

    #[test]
    fn a_flag_stands_at_its_own_code() {
        let swiss = flag("CHE", 36).unwrap();
        let [red, green, blue] = swiss.get_pixel(4, 4).0;
        assert!(red > 180 && green < 60 && blue < 60);
        assert!(swiss.get_pixel(24, 18).0.iter().all(|channel| *channel > 230), "the cross");
        let [top, _, bottom] = [3, 18, 33].map(|y| flag("UKR", 36).unwrap().get_pixel(24, y).0);
        assert!(top[2] > top[0] && bottom[0] > bottom[2]);
    }

    #[test]
    fn other_words_have_none() {
        for delegation in ["", "ch", "Press", "ITU", "XXX", "che"] {
            assert!(flag(delegation, 12).is_none(), "{delegation}");
        }
    }
}
