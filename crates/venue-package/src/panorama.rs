//! Panoramas: pictures of the whole sphere, for what is seen around a space where it has no surface.
//!
//! Equirectangular: columns are even in heading, rows in height; the upper edge is straight up.

use crate::gltf::{Limits, Picture, PictureError, decode_image, picture_size};
use crate::manifest::MediaType;

/// A width may differ from twice the height by one part in so many of the height.
const SLACK: u32 = 100;

/// The panorama can not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PanoramaError {
    /// Another format.
    #[error("a panorama is a JPEG or a PNG; save it as one of these")]
    Format,
    /// Not the whole sphere.
    #[error(
        "it has {width} × {height} pixels; a panorama is twice as wide as high: the whole sphere in \
         equirectangular projection, as panorama cameras and stitching programs export it"
    )]
    Shape {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// Too large or damaged.
    #[error("{0}; make it smaller, or export it again")]
    Picture(#[from] PictureError),
}

/// What kind of picture a panorama is; its header alone is read.
pub fn panorama_type(bytes: &[u8]) -> Result<MediaType, PanoramaError> {
    let media_type = match bytes {
        [0x89, b'P', b'N', b'G', ..] => MediaType::Png,
        [0xff, 0xd8, 0xff, ..] => MediaType::Jpeg,
        _ => return Err(PanoramaError::Format),
    };
    let (width, height) = picture_size(bytes, &Limits::CLIENT)?;
    if width.abs_diff(height.saturating_mul(2)) > height / SLACK || height == 0 {
        return Err(PanoramaError::Shape { width, height });
    }
    Ok(media_type)
}

/// Unpacks a panorama. What it has of transparency is taken away: nothing lies behind it.
pub fn decode_panorama(bytes: &[u8]) -> Result<Picture, PanoramaError> {
    let media_type = panorama_type(bytes)?;
    let mut picture = decode_image(bytes, media_type.extension(), &Limits::CLIENT)?;
    picture.rgba8.iter_mut().skip(3).step_by(4).for_each(|alpha| *alpha = u8::MAX);
    Ok(picture)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::ImageEncoder as _;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let pixels = vec![9; (width * height * 4) as usize];
        let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
        encoder.write_image(&pixels, width, height, image::ExtendedColorType::Rgba8).unwrap();
        bytes
    }

    #[test]
    fn a_picture_of_the_whole_sphere_is_taken_and_others_are_refused_with_advice() {
        assert_eq!(panorama_type(&png(64, 32)), Ok(MediaType::Png));
        let refused = |bytes: &[u8]| panorama_type(bytes).unwrap_err().to_string();
        assert!(refused(&png(64, 64)).contains("64 × 64 pixels; a panorama is twice as wide as high"));
        assert!(refused(b"RIFF....WEBP").contains("a JPEG or a PNG"));
        assert!(refused(&png(64, 32)[..20]).contains("export it again"));
        // 16,385 pixels across, by the header alone.
        let mut huge = png(64, 32);
        huge[16..20].copy_from_slice(&16_385_u32.to_be_bytes());
        assert!(refused(&huge).contains("make it smaller"), "{}", refused(&huge));
    }

    #[test]
    fn a_panorama_hides_all_that_lies_behind_it() {
        let picture = decode_panorama(&png(8, 4)).unwrap();
        assert_eq!((picture.width, picture.height), (8, 4));
        assert!(picture.rgba8.chunks(4).all(|pixel| pixel == [9, 9, 9, 255]));
    }
}
