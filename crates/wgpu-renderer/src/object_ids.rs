//! Which object is seen at which pixel, and where in the world that point is.

use glam::{Mat4, UVec2, Vec2, Vec3};

/// A picture of object ids and depths. Not multisampled: every pixel belongs to one object.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectIdImage {
    pub(crate) size: UVec2,
    pub(crate) ids: Vec<u32>,
    pub(crate) depths: Vec<f32>,
    pub(crate) world_from_clip: Mat4,
}

impl ObjectIdImage {
    /// Width and height in pixels.
    pub fn size(&self) -> UVec2 {
        self.size
    }

    /// The id of each pixel, first row first; 0 where nothing named is seen.
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }

    /// The id at a pixel; 0 outside of the picture.
    pub fn id_at(&self, pixel: UVec2) -> u32 {
        self.index(pixel).map_or(0, |index| self.ids[index])
    }

    /// Where in the world the surface at a pixel's middle is; none where the sky is seen.
    pub fn position_at(&self, pixel: UVec2) -> Option<Vec3> {
        let depth = self.depths[self.index(pixel)?];
        if depth <= 0.0 {
            return None;
        }
        let place = (pixel.as_vec2() + 0.5) / self.size.as_vec2();
        let ndc = Vec2::new(place.x * 2.0 - 1.0, 1.0 - place.y * 2.0);
        Some(self.world_from_clip.project_point3(ndc.extend(depth)))
    }

    /// The pixels that show `id`.
    pub fn pixels_of(&self, id: u32) -> impl Iterator<Item = UVec2> + '_ {
        let width = self.size.x as usize;
        let found = self.ids.iter().enumerate().filter(move |(_, seen)| **seen == id);
        found.map(move |(index, _)| UVec2::new((index % width) as u32, (index / width) as u32))
    }

    fn index(&self, pixel: UVec2) -> Option<usize> {
        if pixel.x >= self.size.x || pixel.y >= self.size.y {
            return None;
        }
        Some(pixel.y as usize * self.size.x as usize + pixel.x as usize)
    }
}
