//! Coloured triangles, collected for one mesh.
//!
//! It must not know what they mean.

use glam::{Quat, Vec3};
use std::f32::consts::TAU;
use venue_model::Bounds;
use wgpu_renderer::{Gpu, MeshData, MeshId, RenderError, Renderer};

/// Linear colour and alpha.
pub(super) type Color = [f32; 4];

/// Segments of a disc.
const SEGMENTS: u16 = 28;

/// Triangles that become one mesh.
#[derive(Debug, Default)]
pub(super) struct Builder {
    positions: Vec<[f32; 3]>,
    normals: Vec<[f32; 3]>,
    colors: Vec<Color>,
    indices: Vec<u32>,
}

impl Builder {
    pub(super) fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }

    /// A convex face, its corners in order.
    pub(super) fn face(&mut self, corners: impl IntoIterator<Item = Vec3>, color: Color) {
        let first = self.positions.len() as u32;
        for corner in corners {
            self.positions.push(corner.to_array());
            self.normals.push([0.0, 1.0, 0.0]);
            self.colors.push(color);
        }
        for corner in first + 2..self.positions.len() as u32 {
            self.indices.extend([first, corner - 1, corner]);
        }
    }

    /// A line that lies flat, as a ribbon of this width.
    pub(super) fn ribbon(&mut self, from: Vec3, to: Vec3, width: f32, color: Color) {
        let way = to - from;
        let aside = Vec3::new(-way.z, 0.0, way.x).normalize_or_zero() * width * 0.5;
        self.face([from - aside, from + aside, to + aside, to - aside], color);
    }

    /// A line that is seen from every side: two bands across each other.
    pub(super) fn bar(&mut self, from: Vec3, to: Vec3, width: f32, color: Color) {
        let (one, other) = (to - from).normalize_or(Vec3::Y).any_orthonormal_pair();
        for aside in [one, other].map(|aside| aside * width * 0.5) {
            self.face([from - aside, from + aside, to + aside, to - aside], color);
        }
    }

    /// The outline of corners in order.
    pub(super) fn frame(&mut self, corners: [Vec3; 4], width: f32, color: Color) {
        for at in 0..4 {
            self.bar(corners[at], corners[(at + 1) % 4], width, color);
        }
    }

    /// The edges of a box.
    pub(super) fn edges(&mut self, bounds: &Bounds, width: f32, color: Color) {
        let corner = |at: usize| {
            let pick = |axis: usize| if at & (1 << axis) == 0 { bounds.min[axis] } else { bounds.max[axis] };
            Vec3::new(pick(0), pick(1), pick(2))
        };
        for at in 0..8_usize {
            for axis in [1, 2, 4].into_iter().filter(|axis| at & axis == 0) {
                self.bar(corner(at), corner(at | axis), width, color);
            }
        }
    }

    /// A disc that lies flat, and its edge.
    pub(super) fn disc(&mut self, middle: Vec3, radius: f32, fill: Color, edge: Color) {
        let at = |segment: u16| {
            let (sin, cos) = (f32::from(segment) / f32::from(SEGMENTS) * TAU).sin_cos();
            middle + Vec3::new(cos, 0.0, sin) * radius
        };
        self.face((0..SEGMENTS).map(at), fill);
        for segment in 0..SEGMENTS {
            self.ribbon(at(segment), at(segment + 1), 0.03, edge);
        }
    }

    /// An arrow that lies flat and points the way that a place with this yaw faces.
    pub(super) fn arrow(&mut self, middle: Vec3, yaw: f32, length: f32, color: Color) {
        let turn = Quat::from_rotation_y(yaw);
        let at = |x: f32, z: f32| middle + turn * Vec3::new(x, 0.0, z) * length;
        self.face([at(0.0, -0.6), at(0.32, 0.1), at(-0.32, 0.1)], color);
        self.face([at(-0.12, 0.1), at(0.12, 0.1), at(0.12, 0.4), at(-0.12, 0.4)], color);
    }

    /// Uploads the mesh.
    pub(super) fn upload(&self, gpu: &Gpu, renderer: &mut Renderer) -> Result<MeshId, RenderError> {
        let Self { positions, normals, colors, indices } = self;
        renderer.add_mesh(gpu, &MeshData { positions, normals, colors, indices, ..MeshData::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_has_twelve_edges_and_a_face_a_fan() {
        let mut builder = Builder::default();
        builder.edges(&Bounds { min: Vec3::ZERO, max: Vec3::ONE }, 0.1, [1.0; 4]);
        assert_eq!(builder.indices.len(), 12 * 2 * 6);
        let mut builder = Builder::default();
        builder.face([Vec3::ZERO, Vec3::X, Vec3::ONE, Vec3::Y, Vec3::Z], [1.0; 4]);
        assert_eq!(builder.indices, [0, 1, 2, 0, 2, 3, 0, 3, 4]);
    }

    #[test]
    fn an_arrow_points_the_way_a_place_faces() {
        let mut builder = Builder::default();
        builder.arrow(Vec3::ZERO, 90_f32.to_radians(), 1.0, [1.0; 4]);
        let tip = Vec3::from(builder.positions[0]);
        assert!(tip.distance(Vec3::new(-0.6, 0.0, 0.0)) < 1e-6, "{tip}");
    }
}
