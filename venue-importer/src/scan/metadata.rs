//! What pictures tell beside their pixels: cameras, places, people. It is taken out without touching the pixels.
//!
//! JPEG (ITU-T T.81 Annex B, EXIF 2.32), PNG (W3C PNG 3rd edition), WebP (RFC 9649). KTX2 carries names of
//! programs at most and stays as it is.

use std::collections::BTreeSet;

/// A picture without what it told.
pub(crate) struct Cleaned {
    pub(crate) bytes: Vec<u8>,
    /// What was found, in words.
    pub(crate) removed: Vec<&'static str>,
    /// EXIF's orientation, 1 to 8; 1 is upright.
    pub(crate) orientation: u8,
}

/// A copy without EXIF, XMP, IPTC and comments. Bytes that are not understood stay as they are, to be refused by
/// whoever decodes them.
pub(crate) fn without_metadata(bytes: &[u8], media_type: &str) -> Cleaned {
    let mut found = Found { orientation: 1, ..Found::default() };
    let cleaned = match media_type {
        "image/jpeg" => jpeg(bytes, &mut found),
        "image/png" => png(bytes, &mut found),
        "image/webp" => webp(bytes, &mut found),
        _ => None,
    };
    match cleaned {
        Some(bytes) => {
            Cleaned { bytes, removed: found.removed.into_iter().collect(), orientation: found.orientation }
        }
        None => Cleaned { bytes: bytes.to_vec(), removed: Vec::new(), orientation: 1 },
    }
}

#[derive(Default)]
struct Found {
    removed: BTreeSet<&'static str>,
    orientation: u8,
}

impl Found {
    fn exif(&mut self, tiff: &[u8]) {
        self.removed.insert("EXIF");
        let exif = read_exif(tiff).unwrap_or_default();
        if exif.has_gps {
            self.removed.insert("GPS position");
        }
        if (1..=8).contains(&exif.orientation) {
            self.orientation = exif.orientation as u8;
        }
    }
}

/// Segments up to the first scan; what follows is pixels, and perhaps more scans, which stay.
fn jpeg(bytes: &[u8], found: &mut Found) -> Option<Vec<u8>> {
    let mut out = bytes.get(..2)?.to_vec();
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        if marker == 0xff {
            // A filling byte.
            at += 1;
            continue;
        }
        if marker == 0xda || marker == 0xd9 {
            // Behind the last scan programs hide previews and second pictures; they are cut off.
            let end = last_end_of_image(&bytes[at..]).map_or(bytes.len(), |end| at + end);
            if bytes.len() > end {
                found.removed.insert("bytes behind the picture");
            }
            out.extend_from_slice(&bytes[at..end]);
            return Some(out);
        }
        let length = usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]));
        let segment = bytes.get(at..at + 2 + length)?;
        let body = segment.get(4..)?;
        match marker {
            0xe1 if body.starts_with(b"Exif\0\0") => found.exif(&body[6..]),
            0xe1 => drop(found.removed.insert("XMP")),
            0xed => drop(found.removed.insert("IPTC")),
            0xfe => drop(found.removed.insert("comment")),
            // JFIF, colour profile and Adobe's transform say how the pixels are meant.
            0xe0 | 0xee => out.extend_from_slice(segment),
            0xe2 if body.starts_with(b"ICC_PROFILE\0") => out.extend_from_slice(segment),
            0xe2..=0xef => drop(found.removed.insert("data of a program")),
            _ => out.extend_from_slice(segment),
        }
        at += 2 + length;
    }
}

/// Behind the end of the first picture: the first EOI marker that follows its scans.
fn last_end_of_image(scan: &[u8]) -> Option<usize> {
    // Within entropy-coded data 0xff is followed by zero or a restart marker, so this is no pixel.
    scan.windows(2).position(|pair| pair == [0xff, 0xd9]).map(|at| at + 2)
}

fn png(bytes: &[u8], found: &mut Found) -> Option<Vec<u8>> {
    let mut out = bytes.get(..8)?.to_vec();
    let mut rest = &bytes[8..];
    while rest.len() >= 12 {
        let length = u32::from_be_bytes(*rest.first_chunk()?) as usize;
        let chunk = rest.get(..length.checked_add(12)?)?;
        let kind = chunk.get(4..8)?;
        match kind {
            b"eXIf" => found.exif(chunk.get(8..8 + length)?),
            b"tEXt" | b"iTXt" | b"zTXt" => drop(found.removed.insert("text")),
            b"tIME" => drop(found.removed.insert("time of the last change")),
            _ => out.extend_from_slice(chunk),
        }
        rest = &rest[length + 12..];
        if kind == b"IEND" {
            break;
        }
    }
    if !rest.is_empty() {
        found.removed.insert("bytes behind the picture");
    }
    Some(out)
}

fn webp(bytes: &[u8], found: &mut Found) -> Option<Vec<u8>> {
    let mut out = bytes.get(..12)?.to_vec();
    let mut rest = &bytes[12..];
    while rest.len() >= 8 {
        let length = u32::from_le_bytes(*rest.get(4..)?.first_chunk()?) as usize;
        let padded = length.checked_add(length % 2)?.checked_add(8)?;
        let chunk = rest.get(..padded.min(rest.len()))?;
        match &chunk[..4] {
            b"EXIF" => {
                let body = chunk.get(8..)?;
                found.exif(body.strip_prefix(b"Exif\0\0").unwrap_or(body));
            }
            b"XMP " => drop(found.removed.insert("XMP")),
            b"VP8X" => {
                let start = out.len();
                out.extend_from_slice(chunk);
                // The flags that promise EXIF and XMP.
                *out.get_mut(start + 8)? &= !0x0c;
            }
            _ => out.extend_from_slice(chunk),
        }
        rest = rest.get(padded..).unwrap_or_default();
    }
    let length = u32::try_from(out.len().checked_sub(8)?).ok()?;
    out.get_mut(4..8)?.copy_from_slice(&length.to_le_bytes());
    Some(out)
}

#[derive(Default)]
struct Exif {
    orientation: u16,
    has_gps: bool,
}

/// The first directory of EXIF's TIFF structure.
fn read_exif(tiff: &[u8]) -> Option<Exif> {
    let little = tiff.starts_with(b"II");
    let short = |at: usize| {
        let two = *tiff.get(at..)?.first_chunk()?;
        Some(if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let long = |at: usize| {
        let four = *tiff.get(at..)?.first_chunk()?;
        Some(if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    };
    let directory = long(4)? as usize;
    let mut exif = Exif::default();
    for entry in 0..usize::from(short(directory)?) {
        let at = directory.checked_add(2 + entry * 12)?;
        match short(at)? {
            0x0112 => exif.orientation = short(at + 8)?,
            0x8825 => exif.has_gps = true,
            _ => {}
        }
    }
    Some(exif)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, RgbImage};
    use std::io::Cursor;

    fn picture(format: ImageFormat) -> Vec<u8> {
        let picture = RgbImage::from_fn(16, 8, |x, y| image::Rgb([x as u8 * 9, y as u8 * 20, 77]));
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// EXIF with orientation 6 and a GPS directory.
    fn exif() -> Vec<u8> {
        let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x02".to_vec();
        tiff.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]);
        tiff.extend([0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 99]);
        tiff
    }

    fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
        let length = (body.len() as u16 + 2).to_be_bytes();
        [&[0xff, marker], &length[..], body].concat()
    }

    fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(body.len() as u32).to_be_bytes()[..], kind, body, &[0; 4]].concat()
    }

    fn check(told: &[u8], plain: &[u8], media_type: &str, expected: &[&str]) {
        let cleaned = without_metadata(told, media_type);
        assert_eq!(cleaned.removed, expected);
        assert_eq!(cleaned.orientation, 6);
        let pixels = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().into_rgb8();
        assert_eq!(pixels(&cleaned.bytes), pixels(plain));
        assert!(!cleaned.bytes.windows(6).any(|part| part == b"SECRET"));
    }

    #[test]
    fn a_jpeg_loses_its_metadata_and_no_pixel() {
        let plain = picture(ImageFormat::Jpeg);
        let exif = segment(0xe1, &[&b"Exif\0\0"[..], &exif(), b"SECRET"].concat());
        let more = [segment(0xed, b"Photoshop SECRET"), segment(0xfe, b"SECRET")].concat();
        let told = [&plain[..2], &exif, &more, &plain[2..], b"SECRET"].concat();
        let expected = ["EXIF", "GPS position", "IPTC", "bytes behind the picture", "comment"];
        check(&told, &plain, "image/jpeg", &expected);
    }

    #[test]
    fn a_png_loses_its_metadata_and_no_pixel() {
        let plain = picture(ImageFormat::Png);
        let after_header = 8 + 25;
        let told = [
            &plain[..after_header],
            &chunk(b"eXIf", &exif()),
            &chunk(b"tEXt", b"Author\0SECRET"),
            &plain[after_header..],
        ];
        check(&told.concat(), &plain, "image/png", &["EXIF", "GPS position", "text"]);
    }

    #[test]
    fn a_webp_loses_its_metadata_and_no_pixel() {
        let plain = picture(ImageFormat::WebP);
        let riff = |kind: &[u8; 4], body: &[u8]| {
            let mut chunk = [&kind[..], &(body.len() as u32).to_le_bytes(), body].concat();
            chunk.resize(chunk.len().next_multiple_of(2), 0);
            chunk
        };
        let header = riff(b"VP8X", &[0x0c, 0, 0, 0, 15, 0, 0, 7, 0, 0]);
        let mut told =
            [&plain[..12], &header, &plain[12..], &riff(b"EXIF", &exif()), &riff(b"XMP ", b"SECRET")]
                .concat();
        let length = told.len() as u32 - 8;
        told[4..8].copy_from_slice(&length.to_le_bytes());
        check(&told, &plain, "image/webp", &["EXIF", "GPS position", "XMP"]);
    }

    #[test]
    fn cut_and_changed_pictures_never_panic() {
        for (format, media_type) in [
            (ImageFormat::Jpeg, "image/jpeg"),
            (ImageFormat::Png, "image/png"),
            (ImageFormat::WebP, "image/webp"),
        ] {
            let bytes = picture(format);
            for at in 0..bytes.len() {
                without_metadata(&bytes[..at], media_type);
                let mut changed = bytes.clone();
                changed[at] = 0xff;
                without_metadata(&changed, media_type);
            }
        }
    }
}
