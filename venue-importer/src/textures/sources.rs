//! The scan's own pictures, unpacked once onto the disk: a picture of 16,384 pixels a side takes a gigabyte in
//! memory, and a tile needs only a part of it.

use super::atlas::Sheets;
use super::picture::Picture;
use anyhow::{Context, Result};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Mutex;
use venue_package::gltf::{Limits, decode_image};

/// Source pictures.
#[derive(Debug, Default)]
pub struct Sources {
    sheets: Vec<Sheet>,
}

#[derive(Debug)]
struct Sheet {
    width: u32,
    height: u32,
    file: Mutex<File>,
}

impl Sources {
    /// Unpacks a picture into the folder; its number is that of the call.
    pub fn add(&mut self, bytes: &[u8], media_type: &str, folder: &Path) -> Result<u32> {
        let decoded = if media_type == "image/ktx2" {
            let image = decode_image(bytes, media_type, &Limits::IMPORT)?;
            image::DynamicImage::from(
                image::RgbaImage::from_raw(image.width, image.height, image.rgba8)
                    .context("a picture has fewer pixels than it says")?,
            )
        } else {
            decode(bytes)?
        };
        self.add_decoded(&decoded, folder)
    }

    fn add_decoded(&mut self, decoded: &image::DynamicImage, folder: &Path) -> Result<u32> {
        let number = self.sheets.len();
        let path = folder.join(format!("picture-{number}.rgba"));
        let file = File::options().read(true).write(true).create(true).truncate(true).open(&path);
        let file = file.with_context(|| format!("{} can not be written", path.display()))?;
        let (width, height) = (decoded.width(), decoded.height());
        let mut out = std::io::BufWriter::with_capacity(1 << 20, file);
        for y in 0..height {
            // Row by row, so that a large picture is not in memory twice.
            let row = decoded.crop_imm(0, y, width, 1).into_rgba8();
            out.write_all(row.as_raw())?;
        }
        let file = out.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        // On Unix an open file without a name goes by itself, also after a crash.
        if cfg!(unix) {
            std::fs::remove_file(&path)?;
        }
        self.sheets.push(Sheet { width, height, file: Mutex::new(file) });
        Ok(number as u32)
    }
}

fn decode(bytes: &[u8]) -> Result<image::DynamicImage> {
    let mut reader = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(Limits::IMPORT.picture_side);
    limits.max_image_height = Some(Limits::IMPORT.picture_side);
    limits.max_alloc = Some(Limits::IMPORT.picture_pixels * 4);
    reader.limits(limits);
    Ok(reader.decode()?)
}

impl Sheets for Sources {
    fn size(&self, sheet: u16) -> [u32; 2] {
        self.sheets.get(usize::from(sheet)).map_or([1, 1], |sheet| [sheet.width, sheet.height])
    }

    fn read(&self, sheet: u16, x: i64, y: i64, width: u32, height: u32) -> std::io::Result<Picture> {
        let Some(sheet) = self.sheets.get(usize::from(sheet)) else {
            return Ok(Picture::filled(width, height, [255; 4]));
        };
        let mut file = sheet.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut pixels = Vec::with_capacity(width as usize * height as usize);
        let (across, down) = (i64::from(sheet.width), i64::from(sheet.height));
        let mut row = Vec::new();
        for y in y..y + i64::from(height) {
            // One read spans the part of a row that lies inside of the picture; the rest repeats it.
            let first = x.rem_euclid(across);
            let inside = (across - first).min(i64::from(width));
            let mut fill = |from: i64, count: i64| -> std::io::Result<()> {
                row.resize(count as usize * 4, 0);
                file.seek(SeekFrom::Start(((y.rem_euclid(down) * across + from) * 4) as u64))?;
                file.read_exact(&mut row)?;
                pixels.extend_from_slice(bytemuck::cast_slice(&row));
                Ok(())
            };
            fill(first, inside)?;
            let mut left = i64::from(width) - inside;
            while left > 0 {
                let count = left.min(across);
                fill(0, count)?;
                left -= count;
            }
        }
        Ok(Picture { width, height, pixels })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_back_and_what_lies_beyond_repeats() {
        let folder = tempfile::tempdir().unwrap();
        let image = image::RgbImage::from_fn(5, 3, |x, y| image::Rgb([x as u8, y as u8, 7]));
        let mut png = Vec::new();
        image.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
        let mut sources = Sources::default();
        assert_eq!(sources.add(&png, "image/png", folder.path()).unwrap(), 0);
        assert_eq!(sources.size(0), [5, 3]);
        let check = |x: i64, y: i64, width: u32, height: u32| {
            let read = sources.read(0, x, y, width, height).unwrap();
            for (at, pixel) in read.pixels.iter().enumerate() {
                let (dx, dy) = (at as i64 % i64::from(width), at as i64 / i64::from(width));
                assert_eq!(*pixel, [(x + dx).rem_euclid(5) as u8, (y + dy).rem_euclid(3) as u8, 7, 255]);
            }
        };
        check(1, 1, 3, 2);
        check(-2, -1, 4, 5);
        check(3, 0, 14, 1);
        assert!(sources.add(b"no picture", "image/png", folder.path()).is_err());
    }
}
