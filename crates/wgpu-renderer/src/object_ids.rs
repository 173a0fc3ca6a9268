//! Which object is seen at which pixel, and where in the world that point is.

use glam::{DMat4, UVec2, Vec2, Vec3};

/// A picture of object ids and depths. Not multisampled: every pixel belongs to one object.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectIdImage {
    pub(crate) size: UVec2,
    pub(crate) ids: Vec<u32>,
    pub(crate) depths: Vec<f32>,
    pub(crate) world_from_clip: DMat4,
}

impl ObjectIdImage {
    /// Set in the ids of what hangs on a draw's marked joints.
    pub const MARK: u32 = 1 << 31;

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
        Some(self.world_from_clip.project_point3(ndc.extend(depth).as_dvec3()).as_vec3())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reverse_z_perspective;

    #[test]
    fn a_pixel_leads_back_to_the_point_that_it_shows() {
        let clip_from_world = reverse_z_perspective(1.0, 2.0, 0.05)
            * glam::camera::rh::view::look_at_mat4(
                Vec3::new(40.0, 1.7, -3.0),
                Vec3::new(10.0, 0.0, 5.0),
                Vec3::Y,
            );
        let point = Vec3::new(12.0, 0.4, 4.0);
        let ndc = clip_from_world.project_point3(point);
        let size = UVec2::new(200, 100);
        let place = (Vec2::new(ndc.x, -ndc.y) * 0.5 + 0.5) * size.as_vec2();
        let pixel = place.as_uvec2();
        let index = (pixel.y * size.x + pixel.x) as usize;
        let (mut ids, mut depths) = (vec![0; 20_000], vec![0.0; 20_000]);
        (ids[index], depths[index]) = (7, ndc.z);
        let world_from_clip = clip_from_world.as_dmat4().inverse();
        let image = ObjectIdImage { size, ids, depths, world_from_clip };
        assert_eq!(image.id_at(pixel), 7);
        assert_eq!(image.pixels_of(7).collect::<Vec<_>>(), [pixel]);
        // Half a pixel at thirty metres is a few centimetres sideways.
        assert!(image.position_at(pixel).unwrap().distance(point) < 0.3);
        assert_eq!(image.position_at(UVec2::ZERO), None);
        assert_eq!((image.id_at(size), image.position_at(size)), (0, None));
    }
}
