//! What a modeler's file says of a surface: names and colours. Guesses are made of both.

use crate::textures::Sources;
use crate::textures::atlas::Sheets;
use glam::{Vec2, Vec3};
use serde::{Deserialize, Serialize};
use venue_package::gltf::{Limits, decode_image};

/// Pixels of a picture's small copy along a side at most.
const SIDE: u32 = 128;

/// What surfaces are of: a material on a node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Surface {
    /// The material's name, then the node's, then those of the nodes above it.
    pub(crate) names: Vec<String>,
    /// Linear factor on all colours.
    pub(crate) color: Vec3,
    /// Whether the file says a colour at all.
    pub(crate) is_tinted: bool,
    /// Light passes through: 0 to 1, 1 is opaque.
    pub(crate) opacity: f32,
    /// Among the pictures.
    pub(crate) picture: Option<u32>,
    /// The material that the modeler gave it by name.
    pub(crate) said: Option<String>,
}

impl Default for Surface {
    fn default() -> Self {
        Self {
            names: Vec::new(),
            color: Vec3::ONE,
            is_tinted: false,
            opacity: 1.0,
            picture: None,
            said: None,
        }
    }
}

impl Surface {
    /// Linear colour at texture coordinates.
    pub(crate) fn color_at(&self, uv: Vec2, pictures: &Pictures) -> Vec3 {
        self.color * self.picture.map_or(Vec3::ONE, |at| pictures.color_at(at, uv))
    }
}

/// Small copies of pictures.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pictures {
    copies: Vec<Copy>,
}

#[derive(Clone, Debug, Default)]
struct Copy {
    width: u32,
    height: u32,
    /// Linear.
    colors: Vec<Vec3>,
}

impl Pictures {
    /// Small copies of a scan's pictures.
    pub(crate) fn of_sources(sources: &Sources, count: usize) -> std::io::Result<Self> {
        let copies = (0..count)
            .map(|at| {
                let [width, height] = sources.size(at as u16);
                let mut shrinking = Shrinking::new(width, height);
                sources.repaint(at as u16, &mut |y, row| {
                    shrinking.add(y as u32, row);
                    false
                })?;
                Ok(shrinking.finish())
            })
            .collect::<std::io::Result<_>>()?;
        Ok(Self { copies })
    }

    /// Puts the small copy of a packed picture; one that cannot be read is white.
    pub(crate) fn add(&mut self, bytes: &[u8], media_type: &str) -> u32 {
        let copy = decode_image(bytes, media_type, &Limits::IMPORT).map_or_else(
            |_| Copy::default(),
            |image| {
                let mut shrinking = Shrinking::new(image.width, image.height);
                let rows = image.rgba8.chunks_exact(image.width.max(1) as usize * 4);
                for (y, row) in (0..).zip(rows) {
                    shrinking.add(y, row.as_chunks::<4>().0);
                }
                shrinking.finish()
            },
        );
        self.copies.push(copy);
        self.copies.len() as u32 - 1
    }

    fn color_at(&self, at: u32, uv: Vec2) -> Vec3 {
        let Some(copy) = self.copies.get(at as usize) else { return Vec3::ONE };
        let pixel =
            |share: f32, size: u32| ((share.rem_euclid(1.0) * size as f32) as u32).min(size.max(1) - 1);
        let (x, y) = (pixel(uv.x, copy.width), pixel(uv.y, copy.height));
        copy.colors.get((y * copy.width + x) as usize).copied().unwrap_or(Vec3::ONE)
    }
}

/// A small copy that is being made, row by row.
struct Shrinking {
    from: [u32; 2],
    to: [u32; 2],
    sums: Vec<(Vec3, f32)>,
}

impl Shrinking {
    fn new(width: u32, height: u32) -> Self {
        let to = [width.min(SIDE), height.min(SIDE)];
        Self { from: [width, height], to, sums: vec![(Vec3::ZERO, 0.0); (to[0] * to[1]) as usize] }
    }

    fn add(&mut self, y: u32, row: &[[u8; 4]]) {
        let [width, height] = self.from;
        // A few pixels of each square tell its colour well enough.
        let step = (width / (SIDE * 4)).max(1);
        if y >= height || !y.is_multiple_of((height / (SIDE * 4)).max(1)) {
            return;
        }
        let line = u64::from(y) * u64::from(self.to[1]) / u64::from(height.max(1));
        for (x, &[r, g, b, _]) in row.iter().enumerate().step_by(step as usize) {
            let column = x as u64 * u64::from(self.to[0]) / u64::from(width.max(1));
            let at = (line * u64::from(self.to[0]) + column) as usize;
            if let Some((sum, count)) = self.sums.get_mut(at) {
                *sum += super::cells::linear([r, g, b]);
                *count += 1.0;
            }
        }
    }

    fn finish(self) -> Copy {
        let mean = |&(sum, count): &(Vec3, f32)| if count > 0.0 { sum / count } else { Vec3::ONE };
        Copy { width: self.to[0], height: self.to[1], colors: self.sums.iter().map(mean).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_copy_has_the_colours_of_its_picture() {
        let picture = image::RgbaImage::from_fn(700, 300, |x, _| {
            image::Rgba(if x < 350 { [255, 0, 0, 255] } else { [0, 0, 255, 255] })
        });
        let mut png = Vec::new();
        picture.write_to(&mut std::io::Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
        let mut pictures = Pictures::default();
        let at = pictures.add(&png, "image/png");
        let surface = Surface { color: Vec3::splat(0.5), picture: Some(at), ..Surface::default() };
        let check =
            |u: f32, expected: Vec3| assert_eq!(surface.color_at(Vec2::new(u, 0.3), &pictures), expected);
        check(0.2, Vec3::new(0.5, 0.0, 0.0));
        check(0.8, Vec3::new(0.0, 0.0, 0.5));
        check(-0.2, Vec3::new(0.0, 0.0, 0.5));
        let broken = pictures.add(b"no picture", "image/png");
        let surface = Surface { picture: Some(broken), ..surface };
        assert_eq!(surface.color_at(Vec2::ZERO, &pictures), Vec3::splat(0.5));
    }
}
