//! KTX2 pictures of Basis Universal (ETC1S, UASTC): from their bytes to what a GPU takes, mips included.
//!
//! The header is read here first and held against the file's size and the limits: the transcoder behind trusts it.

use super::picture::{PictureError, check_size};
use super::{Limits, Picture};
use basisu::{DecodeFlags, SourceFormat, TargetFormat, Transcoder};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The first bytes of every KTX2 file (Khronos KTX 2.0, §3.1).
const MAGIC: [u8; 12] = [0xab, b'K', b'T', b'X', b' ', b'2', b'0', 0xbb, 0x0d, 0x0a, 0x1a, 0x0a];

const HEADER_BYTES: usize = 80;
const LEVEL_BYTES: usize = 24;

/// How a picture's pixels are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PixelFormat {
    /// Four bytes for each pixel.
    Rgba8,
    /// Blocks of 4 × 4 pixels in 16 bytes: desktops.
    Bc7,
    /// Blocks of 4 × 4 pixels in 16 bytes: telephones and headsets.
    Astc4x4,
    /// Blocks of 4 × 4 pixels in 16 bytes: older telephones.
    Etc2Rgba8,
}

/// One size of a picture.
#[derive(Clone, PartialEq, Eq)]
pub struct PictureLevel {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Rows of pixels or of blocks, from the top.
    pub bytes: Vec<u8>,
}

/// A picture in all its sizes, each half of the one before.
#[derive(Clone, PartialEq, Eq)]
pub struct MipPicture {
    /// How all of them are stored.
    pub format: PixelFormat,
    /// The largest first; never empty.
    pub levels: Vec<PictureLevel>,
}

impl std::fmt::Debug for MipPicture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (width, height) = (self.levels[0].width, self.levels[0].height);
        write!(f, "MipPicture({:?}, {width} × {height}, {} levels)", self.format, self.levels.len())
    }
}

/// Whether the bytes begin as KTX2.
pub(super) fn is_ktx2(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// Unpacks a KTX2 picture with the mips that it brings. Blocks are given only where the size is whole blocks, as
/// GPUs demand; other pictures come as [`PixelFormat::Rgba8`].
pub fn transcode_ktx2(
    bytes: &[u8],
    format: PixelFormat,
    limits: &Limits,
) -> Result<MipPicture, PictureError> {
    let header = Header::read(bytes, limits)?;
    let is_whole = header.width.is_multiple_of(4) && header.height.is_multiple_of(4);
    let format = if is_whole { format } else { PixelFormat::Rgba8 };
    let file = File::open(bytes, header)?;
    let levels = (0..header.levels).map(|level| file.level(level, format)).collect::<Result<_, _>>()?;
    Ok(MipPicture { format, levels })
}

/// Width and height, from the header alone.
pub(super) fn size(bytes: &[u8], limits: &Limits) -> Result<(u32, u32), PictureError> {
    Header::read(bytes, limits).map(|header| (header.width, header.height))
}

/// The largest level whose sides are within `side`, or the smallest that there is.
pub(super) fn decode(bytes: &[u8], limits: &Limits, side: u32) -> Result<Picture, PictureError> {
    let header = Header::read(bytes, limits)?;
    let fits = |level: &u32| (header.width >> level).max(header.height >> level) <= side;
    let level = (0..header.levels).find(fits).unwrap_or(header.levels - 1);
    let PictureLevel { width, height, bytes: rgba8 } =
        File::open(bytes, header)?.level(level, PixelFormat::Rgba8)?;
    Ok(Picture { width, height, rgba8 })
}

#[derive(Clone, Copy)]
struct Header {
    width: u32,
    height: u32,
    levels: u32,
}

impl Header {
    fn read(bytes: &[u8], limits: &Limits) -> Result<Self, PictureError> {
        if !is_ktx2(bytes) || bytes.len() < HEADER_BYTES {
            return Err(damaged("its header is cut"));
        }
        let word = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        let [width, height, depth, layers, faces, levels, scheme] = [20, 24, 28, 32, 36, 40, 44].map(word);
        let (width, height) = check_size((width, height), limits)?;
        if depth > 0 || layers > 1 || faces != 1 {
            return Err(damaged("it is no single flat picture"));
        }
        if levels == 0 || levels > width.max(height).ilog2() + 1 {
            return Err(damaged("its number of sizes does not fit its width and height"));
        }
        if scheme > 2 {
            return Err(damaged("its supercompression is neither BasisLZ nor Zstandard"));
        }
        let header = Self { width, height, levels };
        header.check_ranges(bytes, scheme)?;
        Ok(header)
    }

    /// Every range that the file names lies in it, and no level unpacks to more than its pixels need.
    fn check_ranges(self, bytes: &[u8], scheme: u32) -> Result<(), PictureError> {
        let long = |at: usize| {
            bytes.get(at..at + 8).map_or(u64::MAX, |b| b.iter().rev().fold(0, |n, &b| n << 8 | u64::from(b)))
        };
        let lies_inside = |offset: u64, length: u64| {
            offset.checked_add(length).is_some_and(|end| end <= bytes.len() as u64)
        };
        let half = |at: usize| long(at) & 0xffff_ffff;
        let lists = [(half(48), half(52)), (half(56), half(60)), (long(64), long(72))];
        if !lists.into_iter().all(|(offset, length)| lies_inside(offset, length)) {
            return Err(damaged("it names bytes beyond its end"));
        }
        for level in 0..self.levels {
            let at = HEADER_BYTES + level as usize * LEVEL_BYTES;
            let (offset, length, unpacked) = (long(at), long(at + 8), long(at + 16));
            let (width, height) = self.size_of(level);
            let most = u64::from(width.div_ceil(4)) * u64::from(height.div_ceil(4)) * 16;
            if !lies_inside(offset, length) || (scheme != 1 && unpacked > most) {
                return Err(damaged("one of its sizes lies beyond its end, or is larger than its pixels"));
            }
        }
        Ok(())
    }

    fn size_of(self, level: u32) -> (u32, u32) {
        ((self.width >> level).max(1), (self.height >> level).max(1))
    }
}

/// A file that the transcoder has accepted.
struct File<'a> {
    header: Header,
    transcoder: Transcoder<'a>,
}

impl<'a> File<'a> {
    fn open(bytes: &'a [u8], header: Header) -> Result<Self, PictureError> {
        let opened = unwound(|| Transcoder::new(bytes).map_err(|error| damaged(&format!("{error:?}"))))?;
        match opened.source_format() {
            SourceFormat::Etc1s | SourceFormat::UastcLdr => Ok(Self { header, transcoder: opened }),
            _ => Err(PictureError::Format("image/ktx2 that is neither ETC1S nor UASTC".into())),
        }
    }

    fn level(&self, level: u32, format: PixelFormat) -> Result<PictureLevel, PictureError> {
        let target = match format {
            PixelFormat::Rgba8 => TargetFormat::Rgba32,
            PixelFormat::Bc7 => TargetFormat::Bc7Rgba,
            PixelFormat::Astc4x4 => TargetFormat::Astc4x4Rgba,
            PixelFormat::Etc2Rgba8 => TargetFormat::Etc2Rgba,
        };
        let transcode = || self.transcoder.transcode(level, target, DecodeFlags::NONE);
        let bytes = unwound(|| transcode().map_err(|error| damaged(&format!("{error:?}"))))?;
        let (width, height) = self.header.size_of(level);
        Ok(PictureLevel { width, height, bytes })
    }
}

/// The transcoder is a port of one that trusts its input: what it stumbles over ends the picture, not the program.
fn unwound<T>(work: impl FnOnce() -> Result<T, PictureError>) -> Result<T, PictureError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(damaged("its blocks make no sense")))
}

fn damaged(what: &str) -> PictureError {
    PictureError::Damaged(what.chars().take(200).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ETC1S: &[u8] = include_bytes!("../../tests/pictures/etc1s.ktx2");
    const UASTC: &[u8] = include_bytes!("../../tests/pictures/uastc-zstd-alpha.ktx2");
    const ODD: &[u8] = include_bytes!("../../tests/pictures/etc1s-odd.ktx2");

    /// The pictures show x in red and y in green, from 0 to 255.
    fn check_gradient(picture: &Picture) {
        let corner = |x: u32, y: u32| {
            let at = ((y * picture.width + x) * 4) as usize;
            [picture.rgba8[at], picture.rgba8[at + 1]]
        };
        let (right, bottom) = (picture.width - 1, picture.height - 1);
        let [near, far] = [corner(0, 0), corner(right, bottom)];
        assert!(near.iter().all(|&c| c < 48) && far.iter().all(|&c| c > 207), "{near:?} {far:?}");
        let [across, down] = [corner(right, 0), corner(0, bottom)];
        assert!(across[0] > 207 && across[1] < 48 && down[0] < 48 && down[1] > 207, "{across:?} {down:?}");
    }

    #[test]
    fn every_size_comes_in_every_format() {
        for format in [PixelFormat::Rgba8, PixelFormat::Bc7, PixelFormat::Astc4x4, PixelFormat::Etc2Rgba8] {
            for (bytes, count) in [(ETC1S, 6), (UASTC, 5)] {
                let picture = transcode_ktx2(bytes, format, &Limits::CLIENT).unwrap();
                assert_eq!((picture.format, picture.levels.len()), (format, count));
                for level in &picture.levels {
                    let size = match format {
                        PixelFormat::Rgba8 => level.width * level.height * 4,
                        _ => level.width.div_ceil(4) * level.height.div_ceil(4) * 16,
                    };
                    assert_eq!(level.bytes.len(), size as usize, "{picture:?}");
                }
            }
        }
    }

    #[test]
    fn the_pixels_are_those_of_the_picture() {
        for bytes in [ETC1S, UASTC, ODD] {
            check_gradient(&decode(bytes, &Limits::CLIENT, u32::MAX).unwrap());
        }
        let faded = decode(UASTC, &Limits::CLIENT, u32::MAX).unwrap();
        assert!(faded.rgba8[3] > 240 && faded.rgba8[15 * 4 + 3] < 15, "alpha is kept");
    }

    #[test]
    fn a_small_size_is_chosen_and_a_picture_of_odd_size_has_no_blocks() {
        let size = |side| decode(ETC1S, &Limits::CLIENT, side).map(|picture| (picture.width, picture.height));
        assert_eq!((size(32), size(31), size(0)), (Ok((32, 16)), Ok((16, 8)), Ok((1, 1))));
        let odd = transcode_ktx2(ODD, PixelFormat::Bc7, &Limits::CLIENT).unwrap();
        assert_eq!((odd.format, odd.levels[0].width, odd.levels[1].width), (PixelFormat::Rgba8, 13, 6));
    }

    #[test]
    fn headers_that_lie_are_refused_before_anything_is_unpacked() {
        let check = |bytes: &[u8], at: usize, value: &[u8], expected: &str| {
            let mut changed = bytes.to_vec();
            changed[at..at + value.len()].copy_from_slice(value);
            let error =
                transcode_ktx2(&changed, PixelFormat::Rgba8, &Limits::CLIENT).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(ETC1S, 20, &[0xff; 4], "are allowed");
        check(ETC1S, 24, &[0; 4], "are allowed");
        check(ETC1S, 28, &[2], "single flat");
        check(ETC1S, 36, &[6], "single flat");
        check(ETC1S, 40, &[7], "number of sizes");
        check(ETC1S, 44, &[3], "supercompression");
        check(ETC1S, 64, &[0xff; 8], "beyond its end");
        check(ETC1S, 80, &[0xff; 8], "beyond its end");
        check(UASTC, 96, &[0xff, 0xff, 0xff, 0x7f], "larger than its pixels");
        let cut = transcode_ktx2(&ETC1S[..90], PixelFormat::Rgba8, &Limits::CLIENT).unwrap_err();
        assert!(matches!(cut, PictureError::Damaged(_)), "{cut}");
        let small = Limits { picture_side: 16, ..Limits::CLIENT };
        assert!(matches!(size(ETC1S, &small), Err(PictureError::TooLarge { width: 32, .. })));
        assert_eq!(size(UASTC, &small), Ok((16, 16)));
    }

    #[test]
    fn another_codec_is_named() {
        let other = include_bytes!("../../tests/pictures/xuastc.ktx2");
        let error = transcode_ktx2(other, PixelFormat::Rgba8, &Limits::CLIENT).unwrap_err().to_string();
        assert!(error.contains("supercompression") || error.contains("neither ETC1S nor UASTC"), "{error}");
    }

    #[test]
    fn no_changed_byte_makes_it_panic() {
        for bytes in [ETC1S, UASTC, ODD] {
            for at in 0..bytes.len() {
                let mut changed = bytes.to_vec();
                changed[at] ^= 0xff >> (at % 8);
                transcode_ktx2(&changed, PixelFormat::Bc7, &Limits::CLIENT).ok();
            }
        }
    }
}
