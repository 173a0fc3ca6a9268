//! Pictures: PNG, JPEG, WebP, KTX2 to RGBA, within limits that are proven before the pixels are unpacked.

use super::{Limits, ktx2};
use image::{ImageDecoder, ImageFormat, ImageReader};
use std::io::Cursor;

/// A picture as RGBA, eight bits each, rows from the top.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Four bytes for each pixel.
    pub rgba8: Vec<u8>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({} × {})", self.width, self.height)
    }
}

/// The picture can not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Another format.
    #[error("pictures are read as PNG, JPEG, WebP or KTX2 (ETC1S, UASTC), not {0:?}")]
    Format(String),
    /// Too large.
    #[error("the picture has {width} × {height} pixels; {side} a side and {pixels} in all are allowed")]
    TooLarge {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// Allowed on a side.
        side: u32,
        /// Allowed in all.
        pixels: u64,
    },
    /// Broken bytes.
    #[error("the picture is damaged: {0}")]
    Damaged(String),
}

/// Width and height, from the header alone.
pub fn picture_size(bytes: &[u8], limits: &Limits) -> Result<(u32, u32), PictureError> {
    if ktx2::is_ktx2(bytes) {
        return ktx2::size(bytes, limits);
    }
    let decoder = open(bytes)?;
    check_size(decoder.dimensions(), limits)
}

/// Unpacks a picture; what it is, is found out from its bytes, not from its label.
pub fn decode_image(bytes: &[u8], media_type: &str, limits: &Limits) -> Result<Picture, PictureError> {
    decode_image_within(bytes, media_type, limits, u32::MAX)
}

/// As [`decode_image`]; of a picture that brings several sizes, the largest with no side above `side`.
pub fn decode_image_within(
    bytes: &[u8],
    media_type: &str,
    limits: &Limits,
    side: u32,
) -> Result<Picture, PictureError> {
    if ktx2::is_ktx2(bytes) {
        return ktx2::decode(bytes, limits, side);
    }
    if sniff(bytes).is_none() {
        return Err(PictureError::Format(media_type.chars().take(60).collect()));
    }
    let mut decoder = open(bytes)?;
    let (width, height) = check_size(decoder.dimensions(), limits)?;
    let mut bounds = image::Limits::default();
    // 16 bytes a pixel is the widest format; some decoders hold the picture twice.
    bounds.max_alloc = Some(limits.picture_pixels.saturating_mul(32));
    bounds.max_image_width = Some(limits.picture_side);
    bounds.max_image_height = Some(limits.picture_side);
    decoder.set_limits(bounds).map_err(damaged)?;
    let picture = image::DynamicImage::from_decoder(decoder).map_err(damaged)?;
    Ok(Picture { width, height, rgba8: picture.into_rgba8().into_raw() })
}

/// Whether a picture is stored in blocks that go to a GPU as [`super::transcode_ktx2`] gives them.
pub fn is_block_compressed(bytes: &[u8]) -> bool {
    ktx2::is_ktx2(bytes)
}

/// The media type that the first bytes tell.
pub(super) fn sniff(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ if ktx2::is_ktx2(bytes) => Some("image/ktx2"),
        _ => None,
    }
}

pub(super) fn is_supported(media_type: &str) -> bool {
    matches!(media_type, "image/png" | "image/jpeg" | "image/webp" | "image/ktx2")
}

fn open(bytes: &[u8]) -> Result<impl ImageDecoder + '_, PictureError> {
    let format = match sniff(bytes) {
        Some("image/png") => ImageFormat::Png,
        Some("image/jpeg") => ImageFormat::Jpeg,
        Some(_) => ImageFormat::WebP,
        None => return Err(PictureError::Format("unknown bytes".into())),
    };
    ImageReader::with_format(Cursor::new(bytes), format).into_decoder().map_err(damaged)
}

pub(super) fn check_size((width, height): (u32, u32), limits: &Limits) -> Result<(u32, u32), PictureError> {
    let (side, pixels) = (limits.picture_side, limits.picture_pixels);
    if width.max(height) > side || u64::from(width) * u64::from(height) > pixels || width == 0 || height == 0
    {
        return Err(PictureError::TooLarge { width, height, side, pixels });
    }
    Ok((width, height))
}

fn damaged(error: image::ImageError) -> PictureError {
    PictureError::Damaged(error.to_string().chars().take(200).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let picture =
            image::RgbaImage::from_fn(width, height, |x, y| image::Rgba([x as u8, y as u8, 7, 255]));
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn pictures_are_unpacked_by_their_bytes_not_their_label() {
        let picture = decode_image(&png(3, 2), "image/jpeg", &Limits::CLIENT).unwrap();
        assert_eq!((picture.width, picture.height, picture.rgba8.len()), (3, 2, 24));
        assert_eq!(&picture.rgba8[20..], [2, 1, 7, 255]);
        assert_eq!(picture_size(&png(3, 2), &Limits::CLIENT), Ok((3, 2)));
    }

    #[test]
    fn large_and_broken_pictures_are_refused() {
        let small = Limits { picture_side: 8, ..Limits::CLIENT };
        assert!(matches!(
            decode_image(&png(9, 1), "image/png", &small),
            Err(PictureError::TooLarge { width: 9, .. })
        ));
        let few = Limits { picture_pixels: 8, ..Limits::CLIENT };
        assert!(matches!(decode_image(&png(3, 3), "image/png", &few), Err(PictureError::TooLarge { .. })));
        let bytes = png(30, 30);
        assert!(matches!(
            decode_image(&bytes[..60], "image/png", &Limits::CLIENT),
            Err(PictureError::Damaged(_))
        ));
        assert!(matches!(
            decode_image(b"GIF89a", "image/gif", &Limits::CLIENT),
            Err(PictureError::Format(_))
        ));
    }
}
