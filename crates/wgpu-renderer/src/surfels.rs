//! Points of scans: the caller's arrays, checked and laid out, and their buffer on the GPU.

use crate::culling::Aabb;
use crate::gpu_data::Surfel;
use crate::mesh::{empty_buffer, packed_normal, packed_root, write_part};
use crate::slots::SlotId;
use crate::{Gpu, RenderError};
use glam::Vec3;
use std::ops::Range;

/// The radius of points that bring none, metres.
const PLAIN_RADIUS: f32 = 0.01;

/// A cloud of surfels on the GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SurfelsId(pub(crate) SlotId<Surfels>);

/// Points as their maker describes them. Optional arrays are empty or as long as `positions`.
#[derive(Clone, Copy, Debug, Default)]
pub struct SurfelData<'a> {
    /// Metres in the model's frame.
    pub positions: &'a [[f32; 3]],
    /// Unit vectors across the discs; when empty, the discs face the viewer.
    pub normals: &'a [[f32; 3]],
    /// Linear colour, whose alpha is not used; when empty, white.
    pub colors: &'a [[f32; 4]],
    /// Half the size of each disc, metres; when empty, a centimetre.
    pub radii: &'a [f32],
}

impl SurfelData<'_> {
    fn check(&self) -> Result<(), RenderError> {
        let count = self.positions.len();
        let bad = |problem: String| Err(RenderError::InvalidMesh { problem });
        if count == 0 {
            return bad("it has no points".into());
        }
        let optional =
            [("normals", self.normals.len()), ("colours", self.colors.len()), ("radii", self.radii.len())];
        if let Some((name, found)) = optional.into_iter().find(|(_, found)| *found != 0 && *found != count) {
            return bad(format!("it has {count} points but {found} {name}"));
        }
        let numbers = self.positions.iter().flatten().chain(self.radii);
        match numbers.copied().all(f32::is_finite) && u32::try_from(count).is_ok() {
            true => Ok(()),
            false => bad("a position or a radius is not a finite number".into()),
        }
    }
}

/// Points laid out as the GPU reads them: made on any thread, uploaded in parts.
#[derive(Debug)]
pub struct PackedSurfels {
    surfels: Vec<Surfel>,
    bounds: Aabb,
}

impl PackedSurfels {
    /// Checks points and lays them out.
    ///
    /// # Errors
    /// The arrays do not fit together.
    pub fn new(data: &SurfelData<'_>) -> Result<Self, RenderError> {
        data.check()?;
        let surfel = |index: usize| {
            let radius = data.radii.get(index).copied().unwrap_or(PLAIN_RADIUS).max(0.0);
            let normal = data.normals.get(index).map_or([0; 4], |normal| {
                let [x, y, z, _] = packed_normal(*normal);
                [x, y, z, i16::MAX]
            });
            let color_root = data.colors.get(index).map_or([u8::MAX; 4], |color| color.map(packed_root));
            Surfel { position: data.positions[index], radius, normal, color_root }
        };
        let surfels: Vec<_> = (0..data.positions.len()).map(surfel).collect();
        let grow = |all: Aabb, s: &Surfel| all.with_sphere(Vec3::from(s.position), s.radius);
        let bounds = surfels.iter().fold(Aabb::EMPTY, grow);
        Ok(Self { surfels, bounds })
    }

    /// What it takes on the GPU.
    pub fn byte_len(&self) -> usize {
        size_of_val(self.surfels.as_slice())
    }
}

/// A cloud of surfels on the GPU.
#[derive(Debug)]
pub(crate) struct Surfels {
    pub(crate) buffer: wgpu::Buffer,
    pub(crate) count: u32,
    pub(crate) bounds: Aabb,
}

impl Surfels {
    /// Makes room; nothing is written yet.
    pub(crate) fn make_room(gpu: &Gpu, packed: &PackedSurfels) -> Result<Self, RenderError> {
        Ok(Self {
            buffer: empty_buffer(gpu, wgpu::BufferUsages::VERTEX, packed.byte_len())?,
            count: packed.surfels.len() as u32,
            bounds: packed.bounds,
        })
    }

    /// Writes a part of its bytes.
    pub(crate) fn write(
        &self,
        gpu: &Gpu,
        packed: &PackedSurfels,
        range: &Range<usize>,
    ) -> Result<(), RenderError> {
        write_part(gpu, &self.buffer, bytemuck::cast_slice(&packed.surfels), 0, range);
        gpu.check("uploading points")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_that_do_not_fit_together_say_why() {
        let good = SurfelData { positions: &[[0.0; 3]; 2], ..SurfelData::default() };
        assert_eq!(good.check(), Ok(()));
        let check = |data: SurfelData<'_>, expected: &str| {
            let error = PackedSurfels::new(&data).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(SurfelData::default(), "no points");
        check(SurfelData { radii: &[0.1], ..good }, "2 points but 1 radii");
        check(SurfelData { radii: &[0.1, f32::NAN], ..good }, "finite");
    }

    #[test]
    fn what_points_lack_is_filled_in() {
        let plain =
            PackedSurfels::new(&SurfelData { positions: &[[1.0, 2.0, 3.0]], ..SurfelData::default() });
        let plain = plain.unwrap();
        let surfel = plain.surfels[0];
        assert_eq!((surfel.radius, surfel.normal, surfel.color_root), (PLAIN_RADIUS, [0; 4], [255; 4]));
        assert_eq!((plain.bounds.min.x, plain.byte_len()), (0.99, 28));
        let full = SurfelData {
            positions: &[[0.0; 3]],
            normals: &[[0.0, 0.0, 2.0]],
            colors: &[[0.25, 1.0, 0.0, 1.0]],
            radii: &[0.5],
        };
        let surfel = PackedSurfels::new(&full).unwrap().surfels[0];
        assert_eq!((surfel.normal, surfel.color_root), ([0, 0, 32767, 32767], [128, 255, 0, 255]));
    }
}
