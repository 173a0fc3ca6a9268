//! Pictures on their way into the store: as they were delivered, without what they tell about people and places.

use super::error::{ScanError, shown};
use super::info::ScanPicture;
use super::sink::Sink;
use super::source::Source;
use super::{metadata, store};
use venue_package::gltf::{Limits, picture_size};

/// Largest picture file, bytes.
pub(super) const PICTURE_BYTES: u64 = 512 << 20;
/// Most pictures of one scan.
const PICTURES: usize = 20_000;

impl Sink<'_> {
    /// A picture that lies in a file; its number, or none with a warning when it can not be used.
    pub(super) fn picture_file(&mut self, source: &Source) -> Result<Option<u32>, ScanError> {
        match source.bytes(PICTURE_BYTES) {
            Ok(bytes) => self.picture(&source.name, &bytes),
            Err(error) => {
                self.warn(format!("{error}; its surfaces are plain"));
                Ok(None)
            }
        }
    }

    /// A picture in memory; its number, or none with a warning when it can not be used.
    pub(super) fn picture(&mut self, name: &str, bytes: &[u8]) -> Result<Option<u32>, ScanError> {
        let name = shown(name);
        let (media_type, ending) = match kind(bytes) {
            Some(kind) => kind,
            None => {
                self.warn(format!(
                    "the picture {name:?} is not JPEG, PNG, WebP or KTX2; its surfaces are plain: convert it"
                ));
                return Ok(None);
            }
        };
        let number = self.info.pictures.len();
        if number >= PICTURES {
            self.warn(format!("there are more than {PICTURES} pictures; the others are left out"));
            return Ok(None);
        }
        let (width, height) = match size(bytes, media_type) {
            Ok(size) => size,
            Err(reason) => {
                self.warn(format!("the picture {name:?} can not be used, its surfaces are plain: {reason}"));
                return Ok(None);
            }
        };
        let cleaned = metadata::without_metadata(bytes, media_type);
        if !cleaned.removed.is_empty() {
            self.removed(format!("{name}: {}", cleaned.removed.join(", ")));
        }
        let file = format!("{}/{number:05}.{ending}", store::PICTURES);
        self.write_file(&file, &cleaned.bytes)?;
        self.info.pictures.push(ScanPicture {
            file,
            name,
            media_type: media_type.to_owned(),
            width,
            height,
            orientation: cleaned.orientation,
        });
        Ok(Some(number as u32))
    }
}

/// Media type and ending, from the first bytes.
fn kind(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some(("image/png", "png")),
        [0xff, 0xd8, 0xff, ..] => Some(("image/jpeg", "jpg")),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(("image/webp", "webp")),
        [0xab, b'K', b'T', b'X', b' ', b'2', b'0', ..] => Some(("image/ktx2", "ktx2")),
        _ => None,
    }
}

fn size(bytes: &[u8], media_type: &str) -> Result<(u32, u32), String> {
    if media_type != "image/ktx2" {
        return picture_size(bytes, &Limits::IMPORT).map_err(|error| error.to_string());
    }
    let word = |at: usize| {
        let four = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
        four.map(|four| u32::from_le_bytes(*four)).ok_or("its header is cut off")
    };
    let (width, height) = (word(20)?, word(24)?);
    let most = Limits::IMPORT.picture_side;
    match (1..=most).contains(&width) && (1..=most).contains(&height) {
        true => Ok((width, height)),
        false => Err(format!("it has {width} × {height} pixels; up to {most} a side are allowed")),
    }
}
