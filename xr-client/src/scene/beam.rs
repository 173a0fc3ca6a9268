//! What a hand points with: a thin rod from the hand, and a dot where it meets a panel.
//!
//! It must not know what is pointed at.

use glam::{Mat4, Quat, Vec3, Vec4};
use std::f32::consts::TAU;
use wgpu_renderer::{
    Cover, Draw, Gpu, MaterialData, MaterialId, MaterialKind, MeshData, MeshId, RenderError, Renderer,
};

/// Thickness of the rod, metres.
const RADIUS: f32 = 0.0016;

/// The rod begins so far before the hand, and ends so far before the dot, metres.
const BEFORE_HAND: f32 = 0.05;
const BEFORE_DOT: f32 = 0.01;

/// Half the dot's size for a metre from the eye, metres: 0.7° wide; a pressed dot is smaller.
const DOT: f32 = 0.0061;
const PRESSED_DOT: f32 = 0.0042;

/// Sides of the rod.
const SIDES: u32 = 6;

/// What is seen of a pointer, in the building.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeenBeam {
    /// The hand; none while a finger touches.
    pub from: Option<Vec3>,
    /// On the panel.
    pub to: Vec3,
    /// The eyes: the dot stands before the panel on their side, equally large from everywhere.
    pub eye: Vec3,
    /// Whether it presses.
    pub is_pressed: bool,
}

/// Meshes and materials of beams.
pub struct BeamMarker {
    rod: MeshId,
    dot: MeshId,
    material: MaterialId,
}

impl BeamMarker {
    /// Uploads them.
    pub fn new(gpu: &Gpu, renderer: &mut Renderer) -> Result<Self, RenderError> {
        let mut add = |(positions, indices): (Vec<[f32; 3]>, Vec<u32>)| {
            renderer
                .add_mesh(gpu, &MeshData { positions: &positions, indices: &indices, ..MeshData::default() })
        };
        let (rod, dot) = (add(rod())?, add(super::marker::octahedron())?);
        let data = MaterialData { kind: MaterialKind::Unlit, double_sided: true, ..MaterialData::default() };
        Ok(Self { rod, dot, material: renderer.add_material(gpu, &data)? })
    }

    /// Appends the draws.
    pub fn append_draws(&self, beam: &SeenBeam, draws: &mut Vec<Draw>) {
        let mut add = |mesh, world_from_model, tint| {
            draws.push(Draw {
                mesh,
                material: self.material,
                world_from_model,
                tint,
                cover: Cover::WHOLE,
                object_id: 0,
            });
        };
        let tint = match beam.is_pressed {
            true => Vec4::new(1.0, 1.0, 1.0, 1.0),
            false => Vec4::new(0.30, 0.65, 1.0, 1.0),
        };
        add(self.dot, dot_matrix(beam), tint);
        if let Some(matrix) = beam.from.and_then(|from| rod_matrix(from, beam.to)) {
            add(self.rod, matrix, tint);
        }
    }
}

fn dot_matrix(beam: &SeenBeam) -> Mat4 {
    let to_eye = beam.eye - beam.to;
    let radius = to_eye.length() * if beam.is_pressed { PRESSED_DOT } else { DOT };
    let place = beam.to + to_eye.normalize_or_zero() * radius;
    Mat4::from_scale_rotation_translation(Vec3::splat(radius), Quat::IDENTITY, place)
}

/// None when the hand is at the panel.
fn rod_matrix(from: Vec3, to: Vec3) -> Option<Mat4> {
    let length = from.distance(to) - BEFORE_HAND - BEFORE_DOT;
    let direction = (to - from).try_normalize().filter(|_| length > 0.0)?;
    let scale = Vec3::new(RADIUS, length, RADIUS);
    let rotation = Quat::from_rotation_arc(Vec3::Y, direction);
    Some(Mat4::from_scale_rotation_translation(scale, rotation, from + direction * BEFORE_HAND))
}

/// From the origin along +y, one long and two wide.
fn rod() -> (Vec<[f32; 3]>, Vec<u32>) {
    let mut positions = Vec::new();
    let mut indices = Vec::new();
    for side in 0..SIDES {
        let (sin, cos) = (side as f32 / SIDES as f32 * TAU).sin_cos();
        positions.extend([[cos, 0.0, sin], [cos, 1.0, sin]]);
        let (a, b) = (side * 2, (side + 1) % SIDES * 2);
        indices.extend([a, a + 1, b, b, a + 1, b + 1]);
    }
    (positions, indices)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rod_reaches_from_the_hand_nearly_to_the_dot() {
        let (from, to) = (Vec3::new(0.2, 1.0, 0.0), Vec3::new(0.0, 1.4, -1.0));
        let matrix = rod_matrix(from, to).unwrap();
        let length = from.distance(to);
        assert!((matrix.transform_point3(Vec3::ZERO).distance(from) - BEFORE_HAND).abs() < 1e-4);
        assert!((matrix.transform_point3(Vec3::Y).distance(from) - (length - BEFORE_DOT)).abs() < 1e-4);
        assert_eq!(rod_matrix(from, from + Vec3::X * 0.02), None);
    }

    #[test]
    fn the_dot_stands_before_the_panel_and_looks_equally_large_from_everywhere() {
        let angle = |metres: f32| {
            let beam = SeenBeam { from: None, to: Vec3::ZERO, eye: Vec3::Z * metres, is_pressed: false };
            let matrix = dot_matrix(&beam);
            let edge = matrix.transform_point3(Vec3::X);
            assert!(matrix.transform_point3(Vec3::NEG_Z).z >= -1e-6, "nothing of it is behind");
            edge.x / (metres - edge.z)
        };
        assert!((angle(0.5) - angle(3.0)).abs() < 1e-4);
    }
}
