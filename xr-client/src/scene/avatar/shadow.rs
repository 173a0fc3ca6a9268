//! The soft shadow where a figure touches the floor: a disc that fades to its rim, drawn over the floor.
//!
//! It must not know figures; it takes a body's place and posture.

use glam::{Mat4, Vec3, Vec4};
use std::f32::consts::TAU;
use venue_model::{BodyPose, Posture};
use wgpu_renderer::{
    AlphaMode, Draw, Gpu, MaterialData, MaterialId, MaterialKind, MeshData, MeshId, RenderError, Renderer,
};

/// So far above the floor that the two do not fight for the same depth, metres.
const ABOVE_FLOOR: f32 = 0.012;

/// Corners of each ring.
const SIDES: u32 = 24;

/// Rings from the middle out: share of the radius, and darkness.
const RINGS: [(f32, f32); 5] = [(0.22, 0.92), (0.42, 0.66), (0.62, 0.34), (0.82, 0.10), (1.0, 0.0)];

/// How dark it is below the feet, 0 to 1.
const DARKNESS: f32 = 0.62;

/// The disc on the GPU.
pub struct ContactShadow {
    mesh: MeshId,
    material: MaterialId,
}

impl ContactShadow {
    /// Uploads the disc.
    pub fn new(gpu: &Gpu, renderer: &mut Renderer) -> Result<Self, RenderError> {
        let (positions, colors, indices) = disc();
        let normals = vec![[0.0, 1.0, 0.0]; positions.len()];
        let data = MeshData {
            positions: &positions,
            normals: &normals,
            colors: &colors,
            indices: &indices,
            ..MeshData::default()
        };
        let material = MaterialData {
            kind: MaterialKind::Unlit,
            base_color: [0.0, 0.0, 0.0, 1.0],
            alpha: AlphaMode::Blend,
            ..MaterialData::default()
        };
        Ok(Self { mesh: renderer.add_mesh(gpu, &data)?, material: renderer.add_material(gpu, &material)? })
    }

    /// The shadow of a body: broader under a chair.
    pub fn draw(&self, body: &BodyPose) -> Draw {
        let is_seated = matches!(body.posture, Posture::Seated(_));
        let size = if is_seated { Vec3::new(0.50, 1.0, 0.58) } else { Vec3::new(0.40, 1.0, 0.34) };
        let root = body.building_from_root();
        let place = root.position + Vec3::Y * ABOVE_FLOOR;
        Draw {
            mesh: self.mesh,
            material: self.material,
            world_from_model: Mat4::from_scale_rotation_translation(size, root.orientation, place),
            tint: Vec4::new(1.0, 1.0, 1.0, DARKNESS),
            cover: wgpu_renderer::Cover::WHOLE,
            object_id: 0,
        }
    }
}

fn disc() -> (Vec<[f32; 3]>, Vec<[f32; 4]>, Vec<u32>) {
    let mut positions = vec![[0.0, 0.0, 0.0]];
    let mut colors = vec![[1.0, 1.0, 1.0, 1.0]];
    let mut indices = Vec::new();
    for (ring, (radius, dark)) in (0u32..).zip(RINGS) {
        for side in 0..SIDES {
            let angle = side as f32 / SIDES as f32 * TAU;
            positions.push([radius * angle.cos(), 0.0, -radius * angle.sin()]);
            colors.push([1.0, 1.0, 1.0, dark]);
            let next = (side + 1) % SIDES;
            let (a, b) = (1 + ring * SIDES + side, 1 + ring * SIDES + next);
            if ring == 0 {
                indices.extend([0, a, b]);
            } else {
                indices.extend([a - SIDES, a, b, a - SIDES, b, b - SIDES]);
            }
        }
    }
    (positions, colors, indices)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_disc_shows_its_face_upwards_and_ends_in_nothing() {
        let (positions, colors, indices) = disc();
        for corner in indices.chunks_exact(3) {
            let [a, b, c] = [corner[0], corner[1], corner[2]].map(|at| Vec3::from(positions[at as usize]));
            assert!((b - a).cross(c - a).y > 0.0, "{a} {b} {c}");
        }
        for (position, color) in positions.iter().zip(&colors) {
            let is_rim = Vec3::from(*position).length() > 0.99;
            assert_eq!(is_rim, color[3] == 0.0, "{position:?}");
        }
    }
}
