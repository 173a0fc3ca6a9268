//! Where a jump would lead: a ring on the floor and an arc of dots to it.
//!
//! It must not know whether the jump is allowed; it shows what it is told.

use glam::{Mat4, Quat, Vec3, Vec4};
use std::f32::consts::TAU;
use venue_model::{ParticipantId, SeatId};
use wgpu_renderer::{
    Draw, Gpu, MaterialData, MaterialId, MaterialKind, MeshData, MeshId, RenderError, Renderer,
};

/// Dots of the arc.
const DOTS: usize = 18;

/// Segments of the ring.
const SEGMENTS: u32 = 40;

/// What a jump's target looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aim {
    /// The hand or the eyes that the arc starts from.
    pub from: Vec3,
    /// The floor point.
    pub to: Vec3,
    /// How high the arc rises above the straight line between both, metres.
    pub rise: f32,
    /// Whether one may jump there.
    pub is_allowed: bool,
    /// The seat that is meant instead of the floor.
    pub seat: Option<SeatId>,
    /// The person who is meant instead of either.
    pub person: Option<ParticipantId>,
    /// Which way one looks afterwards, radians about +y, where an arrow shall show it.
    pub facing: Option<f32>,
}

/// Meshes and materials of the marker.
pub struct Marker {
    ring: MeshId,
    arrow: MeshId,
    dot: MeshId,
    material: MaterialId,
}

impl Marker {
    /// Uploads the marker.
    pub fn new(gpu: &Gpu, renderer: &mut Renderer) -> Result<Self, RenderError> {
        let mut add = |(positions, indices): (Vec<[f32; 3]>, Vec<u32>)| {
            renderer
                .add_mesh(gpu, &MeshData { positions: &positions, indices: &indices, ..MeshData::default() })
        };
        let (ring, arrow, dot) = (add(ring(0.26, 0.34))?, add(arrow())?, add(octahedron())?);
        let data = MaterialData { kind: MaterialKind::Unlit, double_sided: true, ..MaterialData::default() };
        Ok(Self { ring, arrow, dot, material: renderer.add_material(gpu, &data)? })
    }

    /// Appends the draws.
    pub fn append_draws(&self, aim: &Aim, draws: &mut Vec<Draw>) {
        let tint = match aim.is_allowed {
            true => Vec4::new(0.10, 0.55, 1.0, 1.0),
            // Without a ring too: colour alone tells nothing.
            false => Vec4::new(0.80, 0.22, 0.06, 1.0),
        };
        let draw = |mesh: MeshId, world_from_model: Mat4| Draw {
            mesh,
            material: self.material,
            world_from_model,
            tint,
            cover: wgpu_renderer::Cover::WHOLE,
            object_id: 0,
        };
        let above = aim.to + Vec3::Y * 0.02;
        if aim.is_allowed {
            draws.push(draw(self.ring, Mat4::from_translation(above)));
        }
        if let Some(facing) = aim.facing {
            let turn = Quat::from_rotation_y(facing);
            draws.push(draw(self.arrow, Mat4::from_rotation_translation(turn, above)));
        }
        for dot in 1..DOTS {
            let place = arc(aim, dot as f32 / DOTS as f32);
            let matrix = Mat4::from_scale_rotation_translation(Vec3::splat(0.02), Quat::IDENTITY, place);
            draws.push(draw(self.dot, matrix));
        }
    }
}

/// A point of the arc, 0 at its start and 1 at its end.
pub fn arc(aim: &Aim, part: f32) -> Vec3 {
    aim.from.lerp(aim.to, part) + Vec3::Y * (aim.rise * 4.0 * part * (1.0 - part))
}

/// At the ring's outer edge, towards -z.
fn arrow() -> (Vec<[f32; 3]>, Vec<u32>) {
    (vec![[-0.13, 0.0, -0.38], [0.13, 0.0, -0.38], [0.0, 0.0, -0.56]], vec![0, 1, 2])
}

/// A flat ring between these radii, metres.
pub(super) fn ring(inner: f32, outer: f32) -> (Vec<[f32; 3]>, Vec<u32>) {
    let mut positions = Vec::new();
    let mut indices = Vec::new();
    for segment in 0..SEGMENTS {
        let (sin, cos) = (segment as f32 / SEGMENTS as f32 * TAU).sin_cos();
        for radius in [inner, outer] {
            positions.push([cos * radius, 0.0, sin * radius]);
        }
        let (a, b) = (segment * 2, (segment + 1) % SEGMENTS * 2);
        indices.extend([a, b, a + 1, a + 1, b, b + 1]);
    }
    (positions, indices)
}

/// One half high and wide.
pub(super) fn octahedron() -> (Vec<[f32; 3]>, Vec<u32>) {
    let positions = vec![
        [1.0, 0.0, 0.0],
        [-1.0, 0.0, 0.0],
        [0.0, 1.0, 0.0],
        [0.0, -1.0, 0.0],
        [0.0, 0.0, 1.0],
        [0.0, 0.0, -1.0],
    ];
    let indices = vec![0, 2, 4, 4, 2, 1, 1, 2, 5, 5, 2, 0, 4, 3, 0, 1, 3, 4, 5, 3, 1, 0, 3, 5];
    (positions, indices)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arc_starts_and_ends_where_it_should_and_rises_between() {
        let (from, to) = (Vec3::new(0.0, 1.6, 0.0), Vec3::new(0.0, 0.0, -4.0));
        let aim = Aim { from, to, rise: 0.9, is_allowed: true, seat: None, person: None, facing: None };
        assert!(arc(&aim, 0.0).distance(from) < 1e-6);
        assert!(arc(&aim, 1.0).distance(to) < 1e-6);
        assert!((arc(&aim, 0.5).y - 1.7).abs() < 1e-6);
    }
}
