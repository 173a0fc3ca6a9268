//! Light on the floor around who talks in private: one bright ring around the own talk while it stands together, else one around
//! each of it; a dim ring at the feet of everybody else who is in some talk. Places that are kept for a talk have a frame.
//!
//! It must not know who talks with whom beyond what it is told, nor what is said.

use super::marker::ring;
use glam::{Mat4, Quat, Vec3, Vec4};
use venue_model::Bounds;
use wgpu_renderer::{
    Cover, Draw, Gpu, MaterialData, MaterialId, MaterialKind, MeshData, MeshId, RenderError, Renderer,
};

/// Who stands farther from the middle does not stand together, metres.
const TOGETHER_METRES: f32 = 3.5;

/// Between the outermost of a talk and its ring, metres.
const AROUND_METRES: f32 = 0.7;

/// Around one person alone, metres.
const ALONE_METRES: f32 = 0.55;

/// Above the floor, metres: neither flickers through it nor hides feet.
const ABOVE_FLOOR: f32 = 0.015;

/// The own talk's light, and that of others.
const OWN: Vec4 = Vec4::new(1.0, 0.62, 0.16, 1.0);
const OTHERS: Vec4 = Vec4::new(0.36, 0.27, 0.14, 1.0);

/// Mesh and material of the rings, and where they lie now.
pub struct TalkRings {
    mesh: MeshId,
    material: MaterialId,
    own: Vec<Vec3>,
    others: Vec<Vec3>,
    frame: MeshId,
    /// Places that are kept for talks, and whether for the own one.
    kept: Vec<(Bounds, bool)>,
}

impl TalkRings {
    /// Uploads the ring.
    pub fn new(gpu: &Gpu, renderer: &mut Renderer) -> Result<Self, RenderError> {
        let (positions, indices) = ring(0.965, 1.0);
        let mesh = renderer
            .add_mesh(gpu, &MeshData { positions: &positions, indices: &indices, ..MeshData::default() })?;
        let data = MaterialData { kind: MaterialKind::Unlit, double_sided: true, ..MaterialData::default() };
        let material = renderer.add_material(gpu, &data)?;
        let (positions, indices) = square();
        let frame = renderer
            .add_mesh(gpu, &MeshData { positions: &positions, indices: &indices, ..MeshData::default() })?;
        Ok(Self { mesh, material, own: Vec::new(), others: Vec::new(), frame, kept: Vec::new() })
    }

    /// Begins a frame.
    pub fn clear(&mut self) {
        self.own.clear();
        self.others.clear();
        self.kept.clear();
    }

    /// A place is kept for a talk, perhaps the own one.
    pub fn add_place(&mut self, bounds: Bounds, is_ours: bool) {
        self.kept.push((bounds, is_ours));
    }

    /// Somebody of the own talk, the person too, stands here.
    pub fn add_own(&mut self, root: Vec3) {
        self.own.push(root);
    }

    /// Somebody of another talk stands here.
    pub fn add_other(&mut self, root: Vec3) {
        self.others.push(root);
    }

    /// Appends the draws.
    pub fn append_draws(&self, draws: &mut Vec<Draw>) {
        for (bounds, is_ours) in &self.kept {
            let size = bounds.max - bounds.min;
            let middle = bounds.center();
            let scale = Vec3::new(size.x, 1.0, size.z);
            let place = Vec3::new(middle.x, bounds.min.y.max(middle.y - 3.0) + ABOVE_FLOOR, middle.z);
            draws.push(Draw {
                mesh: self.frame,
                material: self.material,
                world_from_model: Mat4::from_scale_rotation_translation(scale, Quat::IDENTITY, place),
                tint: if *is_ours { OWN } else { OTHERS },
                cover: Cover::WHOLE,
                object_id: 0,
            });
        }
        let mut add = |center: Vec3, radius: f32, tint: Vec4| {
            let scale = Vec3::new(radius, 1.0, radius);
            let place = center + Vec3::Y * ABOVE_FLOOR;
            draws.push(Draw {
                mesh: self.mesh,
                material: self.material,
                world_from_model: Mat4::from_scale_rotation_translation(scale, Quat::IDENTITY, place),
                tint,
                cover: Cover::WHOLE,
                object_id: 0,
            });
        };
        self.others.iter().for_each(|root| add(*root, ALONE_METRES, OTHERS));
        match circle_around(&self.own) {
            Some((center, radius)) => add(center, radius, OWN),
            None => self.own.iter().for_each(|root| add(*root, ALONE_METRES, OWN)),
        }
    }
}

/// A flat frame of one by one.
fn square() -> (Vec<[f32; 3]>, Vec<u32>) {
    let corners =
        |half: f32| [[-half, 0.0, -half], [half, 0.0, -half], [half, 0.0, half], [-half, 0.0, half]];
    let positions: Vec<_> = corners(0.5).into_iter().chain(corners(0.48)).collect();
    let side = |corner: u32| {
        let (a, b) = (corner, (corner + 1) % 4);
        [a, b, a + 4, a + 4, b, b + 4]
    };
    (positions, (0..4).flat_map(side).collect())
}

/// The circle around people who stand together on one floor: its middle and its radius.
fn circle_around(people: &[Vec3]) -> Option<(Vec3, f32)> {
    if people.len() < 2 {
        return None;
    }
    let center = people.iter().sum::<Vec3>() / people.len() as f32;
    let farthest = people.iter().map(|root| root.distance(center)).fold(0.0, f32::max);
    let is_level = people.iter().all(|root| (root.y - center.y).abs() < 0.3);
    (is_level && farthest <= TOGETHER_METRES).then_some((center, farthest + AROUND_METRES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_stands_together_is_encircled_and_who_is_apart_is_not() {
        let two = [Vec3::ZERO, Vec3::new(2.0, 0.0, 0.0)];
        let (center, radius) = circle_around(&two).unwrap();
        assert_eq!((center, radius), (Vec3::X, 1.0 + AROUND_METRES));
        assert_eq!(circle_around(&[Vec3::ZERO, Vec3::X * 9.0]), None, "too far apart");
        assert_eq!(circle_around(&[Vec3::ZERO, Vec3::Y * 3.0]), None, "on another storey");
        assert_eq!(circle_around(&two[..1]), None);
    }
}
