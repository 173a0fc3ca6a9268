//! The scan's own pictures, unpacked once onto the disk: a picture of 16,384 pixels a side takes a gigabyte in
//! memory, and a tile needs only a part of it.

use super::atlas::{Beyond, Sheets};
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

    /// Gives each row of a picture, top row first, to be changed; a row is written back if `change` says so.
    pub(crate) fn repaint(
        &self,
        sheet: u16,
        change: &mut dyn FnMut(usize, &mut [[u8; 4]]) -> bool,
    ) -> std::io::Result<()> {
        let Some(sheet) = self.sheets.get(usize::from(sheet)) else { return Ok(()) };
        let mut file = sheet.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut row = vec![[0; 4]; sheet.width as usize];
        for y in 0..sheet.height as usize {
            let start = SeekFrom::Start((y * row.len() * 4) as u64);
            file.seek(start)?;
            file.read_exact(row.as_flattened_mut())?;
            if change(y, &mut row) {
                file.seek(start)?;
                file.write_all(row.as_flattened())?;
            }
        }
        Ok(())
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

    fn read(&self, sheet: u16, part: [i64; 4], beyond: Beyond) -> std::io::Result<Picture> {
        let [left, top, width, height] = part;
        let Some(sheet) = self.sheets.get(usize::from(sheet)) else {
            return Ok(Picture::filled(width as u32, height as u32, [255; 4]));
        };
        let columns: Vec<usize> = (left..left + width).map(|x| beyond.pixel(x, sheet.width)).collect();
        let (first, last) =
            (columns.iter().min().copied().unwrap_or(0), columns.iter().max().copied().unwrap_or(0));
        let mut row = vec![[0_u8; 4]; last + 1 - first];
        let mut pixels = Vec::with_capacity(columns.len() * height as usize);
        let mut file = sheet.file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for y in top..top + height {
            let start = beyond.pixel(y, sheet.height) * sheet.width as usize + first;
            file.seek(SeekFrom::Start(start as u64 * 4))?;
            file.read_exact(row.as_flattened_mut())?;
            pixels.extend(columns.iter().map(|column| row[column - first]));
        }
        Ok(Picture { width: width as u32, height: height as u32, pixels })
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
        let check = |x: i64, y: i64, width: i64, height: i64, beyond: Beyond| {
            let read = sources.read(0, [x, y, width, height], beyond).unwrap();
            assert_eq!(read.pixels.len() as i64, width * height);
            for (at, pixel) in read.pixels.iter().enumerate() {
                let (dx, dy) = (at as i64 % width, at as i64 / width);
                assert_eq!(*pixel, [beyond.pixel(x + dx, 5) as u8, beyond.pixel(y + dy, 3) as u8, 7, 255]);
            }
        };
        check(1, 1, 3, 2, Beyond::Edge);
        check(-2, -1, 4, 5, Beyond::Again);
        check(-2, -1, 9, 5, Beyond::Edge);
        check(3, 0, 14, 1, Beyond::Again);
        assert_eq!((Beyond::Edge.pixel(-3, 5), Beyond::Again.pixel(-3, 5)), (0, 2));
        assert!(sources.add(b"no picture", "image/png", folder.path()).is_err());
    }
}
